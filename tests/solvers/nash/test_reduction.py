"""Elimination before solving: the same equilibria, with nothing left to solve where one action is left."""

import numpy as np
import pytest

from bargain.solvers.nash.bimatrix import bimatrix_equilibria
from bargain.solvers.nash.equilibria import Equilibria
from bargain.solvers.nash.general import general_equilibria
from bargain.solvers.nash.reduction import without_dominated
from bargain.solvers.solution import Status


def rows(found, draw):
    return np.unique(np.concatenate(found.strategies)[:, found.draw == draw].T.round(8), axis=0)


@pytest.mark.parametrize(("shape", "solve"), [((4, 4), bimatrix_equilibria), ((2, 3, 3), general_equilibria)])
def test_no_equilibrium_is_lost_or_made(shape, solve):
    payoffs = np.random.default_rng(5).normal(size=(len(shape), *shape, 30))
    sizes = []

    def counted(left):
        sizes.append(left.shape)
        if left.shape[0] == 1:
            best = left[0].argmax(axis=0)
            return Equilibria(
                np.arange(best.size), (np.eye(left.shape[1])[best].T,), np.zeros(best.size, np.int8)
            )
        return solve(left)

    found, whole = without_dominated(payoffs, counted), solve(payoffs)
    assert len(set(sizes)) > 2
    assert found.codes.tolist() == whole.codes.tolist()
    for draw in range(30):
        np.testing.assert_allclose(rows(found, draw), rows(whole, draw), atol=1e-7)


def test_draws_keep_their_places():
    dilemma = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])
    battle = np.array([[[2.0, 0], [0, 1]], [[1, 0], [0, 2]]])
    found = without_dominated(
        np.stack([dilemma, battle, dilemma[:, ::-1, ::-1]], axis=-1), bimatrix_equilibria
    )
    assert np.bincount(found.draw).tolist() == [1, 3, 1]
    np.testing.assert_array_equal(rows(found, 0), [[0, 1, 0, 1]])
    np.testing.assert_array_equal(rows(found, 2), [[1, 0, 1, 0]])
    assert found.codes.tolist() == [Status.SOLVED] * 3
