"""Quantal response: lines are the branch, circles the equilibrium it tends to."""

import numpy as np
import pandas as pd
import pytest

import bargain as bg
from bargain.plots.logit_branch import logit_branch

HUNT = bg.NormalForm(
    {"row": ("hunt", "hide"), "column": ("hunt", "hide")}, [[[9, 0], [8, 7]], [[9, 8], [0, 7]]]
)


def test_lines_are_the_branch_in_bands_one_above_the_other():
    branch = bg.LogitQRE(precision=2.0).branch(HUNT)
    ax = logit_branch(branch)
    drawn = [line for line in ax.lines if len(line.get_xdata()) == len(branch)]
    assert len(drawn) == 4
    upper, lower = drawn[0].get_ydata(), drawn[2].get_ydata()
    assert np.allclose(upper - lower, upper[0] - lower[0])  # the game is symmetric
    assert np.allclose(lower, branch["column", "hunt"])


def test_circles_mark_the_nearest_equilibrium():
    equilibria = bg.solve(HUNT, bg.AllNash())
    assert len(equilibria) == 3
    ax = logit_branch(bg.LogitQRE(precision=2.0).branch(HUNT), equilibria=equilibria)
    circles = [float(line.get_ydata()[0]) for line in ax.lines if line.get_marker() == "o"]
    assert circles[2:] == [0.0, 1.0]  # the hares of risk dominance, not the stag
    assert "nearest Nash equilibrium" in ax.texts[-1].get_text().replace("\n", " ")


def test_names_at_the_ends_of_lines_do_not_overlap():
    random = np.random.default_rng(2)
    game = bg.NormalForm(
        {"A": ("an action with a long name", "b", "c", "d"), "B": tuple("wxyz")},
        random.normal(size=(2, 4, 4)),
    )
    ax = logit_branch(bg.LogitQRE(precision=30.0).branch(game))
    ax.figure.draw_without_rendering()
    names = {"an action with a long name", *"bcdwxyz"}
    boxes = [text.get_bbox_patch().get_window_extent() for text in ax.texts if text.get_text() in names]
    assert len(boxes) == 8
    tall = [(box.y0 + 2, box.y1 - 2) for box in boxes]
    assert not any(a < d and c < b for i, (a, b) in enumerate(tall) for c, d in tall[:i])


def test_who_has_no_choice_has_no_band():
    game = bg.load_scenario("gsomia").game("2019-11 deadline", fix={"USA": "press"})
    ax = logit_branch(bg.LogitQRE(precision=2.0).branch(game))
    words = {text.get_text() for text in ax.texts}
    assert {"ROK", "JPN"} <= words
    assert not {"USA", "press"} & words


def test_wrong_use():
    branch = bg.LogitQRE(precision=2.0).branch(HUNT)
    with pytest.raises(bg.errors.InvalidArgumentError, match="LogitQRE"):
        logit_branch(pd.DataFrame({"hunt": [1.0]}))
    with pytest.raises(bg.errors.InvalidArgumentError, match="positive precision"):
        logit_branch(branch.iloc[:1])
    with pytest.raises(bg.errors.InvalidArgumentError, match="nobody has a choice"):
        logit_branch(bg.LogitQRE(precision=2.0).branch(HUNT.hold({"row": "hunt", "column": "hide"})))
    gsomia = bg.solve(bg.load_scenario("gsomia").game("2019-11 deadline"), bg.PureNash())
    with pytest.raises(bg.errors.InvalidArgumentError, match="the branch is of"):
        logit_branch(branch, equilibria=gsomia)
