"""The kernel of a sweep: one block of draws, sampled, valued, solved and counted in reused memory.

A block is worked through in chunks that fit the processor's cache. Fresh memory of this size would cost more
in page faults than the arithmetic does.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidGameError
from bargain.games.normal import NormalForm
from bargain.payoffs.model import Monomial, PayoffModel
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solution, Status
from bargain.sweep.reducers import OutcomeCounts, Predictions
from bargain.sweep.task import Task
from bargain.uncertainty.designs import BLOCK

__all__ = ["Kernel"]

CHUNK = 16_384
"""Draws worked on at a time; see docs/explanation/design.md for what was measured."""


@dataclass(frozen=True)
class _Plan:
    """How monomials are built from parameter values, each product from two rows that exist already.

    Rows of the workspace: one for each parameter, in the model's order, then one for each product.
    """

    products: tuple[tuple[int, int], ...]
    rows: tuple[int, ...]
    coefficients: Floats

    @classmethod
    def of(cls, model: PayoffModel) -> _Plan:
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
        size = model.coefficients.shape[0] * model.coefficients.shape[1]
        flat = model.coefficients.reshape(size, -1)
        constant = [column for column, monomial in enumerate(model.monomials) if not monomial]
        varying = [column for column, monomial in enumerate(model.monomials) if monomial]
        used = tuple(rows[model.monomials[column]] for column in varying)
        # The constant rides behind the others, as the coefficient of a row of ones.
        coefficients = np.concatenate(
            [flat[:, varying], flat[:, constant].sum(axis=1, keepdims=True)], axis=1
        )
        return cls(tuple(products), used, np.ascontiguousarray(coefficients))


class Kernel:
    """Computes any block of a task; every thread works in its own memory.

    Parameters
    ----------
    task : Task
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self._plan = _Plan.of(task.model)
        self._local = threading.local()
        # Bounded parameters give bounded payoffs, which then need no looking at.
        self._bounded = all(
            np.isfinite(parameter.distribution.support).all() for parameter in task.space.parameters
        )

    def count(self, block: int) -> OutcomeCounts:
        """Return the statistics of one block.

        Parameters
        ----------
        block : int

        Returns
        -------
        OutcomeCounts
        """
        total = OutcomeCounts.zero(self.task.model.labels.size)
        for predictions in self.predictions(block):
            total += OutcomeCounts.of(predictions)
        return total

    def predictions(self, block: int) -> Iterator[Predictions]:
        """Yield what is predicted in the draws of one block, chunk by chunk.

        Parameters
        ----------
        block : int

        Yields
        ------
        Predictions
        """
        task, work = self.task, self._workspace()
        size = task.block_size(block)
        unit = work["unit"] if size == work["unit"].shape[1] else np.empty((len(task.space), size))
        task.points.fill(task.space, task.seed, block, task.draws, unit)
        for start in range(0, size, CHUNK):
            stop = min(start + CHUNK, size)
            yield self._predict(self._payoffs(unit[:, start:stop], work))

    def _workspace(self) -> dict[str, Any]:
        if not hasattr(self._local, "work"):
            width = min(self.task.block_size(0), CHUNK)
            parameters, plan = len(self.task.space), self._plan
            monomials = np.ones((plan.coefficients.shape[1], width))
            self._local.work = {
                "unit": np.empty((parameters, self.task.block_size(0))),
                "rows": np.empty((parameters + len(plan.products), width)),
                "scratch": np.empty((parameters, width)),
                "monomials": monomials,
                "payoffs": np.empty((plan.coefficients.shape[0], width)),
            }
        work: dict[str, Any] = self._local.work
        return work

    def _payoffs(self, unit: Floats, work: dict[str, Any]) -> Floats:
        """Return payoffs float[P, A..., n] of a chunk, in the workspace."""
        parameters, width = unit.shape
        full = work["rows"].shape[1]
        rows, monomials = work["rows"], work["monomials"]
        rows[:parameters, :width] = unit
        if width < full:
            # The last chunk is computed at full width: a product may round differently at another width.
            rows[:parameters, width:] = 0.5
        self.task.space.transform(rows[:parameters], work["scratch"])
        for target, (left, right) in enumerate(self._plan.products, start=parameters):
            np.multiply(rows[left], rows[right], out=rows[target])
        np.take(rows, self._plan.rows, axis=0, out=monomials[: len(self._plan.rows)], mode="clip")
        np.matmul(self._plan.coefficients, monomials, out=work["payoffs"])
        labels = self.task.model.labels
        payoffs: Floats = work["payoffs"].reshape(len(labels.players), *labels.shape, full)[..., :width]
        return payoffs

    def _predict(self, payoffs: Floats) -> Predictions:
        if not self._bounded and not np.isfinite(payoffs).all():
            return self._predict_finite(payoffs)
        solver = self.task.solver
        if type(solver) is PureNash:
            possible = solver.stable(payoffs).reshape(-1, payoffs.shape[-1])
            count = possible.sum(axis=0)
            codes = np.where(count > 0, np.int8(Status.SOLVED), np.int8(Status.NONE))
            return Predictions(possible, possible & (count == 1), count, codes)
        return Predictions.of(solver.solve(NormalForm(self.task.model.labels, payoffs)))

    def _predict_finite(self, payoffs: Floats) -> Predictions:
        """Solve the draws whose payoffs are finite; mark the others."""
        finite = np.isfinite(payoffs).all(axis=tuple(range(payoffs.ndim - 1)))
        harmless = np.where(finite, payoffs, 0.0)
        found = self._predict(harmless)
        return Predictions(
            found.possible & finite,
            found.certain & finite,
            found.count * finite,
            np.where(finite, found.codes, np.int8(Status.INVALID)).astype(np.int8),
        )

    def solution(self, draw: int) -> tuple[Floats, NormalForm, Solution]:
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
            If the payoffs of this draw are not finite.
        """
        task = self.task
        block, place = divmod(draw, BLOCK)
        values = task.values(block)[:, place : place + 1]
        payoffs = task.model.evaluate(values)
        if not np.isfinite(payoffs).all():
            raise InvalidGameError(f"draw {draw}: its payoffs are not finite; its status is INVALID")
        game = NormalForm(task.model.labels, payoffs)
        return values, game, task.solver.solve(game)
