"""Mixed profiles: what each player expects from them, and how much it could gain by leaving them.

The functions here are the independent measure by which every solver's answer is checked; no solver is used.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bargain.axes import Floats

__all__ = ["action_values", "expected_payoffs", "outcome_probabilities", "regrets"]


def action_values(payoffs: Floats, strategies: Sequence[Floats], player: int) -> Floats:
    """Return what each action of a player is worth when the others play their strategies.

    Parameters
    ----------
    payoffs : float[P, A..., N]
    strategies : sequence of float[action, N]
        One per player; each column a probability distribution.
    player : int

    Returns
    -------
    float[action, N]
    """
    value: Floats = payoffs[player]
    # From the last axis to the first, so that the axes still to be contracted keep their numbers.
    for other in reversed(range(len(strategies))):
        if other != player:
            weight = strategies[other]
            shape = (1,) * other + (weight.shape[0],) + (1,) * (value.ndim - other - 2) + (weight.shape[1],)
            value = (value * weight.reshape(shape)).sum(axis=other, keepdims=True)
    return value.reshape(payoffs.shape[1 + player], value.shape[-1])


def expected_payoffs(payoffs: Floats, strategies: Sequence[Floats]) -> Floats:
    """Return each player's expected payoff.

    Parameters
    ----------
    payoffs : float[P, A..., N]
    strategies : sequence of float[action, N]

    Returns
    -------
    float[P, N]
    """
    first = strategies[0].shape[1]
    result = np.empty((len(strategies), first))
    for player, strategy in enumerate(strategies):
        result[player] = (strategy * action_values(payoffs, strategies, player)).sum(axis=0)
    return result


def regrets(payoffs: Floats, strategies: Sequence[Floats]) -> Floats:
    """Return each player's largest gain from leaving its strategy alone.

    Parameters
    ----------
    payoffs : float[P, A..., N]
    strategies : sequence of float[action, N]

    Returns
    -------
    float[P, N]
        In payoff units; zero for every player exactly at a Nash equilibrium.
    """
    result = np.empty((len(strategies), strategies[0].shape[1]))
    for player, strategy in enumerate(strategies):
        values = action_values(payoffs, strategies, player)
        # The gain is averaged, not the payoff: that keeps a pure best reply at exactly zero.
        result[player] = (strategy * (values.max(axis=0) - values)).sum(axis=0)
    return result


def outcome_probabilities(strategies: Sequence[Floats]) -> Floats:
    """Return the probability of every outcome under independent play.

    Parameters
    ----------
    strategies : sequence of float[action, N]

    Returns
    -------
    float[O, N]
        In C order of the outcomes.
    """
    result = strategies[0]
    for strategy in strategies[1:]:
        # The size is spelled out: -1 cannot be told where there is no equilibrium.
        size = result.shape[0] * strategy.shape[0]
        result = (result[:, None, :] * strategy[None, :, :]).reshape(size, strategy.shape[1])
    return result
