"""The tables of a scenario file that all kinds of scenario share, as pydantic reads them.

Only shape and type are checked here; what the names refer to is checked by `bargain.scenarios.reader`.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, create_model

from bargain.uncertainty.marginals import MARGINALS

__all__ = ["CommonFile", "DependenceTable", "OrderTable", "PartyTable", "PlayerTable", "QuantityTermTable",
           "SettingTable", "Table", "TermTable"]  # fmt: skip


class Table(BaseModel):
    """What every table of a scenario file is: strict, and without keys that are not known."""

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
        tables.append(create_model(f"{marginal.__name__}Distribution", __base__=Table, **fields))
    return Annotated[Union[tuple(tables)], Field(discriminator="kind")]  # noqa: UP007 - built at run time


DistributionTable = _distribution_tables()


class ActionTable(Table):
    """An action: its name, and what it stands for."""

    name: str
    title: str = ""


class PlayerTable(Table):
    """A player and its actions."""

    name: str
    title: str = ""
    actions: list[ActionTable] = Field(min_length=1)


class PartyTable(Table):
    """A player of a game that is no payoff table; actions are those that terms may name."""

    name: str
    title: str = ""
    actions: list[ActionTable] = []


class ParameterTable(Table):
    """A parameter with its distribution where no setting says otherwise."""

    symbol: str = ""
    meaning: str
    unit: str
    kind: Literal["structural", "dated"] = "structural"
    distribution: DistributionTable  # type: ignore[valid-type]  # built from the marginals
    sources: list[str] = []


class DependenceTable(Table):
    """Two parameters that rise together, or one as the other falls, in every setting."""

    parameters: list[str] = Field(min_length=2, max_length=2)
    rank_correlation: float
    why: str
    sources: list[str] = []


class TermTable(Table):
    """A payoff term: coefficient x parameters, when players act so."""

    name: str
    player: str
    coefficient: float
    parameters: list[str] = []
    when: dict[str, list[str]] = {}
    why: str
    sources: list[str] = []


class QuantityTermTable(Table):
    """A term of a quantity of the game: coefficient x parameters, when players act so."""

    name: str
    quantity: str
    coefficient: float
    parameters: list[str] = []
    when: dict[str, list[str]] = {}
    why: str
    sources: list[str] = []


class OrderTable(Table):
    """An order of moves: groups that move at the same time, first mover first."""

    name: str
    groups: list[list[str]] = Field(min_length=1)


class CodingTable(Table):
    """What happened, as an outcome; the first coding of a setting is the one compared with by default."""

    coding: str
    outcome: dict[str, str]
    note: str = ""
    sources: list[str] = []


class SettingTable(Table):
    """A dated setting: the parameters that differ there, and what happened."""

    name: str
    date: datetime.date
    title: str
    role: Literal["fitted", "hold-out", "forecast"]
    note: str = ""
    history: list[CodingTable] = []
    distributions: dict[str, DistributionTable] = {}  # type: ignore[valid-type]  # built from the marginals


class EvidenceTable(Table):
    """A statement that a number or a term rests on."""

    id: str
    statement: str
    kind: str
    quality: str
    links: list[str] = []
    note: str = ""


class EventTable(Table):
    """An event of the chronology; the date may be a year and month only."""

    date: str = Field(pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$")
    event: str
    actors: list[str] = []
    setting: str = ""
    sources: list[str] = []
    links: list[str] = []
    certainty: str = ""


class MapTable(Table):
    """A regime map: two parameters at a setting."""

    setting: str
    x: str
    y: str


class FocusTable(Table):
    """What a report looks at besides the settings themselves."""

    interventions: list[dict[str, str]] = []
    maps: list[MapTable] = []


class CommonFile(Table):
    """What all kinds of scenario have."""

    schema_version: Literal[1]
    name: str
    title: str
    question: str = ""
    caution: str = ""
    based_on: str = ""
    parameters: dict[str, ParameterTable] = {}
    dependence: list[DependenceTable] = []
    settings: list[SettingTable] = []
    evidence: list[EvidenceTable] = []
    chronology: list[EventTable] = []
    focus: FocusTable = FocusTable()
