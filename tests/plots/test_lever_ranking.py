"""Ranking of levers: bars and intervals are those of the table; what is not drawn is told."""

import pandas as pd
import pytest

import bargain as bg
from bargain.plots.lever_ranking import lever_ranking


@pytest.fixture(scope="module")
def table():
    return bg.levers(bg.load_scenario("gsomia"), "2019-11 deadline", {"ROK": "terminate"}, draws=2000, seed=7)


def widths(ax):
    return [bar.get_width() for container in ax.containers for bar in getattr(container, "patches", ())]


def test_the_strongest_come_first_with_their_intervals(table):
    ax = lever_ranking(table, most=5)
    assert widths(ax) == table["difference"].head(5).tolist()
    [whiskers] = ax.collections
    ends = [segment[:, 0].tolist() for segment in whiskers.get_segments()]
    assert ends == [pytest.approx(pair) for pair in table[["low", "high"]].head(5).to_numpy().tolist()]
    texts = [text.get_text() for text in ax.texts]
    assert [f"{share:.3f}" for share in table["after"].head(5)] == [text.rstrip(" *") for text in texts[:5]]
    words = texts[-1].replace("\n", " ")
    assert f"not drawn: {len(table) - 5} levers" in words
    assert "2,000 draws, the same for all levers, seed 7" in words


def test_all_levers_fit_where_asked_for(table):
    ax = lever_ranking(table, most=99)
    assert len(widths(ax)) == len(table)
    assert "not drawn" not in ax.texts[-1].get_text()


def test_levers_that_leave_many_draws_without_an_answer_are_marked(table):
    marked = [text.get_text().endswith(" *") for text in lever_ranking(table, most=99).texts[: len(table)]]
    assert marked == (table["unanswered"] > 0.05).tolist()
    assert any(marked)


def test_one_sided_differences_start_at_the_edge(table):
    rising = table[table["difference"] > 0]
    rising.attrs = table.attrs
    assert lever_ranking(rising).get_xlim()[0] == 0


def test_bad_arguments_are_named(table):
    with pytest.raises(bg.errors.InvalidArgumentError, match="most"):
        lever_ranking(table, most=0)
    with pytest.raises(bg.errors.InvalidArgumentError, match=r"levers\(\)"):
        lever_ranking(pd.DataFrame({"difference": [1.0]}))
