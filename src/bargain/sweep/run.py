"""Run a task: blocks over threads, statistics added up in block order."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from bargain.errors import InvalidArgumentError
from bargain.games.normal import NormalForm
from bargain.provenance import Provenance
from bargain.solvers.solution import Solution, Status
from bargain.sweep.interval import wilson_interval
from bargain.sweep.kernel import Kernel
from bargain.sweep.reducers import OutcomeCounts
from bargain.sweep.task import Task
from bargain.uncertainty.designs import BLOCK

__all__ = ["Draw", "Sweep", "run"]

REMAINDER = ("(mixed)", "(multiple)", "(none)", "(unsolved)")
"""Rows of a table of shares for draws that no single outcome answers."""


@dataclass(frozen=True, eq=False)
class Draw:
    """One draw of a sweep, recomputed from its address.

    Attributes
    ----------
    parameters : dict of str to float
    game : NormalForm
    solution : Solution
    """

    parameters: dict[str, float]
    game: NormalForm
    solution: Solution


@dataclass(frozen=True, eq=False)
class Sweep:
    """The result of a run.

    Attributes
    ----------
    task : Task
    counts : OutcomeCounts
    provenance : Provenance
    """

    task: Task
    counts: OutcomeCounts
    provenance: Provenance

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.counts.draws

    def shares(self) -> pd.DataFrame:
        """Return the share of draws in which each outcome is predicted.

        Returns
        -------
        pandas.DataFrame
            Indexed by outcome, one level per player. ``share`` of draws in which it is the only outcome
            predicted, with its 95 % Wilson interval ``low`` and ``high``; ``possible``, the share in which
            some equilibrium gives it a positive probability; ``certain``, the share in which every
            equilibrium leads to it. Behind the outcomes stand, where there are any, the draws without a
            single answer: ``(mixed)`` one equilibrium in mixed strategies, ``(multiple)`` several that lead
            to different outcomes, ``(none)`` no equilibrium of the kind looked for, ``(unsolved)``. The
            column ``share`` adds up to one.
        """
        counts, labels = self.counts, self.task.model.labels
        rest = dict(
            zip(REMAINDER, (counts.mixed, counts.multiple, counts.none, counts.unsolved), strict=True)
        )
        shown = {name: count for name, count in rest.items() if count}
        blank = ("",) * (len(labels.players) - 1)
        outcomes = [*labels.outcomes, *((name, *blank) for name in shown)]
        share = np.array([*counts.certain, *shown.values()])
        low, high = wilson_interval(share, counts.draws)
        padding = [np.nan] * len(shown)
        frame = pd.DataFrame(
            {
                "share": share / counts.draws,
                "low": low,
                "high": high,
                "possible": [*(np.array(counts.possible) / counts.draws), *padding],
                "certain": [*(np.array(counts.certain) / counts.draws), *padding],
            },
            index=pd.MultiIndex.from_tuples(outcomes, names=labels.players),
        )
        frame.attrs.update(task=self.task.name, draws=counts.draws, seed=self.task.seed, key=self.task.key)
        return frame

    def statuses(self) -> dict[Status, int]:
        """Return numbers of draws by status.

        Returns
        -------
        dict of Status to int
        """
        return {status: count for status, count in zip(Status, self.counts.status, strict=True) if count}

    def draw(self, number: int) -> Draw:
        """Recompute one draw from its address, without having stored it.

        Parameters
        ----------
        number : int
            From 0 up to the number of draws.

        Returns
        -------
        Draw

        Raises
        ------
        InvalidArgumentError
        """
        if not 0 <= number < self.draws:
            raise InvalidArgumentError(f"draw: one of 0 to {self.draws - 1} was expected, given {number}")
        values, game, solution = Kernel(self.task).solution(number)
        return Draw(dict(zip(self.task.space.names, values[:, 0].tolist(), strict=True)), game, solution)

    def __repr__(self) -> str:
        return f"Sweep({self.task.name or self.task.key[:8]}: {self.draws} draws by {self.task.solver})"


def run(task: Task, *, workers: int | None = None, progress: bool | None = None) -> Sweep:
    """Run a task.

    Parameters
    ----------
    task : Task
    workers : int, optional
        Number of threads; by default as many as processors. The numbers do not depend on it.
    progress : bool, optional
        Whether to show a progress bar; by default on a terminal.

    Returns
    -------
    Sweep

    Raises
    ------
    InvalidArgumentError

    Examples
    --------
    >>> import bargain as bg
    >>> task = bg.load_scenario("gsomia").task("2019-11 deadline", draws=20_000, seed=7)
    >>> sweep = bg.run(task)
    >>> round(float(sweep.shares().loc[("suspend", "relax", "press"), "share"]), 2)
    0.78
    """
    if not isinstance(task, Task):
        raise InvalidArgumentError(f"run: a Task was expected, given {type(task).__name__}")
    if workers is None:
        workers = os.cpu_count() or 1
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise InvalidArgumentError(f"workers: a positive whole number was expected, given {workers!r}")
    started = time.perf_counter()
    total = OutcomeCounts.zero(task.model.labels.size)
    # One thread per worker: linear algebra libraries would otherwise start their own in each of them.
    with threadpool_limits(limits=1), _bar(task, progress) as bar:
        for counts in _blocks(task, workers):
            total += counts
            bar.update(counts.draws)
    seconds = time.perf_counter() - started
    kind = str(task.design.content()["kind"])
    return Sweep(task, total, Provenance.now(task=task.key, seed=task.seed, design=kind, seconds=seconds))


def _blocks(task: Task, workers: int) -> Iterator[OutcomeCounts]:
    """Yield the statistics of every block as it finishes; integer sums do not mind the order."""
    kernel = Kernel(task)
    if workers == 1 or task.blocks == 1:
        yield from map(kernel.count, range(task.blocks))
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting: set[Future[OutcomeCounts]] = set()
        try:
            for block in range(task.blocks):
                waiting.add(pool.submit(kernel.count, block))
                # A few blocks ahead keep everybody busy; submitting all would hold memory for nothing.
                if len(waiting) >= 4 * workers:
                    done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            while waiting:
                done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        finally:
            for future in waiting:
                future.cancel()


def _bar(task: Task, progress: bool | None) -> tqdm[Any]:  # noqa: FBT001 - handed on from `run`
    show = sys.stderr.isatty() if progress is None else progress
    # Short work needs no bar: below a second it would only flash.
    return tqdm(
        total=task.draws,
        disable=not show or task.draws <= BLOCK,
        unit="draw",
        unit_scale=True,
        desc=task.name,
    )
