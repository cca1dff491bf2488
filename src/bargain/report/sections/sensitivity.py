"""The sensitivity: which uncertainty matters for whether an outcome is predicted."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from bargain.errors import InvalidArgumentError
from bargain.plots.regional_strips import regional_strips
from bargain.plots.sobol_bars import sobol_bars
from bargain.report.answers import Answers
from bargain.report.asked import asked
from bargain.report.figures import number, spread
from bargain.report.section import Block, Heading, Paragraph, Picture, Section, Table
from bargain.report.sections.model import slug
from bargain.report.words import outcome, parameter
from bargain.scenarios.scenario import Scenario
from bargain.sensitivity.regional import regional_sensitivity
from bargain.sensitivity.sobol import sobol_indices

__all__ = ["sensitivity"]

_POINTS = 2**12  # base points of the indices
_RESAMPLES = 500
_DRAWS = 32_768  # of the comparison of draws
_ROWS = 8
_FEWEST = 100  # draws on either side, below which there is nothing to compare


def sensitivity(scenario: Scenario, found: Answers) -> Section | None:
    """Show Sobol indices, and the parameters where the outcome asked about happens and where not.

    Parameters
    ----------
    scenario : Scenario
    found : Answers

    Returns
    -------
    Section, or None
        None where the answer is the same in every draw of every setting.
    """
    blocks: list[Block] = []
    indices: dict[str, pd.DataFrame] = {}
    groups: dict[str, pd.DataFrame] = {}
    certain: list[str] = []
    for name in scenario.settings:
        wanted = asked(scenario, found, name)
        task = scenario.task(name, draws=min(found.draws, _DRAWS), seed=found.seed)
        try:
            table = regional_sensitivity(task, wanted)
        except InvalidArgumentError:  # it always or never happens
            certain.append(name)
            continue
        if min(table.attrs["happened"], table.attrs["not_happened"]) < _FEWEST:
            certain.append(name)
            continue
        groups[name] = table
        blocks.append(Heading(Markup("{}: whether {} is predicted").format(name, outcome(wanted))))
        if scenario.space.dependence is None:
            indices[name] = sobol_indices(task, outcome=wanted, points=_POINTS, bootstrap=_RESAMPLES)
            blocks += [_bars(name, indices[name]), _indices(scenario, indices[name])]
        blocks += [_strips(name, table), _groups(scenario, table)]
    if not blocks:
        return None
    if certain:
        text = (
            f"In all but a few draws, if any, the answer is the same at {', '.join(certain)}: there is hardly"
        )
        blocks.append(Paragraph(f"{text} anything to explain."))
    if scenario.space.dependence is not None:
        text = (
            "Sobol indices are those of independent parameters, and are left out: some here depend on others."
        )
        blocks.append(Paragraph(text))
    tables = {
        title: pd.concat(parts, names=["setting"]).reset_index()
        for title, parts in (("sobol", indices), ("regional", groups))
        if parts
    }
    return Section("sensitivity", "Which uncertainty matters", blocks, tables)


def _bars(name: str, table: pd.DataFrame) -> Picture:
    return Picture(
        f"sobol-{slug(name)}",
        lambda: sobol_bars(table, title=f"Sobol indices, {name}"),
        f"Sobol indices at {name}, first order and total, with intervals. The largest total index is that of"
        f" {table['total'].idxmax()}; the table below has the numbers.",
    )


def _strips(name: str, table: pd.DataFrame) -> Picture:
    return Picture(
        f"regional-{slug(name)}",
        lambda: regional_strips(table, title=f"With and without, {name}"),
        f"How each parameter is distributed at {name} where the outcome is predicted, and where it is not."
        f" They differ most in {table.index[0]}; the table below has the numbers.",
    )


def _indices(scenario: Scenario, table: pd.DataFrame) -> Table:
    shown = table.sort_values("total", ascending=False).head(_ROWS)
    rows = [
        [
            parameter(scenario, str(name)),
            spread(row["first"], row["first_low"], row["first_high"], decimals=2),
            spread(row["total"], row["total_low"], row["total_high"], decimals=2),
        ]
        for name, row in shown.iterrows()
    ]
    attributes = table.attrs
    unanswered = sum(attributes["unanswered"].values()) / attributes["evaluations"]
    note = (
        "First: the share of the variance that would go if the parameter alone were known. Total: the share"
        " that would stay if everything else were."
        f" 95 % intervals; {attributes['points']:,} base points, seed"
        f" {attributes['seed']}; {unanswered:.3f} of the evaluations have no single answer and are left out."
        + (f" The {_ROWS} largest of {len(table)}; all stand in sobol.csv." if len(table) > _ROWS else "")
    )
    return Table("Sobol indices", ["Parameter", "First order", "Total"], rows, note)


def _groups(scenario: Scenario, table: pd.DataFrame) -> Table:
    rows = [
        [
            parameter(scenario, str(name)),
            f"{row['distance']:.2f}",
            f"{number(row['with_50'])} ({number(row['with_05'])} to {number(row['with_95'])})",
            f"{number(row['without_50'])} ({number(row['without_05'])} to {number(row['without_95'])})",
            "below 0.001" if row["p_value"] < 0.001 else f"{row['p_value']:.3f}",
        ]
        for name, row in table.head(_ROWS).iterrows()
    ]
    attributes = table.attrs
    note = (
        f"Median, and in brackets the 5 % and 95 % quantiles, over {attributes['happened']:,} draws in which"
        f" the outcome is predicted and {attributes['not_happened']:,} in which it is not; distance of"
        " Kolmogorov and Smirnov between the two."
    )
    head = ["Parameter", "Distance", "Where it is predicted", "Where it is not", "p, corrected"]
    return Table("Parameters where the outcome is predicted, and where it is not", head, rows, note)
