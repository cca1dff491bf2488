"""The Nash bargaining solution: the largest product of gains over disagreement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from bargain.axes import Bools, Floats
from bargain.games.bargaining import BargainingProblem
from bargain.games.frontier import BargainingFrontier
from bargain.solvers.bargaining.agreements import Agreements, AgreementStatus, Codes, agreement_codes
from bargain.solvers.bargaining.bargaining_weights import Weights, bargaining_weights
from bargain.solvers.bargaining.curve import Curve
from bargain.solvers.bargaining.log_product import largest_log_product
from bargain.solvers.bargaining.mutual_gain import mutual_gain
from bargain.solvers.bargaining.programmes import ideal_lotteries, widest_lottery
from bargain.solvers.bargaining.segments import Segments, blocks
from bargain.solvers.bargaining.unit_gains import NOTHING, UnitGains

__all__ = ["NashBargaining"]

_GAP = 1e-9  # of the logarithm of the product: above it, the search counts as failed


@dataclass(frozen=True)
class NashBargaining:
    """The agreement with the largest product of gains over disagreement, to the power of weights.

    Over a convex set it is the one agreement that is efficient, symmetric, indifferent to the players' units
    and to packages that are not agreed on [Nash1950]_; weights give up symmetry [HarsanyiSelten1972]_.

    Parameters
    ----------
    weights : mapping of player to float, or sequence of float, optional
        Bargaining power; only proportions matter. Equal where not given.

    Notes
    -----
    Two players: exact, by comparing all segments between packages. More players: an interior-point method,
    all draws at once, finished by Newton's method; a bound from prices shows how near the maximum it is.
    Without lotteries all packages with the largest product are listed, and the status is TIED if there
    are several. Players who cannot gain from any agreement that all accept are left out of the product. The
    status is NO_GAIN if then the product is zero everywhere.

    Examples
    --------
    >>> import bargain as bg
    >>> problem = bg.BargainingProblem.division(("A", "B", "C"), 1.0, disagreement=(0.1, 0.2, 0.05))
    >>> print(bg.NashBargaining({"A": 0.5, "B": 0.3, "C": 0.2}).solve(problem).payoffs[:, 0].round(9))
    [0.425 0.395 0.18 ]
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
        weights = bargaining_weights(problem.players, self.weights, where="NashBargaining")
        if isinstance(problem, BargainingFrontier):
            curve = Curve.of(problem)
            place = curve.peak(lambda gains: log_product(gains, weights[:, None], curve.gainers))
            return Agreements.of_positions(problem, self, place, agreement_codes(curve.deal, curve.gainers))
        if not problem.lotteries:
            return self._among_packages(problem, weights)
        codes = np.empty(problem.draws, dtype=np.int8)
        lottery = np.zeros((len(problem.packages), problem.draws))
        if len(problem.players) == 2:
            for draws in blocks(problem):
                lottery[:, draws], codes[draws] = _on_segments(UnitGains.of(problem, draws), weights)
        else:
            lottery, codes = _in_polytope(UnitGains.of(problem), weights)
        return Agreements.of_lotteries(problem, self, lottery, codes)

    def _among_packages(self, problem: BargainingProblem, weights: Floats) -> Agreements:
        unit = UnitGains.of(problem)
        accepted = unit.acceptable
        gainers = np.where(accepted, unit.gains, -np.inf).max(axis=1) > NOTHING
        value = log_product(unit.gains, weights[:, None, None], gainers[:, None, :])
        value = np.where(accepted & np.logical_or.reduce(gainers, axis=0), value, -np.inf)
        top = value.max(axis=0)
        some = np.isfinite(top)
        listed = some & (value >= np.where(some, top, 0.0) - 1e-12)
        codes = agreement_codes(np.logical_or.reduce(accepted, axis=0), gainers)
        codes[~some & (codes == AgreementStatus.AGREED)] = AgreementStatus.NO_GAIN
        codes[listed.sum(axis=0) > 1] = AgreementStatus.TIED
        return Agreements.of_packages(problem, self, listed, codes)


def log_product(gains: Floats, weights: Floats, gainers: Bools) -> Floats:
    """Return the weighted sum of logarithms of gains over the players, first axis, who count."""
    with np.errstate(divide="ignore"):
        logarithms = np.log(np.maximum(gains, 0.0))
    result: Floats = np.where(gainers, weights * np.where(gainers, logarithms, 0.0), 0.0).sum(axis=0)
    return result


def _on_segments(unit: UnitGains, weights: Floats) -> tuple[Floats, Codes]:
    segments = Segments.of(unit)
    gainers = segments.ideal() > NOTHING
    (p, q), (a, b) = segments.start, segments.step
    opposed = a * b < 0
    # Where the derivative of the logarithm along the segment is zero.
    flat = -(weights[0] * a * q + weights[1] * b * p) / np.where(opposed, weights.sum() * a * b, 1.0)
    inner = np.clip(np.where(opposed, flat, 0.0), segments.low, np.maximum(segments.low, segments.high))
    weight = np.stack([segments.low, segments.high, inner])
    value = log_product(segments.gains(weight), weights[:, None, None, None], gainers[:, None, None, :])
    value = np.where(segments.usable, value, -np.inf)
    chosen = value.reshape(-1, value.shape[-1]).argmax(axis=0)
    codes = agreement_codes(np.logical_or.reduce(segments.usable, axis=0), gainers)
    return segments.lottery(weight, chosen, unit.gains.shape[1]), codes


def _in_polytope(unit: UnitGains, weights: Floats) -> tuple[Floats, Codes]:
    players, packages, draws = unit.gains.shape
    gains = np.ascontiguousarray(unit.gains.transpose(2, 0, 1))
    floors = np.where(unit.floors > NOTHING, unit.floors, 0.0).T
    codes = np.full(draws, AgreementStatus.AGREED, dtype=np.int8)
    counts = np.broadcast_to(weights, (draws, players)).copy()
    held = np.zeros((draws, players), dtype=np.bool_)
    # A package that gives all players more than they need is a start; mixing in the others keeps it one.
    margin = (unit.gains - unit.floors[:, None, :]).min(axis=0)
    first = margin.argmax(axis=0)
    room = margin[first, np.arange(draws)]
    begin_with = np.zeros((draws, packages))
    begin_with[np.arange(draws), first] = 1.0
    tight = np.flatnonzero(room <= 1e-6)
    if tight.size:
        # A lottery may do so where no package does; or prices show that nothing does.
        margins = unit.gains[..., tight] - unit.floors[:, None, tight]
        mixed, hopeless = mutual_gain(margins)
        codes[tight[hopeless & (room[tight] >= 0) & (floors[tight] == 0).all(axis=1)]] = (
            AgreementStatus.NO_GAIN
        )
        least = np.einsum("pkn,kn->pn", margins, mixed).min(axis=0)
        better = least > 1e-6
        room[tight[better]], begin_with[tight[better]] = least[better], mixed.T[better]
    mix = 0.25 * room / (room + 2.0)
    start = (1.0 - mix)[:, None] * begin_with + (mix / packages)[:, None]
    for draw in np.flatnonzero((room <= 1e-6) & (codes == AgreementStatus.AGREED)):
        begin = _start(gains[draw], floors[draw])
        codes[draw] = begin[0]
        if begin[0] == AgreementStatus.AGREED:
            _, start[draw], gainers, held[draw] = begin
            counts[draw] = np.where(gainers, weights, 0.0)
            counts[draw] /= counts[draw].sum()
    lottery = np.zeros((draws, packages))
    agreed = codes == AgreementStatus.AGREED
    some = (start <= 0).any(axis=1) & agreed
    for draw in np.flatnonzero(some):
        # Packages that no acceptable lottery contains are taken out first.
        keep = start[draw] > 0
        lottery[draw, keep], gap = (
            part[0]
            for part in largest_log_product(
                gains[draw][None, :, keep], floors[draw][None], counts[draw][None], start[draw][None, keep],
                held[draw][None],
            )
        )  # fmt: skip
        codes[draw] = AgreementStatus.AGREED if gap < _GAP else AgreementStatus.FAILED
    plain = np.flatnonzero(agreed & ~some)
    if plain.size:
        lottery[plain], gap = largest_log_product(
            gains[plain], floors[plain], counts[plain], start[plain], held[plain]
        )
        codes[plain[~(gap < _GAP)]] = AgreementStatus.FAILED
    return lottery.T, codes


def _start(gains: Floats, floors: Floats) -> tuple[AgreementStatus, Floats, Bools, Bools]:
    """Return a lottery inside the acceptable set, who can gain, and whose gain cannot change."""
    nothing, nobody = np.empty(0), np.zeros(0, dtype=np.bool_)
    found = ideal_lotteries(gains, floors)
    if found is None:
        return AgreementStatus.NO_DEAL, nothing, nobody, nobody
    ideal, lotteries = found
    gainers = ideal > NOTHING
    if not gainers.any():
        return AgreementStatus.NO_GAIN, nothing, nobody, nobody
    held = ideal <= floors + NOTHING
    inside = lotteries[gainers].mean(axis=0)
    if not held.any():
        # The average gives all more than they need: room to mix in every package.
        room = float((gains @ inside - floors).min())
        mix = 0.25 * room / (room + 2.0)
        return AgreementStatus.AGREED, (1.0 - mix) * inside + mix / inside.size, gainers, held
    inside = 0.5 * inside + 0.5 * widest_lottery(gains, floors)
    inside[inside < NOTHING] = 0.0
    inside /= inside.sum()
    # One condition for each player whose gain cannot change, unless it follows from the others.
    rows = [np.ones(int((inside > 0).sum()))]
    for player in np.flatnonzero(held):
        more = [*rows, gains[player, inside > 0]]
        held[player] = np.linalg.matrix_rank(np.array(more)) == len(more)
        rows = more if held[player] else rows
    return AgreementStatus.AGREED, inside, gainers, held
