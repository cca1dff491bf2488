"""The interventions: what holding a player or a parameter changes."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from bargain.plots.lever_ranking import lever_ranking
from bargain.report.answers import outcome_name
from bargain.report.figures import difference, number, proportion
from bargain.report.kind_answers import KindAnswers, kind_model
from bargain.report.section import Block, Heading, Picture, Section, Table
from bargain.report.sections.model import slug
from bargain.report.words import breakable
from bargain.scenarios.scenario import Scenario

__all__ = ["policies"]

_SMALLEST = 0.0005  # differences that three decimals show
_NOTABLE = 0.01  # differences that make a ranking worth its place
_ROWS = 8


def policies(scenario: Scenario, found: KindAnswers) -> Section | None:
    """Show what each intervention changes, in measures and in shares.

    Parameters
    ----------
    scenario : Scenario
    found : KindAnswers

    Returns
    -------
    Section, or None
        None where the scenario asks about none, and nothing that could be held makes a difference.
    """
    ranked = {
        name: table for name, table in found.levers.items() if (table["difference"].abs() >= _NOTABLE).any()
    }
    if found.interventions.empty and not ranked:
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
    blocks: list[Block] = [] if found.interventions.empty else [_measured(scenario, found)]
    if shares:
        note = f"{found.draws:,} draws, the same with and without; 95 % intervals from the pairs of draws."
        head = ["Setting", "Held", "Outcome", "Before", "After", "Difference"]
        blocks.append(Table("Shares that it changes", head, shares, note))
    tables = {} if found.interventions.empty else {"interventions": found.interventions}
    for name, table in ranked.items():
        title = Markup("{}: levers on {}").format(name, table.attrs["question"])
        blocks += [Heading(title), _picture(name, table), _ranking(table)]
    if ranked:
        tables["levers"] = pd.concat(ranked, names=["setting"]).reset_index()
    return Section("interventions", "What an intervention would change", blocks, tables)


def _picture(name: str, table: pd.DataFrame) -> Picture:
    return Picture(
        f"levers-{slug(name)}",
        lambda: lever_ranking(table, title=f"Levers, {name}"),
        f"Levers at {name}, ranked by the difference that they make. The strongest is {table.index[0]}:"
        f" {difference(table.iloc[0])}; the table below has more of them.",
    )


def _ranking(table: pd.DataFrame) -> Table:
    attributes = table.attrs
    shown = table[table["difference"].abs() >= _SMALLEST].head(_ROWS)
    rows = [
        [breakable(str(name)), proportion(row["after"], attributes["draws"]), difference(row)]
        for name, row in shown.iterrows()
    ]
    note = (
        "Each lever holds somebody to an action, or one parameter to an end of its range;"
        f" {attributes['draws']:,} common draws, seed {attributes['seed']}; 95 % intervals. Without any of"
        f" them the share is {proportion(attributes['before'], attributes['draws'])}. The {len(shown)}"
        f" strongest of {len(table)}; all stand in levers.csv."
    )
    return Table("Levers, the strongest first", ["Held", "Share of draws then", "Difference"], rows, note)


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
