"""``bargain cite``: the references of what a scenario's report uses."""

from __future__ import annotations

from typing import Annotated

import typer

from bargain.references.cite import cite as citations
from bargain.report.methods import methods
from bargain.scenarios.reader import load_scenario

__all__ = ["cite"]


def cite(
    scenario: Annotated[str, typer.Argument(help="A built-in name, or the path of a scenario .toml.")],
) -> None:
    """Print the references of the methods that a scenario's report uses, and its evidence."""
    loaded = load_scenario(scenario)
    typer.echo(str(citations(loaded, *methods(loaded))))
