"""THE table of sections, in the order of the page."""

from __future__ import annotations

from collections.abc import Callable

from bargain.report.answers import Answers
from bargain.report.section import Section
from bargain.report.sections.chronology import chronology
from bargain.report.sections.evidence import evidence
from bargain.report.sections.hindcast import hindcast
from bargain.report.sections.interventions import interventions
from bargain.report.sections.limits import limits
from bargain.report.sections.model import model
from bargain.report.sections.parameters import parameters
from bargain.report.sections.provenance import provenance
from bargain.report.sections.question import question
from bargain.report.sections.reasons import reasons
from bargain.report.sections.references import references
from bargain.report.sections.sensitivity import sensitivity
from bargain.report.sections.shares import shares
from bargain.report.sections.thresholds import thresholds
from bargain.scenarios.scenario import Scenario

__all__ = ["SECTIONS"]

SECTIONS: tuple[Callable[[Scenario, Answers], Section | None], ...] = (
    question,
    model,
    parameters,
    hindcast,
    shares,
    reasons,
    thresholds,
    sensitivity,
    interventions,
    limits,
    chronology,
    evidence,
    provenance,
    references,
)
"""Each says what the scenario has to offer on its subject, or nothing."""
