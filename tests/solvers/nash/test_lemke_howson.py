"""Paths of Lemke and Howson: each ends in an equilibrium, also where there are ties."""

import numpy as np
import pytest

from bargain.games.profiles import regrets
from bargain.solvers.nash import lemke_howson
from bargain.solvers.nash.exact import exact_equilibria
from bargain.solvers.nash.lemke_howson import some_equilibria
from bargain.solvers.solution import Status


def rows(found):
    return {tuple(column) for column in np.concatenate(found.strategies).T.round(8).tolist()}


@pytest.mark.parametrize("size", [(2, 2), (3, 5), (5, 3), (6, 6)])
@pytest.mark.parametrize("top", [2, 4, 1000])
def test_every_path_ends_in_an_equilibrium(size, top):
    for payoffs in np.random.default_rng([*size, top]).integers(0, top, size=(6, 2, *size)).astype(float):
        found = some_equilibria(payoffs)
        assert found.codes.tolist() == [Status.INCOMPLETE]
        assert len(rows(found)) == found.draw.size > 0
        every = np.repeat(payoffs[..., None], found.draw.size, axis=-1)
        assert regrets(every, found.strategies).max() < 1e-12 * top
        if top == 1000:
            assert rows(found) <= rows(exact_equilibria(payoffs))


def test_cycles_of_careless_ties():
    """Two games of quantecon's tests, on which rules that break ties by number go round for ever."""
    first = np.array([[[0, 0, 0], [0, 1, 1], [1, 1, 0]], [[1, 0, 1], [1, 1, 0], [0, 0, 2]]], dtype=float)
    order = [2, 0, 1]
    second = np.stack([first[0][:, order], first[1][order, :]])
    for payoffs in (first, second):
        found = some_equilibria(payoffs)
        assert (
            regrets(np.repeat(payoffs[..., None], found.draw.size, axis=-1), found.strategies).max() < 1e-12
        )


def test_a_large_game():
    payoffs = np.random.default_rng(1).normal(size=(2, 20, 20))
    found = some_equilibria(payoffs)
    assert found.draw.size > 1
    assert regrets(np.repeat(payoffs[..., None], found.draw.size, axis=-1), found.strategies).max() < 1e-12


def test_paths_that_are_too_long(monkeypatch):
    monkeypatch.setattr(lemke_howson, "_PIVOTS", 1)
    found = some_equilibria(np.array([[[1.0, -1], [-1, 1]], [[-1, 1], [1, -1]]]))
    assert found.codes.tolist() == [Status.FAILED]
    assert [own.shape for own in found.strategies] == [(2, 0), (2, 0)]
