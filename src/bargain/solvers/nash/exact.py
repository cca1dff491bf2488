"""Extreme equilibria of one two-player game in exact arithmetic, for what floating point cannot decide."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats, Ints
from bargain.solvers.nash.equilibria import Equilibria
from bargain.solvers.solution import Status

__all__ = ["exact_equilibria", "integers", "probabilities"]

_RAYS = 20_000  # of one polytope under construction; more take minutes
_PAIRS = 1 << 22  # compared at once
_DENOMINATOR = 10**6
_ROUNDING = 4  # units in the last place that separate a payoff from the fraction it stands for

Integers = npt.NDArray[np.object_]  # of Python's integers, which do not overflow
Labels = npt.NDArray[np.float32]  # zero or one: counts of common labels are then matrix products


def exact_equilibria(payoffs: Floats) -> Equilibria:
    """Return every extreme equilibrium of one two-player game, whatever its conditioning.

    Both best-reply polytopes are built in integers by the double description method [FukudaProdon1996]_, one
    inequality after the other, each vertex with the list of inequalities that it makes tight. Pairs of
    vertices that have every label between them are the extreme equilibria [AvisEtAl2010]_. No tolerance
    decides anything. A payoff within rounding of a fraction with a denominator of at most a million is taken
    for that fraction, so that 0.1 + 0.2 and 0.3 are the same.

    Parameters
    ----------
    payoffs : float[2, A, B]

    Returns
    -------
    Equilibria
        Of a single draw. SOLVED: these are all, and each player plays all its best replies; DEGENERATE: these
        are the extreme ones; FAILED, without any: a polytope has too many vertices.

    Examples
    --------
    Both columns are best replies to the first row, and the equilibria with it form a segment.

    >>> import numpy as np
    >>> found = exact_equilibria(np.array([[[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]]]))
    >>> print(found.strategies[1].round(3))
    [[1.    0.667 0.333]
     [0.    0.333 0.667]]
    """
    rows, columns = payoffs.shape[1:]
    polytopes = []
    # The first lists what the row player may do and which columns answer it, the second the reverse.
    for table, order in (
        (payoffs[1].T, slice(None)),
        (payoffs[0], np.r_[columns : columns + rows, :columns]),
    ):
        built = _vertices(integers(table))
        if built is None:
            nothing = np.zeros((rows, 0)), np.zeros((columns, 0))
            return Equilibria(np.zeros(0, dtype=np.int64), nothing, np.array([Status.FAILED], dtype=np.int8))
        vertices, tight = built
        polytopes.append((vertices, tight[:, order]))
    (first, labels), (second, others) = polytopes
    one, another = _completely_labelled(labels, others)
    strategies = probabilities(first[one]), probabilities(second[another])
    # A label twice: a best reply that is not played.
    code = Status.DEGENERATE if (labels[one] * others[another]).any() else Status.SOLVED
    return Equilibria(np.zeros(one.size, dtype=np.int64), strategies, np.array([code], dtype=np.int8))


def _completely_labelled(labels: Labels, others: Labels) -> tuple[Ints, Ints]:
    """Return the pairs of vertices that have every label between them."""
    found = [(np.zeros(0, dtype=np.int64),) * 2]
    step = max(1, _PAIRS // max(1, len(others)))
    for start in range(0, len(labels), step):
        one, another = np.nonzero((1 - labels[start : start + step]) @ (1 - others).T == 0)
        found.append((start + one, another))
    first, second = (np.concatenate(side) for side in zip(*found, strict=True))
    return first, second


def integers(table: Floats) -> Integers:
    """Return a player's payoffs as positive integers, which changes no reply.

    Parameters
    ----------
    table : float[reply, action]

    Returns
    -------
    int[reply, action]
        Of Python's integers.

    Examples
    --------
    >>> integers(np.array([[0.1 + 0.2, 0.5], [0.3, 1.0]])).tolist()
    [[1, 1], [1, 2]]
    """
    exact = [[_fraction(value) for value in row] for row in (table - 0.0).tolist()]
    lowest = [min(column) for column in zip(*exact, strict=True)]
    gains = [[value - low for value, low in zip(row, lowest, strict=True)] for row in exact]
    unit = np.lcm.reduce([gain.denominator for row in gains for gain in row] or [1], dtype=object)
    return np.array([[1 + int(gain * unit) for gain in row] for row in gains], dtype=object)


def _fraction(value: float) -> Fraction:
    exact = Fraction(value)
    simple = exact.limit_denominator(_DENOMINATOR)
    return simple if abs(simple - exact) <= _ROUNDING * Fraction(float(np.spacing(abs(value)))) else exact


def _vertices(payoffs: Integers) -> tuple[Integers, Labels] | None:
    """List what the other may play where best replies change, or None if there is too much of it.

    Extreme rays of the cone of all ``(x, v)`` with ``x >= 0`` and ``v`` at least what replies get by ``x``.

    Parameters
    ----------
    payoffs : int[R, A]
        Positive, of each reply to each action of the other.

    Returns
    -------
    vertices : int[K, A]
        Proportional to probabilities.
    labels : float32[K, A + R]
        One where an action is not played or a reply is best, else zero.
    """
    replies, actions = payoffs.shape
    # To begin with, the first reply is the only one: no action at all, and each action alone.
    rays = np.zeros((actions + 1, actions + 1), dtype=object)
    rays[:actions, :actions] = np.eye(actions, dtype=np.int64).astype(object)
    rays[:actions, actions] = payoffs[0]
    rays[actions, actions] = 1
    tight = np.zeros((actions + 1, actions + replies), dtype=np.float32)
    tight[:, :actions] = 1 - np.eye(actions + 1, actions)
    tight[:actions, actions] = 1
    for reply in range(1, replies):
        slack = rays[:, actions] - rays[:, :actions] @ payoffs[reply]
        signs = np.array([(value > 0) - (value < 0) for value in slack])
        tight[:, actions + reply] = signs == 0
        pairs = _adjacent(tight, np.flatnonzero(signs > 0), np.flatnonzero(signs < 0), actions - 1)
        if pairs is None:
            return None
        above, below = pairs
        between = slack[above, None] * rays[below] - slack[below, None] * rays[above]
        divisor = np.gcd.reduce(between, axis=1)
        common = tight[above] * tight[below]
        common[:, actions + reply] = 1
        kept = signs >= 0
        rays = np.concatenate([rays[kept], between // divisor[:, None]])
        tight = np.concatenate([tight[kept], common])
        if len(rays) > _RAYS:
            return None
    played = np.array([ray[:actions].any() for ray in rays])
    return rays[played, :actions], tight[played]


def _adjacent(tight: Labels, above: Ints, below: Ints, least: int) -> tuple[Ints, Ints] | None:
    """Return the pairs of rays, one of each side, that span a face, or None if there are too many.

    Both are tight where ``least`` independent inequalities are. Those of a ray that has just one more are
    independent; otherwise no third ray may be tight wherever both are.
    """
    simple = tight.sum(axis=1) == least + 1
    found = [(np.zeros(0, dtype=np.int64),) * 2]
    step = max(1, _PAIRS // max(1, len(below)))
    for start in range(0, len(above), step):
        first, second = np.nonzero(tight[above[start : start + step]] @ tight[below].T >= least)
        first, second = above[start : start + step][first], below[second]
        alone = simple[first] | simple[second]
        for some in np.array_split(
            np.flatnonzero(~alone), 1 + np.count_nonzero(~alone) * len(tight) // _PAIRS
        ):
            both = tight[first[some]] * tight[second[some]]
            alone[some] = (both @ tight.T == both.sum(axis=1, keepdims=True)).sum(axis=1) == 2
        found.append((first[alone], second[alone]))
        if sum(len(one) for one, _ in found) > _RAYS:
            return None
    above, below = (np.concatenate(side) for side in zip(*found, strict=True))
    return above, below


def probabilities(vertices: Integers) -> Floats:
    """Round exact strategies to floating point.

    Parameters
    ----------
    vertices : int[K, action]
        Proportional to probabilities.

    Returns
    -------
    float[action, K]

    Examples
    --------
    >>> probabilities(np.array([[1, 3]], dtype=object)).tolist()
    [[0.25], [0.75]]
    """
    result = np.empty(vertices.shape)
    for row, vertex in zip(result, vertices, strict=True):
        total = sum(vertex)
        row[:] = [float(Fraction(int(weight), int(total))) for weight in vertex]
    rounded: Floats = result.T / result.sum(axis=1)
    return rounded
