"""Statistics that add: the blocks of a sweep are reduced to them, in any order, on any machine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bargain.axes import Bools, Ints
from bargain.solvers.solution import Codes, Solution, Status

__all__ = ["OutcomeCounts", "Predictions"]

_CERTAIN = 1 - 1e-9
_POSSIBLE = 1e-9


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a solver predicts in each draw, reduced to what shares need.

    Attributes
    ----------
    possible : bool[O, N]
        Some equilibrium gives the outcome a positive probability.
    certain : bool[O, N]
        There are equilibria, and all of them lead to the outcome.
    count : int[N]
        Number of equilibria.
    codes : int8[N]
        Value of the `Status` of each draw.
    """

    possible: Bools
    certain: Bools
    count: Ints
    codes: Codes

    @property
    def without_equilibrium(self) -> Bools:
        """Whether a draw is known to have no equilibrium of the kind looked for, bool[N]."""
        none: Bools = self.codes == Status.NONE
        return none

    @classmethod
    def of(cls, solution: Solution) -> Predictions:
        """Reduce a solution.

        Parameters
        ----------
        solution : Solution

        Returns
        -------
        Predictions
        """
        draws, size = solution.game.draws, solution.labels.size
        count = solution.count
        possible = np.zeros((size, draws), dtype=np.bool_)
        certain = np.zeros((size, draws), dtype=np.bool_)
        for outcome in range(size):
            probability = solution.outcomes[outcome]
            possible[outcome, solution.draw[probability > _POSSIBLE]] = True
            sure = np.bincount(solution.draw[probability >= _CERTAIN], minlength=draws)
            certain[outcome] = (sure == count) & (count > 0)
        return cls(possible, certain, count, solution.codes)


@dataclass(frozen=True)
class OutcomeCounts:
    """Numbers of draws by what is predicted in them.

    Every draw is counted exactly once among ``certain`` (summed over outcomes), ``mixed``, ``multiple``,
    ``none`` and ``unsolved``; ``possible`` counts a draw once for every outcome that it may have.

    Attributes
    ----------
    draws : int
    certain : tuple of int, length O
        The outcome is the only one predicted.
    possible : tuple of int, length O
    mixed : int
        A single equilibrium, in mixed strategies.
    multiple : int
        Several equilibria that lead to different outcomes.
    none : int
        No equilibrium of the kind looked for.
    unsolved : int
        The solver failed or payoffs were not finite.
    status : tuple of int
        Numbers of draws by `Status`.
    """

    draws: int
    certain: tuple[int, ...]
    possible: tuple[int, ...]
    mixed: int
    multiple: int
    none: int
    unsolved: int
    status: tuple[int, ...]

    @classmethod
    def of(cls, predictions: Predictions) -> OutcomeCounts:
        """Count the draws of one block.

        Parameters
        ----------
        predictions : Predictions

        Returns
        -------
        OutcomeCounts
        """
        count, certain = predictions.count, predictions.certain
        single = count == 1
        draws, solved, singles = int(count.size), int(np.count_nonzero(count)), int(np.count_nonzero(single))
        # Row by row: counting a contiguous row of booleans is far faster than a sum over an axis.
        sure = tuple(int(np.count_nonzero(row)) for row in certain)
        none = int(np.count_nonzero((count == 0) & predictions.without_equilibrium))
        # Draws with several equilibria may still lead to one outcome; those with one may lead to several.
        pure = sum(int(np.count_nonzero(row & single)) for row in certain)
        return cls(
            draws=draws,
            certain=sure,
            possible=tuple(int(np.count_nonzero(row)) for row in predictions.possible),
            mixed=singles - pure,
            multiple=solved - singles - (sum(sure) - pure),
            none=none,
            unsolved=draws - solved - none,
            status=tuple(int(np.count_nonzero(predictions.codes == status)) for status in Status),
        )

    def __add__(self, other: OutcomeCounts) -> OutcomeCounts:
        if len(self.certain) != len(other.certain):
            raise ValueError(f"counts of {len(self.certain)} and {len(other.certain)} outcomes do not add")
        return OutcomeCounts(
            self.draws + other.draws,
            _sum(self.certain, other.certain),
            _sum(self.possible, other.possible),
            self.mixed + other.mixed,
            self.multiple + other.multiple,
            self.none + other.none,
            self.unsolved + other.unsolved,
            _sum(self.status, other.status),
        )

    @classmethod
    def zero(cls, outcomes: int) -> OutcomeCounts:
        """Return the neutral element of the addition.

        Parameters
        ----------
        outcomes : int

        Returns
        -------
        OutcomeCounts
        """
        return cls(0, (0,) * outcomes, (0,) * outcomes, 0, 0, 0, 0, (0,) * len(Status))


def _sum(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(x + y for x, y in zip(a, b, strict=True))
