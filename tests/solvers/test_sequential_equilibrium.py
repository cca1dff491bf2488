import numpy as np
import pytest

from bargain.errors import InvalidArgumentError, UnknownNameError, UnsupportedGameError
from bargain.games.extensive import ExtensiveForm
from bargain.games.tree import Chance, Decision, Outcome
from bargain.solvers.sequential_equilibrium import check_sequential
from reference.game_trees import random_profile, random_tree, selten_horse

PLAYERS = ("P1", "P2", "P3")


def horse(right):
    return {"h1": "R", "h2": "R", "h3": {"R": right, "L": 1 - right}}


@pytest.mark.parametrize("right", [0, 0.01, 0.1, 0.25])
def test_in_seltens_horse_p3_turns_left_often_enough(right):
    # P3 is indifferent where the node after R/L is twice as likely.
    check = check_sequential(ExtensiveForm(PLAYERS, selten_horse()), horse(right), {"h3": [2 / 3, 1 / 3]})
    assert check.sequential


@pytest.mark.parametrize("right", [0.26, 0.5, 1])
@pytest.mark.parametrize("belief", [0, 0.5, 2 / 3, 1])
def test_in_seltens_horse_no_belief_supports_more(right, belief):
    game = ExtensiveForm(PLAYERS, selten_horse())
    check = check_sequential(game, horse(right), {"h3": [belief, 1 - belief]})
    assert check.consistent
    assert not check.rational


def test_the_imperfect_equilibrium_of_the_horse_fails():
    # (L, R, R): P2, never asked, would gain by turning left.
    profile = {"h1": "L", "h2": "R", "h3": "R"}
    check = check_sequential(ExtensiveForm(PLAYERS, selten_horse()), profile)
    assert check.consistent
    assert check.gains.tolist() == pytest.approx([0, 3, 0])
    assert "gain is 3" in repr(check)
    assert check.to_frame().loc[("P2", "h2", "R"), "gain"] == pytest.approx(3)


@pytest.mark.parametrize("seed", range(15))
def test_beliefs_that_trembles_yield_are_consistent_and_found_again(seed):
    rng = np.random.default_rng(seed)
    game = ExtensiveForm(PLAYERS, random_tree(rng, PLAYERS, 4))
    profile = random_profile(rng, game)
    tiny = {}
    for name, weights in profile.items():
        trembles = rng.uniform(0.5, 2, len(weights)) * 1e-9 ** rng.integers(1, 3, len(weights))
        mixed = np.where(weights > 0, weights, trembles)
        tiny[name] = mixed / mixed.sum()
    believed = {}
    for name, belief in game.beliefs(tiny).items():
        limit = np.where(belief[:, 0] > 1e-5, belief[:, 0], 0)
        believed[name] = limit / limit.sum()
    check = check_sequential(game, profile, believed, tolerance=1e-6)
    assert check.consistent
    for name, belief in game.beliefs(check.trembling(1e-7)).items():
        np.testing.assert_allclose(belief[:, 0], believed[name], atol=1e-4)


def twins():
    """P1 does not move to either set of P2 and P3, who must hold the same view of its mistakes."""

    def pair(player, name):
        return Decision(player, name, {"x": Outcome([0, 1, 0]), "y": Outcome([0, 0, 1])})

    def which(action):
        return Chance({"P2": (0.5, pair("P2", "two")), "P3": (0.5, pair("P3", "three"))})

    return ExtensiveForm(
        PLAYERS, Decision("P1", "one", {"out": Outcome([1, 0, 0]), "a": which("a"), "b": which("b")})
    )


def test_two_players_cannot_explain_the_same_mistake_differently():
    profile = {"one": "out", "two": "x", "three": "y"}
    same = check_sequential(twins(), profile, {"two": [0.3, 0.7], "three": [0.3, 0.7]})
    assert same.sequential
    other = check_sequential(twins(), profile, {"two": [0.3, 0.7], "three": [0.6, 0.4]})
    assert other.rational
    assert not other.consistent
    orders = check_sequential(twins(), profile, {"two": [1, 0], "three": [0, 1]})
    assert not orders.consistent
    with pytest.raises(InvalidArgumentError, match="no mistakes"):
        orders.trembling(0.1)


def test_beliefs_against_bayes_are_not_consistent():
    game = ExtensiveForm(PLAYERS, selten_horse())
    profile = {"h1": {"R": 0.5, "L": 0.5}, "h2": {"R": 0.5, "L": 0.5}, "h3": "L"}
    assert check_sequential(game, profile).consistent
    assert not check_sequential(game, profile, {"h3": [0.5, 0.5]}).consistent


def test_what_cannot_be_checked_is_told():
    game = ExtensiveForm(PLAYERS, selten_horse())
    with pytest.raises(InvalidArgumentError, match="beliefs at 'h3' are needed"):
        check_sequential(game, horse(0))
    with pytest.raises(InvalidArgumentError, match="single draw"):
        check_sequential(ExtensiveForm(PLAYERS, selten_horse(draws=2)), horse(0))
    never = Chance({"a": (0.0, Outcome([0])), "b": (1.0, Decision("P1", "h", {"x": Outcome([0])}))})
    with pytest.raises(UnsupportedGameError, match="every branch"):
        check_sequential(ExtensiveForm(("P1",), never), {})


def test_beliefs_by_the_names_of_nodes():
    game = ExtensiveForm(PLAYERS, selten_horse())
    nodes = game.information_sets[[one.name for one in game.information_sets].index("h3")].histories
    plain = check_sequential(game, horse(0), {"h3": [0.25, 0.75]})
    named = check_sequential(game, horse(0), {"h3": {nodes[1]: 0.75, nodes[0]: 0.25}})
    assert [part.tolist() for part in named.beliefs] == [part.tolist() for part in plain.beliefs]
    sure = check_sequential(game, horse(0), {"h3": {nodes[0]: 1}})
    assert sure.beliefs[-1].tolist() == [1, 0]
    with pytest.raises(UnknownNameError, match="unknown node of 'h3'"):
        check_sequential(game, horse(0), {"h3": {"Q": 1}})
    right = check_sequential(game, horse(0), {"h3": {"R": 1}}).beliefs[-1]  # the node behind a first R
    assert right.tolist() == [float(node.startswith("R")) for node in nodes]
    with pytest.raises(InvalidArgumentError, match="numbers were expected"):
        check_sequential(game, horse(0), {"h3": {nodes[0]: "sure"}})
