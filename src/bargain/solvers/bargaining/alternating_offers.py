"""Alternating offers over a pie: patience, breakdown, outside options, posturing, and a deadline."""

from __future__ import annotations

import enum
import itertools
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from bargain.axes import Bools, Floats, Ints, read_only
from bargain.errors import InvalidArgumentError

__all__ = ["AlternatingOffers", "OfferStatus", "Offers"]

Pair = npt.ArrayLike


class OfferStatus(enum.IntEnum):
    """What became of one draw. Each member says in `sentence` what it means."""

    sentence: str

    AGREED = 0, "They agree in the round that is given, unless negotiations break down before."
    EXPIRED = 1, "They let the deadline pass: even in the last round an agreement is worth too little."
    OPTED_OUT = 2, "In the round that is given a player takes its outside option."
    NEVER = 3, "Without a deadline they never agree: holding out is worth more to them than the pie."

    def __new__(cls, code: int, sentence: str) -> Self:
        """Attach the sentence to the code."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member


@dataclass(frozen=True, eq=False)
class Offers:
    """The subgame-perfect path of negotiations, batched over draws.

    Attributes
    ----------
    payoffs : float[2, N]
        What each player expects at the start, posturing on the way included and discounted to the first
        round. Where both are sure to make the offers (`AlternatingOffers.recognition`), by its own lights.
    round : int[N]
        In which they agree or one opts out, counted from 1; 0 where they never do.
    reached : float[N]
        The probability that negotiations last until then.
    split : float[2, 2, N]
        ``split[proposer, player]``: what they then get, seen from that round, if that player proposes; NaN
        where there is no agreement.
    proposer : int[N]
        Whose turn it then is; -1 where chance decides or there is no agreement.
    surplus : float[T, N]
        What agreeing in each round is worth to both together over waiting; negative where they wait. One row
        where there is no deadline.
    codes : int8[N]
        Value of the `OfferStatus` of each draw.
    """

    payoffs: Floats
    round: Ints
    reached: Floats
    split: Floats
    proposer: Ints
    surplus: Floats
    codes: npt.NDArray[np.int8]

    def __post_init__(self) -> None:
        for name in ("payoffs", "round", "reached", "split", "proposer", "surplus", "codes"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def status(self) -> npt.NDArray[np.object_]:
        """Status of each draw, OfferStatus[N]."""
        return np.array(list(OfferStatus), dtype=np.object_)[self.codes]


@dataclass(frozen=True)
class AlternatingOffers:
    """Two players divide a pie by offers in turn, [Stahl1972]_ with and [Rubinstein1982]_ without a deadline.

    In each round one player proposes a division and the other accepts or rejects. While they disagree, each
    gets its posturing payoff for the round. Then negotiations break down with some probability, and what
    follows is discounted by a round. Payoffs add up to the pie whatever the division.

    Every parameter may hold one number or one per draw, in the last axis; those of players have the
    player first, or one number for both.

    Parameters
    ----------
    pie : float or float[N], default 1
        What there is to divide.
    patience : float[2] or float[2, N]
        What a payoff one round later is worth now, between 0 and 1.
    rounds : int, optional
        The deadline: the number of rounds. Without it they may go on for ever.
    first : {0, 1}, default 0
        Who proposes in the first round.
    disagreement : float[2] or float[2, N], default 0
        What each gets if the last round ends without agreement, seen from that round.
    breakdown : float or float[N], default 0
        The probability, after each rejection but that of the last round, that negotiations end: a random
        deadline, with or instead of the firm one.
    breakdown_payoffs : float[2] or float[2, N], optional
        What each gets then; the disagreement payoffs if not given.
    outside_options : float[2] or float[2, N], optional
        What each gets if the player that rejects an offer walks out, as it may do at once
        [BinmoreShakedSutton1989]_.
    posturing : float[2] or float[2, N], default 0
        What each gets per round of holding out, such as credit at home for being firm. The last round
        has none: its disagreement payoffs say all.
    side_payment : float, float[T] or float[T, N], default 0
        What a mediator adds to the pie if they agree, in each round.
    recognition : float[2] or float[2, N], optional
        The probability of making the offer in any round, as each player sees its own. If they add up to
        more than one, players are optimistic [Yildiz2004]_. Without it, they take turns.
    least_share : float[2] or float[2, N], optional
        The least that a division can give to each player, such as 0 where nobody can be made to pay, or what
        its parliament would ratify. Without it, whatever adds up to the pie will do.

    Raises
    ------
    InvalidArgumentError
        If a number is outside its range or without a finite value, or shapes do not fit; if there is no
        deadline but a side payment by rounds, or outside options with recognition, or nothing that makes
        waiting worse for one player than for the other.

    Notes
    -----
    With common patience d and no outside options, waiting a round is worth ``alpha + d (1 - h) S`` to both
    together, against the pie S now, where alpha is what both get from posturing and h is the probability of
    breakdown. So they agree at once if ``alpha < (1 - d (1 - h)) S`` and otherwise in the last round.

    Examples
    --------
    Without a deadline the first player's share is ``(1 - d2) / (1 - d1 d2)``; with one of four rounds the
    second player has the last word.

    >>> import bargain as bg
    >>> print(bg.AlternatingOffers(patience=(0.9, 0.9)).solve().payoffs[:, 0].round(6))
    [0.526316 0.473684]
    >>> print(bg.AlternatingOffers(patience=(0.9, 0.9), rounds=4).solve().payoffs[:, 0].round(9))
    [0.181 0.819]

    Credit at home for being firm puts the agreement off to the last of thirteen weeks.

    >>> print(bg.AlternatingOffers(patience=(0.99, 0.99), rounds=13, posturing=(0.01, 0.01)).solve().round)
    [13]

    If each round costs a fixed amount instead, who bears the smaller cost gets all; the other one, if it
    makes the first offer, keeps what a round costs its opponent.

    >>> for cost in (0.05, 0.2):
    ...     talks = bg.AlternatingOffers(patience=1, posturing=(-cost, -0.1), least_share=0)
    ...     print(talks.solve().payoffs[:, 0])
    [1. 0.]
    [0.1 0.9]
    """

    patience: Pair
    pie: npt.ArrayLike = 1.0
    rounds: int | None = None
    first: int = 0
    disagreement: Pair = (0.0, 0.0)
    breakdown: npt.ArrayLike = 0.0
    breakdown_payoffs: Pair | None = None
    outside_options: Pair | None = None
    posturing: Pair = (0.0, 0.0)
    side_payment: npt.ArrayLike = 0.0
    recognition: Pair | None = None
    least_share: Pair | None = None

    def __post_init__(self) -> None:
        if self.first not in {0, 1}:
            raise InvalidArgumentError(f"AlternatingOffers: first: 0 or 1 was expected, given {self.first!r}")
        if self.rounds is not None and (not isinstance(self.rounds, int) or self.rounds < 1):
            raise InvalidArgumentError(
                f"AlternatingOffers: rounds: a whole number from 1 on was expected, given {self.rounds!r}"
            )
        if self.rounds is None:
            if np.ndim(self.side_payment):
                raise InvalidArgumentError(
                    "AlternatingOffers: side_payment by rounds needs a deadline, rounds="
                )
            if self.recognition is not None and self.outside_options is not None:
                raise InvalidArgumentError(
                    "AlternatingOffers: outside_options with recognition need a deadline, rounds="
                )
        _Terms.of(self)

    def solve(self) -> Offers:
        """Return the subgame-perfect path of every draw.

        Returns
        -------
        Offers
        """
        terms = _Terms.of(self)
        return (
            _for_ever(terms, self.first)
            if self.rounds is None
            else _backwards(terms, self.first, self.rounds)
        )


@dataclass(frozen=True, eq=False)
class _Terms:
    """All parameters with a draw axis: float[2, N], float[N], and the pie by round, float[T, N]."""

    pie: Floats
    kept: Floats  # of next round's value, if rejected: patience x (1 - breakdown)
    base: Floats  # what rejection gives besides: posturing, and breakdown
    survives: Floats  # 1 - breakdown
    disagreement: Floats
    outside: Floats | None
    chance: Floats | None
    least: Floats  # of the pie, -inf where there is no such limit

    @classmethod
    def of(cls, given: AlternatingOffers) -> _Terms:
        draws = 1
        pairs: dict[str, Floats] = {}
        for name in (
            "patience", "disagreement", "breakdown_payoffs", "outside_options", "posturing", "recognition",
            "least_share",
        ):  # fmt: skip
            value = getattr(given, name)
            if value is not None:
                pairs[name] = _pair(name, value)
                draws = max(draws, pairs[name].shape[-1])
        hazard = _row("breakdown", given.breakdown)
        pie = _row("pie", given.pie)
        payment = np.asarray(given.side_payment, dtype=np.float64)
        rounds = given.rounds or 1
        payment = payment.reshape(1, 1) if payment.ndim == 0 else payment
        payment = payment[:, None] if payment.ndim == 1 else payment
        if payment.ndim != 2 or payment.shape[0] not in {1, rounds} or not np.isfinite(payment).all():
            raise InvalidArgumentError(
                f"AlternatingOffers: side_payment: a number, or one for each of {rounds} rounds, expected;"
                f" given shape {np.shape(given.side_payment)}"
            )
        draws = max(draws, hazard.size, pie.size, payment.shape[-1])
        for name, array in {**pairs, "breakdown": hazard, "pie": pie, "side_payment": payment}.items():
            if array.shape[-1] not in {1, draws}:
                raise InvalidArgumentError(
                    f"AlternatingOffers: {name}: 1 or {draws} draws were expected, given {array.shape[-1]}"
                )
        for name, array in {"patience": pairs["patience"], "breakdown": hazard,
                            "recognition": pairs.get("recognition", hazard)}.items():  # fmt: skip
            if not ((array >= 0) & (array <= 1)).all():
                raise InvalidArgumentError(
                    f"AlternatingOffers: {name}: numbers between 0 and 1 were expected, given {array}"
                )
        spread = {name: np.broadcast_to(array, (2, draws)) for name, array in pairs.items()}
        broken = spread.get("breakdown_payoffs", spread["disagreement"])
        patience, posturing = spread["patience"], spread["posturing"]
        kept = patience * (1 - hazard)
        if given.rounds is None:
            # Fixed costs of a round decide as well, if one player's are higher.
            costs = (kept == 1).all(axis=0) & (posturing <= 0).all(axis=0) & (posturing[0] != posturing[1])
            costs &= given.least_share is not None and given.recognition is None
            if not ((kept < 1).all(axis=0) | costs).all():
                raise InvalidArgumentError(
                    "AlternatingOffers: patience x (1 - breakdown) must be below 1 where there is no"
                    " deadline; or 1 for both with a least_share and different costs of a round, posturing"
                    " below 0"
                )
        return cls(
            pie=np.broadcast_to(pie + payment, (rounds, draws)),
            kept=kept,
            base=posturing + patience * hazard * broken,
            survives=np.broadcast_to(1 - hazard, (draws,)),
            disagreement=spread["disagreement"],
            outside=spread.get("outside_options"),
            chance=spread.get("recognition"),
            least=spread.get("least_share", np.full((2, draws), -np.inf)),
        )


def _backwards(terms: _Terms, first: int, rounds: int) -> Offers:
    """Solve from the last round to the first."""
    draws = terms.kept.shape[1]
    value = terms.disagreement
    place = np.zeros(draws, dtype=np.int64)
    split = np.full((2, 2, draws), np.nan)
    codes = np.full(draws, OfferStatus.EXPIRED, dtype=np.int8)
    surplus = np.empty((rounds, draws))
    for index in reversed(range(rounds)):
        wait = terms.disagreement if index == rounds - 1 else terms.base + terms.kept * value
        offers, agree, out = _round(terms, terms.pie[index], wait)
        turn = (first + index) % 2
        if terms.chance is None:
            value, now, left = offers[turn], agree[turn], out[turn]
        else:
            # Both see their own chance to propose; the other's is what is left of it.
            value = np.stack([
                terms.chance[i] * offers[i, i] + (1 - terms.chance[i]) * offers[1 - i, i] for i in (0, 1)
            ])  # fmt: skip
            now, left = agree[0] & agree[1], out[0] & out[1]
        surplus[index] = terms.pie[index] - wait.sum(axis=0)
        ends = now | left
        place[ends] = index + 1
        codes = np.where(now, np.int8(OfferStatus.AGREED), codes)
        codes = np.where(left, np.int8(OfferStatus.OPTED_OUT), codes)
        split = np.where(ends, np.where(now, offers, np.nan), split)
    reached = np.where(place > 0, terms.survives ** np.maximum(place - 1, 0), terms.survives ** (rounds - 1))
    turn_then = (first + place - 1) % 2
    agreed = codes == OfferStatus.AGREED
    proposer = np.where(agreed & (terms.chance is None), turn_then, -1)
    return Offers(value, place, reached, split, proposer, surplus, codes)


def _round(terms: _Terms, pie: Floats, wait: Floats) -> tuple[Floats, Bools, Bools]:
    """Return what both get if either proposes, [proposer, player, N], and where they agree or opt out."""
    offers = np.empty((2, 2, pie.size))
    agree, out = np.empty((2, pie.size), dtype=np.bool_), np.zeros((2, pie.size), dtype=np.bool_)
    for proposer in (0, 1):
        other = 1 - proposer
        leaves = np.zeros(pie.size, dtype=np.bool_)
        least, instead = wait[other], wait[proposer]
        if terms.outside is not None:
            leaves = terms.outside[other] > wait[other]
            least = np.where(leaves, terms.outside[other], least)
            instead = np.where(leaves, terms.outside[proposer], instead)
        otherwise = least
        least = np.maximum(least, terms.least[other])
        agree[proposer] = pie - least >= np.maximum(instead, terms.least[proposer])
        out[proposer] = leaves & ~agree[proposer]
        offers[proposer, other] = np.where(agree[proposer], least, otherwise)
        offers[proposer, proposer] = np.where(agree[proposer], pie - least, instead)
    return offers, agree, out


def _for_ever(terms: _Terms, first: int) -> Offers:
    """Solve the stationary conditions."""
    pie, f, e = terms.pie[0], terms.kept, terms.base
    # Holding out for ever.
    alone = np.divide(e, 1 - f, out=np.where(e < 0, -np.inf, 0.0), where=f < 1)
    wait, expected = _stationary(terms, pie)
    never = alone.sum(axis=0) >= pie
    if terms.outside is not None:
        # Holding out for ever is no plan for a player that would rather walk out.
        never &= (terms.outside <= alone).all(axis=0)
    never |= pie < terms.least.sum(axis=0)
    wait = np.where(never, alone, wait)
    offers, agree, out = _round(terms, pie, wait)
    if terms.chance is None:
        result, now, left = offers[first], agree[first], out[first]
    else:
        result, now, left = expected, agree[0] & agree[1], out[0] & out[1]
    result = np.where(never, alone, result)
    now = now & ~never
    codes = np.where(now, np.int8(OfferStatus.AGREED), np.int8(OfferStatus.NEVER))
    codes[left & ~never] = OfferStatus.OPTED_OUT
    ends = codes != OfferStatus.NEVER
    split = np.where(now, offers, np.nan)
    proposer = np.where(now & (terms.chance is None), first, -1)
    surplus = (pie - wait.sum(axis=0))[None]
    return Offers(result, ends.astype(np.int64), np.where(ends, 1.0, 0.0), split, proposer, surplus, codes)


def _stationary(terms: _Terms, pie: Floats) -> tuple[Floats, Floats]:
    """Return what waiting is worth to each player, and what the round is that it waits for, float[2, N].

    Player i accepts ``m = max(o, e + f V)``, where ``V = p (S - m') + (1 - p) m``, m' is what the other
    accepts and o the larger of its outside option and its least share; p is one where they take turns. That
    is affine in pieces, and a contraction where ``f < 1``: of the four pieces one fits.
    """
    e, f = terms.base, terms.kept
    p = np.ones_like(e) if terms.chance is None else terms.chance
    options = terms.least if terms.outside is None else np.maximum(terms.outside, terms.least)
    result = np.full((2, *e.shape), np.nan)
    fits = np.zeros(pie.size, dtype=np.bool_)
    own, cross, right = 1 - f * (1 - p), f * p, e + f * p * pie
    slack = 1e-12 * (1 + np.abs(pie))
    for binds in itertools.product((False, True), repeat=2):
        bound = np.array(binds)[:, None]
        a, b = np.where(bound, 1.0, own), np.where(bound, 0.0, cross)
        c = np.where(bound, np.where(np.isfinite(options), options, 0.0), right)
        det = a[0] * a[1] - b[0] * b[1]
        some = np.where(det > 0, det, 1.0)
        least = np.stack([(c[0] * a[1] - b[0] * c[1]) / some, (a[0] * c[1] - b[1] * c[0]) / some])
        value = p * (pie - least[::-1]) + (1 - p) * least
        wait = e + f * value
        fit = np.where(bound, options >= wait - slack, options <= wait + slack).all(axis=0)
        fit &= (det > 0) & ~fits
        fits |= fit
        result = np.where(fit, np.stack([wait, value]), result)
    return result[0], result[1]


def _pair(name: str, given: npt.ArrayLike) -> Floats:
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.array([np.nan])
    array = np.full((2, 1), array) if array.ndim == 0 else array
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim != 2 or array.shape[0] != 2 or not array.shape[1] or not np.isfinite(array).all():
        raise InvalidArgumentError(
            f"AlternatingOffers: {name}: two finite numbers, one per player, were expected, given {given!r}"
        )
    return array


def _row(name: str, given: npt.ArrayLike) -> Floats:
    try:
        array = np.atleast_1d(np.asarray(given, dtype=np.float64))
    except (TypeError, ValueError):
        array = np.array([np.nan])
    if array.ndim != 1 or not array.size or not np.isfinite(array).all():
        raise InvalidArgumentError(
            f"AlternatingOffers: {name}: a finite number was expected, given {given!r}"
        )
    return array
