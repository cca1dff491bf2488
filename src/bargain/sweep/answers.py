"""Equilibria as a sweep counts them: of each its draw, its outcome, and its measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from bargain.axes import Bools, Floats, Ints
from bargain.solvers.solution import Codes, Status
from bargain.sweep.cell import Predictions, predictions_of

__all__ = ["Answers"]

_AGREE = 1e-9
"""How far the measures of a draw's equilibria may differ and still be one number."""


@dataclass(frozen=True, eq=False)
class Answers:
    """What solving some draws has shown, as a flat table of equilibria.

    Attributes
    ----------
    draw : int[E]
        Which draw each equilibrium belongs to, ascending.
    outcomes : float[O, E]
        Probability of each outcome.
    measures : float[M, E]
        NaN where an equilibrium does not have the measure, such as a belief after what never happens.
    codes : int8[N]
        Value of the `Status` of each draw.

    Examples
    --------
    >>> import numpy as np
    >>> draw, kind = np.array([0, 1, 1]), np.array([2, 0, 2])
    >>> found = Answers.pure(draw, kind, 3, np.array([[0.5, 0.2, 0.2]]), np.zeros(2, dtype=np.int8))
    >>> found.predictions().certain[2]
    array([ True, False])
    >>> found.by_draw()
    array([[0.5, 0.2]])
    """

    draw: Ints
    outcomes: Floats
    measures: Floats
    codes: Codes

    @classmethod
    def pure(cls, draw: Ints, outcome: Ints, size: int, measures: Floats, codes: Codes) -> Self:
        """Make the answers of equilibria that have one outcome each.

        Parameters
        ----------
        draw : int[E]
        outcome : int[E]
            Number of the outcome.
        size : int
            How many outcomes there are.
        measures : float[M, E]
        codes : int8[N]

        Returns
        -------
        Answers
        """
        return cls(draw, (np.arange(size)[:, None] == outcome).astype(np.float64), measures, codes)

    def predictions(self) -> Predictions:
        """Return what is predicted in each draw.

        Returns
        -------
        Predictions
        """
        return predictions_of(self.draw, self.outcomes, self.codes)

    def by_draw(self) -> Floats:
        """Return the measures of each draw, where its equilibria agree on them.

        Returns
        -------
        float[M, N]
            NaN in draws without equilibrium, and where several differ.
        """
        result = np.full((len(self.measures), self.codes.size), np.nan)
        if not self.draw.size:
            return result
        first = np.flatnonzero(np.diff(self.draw, prepend=-1))
        if first.size == self.draw.size:
            result[:, self.draw] = self.measures
            return result
        low, high = (of.reduceat(self.measures, first, axis=1) for of in (np.minimum, np.maximum))
        result[:, self.draw[first]] = np.where(high - low <= _AGREE, low, np.nan)
        return result

    def spread(self, valid: Bools) -> Answers:
        """Return the answers of all draws, given that these are of the valid ones.

        Parameters
        ----------
        valid : bool[N]
            As many are true as there are draws here; the others have the status INVALID.

        Returns
        -------
        Answers
        """
        codes = np.full(valid.size, np.int8(Status.INVALID))
        codes[valid] = self.codes
        return Answers(np.flatnonzero(valid)[self.draw], self.outcomes, self.measures, codes)
