"""Offers in turn over any convex set of agreements: what stands behind the Nash solution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from bargain.axes import Bools, Floats
from bargain.errors import InvalidArgumentError, UnsupportedGameError
from bargain.games.bargaining import BargainingProblem
from bargain.games.frontier import BargainingFrontier
from bargain.solvers.bargaining.curve import Curve, bisect
from bargain.solvers.bargaining.segments import Segments, blocks
from bargain.solvers.bargaining.unit_gains import NOTHING, UnitGains

__all__ = ["rubinstein_offers"]

Best = Callable[[int, Floats], Floats]


def rubinstein_offers(problem: BargainingProblem | BargainingFrontier, patience: npt.ArrayLike) -> Floats:
    """Return what both players get when they make offers in turn without a deadline [Rubinstein1982]_.

    Each accepts what gives it its patience times the gain that it would have as the next proposer. As
    patience goes to one, both players' offers go to the Nash solution, with weights in proportion to
    ``1 / (1 - patience)`` [BinmoreRubinsteinWolinsky1986]_.

    Parameters
    ----------
    problem : BargainingProblem or BargainingFrontier
        Of two players, with lotteries.
    patience : array_like, float, float[2] or float[2, N]
        Which part of a player's gain over disagreement is left after a round's delay, below 1: its
        discount factor, or the probability that negotiations do not break down in between.

    Returns
    -------
    float[2, 2, N]
        ``offers[proposer, player, draw]``: payoffs if that player makes the first offer; the disagreement
        point where nobody can gain, NaN where nothing is acceptable.

    Raises
    ------
    InvalidArgumentError
        If patience is not between 0 and 1.
    UnsupportedGameError
        If there are more players, or no lotteries.

    Examples
    --------
    >>> import bargain as bg
    >>> problem = bg.BargainingFrontier(("A", "B"), lambda x: (x, 1 - x**2), (0, 1), disagreement=(0, 0))
    >>> for patience in (0.5, 0.9, 0.999):
    ...     print(bg.rubinstein_offers(problem, (patience, patience))[:, 0, 0].round(4))
    [0.7559 0.378 ]
    [0.6075 0.5467]
    [0.5776 0.5771]
    """
    if len(problem.players) != 2 or (isinstance(problem, BargainingProblem) and not problem.lotteries):
        raise UnsupportedGameError(
            f"rubinstein_offers: two players and a convex set of agreements were expected, given {problem!r}"
        )
    try:
        left = np.asarray(patience, dtype=np.float64)
    except (TypeError, ValueError):
        left = np.array([np.nan])
    left = np.full((2, 1), left) if left.ndim == 0 else left
    left = left[:, None] if left.ndim == 1 else left
    if left.ndim != 2 or left.shape[0] != 2 or not ((left >= 0) & (left < 1)).all():
        raise InvalidArgumentError(
            f"rubinstein_offers: patience: two numbers from 0 to below 1 were expected, given {patience!r}"
        )
    if left.shape[1] not in {1, problem.draws}:
        raise InvalidArgumentError(
            f"rubinstein_offers: patience: 1 or {problem.draws} draws were expected, given {left.shape[1]}"
        )
    left = np.broadcast_to(left, (2, problem.draws))
    if isinstance(problem, BargainingFrontier):
        curve = Curve.of(problem)
        gains = _offers(_along(curve), curve.ideal, left)
        return _payoffs(gains, problem.disagreement, curve.deal, curve.gainers)
    offers = np.empty((2, 2, problem.draws))
    for draws in blocks(problem):
        unit = UnitGains.of(problem, draws)
        ideal = Segments.of(unit).ideal()
        gains = _offers(_between(unit), np.maximum(ideal, 0.0), left[:, draws])
        offers[..., draws] = _payoffs(
            gains * unit.span, problem.disagreement[:, draws], np.isfinite(ideal[0]), ideal > NOTHING
        )
    return offers


def _offers(best: Best, ideal: Floats, left: Floats) -> Floats:
    """Return gains, [proposer, player, N]; ``best(i, g)``: the most for i that leaves g to the other."""

    def answered(own: Floats) -> Floats:
        """Return by how much the first player's gain exceeds what it can ask for in reply."""
        other = best(1, left[0] * own)
        result: Floats = own - best(0, left[1] * other)
        return result

    first = bisect(answered, np.zeros_like(ideal[0]), ideal[0])
    second = best(1, left[0] * first)
    # Where a player proposes what it likes best of all, the other may get more than it would insist on.
    answers = (
        np.maximum(left[0] * first, best(0, second)),
        np.maximum(left[1] * second, best(1, first)),
    )
    return np.array([[first, answers[1]], [answers[0], second]])


def _payoffs(gains: Floats, disagreement: Floats, deal: Bools, gainers: Bools) -> Floats:
    # One who cannot gain has nothing to refuse.
    result: Floats = np.where(gainers.any(axis=0), gains, 0.0) + disagreement
    return np.where(deal, result, np.nan)


def _along(curve: Curve) -> Best:
    def best(player: int, least: Floats) -> Floats:
        if player == 0:
            # The last place that the second player accepts.
            back = bisect(
                lambda x: curve.gains(curve.high - x)[1] - least, 0 * curve.low, curve.high - curve.low
            )
            return _row(curve.gains(curve.high - back), 0)
        place = bisect(lambda x: curve.gains(x)[0] - least, curve.low, curve.high)
        return _row(curve.gains(place), 1)

    return best


def _row(gains: Floats, player: int) -> Floats:
    result: Floats = gains[player]
    return result


def _between(unit: UnitGains) -> Best:
    def best(player: int, least: Floats) -> Floats:
        floors = np.array(unit.floors)
        floors[1 - player] = np.maximum(floors[1 - player], least)
        ideal: Floats = Segments.of(replace(unit, floors=floors)).ideal()[player]
        return np.where(np.isfinite(ideal), ideal, 0.0)

    return best
