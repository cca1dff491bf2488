"""What later movers answer to each alternative of a player, where moves have an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from bargain.axes import Floats
from bargain.errors import UnsupportedGameError
from bargain.games.normal import NormalForm
from bargain.solvers.subgame_perfect import SubgamePerfect

__all__ = ["Replies"]

_SURE = 1 - 1e-9

Place = tuple[int, ...]
"""Number of the action of each player."""


@dataclass(frozen=True)
class Replies:
    """The outcomes that a profile, and each alternative to it, lead to.

    Attributes
    ----------
    profile : tuple of int
        The action that each player takes on the path of play.
    reached : tuple of tuple of tuple of int
        For each player and action: the outcome if that player takes it, who moves before or beside it does
        not change, and who moves later answers.
    words : tuple of tuple of str
        For each player and action: what later movers then do; empty where nobody moves later.
    """

    profile: Place
    reached: tuple[tuple[Place, ...], ...]
    words: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, game: NormalForm, solver: SubgamePerfect, strategies: Sequence[Floats]) -> Self:
        """Solve what follows each alternative.

        Parameters
        ----------
        game : NormalForm
            One draw.
        solver : SubgamePerfect
        strategies : sequence of float[action]
            On the path of play.

        Returns
        -------
        Replies

        Raises
        ------
        UnsupportedGameError
            If somebody mixes, or what follows an alternative is not one outcome.
        """
        if any(strategy.max() < _SURE for strategy in strategies):
            raise UnsupportedGameError(
                f"decompose: under {solver} somebody mixes; the terms of a gain are told for pure equilibria"
            )
        profile = tuple(int(strategy.argmax()) for strategy in strategies)
        reached, words = [], []
        for player, name in enumerate(game.players):
            seen = _seen_by(name, solver)
            held = {who: game.labels.actions[place][profile[place]] for who, place in _places(game, seen)}
            outcomes = [
                _follows(game, solver, {**held, name: action}) for action in game.labels.actions[player]
            ]
            later = [(who, place) for who, place in _places(game, game.players) if who not in {*seen, name}]
            reached.append(tuple(outcomes))
            words.append(tuple(_told(game, later, outcome) for outcome in outcomes))
        return cls(profile, tuple(reached), tuple(words))

    def differences(self, payoffs: Floats, player: int) -> Floats:
        """Return what a player gets on the path of play less what each of its actions would lead to.

        Parameters
        ----------
        payoffs : float[P, A..., N]
        player : int

        Returns
        -------
        float[action, N]
        """
        own = payoffs[player]
        return np.stack([own[self.profile] - own[outcome] for outcome in self.reached[player]])


def _seen_by(name: str, solver: SubgamePerfect) -> list[str]:
    """Return who moves before a player or beside it."""
    seen: list[str] = []
    for group in solver.order:
        seen.extend(other for other in group if other != name)
        if name in group:
            return seen
    return []  # somebody without a choice


def _places(game: NormalForm, names: Sequence[str]) -> list[tuple[str, int]]:
    return [(name, game.labels.player(name)) for name in names]


def _follows(game: NormalForm, solver: SubgamePerfect, held: dict[str, str]) -> Place:
    after = solver.solve(game.hold(held))
    sure = {int(column.argmax()) for column in after.outcomes.T if column.max() >= _SURE}
    if len(sure) != 1 or (after.outcomes.max(axis=0) < _SURE).any():
        what = ", ".join(f"{who} {action}" for who, action in held.items())
        raise UnsupportedGameError(
            f"decompose: what follows {what} is not one outcome, so that the gain over it has no terms of its"
            " own; Solution.explain() tells it in whole"
        )
    outcome = game.labels.outcome(after.labels.outcomes[sure.pop()])
    return tuple(int(action) for action in np.unravel_index(outcome, game.shape))


def _told(game: NormalForm, later: Sequence[tuple[str, int]], outcome: Place) -> str:
    return ", ".join(
        f"{who} {game.labels.actions[place][outcome[place]]}" for who, place in later if game.shape[place] > 1
    )
