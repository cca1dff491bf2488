"""Nash equilibria of one game by Newton's method from many points on every support, written for reading."""

import itertools

import numpy as np


def newton_supports(payoffs, rng, *, starts=30, tolerance=1e-9):
    """List the equilibria of ``payoffs[player, a, b, ...]`` that are found, as lists of strategies.

    On a support every player is indifferent among its actions, and its weights add to one. Newton's method
    on these equations starts from random mixes; what it converges to is kept if it is a profile and if no
    player gains more than ``tolerance``, relative to its payoff range, by deviating.
    """
    low = payoffs.reshape(len(payoffs), -1).min(axis=1)
    high = payoffs.reshape(len(payoffs), -1).max(axis=1)
    shape = payoffs.shape[1:]
    expand = (slice(None), *(None,) * len(shape))
    unit = (payoffs - low[expand]) / np.where(high > low, high - low, 1.0)[expand]
    found = []
    subsets = [[c for size in range(1, n + 1) for c in itertools.combinations(range(n), size)] for n in shape]
    for support in itertools.product(*subsets):
        for profile in _newton(unit, support, rng, starts):
            if is_equilibrium(unit, profile, tolerance):
                clipped = [np.clip(strategy, 0, None) for strategy in profile]
                if not any(same(clipped, other) for other in found):
                    found.append(clipped)
    return found


def same(one, other, tolerance=1e-6):
    """Say whether two profiles coincide."""
    return all(np.abs(a - b).max() < tolerance for a, b in zip(one, other, strict=True))


def action_values(payoffs, profile, player):
    """Return what each of a player's actions is worth against the others' strategies."""
    value = payoffs[player]
    for other in reversed(range(len(profile))):
        if other != player:
            value = np.tensordot(value, profile[other], axes=(other, 0))
    return value


def is_equilibrium(payoffs, profile, tolerance):
    """Check the weights and every deviation."""
    if min(strategy.min() for strategy in profile) < -tolerance:
        return False
    values = [action_values(payoffs, profile, player) for player in range(len(profile))]
    return all(v.max() - s @ v <= tolerance for s, v in zip(profile, values, strict=True))


def _newton(payoffs, support, rng, starts):
    """Yield the profiles, possibly with negative weights, at which some starts have arrived."""
    shape = payoffs.shape[1:]
    places = [(player, action) for player, actions in enumerate(support) for action in actions]
    profile = [np.zeros((starts, n)) for n in shape]
    for strategy, actions in zip(profile, support, strict=True):
        strategy[:, list(actions)] = rng.dirichlet(np.ones(len(actions)), size=starts)
    for _ in range(30):
        values = _conditions(payoffs, profile, support)
        slopes = []
        for player, action in places:  # conditions are affine in a strategy: their slope is a difference
            ends = []
            for weight in (0.0, 1.0):
                moved = [strategy.copy() for strategy in profile]
                moved[player][:, action] = weight
                ends.append(_conditions(payoffs, moved, support))
            slopes.append(ends[1] - ends[0])
        slopes = np.stack(slopes, axis=2)
        move = (np.linalg.pinv(slopes, rcond=1e-12) @ values[..., None])[..., 0]
        for column, (player, action) in enumerate(places):
            profile[player][:, action] -= np.clip(move[:, column], -10, 10)
    arrived = np.abs(_conditions(payoffs, profile, support)).max(axis=1) < 1e-10
    for start in np.flatnonzero(arrived):
        yield [strategy[start] for strategy in profile]


def _conditions(payoffs, profile, support):
    """Return, per start, the indifference conditions of every player and the sums of weights less one."""
    players = len(profile)
    result = []
    for player, actions in enumerate(support):
        operands = [payoffs[player], list(range(players))]
        for other in range(players):
            if other != player:
                operands += [profile[other], [players, other]]
        values = np.einsum(*operands, [players, player])
        result += [values[:, action] - values[:, actions[0]] for action in actions[1:]]
        result.append(profile[player].sum(axis=1) - 1.0)
    return np.stack(result, axis=1)
