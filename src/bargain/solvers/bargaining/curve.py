"""Two players and a smooth frontier: places on it, for all draws at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bargain.axes import Bools, Floats
from bargain.games.frontier import BargainingFrontier

__all__ = ["Curve", "bisect"]

_HALVINGS = 64  # more change nothing in a double
_GOLDEN = (5**0.5 - 1) / 2
# Fourth differences: weights at -2, -1, 1 and 2 steps.
_STENCIL = ((-2, 1 / 12), (-1, -2 / 3), (1, 2 / 3), (2, -1 / 12))


@dataclass(frozen=True, eq=False)
class Curve:
    """What both players accept of a frontier.

    Attributes
    ----------
    problem : BargainingFrontier
    low, high : float[N]
        The acceptable positions.
    deal : bool[N]
        Where there are any.
    ideal : float[2, N]
        Each player's largest gain among them.
    gainers : bool[2, N]
        Whose ideal gain is positive.
    """

    problem: BargainingFrontier
    low: Floats
    high: Floats
    deal: Bools
    ideal: Floats
    gainers: Bools

    @classmethod
    def of(cls, problem: BargainingFrontier) -> Curve:
        """Cut the frontier to what both players accept."""
        start, end = (np.full(problem.draws, place) for place in problem.domain)
        least = problem.floors
        low = bisect(lambda x: problem.payoffs(x)[0] - least[0], start, end)
        # From the other side: the last place that the second player accepts.
        high = end - bisect(lambda x: problem.payoffs(end - x)[1] - least[1], 0 * end, end - start)
        first, second = problem.payoffs(low), problem.payoffs(high)
        size = np.abs(np.stack([problem.payoffs(start), problem.payoffs(end)])).max(axis=0) + np.abs(least)
        slack = 1e-12 * size
        deal = (first[0] >= least[0] - slack[0]) & (second[1] >= least[1] - slack[1])
        deal &= low <= high + 1e-12 * (end - start)
        high = np.maximum(low, high)
        ideal = np.stack([problem.payoffs(high)[0], problem.payoffs(low)[1]]) - problem.disagreement
        return cls(problem, low, high, deal, ideal, (ideal > slack) & deal)

    def gains(self, position: Floats) -> Floats:
        """Return gains over disagreement, float[2, N]."""
        return self.problem.payoffs(position) - self.problem.disagreement

    def level(self, scale: Floats) -> Floats:
        """Return where both gains over their scale, float[2, N], are equal, or the nearest end, float[N].

        Where only one player can gain, that player's end.
        """
        safe = np.where(self.gainers, scale, 1.0)

        def difference(position: Floats) -> Floats:
            scaled = self.gains(position) / safe
            result: Floats = scaled[0] - scaled[1]
            return result

        return self._ends(bisect(difference, self.low, self.high))

    def peak(self, measure: Callable[[Floats], Floats]) -> Floats:
        """Return where a measure of gains, float[2, ...] to float[...], is largest, float[N].

        The measure rises to its maximum along the curve and falls from there. Golden section finds the place
        to half the digits; where the measure is smooth, its slope gives the others.
        """
        low, high = self.low.copy(), self.high.copy()

        def value(position: Floats) -> Floats:
            return measure(self.gains(position))

        inner = high - _GOLDEN * (high - low)
        outer = low + _GOLDEN * (high - low)
        at_inner, at_outer = value(inner), value(outer)
        for _ in range(80):
            left = at_inner >= at_outer
            low, high = np.where(left, low, inner), np.where(left, outer, high)
            new = np.where(left, high - _GOLDEN * (high - low), low + _GOLDEN * (high - low))
            at_new = value(new)
            inner, outer = np.where(left, new, outer), np.where(left, inner, new)
            at_inner, at_outer = np.where(left, at_new, at_outer), np.where(left, at_inner, at_new)
        place = 0.5 * (low + high)
        for end in (self.low, self.high):
            place = np.where(value(end) > value(place), end, place)
        return self._ends(self._sharpened(place, value))

    def _sharpened(self, place: Floats, value: Callable[[Floats], Floats]) -> Floats:
        width = self.high - self.low
        room = np.minimum(place - self.low, self.high - place)
        near = np.minimum(1e-6 * width, 0.1 * room)
        step = np.minimum(1e-3 * width, 0.4 * (room - near))
        inside = step > 1e-5 * width
        step = np.where(inside, step, 1.0)

        def fall(position: Floats) -> Floats:
            total = np.zeros_like(position)
            for times, weight in _STENCIL:
                total -= weight * value(np.clip(position + times * step, self.low, self.high))
            return total / step

        with np.errstate(invalid="ignore"):
            sharp = bisect(fall, place - near, place + near)
        was, now = value(place), value(sharp)
        with np.errstate(invalid="ignore"):
            better = inside & (now >= was - 4 * np.finfo(float).eps * (1 + np.abs(was)))
        return np.where(better, sharp, place)

    def _ends(self, place: Floats) -> Floats:
        one = self.gainers[0] & ~self.gainers[1]
        other = self.gainers[1] & ~self.gainers[0]
        return np.where(one, self.high, np.where(other, self.low, place))


def bisect(rising: Callable[[Floats], Floats], low: Floats, high: Floats) -> Floats:
    """Return where a rising function of one variable reaches zero, float[N], or the nearer end."""
    low, high = low.copy(), high.copy()
    below = rising(low) >= 0
    above = rising(high) < 0
    first, last = low.copy(), high.copy()
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        reached = rising(middle) >= 0
        high = np.where(reached, middle, high)
        low = np.where(reached, low, middle)
    return np.where(below, first, np.where(above, last, high))
