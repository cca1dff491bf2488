"""The measures: what happens in equilibrium, averaged over all that is uncertain."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from bargain.plots.measure_ranges import measure_ranges
from bargain.report.figures import number
from bargain.report.kind_answers import KindAnswers, kind_model
from bargain.report.section import Block, Picture, Section, Table
from bargain.report.sections.model import slug
from bargain.scenarios.scenario import Scenario
from bargain.sweep.readings import Measure

__all__ = ["measures"]

_MOST = 12  # measures in one picture


def measures(scenario: Scenario, found: KindAnswers) -> Section | None:
    """Show each measure at each setting, as pictures by unit and as a table.

    Parameters
    ----------
    scenario : Scenario
    found : KindAnswers

    Returns
    -------
    Section, or None
        None if the kind measures nothing.
    """
    every = kind_model(scenario).labels.measures
    if not every:
        return None
    units = dict.fromkeys(measure.unit for measure in every)
    by_unit = ([one for one in every if one.unit == unit][:_MOST] for unit in units)
    blocks: list[Block] = [_picture(scenario, found, shown) for shown in by_unit]
    blocks.append(_table(scenario, found))
    tables = {"measures": pd.concat(found.measures, names=["setting"]).reset_index()}
    return Section("measures", "What happens in equilibrium", blocks, tables)


def _picture(scenario: Scenario, found: KindAnswers, shown: Sequence[Measure]) -> Picture:
    happened = {
        setting.name: [coding.outcome[0] for coding in setting.codings[:1] if len(coding.outcome) == 1]
        for setting in scenario.dated
    }
    names = {measure.name for measure in shown}
    told = {name: [one for one in given if one in names] for name, given in happened.items()}
    return Picture(
        f"measures-{slug(shown[0].unit)}",
        lambda: measure_ranges(
            found.measures, shown, happened=told if any(told.values()) else None, assumed=scenario.name
        ),
        f"Means and ranges over draws of {', '.join(measure.name for measure in shown)} at each setting; the"
        " table below has the numbers.",
    )


def _table(scenario: Scenario, found: KindAnswers) -> Table:
    rows = []
    for measure in kind_model(scenario).labels.measures:
        cells = [f"{measure.name} ({measure.unit})", measure.meaning]
        for table in found.measures.values():
            row = table.loc[[measure.name]].to_dict("records")[0]
            if pd.isna(row["mean"]):
                cells.append("no single value")
                continue
            half = (row["high"] - row["low"]) / 2
            used = "" if row["used"] > 0.9995 else f", in {row['used']:.2f} of the draws"
            ends = f"{number(row[0.05])} to {number(row[0.95])}"
            cells.append(f"{number(row['mean'])} ± {number(half, digits=1)} ({ends}){used}")
        rows.append(cells)
    note = (
        "Mean ± half its 95 % interval of sampling, and in brackets the range of 90 % of"
        f" {found.draws:,} draws. A draw whose equilibria differ in a measure has no value of it and is left"
        " out."
    )
    return Table("Measures", ["Measure", "Meaning", *scenario.settings], rows, note)
