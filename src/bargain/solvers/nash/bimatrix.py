"""All equilibria of two-player games, batched over draws, from the signs of bordered determinants.

Whether a pair of supports carries an equilibrium is a comparison of signs, see `SupportPairs`. Draws in which
no determinant is near zero are done with these signs alone. In the others, those strategies of each player
that are vertices of the best-reply regions of the other are listed with their labels (actions not played,
best replies of the other); each pair that has every label is an extreme equilibrium [AvisEtAl2010]_,
[vonStengel2002]_. Draws in which rounding hides something are solved again in exact arithmetic.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from math import comb

import numpy as np

from bargain.axes import Bools, Floats, Ints
from bargain.errors import UnsupportedGameError
from bargain.games.profiles import regrets
from bargain.solvers.nash.equilibria import Equilibria
from bargain.solvers.nash.exact import exact_equilibria
from bargain.solvers.nash.support_pairs import SupportPairs
from bargain.solvers.solution import Status

__all__ = ["bimatrix_equilibria", "is_enumerable"]

_TIE = 1e-10  # of the largest gain between own actions: two replies closer than this are tied
_REGRET = 1e-9  # of the largest gain between own actions: to this, what is kept is an equilibrium
_NOISE = 1e-14  # of the terms that a determinant adds up: what is smaller is zero
_SINGULAR = 1e-10  # of the same: replies whose weights are all smaller do not pin down a strategy
_SMOOTH = 1e-13  # a strategy is solved for again where the replies that should be tied differ by more
_SMALLEST = 1e-300  # gain that others are measured by; below, their ratios lose digits
_CACHED = 1 << 19  # bytes of the largest working array of a block of draws
_MOST = 13_000  # pairs of supports of equal size; more take seconds a game
_LABELS = 62  # in one integer, with room for the number of a draw
_PAIRED = 1 << 20  # pairs of vertices compared at once

Sides = tuple[Floats, Floats]
"""What the row player and what the column player gets, each float[own action, action of the other, N]."""


def is_enumerable(rows: int, columns: int) -> bool:
    """Say whether a game is small enough for its pairs of supports to be enumerated: to 8x8, 40x3 or 60x2.

    Parameters
    ----------
    rows, columns : int
        Numbers of actions.

    Returns
    -------
    bool

    Examples
    --------
    >>> is_enumerable(4, 4), is_enumerable(20, 20)
    (True, False)
    """
    return rows + columns <= _LABELS and comb(rows + columns, rows) <= _MOST


def bimatrix_equilibria(payoffs: Floats) -> Equilibria:
    """Return all equilibria of two-player games.

    Parameters
    ----------
    payoffs : float[2, A, B, N]
        In any units: gains between a player's own actions are taken relative to the largest of them.

    Returns
    -------
    Equilibria
        Ascending by draw. SOLVED: these, an odd number, are all, and each player plays all its best replies.
        DEGENERATE: in some equilibrium a best reply, to 1e-10 of the largest gain, is not played; these are
        the extreme equilibria, isolated ones among them. Where rounding hid some they are taken from
        `exact_equilibria`.

    Raises
    ------
    UnsupportedGameError
        If the game is not `is_enumerable`.

    Examples
    --------
    >>> import numpy as np
    >>> battle = np.array([[[2.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 2.0]]])[..., None]
    >>> print(bimatrix_equilibria(battle).strategies[0].round(3))
    [[1.    0.    0.667]
     [0.    1.    0.333]]
    """
    rows, columns, draws = payoffs.shape[1:]
    if not is_enumerable(rows, columns):
        raise UnsupportedGameError(
            f"support enumeration: a game of at most 8x8, 40x3 or 60x2 was expected, given {rows}x{columns}"
        )
    pairs = SupportPairs.of(rows, columns, swapped=False), SupportPairs.of(rows, columns, swapped=True)
    block = max(16, min(8192, _CACHED // max(half.terms.size for half in pairs)))
    parts = []
    for start in range(0, max(draws, 1), block):
        stop = start + block
        parts.append(_block(pairs, (payoffs[0, ..., start:stop], payoffs[1, ..., start:stop].swapaxes(0, 1))))
    return Equilibria.joined(parts)


def _block(pairs: tuple[SupportPairs, SupportPairs], sides: Sides) -> Equilibria:
    """Solve a block of draws: by signs where those that matter are clear, with care elsewhere."""
    draws = sides[0].shape[-1]
    minors = _minors(pairs[0], sides[0]), _minors(pairs[1], sides[1])
    carried = _agree(pairs[0], minors[0])
    carried &= _agree(pairs[1], minors[1])
    doubtful = ~(_all_clear(pairs[0], minors[0]) & _all_clear(pairs[1], minors[1]) & _odd(carried))
    rest = np.flatnonzero(doubtful)
    if rest.size:
        safely, carried[:, rest] = _carried_clearly(pairs, minors, rest)
        rest = rest[~safely]
    draw, pair = np.divmod(np.flatnonzero(np.ascontiguousarray(carried.T)), carried.shape[0])
    mixed = [
        (size, np.flatnonzero(pairs[0].size.take(pair) == size))
        for size in range(2, int(pairs[0].size[-1]) + 1)
    ]
    # The strategy on the columns is what makes rows equally good, and the other way round.
    strategies = (
        _strategies(pairs[1], sides[1], minors[1], pair, draw, mixed),
        _strategies(pairs[0], sides[0], minors[0], pair, draw, mixed),
    )
    codes = np.full(draws, Status.SOLVED, dtype=np.int8)
    if not rest.size:
        return Equilibria(draw, strategies, codes)
    careful = _careful(pairs, (sides[0].take(rest, axis=-1), sides[1].take(rest, axis=-1)))
    codes[rest] = careful.codes
    draw = np.concatenate([draw, rest[careful.draw]])
    order = np.argsort(draw, kind="stable")
    return Equilibria(
        draw[order],
        tuple(
            np.concatenate(parts, axis=1)[:, order]
            for parts in zip(strategies, careful.strategies, strict=True)
        ),
        codes,
    )


def _minors(pairs: SupportPairs, side: Floats) -> Floats:
    """Return the determinants of each draw, of gains in units of the largest, float[D, N].

    They are NaN where the gains are too small or too large for that.
    """
    minors = np.empty((pairs.count, side.shape[-1]))
    gains = minors[: len(pairs.gains)]
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        pairs.first_order(side, minors)
        unit = np.abs(gains).max(axis=0, initial=0.0)
        unit[~((unit > _SMALLEST) & (unit < np.inf))] = np.nan
        gains *= 1.0 / unit
        pairs.expand(minors)
    return minors


def _limits(pairs: SupportPairs) -> Floats:
    """Return how large a determinant is that stands for more than a tie, float[D]."""
    # Twice the most that the weights of a pair can add up to, by Hadamard's bound.
    orders = np.repeat(np.arange(1, len(pairs.starts)), np.diff(pairs.starts))
    limits: Floats = _TIE * 2 * (orders + 1) * orders ** (orders / 2)
    return limits


def _all_clear(pairs: SupportPairs, minors: Floats) -> Bools:
    """Say in which draws no determinant is near zero, bool[N]."""
    result: Bools = np.abs(minors).min(axis=0, initial=np.inf) > _limits(pairs).max(initial=0.0)
    return result


def _odd(carried: Bools) -> Bools:
    """Say in which draws an odd number of pairs of supports carries an equilibrium, bool[N]."""
    result: Bools = np.bitwise_xor.reduce(carried.view(np.uint8), axis=0) == 1
    return result


def _agree(pairs: SupportPairs, minors: Floats) -> Bools:
    """Say which pairs of supports have all their terms of one sign, bool[K, N]."""
    signs = np.empty((2 * pairs.count + 1, minors.shape[1]), dtype=np.bool_)
    np.greater(minors, 0, out=signs[: pairs.count])
    np.logical_not(signs[: pairs.count], out=signs[pairs.count : -1])
    signs[-1] = True
    table = signs[np.where(pairs.terms == pairs.count, -1, pairs.terms + pairs.count * pairs.flips)]
    return np.logical_or(table.all(axis=0), ~table.any(axis=0))


def _carried_clearly(
    pairs: tuple[SupportPairs, SupportPairs], minors: tuple[Floats, Floats], draws: Ints
) -> tuple[Bools, Bools]:
    """Say in which draws what is near zero decides about no equilibrium, and what is carried there.

    An equilibrium in which a best reply is not played needs a pair of supports on which the terms of both
    players agree in sign as soon as those near zero may count as either. If every such pair carries an
    equilibrium with all its terms clear, these are all.
    """
    (loosely, clearly), (other_loosely, other_clearly) = (
        _margins(half, table.take(draws, axis=1)) for half, table in zip(pairs, minors, strict=True)
    )
    loosely &= other_loosely
    clearly &= other_clearly
    safely = (loosely == clearly).all(axis=0) & _odd(clearly)
    return safely, clearly & safely


def _margins(pairs: SupportPairs, minors: Floats) -> tuple[Bools, Bools]:
    """Say which pairs have all terms of one sign: those near zero as either, then as none, bool[K, N]."""
    limits = _limits(pairs)[:, None]
    signs = np.empty((2 * pairs.count + 2, minors.shape[1]), dtype=np.bool_)
    np.greater(minors, -limits, out=signs[: pairs.count])
    np.less(minors, limits, out=signs[pairs.count : -2])
    signs[-2], signs[-1] = True, False
    constant = pairs.terms == pairs.count
    above = signs[np.where(constant, -2, pairs.terms + pairs.count * pairs.flips)]
    below = signs[np.where(constant, -1, pairs.terms + pairs.count * ~pairs.flips)]
    loosely = np.logical_or(above.all(axis=0), below.all(axis=0))
    return loosely, ~np.logical_and(above.any(axis=0), below.any(axis=0))


def _strategies(
    pairs: SupportPairs, side: Floats, minors: Floats, pair: Ints, draw: Ints, mixed: list[tuple[int, Ints]]
) -> Floats:
    """Return the other's strategies on given pairs of supports, float[action, E].

    ``mixed`` says which of them have supports of each size from two on.
    """
    result = pairs.pure.take(pair, axis=1)
    for size, at in mixed:
        chosen, draws = pair.take(at), draw.take(at)
        places = pairs.terms[:size].take(chosen, axis=1)
        places *= minors.shape[1]
        places += draws
        weights = np.abs(minors.take(places))
        weights /= weights.sum(axis=0)
        if size > 2:
            _smooth(pairs, side, weights, chosen, draws)
        places = pairs.actions[:size].take(chosen, axis=1)
        places *= pair.size
        places += at
        result.put(places, weights)
    return result


def _smooth(pairs: SupportPairs, side: Floats, weights: Floats, pair: Ints, draw: Ints) -> None:
    """Solve again, by elimination with pivots, for weights that leave their replies unequal."""
    size = weights.shape[0]
    values = side[pairs.replies[:size, pair][:, None], pairs.actions[:size, pair], draw]
    gains = values[1:] - values[0]
    scale = np.abs(gains).max(axis=(0, 1), initial=0.0)
    rough = np.flatnonzero(np.abs((gains * weights).sum(axis=1)).max(axis=0, initial=0.0) > _SMOOTH * scale)
    if not rough.size:
        return
    system = np.ones((rough.size, size, size))
    system[:, 1:] = (gains[..., rough] / scale[rough]).transpose(2, 0, 1)
    try:
        solved = np.linalg.solve(system, np.eye(size)[:, :1])[..., 0].T
    except np.linalg.LinAlgError:
        return  # the regret of what stays tells how good it is
    solved = np.maximum(solved, 0.0)
    weights[:, rough] = solved / solved.sum(axis=0)


@dataclass(frozen=True, eq=False)
class _Vertices:
    """Strategies that are vertices of the other's best-reply regions.

    ``draw`` int[V] ascending, ``labels`` int[V], ``strategies`` float[action, V].
    """

    draw: Ints
    labels: Ints
    strategies: Floats


def _careful(pairs: tuple[SupportPairs, SupportPairs], sides: Sides) -> Equilibria:
    """Return the extreme equilibria of every draw."""
    block = max(1, _CACHED // 2 // max(half.terms.size for half in pairs))
    block = min(block, 1 << (_LABELS - sum(sides[0].shape[:2])))
    parts = []
    for start in range(0, sides[0].shape[-1], block):
        part = sides[0][..., start : start + block], sides[1][..., start : start + block]
        parts.append(_decided(_extreme(pairs, (_scaled(part[0]), _scaled(part[1]))), part))
    return Equilibria.joined(parts)


def _decided(found: Equilibria, sides: Sides) -> Equilibria:
    """Solve again, in exact arithmetic, the draws of which rounding hid something."""
    hidden = np.flatnonzero((found.codes == Status.INCOMPLETE) | (found.codes == Status.FAILED))
    if not hidden.size:
        return found
    codes, kept = found.codes.copy(), ~np.isin(found.draw, hidden)
    draws, columns = [found.draw[kept]], [tuple(own[:, kept] for own in found.strategies)]
    for draw in hidden.tolist():
        exact = exact_equilibria(np.stack([sides[0][..., draw], sides[1][..., draw].T]))
        codes[draw] = exact.codes[0]
        draws.append(exact.draw + draw)
        columns.append(exact.strategies)
    strategies = tuple(np.concatenate(parts, axis=1) for parts in zip(*columns, strict=True))
    return Equilibria(np.concatenate(draws), strategies, codes)


def _scaled(side: Floats) -> Floats:
    """Return what each reply loses against the best one, in units of the largest loss."""
    _, exponent = np.frexp(np.abs(side).max(axis=(0, 1)))
    losses = np.ldexp(side, -exponent - 1)
    losses -= losses.max(axis=0)
    largest = -losses.min(axis=(0, 1))
    result: Floats = losses / np.where(largest > 0, largest, 1.0)
    return result


def _extreme(pairs: tuple[SupportPairs, SupportPairs], sides: Sides) -> Equilibria:
    """Pair the vertices of both players that have every label between them."""
    rows, columns, draws = sides[0].shape
    column_vertices, row_vertices = (_vertices(half, side) for half, side in zip(pairs, sides, strict=True))
    first, second = _completely_labelled(row_vertices, column_vertices, (1 << (rows + columns)) - 1, draws)
    draw = row_vertices.draw[first]
    strategies = row_vertices.strategies[:, first], column_vertices.strategies[:, second]
    payoffs = np.stack([sides[0], sides[1].swapaxes(0, 1)]).take(draw, axis=-1)
    kept = regrets(payoffs, strategies).max(axis=0, initial=0.0) <= _REGRET
    codes = np.full(draws, Status.SOLVED, dtype=np.int8)
    # A label twice: a best reply that is not played.
    codes[draw[(row_vertices.labels[first] & column_vertices.labels[second]) != 0]] = Status.DEGENERATE
    codes[draw[~kept]] = Status.INCOMPLETE
    draw, strategies = draw[kept], (strategies[0][:, kept], strategies[1][:, kept])
    count = np.bincount(draw, minlength=draws)
    codes[(codes == Status.SOLVED) & (count % 2 == 0)] = Status.INCOMPLETE
    codes[count == 0] = Status.FAILED
    return Equilibria(draw, strategies, codes)


def _vertices(pairs: SupportPairs, side: Floats) -> _Vertices:
    """List the vertices of the best-reply regions, each once, with every label that is within tolerance."""
    minors = np.ones((pairs.count + 1, side.shape[-1]))
    pairs.first_order(side, minors)
    gains = minors[: len(pairs.gains)]
    gains[np.abs(gains) <= _TIE] = 0.0
    sums = np.abs(minors)
    pairs.expand(minors[:-1])
    pairs.expand(sums[:-1], absolute=True)
    table = minors[pairs.terms] * np.where(pairs.flips, -1.0, 1.0)[..., None]
    sizes, limits, weighs = np.abs(table), sums[pairs.terms], pairs.weighs[..., None]
    total = (sizes * weighs).sum(axis=0)
    zero = sizes <= np.maximum(_NOISE * limits, _TIE * total)
    above, below = ((table > 0) & ~zero).any(axis=0), ((table < 0) & ~zero).any(axis=0)
    found = ~(above & below) & (total > _SINGULAR * (limits * weighs).sum(axis=0))
    labels = pairs.labels[:, None] + (zero * pairs.tight[..., None]).sum(axis=0)
    pair, draw = np.nonzero(found)
    # A vertex is known by its labels; of the pairs of supports that lead to it the first is kept.
    marks = draw * (1 << sum(side.shape[:2])) + labels[pair, draw]
    once = np.unique(marks, return_index=True)[1]
    pair, draw = pair[once], draw[once]
    weights = np.where((weighs & ~zero)[:, pair, draw], sizes[:, pair, draw], 0.0)
    weights /= weights.sum(axis=0)
    for size in range(3, int(pairs.size[-1]) + 1):
        at = np.flatnonzero((pairs.size[pair] == size) & (weights[:size] > 0).all(axis=0))
        part = weights[:size, at]
        _smooth(pairs, side, part, pair[at], draw[at])
        weights[:size, at] = part
    strategies = np.zeros((side.shape[1] + 1, once.size))
    strategies[pairs.actions[:, pair], np.arange(once.size)] = weights  # unused places go to the last row
    return _Vertices(draw, labels[pair, draw], strategies[:-1])


def _completely_labelled(one: _Vertices, another: _Vertices, every: int, draws: int) -> tuple[Ints, Ints]:
    """Return the pairs of vertices of the same draw that have every label between them, int[E] twice."""
    partners = np.bincount(another.draw, minlength=draws)
    starts = np.cumsum(partners) - partners
    counts = partners[one.draw]
    ends = np.cumsum(counts)
    cuts = np.unique(np.searchsorted(ends, np.arange(0, ends[-1] if ends.size else 0, _PAIRED))).tolist()
    firsts, seconds = [], []
    for start, stop in itertools.pairwise([*cuts, one.draw.size]):
        count = counts[start:stop]
        first = np.repeat(np.arange(start, stop), count)
        shift = starts[one.draw[start:stop]] - (np.cumsum(count) - count)
        second = np.arange(first.size) + np.repeat(shift, count)
        hit = np.flatnonzero((one.labels[first] | another.labels[second]) == every)
        firsts.append(first[hit])
        seconds.append(second[hit])
    if not firsts:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    return np.concatenate(firsts), np.concatenate(seconds)
