"""The cube: every equilibrium has its point and its row, and only games that fit are drawn."""

import numpy as np
import pytest

import bargain as bg
from bargain.plots.equilibrium_cube import equilibrium_cube

MARKERS = {"o": 0, "^": 1, "s": 2, "D": 3}


def mckelvey_mclennan():
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[:, 0, 0, 0] = 9, 8, 12
    payoffs[:, 1, 1, 0] = 9, 8, 2
    payoffs[:, 1, 0, 1] = payoffs[:, 0, 1, 1] = 3, 4, 6
    return bg.NormalForm({"A": ("a1", "a2"), "B": ("b1", "b2"), "C": ("c1", "c2")}, payoffs)


def points(ax):
    """Number of players who mix at each point of the cube."""
    return sorted(
        MARKERS[line.get_marker()]
        for line in ax.lines
        if line.get_marker() in MARKERS and line.get_markersize() == 9
    )


def test_nine_equilibria():
    ax = equilibrium_cube(mckelvey_mclennan())
    assert points(ax) == [0, 0, 0, 0, 2, 2, 2, 3, 3]
    words = [text.get_text() for text in ax.texts]
    assert "a2 0.60 / b1 0.50 / c2 0.67" in words
    assert {str(number) for number in range(1, 10)} <= set(words)


def test_points_stand_where_the_probabilities_say():
    game = mckelvey_mclennan()
    solution = bg.solve(game, bg.AllNash())
    ax = equilibrium_cube(game)
    drawn = [
        line.get_xydata()[0]
        for line in ax.lines
        if line.get_marker() in MARKERS and line.get_markersize() == 9
    ]
    x, depth, up = (strategy[1] for strategy in solution.strategies)
    assert np.allclose(drawn, np.column_stack([x + 0.52 * depth, up + 0.3 * depth]))


def test_a_third_action_that_nobody_plays_does_not_matter():
    ax = equilibrium_cube(bg.load_scenario("gsomia").game("2019-11 deadline"))
    assert points(ax) == [0]
    assert "suspend" in ax.get_xlabel()


def test_many_equilibria_stay_in_the_picture():
    game = mckelvey_mclennan()
    solution = bg.solve(game, bg.AllNash())
    ax = equilibrium_cube(game, equilibria=solution, assumed="so")
    ax.figure.draw_without_rendering()
    inside = ax.figure.get_tightbbox()
    assert inside.x1 <= ax.figure.get_figwidth() + 0.02
    assert "so" in ax.texts[-1].get_text() or "so" in ax.texts[-2].get_text()


def test_wrong_use():
    random = np.random.default_rng(1)
    with pytest.raises(bg.errors.UnsupportedGameError, match="here they are 2"):
        equilibrium_cube(mckelvey_mclennan().hold({"A": "a1"}))
    cycle = np.zeros((3, 3, 3, 2))  # rock, paper, scissors with a bystander
    cycle[0] = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])[:, :, None]
    cycle[1] = -cycle[0]
    cycle[2, :, :, 0] = 1
    game = bg.NormalForm({"A": tuple("rps"), "B": tuple("rps"), "C": ("yes", "no")}, cycle)
    with pytest.raises(bg.errors.UnsupportedGameError, match=r"A plays more than two actions .*\(r, p, s\)"):
        equilibrium_cube(game)
    other = bg.NormalForm(
        {"A": ("x", "y"), "B": ("x", "y"), "C": ("x", "y")}, random.normal(size=(3, 2, 2, 2))
    )
    with pytest.raises(bg.errors.InvalidArgumentError, match="equilibria"):
        equilibrium_cube(mckelvey_mclennan(), equilibria=bg.solve(other, bg.AllNash()))
