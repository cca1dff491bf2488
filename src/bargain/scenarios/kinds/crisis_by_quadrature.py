"""The crisis game solved again by integrating over types, one draw at a time, to audit a sweep."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import log_ndtr, ndtr

__all__ = ["Play", "crisis_plays"]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(120)

_REACH = 9.0  # standard deviations that a normal variable does not leave
_FALL = 40.0  # exponents by which a density falls until the rest of it does not matter

_OUTER = np.append(np.linspace(8.5, 40.0, 64), 1e8)
_LOGITS = np.concatenate([-_OUTER[::-1], np.linspace(-8.0, 8.0, 129), _OUTER])
_DEEP, _FAR = 40.0, 1e8  # standard deviations below and above the means that are as good as infinite


@dataclass(frozen=True)
class Play:
    """An equilibrium: how likely a challenge is, resistance to it, and fighting, if it is resisted."""

    challenge: float
    resistance: float
    fighting: float

    @property
    def ends(self) -> tuple[float, float, float, float]:
        """How likely silence, a concession, backing down and fighting are."""
        resisted = self.challenge * self.resistance
        fought = resisted * self.fighting
        return 1 - self.challenge, self.challenge - resisted, resisted - fought, fought


def crisis_plays(numbers: Mapping[str, float]) -> list[Play]:
    """Return every equilibrium, by increasing resistance.

    Parameters
    ----------
    numbers : mapping of quantity to float

    Returns
    -------
    list of Play
    """
    from scipy.optimize import minimize_scalar  # noqa: PLC0415 - takes long to import

    crisis = _Crisis(**numbers)
    values = [crisis.excess(logit) for logit in _LOGITS]
    roots = [
        _between(crisis, _LOGITS[place], _LOGITS[place + 1])
        for place in range(len(_LOGITS) - 1)
        if (values[place] > 0) != (values[place + 1] > 0)
    ]
    for place in range(1, len(_LOGITS) - 1):
        before, here, after = values[place - 1 : place + 2]
        if abs(here) <= min(abs(before), abs(after), 1.0) and (before > 0) == (here > 0) == (after > 0):
            # Between these points the difference may touch zero, or cross it twice.
            low, high = _LOGITS[place - 1], _LOGITS[place + 1]
            sign = math.copysign(1.0, here)
            dip = minimize_scalar(
                lambda logit: sign * crisis.excess(logit),  # noqa: B023 - used at once
                bounds=(low, high),
                method="bounded",
                options={"xatol": 1e-9},
            )
            if dip.fun < 0:
                roots += [_between(crisis, low, dip.x), _between(crisis, dip.x, high)]
    return [crisis.play(logit) for logit in sorted(roots)]


def _between(crisis: _Crisis, low: float, high: float) -> float:
    from scipy.optimize import brentq  # noqa: PLC0415 - takes long to import

    root: float = brentq(crisis.excess, low, high, xtol=1e-14, rtol=1e-14)
    return root


@dataclass(frozen=True)
class _Crisis:
    """The numbers of one crisis."""

    status_quo: float
    prize: float
    concession: float
    fighting_challenger: float
    fighting_target: float
    backing_down: float
    holding: float
    spread: float

    def thresholds(self, logit: float) -> tuple[float, float]:
        """Return what must be exceeded by private payoffs of fighting or backing down to challenge.

        In standard deviations from their means.
        """
        # What resistance leads to, and the prize where there is none, must be worth more than the status quo.
        odds = math.exp(min(-logit, 200.0))
        enough = self.status_quo + odds * (self.status_quo - self.prize)
        means = self.fighting_challenger, self.backing_down
        enough = min(max(enough, min(means) - _DEEP * self.spread), max(means) + _FAR * self.spread)
        return (enough - means[0]) / self.spread, (enough - means[1]) / self.spread

    def fights(self, logit: float) -> float:
        """Return how likely a challenger prefers fighting, given that it has challenged.

        Of those whose fighting is worth a certain amount above the threshold, a share thinks less of backing
        down, and fights; and the other way round. Both densities are integrated over the amount, on a log
        scale, since above a high threshold both are tiny.
        """
        to_fight, to_back = self.thresholds(logit)
        lead = (self.fighting_challenger - self.backing_down) / self.spread
        start = max(0.0, min(-to_fight, -to_back) - _REACH)
        steepest = max(min(to_fight, to_back), _FALL / _REACH)
        stop = max(0.0, -to_fight, -to_back) + _FALL / steepest
        amount = start + (stop - start) * (_NODES + 1) / 2
        fought = -to_fight * amount - amount**2 / 2 + log_ndtr(to_back + amount)
        # The densities at the threshold differ by this factor.
        fought += lead * (to_fight + to_back) / 2
        backed = -to_back * amount - amount**2 / 2 + log_ndtr(to_fight + amount)
        most = max(fought.max(), backed.max())
        fight, back = (float(_WEIGHTS @ np.exp(part - most)) for part in (fought, backed))
        return fight / (fight + back)

    def excess(self, logit: float) -> float:
        """Return by how much the target would rather resist than the challenger expects, in logits."""
        fights = max(self.fights(logit), 1e-100)
        # What the private part of its payoff from fighting must exceed for resisting to be worth more.
        least = (self.concession - (1 - fights) * self.holding) / fights - self.fighting_target
        sure = float(np.clip(-least / self.spread, -1e4, 1e4))
        return float(log_ndtr(sure) - log_ndtr(-sure)) - logit

    def play(self, logit: float) -> Play:
        """Return what is done where the challenger expects a resistance."""
        to_fight, to_back = self.thresholds(logit)
        stays = float(ndtr(to_fight) * ndtr(to_back))
        return Play(1 - stays, 1 / (1 + math.exp(-logit)) if logit > -700 else 0.0, self.fights(logit))
