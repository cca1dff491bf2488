"""Trees as games in strategic form: every plan of a player is one action."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bargain.axes import Floats
from bargain.errors import UnsupportedGameError
from bargain.games.labels import Labels
from bargain.games.tree import GameTree

__all__ = ["StrategicForm"]

_MOST = 100_000_000  # numbers in a table of payoffs
_NOTHING = "nothing"  # the plan of who never moves


@dataclass(frozen=True, eq=False)
class StrategicForm:
    """The plans of every player in a tree.

    Attributes
    ----------
    tree : GameTree
    reduced : bool
        Whether plans say nothing of information sets that an own earlier action keeps from being reached.
        Otherwise they name an action everywhere.
    """

    tree: GameTree
    reduced: bool

    @cached_property
    def plans(self) -> tuple[tuple[tuple[int, ...], ...], ...]:
        """Of each player, each plan: an action of every own information set, -1 where none is named."""
        return tuple(
            tuple(self._plans(self.tree.owned(player), [])) for player in range(len(self.tree.players))
        )

    @cached_property
    def labels(self) -> Labels:
        """Players and plans, named by their actions in the order of sets; ``*`` where none is named."""
        actions = []
        for player, plans in enumerate(self.plans):
            sets = [self.tree.information_sets[index] for index in self.tree.owned(player)]
            actions.append(
                tuple(
                    "/".join(
                        "*" if action < 0 else one.actions[action]
                        for one, action in zip(sets, plan, strict=True)
                    )
                    or _NOTHING
                    for plan in plans
                )
            )
        return Labels(self.tree.players, tuple(actions))

    @cached_property
    def plays(self) -> tuple[Floats, ...]:
        """Of each player, float[plan, sequence]: one where the plan's actions make up the sequence."""
        result = []
        for player, plans in enumerate(self.plans):
            table = np.zeros((len(plans), len(self.tree.sequences[player])))
            table[:, 0] = 1.0
            for place, index in enumerate(self.tree.owned(player)):
                chosen = np.array([plan[place] for plan in plans])
                for action in range(len(self.tree.information_sets[index].actions)):
                    reached = table[:, self.tree.before[index]]
                    table[:, self.tree.first[index] + action] = reached * (chosen == action)
            result.append(table)
        return tuple(result)

    def payoffs(self, payoffs: Floats, chance: Floats) -> Floats:
        """Return the payoffs of every combination of plans, averaged over chance.

        Parameters
        ----------
        payoffs : float[P, Z, N]
        chance : float[Z, N]
            Probability that chance moves as it must to come to each end.

        Returns
        -------
        float[P, plan..., N]

        Raises
        ------
        UnsupportedGameError
            If the table is too large.
        """
        shape = self.labels.shape
        ends, draws = chance.shape
        if math.prod(shape) * max(ends, len(shape) * draws) > _MOST:
            raise UnsupportedGameError(
                f"the strategic form of this tree has {' x '.join(map(str, shape))} plans in {draws} draws:"
                " too many to write down; the sequence form is smaller"
            )
        leads = np.ones((1, ends))
        for player, plays in enumerate(self.plays):
            own = plays[:, self.tree.leading[player]]
            leads = (leads[:, None, :] * own[None, :, :]).reshape(-1, ends)
        weighted = (payoffs * chance).transpose(1, 0, 2).reshape(ends, -1)
        table = (leads @ weighted).reshape(*shape, len(payoffs), draws)
        result: Floats = np.ascontiguousarray(np.moveaxis(table, -2, 0))
        return result

    def behaviour(self, strategies: Sequence[Floats]) -> tuple[Floats, ...]:
        """Return the behaviour that amounts to mixtures of plans (Kuhn's theorem).

        Parameters
        ----------
        strategies : sequence of float[plan, E]

        Returns
        -------
        tuple of float[action, E]
            Uniform at information sets that a player's own moves never lead to.
        """
        weights = [plays.T @ mixed for plays, mixed in zip(self.plays, strategies, strict=True)]
        result = []
        for index, one in enumerate(self.tree.information_sets):
            own = weights[self.tree.players.index(one.player)]
            actions = own[self.tree.first[index] : self.tree.first[index] + len(one.actions)]
            total = actions.sum(axis=0)
            reached = total > 0
            share = actions / np.where(reached, total, 1.0)
            result.append(np.where(reached, share, 1.0 / len(one.actions)))
        return tuple(result)

    def _plans(self, sets: list[int], past: list[int]) -> Iterator[tuple[int, ...]]:
        """Yield every way to go on from the actions already chosen at a player's first sets."""
        if len(past) == len(sets):
            yield tuple(past)
            return
        index = sets[len(past)]
        actions: Sequence[int] = range(len(self.tree.information_sets[index].actions))
        if self.reduced and not self._reached(index, sets, past):
            actions = (-1,)
        for action in actions:
            yield from self._plans(sets, [*past, action])

    def _reached(self, index: int, sets: list[int], past: list[int]) -> bool:
        player = self.tree.players.index(self.tree.information_sets[index].player)
        last, action = self.tree.sequences[player][self.tree.before[index]]
        return bool(last < 0 or past[sets.index(last)] == action)
