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
from bargain.scenarios.based_on import merged
from bargain.scenarios.kinds.catalogue import KINDS
from bargain.scenarios.kinds.model import KindModel
from bargain.scenarios.scenario import Coding, Event, Evidence, Focus, Scenario, Setting
from bargain.scenarios.schema import NORMAL_FORM, SCHEMA_VERSION, KindFile, ScenarioFile, file_of
from bargain.scenarios.tables import CommonFile, DependenceTable, PartyTable, SettingTable, TermTable
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
        return _build(_builtin(text), text)
    path = Path(name_or_path)
    if path.is_dir():
        raise ScenarioError(f"{path}: a scenario file was expected, given a directory")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror or error}") from error
    return _build(content, str(path), path.parent)


def _builtin(name: str) -> bytes:
    return _DATA.joinpath(f"{name}.toml").read_bytes()


def _build(content: bytes, source: str, folder: Path | None = None) -> Scenario:
    tables = _parse(content, source)
    try:
        if tables.get("based_on"):
            tables = merged(tables, _base(tables["based_on"], source, folder), source)
        return _assemble(_validated(tables, source), source)
    except BargainError as error:
        if isinstance(error, ScenarioError) and str(error).startswith(f"{source}: "):
            raise
        raise ScenarioError(f"{source}: {error}") from error  # who checks a part does not know the file


def _validated(tables: dict[str, Any], source: str) -> CommonFile:
    kind = file_of(tables.get("kind", NORMAL_FORM))
    try:
        return kind.model_validate(tables)
    except ValidationError as error:
        raise ScenarioError(_explain(error, tables, source)) from None


def _base(name: object, source: str, folder: Path | None) -> dict[str, Any]:
    """Read the tables of the scenario that a file is based on: a built-in one, or a file beside it."""
    where = f"{source}: based_on"
    if not isinstance(name, str) or "/" in name or "\\" in name:
        raise ScenarioError(
            f"{where}: the name of a built-in scenario or of a file in the same folder, such as"
            f" 'gsomia' or 'other.toml', was expected, given {name!r}"
        )
    if not name.endswith(".toml"):
        if name not in builtin_scenarios():
            raise UnknownNameError.of("scenario", name, builtin_scenarios(), where="based_on")
        return _parse(_builtin(name), name)
    try:
        content = (folder or Path()).joinpath(name).read_bytes()
    except OSError as error:
        raise ScenarioError(f"{where}: {name}: cannot be read: {error.strerror or error}") from error
    tables = _parse(content, name)
    _validated(tables, name)
    return tables


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


def _assemble(file: CommonFile, source: str) -> Scenario:
    evidence = {
        item.id: Evidence(item.id, item.statement, item.kind, item.quality, tuple(item.links), item.note)
        for item in _unique(file.evidence, "id", "evidence", source)
    }
    space = _space(file, source)
    _check_sources(file, evidence)
    parties = _parties(file, source)
    titles = {name: party.title or name for name, party in parties.items()}
    for name, party in parties.items():
        titles.update({f"{name}.{action.name}": action.title or action.name for action in party.actions})
    model = (
        _payoff_model(file, parties, space, source)
        if isinstance(file, ScenarioFile)
        else _kind_model(file, parties, space, source)
    )
    happenings = model.labels if isinstance(model, PayoffModel) else model.kind.happenings
    settings = [
        _setting(table, happenings, space, f"{source}: settings[{table.name!r}]")
        for table in _unique(file.settings, "name", "settings", source)
    ]
    if not settings:
        raise ScenarioError(f"{source}: settings: one or more were expected, given none")
    known = [setting.name for setting in settings]
    for event in file.chronology:
        if event.setting and event.setting not in known:
            raise UnknownNameError.of(
                "setting", event.setting, known, where=f"chronology[{event.date}].setting"
            )
    status_quo = file.status_quo if isinstance(file, ScenarioFile) else {}
    return Scenario(
        name=file.name,
        title=file.title,
        question=file.question,
        caution=file.caution,
        game_model=model,
        players=tuple(parties),
        space=space,
        kinds={name: table.kind for name, table in file.parameters.items()},
        titles=titles,
        status_quo=tuple(model.labels.named(status_quo).values()) if status_quo else None,
        orders=_orders(file, model.labels, source) if isinstance(file, ScenarioFile) else {},
        dated=tuple(sorted(settings, key=lambda setting: (setting.date, setting.name))),
        evidence=evidence,
        chronology=tuple(
            Event(e.date, e.event, tuple(e.actors), e.setting, tuple(e.sources), tuple(e.links), e.certainty)
            for e in sorted(file.chronology, key=lambda event: event.date)
        ),
        focus=_focus(file, model, space, known),
        source=source,
    )


def _parties(file: CommonFile, source: str) -> dict[str, PartyTable]:
    players = file.players if isinstance(file, ScenarioFile | KindFile) else []
    if len({player.name for player in players}) != len(players):
        raise ScenarioError(f"{source}: players: a name appears more than once")
    return {player.name: PartyTable(**dict(player)) for player in players}


def _payoff_model(
    file: ScenarioFile, parties: Mapping[str, PartyTable], space: Space, source: str
) -> PayoffModel:
    labels = Labels.of({name: [action.name for action in party.actions] for name, party in parties.items()})
    if len(labels.players) * labels.size * (len(file.terms) + 1) > _LARGEST:
        raise ScenarioError(
            f"{source}: players x outcomes x terms = {len(labels.players)} x {labels.size} x"
            f" {len(file.terms)} exceeds {_LARGEST}; a smaller game was expected"
        )
    return PayoffModel.of(
        labels, _payoffs(file.terms, labels, space, source), parameters=space.names, symbols=_symbols(space)
    )


def _kind_model(file: CommonFile, parties: Mapping[str, PartyTable], space: Space, source: str) -> KindModel:
    assert isinstance(file, KindFile)  # noqa: S101 - the two there are
    actions = {name: tuple(action.name for action in party.actions) for name, party in parties.items()}
    kind = KINDS[file.kind](file.options, actions)
    kind.check()
    terms = []
    for table in _unique(file.terms, "name", "terms", source):
        where = f"terms[{table.name!r}]"
        for name in table.parameters:
            if name not in space.names:
                raise UnknownNameError.of("parameter", name, space.names, where=f"{where}.parameters")
        terms.append(kind.term(table, where))
    return KindModel.of(kind, terms, parameters=space.names, symbols=_symbols(space))


def _symbols(space: Space) -> dict[str, str]:
    return {parameter.name: parameter.symbol for parameter in space.parameters if parameter.symbol}


def _focus(file: CommonFile, model: PayoffModel | KindModel, space: Space, settings: list[str]) -> Focus:
    for fix in file.focus.interventions:
        if isinstance(model, PayoffModel):
            model.labels.hold(fix, where="focus.interventions")
        else:
            model.kind.hold(fix)
    if file.focus.maps and not isinstance(model, PayoffModel):
        raise ScenarioError(f"focus.maps: only scenarios of kind {NORMAL_FORM!r} have regime maps")
    for table in file.focus.maps:
        if table.setting not in settings:
            raise UnknownNameError.of("setting", table.setting, settings, where="focus.maps.setting")
        for key, name in (("x", table.x), ("y", table.y)):
            if name not in space.names:
                raise UnknownNameError.of("parameter", name, space.names, where=f"focus.maps.{key}")
    maps = tuple((table.setting, table.x, table.y) for table in file.focus.maps)
    return Focus(tuple(dict(fix) for fix in file.focus.interventions), maps)


def _space(file: CommonFile, source: str) -> Space:
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


def _dependence(file: CommonFile, source: str) -> GaussianCopula | None:
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


def _check_sources(file: CommonFile, evidence: Mapping[str, Evidence]) -> None:
    cited: list[tuple[str, list[str]]] = [
        *((f"parameters.{name}", table.sources) for name, table in file.parameters.items()),
        *((_pair(table), table.sources) for table in file.dependence),
        *((f"terms[{table.name!r}]", table.sources) for table in _terms(file)),
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


def _terms(file: CommonFile) -> list[Any]:
    return list(file.terms) if isinstance(file, ScenarioFile | KindFile) else []


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
    lines, file = [], file_of(tables.get("kind", NORMAL_FORM))
    for mistake in error.errors(include_url=False)[:10]:
        where = _place(mistake["loc"], tables)
        kind, given = mistake["type"], mistake["input"]
        if kind == "extra_forbidden":
            name = str(mistake["loc"][-1])
            lines.append(
                f"{source}: {where}: unknown key;{suggestion(name, _known_keys(mistake['loc'], file))}"
            )
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


def _known_keys(loc: tuple[int | str, ...], file: type[CommonFile]) -> list[str]:
    """Return the keys of the table in which an unknown key was found."""
    table: Any = file
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
