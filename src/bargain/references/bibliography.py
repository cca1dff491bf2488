"""The bibliography: every work that a docstring cites, read from the file that the site shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

__all__ = ["Reference", "bibliography"]

_ENTRY = re.compile(r"^\.\. \[(?P<key>\w+)\] (?P<text>.*(?:\n   .*)*)", re.MULTILINE)
_EMPHASIS = re.compile(r"\*([^*]+)\*")
_LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Reference:
    """One entry of the bibliography.

    Attributes
    ----------
    key : str
        By which docstrings cite it, such as ``"Nash1951"``.
    text : str
        In one line; titles of books and journals stand between asterisks.
    """

    key: str
    text: str

    @property
    def link(self) -> str:
        """Address of the work; empty where the entry has none."""
        found = _LINK.search(self.text)
        return found[0] if found else ""

    def __str__(self) -> str:
        return _EMPHASIS.sub(r"\1", self.text)


@cache
def bibliography() -> MappingProxyType[str, Reference]:
    """Return the bibliography of the library.

    Returns
    -------
    mapping of str to Reference
        By key, in the order of the file.

    Examples
    --------
    >>> print(bibliography()["Nash1951"])
    J. Nash. Non-cooperative games. Annals of Mathematics 54 (2), 286-295, 1951.
    """
    text = (resources.files("bargain.references") / "bibliography.rst").read_text(encoding="utf-8")
    entries = (Reference(found["key"], " ".join(found["text"].split())) for found in _ENTRY.finditer(text))
    return MappingProxyType({entry.key: entry for entry in entries})
