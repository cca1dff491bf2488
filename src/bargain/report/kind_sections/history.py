"""The hindcast: what the game says of dates whose outcome is known."""

from __future__ import annotations

from markupsafe import Markup

from bargain.report.figures import spread
from bargain.report.kind_answers import KindAnswers
from bargain.report.section import Block, Section, Table
from bargain.report.words import breakable, sources
from bargain.scenarios.scenario import Scenario

__all__ = ["history"]


def history(scenario: Scenario, found: KindAnswers) -> Section | None:
    """Set what happened, by every coding, beside how likely the game makes it.

    Parameters
    ----------
    scenario : Scenario
    found : KindAnswers

    Returns
    -------
    Section, or None
        None if nothing has happened yet.
    """
    if found.history.empty:
        return None
    notes = {
        (setting.name, coding.name): (coding.note, coding.sources)
        for setting in scenario.dated
        for coding in setting.codings
    }
    rows = []
    for row in found.history.to_dict("records"):
        note, cited = notes[row["setting"], row["coding"]]
        rows.append(
            [
                row["setting"],
                row["role"],
                row["coding"],
                breakable(row["outcome"]),
                spread(row["value"], row["low"], row["high"], decimals=3),
                row["told by"],
                Markup("{} {}").format(note, sources(scenario, cited)),
            ]
        )
    head = ["Setting", "Role", "Coding", "What happened", "In the game", "Which is a", "About the coding"]
    note = (
        "A mean probability is that of the equilibrium of each draw, averaged over draws; a share is that of"
        " draws whose equilibria all lead there. In brackets 95 % intervals of sampling. Fitted: the outcome"
        " was known, and used, when the ranges were chosen."
    )
    blocks: list[Block] = [Table("What happened, and how likely the game makes it", head, rows, note)]
    tables = {"equilibria": found.modal.reset_index(), "history": found.history}
    return Section("hindcast", "What happened, and what the game says", blocks, tables)
