"""Which references a result rests on: those of the methods that made it, and its evidence."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bargain.errors import InvalidArgumentError
from bargain.provenance import versions
from bargain.references.bibliography import Reference, bibliography
from bargain.scenarios.scenario import Evidence, Scenario
from bargain.sweep.audit import Audit

__all__ = ["Citations", "cite"]

_CITED = re.compile(r"\[(\w+)\]_(?!\w)")
_HOLDERS = ("task", "solver", "design", "space", "dependence", "reducers", "audit")
"""Attributes under which results keep the methods that made them."""


@dataclass(frozen=True)
class Citations:
    """What a result rests on.

    Attributes
    ----------
    software : str
        This library, with its version.
    methods : dict of str to tuple of str
        By name of the method, the keys of its references.
    references : tuple of Reference
        Of all methods, by key.
    evidence : tuple of Evidence
        Of the scenario.
    """

    software: str
    methods: dict[str, tuple[str, ...]]
    references: tuple[Reference, ...]
    evidence: tuple[Evidence, ...]

    def __str__(self) -> str:
        blocks = [["Software", f"  {self.software}"]]
        if self.references:
            users = {
                reference.key: ", ".join(name for name, keys in self.methods.items() if reference.key in keys)
                for reference in self.references
            }
            listed = [_hanging(f"{r} [{r.key}: {users[r.key]}]") for r in self.references]
            blocks.append(["Methods", *listed])
        if self.evidence:
            listed = [
                _hanging(" ".join([f"{item.id}: {item.statement} ({item.quality})", *item.links]))
                for item in self.evidence
            ]
            blocks.append(["Evidence", *listed])
        return "\n\n".join("\n".join(block) for block in blocks)


def cite(*used: Any) -> Citations:
    """Return the references of methods and evidence behind results.

    A method's references are those that its docstring cites, or else that of its module.

    Parameters
    ----------
    *used : object
        Solvers, solutions, tasks, sweeps and functions of this library, for their methods; scenarios, for
        their evidence. A table does not know how it was made: name the function that returned it.

    Returns
    -------
    Citations
        Printed, a list to copy from.

    Raises
    ------
    InvalidArgumentError
        If something given is none of these.

    Examples
    --------
    >>> import bargain as bg
    >>> scenario = bg.load_scenario("gsomia")
    >>> sweep = bg.run(scenario.task("2019-11 deadline", draws=1_000))
    >>> [reference.key for reference in bg.cite(sweep, bg.sobol_indices).references]
    ['Jansen1999', 'Nash1951', 'SaltelliEtAl2010', 'Wilson1927']
    >>> bg.cite(scenario).evidence[0].id
    'E01'
    """
    methods: dict[str, tuple[str, ...]] = {}
    evidence: dict[str, Evidence] = {}
    for given in used:
        if not _ours(given):
            raise InvalidArgumentError(
                "cite: a scenario, or a solver, result or function of this library was expected, given"
                f" {type(given).__name__}"
            )
        if isinstance(given, Scenario):
            evidence |= given.evidence
        methods |= dict(_methods(given))
    keys = sorted({key for cited in methods.values() for key in cited}, key=str.lower)
    return Citations(
        software=f"The bargain developers. bargain, version {versions()['bargain']}.",
        methods=methods,
        references=tuple(bibliography()[key] for key in keys),
        evidence=tuple(evidence.values()),
    )


def _ours(given: Any) -> bool:
    module = inspect.getmodule(given if inspect.isroutine(given) or inspect.isclass(given) else type(given))
    return module is not None and module.__name__.partition(".")[0] == "bargain"


def _methods(given: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what a docstring cites, and go on to the methods that an object holds."""
    if isinstance(given, tuple):
        for part in given:
            yield from _methods(part)
        return
    plain = inspect.isroutine(given) or inspect.isclass(given)
    method = given if plain else type(given)
    keys = _cited(method) or _cited(inspect.getmodule(method)) if _ours(given) else ()
    if isinstance(given, Audit) and "nashpy" in given.by:
        keys = ("Nashpy",)
    if keys:
        yield method.__name__, keys
    for holder in () if plain else _HOLDERS:
        if hasattr(given, holder):
            yield from _methods(getattr(given, holder))


def _cited(documented: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_CITED.findall(inspect.getdoc(documented) or "")))


def _hanging(text: str) -> str:
    return textwrap.fill(
        text,
        100,
        initial_indent="  ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
