"""Convergence: curves and bands are those of the table, and bands shrink."""

import numpy as np
import pytest

import bargain as bg
from bargain.plots.sweep_convergence import sweep_convergence

RUNNING = bg.RunningShares(per_decade=3)


@pytest.fixture(scope="module")
def table():
    task = bg.load_scenario("gsomia").task("2019-11 deadline", draws=5000, seed=7, reducers=[RUNNING])
    return bg.run(task, workers=1).table(RUNNING)


def test_curves_are_those_of_the_table_over_the_logarithm_of_draws(table):
    ax = sweep_convergence(table)
    [line] = [line for line in ax.lines if line.get_label() == "suspend / relax / press"]
    rows = table.xs(("suspend", "relax", "press"), level=["ROK", "JPN", "USA"])
    assert np.array_equal(line.get_xdata(), rows.index.to_numpy())
    assert np.array_equal(line.get_ydata(), rows["share"].to_numpy())
    assert ax.get_xscale() == "log"
    corners = np.concatenate([band.get_paths()[0].vertices[:, 1] for band in ax.collections])
    assert np.isin(rows[["low", "high"]].to_numpy(), corners).all()


def test_the_caption_tells_draws_seed_and_what_is_left_of_the_band(table):
    words = sweep_convergence(table, pool=0.3).texts[-1].get_text().replace("\n", " ")
    last = table.loc[(5000, "suspend", "relax", "press")]
    assert "5,000 draws, seed 7" in words
    assert f"at most {(last['high'] - last['low']) / 2:.2g} to either side" in words
    assert "outcomes with at most 0.3 of all draws" in words


def test_another_table_is_refused():
    task = bg.load_scenario("gsomia").task("2019-11 deadline", draws=100)
    with pytest.raises(bg.errors.InvalidArgumentError, match="RunningShares"):
        sweep_convergence(bg.run(task).shares())
