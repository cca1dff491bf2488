"""Conditional shares: curves and bands are those of the table, empty bins are gaps."""

import numpy as np
import pytest

import bargain as bg
from bargain.plots.conditional_shares import conditional_shares

BY_COST = bg.ConditionalShares("pressing_cost", bins=6)
BY_BOTH = bg.ConditionalShares("pressing_cost", "finality", bins=2)


@pytest.fixture(scope="module")
def sweep():
    scenario = bg.load_scenario("gsomia")
    task = scenario.task("2019-11 deadline", draws=2000, seed=7, reducers=[BY_COST, BY_BOTH])
    return bg.run(task, workers=1)


def curves(ax):
    return {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}


def test_curves_and_bands_are_those_of_the_table(sweep):
    table = sweep.table(BY_COST)
    ax = conditional_shares(table)
    outcome = ("terminate", "maintain", "abstain")
    rows = table.xs(outcome, level=["ROK", "JPN", "USA"])
    line = curves(ax)["terminate / maintain / abstain"]
    assert np.array_equal(line.get_xdata(), rows.index.to_numpy())
    assert np.array_equal(line.get_ydata(), rows["share"].to_numpy())
    corners = np.concatenate([band.get_paths()[0].vertices[:, 1] for band in ax.collections])
    assert np.isin(rows[["low", "high"]].to_numpy(), corners).all()


def test_rare_outcomes_are_left_out_and_counted(sweep):
    ax = conditional_shares(sweep.table(BY_COST), pool=0.3)
    assert set(curves(ax)) == {
        "suspend / maintain / abstain", "suspend / relax / press", "terminate / maintain / abstain",
    }  # fmt: skip
    assert "outcomes with at most 0.3 in every bin" in ax.texts[-1].get_text().replace("\n", " ")


def test_curves_differ_in_mark_and_dash_not_only_in_colour(sweep):
    lines = curves(conditional_shares(sweep.table(BY_COST), pool=0.0)).values()
    assert len({(line.get_marker(), str(line._dash_pattern)) for line in lines}) == len(lines)


def test_bins_without_draws_are_gaps():
    fine = bg.ConditionalShares("pressing_cost", bins=400)
    task = bg.load_scenario("gsomia").task("2019-11 deadline", draws=300, seed=7, reducers=[fine])
    table = bg.run(task, workers=1).table(fine)
    ax = conditional_shares(table)
    assert all(np.isnan(line.get_ydata()).any() for line in curves(ax).values())


def test_other_tables_are_refused(sweep):
    for table in (sweep.shares(), sweep.table(BY_BOTH)):
        with pytest.raises(bg.errors.InvalidArgumentError, match="one parameter"):
            conditional_shares(table)
