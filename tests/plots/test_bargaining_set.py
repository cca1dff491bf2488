"""The bargaining set: its hull, its efficient part, and every solution where it lies."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import ConvexHull

import bargain as bg
from bargain.plots.bargaining_set import _frontier, _hull, bargaining_set

SALE = bg.BargainingProblem(
    ("seller", "buyer"), {"sale": (3, 1), "on credit": (1, 2), "gift": (-1, 2.5)}, disagreement=(0, 0)
)


def marks(ax):
    return {
        line.get_label().split(" (")[0]: line.get_xydata()[0].tolist()
        for line in ax.lines
        if line.get_marker() not in {"None", ""} and " (" in str(line.get_label())
    }


def test_solutions_stand_where_they_lie():
    drawn = marks(bargaining_set(SALE))
    for name, concept in (("Nash", bg.NashBargaining()), ("egalitarian", bg.Egalitarian())):
        assert drawn[name] == pytest.approx(concept.solve(SALE).payoffs[:, 0].tolist())
    assert drawn["no deal"] == [0, 0]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=12))
def test_hull_and_frontier(points):
    points = np.array(points, dtype=float)
    around = _hull(points)
    if np.linalg.matrix_rank(points - points[0]) == 2:
        hull = ConvexHull(points)
        assert {tuple(p) for p in around} == {tuple(p) for p in points[hull.vertices]}
    line = _frontier(around)
    steps = np.diff(line, axis=0)
    assert (steps[:, 0] > 0).all()
    assert (steps[:, 1] < 0).all()
    # No point is better than the frontier: weights that make two ends equally good make no point better.
    for (a, b), step in zip(line, steps, strict=False):
        normal = np.array([-step[1], step[0]])
        assert (points @ normal <= np.array([a, b]) @ normal + 1e-9).all()
    assert (points.max(axis=0) == [line[-1, 0], line[0, 1]]).all()


def test_without_lotteries_the_efficient_packages_are_filled():
    problem = bg.BargainingProblem(
        ("A", "B"), {"x": (1, 2), "y": (2, 1), "z": (1, 1)}, disagreement=(0, 0), lotteries=False
    )
    ax = bargaining_set(problem)
    (filled,) = [line for line in ax.lines if line.get_label() == "efficient packages"]
    assert filled.get_xydata().tolist() == [[1, 2], [2, 1]]


def test_few_packages_are_named_many_are_not():
    assert {"sale", "on credit", "gift"} <= {text.get_text() for text in bargaining_set(SALE).texts}
    angles = np.linspace(0, np.pi / 2, 30)
    many = bg.BargainingProblem(
        ("A", "B"), {f"p{k}": (np.cos(a), np.sin(a)) for k, a in enumerate(angles)}, disagreement=(0, 0)
    )
    assert len(bargaining_set(many).texts) == 1


def test_a_frontier_and_floors():
    problem = bg.BargainingFrontier(("A", "B"), lambda x: (x, 1 - x**2), (0, 1), (0, 0), floors=(0, 0.7))
    ax = bargaining_set(problem)
    assert marks(ax)["Nash"] == pytest.approx(bg.NashBargaining().solve(problem).payoffs[:, 0].tolist())
    assert "ratify" in ax.texts[-1].get_text().replace("\n", " ")


def test_no_agreement_is_said():
    hopeless = bg.BargainingProblem(("A", "B"), {"x": (1, -1)}, disagreement=(0, 0))
    labels = [text.get_text() for text in bargaining_set(hopeless).get_legend().get_texts()]
    assert "Nash: no agreement" in labels


def test_wrong_use():
    three = bg.BargainingProblem.division(("A", "B", "C"), 1.0, (0, 0, 0))
    with pytest.raises(bg.errors.UnsupportedGameError, match="here they are 3"):
        bargaining_set(three)
    with pytest.raises(bg.errors.UnknownDrawError):
        bargaining_set(SALE, draw=1)
    other = bg.NashBargaining().solve(three)
    with pytest.raises(bg.errors.InvalidArgumentError, match="another problem"):
        bargaining_set(SALE, solutions={"Nash": other})
