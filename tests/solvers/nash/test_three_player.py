"""Every equilibrium of three-player games with a two-action player."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reference.newton_supports import newton_supports, same

from bargain.errors import UnsupportedGameError
from bargain.games.profiles import regrets
from bargain.solvers.nash import three_player
from bargain.solvers.nash.closed_form import closed_form
from bargain.solvers.nash.three_player import three_player_equilibria
from bargain.solvers.solution import Status

SHAPES = [(2, 2, 2), (3, 2, 2), (2, 3, 2), (2, 2, 3), (4, 2, 2)]


def counts(found):
    return np.bincount(found.draw, minlength=found.codes.size)


def profiles(found, draw=0):
    return [
        [strategy[:, place] for strategy in found.strategies] for place in np.flatnonzero(found.draw == draw)
    ]


def relative_regret(payoffs, found):
    width = np.ptp(payoffs.reshape(3, -1, payoffs.shape[-1]), axis=1)
    width[width == 0] = 1
    return (regrets(payoffs[..., found.draw], found.strategies) / width[:, found.draw]).max(axis=0, initial=0)


def assert_same_set(found, draw, others):
    own = profiles(found, draw)
    assert len(own) == len(others), (draw, own, others)
    for profile in others:
        assert any(same(profile, other) for other in own), (draw, profile, own)


def structured(rng, shape, draws, kinds):
    """Draw payoffs in which the gains of each player have a given form in the two others' actions."""
    payoffs = np.empty((3, *shape, draws))
    for player, kind in enumerate(kinds):
        one, other = (p for p in range(3) if p != player)

        def table(*axes, player=player):
            return rng.normal(size=(*(shape[p] if p in (player, *axes) else 1 for p in range(3)), draws))

        match kind:
            case "any":
                own = table(one, other)
            case "ignores first":
                own = table(other)
            case "ignores second":
                own = table(one)
            case "ignores both":
                own = table()
            case "additive":
                own = table(one) + table(other)
            case "factorised":
                own = table(one) * table(other)
        level = rng.normal(size=(*(1 if p == player else shape[p] for p in range(3)), draws))
        payoffs[player] = own + level  # what does not depend on the own action changes no gain
    return payoffs


def test_the_nine_equilibria_of_mckelvey_and_mclennan():
    table = {
        "000": [9, 8, 12], "100": [0, 0, 0], "010": [0, 0, 0], "110": [9, 8, 2],
        "001": [0, 0, 0], "101": [3, 4, 6], "011": [3, 4, 6], "111": [0, 0, 0],
    }  # fmt: skip
    payoffs = np.empty((3, 2, 2, 2, 1))
    for key, values in table.items():
        payoffs[(slice(None), *map(int, key), 0)] = values
    expected = [
        [0.5, 0.4, 0.25], [0.4, 0.5, 1 / 3], [0.5, 0.5, 1], [1 / 3, 1, 0.25], [1, 1, 1], [1, 0, 0],
        [0, 0.25, 1 / 3], [0, 1, 0], [0, 0, 1],
    ]  # fmt: skip
    found = three_player_equilibria(payoffs)
    first = np.array([strategy[0] for strategy in found.strategies]).T
    assert found.codes.tolist() == [Status.SOLVED]
    assert len(first) == 9
    for point in expected:
        assert np.abs(first - point).max(axis=1).min() < 1e-9


@pytest.mark.parametrize("shape", [*SHAPES, (3, 3, 2), (2, 4, 3)])
def test_random_games_are_solved_with_indices_that_add_to_one(shape):
    payoffs = np.random.default_rng(1).normal(size=(3, *shape, 300 if min(sorted(shape)[1:]) > 2 else 4000))
    found = three_player_equilibria(payoffs)
    assert (found.codes == Status.SOLVED).all()
    assert (counts(found) % 2 == 1).all()
    assert relative_regret(payoffs, found).max() < 1e-12
    assert (np.diff(found.draw) >= 0).all()
    for strategy in found.strategies:
        assert np.abs(strategy.sum(axis=0) - 1).max() < 1e-12
        assert strategy.min() >= 0


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2), (3, 3, 2)])
def test_small_integers_are_odd_or_flagged(shape):
    payoffs = np.random.default_rng(2).integers(0, 10, size=(3, *shape, 1000)).astype(float)
    found = three_player_equilibria(payoffs)
    even = counts(found) % 2 == 0
    assert (found.codes[even] != Status.SOLVED).all()
    assert (found.codes != Status.FAILED).all()
    assert (found.codes == Status.SOLVED).mean() > 0.25
    assert relative_regret(payoffs, found).max() < 1e-9


KINDS = ["any", "ignores first", "ignores second", "ignores both", "additive", "factorised"]


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2)])
@pytest.mark.parametrize("kinds", list(itertools.product(KINDS, repeat=3)), ids=" | ".join)
def test_structured_gains_lose_nothing(shape, kinds):
    payoffs = structured(np.random.default_rng(3), shape, 200, kinds)
    found = three_player_equilibria(payoffs)
    assert ((counts(found) % 2 == 1) | (found.codes != Status.SOLVED)).all()
    assert relative_regret(payoffs, found).max() < 1e-9
    assert (found.codes == Status.SOLVED).all()  # such structure alone makes no game degenerate


@pytest.mark.parametrize(
    "kinds",
    [
        ("any", "any", "any"),
        ("factorised", "factorised", "factorised"),
        ("ignores first", "any", "factorised"),
        ("ignores second", "ignores second", "ignores first"),
        ("additive", "factorised", "ignores second"),
    ],
    ids=" | ".join,
)
@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2)])
def test_the_same_set_as_the_slow_twin(shape, kinds):
    rng = np.random.default_rng(4)
    payoffs = structured(rng, shape, 2, kinds)
    found = three_player_equilibria(payoffs)
    assert (found.codes == Status.SOLVED).all()
    for draw in range(2):
        assert_same_set(found, draw, newton_supports(payoffs[..., draw], rng, starts=8))


@pytest.mark.parametrize("shape", SHAPES[:2])
def test_the_two_methods_agree(shape):
    payoffs = np.random.default_rng(5).normal(size=(3, *shape, 1500))
    quick, suspicious = closed_form(payoffs)
    careful = three_player._searched(payoffs)
    assert not suspicious.any()
    assert np.array_equal(np.bincount(quick.draw), counts(careful))
    for draw in range(200):
        careful_set = profiles(careful, draw)
        assert_same_set(careful, draw, careful_set)
        for profile in profiles(quick, draw):
            assert any(same(profile, other) for other in careful_set)


def test_the_players_may_come_in_any_order():
    payoffs = np.random.default_rng(6).normal(size=(3, 3, 2, 2, 200))
    found = three_player_equilibria(payoffs)
    for order in itertools.permutations(range(3)):
        moved = payoffs[list(order)].transpose(0, *(1 + player for player in order), 4)
        other = three_player_equilibria(moved)
        assert np.array_equal(counts(found), counts(other))
        for draw in range(0, 200, 20):
            back = [
                [profile[order.index(player)] for player in range(3)] for profile in profiles(other, draw)
            ]
            assert_same_set(found, draw, back)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([(2, 2, 2), (3, 2, 2), (2, 3, 2)]),
    st.sampled_from(["affine", "own", "actions", "externality"]),
)
def test_laws(seed, shape, law):
    rng = np.random.default_rng(seed)
    payoffs = rng.normal(size=(3, *shape, 3))
    changed, turned = payoffs.copy(), [np.arange(size) for size in shape]
    if law == "affine":
        changed = rng.normal(size=(3, 1, 1, 1, 1)) + changed * 10.0 ** rng.uniform(
            -6, 6, size=(3, 1, 1, 1, 1)
        )
    elif law == "externality":  # whatever a player's own action does not change
        for player in range(3):
            changed[player] += rng.normal(size=payoffs.shape[1:]).take([0], axis=player)
    else:
        turned = [rng.permutation(size) for size in shape]
        changed = payoffs[(slice(None), *np.ix_(*turned))]
    before, after = three_player_equilibria(payoffs), three_player_equilibria(changed)
    for draw in range(3):
        moved = [
            [strategy[order] for strategy, order in zip(profile, turned, strict=True)]
            for profile in profiles(before, draw)
        ]
        assert_same_set(after, draw, moved)


def test_badly_scaled_payoffs():
    """Players' scales sixteen orders apart change nothing."""
    payoffs = np.random.default_rng(7).normal(size=(3, 2, 2, 2, 200))
    scaled = payoffs * np.array([1e-8, 1.0, 1e8]).reshape(3, 1, 1, 1, 1)
    assert np.array_equal(counts(three_player_equilibria(payoffs)), counts(three_player_equilibria(scaled)))


def test_constant_payoffs_are_degenerate():
    found = three_player_equilibria(np.zeros((3, 2, 2, 2, 2)))
    assert found.codes.tolist() == [Status.DEGENERATE] * 2
    assert counts(found).tolist() == [8, 8]  # the extreme points


def test_the_ends_of_a_segment_of_equilibria():
    """Player 1 is indifferent at (1, 1); its mixes with weight at least 0.4 on the first keep player 2 there."""
    payoffs = np.zeros((3, 2, 2, 2, 1))
    payoffs[0, 1, 0, 0] = 1.0
    payoffs[1, :, 1, 1, 0] = [2.0, -3.0]  # by playing its second action, where player 3 does
    payoffs[1, :, 1, 0, 0] = 1.0
    payoffs[2, :, :, 1, 0] = 1.0
    found = three_player_equilibria(payoffs)
    assert found.codes.tolist() == [Status.DEGENERATE]
    assert any(
        same(p, [np.array([0.6, 0.4]), np.array([0, 1.0]), np.array([0, 1.0])]) for p in profiles(found)
    )


def test_no_draws():
    found = three_player_equilibria(np.zeros((3, 2, 2, 2, 0)))
    assert found.draw.size == found.codes.size == 0


@pytest.mark.parametrize("shape", [(3, 3, 3), (2, 2, 1)])
def test_other_sizes_are_refused(shape):
    with pytest.raises(UnsupportedGameError, match="two actions"):
        three_player_equilibria(np.zeros((3, *shape, 1)))


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2)])
def test_whatever_enumpoly_finds_is_found(shape):
    pygambit = pytest.importorskip("pygambit")
    payoffs = np.random.default_rng(8).normal(size=(3, *shape, 40))
    found = three_player_equilibria(payoffs)
    for draw in range(40):
        game = pygambit.Game.from_arrays(*payoffs[..., draw])
        own = profiles(found, draw)
        for equilibrium in pygambit.nash.enumpoly_solve(game).equilibria:
            theirs = [
                np.array([float(equilibrium[strategy]) for strategy in player.strategies])
                for player in game.players
            ]
            assert any(same(theirs, profile, 1e-4) for profile in own)
