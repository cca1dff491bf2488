"""``bargain solve``: equilibria at the modal values."""

from __future__ import annotations

from typing import Annotated

import typer

from bargain.cli.console import console
from bargain.cli.console import table as new_table
from bargain.cli.experiment import FixOption, SetOption, parse_fix, parse_set
from bargain.cli.solver import OrderOption, PrecisionOption, SolverOption, parse_solver
from bargain.parameters import Distribution
from bargain.payoffs.model import PayoffModel
from bargain.scenarios.reader import load_scenario
from bargain.scenarios.scenario import Scenario
from bargain.solvers.solution import Solution, Solver, Status
from bargain.solvers.solution import solve as solve_game

__all__ = ["solve"]


def solve(
    scenario: Annotated[str, typer.Argument(help="A built-in name, or the path of a scenario .toml.")],
    setting: Annotated[str | None, typer.Option(help="One dated setting; by default all of them.")] = None,
    solver: SolverOption = None,
    order: OrderOption = None,
    precision: PrecisionOption = None,
    fix: FixOption = None,
    set_: SetOption = None,
) -> None:
    """Find the equilibria of a scenario at the modal values of its parameters."""
    loaded = load_scenario(scenario)
    chosen = parse_solver(solver, loaded, order=order, precision=precision)
    numbers = "payoffs" if loaded.kind == "normal_form" else "measures"
    rows = new_table("setting", "equilibrium", numbers, "status", title=f"{loaded.title}: {chosen}")
    for name in [setting] if setting else loaded.settings:
        found, status = _solved(loaded, name, chosen, parse_set(set_), parse_fix(fix))
        shown = status.name if status is Status.SOLVED else f"{status.name}: {status.sentence}"
        for index, (profile, payoffs) in enumerate(found or [("-", "-")]):
            rows.add_row(name if not index else "", profile, payoffs, shown if not index else "")
    console().print(rows)


def _solved(
    scenario: Scenario,
    setting: str,
    solver: Solver,
    values: dict[str, float | Distribution],
    fix: dict[str, str],
) -> tuple[list[tuple[str, str]], Status]:
    """Return each equilibrium at the modal values in words, with its numbers, and the status."""
    model = scenario.game_model
    if isinstance(model, PayoffModel):
        solution = solve_game(scenario.game(setting, values=values, fix=fix), solver)
        return _rows(solution), solution.status[0]
    held = model.hold(fix)
    held.check_solver(solver)
    answers = held.solve(held.evaluate(scenario.space_at(setting, values=values).mode()), solver)
    rows = []
    for chances, measures in zip(answers.outcomes.T, answers.measures.T, strict=True):
        parts = [
            "/".join(outcome) if chance > 1 - 1e-9 else f"{chance:.3f} {'/'.join(outcome)}"
            for outcome, chance in zip(held.labels.outcomes, chances, strict=True)
            if chance > 1e-9
        ]
        told = zip(held.labels.measures, measures, strict=True)
        numbers = (f"{measure.name} {value:.3g}" for measure, value in told if value == value)  # noqa: PLR0124
        rows.append((" + ".join(parts), ", ".join(numbers)))
    return rows, list(Status)[int(answers.codes[0])]


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
