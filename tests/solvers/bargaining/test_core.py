import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from bargain.games.coalition import CoalitionalGame, membership
from bargain.solvers.bargaining.core import core
from bargain.solvers.bargaining.shapley import shapley_value

SEEDS = st.integers(0, 2**32 - 1)


def random_game(seed, players, draws=1):
    rng = np.random.default_rng(seed)
    return CoalitionalGame.of_function(
        "ABCD"[:players], lambda who: rng.uniform(0, 1, draws) * (2 if len(who) == players else 1)
    )


@pytest.mark.parametrize(
    ("worth", "nonempty", "least", "nucleolus"),
    [
        (lambda who: float(len(who) >= 2), False, 1 / 3, [1 / 3] * 3),  # majority
        (lambda who: float("C" in who and len(who) >= 2), True, 0, [0, 0, 1]),  # gloves: C holds the rare one
        (lambda who: len(who) ** 2, True, -2, [3, 3, 3]),  # convex
        (lambda who: 0.0, True, 0, [0, 0, 0]),
    ],
)
def test_known_games(worth, nonempty, least, nucleolus):
    found = core(CoalitionalGame.of_function("ABC", worth))
    assert found.nonempty.tolist() == [nonempty]
    assert abs(found.least_excess[0] - least) < 1e-9
    assert np.abs(found.payoffs[:, 0] - nucleolus).max() < 1e-9


def test_contested_garments():
    """Aumann and Maschler: the Talmud divides estates among claims of 100, 200 and 300 as the nucleolus does."""
    claims = {"A": 100, "B": 200, "C": 300}
    for estate, shares in ((100, [100 / 3] * 3), (200, [50, 75, 75]), (300, [50, 100, 150])):
        game = CoalitionalGame.of_function(
            "ABC",
            lambda who: max(0, estate - sum(claims[p] for p in claims if p not in who)),  # noqa: B023
        )
        assert np.abs(core(game).payoffs[:, 0] - shares).max() < 1e-6


@settings(max_examples=40)
@given(SEEDS, st.integers(2, 4))
def test_the_core_is_empty_exactly_if_some_balanced_weights_say_so(seed, players):
    """Bondareva and Shapley: the dual programme, over weights of coalitions that cover each player once."""
    game = random_game(seed, players)
    members = membership(players)[1:-1]
    answer = linprog(-game.worth[1:-1, 0], A_eq=members.T, b_eq=np.ones(players), method="highs")
    surplus = -answer.fun - game.worth[-1, 0]
    found = core(game)
    if abs(surplus) > 1e-7:
        assert found.nonempty[0] == (surplus < 0)
    assert abs(found.payoffs.sum() - game.worth[-1, 0]) < 1e-9
    excess = game.excess(found.payoffs)[1:-1, 0]
    least = excess[[number - 1 for number in (1, 2, 4, 8)[:players]]].max()
    # It may be more where nobody is to get less than alone.
    assert excess.max() >= found.least_excess[0] - 1e-8
    assert abs(excess.max() - found.least_excess[0]) < 1e-8 or abs(least) < 1e-8


@settings(max_examples=30)
@given(SEEDS, st.integers(2, 4))
def test_no_other_allocation_leaves_less_to_complain_about(seed, players):
    """The nucleolus is the least vector of excesses, largest first: moves of money make it worse.

    Unless they give somebody less than alone, where all can have that.
    """
    rng = np.random.default_rng(seed)
    game = random_game(seed, players)
    best = core(game).payoffs[:, 0]
    own = game.worth[1 << np.arange(players), 0]
    limited = own.sum() <= game.worth[-1, 0]
    assert not limited or (best >= own - 1e-9).all()
    mine = np.sort(game.excess(best)[1:-1, 0])[::-1]
    for scale in (1e-3, 1e-2, 1e-1):
        for _ in range(10):
            move = rng.normal(size=players)
            moved = best + scale * (move - move.mean())
            if limited and (moved < own).any():
                continue
            other = np.sort(game.excess(moved)[1:-1, 0])[::-1]
            differ = np.abs(other - mine) > 1e-7
            assert other[differ.argmax()] > mine[differ.argmax()]


@given(SEEDS, st.integers(2, 4))
def test_convex_games_have_a_core_and_the_shapley_value_lies_in_it(seed, players):
    rng = np.random.default_rng(seed)
    size = rng.uniform(0, 1, players)
    game = CoalitionalGame.of_function(
        "ABCD"[:players], lambda who: sum(size["ABCD".index(p)] for p in who) ** 2
    )
    assert core(game).nonempty[0]
    assert game.excess(shapley_value(game))[1:, 0].max() < 1e-12


def test_one_player_and_several_draws():
    assert core(CoalitionalGame(("A",), {"A": [3, 4]})).payoffs.tolist() == [[3, 4]]
    game = CoalitionalGame("AB", {"A": [1, 3], "B": [1, 3], ("A", "B"): [4, 4]})
    found = core(game)
    assert found.nonempty.tolist() == [True, False]
    assert np.abs(found.least_excess - [-1, 1]).max() < 1e-9
    assert np.abs(found.payoffs - 2).max() < 1e-9


def test_nobody_gets_less_than_alone_in_the_nucleolus():
    """Peleg and Sudhoelter (2007), example 5.5.12: two are worth ten, all three only two."""
    worth = {"1": 0, "2": 0, "3": 0, ("1", "2"): 10, ("1", "3"): 0, ("2", "3"): 0, ("1", "2", "3"): 2}
    found = core(CoalitionalGame(("1", "2", "3"), worth))
    assert found.payoffs[:, 0] == pytest.approx([1, 1, 0], abs=1e-9)
    # The least core knows no such limit: (3, 3, -4).
    assert found.least_excess == pytest.approx([4], abs=1e-9)
