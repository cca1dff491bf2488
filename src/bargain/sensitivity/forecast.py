"""What a model predicts at parameter values of one's own choosing, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from bargain.axes import Floats
from bargain.games.normal import NormalForm
from bargain.payoffs.model import PayoffModel
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solver, Status
from bargain.sweep.cell import Cell, Predictions, no_payoffs
from bargain.sweep.game_model import GameModel

__all__ = ["Forecast"]


@dataclass(frozen=True, eq=False)
class Forecast:
    """Solves a model at given values; a sweep does the same at the points of its design.

    Attributes
    ----------
    model : PayoffModel or GameModel
    solver : Solver

    Examples
    --------
    >>> import bargain as bg
    >>> scenario = bg.load_scenario("gsomia")
    >>> values = scenario.space_at("2019-11 deadline").mode()
    >>> cell = Forecast(scenario.model, bg.PureNash()).cell(values)
    >>> scenario.labels.outcomes[int(cell.predictions.answer()[0])]
    ('suspend', 'relax', 'press')
    """

    model: PayoffModel | GameModel
    solver: Solver

    @cached_property
    def _relative(self) -> PayoffModel | None:
        """Gains decide about pure equilibria, and are made of fewer monomials than payoffs."""
        exact = type(self.solver) is PureNash and self.solver.tolerance == 0
        return self.model.relative() if exact and isinstance(self.model, PayoffModel) else None

    def cell(self, values: Floats) -> Cell:
        """Return what is predicted.

        Parameters
        ----------
        values : float[D, N]
            In the order of the model's parameters; must not change as long as the cell is used.

        Returns
        -------
        Cell
            Draws whose payoffs are not finite have the status INVALID.
        """
        if not isinstance(self.model, PayoffModel):
            answers = self.model.solve(self.model.evaluate(values), self.solver)
            found, labels = answers.predictions(), self.model.labels
            return Cell(0, values, found, labels, self.solver, no_payoffs, answers.by_draw)
        payoffs = (self._relative or self.model).evaluate(values)
        finite = np.isfinite(payoffs).all(axis=tuple(range(payoffs.ndim - 1)))
        whole = bool(finite.all())
        found = self._predict(payoffs if whole else np.where(finite, payoffs, 0.0))
        if not whole:
            found = Predictions(
                found.possible & finite,
                found.certain & finite,
                found.count * finite,
                np.where(finite, found.codes, np.int8(Status.INVALID)).astype(np.int8),
            )
        evaluate = partial(self.model.evaluate, values)
        return Cell(0, values, found, self.model.labels, self.solver, evaluate)

    def _predict(self, payoffs: Floats) -> Predictions:
        labels = self.model.labels
        if self._relative is None:
            return Predictions.of(self.solver.solve(NormalForm(labels, payoffs)))
        possible = PureNash().stable(payoffs).reshape(labels.size, -1)
        count = possible.sum(axis=0)
        codes = np.where(count, np.int8(Status.SOLVED), np.int8(Status.NONE)).astype(np.int8)
        return Predictions(possible, possible & (count == 1), count, codes)
