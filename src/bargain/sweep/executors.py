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
from typing import Any, TypeVar

from threadpoolctl import threadpool_limits

from bargain.axes import Ints
from bargain.errors import InvalidArgumentError
from bargain.sweep.forks import can_fork, in_forks
from bargain.sweep.kernel import Kernel
from bargain.sweep.statistic import Statistic
from bargain.sweep.task import Task

__all__ = ["compute_block", "in_parallel", "prepare", "single_threaded"]

Made = TypeVar("Made")

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
    kernel = _kernel(task)
    _limit_threads_of_this_process()
    return kernel.statistics(block, watched)


def prepare(task: Task) -> None:
    """Do once what every block of a task needs, before this process is copied or its threads begin.

    Parameters
    ----------
    task : Task
    """
    _kernel(task).warm()


def _kernel(task: Task) -> Kernel:
    with _LOCK:
        # The key leaves out how many draws there are where that changes none of them; a kernel does not.
        address = (task.key, task.draws)
        kernel = _KERNELS.get(address)
        if kernel is None:
            # One task at a time: a worker that is handed another one frees the memory of the last.
            _KERNELS.clear()
            kernel = _KERNELS[address] = Kernel(task)
        return kernel


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


def in_parallel(
    function: Callable[[int], Made],
    blocks: Iterator[int],
    *,
    workers: int,
    count: int,
    executor: object = None,
) -> Generator[tuple[int, Made]]:
    """Yield (block, what the function makes of it) as blocks finish.

    Parameters
    ----------
    function : callable
        Takes the number of a block.
    blocks : iterator of int
        Asked for one more whenever there is room.
    workers : int
    count : int
        How many blocks there are.
    executor : concurrent.futures.Executor, dask client, or None
        None stands for forks of this process where they are safe, and for threads elsewhere.

    Yields
    ------
    block, made

    Raises
    ------
    InvalidArgumentError
        If the executor is neither.
    """
    ahead = 2 * workers + 2  # enough to keep everybody busy, few enough to stop soon
    if executor is not None:
        pool: Any = executor.get_executor() if hasattr(executor, "get_executor") else executor
        if not hasattr(pool, "submit"):
            raise InvalidArgumentError(
                f"executor: a concurrent.futures.Executor or a dask client was expected, given {executor!r}"
            )
        yield from _in_executor(pool, function, blocks, ahead)
    elif workers == 1 or count <= 1:
        for block in blocks:
            yield block, function(block)
    elif can_fork():
        yield from in_forks(function, blocks, min(workers, count))
    else:
        # numpy gives the interpreter lock away while it computes, though it takes time to get it back.
        with ThreadPoolExecutor(min(workers, count)) as threads:
            yield from _in_executor(threads, function, blocks, ahead)


def _in_executor(
    executor: Executor, function: Callable[[int], Made], blocks: Iterator[int], ahead: int
) -> Generator[tuple[int, Made]]:
    waiting: dict[Future[Made], int] = {}
    try:
        while True:
            for block in itertools.islice(blocks, ahead - len(waiting)):
                waiting[executor.submit(function, block)] = block
            if not waiting:
                return
            done, _ = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield waiting.pop(future), future.result()
    finally:
        for future in waiting:
            future.cancel()
