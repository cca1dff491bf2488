"""The utilitarian solution: the largest sum of payoffs among agreements that all accept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from bargain.axes import Floats
from bargain.games.bargaining import BargainingProblem
from bargain.games.frontier import BargainingFrontier
from bargain.solvers.bargaining.agreements import Agreements, AgreementStatus, Codes, agreement_codes
from bargain.solvers.bargaining.bargaining_weights import Weights, bargaining_weights
from bargain.solvers.bargaining.curve import Curve
from bargain.solvers.bargaining.programmes import ideal_lotteries, utilitarian_lottery
from bargain.solvers.bargaining.segments import Segments, best, blocks
from bargain.solvers.bargaining.unit_gains import NOTHING, UnitGains

__all__ = ["Utilitarian"]


@dataclass(frozen=True)
class Utilitarian:
    """The agreement with the largest weighted sum of payoffs that gives every player its floor.

    It compares players' payoffs, so they must be in one unit that means the same to all [Thomson1994]_.

    Parameters
    ----------
    weights : mapping of player to float, or sequence of float, optional

    Notes
    -----
    Where several agreements have the largest sum, the status is TIED; without lotteries all are listed,
    with lotteries the one of them that raises the least gain furthest.

    Examples
    --------
    >>> import bargain as bg
    >>> problem = bg.BargainingProblem(("A", "B"), {"one": (4, 0), "other": (0, 1)}, disagreement=(0, 0))
    >>> print(bg.Utilitarian().solve(problem).payoffs[:, 0])
    [4. 0.]
    """

    weights: Weights = None

    games: ClassVar[tuple[type, ...]] = (BargainingProblem, BargainingFrontier)

    def solve(self, problem: BargainingProblem | BargainingFrontier) -> Agreements:
        """Return the agreement of every draw.

        Parameters
        ----------
        problem : BargainingProblem or BargainingFrontier

        Returns
        -------
        Agreements

        Raises
        ------
        InvalidArgumentError
            If weights are not positive or a player has none.
        UnknownNameError
        """
        weights = bargaining_weights(problem.players, self.weights, where="Utilitarian")
        if isinstance(problem, BargainingFrontier):
            return self._on_curve(problem, weights)
        if not problem.lotteries:
            return self._among_packages(problem, weights)
        codes = np.empty(problem.draws, dtype=np.int8)
        lottery = np.zeros((len(problem.packages), problem.draws))
        if len(problem.players) == 2:
            for draws in blocks(problem):
                lottery[:, draws], codes[draws] = _on_segments(UnitGains.of(problem, draws), weights)
        else:
            unit = UnitGains.of(problem)
            for draw in range(problem.draws):
                lottery[:, draw], codes[draw] = _by_programmes(unit, draw, weights)
        return Agreements.of_lotteries(problem, self, lottery, codes)

    def _on_curve(self, problem: BargainingFrontier, weights: Floats) -> Agreements:
        curve = Curve.of(problem)
        place = curve.peak(lambda gains: np.tensordot(weights, gains, axes=1))
        codes = agreement_codes(curve.deal, curve.gainers)
        # A straight frontier may be level: then any two of its places have the same sum.
        sums = [weights @ curve.gains(at) for at in (place, curve.low, curve.high)]
        level = sums[0] <= np.maximum(sums[1], sums[2]) + 1e-13 * (1 + np.abs(sums[0]))
        middle = weights @ curve.gains(0.5 * (curve.low + curve.high))
        level &= (middle >= sums[0] - 1e-13 * (1 + np.abs(sums[0]))) & (curve.high > curve.low)
        level &= codes == AgreementStatus.AGREED
        fair = curve.level(np.ones((2, problem.draws)))
        level &= weights @ curve.gains(fair) >= sums[0] - 1e-13 * (1 + np.abs(sums[0]))
        codes[level] = AgreementStatus.TIED
        return Agreements.of_positions(problem, self, np.where(level, fair, place), codes)

    def _among_packages(self, problem: BargainingProblem, weights: Floats) -> Agreements:
        unit = UnitGains.of(problem)
        accepted = unit.acceptable
        gainers = np.where(accepted, unit.gains, -np.inf).max(axis=1) > NOTHING
        total = np.tensordot(weights, problem.gains, axes=1)
        codes = agreement_codes(np.logical_or.reduce(accepted, axis=0), gainers)
        accepted = accepted & (codes == AgreementStatus.AGREED)
        top = np.where(accepted, total, -np.inf).max(axis=0)
        size = (weights[:, None] * unit.span).sum(axis=0)
        with np.errstate(invalid="ignore"):
            listed = accepted & (total >= top - 1e-12 * size)
        codes[listed.sum(axis=0) > 1] = AgreementStatus.TIED
        return Agreements.of_packages(problem, self, listed, codes)


def _on_segments(unit: UnitGains, weights: Floats) -> tuple[Floats, Codes]:
    segments = Segments.of(unit)
    gainers = segments.ideal() > NOTHING
    weight = np.stack([segments.low, segments.high, segments.level(1.0 / unit.span)])
    gains = segments.gains(weight)
    price = weights[:, None] * unit.span
    price = price / price.sum(axis=0)
    total = (price[:, None, None, :] * gains).sum(axis=0)
    least = (unit.span[:, None, None, :] * gains).min(axis=0)
    chosen, ties = best(total, least, segments.usable)
    spread = [
        np.where(ties, own, -np.inf).max(axis=(0, 1)) - np.where(ties, own, np.inf).min(axis=(0, 1))
        for own in gains
    ]
    codes = agreement_codes(np.logical_or.reduce(segments.usable, axis=0), gainers)
    codes[(np.max(spread, axis=0) > 1e-9) & (codes == AgreementStatus.AGREED)] = AgreementStatus.TIED
    return segments.lottery(weight, chosen, unit.gains.shape[1]), codes


def _by_programmes(unit: UnitGains, draw: int, weights: Floats) -> tuple[Floats, int]:
    nothing = np.zeros(unit.gains.shape[1])
    found = ideal_lotteries(unit.gains[..., draw], unit.floors[:, draw])
    if found is None:
        return nothing, AgreementStatus.NO_DEAL
    if not (found[0] > NOTHING).any():
        return nothing, AgreementStatus.NO_GAIN
    price = weights * unit.span[:, draw]
    answer = utilitarian_lottery(unit, draw, price / price.sum())
    if answer is None:
        return nothing, AgreementStatus.FAILED
    return answer[0], AgreementStatus.TIED if answer[1] else AgreementStatus.AGREED
