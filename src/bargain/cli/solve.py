"""``bargain solve``: equilibria at the modal values."""

from __future__ import annotations

from typing import Annotated

import typer

from bargain.cli.console import console
from bargain.cli.console import table as new_table
from bargain.cli.experiment import FixOption, SetOption, parse_fix, parse_set
from bargain.cli.solver import OrderOption, PrecisionOption, SolverOption, parse_solver
from bargain.scenarios.reader import load_scenario
from bargain.solvers.solution import Solution, Status
from bargain.solvers.solution import solve as solve_game

__all__ = ["solve"]


def solve(
    scenario: Annotated[str, typer.Argument(help="A built-in name, or the path of a scenario .toml.")],
    setting: Annotated[str | None, typer.Option(help="One dated setting; by default all of them.")] = None,
    solver: SolverOption = "pure_nash",
    order: OrderOption = None,
    precision: PrecisionOption = None,
    fix: FixOption = None,
    set_: SetOption = None,
) -> None:
    """Find the equilibria of a scenario at the modal values of its parameters."""
    loaded = load_scenario(scenario)
    chosen = parse_solver(solver, loaded, order=order, precision=precision)
    rows = new_table("setting", "equilibrium", "payoffs", "status", title=f"{loaded.title}: {chosen}")
    for name in [setting] if setting else loaded.settings:
        game = loaded.game(name, values=parse_set(set_), fix=parse_fix(fix))
        solution = solve_game(game, chosen)
        status = solution.status[0]
        shown = status.name if status is Status.SOLVED else f"{status.name}: {status.sentence}"
        for index, (profile, payoffs) in enumerate(_rows(solution) or [("-", "-")]):
            rows.add_row(name if not index else "", profile, payoffs, shown if not index else "")
    console().print(rows)


def _rows(solution: Solution) -> list[tuple[str, str]]:
    rows = []
    for profile, payoffs in zip(solution.profiles(digits=6), solution.payoffs.T, strict=True):
        parts = []
        for strategy in profile.values():
            pure = len(strategy) == 1
            parts.append(" + ".join(a if pure else f"{p:.3f} {a}" for a, p in strategy.items()))
        amounts = (f"{p} {u:.3g}" for p, u in zip(solution.labels.players, payoffs, strict=True))
        rows.append(("/".join(parts), ", ".join(amounts)))
    return rows
