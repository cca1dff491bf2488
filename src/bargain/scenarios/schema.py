"""The scenario file, version 1: tables and keys as pydantic reads them.

Only shape and type are checked here; what the names refer to is checked by `bargain.scenarios.reader`.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, create_model

from bargain.uncertainty.marginals import MARGINALS

__all__ = ["SCHEMA_VERSION", "ScenarioFile", "json_schema"]

SCHEMA_VERSION = 1


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _distribution_tables() -> Any:
    """Build one table per marginal from its fields, told apart by ``kind``."""
    tables = []
    for kind, marginal in MARGINALS.items():
        hints = typing.get_type_hints(marginal)
        fields: dict[str, Any] = {"kind": (Literal[kind], ...)}
        for field in dataclasses.fields(marginal):
            given = float if hints[field.name] is float else list[float]
            default: Any = ... if field.default is dataclasses.MISSING else field.default
            fields[field.name] = (given, list(default) if isinstance(default, tuple) else default)
        tables.append(create_model(f"{marginal.__name__}Distribution", __base__=_Table, **fields))
    return Annotated[Union[tuple(tables)], Field(discriminator="kind")]  # noqa: UP007 - built at run time


DistributionTable = _distribution_tables()


class ActionTable(_Table):
    """An action: its name, and what it stands for."""

    name: str
    title: str = ""


class PlayerTable(_Table):
    """A player and its actions."""

    name: str
    title: str = ""
    actions: list[ActionTable] = Field(min_length=1)


class ParameterTable(_Table):
    """A parameter with its distribution where no setting says otherwise."""

    symbol: str = ""
    meaning: str
    unit: str
    kind: Literal["structural", "dated"] = "structural"
    distribution: DistributionTable  # type: ignore[valid-type]  # built from the marginals
    sources: list[str] = []


class DependenceTable(_Table):
    """Two parameters that rise together, or one as the other falls, in every setting."""

    parameters: list[str] = Field(min_length=2, max_length=2)
    rank_correlation: float
    why: str
    sources: list[str] = []


class TermTable(_Table):
    """A payoff term: coefficient x parameters, when players act so."""

    name: str
    player: str
    coefficient: float
    parameters: list[str] = []
    when: dict[str, list[str]] = {}
    why: str
    sources: list[str] = []


class OrderTable(_Table):
    """An order of moves: groups that move at the same time, first mover first."""

    name: str
    groups: list[list[str]] = Field(min_length=1)


class CodingTable(_Table):
    """What happened, as an outcome; the first coding of a setting is the one compared with by default."""

    coding: str
    outcome: dict[str, str]
    note: str = ""
    sources: list[str] = []


class SettingTable(_Table):
    """A dated setting: the parameters that differ there, and what happened."""

    name: str
    date: datetime.date
    title: str
    role: Literal["fitted", "hold-out", "forecast"]
    note: str = ""
    history: list[CodingTable] = []
    distributions: dict[str, DistributionTable] = {}  # type: ignore[valid-type]  # built from the marginals


class EvidenceTable(_Table):
    """A statement that a number or a term rests on."""

    id: str
    statement: str
    kind: str
    quality: str
    links: list[str] = []
    note: str = ""


class EventTable(_Table):
    """An event of the chronology; the date may be a year and month only."""

    date: str = Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")
    event: str
    actors: list[str] = []
    setting: str = ""
    sources: list[str] = []
    links: list[str] = []
    certainty: str = ""


class MapTable(_Table):
    """A regime map: two parameters at a setting."""

    setting: str
    x: str
    y: str


class FocusTable(_Table):
    """What a report looks at besides the settings themselves."""

    interventions: list[dict[str, str]] = []
    maps: list[MapTable] = []


class ScenarioFile(_Table):
    """A whole scenario file."""

    schema_version: Literal[1]
    name: str
    title: str
    question: str = ""
    caution: str = ""
    players: list[PlayerTable] = Field(min_length=1)
    status_quo: dict[str, str] = {}
    parameters: dict[str, ParameterTable] = {}
    dependence: list[DependenceTable] = []
    terms: list[TermTable] = Field(min_length=1)
    orders: list[OrderTable] = []
    settings: list[SettingTable] = Field(min_length=1)
    evidence: list[EvidenceTable] = []
    chronology: list[EventTable] = []
    focus: FocusTable = FocusTable()


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scenario file, for editors.

    Returns
    -------
    dict

    Examples
    --------
    >>> sorted(json_schema()["required"])
    ['name', 'players', 'schema_version', 'settings', 'terms', 'title']
    """
    schema = ScenarioFile.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "bargain scenario file, version 1"
    return schema
