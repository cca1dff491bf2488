"""Agent logit quantal response equilibria of trees: the principal branch, traced over behaviour."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real
from typing import ClassVar

import numpy as np

from bargain.axes import Floats, Ints
from bargain.errors import InvalidArgumentError
from bargain.games.behaviour import action_values, beliefs, node_values
from bargain.games.extensive import ExtensiveForm
from bargain.solvers.behaviour_solution import BehaviourSolution
from bargain.solvers.solution import Status

__all__ = ["ExtensiveLogitQRE"]

_REACH = 0.1  # how far, in logits, a predicted point should lie from the branch
_MOST_STEPS = 2_000
_SHORT = 3e-2  # a change of orientation on so short and straight a step is a bifurcation, not a jump
_STRAIGHT = 0.05  # how far a prediction may miss then, over the length of the step
_STRAY = 0.5
_RESIDUAL = 1e-9  # largest accepted distance of a probability from the logit response


@dataclass(frozen=True)
class ExtensiveLogitQRE:
    """The agent logit quantal response equilibrium of a tree, on its principal branch, batched.

    At each information set an agent of the player takes every action with a probability proportional to
    ``exp(precision * expected payoff)``. The expectation is that given that the set is reached, with beliefs
    by Bayes' rule and everybody, the player's other agents included, playing on as they do
    [McKelveyPalfrey1998]_. Everything is reached with positive probability, so beliefs are never in doubt; as
    precision grows without bound the branch leads to a sequential equilibrium.

    Parameters
    ----------
    precision : float, default 1
        Not negative, in units of one over payoff. 0 is uniform play.

    Raises
    ------
    InvalidArgumentError
        If the precision is negative or not finite.

    Notes
    -----
    The branch is followed from uniform play by prediction and correction in arc length [Turocy2005]_, all
    draws abreast, with steps of their own. Unknown are the logits of all actions but the first of each set;
    derivatives are by complex steps, exact to rounding. A step that lands on another piece of the
    correspondence shows itself by its direction or a change of orientation, and is shortened; where pieces
    really cross, as in symmetric trees, the branch goes straight on. Every point returned is checked: each
    probability lies within 1e-9 of the logit response. Status is SOLVED where that holds, otherwise FAILED,
    without an equilibrium. `AgentLogitQRE` does the same for games played in stages that everybody sees.

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
    >>> bg.ExtensiveLogitQRE(1.0).solve(game).profiles(digits=3)
    [{'market': {'stay out': 0.318, 'enter': 0.682}, 'entered': {'fight': 0.119, 'share': 0.881}}]
    """

    precision: float = 1.0

    def __post_init__(self) -> None:
        if not (isinstance(self.precision, Real) and math.isfinite(self.precision) and self.precision >= 0):
            raise InvalidArgumentError(
                f"ExtensiveLogitQRE: a finite precision >= 0 was expected, given {self.precision!r}"
            )

    games: ClassVar[tuple[type, ...]] = (ExtensiveForm,)

    def solve(self, game: ExtensiveForm) -> BehaviourSolution:
        """Return the point of the principal branch at this precision, for every draw.

        Parameters
        ----------
        game : ExtensiveForm

        Returns
        -------
        BehaviourSolution
            One equilibrium per draw, none where the trace failed.
        """
        span = (game.payoffs.max(axis=(0, 1)) - game.payoffs.min(axis=(0, 1)))[None]
        unit = game.with_payoffs(game.payoffs / np.where(span > 0, span, 1.0))
        target = self.precision * span[0]
        logits = _trace(unit, target)
        with np.errstate(all="ignore"):
            behaviour = _behaviour(unit, logits)
            miss = np.abs(_responses(unit, behaviour, target) - np.concatenate(behaviour)).max(axis=0)
        arrived = miss <= _RESIDUAL + 1e-14 * target
        codes = np.where(arrived, np.int8(Status.SOLVED), np.int8(Status.FAILED)).astype(np.int8)
        draw = np.flatnonzero(arrived)
        return BehaviourSolution.of(game, self, draw, [own[:, draw] for own in behaviour], codes)


def _behaviour(game: ExtensiveForm, logits: Floats) -> list[Floats]:
    """Return the probabilities at each set: logits are relative to its first action."""
    result, row = [], 0
    for one in game.information_sets:
        own = np.zeros((len(one.actions), logits.shape[1]), dtype=logits.dtype)
        own[1:] = logits[row : row + len(one.actions) - 1]
        row += len(one.actions) - 1
        own = np.exp(own - own.real.max(axis=0))
        result.append(own / own.sum(axis=0))
    return result


def _worth(game: ExtensiveForm, behaviour: list[Floats]) -> tuple[Floats, ...]:
    values = node_values(game.tree, game.payoffs, game.chance, behaviour)
    return action_values(game.tree, values, beliefs(game.tree, game.chance, behaviour))


def _gains(game: ExtensiveForm, logits: Floats) -> Floats:
    """Return by how much each action is better than the first of its set, float[unknowns, N]."""
    return np.concatenate([worth[1:] - worth[:1] for worth in _worth(game, _behaviour(game, logits))])


def _responses(game: ExtensiveForm, behaviour: list[Floats], precision: Floats) -> Floats:
    """Return the logit responses to a profile, float[action of every set, N]."""
    result = []
    for worth in _worth(game, behaviour):
        response = np.exp(precision * (worth - worth.max(axis=0)))
        result.append(response / response.sum(axis=0))
    return np.concatenate(result)


def _linearised(game: ExtensiveForm, logits: Floats) -> tuple[Floats, Floats]:
    """Return the gains, float[unknowns, N], and derivatives by the logits, float[N, unknowns, unknowns]."""
    size, draws = logits.shape
    step = 1e-30
    moved = np.repeat(logits[:, None, :], size, axis=1).astype(np.complex128)
    moved[np.arange(size), np.arange(size)] += 1j * step
    every = np.tile(np.arange(draws), size)
    changed = _gains(game[every], moved.reshape(size, -1)).reshape(size, size, draws)  # type: ignore[arg-type]
    return changed[:, 0].real.copy(), changed.imag.transpose(2, 0, 1) / step


def _equations(game: ExtensiveForm, point: Floats) -> tuple[Floats, Floats]:
    """Return logits - precision * gains, float[N, unknowns], and its derivatives, with one column more."""
    logits, precision = point[:-1], point[-1]
    gains, slopes = _linearised(game, logits)
    size, draws = logits.shape
    derivatives = np.empty((draws, size, size + 1))
    derivatives[:, :, :-1] = np.eye(size) - precision[:, None, None] * slopes
    derivatives[:, :, -1] = -gains.T
    return (logits - precision * gains).T, derivatives


def _step(game: ExtensiveForm, point: Floats, border: Floats) -> tuple[Floats, Floats, Floats]:
    """Return Newton's correction at right angles to a border, the tangent, and the orientation.

    The first two are float[unknowns + 1, N]; the last, float[N], is the sign of the determinant of the
    equations' derivatives over the tangent, which a smooth branch keeps.
    """
    missed, derivatives = _equations(game, point)
    matrix = np.concatenate([derivatives, border.T[:, None, :]], axis=1)
    right = np.zeros((*matrix.shape[:2], 2))
    right[:, :-1, 0] = -missed
    right[:, -1, 1] = 1.0
    bad = ~np.isfinite(matrix).all(axis=(1, 2)) | ~np.isfinite(missed).all(axis=1)
    matrix[bad], right[bad] = np.eye(matrix.shape[1]), np.nan
    try:
        solved = np.linalg.solve(matrix, right)
    except np.linalg.LinAlgError:  # exactly at a bifurcation: go straight on
        solved = np.linalg.solve(matrix + 1e-13 * np.eye(matrix.shape[1]), right)
    tangent = solved[:, :, 1].T
    side = np.linalg.slogdet(matrix)[0]
    return solved[:, :, 0].T, tangent / np.sqrt((tangent * tangent).sum(axis=0)), side


def _trace(game: ExtensiveForm, target: Floats) -> Floats:
    """Return the logits at the target precisions, float[unknowns, N]; NaN where the trace failed."""
    size = sum(len(one.actions) - 1 for one in game.information_sets)
    result = np.full((size, target.size), np.nan)
    result[:, target == 0] = 0.0
    draw: Ints = np.flatnonzero(target > 0)
    if not size or not draw.size:
        return np.zeros_like(result)
    point = np.zeros((size + 1, draw.size))
    border = np.zeros_like(point)
    border[-1] = 1.0
    _, tangent, side = _step(game[draw], point, border)
    length = np.full(draw.size, 0.3)
    for _ in range(_MOST_STEPS):
        some = game[draw]
        to_go = (target[draw] - point[-1]) / np.where(tangent[-1] > 0, tangent[-1], 1.0)
        landing = (tangent[-1] > 0) & (to_go <= length)
        taken = np.where(landing, to_go, length)
        reached = point + taken * tangent
        border = tangent.copy()
        border[:, landing] = np.eye(size + 1)[:, -1:]
        reached[-1, landing] = target[draw[landing]]
        with np.errstate(all="ignore"):
            moves = []
            for _ in range(3):
                correction, ahead, now = _step(some, reached, border)
                reached += correction
                moves.append(np.abs(correction).max(axis=0))
            good = (moves[0] <= 3 * _REACH) & (moves[2] <= 1e-6 + 0.1 * moves[0]) & (reached[-1] >= 0)
            good &= (ahead * tangent).sum(axis=0) >= 0.9
            # On one smooth curve the mean of both ends' tangents leads closer than the prediction does.
            stray = np.abs(reached - point - 0.5 * taken * (tangent + ahead)).max(axis=0)
            good &= stray <= _STRAY * moves[0] + 0.01
            turned = now * side < 0
            crossed = turned & (taken <= _SHORT) & (moves[0] <= _STRAIGHT * taken)
            good &= ~turned | crossed
            good &= landing | (reached[-1] < target[draw])
            factor = np.sqrt(_REACH / np.maximum(moves[0], 1e-9))
        point = np.where(good, reached, point)
        tangent = np.where(good, ahead, tangent)
        side = np.where(good, now, side)
        length = taken * np.where(good, np.clip(factor, 0.3, 2.0), 0.4)
        done = good & landing
        if done.any():
            result[:, draw[done]] = _polished(some[np.flatnonzero(done)], point[:, done])
        staying = np.flatnonzero(~done & (length > 1e-12))
        draw, point, tangent = draw[staying], point[:, staying], tangent[:, staying]
        length, side = length[staying], side[staying]
        if not draw.size:
            break
    return result


def _polished(game: ExtensiveForm, point: Floats) -> Floats:
    """Return the logits of the points, corrected at their precision until nothing moves any more."""
    border = np.zeros_like(point)
    border[-1] = 1.0
    with np.errstate(all="ignore"):
        for _ in range(3):
            point = point + _step(game, point, border)[0]
    return point[:-1]
