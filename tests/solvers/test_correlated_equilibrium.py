import itertools
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.normal import NormalForm
from bargain.solvers import correlated_equilibrium
from bargain.solvers.all_nash import AllNash
from bargain.solvers.correlated_equilibrium import CorrelatedEquilibrium
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Status, solve

CHICKEN = NormalForm(
    {"row": ("yield", "dare"), "column": ("yield", "dare")}, [[[6, 2], [7, 0]], [[6, 7], [2, 0]]]
)
PENNIES = [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]
# Scissors cut paper; a draw is worse than losing. Coarse equilibria reach what correlated ones do not.
SHAPLEY = [[[0, 1, 2], [2, 0, 1], [1, 2, 0]], [[0, 2, 1], [1, 0, 2], [2, 1, 0]]]


def game_of(payoffs):
    shape = np.shape(payoffs)[1 : 1 + len(payoffs)]
    return NormalForm({f"p{i}": [f"a{k}" for k in range(size)] for i, size in enumerate(shape)}, payoffs)


def random_game(*shape, draws, seed=0):
    return game_of(np.random.default_rng(seed).normal(size=(len(shape), *shape, draws)))


def integers(*shape):
    return hnp.arrays(np.float64, (len(shape), *shape), elements=st.integers(-4, 4))


def gains(payoffs, distribution, player, *, coarse):
    """List what a player gains by each way to disobey, outcome by outcome, as the definition has it."""
    actions = range(payoffs.shape[1 + player])
    result = []
    for told, instead in itertools.product(["all"] if coarse else actions, actions):
        gain = 0.0
        for outcome in itertools.product(*map(range, payoffs.shape[1:])):
            if told in ("all", outcome[player]):
                other = (*outcome[:player], instead, *outcome[player + 1 :])
                gain += distribution[outcome] * (payoffs[(player, *other)] - payoffs[(player, *outcome)])
        result.append(gain)
    return result


def best_vertex(payoffs, goal):
    """Maximise a goal over the correlated equilibria of a 2x2 game: try every set of binding constraints."""
    unit = np.eye(4)
    rows = [
        [gains(payoffs, basis.reshape(2, 2), player, coarse=False)[k] for basis in unit]
        for player in range(2)
        for k in range(4)
    ]
    limits = np.array([row for row in rows if np.any(row)] + [*-unit])
    best = -np.inf
    for binding in itertools.combinations(limits, 3):
        system = np.array([*binding, np.ones(4)])
        if abs(np.linalg.det(system)) > 1e-9:
            vertex = np.linalg.solve(system, [0, 0, 0, 1])
            if (limits @ vertex <= 1e-9).all():
                best = max(best, vertex @ goal.ravel())
    return best


def test_chicken():
    solution = solve(CHICKEN, CorrelatedEquilibrium("welfare"))
    assert solution.outcomes[:, 0] == pytest.approx([0.5, 0.25, 0.25, 0], abs=1e-9)
    assert solution.payoffs.sum() == pytest.approx(10.5, abs=1e-9)
    assert solution.strategies[0][:, 0] == pytest.approx([0.75, 0.25], abs=1e-9)
    assert solution.status[0] is Status.SOLVED
    best = {
        player: solve(CHICKEN, CorrelatedEquilibrium(player)).payoffs[:, 0] for player in ("row", "column")
    }
    assert best["row"] == pytest.approx([7, 2], abs=1e-9)
    assert best["column"] == pytest.approx([2, 7], abs=1e-9)
    assert solve(CHICKEN, CorrelatedEquilibrium("minimum")).payoffs[:, 0] == pytest.approx([5.25, 5.25])


def test_where_there_is_one_correlated_equilibrium():
    """Matching pennies: the mixed Nash equilibrium, whatever is maximised."""
    for objective in ("welfare", "minimum", "p0", "p1"):
        solution = solve(game_of(PENNIES), CorrelatedEquilibrium(objective))
        assert solution.outcomes[:, 0] == pytest.approx(np.full(4, 0.25), abs=1e-9)
    ranges = CorrelatedEquilibrium().probability_range(game_of(PENNIES))
    assert ranges.to_numpy() == pytest.approx(np.full((4, 2), 0.25), abs=1e-9)


@settings(max_examples=50)
@given(integers(2, 2), st.sampled_from(["welfare", "p0", "p1"]))
def test_no_vertex_is_better(payoffs, objective):
    solution = solve(game_of(payoffs), CorrelatedEquilibrium(objective))
    goal = {"welfare": payoffs.sum(axis=0), "p0": payoffs[0], "p1": payoffs[1]}[objective]
    assert goal.ravel() @ solution.outcomes[:, 0] == pytest.approx(best_vertex(payoffs, goal), abs=1e-8)


@settings(max_examples=40)
@given(integers(3, 2, 2), st.sampled_from(["welfare", "minimum", "p1"]), st.booleans())
def test_nobody_gains_by_disobeying(payoffs, objective, coarse):
    solution = solve(game_of(payoffs), CorrelatedEquilibrium(objective, coarse=coarse))
    assert solution.status[0] is Status.SOLVED
    distribution = solution.outcomes[:, 0].reshape(3, 2, 2)
    assert distribution.sum() == pytest.approx(1, abs=1e-12)
    assert (distribution >= 0).all()
    assert solution.payoffs[:, 0] == pytest.approx([(own * distribution).sum() for own in payoffs], abs=1e-12)
    assert max(max(gains(payoffs, distribution, player, coarse=coarse)) for player in range(3)) < 1e-8


@settings(max_examples=40)
@given(integers(3, 2, 2))
def test_welfare_reaches_that_of_every_pure_nash_equilibrium(payoffs):
    game = game_of(payoffs)
    correlated, coarse = (solve(game, CorrelatedEquilibrium("welfare", coarse=c)) for c in (False, True))
    welfare = correlated.payoffs.sum()
    assert (solve(game, PureNash()).payoffs.sum(axis=0) <= welfare + 1e-8).all()
    assert coarse.payoffs.sum() >= welfare - 1e-8  # the larger polytope
    minimum = solve(game, CorrelatedEquilibrium("minimum"))
    assert minimum.payoffs.min() >= correlated.payoffs.min() - 1e-8
    for player in game.players:
        own = solve(game, CorrelatedEquilibrium(player)).payoffs[game.players.index(player), 0]
        assert own >= correlated.payoffs[game.players.index(player), 0] - 1e-8


@settings(max_examples=30)
@given(integers(2, 3, 2), st.permutations(range(3)), st.randoms(use_true_random=False), st.booleans())
def test_relabelling_keeps_the_optimum(payoffs, order, random, coarse):
    moves = [random.sample(range(size), size) for size in payoffs.shape[1:]]
    moved = payoffs[np.ix_(range(3), *moves)]
    relabelled = np.stack([moved[i].transpose(order) for i in order])
    solver = CorrelatedEquilibrium("welfare", coarse=coarse)
    before, after = solve(game_of(payoffs), solver), solve(game_of(relabelled), solver)
    assert after.payoffs.sum() == pytest.approx(before.payoffs.sum(), abs=1e-8)


def test_coarse_reaches_more():
    """In the game of Shapley the mediator who is asked in advance avoids the diagonal."""
    game = game_of(SHAPLEY)
    shares = {c: CorrelatedEquilibrium(coarse=c).probability_range(game)["high"].max() for c in (False, True)}
    assert shares[True] > shares[False] + 0.01
    for coarse in (False, True):
        welfare = solve(game, CorrelatedEquilibrium("welfare", coarse=coarse))
        assert welfare.payoffs.sum() == pytest.approx(3.0, abs=1e-8)


class TestRange:
    def test_chicken(self):
        ranges = CorrelatedEquilibrium().probability_range(CHICKEN)
        assert ranges.index.names == ["row", "column"]
        assert ranges.columns.tolist() == ["low", "high"]
        assert ranges.loc[("yield", "yield")].tolist() == pytest.approx([0, 0.5], abs=1e-9)
        assert ranges.loc[("dare", "yield")].tolist() == pytest.approx([0, 1], abs=1e-9)
        assert ranges.loc[("dare", "dare")].tolist() == pytest.approx([0, 0.2], abs=1e-9)

    def test_every_equilibrium_lies_within_it(self):
        game = random_game(3, 2, 2, draws=3)
        for coarse in (False, True):
            for draw in range(3):
                ranges = CorrelatedEquilibrium(coarse=coarse).probability_range(game, draw)
                for objective in ("welfare", "minimum", *game.players):
                    found = solve(game[draw], CorrelatedEquilibrium(objective, coarse=coarse)).outcomes[:, 0]
                    assert (ranges["low"] - 1e-8 <= found).all()
                    assert (found <= ranges["high"] + 1e-8).all()
                for outcome in solve(game[draw], PureNash()).outcomes.T:
                    assert ranges["high"][outcome == 1].iloc[0] == pytest.approx(1, abs=1e-8)


def test_regret_is_what_the_best_way_to_disobey_gains():
    """Of distributions that are no equilibria."""
    game = random_game(3, 2, 2, draws=4)
    outcomes = np.random.default_rng(1).dirichlet(np.ones(12), size=4).T
    for coarse in (False, True):
        regret = correlated_equilibrium._regrets(game.payoffs, outcomes, coarse=coarse)
        for draw, player in itertools.product(range(4), range(3)):
            size = game.shape[player]
            every = gains(game.payoffs[..., draw], outcomes[:, draw].reshape(3, 2, 2), player, coarse=coarse)
            # Coarse: one action instead of all; otherwise the best action for each that is told.
            told = np.reshape(every, (-1, size)).max(axis=1)
            assert regret[player, draw] == pytest.approx(max(0.0, told.sum()), abs=1e-12)


def test_players_on_very_different_scales():
    game = random_game(3, 2, 2, draws=20)
    scale = np.array([1e-8, 1e8, 1.0]).reshape(3, 1, 1, 1, 1)
    solution = solve(game_of(game.payoffs * scale), CorrelatedEquilibrium("p1"))
    same = solve(game, CorrelatedEquilibrium("p1"))
    assert (solution.codes == Status.SOLVED).all()
    assert solution.payoffs[1] / 1e8 == pytest.approx(same.payoffs[1], abs=1e-7)


def test_games_without_any_choice_or_difference():
    nobody = solve(game_of(np.ones((2, 1, 1))), CorrelatedEquilibrium("minimum"))
    assert nobody.outcomes.tolist() == [[1.0]]
    same = solve(game_of(np.ones((2, 2, 2))), CorrelatedEquilibrium())
    assert (same.status[0], same.payoffs.tolist()) == (Status.SOLVED, [[1.0], [1.0]])


def test_where_the_programme_fails_there_is_no_equilibrium(monkeypatch):
    calls = []

    def fails_at_the_second(*args, **kwargs):
        calls.append(1)
        return SimpleNamespace(status=4, x=None) if len(calls) == 2 else linprog(*args, **kwargs)

    linprog = scipy.optimize.linprog
    monkeypatch.setattr(scipy.optimize, "linprog", fails_at_the_second)
    solution = solve(random_game(2, 2, draws=3), CorrelatedEquilibrium())
    assert solution.codes.tolist() == [Status.SOLVED, Status.FAILED, Status.SOLVED]
    assert solution.draw.tolist() == [0, 2]


def test_an_answer_that_can_be_disobeyed_is_not_returned(monkeypatch):
    monkeypatch.setattr(
        scipy.optimize,
        "linprog",
        lambda *_, **__: SimpleNamespace(status=0, x=np.array([1.0, 0, 0, 0, 1])),
    )
    solution = solve(CHICKEN, CorrelatedEquilibrium())
    assert (solution.status[0], len(solution)) == (Status.FAILED, 0)


def test_misuse():
    with pytest.raises(UnknownNameError, match="did you mean 'row'"):
        solve(CHICKEN, CorrelatedEquilibrium("rwo"))
    with pytest.raises(InvalidArgumentError, match="objective"):
        CorrelatedEquilibrium(("best", "row"))


@pytest.mark.parametrize("coarse", [False, True])
def test_the_regret_of_a_given_distribution(coarse):
    game = random_game(3, 2, 2, draws=4, seed=8)
    weights = np.random.default_rng(1).dirichlet(np.ones(12), size=4).T
    concept = CorrelatedEquilibrium(coarse=coarse)
    found = concept.regret(game, weights)
    np.testing.assert_allclose(concept.regret(game, weights.reshape(3, 2, 2, 4)), found)
    for draw in range(4):
        single = concept.regret(game[draw], weights[:, draw].reshape(3, 2, 2))
        np.testing.assert_allclose(single, found[draw : draw + 1])
    best = solve(game, concept)
    np.testing.assert_allclose(concept.regret(game, best.outcomes), best.regret, atol=1e-12)
    assert (found > 1e-3).all()
    assert (CorrelatedEquilibrium(coarse=True).regret(game, weights) <= found + 1e-12).all()


def test_the_product_of_an_equilibrium_is_one():
    game = random_game(3, 3, draws=6, seed=3)
    every = solve(game, AllNash())
    for place, draw in enumerate(every.draw):
        outcomes = every.outcomes[:, place]
        assert CorrelatedEquilibrium().regret(game[int(draw)], outcomes)[0] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ([0.5, 0.5], r"shape \(2, 2\) or \(4,\).* given \(2,\)"),
        ([[0.5, 0.5], [0.5, 0.5]], "add to 1"),
        ([1.5, -0.5, 0, 0], "non-negative"),
        (["a", "b", "c", "d"], "numbers were expected"),
    ],
)
def test_what_is_no_distribution(outcomes, words):
    with pytest.raises(InvalidArgumentError, match=words):
        CorrelatedEquilibrium().regret(CHICKEN, outcomes)
