"""Boundaries: the exact curves in a plane of two parameters at which the pure equilibria change."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats, Ints
from bargain.sensitivity.differences import Differences

__all__ = ["Boundaries", "boundaries"]

_SAME = 1e-9  # of the largest coefficient: curves that differ by less are one
_SHORT = 1e-12  # of the map's sides: a shorter piece is rounding
_ASIDE = 1e-7  # of the map's sides: how far from a curve one looks what is on either side of it
_VERTICES = 64  # along a curve

Codes = npt.NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Boundaries:
    """Pieces of curves ``a + b x + c y + d x y = 0``, each between two different predictions.

    Attributes
    ----------
    x, y : float[piece, vertex]
        Points on each piece, in order: exact, however few.
    coefficients : float[piece, 4]
        a, b, c and d, the largest being one in size where the sides of the map are.
    players : int[piece]
        Whose payoff difference vanishes there.
    sides : int[piece, 2]
        What is predicted where ``a + b x + c y + d x y`` is negative, and where it is positive.
    """

    x: Floats
    y: Floats
    coefficients: Floats
    players: Ints
    sides: Codes


def boundaries(
    differences: Differences,
    plane: Floats,
    box: tuple[tuple[float, float], tuple[float, float]],
    ask: Callable[[Floats, Floats], Codes],
) -> Boundaries:
    """Find the pieces of the curves on which payoff differences vanish that separate predictions.

    Along two parameters every payoff difference is ``a + b x + c y + d x y``, so it vanishes on a line or a
    hyperbola, on which x is a ratio of affine functions of y. Two such curves meet where a quadratic
    vanishes. Between two meetings nothing can change along a curve, so that it is enough to look at both of
    its sides in one point.

    Parameters
    ----------
    differences : Differences
        Those that the prediction depends on, by sign alone.
    plane : float[K, 2, 2]
        Their coefficients, as `Differences.inserted` returns them for x and y.
    box : ((low, high), (low, high))
        Ends of the map along x and y.
    ask : callable
        ``ask(x, y)`` returns what is predicted at points, int[N].

    Returns
    -------
    Boundaries
    """
    (left, right), (bottom, top) = box
    corner, size = np.array([left, bottom]), np.array([right - left, top - bottom])
    curves, players = _curves(_in_unit_square(plane, corner, size), differences.players)
    arcs = [arc for number in range(len(curves)) for arc in _arcs(curves, number)]
    middles = np.array([arc.point((arc.start + arc.end) / 2) for arc in arcs]).reshape(-1, 2)
    _, b, c, d = curves[[arc.curve for arc in arcs]].reshape(-1, 4).T
    normal = np.stack([b + d * middles[:, 1], c + d * middles[:, 0]], axis=1)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), np.finfo(float).tiny)
    told = [ask(*(corner + (middles + way * _ASIDE * normal) * size).T).tolist() for way in (-1, 1)]
    pieces: list[tuple[_Arc, tuple[int, int]]] = []
    for arc, *sides in zip(arcs, *told, strict=True):
        if sides[0] == sides[1]:
            continue
        if pieces and pieces[-1][1] == tuple(sides) and pieces[-1][0].leads_to(arc):
            arc = replace(pieces.pop()[0], end=arc.end)  # noqa: PLW2901 - the same piece, farther on
        pieces.append((arc, (sides[0], sides[1])))
    points = np.array([arc.drawn() for arc, _ in pieces]).reshape(-1, _VERTICES, 2)
    points = corner + points * size
    numbers = np.array([arc.curve for arc, _ in pieces], dtype=np.int64)
    return Boundaries(
        x=points[..., 0],
        y=points[..., 1],
        coefficients=_in_units(curves[numbers], corner, size),
        players=players[numbers],
        sides=np.array([sides for _, sides in pieces], dtype=np.int32).reshape(-1, 2),
    )


def _in_unit_square(plane: Floats, corner: Floats, size: Floats) -> Floats:
    """Return a, b, c, d for moves from the corner in units of the sides, float[K, 4]."""
    (left, bottom), (width, height) = corner, size
    a, b, c, d = plane[:, 0, 0], plane[:, 1, 0], plane[:, 0, 1], plane[:, 1, 1]
    return np.stack(
        [
            a + b * left + c * bottom + d * left * bottom,
            (b + d * bottom) * width,
            (c + d * left) * height,
            d * width * height,
        ],
        axis=1,
    )


def _in_units(curves: Floats, corner: Floats, size: Floats) -> Floats:
    """Return a, b, c, d for the parameters themselves: the inverse of the above."""
    a, b, c, d = curves.T
    plane = np.moveaxis(np.array([[a, c], [b, d]]), -1, 0)
    return _in_unit_square(plane, -corner / size, 1 / size)


def _curves(rows: Floats, players: Ints) -> tuple[Floats, Ints]:
    """Return the distinct curves, each with the first of the players whose differences vanish on it."""
    curves: list[Floats] = []
    owners: list[int] = []
    for row, player in zip(rows, players.tolist(), strict=True):
        largest = np.abs(row).max()
        if not largest or np.abs(row[1:]).max() <= _SAME * largest:
            continue  # the same sign everywhere
        for curve in _factors(row / largest):
            scaled = curve / curve[np.abs(curve).argmax()]
            if not any(np.abs(scaled - known).max() <= _SAME for known in curves):
                curves.append(scaled)
                owners.append(player)
    return np.array(curves).reshape(-1, 4), np.array(owners, dtype=np.int64)


def _factors(row: Floats) -> list[Floats]:
    """Take a product of two lines apart: (b + d y) (c + d x) / d, where a d = b c."""
    a, b, c, d = row.tolist()
    if not d or abs(a * d - b * c) > _SAME**2 + _SAME * abs(b * c):
        return [row]
    return [np.array([c, d, 0.0, 0.0]), np.array([b, 0.0, d, 0.0])]


@dataclass(frozen=True)
class _Arc:
    """A part of a curve in the unit square.

    ``start`` and ``end`` are values of the coordinate that runs: of y, unless that is constant.
    """

    curve: int
    coefficients: tuple[float, float, float, float]
    start: float
    end: float

    @property
    def flat(self) -> bool:
        _, b, _, d = self.coefficients
        return not b and not d

    def point(self, at: float | Floats) -> Floats:
        """Return the point (x, y) where the coordinate that runs is so much."""
        a, b, c, d = self.coefficients
        if self.flat:
            return np.stack([at, np.broadcast_to(-a / c, np.shape(at))], axis=-1)
        return np.stack([-(a + c * at) / (b + d * at), at], axis=-1)

    def leads_to(self, other: _Arc) -> bool:
        return self.curve == other.curve and other.start - self.end <= _SHORT

    def drawn(self) -> Floats:
        """Return points, half of them evenly spread in each coordinate, float[vertex, 2]."""
        a, b, c, d = self.coefficients
        even = np.linspace(self.start, self.end, _VERTICES)
        first, last = self.point(even[[0, -1]])[:, 0]
        if self.flat or not d:  # straight
            return self.point(even)
        x = np.linspace(first, last, _VERTICES // 2 + 2)[1:-1]
        y = np.clip(-(a + b * x) / (c + d * x), self.start, self.end)
        return self.point(np.sort(np.concatenate([np.linspace(self.start, self.end, _VERTICES // 2), y])))


def _arcs(curves: Floats, number: int) -> list[_Arc]:
    """Cut a curve where it meets another one or the edge of the unit square; leave out what is outside."""
    flat = not curves[number, [1, 3]].any()  # y is constant: let x run instead
    rows = curves[:, [0, 2, 1, 3]] if flat else curves
    a, b, c, d = rows[number].tolist()
    e, f, g, h = np.vstack([np.delete(rows, number, axis=0), [[0, 1, 0, 0], [-1, 1, 0, 0]]]).T
    # Insert x = -(a + c y) / (b + d y) into e + f x + g y + h x y.
    quadratics = np.stack([g * d - h * c, e * d + g * b - f * c - h * a, e * b - f * a], axis=1)
    cuts = [0.0, 1.0, *(root for quadratic in quadratics for root in _roots(*quadratic.tolist()))]
    if d:
        cuts.append(-b / d)
    inside = np.unique([cut for cut in cuts if 0 <= cut <= 1]).tolist()
    coefficients = (a, c, b, d) if flat else (a, b, c, d)
    arcs = [
        _Arc(number, coefficients, start, end)
        for start, end in itertools.pairwise(inside)
        if end - start > _SHORT
    ]
    return [arc for arc in arcs if all(0 <= side <= 1 for side in arc.point((arc.start + arc.end) / 2))]


def _roots(square: float, linear: float, constant: float) -> list[float]:
    """Return the real roots of a quadratic, without cancellation."""
    size = max(abs(square), abs(linear), abs(constant))
    if abs(square) <= 1e-15 * size:
        return [-constant / linear] if linear else []
    inside = linear * linear - 4 * square * constant
    if inside < 0:
        return []
    far = -(linear + math.copysign(math.sqrt(inside), linear)) / 2
    return [far / square, constant / far] if far else [0.0]
