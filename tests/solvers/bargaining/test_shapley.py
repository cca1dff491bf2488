import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bargain.games.coalition import CoalitionalGame
from bargain.solvers.bargaining.shapley import shapley_value
from reference import bargaining as slow

SEEDS = st.integers(0, 2**32 - 1)
PLAYERS = "ABCDE"


def random_game(seed, players, draws=3):
    rng = np.random.default_rng(seed)
    return CoalitionalGame.of_function(PLAYERS[:players], lambda _: rng.normal(size=draws))


@given(SEEDS, st.integers(1, 5))
def test_the_average_over_all_orders_is_the_same(seed, players):
    game = random_game(seed, players)
    for draw in range(3):
        worth = {frozenset(members): game.worth[i, draw] for i, members in enumerate(game.coalitions)}
        assert np.abs(shapley_value(game)[:, draw] - slow.shapley(worth, game.players)).max() < 1e-12


@given(SEEDS, st.integers(1, 5))
def test_efficiency(seed, players):
    game = random_game(seed, players)
    assert np.abs(shapley_value(game).sum(axis=0) - game.worth[-1]).max() < 1e-12


@given(SEEDS, st.integers(2, 5))
def test_symmetry(seed, players):
    """Two players that add the same to every coalition get the same."""
    rng = np.random.default_rng(seed)
    worth = {}

    def same(who):
        key = (
            "AB" if {"A", "B"} <= who else "one" if who & {"A", "B"} else "",
            tuple(sorted(who - {"A", "B"})),
        )
        return worth.setdefault(key, rng.normal())

    value = shapley_value(CoalitionalGame.of_function(PLAYERS[:players], same))
    assert abs(value[0, 0] - value[1, 0]) < 1e-12


@given(SEEDS, st.integers(2, 5))
def test_dummy(seed, players):
    """Who adds to every coalition what it has alone gets that."""
    rest = random_game(seed, players - 1, draws=1)
    alone = float(np.random.default_rng(seed).normal())
    dummy = PLAYERS[players - 1]
    game = CoalitionalGame.of_function(
        PLAYERS[:players],
        lambda who: alone * (dummy in who) + (rest.of(who - {dummy}) if who - {dummy} else 0.0),
    )
    value = shapley_value(game)[:, 0]
    assert abs(value[-1] - alone) < 1e-12
    assert np.abs(value[:-1] - shapley_value(rest)[:, 0]).max() < 1e-12


@given(SEEDS, st.integers(1, 5))
def test_additivity(seed, players):
    one, other = random_game(seed, players), random_game(seed + 1, players)
    both = CoalitionalGame.of_function(one.players, lambda who: 2 * one.of(who) + other.of(who))
    assert np.abs(shapley_value(both) - 2 * shapley_value(one) - shapley_value(other)).max() < 1e-12


def test_gloves_and_votes():
    gloves = CoalitionalGame.of_function("LMR", lambda who: float("R" in who and len(who) > 1))
    assert np.abs(shapley_value(gloves)[:, 0] - [1 / 6, 1 / 6, 2 / 3]).max() < 1e-15
    # Five permanent members, and four of ten others: 421 / 2145 each, so many ways are there.
    council = [f"P{i}" for i in range(5)] + [f"N{i}" for i in range(10)]
    numbers = np.arange(1 << 15)
    wins = ((numbers & 31) == 31) & (np.array([(n >> 5).bit_count() for n in numbers]) >= 4)
    game = CoalitionalGame.of_function(council, len)
    assert np.abs(shapley_value(game) - 1).max() < 1e-12
    object.__setattr__(game, "worth", wins.astype(float)[:, None])
    value = shapley_value(game)[:, 0]
    assert np.abs(value[:5] - 421 / 2145).max() < 1e-12
    assert np.abs(value[5:] - 4 / 2145).max() < 1e-12
