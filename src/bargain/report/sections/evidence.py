"""The evidence: the statements that numbers and terms rest on."""

from __future__ import annotations

from markupsafe import Markup

from bargain.report.answers import Answers
from bargain.report.section import Section, Table
from bargain.report.words import address, link
from bargain.scenarios.scenario import Scenario

__all__ = ["evidence"]


def evidence(scenario: Scenario, found: Answers) -> Section | None:  # noqa: ARG001 - all are called alike
    """List the evidence with its sources.

    Parameters
    ----------
    scenario : Scenario
    found : Answers

    Returns
    -------
    Section, or None
        None if the scenario has none.
    """
    if not scenario.evidence:
        return None
    rows = [
        [
            Markup('<span id="{}">{}</span>').format(address("evidence", item.id), item.id),
            item.statement,
            item.kind,
            item.quality,
            Markup("; ").join(map(link, item.links)),
            item.note,
        ]
        for item in scenario.evidence.values()
    ]
    head = ["", "Statement", "Kind", "Quality", "Sources", "Note"]
    return Section("evidence", "Evidence", [Table("Statements that numbers and terms rest on", head, rows)])
