"""Bargaining between two players over a smooth frontier, given by a function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats, read_only
from bargain.errors import InvalidGameError
from bargain.games.labels import Labels
from bargain.games.player_numbers import player_numbers

__all__ = ["BargainingFrontier"]

Curve = Callable[[Floats], tuple[npt.ArrayLike, npt.ArrayLike]]


@dataclass(frozen=True, init=False, eq=False)
class BargainingFrontier:
    """A two-player bargaining problem whose efficient agreements form a curve, batched over draws.

    Parameters
    ----------
    players : sequence of str, length 2
    curve : callable
        Takes positions, float[..., N], and returns the payoffs of the first and the second player there,
        element by element. The first player's rise along the curve, the second player's fall, and the set
        below the curve is convex.
    domain : pair of float
        The first and the last position.
    disagreement : array_like, float[2] or float[2, N]
        The disagreement point.
    floors : array_like, float[2] or float[2, N], optional
        The least that each player would ratify; without it, the disagreement point.

    Attributes
    ----------
    players : tuple of str, length 2
    domain : tuple of float
    disagreement : float[2, N]
        Read-only.
    floors : float[2, N]
        The larger of what was given and the disagreement point. Read-only.

    Raises
    ------
    InvalidGameError
        If there are not two players, the domain is empty, numbers are not finite, one of the players
        does not gain as the other loses, or the set below the curve is not convex.

    Examples
    --------
    >>> import bargain as bg
    >>> problem = bg.BargainingFrontier(("A", "B"), lambda x: (x, 1 - x**2), (0, 1), disagreement=(0, 0))
    >>> print(bg.NashBargaining().solve(problem).payoffs[:, 0].round(4))
    [0.5774 0.6667]
    """

    players: tuple[str, str]
    curve: Curve
    domain: tuple[float, float]
    disagreement: Floats
    floors: Floats

    def __init__(
        self,
        players: Sequence[str],
        curve: Curve,
        domain: tuple[float, float],
        disagreement: npt.ArrayLike,
        *,
        floors: npt.ArrayLike | None = None,
    ) -> None:
        names = tuple(players)
        if len(names) != 2:
            raise InvalidGameError(f"players: a frontier is for two players, given {names}")
        Labels((names[0], names[1]), (("agree",), ("agree",)))
        low, high = map(float, domain)
        if not (np.isfinite([low, high]).all() and low < high):
            raise InvalidGameError(f"domain: two finite positions in order were expected, given {domain}")
        without = player_numbers("disagreement", names, disagreement)
        least = without if floors is None else np.maximum(player_numbers("floors", names, floors), without)
        without = np.broadcast_to(without, np.broadcast_shapes(without.shape, least.shape))
        for name, value in {
            "players": names,
            "curve": curve,
            "domain": (low, high),
            "disagreement": read_only(np.ascontiguousarray(without)),
            "floors": read_only(np.ascontiguousarray(least)),
        }.items():
            object.__setattr__(self, name, value)
        points = self._sampled(65)
        if not np.isfinite(points).all():
            raise InvalidGameError(
                f"curve: finite payoffs were expected all over the domain, from {low:g} to {high:g}"
            )
        steps = np.diff(points, axis=1)
        slack = 1e-12 * np.ptp(points, axis=1)[:, None]
        if (steps[0] < -slack[0]).any() or (steps[1] > slack[1]).any():
            raise InvalidGameError(
                "curve: the first player's payoff must rise and the second player's fall along the curve"
            )
        turns = steps[0, :-1] * steps[1, 1:] - steps[0, 1:] * steps[1, :-1]
        if (turns > 1e-9 * np.ptp(points, axis=1).prod(axis=0)).any():
            raise InvalidGameError(
                "curve: it must not bend inwards: lotteries between its points would be better for both; a"
                " BargainingProblem takes their hull"
            )

    @property
    def draws(self) -> int:
        """Number of problems in the batch, ``N``."""
        return int(self.disagreement.shape[-1])

    def payoffs(self, position: Floats) -> Floats:
        """Return both players' payoffs at positions on the curve.

        Parameters
        ----------
        position : float[..., N]

        Returns
        -------
        float[2, ..., N]
        """
        first, second = self.curve(position)
        shape = np.broadcast_shapes(position.shape, np.shape(first), np.shape(second))
        result = np.empty((2, *shape))
        result[0], result[1] = first, second
        return result

    def _sampled(self, count: int) -> Floats:
        """Return payoffs at evenly spaced positions, float[2, count, N]; refuse curves that are none."""
        place = np.linspace(*self.domain, count)[:, None]
        try:
            with np.errstate(all="ignore"):
                return self.payoffs(np.broadcast_to(place, (count, self.draws)))
        except (TypeError, ValueError) as error:
            raise InvalidGameError(
                "curve: a function was expected that takes an array of positions and returns two of payoffs,"
                " the first player's and the second's, element by element, as numpy's functions do"
                f" (np.sqrt, np.minimum, np.where): {type(error).__name__}: {error}"
            ) from error

    def __repr__(self) -> str:
        return (
            f"BargainingFrontier({', '.join(self.players)}; positions {self.domain[0]:g} to"
            f" {self.domain[1]:g}; {self.draws} draw{'s' if self.draws != 1 else ''})"
        )
