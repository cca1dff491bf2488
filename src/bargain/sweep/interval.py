"""Intervals of shares: how far a share over draws may be from the share over all draws."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from bargain.axes import Floats

__all__ = ["wilson_interval"]


def wilson_interval(
    count: npt.ArrayLike, draws: npt.ArrayLike, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Return Wilson's interval of a share [Wilson1927]_.

    It measures sampling error only: with more draws it shrinks to a point, while what the model does not know
    stays unknown.

    Parameters
    ----------
    count : array_like of int
        Numbers of draws in which something held.
    draws : array_like of int
        Numbers of independent draws.
    level : float, default 0.95

    Returns
    -------
    low, high : float arrays

    Examples
    --------
    >>> import bargain as bg
    >>> low, high = bg.wilson_interval(8, 10)
    >>> print(f"{low:.3f} {high:.3f}")
    0.490 0.943
    """
    draws = np.asarray(draws, dtype=np.float64)
    share = np.asarray(count, dtype=np.float64) / draws
    z2 = float(ndtri(0.5 + level / 2)) ** 2
    centre = (share + z2 / (2 * draws)) / (1 + z2 / draws)
    half = np.sqrt(z2 * (share * (1 - share) + z2 / (4 * draws)) / draws) / (1 + z2 / draws)
    # Rounding must not put the share itself outside, as it would at 0 and 1.
    low, high = np.minimum(centre - half, share), np.maximum(centre + half, share)
    return np.maximum(low, 0.0), np.minimum(high, 1.0)
