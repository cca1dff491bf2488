"""The ideal point: the most that each player could get from an agreement that all accept."""

from __future__ import annotations

import numpy as np

from bargain.axes import Floats
from bargain.games.bargaining import BargainingProblem
from bargain.games.frontier import BargainingFrontier
from bargain.solvers.bargaining.curve import Curve
from bargain.solvers.bargaining.programmes import ideal_lotteries
from bargain.solvers.bargaining.segments import Segments, blocks
from bargain.solvers.bargaining.unit_gains import UnitGains

__all__ = ["ideal_point"]


def ideal_point(problem: BargainingProblem | BargainingFrontier) -> Floats:
    """Return the ideal point of every draw [KalaiSmorodinsky1975]_.

    Parameters
    ----------
    problem : BargainingProblem or BargainingFrontier

    Returns
    -------
    float[P, N]
        The largest payoff of each player among agreements that give every player its floor; NaN where
        there is none.

    Examples
    --------
    >>> import bargain as bg
    >>> problem = bg.BargainingProblem(("A", "B"), {"one": (3, 1), "other": (-1, 4)}, disagreement=(0, 0))
    >>> print(bg.ideal_point(problem)[:, 0])
    [3.   3.25]
    """
    if isinstance(problem, BargainingFrontier):
        curve = Curve.of(problem)
        return np.where(curve.deal, curve.ideal + problem.disagreement, np.nan)
    ideal = np.empty((len(problem.players), problem.draws))
    span = UnitGains.of(problem).span
    if not problem.lotteries:
        unit = UnitGains.of(problem)
        ideal[:] = np.where(unit.acceptable, unit.gains, -np.inf).max(axis=1)
    elif len(problem.players) == 2:
        for draws in blocks(problem):
            ideal[:, draws] = Segments.of(UnitGains.of(problem, draws)).ideal()
    else:
        unit = UnitGains.of(problem)
        for draw in range(problem.draws):
            found = ideal_lotteries(unit.gains[..., draw], unit.floors[:, draw])
            ideal[:, draw] = -np.inf if found is None else found[0]
    return np.where(np.isfinite(ideal), problem.disagreement + span * ideal, np.nan)
