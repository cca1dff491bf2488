import itertools

import numpy as np
import pytest

from bargain.errors import UnsupportedGameError
from bargain.games.extensive import ExtensiveForm
from bargain.games.normal import NormalForm
from bargain.games.tree import Decision, Outcome
from bargain.solvers.backward_induction import BackwardInduction
from bargain.solvers.solution import Status, solve
from bargain.solvers.subgame_perfect import SubgamePerfect
from reference.game_trees import random_tree, selten_horse

PLAYERS = ("P1", "P2", "P3")


def every_subgame_perfect(game):
    """All pure profiles without a gain at any node, by trying them all."""
    sets = game.information_sets
    found = []
    for actions in itertools.product(*(range(len(one.actions)) for one in sets)):
        profile = {one.name: one.actions[action] for one, action in zip(sets, actions, strict=True)}
        if all(gain[0] <= 1e-12 for gain in game.one_shot_gains(profile).values()):
            found.append(actions)
    return found


def small_tree(rng):
    while True:
        game = ExtensiveForm(PLAYERS, random_tree(rng, PLAYERS, 3, perfect=True, whole=True))
        if 10 < np.prod([float(len(one.actions)) for one in game.information_sets]) < 500:
            return game


@pytest.mark.parametrize("seed", range(15))
def test_every_way_to_break_ties_is_listed_and_nothing_else(seed):
    rng = np.random.default_rng(seed)
    game = small_tree(rng)
    solution = BackwardInduction().solve(game)
    found = sorted(tuple(int(own[:, k].argmax()) for own in solution.behaviour) for k in range(len(solution)))
    expected = every_subgame_perfect(game)
    assert found == sorted(expected)
    assert solution.status[0] == (Status.SOLVED if len(expected) == 1 else Status.DEGENERATE)
    assert solution.regret.max() <= 1e-12


def staged(payoffs):
    """Three players one after the other, each seeing all, of two actions each."""

    def end(*actions):
        return Outcome(list(payoffs[(slice(None), *actions)]))

    def node(stage, past):
        following = {f"a{k}": end(*past, k) if stage == 2 else node(stage + 1, (*past, k)) for k in range(2)}
        return Decision(PLAYERS[stage], f"{PLAYERS[stage]} after {past}", following)

    return ExtensiveForm(PLAYERS, node(0, ()))


def test_all_draws_at_once_agree_with_the_stage_solver():
    payoffs = np.random.default_rng(3).normal(size=(3, 2, 2, 2, 500))
    solution = BackwardInduction().solve(staged(payoffs))
    actions = dict.fromkeys(PLAYERS, ("a0", "a1"))
    other = solve(NormalForm(actions, payoffs), SubgamePerfect([[player] for player in PLAYERS]))
    assert (solution.codes == Status.SOLVED).all()
    np.testing.assert_allclose(solution.payoffs, other.payoffs)
    np.testing.assert_allclose(solution.outcomes, other.outcomes)


def test_tied_and_untied_draws_stand_side_by_side():
    payoffs = np.random.default_rng(4).normal(size=(3, 2, 2, 2, 3))
    payoffs[2, 0, 0, :, 1] = 0.5  # P3 is indifferent after a0, a0 in the second draw
    solution = BackwardInduction().solve(staged(payoffs))
    assert solution.count.tolist() == [1, 2, 1]
    assert solution.draw.tolist() == [0, 1, 1, 2]
    assert [status.name for status in solution.status] == ["SOLVED", "DEGENERATE", "SOLVED"]
    assert list(solution.to_frame().index) == [(0, 0), (1, 0), (1, 1), (2, 0)]
    assert [profile["P3 after (0, 0)"] for profile in solution.profiles(1)] == [{"a0": 1.0}, {"a1": 1.0}]


def test_too_many_ties_are_cut_and_said():
    game = staged(np.zeros((3, 2, 2, 2)))
    assert BackwardInduction().solve(game).count[0] == 2**7
    deep = Outcome([0, 0])
    for level in range(14):
        deep = Decision("P1", f"level {level}", {"on": deep, "off": Outcome([0, 0])})
    cut = BackwardInduction().solve(ExtensiveForm(("P1", "P2"), deep))
    assert cut.status[0] == Status.INCOMPLETE
    assert 1000 < len(cut) <= 4096
    assert cut.regret.max() == 0


def test_hidden_moves_are_refused():
    with pytest.raises(UnsupportedGameError, match="cannot tell 'R/L' from 'L'"):
        BackwardInduction().solve(ExtensiveForm(PLAYERS, selten_horse()))
