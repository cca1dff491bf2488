"""Run a task: blocks over workers, statistics added up, nothing that was finished lost."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from tqdm import tqdm

from bargain.axes import Ints
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.latex import escape, tabular
from bargain.notebook import as_html
from bargain.provenance import Provenance
from bargain.solvers.solution import Status
from bargain.sweep.audit import Audit, audit, sample, thin
from bargain.sweep.executors import compute_block, in_parallel, prepare, single_threaded
from bargain.sweep.interval import wilson_interval
from bargain.sweep.kernel import Kernel
from bargain.sweep.reducers import MeasureSummary, OutcomeShares, Reducer
from bargain.sweep.statistic import Statistic
from bargain.sweep.store import Store
from bargain.sweep.task import Task
from bargain.uncertainty.designs import BLOCK

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Draw", "Sweep", "run"]


@dataclass(frozen=True, eq=False)
class Draw:
    """One draw of a sweep, recomputed from its address.

    Attributes
    ----------
    parameters : dict of str to float
    game : NormalForm
        Or the game of the scenario's kind.
    solution : Solution
        Or what the task's solver returns.
    """

    parameters: dict[str, float]
    game: Any
    solution: Any


@dataclass(frozen=True, eq=False)
class Sweep:
    """The result of a run.

    Attributes
    ----------
    task : Task
        With as many draws as were made.
    statistics : tuple of Statistic
        One for each of the task's reducers.
    audit : Audit
        What became of a sample of draws that an independent solver solved again.
    stopped : str
        Why the run ended: ``"draws"``, ``"precision"`` or ``"time"``.
    provenance : Provenance
    """

    task: Task
    statistics: tuple[Statistic, ...]
    audit: Audit
    stopped: str
    provenance: Provenance

    @property
    def draws(self) -> int:
        """Number of draws."""
        return self.task.draws

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
        frame: pd.DataFrame = self.table(OutcomeShares())
        return frame

    def measures(self) -> pd.DataFrame:
        """Return mean, spread and quantiles of each measure of games that are no payoff tables.

        Returns
        -------
        pandas.DataFrame
            Indexed by measure: ``mean`` with its 95 % interval ``low`` and ``high``; ``sd`` over draws;
            ``used``, the share of draws that have it, as equilibria that differ have none; quantiles.

        Raises
        ------
        UnsupportedGameError
            If the games are payoff tables.
        """
        found = [reducer for reducer in self.task.reducers if isinstance(reducer, MeasureSummary)]
        if not found:
            MeasureSummary().check(self.task.model.labels, self.task.space)
        frame: pd.DataFrame = self.table((*found, MeasureSummary())[0])
        return frame

    def table(self, reducer: Reducer) -> Any:
        """Return what a reducer of the task found, for reading.

        Parameters
        ----------
        reducer : Reducer
            One of the task's.

        Returns
        -------
        pandas.DataFrame or xarray.Dataset
            With task, draws and provenance in ``attrs``, as plain text and numbers.

        Raises
        ------
        UnknownNameError
            If the task did not have this reducer.
        """
        if reducer not in self.task.reducers:
            raise UnknownNameError.of("reducer", reducer, self.task.reducers)
        statistic = self.statistics[self.task.reducers.index(reducer)]
        result = reducer.table(statistic, self.task.model.labels, self.task.space)
        result.attrs.update(
            task=self.task.name,
            draws=self.draws,
            stopped=self.stopped,
            **self.provenance.attributes(),
        )
        return result

    def to_latex(self) -> str:
        r"""Return the shares as a LaTeX ``tabular`` (needs the booktabs package), with their intervals.

        Outcomes that no draw predicts are left out. What was assumed stands above as a LaTeX comment.

        Returns
        -------
        str

        Examples
        --------
        >>> import bargain as bg
        >>> task = bg.load_scenario("gsomia").task("2018-08 routine", draws=20_000, seed=7)
        >>> print(bg.run(task).to_latex())
        % gsomia 2018-08 routine: 20,000 draws, seed 7, PureNash(tolerance=0.0); 95 % Wilson intervals
        \begin{tabular}{lllrrr}
        \toprule
        ROK & JPN & USA & share & low & high \\
        \midrule
        renew & maintain & abstain & 1.000 & 0.999 & 1.000 \\
        suspend & maintain & abstain & 0.000 & 0.000 & 0.001 \\
        \bottomrule
        \end{tabular}
        """
        shares = self.shares()
        shown = shares[shares["share"] > 0]
        names = [[escape(str(part)) for part in outcome] for outcome in shown.index]
        numbers = shown[["share", "low", "high"]].to_numpy()
        table = tabular(
            "l" * shares.index.nlevels + "rrr",
            [*(escape(str(name)) for name in shares.index.names), "share", "low", "high"],
            [[*name, *(f"{number:.3f}" for number in row)] for name, row in zip(names, numbers, strict=True)],
        )
        return f"% {self._assumed}; 95 % Wilson intervals\n{table}"

    def to_xarray(self) -> xr.Dataset:
        """Return the shares as a Dataset along ``outcome``, with the provenance as attributes, for netCDF.

        Returns
        -------
        xarray.Dataset

        Examples
        --------
        >>> import bargain as bg
        >>> task = bg.load_scenario("gsomia").task("2019-11 deadline", draws=20_000, seed=7)
        >>> found = bg.run(task).to_xarray()
        >>> round(float(found.share.sel(outcome="suspend/relax/press")), 2)
        0.78
        """
        import xarray as xr  # noqa: PLC0415 - takes long to import

        shares = self.shares()
        names = ["/".join(filter(None, outcome)) for outcome in shares.index]
        columns = {str(name): ("outcome", column.to_numpy()) for name, column in shares.items()}
        attributes = {str(name): value for name, value in shares.attrs.items()}
        return xr.Dataset(columns, {"outcome": names}, attributes)

    def statuses(self) -> dict[Status, int]:
        """Return numbers of draws by status.

        Returns
        -------
        dict of Status to int
        """
        counts = self.statistics[0].counts["status"].tolist()
        return {status: count for status, count in zip(Status, counts, strict=True) if count}

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
        name = self.task.name or self.task.key[:8]
        return f"Sweep({name}: {self.draws} draws by {self.task.solver}; {self.audit})"

    def _repr_html_(self) -> str:
        shares = self.shares()
        shown = shares[shares["share"].gt(0) | shares["possible"].gt(0)]
        return as_html(self._assumed, shown, f"95 % Wilson intervals of sampling error alone; {self.audit}")

    @property
    def _assumed(self) -> str:
        name = self.task.name or self.task.key[:8]
        return f"{name}: {self.draws:,} draws, seed {self.task.seed}, {self.task.solver}"


def run(
    task: Task,
    *,
    workers: int | None = None,
    executor: Any = None,
    store: str | Path | None = None,
    audit: int = 64,
    precision: float | None = None,
    seconds: float | None = None,
    progress: bool | None = None,
) -> Sweep:
    """Run a task.

    The numbers depend on the task alone: not on workers, executor, order of blocks, or interruptions.

    Parameters
    ----------
    task : Task
    workers : int, optional
        How many blocks to compute at once; by default as many as processors. Forks of this process compute
        them, on Linux and as long as no other thread of Python runs in it, threads elsewhere: there, solvers
        that work draw by draw in Python, such as BimatrixNash, need ``executor=ProcessPoolExecutor(workers)``
        to gain from it.
    executor : concurrent.futures.Executor or dask client, optional
        Where to compute the blocks instead; what it runs must be able to import bargain.
    store : str or Path, optional
        File in which finished blocks are kept. A later run of the same task with the same store computes only
        what is missing, whether this one was interrupted or fewer draws were asked for.
    audit : int, default 64
        How many draws, chosen at random, an independent solver solves again.
    precision : float, optional
        Stop once the 95 % interval of every share is at most this far from it on either side.
    seconds : float, optional
        Stop after so many seconds. Like the other two, at the end of a block.
    progress : bool, optional
        Whether to show a progress bar; by default on a terminal.

    Returns
    -------
    Sweep

    Raises
    ------
    InvalidArgumentError
    StoreError
        If the store belongs to another task or cannot be written.

    Examples
    --------
    >>> import bargain as bg
    >>> task = bg.load_scenario("gsomia").task("2019-11 deadline", draws=20_000, seed=7)
    >>> sweep = bg.run(task)
    >>> round(float(sweep.shares().loc[("suspend", "relax", "press"), "share"]), 2)
    0.78
    >>> print(sweep.audit)
    64 of 64 draws agree with trying every outcome
    """
    if not isinstance(task, Task):
        raise InvalidArgumentError(f"run: a Task was expected, given {type(task).__name__}")
    workers = _positive("workers", workers, os.cpu_count() or 1)
    if isinstance(audit, bool) or not isinstance(audit, int) or audit < 0:
        raise InvalidArgumentError(f"audit: a number of draws was expected, given {audit!r}")
    for name, limit in (("precision", precision), ("seconds", seconds)):
        if limit is not None and not limit > 0:
            raise InvalidArgumentError(f"{name}: a positive number was expected, given {limit!r}")
    started = time.perf_counter()
    deadline = None if seconds is None else started + seconds
    watched = sample(task, audit, open_end=precision is not None or seconds is not None)
    with ExitStack() as stack:
        stack.enter_context(single_threaded())
        kept = stack.enter_context(Store(store, task)) if store is not None else None
        bar = stack.enter_context(_bar(task, progress))
        progress_ = _Run(task, kept, bar, precision, deadline)
        missing = progress_.missing()
        if executor is None and min(workers, len(missing)) > 1:
            prepare(task)
        blocks = in_parallel(
            _Watching(task, watched),
            progress_.wanted(missing),
            workers=workers,
            count=len(missing),
            executor=executor,
        )
        try:
            for block, (statistics, provenance) in blocks:
                progress_.add(block, statistics, provenance)
                if progress_.stopped:
                    break
        finally:
            blocks.close()
    return progress_.result(audit, time.perf_counter() - started)


@dataclass(frozen=True, eq=False)
class _Watching:
    """Computes a block with what the audit wants to see of it, and says where; goes to other processes."""

    task: Task
    draws: Ints

    def __call__(self, block: int) -> tuple[tuple[Statistic, ...], Provenance]:
        started = time.perf_counter()
        here = self.draws[(self.draws >= block * BLOCK) & (self.draws < (block + 1) * BLOCK)]
        statistics = compute_block(self.task, block, here)
        return statistics, _provenance(self.task, time.perf_counter() - started)


def _provenance(task: Task, seconds: float) -> Provenance:
    design = str(task.design.content()["kind"])
    return Provenance.now(task=task.key, seed=task.seed, design=design, seconds=seconds)


class _Run:
    """What has been finished, and whether that is enough.

    The decision to stop looks only at the blocks from the first one without a gap, so that it falls the same
    way whatever the order in which they finish.
    """

    def __init__(
        self, task: Task, store: Store | None, bar: tqdm[Any], precision: float | None, deadline: float | None
    ) -> None:
        self.task, self.store, self.bar = task, store, bar
        self.precision, self.deadline = precision, deadline
        self.finished: dict[int, tuple[Statistic, ...]] = store.finished() if store else {}
        self.prefix, self.stopped = 0, ""
        self.total = [Statistic() for _ in range(len(task.reducers) + 1)]
        bar.update(sum(task.block_size(block) for block in self.finished))
        self._advance()

    def missing(self) -> list[int]:
        return [block for block in range(self.prefix, self.task.blocks) if block not in self.finished]

    def wanted(self, missing: list[int]) -> Iterator[int]:
        """Give the next block to compute for as long as there is need."""
        for block in missing:
            if self.stopped:
                return
            yield block

    def add(self, block: int, statistics: tuple[Statistic, ...], provenance: Provenance) -> None:
        if self.store is not None:
            self.store.add(block, statistics, provenance)
        self.finished[block] = statistics
        self.bar.update(self.task.block_size(block))
        self._advance()

    def _advance(self) -> None:
        while not self.stopped and self.prefix in self.finished:
            block = self.finished.pop(self.prefix)
            self.total = [a + b for a, b in zip(self.total, block, strict=True)]
            self.prefix += 1
            if self.prefix == self.task.blocks:
                self.stopped = "draws"
            elif self.precision is not None and _half_width(self.total[0]) <= self.precision:
                self.stopped = "precision"
            elif self.deadline is not None and time.perf_counter() >= self.deadline:
                self.stopped = "time"

    def result(self, size: int, seconds: float) -> Sweep:
        draws = min(self.task.draws, self.prefix * BLOCK)
        task = self.task if draws == self.task.draws else self.task.with_draws(draws)
        *statistics, observed = self.total
        # A store may hold the sample of an earlier run; any draws that were observed will do.
        checked = audit(task, thin(task, observed, size)) if size else Audit(0, 0, "", ())
        return Sweep(task, tuple(statistics), checked, self.stopped, _provenance(task, seconds))


def _half_width(shares: Statistic) -> float:
    """Return the largest distance of a share from an end of its interval."""
    counts = np.concatenate([shares.counts["certain"], shares.counts["rest"]])
    draws = int(counts.sum())
    low, high = wilson_interval(counts, draws)
    return float(np.maximum(counts / draws - low, high - counts / draws).max())


def _positive(name: str, given: object, default: int) -> int:
    if given is None:
        return default
    if isinstance(given, bool) or not isinstance(given, int) or given < 1:
        raise InvalidArgumentError(f"{name}: a positive whole number was expected, given {given!r}")
    return given


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
