"""The survival fan: medians and quantiles of the draws in every year."""

import numpy as np
import pandas as pd
import pytest

import bargain as bg
from bargain.plots.survival_fan import survival_fan

YEARS = np.arange(2016, 2026)
TABLE = np.linspace(0.99, 0.8, 101) ** (YEARS - 2016)[:, None]


def line(ax, label):
    (found,) = [one for one in ax.lines if one.get_label() == label]
    return found.get_xydata()


def test_lines_and_bands():
    ax = survival_fan(TABLE, years=YEARS, levels=(0.9, 0.5, 0.8))
    assert np.allclose(line(ax, "median"), np.column_stack([YEARS, np.median(TABLE, axis=1)]))
    assert np.allclose(line(ax, "mean")[:, 1], TABLE.mean(axis=1))
    ends = [band.get_paths()[0].get_extents() for band in ax.collections]
    assert [end.y0 for end in ends] == sorted(end.y0 for end in ends)  # the widest is drawn first
    assert ends[-1].y0 == pytest.approx(np.quantile(TABLE[-1], 0.25))


def test_a_table_by_year_says_the_same_and_marks_stand_on_the_median():
    frame = pd.DataFrame(TABLE, index=YEARS)
    ax = survival_fan(frame, marks={"notice": 2019.5})
    assert np.array_equal(line(ax, "median"), line(survival_fan(TABLE, years=YEARS), "median"))
    (star,) = [one for one in ax.lines if one.get_marker() == "*"]
    middle = np.median(TABLE, axis=1)
    assert star.get_ydata()[0] == pytest.approx((middle[3] + middle[4]) / 2)


def test_the_survival_of_a_renewal_game_brings_its_years():
    curve = bg.load_scenario("gsomia-renewal").game("2018-08 routine")
    lasting = bg.RenewalPerfect().solve(curve).survival(6, first=2018)
    drawn = line(survival_fan(lasting), "survival")
    assert np.array_equal(drawn, np.column_stack([range(2018, 2025), lasting.curve[:, 0]]))


def test_one_draw_is_a_line_without_bands():
    ax = survival_fan([1.0, 0.5, 0.25])
    assert not ax.collections
    assert line(ax, "survival").tolist() == [[0, 1], [1, 0.5], [2, 0.25]]


@pytest.mark.parametrize(
    ("given", "kwargs", "words"),
    [
        (TABLE[::-1], {}, "never rise"),
        (TABLE * 2, {}, "from 0 to 1"),
        (TABLE, {"years": YEARS[::-1]}, "rising years"),
        (TABLE, {"years": YEARS[1:]}, "10 rising years"),
        (TABLE[:1], {}, "at least two years"),
        (TABLE, {"levels": (90,)}, "levels"),
        ("nothing", {}, "survival"),
    ],
)
def test_wrong_use(given, kwargs, words):
    with pytest.raises(bg.errors.InvalidArgumentError, match=words):
        survival_fan(given, **kwargs)
