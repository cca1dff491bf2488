"""The sensitivity: which uncertainty matters for the outcome of most draws."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from bargain.plots.regional_strips import regional_strips
from bargain.report.figures import number
from bargain.report.kind_answers import KindAnswers
from bargain.report.section import Block, Heading, Paragraph, Picture, Section, Table
from bargain.report.sections.model import slug
from bargain.report.words import outcome, parameter
from bargain.scenarios.scenario import Scenario

__all__ = ["uncertainty"]

_ROWS = 8
_FEWEST = 100  # draws on either side, below which there is nothing to compare


def uncertainty(scenario: Scenario, found: KindAnswers) -> Section | None:
    """Show how parameters are distributed where the outcome of most draws is predicted, and where not.

    Parameters
    ----------
    scenario : Scenario
    found : KindAnswers

    Returns
    -------
    Section, or None
        None where the answer is the same in nearly every draw of every setting.
    """
    blocks: list[Block] = []
    groups: dict[str, pd.DataFrame] = {}
    for name, table in found.regional.items():
        wanted = found.leading[name]
        if min(table.attrs["happened"], table.attrs["not_happened"]) < _FEWEST:
            continue
        groups[name] = table
        blocks += [Heading(Markup("{}: whether {} is predicted").format(name, outcome(wanted)))]
        blocks += [_strips(name, table), _table(scenario, table)]
    if not groups:
        return None
    text = (
        "Draws in which the outcome of most draws is predicted, against the others. Exact thresholds and the"
        " payoff terms behind an action are told of payoff tables only."
    )
    tables = {"regional": pd.concat(groups, names=["setting"]).reset_index()}
    return Section("sensitivity", "Which uncertainty matters", [Paragraph(text), *blocks], tables)


def _strips(name: str, table: pd.DataFrame) -> Picture:
    return Picture(
        f"regional-{slug(name)}",
        lambda: regional_strips(table, title=f"With and without, {name}"),
        f"How each parameter is distributed at {name} where the outcome is predicted, and where it is not."
        f" They differ most in {table.index[0]}; the table below has the numbers.",
    )


def _table(scenario: Scenario, table: pd.DataFrame) -> Table:
    rows = [
        [
            parameter(scenario, str(name)),
            f"{row['distance']:.2f}",
            f"{number(row['with_50'])} ({number(row['with_05'])} to {number(row['with_95'])})",
            f"{number(row['without_50'])} ({number(row['without_05'])} to {number(row['without_95'])})",
        ]
        for name, row in table.head(_ROWS).iterrows()
    ]
    note = (
        f"{table.attrs['happened']:,} draws with and {table.attrs['not_happened']:,} without; the distance is"
        " that of Kolmogorov and Smirnov, from 0 for the same distribution to 1. Median, and in brackets 90 %"
        " of the draws."
    )
    head = ["Parameter", "Distance", "Where it is predicted", "Where not"]
    return Table("Parameters that differ most", head, rows, note)
