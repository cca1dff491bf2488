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

__all__ = ["Doubts", "StageChoice", "choose_mixed", "choose_nearest", "choose_pure", "dominance_solvable"]

_PATIENCE = 4096  # stage games of which it is asked at once whether they have another equilibrium
_FEW = 0.25  # share of games below which those asked about are picked out before they are looked at


@dataclass(frozen=True, eq=False)
class StageChoice:
    """One equilibrium of each draw of a stage game.

    Attributes
    ----------
    pure : int16[N]
        Number of its outcome; -1 where it is mixed, or none was found.
    mixed : MixedPlay or None
    values : float[P, N]
    failed : bool[N]
        Whether none was found: the first outcome stands in its place.
    """

    pure: npt.NDArray[np.int16]
    mixed: MixedPlay | None
    values: Floats
    failed: Bools


class Doubts:
    """In which draws some stage game has, or may have, a second equilibrium.

    Parameters
    ----------
    draws : int

    Notes
    -----
    Most stage games are settled by counting pure equilibria or by dominance. The others are put aside until
    there are many of them, since `AllNash` takes long for a few; no more is asked about a draw in which there
    are several.
    """

    def __init__(self, draws: int) -> None:
        self._several = np.zeros(draws, dtype=np.bool_)
        self._waiting: dict[Labels, list[tuple[Floats, Ints]]] = {}
        self._count = 0

    def add(self, draws: Ints) -> None:
        """Say of some draws that there are, or may be, several."""
        self._several[draws] = True

    def look(self, payoffs: Floats, labels: Labels, number: npt.NDArray[np.int8], draws: Ints) -> None:
        """Look for a second equilibrium in stage games.

        Parameters
        ----------
        payoffs : float[P, A..., M]
        labels : Labels
        number : int8[M]
            Of pure equilibria of each.
        draws : int[M]
            To which they belong.
        """
        self._several[draws[number > 1]] = True
        if sum(size > 1 for size in labels.shape) == 1:
            return
        once = (number == 1) & ~self._several[draws]
        asked = np.count_nonzero(once)
        if not asked:
            return
        if asked > _FEW * once.size:
            unclear = np.flatnonzero(once & ~dominance_solvable(payoffs))
            if not unclear.size:
                return
            waiting = payoffs.take(unclear, axis=-1)
        else:
            unclear = np.flatnonzero(once)
            waiting = payoffs.take(unclear, axis=-1)
            left = np.flatnonzero(~dominance_solvable(waiting))
            if not left.size:
                return
            unclear, waiting = unclear[left], waiting.take(left, axis=-1)
        self._waiting.setdefault(labels, []).append((waiting, draws[unclear]))
        self._count += unclear.size
        if self._count >= _PATIENCE:
            self._settle()

    def several(self) -> Bools:
        """Say in which draws there are several, bool[N]."""
        self._settle()
        return self._several

    def _settle(self) -> None:
        for labels, parts in self._waiting.items():
            payoffs = np.concatenate([part[0] for part in parts], axis=-1)
            draws = np.concatenate([part[1] for part in parts])
            left = np.flatnonzero(~self._several[draws])
            if left.size:
                solved = AllNash().solve(NormalForm(labels, payoffs.take(left, axis=-1)))
                self._several[draws[left[(solved.count > 1) | (solved.codes != Status.SOLVED)]]] = True
        self._waiting.clear()
        self._count = 0


def choose_pure(
    payoffs: Floats, default: int | None
) -> tuple[npt.NDArray[np.int16], Floats, npt.NDArray[np.int8]]:
    """Choose a pure equilibrium of each draw of a stage game.

    Parameters
    ----------
    payoffs : float[P, A..., N]
        With what follows added.
    default : int or None
        Number of the outcome that is preferred if it is an equilibrium; the first one follows.

    Returns
    -------
    pure : int16[N]
        Number of its outcome; 0 where there is none.
    values : float[P, N]
    number : int8[N]
        Of pure equilibria.
    """
    players, *_, draws = payoffs.shape
    stable = PureNash().stable(payoffs).reshape(-1, draws)
    pure = np.zeros(draws, dtype=np.int16)
    order = list(range(stable.shape[0]))[::-1]
    for outcome in order if default is None else [*order, default]:
        np.copyto(pure, np.int16(outcome), where=stable[outcome])
    number = stable.view(np.int8).sum(axis=0, dtype=np.int8)
    place = pure.astype(np.int64) * draws + np.arange(draws)
    return pure, payoffs.reshape(players, -1).take(place, axis=1), number


def choose_mixed(payoffs: Floats, labels: Labels) -> tuple[StageChoice, Bools]:
    """Choose an equilibrium of each draw of a stage game that has no pure one: the first of `AllNash`.

    Parameters
    ----------
    payoffs : float[P, A..., N]
    labels : Labels

    Returns
    -------
    StageChoice
    bool[N]
        Whether there is, or may be, another one.
    """
    players, *_, draws = payoffs.shape
    solved = AllNash().solve(NormalForm(labels, payoffs))
    draw, at = np.unique(solved.draw, return_index=True)
    strategies = tuple(strategy[:, at] for strategy in solved.strategies)
    pure, failed = np.zeros(draws, dtype=np.int16), np.ones(draws, dtype=np.bool_)
    pure[draw], failed[draw] = -1, False
    values = payoffs.reshape(players, -1, draws)[:, 0].copy()
    values[:, draw] = expected_payoffs(payoffs.take(draw, axis=-1), strategies)
    several = (solved.count > 1) | (solved.codes != Status.SOLVED)
    return StageChoice(pure, MixedPlay(draw, strategies), values, failed), several


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
    """
    players, *_, draws = payoffs.shape
    flat = payoffs.reshape(players, -1, draws)
    if labels.size == 1:
        return StageChoice(
            np.zeros(draws, dtype=np.int16), None, flat[:, 0].copy(), np.zeros(draws, dtype=np.bool_)
        )
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
    return StageChoice(pure, mixed, values, ~np.isin(np.arange(draws), draw))


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
