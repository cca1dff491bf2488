"""Which outcome of a setting the report asks about: what happened, or what is predicted."""

from __future__ import annotations

from bargain.games.labels import Outcome
from bargain.report.answers import Answers
from bargain.scenarios.scenario import Scenario
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import solve

__all__ = ["asked"]


def asked(scenario: Scenario, found: Answers, setting: str) -> Outcome:
    """Return the outcome of a setting that sensitivities and levers are about.

    Parameters
    ----------
    scenario : Scenario
    found : Answers
    setting : str

    Returns
    -------
    tuple of str
        What happened, in the usual coding; where nothing has happened yet, the only pure equilibrium at the
        modal values, or else the outcome that is predicted most often.
    """
    happened = scenario.setting(setting).history
    if happened is not None:
        return happened
    profiles = solve(scenario.game(setting), PureNash()).profiles()
    if len(profiles) == 1:
        return tuple(action for mixture in profiles[0].values() for action in mixture)
    shares = found.shares[setting]["share"]
    proper = [row for row in shares.index if row in scenario.labels.outcomes]
    return max(proper, key=lambda row: float(shares[row]))
