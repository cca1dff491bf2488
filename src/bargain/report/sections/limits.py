"""The limits: what the numbers are and what they are not."""

from __future__ import annotations

from bargain.report.answers import Answers
from bargain.report.section import Block, Listing, Paragraph, Section
from bargain.scenarios.scenario import Scenario

__all__ = ["limits"]


def limits(scenario: Scenario, found: Answers) -> Section:  # noqa: ARG001 - every section is called alike
    """Say what the results cannot say.

    Parameters
    ----------
    scenario : Scenario
    found : Answers

    Returns
    -------
    Section
    """
    blocks: list[Block] = [Paragraph(scenario.caution)] if scenario.caution else []
    items = [
        (
            "A share of draws says what follows from the stated ranges; it is not the probability of anything"
            " in the world. Its interval measures sampling error alone."
        ),
        "Payoffs of different players have no common unit and are nowhere compared or added.",
        "A draw with several equilibria, or without one, is counted as such and not spread over outcomes.",
        (
            f"Thresholds, conditions and reasons start from the modal values of {len(scenario.space)}"
            " parameters and hold for pure equilibria of players that move at once."
        ),
    ]
    fitted = [setting.name for setting in scenario.dated if setting.role == "fitted"]
    if fitted:
        items.insert(0, f"The ranges were chosen by people who knew the outcome at {', '.join(fitted)}.")
    return Section("limits", "What this can and cannot say", [*blocks, Listing(items)])
