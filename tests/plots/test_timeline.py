"""The timeline: settings always, other events as room allows, and what the model says."""

import dataclasses
import datetime

import pytest
from matplotlib import pyplot as plt

import bargain as bg
from bargain.plots.timeline import _day, _first_clause, _thinned, timeline
from bargain.scenarios.scenario import Event


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


def words(ax):
    return [text.get_text() for text in ax.texts]


def test_every_setting_is_drawn_with_what_happened_and_what_the_model_says(scenario):
    ax = timeline(scenario, events=0)
    for setting in scenario.dated:
        assert setting.date.isoformat() in words(ax)
        assert any(text.startswith(f"{setting.name}: ") for text in words(ax))
    assert words(ax).count("○ model") == 5
    assert sum(text.endswith("= what happened") for text in words(ax)) == 5
    assert "suspend / maintain / abstain (suspension continued)" in words(ax)


def test_shares_are_written_with_their_intervals(scenario, gsomia):
    ax = timeline(scenario, gsomia.shares)
    row = gsomia.shares["2019-11 deadline"].loc[("suspend", "relax", "press")]
    assert f"{row['share']:.3f} [{row['low']:.3f}, {row['high']:.3f}]" in words(ax)
    assert "2,000 draws each, seed 7" in words(ax)[-1].replace("\n", " ")


def test_rows_run_down_in_the_order_of_dates(scenario):
    ax = timeline(scenario, events=99)
    rows = [
        (text.get_position()[1], _day(text.get_text()))
        for text in ax.texts
        if text.get_text()[:4].isdigit() and len(text.get_text()) in {4, 7, 10}
    ]
    assert len(rows) == len(scenario.chronology)
    assert rows == sorted(rows)


def test_the_event_of_a_setting_is_the_one_that_names_it(scenario):
    day = scenario.dated[1].date.isoformat()
    told = dataclasses.replace(
        scenario,
        chronology=(Event(day, "Something else"), Event("2019-08", "The notice", setting="2019-08 notice")),
    )
    assert "2019-08 notice: The notice" in words(timeline(told))
    untold = dataclasses.replace(scenario, chronology=(Event(day, "Something else"),))
    assert "2019-08 notice: Something else" in words(timeline(untold))
    assert f"2018-08 routine: {_first_clause(scenario.dated[0].title, 80)}" in words(timeline(untold))


def test_a_setting_yet_to_come_shows_the_models_share(scenario, gsomia):
    dated = (*scenario.dated[:-1], dataclasses.replace(scenario.dated[-1], codings=()))
    ax = timeline(dataclasses.replace(scenario, dated=dated), gsomia.shares, events=0)
    share = gsomia.shares["2023-03 thaw"].loc[("renew", "relax", "abstain"), "share"]
    assert any(text.startswith(f"{share:.3f} [") for text in words(ax))
    assert "renew / relax / abstain" in words(ax)


def test_games_without_pure_equilibrium_say_so(scenario):
    class Nothing:
        def solve(self, game):
            return bg.PureNash().solve(pennies(game))

    def pennies(game):
        payoffs = game.payoffs * 0
        payoffs[0, 0, 0], payoffs[0, 1:, 1], payoffs[1, 0, 1], payoffs[1, 1:, 0] = 1, 1, 1, 1
        return bg.NormalForm(game.labels, payoffs)

    assert (
        words(timeline(scenario, solver=Nothing(), events=0)).count("(none) \N{NOT EQUAL TO} what happened")
        == 5
    )


def test_thinning_keeps_events_far_from_each_other():
    events = [
        Event(date, date) for date in ("2019-01-01", "2019-01-02", "2019-06-01", "2019-12-30", "2019-12-31")
    ]
    kept = _thinned(events, [datetime.date(2018, 12, 31)], 2)
    assert [entry.date for entry in kept] == ["2019-06-01", "2019-12-31"]
    assert len(_thinned(events, [], 99)) == 5
    assert _thinned(events, [], 0) == []


def test_a_small_axes_takes_fewer_events(scenario):
    _, ax = plt.subplots(figsize=(7.2, 5), layout="constrained")
    assert len(timeline(scenario, events=99, ax=ax).texts) < len(timeline(scenario, events=99).texts)


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("Japan lifts the curbs; both sides talk", "Japan lifts the curbs"),
        ("Japan lifts the curbs (three materials) at once", "Japan lifts the curbs"),
        ("Notice withdrawn. The pact is whole.", "Notice withdrawn"),
        ("U.S. Senate resolves", "U.S. Senate resolves"),
        ("At 18:00 it ends", "At 18:00 it ends"),
        ("word " * 30, "word word word word …"),
    ],
)
def test_only_the_first_clause_is_written(text, clause):
    assert _first_clause(text, 24) == clause


@pytest.mark.parametrize(
    ("date", "day"), [("2019-11-22", (2019, 11, 22)), ("2019-10", (2019, 10, 15)), ("2019", (2019, 7, 1))]
)
def test_vague_dates_stand_in_their_middle(date, day):
    assert _day(date) == datetime.date(*day)


def test_bad_arguments_are_named(scenario, gsomia):
    with pytest.raises(bg.errors.UnknownNameError, match="2019-11"):
        timeline(scenario, {"2019-11": gsomia.shares["2019-11 deadline"]})
    with pytest.raises(bg.errors.InvalidArgumentError, match="events"):
        timeline(scenario, events=-1)
