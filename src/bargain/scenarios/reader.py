"""Read scenario files: built-in by name, others by path."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bargain.errors import BargainError, ScenarioError, UnknownNameError, suggestion
from bargain.games.labels import Labels
from bargain.parameters import Distribution, Parameter
from bargain.payoffs.model import PayoffModel
from bargain.payoffs.term import Payoff, Term
from bargain.scenarios.scenario import Coding, Event, Evidence, Focus, Scenario, Setting
from bargain.scenarios.schema import SCHEMA_VERSION, DependenceTable, ScenarioFile, SettingTable, TermTable
from bargain.solvers.subgame_perfect import SubgamePerfect
from bargain.uncertainty.dependence import GaussianCopula
from bargain.uncertainty.marginals import MARGINALS
from bargain.uncertainty.space import Space

__all__ = ["builtin_scenarios", "load_scenario"]

_LARGEST = 5_000_000
"""Largest number of coefficients (players x outcomes x parameters) of a scenario: about 40 MB."""

T = TypeVar("T", bound=BaseModel)

_DATA = resources.files("bargain.scenarios") / "data"


def builtin_scenarios() -> tuple[str, ...]:
    """Return the names of the scenarios that the library ships.

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> import bargain as bg
    >>> "gsomia" in bg.builtin_scenarios()
    True
    """
    return tuple(
        sorted(entry.name.removesuffix(".toml") for entry in _DATA.iterdir() if entry.name.endswith(".toml"))
    )


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    name_or_path : str or path
        The name of a built-in scenario, or the path of a scenario ``.toml``. A string with a path
        separator or the ending ``.toml`` is a path.

    Returns
    -------
    Scenario

    Raises
    ------
    UnknownNameError
        If there is no built-in scenario of that name.
    ScenarioError
        If the file cannot be read; the message names file, table and key, what was given and what was
        expected.

    Examples
    --------
    >>> import bargain as bg
    >>> bg.load_scenario("gsomia").settings[0]
    '2018-08 routine'
    """
    text = str(name_or_path)
    if isinstance(name_or_path, str) and not text.endswith(".toml") and "/" not in text and "\\" not in text:
        if text not in builtin_scenarios():
            raise UnknownNameError.of("scenario", text, builtin_scenarios(), where="load_scenario")
        return _build(_DATA.joinpath(f"{text}.toml").read_bytes(), text)
    path = Path(name_or_path)
    if path.is_dir():
        raise ScenarioError(f"{path}: a scenario file was expected, given a directory")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror or error}") from error
    return _build(content, str(path))


def _build(content: bytes, source: str) -> Scenario:
    tables = _parse(content, source)
    try:
        file = ScenarioFile.model_validate(tables)
    except ValidationError as error:
        raise ScenarioError(_explain(error, tables, source)) from None
    try:
        return _assemble(file, source)
    except ScenarioError:
        raise
    except BargainError as error:
        raise ScenarioError(f"{source}: {error}") from error


def _parse(content: bytes, source: str) -> dict[str, Any]:
    if not content.strip():
        raise ScenarioError(f"{source}: the file is empty; a scenario in TOML was expected")
    try:
        tables = tomllib.loads(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ScenarioError(f"{source}: not a text file in UTF-8: {error}") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ScenarioError(f"{source}: not TOML: {error}") from error
    version = tables.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise ScenarioError(
            f"{source}: schema_version: version {SCHEMA_VERSION} was expected, given {version}: the file"
            " was made for a later release of bargain"
        )
    return tables


def _assemble(file: ScenarioFile, source: str) -> Scenario:
    labels = Labels.of({player.name: [action.name for action in player.actions] for player in file.players})
    if len({player.name for player in file.players}) != len(file.players):
        raise ScenarioError(f"{source}: players: a name appears more than once")
    if len(labels.players) * labels.size * (len(file.terms) + 1) > _LARGEST:
        raise ScenarioError(
            f"{source}: players x outcomes x terms = {len(labels.players)} x {labels.size} x"
            f" {len(file.terms)} exceeds {_LARGEST}; a smaller game was expected"
        )
    evidence = {
        item.id: Evidence(item.id, item.statement, item.kind, item.quality, tuple(item.links), item.note)
        for item in _unique(file.evidence, "id", "evidence", source)
    }
    space = _space(file, source)
    _check_sources(file, evidence)
    model = PayoffModel.of(
        labels,
        _payoffs(file.terms, labels, space, source),
        parameters=space.names,
        symbols={parameter.name: parameter.symbol for parameter in space.parameters if parameter.symbol},
    )
    settings = [
        _setting(table, labels, space, f"{source}: settings[{table.name!r}]")
        for table in _unique(file.settings, "name", "settings", source)
    ]
    known = [setting.name for setting in settings]
    for event in file.chronology:
        if event.setting and event.setting not in known:
            raise UnknownNameError.of(
                "setting", event.setting, known, where=f"chronology[{event.date}].setting"
            )
    titles = {player.name: player.title or player.name for player in file.players}
    for player in file.players:
        titles.update(
            {f"{player.name}.{action.name}": action.title or action.name for action in player.actions}
        )
    return Scenario(
        name=file.name,
        title=file.title,
        question=file.question,
        caution=file.caution,
        model=model,
        space=space,
        kinds={name: table.kind for name, table in file.parameters.items()},
        titles=titles,
        status_quo=tuple(labels.named(file.status_quo).values()) if file.status_quo else None,
        orders=_orders(file, labels, source),
        dated=tuple(sorted(settings, key=lambda setting: (setting.date, setting.name))),
        evidence=evidence,
        chronology=tuple(
            Event(e.date, e.event, tuple(e.actors), e.setting, tuple(e.sources), tuple(e.links), e.certainty)
            for e in sorted(file.chronology, key=lambda event: event.date)
        ),
        focus=_focus(file, labels, space, known),
        source=source,
    )


def _focus(file: ScenarioFile, labels: Labels, space: Space, settings: list[str]) -> Focus:
    for fix in file.focus.interventions:
        labels.hold(fix, where="focus.interventions")
    for table in file.focus.maps:
        if table.setting not in settings:
            raise UnknownNameError.of("setting", table.setting, settings, where="focus.maps.setting")
        for key, name in (("x", table.x), ("y", table.y)):
            if name not in space.names:
                raise UnknownNameError.of("parameter", name, space.names, where=f"focus.maps.{key}")
    maps = tuple((table.setting, table.x, table.y) for table in file.focus.maps)
    return Focus(tuple(dict(fix) for fix in file.focus.interventions), maps)


def _space(file: ScenarioFile, source: str) -> Space:
    parameters = []
    for name, table in file.parameters.items():
        where = f"{source}: parameters.{name}"
        distribution = _distribution(table.distribution, f"{where}.distribution")
        try:
            parameters.append(
                Parameter(name, distribution, table.symbol, table.unit, table.meaning, tuple(table.sources))
            )
        except BargainError as error:
            raise ScenarioError(f"{where}: {error}") from error
    return Space(tuple(parameters), _dependence(file, source))


def _dependence(file: ScenarioFile, source: str) -> GaussianCopula | None:
    pairs: dict[tuple[str, str], float] = {}
    for table in file.dependence:
        where = _pair(table)
        for name in table.parameters:
            if name not in file.parameters:
                raise UnknownNameError.of("parameter", name, file.parameters, where=f"{where}.parameters")
        first, second = sorted(table.parameters)
        if (first, second) in pairs:
            raise ScenarioError(f"{source}: {where}: this pair is given more than once")
        pairs[first, second] = table.rank_correlation
    try:
        return GaussianCopula(pairs) if pairs else None
    except BargainError as error:
        raise ScenarioError(f"{source}: dependence: {error}") from error


def _pair(table: DependenceTable) -> str:
    return f"dependence[{', '.join(map(repr, table.parameters))}]"


def _distribution(table: BaseModel, where: str) -> Distribution:
    content = table.model_dump()
    kind = content.pop("kind")
    try:
        return MARGINALS[kind](**content)
    except BargainError as error:
        raise ScenarioError(f"{where}: {error}") from error


def _payoffs(terms: Iterable[TermTable], labels: Labels, space: Space, source: str) -> dict[str, Payoff]:
    payoffs: dict[str, list[Term]] = {player: [] for player in labels.players}
    for table in _unique(list(terms), "name", "terms", source):
        where = f"terms[{table.name!r}]"
        labels.player(table.player, where=f"{where}.player")
        for name in table.parameters:
            if name not in space.names:
                raise UnknownNameError.of("parameter", name, space.names, where=f"{where}.parameters")
        for player, actions in table.when.items():
            if not actions:
                raise ScenarioError(
                    f"{source}: {where}.when.{player}: one or more actions were expected, given none"
                )
            for action in actions:
                labels.action(player, action, where=f"{where}.when")
        when = tuple(sorted((player, tuple(actions)) for player, actions in table.when.items()))
        payoffs[table.player].append(
            Term(
                table.coefficient, tuple(table.parameters), when, table.name, table.why, tuple(table.sources)
            )
        )
    return {player: Payoff(tuple(terms)) for player, terms in payoffs.items()}


def _setting(table: SettingTable, labels: Labels, space: Space, where: str) -> Setting:
    distributions = {}
    for name, given in table.distributions.items():
        if name not in space.names:
            raise UnknownNameError.of("parameter", name, space.names, where=f"{where}.distributions")
        distributions[name] = _distribution(given, f"{where}.distributions.{name}")
    codings = []
    for coding in table.history:
        try:
            outcome = tuple(labels.named(coding.outcome).values())
        except BargainError as error:
            raise ScenarioError(f"{where}.history[{coding.coding!r}].outcome: {error}") from error
        codings.append(Coding(coding.coding, outcome, coding.note, tuple(coding.sources)))
    if isinstance(table.date, datetime.datetime):
        raise ScenarioError(f"{where}.date: a date such as 2019-11-22 was expected, given {table.date}")
    return Setting(table.name, table.title, table.date, table.role, tuple(codings), distributions, table.note)


def _orders(file: ScenarioFile, labels: Labels, source: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    orders = {}
    for table in _unique(file.orders, "name", "orders", source):
        where = f"{source}: orders[{table.name!r}]"
        try:
            groups = tuple(tuple(group) for group in SubgamePerfect(table.groups).order)
        except BargainError as error:
            raise ScenarioError(f"{where}: {error}") from error
        for group in groups:
            for player in group:
                labels.player(player, where=where)
        orders[table.name] = groups
    return orders


def _check_sources(file: ScenarioFile, evidence: Mapping[str, Evidence]) -> None:
    cited: list[tuple[str, list[str]]] = [
        *((f"parameters.{name}", table.sources) for name, table in file.parameters.items()),
        *((_pair(table), table.sources) for table in file.dependence),
        *((f"terms[{table.name!r}]", table.sources) for table in file.terms),
        *(
            (f"settings[{s.name!r}].history[{c.coding!r}]", c.sources)
            for s in file.settings
            for c in s.history
        ),
        *((f"chronology[{event.date}]", event.sources) for event in file.chronology),
    ]
    for where, sources in cited:
        for item in sources:
            if item not in evidence:
                raise UnknownNameError.of("source", item, evidence, where=f"{where}.sources")


def _unique(tables: list[T], key: str, where: str, source: str) -> list[T]:
    seen: set[str] = set()
    for table in tables:
        name = getattr(table, key)
        if not name:
            raise ScenarioError(f"{source}: {where}: {key}: a non-empty name was expected")
        if name in seen:
            raise ScenarioError(f"{source}: {where}: {key} {name!r} appears more than once")
        seen.add(name)
    return tables


def _explain(error: ValidationError, tables: Mapping[str, Any], source: str) -> str:
    """Say for each mistake where it stands, what was given and what was expected."""
    lines = []
    for mistake in error.errors(include_url=False)[:10]:
        where = _place(mistake["loc"], tables)
        kind, given = mistake["type"], mistake["input"]
        if kind == "extra_forbidden":
            name = str(mistake["loc"][-1])
            lines.append(f"{source}: {where}: unknown key;{suggestion(name, _known_keys(mistake['loc']))}")
        elif kind == "missing":
            lines.append(f"{source}: {where}: this key is missing")
        else:
            shown = repr(given) if len(repr(given)) <= 80 else repr(given)[:77] + "..."
            lines.append(f"{source}: {where}: {mistake['msg'][0].lower()}{mistake['msg'][1:]}, given {shown}")
    return "\n".join(lines)


def _place(loc: tuple[int | str, ...], tables: Any) -> str:
    """Render a path such as ``settings['2019-11 deadline'].distributions.finality.low``."""
    text, here = "", tables
    for step in loc:
        if isinstance(step, int):
            here = here[step] if isinstance(here, list) and step < len(here) else None
            name = (
                next((here[key] for key in ("name", "id", "coding", "date") if key in here), step)
                if isinstance(here, dict)
                else step
            )
            text += f"[{name!r}]"
        elif isinstance(here, dict) and step in here:
            here = here[step]
            text += f".{step}" if text else step
        elif step in MARGINALS and isinstance(here, dict) and here.get("kind") == step:
            continue  # pydantic's tag of a distribution, no key of the file
        else:
            text += f".{step}" if text else str(step)
            here = None
    return text


def _known_keys(loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys of the table in which an unknown key was found."""
    table: Any = ScenarioFile
    for step in loc[:-1]:
        if isinstance(step, str) and step in MARGINALS:
            return ["kind", *MARGINALS[step].__dataclass_fields__]
        if (
            isinstance(step, str)
            and isinstance(table, type)
            and issubclass(table, BaseModel)
            and step in table.model_fields
        ):
            table = _innermost(table.model_fields[step].annotation)
    return list(table.model_fields) if isinstance(table, type) and issubclass(table, BaseModel) else []


def _innermost(annotation: Any) -> Any:
    while getattr(annotation, "__args__", None):
        annotation = annotation.__args__[-1]
    return annotation
