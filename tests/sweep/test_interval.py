"""Wilson's interval against a published table and by simulation."""

import numpy as np
import pytest

from bargain.sweep.interval import wilson_interval


def test_newcombe_1998_table():
    # Newcombe (1998), Table I, method 3: 81/263, 15/148, 0/20, 1/29.
    expected = {
        (81, 263): (0.2553, 0.3662),
        (15, 148): (0.0624, 0.1605),
        (0, 20): (0.0, 0.1611),
        (1, 29): (0.0061, 0.1718),
    }
    for (count, draws), (low, high) in expected.items():
        found = wilson_interval(count, draws)
        assert found[0] == pytest.approx(low, abs=5e-5)
        assert found[1] == pytest.approx(high, abs=5e-5)


def test_it_stays_inside_and_contains_the_share():
    counts = np.arange(101)
    low, high = wilson_interval(counts, 100)
    assert (low >= 0).all()
    assert (high <= 1).all()
    assert (low <= counts / 100).all()
    assert (counts / 100 <= high).all()


def test_a_share_of_one_is_inside_for_any_number_of_draws():
    draws = np.arange(1, 3000)
    low, high = wilson_interval(draws, draws)
    assert (high == 1).all()
    assert (wilson_interval(0 * draws, draws)[0] == 0).all()
    assert (low < 1).all()


def test_a_higher_level_is_wider():
    narrow, wide = (wilson_interval(30, 100, level=level) for level in (0.9, 0.99))
    assert wide[0] < narrow[0] < narrow[1] < wide[1]
