"""The interventions that the scenario asks about: what holding a player changes."""

from __future__ import annotations

import pandas as pd

from bargain.report.answers import outcome_name
from bargain.report.figures import difference, number, proportion
from bargain.report.kind_answers import KindAnswers, kind_model
from bargain.report.section import Block, Section, Table
from bargain.report.words import breakable
from bargain.scenarios.scenario import Scenario

__all__ = ["policies"]

_SMALLEST = 0.0005  # differences that three decimals show


def policies(scenario: Scenario, found: KindAnswers) -> Section | None:
    """Show what each intervention changes, in measures and in shares.

    Parameters
    ----------
    scenario : Scenario
    found : KindAnswers

    Returns
    -------
    Section, or None
        None where the scenario asks about none.
    """
    if found.interventions.empty:
        return None
    shares = [
        [
            setting,
            held,
            breakable(outcome_name(outcome)),
            *(proportion(row[key], found.draws) for key in ("before", "after")),
            difference(row),
        ]
        for (setting, held), table in found.effects.items()
        for outcome, row in table.to_dict("index").items()
        if abs(row["difference"]) >= _SMALLEST
    ]
    blocks: list[Block] = [_measured(scenario, found)]
    if shares:
        note = f"{found.draws:,} draws, the same with and without; 95 % intervals from the pairs of draws."
        head = ["Setting", "Held", "Outcome", "Before", "After", "Difference"]
        blocks.append(Table("Shares that it changes", head, shares, note))
    tables = {"interventions": found.interventions}
    return Section("interventions", "What an intervention would change", blocks, tables)


def _measured(scenario: Scenario, found: KindAnswers) -> Table:
    names = [measure.name for measure in kind_model(scenario).labels.measures]
    rows: list[list[str]] = []
    for (setting, held), table in found.interventions.groupby(["setting", "held"], sort=False):
        means = table.set_index("measure")
        if not rows or rows[-1][0] != setting:
            rows.append([str(setting), "free", *(_of(means["mean before"][name]) for name in names)])
        rows.append([str(setting), str(held), *(_of(means["mean after"][name]) for name in names)])
    note = (
        f"Means over {found.draws:,} draws, the same with and without; intervals stand in interventions.csv."
        " A draw whose equilibria differ in a measure is left out of it."
    )
    return Table("Measures if a player is held to an action", ["Setting", "Held", *names], rows, note)


def _of(mean: float) -> str:
    return "no single value" if pd.isna(mean) else number(float(mean))
