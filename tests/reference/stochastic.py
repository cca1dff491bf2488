"""Markov decision problems and stochastic games solved slowly: by enumeration, recursion and plain loops."""

import itertools

import numpy as np


def best_stationary_policy(payoffs, transitions, discount):
    """Value every stationary policy of a Markov decision problem and return (values, policy) of the best.

    ``payoffs[state][action]`` and ``transitions[state][action][next]``. The best policy is best in all states.
    """
    states = len(payoffs)
    best = None
    for policy in itertools.product(*(range(len(row)) for row in payoffs)):
        chain = np.array([transitions[state][action] for state, action in enumerate(policy)])
        reward = np.array([payoffs[state][action] for state, action in enumerate(policy)])
        value = np.linalg.inv(np.eye(states) - discount * chain) @ reward
        if best is None or value.sum() > best[0].sum():
            best = value, policy
    return best


def zero_sum_values(payoffs, transitions, discount, value_of_matrix, steps=400):
    """Shapley's value iteration: ``payoffs[state][row, column]``, ``transitions[state][row, column, next]``."""
    values = np.zeros(len(payoffs))
    for _ in range(steps):
        values = np.array(
            [
                value_of_matrix(own + discount * np.einsum("abs,s->ab", chance, values))[0]
                for own, chance in zip(payoffs, transitions, strict=True)
            ]
        )
    return values


def pure_backward_induction(payoffs, transitions, discount, horizon, default):
    """Value a game of any number of players period by period; None where a stage has no pure equilibrium.

    ``payoffs[state][player, a, b, ...]``; the default outcome of a state is taken first, then the first by
    order.
    """
    players = payoffs[0].shape[0]
    ahead = np.zeros((players, len(payoffs)))
    plan = []
    for _ in range(horizon):
        now, chosen = np.empty_like(ahead), []
        for state, own in enumerate(payoffs):
            found = []
            for outcome in itertools.product(*(range(size) for size in own.shape[1:])):
                worth = [_worth(own, transitions[state], discount, ahead, player, outcome)
                         for player in range(players)]  # fmt: skip
                stable = True
                for player, size in enumerate(own.shape[1:]):
                    for action in range(size):
                        other = (*outcome[:player], action, *outcome[player + 1 :])
                        if _worth(own, transitions[state], discount, ahead, player, other) > worth[player]:
                            stable = False
                if stable:
                    found.append((outcome, worth))
            if not found:
                return None
            found.sort(key=lambda pair: pair[0] != default[state])
            chosen.append(found[0][0])
            now[:, state] = found[0][1]
        ahead, plan = now, [chosen, *plan]
    return ahead, plan


def _worth(own, chances, discount, ahead, player, outcome):
    total = own[(player, *outcome)]
    for following, chance in enumerate(chances[outcome]):
        total += chance * discount[player] * ahead[player, following]
    return total
