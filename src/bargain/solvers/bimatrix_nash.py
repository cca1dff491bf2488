"""Nash equilibria of two-player games, mixed ones included, by nashpy."""

from __future__ import annotations

import threading
import warnings
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, get_args

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, UnknownNameError, UnsupportedGameError
from bargain.games.normal import NormalForm
from bargain.games.profiles import regrets
from bargain.solvers.solution import Solution, Status

__all__ = ["BimatrixNash"]

Method = Literal["vertex_enumeration", "support_enumeration", "lemke_howson"]
_SAME = 1e-7  # two profiles closer than this are one equilibrium, found twice
_TIE = 1e-9  # relative to the range of a player's payoffs
_FILTERS = threading.Lock()  # warning filters belong to the process: two threads would restore each other's


@dataclass(frozen=True)
class BimatrixNash:
    """Nash equilibria of two-player games through nashpy, draw by draw.

    Players with a single action may stand beside the two. Every profile that nashpy returns is checked by
    its regret; what fails the check is left out and the draw is marked.

    Parameters
    ----------
    method : {"vertex_enumeration", "support_enumeration", "lemke_howson"}
        Vertex enumeration missed no equilibrium of games without ties. nashpy's support enumeration compares
        probabilities with zero exactly and misses equilibria in 18 % of random 3x3 and 39 % of 4x4 games;
        Lemke-Howson finds one equilibrium per starting label. Those two are therefore marked INCOMPLETE
        wherever they cannot be known to be complete.
    tolerance : float, default 1e-9
        Largest regret of an accepted profile, relative to the range of the player's payoffs.

    Raises
    ------
    UnknownNameError
        If the method is not one of the three.

    Notes
    -----
    Status is SOLVED where vertex enumeration ran on a game without ties; DEGENERATE where some player has
    two best replies to a pure action of the other, or the number of equilibria is even; INCOMPLETE for the
    other methods, and where nashpy broke off or a profile failed its check; FAILED where nothing was found
    [Nashpy]_ [AvisEtAl2010]_.

    Examples
    --------
    >>> import bargain as bg
    >>> pennies = bg.NormalForm(
    ...     {"row": ("heads", "tails"), "column": ("heads", "tails")},
    ...     [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]],
    ... )
    >>> bg.solve(pennies, bg.BimatrixNash()).profiles()
    [{'row': {'heads': 0.5, 'tails': 0.5}, 'column': {'heads': 0.5, 'tails': 0.5}}]
    """

    method: Method = "vertex_enumeration"
    tolerance: float = 1e-9

    def __post_init__(self) -> None:
        if self.method not in get_args(Method):
            raise UnknownNameError.of("method", self.method, get_args(Method), where="BimatrixNash")
        if not self.tolerance >= 0:
            raise InvalidArgumentError(f"BimatrixNash: tolerance >= 0 was expected, given {self.tolerance}")

    def solve(self, game: NormalForm) -> Solution:
        """Return the equilibria of every draw.

        Parameters
        ----------
        game : NormalForm
            With exactly two players that have more than one action.

        Returns
        -------
        Solution

        Raises
        ------
        UnsupportedGameError
        """
        movers = [player for player, size in enumerate(game.shape) if size > 1]
        if len(movers) != 2:
            raise UnsupportedGameError(
                f"BimatrixNash solves games in which two players have a choice; here {len(movers)} of"
                f" {', '.join(game.players)} do. Hold the others with fix={{...}}, or use PureNash, AllNash"
                " or SubgamePerfect"
            )
        first, second = movers
        tables = game.payoffs[movers].reshape(2, game.shape[first], game.shape[second], game.draws)
        codes = np.empty(game.draws, dtype=np.int8)
        draws: list[int] = []
        found: list[tuple[Floats, Floats]] = []
        for draw in range(game.draws):
            pairs, codes[draw] = self._one(tables[..., draw])
            draws.extend([draw] * len(pairs))
            found.extend(pairs)
        strategies = [np.ones((1, len(found))) for _ in game.players]
        for place, mover in enumerate(movers):
            columns = [pair[place] for pair in found]
            strategies[mover] = np.array(columns).reshape(len(found), game.shape[mover]).T
        return Solution.of(game, self, np.array(draws, dtype=np.int64), strategies, codes)

    def _one(self, table: Floats) -> tuple[list[tuple[Floats, Floats]], Status]:
        """Solve one game, float[2, A, B]."""
        low = table.min(axis=(1, 2), keepdims=True)
        scale = table.max(axis=(1, 2), keepdims=True) - low
        # nashpy's tolerances are absolute: payoffs are brought to [0, 1], which changes no reply.
        unit = (table - low) / np.where(scale > 0, scale, 1.0)
        candidates, complete = _candidates(unit, self.method)
        kept: list[tuple[Floats, Floats]] = []
        for candidate in candidates:
            row, column = (np.clip(np.asarray(part, dtype=np.float64), 0, None) for part in candidate)
            shapes = (row.shape, column.shape)
            if shapes != (unit.shape[1:2], unit.shape[2:]) or not (row.sum() > 0 < column.sum()):
                complete = False  # a solver that gives up returns shapes or sums like these
                continue
            pair = (row / row.sum(), column / column.sum())
            regret = regrets(unit[..., None], [part[:, None] for part in pair]).max()
            if regret > max(self.tolerance, 1e-12):
                complete = False
            elif not any(_close(pair, other) for other in kept):
                kept.append(pair)
        if not kept:
            return kept, Status.FAILED
        if _has_ties(unit) or (self.method == "vertex_enumeration" and complete and len(kept) % 2 == 0):
            return kept, Status.DEGENERATE
        return kept, Status.SOLVED if self.method == "vertex_enumeration" and complete else Status.INCOMPLETE


def _candidates(unit: Floats, method: Method) -> tuple[list[tuple[Floats, Floats]], bool]:
    """Return what nashpy finds, and whether it came to its end: it raises on some games with ties."""
    import nashpy  # noqa: PLC0415 - a third of a second that pure games do not pay

    # Best-reply polytopes are bounded only where payoffs are positive; nashpy lifts negative ones, not zeros.
    game = nashpy.Game(*(unit + 1.0))
    if method == "lemke_howson":
        runs = [partial(_lemke_howson, game, label) for label in range(sum(unit.shape[1:]))]
    else:
        runs = [getattr(game, method)]
    found: list[tuple[Floats, Floats]] = []
    complete = True
    with _FILTERS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for run in runs:
            try:
                for candidate in run():
                    found.append(candidate)  # noqa: PERF402 - what came before an exception is kept
            except (TypeError, ValueError, IndexError, ArithmeticError, np.linalg.LinAlgError, RuntimeError):
                complete = False
    return found, complete


def _lemke_howson(game: Any, label: int) -> list[tuple[Floats, Floats]]:
    return [game.lemke_howson(initial_dropped_label=label)]


def _close(pair: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> bool:
    return all(np.abs(a - b).max() < _SAME for a, b in zip(pair, other, strict=True))


def _has_ties(unit: Floats) -> bool:
    """Say whether a player has two best replies to a pure action of the other."""
    rows = (unit[0] >= unit[0].max(axis=0, keepdims=True) - _TIE).sum(axis=0)
    columns = (unit[1] >= unit[1].max(axis=1, keepdims=True) - _TIE).sum(axis=1)
    return bool((rows > 1).any() or (columns > 1).any())
