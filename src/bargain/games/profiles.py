"""Mixed profiles: what each player expects from them, and how much it could gain by leaving them.

The functions here are the independent measure by which every solver's answer is checked; no solver is used.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bargain.axes import Floats, Ints

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
    return _averaged(np.array(np.moveaxis(payoffs[player], player, 0), order="C"), strategies, player)


def _averaged(values: Floats, strategies: Sequence[Floats], player: int) -> Floats:
    """Average values, float[K, A of the others..., N], over what the others do; float[K, N], in their place.

    In place, because on large batches more memory costs more time than the arithmetic.
    """
    for other in reversed(range(len(strategies))):
        if other != player:
            weight = strategies[other]
            average = values[..., 0, :]
            average *= weight[0]
            for action in range(1, weight.shape[0]):
                part = values[..., action, :]
                part *= weight[action]
                average += part
            values = average
    return values


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


def regrets(payoffs: Floats, strategies: Sequence[Floats], draw: Ints | None = None) -> Floats:
    """Return each player's largest gain from leaving its strategy alone.

    Parameters
    ----------
    payoffs : float[P, A..., N]
    strategies : sequence of float[action, E]
    draw : int[E], optional
        Of which draw each column of the strategies is a profile. Left out: one of each draw, in order.

    Returns
    -------
    float[P, E]
        In payoff units; zero for every player exactly at a Nash equilibrium.
    """
    axes = range(len(strategies) + 1)
    result = np.empty((len(strategies), strategies[0].shape[1]))
    for player, strategy in enumerate(strategies):
        own = payoffs[player].transpose(player, *(axis for axis in axes if axis != player))
        # Over the first action: what does not depend on the own action cancels before anything is averaged.
        more = np.subtract(own[1:], own[:1], out=np.empty((own.shape[0] - 1, *own.shape[1:])))
        gain = _averaged(more if draw is None else more.take(draw, axis=-1), strategies, player)
        if len(gain) == 1:  # the loss of the two actions is the gain of the other, or what it costs
            np.maximum(gain[0], 0.0, out=result[player])
            gain *= strategy[1]
            result[player] -= gain[0]
            continue
        best = gain.max(axis=0, initial=0.0)
        # The loss is averaged, not the payoff: that keeps a pure best reply at exactly zero.
        np.multiply(strategy[0], best, out=result[player])
        for probability, one in zip(strategy[1:], gain, strict=True):
            loss = np.subtract(best, one, out=one)
            loss *= probability
            result[player] += loss
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
