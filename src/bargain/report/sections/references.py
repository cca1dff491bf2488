"""The references of the methods that the report uses."""

from __future__ import annotations

import re

from markupsafe import Markup

from bargain.references.bibliography import Reference
from bargain.references.cite import cite
from bargain.report.answers import Answers
from bargain.report.methods import methods
from bargain.report.section import Listing, Paragraph, Section
from bargain.report.words import link
from bargain.scenarios.scenario import Scenario

__all__ = ["references"]

_MARKED = re.compile(r"\*([^*]+)\*|(https?://\S+)")


def references(scenario: Scenario, found: Answers) -> Section:  # noqa: ARG001 - every section is called alike
    """List the works behind the methods, each with the methods that rest on it.

    Parameters
    ----------
    scenario : Scenario
    found : Answers

    Returns
    -------
    Section
    """
    cited = cite(*methods(scenario))
    items = [
        Markup('{} <span class="same">({})</span>').format(
            _entry(reference),
            ", ".join(name for name, keys in cited.methods.items() if reference.key in keys),
        )
        for reference in cited.references
    ]
    text = f"Made with {cited.software.removesuffix('.')}; in brackets, the methods that rest on each work."
    return Section("references", "References of the methods", [Paragraph(text), Listing(items)])


def _entry(reference: Reference) -> Markup:
    """Set titles in italics, and make addresses links."""
    parts: list[Markup] = []
    end = 0
    for found in _MARKED.finditer(reference.text):
        parts.append(Markup("{}").format(reference.text[end : found.start()]))
        parts.append(Markup("<cite>{}</cite>").format(found[1]) if found[1] else link(found[2]))
        end = found.end()
    parts.append(Markup("{}").format(reference.text[end:]))
    return Markup("").join(parts)
