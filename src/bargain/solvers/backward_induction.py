"""Backward induction on trees in which everybody sees what happened, over all draws at once."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from bargain.axes import Bools, Floats
from bargain.errors import UnsupportedGameError
from bargain.games.extensive import ExtensiveForm
from bargain.solvers.behaviour_solution import BehaviourSolution
from bargain.solvers.solution import Status

__all__ = ["BackwardInduction"]

_MOST = 4096  # equilibria followed in one draw


@dataclass(frozen=True)
class BackwardInduction:
    """Every pure subgame-perfect equilibrium of a tree with perfect information.

    From the ends back, each player takes a best action. Where a player is indifferent between best actions,
    each of them is followed: an equilibrium is listed for every way to break such ties, at every node, on
    the path of play or off it, the actions that come first in the tree first. Ties are exact equalities.

    Notes
    -----
    Status is SOLVED where no best action was tied, so that the equilibrium is the only one, mixed ones
    included; DEGENERATE where one was; INCOMPLETE where ties make more than 4,096 equilibria in some
    subgame: then those that were followed are listed. Draws without ties are solved together, those with
    ties one by one. `BehaviourSolution.regret` is zero up to rounding [Selten1975]_.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.ExtensiveForm(
    ...     ("entrant", "incumbent"),
    ...     bg.Decision("entrant", "market", {
    ...         "stay out": bg.Outcome([0, 2]),
    ...         "enter": bg.Decision(
    ...             "incumbent", "entered", {"fight": bg.Outcome([-1, -1]), "share": bg.Outcome([1, 1])}
    ...         ),
    ...     }),
    ... )
    >>> bg.BackwardInduction().solve(game).profiles()
    [{'market': {'enter': 1.0}, 'entered': {'share': 1.0}}]
    """

    games: ClassVar[tuple[type, ...]] = (ExtensiveForm,)

    def solve(self, game: ExtensiveForm) -> BehaviourSolution:
        """Return the equilibria of every draw.

        Parameters
        ----------
        game : ExtensiveForm
            With perfect information.

        Returns
        -------
        BehaviourSolution

        Raises
        ------
        UnsupportedGameError
            If somebody who moves does not see all that happened.
        """
        for one in game.information_sets:
            if len(one.nodes) > 1:
                raise UnsupportedGameError(
                    f"backward induction needs perfect information, but at {one.name!r} {one.player!r} cannot"
                    f" tell {one.histories[0]!r} from {one.histories[1]!r}; StrategicNash() takes any tree"
                )
        actions, tied = _together(game)
        draws = list(np.flatnonzero(~tied))
        codes = np.full(game.draws, np.int8(Status.SOLVED))
        chosen = [actions[:, ~tied]]
        for draw in np.flatnonzero(tied):
            plans, complete = _one_by_one(game, int(draw))
            draws += [draw] * plans.shape[1]
            chosen.append(plans)
            codes[draw] = Status.DEGENERATE if complete else Status.INCOMPLETE
        picks = np.concatenate(chosen, axis=1)
        behaviour = [
            (picks[index] == np.arange(len(one.actions))[:, None]).astype(np.float64)
            for index, one in enumerate(game.information_sets)
        ]
        return BehaviourSolution.of(game, self, np.array(draws, dtype=np.int64), behaviour, codes)


def _together(game: ExtensiveForm) -> tuple[Floats, Bools]:
    """Return the first best action at every set, float[H, N], and in which draws one was tied, bool[N]."""
    tree = game.tree
    owner = [game.players.index(one.player) for one in game.information_sets]
    values = np.empty((tree.size, len(game.players), game.draws))
    picks = np.zeros((len(owner), game.draws))
    tied = np.zeros(game.draws, dtype=np.bool_)
    for node in reversed(range(tree.size)):
        at, place, children = int(tree.kind[node]), int(tree.place[node]), list(tree.children[node])
        if at == -2:
            values[node] = game.payoffs[:, place]
        elif at == -1:
            chance = game.chance[place : place + len(children), None]
            values[node] = (chance * values[children]).sum(axis=0)
        else:
            own = values[children, owner[at]]
            best = own.max(axis=0)
            tied |= (own == best).sum(axis=0) > 1
            pick = own.argmax(axis=0)
            picks[at] = pick
            values[node] = np.take_along_axis(values[children], pick[None, None], axis=0)[0]
    return picks, tied


def _one_by_one(game: ExtensiveForm, draw: int) -> tuple[Floats, bool]:
    """Return every way to break the ties of one draw, float[H, E], and whether that is all of them."""
    tree, payoffs, chance = game.tree, game.payoffs[..., draw], game.chance[..., draw]
    owner = [game.players.index(one.player) for one in game.information_sets]
    following: dict[int, list[tuple[Floats, dict[int, int]]]] = {}
    complete = True
    for node in reversed(range(tree.size)):
        at, place, children = int(tree.kind[node]), int(tree.place[node]), tree.children[node]
        if at == -2:
            following[node] = [(payoffs[:, place], {})]
            continue
        branches = [following.pop(child) for child in children]
        while math.prod(map(len, branches)) > _MOST:
            longest = max(branches, key=len)
            del longest[len(longest) // 2 :]
            complete = False
        found = []
        for combination in itertools.product(*branches):
            plan = {index: action for _, later in combination for index, action in later.items()}
            if at == -1:
                mean = sum(chance[place + move] * value for move, (value, _) in enumerate(combination))
                found.append((np.asarray(mean), plan))
                continue
            own = [value[owner[at]] for value, _ in combination]
            found.extend(
                (combination[action][0], {**plan, at: action})
                for action, value in enumerate(own)
                if value == max(own)
            )
        if len(found) > _MOST:
            del found[_MOST:]
            complete = False
        following[node] = found
    plans = [plan for _, plan in following[0]]
    return np.array([[plan[index] for plan in plans] for index in range(len(owner))], dtype=float), complete
