"""Questions answer what every equilibrium of a draw says, and nothing where they disagree."""

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.sensitivity.forecast import Forecast
from bargain.sensitivity.question import Event, question_of, told, why_unanswered
from reference.pure_nash import pure_nash

LABELS = bg.Labels.of({"ROK": ("renew", "suspend", "end"), "USA": ("abstain", "press")})


@pytest.mark.parametrize(
    ("given", "outcomes", "words"),
    [
        ({"ROK": "end"}, {("end", "abstain"), ("end", "press")}, "ROK end"),
        (
            {"ROK": ("renew", "end"), "USA": "press"},
            {("renew", "press"), ("end", "press")},
            "ROK renew or end, USA press",
        ),
        (("end", "press"), {("end", "press")}, "end/press"),
        (
            [("end", "press"), ("renew", "press")],
            {("end", "press"), ("renew", "press")},
            "end/press or renew/press",
        ),
    ],
)
def test_events_as_they_may_be_written(given, outcomes, words):
    event = Event.of(LABELS, given)
    assert event.outcomes == outcomes
    assert event.words == words
    assert {o for o, inside in zip(LABELS.outcomes, event.mask(LABELS), strict=True) if inside} == outcomes


def test_an_event_holds_in_a_game_with_held_players():
    held, _ = LABELS.hold({"USA": "press"})
    assert Event.of(LABELS, {"ROK": "end"}).mask(held).tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("given", "error", "expected"),
    [
        ({"ROK": "ende"}, UnknownNameError, "did you mean 'end'"),
        ({"RUK": "end"}, UnknownNameError, "did you mean 'ROK'"),
        ({}, InvalidArgumentError, "an action of some player"),
        ({"ROK": ()}, InvalidArgumentError, "an action of some player"),
        ("end", InvalidArgumentError, "an outcome or several"),
        ((), InvalidArgumentError, "an outcome or several"),
        (("end",), InvalidArgumentError, "one action for each of ROK, USA"),
    ],
)
def test_what_is_no_event_is_refused(given, error, expected):
    with pytest.raises(error, match=expected):
        Event.of(LABELS, given)


def test_exactly_one_question_is_asked():
    for options in ({"outcome": None, "payoff": None}, {"outcome": {"ROK": "end"}, "payoff": "ROK"}):
        with pytest.raises(InvalidArgumentError, match="either outcome or payoff"):
            question_of(LABELS, **options, where="test")
    with pytest.raises(UnknownNameError, match="unknown player"):
        question_of(LABELS, None, "JPN", where="test")


def random_model(seed):
    """A 3 x 2 game each payoff of which is a parameter of its own."""
    labels = bg.Labels.of({"ROK": ("renew", "suspend", "end"), "USA": ("abstain", "press")})
    payoffs = {
        player: sum(
            (bg.Value(f"{player}{k}") * bg.When(ROK=o[0], USA=o[1]) for k, o in enumerate(labels.outcomes)),
            start=bg.Payoff(),
        )
        for player in labels.players
    }
    return bg.PayoffModel.of(labels, payoffs), np.random.default_rng(seed).normal(size=(12, 400))


@pytest.mark.parametrize("solver", [bg.PureNash(), bg.PureNash(tolerance=1e-300), bg.AllNash()])
def test_answers_equal_reading_the_equilibria_one_by_one(solver):
    model, values = random_model(4)
    cell = Forecast(model, solver).cell(values)
    event = Event.of(model.labels, {"ROK": "end"})
    answer = event.answer(cell)
    payoff = question_of(model.labels, None, "USA", where="test").answer(cell)
    solution = bg.solve(model.game(values), solver)
    missing = 0
    for draw in range(values.shape[1]):
        mine = solution.draw == draw
        chance = solution.strategies[0][2, mine]
        if chance.size and (chance > 1 - 1e-9).all():
            expected = 1.0
        elif chance.size and (chance < 1e-9).all():
            expected = 0.0
        else:
            expected, missing = np.nan, missing + 1
        np.testing.assert_equal(answer[draw], expected)
        if mine.sum() == 1:
            assert payoff[draw] == pytest.approx(solution.payoffs[1, mine][0])
    assert missing > 0
    reasons = told(why_unanswered(cell, answer))
    assert sum(reasons.values()) == missing == np.isnan(answer).sum()
    assert "(multiple)" in reasons
    assert ("(mixed)" if isinstance(solver, bg.AllNash) else "(none)") in reasons


def test_fast_path_is_the_slow_twin():
    model, values = random_model(9)
    payoffs = model.evaluate(values)
    possible = Forecast(model, bg.PureNash()).cell(values).predictions.possible
    for draw in range(100):
        expected = {tuple(profile) for profile in pure_nash(payoffs[..., draw])}
        found = {tuple(np.unravel_index(o, (3, 2))) for o in np.flatnonzero(possible[:, draw])}
        assert found == expected


def test_payoffs_that_are_not_finite_answer_nothing():
    model, values = random_model(1)
    values[:, 7] = np.inf
    with np.errstate(invalid="ignore"):
        for solver in (bg.PureNash(), bg.AllNash()):
            cell = Forecast(model, solver).cell(values)
            answer = Event.of(model.labels, {"ROK": "end"}).answer(cell)
            assert np.isnan(answer[7])
            assert told(why_unanswered(cell, answer))["(unsolved)"] == 1
