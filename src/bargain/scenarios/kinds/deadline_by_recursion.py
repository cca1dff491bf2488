"""Talks with a date solved again, round by round and offer by offer, one draw at a time, to audit a sweep."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["End", "Talks", "end_of_talks"]

_NEAR = 1e-12
_ROUNDS = 4000

Pair = tuple[float, float]


@dataclass(frozen=True)
class Talks:
    """The numbers of one game of talks, of both players each.

    Attributes
    ----------
    deals : sequence of (pair, pair)
        What each deal gives at depth 0 and at depth 1.
    disagreement, patience, posturing : pair of float
    breakdown : float
    rounds, first : int
    firm : bool
        Whether the date is; else it may be any round.
    paid : sequence of pair of float
        What a mediator adds in each round; of a date that is not firm, in all of them.
    outside : pair of float, or None
    recognition : pair of float, or None
    """

    deals: Sequence[tuple[Pair, Pair]]
    disagreement: Pair
    patience: Pair
    posturing: Pair
    breakdown: float
    rounds: int
    first: int
    firm: bool
    paid: Sequence[Pair]
    outside: Pair | None
    recognition: Pair | None


@dataclass(frozen=True)
class End:
    """How talks end: by an agreement, by somebody who walks out, or, in round 0, because time runs out."""

    round: int
    deal: int = -1
    depth: float = math.nan
    payoffs: Pair = (math.nan, math.nan)
    walked: bool = False


_LAPSED = End(0)


def end_of_talks(talks: Talks) -> End:
    """Return how talks end, if they do not break down before.

    Parameters
    ----------
    talks : Talks

    Returns
    -------
    End
        Where chance decides who proposes, one at which either's offer leads; told by the first player's.
    """
    if talks.firm:
        end, value = _LAPSED, talks.disagreement
        for number in reversed(range(1, talks.rounds + 1)):
            wait = talks.disagreement if number == talks.rounds else _after(talks, value, 0.0)
            value, now = _play(talks, number, (talks.first + number - 1) % 2, talks.paid[number - 1], wait)
            end = now or end
        return end
    # From a date far away, back to where a pair of rounds is worth what the pair behind it is.
    value, before = talks.disagreement, (math.inf, math.inf)
    for _ in range(_ROUNDS // 2):
        value, second = _play(
            talks, 2, 1 - talks.first, talks.paid[0], _after(talks, value, 1 / talks.rounds)
        )
        value, first = _play(talks, 1, talks.first, talks.paid[0], _after(talks, value, 1 / talks.rounds))
        if max(abs(new - old) for new, old in zip(value, before, strict=True)) <= _NEAR:
            break
        before = value
    return first or second or _LAPSED


def _after(talks: Talks, value: Pair, expiry: float) -> Pair:
    """Return what a rejection is worth, given what the next round is worth."""
    goes_on = (1 - talks.breakdown) * (1 - expiry)
    first, second = (
        talks.posturing[i] + talks.patience[i] * (goes_on * value[i] + (1 - goes_on) * talks.disagreement[i])
        for i in (0, 1)
    )
    return first, second


def _play(talks: Talks, number: int, turn: int, paid: Pair, wait: Pair) -> tuple[Pair, End | None]:
    """Return what a round is worth to both as it begins, and how it ends, if talks end in it."""
    if talks.recognition is None:
        return _propose(talks, number, turn, paid, wait)
    mine, theirs = (_propose(talks, number, proposer, paid, wait) for proposer in (0, 1))
    chance = talks.recognition
    value = (
        chance[0] * mine[0][0] + (1 - chance[0]) * theirs[0][0],
        chance[1] * theirs[0][1] + (1 - chance[1]) * mine[0][1],
    )
    alike = mine[1] is not None and theirs[1] is not None and mine[1].walked == theirs[1].walked
    return value, mine[1] if alike else None


def _propose(talks: Talks, number: int, proposer: int, paid: Pair, wait: Pair) -> tuple[Pair, End | None]:
    """Let one player propose: the best that the other accepts, or nothing."""
    other, walks = 1 - proposer, False
    if talks.outside is not None and talks.outside[other] > wait[other]:
        walks, wait = True, talks.outside
    best: tuple[int, float, Pair] | None = None
    for deal, depth, payoffs in _offers(talks, paid, other, wait[other]):
        if payoffs[other] < wait[other] - _NEAR * (1 + abs(wait[other])):
            continue  # refused
        if best is None or _better(payoffs, best[2], proposer):
            best = deal, depth, payoffs
    if best is None or best[2][proposer] < wait[proposer] - _NEAR * (1 + abs(wait[proposer])):
        return wait, End(number, walked=True) if walks else None
    deal, depth, payoffs = best
    return payoffs, End(number, deal, depth, payoffs)


def _offers(talks: Talks, paid: Pair, other: int, least: float) -> Iterator[tuple[int, float, Pair]]:
    """List the offers among which the best one is: deals at both ends, and where the other just accepts."""
    for deal, (none, full) in enumerate(talks.deals):
        depths = [0.0, 1.0]
        step = full[other] - none[other]
        if step and 0 < (least - paid[other] - none[other]) / step < 1:
            depths.append((least - paid[other] - none[other]) / step)
        for depth in depths:
            one, two = (none[i] + depth * (full[i] - none[i]) + paid[i] for i in (0, 1))
            yield deal, depth, (one, two)


def _better(payoffs: Pair, than: Pair, proposer: int) -> bool:
    """Say whether an offer is better for who makes it, or as good and better for the other."""
    own, theirs = payoffs[proposer] - than[proposer], payoffs[1 - proposer] - than[1 - proposer]
    slack = _NEAR * (1 + abs(than[proposer]))
    return own > slack or (own >= -slack and theirs > slack)
