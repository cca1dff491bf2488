"""Every equilibrium of games of any size."""

import numpy as np
import pytest
from tests.reference.newton_supports import newton_supports, same

from bargain.games.profiles import regrets
from bargain.solvers.nash import boxes, general
from bargain.solvers.nash.general import general_equilibria
from bargain.solvers.nash.three_player import three_player_equilibria
from bargain.solvers.solution import Status


def profiles(found, draw):
    return [
        [strategy[:, place] for strategy in found.strategies] for place in np.flatnonzero(found.draw == draw)
    ]


def assert_same_sets(one, other):
    assert np.array_equal(one.codes, other.codes)
    for draw in range(one.codes.size):
        first, second = profiles(one, draw), profiles(other, draw)
        assert len(first) == len(second)
        assert all(any(same(a, b) for b in second) for a in first)


@pytest.mark.parametrize(
    ("shape", "draws"), [((2, 2), 200), ((3, 3), 200), ((2, 2, 2), 200), ((2, 2, 2, 2), 40), ((3, 3, 3), 6)]
)
def test_random_games_are_solved(shape, draws):
    payoffs = np.random.default_rng(1).normal(size=(len(shape), *shape, draws))
    found = general_equilibria(payoffs)
    assert (found.codes == Status.SOLVED).all()
    assert (np.bincount(found.draw, minlength=draws) % 2 == 1).all()
    assert regrets(payoffs[..., found.draw], found.strategies).max() < 1e-9


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2), (3, 3, 2)])
def test_the_same_sets_as_the_polynomials(shape):
    payoffs = np.random.default_rng(2).normal(size=(3, *shape, 60))
    assert_same_sets(general_equilibria(payoffs), three_player_equilibria(payoffs))


@pytest.mark.parametrize(("shape", "draws"), [((2, 2, 2, 2), 1), ((3, 3, 2), 1)])
def test_whatever_the_slow_twin_finds_is_found(shape, draws):
    rng = np.random.default_rng(3)
    payoffs = rng.normal(size=(len(shape), *shape, draws))
    found = general_equilibria(payoffs)
    for draw in range(draws):
        own = profiles(found, draw)
        for profile in newton_supports(payoffs[..., draw], rng, starts=4):
            assert any(same(profile, other) for other in own)


@pytest.mark.parametrize(
    ("shape", "draws"), [((2, 2, 2, 2), 10), ((4, 2, 2), 10), ((3, 3, 2), 10), ((3, 3, 3), 2)]
)
def test_whatever_gambit_finds_is_found(shape, draws):
    pygambit = pytest.importorskip("pygambit")
    payoffs = np.random.default_rng(7).normal(size=(len(shape), *shape, draws))
    found = general_equilibria(payoffs)
    compared = 0
    for draw in range(draws):
        own = profiles(found, draw)
        game = pygambit.Game.from_arrays(*payoffs[..., draw])
        for mixed in pygambit.nash.enumpoly_solve(game).equilibria:
            profile = [np.array([float(p) for _, p in strategy]) for _, strategy in mixed.mixed_strategies()]
            if regrets(payoffs[..., [draw]], [strategy[:, None] for strategy in profile]).max() < 1e-6:
                compared += 1
                assert any(same(profile, other) for other in own)
    assert compared >= draws


@pytest.mark.parametrize("shape", [(2, 2, 2, 2), (3, 3, 2)])
def test_players_on_very_different_scales(shape):
    payoffs = np.random.default_rng(5).normal(size=(len(shape), *shape, 10))
    scales = 10.0 ** np.linspace(-8, 8, len(shape)).reshape(-1, *[1] * (len(shape) + 1))
    assert_same_sets(general_equilibria(payoffs * scales), general_equilibria(payoffs))


def test_very_different_payoffs_of_one_player_are_solved_or_flagged():
    rng = np.random.default_rng(6)
    payoffs = rng.normal(size=(4, 2, 2, 2, 2, 30)) * 10.0 ** rng.choice([-8, 0, 8], size=(4, 2, 2, 2, 2, 30))
    found = general_equilibria(payoffs)
    count = np.bincount(found.draw, minlength=30)
    assert ((count % 2 == 1) | (found.codes != Status.SOLVED)).all()
    width = np.ptp(payoffs.reshape(4, -1, 30), axis=1)[:, found.draw]
    assert (regrets(payoffs[..., found.draw], found.strategies) / width).max() < 1e-9


def test_small_integers_are_odd_or_flagged():
    payoffs = np.random.default_rng(4).integers(0, 6, size=(4, 2, 2, 2, 2, 40)).astype(float)
    found = general_equilibria(payoffs)
    count = np.bincount(found.draw, minlength=40)
    assert ((count % 2 == 1) | (found.codes != Status.SOLVED)).all()
    assert (found.codes == Status.SOLVED).any()
    assert (count > 0).all()
    assert regrets(payoffs[..., found.draw], found.strategies).max() < 1e-8


def test_one_player_with_a_choice():
    payoffs = np.zeros((2, 3, 1, 1))
    payoffs[0, :, 0, 0] = [1.0, 3.0, 2.0]
    found = general_equilibria(payoffs)
    assert found.codes.tolist() == [Status.SOLVED]
    assert found.strategies[0].T.tolist() == [[0.0, 1.0, 0.0]]


def test_a_search_that_is_cut_short_is_incomplete(monkeypatch):
    payoffs = np.random.default_rng(1).normal(size=(3, 2, 2, 2, 300))
    complete = general_equilibria(payoffs)
    mixed = np.unique(complete.draw[np.min([s.min(axis=0) for s in complete.strategies], axis=0) > 0])
    monkeypatch.setattr(boxes, "_BOXES", 0)
    monkeypatch.setattr(general, "_CHUNK", 7)  # blocks do not matter
    found = general_equilibria(payoffs)
    assert (found.codes[mixed] == Status.INCOMPLETE).any()
    assert set(found.codes.tolist()) <= {Status.SOLVED, Status.INCOMPLETE, Status.FAILED}


def test_of_games_with_too_many_supports_the_smallest_are_searched():
    payoffs = np.random.default_rng(0).normal(size=(2, 27, 64, 1))
    payoffs[:, 3, 5] = 9.0
    found = general_equilibria(payoffs)
    assert found.codes.tolist() == [Status.INCOMPLETE]
    assert [own.argmax(axis=0)[0] for own in found.strategies] == [3, 5]
