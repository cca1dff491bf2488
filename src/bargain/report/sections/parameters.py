"""The parameters: what they mean, their ranges, and where the numbers come from."""

from __future__ import annotations

from markupsafe import Markup

from bargain.report.answers import Answers
from bargain.report.figures import number
from bargain.report.mathml import mathml
from bargain.report.section import Block, Paragraph, Section, Table
from bargain.report.words import address, breakable, parameter, sources
from bargain.scenarios.scenario import Scenario
from bargain.uncertainty.marginals import MARGINALS

__all__ = ["parameters"]


def parameters(scenario: Scenario, found: Answers) -> Section | None:  # noqa: ARG001 - all are called alike
    """List the parameters with their ranges, at each dated setting where they differ.

    Parameters
    ----------
    scenario : Scenario
    found : Answers

    Returns
    -------
    Section, or None
        None if payoffs depend on no parameter.
    """
    if not len(scenario.space):
        return None
    blocks: list[Block] = [_table(scenario)]
    changed = [name for name in scenario.space.names if any(name in s.distributions for s in scenario.dated)]
    if changed:
        blocks.append(_dated(scenario, changed))
    if scenario.space.dependence is not None:
        blocks.append(Paragraph(f"Parameters that depend on each other: {scenario.space.dependence}."))
    return Section("parameters", "Parameters and their ranges", blocks)


def _table(scenario: Scenario) -> Table:
    cited = any(parameter.sources for parameter in scenario.parameters)
    head = ["Parameter", "Symbol", "Meaning", "Mode and range", "Unit", "Kind"]
    kinds: dict[type, str] = {marginal: kind for kind, marginal in MARGINALS.items()}
    rows = []
    for entry in scenario.parameters:
        low, high = entry.range()
        name = Markup('<span id="{}">{}</span>').format(
            address("parameter", entry.name), breakable(entry.name)
        )
        kind = kinds.get(type(entry.distribution), type(entry.distribution).__name__).replace("_", " ")
        spread = (
            f"{number(entry.mode)} ({number(low)} to {number(high)}), {kind}" if low < high else number(low)
        )
        row = [name, mathml(entry.symbol) if entry.symbol else "", entry.meaning, spread, entry.unit]
        row.append(scenario.kinds[entry.name])
        rows.append([*row, *([sources(scenario, entry.sources)] if cited else [])])
    note = (
        "Structural parameters hold at all dates; the ranges of dated ones serve where a setting gives none"
        " of its own. The range of an unbounded distribution is its central 99.9 %."
    )
    return Table("Parameters", [*head, *(["Evidence"] if cited else [])], rows, note)


def _dated(scenario: Scenario, changed: list[str]) -> Table:
    rows = []
    for name in changed:
        row: list[str | Markup] = [parameter(scenario, name)]
        for setting in scenario.dated:
            entry = scenario.space_at(setting.name)[name]
            low, high = entry.range()
            cell = f"{number(entry.mode)} ({number(low)} to {number(high)})" if low < high else number(low)
            row.append(
                cell if name in setting.distributions else Markup('<span class="same">{}</span>').format(cell)
            )
        rows.append(row)
    note = "Mode, and in brackets the range; in grey where the setting leaves the scenario's own."
    return Table(
        "Parameters that differ from setting to setting", ["Parameter", *scenario.settings], rows, note
    )
