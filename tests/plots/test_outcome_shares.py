"""Outcome shares: bars add up, history comes first, small shares are pooled openly."""

import pandas as pd
import pytest

import bargain as bg
from bargain.plots import style
from bargain.plots.outcome_shares import outcome_shares


def table(shares, *, draws=100):
    index = pd.MultiIndex.from_tuples(
        [key if isinstance(key, tuple) else (key, "") for key in shares], names=["A", "B"]
    )
    low, high = bg.wilson_interval([round(share * draws) for share in shares.values()], draws)
    frame = pd.DataFrame({"share": list(shares.values()), "low": low, "high": high}, index=index)
    frame.attrs.update(draws=draws, seed=3)
    return frame


SHARES = {
    ("go", "in"): 0.5,
    ("go", "out"): 0.01,
    ("stay", "in"): 0.24,
    ("stay", "out"): 0.01,
    "(none)": 0.04,
    "(multiple)": 0.2,
}


def segments(ax, row=0):
    """(left, width, face) of the filled segments of a bar."""
    return [
        (bar.get_x(), bar.get_width(), bar.get_facecolor())
        for container in ax.containers
        for bar in getattr(container, "patches", [])
        if round(bar.get_y() + bar.get_height() / 2) == row and bar.get_facecolor()[3] > 0
    ]


def legend(ax):
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_segments_are_side_by_side_and_add_up_to_one():
    bars = segments(outcome_shares({"now": table(SHARES)}))
    edge = 0.0
    for left, width, _ in bars:
        assert left == pytest.approx(edge)
        edge += width
    assert edge == pytest.approx(1)


def test_small_shares_are_pooled_and_the_remainders_are_not():
    ax = outcome_shares({"now": table(SHARES)}, pool=0.05)
    assert legend(ax) == ["go / in", "stay / in", "other outcomes", "(none)", "(multiple)"]
    assert segments(ax)[2][1] == pytest.approx(0.02)


def test_an_outcome_that_is_large_somewhere_is_drawn_everywhere():
    other = {**SHARES, ("go", "in"): 0.2, ("go", "out"): 0.31}
    assert "go / out" in legend(outcome_shares({"now": table(SHARES), "then": table(other)}))


def test_history_comes_first_in_every_coding_and_is_never_pooled():
    ax = outcome_shares({"now": table(SHARES)}, history={"now": [("stay", "in"), ("stay", "out")]})
    assert [width for _, width, _ in segments(ax)[:3]] == pytest.approx([0.24, 0.01, 0.5])
    beside = ax.texts[-2].get_text()
    low, high = bg.wilson_interval(24, 100)
    assert f"● stay / in\n     0.240 [{low:.3f}, {high:.3f}]" in beside
    assert "◆ stay / out" in beside
    assert "another coding" in ax.texts[-1].get_text().replace("\n", " ")


def test_the_interval_stands_at_the_end_of_the_segment():
    ax = outcome_shares({"now": table(SHARES)}, history={"now": [("stay", "in")]})
    (whisker,) = [c for c in ax.containers if hasattr(c, "has_xerr") and c.has_xerr]
    ((start, _), (end, _)) = whisker.lines[2][0].get_segments()[0]
    low, high = bg.wilson_interval(24, 100)
    assert (start, end) == pytest.approx((low, high))


def test_settings_without_history_say_so():
    ax = outcome_shares({"now": table(SHARES), "later": table(SHARES)}, history={"now": [("go", "in")]})
    assert "not yet known" in [text.get_text() for text in ax.texts]


def test_the_caption_tells_draws_and_seed():
    words = outcome_shares({"now": table(SHARES, draws=12000)}).texts[-1].get_text()
    assert "12,000 draws each, seed 3" in words


def test_colours_are_those_of_the_house_style():
    ax = outcome_shares({"now": table(SHARES)})
    first = style.outcome_looks(bg.Labels.of({"A": ("go", "stay"), "B": ("in", "out")}))["go", "in"]
    handle = ax.get_legend().legend_handles[0]
    assert style_hex(handle.get_facecolor()) == first.face


def style_hex(rgba):
    return "#" + "".join(f"{round(255 * part):02x}" for part in rgba[:3])


@pytest.mark.parametrize(
    ("shares", "history", "error", "words"),
    [
        ({}, {}, bg.errors.InvalidArgumentError, "at least one"),
        ({"now": SHARES}, {"then": [("go", "in")]}, bg.errors.UnknownNameError, "'then'"),
        ({"now": SHARES}, {"now": [("go", "inn")]}, bg.errors.UnknownNameError, "did you mean 'in'"),
    ],
)
def test_bad_arguments_are_named(shares, history, error, words):
    with pytest.raises(error, match=words):
        outcome_shares({name: table(rows) for name, rows in shares.items()}, history=history)
