"""``bargain scenarios``: which scenarios there are."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from bargain.cli.console import console
from bargain.cli.console import table as new_table
from bargain.scenarios.reader import builtin_scenarios, load_scenario
from bargain.scenarios.schema import json_schema

__all__ = ["scenarios"]


def scenarios(
    *,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of a scenario file.")
    ] = False,
) -> None:
    """List the built-in scenarios, or print the schema of a scenario file."""
    if schema:
        typer.echo(json.dumps(json_schema(), indent=2))
        return
    rows = new_table("scenario", "kind", "what it is", "players", "settings", title="Built-in scenarios")
    for name in builtin_scenarios():
        scenario = load_scenario(name)
        players = ", ".join(scenario.players)
        rows.add_row(name, scenario.kind, scenario.title, players, "\n".join(scenario.settings))
    console().print(rows)
