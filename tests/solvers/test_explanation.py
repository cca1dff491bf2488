"""Equilibria in words."""

import re
from dataclasses import dataclass

import numpy as np
import pytest

from bargain.errors import InvalidArgumentError
from bargain.games.normal import NormalForm
from bargain.solvers.bimatrix_nash import BimatrixNash
from bargain.solvers.explanation import explain
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solution, Status
from bargain.solvers.subgame_perfect import SubgamePerfect

CHICKEN = NormalForm(
    {"north": ("swerve", "straight"), "south": ("swerve", "straight")}, [[[6, 2], [7, 0]], [[6, 7], [2, 0]]]
)


@dataclass(frozen=True)
class Given:
    """A solver that returns what it was given."""

    strategies: tuple
    outcomes: tuple | None = None
    code: int = Status.SOLVED

    def solve(self, game):
        columns = [np.array(strategy)[:, None] for strategy in self.strategies]
        codes = np.array([self.code], dtype=np.int8)
        solution = Solution.of(game, self, np.zeros(1, dtype=int), columns, codes)
        if self.outcomes is None:
            return solution
        outcomes = np.array(self.outcomes)[:, None]
        payoffs = game.payoffs.reshape(len(columns), -1) @ outcomes
        joint = (payoffs, outcomes)
        return Solution(game, self, solution.draw, solution.strategies, np.zeros(1), codes, joint)


def pact(payoffs_of_rok):
    table = np.zeros((2, 3, 2))
    table[0, :, 0] = payoffs_of_rok
    table[0, :, 1] = -10
    table[1, :, 0] = 1
    return NormalForm({"ROK": ("renew", "suspend", "terminate"), "JPN": ("maintain", "relax")}, table)


def test_a_pure_equilibrium():
    assert explain(PureNash().solve(pact([1.0, 2.35, -0.333]))) == (
        "Equilibrium: ROK suspend, JPN maintain\n"
        "  ROK plays suspend; renew would cost it 1.35, terminate 2.68.\n"
        "  JPN plays maintain; relax would cost it 1."
    )


def test_every_loss_is_what_the_payoffs_say():
    rng = np.random.default_rng(0)
    game = NormalForm(
        {"one": ("a0", "a1", "a2"), "other": ("b0", "b1"), "third": ("c0", "c1", "c2", "c3")},
        rng.integers(0, 90, size=(3, 3, 2, 4, 20)),
    )
    solution = PureNash().solve(game)
    seen = 0
    for draw in np.unique(solution.draw):
        paragraphs = explain(solution, int(draw)).split("\n\n")
        chosen = [
            tuple(next(iter(strategy)) for strategy in profile.values())
            for profile in solution.profiles(int(draw))
        ]
        assert len(paragraphs) == len(chosen)
        for paragraph, outcome in zip(paragraphs, chosen, strict=True):
            _, *lines = paragraph.splitlines()
            for player, line in enumerate(lines):
                at = [game.labels.actions[k].index(action) for k, action in enumerate(outcome)]
                told = dict(re.findall(r"(\w\d) (?:would cost it )?(\d+)", line))
                for k, action in enumerate(game.labels.actions[player]):
                    there = [*at[:player], k, *at[player + 1 :]]
                    loss = game.payoffs[(player, *at, draw)] - game.payoffs[(player, *there, draw)]
                    if loss:
                        seen += 1
                        assert float(told.pop(action)) == loss
                    else:
                        assert action in line
                assert not told
    assert seen > 50


def test_ties_and_players_without_a_choice():
    game = NormalForm(
        {"ROK": ("renew", "suspend", "terminate", "wait"), "JPN": ("relax",)},
        [[[2], [2], [0.5], [2]], [[0], [0], [0], [0]]],
    )
    assert explain(PureNash().solve(game)).split("\n\n")[1].splitlines() == [
        "Equilibrium 2 of 3: ROK suspend, JPN relax",
        "  ROK plays suspend; terminate would cost it 1.5; renew and wait would be as good.",
        "  JPN has only relax.",
    ]


def test_a_mixed_equilibrium():
    game = NormalForm(
        {"row": ("heads", "tails", "pass"), "column": ("heads", "tails")},
        [[[3, 0], [0, 1], [0.5, 0.5]], [[0, 1], [1, 0], [0, 0.1]]],
    )
    assert explain(BimatrixNash().solve(game)).splitlines() == [
        "Equilibrium: row heads (0.5) or tails (0.5), column heads (0.25) or tails (0.75)",
        "  row plays heads (0.5) or tails (0.5), equally good for it; pass would cost it 0.25.",
        "  column plays heads (0.25) or tails (0.75), equally good for it.",
    ]


def test_players_who_err_could_gain():
    told = explain(Given(((0.75, 0.25), (0.5, 0.5))).solve(CHICKEN))
    # Against one half each, swerve is worth 4 and straight 3.5; the mixture 3.875.
    assert told.splitlines()[1] == (
        "  north plays swerve (0.75) or straight (0.25); compared with that mixture swerve would gain it 0.125;"
        " straight would cost it 0.375."
    )


def test_no_equilibrium_and_statuses():
    pennies = NormalForm({"row": ("h", "t"), "column": ("h", "t")}, [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    assert explain(PureNash().solve(pennies)) == f"No equilibrium. {Status.NONE.sentence}"
    given = Given(((1.0, 0.0), (0.0, 1.0)), code=Status.INCOMPLETE).solve(CHICKEN)
    assert explain(given).split("\n\n")[0] == Status.INCOMPLETE.sentence
    assert "Equilibrium: north swerve, south straight" in explain(given)


def test_each_draw_has_its_own_explanation():
    game = NormalForm(CHICKEN.actions, np.concatenate([CHICKEN.payoffs, 2 * CHICKEN.payoffs], axis=-1))
    solution = PureNash().solve(game)
    first, second = explain(solution), explain(solution, 1)
    assert "straight would cost it 2." not in second
    assert first.replace("it 2.", "it 4.").replace("it 1.", "it 2.") == second
    assert explain(solution, -1) == second
    for draw in (2, -3):
        with pytest.raises(InvalidArgumentError, match="one of 2 draws"):
            explain(solution, draw)


def test_large_losses_are_written_out_and_small_ones_kept():
    for loss, told in ((1234567.8, "1234568"), (100.4, "100"), (99.96, "100"), (0.00123456, "0.00123")):
        text = explain(PureNash().solve(pact([0, loss, loss - 1e-12])))
        assert f"renew would cost it {told}" in text


def test_who_disregards_what_a_correlated_equilibrium_tells():
    # The traffic light of Aumann 1974: each of three outcomes with probability 1/3.
    third = 1 / 3
    solution = Given(((2 * third, third), (2 * third, third)), (third, third, third, 0.0)).solve(CHICKEN)
    assert explain(solution).splitlines() == [
        "Equilibrium: swerve/swerve 0.333, swerve/straight 0.333, straight/swerve 0.333",
        # Told to swerve: (6 + 2) / 2 against (7 + 0) / 2; told to go straight: 7 against 6.
        "  north plays swerve, when told to (probability 0.667); straight would cost it 0.5.",
        "  north plays straight, when told to (probability 0.333); swerve would cost it 1.",
        "  south plays swerve, when told to (probability 0.667); straight would cost it 0.5.",
        "  south plays straight, when told to (probability 0.333); swerve would cost it 1.",
    ]


def test_later_movers_answer_the_other_action():
    entry = NormalForm(
        {"entrant": ("stay out", "enter"), "incumbent": ("fight", "share")},
        [[[0, 0], [-1, 1]], [[2, 2.5], [-1, 1]]],
    )
    assert explain(SubgamePerfect([["entrant"], ["incumbent"]]).solve(entry)).splitlines() == [
        "Equilibrium: entrant enter, incumbent share",
        "  entrant plays enter; stay out, answered by incumbent share, would cost it 1.",
        "  incumbent plays share; fight would cost it 2.",
    ]


def test_what_follows_may_be_one_of_several_equilibria():
    # After "in" the others coordinate on left (2 for the mover) or on right (5).
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[0, 0] = 3
    payoffs[0, 1] = [[2, 0], [0, 5]]
    payoffs[1:, 1] = np.eye(2)
    payoffs[1:, 0] = [[1, 0], [0, 0]]
    payoffs[1:, 0, 1, 1] = -1
    game = NormalForm({"mover": ("out", "in"), "b": ("left", "right"), "c": ("left", "right")}, payoffs)
    told = explain(SubgamePerfect([["mover"], ["b", "c"]]).solve(game))
    assert "mover plays out; in, depending on the answer, would cost it between -2 and 1." in told
    assert "mover plays in; out, answered by b left, c left, would cost it 2." in told


def test_a_stage_that_mixes_is_not_priced_action_by_action():
    # Whoever moves last sees a mixture come out; "scales" differ by it.
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[0] = np.array([[1, -1], [-1, 1]])[:, :, None]
    payoffs[1] = -payoffs[0]
    payoffs[2] = [[[1, 0], [0, 1]], [[0, 1], [1, 0]]]
    game = NormalForm({"row": ("h", "t"), "column": ("h", "t"), "last": ("same", "other")}, payoffs)
    told = explain(SubgamePerfect([["row", "column"], ["last"]]).solve(game)).splitlines()
    assert told[0] == "Equilibrium: h/h/same 0.25, h/t/other 0.25, t/h/other 0.25, t/t/same 0.25"
    for line in told[1:]:
        assert line.endswith("others mix before it or beside it, so its actions are not compared one by one.")
