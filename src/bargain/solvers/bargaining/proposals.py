"""Several players divide a pie by proposals, of which chance names the author and a majority decides."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats, read_only
from bargain.errors import InvalidArgumentError

__all__ = ["Proposals", "random_proposers"]

_HALVINGS = 200  # of an interval of logarithms; more change nothing in a double


@dataclass(frozen=True, eq=False)
class Proposals:
    """What players get who take turns by chance, batched over draws.

    Attributes
    ----------
    payoffs : float[P, N]
        What each expects before it is known who proposes.
    price : float[P, N]
        What each accepts: its patience times what it expects.
    share : float[P, N]
        What each keeps if it proposes.
    included : float[P, N]
        How likely each is to be paid its price where another one proposes.
    """

    payoffs: Floats
    price: Floats
    share: Floats
    included: Floats

    def __post_init__(self) -> None:
        for name in ("payoffs", "price", "share", "included"):
            object.__setattr__(self, name, read_only(getattr(self, name)))


def random_proposers(
    recognition: npt.ArrayLike,
    patience: npt.ArrayLike,
    *,
    votes: int | None = None,
    pie: npt.ArrayLike = 1.0,
) -> Proposals:
    """Return what several players get of a pie if chance names who proposes and some votes are enough.

    In each round one player, named by chance, proposes a division. If enough players, the one who proposes
    among them, are for it, it is carried out; otherwise the next round begins. Who proposes pays the votes
    that are cheapest [BaronFerejohn1989]_. Play is stationary: nobody looks back.

    Parameters
    ----------
    recognition : array_like, float[P] or float[P, N]
        The probability that each player is named; adding to one.
    patience : array_like, float, float[P] or float[P, N]
        What a payoff one round later is worth now, from 0 to below 1.
    votes : int, optional
        How many are enough, from 2 on; all by default.
    pie : array_like, float or float[N], default 1

    Returns
    -------
    Proposals

    Raises
    ------
    InvalidArgumentError
        If numbers are outside their ranges or shapes do not fit.

    Notes
    -----
    Payoffs of stationary equilibria are unique [Eraslan2002]_. With D for what is left of the pie once the
    cheapest winning coalition has its prices, and c for the price of its dearest member, prices are
    ``d p D / (1 - d)`` of those whose vote is always bought, ``d p (D + c)`` of those who are never paid, and
    c of those between, who are paid now and then. Only c / D is searched for, by bisection: the number of
    votes that are bought rises with it.

    Examples
    --------
    Three players with one vote each: who proposes pays one of the others, and keeps two thirds and more.

    >>> import bargain as bg
    >>> even = [1 / 3] * 3
    >>> print(bg.random_proposers(even, 0.9, votes=2).share[:, 0].round(6))
    [0.7 0.7 0.7]
    >>> print(bg.random_proposers(even, 0.9).share[:, 0].round(6))
    [0.4 0.4 0.4]

    To be named more often is no gain where it makes one's vote too dear to be bought.

    >>> found = bg.random_proposers([0.4, 0.3, 0.3], 0.9, votes=2)
    >>> print(found.payoffs[:, 0].round(6), found.included[:, 0].round(6))
    [0.333333 0.333333 0.333333] [0.296296 0.587302 0.587302]
    """
    chance = _table("recognition", recognition)
    players = chance.shape[0]
    worth = _table("patience", patience, players)
    size = np.atleast_1d(np.asarray(pie, dtype=np.float64))
    draws = max(chance.shape[1], worth.shape[1], size.size)
    for name, array in (("recognition", chance), ("patience", worth), ("pie", size)):
        if array.shape[-1] not in {1, draws}:
            raise InvalidArgumentError(
                f"random_proposers: {name}: 1 or {draws} draws were expected, given {array.shape[-1]}"
            )
    if not (chance >= 0).all() or not (np.abs(chance.sum(axis=0) - 1) < 1e-9).all():
        raise InvalidArgumentError(
            "random_proposers: recognition: probabilities that add to one were expected, given"
            f" {recognition!r}"
        )
    if not ((worth >= 0) & (worth < 1)).all():
        raise InvalidArgumentError(
            f"random_proposers: patience: numbers from 0 to below 1 were expected, given {patience!r}"
        )
    if size.ndim != 1 or not (np.isfinite(size) & (size > 0)).all():
        raise InvalidArgumentError(f"random_proposers: pie: a positive number was expected, given {pie!r}")
    enough = players if votes is None else votes
    if isinstance(enough, bool) or not isinstance(enough, int) or not 2 <= enough <= players:
        raise InvalidArgumentError(
            f"random_proposers: votes: 2 to {players} of {players} players were expected, given {votes!r}"
        )
    p, d = np.broadcast_to(chance, (players, draws)), np.broadcast_to(worth, (players, draws))
    level = _dearest(p, d, enough)
    price, bought = _market(p, d, level)
    price = price * size / (1 + np.sort(price, axis=0)[: enough - 1].sum(axis=0) + level)
    order = np.sort(price, axis=0)
    # Who is in the cheapest coalition itself replaces nobody.
    share = size - order[:enough].sum(axis=0) + np.minimum(price, order[enough - 1])
    with np.errstate(invalid="ignore", divide="ignore"):
        included = np.where(p < 1, bought / (1 - p), 0.0)
    return Proposals(p * share + bought * price, price, share, included)


def _market(p: Floats, d: Floats, level: Floats) -> tuple[Floats, Floats]:
    """Return prices in units of what is left, and how often votes are bought, given the dearest price."""
    always, never = d * p / (1 - d), d * p * (1 + level)
    price = np.where(always <= level, always, np.maximum(never, level))
    with np.errstate(divide="ignore", invalid="ignore"):
        sometimes = 1 / d - p / level - p
    bought = np.where(always <= level, 1 - p, np.where(never >= level, 0.0, sometimes))
    return price, np.clip(bought, 0.0, 1 - p)


def _dearest(p: Floats, d: Floats, enough: int) -> Floats:
    """Return the price of the dearest vote that is bought, at which just so many are, float[N]."""
    always = d * p / (1 - d)
    # Below the first of these no vote is bought; at the last one all are.
    low = np.full(p.shape[1], -700.0)
    high = np.log(np.maximum(always.max(axis=0), 1e-300))
    if enough == p.shape[0]:
        return np.asarray(np.exp(high) * (1 + 1e-12))
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        some = _market(p, d, np.exp(middle))[1].sum(axis=0) >= enough - 1
        low, high = np.where(some, low, middle), np.where(some, middle, high)
    return np.asarray(np.exp(high))


def _table(name: str, given: npt.ArrayLike, players: int | None = None) -> Floats:
    """Return one number per player and draw, float[P, N]."""
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.zeros((0, 0))
    if array.ndim == 0 and players is not None:
        array = np.full((players, 1), array)
    array = array[:, None] if array.ndim == 1 else array
    if (
        array.ndim != 2
        or array.shape[0] < 2
        or array.shape[0] != (players or array.shape[0])
        or not array.shape[1]
        or not np.isfinite(array).all()
    ):
        raise InvalidArgumentError(
            f"random_proposers: {name}: a finite number for each of {players or 'two or more'} players was"
            f" expected, given {given!r}"
        )
    return array
