"""Solvers on the command line: ``--solver subgame_perfect --order 'USA; ROK, JPN'``."""

from __future__ import annotations

from typing import Annotated

import typer

from bargain.errors import InvalidArgumentError
from bargain.scenarios.scenario import Scenario
from bargain.solvers.catalogue import solver_of
from bargain.solvers.solution import Solver

__all__ = ["OrderOption", "SolverOption", "parse_solver"]

SolverOption = Annotated[str, typer.Option(help="A solver by name, such as pure_nash or subgame_perfect.")]
OrderOption = Annotated[
    str | None,
    typer.Option(
        help="For solvers of games in stages: an order that the scenario names, or groups of players,"
        " first mover first, such as 'USA; ROK, JPN'."
    ),
]


def parse_solver(name: str, order: str | None, scenario: Scenario) -> Solver:
    """Return the solver that the options describe.

    Parameters
    ----------
    name : str
        A key of the catalogue.
    order : str or None
    scenario : Scenario
        Whose named orders may be meant.

    Returns
    -------
    Solver

    Raises
    ------
    UnknownNameError
    InvalidArgumentError
        If a solver of games in stages is given no order.
    """
    if order is None:
        if name == "subgame_perfect":
            named = ", ".join(map(repr, scenario.orders)) or "none"
            raise InvalidArgumentError(f"--order is needed by {name}: 'USA; ROK, JPN' or one of {named}")
        return solver_of(name)
    groups = scenario.orders.get(order) or [
        [player.strip() for player in group.split(",") if player.strip()] for group in order.split(";")
    ]
    return solver_of(name, order=groups)
