import numpy as np
import pandas as pd
import pytest

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.plots.measure_ranges import measure_ranges
from bargain.sweep.readings import Measure

MEASURES = (Measure("threat", "a threat is made"), Measure("war", "there is war"))


def table(threat, war):
    rows = [
        {"mean": m, "low": m - 0.01, "high": m + 0.01, "sd": 0.1, "used": 1.0, 0.05: m - 0.2, 0.95: m + 0.2}
        for m in (threat, war)
    ]
    return pd.DataFrame(rows, index=pd.Index(["threat", "war"], name="measure"))


def test_marks_stand_at_the_means_and_are_filled_where_it_happened():
    ax = measure_ranges(
        {"then": table(0.3, 0.5), "now": table(0.6, 0.4)}, MEASURES, happened={"now": ["war"]}
    )
    marks = [
        (float(line.get_xdata()[0]), line.get_markerfacecolor() != "white")
        for line in ax.lines
        if line.get_marker() in "oD" and len(line.get_xdata()) == 1
    ]
    assert marks == [(0.3, False), (0.6, False), (0.5, False), (0.4, True)]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["then", "now"]


def test_a_measure_without_value_says_so():
    empty = table(0.3, np.nan)
    ax = measure_ranges({"then": empty}, MEASURES)
    assert "no single value" in [text.get_text() for text in ax.texts]


def test_units_are_not_mixed_and_names_are_checked():
    years = Measure("years", "years in force", "years", 0, 15)
    with pytest.raises(InvalidArgumentError, match="measures of one unit"):
        measure_ranges({"then": table(0.3, 0.4)}, (*MEASURES, years))
    with pytest.raises(UnknownNameError, match="'peace'"):
        measure_ranges({"then": table(0.3, 0.4)}, [Measure("peace", "there is none")])
