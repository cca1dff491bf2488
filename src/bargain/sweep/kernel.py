"""The kernel of a sweep: one block of draws, sampled, valued, solved and counted in reused memory.

A block is worked through in cells that fit the processor's cache. Fresh memory of this size would cost more
in page faults than the arithmetic does.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from bargain.axes import Bools, Floats, Ints
from bargain.errors import InvalidGameError
from bargain.games.normal import NormalForm
from bargain.payoffs.model import Monomial, PayoffModel
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Status
from bargain.sweep.audit import observe
from bargain.sweep.cell import Cell, Predictions, no_payoffs
from bargain.sweep.game_model import GameModel
from bargain.sweep.statistic import Statistic
from bargain.sweep.task import Task
from bargain.uncertainty.designs import BLOCK, CELL

__all__ = ["Kernel"]


class Kernel:
    """Computes any block of a task; every thread works in its own memory.

    Parameters
    ----------
    task : Task
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        # Pure equilibria depend on gains alone, which are fewer numbers made of fewer monomials.
        self._gains = type(task.solver) is PureNash and task.solver.tolerance == 0
        if isinstance(task.model, PayoffModel):
            self._plan = (_GainPlan if self._gains else _PayoffPlan)(task.model)
        else:
            self._plan = _PayoffPlan(task.model)
        self._local = threading.local()
        # Bounded parameters give bounded payoffs, which then need no looking at.
        self._bounded = all(np.isfinite(p.distribution.support).all() for p in task.space.parameters)

    def statistics(self, block: int, watched: Ints) -> tuple[Statistic, ...]:
        """Return what the task's reducers make of one block.

        Parameters
        ----------
        block : int
        watched : int[n]
            Draws of the block to write down for the audit.

        Returns
        -------
        tuple of Statistic
            One for each reducer, and the observed draws.
        """
        task = self.task
        totals = [Statistic() for _ in range(len(task.reducers) + 1)]
        for cell in self.cells(block):
            for place, reducer in enumerate(task.reducers):
                totals[place] += reducer.reduce(cell, task.space)
            if watched.size:
                totals[-1] += observe(cell, watched)
        return tuple(totals)

    def warm(self) -> None:
        """Draw the first points: some designs exist only as a whole, or import what they need."""
        task = self.task
        next(iter(task.design.cells(task.space, task.seed, 0, task.draws, np.empty((len(task.space), CELL)))))

    def cells(self, block: int) -> Iterator[Cell]:
        """Yield the draws of one block, cell by cell, with what is predicted in them.

        Parameters
        ----------
        block : int

        Yields
        ------
        Cell
            Valid until the next one is asked for.
        """
        task, work = self.task, self._workspace()
        labels, first = task.model.labels, block * BLOCK
        values = work.rows[: len(task.space)]
        for width in task.design.cells(task.space, task.seed, block, task.draws, values):
            task.space.transform(values, work.scratch)
            # The last cell is computed at full width: a product may round otherwise at another.
            rows = self._plan.evaluate(work)[:, :width]
            used = values[:, :width]
            if not isinstance(task.model, PayoffModel):
                answers = task.model.solve(rows, task.solver)
                found = answers.predictions()
                yield Cell(first, used, found, labels, task.solver, no_payoffs, answers.by_draw)
                first += width
                continue
            bounded = self._bounded or bool(np.isfinite(rows).all())
            predictions = self._predict(rows) if bounded else self._predict_finite(rows)
            evaluate = partial(task.model.evaluate, used) if self._gains else partial(self._reshape, rows)
            yield Cell(first, used, predictions, labels, task.solver, evaluate)
            first += width

    def solution(self, draw: int) -> tuple[Floats, Any, Any]:
        """Return values float[D, 1], game and solution of one draw.

        Parameters
        ----------
        draw : int

        Returns
        -------
        values, game, solution

        Raises
        ------
        InvalidGameError
            If the payoffs of this draw are not finite, or its numbers outside what the game allows.
        """
        task = self.task
        block, place = divmod(draw, BLOCK)
        values = task.values(block)[:, place : place + 1]
        payoffs = task.model.evaluate(values)
        if not isinstance(task.model, PayoffModel):
            single = task.model.single(payoffs)
            return values, single, task.solver.solve(single)
        if not np.isfinite(payoffs).all():
            raise InvalidGameError(f"draw {draw}: its payoffs are not finite; its status is INVALID")
        game = NormalForm(task.model.labels, payoffs)
        return values, game, task.solver.solve(game)

    def _workspace(self) -> _Workspace:
        if not hasattr(self._local, "work"):
            self._local.work = _Workspace.of(self._plan, len(self.task.space))
        work: _Workspace = self._local.work
        return work

    def _predict(self, payoffs: Floats) -> Predictions:
        """Solve a cell from the rows of the plan, float[row, n]."""
        labels = self.task.model.labels
        if self._gains:
            possible = _stable(payoffs, labels.shape)
            count = possible.view(np.uint8).sum(axis=0, dtype=np.uint8 if len(possible) < 256 else np.int64)
            codes = (count == 0).astype(np.int8) * np.int8(Status.NONE)
            return Predictions(possible, possible & (count == 1), count, codes)
        return Predictions.of(self.task.solver.solve(NormalForm(labels, self._reshape(payoffs))))

    def _reshape(self, rows: Floats) -> Floats:
        shape = self.task.model.labels.shape
        return rows.reshape(len(shape), *shape, -1)

    def _predict_finite(self, payoffs: Floats) -> Predictions:
        """Solve the draws whose payoffs are finite; mark the others."""
        finite = np.isfinite(payoffs).all(axis=0)
        found = self._predict(np.where(finite, payoffs, 0.0))
        return Predictions(
            found.possible & finite,
            found.certain & finite,
            found.count * finite,
            np.where(finite, found.codes, np.int8(Status.INVALID)).astype(np.int8),
        )


def _stable(gains: Floats, shape: tuple[int, ...]) -> Bools:
    """Say which outcomes are pure equilibria, from the gains of a `_GainPlan`.

    The twin of `PureNash.stable`: an action is a best reply when its gain over the first action is the
    largest, the gain of the first action itself being zero.

    Returns bool[O, n].
    """
    draws = gains.shape[1]
    stable = np.ones((*shape, draws), dtype=np.bool_)
    start = 0
    for player, size in enumerate(shape):
        others = shape[:player] + shape[player + 1 :]
        rows = (size - 1) * int(np.prod(others, dtype=np.int64))
        gain = gains[start : start + rows].reshape(size - 1, *others, draws)
        own = np.moveaxis(stable, player, 0)
        start += rows
        if size == 2:
            own[0] &= gain[0] <= 0
            own[1] &= gain[0] >= 0
        elif size > 2:
            best = gain.max(axis=0)
            own[0] &= best <= 0
            np.maximum(best, 0.0, out=best)
            for action in range(1, size):
                own[action] &= gain[action - 1] >= best
    return stable.reshape(-1, draws)


@dataclass(frozen=True, eq=False)
class _Workspace:
    """Memory of one thread.

    ``rows`` float[row, CELL]: first the parameters' values, in the model's order, then products of them;
    ``monomials`` and ``payoffs`` float[row, CELL] feed and take the matrix product.
    """

    rows: Floats
    scratch: Floats
    monomials: Floats
    payoffs: Floats

    @classmethod
    def of(cls, plan: _PayoffPlan, parameters: int) -> _Workspace:
        return cls(
            np.empty((parameters + len(plan.products), CELL)),
            np.empty((parameters, CELL)),
            np.ones((plan.coefficients.shape[1], CELL)),
            np.empty((plan.coefficients.shape[0], CELL)),
        )


class _PayoffPlan:
    """How payoffs come from parameter values: products of two rows each, then one matrix product.

    Attributes
    ----------
    products : tuple of (left, right)
        Each product's two factors, as numbers of rows.
    chosen : tuple of int
        The rows that enter the matrix product, before a row of ones for the constant.
    coefficients : float[P * O, len(chosen) + 1]
    """

    def __init__(self, model: PayoffModel | GameModel) -> None:
        rows: dict[Monomial, int] = {(index,): index for index in range(len(model.parameters))}
        products: list[tuple[int, int]] = []
        for monomial in sorted(model.monomials, key=len):
            known: Monomial = monomial[:1]
            for index in monomial[1:]:
                longer = (*known, index)
                if longer not in rows:
                    rows[longer] = len(model.parameters) + len(products)
                    products.append((rows[known], index))
                known = longer
        flat = model.coefficients.reshape(-1, len(model.monomials))
        constant = [column for column, monomial in enumerate(model.monomials) if not monomial]
        varying = [column for column, monomial in enumerate(model.monomials) if monomial]
        self.products = tuple(products)
        self.chosen = tuple(rows[model.monomials[column]] for column in varying)
        self.coefficients = np.concatenate(
            [flat[:, varying], flat[:, constant].sum(axis=1, keepdims=True)], axis=1
        )

    def evaluate(self, work: _Workspace) -> Floats:
        """Return the rows of payoffs, float[row, CELL], from the values in the workspace."""
        rows = work.rows
        for target, (left, right) in enumerate(self.products, start=rows.shape[0] - len(self.products)):
            np.multiply(rows[left], rows[right], out=rows[target])
        np.take(rows, self.chosen, axis=0, out=work.monomials[:-1], mode="clip")
        np.matmul(self.coefficients, work.monomials, out=work.payoffs)
        return work.payoffs


class _GainPlan(_PayoffPlan):
    """The same for gains: each player's payoffs relative to its first action, whose own rows are left out.

    Rows are ordered by player, then own action from the second on, then the others' actions.
    """

    def __init__(self, model: PayoffModel) -> None:
        relative = model.relative()
        super().__init__(relative)
        shape = model.labels.shape
        table = self.coefficients.reshape(len(shape), *shape, -1)
        gains = [
            np.moveaxis(own, player, 0)[1:].reshape(-1, table.shape[-1]) for player, own in enumerate(table)
        ]
        self.coefficients = np.ascontiguousarray(np.concatenate(gains))
