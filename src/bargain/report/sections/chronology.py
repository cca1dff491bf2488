"""The chronology: what happened when, with the dated settings in their place."""

from __future__ import annotations

from markupsafe import Markup

from bargain.plots.timeline import timeline
from bargain.report.answers import Answers
from bargain.report.section import Block, Picture, Section, Table
from bargain.report.words import link, sources
from bargain.scenarios.scenario import Scenario

__all__ = ["chronology"]


def chronology(scenario: Scenario, found: Answers) -> Section | None:
    """Draw the timeline and list the events.

    Parameters
    ----------
    scenario : Scenario
    found : Answers

    Returns
    -------
    Section, or None
        None if there are no events and no more than one setting.
    """
    if not scenario.chronology and len(scenario.settings) < 2:
        return None
    blocks: list[Block] = []
    if scenario.kind == "normal_form":  # the timeline tells outcomes of payoff tables
        blocks.append(
            Picture(
                "timeline",
                lambda: timeline(scenario, found.shares),
                f"Timeline from {_span(scenario)}, with what happened and what the model says at each"
                " setting.",
            )
        )
    elif not scenario.chronology:
        return None
    if scenario.chronology:
        rows = [
            [
                Markup('<span class="nowrap">{}</span>').format(event.date),
                event.event,
                ", ".join(event.actors),
                event.setting,
                Markup(" ").join(
                    filter(
                        None, [sources(scenario, event.sources), Markup("; ").join(map(link, event.links))]
                    )
                ),
                event.certainty,
            ]
            for event in scenario.chronology
        ]
        head = ["Date", "Event", "Actors", "Setting", "Sources", "How certain"]
        blocks.append(Table("Events", head, rows))
    return Section("chronology", "Chronology", blocks)


def _span(scenario: Scenario) -> str:
    dates = [event.date for event in scenario.chronology]
    dates += [setting.date.isoformat() for setting in scenario.dated]
    return f"{min(dates)} to {max(dates)}"
