"""Small games, solved for second opinions, against the solver of sweeps."""

import itertools

import numpy as np
import pytest

import bargain as bg
from bargain.scenarios.kinds.small_game import small_equilibria


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 2, 2), (3, 2, 2), (2, 3, 2), (2, 1, 2, 3)])
def test_the_equilibria_are_those_of_all_nash(shape):
    payoffs = np.random.default_rng(len(shape)).normal(size=(len(shape), *shape, 60))
    labels = {f"P{i}": [f"{i}{k}" for k in range(size)] for i, size in enumerate(shape)}
    solved = bg.solve(bg.NormalForm(labels, payoffs), bg.AllNash())
    actions = [range(size) for size in shape]
    outcomes = list(itertools.product(*actions))
    for draw in range(60):
        worth = {outcome: payoffs[(slice(None), *outcome, draw)].tolist() for outcome in outcomes}
        found = small_equilibria(actions, worth)
        theirs = sorted(solved.outcomes[:, solved.draw == draw].T.round(6).tolist())
        ours = sorted([round(chances.get(outcome, 0.0), 6) for outcome in outcomes] for chances in found)
        np.testing.assert_allclose(ours, theirs, atol=3e-6)


def test_what_is_always_worse_is_not_played_and_larger_games_are_left_alone():
    prisoners = {("C", "C"): (3, 3), ("C", "D"): (0, 5), ("D", "C"): (5, 0), ("D", "D"): (1, 1)}
    assert small_equilibria([("C", "D")] * 2, prisoners) == [{("D", "D"): 1.0}]
    wheel = {
        places: [float((places[i] - places[(i + 1) % 3]) % 3 == 1) for i in range(3)]
        for places in itertools.product(range(3), repeat=3)
    }
    assert small_equilibria([range(3)] * 3, wheel) is None
