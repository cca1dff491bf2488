"""Equilibria in exact arithmetic: against fractions, against the batched method, and where that gives up."""

import numpy as np
import pytest

from bargain.games.profiles import regrets
from bargain.solvers.nash import exact
from bargain.solvers.nash.bimatrix import bimatrix_equilibria
from bargain.solvers.nash.exact import exact_equilibria
from bargain.solvers.solution import Status
from reference.bimatrix_supports import extreme_equilibria, is_degenerate


def von_stengel():
    """Gambit's contrib/games/stengel.nfg, after [vonStengel1999]_: 75 equilibria, the most known of a 6x6 game."""
    return np.array(
        [
            [
                [9504, -660, 19976, -20526, 1776, -8976],
                [-111771, 31680, -130944, 168124, -8514, 52764],
                [397584, -113850, 451176, -586476, 29216, -178761],
                [171204, -45936, 208626, -263076, 14124, -84436],
                [1303104, -453420, 1227336, -1718376, 72336, -461736],
                [737154, -227040, 774576, -1039236, 48081, -300036],
            ],
            [
                [72336, 48081, 29216, 14124, 1776, -8514],
                [-461736, -300036, -178761, -84436, -8976, 52764],
                [1227336, 774576, 451176, 208626, 19976, -130944],
                [-1718376, -1039236, -586476, -263076, -20526, 168124],
                [1303104, 737154, 397584, 171204, 9504, -111771],
                [-453420, -227040, -113850, -45936, -660, 31680],
            ],
        ],
        dtype=float,
    )


def columns(found):
    return np.unique(np.concatenate(found.strategies).T.round(9), axis=0)


@pytest.mark.parametrize("size", [(1, 1), (1, 3), (3, 1), (2, 2), (2, 3), (4, 2), (3, 3), (4, 4)])
@pytest.mark.parametrize("top", [2, 4, 1000])
def test_the_extreme_equilibria_in_fractions(size, top):
    rng = np.random.default_rng([*size, top])
    for payoffs in rng.integers(0, top, size=(8, 2, *size)).astype(float):
        found = exact_equilibria(payoffs)
        pairs = extreme_equilibria(*payoffs.tolist())
        expected = np.array([[float(weight) for strategy in pair for weight in strategy] for pair in pairs])
        assert len(columns(found)) == found.draw.size
        np.testing.assert_allclose(columns(found), np.unique(expected.round(9), axis=0), atol=1e-9)
        degenerate = is_degenerate(*payoffs.tolist())
        if not degenerate:
            assert found.codes.tolist() == [Status.SOLVED]
            assert found.draw.size % 2 == 1
        if found.draw.size % 2 == 0:
            assert found.codes.tolist() == [Status.DEGENERATE]


def test_the_same_as_by_signs_of_determinants():
    payoffs = np.random.default_rng(3).normal(size=(2, 6, 5, 10))
    batch = bimatrix_equilibria(payoffs)
    for draw in range(10):
        found = exact_equilibria(payoffs[..., draw])
        ours = np.concatenate(batch.strategies)[:, batch.draw == draw]
        np.testing.assert_allclose(columns(found), np.unique(ours.T.round(9), axis=0), atol=1e-8)


def test_von_stengel_s_game_which_rounding_hides():
    table = von_stengel()
    found = exact_equilibria(table)
    assert found.draw.size == 75
    assert found.codes.tolist() == [Status.SOLVED]
    regret = regrets(np.repeat(table[..., None], 75, axis=-1), found.strategies).max()
    assert regret < 1e-12 * np.ptp(table)
    batch = bimatrix_equilibria(np.repeat(table[..., None], 2, axis=-1))
    assert np.bincount(batch.draw).tolist() == [75, 75]
    assert batch.codes.tolist() == [Status.SOLVED] * 2


def test_decimals_that_differ_by_rounding_are_ties():
    assert 0.1 + 0.2 != 0.3
    found = exact_equilibria(np.array([[[0.1 + 0.2, 0.3], [0.3, 0.1 + 0.2]], [[1.0, 0.0], [0.0, 1.0]]]))
    assert found.codes.tolist() == [Status.DEGENERATE]
    third = exact_equilibria(np.array([[[1 / 3, 0.0], [0.0, 2 / 3]], [[1.0, 0.0], [0.0, 1.0]]]))
    mixed = third.strategies[1][0][(third.strategies[1][0] % 1) > 0]
    assert mixed.tolist() == [2 / 3]


def test_payoffs_of_all_magnitudes():
    table = np.array([[1e-200, 3e-201], [2e-201, 1e-200]])
    found = exact_equilibria(np.stack([table, table * 1e300]))
    assert found.draw.size == 3


@pytest.mark.parametrize("size", [9, 10])
def test_coordination(size):
    assert exact_equilibria(np.stack([np.eye(size)] * 2)).draw.size == 2**size - 1


def test_too_many_vertices_are_no_answer(monkeypatch):
    monkeypatch.setattr(exact, "_RAYS", 20)
    found = exact_equilibria(np.random.default_rng(0).normal(size=(2, 8, 8)))
    assert found.codes.tolist() == [Status.FAILED]
    assert found.draw.size == 0
    assert [own.shape for own in found.strategies] == [(8, 0), (8, 0)]
