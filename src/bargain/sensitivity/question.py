"""A question about a draw that has a number for an answer, or honestly none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bargain.axes import Bools, Floats, Ints
from bargain.errors import InvalidArgumentError
from bargain.games.labels import Labels, Outcome
from bargain.sweep.cell import REMAINDER, Cell

__all__ = ["EquilibriumPayoff", "Event", "EventLike", "Question", "question_of", "why_unanswered"]

EventLike = Mapping[str, str | Sequence[str]] | Sequence[str] | Collection[Outcome]
"""What some players do, ``{"ROK": "terminate"}``; one outcome, a tuple; or several outcomes."""


class Question(Protocol):
    """What is asked of every draw."""

    @property
    def words(self) -> str:
        """The question, in words."""
        ...

    def answer(self, cell: Cell) -> Floats:
        """Return the answers, float[N]; NaN in draws that have none."""
        ...


@dataclass(frozen=True)
class Event:
    """Whether one of some outcomes happens.

    A draw answers 1 where every equilibrium leads to one of the outcomes for sure, 0 where none can lead
    there, and has no answer otherwise: where equilibria disagree, where a mixed one leads there with some
    probability, and where no equilibrium was found.

    Attributes
    ----------
    outcomes : frozenset of tuple of str
    words : str

    Examples
    --------
    >>> labels = Labels.of({"ROK": ("renew", "terminate"), "JPN": ("maintain", "relax")})
    >>> Event.of(labels, {"ROK": "terminate"}).words
    'ROK terminate'
    >>> Event.of(labels, ("renew", "relax")).mask(labels)
    array([False,  True, False, False])
    """

    outcomes: frozenset[Outcome]
    words: str

    @classmethod
    def of(cls, labels: Labels, given: EventLike, *, where: str = "outcome") -> Event:
        """Read an event as it may be written.

        Parameters
        ----------
        labels : Labels
        given : mapping, tuple or collection of tuples
            ``{player: action or actions}``, of which players that are left out may do anything; one outcome,
            an action per player; or several outcomes.
        where : str, optional
            Named in the errors.

        Returns
        -------
        Event

        Raises
        ------
        UnknownNameError
        InvalidArgumentError
        """
        if isinstance(given, Mapping):
            return cls._partial(labels, given, where)
        if isinstance(given, str) or not isinstance(given, Collection) or not given:
            raise InvalidArgumentError(
                f"{where}: {{player: action}}, an outcome or several outcomes were expected, given {given!r}"
            )
        names = [part for part in given if isinstance(part, str)]
        rows = [tuple(names)] if len(names) == len(given) else [tuple(row) for row in given]
        found = [labels.outcomes[labels.outcome(row)] for row in rows]  # checks the names
        return cls(frozenset(found), " or ".join("/".join(outcome) for outcome in dict.fromkeys(found)))

    @classmethod
    def _partial(cls, labels: Labels, given: Mapping[str, str | Sequence[str]], where: str) -> Event:
        allowed: dict[str, tuple[str, ...]] = {}
        for player, actions in given.items():
            names = (actions,) if isinstance(actions, str) else tuple(actions)
            for name in names:
                labels.action(player, name, where=where)
            allowed[player] = names
        if not allowed or not all(allowed.values()):
            raise InvalidArgumentError(f"{where}: an action of some player was expected, given {given!r}")
        places = [(labels.player(player, where=where), names) for player, names in allowed.items()]
        outcomes = (o for o in labels.outcomes if all(o[place] in names for place, names in places))
        words = ", ".join(f"{player} {' or '.join(names)}" for player, names in allowed.items())
        return cls(frozenset(outcomes), words)

    def mask(self, labels: Labels) -> Bools:
        """Say which outcomes belong to the event.

        Parameters
        ----------
        labels : Labels
            Also those of a game in which players are held.

        Returns
        -------
        bool[O]
        """
        return np.array([outcome in self.outcomes for outcome in labels.outcomes], dtype=np.bool_)

    def answer(self, cell: Cell) -> Floats:
        """Return 1, 0 or NaN for each draw, as the class says.

        Parameters
        ----------
        cell : Cell

        Returns
        -------
        float[N]
        """
        mask, possible = self.mask(cell.labels), cell.predictions.possible
        inside, outside = possible[mask].any(axis=0), possible[~mask].any(axis=0)
        return np.where(inside ^ outside, inside.astype(np.float64), np.nan)


@dataclass(frozen=True)
class EquilibriumPayoff:
    """What a player earns in equilibrium. Only draws with a single outcome answer.

    Attributes
    ----------
    player : str
    place : int
        Number of the player.
    """

    player: str
    place: int

    @property
    def words(self) -> str:
        """The question, in words."""
        return f"payoff of {self.player}"

    def answer(self, cell: Cell) -> Floats:
        """Return the payoff in each draw; NaN where equilibria disagree or there is none.

        Parameters
        ----------
        cell : Cell

        Returns
        -------
        float[N]
        """
        payoff: Floats = cell.equilibrium_payoffs()[self.place]
        return payoff


def question_of(labels: Labels, outcome: EventLike | None, payoff: str | None, *, where: str) -> Question:
    """Return the question from the two ways to ask it, of which exactly one must be given.

    Parameters
    ----------
    labels : Labels
    outcome : mapping, tuple or collection of tuples, optional
        See `Event.of`.
    payoff : str, optional
        A player.
    where : str
        Named in the errors.

    Returns
    -------
    Question

    Raises
    ------
    InvalidArgumentError
    UnknownNameError
    """
    if (outcome is None) == (payoff is None):
        raise InvalidArgumentError(
            f"{where}: either outcome or payoff was expected, given {outcome=} and {payoff=}"
        )
    if payoff is not None:
        return EquilibriumPayoff(payoff, labels.player(payoff, where=f"{where}: payoff"))
    assert outcome is not None  # noqa: S101 - for the type checker
    return Event.of(labels, outcome, where=f"{where}: outcome")


def why_unanswered(cell: Cell, answer: Floats) -> Ints:
    """Count the draws without an answer by reason.

    Parameters
    ----------
    cell : Cell
    answer : float[N]
        What a question made of it.

    Returns
    -------
    int[4]
        In the order of `REMAINDER`: one mixed equilibrium, several that disagree, none, unsolved.
    """
    found, missing = cell.predictions, np.isnan(answer)
    without = found.count == 0
    reasons = (
        found.count == 1,
        found.count > 1,
        without & found.without_equilibrium,
        without & ~found.without_equilibrium,
    )
    return np.array([np.count_nonzero(missing & reason) for reason in reasons], dtype=np.int64)


def told(reasons: Ints) -> dict[str, int]:
    """Return the reasons that occur, by name.

    Parameters
    ----------
    reasons : int[4]

    Returns
    -------
    dict of str to int
    """
    return {name: int(count) for name, count in zip(REMAINDER, reasons, strict=True) if count}
