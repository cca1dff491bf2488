"""The game tree: every move a line, the path of play thick, information sets joined."""

import numpy as np
import pytest

import bargain as bg
from bargain.plots.game_tree import game_tree
from bargain.solvers.behaviour_solution import BehaviourSolution

THREAT = bg.ThreatGame(
    prior=0.2, prize=3, audience_cost=2, concession_cost=1.2, loss=3, carrying_out=0.5
).to_extensive()


def entry(fight=-1.0):
    return bg.ExtensiveForm(
        ("entrant", "incumbent"),
        bg.Decision("entrant", "market", {
            "stay out": bg.Outcome([0, 2]),
            "enter": bg.Decision(
                "incumbent", "entered", {"fight": bg.Outcome([-1, fight]), "share": bg.Outcome([1, 1], name="duopoly")}
            ),
        }),
    )  # fmt: skip


def weights(ax):
    """Thickness of the line that leads to each move's name."""
    lines = {
        round(float(line.get_ydata()[-1]), 6): line.get_linewidth()
        for line in ax.lines
        if len(line.get_xdata()) == 3
    }
    return {
        text.get_text(): lines[round(text.get_position()[1] + 0.06, 6)]
        for text in ax.texts[:-1]
        if text.get_va() == "bottom"
    }


def test_the_path_of_play_is_thick_and_what_is_done_off_it_less_so():
    assert weights(game_tree(entry())) == {"stay out": 0.7, "enter": 3.2, "fight": 0.7, "share": 3.2}
    assert weights(game_tree(entry(fight=5.0))) == {"stay out": 3.2, "enter": 0.7, "fight": 1.4, "share": 0.7}


def test_payoffs_and_names_stand_at_the_ends():
    words = {text.get_text() for text in game_tree(entry()).texts}
    assert {"(0, 2)", "(\N{MINUS SIGN}1, \N{MINUS SIGN}1)", "(1, 1)  duopoly"} <= words


def test_information_sets_are_joined_and_nothing_is_solved_where_they_matter():
    ax = game_tree(THREAT)
    joints = [text for text in ax.texts if text.get_text() == "" and text.arrow_patch is not None]
    assert len(joints) == 1
    assert set(weights(ax).values()) == {0.7}
    assert "no equilibrium is drawn" in ax.texts[-1].get_text().replace("\n", " ")


def test_probabilities_of_chance_and_of_mixed_actions_are_written():
    profile = {"tough": "threaten", "weak": {"threaten": 0.375, "stay silent": 0.625},
               "threatened": {"concede": 0.4, "resist": 0.6}, "tough, resisted": "carry out"}  # fmt: skip
    solution = BehaviourSolution.of(
        THREAT, bg.PerfectBayesian(), np.array([0]), THREAT.behaviour(profile), np.zeros(1, dtype=np.int8)
    )
    assert solution.regret[0] < 1e-12
    for drawn in (solution, profile):
        words = {text.get_text() for text in game_tree(THREAT, solution=drawn).texts}
        assert {
            "tough (0.2)",
            "weak (0.8)",
            "threaten",
            "threaten (0.38)",
            "concede (0.4)",
            "back down",
        } <= words


def test_any_equilibrium_of_a_draw_can_be_drawn():
    game = entry(fight=1.0)  # the incumbent is indifferent
    solution = bg.BackwardInduction().solve(game)
    assert len(solution) == 2
    chosen = [weights(game_tree(game, solution=solution, equilibrium=number))["enter"] for number in (0, 1)]
    assert chosen == [0.7, 3.2]


def test_wrong_use():
    with pytest.raises(bg.errors.InvalidArgumentError, match="one of 1 equilibria"):
        game_tree(entry(), solution=bg.BackwardInduction().solve(entry()), equilibrium=1)
    with pytest.raises(bg.errors.InvalidArgumentError, match="solution"):
        game_tree(THREAT, solution=bg.BackwardInduction().solve(entry()))
    many = bg.Decision("A", "one", {f"a{k}": bg.Outcome([k]) for k in range(65)})
    with pytest.raises(bg.errors.UnsupportedGameError, match="at most 64"):
        game_tree(bg.ExtensiveForm(("A",), many))
