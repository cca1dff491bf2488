"""The tornado: every threshold stands where it is, between the outcomes that it parts."""

import pandas as pd
import pytest

import bargain as bg
from bargain.plots import style
from bargain.plots.tornado import tornado


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


def segments(ax, row):
    """(start, end, face) of the painted pieces of a bar."""
    bars = [bar for container in ax.containers for bar in container.patches]
    return [
        (bar.get_x(), bar.get_x() + bar.get_width(), style_hex(bar.get_facecolor()))
        for bar in bars
        if round(bar.get_y() + bar.get_height() / 2) == row and bar.get_facecolor()[3] > 0
    ]


def style_hex(rgba):
    return "#" + "".join(f"{round(255 * part):02x}" for part in rgba[:3])


def test_bars_span_the_ranges_and_change_colour_at_the_thresholds(scenario):
    table = bg.thresholds(scenario, "2019-11 deadline")
    ax = tornado(table)
    looks = style.outcome_looks(scenario.labels)
    rows = table.set_index("parameter")
    for row, name in enumerate(["pressing_cost", "us_displeasure"]):  # the nearer threshold first
        low, high = scenario.range("2019-11 deadline", name)
        now, margin = rows.loc[name, "now"], rows.loc[name, "margin"]
        found = segments(ax, row)
        assert [found[0][0], found[0][1], found[1][1]] == pytest.approx(
            [(low - now) / (high - low), margin, (high - now) / (high - low)]
        )
    here, there = (
        looks[outcome].face
        for outcome in (("suspend", "relax", "press"), ("terminate", "maintain", "abstain"))
    )
    assert [face for *_, face in segments(ax, 0)] == [here, there]
    assert [face for *_, face in segments(ax, 1)] == [style.REMAINDER["(multiple)"].face, here]


def test_thresholds_are_written_with_value_margin_and_player(scenario):
    texts = [text.get_text() for text in tornado(bg.thresholds(scenario, "2019-11 deadline")).texts]
    assert "1.5 (+0.37, USA)" in texts
    assert "2.647 (-0.52, ROK)" in texts
    assert {"0.3", "2.2", "2.5", "9"} <= set(texts)  # the ends of the ranges


def test_parameters_without_threshold_are_counted_in_the_caption(scenario):
    def caption(**kwargs):
        return tornado(bg.thresholds(scenario, **kwargs)).texts[-1].get_text().replace("\n", " ")

    assert "19 other uncertain parameters" in caption(setting="2019-11 deadline")
    assert "21 uncertain parameters change nothing" in caption(setting="2018-08 routine")
    both = ["pressing_cost", "finality"]
    words = caption(setting="2019-11 deadline", parameters=both, fix={"JPN": "relax"})
    assert "one other uncertain parameter changes nothing" in words
    assert "held: JPN to relax" in words


def test_thresholds_by_bisection_are_marked(scenario):
    table = bg.thresholds(scenario, "2019-11 deadline")
    attributes = table.attrs
    table = table.assign(exact=False)
    table.attrs = attributes
    ax = tornado(table)
    assert any(text.get_text().startswith("~1.5") for text in ax.texts)
    assert "bisection" in ax.texts[-1].get_text()


def test_neighbouring_thresholds_do_not_hide_each_other():
    t, go = bg.Value("t"), bg.When(A="go")

    class Line:
        name, settings = "line", ("now",)
        model = bg.PayoffModel.of(
            {"A": ("stay", "go", "run")}, {"A": go * (t - 0.6) + bg.When(A="run") * (2 * t - 1.25)}
        )

        def space_at(self, _):
            return bg.Space([bg.Parameter("t", bg.Triangular(0, 0.5, 1))])

    table = bg.thresholds(Line(), "now")
    assert len(table) == 2
    ax = tornado(table)
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts if "(+" in text.get_text()]
    assert len(boxes) == 2
    assert not boxes[0].overlaps(boxes[1])


def test_mixed_equilibria_are_grey(scenario):
    ax = tornado(bg.thresholds(scenario, "2020-08 default", solver=bg.AllNash(), parameters=["agenda_cost"]))
    assert style.REMAINDER["(mixed)"].face in [face for *_, face in segments(ax, 0)]


def test_another_table_is_refused():
    with pytest.raises(bg.errors.InvalidArgumentError, match=r"thresholds\(\)"):
        tornado(pd.DataFrame({"value": [1.0]}))
