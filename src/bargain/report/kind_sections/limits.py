"""The limits: what the numbers are and what they are not."""

from __future__ import annotations

from bargain.report.kind_answers import KindAnswers
from bargain.report.section import Block, Listing, Paragraph, Section
from bargain.scenarios.scenario import Scenario

__all__ = ["limits"]


def limits(scenario: Scenario, found: KindAnswers) -> Section:  # noqa: ARG001 - every section is called alike
    """Say what the results cannot say.

    Parameters
    ----------
    scenario : Scenario
    found : KindAnswers

    Returns
    -------
    Section
    """
    blocks: list[Block] = [Paragraph(scenario.caution)] if scenario.caution else []
    items = [
        (
            "A share of draws, or a probability averaged over them, says what follows from the stated ranges;"
            " it is not the probability of anything in the world. Its interval measures sampling error alone."
        ),
        "Payoffs of different players have no common unit and are nowhere compared or added.",
        "A draw with several equilibria, or without one, is counted as such and not spread over outcomes.",
        (
            f"The game is one reading of the dispute among several; that it is of the kind {scenario.kind!r}"
            " is itself an assumption."
        ),
    ]
    fitted = [setting.name for setting in scenario.dated if setting.role == "fitted"]
    if fitted:
        items.insert(0, f"The ranges were chosen by people who knew the outcome at {', '.join(fitted)}.")
    return Section("limits", "What this can and cannot say", [*blocks, Listing(items)])
