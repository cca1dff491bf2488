"""The `bargain` command: collects the verbs, and turns deliberate errors into one line and exit code 2."""

from __future__ import annotations

import pkgutil
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from bargain.errors import BargainError

__all__ = ["VERBS", "app", "main", "verb"]

VERBS = {
    "scenarios": "List the built-in scenarios, or print the schema of a scenario file.",
    "show": "Show a scenario: its players, parameters, payoffs in symbols, terms, evidence or chronology.",
    "solve": "Find the equilibria of a scenario at the modal values of its parameters.",
    "sweep": "Sweep the uncertain parameters; with --fix or --set, also show what changes, draw by draw.",
    "sensitivity": "Show where single parameters flip the outcome, and the smallest joint change that does.",
    "report": "Report what the model says at each dated setting, how sure that is, and what would change it.",
    "cite": "Print the references of the methods that a scenario's report uses, and its evidence.",
}
"""What each verb does, as its function says: help is printed without importing half the library."""


class _Verbs(TyperGroup):
    """The verbs by their descriptions; the one that is called is imported then."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and verb(str(name)), rest


def verb(name: str) -> Any:
    """Import a verb.

    Parameters
    ----------
    name : str
        One of `VERBS`.

    Returns
    -------
    click.Command
        With its arguments and options.
    """
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(name)(pkgutil.resolve_name(f"bargain.cli.{name}:{name}"))
    return typer.main.get_command(alone)


app = typer.Typer(
    cls=_Verbs,
    name="bargain",
    help="Games between governments whose payoffs are uncertain: equilibria, sweeps, policy sensitivity.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _name, _help in VERBS.items():
    app.command(_name, help=_help)(lambda: None)


def main() -> None:
    """Run the command line."""
    try:
        app()
    except BargainError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(2)
