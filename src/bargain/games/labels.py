"""The names of a game: who plays, and with which actions."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bargain.errors import InvalidArgumentError, InvalidGameError, UnknownNameError

__all__ = ["Labels", "Outcome"]

Outcome = tuple[str, ...]
"""One action per player, in the order of the players."""


MOST_PLAYERS = 62
"""numpy's arrays have up to 64 axes; payoffs take one per player and two more."""


@dataclass(frozen=True)
class Labels:
    """Players and their actions, in order.

    Attributes
    ----------
    players : tuple of str, length P
    actions : tuple of tuple of str, length P
        The actions of each player.

    Raises
    ------
    InvalidGameError
        If there is no player, a player has no action, or a name is empty or repeated.

    Examples
    --------
    >>> labels = Labels.of({"ROK": ("renew", "terminate"), "JPN": ("maintain", "relax")})
    >>> labels.shape, labels.outcomes[1]
    ((2, 2), ('renew', 'relax'))
    """

    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        if not self.players:
            raise InvalidGameError("a game needs at least one player, given none")
        if len(self.players) > MOST_PLAYERS:
            raise InvalidGameError(f"at most {MOST_PLAYERS} players were expected, given {len(self.players)}")
        _check_names("players", self.players)
        if len(self.actions) != len(self.players):
            raise InvalidGameError(f"{len(self.players)} players but {len(self.actions)} lists of actions")
        for player, actions in zip(self.players, self.actions, strict=True):
            if not actions:
                raise InvalidGameError(f"player {player!r} needs at least one action, given none")
            _check_names(f"actions of {player!r}", actions)

    @classmethod
    def of(cls, actions: Mapping[str, Sequence[str]] | Labels) -> Labels:
        """Build labels from ``{player: actions}``.

        Parameters
        ----------
        actions : mapping of str to sequence of str, or Labels
            Labels are returned as they are.

        Returns
        -------
        Labels
        """
        if isinstance(actions, Labels):
            return actions
        if not isinstance(actions, Mapping):
            raise InvalidGameError(
                f"a mapping from each player to its actions was expected, given {type(actions).__name__}"
            )
        for player, names in actions.items():
            if isinstance(names, str) or not isinstance(names, Sequence):
                raise InvalidGameError(
                    f"actions of {player!r}: a sequence of names was expected, given {names!r}"
                )
        return cls(tuple(actions), tuple(tuple(names) for names in actions.values()))

    @property
    def shape(self) -> tuple[int, ...]:
        """Numbers of actions, ``A...``."""
        return tuple(len(actions) for actions in self.actions)

    @property
    def size(self) -> int:
        """Number of outcomes, ``O``."""
        return math.prod(self.shape)

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Every outcome, in C order: the last player's action moves fastest."""
        return tuple(itertools.product(*self.actions))

    def player(self, name: str, *, where: str = "") -> int:
        """Return the index of a player.

        Parameters
        ----------
        name : str
        where : str, optional
            Named in the error.

        Returns
        -------
        int

        Raises
        ------
        UnknownNameError
        """
        if name not in self.players:
            raise UnknownNameError.of("player", name, self.players, where=where)
        return self.players.index(name)

    def action(self, player: str, name: str, *, where: str = "") -> int:
        """Return the index of a player's action.

        Parameters
        ----------
        player, name : str
        where : str, optional
            Named in the error.

        Returns
        -------
        int

        Raises
        ------
        UnknownNameError
        """
        actions = self.actions[self.player(player, where=where)]
        if name not in actions:
            raise UnknownNameError.of(f"action of {player!r}", name, actions, where=where)
        return actions.index(name)

    def outcome(self, actions: Mapping[str, str] | Sequence[str]) -> int:
        """Return the number of an outcome.

        Parameters
        ----------
        actions : mapping of player to action, or sequence of actions in player order

        Returns
        -------
        int
            In C order.

        Raises
        ------
        UnknownNameError
        InvalidArgumentError
            If a player is missing.

        Examples
        --------
        >>> labels = Labels.of({"ROK": ("renew", "terminate"), "JPN": ("maintain", "relax")})
        >>> labels.outcome({"JPN": "relax", "ROK": "renew"}), labels.outcome(("terminate", "maintain"))
        (1, 2)
        """
        named = self.named(actions)
        number = 0
        for player, size in zip(self.players, self.shape, strict=True):
            number = number * size + self.action(player, named[player])
        return number

    def named(self, actions: Mapping[str, str] | Sequence[str]) -> dict[str, str]:
        """Return a full outcome as ``{player: action}`` in player order, checked.

        Parameters
        ----------
        actions : mapping of player to action, or sequence of actions in player order

        Returns
        -------
        dict of str to str
        """
        if not isinstance(actions, Mapping):
            if isinstance(actions, str) or len(actions) != len(self.players):
                raise InvalidArgumentError(
                    f"an outcome is one action for each of {', '.join(self.players)}; given {actions!r}"
                )
            actions = dict(zip(self.players, actions, strict=True))
        for player in actions:
            self.player(player)
        missing = [player for player in self.players if player not in actions]
        if missing:
            raise InvalidArgumentError(
                f"an outcome names every player; {', '.join(missing)} not in {dict(actions)!r}"
            )
        for player in self.players:
            self.action(player, actions[player])
        return {player: actions[player] for player in self.players}

    def hold(self, fix: Mapping[str, str], *, where: str = "fix") -> tuple[Labels, tuple[slice, ...]]:
        """Hold players to one action each.

        Parameters
        ----------
        fix : mapping of player to action
        where : str, optional
            Named in the errors.

        Returns
        -------
        labels : Labels
            In which a held player has that single action left, so that nobody's position shifts.
        index : tuple, length P
            Selects the remaining actions on each action axis.

        Raises
        ------
        UnknownNameError
        """
        for player, action in fix.items():
            self.action(player, action, where=where)
        actions = tuple(
            (fix[player],) if player in fix else names
            for player, names in zip(self.players, self.actions, strict=True)
        )
        index = tuple(
            slice(names.index(fix[player]), names.index(fix[player]) + 1) if player in fix else slice(None)
            for player, names in zip(self.players, self.actions, strict=True)
        )
        return Labels(self.players, actions), index


def _check_names(what: str, names: Sequence[str]) -> None:
    for name in names:
        if not isinstance(name, str) or not name:
            raise InvalidGameError(f"{what}: a non-empty name was expected, given {name!r}")
    if len(set(names)) != len(names):
        twice = sorted({name for name in names if list(names).count(name) > 1})
        raise InvalidGameError(f"{what}: {', '.join(map(repr, twice))} appears more than once")
