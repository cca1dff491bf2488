"""What a task needs of a model whose games are no payoff tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self, runtime_checkable

from bargain.axes import Floats
from bargain.games.labels import Labels
from bargain.solvers.solution import Solver
from bargain.sweep.answers import Answers
from bargain.sweep.readings import Readings

__all__ = ["GameModel", "Opinion", "SecondOpinion"]

_ALIKE = 1e-9
"""How far equilibria may differ in a measure that all of them are said to have."""


@dataclass(frozen=True)
class Opinion:
    """What somebody else finds in a draw.

    Attributes
    ----------
    possible : set of int
        Numbers of the outcomes that are possible in some equilibrium.
    measures : mapping of str to float, optional
        Those measures that were found as well; NaN where no equilibrium has one, or equilibria differ.
    """

    possible: set[int]
    measures: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, equilibria: Sequence[tuple[int, Mapping[str, float]]]) -> Self:
        """Gather what is found of each equilibrium.

        Parameters
        ----------
        equilibria : sequence of (int, mapping of str to float)
            Outcome and measures. A measure that only some equilibria have is left out.

        Returns
        -------
        Opinion
        """
        measures = {}
        for name in dict.fromkeys(name for _, known in equilibria for name in known):
            values = [known[name] for _, known in equilibria if name in known]
            if len(values) == len(equilibria):
                measures[name] = values[0] if max(values) - min(values) <= _ALIKE else math.nan
        return cls({outcome for outcome, _ in equilibria}, measures)


@dataclass(frozen=True)
class SecondOpinion:
    """Somebody who solves a draw again, sharing no code with the fast path.

    Attributes
    ----------
    by : str
        Who, in words.
    solve : callable
        Takes the quantities float[Q] of one draw, and returns an `Opinion`, or None of a draw that it does
        not understand, which then is not checked.
    may_miss : bool, default False
        Whether it may overlook equilibria: it then contradicts only with one that the sweep did not find.
    """

    by: str
    solve: Callable[[Floats], Opinion | None]
    may_miss: bool = False


@runtime_checkable
class GameModel(Protocol):
    """Quantities that depend on parameters, and the game that is made of them.

    `bargain.scenarios.kinds` has the implementation; the sweep knows no kind of game.
    """

    @property
    def labels(self) -> Readings:
        """What is counted and measured."""
        ...

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters, length D."""
        ...

    @property
    def monomials(self) -> tuple[tuple[int, ...], ...]:
        """Products of parameters, by their places, length M."""
        ...

    @property
    def coefficients(self) -> Floats:
        """Of each monomial in each quantity, float[Q, M]."""
        ...

    @property
    def holdable(self) -> Labels | None:
        """Who can be held to which actions; None where nobody can."""
        ...

    def evaluate(self, values: Mapping[str, Any] | Floats) -> Floats:
        """Return the quantities float[Q, N] at parameter values float[D, N]."""
        ...

    def plainly(self, values: Mapping[str, float]) -> Floats:
        """Add up the declared terms of one draw in the plainest way, for the audit: float[Q]."""
        ...

    def solve(self, quantities: Floats, solver: Solver) -> Answers:
        """Return the equilibria at quantities float[Q, N]; draws outside the game's bounds are INVALID."""
        ...

    def single(self, quantities: Floats) -> Any:
        """Return the game at quantities float[Q, N], or raise InvalidGameError."""
        ...

    def hold(self, fix: Mapping[str, str]) -> Self:
        """Hold players to one action each."""
        ...

    def check_solver(self, solver: object) -> None:
        """Raise if the solver does not treat these games."""
        ...

    def second_opinion(self, solver: Solver) -> SecondOpinion | None:
        """Return who solves draws again, if anybody can."""
        ...

    def content(self) -> dict[str, Any]:
        """Return what defines the numbers, for content keys."""
        ...
