"""Offers until a date, by backward induction: when they agree, on which deal, and how deep it goes."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Bools, Floats, Ints, read_only
from bargain.errors import InvalidArgumentError
from bargain.games.deadline import DeadlineGame

__all__ = ["DeadlineOffers", "DeadlinePath", "DeadlineStatus"]

_SLACK = 1e-12  # of the size of payoffs: smaller differences are rounding


class DeadlineStatus(enum.IntEnum):
    """What became of one draw. Each member says in `sentence` what it means."""

    sentence: str

    AT_ONCE = 0, "They agree in the first round."
    BEFORE = 1, "They agree after the first round and before the last."
    AT_THE_DEADLINE = 2, "They agree in the last round and not before."
    LAPSED = 3, "Time runs out: no deal is worth more to both than that, or than waiting for it."
    WALKED_OUT = 4, "In the round that is given a player takes its outside option."
    UNSETTLED = 5, "Without a firm date the offers did not settle; see `DeadlineOffers.horizon`."

    def __new__(cls, code: int, sentence: str) -> Self:
        """Attach the sentence to the code."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member


@dataclass(frozen=True, eq=False)
class DeadlinePath:
    """The subgame-perfect path of talks with a date, batched over draws.

    Attributes
    ----------
    game : DeadlineGame
    payoffs : float[2, N]
        What each player expects at the start, posturing on the way included; with `DeadlineGame.recognition`
        by its own lights.
    round : int[N]
        In which they agree or one walks out, counted from 1; 0 where time runs out.
    deal : int[N]
        The deal agreed on; -1 where there is none.
    depth : float[N]
        How deep it goes, from 0 to 1; NaN where there is none. Where chance decides who proposes: if it is
        the first player.
    proposer : int[N]
        Whose offer it is; -1 where chance decides or there is none.
    reached : float[N]
        The probability that talks last until then, or to the end.
    agreed : float[2, N]
        What both get by the agreement, seen from its round; NaN where there is none.
    gain : float[T, N]
        What the player who proposes in each round gains, in its own units, by the best deal that the other
        would accept over waiting: negative where it waits, NaN where the other would accept none. Where
        chance decides, of the first player. One row where the deadline is random.
    codes : int8[N]
        Value of the `DeadlineStatus` of each draw.
    """

    game: DeadlineGame
    payoffs: Floats
    round: Ints
    deal: Ints
    depth: Floats
    proposer: Ints
    reached: Floats
    agreed: Floats
    gain: Floats
    codes: npt.NDArray[np.int8]

    def __post_init__(self) -> None:
        for name in ("payoffs", "round", "deal", "depth", "proposer", "reached", "agreed", "gain", "codes"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def status(self) -> npt.NDArray[np.object_]:
        """Status of each draw, DeadlineStatus[N]."""
        return np.array(list(DeadlineStatus), dtype=np.object_)[self.codes]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per draw.

        Returns
        -------
        pandas.DataFrame
            Columns status, round, deal, depth, proposer, reached; indexed by draw.
        """
        names = np.array([*self.game.deals, ""], dtype=np.object_)
        who = np.array([*self.game.players, ""], dtype=np.object_)
        return pd.DataFrame(
            {
                "status": [status.name for status in self.status],
                "round": self.round,
                "deal": names[self.deal],
                "depth": self.depth,
                "proposer": who[self.proposer],
                "reached": self.reached,
            },
            index=pd.RangeIndex(self.game.draws, name="draw"),
        )

    def __repr__(self) -> str:
        counts = np.bincount(self.codes, minlength=len(DeadlineStatus))
        summary = ", ".join(f"{counts[s]} {s.name}" for s in DeadlineStatus if counts[s])
        return f"DeadlinePath({self.game.draws} draws; {summary})"


@dataclass(frozen=True)
class DeadlineOffers:
    """The subgame-perfect equilibrium of a `DeadlineGame`, all draws at once [Stahl1972]_.

    Each proposer asks for the best deal, at the best depth, that leaves the other what waiting would give
    it, and waits if it prefers that. Among deals that are equally good to it, it takes the one that is best
    for the other, and agrees rather than waits.

    Parameters
    ----------
    horizon : int, default 4000
        With a random deadline: for how many rounds at most the induction goes back from a date at which
        time would run out for sure. It ends as soon as a pair of rounds repeats itself to 1e-12; draws that
        never do are UNSETTLED.

    Notes
    -----
    With one deal over which interests are opposed, depths that do not reach 0 or 1 on the way, common
    patience d, and payoffs measured in units of depth: they agree at once if ``alpha < (1 - d (1 - h)) S``
    and otherwise in the last round, where alpha is what both get from posturing and S what the deal is worth
    to both over disagreement. Without such limits, and without a date, `AlternatingOffers` has closed forms.

    Examples
    --------
    A random deadline removes the reason to wait for optimists.

    >>> import bargain as bg
    >>> terms = dict(
    ...     deals={"share": [(0, 1), (1, 0)]},
    ...     disagreement=(0, 0),
    ...     patience=(0.999, 0.999),
    ...     recognition=(0.7, 0.7),
    ... )
    >>> for deadline in ("firm", "random"):
    ...     game = bg.DeadlineGame(("A", "B"), rounds=13, deadline=deadline, **terms)
    ...     print(deadline, bg.DeadlineOffers().solve(game).status[0].name)
    firm AT_THE_DEADLINE
    random AT_ONCE
    """

    horizon: int = 4000

    games: ClassVar[tuple[type, ...]] = (DeadlineGame,)

    def __post_init__(self) -> None:
        if self.horizon < 2:
            raise InvalidArgumentError(
                f"DeadlineOffers: horizon: 2 rounds or more were expected, given {self.horizon}"
            )

    def solve(self, game: DeadlineGame) -> DeadlinePath:
        """Return the path of every draw.

        Parameters
        ----------
        game : DeadlineGame

        Returns
        -------
        DeadlinePath
        """
        return _firm(game) if game.deadline == "firm" else _random(game, self.horizon)


@dataclass(frozen=True, eq=False)
class _Offer:
    """What one player proposes in one round."""

    value: Floats  # [player, N], of the proposal, or of what follows instead
    gain: Floats  # [N]
    deal: Ints
    depth: Floats
    agree: Bools
    walk: Bools


@dataclass(frozen=True, eq=False)
class _Round:
    """One round: what it is worth to both when it starts, and what happens in it."""

    value: Floats
    gain: Floats
    deal: Ints
    depth: Floats
    agreed: Floats
    agree: Bools
    walk: Bools


def _offer(game: DeadlineGame, proposer: int, payment: Floats, wait: Floats) -> _Offer:
    other = 1 - proposer
    least, instead = wait[other], wait[proposer]
    walks = np.zeros(game.draws, dtype=np.bool_)
    if game.outside_options is not None:
        walks = game.outside_options[other] > least
        least = np.where(walks, game.outside_options[other], least)
        instead = np.where(walks, game.outside_options[proposer], instead)
    start = game.payoffs[:, :, 0] + payment[:, None]
    step = game.payoffs[:, :, 1] - game.payoffs[:, :, 0]
    mine, theirs = step[proposer], step[other]
    slack = _SLACK * (1.0 + np.abs(least) + np.abs(game.payoffs[other]).max(axis=1))
    short = least - start[other]  # what depth 0 lacks
    level = theirs == 0
    reach = np.where(level, 0.0, short / np.where(level, 1.0, theirs))
    low = np.where(theirs > 0, np.maximum(reach, 0.0), 0.0)
    high = np.where(theirs < 0, np.minimum(reach, 1.0), 1.0)
    ends = start[other] + theirs * np.where(theirs > 0, 1.0, 0.0)  # the most that the deal can give the other
    fits = ends >= least - slack
    low, high = np.clip(low, 0.0, 1.0), np.clip(high, 0.0, 1.0)
    deep = (mine > 0) | ((mine == 0) & (theirs > 0))
    depth = np.where(deep, high, low)
    own = np.where(fits, start[proposer] + mine * depth, -np.inf)
    rest = start[other] + theirs * depth
    top = own.max(axis=0)
    best = np.where(own >= top - _SLACK * (1.0 + np.abs(np.where(np.isfinite(top), top, 0.0))), rest, -np.inf)
    deal = best.argmax(axis=0)
    place = np.arange(game.draws)
    some = np.isfinite(top)
    gain = np.where(some, own[deal, place] - instead, np.nan)
    agree = some & (gain >= -_SLACK * (1.0 + np.abs(instead)))
    value = np.empty((2, game.draws))
    value[proposer] = np.where(agree, own[deal, place], instead)
    value[other] = np.where(agree, np.maximum(rest[deal, place], least), least)
    return _Offer(value, gain, deal, depth[deal, place], agree, walks & ~agree)


def _round(game: DeadlineGame, turn: int, payment: Floats, wait: Floats) -> _Round:
    if game.recognition is None:
        offer = _offer(game, turn, payment, wait)
        return _Round(offer.value, offer.gain, offer.deal, offer.depth, offer.value, offer.agree, offer.walk)
    offers = [_offer(game, proposer, payment, wait) for proposer in (0, 1)]
    chance = game.recognition
    # Both see their own chance to propose; the other's is what is left of it.
    value = np.stack(
        [chance[i] * offers[i].value[i] + (1 - chance[i]) * offers[1 - i].value[i] for i in (0, 1)]
    )
    first = offers[0]
    agree, walk = offers[0].agree & offers[1].agree, offers[0].walk & offers[1].walk
    return _Round(value, first.gain, first.deal, first.depth, first.value, agree, walk)


def _waiting(game: DeadlineGame, value: Floats, expiry: float) -> Floats:
    """Return what rejection is worth to both, given the value of the next round."""
    goes_on = (1.0 - game.breakdown) * (1.0 - expiry)
    over = game.breakdown * game.breakdown_payoffs + (1.0 - game.breakdown) * expiry * game.disagreement
    result: Floats = game.posturing + game.patience * (goes_on * value + over)
    return result


def _firm(game: DeadlineGame) -> DeadlinePath:
    value, last = game.disagreement, game.rounds - 1
    gain = np.empty((game.rounds, game.draws))
    place = np.zeros(game.draws, dtype=np.int64)
    deal, depth = np.full(game.draws, -1), np.full(game.draws, np.nan)
    agreed, walked = np.full((2, game.draws), np.nan), np.zeros(game.draws, dtype=np.bool_)
    for index in reversed(range(game.rounds)):
        wait = game.disagreement if index == last else _waiting(game, value, 0.0)
        now = _round(game, (game.first + index) % 2, game.side_payment[:, index], wait)
        value, gain[index] = now.value, now.gain
        ends = now.agree | now.walk
        place = np.where(ends, index + 1, place)
        deal = np.where(ends, np.where(now.agree, now.deal, -1), deal)
        depth = np.where(ends, np.where(now.agree, now.depth, np.nan), depth)
        agreed = np.where(ends, np.where(now.agree, now.agreed, np.nan), agreed)
        walked = np.where(ends, now.walk, walked)
    codes = np.full(game.draws, DeadlineStatus.BEFORE, dtype=np.int8)
    codes[place == game.rounds] = DeadlineStatus.AT_THE_DEADLINE
    codes[place == 1] = DeadlineStatus.AT_ONCE
    codes[place == 0] = DeadlineStatus.LAPSED
    codes[walked] = DeadlineStatus.WALKED_OUT
    survives = 1.0 - game.breakdown
    reached = survives ** np.where(place > 0, place - 1, last)
    turns = game.recognition is None
    proposer = np.where((deal >= 0) & turns, (game.first + place - 1) % 2, -1)
    return DeadlinePath(game, value, place, deal, depth, proposer, reached, agreed, gain, codes)


def _random(game: DeadlineGame, horizon: int) -> DeadlinePath:
    payment, expiry = game.side_payment[:, 0], game.expiry
    value: Floats = np.array(game.disagreement)
    before = np.full((2, game.draws), np.inf)  # two rounds later, when the same player proposes
    history: list[_Round] = []
    size = 1.0 + np.abs(game.payoffs).max(axis=(0, 1, 2))
    settled = np.zeros(game.draws, dtype=np.bool_)
    for step in range(horizon):
        turn = (game.first + horizon - 1 - step) % 2
        now = _round(game, turn, payment, _waiting(game, value, expiry))
        history = [*history[-1:], now]
        before, last, value = value if step else before, before, now.value
        settled = np.abs(value - last).max(axis=0) <= 1e-12 * size
        if step > 2 and settled.all() and turn == game.first:
            break
    return _settled(game, history, settled)


def _settled(game: DeadlineGame, history: list[_Round], settled: Bools) -> DeadlinePath:
    """Follow the two rounds that repeat themselves."""
    second, first = history
    ends = [first.agree | first.walk, second.agree | second.walk]
    place = np.where(ends[0], 1, np.where(ends[1], 2, 0))
    chosen = [np.where(ends[0], getattr(first, name), getattr(second, name))
              for name in ("deal", "depth", "agreed", "agree", "walk")]  # fmt: skip
    deal, depth, agreed, agree, walk = chosen
    agree, walk = agree.astype(np.bool_) & (place > 0), walk.astype(np.bool_) & (place > 0)
    codes = np.full(game.draws, DeadlineStatus.BEFORE, dtype=np.int8)
    codes[place == 1] = DeadlineStatus.AT_ONCE
    codes[place == 0] = DeadlineStatus.LAPSED
    codes[walk] = DeadlineStatus.WALKED_OUT
    codes[~settled] = DeadlineStatus.UNSETTLED
    survives = (1.0 - game.breakdown) * (1.0 - game.expiry)
    reached = np.where(place > 0, survives ** np.maximum(place - 1, 0), 0.0)
    turns = game.recognition is None
    proposer = np.where(agree & turns, (game.first + place - 1) % 2, -1)
    nothing = np.where(agree, 0.0, np.nan)
    return DeadlinePath(
        game, first.value, place, np.where(agree, deal, -1), depth + nothing, proposer, reached,
        agreed + nothing, first.gain[None], codes,
    )  # fmt: skip
