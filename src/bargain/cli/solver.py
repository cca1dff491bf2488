"""Solvers on the command line: ``--solver subgame_perfect --order 'USA; ROK, JPN'``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bargain.errors import InvalidArgumentError
from bargain.scenarios.scenario import Scenario
from bargain.solvers.catalogue import solver_of
from bargain.solvers.solution import Solver

__all__ = ["OrderOption", "PrecisionOption", "SolverOption", "parse_solver"]

SolverOption = Annotated[
    str | None,
    typer.Option(
        help="A solver by name, such as pure_nash or subgame_perfect; by default pure_nash, or that of the"
        " scenario's kind."
    ),
]
OrderOption = Annotated[
    str | None,
    typer.Option(
        help="For solvers of games in stages: an order that the scenario names, or groups of players,"
        " first mover first, such as 'USA; ROK, JPN'."
    ),
]
PrecisionOption = Annotated[float | None, typer.Option(help="Precision of a quantal response, such as 2.")]


def parse_solver(
    name: str | None, scenario: Scenario, *, order: str | None, precision: float | None
) -> Solver:
    """Return the solver that the options describe.

    Parameters
    ----------
    name : str or None
        A key of the catalogue; None means the scenario's default.
    scenario : Scenario
        Whose named orders may be meant.
    order : str or None
    precision : float or None

    Returns
    -------
    Solver

    Raises
    ------
    UnknownNameError
    InvalidArgumentError
        If a solver of games in stages is given no order.
    """
    if name is None:
        return scenario.default_solver()
    options: dict[str, Any] = {} if precision is None else {"precision": precision}
    if order is not None:
        options["order"] = scenario.orders.get(order) or [
            [player.strip() for player in group.split(",") if player.strip()] for group in order.split(";")
        ]
    elif name in {"subgame_perfect", "agent_logit_qre"}:
        named = ", ".join(map(repr, scenario.orders)) or "none"
        raise InvalidArgumentError(f"--order is needed by {name}: 'USA; ROK, JPN' or one of {named}")
    return solver_of(name, **options)
