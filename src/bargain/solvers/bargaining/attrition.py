"""The war of attrition with audience costs: who backs down, when, and how often nobody does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats, read_only
from bargain.errors import InvalidArgumentError

__all__ = ["Attrition", "AttritionPath"]

_NODES = 96  # of Gauss-Legendre in the logarithm of time


@dataclass(frozen=True, eq=False)
class AttritionPath:
    """How a war of attrition goes, batched over draws.

    Attributes
    ----------
    prize : float[2, N]
    audience_cost : float[2, N]
        Per unit of time.
    holds : float[2, N]
        The probability that each player does not back down at the very start: ``S(0)``.
    horizon : float[N]
        When nobody is left who would back down; from then on there is conflict.
    backs_down : float[2, N]
        The probability that each is the first to back down, at any time.
    conflict : float[N]
        The probability that nobody does.
    """

    prize: Floats
    audience_cost: Floats
    holds: Floats
    horizon: Floats
    backs_down: Floats
    conflict: Floats

    def __post_init__(self) -> None:
        for name in ("prize", "audience_cost", "holds", "horizon", "backs_down", "conflict"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def payoffs(self) -> Floats:
        """What a player of a kind that would back down expects, float[2, N].

        Backing down at once costs nothing and is as good as any later time, so it is the prize times the
        chance that the other backs down at the very start.
        """
        return self.prize * (1.0 - self.holds[::-1])

    def survival(self, time: npt.ArrayLike) -> Floats:
        """Return the probability that each player has not backed down by a time, if the other has not.

        Parameters
        ----------
        time : float or float[M]
            In the units of the audience costs; at the horizon and after it, the last value.

        Returns
        -------
        float[2, M, N]
            ``S_j(t) = S_j(0) v_i / (v_i + a_i t)``: fast enough that the other is indifferent.
        """
        at = np.minimum(np.atleast_1d(np.asarray(time, dtype=np.float64))[:, None], self.horizon)
        ratio = (self.audience_cost / self.prize)[::-1, None, :]
        result: Floats = self.holds[:, None, :] / (1.0 + ratio * at)
        return result

    def hazard(self, time: npt.ArrayLike) -> Floats:
        """Return the rate at which each player backs down, given that neither has.

        Parameters
        ----------
        time : float or float[M]

        Returns
        -------
        float[2, M, N]
            ``a_i / (v_i + a_i t)`` for player j: it rises with the *other's* audience cost. Zero from the
            horizon on.
        """
        at = np.atleast_1d(np.asarray(time, dtype=np.float64))[:, None]
        ratio = (self.audience_cost / self.prize)[::-1, None, :]
        return np.where(at < self.horizon, ratio / (1.0 + ratio * at), 0.0)


@dataclass(frozen=True)
class Attrition:
    """Two players hold out in public; who backs down after time t pays ``audience_cost x t`` [Fearon1994]_.

    Who holds out longer gets the prize. Each player doubts that the other would ever back down: either a
    known part of its kinds never would (`resolved`), or each kind has its own cost of conflict, spread evenly
    between 0 and the largest (`conflict_cost`), and is locked in once backing down would cost more than that.

    Every parameter may hold one number for both players, one for each, or one for each player and draw.

    Parameters
    ----------
    prize : float[2] or float[2, N]
        Positive.
    audience_cost : float[2] or float[2, N]
        Per unit of time; positive.
    resolved : float[2] or float[2, N], optional
        The probability that each player never backs down, above 0 and up to 1.
    conflict_cost : float[2] or float[2, N], optional
        The largest cost that conflict may have for each player; positive. Exactly one of both is given.

    Raises
    ------
    InvalidArgumentError
        If both or none of the two are given, or a number is outside its range.

    Notes
    -----
    Each backs down at the rate that keeps the other indifferent. Nobody may be left who would back down at
    the same time for both, so one of them backs down at the start with a positive probability.

    With given parts of resolved kinds, that is the one with more of those who would back down or with the
    higher audience cost - its rate is the slower one. With costs of conflict, a higher audience cost locks
    a player in sooner, and it is the player with the lower one who backs down at the start: that is Fearon's
    result, and it hinges on resolve growing with what has been staked.

    Examples
    --------
    >>> import bargain as bg
    >>> path = bg.Attrition(prize=(1, 1), audience_cost=(2, 1), conflict_cost=(1, 1)).solve()
    >>> print(path.holds[:, 0].round(6), path.backs_down[:, 0].round(6))
    [1.       0.633975] [0.131139 0.600912]
    """

    prize: npt.ArrayLike
    audience_cost: npt.ArrayLike
    resolved: npt.ArrayLike | None = None
    conflict_cost: npt.ArrayLike | None = None

    def __post_init__(self) -> None:
        if (self.resolved is None) == (self.conflict_cost is None):
            raise InvalidArgumentError("Attrition: exactly one of resolved and conflict_cost was expected")
        self._terms()

    def solve(self) -> AttritionPath:
        """Return the equilibrium of every draw.

        Returns
        -------
        AttritionPath
        """
        prize, cost, doubt = self._terms()
        rate = cost / prize  # of the audience cost, in prizes per unit of time
        other = rate[::-1]
        if self.resolved is not None:
            # S_j falls as 1 / (1 + rate_i t), to the part that is resolved.
            reaches = (1.0 / doubt - 1.0) / other
        else:
            # S_j falls so until it meets the part that is locked in, a_j t / c_j: a quadratic in t.
            locks = cost / doubt
            reaches = 2.0 / (locks + np.sqrt(locks**2 + 4.0 * locks * other))
        horizon = reaches.min(axis=0)
        left = doubt if self.resolved is not None else np.minimum(cost * horizon / doubt, 1.0)
        first = np.arange(2)[:, None] == reaches.argmin(axis=0)
        holds = np.where(first, 1.0, np.minimum(left * (1.0 + other * horizon), 1.0))
        backs_down = (1.0 - holds) + holds[0] * holds[1] * _first_to_leave(rate, horizon)
        conflict = holds[0] * holds[1] / ((1.0 + other[0] * horizon) * (1.0 + other[1] * horizon))
        return AttritionPath(prize, cost, holds, horizon, backs_down, conflict)

    def _terms(self) -> tuple[Floats, Floats, Floats]:
        name = "resolved" if self.resolved is not None else "conflict_cost"
        given = {"prize": self.prize, "audience_cost": self.audience_cost, name: getattr(self, name)}
        arrays = {}
        for key, value in given.items():
            try:
                array = np.asarray(value, dtype=np.float64)
            except (TypeError, ValueError):
                array = np.array([np.nan])
            array = np.full((2, 1), array) if array.ndim == 0 else array
            array = array[:, None] if array.ndim == 1 else array
            if array.ndim != 2 or array.shape[0] != 2 or not (np.isfinite(array) & (array > 0)).all():
                raise InvalidArgumentError(
                    f"Attrition: {key}: two positive numbers, one per player, were expected, given {value!r}"
                )
            arrays[key] = array
        if name == "resolved" and (arrays[name] > 1).any():
            raise InvalidArgumentError(
                f"Attrition: resolved: probabilities up to 1 were expected, given {self.resolved!r}"
            )
        draws = max(array.shape[1] for array in arrays.values())
        for key, array in arrays.items():
            if array.shape[1] not in {1, draws}:
                raise InvalidArgumentError(
                    f"Attrition: {key}: 1 or {draws} draws were expected, given {array.shape[1]}"
                )
        first, second, third = (np.broadcast_to(array, (2, draws)) for array in arrays.values())
        return first, second, third


def _first_to_leave(rate: Floats, horizon: Floats) -> Floats:
    """Return, for each player, the integral of its density of backing down times the other's survival.

    ``r_i / ((1 + r_i t)^2 (1 + r_j t))`` from 0 to the horizon for player j: a rational function whose closed
    form cancels where the rates are alike. In the logarithm of time it is smooth whatever the horizon.
    """
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    fastest = rate.max(axis=0)
    end = np.log1p(fastest * horizon)
    place = 0.5 * end * (nodes[:, None] + 1.0)
    time = np.expm1(place) / fastest
    jacobian = 0.5 * end * np.exp(place) / fastest
    ratio = rate[:, None, :]
    other = ratio[::-1]
    density = other / ((1.0 + other * time) ** 2 * (1.0 + ratio * time))
    result: Floats = np.einsum("m,imn->in", weights, density * jacobian)
    return result
