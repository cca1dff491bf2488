"""Every solution of the indifference conditions on a support, by halving boxes that hold one or none.

Let a player break its stick: of ``s`` actions, the first is played with probability ``v_1``, the second
with ``(1 - v_1) v_2``, and so on. Expected payoffs are affine in each ``v``, all of which lie in the unit
cube. On a box such a function lies between its smallest and largest value at the corners, and so do its
derivatives. Hence, on every box, two tests that need no sampling:

- a condition, or a linear combination of conditions, that has one sign at all corners has no root in the box;
- with ``u`` in ``[-1, 1]^n`` on the box and ``G = J^-1 F``, ``J`` the derivative at the centre: if
  ``sum_j max |dG_i/du_j - (i = j)| <= 1/2`` for all ``i`` on the box twice as large, then ``u - G(u)``
  contracts, and its iteration from the centre converges to the only root, if the box has one
  [MooreKearfottCloud2009]_.

Boxes that pass neither are halved. What is found is complete, up to rounding, unless the search gives up.
"""

from __future__ import annotations

import numpy as np

from bargain.axes import Bools, Floats, Ints
from bargain.solvers.nash.indifference import Support

__all__ = ["solutions"]

_BOXES = 4096  # of one draw at one time; more are a continuum, or too hard
_HALVINGS = 16  # in each direction
_MEMORY = 2**23  # numbers in the corner values of the boxes that are treated together
_CONTRACTION = 0.5
_ITERATIONS = 40  # at a rate of one half, to 1e-12
_STILL = 1e-14  # a step this short, in a box that reaches from -1 to 1, is the last
_EDGE = 1e-6  # a root this far outside a box may be on its edge but for rounding


def solutions(unit: Floats, draws: Ints, support: Support) -> tuple[Ints, list[Floats], Bools]:
    """Find every profile on the support at which all players are indifferent.

    Parameters
    ----------
    unit : float[P, A..., N]
        Payoffs, each player's scaled to a range of one.
    draws : int[K]
        The draws to search.
    support : tuple of tuple of int

    Returns
    -------
    draw : int[E]
    weights : list of float[s, E]
        Of the actions of the support, one array per player. A solution may be given twice.
    given_up : bool[N]
        Draws in which the search was cut short.
    """
    sizes = [len(actions) for actions in support]
    variables = sum(sizes) - len(sizes)
    given_up = np.zeros(unit.shape[-1], dtype=np.bool_)
    found_draws, found_points = [np.zeros(0, dtype=np.int64)], [np.zeros((variables, 0))]
    block = max(1, _MEMORY // (variables * 2**variables * 8))
    for start in range(0, draws.size, block):
        some = draws[start : start + block]
        for draw, point in _halved(_corner_values(unit, some, support), some, given_up):
            found_draws.append(draw)
            found_points.append(point)
    points = np.concatenate(found_points, axis=1)
    return np.concatenate(found_draws), _weights(points, sizes), given_up


def _corner_values(unit: Floats, draws: Ints, support: Support) -> Floats:
    """Return the conditions at the corners of the unit cube, float[n, 2, ..., 2, K]."""
    conditions = []
    for player in range(len(support)):
        own = unit[player]
        for axis, theirs in enumerate(support):
            own = np.take(own, theirs, axis=axis)
        own = np.take(own, draws, axis=-1)
        gains = np.delete(own, 0, axis=player) - np.take(own, [0], axis=player)
        for gain in np.moveaxis(gains, player, 0):
            corners = np.expand_dims(gain, player)
            for axis, theirs in enumerate(support):
                action = _action_of_corner(len(theirs))
                corners = np.take(corners, np.zeros_like(action) if axis == player else action, axis=axis)
            conditions.append(corners.reshape(-1, draws.size))
    variables = sum(len(actions) - 1 for actions in support)
    return np.stack(conditions).reshape(variables, *(2,) * variables, draws.size)


def _action_of_corner(size: int) -> Ints:
    """Say which action each corner of the cube of ``size - 1`` stick variables plays for certain."""
    corners = np.indices((2,) * (size - 1)).reshape(size - 1, 2 ** (size - 1))
    action: Ints = np.concatenate([corners, np.ones((1, corners.shape[1]), dtype=np.int64)]).argmax(axis=0)
    return action


def _halved(values: Floats, draw: Ints, given_up: Bools) -> list[tuple[Ints, Floats]]:
    """Search the unit cubes of some draws, all boxes that were halved equally often at a time."""
    variables = values.shape[0]
    centre, radius = np.full((variables, draw.size), 0.5), np.full((variables, draw.size), 0.5)
    found: list[tuple[Ints, Floats]] = []
    for halving in range(_HALVINGS * variables + 1):
        flat = values.reshape(variables, 2**variables, draw.size)
        open_ = ((flat.min(axis=1) <= 0) & (flat.max(axis=1) >= 0)).all(axis=0)
        values, draw, centre, radius = _kept(open_, values, draw, centre, radius)
        if not draw.size:
            break
        settled, place = _settled(values)
        inside = settled & (np.abs(place) <= 1 + _EDGE).all(axis=0)
        found.append((draw[inside], centre[:, inside] + radius[:, inside] * place[:, inside]))
        given_up |= np.bincount(draw[~settled], minlength=given_up.size) > _BOXES
        open_ = ~settled & ~given_up[draw]
        values, draw, centre, radius = _kept(open_, values, draw, centre, radius)
        if not draw.size:
            break
        if halving == _HALVINGS * variables or values.size > 16 * _MEMORY:
            given_up[draw] = True
            found.append((draw, centre))
            break
        values, draw, centre, radius = _both_halves(values, draw, centre, radius)
    return found


def _kept(
    kept: Bools, values: Floats, draw: Ints, centre: Floats, radius: Floats
) -> tuple[Floats, Ints, Floats, Floats]:
    """Leave out the other boxes."""
    if kept.all():
        return values, draw, centre, radius
    place = np.flatnonzero(kept)
    return np.take(values, place, axis=-1), draw[place], centre[:, place], radius[:, place]


def _both_halves(
    values: Floats, draw: Ints, centre: Floats, radius: Floats
) -> tuple[Floats, Ints, Floats, Floats]:
    """Halve every box in the direction in which its conditions change most."""
    variables = values.shape[0]
    everything = tuple(range(variables + 1))
    change = [np.abs(np.diff(values, axis=axis + 1)).max(axis=everything) for axis in range(variables)]
    direction = np.argmax(change, axis=0)
    parts = []
    for axis in np.unique(direction):
        place = np.flatnonzero(direction == axis)
        own = np.take(values, place, axis=-1)
        low, high = np.take(own, 0, axis=axis + 1), np.take(own, 1, axis=axis + 1)
        middle = 0.5 * (low + high)
        smaller = radius[:, place].copy()
        smaller[axis] /= 2
        for side, ends in ((-1, (low, middle)), (1, (middle, high))):
            moved = centre[:, place].copy()
            moved[axis] += side * smaller[axis]
            parts.append((np.stack(ends, axis=axis + 1), draw[place], moved, smaller))
    new_values, new_draw, new_centre, new_radius = zip(*parts, strict=True)
    return (
        np.concatenate(new_values, axis=-1),
        np.concatenate(new_draw),
        np.concatenate(new_centre, axis=1),
        np.concatenate(new_radius, axis=1),
    )


def _settled(values: Floats) -> tuple[Bools, Floats]:
    """Say which boxes hold at most one root for certain, and where: NaN where they hold none.

    Returns
    -------
    settled : bool[K]
    place : float[n, K]
        In the box's own coordinates, [-1, 1] in each direction; outside that, the root is another box's.
    """
    variables, boxes = values.shape[0], values.shape[-1]
    corners = tuple(range(1, variables))
    slopes = [
        np.diff(values, axis=axis + 1).mean(axis=tuple(range(1, variables + 1))) / 2
        for axis in range(variables)
    ]
    matrices = np.moveaxis(np.stack(slopes, axis=1), -1, 0)
    lengths = np.sqrt((matrices**2).sum(axis=2)).prod(axis=1)
    regular = np.abs(np.linalg.det(matrices)) > 1e-9 * lengths
    inverse = np.linalg.inv(np.where(regular[:, None, None], matrices, np.eye(variables)))
    combined = np.einsum(
        "kij,jck->ick", inverse, values.reshape(variables, 2**variables, boxes), optimize=True
    )
    without = regular & ((combined.min(axis=1) > 0) | (combined.max(axis=1) < 0)).any(axis=0)
    combined = combined.reshape(values.shape)
    spread = np.zeros((variables, boxes))
    wide = _doubled(combined)
    for axis in range(variables):
        slope = np.diff(wide, axis=axis + 1).squeeze(axis + 1) / 4
        slope[axis] -= 1.0
        spread += np.abs(slope).max(axis=corners) if variables > 1 else np.abs(slope)
    contracting = regular & (spread <= _CONTRACTION).all(axis=0) & ~without
    place = np.full((variables, boxes), np.nan)
    place[:, contracting] = _iterated(combined[..., contracting])
    return without | contracting, place


def _doubled(values: Floats) -> Floats:
    """Extrapolate the corner values to boxes twice as large."""
    for axis in range(1, values.shape[0] + 1):
        low, high = np.take(values, 0, axis=axis), np.take(values, 1, axis=axis)
        values = np.stack([1.5 * low - 0.5 * high, 1.5 * high - 0.5 * low], axis=axis)
    return values


def _iterated(values: Floats) -> Floats:
    """Iterate ``u - G(u)`` from the centre; NaN where that leaves the doubled box."""
    place = np.zeros((values.shape[0], values.shape[-1]))
    moving = np.arange(values.shape[-1])
    for _ in range(_ITERATIONS):
        level = values
        for coordinate in place[:, moving]:
            level = level[:, 0] + 0.5 * (1 + coordinate) * (level[:, 1] - level[:, 0])
        place[:, moving] -= level
        outside = (np.abs(place[:, moving]) > 2).any(axis=0)
        place[:, moving[outside]] = np.nan
        left = np.flatnonzero(~outside & (np.abs(level) > _STILL).any(axis=0))
        if left.size < moving.size:
            moving, values = moving[left], np.take(values, left, axis=-1)
        if not moving.size:
            break
    return place


def _weights(points: Floats, sizes: list[int]) -> list[Floats]:
    """Turn stick variables into probabilities."""
    weights, start = [], 0
    for size in sizes:
        left = np.ones(points.shape[1])
        own = []
        for variable in points[start : start + size - 1]:
            own.append(left * variable)
            left = left * (1.0 - variable)
        weights.append(np.stack([*own, left]))
        start += size - 1
    return weights
