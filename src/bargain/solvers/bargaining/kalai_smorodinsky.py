"""The Kalai-Smorodinsky solution: everybody gets the same share of what it could at most hope for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bargain.games.bargaining import BargainingProblem
from bargain.games.frontier import BargainingFrontier
from bargain.solvers.bargaining.agreements import Agreements
from bargain.solvers.bargaining.leximin import leximin

__all__ = ["KalaiSmorodinsky"]


@dataclass(frozen=True)
class KalaiSmorodinsky:
    """The efficient agreement that gives all players the same part of their ideal gain.

    The ideal gain is the most that a player could gain from an agreement that all accept. The solution is
    efficient, symmetric, indifferent to units, and monotone: who could hope for more, the others' hopes
    being the same, does not get less [KalaiSmorodinsky1975]_. It is not indifferent to packages that are
    not agreed on.

    Notes
    -----
    Where equal parts would leave something on the table - three players and more, or packages without
    lotteries - the least part is raised as far as it goes, then the second least, and so on [Imai1983]_.
    Without lotteries all packages that do so are listed.

    Examples
    --------
    >>> import bargain as bg
    >>> problem = bg.BargainingProblem(("A", "B"), {"one": (4, 0), "other": (0, 1)}, disagreement=(0, 0))
    >>> print(bg.KalaiSmorodinsky().solve(problem).payoffs[:, 0])
    [2.  0.5]
    """

    games: ClassVar[tuple[type, ...]] = (BargainingProblem, BargainingFrontier)

    def solve(self, problem: BargainingProblem | BargainingFrontier) -> Agreements:
        """Return the agreement of every draw.

        Parameters
        ----------
        problem : BargainingProblem or BargainingFrontier

        Returns
        -------
        Agreements
        """
        return leximin(problem, self, None)
