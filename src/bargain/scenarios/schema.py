"""The scenario file, version 1: one table of keys for each kind of scenario.

Only shape and type are checked here; what the names refer to is checked by `bargain.scenarios.reader`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field, create_model
from pydantic.json_schema import models_json_schema

from bargain.errors import UnknownNameError
from bargain.scenarios.kinds.catalogue import KINDS
from bargain.scenarios.tables import CommonFile, OrderTable, PartyTable, PlayerTable, TermTable

__all__ = ["FILES", "NORMAL_FORM", "SCHEMA_VERSION", "KindFile", "ScenarioFile", "file_of", "json_schema"]

SCHEMA_VERSION = 1

NORMAL_FORM = "normal_form"
"""The kind of a file that names none."""


class ScenarioFile(CommonFile):
    """A scenario whose game is a payoff table, played at once or in stages."""

    kind: Literal["normal_form"] = "normal_form"
    players: list[PlayerTable] = Field(min_length=1)
    status_quo: dict[str, str] = {}
    terms: list[TermTable] = Field(min_length=1)
    orders: list[OrderTable] = []


class KindFile(CommonFile):
    """A scenario of another kind: who plays, options of the kind, and its quantities as sums of terms."""

    kind: str
    players: list[PartyTable] = []
    options: Any
    terms: Any


def _files() -> dict[str, type[CommonFile]]:
    """Build the file of each kind from its options and terms."""
    files: dict[str, type[CommonFile]] = {NORMAL_FORM: ScenarioFile}
    for name, kind in KINDS.items():
        options = kind.Options
        given: Any = ... if any(field.is_required() for field in options.model_fields.values()) else options()
        fields: dict[str, Any] = {
            "kind": (Literal[name], ...),
            "options": (options, given),
            "terms": (list[kind.Terms], Field(min_length=1)),  # type: ignore[name-defined]  # a class variable
        }
        files[name] = create_model(f"{kind.__name__}File", __base__=KindFile, __doc__=kind.summary, **fields)
    return files


FILES: dict[str, type[CommonFile]] = _files()
"""The keys of a file of each kind of scenario."""


def file_of(kind: object, *, where: str = "kind") -> type[CommonFile]:
    """Return the keys of a kind's file.

    Parameters
    ----------
    kind : object
        As the file names it.
    where : str, optional
        Named in the error.

    Returns
    -------
    type of CommonFile

    Raises
    ------
    UnknownNameError
    """
    if not isinstance(kind, str) or kind not in FILES:
        raise UnknownNameError.of("kind of scenario", kind, FILES, where=where)
    return FILES[kind]


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, for editors.

    Returns
    -------
    dict

    Examples
    --------
    >>> [one["$ref"] for one in json_schema()["anyOf"]][0]
    '#/$defs/ScenarioFile'
    """
    models: list[tuple[type[BaseModel], Literal["validation", "serialization"]]] = [
        (file, "validation") for file in FILES.values()
    ]
    references, schema = models_json_schema(models)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "bargain scenario file, version 1",
        "anyOf": [references[model] for model in models],
        **schema,
    }
