import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import nashpy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bargain.errors import InvalidArgumentError, UnknownNameError, UnsupportedGameError
from bargain.games.normal import NormalForm
from bargain.solvers.bimatrix_nash import BimatrixNash
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Status, solve

METHODS = ("vertex_enumeration", "support_enumeration", "lemke_howson")
PENNIES = [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]
BATTLE = [[[3, 0], [0, 2]], [[2, 0], [0, 3]]]
ROCK = [[[0, -1, 1], [1, 0, -1], [-1, 1, 0]], [[0, 1, -1], [-1, 0, 1], [1, -1, 0]]]
CONTINUUM = [[[1, 1], [1, 0]], [[1, 1], [0, 1]]]  # the column player is indifferent against "a"


def game_of(payoffs):
    _, rows, columns = np.shape(payoffs)[:3]
    return NormalForm({"row": tuple("abcd"[:rows]), "column": tuple("wxyz"[:columns])}, payoffs)


def random_game(shape, draws, seed=0):
    return game_of(np.random.default_rng(seed).normal(size=(2, *shape, draws)))


@pytest.mark.parametrize("method", METHODS)
def test_the_only_equilibrium_of_a_game_without_a_pure_one(method):
    half, third = pytest.approx(0.5), pytest.approx(1 / 3)
    assert solve(game_of(PENNIES), BimatrixNash(method)).profiles() == [
        {"row": {"a": half, "b": half}, "column": {"w": half, "x": half}}
    ]
    (profile,) = solve(game_of(ROCK), BimatrixNash(method)).profiles()
    assert profile == {"row": dict.fromkeys("abc", third), "column": dict.fromkeys("wxy", third)}


def test_all_three_equilibria_of_the_battle_of_the_sexes():
    solution = solve(game_of(BATTLE), BimatrixNash())
    assert solution.status[0] == Status.SOLVED
    profiles = sorted((mix["row"].get("a", 0), mix["column"].get("w", 0)) for mix in solution.profiles())
    assert np.ravel(profiles) == pytest.approx([0, 0, 0.6, 0.4, 1, 1])


@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 3)])
def test_games_without_ties_have_an_odd_number_of_equilibria_without_regret(shape):
    game = random_game(shape, 12)
    solution = solve(game, BimatrixNash())
    assert (solution.codes == Status.SOLVED).all()
    assert (solution.count % 2 == 1).all()
    assert solution.regret.max() <= 1e-12
    pure = solve(game, PureNash())
    for draw in range(game.draws):
        assert all(profile in solution.profiles(draw) for profile in pure.profiles(draw))


@given(hnp.arrays(np.int64, st.sampled_from([(2, 2, 2), (2, 2, 3), (2, 3, 3)]), elements=st.integers(0, 2)))
@settings(max_examples=40)
def test_ties_lose_no_pure_equilibrium_and_are_marked(payoffs):
    """Zeros make nashpy's polytopes unbounded; it then raised or lost equilibria."""
    game = game_of(payoffs)
    solution = solve(game, BimatrixNash())
    listed = solution.profiles(digits=9)
    assert all(profile in listed for profile in solve(game, PureNash()).profiles())
    assert solution.count[0] > 0
    tied = any(
        (own == own.max(axis=axis, keepdims=True)).sum(axis=axis).max() > 1
        for axis, own in enumerate(payoffs)
    )
    assert solution.status[0] == (Status.DEGENERATE if tied else Status.SOLVED)


@pytest.mark.parametrize("scale", [1e-9, 1e9])
@pytest.mark.parametrize("shift", [0, -1e3])
def test_units_do_not_matter(scale, shift):
    """Payoffs are scaled before nashpy, whose tolerances are absolute, sees them."""
    game = random_game((2, 3), 5)
    moved = game_of(game.payoffs * scale + shift * scale)
    first, second = solve(game, BimatrixNash()), solve(moved, BimatrixNash())
    assert (first.draw == second.draw).all()
    for one, other in zip(first.strategies, second.strategies, strict=True):
        assert one == pytest.approx(other, abs=1e-9)


def test_a_continuum_is_marked():
    solution = solve(game_of(CONTINUUM), BimatrixNash())
    assert solution.status[0] == Status.DEGENERATE
    assert (solution.regret <= 1e-12).all()


@pytest.mark.parametrize("method", METHODS)
def test_nothing_at_stake_at_all(method):
    solution = solve(game_of(np.zeros((2, 2, 2))), BimatrixNash(method))
    assert solution.status[0] == Status.DEGENERATE
    assert solution.count[0] > 0


@pytest.mark.parametrize("method", METHODS[1:])
def test_other_methods_say_that_they_may_be_incomplete(method):
    game = random_game((3, 3), 6)
    everything, some = solve(game, BimatrixNash()), solve(game, BimatrixNash(method))
    assert (some.codes == Status.INCOMPLETE).all()
    for draw in range(game.draws):
        listed, found = (np.concatenate(s.of_draw(draw).strategies).T for s in (everything, some))
        assert len(found)
        assert all(np.abs(listed - mine).max(axis=1).min() < 1e-9 for mine in found)


def test_players_without_a_choice_may_stand_beside_the_two():
    payoffs = np.array(BATTLE, dtype=float)
    table = np.zeros((4, 1, 2, 1, 2))
    table[1, 0, :, 0], table[3, 0, :, 0] = payoffs
    table[0], table[2] = 7.0, -1.0
    game = NormalForm({"idle": ("wait",), "row": ("a", "b"), "third": ("wait",), "column": ("w", "x")}, table)
    solution = solve(game, BimatrixNash())
    assert solution.count.tolist() == [3]
    assert all(profile["idle"] == profile["third"] == {"wait": 1.0} for profile in solution.profiles())
    assert solution.payoffs[[0, 2]] == pytest.approx(np.array([[7.0] * 3, [-1.0] * 3]))


@pytest.mark.parametrize("shape", [(2,), (2, 1), (2, 2, 2)])
def test_games_of_one_or_three_movers_are_refused(shape):
    actions = {f"p{i}": [f"a{k}" for k in range(size)] for i, size in enumerate(shape)}
    game = NormalForm(actions, np.zeros((len(shape), *shape)))
    movers = sum(size > 1 for size in shape)
    with pytest.raises(
        UnsupportedGameError, match=rf"two players have a choice; here {movers} of p0.*fix=\{{"
    ):
        solve(game, BimatrixNash())


def test_options_that_cannot_be():
    with pytest.raises(
        UnknownNameError, match=r"unknown method 'vertex'; did you mean 'vertex_enumeration'\?"
    ):
        BimatrixNash("vertex")
    for tolerance in (-1.0, float("nan")):
        with pytest.raises(InvalidArgumentError, match=f"tolerance >= 0 was expected, given {tolerance}"):
            BimatrixNash(tolerance=tolerance)


def candidates(*pairs, error=None):
    def enumeration(self):
        yield from pairs
        if error is not None:
            raise error

    return enumeration


FAIR = (np.array([0.5, 0.5]), np.array([0.5, 0.5]))
WRONG = (np.array([1.0, 0.0]), np.array([1.0, 0.0]))


@pytest.mark.parametrize(
    ("enumeration", "count", "status"),
    [
        (candidates(FAIR, FAIR), 1, Status.SOLVED),
        (candidates(FAIR, WRONG), 1, Status.INCOMPLETE),
        (candidates(FAIR, error=ValueError("flat polytope")), 1, Status.INCOMPLETE),
        (candidates(FAIR, (np.array([0.0, 0.0]), FAIR[1])), 1, Status.INCOMPLETE),
        (candidates(FAIR, (np.array([1.0]), FAIR[1])), 1, Status.INCOMPLETE),
        (candidates(FAIR, (np.array([np.nan, np.nan]), FAIR[1])), 1, Status.INCOMPLETE),
        (candidates(WRONG), 0, Status.FAILED),
        (candidates(error=ValueError("flat polytope")), 0, Status.FAILED),
        (candidates(), 0, Status.FAILED),
    ],
    ids=["twice", "wrong", "breaks off", "no weights", "short", "nan", "only wrong", "raises", "nothing"],
)
def test_what_nashpy_returns_is_checked_and_what_goes_wrong_is_a_status(
    monkeypatch, enumeration, count, status
):
    monkeypatch.setattr(nashpy.Game, "vertex_enumeration", enumeration)
    solution = solve(game_of(PENNIES), BimatrixNash())
    assert solution.count.tolist() == [count]
    assert solution.status.tolist() == [status]
    assert (solution.regret <= 1e-12).all()


def test_one_failed_draw_does_not_spoil_the_others(monkeypatch):
    original = nashpy.Game.vertex_enumeration

    def enumeration(self):
        return (
            iter(())
            if self.payoff_matrices[0][0, 0] == 2 == self.payoff_matrices[1][1, 1]
            else original(self)
        )

    monkeypatch.setattr(nashpy.Game, "vertex_enumeration", enumeration)
    solution = solve(game_of(np.stack([PENNIES, BATTLE, PENNIES], axis=-1)), BimatrixNash())
    assert solution.status.tolist() == [Status.SOLVED, Status.FAILED, Status.SOLVED]
    assert solution.count.tolist() == [1, 0, 1]


def test_warning_filters_are_left_as_they_were_by_threads():
    """nashpy warns about ties; filters belong to the process, so threads must not restore each other's."""
    interval = sys.getswitchinterval()
    with warnings.catch_warnings():
        before = list(warnings.filters)
        sys.setswitchinterval(1e-5)
        try:
            with ThreadPoolExecutor(4) as pool:
                solver = BimatrixNash("support_enumeration")
                list(pool.map(lambda _: solve(game_of(CONTINUUM), solver), range(60)))
        finally:
            sys.setswitchinterval(interval)
        assert warnings.filters == before
