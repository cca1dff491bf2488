import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.games.profiles import action_values, expected_payoffs, outcome_probabilities, regrets
from reference.pure_nash import regret

SHAPES = st.lists(st.integers(1, 3), min_size=1, max_size=4).map(tuple)
SEEDS = st.integers(0, 2**32 - 1)


def random_profile(rng, shape, draws):
    return [rng.dirichlet(np.ones(size), draws).T for size in shape]


@given(SHAPES, st.integers(1, 3), SEEDS)
def test_regret_is_the_slow_twin_s(shape, draws, seed):
    rng = np.random.default_rng(seed)
    payoffs = rng.normal(size=(len(shape), *shape, draws))
    profile = random_profile(rng, shape, draws)
    fast = regrets(payoffs, profile).max(axis=0)
    slow = [regret(payoffs[..., n], [strategy[:, n] for strategy in profile]) for n in range(draws)]
    assert fast == pytest.approx(slow, abs=1e-12)


@given(SHAPES, st.integers(1, 3), SEEDS)
def test_expected_payoffs_weigh_outcomes_by_their_probabilities(shape, draws, seed):
    rng = np.random.default_rng(seed)
    payoffs = rng.normal(size=(len(shape), *shape, draws))
    profile = random_profile(rng, shape, draws)
    probabilities = outcome_probabilities(profile)
    assert probabilities.shape == (np.prod(shape), draws)
    assert probabilities.sum(axis=0) == pytest.approx(np.ones(draws))
    weighed = (payoffs.reshape(len(shape), -1, draws) * probabilities).sum(axis=1)
    assert expected_payoffs(payoffs, profile) == pytest.approx(weighed, abs=1e-12)


@given(SHAPES, SEEDS)
def test_the_own_strategy_does_not_change_what_actions_are_worth(shape, seed):
    rng = np.random.default_rng(seed)
    payoffs = rng.normal(size=(len(shape), *shape, 2))
    profile, other = random_profile(rng, shape, 2), random_profile(rng, shape, 2)
    for player in range(len(shape)):
        changed = [*profile[:player], other[player], *profile[player + 1 :]]
        assert (action_values(payoffs, profile, player) == action_values(payoffs, changed, player)).all()


def test_action_values_of_a_known_game():
    payoffs = np.array([[[3.0, 0], [5, 1]], [[3, 5], [0, 1]]])[..., None]
    half = np.array([[0.5], [0.5]])
    assert action_values(payoffs, [half, half], 0).ravel().tolist() == [1.5, 3.0]
    assert action_values(payoffs, [half, half], 1).ravel().tolist() == [1.5, 3.0]


def test_regret_of_a_pure_equilibrium_is_exactly_zero():
    payoffs = np.array([[[0.1, 0.3], [0.7, 0.9]], [[0.1, 0.3], [0.7, 0.9]]])[..., None] / 3
    last = np.array([[0.0], [1.0]])
    assert (regrets(payoffs, [last, last]) == 0).all()


@given(SHAPES)
def test_no_equilibrium_is_a_batch_of_none(shape):
    payoffs, profile = np.empty((len(shape), *shape, 0)), [np.empty((size, 0)) for size in shape]
    assert regrets(payoffs, profile).shape == (len(shape), 0)
    assert expected_payoffs(payoffs, profile).shape == (len(shape), 0)
    assert outcome_probabilities(profile).shape == (np.prod(shape), 0)


def test_outcomes_are_in_c_order():
    first, second = np.array([[0.25], [0.75]]), np.array([[0.5], [0.3], [0.2]])
    expected = [0.125, 0.075, 0.05, 0.375, 0.225, 0.15]
    assert outcome_probabilities([first, second]).ravel() == pytest.approx(expected)
