"""Sobol bars: both indices with their intervals, the largest total first, small ones told."""

import pandas as pd
import pytest

import bargain as bg
from bargain.plots.sobol_bars import sobol_bars


def table(rows, **attributes):
    names = ["first", "first_low", "first_high", "total", "total_low", "total_high"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=names)
    frame.attrs.update(attributes)
    return frame


ROWS = {
    "small_one": (0.001, 0, 0.002, 0.004, 0.003, 0.006),
    "weak": (0.1, 0.05, 0.15, 0.2, 0.1, 0.3),
    "strong": (0.5, 0.4, 0.6, 0.7, 0.6, 0.8),
}


def bars(ax):
    groups = [getattr(container, "patches", []) for container in ax.containers]
    return [[bar.get_width() for bar in group] for group in groups if group]


def test_bars_and_intervals_are_those_of_the_table_in_order_of_the_total():
    ax = sobol_bars(table(ROWS))
    assert [label.get_text() for label in ax.get_yticklabels()] == ["strong", "weak"]
    assert bars(ax) == [[0.5, 0.1], [0.7, 0.2]]
    ends = [segment[:, 0].tolist() for lines in ax.collections for segment in lines.get_segments()]
    assert ends == [pytest.approx(pair) for pair in ([0.4, 0.6], [0.05, 0.15], [0.6, 0.8], [0.1, 0.3])]


def test_what_is_small_or_unanswered_is_told():
    attributes = {
        "points": 64,
        "seed": 3,
        "level": 0.9,
        "unanswered": {"(none)": 5},
        "treatment": "leave_out",
    }
    words = sobol_bars(table(ROWS, **attributes)).texts[-1].get_text().replace("\n", " ")
    assert "not drawn: 1 with both indices below 0.01" in words
    assert "64 base points, seed 3" in words
    assert "90 % bootstrap interval" in words
    assert "left out: 5 (none)" in words


def test_an_estimate_outside_its_percentiles_or_below_zero_can_be_drawn():
    ax = sobol_bars(table({"a": (-0.05, -0.04, 0.1, 0.9, 0.91, 0.95)}))
    assert ax.get_xlim()[0] < -0.05
    assert ax.get_ylim()[0] > ax.get_ylim()[1]


def test_indices_of_a_function():
    space = bg.Space([bg.Parameter("x", bg.Uniform(0, 1)), bg.Parameter("y", bg.Uniform(0, 2))])
    found = bg.function_indices(lambda v: v[0] + v[1], space, points=2**8)
    ax = sobol_bars(found)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["y", "x"]
    assert ax.get_title(loc="left") == "What decides: function"


def test_another_table_is_refused():
    with pytest.raises(bg.errors.InvalidArgumentError, match=r"sobol_indices\(\)"):
        sobol_bars(pd.DataFrame({"first": [1.0]}))
