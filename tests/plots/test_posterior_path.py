"""The posterior path: beliefs by Bayes' rule at their years, events between them."""

import numpy as np
import pytest

import bargain as bg
from bargain.plots.posterior_path import posterior_path

NUMBERS = {"prize": 3, "audience_cost": 2, "concession_cost": 1.2, "loss": 3, "carrying_out": 0.5}
GAME = bg.ThreatGame(prior=0.2, **NUMBERS)
HISTORY = ["conceded", "backed down", "silence"]


def line(ax, start):
    (found,) = [one for one in ax.lines if str(one.get_label()).startswith(start)]
    return found.get_ydata()


def test_lines_are_the_path_and_events_stand_between_the_years():
    path = bg.credibility(GAME, HISTORY, turnover=0.25)
    ax = posterior_path(path, years=["2017", "2018", "2019"])
    assert line(ax, "belief").tolist() == path.belief[:, 0].tolist()
    assert line(ax, "probability of a threat").tolist() == path.threat[:, 0].tolist()
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2017", "2018", "2019", "after"]
    said = {text.get_text().replace("\n", " "): text.get_position()[0] for text in ax.texts[:-1]}
    assert said == {"conceded": 0.5, "backed down": 1.5, "silence": 2.5}


def test_many_draws_are_a_median_with_bands():
    priors = np.linspace(0.1, 0.3, 101)
    path = bg.credibility(bg.ThreatGame(prior=priors, **NUMBERS), HISTORY)
    ax = posterior_path(path)
    assert len(ax.collections) == 2
    assert line(ax, "belief")[0] == pytest.approx(0.2)
    assert "101 draws" in ax.texts[-1].get_text().replace("\n", " ")
    one = posterior_path(path, draw=100)
    assert not one.collections
    assert line(one, "belief")[0] == pytest.approx(0.3)


def test_messages_lead_to_their_posteriors():
    solution = bg.PerfectBayesian().solve(GAME)
    ax = posterior_path(solution)
    ends = sorted(float(one.get_ydata()[-1]) for one in ax.lines if len(one.get_xdata()) == 2)
    assert ends == pytest.approx(sorted(solution.posterior[:, 0].tolist()))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["semi-separating"]


def test_a_message_that_is_never_sent_is_hollow():
    solution = bg.PerfectBayesian().solve(bg.ThreatGame(prior=0.9, **NUMBERS))
    ax = posterior_path(solution)
    assert any("never sent" in text.get_text() for text in ax.texts)


def test_wrong_use():
    path = bg.credibility(GAME, HISTORY)
    with pytest.raises(bg.errors.InvalidArgumentError, match="3 or 4 names"):
        posterior_path(path, years=["2019"])
    with pytest.raises(bg.errors.UnknownDrawError):
        posterior_path(path, draw=1)
    none = bg.PerfectBayesian().solve(GAME)
    with pytest.raises(bg.errors.InvalidArgumentError, match="no equilibrium"):
        posterior_path(none.select(np.zeros(len(none), dtype=bool)))
