"""The threat game solved again by trying every plan, one draw at a time, to audit a sweep."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from bargain.axes import Floats
from bargain.solvers.signalling_equilibria import SignallingKind

__all__ = ["threat_equilibria"]

_NEAR = 1e-9

_ENDS = ("silence", "conceded", "carried_out", "dropped")


@dataclass(frozen=True)
class _Draw:
    """The numbers of one threat game."""

    prior: float
    prize: float
    audience_cost: float
    concession_cost: float
    loss: float
    carrying_out: float

    @property
    def acts(self) -> bool:
        """Whether a tough sender that is resisted carries its threat out."""
        return self.carrying_out >= -self.audience_cost

    def resisted(self, *, tough: bool) -> float:
        """Return what a sender of this type gets when it is resisted."""
        return self.carrying_out if tough and self.acts else -self.audience_cost

    def value(self, concession: float, *, tough: bool) -> float:
        """Return what a threat is worth to a sender of this type."""
        return concession * self.prize + (1 - concession) * self.resisted(tough=tough)

    def refusal(self, belief: float) -> float:
        """Return what the receiver gains by conceding, at a belief that the sender is tough."""
        return belief * (self.loss if self.acts else 0.0) - self.concession_cost


@dataclass(frozen=True)
class _Play:
    """An equilibrium: how often each type threatens, and the receiver concedes."""

    tough: float
    weak: float
    concession: float

    @property
    def kind(self) -> int:
        if self.tough == 0:
            return SignallingKind.POOLING_ON_SILENCE
        if self.weak == 0:
            return SignallingKind.SEPARATING
        return SignallingKind.POOLING_ON_THREAT if self.weak == 1 else SignallingKind.SEMI_SEPARATING


def threat_equilibria(numbers: Mapping[str, Floats], *, divine: bool) -> list[tuple[int, dict[str, float]]]:
    """Return all equilibria.

    Parameters
    ----------
    numbers : mapping of quantity to float[C]
        One number for each action of the third party, or a single one.
    divine : bool
        Whether only equilibria of the threat game that survive D1 count.

    Returns
    -------
    list of (int, dict of str to float)
        Number of the action, times four, plus the kind of equilibrium; and its measures, but for beliefs
        after a threat that nobody makes.
    """
    names = list(_Draw.__dataclass_fields__)
    draws = [
        _Draw(*(float(value) for value in row)) for row in zip(*(numbers[n] for n in names), strict=True)
    ]
    plays = [[play for play in _plays(draw) if not divine or _survives(draw, play)] for draw in draws]
    if "third_silence" not in numbers:
        return [(int(play.kind), _measures(draws[0], play)) for play in plays[0]]
    found = []
    for expected in itertools.product(*plays):
        told = list(zip(draws, expected, strict=True))
        worth = [
            sum(chance * float(numbers[f"third_{end}"][place]) for end, chance in _ends(draw, play).items())
            for place, (draw, play) in enumerate(told)
        ]
        found += [
            (place * len(SignallingKind) + int(play.kind), _measures(draw, play))
            for place, (draw, play) in enumerate(told)
            if worth[place] >= max(worth) - _NEAR
        ]
    return found


def _measures(draw: _Draw, play: _Play) -> dict[str, float]:
    """Return what a sweep measures of an equilibrium."""
    ends = _ends(draw, play)
    made = 1 - ends["silence"]
    belief = {"belief after threat": draw.prior * play.tough / made} if made > _NEAR else {}
    return {
        "threat": made,
        "concession": play.concession,
        "bluff": play.weak,
        "silence": ends["silence"],
        "conceded": ends["conceded"],
        "resisted": ends["carried_out"] + ends["dropped"],
        "carried out": ends["carried_out"],
        "dropped": ends["dropped"],
        **belief,
    }


def _plays(draw: _Draw) -> list[_Play]:
    """Try the plans in which all act for sure, then those in which one type and the receiver mix."""
    found = [
        play
        for tough, weak, concession in itertools.product((0.0, 1.0), repeat=3)
        if _stands(draw, play := _Play(tough, weak, concession))
    ]
    for mixing_tough in (False, True):
        own = draw.resisted(tough=mixing_tough)
        if own >= 0 or draw.concession_cost <= 0 or not draw.acts or draw.loss <= draw.concession_cost:
            continue
        concession = -own / (draw.prize - own)  # leaves the mixing type indifferent
        belief = draw.concession_cost / draw.loss  # leaves the receiver indifferent
        for other in (0.0, 1.0):
            odds = belief / (1 - belief)
            if mixing_tough:
                mix = odds * (1 - draw.prior) * other / draw.prior if draw.prior else 2.0
                play = _Play(mix, other, concession)
            else:
                weak = odds * (1 - draw.prior)
                mix = draw.prior * other / weak if weak > 0 else 2.0
                play = _Play(other, mix, concession)
            if 0 < mix < 1 and _stands(draw, play):
                found.append(play)
    return found


def _stands(draw: _Draw, play: _Play) -> bool:
    """Say whether nobody gains by acting otherwise, at a belief that Bayes' rule allows."""
    for tough, threat in ((True, play.tough), (False, play.weak)):
        value = draw.value(play.concession, tough=tough)
        if (threat > 0 and value < -_NEAR) or (threat < 1 and value > _NEAR):
            return False
    made = draw.prior * play.tough + (1 - draw.prior) * play.weak
    if made > 0:
        beliefs = [draw.prior * play.tough / made]
    else:
        # Any belief will do, but a type of prior probability zero stays so.
        beliefs = [float(draw.prior > 0), float(draw.prior == 1)]
    gains = [draw.refusal(belief) for belief in beliefs]
    concedes = play.concession == 0 or max(gains) >= -_NEAR
    resists = play.concession == 1 or min(gains) <= _NEAR
    return concedes and resists


def _survives(draw: _Draw, play: _Play) -> bool:
    """Apply the criterion D1 to silence: an unexpected threat comes from who has most reason to make it."""
    if play.kind != SignallingKind.POOLING_ON_SILENCE or not 0 < draw.prior < 1:
        return True
    reason = [
        -draw.resisted(tough=tough) / (draw.prize - draw.resisted(tough=tough)) for tough in (True, False)
    ]
    # Both have the same reason where the tough would not act either: then nothing is to be feared.
    return reason[0] >= reason[1] - _NEAR or draw.refusal(1.0) <= _NEAR


def _ends(draw: _Draw, play: _Play) -> dict[str, float]:
    tough, weak = draw.prior * play.tough, (1 - draw.prior) * play.weak
    carried = tough * (1 - play.concession) if draw.acts else 0.0
    made = tough + weak
    return {
        "silence": 1 - made,
        "conceded": made * play.concession,
        "carried_out": carried,
        "dropped": made * (1 - play.concession) - carried,
    }
