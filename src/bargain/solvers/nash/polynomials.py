"""Polynomials in one mixing probability, a batch at a time, and their roots between zero and one.

A polynomial of degree ``n`` in the mix ``(w0, w1)`` of two actions, ``w0 + w1 = 1``, is written
homogeneously,

    q(w0, w1) = sum_k  q[k] w0^(n-k) w1^k,

as an array ``float[n + 1, N]`` of its coefficients. Both actions are then treated alike: a payoff gain that
is linear in the mix *is* its pair of values at the two actions, and no root escapes to infinity.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np

from bargain.axes import Floats, Ints

__all__ = ["determinant", "minors", "product", "roots"]

_EDGE = 1e-9  # how far outside [0, 1] a root is still handed on; what becomes of it is decided by regret
_DOUBLE = 1e-14  # a discriminant this little below zero, relative to its terms, is a double root
_DEPTH = 40  # halvings after which several roots in one interval count as one multiple root


def product(left: Floats, right: Floats) -> Floats:
    """Multiply two batches of polynomials.

    Parameters
    ----------
    left : float[m + 1, N]
    right : float[n + 1, N]

    Returns
    -------
    float[m + n + 1, N]

    Examples
    --------
    >>> import numpy as np
    >>> product(np.array([[1.0], [2.0]]), np.array([[3.0], [5.0]])).ravel()
    array([ 3., 11., 10.])
    """
    if left.shape[0] < right.shape[0]:
        left, right = right, left
    result = np.zeros((left.shape[0] + right.shape[0] - 1, left.shape[1]))
    for power, coefficient in enumerate(right):
        result[power : power + left.shape[0]] += left * coefficient
    return result


def determinant(rows: Sequence[Sequence[Floats]]) -> Floats:
    """Expand the determinant of a square matrix of polynomials.

    Parameters
    ----------
    rows : sequence of sequence of float[m + 1, N]
        At least one row; all entries of one degree ``m``.

    Returns
    -------
    float[m * rows + 1, N]
    """
    if len(rows) == 1:
        return rows[0][0]
    first, *rest = rows
    terms = [product(entry, minor) for entry, minor in zip(first, minors(rest), strict=True)]
    return np.sum(terms, axis=0)  # type: ignore[no-any-return]


def minors(rows: Sequence[Sequence[Floats]]) -> list[Floats]:
    """Return the vector that is orthogonal to every row of a matrix with one column more than rows.

    Its entries are the signed maximal minors: ``(r1, -r0)`` for one row, the cross product for two.

    Parameters
    ----------
    rows : sequence of sequence of float[m + 1, N]
        At least one row.

    Returns
    -------
    list of float[m * rows + 1, N]
    """
    columns = range(len(rows[0]))
    return [
        (-1.0) ** column * determinant([[row[other] for other in columns if other != column] for row in rows])
        for column in columns
    ]


def roots(coefficients: Floats) -> tuple[Ints, Floats]:
    """Find every root of every polynomial between zero and one, both included.

    Degree one and two by formula, without cancellation; above by bisection in the Bernstein basis, where an
    interval without a change of sign among its coefficients has no root and one with a single change
    exactly one [Farouki2012]_. A polynomial that vanishes identically is given no root.

    Parameters
    ----------
    coefficients : float[n + 1, N]

    Returns
    -------
    which : int[E]
        The polynomial to which each root belongs, in no order.
    mix : float[2, E]
        ``(w0, w1)``, adding to one. Roots up to 1e-9 outside the interval are included, and a multiple root
        may be given more than once.

    Examples
    --------
    >>> import numpy as np
    >>> quadratic = np.array([[0.125], [-0.5], [0.375]])  # (w0/2 - 3 w1/2) (w0/4 - w1/4)
    >>> which, mix = roots(quadratic)
    >>> mix[1]
    array([0.5 , 0.25])
    """
    degree = coefficients.shape[0] - 1
    if degree == 0:
        return np.zeros(0, dtype=np.int64), np.zeros((2, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        if degree == 1:
            return _between([(coefficients[1], -coefficients[0])])
        if degree == 2:
            return _between(_quadratic(coefficients))
    return _bisected(coefficients)


def _quadratic(coefficients: Floats) -> list[tuple[Floats, Floats]]:
    """Return the two roots of ``a w0^2 + b w0 w1 + c w1^2`` as ratios ``w0 : w1``.

    With ``r = -(b + sign(b) sqrt(b^2 - 4ac)) / 2`` they are ``c : r`` and ``r : a``; nothing cancels in
    ``r``.
    """
    a, b, c = coefficients
    square = b * b
    fourfold = 4.0 * a * c
    discriminant = square - fourfold
    doubtful = discriminant + _DOUBLE * (square + np.abs(fourfold))
    discriminant = np.maximum(discriminant, np.minimum(doubtful, 0.0))  # the barely negative become zero
    r = -0.5 * (b + np.copysign(np.sqrt(discriminant), b))  # NaN where there is no real root
    return [(c, r), (r, a)]


def _between(ratios: list[tuple[Floats, Floats]]) -> tuple[Ints, Floats]:
    """Normalise ratios ``w0 : w1`` and keep those between zero and one."""
    found, mixes = [], []
    for zeroth, first in ratios:
        mix = first / (zeroth + first)
        inside = np.flatnonzero(np.abs(mix - 0.5) <= 0.5 + _EDGE)
        found.append(inside)
        mixes.append(mix[inside])
    mix = np.concatenate(mixes)
    return np.concatenate(found), np.stack([1.0 - mix, mix])


def _bisected(coefficients: Floats) -> tuple[Ints, Floats]:
    """Isolate the roots of polynomials of degree three and more, then bisect."""
    degree = coefficients.shape[0] - 1
    scale = np.abs(coefficients).max(axis=0)
    which = np.flatnonzero(scale > 0)
    bernstein = coefficients[:, which] / scale[which]
    bernstein /= np.array([comb(degree, power) for power in range(degree + 1)], dtype=np.float64)[:, None]
    low = np.zeros(which.size)
    width = 1.0
    found: list[tuple[Ints, Floats]] = []
    for depth in range(_DEPTH + 1):
        changes = _sign_changes(bernstein)
        for end, place in ((bernstein[0], low), (bernstein[-1], low + width)):
            touching = np.abs(end) <= _DOUBLE
            found.append((which[touching], place[touching]))
        single = changes == 1
        found.append((which[single], low[single] + width * _one_root(bernstein[:, single])))
        several = changes > 1
        which, low, bernstein = which[several], low[several], bernstein[:, several]
        if depth == _DEPTH or not which.size:
            found.append((which, low))
            break
        left, right = _halves(bernstein)
        width /= 2
        which, low = np.tile(which, 2), np.concatenate([low, low + width])
        bernstein = np.concatenate([left, right], axis=1)
    mix = np.concatenate([place for _, place in found])
    return np.concatenate([draw for draw, _ in found]), np.stack([1.0 - mix, mix])


def _sign_changes(bernstein: Floats) -> Ints:
    """Count changes of sign along the coefficients, zeros left out."""
    signs = np.sign(bernstein)
    for power in range(1, signs.shape[0]):
        signs[power] += (signs[power] == 0) * signs[power - 1]
    return (signs[1:] * signs[:-1] < 0).sum(axis=0)  # type: ignore[no-any-return]


def _halves(bernstein: Floats) -> tuple[Floats, Floats]:
    """Return the Bernstein coefficients on the two halves of the interval, by de Casteljau's scheme."""
    level, left, right = bernstein, [bernstein[0]], [bernstein[-1]]
    while level.shape[0] > 1:
        level = 0.5 * (level[:-1] + level[1:])
        left.append(level[0])
        right.append(level[-1])
    return np.stack(left), np.stack(right[::-1])


def _one_root(bernstein: Floats) -> Floats:
    """Bisect polynomials with exactly one root in the interval down to the last bit that matters."""
    place = np.zeros(bernstein.shape[1])
    first = np.sign(bernstein)
    start = first[0] + (first[0] == 0) * -np.sign(bernstein[-1])
    for halving in range(1, 54):
        trial = place + 0.5**halving
        place = np.where(_values(bernstein, trial) * start > 0, trial, place)
    return place


def _values(bernstein: Floats, place: Floats) -> Floats:
    level = bernstein
    while level.shape[0] > 1:
        level = level[:-1] + place * (level[1:] - level[:-1])
    values: Floats = level[0]
    return values
