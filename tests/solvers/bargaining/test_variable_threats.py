import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import UnsupportedGameError
from bargain.games.normal import NormalForm
from bargain.solvers.bargaining.variable_threats import variable_threats
from bargain.solvers.bargaining.zero_sum import zero_sum_value

SEEDS = st.integers(0, 2**32 - 1)


def two(payoffs):
    payoffs = np.asarray(payoffs, dtype=float)
    return NormalForm(
        {
            "row": [f"r{i}" for i in range(payoffs.shape[1])],
            "col": [f"c{i}" for i in range(payoffs.shape[2])],
        },
        payoffs,
    )


def test_known_case():
    found = variable_threats(two([[[2, -1], [0, 1]], [[1, 3], [4, 0]]]))
    assert abs(found.total[0] - 4) < 1e-12
    assert abs(found.advantage[0] + 1.5) < 1e-12
    assert np.abs(found.payoffs[:, 0] - [1.25, 2.75]).max() < 1e-12
    assert np.abs(found.threats[0][:, 0] - 0.5).max() < 1e-12
    assert found.outcome.tolist() == [2]


@given(SEEDS, st.integers(1, 4), st.integers(1, 4))
def test_a_zero_sum_value_is_guaranteed_from_both_sides(seed, rows, columns):
    rng = np.random.default_rng(seed)
    matrix = rng.integers(-3, 4, (rows, columns)) * rng.uniform(0.1, 100)
    value, row, column = zero_sum_value(matrix)
    size = np.abs(matrix).max() + 1e-9
    assert abs((row @ matrix).min() - value) < 1e-9 * size
    assert abs((matrix @ column).max() - value) < 1e-9 * size


@given(SEEDS, st.integers(1, 3), st.integers(1, 3))
def test_threats_and_shares(seed, rows, columns):
    game = two(np.random.default_rng(seed).normal(size=(2, rows, columns, 3)))
    found = variable_threats(game)
    assert np.abs(found.payoffs.sum(axis=0) - found.total).max() < 1e-12
    # The gain over the threat point is shared evenly, and nobody gets less than carrying threats out gives.
    gains = found.payoffs - found.disagreement
    assert np.abs(gains[0] - gains[1]).max() < 1e-9
    assert (gains > -1e-9).all()
    sums = game.payoffs.sum(axis=0).reshape(-1, 3)
    assert (found.total == sums.max(axis=0)).all()


@given(SEEDS)
def test_a_payment_moves_both_by_as_much(seed):
    """What is added to one player everywhere is shared in full by it: it is in its threats as well."""
    payoffs = np.random.default_rng(seed).normal(size=(2, 3, 2))
    before = variable_threats(two(payoffs)).payoffs[:, 0]
    payoffs[0] += 1.7
    after = variable_threats(two(payoffs)).payoffs[:, 0]
    assert np.abs(after - before - [1.7, 0]).max() < 1e-9


def test_players_who_change_places_change_payoffs():
    payoffs = np.random.default_rng(1).normal(size=(2, 3, 2))
    one = variable_threats(two(payoffs)).payoffs[:, 0]
    other = variable_threats(two(payoffs[::-1].transpose(0, 2, 1))).payoffs[:, 0]
    assert np.abs(one - other[::-1]).max() < 1e-9


def test_three_players_are_refused():
    with pytest.raises(UnsupportedGameError, match="two players"):
        variable_threats(NormalForm(dict.fromkeys("ABC", ("a", "b")), np.zeros((3, 2, 2, 2))))
