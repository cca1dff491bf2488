"""What every solver of the catalogue owes: a new line in `SOLVERS` is tested here without another word."""

import contextlib

import numpy as np
import pytest

from bargain.errors import UnsupportedGameError
from bargain.games.normal import NormalForm
from bargain.games.profiles import outcome_probabilities
from bargain.provenance import content_key
from bargain.solvers.catalogue import SOLVERS, solver_content, solver_of
from bargain.solvers.solution import Status, solve
from reference.pure_nash import regret

# What a solver needs to be told, given the game.
OPTIONS = {
    "subgame_perfect": lambda game: {"order": [[player] for player in game.players]},
    "agent_logit_qre": lambda game: {"precision": 1.5, "order": [[player] for player in game.players]},
}
# Whose profiles nobody leaves: concepts that allow for errors or farsight are not listed.
NASH = {"pure_nash", "all_nash", "bimatrix_nash"}
# Whose regret is measured elsewhere than at a profile of independent strategies of the normal form.
OTHER_REGRET = {"subgame_perfect", "agent_logit_qre", "correlated_equilibrium"}
# Whose players do not choose independently of each other, as the normal form sees them.
CORRELATED = {"subgame_perfect", "agent_logit_qre", "correlated_equilibrium"}
WITHOUT = (Status.NONE, Status.FAILED, Status.INVALID)
DRAWS = 5


def random_game(*shape, draws=DRAWS):
    rng = np.random.default_rng([*shape, draws])
    actions = {f"player {i}": [f"action {k}" for k in range(size)] for i, size in enumerate(shape)}
    return NormalForm(actions, rng.normal(size=(len(shape), *shape, draws)))


PENNIES = NormalForm({"row": ("a", "b"), "column": ("a", "b")}, [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
GAMES = {
    "2x2": random_game(2, 2),
    "2x3": random_game(2, 3),
    "3x1x2": random_game(3, 1, 2),
    "2x2x2": random_game(2, 2, 2),
    "3x2x2": random_game(3, 2, 2),
    "one draw": random_game(2, 2, draws=1),
    "pennies": PENNIES,
}
CASES = [(name, game) for name in SOLVERS for game in GAMES]


def solver_for(name, game):
    return solver_of(name, **OPTIONS.get(name, lambda _: {})(game))


@pytest.fixture(scope="module")
def solved():
    """Solve each case once: (game, solution), or None where the solver refuses games of that form."""
    kept = {}

    def lookup(name, label):
        if (name, label) not in kept:
            game = GAMES[label]
            try:
                kept[name, label] = (game, solve(game, solver_for(name, game)))
            except UnsupportedGameError:
                kept[name, label] = None
        if kept[name, label] is None:
            pytest.skip(f"{name} does not treat {label}")
        return kept[name, label]

    return lookup


def same(one, other, tolerance=1e-7):
    """Say whether two lists of outcome probabilities and payoffs, float[rows, E], are equal up to order."""
    if one.shape != other.shape:
        return False
    distance = np.abs(one[:, :, None] - other[:, None, :]).max(axis=0, initial=0)
    return bool(
        (distance.min(axis=0, initial=1) < tolerance).all()
        and (distance.min(axis=1, initial=1) < tolerance).all()
    )


def of_draw(solution, draw):
    return np.concatenate([solution.outcomes, solution.payoffs])[:, solution.draw == draw]


@pytest.mark.parametrize("name", SOLVERS)
def test_every_solver_treats_some_of_the_games(name):
    treated = 0
    for game in GAMES.values():
        with contextlib.suppress(UnsupportedGameError):
            solve(game, solver_for(name, game))
            treated += 1
    assert treated >= 3


@pytest.mark.parametrize(("name", "label"), CASES)
class TestEverySolver:
    def test_shapes_and_types(self, solved, name, label):
        game, solution = solved(name, label)
        equilibria = len(solution)
        assert solution.game is game
        assert solution.solver == solver_for(name, game)
        assert (solution.draw.shape, solution.draw.dtype) == ((equilibria,), np.int64)
        assert [strategy.shape for strategy in solution.strategies] == [
            (size, equilibria) for size in game.shape
        ]
        assert solution.payoffs.shape == (len(game.players), equilibria)
        assert solution.regret.shape == (equilibria,)
        assert solution.outcomes.shape == (game.labels.size, equilibria)
        assert (solution.codes.shape, solution.codes.dtype) == ((game.draws,), np.int8)
        for array in (*solution.strategies, solution.payoffs, solution.regret, solution.outcomes):
            assert array.dtype == np.float64
            assert np.isfinite(array).all()

    def test_equilibria_belong_to_draws_in_ascending_order(self, solved, name, label):
        game, solution = solved(name, label)
        assert (np.diff(solution.draw) >= 0).all()
        assert solution.count.tolist() == [(solution.draw == draw).sum() for draw in range(game.draws)]
        assert solution.count.sum() == len(solution)

    def test_the_status_says_whether_there_is_an_equilibrium(self, solved, name, label):
        _, solution = solved(name, label)
        assert all(isinstance(status, Status) for status in solution.status)
        assert (np.isin(solution.codes, WITHOUT) == (solution.count == 0)).all()

    def test_strategies_are_distributions(self, solved, name, label):
        _, solution = solved(name, label)
        for strategy in (*solution.strategies, solution.outcomes):
            assert (strategy >= 0).all()
            assert strategy.sum(axis=0) == pytest.approx(np.ones(len(solution)), abs=1e-9)

    def test_strategies_are_the_margins_of_outcomes(self, solved, name, label):
        game, solution = solved(name, label)
        table = solution.outcomes.reshape(*game.shape, len(solution))
        for player, strategy in enumerate(solution.strategies):
            others = tuple(axis for axis in range(len(game.shape)) if axis != player)
            assert table.sum(axis=others) == pytest.approx(strategy, abs=1e-9)
        if name not in CORRELATED:
            assert solution.outcomes == pytest.approx(outcome_probabilities(solution.strategies), abs=1e-9)

    def test_payoffs_are_those_of_the_outcomes(self, solved, name, label):
        game, solution = solved(name, label)
        table = game.payoffs.reshape(len(game.players), -1, game.draws)[..., solution.draw]
        assert solution.payoffs == pytest.approx((table * solution.outcomes).sum(axis=1), abs=1e-9)

    def test_regret_is_what_the_slow_twin_finds(self, solved, name, label):
        game, solution = solved(name, label)
        assert (solution.regret >= 0).all()
        if name not in OTHER_REGRET:
            slow = [
                regret(game.payoffs[..., draw], [strategy[:, index] for strategy in solution.strategies])
                for index, draw in enumerate(solution.draw)
            ]
            assert solution.regret == pytest.approx(np.array(slow), abs=1e-12)
        if name in NASH or name == "subgame_perfect":
            assert (solution.regret <= 1e-9 * np.ptp(game.payoffs)).all()

    def test_results_are_read_only(self, solved, name, label):
        _, solution = solved(name, label)
        for array in (
            *solution.strategies, solution.draw, solution.payoffs, solution.regret, solution.codes, solution.outcomes
        ):  # fmt: skip
            assert not array.flags.writeable

    def test_the_same_game_has_the_same_solution_bit_for_bit(self, solved, name, label):
        game, solution = solved(name, label)
        again = solve(NormalForm(game.labels, game.payoffs), solver_for(name, game))
        for field in ("draw", "payoffs", "regret", "codes", "outcomes"):
            assert (getattr(again, field) == getattr(solution, field)).all()

    def test_draws_do_not_know_of_each_other(self, solved, name, label):
        game, solution = solved(name, label)
        backwards = solve(game[::-1], solution.solver)
        for draw in range(game.draws):
            alone = solve(game[draw], solution.solver)
            mirrored = game.draws - 1 - draw
            assert alone.codes[0] == solution.codes[draw] == backwards.codes[mirrored]
            assert same(of_draw(alone, 0), of_draw(solution, draw))
            assert same(of_draw(backwards, mirrored), of_draw(solution, draw))

    def test_a_relabelled_game_has_relabelled_equilibria(self, solved, name, label):
        game, solution = solved(name, label)
        rng = np.random.default_rng(3)
        order = rng.permutation(len(game.shape))
        moves = [rng.permutation(size) for size in game.shape]
        axes = [*order, len(game.shape)]
        names, actions = game.players, game.labels.actions
        relabelled = NormalForm(
            {names[i]: [actions[i][k] for k in moves[i]] for i in order},
            np.stack([game.payoffs[i][np.ix_(*moves, range(game.draws))].transpose(axes) for i in order]),
        )
        outcomes = solution.outcomes.reshape(*game.shape, -1)
        moved = outcomes[np.ix_(*moves, range(len(solution)))].transpose(axes).reshape(game.labels.size, -1)
        expected = np.concatenate([moved, solution.payoffs[order]])
        again = solve(relabelled, solution.solver)
        assert (again.codes == solution.codes).all()
        for draw in range(game.draws):
            assert same(of_draw(again, draw), expected[:, solution.draw == draw])

    def test_nash_equilibria_survive_a_change_of_units(self, solved, name, label):
        """Each player's payoffs times a power of two: exact."""
        game, solution = solved(name, label)
        if name not in NASH | {"subgame_perfect"}:
            pytest.skip(f"payoff units matter to {name}")
        scales = 2.0 ** np.arange(-3, len(game.players) - 3).reshape(-1, *(1,) * (game.payoffs.ndim - 1))
        changed = solve(NormalForm(game.labels, game.payoffs * scales), solution.solver)
        for draw in range(game.draws):
            keep = slice(game.labels.size)
            assert same(of_draw(changed, draw)[keep], of_draw(solution, draw)[keep])

    def test_solving_leaves_the_game_as_it_was(self, solved, name, label):
        game, _ = solved(name, label)
        before = game.payoffs.copy()
        solve(game, solver_for(name, game))
        assert (game.payoffs == before).all()

    def test_reading_a_solution(self, solved, name, label):
        game, solution = solved(name, label)
        assert len(solution.profiles()) == len(solution.to_frame()) == len(solution)
        one_by_one = [profile for draw in range(game.draws) for profile in solution.profiles(draw)]
        assert one_by_one == solution.profiles()
        assert str(game.draws) in repr(solution)


@pytest.mark.parametrize("name", SOLVERS)
def test_a_solver_is_a_value_with_a_content_key(name):
    one, other = (solver_for(name, PENNIES) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    assert content_key(solver_content(one)) == content_key(solver_content(other))
    with pytest.raises(AttributeError):
        one.anything = 1
