"""Counts: every draw once, and blocks in any order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.solvers.solution import Status
from bargain.sweep.reducers import OutcomeCounts, Predictions


def predictions(count, certain, possible, codes):
    return Predictions(
        np.array(possible, bool), np.array(certain, bool), np.array(count), np.array(codes, np.int8)
    )


@st.composite
def counts(draw):
    numbers = st.integers(0, 1000)
    return OutcomeCounts(
        draw(numbers),
        tuple(draw(numbers) for _ in range(3)),
        tuple(draw(numbers) for _ in range(3)),
        *(draw(numbers) for _ in range(4)),
        tuple(draw(numbers) for _ in Status),
    )


@given(counts(), counts(), counts())
def test_counts_are_a_commutative_monoid(a, b, c):
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a
    assert a + OutcomeCounts.zero(3) == a


def test_counts_of_different_games_do_not_add():
    with pytest.raises(ValueError, match="do not add"):
        OutcomeCounts.zero(3) + OutcomeCounts.zero(4)


def test_every_kind_of_draw_is_counted_once():
    # Draws: pure; mixed; two that differ; two that agree; none; failed.
    found = predictions(
        count=[1, 1, 2, 2, 0, 0],
        certain=[[1, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0]],
        possible=[[1, 1, 1, 1, 0, 0], [0, 1, 1, 0, 0, 0]],
        codes=[Status.SOLVED] * 4 + [Status.NONE, Status.FAILED],
    )
    counts = OutcomeCounts.of(found)
    assert counts.certain == (2, 0)
    assert counts.possible == (4, 2)
    assert (counts.mixed, counts.multiple, counts.none, counts.unsolved) == (1, 1, 1, 1)
    assert (
        sum(counts.certain) + counts.mixed + counts.multiple + counts.none + counts.unsolved
        == counts.draws
        == 6
    )
    assert counts.status[Status.SOLVED] == 4


def test_predictions_agree_with_the_profiles_of_the_solution():
    rng = np.random.default_rng(5)
    game = bg.NormalForm({"a": ["x", "y"], "b": ["x", "y", "z"]}, rng.normal(size=(2, 2, 3, 40)))
    solution = bg.solve(game, bg.BimatrixNash())
    found = Predictions.of(solution)
    for draw in range(40):
        played = [{(a, b) for a in profile["a"] for b in profile["b"]} for profile in solution.profiles(draw)]
        for row, outcome in enumerate(game.labels.outcomes):
            assert found.possible[row, draw] == any(outcome in outcomes for outcomes in played)
            assert found.certain[row, draw] == all(outcomes == {outcome} for outcomes in played)
