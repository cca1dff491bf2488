"""Which equilibrium of a stage game is played: the status quo first, then pure by order, then mixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bargain.axes import Bools, Floats, Ints
from bargain.games.labels import Labels
from bargain.games.normal import NormalForm
from bargain.games.profiles import expected_payoffs
from bargain.solvers.all_nash import AllNash
from bargain.solvers.markov_policy import MixedPlay
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Status

__all__ = ["StageChoice", "choose", "choose_nearest", "dominance_solvable"]


@dataclass(frozen=True, eq=False)
class StageChoice:
    """One equilibrium of each draw of a stage game.

    Attributes
    ----------
    pure : int16[N]
        Number of its outcome; -1 where it is mixed, or none was found.
    mixed : MixedPlay or None
    values : float[P, N]
    several : bool[N]
        Whether there was, or may have been, another one; False where that was not asked.
    failed : bool[N]
        Whether none was found: the first outcome stands in its place.
    """

    pure: npt.NDArray[np.int16]
    mixed: MixedPlay | None
    values: Floats
    several: Bools
    failed: Bools


def choose(payoffs: Floats, labels: Labels, default: Ints, asked: Bools) -> StageChoice:
    """Choose an equilibrium of each draw of a stage game.

    Parameters
    ----------
    payoffs : float[P, A..., N]
        With what follows added.
    labels : Labels
    default : int[N]
        Number of the outcome that is preferred if it is an equilibrium; -1 for none.
    asked : bool[N]
        Draws of which it is to be said whether there is another equilibrium.

    Returns
    -------
    StageChoice
    """
    players, *shape, draws = payoffs.shape
    flat = payoffs.reshape(players, -1, draws)
    no = np.zeros(draws, dtype=np.bool_)
    if labels.size == 1:
        return StageChoice(np.zeros(draws, dtype=np.int16), None, flat[:, 0].copy(), no, no)
    stable = PureNash().stable(payoffs).reshape(-1, draws)
    first = stable.argmax(axis=0)
    if (default >= 0).any():
        kept = (default >= 0) & np.take_along_axis(stable, np.maximum(default, 0)[None], axis=0)[0]
        first = np.where(kept, default, first)
    number = stable.sum(axis=0)
    values = np.take_along_axis(flat, first[None, None], axis=1)[:, 0]
    pure, several, failed = first.astype(np.int16), number > 1, number == 0
    movers = sum(size > 1 for size in shape)
    if movers == 1:
        return StageChoice(pure, None, values, several, no)
    several &= asked
    once = asked & (number == 1)
    if once.any():
        unclear = np.flatnonzero(once)
        unclear = unclear[~dominance_solvable(payoffs[..., unclear])]
        if unclear.size:
            solved = AllNash().solve(NormalForm(labels, payoffs[..., unclear]))
            several[unclear] = (solved.count > 1) | (solved.codes != Status.SOLVED)
    mixed = None
    if failed.any():
        rest = np.flatnonzero(failed)
        solved = AllNash().solve(NormalForm(labels, payoffs[..., rest]))
        found, at = np.unique(solved.draw, return_index=True)
        draw = rest[found]
        strategies = tuple(strategy[:, at] for strategy in solved.strategies)
        mixed = MixedPlay(draw, strategies)
        pure[draw] = -1
        failed[draw] = False
        values[:, draw] = expected_payoffs(payoffs[..., draw], strategies)
        several[rest] = (solved.count > 1) | (solved.codes != Status.SOLVED)
    return StageChoice(pure, mixed, values, several, failed)


def choose_nearest(payoffs: Floats, labels: Labels, played: Sequence[Floats]) -> StageChoice:
    """Choose the equilibrium of each draw of a stage game that is nearest to what was played.

    Parameters
    ----------
    payoffs : float[P, A..., N]
    labels : Labels
    played : sequence of float[action, N]

    Returns
    -------
    StageChoice
        Without saying whether there are others.
    """
    players, *_, draws = payoffs.shape
    flat, no = payoffs.reshape(players, -1, draws), np.zeros(draws, dtype=np.bool_)
    if labels.size == 1:
        return StageChoice(np.zeros(draws, dtype=np.int16), None, flat[:, 0].copy(), no, no)
    solved = AllNash().solve(NormalForm(labels, payoffs))
    distance = np.zeros(len(solved))
    for there, here in zip(solved.strategies, played, strict=True):
        distance += np.abs(there - here.take(solved.draw, axis=1)).sum(axis=0)
    order = np.lexsort((distance, solved.draw))
    draw, at = np.unique(solved.draw[order], return_index=True)
    chosen = order[at]
    pure, values = np.zeros(draws, dtype=np.int16), flat[:, 0].copy()
    values[:, draw] = solved.payoffs[:, chosen]
    likely = solved.outcomes[:, chosen]
    sure = likely.max(axis=0) > 1 - 1e-12
    pure[draw] = np.where(sure, likely.argmax(axis=0), -1)
    mixed = None
    if not sure.all():
        mixed = MixedPlay(draw[~sure], tuple(strategy[:, chosen[~sure]] for strategy in solved.strategies))
    return StageChoice(pure, mixed, values, no, ~np.isin(np.arange(draws), draw))


def dominance_solvable(payoffs: Floats) -> Bools:
    """Say in which draws iterated strict dominance by pure actions leaves one outcome, bool[N].

    That outcome is then the only equilibrium, pure or mixed.
    """
    _, *shape, draws = payoffs.shape
    alive = [np.ones((size, draws), dtype=np.bool_) for size in shape]
    # Whether one action is better than another, against each combination of the others' actions: asked once.
    better: dict[int, list[tuple[int, int, Bools]]] = {}
    for player, size in enumerate(shape):
        own = np.moveaxis(payoffs[player], player, 0).reshape(size, -1, draws)
        pairs = [(action, rival) for action in range(size) for rival in range(size) if action != rival]
        if pairs:
            better[player] = [(action, rival, own[rival] > own[action]) for action, rival in pairs]
    for _ in range(sum(shape) - len(shape)):
        changed = False
        for player, pairs_ in better.items():
            gone = np.zeros((*(1 if axis == player else size for axis, size in enumerate(shape)), draws),
                            dtype=np.bool_)  # fmt: skip
            for axis, mask in enumerate(alive):
                if axis != player:
                    gone |= ~mask.reshape(*(shape[a] if a == axis else 1 for a in range(len(shape))), draws)
            flat = gone.reshape(-1, draws)
            for action, rival, best in pairs_:
                worse = (best | flat).all(axis=0)
                worse &= alive[player][rival] & alive[player][action]
                if worse.any():
                    alive[player][action] &= ~worse
                    changed = True
        if not changed:
            break
    result = np.ones(draws, dtype=np.bool_)
    for mask in alive:
        result &= mask.sum(axis=0) == 1
    return result
