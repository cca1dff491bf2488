"""The crisis game with a continuum of types: nobody knows the other's payoff from fighting exactly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats, read_only
from bargain.errors import InvalidGameError

__all__ = ["CrisisGame"]

_FIELDS = (
    "status_quo",
    "prize",
    "concession",
    "fighting_challenger",
    "fighting_target",
    "backing_down",
    "holding",
    "spread",
)


@dataclass(frozen=True, init=False, eq=False)
class CrisisGame:
    """A batch of crises between a challenger and a target, each of whom knows more of itself.

    The challenger leaves the status quo or challenges; the target concedes or resists; a challenger that is
    resisted fights or backs down. Payoffs from fighting, and the challenger's from backing down, have a
    normal part that only the player itself knows, independent of each other and with the same spread
    [LewisSchultz2003]_.

    Parameters
    ----------
    status_quo : float or float[N]
        Challenger's payoff from the status quo; the target's does not matter.
    prize, concession : float or float[N]
        Challenger's and target's payoffs when the target concedes.
    fighting_challenger, fighting_target : float or float[N]
        Mean payoffs of fighting.
    backing_down : float or float[N]
        Challenger's mean payoff from backing down; audience costs make it low.
    holding : float or float[N]
        Target's payoff when the challenger backs down; above that of conceding.
    spread : float or float[N], default 1
        Standard deviation of what is private; above zero.

    Raises
    ------
    InvalidGameError
        If a number is not finite or outside these bounds, or numbers of draws differ.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.CrisisGame(
    ...     status_quo=0, prize=1, concession=0, fighting_challenger=-1.9, fighting_target=-2.9,
    ...     backing_down=-1.2, holding=1,
    ... )
    >>> frame = bg.CrisisEquilibria().solve(game).to_frame()
    >>> print(frame[["resistance", "challenge", "fighting", "war", "stable"]].round(3).to_string())
                      resistance  challenge  fighting    war  stable
    draw equilibrium
    0    0                 0.251      0.995     0.310  0.077    True
         1                 0.595      0.380     0.242  0.055   False
         2                 0.813      0.205     0.209  0.035    True
    """

    status_quo: Floats
    prize: Floats
    concession: Floats
    fighting_challenger: Floats
    fighting_target: Floats
    backing_down: Floats
    holding: Floats
    spread: Floats

    def __init__(
        self,
        *,
        status_quo: npt.ArrayLike,
        prize: npt.ArrayLike,
        concession: npt.ArrayLike,
        fighting_challenger: npt.ArrayLike,
        fighting_target: npt.ArrayLike,
        backing_down: npt.ArrayLike,
        holding: npt.ArrayLike,
        spread: npt.ArrayLike = 1.0,
    ) -> None:
        given = (
            status_quo,
            prize,
            concession,
            fighting_challenger,
            fighting_target,
            backing_down,
            holding,
            spread,
        )
        arrays = []
        for name, value in zip(_FIELDS, given, strict=True):
            try:
                array = np.array(value, dtype=np.float64)
            except (TypeError, ValueError) as error:
                raise InvalidGameError(
                    f"CrisisGame: {name}: finite numbers, one or float[N], were expected ({error})"
                ) from None
            if array.ndim > 1 or not array.size or not np.isfinite(array).all():
                raise InvalidGameError(f"CrisisGame: {name}: finite numbers, one or float[N], were expected")
            arrays.append(array)
        draws = max(array.size for array in arrays)
        for name, array in zip(_FIELDS, arrays, strict=True):
            if array.size not in (1, draws):
                raise InvalidGameError(f"CrisisGame: {name}: {draws} draws were expected, given {array.size}")
            object.__setattr__(self, name, read_only(np.broadcast_to(array, draws)))
        if not (self.spread > 0).all():
            raise InvalidGameError(f"CrisisGame: spread: above 0 was expected, given {self.spread.min():.6g}")
        if not (self.holding > self.concession).all():
            bad = int(np.argmin(self.holding > self.concession))
            raise InvalidGameError(
                f"CrisisGame: holding: more than conceding, {self.concession[bad]:.6g}, was expected, given"
                f" {self.holding[bad]:.6g} in draw {bad}"
            )

    @property
    def draws(self) -> int:
        """Number of games in the batch, ``N``."""
        return int(self.status_quo.size)

    def __len__(self) -> int:
        return self.draws

    def __repr__(self) -> str:
        if self.draws == 1:
            return f"CrisisGame({', '.join(f'{name}={getattr(self, name)[0]:.6g}' for name in _FIELDS)})"
        return f"CrisisGame({self.draws} draws)"
