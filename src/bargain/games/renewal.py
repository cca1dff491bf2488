"""The annual renewal of a pact: notice by a deadline, second thoughts until the expiry, next year again."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from bargain.axes import Bools, Floats, Ints
from bargain.errors import InvalidGameError, UnknownNameError
from bargain.games.labels import Labels
from bargain.games.stochastic import StochasticGame

__all__ = ["RenewalGame"]

_TENSIONS = ("calm", "tense")
_ATTITUDES = ("silent", "outspoken")
_BROKEN = 2  # threats not carried out that are counted; more count as so many
_ENDED = "ended"
_NUMBERS = {
    "discount": (0.0, 1.0),
    "stay_calm": (0.0, 1.0),
    "stay_tense": (0.0, 1.0),
    "credibility": (0.0, 1.0),
    "credibility_loss": (0.0, 1.0),
    "belief": (0.0, 1.0),
    "belief_gain": (0.0, 1.0),
}


@dataclass(frozen=True, eq=False)
class RenewalGame:
    """A batch of games about a pact that renews itself every year unless its holder gives notice.

    Three governments, or more, move at once in each decision. The *holder* has three actions: *keep* the
    pact, *suspend* a notice on conditions, and *end*. What these do depends on the status:

    ==================  =================  ===========================  ============================
    status, decision    keep               suspend                      end
    ==================  =================  ===========================  ============================
    in force, notice    renewed (default)  not available                notice is given
    suspended, notice   in force again     suspension stands (default)  the notice is live again
    notice, expiry      in force again     suspended                    the pact ends (default)
    ==================  =================  ===========================  ============================

    The decision at the expiry follows that at the deadline within the year. A notice that is taken back is
    taken back in time with a probability only. Each year tension moves between calm and tense.

    Parameters
    ----------
    labels : Labels
        Of all players.
    holder, keep, suspend, end : str
        The holder and its three actions, of which some may be missing when it is held to others.
    guarantor, press : str
        A player, and its action by which it presses openly.
    payoffs : float[P, O, N]
        Of a decision, over the outcomes of the labels: the part that is always the same. What the outcome
        gives in which the holder keeps the pact and the others take their first actions is paid once a year,
        at the deadline, whatever happens.
    grievance : float[P, O, N]
        The part that is multiplied by ``calm`` in calm years, and by ``fading`` for each threat that was not
        carried out.
    chip : float[P, O, N]
        What a unit of credibility is worth: while the pact lasts.
    doubt : float[P, O, N]
        What a unit of the belief in the guarantor's displeasure is worth.
    loss : float[P, N]
        What it costs when the pact ends, once. After that each year gives what is paid once a year.
    reversal : float[O, N]
        Probability that what is taken back is taken back in time.
    calm, fading : float[P, N]
    discount, stay_calm, stay_tense : float[N]
        Of a year; and probabilities that tension stays what it is.
    credibility, credibility_loss : float[N]
        At the start, and lost with each live threat that is not carried out, down to zero.
    belief, belief_gain : float[N]
        At the start, and gained once the guarantor has pressed openly, up to one.
    opening_status : int[N], optional
        Number of the status, in the order of `statuses`, with which play begins; 0 if not given.
    opening_tense : bool[N], optional
        Whether play begins in a tense year; so it does if not given.
    horizon : int, optional
        Number of years; none for ever.

    Raises
    ------
    InvalidGameError
        If shapes do not fit or a number is out of bounds.
    UnknownNameError

    Notes
    -----
    The past counts in two ways, and both are part of the state, so that governments foresee what they do to
    them: how many live threats were not carried out (0, 1, 2 or more), and whether the guarantor has pressed
    openly (silent or outspoken). A threat is live while a notice stands or is suspended. Updating along the
    path played, without telling the players, would keep the state small, but then nobody would weigh the
    credibility that a bluff costs, and the equilibrium would not be perfect.

    Attributes
    ----------
    statuses : tuple of str
        ``in force``, ``suspended`` and ``notice``; the fourth, ``ended``, is one state and never left.
    """

    labels: Labels
    holder: str
    keep: str
    suspend: str
    end: str
    guarantor: str
    press: str
    payoffs: Floats
    grievance: Floats
    chip: Floats
    doubt: Floats
    loss: Floats
    reversal: Floats
    calm: Floats
    fading: Floats
    discount: Floats
    stay_calm: Floats
    stay_tense: Floats
    credibility: Floats
    credibility_loss: Floats
    belief: Floats
    belief_gain: Floats
    opening_status: Ints | None = None
    opening_tense: Bools | None = None
    horizon: int | None = None

    statuses = ("in force", "suspended", "notice")

    def __post_init__(self) -> None:
        labels, draws = self.labels, self.payoffs.shape[-1]
        for name in (self.holder, self.guarantor):
            labels.player(name, where="RenewalGame")
        if not set(labels.actions[labels.player(self.holder)]) <= {self.keep, self.suspend, self.end}:
            raise UnknownNameError.of(
                "action of the holder",
                next(a for a in labels.actions[labels.player(self.holder)]
                     if a not in {self.keep, self.suspend, self.end}),
                (self.keep, self.suspend, self.end), where="RenewalGame",
            )  # fmt: skip
        players = len(labels.players)
        for name, shape in (
            *((part, (players, labels.size)) for part in ("payoffs", "grievance", "chip", "doubt")),
            ("loss", (players,)),
            ("calm", (players,)),
            ("fading", (players,)),
            ("reversal", (labels.size,)),
            *((name, ()) for name in _NUMBERS),
        ):
            array = getattr(self, name)
            if array.shape != (*shape, draws):
                raise InvalidGameError(
                    f"RenewalGame: {name}: shape {(*shape, draws)} was expected, given {array.shape}"
                )
            if not np.isfinite(array).all():
                raise InvalidGameError(f"RenewalGame: {name}: finite numbers were expected")
        bounds = {**_NUMBERS, "reversal": (0.0, 1.0)}
        for name, (low, high) in bounds.items():
            array = getattr(self, name)
            if not ((array >= low) & (array <= high)).all():
                raise InvalidGameError(f"RenewalGame: {name}: {low:g} to {high:g} was expected")

    @property
    def draws(self) -> int:
        """Number of games in the batch, ``N``."""
        return int(self.payoffs.shape[-1])

    @staticmethod
    def state(status: str, tension: str = "tense", attitude: str = "silent", broken: int = 0) -> str:
        """Return the name of a state.

        Parameters
        ----------
        status : {"in force", "suspended", "notice", "ended"}
        tension : {"calm", "tense"}, default "tense"
        attitude : {"silent", "outspoken"}, default "silent"
        broken : int, default 0
            Threats not carried out.

        Returns
        -------
        str

        Examples
        --------
        >>> RenewalGame.state("in force")
        'in force, tense, silent, 0 broken'
        """
        return status if status == _ENDED else f"{status}, {tension}, {attitude}, {broken} broken"

    def opening(self) -> Floats:
        """Return the state in which play begins as probabilities, for `survival` and its kin.

        Returns
        -------
        float[S, N]
            In the order of the states of `to_stochastic`.
        """
        states = [self.state(*place) for place in self._grid()]
        status = np.zeros(self.draws, dtype=np.int64) if self.opening_status is None else self.opening_status
        tense = np.ones(self.draws, dtype=np.bool_) if self.opening_tense is None else self.opening_tense
        result = np.zeros((len(states) + 1, self.draws))
        for place, name in enumerate(self.statuses):
            for tension in range(2):
                row = states.index(self.state(name, _TENSIONS[tension]))
                result[row] = (status == place) & (tense == bool(tension))
        return result

    def default(self) -> dict[str, tuple[str, ...]]:
        """Return what happens in each state if nobody acts, for `MarkovPerfect`.

        Returns
        -------
        dict of state to outcome
            The first actions of all but the holder.
        """
        idle = {"in force": self.keep, "suspended": self.suspend, "notice": self.end}
        made = {}
        for status, tension, attitude, broken in self._grid():
            own = self._labels(status)
            actions = [names[0] for names in own.actions]
            player = own.player(self.holder)
            if idle[status] in own.actions[player]:
                actions[player] = idle[status]
            made[self.state(status, tension, attitude, broken)] = tuple(actions)
        return made

    def to_stochastic(self) -> StochasticGame:
        """Return the game as one with states.

        Returns
        -------
        StochasticGame
            Of one period a year; states of notice are immediate.
        """
        labels: dict[str, Labels] = {}
        payoffs: dict[str, Floats] = {}
        moves: dict[str, list[Any]] = {}
        book = _Odds(self)
        beliefs = [np.minimum(self.belief + step * self.belief_gain, 1.0) for step in range(2)]
        trust = [np.maximum(self.credibility - k * self.credibility_loss, 0.0) for k in range(_BROKEN + 1)]
        flat = {status: self._outcomes(status) for status in self.statuses}
        idle = self.payoffs[:, self._idle()]
        scales = (self.calm[:, None], np.ones((1, 1, 1)))
        # The part of tension and of broken threats is the same whatever the guarantor's attitude.
        parts = {
            (status, tension, broken): self.payoffs[:, picked]
            + self.grievance[:, picked] * (scales[tension] * self.fading[:, None] ** broken)
            for (status, (_, picked)), tension, broken in itertools.product(
                flat.items(), range(2), range(_BROKEN + 1)
            )
        }
        for status, tension, attitude, broken in self._grid():
            name = self.state(status, tension, attitude, broken)
            own, picked = flat[status]
            place, heard = _TENSIONS.index(tension), _ATTITUDES.index(attitude)
            stage = parts[status, place, broken] + self.doubt[:, picked] * beliefs[heard]
            chip = self.chip[:, picked] * trust[broken]
            if status == "notice":
                kept = np.where(self._ends(own)[:, None], 0.0, self.reversal[picked])
                stage += chip * kept - self.loss[:, None] * (1 - kept) - idle[:, None]
            else:
                stage += chip
            labels[name] = own
            payoffs[name] = stage.reshape(len(own.players), *own.shape, -1)
            acts = [dict(zip(own.players, outcome, strict=True)) for outcome in own.outcomes]
            moves[name] = [
                self._lead(book, (status, tension, attitude, broken), act, number)
                for act, number in zip(acts, picked, strict=True)
            ]
        over = Labels(self.labels.players, (("stay",),) * len(self.labels.players))
        labels[_ENDED] = over
        payoffs[_ENDED] = idle.reshape(len(over.players), *over.shape, -1)
        moves[_ENDED] = [_ENDED]
        return StochasticGame.assembled(
            labels,
            payoffs,
            moves,
            discount=self.discount[None],
            horizon=self.horizon,
            immediate=[name for name in labels if name.startswith("notice")],
        )

    def _idle(self) -> int:
        """Return the number of the outcome in which nobody acts and the pact is kept."""
        actions = [names[0] for names in self.labels.actions]
        player = self.labels.player(self.holder)
        if self.keep in self.labels.actions[player]:
            actions[player] = self.keep
        return self.labels.outcome(actions)

    def _grid(self) -> list[tuple[str, str, str, int]]:
        return list(itertools.product(self.statuses, _TENSIONS, _ATTITUDES, range(_BROKEN + 1)))

    def _labels(self, status: str) -> Labels:
        """Leave the holder what the status allows."""
        player = self.labels.player(self.holder)
        allowed = (self.keep, self.end) if status == "in force" else (self.keep, self.suspend, self.end)
        own = tuple(name for name in self.labels.actions[player] if name in allowed)
        actions = list(self.labels.actions)
        # Who is held to a suspension has nothing to suspend while the pact is in force: it is renewed.
        actions[player] = own or (self.suspend,)
        return Labels(self.labels.players, tuple(actions))

    def _outcomes(self, status: str) -> tuple[Labels, list[int]]:
        own = self._labels(status)
        return own, [self.labels.outcome(outcome) for outcome in own.outcomes]

    def _ends(self, own: Labels) -> Any:
        player = own.player(self.holder)
        return np.array([outcome[player] == self.end for outcome in own.outcomes])

    def _lead(self, book: _Odds, now: tuple[str, str, str, int], outcome: dict[str, str], number: int) -> Any:
        """Say where an outcome leads."""
        status, tension, attitude, broken = now
        act = outcome[self.holder]
        if outcome[self.guarantor] == self.press:
            attitude = _ATTITUDES[1]
        if act == self.end:
            return _ENDED if status == "notice" else self.state("notice", tension, attitude, broken)
        if status != "in force":
            broken = min(broken + 1, _BROKEN)
        after = "suspended" if act == self.suspend and status != "in force" else "in force"
        odds = book.odds(tension, number if status == "notice" else None)
        targets = [self.state(after, next_, attitude, broken) for next_ in _TENSIONS]
        return dict(zip([*targets, _ENDED], odds, strict=False))


class _Odds:
    """Probabilities of a calm year, a tense one and, after a notice, none: each array made once."""

    def __init__(self, game: RenewalGame) -> None:
        self._game = game
        self._stay = {
            "calm": (game.stay_calm, 1 - game.stay_calm),
            "tense": (1 - game.stay_tense, game.stay_tense),
        }
        self._made: dict[Any, tuple[Floats, ...]] = {}
        self._rows: dict[bytes, int] = {}

    def odds(self, tension: str, number: int | None) -> tuple[Floats, ...]:
        if number is None:
            return self._stay[tension]
        reversal = self._game.reversal[number]
        row = self._rows.setdefault(reversal.tobytes(), number)  # outcomes with the same chances share them
        key = (tension, row)
        if key not in self._made:
            self._made[key] = (*(share * reversal for share in self._stay[tension]), 1 - reversal)
        return self._made[key]
