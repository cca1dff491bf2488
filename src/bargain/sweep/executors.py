"""Executors: where the blocks of a sweep are computed. The numbers do not depend on it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import contextmanager
from typing import Any

from threadpoolctl import threadpool_limits

from bargain.axes import Ints
from bargain.errors import InvalidArgumentError
from bargain.sweep.kernel import Kernel
from bargain.sweep.statistic import Statistic
from bargain.sweep.task import Task

__all__ = ["compute_block", "executor_of", "in_parallel", "single_threaded"]

_KERNELS: dict[tuple[str, int], Kernel] = {}
_HOLDERS: list[None] = []
_LOCK = threading.Lock()


def compute_block(task: Task, block: int, watched: Ints) -> tuple[Statistic, ...]:
    """Compute one block of a task, in whatever process or machine this runs.

    Parameters
    ----------
    task : Task
    block : int
    watched : int[n]
        Draws of the block that the audit will look at.

    Returns
    -------
    tuple of Statistic
        One for each of the task's reducers, and what was observed of the watched draws.
    """
    with _LOCK:
        # The key leaves out how many draws there are where that changes none of them; a kernel does not.
        address = (task.key, task.draws)
        kernel = _KERNELS.get(address)
        if kernel is None:
            # One task at a time: a worker that is handed another one frees the memory of the last.
            _KERNELS.clear()
            kernel = _KERNELS[address] = Kernel(task)
    _limit_threads_of_this_process()
    return kernel.statistics(block, watched)


@contextmanager
def single_threaded() -> Iterator[None]:
    """Hold linear algebra libraries to one thread while a sweep runs in this process.

    They would otherwise start threads of their own in every worker, and sum in another order.
    """
    with _LOCK:
        _HOLDERS.append(None)
    try:
        with threadpool_limits(limits=1):
            yield
    finally:
        with _LOCK:
            _HOLDERS.pop()


def _limit_threads_of_this_process() -> None:
    """Do the same for good in a process that was started to compute blocks."""
    with _LOCK:
        if not _HOLDERS:
            _HOLDERS.append(None)
            threadpool_limits(limits=1)


@contextmanager
def executor_of(given: object, workers: int, blocks: int) -> Iterator[Executor | None]:
    """Give the executor to use; None stands for this very thread.

    Parameters
    ----------
    given : concurrent.futures.Executor, dask client, or None
        None stands for threads, as many as workers.
    workers : int
    blocks : int
        How many there are to compute.

    Yields
    ------
    concurrent.futures.Executor or None

    Raises
    ------
    InvalidArgumentError
        If it is neither.
    """
    if given is not None:
        executor: Any = given.get_executor() if hasattr(given, "get_executor") else given
        if not hasattr(executor, "submit"):
            raise InvalidArgumentError(
                f"executor: a concurrent.futures.Executor or a dask client was expected, given {given!r}"
            )
        yield executor
    elif workers == 1 or blocks <= 1:
        yield None
    else:
        # numpy gives the interpreter lock away while it computes. Processes would have to be spawned, which
        # takes seconds and fails in scripts that do not guard their main module.
        with ThreadPoolExecutor(workers) as threads:
            yield threads


def in_parallel(
    executor: Executor | None,
    function: Callable[[Task, int], tuple[Statistic, ...]],
    task: Task,
    blocks: Iterator[int],
    ahead: int,
) -> Generator[tuple[int, tuple[Statistic, ...]]]:
    """Yield (block, statistics) as blocks finish.

    Parameters
    ----------
    executor : Executor or None
    function : callable
        Takes the task and a block, such as `compute_block`.
    task : Task
    blocks : iterator of int
        Asked for one more block whenever there is room.
    ahead : int
        How many blocks to have under way: enough to keep everybody busy, few enough to stop soon.

    Yields
    ------
    block, statistics
    """
    if executor is None:
        for block in blocks:
            yield block, function(task, block)
        return
    waiting: dict[Future[Any], int] = {}
    try:
        while True:
            for block in itertools.islice(blocks, ahead - len(waiting)):
                waiting[executor.submit(function, task, block)] = block
            if not waiting:
                return
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield waiting.pop(future), future.result()
    finally:
        for future in waiting:
            future.cancel()
