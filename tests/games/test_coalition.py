import numpy as np
import pytest

from bargain.errors import InvalidGameError, UnknownNameError
from bargain.games.coalition import CoalitionalGame


def test_coalitions_are_numbered_by_their_members():
    game = CoalitionalGame(("A", "B"), {"A": 1, "B": [2, 3], ("B", "A"): 7})
    assert game.coalitions == ((), ("A",), ("B",), ("A", "B"))
    assert game.worth.tolist() == [[0, 0], [1, 1], [2, 3], [7, 7]]
    assert game.of({"A", "B"}).tolist() == [7, 7]
    assert game.of("B").tolist() == [2, 3]
    with pytest.raises(UnknownNameError, match="unknown player 'C'"):
        game.of("C")


def test_a_function_gives_the_same_game():
    game = CoalitionalGame.of_function(("A", "B", "C"), lambda who: len(who) ** 2 + ("C" in who))
    assert game.worth[:, 0].tolist() == [0, 1, 1, 4, 2, 5, 5, 10]


def test_excess_is_worth_less_payoffs():
    game = CoalitionalGame(("A", "B"), {"A": 1, "B": 2, ("A", "B"): 7})
    assert game.excess((3, 4))[:, 0].tolist() == [0, -2, -2, 0]
    with pytest.raises(InvalidGameError, match="one for each of 2 players"):
        game.excess((1, 2, 3))


@pytest.mark.parametrize(
    ("worth", "message"),
    [
        ({"A": 1, "B": 1}, r"none for 1 coalitions, such as \['A', 'B'\]"),
        ({"A": 1, "B": 1, ("A", "B"): 1, ("B", "A"): 2}, "given twice"),
        ({"A": 1, "B": 1, "C": 1}, "do not play"),
        ({"A": np.inf, "B": 1, ("A", "B"): 1}, "finite"),
        ({"A": [1, 2], "B": [1, 2, 3], ("A", "B"): 1}, "1 or 3 draws"),
    ],
)
def test_what_is_no_game_is_refused(worth, message):
    with pytest.raises(InvalidGameError, match=message):
        CoalitionalGame(("A", "B"), worth)


@pytest.mark.parametrize(
    ("worth", "message"),
    [
        ([0, 1, 2, 3], "a mapping from coalitions"),
        ({(): 1, "A": 0, "B": 0, ("A", "B"): 1}, "nobody is worth nothing"),
        ({"A": "much", "B": 0, ("A", "B"): 1}, "a finite number was expected, given 'much'"),
    ],
)
def test_worths_that_are_none(worth, message):
    with pytest.raises(InvalidGameError, match=message):
        CoalitionalGame(("A", "B"), worth)
