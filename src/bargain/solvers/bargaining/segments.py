"""Two players and lotteries: every efficient agreement lies on a segment between two packages.

All segments lie in the hull and the hull's edges are among them, so the best point of all segments is the
best point of the hull. No hull is computed, and all draws are treated at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bargain.axes import Bools, Floats, Ints
from bargain.games.bargaining import BargainingProblem
from bargain.solvers.bargaining.unit_gains import UnitGains

__all__ = ["Segments", "best", "blocks"]

_CELLS = 2_000_000  # segments x draws treated at once


def blocks(problem: BargainingProblem) -> Iterator[slice]:
    """Yield the draws in blocks that keep the segments in memory."""
    packages = len(problem.packages)
    step = max(1, _CELLS // max(1, packages * packages // 2))
    for start in range(0, problem.draws, step):
        yield slice(start, min(start + step, problem.draws))


@dataclass(frozen=True, eq=False)
class Segments:
    """The segments between packages, cut to what both players accept.

    Attributes
    ----------
    first, second : int[M]
        The packages at the ends.
    start, step : float[2, M, N]
        Unit gains at the first package, and from there to the second.
    low, high : float[M, N]
        What is acceptable: the weight of the second package lies between them.
    usable : bool[M, N]
        Where anything is.
    """

    first: Ints
    second: Ints
    start: Floats
    step: Floats
    low: Floats
    high: Floats
    usable: Bools

    @classmethod
    def of(cls, unit: UnitGains) -> Segments:
        """Cut all segments of a batch of two-player problems."""
        packages = unit.gains.shape[1]
        first, second = np.triu_indices(packages, k=1 if packages > 1 else 0)
        start = unit.gains[:, first]
        step = unit.gains[:, second] - start
        short = unit.floors[:, None, :] - start  # what the first package lacks
        low, high = np.zeros(start.shape[1:]), np.ones(start.shape[1:])
        usable = np.ones(start.shape[1:], dtype=np.bool_)
        for lacks, slope in zip(short, step, strict=True):
            flat = slope == 0
            bound = lacks / np.where(flat, 1.0, slope)
            low = np.where(slope > 0, np.maximum(low, bound), low)
            high = np.where(slope < 0, np.minimum(high, bound), high)
            usable &= ~flat | (lacks <= 1e-13)
        usable &= low <= high + 1e-13
        return cls(first, second, start, step, np.clip(low, 0, 1), np.clip(high, 0, 1), usable)

    def gains(self, weight: Floats) -> Floats:
        """Return unit gains, float[2, C, M, N], at weights of the second package, float[C, M, N]."""
        return self.start[:, None] + weight * self.step[:, None]

    def ideal(self) -> Floats:
        """Return each player's largest unit gain that the other accepts, float[2, N], -inf where none."""
        ends = self.gains(np.stack([self.low, self.high]))
        result: Floats = np.where(self.usable, ends, -np.inf).max(axis=(1, 2))
        return result

    def level(self, scale: Floats) -> Floats:
        """Return the weights at which both players' gains over their scale are equal, float[M, N].

        Where they are nowhere equal, some end of the segment.
        """
        difference = self.start[0] / scale[0] - self.start[1] / scale[1]
        slope = self.step[0] / scale[0] - self.step[1] / scale[1]
        flat = slope == 0
        weight = np.where(flat, self.low, -difference / np.where(flat, 1.0, slope))
        return np.minimum(np.maximum(weight, self.low), self.high)

    def lottery(self, weight: Floats, chosen: Ints, packages: int) -> Floats:
        """Return the lotteries, float[K, N], of the chosen candidates, int[N], among ``weight[C, M, N]``."""
        draws = np.arange(weight.shape[-1])
        at = weight.reshape(-1, draws.size)[chosen, draws]
        segment = chosen % self.first.size
        result = np.zeros((packages, draws.size))
        # np.add.at: with a single package both ends are the same.
        np.add.at(result, (self.first[segment], draws), 1.0 - at)
        np.add.at(result, (self.second[segment], draws), at)
        return result


def best(primary: Floats, secondary: Floats, usable: Bools) -> tuple[Ints, Bools]:
    """Return the best candidate of each draw, int[N], and which equal it by the first measure, bool[C, M, N].

    ``primary`` and ``secondary``, float[C, M, N]: the second decides where the first ties within 1e-13.
    """
    first = np.where(usable, primary, -np.inf)
    top = first.max(axis=(0, 1))
    with np.errstate(invalid="ignore"):
        ties = first >= top - 1e-13 * np.maximum(1.0, np.abs(top))
    ties &= usable
    second = np.where(ties, secondary, -np.inf)
    chosen: Ints = second.reshape(-1, second.shape[-1]).argmax(axis=0)
    return chosen, ties
