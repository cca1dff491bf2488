"""Forks: copies of this process that compute blocks and send back what they made of them.

A copy is made in milliseconds and knows all that this process knows. Nothing is imported again or pickled on
the way in, so that scripts need no guard around their main part and any solver will do.
"""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import signal
import sys
import threading
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, NoReturn, TypeVar

from tqdm import TMonitor

__all__ = ["can_fork", "in_forks"]

Made = TypeVar("Made")

_AHEAD = 2
"""Blocks that a fork has at a time: the one that it computes and the next."""

_SIGNALS = {signal.SIGINT, signal.SIGTERM}

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux's prctl


def can_fork() -> bool:
    """Say whether this process may be copied safely.

    A copy has only the thread that made it: a lock that another thread held would stay locked for ever.

    Returns
    -------
    bool
        Whether this is Linux, and no thread of Python but the main one runs. The monitor of tqdm's progress
        bars does not count: a copy takes no lock of tqdm.
    """
    others = [thread for thread in threading.enumerate() if not isinstance(thread, TMonitor)]
    return sys.platform == "linux" and others == [threading.current_thread()] == [threading.main_thread()]


def in_forks(
    function: Callable[[int], Made], blocks: Iterator[int], workers: int
) -> Generator[tuple[int, Made]]:
    """Yield (block, what the function makes of it) as blocks finish.

    A block on which a fork fails, or with which it dies, is computed again by the caller: an error then comes
    as it would without forks, from where it happened.

    Parameters
    ----------
    function : callable
        Takes the number of a block; what it returns is pickled.
    blocks : iterator of int
        Asked for one more whenever there is room.
    workers : int
        Number of forks.

    Yields
    ------
    block, made
    """
    forks: list[_Fork] = []
    registry: dict[Any, Any] = {}  # of warnings that were shown
    try:
        for _ in range(workers):
            forks.append(_start(function, forks))
        while True:
            _hand_out(blocks, forks)
            busy = {fork.pipe: fork for fork in forks if fork.under_way}
            if not busy:
                break
            for pipe in wait(list(busy)):
                fork = busy[pipe]  # type: ignore[index]  # wait gives back what it was given
                try:
                    answer = pickle.loads(fork.pipe.recv_bytes())  # noqa: S301 - written by our own copy
                except (EOFError, OSError):
                    forks.remove(fork)
                    for block in fork.end():
                        yield block, function(block)
                    continue
                block = fork.under_way.popleft()
                if answer is None:
                    yield block, function(block)
                    continue
                made, warned = answer
                for message, category, file, line in warned:
                    warnings.warn_explicit(message, category, file, line, registry=registry)
                yield block, made
        for block in blocks:  # if all forks died
            yield block, function(block)
    finally:
        for fork in forks:
            fork.end()


@dataclass(eq=False)
class _Fork:
    """A copy of this process, as this process sees it."""

    process: int
    pipe: Connection
    under_way: deque[int] = field(default_factory=deque)

    def give(self, block: int) -> None:
        self.under_way.append(block)
        with suppress(OSError):  # it died, which will be noticed when it should answer
            self.pipe.send(block)

    def end(self) -> list[int]:
        """End the process, whatever it does, and return the blocks that it had."""
        self.pipe.close()
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)
        with suppress(ChildProcessError):  # somebody else has waited for it
            os.waitpid(self.process, 0)
        left, self.under_way = list(self.under_way), deque()
        return left


def _hand_out(blocks: Iterator[int], forks: list[_Fork]) -> None:
    """Give every fork its first block before any gets its second."""
    for had in range(_AHEAD):
        for fork in forks:
            if len(fork.under_way) <= had:
                block = next(blocks, None)
                if block is None:
                    return
                fork.give(block)


def _start(function: Callable[[int], Any], others: list[_Fork]) -> _Fork:
    here, there = Pipe()
    _flush()  # or the copy would write it too
    parent = os.getpid()
    # Between the copy's first step and its own handlers, Ctrl-C would make it go on as if it were its parent.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        with warnings.catch_warnings():
            # Python 3.12 warns of threads that libraries started in C: they hold no lock that a copy takes.
            warnings.simplefilter("ignore", DeprecationWarning)
            process = os.fork()
        if process == 0:
            _live(function, there, [here, *(other.pipe for other in others)], parent, before)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    there.close()
    return _Fork(process, here)


def _live(
    function: Callable[[int], Any],
    pipe: Connection,
    others: list[Connection],
    parent: int,
    mask: set[Any],
) -> NoReturn:
    """Compute blocks until the other end of the pipe is closed; the life of a fork."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; who started us ends us
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        with suppress(AttributeError, OSError):  # a C library without it: then a block in hand is finished
            ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        gc.freeze()  # what was inherited is not ours to clean up
        for other in others:
            other.close()
        with warnings.catch_warnings(record=True) as warned:
            while os.getppid() == parent:
                pipe.send_bytes(_answer(function, pipe.recv(), warned))
                warned.clear()
                _flush()
    finally:
        os._exit(0)  # without a word, and without what this process does when it ends


def _answer(function: Callable[[int], Any], block: int, warned: list[warnings.WarningMessage]) -> bytes:
    try:
        made = function(block)
        told = [(each.message, each.category, each.filename, each.lineno) for each in warned]
        return pickle.dumps((made, told), protocol=pickle.HIGHEST_PROTOCOL)
    except Exception:  # noqa: BLE001 - the caller will meet it
        return pickle.dumps(None)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError, OSError):  # none, closed, or somebody's own
            stream.flush()
