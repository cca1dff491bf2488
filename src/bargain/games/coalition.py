"""Coalitional games: what each group of players can secure for itself, batched over draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats, read_only
from bargain.errors import InvalidGameError
from bargain.games.labels import Labels

__all__ = ["CoalitionalGame"]


@dataclass(frozen=True, init=False, eq=False)
class CoalitionalGame:
    """A game in coalitional form with transferable utility.

    Parameters
    ----------
    players : sequence of str, length P
    worth : mapping of coalition to float or float[N]
        A coalition is a player's name or a tuple of names. Every coalition but the empty one needs a worth.

    Attributes
    ----------
    players : tuple of str, length P
    worth : float[2**P, N]
        By the number of the coalition: player ``i`` belongs to it if bit ``i`` is set. Read-only.

    Raises
    ------
    InvalidGameError
        If a coalition is missing, given twice or names somebody who does not play, or a worth is not
        finite; if there are more than 20 players.

    Examples
    --------
    Two left gloves and one right glove.

    >>> import bargain as bg
    >>> gloves = bg.CoalitionalGame.of_function(
    ...     ("left", "also left", "right"),
    ...     lambda who: min(1, len(who & {"left", "also left"}), len(who & {"right"})),
    ... )
    >>> print(bg.shapley_value(gloves)[:, 0].round(4))
    [0.1667 0.1667 0.6667]
    >>> bg.core(gloves).nonempty
    array([ True])
    """

    treated_by: ClassVar[tuple[str, ...]] = ("shapley_value(game)", "core(game)")

    players: tuple[str, ...]
    worth: Floats

    def __init__(self, players: Sequence[str], worth: Mapping[str | Iterable[str], npt.ArrayLike]) -> None:
        names = _checked(players)
        if not isinstance(worth, Mapping):
            raise InvalidGameError(
                f"worth: a mapping from coalitions to numbers was expected, given {worth!r};"
                " of_function takes a function"
            )
        given: dict[int, Floats] = {}
        for coalition, value in worth.items():
            members = {coalition} if isinstance(coalition, str) else set(coalition)
            if unknown := members - set(names):
                raise InvalidGameError(f"worth: {sorted(unknown)} in {coalition!r} do not play")
            number = sum(1 << names.index(member) for member in members)
            if number in given:
                raise InvalidGameError(f"worth: {coalition!r} is given twice")
            given[number] = _values(f"worth of {coalition!r}", value)
        _fill(self, names, given)

    @classmethod
    def of_function(
        cls, players: Sequence[str], worth: Callable[[frozenset[str]], npt.ArrayLike]
    ) -> CoalitionalGame:
        """Build the game from a function of the coalition.

        Parameters
        ----------
        players : sequence of str
        worth : callable
            Takes a frozenset of names, never empty, and returns float or float[N].

        Returns
        -------
        CoalitionalGame
        """
        names = _checked(players)
        given = {}
        for number in range(1, 1 << len(names)):
            members = frozenset(name for i, name in enumerate(names) if number >> i & 1)
            given[number] = _values(f"worth of {sorted(members)}", worth(members))
        game = object.__new__(cls)
        _fill(game, names, given)
        return game

    @property
    def draws(self) -> int:
        """Number of games in the batch, ``N``."""
        return int(self.worth.shape[-1])

    @property
    def coalitions(self) -> tuple[tuple[str, ...], ...]:
        """Members of every coalition, by its number; the first is empty."""
        return tuple(
            tuple(name for i, name in enumerate(self.players) if number >> i & 1)
            for number in range(1 << len(self.players))
        )

    def of(self, coalition: str | Iterable[str]) -> Floats:
        """Return the worth of a coalition.

        Parameters
        ----------
        coalition : str or iterable of str

        Returns
        -------
        float[N]

        Raises
        ------
        UnknownNameError
        """
        labels = Labels(self.players, tuple(("join",) for _ in self.players))
        members = {coalition} if isinstance(coalition, str) else set(coalition)
        result: Floats = self.worth[sum(1 << labels.player(member, where="coalition") for member in members)]
        return result

    def excess(self, payoffs: npt.ArrayLike) -> Floats:
        """Return what each coalition could gain by leaving an allocation.

        Parameters
        ----------
        payoffs : float[P] or float[P, N]

        Returns
        -------
        float[2**P, N]
            Worth less what the members get.
        """
        given = np.asarray(payoffs, dtype=np.float64)
        given = given[:, None] if given.ndim == 1 else given
        if given.ndim != 2 or given.shape[0] != len(self.players) or given.shape[1] not in {1, self.draws}:
            raise InvalidGameError(
                f"payoffs: one for each of {len(self.players)} players was expected, given shape"
                f" {np.shape(payoffs)}"
            )
        result: Floats = self.worth - membership(len(self.players)) @ given
        return result

    def __repr__(self) -> str:
        return (
            f"CoalitionalGame({', '.join(self.players)}; {self.draws} draw{'s' if self.draws != 1 else ''})"
        )


def membership(players: int) -> Floats:
    """Return who belongs to which coalition, float[2**P, P] of zeros and ones."""
    numbers = np.arange(1 << players)[:, None]
    return ((numbers >> np.arange(players)) & 1).astype(np.float64)


def _checked(players: Sequence[str]) -> tuple[str, ...]:
    names = tuple(players)
    Labels(names, tuple(("join",) for _ in names))
    if len(names) > 20:
        raise InvalidGameError(f"players: up to 20 were expected, given {len(names)}")
    return names


def _values(what: str, given: npt.ArrayLike) -> Floats:
    try:
        array = np.atleast_1d(np.asarray(given, dtype=np.float64))
    except (TypeError, ValueError):
        array = np.array([np.nan])
    if array.ndim != 1 or not array.size or not np.isfinite(array).all():
        raise InvalidGameError(f"{what}: a finite number was expected, given {given!r}")
    return array


def _fill(game: CoalitionalGame, names: tuple[str, ...], given: dict[int, Floats]) -> None:
    missing = [number for number in range(1, 1 << len(names)) if number not in given]
    if missing:
        members = [name for i, name in enumerate(names) if missing[0] >> i & 1]
        raise InvalidGameError(f"worth: none for {len(missing)} coalitions, such as {members}")
    if given.get(0, np.zeros(1)).any():
        raise InvalidGameError(f"worth: nobody is worth nothing; given {given[0]} for the empty coalition")
    draws = max(array.size for array in given.values())
    worth = np.zeros((1 << len(names), draws))
    for number, array in given.items():
        if number and array.size not in {1, draws}:
            raise InvalidGameError(f"worth: 1 or {draws} draws were expected, given {array.size}")
        worth[number] = array if number else 0.0
    object.__setattr__(game, "players", names)
    object.__setattr__(game, "worth", read_only(worth))
