"""Pure Nash equilibria, by comparing every payoff with the best reply to the same actions of the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bargain.axes import Bools, Floats
from bargain.errors import InvalidArgumentError
from bargain.games.normal import NormalForm
from bargain.solvers.solution import Solution, Status

__all__ = ["PureNash"]


@dataclass(frozen=True)
class PureNash:
    """Every pure Nash equilibrium, batched, for any number of players and actions.

    A profile is an equilibrium when no player has a strictly better reply; ties count as best replies.

    Parameters
    ----------
    tolerance : float, default 0
        A profile within so much (payoff units) of every best reply counts as well.

    Raises
    ------
    InvalidArgumentError
        If the tolerance is negative.

    Notes
    -----
    Status is SOLVED where there is at least one, NONE where there is none [Nash1951]_.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.NormalForm({"row": ("up", "down"), "column": ("left", "right")}, [[[1, 0], [0, 1]]] * 2)
    >>> bg.solve(game, bg.PureNash()).count
    array([2])
    """

    tolerance: float = 0.0

    def __post_init__(self) -> None:
        if not self.tolerance >= 0:
            raise InvalidArgumentError(f"PureNash: tolerance >= 0 was expected, given {self.tolerance}")

    def solve(self, game: NormalForm) -> Solution:
        """Return the pure equilibria of every draw.

        Parameters
        ----------
        game : NormalForm

        Returns
        -------
        Solution
        """
        stable = self.stable(game.payoffs)
        draw, outcome = np.nonzero(stable.reshape(-1, game.draws).T)
        actions = np.unravel_index(outcome, game.shape)
        strategies = []
        for size, action in zip(game.shape, actions, strict=True):
            strategy = np.zeros((size, draw.size))
            strategy[action, np.arange(draw.size)] = 1.0
            strategies.append(strategy)
        found = np.bincount(draw, minlength=game.draws) > 0
        codes = np.where(found, np.int8(Status.SOLVED), np.int8(Status.NONE))
        return Solution.of(game, self, draw, strategies, codes)

    def stable(self, payoffs: Floats) -> Bools:
        """Say which outcomes are equilibria.

        Parameters
        ----------
        payoffs : float[P, A..., N]

        Returns
        -------
        bool[A..., N]
        """
        result = np.ones(payoffs.shape[1:], dtype=np.bool_)
        for axis, own in enumerate(payoffs):
            if own.shape[axis] > 1:
                best = own.max(axis=axis, keepdims=True)
                result &= own >= (best - self.tolerance if self.tolerance else best)
        return result
