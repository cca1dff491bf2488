"""The `bargain` command: collects the verbs, and turns deliberate errors into one line and exit code 2."""

from __future__ import annotations

import sys

import typer

from bargain.cli.cite import cite
from bargain.cli.report import report
from bargain.cli.scenarios import scenarios
from bargain.cli.sensitivity import sensitivity
from bargain.cli.show import show
from bargain.cli.solve import solve
from bargain.cli.sweep import sweep
from bargain.errors import BargainError

__all__ = ["app", "main"]

app = typer.Typer(
    name="bargain",
    help="Games between governments whose payoffs are uncertain: equilibria, sweeps, policy sensitivity.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for verb in (scenarios, show, solve, sweep, sensitivity, report, cite):
    app.command()(verb)


def main() -> None:
    """Run the command line."""
    try:
        app()
    except BargainError as error:
        sys.stderr.write(f"error: {error}\n")
        sys.exit(2)
