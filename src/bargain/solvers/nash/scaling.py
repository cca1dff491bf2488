"""Payoffs brought to a common scale, on which tolerances mean the same for every player and draw."""

from __future__ import annotations

from bargain.axes import Floats

__all__ = ["unit_range"]


def unit_range(payoffs: Floats) -> Floats:
    """Scale each player's payoffs in every draw to [0, 1], which changes no equilibrium.

    Parameters
    ----------
    payoffs : float[P, A..., N]

    Returns
    -------
    float[P, A..., N]
        All zero where a player's payoffs are all equal.

    Examples
    --------
    >>> import numpy as np
    >>> unit_range(np.array([[[1.0], [3.0]]])).ravel()
    array([0., 1.])
    """
    outcomes = tuple(range(1, payoffs.ndim - 1))
    low = payoffs.min(axis=outcomes, keepdims=True)
    width = payoffs.max(axis=outcomes, keepdims=True) - low
    unit: Floats = (payoffs - low) / (width + (width == 0))
    return unit
