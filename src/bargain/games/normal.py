"""Games in normal form: labelled, batched over draws, read-only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Floats, Ints, read_only
from bargain.errors import InvalidArgumentError, InvalidGameError, UnknownDrawError
from bargain.games.labels import Labels
from bargain.games.profiles import expected_payoffs, regrets
from bargain.notebook import as_html

__all__ = ["NormalForm"]

Strategy = str | Mapping[str, float] | npt.ArrayLike


@dataclass(frozen=True, init=False, eq=False)
class NormalForm:
    """A batch of games in normal form that share their players and actions.

    Parameters
    ----------
    actions : mapping of str to sequence of str, or Labels
        The actions of each player, in order.
    payoffs : array_like of float, shape (P, A...) or (P, A..., N)
        ``payoffs[player, action_0, ..., action_{P-1}, draw]``, in the players' own units. Without the
        draw axis it is one game, a batch of one.

    Attributes
    ----------
    labels : Labels
    payoffs : float[P, A..., N]
        Read-only.

    Raises
    ------
    InvalidGameError
        If the shape does not follow from the labels, or a payoff is NaN or infinite.

    Examples
    --------
    The prisoners' dilemma; ``payoffs[player, row action, column action]``.

    >>> import bargain as bg
    >>> game = bg.NormalForm(
    ...     {"row": ("cooperate", "defect"), "column": ("cooperate", "defect")},
    ...     [[[3, 0], [5, 1]], [[3, 5], [0, 1]]],
    ... )
    >>> game.shape, game.draws
    ((2, 2), 1)
    >>> print(bg.solve(game, bg.PureNash()).profiles())
    [{'row': {'defect': 1.0}, 'column': {'defect': 1.0}}]
    """

    labels: Labels
    payoffs: Floats

    def __init__(self, actions: Mapping[str, Sequence[str]] | Labels, payoffs: npt.ArrayLike) -> None:
        labels = Labels.of(actions)
        object.__setattr__(self, "labels", labels)
        object.__setattr__(self, "payoffs", _checked(labels, payoffs))

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the players."""
        return self.labels.players

    @property
    def actions(self) -> dict[str, tuple[str, ...]]:
        """Actions of each player."""
        return dict(zip(self.labels.players, self.labels.actions, strict=True))

    @property
    def shape(self) -> tuple[int, ...]:
        """Numbers of actions, ``A...``."""
        return self.labels.shape

    @property
    def draws(self) -> int:
        """Number of games in the batch, ``N``."""
        return int(self.payoffs.shape[-1])

    def __len__(self) -> int:
        return self.draws

    def __getitem__(self, draw: int | slice | Ints) -> NormalForm:
        """Return the game of one draw, or the batch of several.

        Parameters
        ----------
        draw : int, slice or array of int
            Counted from the end where negative.

        Returns
        -------
        NormalForm

        Raises
        ------
        UnknownDrawError
        """
        if isinstance(draw, int | np.integer):
            if not -self.draws <= draw < self.draws:
                raise UnknownDrawError(f"draw: one of {self.draws} draws was expected, given {draw}")
            draw = slice(int(draw) % self.draws, int(draw) % self.draws + 1)
        return NormalForm(self.labels, self.payoffs[..., draw])

    def hold(self, fix: Mapping[str, str]) -> NormalForm:
        """Hold players to one action each: the policy experiment *do(player = action)*.

        Parameters
        ----------
        fix : mapping of player to action

        Returns
        -------
        NormalForm
            In which each held player has that single action left.

        Raises
        ------
        UnknownNameError
        """
        labels, index = self.labels.hold(fix)
        return NormalForm(labels, self.payoffs[(slice(None), *index, slice(None))])

    def strategies(self, profile: Mapping[str, Strategy] | Sequence[Strategy]) -> tuple[Floats, ...]:
        """Return a profile as one probability array per player.

        Parameters
        ----------
        profile : mapping of player to strategy, or sequence of strategies in player order
            A strategy is the name of an action, ``{action: probability}``, or an array ``float[action]`` or
            ``float[action, N]``.

        Returns
        -------
        tuple of float[action, N]

        Raises
        ------
        InvalidArgumentError
            If a player is missing, or probabilities are negative or do not add to one within 1e-9.
        UnknownNameError
        """
        if not isinstance(profile, Mapping):
            if isinstance(profile, str) or len(profile) != len(self.players):
                raise InvalidArgumentError(
                    f"profile: one action for each of {', '.join(self.players)}, or one mix, was expected;"
                    f" given {profile!r}"
                )
            profile = dict(zip(self.players, profile, strict=True))
        for player in profile:
            self.labels.player(player, where="profile")
        missing = [player for player in self.players if player not in profile]
        if missing:
            raise InvalidArgumentError(
                f"profile: a strategy for every player was expected; none for {missing}"
            )
        return tuple(self._strategy(player, profile[player]) for player in self.players)

    def expected_payoffs(self, profile: Mapping[str, Strategy] | Sequence[Strategy]) -> Floats:
        """Return each player's expected payoff under a profile.

        Parameters
        ----------
        profile : mapping or sequence
            As for `strategies`.

        Returns
        -------
        float[P, N]
        """
        return expected_payoffs(self.payoffs, self.strategies(profile))

    def regret(self, profile: Mapping[str, Strategy] | Sequence[Strategy]) -> Floats:
        """Return the largest gain that any player has from leaving a profile alone.

        Parameters
        ----------
        profile : mapping or sequence
            As for `strategies`.

        Returns
        -------
        float[N]
            In payoff units; zero exactly at a Nash equilibrium.

        Examples
        --------
        >>> import bargain as bg
        >>> pennies = bg.NormalForm(
        ...     {"row": ("heads", "tails"), "column": ("heads", "tails")},
        ...     [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]],
        ... )
        >>> print(pennies.regret({"row": {"heads": 0.5, "tails": 0.5}, "column": "heads"}))
        [1.]
        """
        result: Floats = regrets(self.payoffs, self.strategies(profile)).max(axis=0)
        return result

    def to_frame(self, draw: int = 0) -> pd.DataFrame:
        """Return one draw's payoff table.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        pandas.DataFrame
            One row per outcome (one index level per player), one column of payoffs per player.
        """
        flat = self[draw].payoffs.reshape(len(self.players), -1)
        index = pd.MultiIndex.from_tuples(self.labels.outcomes, names=self.players)
        return pd.DataFrame(flat.T, index=index, columns=pd.Index(self.players, name="payoff to"))

    def to_nashpy(self, draw: int = 0) -> Any:
        """Return one draw as a `nashpy.Game`; see `bargain.games.convert.to_nashpy`.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        nashpy.Game
        """
        return _convert().to_nashpy(self, draw)

    def to_quantecon(self, draw: int = 0) -> Any:
        """Return one draw as a quantecon game; see `bargain.games.convert.to_quantecon`.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        quantecon.game_theory.NormalFormGame
        """
        return _convert().to_quantecon(self, draw)

    def to_gambit(self, draw: int = 0) -> Any:
        """Return one draw as a `pygambit.Game`; see `bargain.games.convert.to_gambit`.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        pygambit.Game
        """
        return _convert().to_gambit(self, draw)

    @staticmethod
    def from_gambit(game: Any) -> NormalForm:
        """Return a pygambit game as a normal form; see `bargain.games.convert.from_gambit`.

        Parameters
        ----------
        game : pygambit.Game

        Returns
        -------
        NormalForm
        """
        converted: NormalForm = _convert().from_gambit(game)
        return converted

    def to_profile_array(self, draw: int = 0) -> Floats:
        """Return one draw's payoffs by outcome, players last: quantecon's ``payoff_profile_array``.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        float[A..., P]
        """
        return np.moveaxis(self[draw].payoffs[..., 0], 0, -1).copy()

    @staticmethod
    def from_profile_array(
        actions: Mapping[str, Sequence[str]] | Labels, profiles: npt.ArrayLike
    ) -> NormalForm:
        """Build a game from payoffs by outcome, players last: quantecon's ``payoff_profile_array``.

        Parameters
        ----------
        actions : mapping of str to sequence of str, or Labels
        profiles : array_like of float, shape (A..., P)

        Returns
        -------
        NormalForm
            Of a single draw.

        Raises
        ------
        InvalidGameError
            If the shape does not follow from the labels.

        Examples
        --------
        >>> import bargain as bg
        >>> actions = {"row": ("up", "down"), "column": ("left", "right")}
        >>> game = bg.NormalForm.from_profile_array(actions, [[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
        >>> game.payoffs[:, 0, 1, 0]
        array([3., 4.])
        """
        labels = Labels.of(actions)
        try:
            array = np.asarray(profiles, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise InvalidGameError(f"profiles: an array of numbers was expected ({error})") from error
        expected = (*labels.shape, len(labels.players))
        if array.shape != expected:
            raise InvalidGameError(
                f"profiles: shape {expected} (one axis per player's actions, then the player) was expected,"
                f" given {array.shape}"
            )
        return NormalForm(labels, np.moveaxis(array, -1, 0))

    @staticmethod
    def from_quantecon(game: Any, actions: Mapping[str, Sequence[str]] | Labels | None = None) -> NormalForm:
        """Return a quantecon game as a normal form; see `bargain.games.convert.from_quantecon`.

        Parameters
        ----------
        game : quantecon.game_theory.NormalFormGame
        actions : mapping of str to sequence of str, or Labels, optional

        Returns
        -------
        NormalForm
        """
        converted: NormalForm = _convert().from_quantecon(game, actions)
        return converted

    def __repr__(self) -> str:
        players = ", ".join(f"{player}: {'/'.join(names)}" for player, names in self.actions.items())
        return f"NormalForm({players}; {self.draws} draw{'s' if self.draws != 1 else ''})"

    def _repr_html_(self) -> str:
        several = f"the first of {self.draws:,} draws" if self.draws > 1 else ""
        return as_html(f"Game of {', '.join(self.players)}", self.to_frame(), several)

    def _strategy(self, player: str, given: Strategy) -> Floats:
        names = self.actions[player]
        if isinstance(given, str):
            given = {given: 1.0}
        if isinstance(given, Mapping):
            weights = dict.fromkeys(names, 0.0)
            for action, probability in given.items():
                weights[names[self.labels.action(player, action, where="profile")]] = probability
            given = list(weights.values())
        try:
            column = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise InvalidArgumentError(
                f"profile: strategy of {player!r}: probabilities were expected, given {given!r}"
            ) from error
        if column.shape not in {(len(names),), (len(names), self.draws)}:
            raise InvalidArgumentError(
                f"profile: strategy of {player!r} has shape {column.shape}, expected ({len(names)},)"
                f" or ({len(names)}, {self.draws})"
            )
        if not (column >= 0).all() or not (np.abs(column.sum(axis=0) - 1) <= 1e-9).all():
            raise InvalidArgumentError(
                f"profile: probabilities of {player!r} must be non-negative and add to 1, given {given!r}"
            )
        return np.broadcast_to(column.reshape(len(names), -1), (len(names), self.draws))


def _convert() -> Any:
    from bargain.games import convert  # noqa: PLC0415 - convert imports this file

    return convert


def _checked(labels: Labels, payoffs: npt.ArrayLike) -> Floats:
    try:
        array = np.array(payoffs, dtype=np.float64, order="C")
    except (TypeError, ValueError) as error:
        raise InvalidGameError(f"payoffs: an array of numbers was expected ({error})") from error
    expected = (len(labels.players), *labels.shape)
    if array.shape == expected:
        array = array[..., None]
    if array.shape[:-1] != expected or array.shape[-1] == 0:
        raise InvalidGameError(
            f"payoffs: shape {expected} (player, then one axis per player's actions) or {expected} with at"
            f" least one draw behind it was expected for {' x '.join(labels.players)}, given {array.shape}"
        )
    if not np.isfinite(array).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        actions = tuple(names[i] for names, i in zip(labels.actions, place[1:-1], strict=True))
        raise InvalidGameError(
            f"payoffs: every payoff must be finite; {labels.players[place[0]]} at {'/'.join(actions)}"
            f" (draw {place[-1]}) is {array[place]}"
        )
    checked: Floats = read_only(array)
    return checked
