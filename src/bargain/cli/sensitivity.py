"""``bargain sensitivity``: what would have to change for another outcome, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer
from rich.table import Table

from bargain.cli.console import console
from bargain.cli.console import table as new_table
from bargain.cli.experiment import FixOption, SetOption, parse_fix, parse_set
from bargain.cli.solver import OrderOption, SolverOption, parse_solver
from bargain.games.labels import Outcome
from bargain.parameters import Distribution
from bargain.payoffs.model import PayoffModel
from bargain.scenarios.reader import load_scenario
from bargain.scenarios.scenario import Scenario
from bargain.sensitivity.changes import Change, smallest_change
from bargain.sensitivity.conditions import conditions
from bargain.sensitivity.minimal_sets import minimal_sets
from bargain.sensitivity.thresholds import thresholds
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solver
from bargain.solvers.solution import solve as solve_game

__all__ = ["sensitivity"]


def sensitivity(
    scenario: Annotated[str, typer.Argument(help="A built-in name, or the path of a scenario .toml.")],
    setting: Annotated[str | None, typer.Option(help="One dated setting; by default all of them.")] = None,
    parameter: Annotated[
        list[str] | None, typer.Option(help="Only this parameter may change. Repeatable.")
    ] = None,
    wanted: Annotated[
        str | None,
        typer.Option(help="An outcome to bring about by the smallest change, actions separated by slashes."),
    ] = None,
    solver: SolverOption = None,
    order: OrderOption = None,
    fix: FixOption = None,
    set_: SetOption = None,
) -> None:
    """Show where single parameters flip the outcome, and the smallest joint change that does.

    Thresholds are exact. For pure equilibria also the conditions behind them in symbols, the nearest point at
    which the present outcome ends or a wanted one begins, and which parameters alone make the difference to
    the other settings.
    """
    loaded = load_scenario(scenario)
    chosen = parse_solver(solver, loaded, order=order, precision=None)
    held, values = parse_fix(fix), parse_set(set_)
    screen = console()
    for name in [setting] if setting else loaded.settings:
        screen.print(_thresholds(loaded, name, parameter, chosen, held, values))
        if not isinstance(chosen, PureNash):
            continue
        model = loaded.model.hold(held)
        game = loaded.game(name, values=values, fix=held)
        present = [
            tuple(action for strategy in profile.values() for action in strategy)
            for profile in solve_game(game, chosen).profiles()
        ]
        for outcome in present:
            screen.print(_conditions(loaded, model, name, outcome, values))
        if present or wanted:
            change = smallest_change(
                loaded,
                name,
                wanted=wanted.split("/") if wanted else None,
                parameters=parameter,
                fix=held,
                values=values,
            )
            screen.print(_change(change) if change.found else f"{change}\n", markup=False)
        if not values:
            screen.print(_sets(loaded, name, parameter, held))


def _thresholds(
    scenario: Scenario,
    setting: str,
    parameters: list[str] | None,
    solver: Solver,
    fix: Mapping[str, str],
    values: Mapping[str, float | Distribution],
) -> Table:
    found = thresholds(scenario, setting, parameters=parameters, solver=solver, fix=fix, values=values)
    rows = new_table(
        "parameter", "now", "threshold", "from", "to", "whose reply", "margin",
        title=f"{scenario.title}, {setting}: where one parameter alone changes the outcome ({solver})",
        caption="No parameter does so within its range."
        if found.empty
        else "Margin: the way to the threshold, in units of the parameter's range."
        + ("" if found["exact"].all() else " ~ found by bisection; all others are exact."),
    )  # fmt: skip
    for column in rows.columns:
        column.overflow = "fold"
    previous = None
    for _, row in found.iterrows():
        first = row["parameter"] != previous
        rows.add_row(
            row["parameter"] if first else "",
            f"{row['now']:.4g}" if first else "",
            ("" if row["exact"] else "~ ") + f"{row['value']:.4g}",
            row["before"].replace("; ", "\nand "),
            row["after"].replace("; ", "\nand "),
            row["player"],
            f"{row['margin']:+.2f}",
        )
        previous = row["parameter"]
    return rows


def _conditions(
    scenario: Scenario,
    model: PayoffModel,
    setting: str,
    outcome: Outcome,
    values: Mapping[str, float | Distribution],
) -> Table:
    rows = new_table(
        "player", "rather than", "because", "by",
        title=f"Why {'/'.join(outcome)} is an equilibrium",
        caption="By: left side less right side at the modal values, in payoff units.",
    )  # fmt: skip
    modes = scenario.space_at(setting, values=values).mode()
    for condition in conditions(model, outcome):
        margin = float(condition.margin(modes)[0])
        rows.add_row(
            f"{condition.player} {condition.action}", condition.instead, condition.text, f"{margin:.3g}"
        )
    return rows


def _change(change: Change) -> Table:
    verb = "brings about" if change.becomes else "ends"
    rows = new_table(
        "parameter", "now", "then", "move, in ranges",
        title=f"Smallest change that {verb} {'/'.join(change.outcome)}",
        caption=f"Distance {change.distance:.3g}; there: {change.prediction}",
    )  # fmt: skip
    for name, row in change.to_frame().iterrows():
        rows.add_row(str(name), f"{row['now']:.4g}", f"{row['value']:.4g}", f"{row['move']:+.2f}")
    return rows


def _sets(scenario: Scenario, setting: str, parameters: list[str] | None, fix: Mapping[str, str]) -> Table:
    rows = new_table(
        "to the equilibria of", "it is enough to change", title=f"From {setting} to other settings"
    )
    for other in scenario.settings:
        if other != setting:
            found = minimal_sets(scenario, setting, other, parameters=parameters, fix=fix)
            told = [", ".join(names) or "nothing: they are the same" for names in found]
            rows.add_row(other, "\nor ".join(told) or "nothing of this alone suffices")
    return rows
