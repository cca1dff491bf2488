"""Gains of packages, each player's in units of its largest: so tolerances mean the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bargain.axes import Bools, Floats
from bargain.games.bargaining import BargainingProblem

__all__ = ["NOTHING", "UnitGains"]

NOTHING = 1e-11  # a gain no larger than this, in units of the largest that any package gives, is none


@dataclass(frozen=True, eq=False)
class UnitGains:
    """Gains in units of each player's largest gain or loss.

    Attributes
    ----------
    gains : float[P, K, N]
        Between -1 and 1.
    floors : float[P, N]
        The least gain that each player would ratify, not negative.
    span : float[P, N]
        The unit: payoff gains are ``span x gains``.
    """

    gains: Floats
    floors: Floats
    span: Floats

    @classmethod
    def of(cls, problem: BargainingProblem, draws: slice = slice(None)) -> UnitGains:
        """Measure the gains of a problem, or of some of its draws."""
        without = problem.disagreement[:, draws]
        gains = problem.payoffs[..., draws] - without[:, None, :]
        span = np.abs(gains).max(axis=1)
        span[span == 0] = 1.0
        return cls(gains / span[:, None, :], (problem.floors[:, draws] - without) / span, span)

    @property
    def acceptable(self) -> Bools:
        """Which packages give every player its floor, up to rounding, bool[K, N]."""
        result: Bools = np.logical_and.reduce(self.gains >= self.floors[:, None, :] - 1e-13, axis=0)
        return result
