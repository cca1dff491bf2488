"""Ends of segments of equilibria along which one player, indifferent by a tie, mixes two actions."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np

from bargain.axes import Floats, Ints
from bargain.solvers.nash.candidates import Candidates
from bargain.solvers.nash.indifference import Support

__all__ = ["tied_edges"]

_TIE = 1e-10  # relative to a player's payoff range


def tied_edges(unit: Floats) -> Candidates:
    """Find the equilibria at which a tied player's mix of two actions makes another player indifferent.

    The others play pure actions between which the tied player is indifferent. Its mixes that keep those best
    replies form a segment, which ends in a pure profile or where some other player becomes indifferent.

    Parameters
    ----------
    unit : float[P, A..., N]
        Payoffs, each player's scaled to a range of one.

    Returns
    -------
    Candidates
        Of index zero; the pure ends are left out.
    """
    shape = unit.shape[1:-1]
    found = [Candidates.none(shape)]
    for player, actions in enumerate(shape):
        for profile in product(*(range(1 if other == player else size) for other, size in enumerate(shape))):
            for pair in combinations(range(actions), 2):
                first, second = (_replaced(profile, player, action) for action in pair)
                draw = np.flatnonzero(np.abs(unit[player][second] - unit[player][first]) <= _TIE)
                if draw.size:
                    support = tuple(pair if p == player else (a,) for p, a in enumerate(profile))
                    for opponent, size in enumerate(shape):
                        if opponent != player:
                            own = np.take(unit[opponent], draw, axis=-1)
                            for action in range(size):
                                gains = [
                                    own[_replaced(end, opponent, action)] - own[end]
                                    for end in (first, second)
                                ]
                                found.append(_end(unit, draw, gains, support, player))
    return Candidates.joined(found)


def _end(unit: Floats, draw: Ints, gains: list[Floats], support: Support, player: int) -> Candidates:
    """Judge the mixes at which an opponent's gain is zero, strictly between the two actions."""
    place = np.flatnonzero(gains[0] * gains[1] < 0)
    if not place.size:
        return Candidates.none(unit.shape[1:-1])
    low, high = gains[0][place], gains[1][place]
    weight = np.stack([high, -low]) / (high - low)
    weights = [weight if p == player else np.ones((1, place.size)) for p in range(len(support))]
    return Candidates.judged(unit, draw[place], weights, support)


def _replaced(profile: tuple[int, ...], player: int, action: int) -> tuple[int, ...]:
    return (*profile[:player], action, *profile[player + 1 :])
