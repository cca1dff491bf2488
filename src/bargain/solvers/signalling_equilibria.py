"""All perfect Bayesian equilibria of the threat game, in closed form, over all draws at once."""

from __future__ import annotations

import enum
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Bools, Floats, Ints, read_only
from bargain.errors import UnknownDrawError
from bargain.games.signalling import ThreatGame
from bargain.solvers.solution import Codes, Status

__all__ = ["PerfectBayesian", "SignallingKind", "SignallingSolution"]

_CELL = 8_192  # draws solved at a time


class SignallingKind(enum.IntEnum):
    """What a threat tells of the sender's type. Each member says it in `sentence`."""

    sentence: str

    POOLING_ON_THREAT = 0, "Both types threaten: a threat tells nothing, and the receiver concedes."
    SEMI_SEPARATING = 1, "Tough senders threaten and weak ones sometimes bluff: a threat tells something."
    SEPARATING = 2, "Only tough senders threaten: a threat tells all, and the receiver resists all the same."
    POOLING_ON_SILENCE = 3, "Neither type threatens, as a threat would be resisted."

    def __new__(cls, code: int, sentence: str) -> Self:
        """Attach the sentence to the code."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member

    @property
    def label(self) -> str:
        """The name for reading, such as ``"semi-separating"``."""
        return self.name.lower().replace("_", "-" if self is SignallingKind.SEMI_SEPARATING else " ")


@dataclass(frozen=True, eq=False)
class SignallingSolution:
    """Perfect Bayesian equilibria of a batch of threat games, as a flat table sorted by draw.

    Attributes
    ----------
    game : ThreatGame
        What was solved.
    solver : PerfectBayesian
        How.
    draw : int[E]
        Which draw each equilibrium belongs to, ascending.
    kinds : int8[E]
        Value of the `SignallingKind` of each.
    threat : float[type, E]
        Probability that a sender of each type threatens: tough, then weak.
    concession : float[E]
        Probability that the receiver concedes to a threat.
    posterior : float[message, E]
        Belief that the sender is tough after a threat, then after silence.
    payoffs : float[3, E]
        Expected by a tough sender, by a weak one, and by the receiver.
    regret : float[E]
        The largest gain that a type of the sender, or the receiver given its belief, has from acting
        otherwise, in payoff units; computed from the game and the equilibrium alone.
    divine : bool[E]
        Whether the equilibrium survives the criterion D1: after a message that nobody sends, the receiver
        thinks of the type that has the most reason to send it.
    codes : int8[N]
        Value of the `Status` of each draw.
    """

    game: ThreatGame
    solver: PerfectBayesian
    draw: Ints
    kinds: Codes
    threat: Floats
    concession: Floats
    posterior: Floats
    payoffs: Floats
    regret: Floats
    divine: Bools
    codes: Codes

    def __post_init__(self) -> None:
        for name in ("draw", "kinds", "threat", "concession", "posterior", "payoffs", "regret", "divine"):
            object.__setattr__(self, name, read_only(getattr(self, name)))
        object.__setattr__(self, "codes", read_only(self.codes))

    @property
    def count(self) -> Ints:
        """Number of equilibria of each draw, int[N]."""
        return np.bincount(self.draw, minlength=self.game.draws)

    @property
    def status(self) -> npt.NDArray[np.object_]:
        """Status of each draw, Status[N]."""
        return np.array(list(Status), dtype=np.object_)[self.codes]

    @property
    def kind(self) -> npt.NDArray[np.object_]:
        """Kind of each equilibrium, SignallingKind[E]."""
        return np.array(list(SignallingKind), dtype=np.object_)[self.kinds]

    @property
    def threat_probability(self) -> Floats:
        """Probability of a threat by whichever type, float[E]."""
        prior = self.game.prior[self.draw]
        result: Floats = prior * self.threat[0] + (1 - prior) * self.threat[1]
        return result

    @property
    def carried_out_probability(self) -> Floats:
        """Probability that a threat is made, resisted and carried out, float[E]."""
        carries = self.game.carrying_out >= -self.game.audience_cost
        tough = self.game.prior[self.draw] * self.threat[0] * carries[self.draw]
        result: Floats = tough * (1 - self.concession)
        return result

    @property
    def backed_down_probability(self) -> Floats:
        """Probability that a threat is made, resisted and not carried out, float[E]."""
        resisted = self.threat_probability * (1 - self.concession)
        result: Floats = resisted - self.carried_out_probability
        return result

    def __len__(self) -> int:
        return int(self.draw.size)

    def select(self, chosen: Bools) -> SignallingSolution:
        """Return some of the equilibria, such as ``solution.select(solution.divine)``.

        Parameters
        ----------
        chosen : bool[E]

        Returns
        -------
        SignallingSolution
            Of the same draws; their status is not changed.
        """
        pick = np.flatnonzero(chosen)
        return SignallingSolution(
            self.game,
            self.solver,
            self.draw[pick],
            self.kinds[pick],
            self.threat[:, pick],
            self.concession[pick],
            self.posterior[:, pick],
            self.payoffs[:, pick],
            self.regret[pick],
            self.divine[pick],
            self.codes,
        )

    def profiles(self, draw: int | None = None, *, digits: int = 12) -> list[dict[str, Any]]:
        """Return equilibria for reading.

        Parameters
        ----------
        draw : int, optional
            Only the equilibria of this draw.
        digits : int, default 12
            Numbers are rounded to so many decimals.

        Returns
        -------
        list of ``{column: value}``
            With the columns of `to_frame`.

        Raises
        ------
        UnknownDrawError
        """
        if draw is not None and not -self.game.draws <= draw < self.game.draws:
            raise UnknownDrawError(f"draw: one of {self.game.draws} draws was expected, given {draw}")
        columns = self._columns()
        chosen = range(len(self)) if draw is None else np.flatnonzero(self.draw == draw % self.game.draws)
        return [
            {
                name: str(column[index])
                if name == "kind"
                else bool(column[index])
                if name == "divine"
                else round(float(column[index]), digits)
                for name, column in columns.items()
            }
            for index in chosen
        ]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per equilibrium.

        Returns
        -------
        pandas.DataFrame
            Indexed by draw and number of the equilibrium within it.
        """
        first = np.searchsorted(self.draw, self.draw)
        index = pd.MultiIndex.from_arrays(
            [self.draw, np.arange(len(self)) - first], names=["draw", "equilibrium"]
        )
        return pd.DataFrame(self._columns(), index=index)

    def _columns(self) -> dict[str, npt.NDArray[Any]]:
        labels = np.array([kind.label for kind in SignallingKind], dtype=np.object_)
        return {
            "kind": labels[self.kinds],
            "tough threatens": self.threat[0],
            "weak threatens": self.threat[1],
            "concession": self.concession,
            "tough after threat": self.posterior[0],
            "tough after silence": self.posterior[1],
            "threat": self.threat_probability,
            "carried out": self.carried_out_probability,
            "backed down": self.backed_down_probability,
            "payoff of tough sender": self.payoffs[0],
            "payoff of weak sender": self.payoffs[1],
            "payoff of receiver": self.payoffs[2],
            "regret": self.regret,
            "divine": self.divine,
        }

    def __repr__(self) -> str:
        counts = np.bincount(self.kinds, minlength=len(SignallingKind))
        summary = ", ".join(f"{counts[kind]} {kind.label}" for kind in SignallingKind if counts[kind])
        return f"SignallingSolution({len(self)} equilibria of {self.game.draws} draws: {summary})"


@dataclass(frozen=True)
class PerfectBayesian:
    """Every perfect Bayesian equilibrium of the threat game, by what a threat tells of the type.

    Parameters
    ----------
    divine : bool, default False
        Whether to return only the equilibria that survive the criterion D1.

    Notes
    -----
    With prior p, prize V, audience cost a, cost of concession k, loss d and a tough sender's payoff w from
    carrying out:

    =====================  =======================  ====================================================
    kind                   exists where             behaviour
    =====================  =======================  ====================================================
    pooling on threat      p d >= k                 both threaten, the receiver concedes
    semi-separating        0 < k <= d and p d <= k  tough threatens, weak with p (d - k) / ((1 - p) k);
                                                    concession with a / (V + a); belief k / d
    separating             k >= d and w >= 0        tough threatens, weak is silent; no concession
    pooling on silence     k >= 0 and w <= 0        neither threatens; a threat would be resisted
    =====================  =======================  ====================================================

    Off the equilibrium path: a threat that nobody makes is met with resistance, in the belief closest to the
    prior that justifies it, min(p, k / d); lower probabilities of concession than would tempt the tough
    sender make equilibria with the same outcome and are not listed. Silence that nobody keeps leaves the
    prior as it is. A type of prior probability zero stays so. Where not even tough senders would carry out, d
    is zero in effect and w is -a.

    Pooling on silence below k = d rests on the receiver's thinking of a threat as a bluff, though the tough
    have more reason to make it: it fails the criterion D1 [ChoKreps1987]_, and `divine` says so. All other
    equilibria pass, so that generic draws have exactly one that does.

    With ``divine=True`` only those that pass are returned.

    Status is SOLVED; DEGENERATE where two sides of a condition are equal, so that somebody is indifferent for
    no strategic reason: what is listed are equilibria, but there is a continuum around them.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.ThreatGame(
    ...     prior=[0.2, 0.8], prize=3, audience_cost=2, concession_cost=1.2, loss=3, carrying_out=-1
    ... )
    >>> bg.PerfectBayesian().solve(game).to_frame()[["kind", "concession", "divine"]]
                                     kind  concession  divine
    draw equilibrium
    0    0                semi-separating         0.4    True
         1             pooling on silence         0.0   False
    1    0              pooling on threat         1.0    True
         1             pooling on silence         0.0   False
    """

    divine: bool = False
    games: ClassVar[tuple[type, ...]] = (ThreatGame,)

    def solve(self, game: ThreatGame) -> SignallingSolution:
        """Return the equilibria of every draw.

        Parameters
        ----------
        game : ThreatGame

        Returns
        -------
        SignallingSolution
        """
        cells = [
            _solved(*(getattr(game, field.name)[start : start + _CELL] for field in fields(game)))
            for start in range(0, game.draws, _CELL)
        ]
        sizes = [cell.codes.size for cell in cells]
        for cell, first in zip(cells, np.cumsum([0, *sizes[:-1]]), strict=True):
            cell.draw[:] += first
        solution = SignallingSolution(
            game,
            self,
            *(
                np.concatenate([getattr(cell, field.name) for cell in cells], axis=-1)
                for field in fields(_Cell)
            ),
        )
        return solution.select(solution.divine) if self.divine else solution


@dataclass(frozen=True, eq=False)
class _Cell:
    """Some draws' equilibria: the columns of a `SignallingSolution`, in its order."""

    draw: Ints
    kinds: Codes
    threat: Floats
    concession: Floats
    posterior: Floats
    payoffs: Floats
    regret: Floats
    divine: Bools
    codes: Codes


def _solved(
    prior: Floats, prize: Floats, audience: Floats, cost: Floats, loss: Floats, carrying_out: Floats
) -> _Cell:
    """Find the equilibria of so few draws that they stay in the processor's cache."""
    resolve = np.maximum(carrying_out, -audience)
    feared = loss * ((carrying_out >= -audience) & (prior > 0))
    expected = prior * feared
    exists = np.empty((prior.size, len(SignallingKind)), dtype=np.bool_)
    exists[:, 0] = expected >= cost
    exists[:, 1] = (cost > 0) & (cost <= feared) & (expected <= cost)
    exists[:, 2] = (cost >= feared) & (resolve >= 0)
    exists[:, 3] = (cost >= 0) & (resolve <= 0)
    tied = (expected == cost) | (cost == feared) | (cost == 0) | (audience == 0)
    tied |= ((resolve == 0) & (cost > 0)) | (carrying_out == -audience)
    codes = tied * np.int8(Status.DEGENERATE)  # SOLVED is 0
    draw, kind = np.nonzero(exists)
    columns = np.stack([prior, prize, audience, cost, feared, resolve]).take(draw, axis=1)
    return _described(draw, kind.astype(np.int8), columns, codes)


def _described(draw: Ints, kinds: Codes, columns: Floats, codes: Codes) -> _Cell:
    """Write the equilibria down, given the loss that counts and the tough sender's payoff when resisted."""
    prior, prize, audience, cost, feared, firm = columns
    pooling, semi, apart, silent = (kinds == kind for kind in range(len(SignallingKind)))
    share = np.divide(cost, feared, out=np.ones_like(prior), where=feared > 0)
    odds = (1 - prior) * cost
    bluff = np.divide(prior * (feared - cost), odds, out=np.zeros_like(prior), where=semi & (odds > 0))
    threat, posterior, payoffs = (np.empty((rows, draw.size)) for rows in (2, 2, 3))
    threat[0] = ~silent
    threat[1] = pooling + np.minimum(bluff, 1.0)
    concession = pooling + semi * (audience / (prize + audience))
    posterior[0] = prior * pooling + np.where(semi, share, 0.0) + apart * (prior > 0)
    posterior[0] += silent * np.minimum(prior, share)
    # After silence: the prior where nobody or everybody keeps it, the weak alone otherwise.
    posterior[1] = prior * (pooling | silent | (prior == 1))
    gain_tough = concession * prize + (1 - concession) * firm
    gain_weak = concession * prize - (1 - concession) * audience
    payoffs[0] = threat[0] * gain_tough
    payoffs[1] = threat[1] * gain_weak
    made_tough, made_weak = prior * threat[0], (1 - prior) * threat[1]
    payoffs[2] = -concession * cost * (made_tough + made_weak) - (1 - concession) * made_tough * feared
    regret = np.maximum(_missed(threat[0], gain_tough), _missed(threat[1], gain_weak))
    np.maximum(regret, _missed(concession, posterior[0] * feared - cost), out=regret)
    divine = ~silent | (cost >= feared)
    return _Cell(draw, kinds, threat, concession, posterior, payoffs, regret, divine, codes)


def _missed(probability: Floats, gain: Floats) -> Floats:
    """Return what is lost by doing with a probability what would bring a gain, or a loss, for sure."""
    result: Floats = np.maximum(gain, 0.0) - probability * gain
    return result
