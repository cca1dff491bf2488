"""Pages that follow from the library's own tables, written before each build of the site.

The reference of the interface follows `bargain.__all__`, the table of solvers the catalogue of solvers, the
scenario file its schema, and the command line its options: a new name appears without anybody writing a page.
"""  # noqa: INP001 - a script beside the pages, no package

import dataclasses
import enum
import importlib
import inspect
import re
import types
import typing
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

import bargain
from bargain.cli.main import VERBS, verb
from bargain.scenarios.kinds.catalogue import KINDS
from bargain.scenarios.kinds.kind import NoOptions
from bargain.scenarios.schema import ScenarioFile
from bargain.solvers.catalogue import GAME_SOLVERS, SOLVERS
from bargain.solvers.solution import Status, games_of
from bargain.uncertainty.marginals import MARGINALS

NOUNS = {
    "games": "Games",
    "payoffs": "Payoffs",
    "uncertainty": "Uncertainty",
    "scenarios": "Scenarios",
    "solvers": "Solvers and solutions",
    "sweep": "Sweeps",
    "sensitivity": "Sensitivity",
    "calibration": "Calibration",
    "references": "References",
    "plots": "Plots",
    "io": "Files of other programs",
    "report": "Reports",
    "errors": "Errors",
}
"""Headings by package, in reading order; a package that is not listed follows under its own name."""

JOINED = {"parameters": "uncertainty"}
"""Modules that are read together with a package."""


def write(folder: Path) -> None:
    """Write all pages into a folder, leaving files alone that would not change."""
    pages = {"solvers.inc.rst": _solvers(), "statuses.inc.rst": _statuses()}
    pages |= {"distributions.inc.rst": _distributions(), "scenario-file.inc.rst": _scenario_file()}
    pages |= {"command-line.inc.rst": _command_line(), "kinds.inc.rst": _kinds()}
    pages |= {"game-solvers.inc.rst": _game_solvers()}
    api = dict(_api())
    entries = "".join(f"   /generated/api/{noun}\n" for noun in api)
    pages |= {"api.inc.rst": f".. toctree::\n   :maxdepth: 2\n\n{entries}"}
    pages |= {f"api/{noun}.rst": text for noun, text in api.items()}
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    for stale in set(folder.rglob("*.rst")) - {folder / name for name in pages}:
        stale.unlink()


def _api() -> Iterator[tuple[str, str]]:
    """Yield one page per noun with all of its public names."""
    by_noun: dict[str, list[str]] = {}
    for name in bargain.__all__:
        by_noun.setdefault(_noun(name), []).append(name)
    order = [*NOUNS, *sorted(set(by_noun) - set(NOUNS))]
    for noun in sorted(by_noun, key=order.index):
        body = "\n".join(_entry(name) for name in by_noun[noun])
        intro = _first_line(importlib.import_module(f"bargain.{noun}"))
        head = f"{_heading(NOUNS.get(noun, noun.title()), '=')}\n{intro}\n\n.. currentmodule:: bargain\n"
        yield noun, f"{head}\n{body}"


def _noun(name: str) -> str:
    value = getattr(bargain, name)
    module = value.__name__ if isinstance(value, types.ModuleType) else value.__module__
    package = module.split(".")[1]
    return JOINED.get(package, package)


def _entry(name: str) -> str:
    value = getattr(bargain, name)
    if isinstance(value, types.ModuleType):
        return f".. automodule:: bargain.{name}\n   :members:\n   :show-inheritance:\n"
    if not inspect.isclass(value):
        return f".. autofunction:: {name}\n"
    undocumented = "   :undoc-members:\n" if issubclass(value, enum.Enum) else ""
    return f".. autoclass:: {name}\n   :members:\n{undocumented}"


def _solvers() -> str:
    rows = [("Name", "Class", "Finds", "Options")]
    for name, solver in SOLVERS.items():
        options = ", ".join(f"``{field.name}``" for field in dataclasses.fields(solver)) or "none"
        rows.append((f"``{name}``", _linked(solver.__name__), _first_line(solver), options))
    return _table(rows, "18 20 42 20")


def _game_solvers() -> str:
    rows = [("Name", "Class", "Games", "Finds")]
    for name, solver in GAME_SOLVERS.items():
        games = ", ".join(_linked(game.__name__) for game in games_of(solver))
        rows.append((f"``{name}``", _linked(solver.__name__), games, _first_line(solver)))
    return _table(rows, "22 22 22 34")


def _statuses() -> str:
    return _table([("Status", "Meaning"), *((f"``{s.name}``", s.sentence) for s in Status)], "20 80")


def _distributions() -> str:
    rows = [("``kind``", "Keys", "In Python", "What it says")]
    for kind, marginal in MARGINALS.items():
        keys = ", ".join(f"``{field.name}``{_optional(field)}" for field in dataclasses.fields(marginal))
        rows.append((f"``{kind}``", keys, _linked(marginal.__name__), _first_line(marginal)))
    return _table(rows, "18 28 20 34")


def _optional(field: "dataclasses.Field[Any]") -> str:
    return "" if field.default is dataclasses.MISSING else f" ({field.default!r})"


def _scenario_file() -> str:
    """Describe every table of a scenario file, the whole file first."""
    return "\n".join(_keys(path, table) for path, table in _tables("", ScenarioFile))


def _kinds() -> str:
    """Describe what the kinds of scenario have of their own."""
    rows = [("``kind``", "What is played", "Solvers")]
    texts = []
    for name, kind in KINDS.items():
        solvers = ", ".join(_linked(solver.__name__) for solver in kind.solvers)
        rows.append((f"``{name}``", kind.summary, solvers))
        if kind.Options is not NoOptions:
            texts.extend(
                _keys(path, table, f"Kind ``{name}``: ") for path, table in _tables("[options]", kind.Options)
            )
        texts.append(_keys("[[terms]]", kind.Terms, f"Kind ``{name}``: "))
    return "\n".join([_table(rows, "16 50 34"), *texts])


def _tables(path: str, table: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    yield path, table
    for name, field in table.model_fields.items():
        inner, shape = _inner(field.annotation)
        if inner is not None and not inner.__name__.endswith("Distribution"):
            bracket = "[[{}]]" if shape is list else "[{}]"
            place = ".".join(filter(None, [path.strip("[]"), name + (".NAME" if shape is dict else "")]))
            yield from _tables(bracket.format(place), inner)


def _inner(annotation: Any) -> tuple[type[BaseModel] | None, Any]:
    """Return the table that an annotation holds, if any, and what holds it."""
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return annotation, None
    shape = typing.get_origin(annotation)
    for argument in typing.get_args(annotation):
        found, _ = _inner(argument)
        if found is not None:
            return found, shape
    return None, None


def _keys(path: str, table: type[BaseModel], before: str = "") -> str:
    rows = [("Key", "Holds", "If left out")]
    for name, field in table.model_fields.items():
        default = "must be there" if field.is_required() else _default(field.default)
        rows.append((f"``{name}``", _holds(field.annotation), default))
    title = f"{before}``{path}``" if path else "The whole file"
    return f"{_heading(title, '-')}\n{_first_line(table)}\n\n{_table(rows, '24 52 24')}\n"


def _default(value: object) -> str:
    empty = value is PydanticUndefined or isinstance(value, BaseModel) or value in ("", [], {})
    return "empty" if empty else f"``{value}``"


def _holds(annotation: Any) -> str:
    inner, shape = _inner(annotation)
    if inner is not None and inner.__name__.endswith("Distribution"):
        many = "distributions by parameter name" if shape is dict else "a distribution"
        return f"{many}, see below"
    if inner is not None:
        return {list: "tables, one for each", dict: "tables, by name", None: "a table"}[shape]
    if typing.get_origin(annotation) is typing.Literal:
        return " or ".join(f"``{value!r}``".replace("'", '"') for value in typing.get_args(annotation))
    text = str(annotation) if typing.get_args(annotation) else annotation.__name__
    for old, new in _WORDS:
        text = re.sub(old, new, text)
    return text


_WORDS = (
    (r"dict\[str, list\[str\]\]", "lists of strings, by player"),
    (r"list\[dict\[str, str\]\]", "tables of strings, by player"),
    (r"dict\[str, str\]", "strings, by player"),
    (r"list\[list\[str\]\]", "lists of lists of strings"),
    (r"list\[str\]", "a list of strings"),
    (r"\bdatetime\.date\b|\bdate\b", "a date, such as 2019-11-22"),
    (r"\bstr\b", "a string"),
    (r"\bfloat\b", "a number"),
)


def _command_line() -> str:
    """Describe every verb with its arguments and options."""
    texts = []
    for name in VERBS:
        command = verb(name)
        rows = [("Argument or option", "Meaning", "Default")]
        for parameter in command.params:
            argument = parameter.param_type_name == "argument"
            shown = parameter.name.upper() if argument else ", ".join(parameter.opts)
            default = "must be there" if parameter.required else _shown(parameter.default)
            rows.append((f"``{shown}``", _escaped(getattr(parameter, "help", "")), default))
        heading = _heading(f"``bargain {name}``", "-")
        texts.append(f"{heading}\n{_escaped(command.help)}\n\n{_table(rows, '24 56 20')}\n")
    return "\n".join(texts)


def _shown(default: object) -> str:
    if default is None or default is False or "UNSET" in str(default).upper():
        return ""
    return f"``{getattr(default, 'value', default)}``"


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("--", r"\-\-").replace("*", r"\*")


def _linked(name: str) -> str:
    return f":class:`~bargain.{name}`" if name in bargain.__all__ else f"``{name}``"


def _first_line(value: object) -> str:
    return (inspect.getdoc(value) or "").partition("\n\n")[0].replace("\n", " ")


def _heading(text: str, line: str) -> str:
    return f"{text}\n{line * len(text)}\n"


def _table(rows: Iterable[tuple[str, ...]], widths: str) -> str:
    lines = [".. list-table::", "   :header-rows: 1", f"   :widths: {widths}", ""]
    for row in rows:
        lines += [f"   {'* -' if not place else '  -'} {cell}".rstrip() for place, cell in enumerate(row)]
    return "\n".join(lines) + "\n"
