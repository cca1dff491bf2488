"""Pure Nash equilibria of one game, by the definition."""

import itertools


def pure_nash(payoffs):
    """List the outcomes from which nobody gains by deviating alone; ``payoffs[player, a, b, ...]``."""
    shape = payoffs.shape[1:]
    equilibria = []
    for outcome in itertools.product(*map(range, shape)):
        gains = []
        for player, size in enumerate(shape):
            for action in range(size):
                deviation = (*outcome[:player], action, *outcome[player + 1 :])
                gains.append(payoffs[(player, *deviation)] - payoffs[(player, *outcome)])
        if max(gains) <= 0:
            equilibria.append(outcome)
    return equilibria


def regret(payoffs, profile):
    """Return the largest gain of any player from leaving a mixed profile alone: weights of each player."""

    def expected(player, strategies):
        total = 0.0
        for outcome in itertools.product(*map(range, payoffs.shape[1:])):
            probability = 1.0
            for strategy, action in zip(strategies, outcome, strict=True):
                probability *= strategy[action]
            total += probability * payoffs[(player, *outcome)]
        return total

    gains = []
    for player, size in enumerate(payoffs.shape[1:]):
        for action in range(size):
            pure = [1.0 if other == action else 0.0 for other in range(size)]
            deviation = [pure if who == player else strategy for who, strategy in enumerate(profile)]
            gains.append(expected(player, deviation) - expected(player, profile))
    return max(gains)
