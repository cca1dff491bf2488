"""What the parts of `bargain.AllNash` hand back: equilibria of a batch of games, before they are labelled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bargain.axes import Floats, Ints
from bargain.solvers.solution import Codes

__all__ = ["Equilibria"]


@dataclass(frozen=True, eq=False)
class Equilibria:
    """Equilibria of a batch of games, one column each.

    Attributes
    ----------
    draw : int[E]
        Which draw each equilibrium belongs to, in any order.
    strategies : tuple of float[action, E]
        One per player, columns adding to one.
    codes : int8[N]
        Value of the `bargain.Status` of each draw.

    Examples
    --------
    >>> import numpy as np
    >>> one = Equilibria(np.array([0]), (np.array([[1.0], [0.0]]),), np.zeros(1, dtype=np.int8))
    >>> Equilibria.joined([one, one]).draw
    array([0, 1])
    """

    draw: Ints
    strategies: tuple[Floats, ...]
    codes: Codes

    @classmethod
    def joined(cls, parts: list[Equilibria]) -> Equilibria:
        """Join the equilibria of consecutive blocks of draws.

        Parameters
        ----------
        parts : list of Equilibria
            At least one; the draws of each are counted from zero within it.

        Returns
        -------
        Equilibria
        """
        if len(parts) == 1:
            return parts[0]
        first = np.cumsum([0] + [part.codes.size for part in parts[:-1]])
        return cls(
            np.concatenate([part.draw + start for part, start in zip(parts, first, strict=True)]),
            tuple(
                np.concatenate(blocks, axis=1)
                for blocks in zip(*(part.strategies for part in parts), strict=True)
            ),
            np.concatenate([part.codes for part in parts]),
        )
