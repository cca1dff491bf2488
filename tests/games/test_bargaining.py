import numpy as np
import pytest

from bargain.errors import InvalidGameError, UnknownDrawError, UnknownNameError
from bargain.games.bargaining import BargainingProblem
from bargain.games.normal import NormalForm


def test_draws_come_last_and_single_ones_are_spread():
    problem = BargainingProblem(
        ("A", "B"), {"one": [[1, 2, 3], [4, 5, 6]], "other": (7, 8)}, disagreement=(0.5, -1)
    )
    assert problem.payoffs.shape == (2, 2, 3)
    assert problem.draws == len(problem) == 3
    assert problem.payoffs[:, 1, 2].tolist() == [7, 8]
    assert problem.gains[:, 0, 1].tolist() == [1.5, 6]
    assert problem[-1].payoffs[:, 0, 0].tolist() == [3, 6]
    with pytest.raises(UnknownDrawError, match="one of 3 draws was expected, given 3"):
        problem[3]
    with pytest.raises(ValueError, match="read-only"):
        problem.payoffs[0] = 0


def test_floors_are_never_below_disagreement():
    problem = BargainingProblem(("A", "B"), {"one": (1, 1)}, disagreement=(0, 2), floors=(0.5, 1))
    assert problem.floors[:, 0].tolist() == [0.5, 2]
    assert problem.acceptable.tolist() == [[False]]


def test_issues_add_up_over_every_way_to_settle_them():
    problem = BargainingProblem.of_issues(
        ("A", "B"),
        {"x": {"yes": (1, 2), "no": (0, 0)}, "y": {"p": (10, 20), "q": [[30, 31], [40, 41]]}},
        disagreement=(0, 0),
    )
    assert problem.packages == ("x: yes, y: p", "x: yes, y: q", "x: no, y: p", "x: no, y: q")
    assert problem.payoffs[:, :, 1].T.tolist() == [[11, 22], [32, 43], [10, 20], [31, 41]]


def test_outcomes_of_a_game_are_packages():
    game = NormalForm({"r": ("a", "b"), "c": ("x", "y")}, np.arange(8).reshape(2, 2, 2))
    problem = BargainingProblem.of_game(game, (0, 0), lotteries=False)
    assert problem.packages == ("a/x", "a/y", "b/x", "b/y")
    assert problem.payoffs[..., 0].tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert not problem.lotteries


def test_packages_can_be_taken_away_and_units_changed():
    problem = BargainingProblem(("A", "B"), {"1": (1, 2), "2": (3, 4), "3": (5, 6)}, (0, 1), floors=(2, 2))
    fewer = problem.keep(["3", "1"])
    assert fewer.packages == ("3", "1")
    assert fewer.payoffs[..., 0].tolist() == [[5, 1], [6, 2]]
    other = problem.rescaled((2, 3), (1, -1))
    assert other.payoffs[:, 0, 0].tolist() == [3, 5]
    assert other.disagreement[:, 0].tolist() == [1, 2]
    assert other.floors[:, 0].tolist() == [5, 5]
    with pytest.raises(UnknownNameError, match="unknown action of 'package' '4'"):
        problem.keep(["4"])
    with pytest.raises(InvalidGameError, match="positive"):
        problem.rescaled((1, 0), (0, 0))


@pytest.mark.parametrize(
    ("players", "packages", "disagreement", "message"),
    [
        (("A", "B"), {}, (0, 0), "a mapping from each package"),
        (("A", "A"), {"x": (1, 1)}, (0, 0), "each name once"),
        (("A", "B"), {"x": (1, 1, 1)}, (0, 0), "package 'x': shape \\(2,\\)"),
        (("A", "B"), {"x": (1, np.nan)}, (0, 0), "package 'x': finite"),
        (("A", "B"), {"x": "abc"}, (0, 0), "package 'x': a number for each of A, B"),
        (("A", "B"), {"x": (1, 1)}, (0,), "disagreement: shape"),
        (("A", "B"), {"x": [[1, 2], [1, 2]], "y": [[1] * 3, [1] * 3]}, (0, 0), "1 or 3 draws"),
    ],
)
def test_what_is_no_problem_is_refused(players, packages, disagreement, message):
    with pytest.raises(InvalidGameError, match=message):
        BargainingProblem(players, packages, disagreement)


def test_numbers_of_players_by_name():
    players, packages = ("A", "B"), {"one": {"A": 1, "B": [0, 2]}, "other": (0, 1)}
    named = BargainingProblem(players, packages, {"B": 0.1, "A": 0})
    plain = BargainingProblem(players, {"one": [[1, 1], [0, 2]], "other": (0, 1)}, (0, 0.1))
    assert (named.payoffs == plain.payoffs).all()
    assert (named.disagreement == plain.disagreement).all()
    with pytest.raises(UnknownNameError, match="disagreement: unknown player"):
        BargainingProblem.division(players, 1, {"A": 0, "C": 0})
    with pytest.raises(InvalidGameError, match="disagreement: none given for B"):
        BargainingProblem.division(players, 1, {"A": 0})
