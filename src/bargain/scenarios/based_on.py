"""A scenario that is based on another: the same dispute, read as another game."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bargain.errors import ScenarioError

__all__ = ["merged"]


def merged(own: Mapping[str, Any], base: Mapping[str, Any], source: str) -> dict[str, Any]:
    """Complete the tables of a file by those of the scenario that it is based on.

    Taken over are: parameters that the file's terms name, dependence between such parameters, and evidence,
    each unless the file has one of the same name; the chronology, unless the file has one; and of settings of
    the same name the distributions of parameters that are there. Everything else is the file's own.

    Parameters
    ----------
    own, base : mapping
        As parsed from TOML; wrong shapes are left for the schema to complain of.
    source : str
        Where the file came from, for messages.

    Returns
    -------
    dict

    Raises
    ------
    ScenarioError
        If the other scenario is itself based on a third one.

    Examples
    --------
    >>> base = {"parameters": {"cost": {"unit": "util"}, "gain": {"unit": "util"}}}
    >>> merged({"terms": [{"parameters": ["cost"]}]}, base, "example")
    {'terms': [{'parameters': ['cost']}], 'parameters': {'cost': {'unit': 'util'}}}
    """
    if base.get("based_on"):
        raise ScenarioError(
            f"{source}: based_on: a scenario that stands on its own was expected; {base.get('name')!r} is"
            f" based on {base['based_on']!r}"
        )
    result = dict(own)
    named = {name for term in _tables(own, "terms") for name in _names(term.get("parameters"))}
    given = own.get("parameters", {})
    if isinstance(given, dict):
        inherited = base.get("parameters", {})
        used = {name: table for name, table in inherited.items() if name in named and name not in given}
        result["parameters"] = {**used, **given}
    known = _names(result.get("parameters"))
    pairs = [_names(table.get("parameters")) for table in _tables(own, "dependence")]
    linked = [
        table
        for table in _tables(base, "dependence")
        if known >= _names(table["parameters"]) and _names(table["parameters"]) not in pairs
    ]
    ids = [table.get("id") for table in _tables(own, "evidence")]
    evidence = [table for table in _tables(base, "evidence") if table["id"] not in ids]
    for key, tables in (("dependence", linked), ("evidence", evidence)):
        if tables and isinstance(own.get(key, []), list):
            result[key] = [*tables, *own.get(key, [])]
    if isinstance(own.get("settings"), list):
        theirs = _tables(base, "settings")
        result["settings"] = [_completed(table, theirs, known) for table in own["settings"]]
    if "chronology" not in own and "chronology" in base:
        names = [table.get("name") for table in _tables(own, "settings")]
        result["chronology"] = [
            {key: value for key, value in event.items() if key != "setting" or value in names}
            for event in base["chronology"]
        ]
    return result


def _tables(of: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return an array of tables, leaving out what is none."""
    value = of.get(key, [])
    return [table for table in value if isinstance(table, dict)] if isinstance(value, list) else []


def _names(value: object) -> set[str]:
    """Return the strings among keys or items, leaving out what is none."""
    return {name for name in value if isinstance(name, str)} if isinstance(value, list | dict) else set()


def _completed(setting: Any, others: list[dict[str, Any]], known: set[str]) -> Any:
    """Add the distributions of the setting of the same name, of parameters that are there."""
    if not isinstance(setting, dict) or not isinstance(own := setting.get("distributions", {}), dict):
        return setting
    same = [one for one in others if one["name"] == setting.get("name")]
    theirs: dict[str, Any] = same[0].get("distributions", {}) if same else {}
    taken = {name: table for name, table in theirs.items() if name in known}
    return {**setting, "distributions": {**taken, **own}} if taken else setting
