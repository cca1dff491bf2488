"""A cell of draws, as reducers see it: values, payoffs, and what is predicted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bargain.axes import Bools, Floats, Ints
from bargain.errors import UnsupportedGameError
from bargain.games.labels import Labels
from bargain.games.normal import NormalForm
from bargain.solvers.solution import Codes, Solution, Solver, Status

__all__ = ["REMAINDER", "Cell", "Predictions", "no_payoffs", "predictions_of"]

REMAINDER = ("(mixed)", "(multiple)", "(none)", "(unsolved)")
"""What can be said of a draw that no single outcome answers."""

_CERTAIN = 1 - 1e-9
_POSSIBLE = 1e-9


@dataclass(frozen=True, eq=False)
class Predictions:
    """What a solver predicts in each draw.

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
        return predictions_of(solution.draw, solution.outcomes, solution.codes)

    @property
    def without_equilibrium(self) -> Bools:
        """Whether a draw is known to have no equilibrium of the kind looked for, bool[N]."""
        none: Bools = self.codes == Status.NONE
        return none

    def answer(self) -> Ints:
        """Return for each draw the outcome that is certain, or else which of `REMAINDER` holds.

        Returns
        -------
        int[N]
            Below ``O`` the number of an outcome, from ``O`` on the place in `REMAINDER`.
        """
        size = len(self.certain)
        answer = np.where(self.count == 1, size, size + 1)
        answer[self.count == 0] = size + 3
        answer[(self.count == 0) & self.without_equilibrium] = size + 2
        # A draw has at most one outcome that is certain.
        for outcome, certain in enumerate(self.certain):
            answer[certain] = outcome
        return answer


def predictions_of(draw: Ints, outcomes: Floats, codes: Codes) -> Predictions:
    """Reduce a flat table of equilibria to what is predicted in each draw.

    Parameters
    ----------
    draw : int[E]
        Which draw each equilibrium belongs to.
    outcomes : float[O, E]
        Probability of each outcome.
    codes : int8[N]

    Returns
    -------
    Predictions
    """
    draws, size = codes.size, len(outcomes)
    count = np.bincount(draw, minlength=draws)
    possible = np.zeros((size, draws), dtype=np.bool_)
    certain = np.zeros((size, draws), dtype=np.bool_)
    for outcome, probability in enumerate(outcomes):
        possible[outcome, draw[probability > _POSSIBLE]] = True
        sure = np.bincount(draw[probability >= _CERTAIN], minlength=draws)
        certain[outcome] = (sure == count) & (count > 0)
    return Predictions(possible, certain, count, codes)


def no_payoffs() -> Floats:
    """Raise, as games that are no payoff tables have no payoffs of outcomes.

    Raises
    ------
    UnsupportedGameError
    """
    raise UnsupportedGameError("payoffs of outcomes: only payoff tables have them; other games have measures")


@dataclass(frozen=True, eq=False)
class Cell:
    """Some consecutive draws of a sweep.

    Attributes
    ----------
    first : int
        Number of the first draw.
    values : float[D, N]
        Parameter values; valid until the next cell is asked for.
    predictions : Predictions
    labels : Labels
    solver : Solver
    evaluate : callable
        Gives the payoffs float[P, A..., N], which not every reducer needs.
    measure : callable, optional
        Gives the measures float[M, N] of games that are no payoff tables; NaN where equilibria differ.
    """

    first: int
    values: Floats
    predictions: Predictions
    labels: Labels
    solver: Solver
    evaluate: Callable[[], Floats]
    measure: Callable[[], Floats] | None = None

    @property
    def draws(self) -> int:
        """Number of draws."""
        return int(self.values.shape[1])

    @cached_property
    def payoffs(self) -> Floats:
        """Payoffs float[P, A..., N], zero in draws whose payoffs are not finite."""
        payoffs = self.evaluate()
        invalid = self.predictions.codes == Status.INVALID
        return np.where(invalid, 0.0, payoffs) if invalid.any() else payoffs

    @cached_property
    def measures(self) -> Floats:
        """Measures float[M, N] of games that are no payoff tables."""
        return np.empty((0, self.draws)) if self.measure is None else self.measure()

    @cached_property
    def solution(self) -> Solution:
        """The equilibria of the draws."""
        return self.solver.solve(NormalForm(self.labels, self.payoffs))

    def equilibrium_payoffs(self) -> Floats:
        """Return each player's payoff in the draws with a single outcome, pure or mixed.

        Returns
        -------
        float[P, N]
            NaN in draws with several outcomes, none, or no solution.
        """
        found = self.predictions
        payoffs = self.payoffs.reshape(len(self.labels.players), self.labels.size, -1)
        result = np.full((len(payoffs), self.draws), np.nan)
        for outcome, certain in enumerate(found.certain):
            result[:, certain] = payoffs[:, outcome, certain]
        mixed = (found.count == 1) & ~found.certain.any(axis=0)
        if mixed.any():
            single = mixed[self.solution.draw]
            result[:, self.solution.draw[single]] = self.solution.payoffs[:, single]
        return result
