import numpy as np
import pytest

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.scenarios.kinds.renewal import Renewal, RenewalOptions
from bargain.scenarios.reader import load_scenario
from bargain.solvers.renewal_perfect import RenewalPerfect
from bargain.sweep.run import run

SCENARIO = load_scenario("gsomia-renewal")
ROLES = {
    "holder": "A", "keep": "keep", "suspend": "wait", "end": "end", "guarantor": "B", "press": "push",
}  # fmt: skip
PARTIES = {"A": ("keep", "wait", "end"), "B": ("rest", "push")}


def test_a_sweep_counts_first_decisions_and_measures_how_long_the_pact_lasts():
    task = SCENARIO.task("2023-03 thaw", draws=300, seed=7)
    sweep = run(task)
    shares = sweep.shares()["share"]
    assert shares["renew", "relax", "abstain"] > 0.6
    game = SCENARIO.game_model.game(
        sweep.task.space.values(np.random.default_rng(0).random((len(task.space), 50)))
    )
    answers = SCENARIO.game_model.kind.answers(RenewalPerfect().solve(game))
    ends, soon, late, years = answers.measures
    np.testing.assert_allclose(answers.outcomes.sum(axis=0), 1)
    assert ((soon <= 1 - ends + 1e-12) & (late <= soon + 1e-12)).all()
    assert ((years >= 1 + 14 * late - 1e-9) & (years <= 15)).all()


def test_held_players_keep_their_place():
    held = SCENARIO.game("2019-11 deadline", fix={"USA": "abstain"})
    assert held.labels.actions[2] == ("abstain",)
    solution = RenewalPerfect().solve(held)
    assert solution.outcomes.shape[0] == 6
    kept = SCENARIO.game("2019-08 notice", fix={"ROK": "renew"})
    assert RenewalPerfect().solve(kept).survival(15).curve.min() == 1


@pytest.mark.parametrize(
    ("options", "parties", "error", "message"),
    [
        ({"holder": "C"}, {}, UnknownNameError, "options.holder"),
        ({"press": "pull"}, {}, UnknownNameError, "options.press"),
        ({"suspend": "stop"}, {}, UnknownNameError, "options.suspend"),
        ({"years": 0}, {}, InvalidArgumentError, "years"),
        ({}, {"C": ()}, InvalidArgumentError, "actions of 'C'"),
        ({}, {"A": ("keep", "wait", "end", "more")}, InvalidArgumentError, "three actions"),
    ],
)
def test_roles_must_fit_the_players(options, parties, error, message):
    kind = Renewal(RenewalOptions(**{**ROLES, **options}), {**PARTIES, **parties})
    with pytest.raises(error, match=message):
        kind.check()
