"""All Nash equilibria, pure and mixed, of every draw: the method is chosen by who has a choice."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np

from bargain.axes import Floats, Ints
from bargain.games.normal import NormalForm
from bargain.games.profiles import regrets
from bargain.solvers.nash.bimatrix import bimatrix_equilibria, is_enumerable
from bargain.solvers.nash.equilibria import Equilibria
from bargain.solvers.nash.exact import exact_equilibria
from bargain.solvers.nash.general import general_equilibria
from bargain.solvers.nash.lemke_howson import some_equilibria
from bargain.solvers.nash.memory import keep_freed_memory
from bargain.solvers.nash.reduction import without_dominated
from bargain.solvers.nash.three_player import three_player_equilibria
from bargain.solvers.solution import Codes, Solution, Status

__all__ = ["AllNash"]

_TIE = 1e-10  # of the range of a player's payoffs
_REGRET = 1e-9  # of the range of a player's payoffs
_BLOCK = 8192  # draws solved at once, of two movers: what they need stays in the processor's cache


@dataclass(frozen=True)
class AllNash:
    """Every isolated Nash equilibrium, pure and mixed, of every draw [Nash1951]_.

    Players with a single action may stand beside the movers, those who have a choice.

    Notes
    -----
    What is complete depends on the movers, whose order is free:

    ==============================  =====================================================================
    movers                          what is found
    ==============================  =====================================================================
    none or one                     every equilibrium; of tied best actions, each
    two, up to 8x8, 40x3 or 60x2    every equilibrium; with ties, every extreme one
    two with more actions           the same, in exact arithmetic and draw by draw; where too many mixes are
                                    left (about 14x14), pure ones and some mixed, with status INCOMPLETE
    2x2x2, 3x2x2, k1 x k2 x 2       every isolated equilibrium, from polynomials in one probability; the sum
                                    of their indices tells whether one is missing
    anything else                   every isolated equilibrium, support by support and draw by draw: slow,
                                    and cut short, with status INCOMPLETE, where there are too many supports
                                    or one is too large
    ==============================  =====================================================================

    In games of the third and the last kind actions that another one or a mixture of others beats whatever
    happens are eliminated first, again and again, so that many games of dozens of actions are solved at once.

    The status of a draw says

    - SOLVED: these are all, an odd number, and in each of them every best reply is played.
    - DEGENERATE: in some equilibrium there is a best reply, to 1e-10 of the range of payoffs, that is not
      played, or equilibria may form a continuum. Isolated equilibria and, with two movers, all extreme points
      are listed. A tie that no equilibrium touches does not make a draw degenerate.
    - INCOMPLETE: these are equilibria; there may be others.
    - FAILED: none was found, though there is one.

    Whatever the status, every equilibrium listed has a regret below 1e-9 of the range of payoffs of each
    player. The regret is computed from the game alone; what exceeds it is left out and its draw marked
    INCOMPLETE. Draws are solved in blocks, so that the memory needed is that of the answer.

    Examples
    --------
    >>> import bargain as bg
    >>> chicken = bg.NormalForm(
    ...     {"row": ("swerve", "stay"), "column": ("swerve", "stay")},
    ...     [[[3, 1], [4, 0]], [[3, 4], [1, 0]]],
    ... )
    >>> for profile in bg.solve(chicken, bg.AllNash()).profiles():
    ...     print(profile)
    {'row': {'swerve': 1.0}, 'column': {'stay': 1.0}}
    {'row': {'stay': 1.0}, 'column': {'swerve': 1.0}}
    {'row': {'swerve': 0.5, 'stay': 0.5}, 'column': {'swerve': 0.5, 'stay': 0.5}}
    """

    def solve(self, game: NormalForm) -> Solution:
        """Return the equilibria of every draw.

        Parameters
        ----------
        game : NormalForm

        Returns
        -------
        Solution
        """
        movers = [player for player, size in enumerate(game.shape) if size > 1]
        keep_freed_memory()
        table = _Table(game)
        codes = np.empty(game.draws, dtype=np.int8)
        block = _BLOCK * max(1, len(movers) - 1)  # with three, calls take most of the time
        for start in range(0, game.draws, block):
            payoffs = game.payoffs[..., start : start + block]
            found = _restored(_equilibria(_reduced(payoffs, movers)), game.shape)
            codes[start : start + block] = table.extend(payoffs, found, start)
        return table.solution(self, codes)


def _reduced(payoffs: Floats, movers: list[int]) -> Floats:
    """Leave out the players without a choice, float[mover, A..., N]."""
    if len(movers) == payoffs.shape[0]:
        return payoffs
    return payoffs[movers].reshape(
        len(movers), *(payoffs.shape[1 + mover] for mover in movers), payoffs.shape[-1]
    )


def _restored(found: Equilibria, shape: tuple[int, ...]) -> Equilibria:
    """Put the players without a choice back in."""
    moving = iter(found.strategies)
    strategies = tuple(next(moving) if size > 1 else np.ones((1, found.draw.size)) for size in shape)
    return Equilibria(found.draw, strategies, found.codes)


def _equilibria(payoffs: Floats) -> Equilibria:
    """Choose the method; every player has a choice."""
    movers, *sizes, draws = payoffs.shape
    if movers == 0:
        return Equilibria(np.arange(draws), (), np.full(draws, Status.SOLVED, dtype=np.int8))
    if movers == 1:
        return _best_actions(payoffs[0])
    if movers == 2 and is_enumerable(*sizes):
        return bimatrix_equilibria(payoffs)
    if movers == 3 and min(sizes) == 2:
        return three_player_equilibria(payoffs)
    return without_dominated(payoffs, _large)


def _large(payoffs: Floats) -> Equilibria:
    """Solve games of which nothing is left to eliminate."""
    movers, *sizes, draws = payoffs.shape
    if movers < 2 or (movers == 2 and is_enumerable(*sizes)) or (movers == 3 and min(sizes) == 2):
        return _equilibria(payoffs)
    if movers > 2:
        return general_equilibria(payoffs)
    parts = []
    for draw in range(draws):
        exact = exact_equilibria(payoffs[..., draw])
        beyond = exact.codes[0] == Status.FAILED
        parts.append(some_equilibria(payoffs[..., draw]) if beyond else exact)
    return Equilibria.joined(parts)


def _best_actions(payoffs: Floats) -> Equilibria:
    """Return the best actions of a player who is alone, from float[action, N]."""
    best = payoffs.max(axis=0)
    listed = payoffs >= best - _TIE * (best - payoffs.min(axis=0))
    draw, action = np.nonzero(listed.T)
    strategy = (action == np.arange(payoffs.shape[0])[:, None]).astype(np.float64)
    codes = np.where(listed.sum(axis=0) > 1, np.int8(Status.DEGENERATE), np.int8(Status.SOLVED))
    return Equilibria(draw, (strategy,), codes)


def _regretted(payoffs: Floats, regret: Floats, worst: Floats, draw: Ints) -> Ints:
    """Return the columns, ascending, in which some player's regret is too large for its range of payoffs."""
    flat = payoffs.reshape(payoffs.shape[0], -1, payoffs.shape[-1])
    # A range is at least the difference of any two payoffs, and few regrets reach what all draws allow.
    some = np.flatnonzero(worst > _REGRET * np.abs(flat[:, 0] - flat[:, -1]).min(initial=np.inf))
    if not some.size:
        return some
    flat = flat.take(draw[some], axis=-1)
    wrong: Ints = some[(regret[:, some] > _REGRET * (flat.max(axis=1) - flat.min(axis=1))).any(axis=0)]
    return wrong


class _Table:
    """The columns of a `Solution`, filled block by block into memory that is, as a rule, asked for once.

    The first block tells how many equilibria to expect. Joining a list of blocks at the end would take the
    memory, and the time to get it, twice.
    """

    def __init__(self, game: NormalForm) -> None:
        self._game = game
        self._used = 0
        self._draw: Ints = np.empty(0, dtype=np.int64)
        ends = list(itertools.accumulate(game.shape))
        self._rows = [slice(end - size, end) for size, end in zip(game.shape, ends, strict=True)]
        self._floats: Floats = np.empty((ends[-1] + 1, 0))  # strategies, and the regret

    def extend(self, payoffs: Floats, found: Equilibria, start: int) -> Codes:
        """Add the equilibria of the draws from ``start`` on, with their regret, and return their codes.

        What is not an equilibrium by its regret is left out, and the draw's code says so.
        """
        draw, strategies, codes = found.draw, found.strategies, found.codes
        if (draw[1:] < draw[:-1]).any():
            order = np.argsort(draw, kind="stable")
            draw, strategies = draw[order], tuple(strategy[:, order] for strategy in strategies)
        regret = regrets(payoffs, strategies, draw)
        worst = regret.max(axis=0)
        wrong = _regretted(payoffs, regret, worst, draw)
        if wrong.size:
            codes = codes.copy()
            codes[draw[wrong]] = Status.INCOMPLETE
            draw, worst = np.delete(draw, wrong), np.delete(worst, wrong)
            strategies = tuple(np.delete(strategy, wrong, axis=1) for strategy in strategies)
            codes[np.bincount(draw, minlength=codes.size) == 0] = Status.FAILED
        columns = self._room(draw.size, start + payoffs.shape[-1])
        np.add(draw, start, out=self._draw[columns])
        for rows, strategy in zip(self._rows, strategies, strict=True):
            self._floats[rows, columns] = strategy
        self._floats[-1, columns] = worst
        return codes

    def solution(self, solver: AllNash, codes: Codes) -> Solution:
        """Return what was filled in."""
        floats = self._floats[:, : self._used]
        strategies = tuple(floats[rows] for rows in self._rows)
        return Solution(self._game, solver, self._draw[: self._used], strategies, floats[-1], codes)

    def _room(self, count: int, solved: int) -> slice:
        """Return the columns for so many more equilibria, when so many draws are solved."""
        columns = slice(self._used, self._used + count)
        self._used = columns.stop
        if columns.stop > self._draw.size:
            rest = self._game.draws / solved - 1
            room = columns.stop + math.ceil(1.1 * rest * columns.stop)
            for name in ("_draw", "_floats"):
                old = getattr(self, name)
                new = np.empty((*old.shape[:-1], room), dtype=old.dtype)
                new[..., : columns.start] = old[..., : columns.start]
                setattr(self, name, new)
        return columns
