"""THE table of sections of reports on scenarios that are no payoff tables, in the order of the page."""

from __future__ import annotations

from collections.abc import Callable

from bargain.report.kind_answers import KindAnswers
from bargain.report.kind_sections.game import game
from bargain.report.kind_sections.history import history
from bargain.report.kind_sections.limits import limits
from bargain.report.kind_sections.measures import measures
from bargain.report.kind_sections.outcomes import outcomes
from bargain.report.kind_sections.policies import policies
from bargain.report.kind_sections.summary import summary
from bargain.report.kind_sections.uncertainty import uncertainty
from bargain.report.section import Section
from bargain.report.sections.chronology import chronology
from bargain.report.sections.evidence import evidence
from bargain.report.sections.parameters import parameters
from bargain.report.sections.provenance import provenance
from bargain.report.sections.references import references
from bargain.scenarios.scenario import Scenario

__all__ = ["KIND_SECTIONS"]

KIND_SECTIONS: tuple[Callable[[Scenario, KindAnswers], Section | None], ...] = (
    summary,
    game,
    parameters,
    history,
    outcomes,
    measures,
    policies,
    uncertainty,
    limits,
    chronology,
    evidence,
    provenance,
    references,
)
"""Each says what the scenario has to offer on its subject, or nothing."""
