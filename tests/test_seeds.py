import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError
from bargain.seeds import check_seed, generator

SEEDS = st.integers(0, 2**70)
ADDRESSES = st.lists(st.integers(0, 2**32 - 1), max_size=3)


@given(SEEDS, ADDRESSES)
def test_an_address_has_one_stream(seed, address):
    assert (generator(seed, *address).random(4) == generator(seed, *address).random(4)).all()


@given(SEEDS, st.lists(ADDRESSES, min_size=2, max_size=4, unique_by=tuple))
def test_different_addresses_have_different_streams(seed, addresses):
    streams = {tuple(generator(seed, *address).random(4)) for address in addresses}
    assert len(streams) == len(addresses)


def test_zero_is_a_seed_like_any_other():
    assert generator(0).random() == generator(0).random()
    assert generator(0).random() != generator(1).random()


def test_streams_do_not_touch_the_global_state():
    np.random.seed(1)  # noqa: NPY002 - the state that must stay untouched
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    generator(1, 2).random(10)
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_known_numbers():
    """Results are reproducible across machines and versions as long as these numbers stay."""
    assert generator(7, 3).random(2).tolist() == pytest.approx(KNOWN, rel=0, abs=0)


KNOWN = [0.0078281241283088, 0.0776125526682776]


@pytest.mark.parametrize("seed", [0, 7, np.int64(7), 2**80])
def test_seeds_that_are_accepted(seed):
    checked = check_seed(seed)
    assert checked == seed
    assert type(checked) is int


@pytest.mark.parametrize("seed", [-1, 1.0, "7", None, True, [1]])
def test_seeds_that_are_refused(seed):
    with pytest.raises(
        InvalidArgumentError, match=r"seed: a non-negative integer or a numpy Generator was expected, given"
    ) as caught:
        check_seed(seed)
    assert repr(seed) in str(caught.value)


def test_a_generator_gives_a_seed_and_moves_on():
    scenario = bg.load_scenario("gsomia")

    def seeds(number):
        rng = np.random.default_rng(number)
        return [scenario.task("2019-08 notice", seed=rng).seed for _ in range(3)]

    assert seeds(1) == seeds(1)
    assert len({*seeds(1), *seeds(2)}) == 6
