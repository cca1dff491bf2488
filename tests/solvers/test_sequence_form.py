import numpy as np
import pytest

from bargain.errors import UnsupportedGameError
from bargain.games.extensive import ExtensiveForm
from bargain.games.tree import Chance, Decision, Outcome
from bargain.solvers.sequence_form import SequenceForm, ZeroSumSequenceForm
from reference.game_trees import one_card_poker, random_profile, random_tree, selten_horse

PLAYERS = ("P1", "P2")


@pytest.mark.parametrize("seed", range(8))
def test_plans_pay_what_the_behaviour_pays(seed):
    rng = np.random.default_rng(seed)
    game = ExtensiveForm(PLAYERS, random_tree(rng, PLAYERS, 4))
    form, profile = SequenceForm(game), random_profile(rng, game)
    plans = form.plans(profile)
    expected = game.expected_payoffs(profile)
    np.testing.assert_allclose(form.expected_payoffs(plans), expected, atol=1e-12)
    np.testing.assert_allclose(game.expected_payoffs(form.behaviour(plans)), expected, atol=1e-12)
    for player, plan in zip(PLAYERS, plans, strict=True):
        matrix, right = form.constraints(player)
        np.testing.assert_allclose(matrix @ plan[:, 0], right, atol=1e-12)
        assert len(form.sequences(player)) == len(plan)
        table = form.table(player)
        value = plans[0][:, 0] @ table @ plans[1][:, 0]
        assert value == pytest.approx(expected[PLAYERS.index(player), 0], abs=1e-12)


def test_poker_by_linear_programming():
    solution = ZeroSumSequenceForm().solve(ExtensiveForm(PLAYERS, one_card_poker()))
    (profile,) = solution.profiles(digits=9)
    assert profile["King"] == {"bet": 1.0}
    assert profile["Queen"]["bet"] == pytest.approx(1 / 3)
    assert profile["raised"]["call"] == pytest.approx(2 / 3)
    assert solution.payoffs[:, 0] == pytest.approx([1 / 3, -1 / 3])


def against(root):
    """The tree with what the first player wins taken from the second."""
    if isinstance(root, Outcome):
        return Outcome([root.payoffs[0], 1.0 - root.payoffs[0]])
    if isinstance(root, Chance):
        return Chance({name: (p, against(child)) for name, (p, child) in root.branches.items()})
    moves = {name: against(child) for name, child in root.actions.items()}
    return Decision(root.player, root.information_set, moves)


@pytest.mark.parametrize("seed", range(6))
def test_random_games_in_which_one_wins_what_the_other_loses(seed):
    rng = np.random.default_rng(50 + seed)
    game = ExtensiveForm(PLAYERS, against(random_tree(rng, PLAYERS, 4)))
    solution = ZeroSumSequenceForm().solve(game)
    assert solution.regret[0] <= 1e-9
    assert solution.payoffs.sum() == pytest.approx(1)


def test_other_games_are_refused():
    with pytest.raises(UnsupportedGameError, match="two players"):
        ZeroSumSequenceForm().solve(ExtensiveForm(("P1", "P2", "P3"), selten_horse()))
    root = Decision("P1", "h", {"a": Outcome([1, 1]), "b": Outcome([0, 0])})
    with pytest.raises(UnsupportedGameError, match="same constant"):
        ZeroSumSequenceForm().solve(ExtensiveForm(PLAYERS, root))
