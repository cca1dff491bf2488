"""Best replies: lines meet exactly in the equilibria, arrows lead where a player gains."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt

import bargain as bg
from bargain.plots.best_reply_diagram import best_reply_diagram

TWO = {"row": ("up", "down"), "column": ("left", "right")}
CHICKEN = bg.NormalForm(
    {"row": ("swerve", "stay"), "column": ("swerve", "stay")}, [[[3, 1], [4, 0]], [[3, 4], [1, 0]]]
)


def lines(ax):
    """The best replies as points: of the first player, then of the second."""
    return [line.get_xydata() for line in ax.lines if line.get_label().startswith("best reply")]


def marks(ax):
    return {
        tuple(np.round(line.get_xydata()[0], 9).tolist()): line.get_marker()
        for line in ax.lines
        if line.get_marker() in {"o", "D"}
    }


def on(path, point):
    """Say whether a point lies on a path that goes along the axes."""
    return any(
        (np.minimum(a, b) - 1e-9 <= point).all() and (point <= np.maximum(a, b) + 1e-9).all()
        for a, b in itertools.pairwise(path)
    )


def test_chicken():
    ax = best_reply_diagram(CHICKEN)
    assert marks(ax) == {(0.0, 1.0): "o", (1.0, 0.0): "o", (0.5, 0.5): "D"}
    assert {text.get_text() for text in ax.texts[:-1]} == {
        "swerve / stay",
        "stay / swerve",
        "stay 0.50 / stay 0.50",
    }


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(-3, 3), min_size=8, max_size=8))
def test_every_equilibrium_lies_on_both_lines_and_other_crossings_on_neither(numbers):
    game = bg.NormalForm(TWO, np.array(numbers, dtype=float).reshape(2, 2, 2))
    ax = best_reply_diagram(game)
    paths = lines(ax)
    grid = [(x, y) for x in np.linspace(0, 1, 5) for y in np.linspace(0, 1, 5)]
    if len(paths) == 2:
        for x, y in [*marks(ax), *grid]:
            both = all(on(path, np.array([x, y])) for path in paths)
            profile = {"row": [1 - x, x], "column": [1 - y, y]}
            assert both == bool(game.regret(profile)[0] < 1e-7)
    plt.close("all")


def test_a_slice_tells_which_equilibria_are_none_of_the_whole():
    game = bg.load_scenario("gsomia").game("2019-11 deadline")
    ax = best_reply_diagram(game, keep={"ROK": ("renew", "terminate"), "USA": ("press",)})
    (mark,) = [line for line in ax.lines if line.get_marker() == "o"]
    assert mark.get_markerfacecolor() == "white"
    assert "hollow" in ax.texts[-1].get_text()
    assert "USA held to press" in ax.texts[-1].get_text().replace("\n", " ")
    kept = best_reply_diagram(game, keep={"ROK": ("suspend", "terminate"), "USA": ("press",)})
    assert "hollow" not in kept.texts[-1].get_text()


def test_arrows_of_a_table_lead_to_best_replies_and_leave_every_cell_but_equilibria():
    random = np.random.default_rng(5)
    game = bg.NormalForm(
        {"row": tuple("abcd"), "column": tuple("xyz")}, random.integers(0, 9, (2, 4, 3)).astype(float)
    )
    ax = best_reply_diagram(game)
    arrows = sum(1 for text in ax.texts if text.get_text() == "" and text.arrow_patch is not None)
    payoffs = game.payoffs[..., 0]
    below = sum(int((own < own.max(axis=axis, keepdims=True)).sum()) for axis, own in enumerate(payoffs))
    assert arrows == below
    framed = sum(1 for patch in ax.patches if patch.get_linewidth() == 2.4)
    assert framed == len(bg.solve(game, bg.PureNash()))


def test_wrong_use():
    game = bg.load_scenario("gsomia").game("2019-11 deadline")
    with pytest.raises(bg.errors.UnsupportedGameError, match="here they are 3"):
        best_reply_diagram(game)
    with pytest.raises(bg.errors.UnknownNameError, match="suspend"):
        best_reply_diagram(game, keep={"ROK": ("suspnd",)})
    with pytest.raises(bg.errors.InvalidArgumentError, match="different actions"):
        best_reply_diagram(game, keep={"ROK": ()})
