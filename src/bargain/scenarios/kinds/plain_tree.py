"""A tree of one draw in plain numbers, solved by its plans or by responses step by step, to audit a sweep."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bargain.axes import Floats
from bargain.scenarios.kinds.small_game import small_equilibria

__all__ = ["ChanceMove", "End", "Move", "PlainTree"]

_MOST = 4_000  # combinations of plans that are looked into
_FAR = 0.04  # how far a probability may move in one step
_NUDGE = 1e-7
_LEAST = 1e-6  # step of the precision below which a branch counts as at its end, or turning back

Behaviour = Mapping[str, Mapping[str, float]]
Plan = tuple[tuple[str, str], ...]  # of each information set that the plan itself may reach: what is done


@dataclass(frozen=True)
class End:
    """An end of the tree."""

    name: str
    payoffs: tuple[float, ...]


@dataclass(frozen=True)
class ChanceMove:
    """Something that happens by chance: probabilities, and what follows."""

    branches: Sequence[tuple[float, Node]]


@dataclass(frozen=True)
class Move:
    """A player's decision at an information set."""

    player: int
    where: str
    actions: Mapping[str, Node]


Node = End | ChanceMove | Move


@dataclass(frozen=True)
class PlainTree:
    """A tree with its payoffs.

    Parameters
    ----------
    root : End, ChanceMove or Move
    players : int
    """

    root: Node
    players: int

    def nash_ends(self) -> set[str] | None:
        """Return the ends that Nash equilibria lead to, from the table of plans.

        Returns
        -------
        set of str, or None
            None where the table is too large to be looked into.
        """
        plans = [self._plans(player) for player in range(self.players)]
        if math.prod(map(len, plans)) > _MOST:
            return None
        reached = {taken: list(_ends(self.root, _behaviour(taken))) for taken in itertools.product(*plans)}
        worth = {taken: self._mean(ends) for taken, ends in reached.items()}
        found = small_equilibria(plans, worth)
        if found is None:
            return None
        return {
            end.name
            for chances in found
            for taken, share in chances.items()
            for end, chance in reached[taken]
            if share * chance > 1e-9
        }

    def security(self, player: int) -> float | None:
        """Return what a player can make sure of against one other, whatever that does.

        Parameters
        ----------
        player : int

        Returns
        -------
        float, or None
            None where the table of plans is too large to be looked into.
        """
        from scipy.optimize import linprog  # noqa: PLC0415 - takes long to import

        plans = [self._plans(number) for number in range(self.players)]
        if self.players != 2 or math.prod(map(len, plans)) > _MOST:
            return None
        table = np.array(
            [[self._mean(_ends(self.root, _behaviour((a, b))))[player] for b in plans[1]] for a in plans[0]]
        )
        own = table if player == 0 else table.T
        # The largest floor that some mixture of plans keeps under every answer.
        answer: Any = linprog(
            np.append(np.zeros(len(own)), -1.0),
            A_ub=np.hstack([-own.T, np.ones((own.shape[1], 1))]),
            b_ub=np.zeros(own.shape[1]),
            A_eq=np.append(np.ones(len(own)), 0.0)[None],
            b_eq=[1.0],
            bounds=[*[(0, None)] * len(own), (None, None)],
            method="highs",
        )
        return None if answer.status else -float(answer.fun)

    def logit_behaviour(self, precision: float) -> dict[str, dict[str, float]] | None:
        """Return quantal responses, followed from uniform play as precision grows.

        Parameters
        ----------
        precision : float

        Returns
        -------
        dict of information set to dict of action to float, or None
            None where the branch turns back, or crosses another one.
        """
        from scipy.optimize import fsolve  # noqa: PLC0415 - takes long to import

        sets = {move.where: list(move.actions) for move in _moves(self.root)}
        logits = np.zeros(sum(map(len, sets.values())))

        def gap(logits: Floats, precision: float) -> Floats:
            behaviour = _mixtures(sets, logits)
            wanted = self._worth_of_actions(behaviour)
            return logits - precision * np.array(
                [wanted[at][act] for at, acts in sets.items() for act in acts]
            )

        reached, step = 0.0, precision / 8
        while reached < precision:
            ahead = min(reached + step, precision)
            found, *_ = fsolve(gap, logits, args=(ahead,), full_output=True, xtol=1e-13)
            here = gap(found, ahead)
            # Where branches part, a step may come down on the wrong one: its orientation gives it away.
            slopes = [(gap(found + nudge, ahead) - here) / _NUDGE for nudge in _NUDGE * np.eye(found.size)]
            straight = np.abs(here).max() <= 1e-9 and np.linalg.det(slopes) > 0
            if straight and _change(sets, logits, found) <= _FAR:
                logits, reached, step = found, ahead, 1.5 * step
            elif step > _LEAST * precision:
                step /= 2
            else:
                return None
        return _mixtures(sets, logits)

    def ends(self, behaviour: Behaviour) -> dict[str, float]:
        """Return how likely ends are.

        Parameters
        ----------
        behaviour : mapping of information set to mapping of action to float

        Returns
        -------
        dict of str to float
        """
        found: dict[str, float] = {}
        for end, chance in _ends(self.root, behaviour):
            found[end.name] = found.get(end.name, 0.0) + chance
        return found

    def expected(self, behaviour: Behaviour) -> list[float]:
        """Return what each player expects.

        Parameters
        ----------
        behaviour : mapping of information set to mapping of action to float

        Returns
        -------
        list of float
        """
        return self._mean(_ends(self.root, behaviour))

    def _mean(self, ends: Iterator[tuple[End, float]] | Sequence[tuple[End, float]]) -> list[float]:
        mean = [0.0] * self.players
        for end, chance in ends:
            for player, value in enumerate(end.payoffs):
                mean[player] += chance * value
        return mean

    def _plans(self, player: int) -> list[Plan]:
        """List plans, without what they say of information sets that they themselves rule out."""
        sets = {move.where: list(move.actions) for move in _moves(self.root) if move.player == player}
        found: dict[Plan, None] = {}
        for choice in itertools.product(*sets.values()):
            plan = dict(zip(sets, choice, strict=True))
            kept = _within_reach(self.root, player, plan)
            found[tuple((where, action) for where, action in plan.items() if where in kept)] = None
        return list(found)

    def _worth_of_actions(self, behaviour: Behaviour) -> dict[str, dict[str, float]]:
        """Return what each action is worth to its player once its information set is reached."""
        reach: dict[str, float] = {}
        total: dict[str, dict[str, float]] = {}

        def walk(node: Node, chance: float) -> None:
            if isinstance(node, End):
                return
            if isinstance(node, ChanceMove):
                for share, after in node.branches:
                    walk(after, chance * share)
                return
            reach[node.where] = reach.get(node.where, 0.0) + chance
            worth = total.setdefault(node.where, dict.fromkeys(node.actions, 0.0))
            for action, after in node.actions.items():
                worth[action] += chance * self._mean(_ends(after, behaviour))[node.player]
                walk(after, chance * behaviour[node.where][action])

        walk(self.root, 1.0)
        return {
            where: {action: value / reach[where] if reach[where] else 0.0 for action, value in worth.items()}
            for where, worth in total.items()
        }


def _ends(node: Node, behaviour: Behaviour, chance: float = 1.0) -> Iterator[tuple[End, float]]:
    """Yield the ends that are reached, with their chances; what behaviour does not name is not done."""
    if isinstance(node, End):
        yield node, chance
    elif isinstance(node, ChanceMove):
        for share, after in node.branches:
            yield from _ends(after, behaviour, chance * share)
    else:
        for action, share in behaviour[node.where].items():
            yield from _ends(node.actions[action], behaviour, chance * share)


def _moves(node: Node) -> Iterator[Move]:
    if isinstance(node, ChanceMove):
        for _, after in node.branches:
            yield from _moves(after)
    elif isinstance(node, Move):
        yield node
        for after in node.actions.values():
            yield from _moves(after)


def _within_reach(node: Node, player: int, plan: Mapping[str, str]) -> set[str]:
    """Return the own information sets that a plan may lead to, whatever the others do."""
    if isinstance(node, End):
        return set()
    if isinstance(node, ChanceMove):
        following = [after for _, after in node.branches]
    elif node.player == player:
        following = [node.actions[plan[node.where]]]
    else:
        following = list(node.actions.values())
    found = {node.where} if isinstance(node, Move) and node.player == player else set()
    return found.union(*(_within_reach(after, player, plan) for after in following))


def _behaviour(plans: Sequence[Plan]) -> dict[str, dict[str, float]]:
    return {where: {action: 1.0} for plan in plans for where, action in plan}


def _change(sets: Mapping[str, Sequence[str]], before: Floats, after: Floats) -> float:
    """Return the largest change of a probability."""
    one, two = _mixtures(sets, before), _mixtures(sets, after)
    return max(
        abs(two[where][action] - chance) for where, own in one.items() for action, chance in own.items()
    )


def _mixtures(sets: Mapping[str, Sequence[str]], logits: Floats) -> dict[str, dict[str, float]]:
    found, start = {}, 0
    for where, actions in sets.items():
        own = logits[start : start + len(actions)]
        weights = np.exp(own - own.max())
        found[where] = dict(zip(actions, (weights / weights.sum()).tolist(), strict=True))
        start += len(actions)
    return found
