"""Where a number came from: versions, machine, time, and the content key of what was computed."""

from __future__ import annotations

import datetime
import hashlib
import json
import platform
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Any

__all__ = ["Provenance", "content_key", "versions"]

_PACKAGES = ("numpy", "scipy", "nashpy", "matplotlib", "pandas")


def versions() -> dict[str, str]:
    """Return the versions of bargain, Python and the packages that numbers depend on.

    Returns
    -------
    dict of str to str
    """
    return dict(_installed())


@cache  # reading them takes longer than a block of draws
def _installed() -> tuple[tuple[str, str], ...]:
    found = [(package, metadata.version(package)) for package in ("bargain", *_PACKAGES)]
    return found[0], ("python", platform.python_version()), *found[1:]


def content_key(content: Any) -> str:
    """Return a key that equal content shares and different content does not.

    Parameters
    ----------
    content : object
        Made of dicts, lists, strings, numbers, booleans and None. Numbers count as written: 1 is not 1.0.

    Returns
    -------
    str
        Hexadecimal, 32 characters (128 bits of SHA-256).

    Examples
    --------
    >>> content_key({"a": 1, "b": 2}) == content_key({"b": 2, "a": 1})
    True
    """
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Provenance:
    """What is needed to compute a result again.

    Attributes
    ----------
    task : str
        Content key of the task.
    seed : int
    design : str
    versions : dict of str to str
    machine : str
    finished : str
        ISO 8601, UTC.
    seconds : float
        Wall time of the run.
    """

    task: str
    seed: int
    design: str
    versions: dict[str, str]
    machine: str
    finished: str
    seconds: float

    def attributes(self) -> dict[str, str | int | float]:
        """Return the record as plain text and numbers, for the attributes of tables and files.

        Returns
        -------
        dict
        """
        return {
            "key": self.task,
            "seed": self.seed,
            "design": self.design,
            "versions": ", ".join(f"{package} {version}" for package, version in self.versions.items()),
            "machine": self.machine,
            "finished": self.finished,
            "seconds": round(self.seconds, 3),
        }

    @classmethod
    def now(cls, *, task: str, seed: int, design: str, seconds: float) -> Provenance:
        """Record versions, machine and time of this moment.

        Parameters
        ----------
        task, seed, design, seconds
            As the attributes of the class.

        Returns
        -------
        Provenance
        """
        finished = datetime.datetime.now(tz=datetime.UTC).isoformat(timespec="seconds")
        machine = f"{platform.system()} {platform.machine()}"
        return cls(task, seed, design, versions(), machine, finished, seconds)
