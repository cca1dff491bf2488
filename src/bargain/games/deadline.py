"""Talks with a date: deals of variable depth, what waiting is worth, and what happens if time runs out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats, read_only
from bargain.errors import InvalidGameError, UnknownNameError
from bargain.games.labels import Labels

__all__ = ["DeadlineGame"]

Pair = npt.ArrayLike


@dataclass(frozen=True, init=False, eq=False)
class DeadlineGame:
    """Two players make offers in turn until a date; batched over draws.

    An offer is a deal and its depth, from 0 to 1: how far a concession goes. Payoffs of a deal are affine in
    its depth, in the players' own units, so that a concession may be worth more to who gets it than it costs
    the other, or less.

    Parameters
    ----------
    players : sequence of str, length 2
    deals : mapping of str to pair of array_like, float[2] or float[2, N]
        What each deal gives both players at depth 0 and at depth 1.
    disagreement : array_like, float[2] or float[2, N]
        What both get when time runs out.
    patience : array_like, float[2] or float[2, N]
        What a payoff one round later is worth now, between 0 and 1.
    rounds : int
        Offers until the date.
    first : str, optional
        Who makes the first offer; by default the first player.
    deadline : {"firm", "random"}, default "firm"
        Whether time runs out after so many offers, or after each rejected one with probability
        ``1 / rounds``, so that it does so after as many on average, and nobody knows which is the last.
    breakdown : array_like, float or float[N], default 0
        The probability that talks collapse after a rejected offer, besides.
    breakdown_payoffs : array_like, float[2] or float[2, N], optional
        What both get then; the disagreement payoffs if not given.
    posturing : array_like, float[2] or float[2, N], default 0
        What each gets per round of holding out, such as credit at home for being firm.
    outside_options : array_like, float[2] or float[2, N], optional
        What both get if the player that has an offer before it walks out, as it may do at once.
    side_payment : array_like, float[2], float[2, T] or float[2, T, N], default 0
        What a mediator adds to each player's payoff if they agree, in each round. With a random deadline it
        is the same in all.
    recognition : array_like, float[2] or float[2, N], optional
        The probability of making the offer in any round, as each player sees its own; if they add up to more
        than one, players are optimistic [Yildiz2004]_. Without it, they take turns.

    Attributes
    ----------
    players : tuple of str, length 2
    deals : tuple of str, length D
    payoffs : float[2, D, 2, N]
        ``payoffs[player, deal, depth, draw]`` at depths 0 and 1.
    disagreement, patience, breakdown_payoffs, posturing : float[2, N]
    outside_options, recognition : float[2, N], or None
    breakdown : float[N]
    side_payment : float[2, T, N]
        Of one round where the deadline is random.
    rounds : int
    first : int
    deadline : str

    Raises
    ------
    InvalidGameError
        If names are empty or repeated, or numbers outside their range, not finite, or of another shape.
    UnknownNameError

    Examples
    --------
    A pact is kept for a relaxation of controls; each week of firmness is worth something at home.

    >>> import bargain as bg
    >>> game = bg.DeadlineGame(
    ...     ("Seoul", "Tokyo"),
    ...     {"suspend for relaxation": [(-1, 1.5), (2, -0.5)]},
    ...     disagreement=(0, 0),
    ...     patience=(0.99, 0.99),
    ...     rounds=13,
    ...     posturing=(0.02, 0.01),
    ... )
    >>> path = bg.DeadlineOffers().solve(game)
    >>> print(path.to_frame().round(3).to_string())
                status  round                    deal  depth proposer  reached
    draw
    0     AT_THE_DEADLINE     13  suspend for relaxation   0.75    Seoul      1.0
    """

    players: tuple[str, str]
    deals: tuple[str, ...]
    payoffs: Floats
    disagreement: Floats
    patience: Floats
    rounds: int
    first: int
    deadline: str
    breakdown: Floats
    breakdown_payoffs: Floats
    posturing: Floats
    outside_options: Floats | None
    side_payment: Floats
    recognition: Floats | None

    def __init__(
        self,
        players: Sequence[str],
        deals: Mapping[str, Sequence[npt.ArrayLike]],
        disagreement: Pair,
        *,
        patience: Pair,
        rounds: int,
        first: str | None = None,
        deadline: str = "firm",
        breakdown: npt.ArrayLike = 0.0,
        breakdown_payoffs: Pair | None = None,
        posturing: Pair = (0.0, 0.0),
        outside_options: Pair | None = None,
        side_payment: npt.ArrayLike = (0.0, 0.0),
        recognition: Pair | None = None,
    ) -> None:
        names = tuple(players)
        if len(names) != 2:
            raise InvalidGameError(f"DeadlineGame: players: two were expected, given {names}")
        if not isinstance(deals, Mapping) or not deals:
            raise InvalidGameError(
                f"DeadlineGame: deals: a mapping of one or more was expected, given {deals!r}"
            )
        Labels((names[0], names[1]), (tuple(deals), tuple(deals)))
        if isinstance(rounds, bool) or not isinstance(rounds, int | np.integer) or rounds < 1:
            raise InvalidGameError(
                f"DeadlineGame: rounds: a whole number from 1 on was expected, given {rounds!r}"
            )
        if deadline not in {"firm", "random"}:
            raise InvalidGameError(
                f"DeadlineGame: deadline: 'firm' or 'random' was expected, given {deadline!r}"
            )
        if first is not None and first not in names:
            raise UnknownNameError.of("player", first, names, where="DeadlineGame: first")
        pairs = {
            "disagreement": disagreement,
            "patience": patience,
            "breakdown_payoffs": disagreement if breakdown_payoffs is None else breakdown_payoffs,
            "posturing": posturing,
            "outside_options": outside_options,
            "recognition": recognition,
        }
        arrays = {name: _pair(name, value) for name, value in pairs.items() if value is not None}
        for name, ends in deals.items():
            if len(ends) != 2:
                raise InvalidGameError(
                    f"DeadlineGame: deal {name!r}: payoffs at depth 0 and at depth 1 were expected,"
                    f" given {ends!r}"
                )
            for depth, end in enumerate(ends):
                arrays[f"deal {name!r} at depth {depth}"] = _pair(f"deal {name!r}", end)
        arrays["breakdown"] = _hazard(breakdown)
        arrays["side_payment"] = _payments(side_payment, 1 if deadline == "random" else int(rounds))
        draws = max(array.shape[-1] for array in arrays.values())
        for name, array in arrays.items():
            if array.shape[-1] not in {1, draws}:
                raise InvalidGameError(
                    f"DeadlineGame: {name}: 1 or {draws} draws were expected, given {array.shape[-1]}"
                )
        for name in ("patience", "breakdown", "recognition"):
            if name in arrays and not ((arrays[name] >= 0) & (arrays[name] <= 1)).all():
                raise InvalidGameError(
                    f"DeadlineGame: {name}: numbers between 0 and 1 were expected, given {arrays[name]}"
                )
        if deadline == "random" and rounds == 1:
            raise InvalidGameError(
                "DeadlineGame: rounds: 2 or more were expected of a random deadline, given 1"
            )
        spread = {
            name: read_only(np.ascontiguousarray(np.broadcast_to(array, (*array.shape[:-1], draws))))
            for name, array in arrays.items()
        }
        table = [[spread[f"deal {name!r} at depth {depth}"] for depth in (0, 1)] for name in deals]
        payoffs = np.moveaxis(np.array(table), 2, 0)
        for name, value in {
            "players": names,
            "deals": tuple(deals),
            "payoffs": read_only(np.ascontiguousarray(payoffs)),
            "rounds": int(rounds),
            "first": 0 if first is None else names.index(first),
            "deadline": deadline,
            **{name: spread.get(name) for name in (*pairs, "breakdown", "side_payment")},
        }.items():
            object.__setattr__(self, name, value)

    @property
    def draws(self) -> int:
        """Number of games in the batch, ``N``."""
        return int(self.payoffs.shape[-1])

    @property
    def expiry(self) -> float:
        """Probability that time runs out after a rejected offer; 0 where the deadline is firm."""
        return 1.0 / self.rounds if self.deadline == "random" else 0.0

    def __len__(self) -> int:
        return self.draws

    def __repr__(self) -> str:
        kind = f"{self.rounds} rounds" if self.deadline == "firm" else f"{self.rounds} rounds on average"
        return (
            f"DeadlineGame({', '.join(self.players)}; {len(self.deals)} deal"
            f"{'s' if len(self.deals) != 1 else ''}; {kind}; {self.draws} draw"
            f"{'s' if self.draws != 1 else ''})"
        )


def _numbers(name: str, given: npt.ArrayLike, expected: str) -> Floats:
    try:
        array = np.array(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(f"DeadlineGame: {name}: {expected} expected, given {given!r}") from error
    if not array.size or not np.isfinite(array).all():
        raise InvalidGameError(f"DeadlineGame: {name}: {expected} expected, given {given!r}")
    return array


def _pair(name: str, given: npt.ArrayLike) -> Floats:
    array = _numbers(name, given, "two finite numbers, or two rows of draws, were")
    array = array[:, None] if array.ndim == 1 else array
    if array.ndim != 2 or array.shape[0] != 2:
        raise InvalidGameError(
            f"DeadlineGame: {name}: shape (2,) or (2, draws), one for each player, was expected; given"
            f" {np.shape(given)}"
        )
    return array


def _hazard(given: npt.ArrayLike) -> Floats:
    array = np.atleast_1d(_numbers("breakdown", given, "a probability, or one per draw, was"))
    if array.ndim != 1:
        raise InvalidGameError(
            f"DeadlineGame: breakdown: a number, or one per draw, was expected; given shape {array.shape}"
        )
    return array


def _payments(given: npt.ArrayLike, rounds: int) -> Floats:
    """Return what is paid in each round, float[2, T, N]."""
    array = _numbers("side_payment", given, "a finite number for each player was")
    array = array[:, None, None] if array.ndim == 1 else array
    array = array[..., None] if array.ndim == 2 else array
    if array.ndim != 3 or array.shape[0] != 2 or array.shape[1] not in {1, rounds}:
        raise InvalidGameError(
            f"DeadlineGame: side_payment: shape (2,), (2, {rounds}) or (2, {rounds}, draws) was expected;"
            f" given {np.shape(given)}"
        )
    return np.broadcast_to(array, (2, rounds, array.shape[2]))
