"""All Nash equilibria, found among the actions that survive the elimination of dominated ones."""

from __future__ import annotations

import numpy as np

from bargain.games.labels import Labels
from bargain.games.normal import NormalForm
from bargain.solvers.all_nash import AllNash
from bargain.solvers.dominance import eliminate
from bargain.solvers.solution import Solution

__all__ = ["surviving_nash"]


def surviving_nash(game: NormalForm) -> Solution:
    """Return what `AllNash` finds in each draw once strictly dominated actions are gone.

    No equilibrium plays an action that is eliminated so, and none is lost or gained. It is faster where many
    actions are dominated, as where issues are settled alone.

    Parameters
    ----------
    game : NormalForm

    Returns
    -------
    Solution

    Raises
    ------
    UnsupportedGameError
        If too many actions are left.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.NormalForm(
    ...     {"row": ("up", "down", "worst"), "column": ("left", "right")},
    ...     [[[1, 0], [0, 1], [-1, -1]], [[0, 1], [1, 0], [0, 0]]],
    ... )
    >>> surviving_nash(game).profiles()
    [{'row': {'up': 0.5, 'down': 0.5}, 'column': {'left': 0.5, 'right': 0.5}}]
    """
    survives = eliminate(game).survives
    kinds, kind = np.unique(np.concatenate(survives), axis=1, return_inverse=True)
    ends = np.cumsum(game.shape)[:-1]
    draws, strategies = [], []
    codes = np.empty(game.draws, dtype=np.int8)
    for number in range(kinds.shape[1]):
        kept = [np.flatnonzero(part) for part in np.split(kinds[:, number], ends)]
        some = np.flatnonzero(kind.ravel() == number)
        labels = Labels(
            game.players,
            tuple(
                tuple(actions[i] for i in own) for actions, own in zip(game.labels.actions, kept, strict=True)
            ),
        )
        index = np.ix_(np.arange(len(kept)), *kept, some)
        found = AllNash().solve(NormalForm(labels, game.payoffs[index]))
        codes[some] = found.codes
        draws.append(some[found.draw])
        full = [np.zeros((size, len(found))) for size in game.shape]
        for whole, own, part in zip(full, kept, found.strategies, strict=True):
            whole[own] = part
        strategies.append(full)
    joined = [np.concatenate(parts, axis=1) for parts in zip(*strategies, strict=True)]
    return Solution.of(game, AllNash(), np.concatenate(draws), joined, codes)
