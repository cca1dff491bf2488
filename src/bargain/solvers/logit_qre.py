"""Logit quantal response equilibria: the principal branch, traced for all draws at once."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from bargain.axes import Bools, Floats, Ints
from bargain.errors import InvalidArgumentError
from bargain.games.normal import NormalForm
from bargain.games.profiles import action_values
from bargain.solvers.solution import Solution, Status

__all__ = ["LogitQRE"]

_SIDE_BY_SIDE = 160_000  # payoff differences of the draws that are traced together
_REACH = 0.07  # how far, in logits, a predicted point should lie from the branch
_CORRECTIONS = 2  # of a predicted point: less leaves it off the branch, more costs without fewer steps
_FIRST = 0.5  # length of the first step
_LONGER = 2.5  # a step is at most so many times the one before
_STRAY = 0.7  # how far the ends' tangents may lead from a point, relative to the prediction
_SHORT = 3e-2  # a change of orientation on so short and straight a step is a bifurcation, not a jump
_STRAIGHT = 1e-2  # how far beside it, relative to its length, such a step may end
_WEAK = 1e-5  # pivots smaller than this are left to elimination with pivoting
_MOST_STEPS = 3_000
_FAR = 1e3  # two logits of such a size that differ by less than _NEAR: from there another action comes first
_NEAR = 100.0
_LOOK = 8  # after so many steps of a draw it is looked for them
_RESIDUAL = 1e-9  # largest accepted distance of a probability from the logit response to the others
_PLOT = 0.02  # largest predicted change of a probability between two points of a drawn branch


@dataclass(frozen=True)
class LogitQRE:
    """The logit quantal response equilibrium on the principal branch, batched, for any game.

    In a logit quantal response equilibrium every player plays each action with a probability proportional
    to ``exp(precision * expected payoff)``, the expectation being over the same probabilities of the others
    [McKelveyPalfrey1995]_. The principal branch is the curve of such equilibria that starts from uniform
    play at precision zero; as precision grows without bound it leads to one Nash equilibrium. Where the
    branch bends back, so that it meets a precision several times, the point met first is the one returned.

    Parameters
    ----------
    precision : float, default 1
        Not negative, in units of one over payoff: payoffs are used in their own units. 0 is uniform play.

    Raises
    ------
    InvalidArgumentError
        If the precision is negative or not finite.

    Notes
    -----
    The branch is followed by prediction and correction in arc length [Turocy2005]_, through its turning
    points, with steps of their own for each draw. The unknowns are differences of log probabilities, which
    neither underflow nor lose accuracy where the branch approaches a pure equilibrium. A step that lands on
    another piece of the correspondence shows itself by its direction or a change of orientation, and is
    shortened. Where pieces really cross, as in symmetric games, the branch goes straight on.

    Every point returned is checked: each probability lies within 1e-9 of the logit response to the others,
    computed from the game and the probabilities alone (for precision times payoff range above 1e5, within the
    rounding error of the response). Status is SOLVED where that holds, FAILED, without an equilibrium, where
    the trace did not get there.

    `Solution.regret` is measured against best replies as for every solver. It is positive here: players
    who err lose something by it.

    Examples
    --------
    Matching pennies with one large prize: the row player leans to it, the column player away from it.

    >>> import bargain as bg
    >>> game = bg.NormalForm(
    ...     {"row": ("heads", "tails"), "column": ("heads", "tails")},
    ...     [[[4, 0], [0, 1]], [[0, 1], [1, 0]]],
    ... )
    >>> bg.solve(game, bg.LogitQRE(precision=2.0)).profiles(digits=3)
    [{'row': {'heads': 0.719, 'tails': 0.281}, 'column': {'heads': 0.294, 'tails': 0.706}}]
    """

    precision: float = 1.0

    def __post_init__(self) -> None:
        if not (isinstance(self.precision, Real) and math.isfinite(self.precision) and self.precision >= 0):
            raise InvalidArgumentError(
                f"LogitQRE: a finite precision >= 0 was expected, given {self.precision!r}"
            )

    def solve(self, game: NormalForm) -> Solution:
        """Return the point of the principal branch at this precision, for every draw.

        Parameters
        ----------
        game : NormalForm

        Returns
        -------
        Solution
            One equilibrium per draw, none where the trace failed.
        """
        batch = _Batch.of(game.payoffs, self.precision)
        logits = _trace(batch)
        strategies, arrived = _strategies(game, batch, logits)
        allowed = _RESIDUAL + 1e-14 * batch.target
        missed = np.flatnonzero(arrived & (_residual(game.payoffs, strategies, self.precision) > allowed))
        if missed.size:
            _refine(batch, logits, [strategy for strategy in strategies if len(strategy) > 1], missed)
        arrived &= _residual(game.payoffs, strategies, self.precision) <= allowed
        codes = np.where(arrived, np.int8(Status.SOLVED), np.int8(Status.FAILED)).astype(np.int8)
        draw = np.flatnonzero(arrived)
        return Solution.of(game, self, draw, [strategy[:, draw] for strategy in strategies], codes)

    def branch(self, game: NormalForm, draw: int = 0) -> pd.DataFrame:
        """Return the principal branch of one draw, from precision zero to the first point at this one.

        Parameters
        ----------
        game : NormalForm
        draw : int, default 0

        Returns
        -------
        pandas.DataFrame
            One row per point in the order of the branch, at most some 0.02 apart in probability; columns
            ``(player, action)`` of probabilities, indexed by precision, which falls where the branch bends
            back. It ends early where the trace failed.

        Examples
        --------
        >>> import bargain as bg
        >>> game = bg.NormalForm(
        ...     {"row": ("hunt", "hide"), "column": ("hunt", "hide")},
        ...     [[[9, 0], [8, 7]], [[9, 8], [0, 7]]],
        ... )
        >>> branch = bg.LogitQRE(precision=0.5).branch(game)
        >>> print(branch["row"].iloc[[0, -1]].round(3))
        action      hunt   hide
        precision
        0.0        0.500  0.500
        0.5        0.033  0.967
        """
        one = game[draw]
        batch = _Batch.of(one.payoffs, self.precision)
        points = np.array(list(_points(batch))).T
        strategies, _ = _strategies(one, batch, points[:-1])
        columns = [
            (player, action)
            for player, actions in zip(game.labels.players, game.labels.actions, strict=True)
            for action in actions
        ]
        precision = np.where(points[-1] == batch.target, self.precision, points[-1] / batch.scale)
        return pd.DataFrame(
            np.concatenate(strategies).T,
            index=pd.Index(precision, name="precision"),
            columns=pd.MultiIndex.from_tuples(columns, names=["player", "action"]),
        )


@dataclass(frozen=True, eq=False)
class _Batch:
    """The equations of logit play: logits = mu * gains(probabilities), with mu the precision times ``scale``.

    ``sizes`` are the numbers of actions of the players that have a choice. Logits are stacked player by
    player: of each action but the first, relative to the first. ``gains[i]`` float[a_i - 1, a_j..., N] is
    what such a player gains by an action over its first, in units of ``scale`` float[N], the largest range of
    any player's payoffs; ``target`` float[N] is the mu to arrive at.
    """

    sizes: tuple[int, ...]
    gains: tuple[Floats, ...]
    scale: Floats
    target: Floats

    @classmethod
    def of(cls, payoffs: Floats, precision: float) -> _Batch:
        """Leave out players without a choice and bring payoffs to a common scale."""
        movers = [player for player, size in enumerate(payoffs.shape[1:-1]) if size > 1]
        sizes = tuple(payoffs.shape[1 + player] for player in movers)
        flat = payoffs.reshape(payoffs.shape[0], -1, payoffs.shape[-1])
        scale = (flat.max(axis=1) - flat.min(axis=1)).max(axis=0)
        scale[scale == 0] = 1.0
        return cls(sizes, _gains(payoffs, scale), scale, precision * scale)

    @property
    def draws(self) -> int:
        """Number of games."""
        return int(self.target.size)

    @property
    def block(self) -> int:
        """Number of games to trace together: enough that calls cost little, not more than caches hold."""
        return max(256, _SIDE_BY_SIDE // max(1, sum(math.prod(gain.shape[:-1]) for gain in self.gains)))

    @cached_property
    def rows(self) -> tuple[slice, ...]:
        """The logits of each player."""
        ends = itertools.accumulate(size - 1 for size in self.sizes)
        return tuple(slice(end - size + 1, end) for end, size in zip(ends, self.sizes, strict=True))

    @property
    def unknowns(self) -> int:
        """Number of logits."""
        return sum(self.sizes) - len(self.sizes)

    def take(self, draw: Ints) -> _Batch:
        """Return the batch of some draws."""
        gains = tuple(gain.take(draw, axis=-1) for gain in self.gains)  # an index would put the draws first
        return _Batch(self.sizes, gains, self.scale[draw], self.target[draw])

    def join(self, other: _Batch) -> _Batch:
        """Return the batch of these draws and the other's."""
        gains = tuple(np.concatenate(pair, axis=-1) for pair in zip(self.gains, other.gains, strict=True))
        return _Batch(
            self.sizes, gains, np.append(self.scale, other.scale), np.append(self.target, other.target)
        )

    def rolled(self, first: Sequence[int]) -> _Batch:
        """Return the same games with the actions counted from others on, one for each player."""
        gains = []
        for own, table in enumerate(self.gains):
            others = (other for other in range(len(self.sizes)) if other != own)
            full = np.concatenate([np.zeros((1, *table.shape[1:])), table])
            for axis, player in enumerate((own, *others)):
                full = np.roll(full, -first[player], axis=axis)
            gains.append(full[1:] - full[:1])
        return _Batch(self.sizes, tuple(gains), self.scale, self.target)

    def rolled_logits(self, logits: Floats, first: Ints) -> Floats:
        """Return logits relative to the actions that are to be counted from, int[player, N]."""
        result = np.empty_like(logits)
        for size, rows, start in zip(self.sizes, self.rows, first, strict=True):
            own = np.concatenate([np.zeros((1, logits.shape[1])), logits[rows]])
            own = np.take_along_axis(own, (start + np.arange(size)[:, None]) % size, axis=0)
            result[rows] = own[1:] - own[:1]
        return result

    def most_played(self, logits: Floats) -> Ints:
        """Return each player's most probable action, int[player, N]."""
        zero = np.zeros((1, logits.shape[1]))
        return np.array([np.concatenate([zero, logits[rows]]).argmax(axis=0) for rows in self.rows])

    def better_first(self, logits: Floats) -> Ints:
        """Return from which action on each player's would better be counted, int[player, N].

        That is 0, the first, but for players who hardly play it and mix others: then what they play most.
        """
        result = np.zeros((len(self.sizes), logits.shape[1]), dtype=np.int64)
        for own, better in zip((logits[rows] for rows in self.rows), result, strict=True):
            if len(own) > 1:
                top = own.max(axis=0)
                far = np.flatnonzero((top > _FAR) & ((own > top - _NEAR).sum(axis=0) > 1))
                better[far] = 1 + own[:, far].argmax(axis=0)
        return result

    def probabilities(self, logits: Floats) -> list[Floats]:
        """Return each player's probabilities, float[a_i, N]."""
        result = []
        for size, rows in zip(self.sizes, self.rows, strict=True):
            own = np.zeros((size, logits.shape[1]))
            own[1:] = logits[rows]
            own -= own.max(axis=0)
            np.exp(own, out=own)
            own /= own.sum(axis=0)
            result.append(own)
        return result

    def linearised(self, point: Floats) -> tuple[Floats, Floats]:
        """Return the equations' derivatives by the logits, and their right-hand sides, at a point.

        Parameters
        ----------
        point : float[unknowns + 1, N]
            Logits, then mu.

        Returns
        -------
        matrix : float[unknowns, unknowns, N]
        right : float[unknowns, 2, N]
            By how much the equations are missed, and the derivative of mu * gains by mu.
        """
        mu, size = point[-1], self.unknowns
        matrix, right = np.zeros((size, size, self.draws)), np.empty((size, 2, self.draws))
        probabilities = self.probabilities(point[:-1])
        weights = [mu * own[1:] for own in probabilities]
        for own, rows in enumerate(self.rows):
            value = self.gains[own]
            for place, (other, table) in enumerate(self._against_each(own, probabilities)):
                if place == 0:
                    value = _average(table, probabilities[other], 1)
                block = matrix[rows, self.rows[other]]
                np.subtract(value[:, None], table[:, 1:], out=block)
                block *= weights[other]
            right[rows, 1] = value
        matrix[np.arange(size), np.arange(size)] = 1.0
        np.multiply(right[:, 1], mu, out=right[:, 0])
        right[:, 0] -= point[:-1]
        return matrix, right

    def _against_each(self, own: int, probabilities: list[Floats]) -> Iterator[tuple[int, Floats]]:
        """Yield each other player with the gains by own and its action, float[a_own - 1, a_other, N]."""
        others = [other for other in range(len(self.sizes)) if other != own]
        for other in others:
            table = self.gains[own]
            for axis, third in reversed(list(enumerate(others, start=1))):
                if third != other:
                    table = _average(table, probabilities[third], axis)
            yield other, table


@dataclass(eq=False)
class _Front:
    """Draws on their way along the branch, each with a step length of its own.

    ``path`` float[3, unknowns + 1, N] holds the point (logits, then mu), the tangent, and the change of the
    tangent per length; ``length`` float[N] is that of the next step, ``side`` float[N] the orientation (+1
    until a bifurcation is crossed), ``steps`` int[N] how many were tried, ``first`` int[player, N] the
    actions to which logits are relative: those played most where others mix while the first hardly is
    played, since of two logits of a million the difference keeps few digits.
    """

    batch: _Batch
    draw: Ints
    path: Floats
    length: Floats
    side: Floats
    steps: Ints
    first: Ints

    @classmethod
    def of(cls, batch: _Batch, draw: Ints) -> _Front:
        """Start some draws at precision zero, where play is uniform."""
        batch = batch.take(draw)
        path = np.zeros((3, batch.unknowns + 1, batch.draws))
        path[1, :-1] = batch.linearised(path[0])[1][:, 1]
        path[1, -1] = 1.0
        path[1] /= np.sqrt((path[1] ** 2).sum(axis=0))
        length, side, steps = np.full(draw.size, _FIRST), np.ones(draw.size), np.zeros_like(draw)
        return cls(
            batch, draw, path, length, side, steps, np.zeros((len(batch.sizes), draw.size), dtype=np.int64)
        )

    def take(self, draw: Ints) -> _Front:
        """Return some of the draws."""
        path = self.path.take(draw, axis=-1)
        return _Front(
            self.batch.take(draw),
            self.draw[draw],
            path,
            self.length[draw],
            self.side[draw],
            self.steps[draw],
            self.first.take(draw, axis=1),
        )

    def join(self, other: _Front) -> _Front:
        """Return these draws and the other's."""
        return _Front(
            self.batch.join(other.batch),
            np.append(self.draw, other.draw),
            np.concatenate([self.path, other.path], axis=-1),
            np.append(self.length, other.length),
            np.append(self.side, other.side),
            np.append(self.steps, other.steps),
            np.append(self.first, other.first, axis=1),
        )

    def logits(self, draws: Ints) -> Floats:
        """Return some logits, relative to each player's first action, float[unknowns, draws]."""
        back = -self.first.take(draws, axis=1) % np.array(self.batch.sizes)[:, None]
        return self.batch.rolled_logits(self.path[0, :-1].take(draws, axis=1), back)

    def advance(self) -> tuple[Bools, Bools]:
        """Try one step on every draw.

        Returns
        -------
        moved, arrived : bool[N]
            Where the step was accepted, and where it ended at the target.
        """
        batch, (point, tangent, bend) = self.batch, self.path
        rising = tangent[-1] > 0
        to_go = (batch.target - point[-1]) / np.where(rising, tangent[-1], 1.0)
        landing = rising & (to_go <= self.length)
        length = np.where(landing, to_go, self.length)
        reached = point + length * (tangent + (0.5 * length) * bend)
        # A step that lands is corrected at the target's mu, any other at right angles to where it came from.
        border, lands = tangent.copy(), np.flatnonzero(landing)
        border[:, lands] = np.eye(len(point))[:, -1:]
        reached[-1, lands] = batch.target[lands]
        moves = []
        with np.errstate(all="ignore"):  # a step that is too long may end anywhere; it is not accepted
            for _ in range(_CORRECTIONS):
                correction, ahead, side = _corrected(batch, reached, border)
                reached += correction
                moves.append(np.abs(correction).max(axis=0))
            noise = 1e-6 + 1e-12 * point[-1]
            near = (moves[0] <= 2 * _REACH) & (moves[-1] <= 0.1 * moves[0] + noise) & (reached[-1] >= 0)
            # On one smooth curve the mean of both ends' tangents leads closer than the prediction does.
            stray = np.abs(reached - point - 0.5 * length * (tangent + ahead)).max(axis=0)
            near &= stray <= _STRAY * moves[0] + 0.01
            overshot = ~landing & (
                _summit(point[-1], reached[-1], tangent[-1] * length, ahead[-1] * length) >= batch.target
            )
            turned = side * self.side < 0
            crossed = turned & (length <= _SHORT) & (moves[0] <= _STRAIGHT * length)
            moved = near & ~overshot & (~turned | crossed)
            # The predictor's error grows with the third power of the length.
            factor = np.cbrt(_REACH / np.maximum(moves[0], 1e-9))
        self.steps += 1
        self.side[moved & crossed] *= -1
        self.length = length * np.where(moved, np.clip(factor, 0.3, _LONGER), 0.4)
        self.steps[self.length < 1e-13 * (1 + point[-1])] = _MOST_STEPS  # stuck
        stays = np.flatnonzero(~moved)
        kept = self.path.take(stays, axis=-1)
        np.subtract(ahead, tangent, out=bend)
        bend /= length
        bend[:, crossed] = 0.0
        point[...], tangent[...] = reached, ahead
        self.path[:, :, stays] = kept
        self._count_from_better(np.flatnonzero(self.steps % _LOOK == 0))
        return moved, moved & landing

    def _count_from_better(self, draws: Ints) -> None:
        """Make the logits of some draws relative to better actions, where there are; in place."""
        better = self.batch.better_first(self.path[0, :-1].take(draws, axis=1))
        place = np.flatnonzero(better.any(axis=0))
        if not place.size:
            return
        batch, draws, better = self.batch, draws[place], better[:, place]
        path = self.path.take(draws, axis=-1)
        for first in np.unique(better, axis=1).T:
            some = draws[(better == first[:, None]).all(axis=0)]
            for table, rolled in zip(batch.gains, batch.take(some).rolled(first).gains, strict=True):
                table[..., some] = rolled
        for vector in path:
            vector[:-1] = batch.rolled_logits(vector[:-1], better)
        stretch = np.sqrt((path[1] ** 2).sum(axis=0))  # lengths are measured in the logits
        path[1] /= stretch
        path[2] /= stretch**2
        self.path[..., draws] = path
        self.length[draws] *= stretch
        self.first[:, draws] = (self.first[:, draws] + better) % np.array(batch.sizes)[:, None]

    def shorten(self, change: float) -> None:
        """Limit the next step to a predicted change of any probability."""
        fastest = np.zeros(self.batch.draws)
        for own, rows in zip(self.batch.probabilities(self.path[0, :-1]), self.batch.rows, strict=True):
            slope = np.concatenate([np.zeros((1, fastest.size)), self.path[1, rows]])
            slope = own * (slope - (own * slope).sum(axis=0))
            np.maximum(fastest, np.abs(slope).max(axis=0), out=fastest)
        self.length = np.minimum(self.length, change / np.maximum(fastest, 1e-12))


def _gains(payoffs: Floats, scale: Floats) -> tuple[Floats, ...]:
    """Return what every player with a choice gains by an action over its first, in units of a scale."""
    movers = [player for player, size in enumerate(payoffs.shape[1:-1]) if size > 1]
    sizes = [payoffs.shape[1 + player] for player in movers]
    gains = []
    for axis, player in enumerate(movers):
        own = np.moveaxis(payoffs[player].reshape(*sizes, -1), axis, 0)
        gains.append((own[1:] - own[:1]) / scale)
    return tuple(gains)


def _average(table: Floats, probabilities: Floats, axis: int) -> Floats:
    """Average a table over one axis of actions."""
    before: tuple[Any, ...] = (slice(None),) * axis
    result: Floats = table[*before, 0] * probabilities[0]
    for action in range(1, len(probabilities)):
        result += table[*before, action] * probabilities[action]
    return result


def _corrected(batch: _Batch, point: Floats, border: Floats) -> tuple[Floats, Floats, Floats]:
    """Return Newton's correction at right angles to a border, the branch's tangent, and its orientation.

    ``point``, ``border``, correction and tangent are float[unknowns + 1, N]; of the orientation, float[N],
    the sign counts: that of the determinant of the equations' derivatives over the tangent.
    """
    solution, pivots = _eliminate(*batch.linearised(point), batch.sizes[0] - 1)
    correction, tangent = np.empty_like(point), np.empty_like(point)
    along = border[-1] + (border[:-1] * solution[:, 1]).sum(axis=0)
    correction[-1] = -(border[:-1] * solution[:, 0]).sum(axis=0) / along
    correction[:-1] = solution[:, 0] + correction[-1] * solution[:, 1]
    tangent[:-1] = solution[:, 1]
    tangent[-1] = 1.0
    tangent *= np.sign(along) / np.sqrt((tangent * tangent).sum(axis=0))
    side = np.sign(pivots).prod(axis=0) * along
    weak = np.flatnonzero(~(np.abs(pivots).min(axis=0) > _WEAK))
    if weak.size:
        some = _bordered(batch.take(weak), point[:, weak], border[:, weak])
        correction[:, weak], tangent[:, weak], side[weak] = some
    return correction, tangent, side


def _eliminate(matrix: Floats, right: Floats, done: int) -> tuple[Floats, Floats]:
    """Solve all systems by elimination without pivoting; the arguments are overwritten.

    The first ``done`` rows and columns are those of the identity. Returns the solutions,
    float[unknowns, 2, N], and the pivots, float[unknowns, N]: their product is the determinant, and where
    one is small the solution is not accurate. With draws last this takes a sixth of the time of
    `numpy.linalg.solve` on systems of four or five unknowns.
    """
    size = len(matrix)
    pivots = np.ones((size, matrix.shape[-1]))
    for row in range(size):
        if row >= done:
            pivots[row] = matrix[row, row]
            inverse = 1.0 / pivots[row]
            right[row] *= inverse
            matrix[row, row + 1 :] *= inverse
        after = max(row + 1, done)
        for other in range(done if row < done else 0, size):
            if other != row:
                right[other] -= matrix[other, row] * right[row]
                matrix[other, after:] -= matrix[other, row] * matrix[row, after:]
    return right, pivots


def _bordered(batch: _Batch, point: Floats, border: Floats) -> tuple[Floats, Floats, Floats]:
    """Do as `_corrected` by the whole bordered system with pivoting, near a fold or a bifurcation."""
    equations, sides = batch.linearised(point)
    size = len(point)
    matrix, right = np.zeros((batch.draws, size, size)), np.zeros((batch.draws, size, 2))
    matrix[:, :-1, :-1] = equations.transpose(2, 0, 1)
    matrix[:, :-1, -1] = -sides[:, 1].T
    matrix[:, -1] = border.T
    right[:, :-1, 0] = sides[:, 0].T
    right[:, -1, 1] = 1.0
    side: Floats = np.linalg.det(matrix)
    matrix[side == 0] += 1e-13 * np.eye(size)  # exactly on a bifurcation: go straight on
    correction, tangent = np.linalg.solve(matrix, right).transpose(2, 1, 0)
    tangent /= np.sqrt((tangent * tangent).sum(axis=0))
    return correction, tangent, side


def _summit(start: Floats, end: Floats, rise: Floats, fall: Floats) -> Floats:
    """Return the highest mu on a step, by the cubic through its ends: a fold may hide inside."""
    summit = np.maximum(start, end)
    folded = np.flatnonzero((rise > 0) & (fall < 0))
    if folded.size:
        t = np.linspace(0.1, 0.9, 9)[:, None]
        cubic = (1 + 2 * t) * (1 - t) ** 2 * start[folded] + t * (1 - t) ** 2 * rise[folded]
        cubic += t * t * (3 - 2 * t) * end[folded] - t * t * (1 - t) * fall[folded]
        summit[folded] = np.maximum(summit[folded], cubic.max(axis=0))
    return summit


def _trace(batch: _Batch) -> Floats:
    """Return the logits at the target, float[unknowns, N]; NaN where the trace failed."""
    result = np.full((batch.unknowns, batch.draws), np.nan)
    result[:, batch.target == 0] = 0.0
    waiting = np.flatnonzero(batch.target > 0) if batch.unknowns else np.empty(0, dtype=np.int64)
    landed = []
    front, waiting = _Front.of(batch, waiting[: batch.block]), waiting[batch.block :]
    while front.draw.size:
        _, arrived = front.advance()
        ready = np.flatnonzero(arrived)
        if ready.size:
            landed.append(front.draw[ready])
            result[:, landed[-1]] = front.logits(ready)
        staying = np.flatnonzero(~arrived & (front.steps < _MOST_STEPS))
        if staying.size < front.draw.size:
            front = front.take(staying)
            room = batch.block - staying.size
            if waiting.size and room > batch.block // 8:  # others take the places left: arrays stay long
                front, waiting = front.join(_Front.of(batch, waiting[:room])), waiting[room:]
    done = np.concatenate(landed) if landed else waiting
    for start in range(0, done.size, batch.block):
        _polish(batch, done[start : start + batch.block], result)
    return result


def _polish(batch: _Batch, draw: Ints, logits: Floats) -> None:
    """Correct logits near the branch, at the target's mu, until nothing moves any more; in place."""
    with np.errstate(all="ignore"):
        for _ in range(5):
            some = batch.take(draw)
            point = np.concatenate([logits.take(draw, axis=1), some.target[None]])
            border = np.zeros_like(point)
            border[-1] = 1.0
            correction, _, _ = _corrected(some, point, border)
            logits[:, draw] += correction[:-1]
            # Each relative to its own size: beside a logit of a million, one that mixes moves by far less.
            still = np.abs(correction[:-1]) <= 1e-12 * (1 + np.abs(point[:-1]))
            draw = draw[~still.all(axis=0)]
            if not draw.size:
                break


def _points(batch: _Batch) -> Iterator[Floats]:
    """Yield the points of one draw's branch, float[unknowns + 1]."""
    yield np.zeros(batch.unknowns + 1)
    if not batch.unknowns and batch.target[0] > 0:
        yield batch.target
    front = _Front.of(batch, np.arange(1 if batch.unknowns and batch.target[0] > 0 else 0))
    while front.draw.size and front.steps[0] < _MOST_STEPS:
        front.shorten(_PLOT)
        moved, arrived = front.advance()
        if arrived[0]:
            _polish(front.batch, np.arange(1), front.path[0, :-1])
        if moved[0]:
            yield np.append(front.logits(np.arange(1)), front.path[0, -1])
        if arrived[0]:
            return


def _strategies(game: NormalForm, batch: _Batch, logits: Floats) -> tuple[list[Floats], Bools]:
    """Return every player's probabilities, and which draws have them: elsewhere they are uniform."""
    known = np.asarray(np.isfinite(logits).all(axis=0))
    moving = iter(batch.probabilities(np.where(known, logits, 0.0)))
    strategies = [next(moving) if size > 1 else np.ones((1, known.size)) for size in game.shape]
    return strategies, known


def _refine(batch: _Batch, logits: Floats, strategies: list[Floats], draws: Ints) -> None:
    """Polish some draws with logits relative to the action each player plays most; in place.

    ``strategies`` are those of the players with a choice.
    """
    most = batch.most_played(logits[:, draws])
    for first in np.unique(most, axis=1).T:
        some = draws[(most == first[:, None]).all(axis=0)]
        turned = batch.take(some).rolled(first)
        start = batch.rolled_logits(logits[:, some], np.repeat(first[:, None], some.size, axis=1))
        _polish(turned, np.arange(some.size), start)
        for strategy, shift, rolled in zip(strategies, first, turned.probabilities(start), strict=True):
            strategy[:, some] = np.roll(rolled, shift, axis=0)


def _residual(payoffs: Floats, strategies: Sequence[Floats], precision: float) -> Floats:
    """Return how far any probability is from the logit response to the others, float[N]."""
    result = np.zeros(payoffs.shape[-1])
    for player, strategy in enumerate(strategies):
        response = action_values(payoffs, strategies, player)
        response = np.exp(precision * (response - response.max(axis=0)))
        response /= response.sum(axis=0)
        np.maximum(result, np.abs(response - strategy).max(axis=0), out=result)
    return result
