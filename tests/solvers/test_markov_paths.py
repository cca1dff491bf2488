import numpy as np
import pytest

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.stochastic import StochasticGame
from bargain.solvers.markov_paths import simulate_paths, state_probabilities, survival
from bargain.solvers.markov_perfect import MarkovPerfect


def random_solution(draws=5, horizon=None, seed=0):
    rng = np.random.default_rng(seed)
    states = ("x", "y", "z")
    game = StochasticGame(
        {"A": ("a", "b"), "B": ("c", "d")},
        rng.normal(size=(2, 3, 2, 2, draws)),
        rng.dirichlet(np.ones(3), size=(3, 2, 2)),
        states=states,
        discount=0.6,
        horizon=horizon,
    )
    return MarkovPerfect().solve(game)


def passing():
    """A notice, which is immediate, is taken back with 0.7; in a year without notice nothing happens."""
    game = StochasticGame.of(
        "A",
        {
            "kept": {"go on": (1, {"kept": 0.8, "notice": 0.2})},
            "notice": {"hope": (0, {"kept": 0.7, "ended": 0.3})},
            "ended": {},
        },
        discount=0.9,
        immediate=["notice"],
    )
    return MarkovPerfect().solve(game)


def test_chances_are_matrix_powers():
    solution = random_solution()
    exact = state_probabilities(solution, {"x": 0.25, "z": 0.75}, 6)
    chain = solution.chain()
    for draw in range(5):
        for period in range(7):
            expected = np.array([0.25, 0, 0.75]) @ np.linalg.matrix_power(chain[:, :, draw], period)
            np.testing.assert_allclose(exact[period, :, draw], expected, atol=1e-14)


def test_chances_with_a_horizon_multiply_the_chains_of_the_periods():
    solution = random_solution(horizon=3)
    exact = state_probabilities(solution, "x", 3)
    now = np.array([1.0, 0, 0])
    for period in range(3):
        now = now @ solution.chain(period=period)[:, :, 2]
        np.testing.assert_allclose(exact[period + 1, :, 2], now, atol=1e-14)


def test_immediate_states_take_no_time():
    lasting = survival(passing(), ["kept"], "kept", 5)
    np.testing.assert_allclose(lasting.curve[:, 0], 0.94 ** np.arange(6))
    np.testing.assert_allclose(lasting.hazard[:, 0], 0.06)
    np.testing.assert_allclose(lasting.expected[0], (0.94 ** np.arange(5)).sum())
    assert (state_probabilities(passing(), "kept", 5)[:, 1] == 0).all()


def test_play_may_begin_in_an_immediate_state():
    exact = state_probabilities(passing(), "notice", 2)
    np.testing.assert_allclose(exact[:, :, 0], [[0, 1, 0], [0.7, 0, 0.3], [0.658, 0, 0.342]])
    played = simulate_paths(passing(), {"notice": 0.5, "ended": 0.5}, 2, paths=20_000)
    np.testing.assert_allclose(played.shares[:2], [[0, 0.5, 0.5], [0.35, 0, 0.65]], atol=0.02)


def test_survival_counts_the_first_exit_and_occupancy_all_returns():
    solution = random_solution()
    lasting = survival(solution, ["x", "y"], "x", 8)
    inside = solution.chain()[:2, :2, 3]
    for period in range(9):
        expected = np.linalg.matrix_power(inside, period)[0].sum()
        np.testing.assert_allclose(lasting.curve[period, 3], expected, atol=1e-14)
    exact = state_probabilities(solution, "x", 8)
    np.testing.assert_allclose(lasting.occupied, exact[:, :2].sum(axis=1))
    assert (lasting.curve <= lasting.occupied + 1e-15).all()
    assert (np.diff(lasting.curve, axis=0) <= 1e-15).all()


def test_simulated_shares_agree_with_exact_ones():
    for solution in (random_solution(2), random_solution(2, horizon=4, seed=1), passing()):
        start = solution.game.states[0]
        played = simulate_paths(solution, start, 4, paths=40_000, seed=3)
        exact = state_probabilities(solution, start, 4)
        for draw in range(solution.game.draws):
            for period in range(5):
                shares = np.bincount(played.states[period, :, draw], minlength=3) / 40_000
                np.testing.assert_allclose(shares, exact[period, :, draw], atol=5 * 0.5 / 200)
        lasting = played.survival(solution.game.states[:2])
        curve = survival(solution, solution.game.states[:2], start, 4).curve
        np.testing.assert_allclose(lasting.curve, curve, atol=5 * 0.5 / 200)


def test_paths_depend_on_the_seed_alone():
    chance = np.random.default_rng(0).uniform(size=20_000)
    game = StochasticGame.of(
        "A",
        {"x": {"a": (1, {"x": chance, "y": 1 - chance})}, "y": {"b": (0, {"x": 0.5, "y": 0.5})}},
        discount=0.5,
    )
    solution = MarkovPerfect().solve(game)
    one = simulate_paths(solution, "x", 3, seed=5)
    two = simulate_paths(solution, "x", 3, seed=5, workers=3)
    assert (one.states == two.states).all()
    assert (one.outcomes == two.outcomes).all()
    assert (one.states != simulate_paths(solution, "x", 3, seed=6).states).any()
    assert abs((one.states[1] == 0).mean() - chance.mean()) < 0.01


def test_a_draw_keeps_its_path_whatever_draws_follow():
    whole = random_solution(12)
    part = MarkovPerfect().solve(whole.game[:7])
    one, two = (simulate_paths(solution, "x", 4, paths=3, seed=1) for solution in (whole, part))
    assert (one.states[:, :, :7] == two.states).all()


def test_a_path_reads_as_a_story():
    played = simulate_paths(passing(), "kept", 30, seed=2)
    story = played.story(first=2019)
    assert story.index[0] == 2019
    assert set(story["then"]) <= {"", "notice"}
    assert (story.loc[story["then"] == "notice", "played then"] == "hope").all()
    assert played.shares.sum(axis=1) == pytest.approx(1)


def test_quantiles_over_draws():
    lasting = survival(random_solution(20), ["x"], "x", 3, first=2020)
    fan = lasting.fan((0.1, 0.9))
    assert list(fan.index) == [2020, 2021, 2022, 2023]
    np.testing.assert_allclose(fan[0.1], np.quantile(lasting.curve, 0.1, axis=1))
    np.testing.assert_allclose(fan["mean"], lasting.curve.mean(axis=1))


def test_wrong_questions_are_refused():
    solution = random_solution(horizon=2)
    for wrong, error in (
        (lambda: survival(solution, ["lost"], "x", 2), UnknownNameError),
        (lambda: survival(solution, ["x"], "lost", 2), UnknownNameError),
        (lambda: survival(solution, ["x"], {"x": 0.5}, 2), InvalidArgumentError),
        (lambda: survival(solution, ["x"], "x", 3), InvalidArgumentError),
        (lambda: state_probabilities(passing(), np.ones((3, 2)), 3), InvalidArgumentError),
        (lambda: simulate_paths(solution, "x", 2, paths=0), InvalidArgumentError),
        (lambda: simulate_paths(solution, "x", 2, seed=-1), InvalidArgumentError),
    ):
        with pytest.raises(error):
            wrong()
