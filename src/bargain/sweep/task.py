"""A task: everything that defines the numbers of a sweep, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError
from bargain.payoffs.model import PayoffModel
from bargain.provenance import content_key
from bargain.seeds import check_seed
from bargain.solvers.catalogue import solver_content
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solver
from bargain.sweep.game_model import GameModel
from bargain.sweep.readings import Readings
from bargain.sweep.reducers import MeasureSummary, OutcomeShares, Reducer, reducer_content
from bargain.uncertainty.designs import BLOCK, Design, MonteCarlo, design_of, points
from bargain.uncertainty.space import Space

__all__ = ["Task"]


@dataclass(frozen=True, eq=False)
class Task:
    """A model, the uncertainty of its parameters, and how to draw and solve it.

    Parameters
    ----------
    model : PayoffModel or GameModel
        The latter is what a scenario of another kind than the normal form has; it takes solvers of its own.
    space : Space
        Exactly the model's parameters, in the model's order.
    draws : int, default 100_000
        A `Grid` design makes as many draws as it has points, whatever is asked for.
    seed : int, default 0
    solver : Solver, default ``PureNash()``
        One that treats the model's games.
    design : Design, default ``MonteCarlo()``
        Or the name of one.
    reducers : sequence of Reducer, optional
        What is kept of the draws beside `OutcomeShares`, which every task has as its first, and
        `MeasureSummary`, which those have whose games have measures.
    name : str, optional
        For captions; no part of the key.

    Attributes
    ----------
    key : str
        Content key: tasks with the same key have the same draws, as far as they go.

    Raises
    ------
    InvalidArgumentError
        If the number of draws is not positive, the seed is not a non-negative integer, or model and space do
        not have the same parameters.

    Examples
    --------
    >>> import bargain as bg
    >>> model = bg.PayoffModel.of({"ROK": ("renew", "end")}, {"ROK": bg.When(ROK="end") * bg.Value("credit")})
    >>> space = bg.Space([bg.Parameter("credit", bg.Uniform(-1, 3))])
    >>> bg.run(bg.Task(model, space, draws=1000, seed=1)).shares()["share"].round(1).to_dict()
    {('renew',): 0.2, ('end',): 0.8}
    """

    model: PayoffModel | GameModel
    space: Space
    draws: int = 100_000
    seed: int = 0
    solver: Solver = field(default_factory=PureNash)
    design: Design = field(default_factory=MonteCarlo)
    reducers: tuple[Reducer, ...] = ()
    name: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.draws, bool) or not isinstance(self.draws, int | np.integer) or self.draws < 1:
            raise InvalidArgumentError(f"draws: a positive whole number was expected, given {self.draws!r}")
        if isinstance(self.solver, type) or not isinstance(self.solver, Solver):
            raise InvalidArgumentError(
                f"solver: a solver such as PureNash() was expected, given {self.solver!r}"
            )
        if not isinstance(self.model, PayoffModel):
            self.model.check_solver(self.solver)
        if self.model.parameters != self.space.names:
            expected, given = (
                ", ".join(names) or "none" for names in (self.model.parameters, self.space.names)
            )
            raise InvalidArgumentError(
                f"the space must have the model's parameters in their order:"
                f" {expected} were expected, given {given}"
            )
        design = design_of(self.design)
        object.__setattr__(self, "design", design)
        object.__setattr__(self, "draws", design.size(self.space, int(self.draws)))
        object.__setattr__(self, "seed", check_seed(self.seed))
        for reducer in self.reducers:
            if isinstance(reducer, type) or not isinstance(reducer, Reducer):
                raise InvalidArgumentError(
                    f"reducers: a reducer such as KeptDraws() was expected, given {reducer!r}"
                )
            reducer.check(self.model.labels, self.space)
        standard: tuple[Reducer, ...] = (OutcomeShares(),)
        if isinstance(self.model.labels, Readings) and self.model.labels.measures:
            told = any(isinstance(reducer, MeasureSummary) for reducer in self.reducers)
            standard = standard if told else (*standard, MeasureSummary())
        object.__setattr__(self, "reducers", tuple(dict.fromkeys((*standard, *self.reducers))))

    @cached_property
    def key(self) -> str:
        """Content key of everything that defines the numbers."""
        return content_key(self.content())

    @property
    def blocks(self) -> int:
        """Number of blocks."""
        return -(-self.draws // BLOCK)

    def block_size(self, block: int) -> int:
        """Return the number of draws in a block.

        Parameters
        ----------
        block : int

        Returns
        -------
        int
        """
        return min(BLOCK, self.draws - block * BLOCK)

    def values(self, block: int) -> Floats:
        """Return the parameter values of a block's draws.

        Parameters
        ----------
        block : int

        Returns
        -------
        float[D, n]
        """
        return self.space.values(points(self.design, self.space, self.seed, block, self.draws))

    def content(self) -> dict[str, Any]:
        """Return what defines the numbers.

        Returns
        -------
        dict
        """
        return {
            "format": 1,
            "model": self.model.content(),
            "space": self.space.content(),
            "solver": solver_content(self.solver),
            "design": self.design.content(),
            "reducers": [reducer_content(reducer) for reducer in self.reducers],
            # A design that can be extended has the same first draws however many follow.
            "draws": None if self.design.extendable else self.draws,
            "seed": self.seed,
        }

    def with_draws(self, draws: int) -> Task:
        """Return the same task with another number of draws.

        Parameters
        ----------
        draws : int

        Returns
        -------
        Task
        """
        return replace(self, draws=draws)
