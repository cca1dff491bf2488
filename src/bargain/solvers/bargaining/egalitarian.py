"""The egalitarian solution: everybody gains the same, or in fixed proportions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bargain.games.bargaining import BargainingProblem
from bargain.games.frontier import BargainingFrontier
from bargain.solvers.bargaining.agreements import Agreements
from bargain.solvers.bargaining.bargaining_weights import Weights, bargaining_weights
from bargain.solvers.bargaining.leximin import leximin

__all__ = ["Egalitarian"]


@dataclass(frozen=True)
class Egalitarian:
    """The agreement with equal gains over disagreement, or gains in proportion to weights [Kalai1977]_.

    It compares players' gains, so their payoffs must be in one unit that means the same to all.

    Parameters
    ----------
    weights : mapping of player to float, or sequence of float, optional
        Gains stand in proportion to them.

    Notes
    -----
    Where equal gains would leave something on the table, the least gain is raised as far as it goes, then
    the second least, and so on. Without lotteries all packages that do so are listed.

    Examples
    --------
    >>> import bargain as bg
    >>> problem = bg.BargainingProblem(("A", "B"), {"one": (4, 0), "other": (0, 1)}, disagreement=(0, 0))
    >>> print(bg.Egalitarian().solve(problem).payoffs[:, 0])
    [0.8 0.8]
    """

    weights: Weights = None

    games: ClassVar[tuple[type, ...]] = (BargainingProblem, BargainingFrontier)

    def solve(self, problem: BargainingProblem | BargainingFrontier) -> Agreements:
        """Return the agreement of every draw.

        Parameters
        ----------
        problem : BargainingProblem or BargainingFrontier

        Returns
        -------
        Agreements

        Raises
        ------
        InvalidArgumentError
            If weights are not positive or a player has none.
        UnknownNameError
        """
        weights = bargaining_weights(problem.players, self.weights, where="Egalitarian")
        return leximin(problem, self, weights)
