import numpy as np
import pytest

from bargain.errors import InvalidArgumentError
from bargain.solvers.solution import Status
from bargain.sweep.answers import Answers
from bargain.sweep.readings import Measure

CODES = np.zeros(4, dtype=np.int8)


def example():
    """Draw 0 has one equilibrium, 1 has two that agree on the first measure only, 2 has none, 3 a lottery."""
    draw = np.array([0, 1, 1, 3])
    outcomes = np.array([[1.0, 1.0, 0.0, 0.5], [0.0, 0.0, 1.0, 0.5]])
    measures = np.array([[0.1, 0.2, 0.2, 0.3], [1.0, 2.0, 3.0, np.nan]])
    return Answers(draw, outcomes, measures, np.array([0, 0, Status.NONE, 0], dtype=np.int8))


def test_predictions_say_what_is_possible_and_what_is_certain():
    found = example().predictions()
    assert found.count.tolist() == [1, 2, 0, 1]
    assert found.certain.T.tolist() == [[True, False], [False, False], [False, False], [False, False]]
    assert found.possible.T.tolist() == [[True, False], [True, True], [False, False], [True, True]]


def test_measures_that_differ_between_equilibria_are_not_averaged():
    np.testing.assert_array_equal(
        example().by_draw(), [[0.1, 0.2, np.nan, 0.3], [1.0, np.nan, np.nan, np.nan]]
    )


def test_draws_without_any_equilibrium_have_no_measure():
    nothing = Answers(np.empty(0, int), np.empty((2, 0)), np.empty((1, 0)), CODES)
    assert np.isnan(nothing.by_draw()).all()


def test_answers_of_valid_draws_are_spread_over_all():
    valid = np.array([False, True, True, False, True, True])
    spread = example().spread(valid)
    assert spread.draw.tolist() == [1, 2, 2, 5]
    assert [Status(code).name for code in spread.codes] == [
        "INVALID", "SOLVED", "SOLVED", "INVALID", "NONE", "SOLVED",
    ]  # fmt: skip


def test_a_measure_needs_a_range():
    with pytest.raises(InvalidArgumentError, match="low < high"):
        Measure("years", "years in force", "years", 3, 3)
