"""``bargain sweep``: shares of outcomes over everything that is uncertain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.table import Table

from bargain.cli.console import console
from bargain.cli.console import table as new_table
from bargain.cli.experiment import FixOption, SetOption, parse_fix, parse_set
from bargain.cli.solver import OrderOption, PrecisionOption, SolverOption, parse_solver
from bargain.scenarios.reader import load_scenario
from bargain.sweep.compare import compare
from bargain.sweep.run import run

__all__ = ["sweep"]


def sweep(
    scenario: Annotated[str, typer.Argument(help="A built-in name, or the path of a scenario .toml.")],
    setting: Annotated[str | None, typer.Option(help="One dated setting; by default all of them.")] = None,
    draws: Annotated[int, typer.Option(help="Number of draws.")] = 100_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same numbers.")] = 0,
    design: Annotated[str, typer.Option(help="monte_carlo, sobol or latin_hypercube.")] = "monte_carlo",
    solver: SolverOption = None,
    order: OrderOption = None,
    precision: PrecisionOption = None,
    fix: FixOption = None,
    set_: SetOption = None,
    workers: Annotated[
        int | None, typer.Option(help="Blocks computed at once; by default one per processor.")
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(
            help="Also write the shares of all settings to this file, and their provenance beside it."
        ),
    ] = None,
) -> None:
    """Sweep the uncertain parameters; with --fix or --set, also show what changes, draw by draw."""
    loaded = load_scenario(scenario)
    chosen = parse_solver(solver, loaded, order=order, precision=precision)
    experiment = {"fix": parse_fix(fix), "values": parse_set(set_)}
    frames = {}
    for name in [setting] if setting else loaded.settings:
        common = {"draws": draws, "seed": seed, "solver": chosen, "design": design}
        task = loaded.task(name, **common, **experiment)  # type: ignore[arg-type]  # a table of keywords
        result = run(task, workers=workers)
        shares = result.shares()
        console().print(_table(shares, task.name, task.draws, seed))
        if loaded.kind != "normal_form":
            console().print(_measures(result.measures(), task.name))
        if any(experiment.values()):
            effect = compare(loaded.task(name, **common), task, workers=workers or 2)  # type: ignore[arg-type]
            console().print(_effect(effect, task.name))
        frames[name] = shares
    if csv:
        csv.parent.mkdir(parents=True, exist_ok=True)
        pd.concat(frames, names=["setting"]).to_csv(csv)
        records = {name: shares.attrs for name, shares in frames.items()}
        csv.with_suffix(".provenance.json").write_text(json.dumps(records, indent=2) + "\n", encoding="utf-8")


def _table(shares: pd.DataFrame, name: str, draws: int, seed: int) -> Table:
    title = f"{name}: {draws:,} draws, seed {seed}"
    rows = new_table("outcome", "share", "95 % interval", "possible", "certain", title=title)
    for outcome, row in shares[shares["share"].gt(0) | shares["possible"].gt(0)].iterrows():
        possible, certain = (
            "" if pd.isna(row[key]) else f"{row[key]:.4f}" for key in ("possible", "certain")
        )
        rows.add_row(
            _name(outcome), f"{row['share']:.4f}", f"{row['low']:.4f} - {row['high']:.4f}", possible, certain
        )
    return rows


def _measures(measures: pd.DataFrame, name: str) -> Table:
    rows = new_table(
        "measure", "mean", "95 % interval", "sd", "used", "5 %", "median", "95 %",
        title=f"{name}: measures",
        caption="The interval is of the mean, for sampling error alone; sd and quantiles are over draws.",
    )  # fmt: skip
    for measure, row in measures.iterrows():
        interval = f"{row['low']:.4f} - {row['high']:.4f}"
        numbers = (f"{row[key]:.4g}" for key in ("sd", "used", 0.05, 0.5, 0.95))
        rows.add_row(str(measure), f"{row['mean']:.4f}", interval, *numbers)
    return rows


def _effect(effect: pd.DataFrame, name: str) -> Table:
    rows = new_table(
        "outcome", "without", "with", "difference", "95 % interval", title=f"What {name} changes"
    )
    for outcome, row in effect[(effect["before"] > 0) | (effect["after"] > 0)].iterrows():
        interval = f"{row['low']:+.4f} - {row['high']:+.4f}"
        rows.add_row(
            _name(outcome),
            f"{row['before']:.4f}",
            f"{row['after']:.4f}",
            f"{row['difference']:+.4f}",
            interval,
        )
    return rows


def _name(outcome: object) -> str:
    return "/".join(part for part in outcome if part) if isinstance(outcome, tuple) else str(outcome)
