import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError, UnknownDrawError, UnknownNameError
from bargain.games.normal import NormalForm
from bargain.games.stochastic import StochasticGame
from bargain.solvers.all_nash import AllNash
from bargain.solvers.bargaining.repeated import grim_trigger
from bargain.solvers.bargaining.zero_sum import zero_sum_value
from bargain.solvers.markov_perfect import MarkovPerfect
from bargain.solvers.solution import Status
from bargain.solvers.stage_choice import dominance_solvable
from reference.stochastic import best_stationary_policy, pure_backward_induction, zero_sum_values

PAIR = {"A": ("C", "D"), "B": ("C", "D")}
DILEMMA = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]


def random_game(rng, *, players=2, states=3, actions=2, draws=1, discount=0.9, horizon=None):
    names = {f"player {p}": tuple(f"action {a}" for a in range(actions)) for p in range(players)}
    shape = (actions,) * players
    payoffs = rng.normal(size=(players, states, *shape, draws))
    chances = rng.dirichlet(np.ones(states), size=(states, *shape))
    labels = tuple(f"state {s}" for s in range(states))
    return StochasticGame(names, payoffs, chances, states=labels, discount=discount, horizon=horizon)


def parts(game, draw=0):
    """Payoffs and dense probabilities of one draw, for the slow twins."""
    one = game[draw]
    chances = []
    for moves in one.moves:
        dense = np.zeros((*moves.shape, len(one.states)))
        for place, number in np.ndenumerate(moves):
            lottery = one.lotteries[number]
            dense[place][list(lottery.next)] = lottery.probability[:, 0]
        chances.append(dense)
    return [own[..., 0] for own in one.payoffs], chances


# -- one player ------------------------------------------------------------------------------------------------


def test_policy_iteration_finds_the_best_of_all_stationary_policies():
    rng = np.random.default_rng(1)
    for discount in (0.0, 0.5, 0.95, 0.999):
        game = random_game(rng, players=1, states=4, actions=3, draws=12, discount=discount)
        solution = MarkovPerfect().solve(game)
        assert (solution.codes == Status.SOLVED).all()
        for draw in range(game.draws):
            payoffs, chances = parts(game, draw)
            values, policy = best_stationary_policy([own[0] for own in payoffs], chances, discount)
            np.testing.assert_allclose(solution.values[0, :, draw], values, rtol=1e-9, atol=1e-10)
            assert tuple(solution.policy.pure[0, :, draw]) == policy
        scale = np.abs(solution.values).max()
        assert solution.gain.max() <= 1e-12 * scale
        assert solution.bellman.max() <= 1e-12 * scale


def test_values_of_a_decision_problem_solved_by_hand():
    # Working earns 1 and breaks with 0.1; repairing costs 2: v = 1 + .9(.9 v + .1 w), w = -2 + .9 v.
    game = StochasticGame.of(
        "owner",
        {
            "works": {"run": (1, {"works": 0.9, "broken": 0.1})},
            "broken": {"leave": (0, "broken"), "repair": (-2, "works")},
        },
        discount=0.9,
    )
    solution = MarkovPerfect().solve(game)
    v = (1 - 0.18) / (1 - 0.81 - 0.081)
    np.testing.assert_allclose(solution.values[0, :, 0], [v, -2 + 0.9 * v], rtol=1e-13)


def test_indifference_is_degenerate_and_the_default_is_kept():
    moves = {"x": {"a": (1, "x"), "b": (1, "x"), "c": (0, "x")}}
    game = StochasticGame.of("A", moves, discount=0.5)
    assert MarkovPerfect().solve(game).status[0] is Status.DEGENERATE
    chosen = MarkovPerfect(default={"x": "b"}).solve(game)
    assert chosen.strategy("A", "x") == {"b": 1.0}
    assert MarkovPerfect(default={"x": "c"}).solve(game).strategy("A", "x") == {"a": 1.0}


def test_a_long_horizon_comes_near_to_play_for_ever():
    game = random_game(np.random.default_rng(2), players=1, actions=3, draws=20)
    ever, long = MarkovPerfect().solve(game), MarkovPerfect().solve(game.over(300))
    np.testing.assert_allclose(long.values, ever.values, atol=1e-10)
    assert (long.policy.pure[0] == ever.policy.pure[0]).all()


@given(st.integers(0, 10_000), st.floats(0, 0.95), st.floats(-3, 3), st.floats(0.1, 10))
def test_values_follow_a_change_of_units(seed, discount, shift, scale):
    game = random_game(np.random.default_rng(seed), players=1, actions=3, discount=discount)
    payoffs, chances = parts(game)
    states = dict(zip(game.states, range(3), strict=True))
    actions = {state: dict(zip(game.players, labels.actions, strict=True))
               for state, labels in zip(game.states, game.labels, strict=True)}  # fmt: skip
    other = StochasticGame(
        actions,
        {state: scale * payoffs[n] + shift for state, n in states.items()},
        {state: chances[n] for state, n in states.items()},
        discount=discount,
    )
    before, after = MarkovPerfect().solve(game), MarkovPerfect().solve(other)
    expected = scale * before.values + shift / (1 - discount)
    np.testing.assert_allclose(after.values, expected, rtol=1e-8, atol=1e-8)


# -- two players whose payoffs add to zero -----------------------------------------------------------------------


def test_zero_sum_games_have_the_values_of_shapleys_iteration():
    rng = np.random.default_rng(3)
    for _ in range(2):
        game = random_game(rng, states=3, actions=3, discount=0.6)
        own = [np.stack([payoffs[0], -payoffs[0]]) for payoffs in parts(game)[0]]
        _, chances = parts(game)
        zero = StochasticGame(
            dict(zip(game.players, game.labels[0].actions, strict=True)),
            dict(zip(game.states, own, strict=True)),
            dict(zip(game.states, chances, strict=True)),
            states=game.states,
            discount=0.6,
        )
        solution = MarkovPerfect().solve(zero)
        expected = zero_sum_values([payoffs[0] for payoffs in own], chances, 0.6, zero_sum_value, steps=40)
        assert solution.status[0] is Status.SOLVED
        np.testing.assert_allclose(solution.values[0, :, 0], expected, atol=1e-7)
        np.testing.assert_allclose(solution.values[1], -solution.values[0], atol=1e-9)
        assert solution.gain[0] < 1e-8


def test_matching_pennies_that_goes_on_is_worth_what_it_is_once():
    game = StochasticGame(
        PAIR, [[[[1, -1], [-1, 1]]], [[[-1, 1], [1, -1]]]], np.ones((1, 2, 2, 1)), states=["x"], discount=0.9
    )
    solution = MarkovPerfect().solve(game)
    assert solution.strategy("A", "x") == {"C": 0.5, "D": 0.5}
    np.testing.assert_allclose(solution.values[:, 0, 0], 0, atol=1e-12)
    # Winning at once, and ending the game: the stage is worth v with v = value of [[1, .9v], [.9v, 1]].
    ends = StochasticGame.of(
        ("A", "B"),
        {
            "x": {
                ("C", "C"): ((1, -1), "end"),
                ("C", "D"): ((0, 0), "x"),
                ("D", "C"): ((0, 0), "x"),
                ("D", "D"): ((1, -1), "end"),
            },
            "end": {},
        },
        discount=0.9,
    )
    value = 0.5 / (1 - 0.45)
    assert MarkovPerfect().solve(ends).values[0, 0, 0] == pytest.approx(value, abs=1e-9)


# -- several players ---------------------------------------------------------------------------------------------


def test_with_one_state_markov_perfect_play_of_the_dilemma_is_defection_whatever_the_patience():
    for discount in (0.1, 0.5, 0.99):
        game = StochasticGame(
            PAIR, np.array(DILEMMA)[:, None], np.ones((1, 2, 2, 1)), states=["always"], discount=discount
        )
        solution = MarkovPerfect().solve(game)
        assert solution.status[0] is Status.SOLVED
        assert solution.strategy("A", "always") == {"D": 1.0}
        np.testing.assert_allclose(solution.values[:, 0, 0], 1 / (1 - discount))


def remembered_dilemma(discount):
    """Whether anybody has defected is the state: then grim trigger is Markov."""
    moves = {}
    for state in ("trust", "broken"):
        moves[state] = {
            (a, b): (
                (DILEMMA[0][i][j], DILEMMA[1][i][j]),
                "trust" if state == "trust" and a == b == "C" else "broken",
            )
            for (i, a), (j, b) in itertools.product(enumerate("CD"), repeat=2)
        }
    return StochasticGame.of(("A", "B"), moves, discount=discount)


def test_grim_trigger_is_markov_perfect_from_its_threshold_on():
    threshold = grim_trigger(NormalForm(PAIR, DILEMMA), ("C", "C"), ("D", "D")).threshold[0]
    solver = MarkovPerfect(default={"trust": ("C", "C"), "broken": ("D", "D")})
    for discount in (threshold - 1e-6, threshold + 1e-6):
        solution = solver.solve(remembered_dilemma(discount))
        expected = {"C": 1.0} if discount > threshold else {"D": 1.0}
        assert solution.strategy("A", "trust") == expected
        assert solution.gain[0] < 1e-9
        assert solution.status[0] is Status.INCOMPLETE


@pytest.mark.parametrize("players", [2, 3])
def test_games_without_end_are_solved_or_said_not_to_be(players):
    game = random_game(np.random.default_rng(4), players=players, states=2, draws=60, discount=0.7)
    solution = MarkovPerfect(iterations=60).solve(game)
    solved = solution.codes != Status.FAILED
    assert solved.mean() >= 0.9
    scale = np.abs(solution.values).max(axis=(0, 1))
    assert (solution.gain[solved] <= 1e-9 * scale[solved]).all()
    assert (solution.bellman[solved] <= 1e-9 * scale[solved]).all()
    assert (solution.gain[~solved] > 1e-9 * scale[~solved]).all()
    assert (solution.codes[solved] == Status.INCOMPLETE).all()


@pytest.mark.parametrize("players", [2, 3])
def test_a_stationary_equilibrium_is_one_of_the_stage_games_it_makes(players):
    game = random_game(np.random.default_rng(5), players=players, draws=12, discount=0.7)
    solution = MarkovPerfect().solve(game)
    worth = game.continuations(solution.values)
    for state, labels in enumerate(game.labels):
        stage = NormalForm(labels, game.stage_payoffs(state, worth))
        nash = AllNash().solve(stage)
        played = solution.strategies(game.states[state])
        for draw in np.flatnonzero(solution.codes != Status.FAILED):
            distance = min(
                max(np.abs(s[:, e] - p[:, draw]).max() for s, p in zip(nash.strategies, played, strict=True))
                for e in np.flatnonzero(nash.draw == draw)
            )
            assert distance < 1e-5


@pytest.mark.parametrize("players", [1, 2, 3])
def test_backward_induction_agrees_with_plain_loops(players):
    game = random_game(np.random.default_rng(6), players=players, draws=60, horizon=4)
    discount = np.full(players, 0.9)
    default = [tuple([1] * players)] * 3
    names = {state: tuple(f"action {a}" for a in default[0]) for state in game.states}
    solution = MarkovPerfect(default=names).solve(game)
    compared = 0
    for draw in range(game.draws):
        payoffs, chances = parts(game, draw)
        slow = pure_backward_induction(payoffs, chances, discount, 4, default)
        if slow is None:
            assert (solution.policy.pure[:, :, draw] == -1).any()
            continue
        compared += 1
        values, plan = slow
        np.testing.assert_allclose(solution.values[:, :, draw], values, atol=1e-12)
        numbers = [[np.ravel_multi_index(o, (2,) * players) for o in period] for period in plan]
        assert solution.policy.pure[:, :, draw].tolist() == numbers
    assert compared > 15
    assert solution.gain.max() < 1e-9
    assert solution.bellman.max() < 1e-12


def test_the_status_of_a_game_with_a_horizon_says_whether_a_stage_had_several_equilibria():
    game = random_game(np.random.default_rng(7), draws=80, horizon=3)
    solution = MarkovPerfect().solve(game)
    several = np.zeros(game.draws, dtype=bool)
    ahead = game.terminal
    for period in (2, 1, 0):
        worth = game.continuations(ahead)
        after = np.empty_like(ahead)
        for state, labels in enumerate(game.labels):
            stage = NormalForm(labels, game.stage_payoffs(state, worth))
            several |= AllNash().solve(stage).count > 1
            after[:, state] = stage.expected_payoffs(
                dict(zip(game.players, solution.strategies(game.states[state], period=period), strict=True))
            )
        ahead = after
    assert ((solution.codes == Status.INCOMPLETE) == several).all()
    assert (solution.selected == several).all()


def test_iterated_dominance_leaves_the_only_equilibrium():
    payoffs = np.random.default_rng(8).normal(size=(3, 3, 2, 2, 400))
    solvable = dominance_solvable(payoffs)
    labels = {"A": ("x", "y", "z"), "B": ("x", "y"), "C": ("x", "y")}
    nash = AllNash().solve(NormalForm(labels, payoffs))
    assert 0.05 < solvable.mean() < 0.9
    assert (nash.count[solvable] == 1).all()


def test_immediate_states_are_solved_within_their_period():
    # Asking may be answered at once; the same without immediacy takes a period, discounted.
    def game(**options):
        return StochasticGame.of(
            "A",
            {
                "ask": {"yes": (0, "answered"), "no": (1, "ask")},
                "answered": {"take": (5, "ask"), "leave": (0, "ask")},
            },
            **options,
        )

    at_once = MarkovPerfect().solve(game(discount=0.5, immediate=["answered"]))
    np.testing.assert_allclose(at_once.values[0, :, 0], [10, 10])
    later = MarkovPerfect().solve(game(discount=0.5))
    np.testing.assert_allclose(later.values[0, :, 0], [10 / 3, 20 / 3])
    finite = MarkovPerfect().solve(game(discount=0.5, immediate=["answered"], horizon=2))
    np.testing.assert_allclose(finite.values[0, 0, 0], 7.5)
    assert at_once.gain[0] == finite.gain[0] == finite.bellman[0] == 0


def test_draws_are_solved_alike_in_any_company():
    game = random_game(np.random.default_rng(9), players=3, draws=12, discount=0.6)
    together = MarkovPerfect().solve(game)
    for draw in (0, 7, 11):
        alone = MarkovPerfect().solve(game[draw])
        np.testing.assert_allclose(alone.values[..., 0], together.values[..., draw], rtol=1e-8)


def test_what_a_solution_tells():
    solution = MarkovPerfect(default={"trust": ("C", "C"), "broken": ("D", "D")}).solve(
        remembered_dilemma(0.8)
    )
    text = solution.explain()
    assert text.startswith("trust: A plays C, B plays C.\nbroken: A plays D, B plays D.\nINCOMPLETE")
    assert "MarkovSolution(2 states of 1 draws; 1 INCOMPLETE)" in repr(solution)
    chain = solution.chain()
    assert chain[:, :, 0].tolist() == [[1, 0], [0, 1]]
    values = solution.action_values("A", "trust")[:, 0]
    np.testing.assert_allclose(values, [15, 5 + 0.8 * 5])
    for wrong, error in (
        (lambda: solution.strategy("C", "trust"), UnknownNameError),
        (lambda: solution.strategies("lost"), UnknownNameError),
        (lambda: solution.to_frame(1), UnknownDrawError),
        (lambda: MarkovPerfect(default={"lost": ("C", "C")}).solve(solution.game), UnknownNameError),
        (lambda: MarkovPerfect().solve(NormalForm(PAIR, DILEMMA)), InvalidArgumentError),
        (lambda: MarkovPerfect(tolerance=0), InvalidArgumentError),
        (lambda: MarkovPerfect(iterations=-1), InvalidArgumentError),
    ):
        with pytest.raises(error):
            wrong()


@pytest.mark.parametrize("horizon", [4, None])
def test_how_many_stage_games_are_looked_at_together_changes_nothing(monkeypatch, horizon):
    game = random_game(np.random.default_rng(5), players=3, draws=60, discount=0.6, horizon=horizon)
    whole = MarkovPerfect().solve(game)
    monkeypatch.setattr("bargain.solvers.markov_perfect._CACHED", 500)
    monkeypatch.setattr("bargain.solvers.stage_choice._PATIENCE", 10)
    parts = MarkovPerfect().solve(game)
    assert np.array_equal(parts.codes, whole.codes)
    assert len(np.unique(whole.codes)) > (horizon is not None)
    assert np.array_equal(parts.selected, whole.selected)
    assert np.array_equal(parts.values, whole.values)
    assert np.array_equal(parts.policy.pure, whole.policy.pure)
    assert parts.policy.mixed.keys() == whole.policy.mixed.keys()
    assert whole.policy.mixed
