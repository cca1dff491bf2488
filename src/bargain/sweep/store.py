"""The store: an SQLite log of finished blocks, so that interrupted work loses nothing.

A file holds the blocks of one task. Every block is one transaction: after a kill, a full disk or a power cut
the file holds exactly the blocks that were finished.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bargain.errors import StoreError
from bargain.provenance import Provenance, versions
from bargain.sweep.statistic import Statistic
from bargain.sweep.task import Task

__all__ = ["Store", "merge_stores"]

_FORMAT = 2
_IDENTITY = ("format", "bargain", "task")
"""What two stores must share to hold the same numbers."""

_BLOCKS = (
    "CREATE TABLE IF NOT EXISTS blocks"
    " (block INTEGER PRIMARY KEY, draws INTEGER NOT NULL, statistics TEXT NOT NULL,"
    " versions TEXT NOT NULL, machine TEXT NOT NULL, finished TEXT NOT NULL, seconds REAL NOT NULL)"
)
"""What was found in a block, and where, when and in which time it was computed."""

_INSERT = (
    "INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (block) DO UPDATE SET"
    " (draws, statistics, versions, machine, finished, seconds) = (excluded.draws, excluded.statistics,"
    " excluded.versions, excluded.machine, excluded.finished, excluded.seconds)"
)

_PATIENCE = 60.0
"""Seconds to wait for another process that is writing."""


class Store:
    """The finished blocks of a task in a file.

    Parameters
    ----------
    path : str or Path
        Made if it does not exist; its folder too.
    task : Task

    Raises
    ------
    StoreError
        If the file is no store, or holds the blocks of another task or of another version of the library;
        the message names the first difference.
    """

    def __init__(self, path: str | Path, task: Task) -> None:
        self.path = Path(path)
        self._task = task
        if self.path.is_dir():
            raise StoreError(f"{self.path}: a file was expected, given a directory")
        with self._errors():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)
        try:
            with self._errors():
                self._open()
        except BaseException:
            self._connection.close()
            raise

    def _open(self) -> None:
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        try:
            execute("CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
            execute(_BLOCKS)
            about = dict(execute("SELECT name, value FROM about"))
            mine = {
                "format": json.dumps(_FORMAT),
                "bargain": json.dumps(versions()["bargain"]),
                "task": json.dumps(self._task.content(), sort_keys=True),
            }
            if not about:
                execute("INSERT INTO about VALUES ('made with', ?)", (json.dumps(versions()),))
                self._connection.executemany("INSERT INTO about VALUES (?, ?)", mine.items())
            _check_same(about or mine, mine, str(self.path))
            execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                execute("ROLLBACK")
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def finished(self) -> dict[int, tuple[Statistic, ...]]:
        """Return the blocks of the task that are finished.

        Returns
        -------
        dict of int to tuple of Statistic
            Only those with as many draws as the task's block has: a last block that has grown is due again.
        """
        found = {}
        with self._errors():
            rows = self._connection.execute("SELECT block, draws, statistics FROM blocks").fetchall()
        for block, draws, text in rows:
            if block < self._task.blocks and draws == self._task.block_size(block):
                found[block] = tuple(Statistic.from_json(part) for part in json.loads(text))
        return found

    def add(self, block: int, statistics: tuple[Statistic, ...], provenance: Provenance) -> None:
        """Write a finished block; it is on disk when this returns.

        Parameters
        ----------
        block : int
        statistics : tuple of Statistic
        provenance : Provenance
            Of the block alone: versions and machine where it was computed, when, and in how many seconds.

        Raises
        ------
        StoreError
            If the disk is full or the file cannot be written; what was finished before stays.
        """
        row = (
            block,
            self._task.block_size(block),
            json.dumps([s.to_json() for s in statistics]),
            json.dumps(provenance.versions),
            provenance.machine,
            provenance.finished,
            round(provenance.seconds, 6),
        )
        with self._errors():
            # The longer block wins: two processes may be asked for different numbers of draws.
            self._connection.execute(f"{_INSERT} WHERE excluded.draws >= draws", row)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"{self.path}: {error}; the blocks finished before are kept") from error


def merge_stores(target: str | Path, *sources: str | Path) -> int:
    """Copy the blocks of other stores of the same task into one.

    Parameters
    ----------
    target : str or Path
        A store; made as a copy of the first source if it does not exist.
    *sources : str or Path

    Returns
    -------
    int
        Number of blocks in the target afterwards.

    Raises
    ------
    StoreError
        If a source is missing, is no store, or holds another task.
    """
    for source in sources:
        if not Path(source).is_file():
            raise StoreError(f"{source}: a store was expected, given no file")
    try:
        connection = sqlite3.connect(target, timeout=_PATIENCE, isolation_level=None)
        try:
            for source in sources:
                _copy(connection, Path(target), Path(source))
            return int(connection.execute("SELECT count(*) FROM blocks").fetchone()[0])
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise StoreError(f"{target}: cannot be merged: {error}") from error


def _copy(connection: sqlite3.Connection, target: Path, source: Path) -> None:
    other = sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=_PATIENCE)
    try:
        about = dict(other.execute("SELECT name, value FROM about"))
        blocks = other.execute("SELECT * FROM blocks").fetchall()
    finally:
        other.close()
    connection.execute("CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
    connection.execute(_BLOCKS)
    mine = dict(connection.execute("SELECT name, value FROM about"))
    if not mine:
        connection.executemany("INSERT INTO about VALUES (?, ?)", about.items())
        mine = about
    _check_same(about, {name: mine.get(name) for name in _IDENTITY}, f"{source} does not fit {target}")
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(f"{_INSERT} WHERE excluded.draws > draws", blocks)
    connection.execute("COMMIT")


def _check_same(theirs: Mapping[str, str], mine: Mapping[str, str | None], where: str) -> None:
    for name in _IDENTITY:
        if theirs.get(name) != mine.get(name):
            raise StoreError(f"{where}: {_difference(name, theirs.get(name), mine.get(name))}")


def _difference(name: str, theirs: str | None, mine: str | None) -> str:
    """Say where two descriptions of a task first differ."""
    if theirs is None or mine is None:
        return f"the store does not say its {name}: it was not made by bargain"
    path, there, here = _first_difference(json.loads(theirs), json.loads(mine), name)
    return f"the store holds another {name}: {path} is {_short(there)} there and {_short(here)} here"


def _first_difference(theirs: Any, mine: Any, path: str) -> tuple[str, Any, Any]:
    if isinstance(theirs, Mapping) and isinstance(mine, Mapping):
        for key in sorted({*theirs, *mine}):
            if theirs.get(key) != mine.get(key):
                return _first_difference(theirs.get(key), mine.get(key), f"{path}.{key}")
    if isinstance(theirs, list) and isinstance(mine, list) and len(theirs) == len(mine):
        for place, (there, here) in enumerate(zip(theirs, mine, strict=True)):
            if there != here:
                name = there.get("name", place) if isinstance(there, Mapping) else place
                return _first_difference(there, here, f"{path}[{name}]")
    return path, theirs, mine


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else text[:57] + "..."
