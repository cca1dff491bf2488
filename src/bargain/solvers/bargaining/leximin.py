"""The agreement that raises the least scaled gain, then the second least: for every form of problem."""

from __future__ import annotations

import numpy as np

from bargain.axes import Bools, Floats
from bargain.games.bargaining import BargainingProblem
from bargain.games.frontier import BargainingFrontier
from bargain.solvers.bargaining.agreements import Agreements, AgreementStatus, Codes, agreement_codes
from bargain.solvers.bargaining.curve import Curve
from bargain.solvers.bargaining.programmes import ideal_lotteries, leximin_lottery
from bargain.solvers.bargaining.segments import Segments, best, blocks
from bargain.solvers.bargaining.unit_gains import NOTHING, UnitGains

__all__ = ["leximin"]


def leximin(
    problem: BargainingProblem | BargainingFrontier, concept: object, weights: Floats | None
) -> Agreements:
    """Return the agreements that are leximin in scaled gains [Imai1983]_.

    Parameters
    ----------
    problem : BargainingProblem or BargainingFrontier
    concept : object
        Recorded in the result.
    weights : float[P] or None
        Gains are divided by them; None to divide each player's by its ideal gain.

    Returns
    -------
    Agreements
        Players who cannot gain at all are not compared.
    """
    if isinstance(problem, BargainingFrontier):
        return _on_curve(problem, concept, weights)
    if not problem.lotteries:
        return _among_packages(problem, concept, weights)
    codes = np.empty(problem.draws, dtype=np.int8)
    lottery = np.zeros((len(problem.packages), problem.draws))
    if len(problem.players) == 2:
        for draws in blocks(problem):
            lottery[:, draws], codes[draws] = _on_segments(UnitGains.of(problem, draws), weights)
    else:
        unit = UnitGains.of(problem)
        for draw in range(problem.draws):
            lottery[:, draw], codes[draw] = _by_programmes(unit, draw, weights)
    return Agreements.of_lotteries(problem, concept, lottery, codes)


def _scale(unit: UnitGains, ideal: Floats, gainers: Bools, weights: Floats | None) -> Floats:
    scale = ideal if weights is None else weights[:, None] / unit.span
    return np.where(gainers, scale, 1.0)


def _on_curve(problem: BargainingFrontier, concept: object, weights: Floats | None) -> Agreements:
    curve = Curve.of(problem)
    scale = curve.ideal if weights is None else np.broadcast_to(weights[:, None], curve.ideal.shape)
    codes = agreement_codes(curve.deal, curve.gainers)
    return Agreements.of_positions(problem, concept, curve.level(scale), codes)


def _among_packages(problem: BargainingProblem, concept: object, weights: Floats | None) -> Agreements:
    unit = UnitGains.of(problem)
    accepted = unit.acceptable
    ideal = np.where(accepted, unit.gains, -np.inf).max(axis=1)
    gainers = ideal > NOTHING
    scaled = unit.gains / _scale(unit, ideal, gainers, weights)[:, None, :]
    ordered = np.sort(np.where(gainers[:, None, :], scaled, np.inf), axis=0)
    left = accepted & np.logical_or.reduce(gainers, axis=0)
    for level in ordered:
        top = np.where(left, level, -np.inf).max(axis=0)
        with np.errstate(invalid="ignore"):  # a player that does not count stands at infinity
            left &= (level == top) | (level >= top - 1e-12 * np.maximum(1.0, np.abs(top)))
    codes = agreement_codes(np.logical_or.reduce(accepted, axis=0), gainers)
    codes[left.sum(axis=0) > 1] = AgreementStatus.TIED
    return Agreements.of_packages(problem, concept, left, codes)


def _on_segments(unit: UnitGains, weights: Floats | None) -> tuple[Floats, Codes]:
    segments = Segments.of(unit)
    ideal = segments.ideal()
    gainers = ideal > NOTHING
    scale = _scale(unit, ideal, gainers, weights)
    weight = np.stack([segments.low, segments.high, segments.level(scale)])
    scaled = segments.gains(weight) / scale[:, None, None, :]
    least = np.where(gainers[:, None, None, :], scaled, np.inf).min(axis=0)
    total = np.where(gainers[:, None, None, :], scaled, 0.0).sum(axis=0)
    chosen, _ = best(least, total, segments.usable)
    return segments.lottery(weight, chosen, unit.gains.shape[1]), agreement_codes(
        np.logical_or.reduce(segments.usable, axis=0), gainers
    )


def _by_programmes(unit: UnitGains, draw: int, weights: Floats | None) -> tuple[Floats, int]:
    gains, floors = unit.gains[..., draw], unit.floors[:, draw]
    nothing = np.zeros(gains.shape[1])
    found = ideal_lotteries(gains, floors)
    if found is None:
        return nothing, AgreementStatus.NO_DEAL
    gainers = found[0] > NOTHING
    if not gainers.any():
        return nothing, AgreementStatus.NO_GAIN
    scale = np.where(gainers, found[0] if weights is None else weights / unit.span[:, draw], 1.0)
    lottery = leximin_lottery(gains, floors, scale, gainers)
    if lottery is None:
        return nothing, AgreementStatus.FAILED
    return lottery, AgreementStatus.AGREED
