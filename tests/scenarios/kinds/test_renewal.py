import numpy as np
import pytest

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.scenarios.kinds.renewal import Renewal, RenewalOptions
from bargain.scenarios.reader import load_scenario
from bargain.solvers import stage_choice
from bargain.solvers.renewal_perfect import RenewalPerfect
from bargain.sweep.run import run
from reference.plain_kinds import plain_sweep

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


# ---------------------------------------------------------------- the audit

RANGES = {
    "discount": (0.7, 1),
    "stay_calm": (0, 1),
    "stay_tense": (0, 1),
    "reversal": (0, 1),
    "credibility": (0, 1),
    "credibility_loss": (0, 0.6),
    "belief": (0, 0.7),
    "belief_gain": (0, 0.6),
    "opening_notice": (0, 1),
    "opening_suspended": (0, 1),
    "opening_tense": (0, 1),
}
OF_PLAYERS = {
    "payoff": (-1, 1),
    "grievance": (-1, 1),
    "calm": (0, 1),
    "fading": (0, 1),
    "chip": (-1, 1),
    "doubt": (-1, 1),
    "loss": (-1, 2),
}


@pytest.mark.parametrize("fix", [{}, {"USA": "abstain"}])
def test_an_independent_solver_agrees_at_every_setting(fix):
    for setting in SCENARIO.settings:
        audit = run(SCENARIO.task(setting, draws=12, seed=3, fix=fix), audit=12).audit
        assert audit.by == "recursion over years"
        # Where a decision has several mixed equilibria, none is preferred.
        assert audit.agreed == audit.checked > 3, audit.disagreements
        assert audit.checked + audit.unjudged == 12
        assert ("does not judge" in str(audit)) is bool(audit.unjudged)


@pytest.mark.parametrize("years", [1, 4])
@pytest.mark.parametrize("third", [False, True])
@pytest.mark.parametrize("fix", [{}, {"B": "push"}, {"A": "wait"}])
def test_it_agrees_on_any_pact(years, third, fix):
    parties = PARTIES | ({"C": ("no", "yes")} if third else {})
    kind = Renewal(RenewalOptions(**ROLES, years=years), parties).hold(fix)
    own = {f"{part}_{player}": ends for part, ends in OF_PLAYERS.items() for player in parties}
    sweep = plain_sweep(kind, RANGES | own, draws=25, seed=years)
    assert sweep.audit.agreed == sweep.audit.checked > 8, sweep.audit.disagreements


def test_errors_of_the_fast_path_are_reported(monkeypatch):
    task = SCENARIO.task("2019-08 notice", draws=15, seed=3)
    right = stage_choice.choose_pure

    def wrong(payoffs, default):
        pure, values, number = right(payoffs, default)
        return pure, values * 1.001, number

    monkeypatch.setattr("bargain.solvers.markov_perfect.choose_pure", wrong)
    audit = run(task, audit=15, workers=1).audit
    assert audit.agreed < audit.checked


def test_another_rule_among_equilibria_is_reported(monkeypatch):
    kind = Renewal(RenewalOptions(**ROLES, years=3), PARTIES)
    own = {f"{part}_{player}": ends for part, ends in OF_PLAYERS.items() for player in PARTIES}
    right = stage_choice.choose_pure
    monkeypatch.setattr("bargain.solvers.markov_perfect.choose_pure", lambda payoffs, _: right(payoffs, None))
    audit = plain_sweep(kind, RANGES | own, draws=60, seed=2).audit
    assert audit.agreed < audit.checked


def test_play_without_end_is_not_audited():
    kind = Renewal(RenewalOptions(**ROLES, endless=True), PARTIES)
    assert kind.second_opinion(RenewalPerfect()) is None
