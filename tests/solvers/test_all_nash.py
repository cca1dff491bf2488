"""AllNash: which method gets which game, and what every answer owes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargain.games.normal import NormalForm
from bargain.solvers import all_nash
from bargain.solvers.all_nash import AllNash
from bargain.solvers.nash import exact
from bargain.solvers.nash.equilibria import Equilibria
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solution, Status, solve
from reference.bimatrix_supports import extreme_equilibria


def game(payoffs):
    payoffs = np.asarray(payoffs, dtype=float)
    shape = payoffs.shape[1 : 1 + payoffs.shape[0]]
    return NormalForm({f"p{i}": [f"a{k}" for k in range(size)] for i, size in enumerate(shape)}, payoffs)


def normal(*shape, draws=20, seed=0):
    return game(np.random.default_rng([seed, *shape]).normal(size=(len(shape), *shape, draws)))


def rows(solution, draw):
    return np.concatenate(solution.strategies)[:, solution.draw == draw].T


def same(some, others, tolerance=1e-7):
    return len(some) == len(others) and all(
        np.abs(others - one).max(axis=1).min() < tolerance for one in some
    )


@pytest.mark.parametrize("shape", [(1,), (1, 1), (3,), (2, 2), (2, 3), (4, 4), (1, 3, 2), (2, 1, 2), (2, 2, 2),
                                   (2, 3, 2), (1, 2, 2, 2), (1, 4, 1)])  # fmt: skip
def test_complete_odd_and_certified(shape):
    solution = solve(normal(*shape), AllNash())
    assert (solution.codes == Status.SOLVED).all()
    assert (solution.count % 2 == 1).all()
    assert (np.diff(solution.draw) >= 0).all()
    assert solution.regret.max() < 1e-9
    assert [strategy.shape[0] for strategy in solution.strategies] == list(shape)
    for strategy in solution.strategies:
        np.testing.assert_allclose(strategy.sum(axis=0), 1.0, atol=1e-12)


@pytest.mark.parametrize("shape", [(3, 2), (2, 1, 3), (2, 2, 2)])
def test_columns_are_those_that_a_solution_works_out_itself(shape):
    solution = solve(normal(*shape), AllNash())
    again = Solution.of(solution.game, solution.solver, solution.draw, solution.strategies, solution.codes)
    for name in ("payoffs", "regret", "outcomes"):
        np.testing.assert_allclose(getattr(solution, name), getattr(again, name), atol=1e-12)


@settings(max_examples=15)
@given(st.lists(st.integers(1, 3), min_size=2, max_size=3), st.integers(0, 99))
def test_every_strict_pure_equilibrium_is_listed(shape, seed):
    instance = normal(*shape, draws=3, seed=seed)
    pure, found = solve(instance, PureNash()), solve(instance, AllNash())
    for draw in range(3):
        for profile in rows(pure, draw):
            assert np.abs(rows(found, draw) - profile).max(axis=1).min() < 1e-12


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_player_without_a_choice_changes_nothing(place):
    two = normal(3, 2)
    extra = np.random.default_rng(1).normal(size=(1, 3, 2, 20))
    payoffs = np.insert(two.payoffs, place, extra, axis=0)
    three = game(np.expand_dims(payoffs, place + 1))
    found, reduced = solve(three, AllNash()), solve(two, AllNash())
    assert (found.strategies[place] == 1).all()
    moving = [strategy for player, strategy in enumerate(found.strategies) if player != place]
    for strategy, other in zip(moving, reduced.strategies, strict=True):
        np.testing.assert_array_equal(strategy, other)


def test_alone_a_player_takes_the_best_and_lists_ties():
    solution = solve(game([[[1.0, 2.0], [3.0, 2.0], [0.0, 1.0]]]), AllNash())
    np.testing.assert_array_equal(solution.strategies[0], [[0, 1, 0], [1, 0, 1], [0, 0, 0]])
    assert solution.draw.tolist() == [0, 1, 1]
    assert solution.codes.tolist() == [Status.SOLVED, Status.DEGENERATE]


def test_blocks_do_not_show(monkeypatch):
    instance = normal(3, 2, draws=50)
    whole = solve(instance, AllNash())
    monkeypatch.setattr(all_nash, "_BLOCK", 7)
    pieces = solve(instance, AllNash())
    for name in ("draw", "payoffs", "regret", "codes", "outcomes"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(pieces, name))
    np.testing.assert_array_equal(np.concatenate(whole.strategies), np.concatenate(pieces.strategies))


def test_room_grows_when_later_draws_have_more_equilibria(monkeypatch):
    dilemma, battle = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]], [[[2, 0], [0, 1]], [[1, 0], [0, 2]]]
    instance = game(np.stack([dilemma] * 10 + [battle] * 30, axis=-1))
    monkeypatch.setattr(all_nash, "_BLOCK", 10)
    solution = solve(instance, AllNash())
    assert solution.count.tolist() == [1] * 10 + [3] * 30
    np.testing.assert_array_equal(rows(solution, 0), [[0, 1, 0, 1]])
    assert same(rows(solution, 39), rows(solution, 10))


def test_what_is_not_an_equilibrium_is_left_out_and_marked(monkeypatch):
    dilemma = game(np.stack([[[[3, 0], [5, 1]], [[3, 5], [0, 1]]]] * 2, axis=-1))

    def wrong(_):
        defect, cooperate = [0.0, 1.0], [1.0, 0.0]
        strategies = np.array([defect, cooperate, cooperate]).T
        return Equilibria(np.array([0, 0, 1]), (strategies, strategies), np.zeros(2, dtype=np.int8))

    monkeypatch.setattr(all_nash, "bimatrix_equilibria", wrong)
    solution = solve(dilemma, AllNash())
    assert solution.profiles() == [{"p0": {"a1": 1.0}, "p1": {"a1": 1.0}}]
    assert solution.codes.tolist() == [Status.INCOMPLETE, Status.FAILED]


def test_larger_games_of_two_are_solved_exactly():
    solution = solve(game([np.eye(10), np.eye(10)]), AllNash())
    assert len(solution) == 2**10 - 1
    assert solution.codes.tolist() == [Status.SOLVED]
    nothing = solve(game(np.zeros((2, 61, 2, 1))), AllNash())
    assert nothing.codes.tolist() == [Status.DEGENERATE]
    assert nothing.count.tolist() == [122]


def test_of_games_that_are_too_large_some_equilibria_are_listed(monkeypatch):
    monkeypatch.setattr(exact, "_RAYS", 20)
    payoffs = np.random.default_rng(2).normal(size=(2, 9, 9, 6))
    solution = solve(game(payoffs), AllNash())
    assert set(solution.codes.tolist()) == {
        Status.SOLVED,
        Status.INCOMPLETE,
    }  # one is small without what is dominated
    assert solution.regret.max(initial=0) < 1e-9
    pure = solve(game(payoffs), PureNash())
    assert (solution.count >= pure.count).all()


def test_actions_that_are_dominated_cost_nothing():
    """The traveller's dilemma of [Basu1994]_, claims from 2 to 40: each round of reasoning rules out one claim."""
    own = np.arange(2.0, 41.0)[:, None]
    claims = np.minimum(own, own.T) + 2 * np.sign(own.T - own)
    solution = solve(game([claims, claims.T]), AllNash())
    assert solution.profiles() == [{"p0": {"a0": 1.0}, "p1": {"a0": 1.0}}]
    assert solution.codes.tolist() == [Status.SOLVED]


def test_a_market_of_three():
    """Cournot, price 12 less all quantities, on a grid that has the equilibrium of 3 each."""
    own = np.arange(0, 7.0)
    price = 12 - (own[:, None, None] + own[:, None] + own)
    solution = solve(game([own[:, None, None] * price, own[:, None] * price, own * price]), AllNash())
    assert {"p0": {"a3": 1.0}, "p1": {"a3": 1.0}, "p2": {"a3": 1.0}} in solution.profiles()


def test_nine_equilibria_of_the_mckelvey_mclennan_game():
    # Gambit's contrib/games/2x2x2.nfg; the nine are in its tests. Probabilities of the first action.
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[:, 0, 0, 0], payoffs[:, 1, 1, 0] = (9, 8, 12), (9, 8, 2)
    payoffs[:, 0, 1, 1], payoffs[:, 1, 0, 1] = (3, 4, 6), (3, 4, 6)
    expected = [[1 / 2, 2 / 5, 1 / 4], [2 / 5, 1 / 2, 1 / 3], [1 / 2, 1 / 2, 1], [1 / 3, 1, 1 / 4], [1, 1, 1],
                [1, 0, 0], [0, 1 / 4, 1 / 3], [0, 1, 0], [0, 0, 1]]  # fmt: skip
    solution = solve(game(payoffs), AllNash())
    found = np.array([strategy[0] for strategy in solution.strategies]).T
    assert same(found, np.array(expected), 1e-9)
    assert solution.regret.max() < 1e-12


def test_chicken():
    solution = solve(game([[[6, 2], [7, 0]], [[6, 7], [2, 0]]]), AllNash())
    mixed = solution.strategies[0][0] % 1 > 0
    assert solution.strategies[0][0, mixed] == pytest.approx(2 / 3)
    assert solution.payoffs[:, mixed] == pytest.approx(14 / 3)


def test_reduced_poker():
    # The row player always bets, bets with a king only, with a queen only, never; the column player calls or
    # folds. Gambit's stripped-down poker: it bluffs one time in three, and is called two times in three.
    row = [[0, 1], [0.5, 0], [-1.5, 0], [-1, -1]]
    solution = solve(game([row, [[-value for value in line] for line in row]]), AllNash())
    assert len(solution) == 1
    np.testing.assert_allclose(solution.strategies[0][:, 0], [1 / 3, 2 / 3, 0, 0], atol=1e-12)
    np.testing.assert_allclose(solution.strategies[1][:, 0], [2 / 3, 1 / 3], atol=1e-12)
    assert solution.payoffs[:, 0] == pytest.approx([1 / 3, -1 / 3])


def test_ties_that_hold_are_marked_with_every_extreme_point():
    payoffs = np.random.default_rng(5).integers(0, 2, size=(2, 3, 3, 30)).astype(float)
    solution = solve(game(payoffs), AllNash())
    assert Status.DEGENERATE in solution.codes
    for draw in range(30):
        expected = [
            [float(w) for s in pair for w in s] for pair in extreme_equilibria(*payoffs[..., draw].tolist())
        ]
        assert same(rows(solution, draw), np.array(expected))
