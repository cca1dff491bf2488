"""Perfect Bayesian equilibria of the crisis game with a continuum of types: every root of one equation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.special

from bargain.axes import Bools, Floats, Ints
from bargain.games.crisis import CrisisGame
from bargain.solvers.solution import Codes, Status

__all__ = ["CrisisEquilibria", "CrisisSolution"]

_GRID = 240  # points at which the equation is evaluated in each draw
_SIDE_BY_SIDE = 500  # draws whose grids are held at a time
_NEAR = 0.5  # a dip of the equation closer to zero than this, in logits, is searched for roots
_MISS = 1e-10  # largest accepted error of a root
_STEP = 1e-5
_BOUND = 460.0  # logits beyond which the reply no longer changes
_TAIL = 4.0  # standard deviations beyond which areas under the normal are computed relative to their edge
_NODES, _WEIGHTS = np.polynomial.laguerre.laggauss(40)


@dataclass(frozen=True, eq=False)
class CrisisSolution:
    """Equilibria of a batch of crisis games, as a flat table sorted by draw, then by resistance.

    Attributes
    ----------
    game : CrisisGame
    draw : int[E]
        Which draw each equilibrium belongs to, ascending.
    resistance : float[E]
        Probability that a challenged target resists.
    challenge : float[E]
        Probability of a challenge.
    fighting : float[E]
        The target's belief that the challenger would fight, given that it has challenged.
    stable : bool[E]
        Whether small errors about the target's resistance die out as each side answers the other.
    miss : float[E]
        By how much the target's resistance differs from the best reply to the challenger's best reply to it.
    codes : int8[N]
        Value of the `Status` of each draw.
    """

    game: CrisisGame
    draw: Ints
    resistance: Floats
    challenge: Floats
    fighting: Floats
    stable: Bools
    miss: Floats
    codes: Codes

    @property
    def count(self) -> Ints:
        """Number of equilibria of each draw, int[N]."""
        return np.bincount(self.draw, minlength=self.game.draws)

    @property
    def status(self) -> npt.NDArray[np.object_]:
        """Status of each draw, Status[N]."""
        return np.array(list(Status), dtype=np.object_)[self.codes]

    @property
    def war(self) -> Floats:
        """Probability of fighting, float[E]."""
        result: Floats = self.challenge * self.resistance * self.fighting
        return result

    def __len__(self) -> int:
        return int(self.draw.size)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per equilibrium.

        Returns
        -------
        pandas.DataFrame
            Strategies and the probability of each outcome; indexed by draw and number of the equilibrium
            within it.
        """
        resisted = self.challenge * self.resistance
        columns = {
            "resistance": self.resistance,
            "challenge": self.challenge,
            "fighting": self.fighting,
            "status quo": 1 - self.challenge,
            "concession": self.challenge - resisted,
            "backing down": resisted - self.war,
            "war": self.war,
            "stable": self.stable,
        }
        first = np.searchsorted(self.draw, self.draw)
        index = pd.MultiIndex.from_arrays(
            [self.draw, np.arange(len(self)) - first], names=["draw", "equilibrium"]
        )
        return pd.DataFrame(columns, index=index)

    def __repr__(self) -> str:
        counts = np.bincount(self.codes, minlength=len(Status))
        summary = ", ".join(f"{counts[status]} {status.name}" for status in Status if counts[status])
        return f"CrisisSolution({len(self)} equilibria of {self.game.draws} draws; {summary})"


@dataclass(frozen=True)
class CrisisEquilibria:
    """Every perfect Bayesian equilibrium of the crisis game, batched.

    The challenger challenges if that is worth more than the status quo, given how likely the target is to
    resist; the target infers from a challenge how likely the challenger is to fight, and resists if that is
    worth more than conceding. Equilibria are the roots of one equation in the probability of resistance;
    there may be several. Payoffs and the equation are those of [CrismanCoxGibilisco2021]_.

    Notes
    -----
    The equation is evaluated on 240 points, denser near 0 and 1; sign changes are refined to 1e-10, and dips
    towards zero between points are searched for pairs of roots. Status is SOLVED where the number of
    roots is odd, as it is but for tangencies; DEGENERATE where it is even; FAILED where there is none.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.CrisisGame(
    ...     status_quo=0, prize=1, concession=0, fighting_challenger=-1.9, fighting_target=[-2.9, -2.7],
    ...     backing_down=-1.2, holding=1,
    ... )
    >>> bg.CrisisEquilibria().solve(game).resistance[:3].round(6).tolist()
    [0.251105, 0.594723, 0.813322]
    """

    games: ClassVar[tuple[type, ...]] = (CrisisGame,)

    def solve(self, game: CrisisGame) -> CrisisSolution:
        """Return the equilibria of every draw.

        Parameters
        ----------
        game : CrisisGame

        Returns
        -------
        CrisisSolution
        """
        found = [
            _roots(_Equation.of(game, np.arange(start, min(start + _SIDE_BY_SIDE, game.draws))))
            for start in range(0, game.draws, _SIDE_BY_SIDE)
        ]
        draw = np.concatenate([one[0] + k * _SIDE_BY_SIDE for k, one in enumerate(found)])
        logit = np.concatenate([one[1] for one in found])
        order = np.lexsort((logit, draw))
        draw, logit = draw[order], logit[order]
        equation = _Equation.of(game, draw)
        resistance = scipy.special.expit(logit)
        challenge, fighting = equation.challenger(logit)
        miss = np.abs(scipy.special.expit(equation.reply(logit)) - resistance)
        # In logits, the slope at a root is that in probabilities.
        slope = (equation.reply(logit + _STEP) - equation.reply(logit - _STEP)) / (2 * _STEP)
        kept = miss <= _MISS
        draw = draw[kept]
        count = np.bincount(draw, minlength=game.draws)
        codes = np.where(count % 2 == 1, np.int8(Status.SOLVED), np.int8(Status.DEGENERATE))
        codes[count == 0] = Status.FAILED
        return CrisisSolution(
            game,
            draw,
            resistance[kept],
            challenge[kept],
            fighting[kept],
            np.abs(slope[kept]) < 1,
            miss[kept],
            codes.astype(np.int8),
        )


@dataclass(frozen=True, eq=False)
class _Equation:
    """The target's best reply to the challenger's best reply; every field float[N]."""

    status_quo: Floats
    prize: Floats
    concession: Floats
    fighting_challenger: Floats
    fighting_target: Floats
    backing_down: Floats
    holding: Floats
    spread: Floats

    @classmethod
    def of(cls, game: CrisisGame, draw: Ints) -> _Equation:
        return cls(*(getattr(game, name)[draw] for name in cls.__dataclass_fields__))

    def take(self, draw: Ints) -> _Equation:
        return _Equation(*(getattr(self, name)[draw] for name in self.__dataclass_fields__))

    def challenger(self, logit: Floats) -> tuple[Floats, Floats]:
        """Return how likely a challenge is, and fighting given a challenge, by logits of resistance.

        All are float[..., N].
        """
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            # A challenge pays where fighting or backing down would be worth this much.
            odds = np.exp(np.minimum(-logit, _BOUND))
            enough = self.status_quo + odds * (self.status_quo - self.prize)
            to_fight = (enough - self.fighting_challenger) / self.spread
            to_back = (enough - self.backing_down) / self.spread
            lead = (self.fighting_challenger - self.backing_down) / self.spread
            either, other = scipy.special.ndtr(-to_fight), scipy.special.ndtr(-to_back)
            challenge = either + other - either * other
            fighting = np.clip(_both(lead * np.sqrt(0.5), -to_fight) / challenge, 0.0, 1.0)
            # Where hardly anybody challenges, fighting and backing down are compared relative to their edges.
            rare = np.minimum(to_fight, to_back) > _TAIL
            if rare.any():
                lead = np.broadcast_to(lead, rare.shape)[rare]
                edges, others = to_fight[rare], to_back[rare]
                # Half the difference of the squares, where the difference itself may be lost in rounding.
                apart = _tail(edges, lead) - _tail(others, -lead) + 0.5 * lead * (edges + others)
                fighting[rare] = scipy.special.expit(apart)
        return challenge, fighting

    def reply(self, logit: Floats) -> Floats:
        """Return the logit of the target's best resistance to a challenger who expects a resistance."""
        fighting = np.maximum(self.challenger(logit)[1], 1e-100)
        margin = (self.holding - self.concession) / fighting + self.fighting_target - self.holding
        margin = np.clip(margin / self.spread, -1e4, 1e4)
        result: Floats = scipy.special.log_ndtr(margin) - scipy.special.log_ndtr(-margin)
        return result


def _both(first: Floats, second: Floats) -> Floats:
    """Return how likely two standard normals correlated by sqrt(1/2) are below these, by Owen's T."""
    first, second = np.broadcast_arrays(first, second)
    root = np.sqrt(0.5)
    parts = 0.5 * (scipy.special.ndtr(first) + scipy.special.ndtr(second))
    parts = parts - scipy.special.owens_t(first, (second / first - root) / root)
    parts = parts - scipy.special.owens_t(second, (first / second - root) / root)
    opposite = (first * second < 0) | ((first * second == 0) & (first + second < 0))
    result: Floats = np.maximum(parts - 0.5 * opposite, 0.0)
    return result


def _tail(edge: Floats, lead: Floats) -> Floats:
    """Return the log of how likely a shock is beyond an edge and above another, over the edge's density."""
    moved = edge + _NODES[:, None] / edge
    inside = (
        _WEIGHTS[:, None] * np.exp(-0.5 * (_NODES[:, None] / edge) ** 2) * scipy.special.ndtr(moved + lead)
    )
    result: Floats = np.log(inside.sum(axis=0)) - np.log(edge)
    return result


def _roots(equation: _Equation) -> tuple[Ints, Floats]:
    """Return the draws, int[E], and the logits of all roots, float[E]."""
    # Evenly in probability, and in logits towards the ends; beyond those the reply no longer changes.
    inner = scipy.special.logit(np.linspace(0.005, 0.995, 2 * _GRID // 3))
    outer = np.append(np.linspace(5.4, 35.0, _GRID // 6), 1e8)
    grid = np.concatenate([-outer[::-1], inner, outer])[:, None]
    value = _value(equation, np.broadcast_to(grid, (grid.size, equation.prize.size)))
    place, draw = np.nonzero((value[:-1] > 0) & (value[1:] <= 0) | (value[:-1] <= 0) & (value[1:] > 0))
    low, high = grid[place, 0], grid[place + 1, 0]
    size, sign = np.abs(value), np.sign(value)
    dip = (size[1:-1] <= size[:-2]) & (size[1:-1] <= size[2:]) & (size[1:-1] < _NEAR)
    dip &= (sign[1:-1] == sign[:-2]) & (sign[1:-1] == sign[2:])
    near, which = np.nonzero(dip)
    if near.size:
        bottom = _lowest(equation.take(which), grid[near, 0], grid[near + 2, 0], sign[near + 1, which])
        crossed = np.sign(_value(equation.take(which), bottom)) != sign[near + 1, which]
        low = np.concatenate([low, grid[near[crossed], 0], bottom[crossed]])
        high = np.concatenate([high, bottom[crossed], grid[near[crossed] + 2, 0]])
        draw = np.concatenate([draw, which[crossed], which[crossed]])
    return draw, _bisected(equation.take(draw), low, high)


def _value(equation: _Equation, logit: Floats) -> Floats:
    """Return by how much the reply exceeds the resistance it replies to, in logits."""
    return equation.reply(logit) - logit


def _lowest(equation: _Equation, low: Floats, high: Floats, sign: Floats) -> Floats:
    """Return where the equation comes closest to the other sign, by golden sections."""
    golden = (np.sqrt(5.0) - 1) / 2
    for _ in range(40):
        left, right = high - golden * (high - low), low + golden * (high - low)
        better = sign * _value(equation, left) < sign * _value(equation, right)
        low, high = np.where(better, low, left), np.where(better, right, high)
    return 0.5 * (low + high)


def _bisected(equation: _Equation, low: Floats, high: Floats) -> Floats:
    """Return the roots between points at which the signs differ."""
    below = np.sign(_value(equation, low))
    for _ in range(70):
        middle = 0.5 * (low + high)
        same = np.sign(_value(equation, middle)) == below
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return 0.5 * (low + high)
