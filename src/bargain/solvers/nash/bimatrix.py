"""All equilibria of two-player games, batched over draws, from the signs of bordered determinants.

Write ``M(I, J)`` for the determinant of a player's payoffs with replies ``I`` and the other's actions ``J``,
one fewer, bordered by a column of ones. If ``I`` and ``J`` have the same size, the other's strategy on ``J``
that makes the replies ``I`` equally good is ``M(I, J - j)`` with alternating signs, normalised, and a reply
``r`` outside ``I`` gains ``M(I + r, J)`` over them, in units of their sum. Whether a pair of supports carries
an equilibrium is therefore a comparison of signs, and the same few determinants serve all pairs: 10 for a 3x2
game, 104 for a 4x4 game with its 69 pairs.

Draws in which no determinant is near zero are done with these signs alone. In the others, those strategies of
each player that are vertices of the best-reply regions of the other are listed with their labels (actions not
played, best replies of the other); each pair that has every label is an extreme equilibrium
[AvisEtAl2010]_, [vonStengel2002]_.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache
from math import comb

import numpy as np

from bargain.axes import Bools, Floats, Ints
from bargain.errors import UnsupportedGameError
from bargain.games.profiles import regrets
from bargain.solvers.nash.equilibria import Equilibria
from bargain.solvers.solution import Status

__all__ = ["bimatrix_equilibria", "is_enumerable"]

_TIE = 1e-10  # of the largest gain between own actions: two replies closer than this are tied
_REGRET = 1e-9  # of the largest gain between own actions: to this, what is kept is an equilibrium
_NOISE = 1e-13  # of the terms that a determinant adds up: what is smaller is zero
_SMOOTH = 1e-13  # a strategy is solved for again where the replies that should be tied differ by more
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
        the extreme equilibria, isolated ones among them. INCOMPLETE or FAILED: rounding hid some or all.

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
    plans = _plan(rows, columns, swapped=False), _plan(rows, columns, swapped=True)
    block = max(16, min(8192, _CACHED // max(plan.terms.size for plan in plans)))
    parts = []
    for start in range(0, draws, block):
        stop = start + block
        parts.append(_block(plans, (payoffs[0, ..., start:stop], payoffs[1, ..., start:stop].swapaxes(0, 1))))
    return Equilibria.joined(parts)


@dataclass(frozen=True, eq=False)
class _Plan:
    """Which determinants decide about which pairs of supports, for one player's replies to the other.

    D determinants, K pairs of supports, R replies, A actions of the other.

    ``gains``: first reply, second reply and action of each determinant of order one.
    ``expansions``: for each later one, the pairs of earlier ones whose products it adds up with alternating
    signs, plus first. ``starts``: where the determinants of each order start; at the end, D.
    ``terms`` int[R, K]: the determinants that must agree in sign, weights of the other's strategy first, then
    advantages over the replies outside; D stands for the constant one. ``flips`` bool[R, K]: which of them
    change sign before. ``weighs`` bool[R, K]: which are weights. ``tight`` int[R, K]: the label that a zero
    brings. ``labels`` int[K]: the labels brought anyway.
    ``replies``, ``actions`` int[R, K]: the two supports; after them R and A.
    ``size`` int[K]: of the supports.
    ``pure`` float[A, K]: the strategy on a single action; zero for larger supports.
    """

    gains: tuple[tuple[int, int, int], ...]
    expansions: tuple[tuple[tuple[int, int], ...], ...]
    starts: tuple[int, ...]
    terms: Ints
    flips: Bools
    weighs: Bools
    tight: Ints
    labels: Ints
    replies: Ints
    actions: Ints
    size: Ints
    pure: Floats

    @property
    def count(self) -> int:
        """Number of determinants, D."""
        return self.starts[-1]


@lru_cache(maxsize=64)
def _plan(rows: int, columns: int, *, swapped: bool) -> _Plan:
    """Plan for the rows as replies to the columns or, swapped, the columns as replies to the rows."""
    own, others = (columns, rows) if swapped else (rows, columns)
    gains, expansions, starts, number = _determinants(own, others)
    # Labels: a bit for each row, then one for each column, whoever replies.
    own_bits = [1 << (reply + rows * swapped) for reply in range(own)]
    other_bits = [1 << (action + rows * (not swapped)) for action in range(others)]
    supports = [
        pair[::-1] if swapped else pair
        for size in range(1, min(rows, columns) + 1)
        for pair in itertools.product(
            itertools.combinations(range(rows), size), itertools.combinations(range(columns), size)
        )
    ]
    shape = (own, len(supports))
    terms, tight = np.full(shape, len(number)), np.zeros(shape, dtype=np.int64)
    flips, weighs = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    replies, actions = np.full(shape, own), np.full(shape, others)
    labels = np.zeros(shape[1], dtype=np.int64)
    for k, (chosen, played) in enumerate(supports):
        size = len(chosen)
        replies[:size, k], actions[:size, k], weighs[:size, k] = chosen, played, True
        labels[k] = sum(own_bits[i] for i in chosen) + sum(set(other_bits) - {other_bits[j] for j in played})
        for place, action in enumerate(played):
            tight[place, k] = other_bits[action]
            if size > 1:
                terms[place, k] = number[chosen, played[:place] + played[place + 1 :]]
                flips[place, k] = place % 2 == 1
        for place, reply in enumerate(sorted(set(range(own)) - set(chosen)), start=size):
            tight[place, k] = own_bits[reply]
            wider = tuple(sorted((*chosen, reply)))
            terms[place, k] = number[wider, played]
            flips[place, k] = wider.index(reply) % 2 == 1
    size_of = weighs.sum(axis=0)
    pure = ((actions[0] == np.arange(others)[:, None]) & (size_of == 1)).astype(np.float64)
    return _Plan(
        gains, expansions, starts, terms, flips, weighs, tight, labels, replies, actions, size_of, pure
    )


def _determinants(
    own: int, others: int
) -> tuple[
    tuple[tuple[int, int, int], ...],
    tuple[tuple[tuple[int, int], ...], ...],
    tuple[int, ...],
    dict[tuple[tuple[int, ...], tuple[int, ...]], int],
]:
    """Return gains, expansions and starts as `_Plan` has them, and the number of each ``M(I, J)``."""
    number: dict[tuple[tuple[int, ...], tuple[int, ...]], int] = {}
    gains: list[tuple[int, int, int]] = []
    expansions: list[tuple[tuple[int, int], ...]] = []
    starts = [0]
    for order in range(1, min(own - 1, others) + 1):
        for replies in itertools.combinations(range(own), order + 1):
            for actions in itertools.combinations(range(others), order):
                number[replies, actions] = len(number)
                if order == 1:
                    gains.append((replies[0], replies[1], actions[0]))
                    continue
                # Along the last column less its first entry: differences of close payoffs lose nothing.
                expansions.append(
                    tuple(
                        (
                            number[(replies[0], replies[place]), actions[-1:]],
                            number[replies[:place] + replies[place + 1 :], actions[:-1]],
                        )
                        for place in range(order, 0, -1)
                    )
                )
        starts.append(len(number))
    return tuple(gains), tuple(expansions), tuple(starts), number


def _block(plans: tuple[_Plan, _Plan], sides: Sides) -> Equilibria:
    """Solve a block of draws: by signs where all are clear, with care elsewhere."""
    draws = sides[0].shape[-1]
    with np.errstate(all="ignore"):  # where a scale over- or underflows, the draw is not clear
        minors, clear = _minors(plans[0], sides[0])
        other_minors, other_clear = _minors(plans[1], sides[1])
    carried = _agree(plans[0], minors)
    carried &= _agree(plans[1], other_minors)
    odd = np.bitwise_xor.reduce(carried.view(np.uint8), axis=0) == 1
    rest = np.flatnonzero(~(clear & other_clear & odd))
    if rest.size:
        carried[:, rest] = False
    draw, pair = np.divmod(np.flatnonzero(np.ascontiguousarray(carried.T)), carried.shape[0])
    mixed = [
        (size, np.flatnonzero(plans[0].size.take(pair) == size))
        for size in range(2, int(plans[0].size[-1]) + 1)
    ]
    # The strategy on the columns is what makes rows equally good, and the other way round.
    strategies = (
        _strategies(plans[1], sides[1], other_minors, pair, draw, mixed),
        _strategies(plans[0], sides[0], minors, pair, draw, mixed),
    )
    codes = np.full(draws, Status.SOLVED, dtype=np.int8)
    if not rest.size:
        return Equilibria(draw, strategies, codes)
    careful = _careful(plans, (sides[0].take(rest, axis=-1), sides[1].take(rest, axis=-1)))
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


def _minors(plan: _Plan, side: Floats) -> tuple[Floats, Bools]:
    """Return the determinants of each draw, float[D, N], and whether all of them are clearly not zero."""
    minors = np.empty((plan.count, side.shape[-1]))
    first = plan.starts[1] if plan.gains else 0
    for row, (one, another, action) in zip(minors, plan.gains, strict=False):
        np.subtract(side[another, action], side[one, action], out=row)
    sizes = np.abs(minors[:first])
    largest, smallest = sizes.max(axis=0, initial=0.0), sizes.min(axis=0, initial=np.inf)
    clear = (smallest > _TIE * largest) & (largest > np.finfo(float).tiny)
    minors[:first] *= 1.0 / largest
    _expand(plan, minors)
    for order, (start, stop) in enumerate(itertools.pairwise(plan.starts[1:]), start=2):
        # Twice the most that the weights of a pair can add up to, by Hadamard's bound.
        clear &= np.abs(minors[start:stop]).min(axis=0) > _TIE * 2 * (order + 1) * order ** (order / 2)
    return minors, clear


def _expand(plan: _Plan, minors: Floats, *, absolute: bool = False) -> None:
    """Fill in the determinants from order two on; or, from absolute gains, the sizes of what they add up."""
    product = np.empty(minors.shape[1])
    for row, expansion in zip(minors[plan.starts[1] if plan.gains else 0 :], plan.expansions, strict=True):
        for place, (gain, minor) in enumerate(expansion):
            if place == 0:
                np.multiply(minors[gain], minors[minor], out=row)
                continue
            np.multiply(minors[gain], minors[minor], out=product)
            (np.add if absolute or place % 2 == 0 else np.subtract)(row, product, out=row)


def _agree(plan: _Plan, minors: Floats) -> Bools:
    """Say which pairs of supports have all their terms of one sign, bool[K, N]."""
    signs = np.empty((2 * plan.count + 1, minors.shape[1]), dtype=np.bool_)
    np.greater(minors, 0, out=signs[: plan.count])
    np.logical_not(signs[: plan.count], out=signs[plan.count : -1])
    signs[-1] = True
    rows = np.where(plan.terms == plan.count, 2 * plan.count, plan.terms + plan.count * plan.flips)
    table = signs[rows]
    return np.logical_or(table.all(axis=0), ~table.any(axis=0))


def _strategies(
    plan: _Plan, side: Floats, minors: Floats, pair: Ints, draw: Ints, mixed: list[tuple[int, Ints]]
) -> Floats:
    """Return the other's strategies on given pairs of supports, float[action, E].

    ``mixed`` says which of them have supports of each size from two on.
    """
    result = plan.pure.take(pair, axis=1)
    for size, at in mixed:
        chosen, draws = pair.take(at), draw.take(at)
        places = plan.terms[:size].take(chosen, axis=1)
        places *= minors.shape[1]
        places += draws
        weights = np.abs(minors.take(places))
        weights /= weights.sum(axis=0)
        if size > 2:
            _smooth(plan, side, weights, chosen, draws)
        places = plan.actions[:size].take(chosen, axis=1)
        places *= pair.size
        places += at
        result.put(places, weights)
    return result


def _smooth(plan: _Plan, side: Floats, weights: Floats, pair: Ints, draw: Ints) -> None:
    """Solve again, by elimination with pivots, for weights that leave their replies unequal."""
    size = weights.shape[0]
    values = side[plan.replies[:size, pair][:, None], plan.actions[:size, pair], draw]
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


def _careful(plans: tuple[_Plan, _Plan], sides: Sides) -> Equilibria:
    """Return the extreme equilibria of every draw."""
    draws = sides[0].shape[-1]
    block = max(1, _CACHED // 2 // max(plan.terms.size for plan in plans))
    block = min(block, 1 << (_LABELS - sum(sides[0].shape[:2])))
    return Equilibria.joined(
        [
            _extreme(
                plans,
                (
                    _scaled(sides[0][..., start : start + block]),
                    _scaled(sides[1][..., start : start + block]),
                ),
            )
            for start in range(0, draws, block)
        ]
    )


def _scaled(side: Floats) -> Floats:
    """Return what each reply loses against the best one, in units of the largest loss."""
    _, exponent = np.frexp(np.abs(side).max(axis=(0, 1)))
    losses = np.ldexp(side, -exponent - 1)
    losses -= losses.max(axis=0)
    largest = -losses.min(axis=(0, 1))
    result: Floats = losses / np.where(largest > 0, largest, 1.0)
    return result


def _extreme(plans: tuple[_Plan, _Plan], sides: Sides) -> Equilibria:
    """Pair the vertices of both players that have every label between them."""
    rows, columns, draws = sides[0].shape
    column_vertices, row_vertices = (_vertices(plan, side) for plan, side in zip(plans, sides, strict=True))
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


def _vertices(plan: _Plan, side: Floats) -> _Vertices:
    """List the vertices of the best-reply regions, each once, with every label that is within tolerance."""
    draws, first = side.shape[-1], plan.starts[1] if plan.gains else 0
    minors = np.ones((plan.count + 1, draws))
    for row, (one, another, action) in zip(minors, plan.gains, strict=False):
        np.subtract(side[another, action], side[one, action], out=row)
    minors[:first][np.abs(minors[:first]) <= _TIE] = 0.0
    sums = np.abs(minors)
    _expand(plan, minors[:-1])
    _expand(plan, sums[:-1], absolute=True)
    sums *= _NOISE
    table = minors[plan.terms] * np.where(plan.flips, -1.0, 1.0)[..., None]
    sizes, weighs = np.abs(table), plan.weighs[..., None]
    total = (sizes * weighs).sum(axis=0)
    zero = sizes <= np.maximum(sums[plan.terms], _TIE * total)
    above, below = ((table > 0) & ~zero).any(axis=0), ((table < 0) & ~zero).any(axis=0)
    found = ~(above & below) & (weighs & ~zero).any(axis=0)
    labels = plan.labels[:, None] + (zero * plan.tight[..., None]).sum(axis=0)
    pair, draw = np.nonzero(found)
    # A vertex is known by its labels; of the pairs of supports that lead to it the first is kept.
    marks = draw * (1 << sum(side.shape[:2])) + labels[pair, draw]
    once = np.unique(marks, return_index=True)[1]
    pair, draw = pair[once], draw[once]
    weights = np.where((weighs & ~zero)[:, pair, draw], sizes[:, pair, draw], 0.0)
    weights /= weights.sum(axis=0)
    for size in range(3, int(plan.size[-1]) + 1):
        at = np.flatnonzero((plan.size[pair] == size) & (weights[:size] > 0).all(axis=0))
        part = weights[:size, at]
        _smooth(plan, side, part, pair[at], draw[at])
        weights[:size, at] = part
    strategies = np.zeros((side.shape[1] + 1, once.size))
    strategies[plan.actions[:, pair], np.arange(once.size)] = (
        weights  # the row behind takes the unused places
    )
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
