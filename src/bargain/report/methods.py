"""Which methods a report of a scenario uses, so that their references can be named."""

from __future__ import annotations

from typing import Any

from bargain.scenarios.scenario import Scenario
from bargain.sensitivity.changes import smallest_change
from bargain.sensitivity.decomposition import decompose
from bargain.sensitivity.levers import levers
from bargain.sensitivity.minimal_sets import minimal_sets
from bargain.sensitivity.regional import regional_sensitivity
from bargain.sensitivity.sobol import sobol_indices
from bargain.sensitivity.thresholds import thresholds
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.subgame_perfect import SubgamePerfect
from bargain.sweep.compare import compare
from bargain.sweep.reducers import OutcomeShares

__all__ = ["methods"]


def methods(scenario: Scenario) -> tuple[Any, ...]:
    """Return the solvers and functions behind a report of a scenario.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    tuple of object
        As `bargain.cite` takes them.

    Examples
    --------
    >>> import bargain as bg
    >>> [type(m).__name__ for m in methods(bg.load_scenario("gsomia"))[:2]]
    ['PureNash', 'SubgamePerfect']
    """
    if scenario.kind != "normal_form":
        return (scenario.default_solver(), OutcomeShares(), compare, regional_sensitivity)
    used: list[Any] = [PureNash()]
    used += [SubgamePerfect(groups) for groups in list(scenario.orders.values())[:1]]
    used += [OutcomeShares(), compare, thresholds, smallest_change, minimal_sets, decompose, levers]
    used += [regional_sensitivity]
    # Sobol's indices are those of independent parameters.
    used += [sobol_indices] if scenario.space.dependence is None else [scenario.space.dependence]
    return tuple(used)
