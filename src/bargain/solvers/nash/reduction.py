"""Games without their dominated actions, which no equilibrium plays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from bargain.axes import Floats, Ints
from bargain.games.labels import Labels
from bargain.games.normal import NormalForm
from bargain.solvers.dominance import eliminate
from bargain.solvers.nash.equilibria import Equilibria
from bargain.solvers.solution import Status

__all__ = ["without_dominated"]


def without_dominated(
    payoffs: Floats, solve: Callable[[Floats], Equilibria], dominance: Literal["strict", "mixed"] = "mixed"
) -> Equilibria:
    """Solve games by what iterated elimination of strictly dominated actions leaves of them.

    Parameters
    ----------
    payoffs : float[P, A..., N]
    solve : callable
        From float[mover, A..., N] to `Equilibria`; players with a single action left stand aside.
    dominance : {"mixed", "strict"}
        Whether mixtures of actions may dominate, too: more is eliminated, by a linear programme for each
        action of each draw.

    Returns
    -------
    Equilibria

    Examples
    --------
    Whatever the other names, a third of the largest number beats larger ones: nothing is left to solve.

    >>> import numpy as np
    >>> own = np.arange(6.0)
    >>> guesses = -np.abs(own[:, None] - own / 3)
    >>> found = without_dominated(np.stack([guesses, guesses.T])[..., None], lambda left: 1 / 0)
    >>> found.strategies[0].ravel().tolist()
    [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    """
    shape, draws = payoffs.shape[1:-1], payoffs.shape[-1]
    labels = Labels.of({str(player): [str(action) for action in range(n)] for player, n in enumerate(shape)})
    survives = np.concatenate(eliminate(NormalForm(labels, payoffs), dominance).survives)
    kinds, kind = np.unique(survives, axis=1, return_inverse=True)
    codes = np.full(draws, Status.SOLVED, dtype=np.int8)
    found = []
    for number, column in enumerate(kinds.T):
        some = np.flatnonzero(kind.ravel() == number)
        kept = [np.flatnonzero(own) for own in np.split(column, np.cumsum(shape)[:-1])]
        movers = [player for player, actions in enumerate(kept) if len(actions) > 1]
        if movers:
            table = payoffs[np.ix_(np.array(movers), *kept, some)]
            part = solve(table.reshape(len(movers), *(len(kept[mover]) for mover in movers), some.size))
        else:
            part = Equilibria(np.arange(some.size), (), codes[some])
        codes[some] = part.codes
        found.append((some[part.draw], _restored(part, kept, shape)))
    strategies = tuple(
        np.concatenate(parts, axis=1) for parts in zip(*(own for _, own in found), strict=True)
    )
    return Equilibria(np.concatenate([draw for draw, _ in found]), strategies, codes)


def _restored(part: Equilibria, kept: list[Ints], shape: tuple[int, ...]) -> tuple[Floats, ...]:
    """Put the eliminated actions back, with probability zero."""
    moving = iter(part.strategies)
    strategies = []
    for actions, size in zip(kept, shape, strict=True):
        strategy = np.zeros((size, part.draw.size))
        strategy[actions] = next(moving) if len(actions) > 1 else 1.0
        strategies.append(strategy)
    return tuple(strategies)
