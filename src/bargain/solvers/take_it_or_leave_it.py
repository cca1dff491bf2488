"""A demand that can only be taken or left, made to a country whose cost of war is private."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats, read_only
from bargain.errors import InvalidArgumentError

__all__ = ["Ultimatum", "ultimatum"]


@dataclass(frozen=True, eq=False)
class Ultimatum:
    """The best demand and what comes of it; every field float[N].

    Attributes
    ----------
    excess : float[N]
        What is demanded beyond the share that war would bring on average.
    demand : float[N]
        The share demanded.
    war : float[N]
        Probability that the demand is rejected.
    payoff : float[N]
        Expected payoff of who demands.
    """

    excess: Floats
    demand: Floats
    war: Floats
    payoff: Floats


def ultimatum(strength: npt.ArrayLike, cost: npt.ArrayLike, highest_cost: npt.ArrayLike) -> Ultimatum:
    """Return the best take-it-or-leave-it demand for a share of one.

    War gives the one who demands the share ``strength`` less its cost, and the other one less that share less
    its own cost, which it alone knows: it is uniform between 0 and ``highest_cost``. A greater demand
    wins more if it is accepted and is accepted less often: war may come though both would lose by it
    [Fearon1995]_.

    Parameters
    ----------
    strength : float or float[N]
        Share won in war by who demands, between 0 and 1.
    cost : float or float[N]
        Of war to who demands; not below zero.
    highest_cost : float or float[N]
        Of war to the other; above zero.

    Returns
    -------
    Ultimatum
        With the excess ``(highest_cost - cost) / 2`` and war with probability ``1 / 2 - cost / (2
        highest_cost)``, unless that would be below zero or more than all would be demanded.

    Raises
    ------
    InvalidArgumentError

    Examples
    --------
    >>> import bargain as bg
    >>> answer = bg.ultimatum(strength=0.5, cost=0.1, highest_cost=0.5)
    >>> print(answer.excess, answer.war)
    [0.2] [0.4]
    """
    try:
        arrays = [
            np.atleast_1d(np.asarray(value, dtype=np.float64)) for value in (strength, cost, highest_cost)
        ]
        share, own, bound = np.broadcast_arrays(*arrays)
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(f"ultimatum: numbers or float[N] were expected ({error})") from error
    if not ((share >= 0) & (share <= 1) & (own >= 0) & (bound > 0) & np.isfinite(own + bound)).all():
        raise InvalidArgumentError(
            "ultimatum: a strength from 0 to 1, a cost of at least 0 and a highest cost above 0 were expected"
        )
    excess = np.clip(0.5 * (bound - own), 0.0, 1 - share)
    war = np.minimum(excess / bound, 1.0)
    payoff = share + (1 - war) * excess - war * own
    return Ultimatum(read_only(excess), read_only(share + excess), read_only(war), read_only(payoff))
