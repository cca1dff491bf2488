"""Which outcome of a setting a report on another kind of game asks about."""

from __future__ import annotations

from bargain.games.labels import Outcome
from bargain.report.kind_answers import KindAnswers
from bargain.scenarios.scenario import Scenario

__all__ = ["leading"]


def leading(scenario: Scenario, found: KindAnswers, setting: str) -> Outcome:
    """Return the outcome that is predicted in most draws of a setting.

    Parameters
    ----------
    scenario : Scenario
    found : KindAnswers
    setting : str

    Returns
    -------
    tuple of str
    """
    shares = found.shares[setting]["share"]
    proper = [row for row in shares.index if row in scenario.labels.outcomes]
    return max(proper, key=lambda row: float(shares[row]))
