"""Can all players gain at once? A quick answer for many draws, yes with a lottery or no with prices."""

from __future__ import annotations

import numpy as np

from bargain.axes import Bools, Floats

__all__ = ["mutual_gain"]

_ROUNDS = 200
_STEP = 0.5
_LEAST_PRICE = 1e-3
_NOTHING = 1e-14


def mutual_gain(margins: Floats) -> tuple[Floats, Bools]:
    """Look for a lottery over packages that gives all players more than they need, or for a proof of none.

    A game of packages against prices, played by multiplicative weights: the package that is worth the most at
    the players' prices is added to the lottery, and prices of those who have little rise. Prices at which no
    package is worth more than nothing prove that no lottery gives somebody more without giving another less.

    Parameters
    ----------
    margins : float[P, K, N]
        What each package gives over what the player needs, between -2 and 2.

    Returns
    -------
    lottery : float[K, N]
        One that gives the poorest player as much as this search could find; possibly not enough.
    hopeless : bool[N]
        Where prices prove that nobody can gain unless another loses. False means only that none were found.
    """
    players, packages, draws = margins.shape
    table = np.ascontiguousarray(margins.transpose(2, 1, 0))
    earned = np.zeros((draws, players))
    chosen = np.zeros((draws, packages))
    hopeless = np.zeros(draws, dtype=np.bool_)
    place = np.arange(draws)
    for _ in range(_ROUNDS):
        price = np.exp(-_STEP * (earned - earned.min(axis=1, keepdims=True)))
        price /= price.sum(axis=1, keepdims=True)
        worth = np.einsum("nkp,np->nk", table, price)
        best = worth.argmax(axis=1)
        hopeless |= (worth[place, best] <= _NOTHING) & (price.min(axis=1) >= _LEAST_PRICE)
        chosen[place, best] += 1.0
        earned += table[place, best]
    return (chosen / _ROUNDS).T, hopeless
