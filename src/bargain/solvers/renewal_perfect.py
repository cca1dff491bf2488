"""Markov perfect equilibria of the annual renewal, with what they make of the pact."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Floats
from bargain.games.renewal import RenewalGame
from bargain.solvers.markov_paths import Survival, survival
from bargain.solvers.markov_perfect import MarkovPerfect
from bargain.solvers.markov_policy import outcome_shares
from bargain.solvers.markov_solution import MarkovSolution
from bargain.solvers.solution import Codes, Status

__all__ = ["RenewalPerfect", "RenewalSolution"]


@dataclass(frozen=True, eq=False)
class RenewalSolution:
    """A Markov perfect equilibrium of every draw of a renewal game.

    Attributes
    ----------
    game : RenewalGame
        What was solved.
    solver : RenewalPerfect
        How.
    markov : MarkovSolution
        The equilibrium, state by state.
    """

    game: RenewalGame
    solver: RenewalPerfect
    markov: MarkovSolution

    @property
    def codes(self) -> Codes:
        """Value of the `Status` of each draw, int8[N]."""
        return self.markov.codes

    @property
    def status(self) -> npt.NDArray[np.object_]:
        """Status of each draw, Status[N]."""
        return self.markov.status

    @cached_property
    def outcomes(self) -> Floats:
        """Probability of each outcome of the first decision, float[O, N], in C order of the game's labels."""
        result = np.zeros((self.game.labels.size, self.game.draws))
        opening = self.game.opening()
        for state in np.flatnonzero(opening.any(axis=1)):
            shares = outcome_shares(self.markov.game, self.markov.policy, 0, int(state)) * opening[state]
            for outcome, share in zip(self.markov.game.labels[state].outcomes, shares, strict=True):
                result[self.game.labels.outcome(outcome)] += share
        return result

    def survival(self, years: int, *, first: int = 0) -> Survival:
        """Return how long the pact lasts.

        Parameters
        ----------
        years : int
            At most the horizon.
        first : int, default 0
            The year of the first decision.

        Returns
        -------
        Survival
            Of the pact, in force or suspended, from the state in which play begins.

        Raises
        ------
        InvalidArgumentError
        """
        alive = [state for state in self.markov.game.states if state != "ended"]
        return survival(self.markov, alive, self.game.opening(), years, first=first)

    def to_frame(self, draw: int = 0) -> pd.DataFrame:
        """Return one draw's values and strategies; see `MarkovSolution.to_frame`.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        pandas.DataFrame

        Raises
        ------
        UnknownDrawError
        """
        return self.markov.to_frame(draw)

    def __repr__(self) -> str:
        counts = np.bincount(self.codes, minlength=len(Status))
        summary = ", ".join(f"{counts[status]} {status.name}" for status in Status if counts[status])
        return f"RenewalSolution({self.game.draws} draws; {summary})"


@dataclass(frozen=True)
class RenewalPerfect:
    """Play in which governments look at the state of the pact, not at how it came about.

    What is in force if nobody acts is played wherever it is an equilibrium; see `MarkovPerfect` for the rest
    of the rule, the methods and what the status of a draw says.

    Parameters
    ----------
    tolerance : float, default 1e-9
    iterations : int, default 200
        As for `MarkovPerfect`.

    Raises
    ------
    InvalidArgumentError
        If a number is out of bounds.
    """

    games: ClassVar[tuple[type, ...]] = (RenewalGame,)

    tolerance: float = 1e-9
    iterations: int = 200

    def __post_init__(self) -> None:
        MarkovPerfect(tolerance=self.tolerance, iterations=self.iterations)

    def solve(self, game: RenewalGame) -> RenewalSolution:
        """Return one equilibrium of every draw.

        Parameters
        ----------
        game : RenewalGame

        Returns
        -------
        RenewalSolution
        """
        solver = MarkovPerfect(game.default(), tolerance=self.tolerance, iterations=self.iterations)
        return RenewalSolution(game, self, solver.solve(game.to_stochastic()))
