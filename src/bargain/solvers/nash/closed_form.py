"""Every equilibrium of A x 2 x 2 games in closed form, for the draws that hold no surprise.

Player 1 has A actions, players 2 and 3 have two. Everything is written in gains, each player's scaled to the
largest of them (or to a hundredth of the range of its payoffs, if that is more),

    first[k, l][b, c]   what player 1 gains by moving from action k to l,
    second[a, c]        what player 2 gains by moving to its second action,
    third[a, b]         what player 3 gains by moving to its second action.

A mix that balances two gains ``(g0, g1)`` of opposite signs is ``(g1, -g0) / (g1 - g0)``. Each support is
first decided by signs, on all draws at once; numbers are computed only for the few draws that are left.
Supports of one kind are treated together, since on a block of draws that fits the processor's cache the
calls, not the numbers, take most of the time.
Draws with a tie, with a vanishing or nearly double polynomial, with a gain that vanishes at a root, or
whose indices do not add to one are handed back as suspicious: they are another method's work.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, combinations, pairwise

import numpy as np

from bargain.axes import Bools, Floats, Ints
from bargain.solvers.nash.equilibria import Equilibria

__all__ = ["closed_form"]

_LOUD = 0.01  # of a player's payoff range: the least that its gains are scaled to
_TIE = 1e-8  # of the scale of a player's gains: at least 1e-10 of its payoff range
_SMALL = 1e-9  # a polynomial with no larger coefficient may be zero but for rounding
_VANISHED = 1e-6  # a gain this small at a root may be zero there for every action of the opponent
_DOUBLE = 1e-12  # a discriminant this small, relative to its terms
_ERROR = 1e-10  # of the indifference conditions, relative to the largest gain: a tenth of the regret allowed


def closed_form(payoffs: Floats) -> tuple[Equilibria, Bools]:
    """Return the equilibria of A x 2 x 2 games, and the draws for which they cannot be relied upon.

    Parameters
    ----------
    payoffs : float[3, A, 2, 2, N]
        Fewer than 65,536 draws.

    Returns
    -------
    found : Equilibria
        Sorted by draw; those of suspicious draws are left out. All draws are called SOLVED.
    suspicious : bool[N]
    """
    with np.errstate(divide="ignore", invalid="ignore"):  # 0/0 is not an equilibrium, and is found suspicious
        game = _Game.of(payoffs)
        return _gathered(_every_support(game), game.suspicious)


def _every_support(game: _Game) -> list[_Found]:
    """Go through the supports on which a game without ties can have an equilibrium."""
    positive = game.gains > 0
    actions = range(game.actions)
    found = [_pure(game, positive), _two_mix(game, positive)]
    found += [_all_mix_two(game, positive, pair) for pair in combinations(actions, 2)]
    found += [_all_mix_three(game, positive, triple) for triple in combinations(actions, 3)]
    return found


@dataclass(frozen=True, eq=False)
class _TwoMix:
    """A support on which two players mix: its gains, by their rows in `_Game.gains`.

    Attributes
    ----------
    held : int
        The player who plays one action.
    action : int
        That action.
    pair : (int, int)
        What player 1 mixes, if it does.
    balanced : list of int
        The two gains that one mix balances, then the two that the other does.
    deviations : list of list of int
        What the other actions gain: against the second mix and, faster, the first, at 0 and 1.
    directions : list of float
        -1 where that is the gain of the opposite move.
    """

    held: int
    action: int
    pair: tuple[int, int]
    balanced: list[int]
    deviations: list[list[int]]
    directions: list[float]

    @property
    def rows(self) -> list[int]:
        """All the gains."""
        return list(chain(self.balanced, *self.deviations))


@dataclass(frozen=True, eq=False)
class _Layout:
    """The rows of `_Game.gains`: ``first``, pair by pair, then ``second``, then ``third``."""

    pairs: dict[tuple[int, int], slice]
    second: slice
    third: slice
    supports: tuple[_TwoMix, ...]
    directions: Floats  # float[A - 1, S], of the supports

    @classmethod
    @lru_cache(maxsize=16)
    def of(cls, actions: int) -> _Layout:
        """Lay out the gains of A x 2 x 2 games."""
        every = list(combinations(range(actions), 2))
        rows = np.arange(4 * len(every) + 4 * actions)
        first = dict(zip(every, rows[: 4 * len(every)].reshape(-1, 2, 2), strict=True))
        first.update({(l, k): first[k, l] for k, l in every})
        second, third = rows[4 * len(every) :].reshape(2, actions, 2)
        supports = [
            _TwoMix(
                0,
                action,
                (action, action),
                [*second[action], *third[action]],
                [first[action, other].ravel().tolist() for other in range(actions) if other != action],
                [1.0 if action < other else -1.0 for other in range(actions) if other != action],
            )
            for action in range(actions)
        ]
        for held, own, others in ((2, third, second), (1, second, third)):
            for pair in every:
                rest = [other for other in range(actions) if other not in pair]
                for action in (0, 1):
                    gains = {key: np.take(table, action, axis=held - 1) for key, table in first.items()}
                    supports.append(
                        _TwoMix(
                            held,
                            action,
                            pair,
                            [*gains[pair], *others[list(pair), action]],
                            [
                                own[list(pair)].ravel().tolist(),
                                *([*gains[pair[0], o], *gains[pair[0], o]] for o in rest),
                            ],
                            [-1.0 if action else 1.0, *(1.0 if pair[0] < o else -1.0 for o in rest)],
                        )
                    )
        return cls(
            {pair: slice(4 * row, 4 * row + 4) for row, pair in enumerate(every)},
            slice(4 * len(every), 4 * len(every) + 2 * actions),
            slice(4 * len(every) + 2 * actions, rows.size),
            tuple(supports),
            np.array([support.directions for support in supports]).T,
        )

    @property
    def moves(self) -> tuple[dict[tuple[int, int], slice], ...]:
        """Each player's moves between two actions, and the rows of what it gains by them."""
        return self.pairs, {(0, 1): self.second}, {(0, 1): self.third}


@dataclass(frozen=True, eq=False)
class _Game:
    """Gains of a batch of games, float[row, N], and which are suspicious, bool[N], filled in on the way."""

    actions: int
    gains: Floats
    suspicious: Bools

    @classmethod
    def of(cls, payoffs: Floats) -> _Game:
        actions, draws = payoffs.shape[1], payoffs.shape[-1]
        layout = _Layout.of(actions)
        gains = np.empty((layout.third.stop, draws))
        suspicious = np.zeros(draws, dtype=np.bool_)
        start = stop = 0
        for player, own in enumerate(payoffs):  # one after the other, each while it is in the cache
            by_action = own.transpose(player, *(axis for axis in range(4) if axis != player))
            for (k, l), rows in layout.moves[player].items():
                np.subtract(by_action[l], by_action[k], out=gains[rows].reshape(by_action.shape[1:]))
                stop = rows.stop
            mine, start = gains[start:stop], stop
            size = np.abs(mine)
            largest = size.max(axis=0)
            # No draw's range exceeds that of all draws; its own is asked for only where that may be too much.
            loud = _LOUD * (own.max() - own.min())
            if not largest.min() >= loud:
                quiet = np.flatnonzero(~(largest >= loud))
                width = np.ptp(own.reshape(-1, draws).take(quiet, axis=1), axis=0)
                largest[quiet] = np.maximum(largest[quiet], _LOUD * width)
            if not size.min() > _TIE * largest.max():
                suspicious |= ~(size.min(axis=0) > _TIE * largest)
            mine *= np.divide(1.0, largest, out=largest)
        return cls(actions, gains, suspicious)

    @property
    def layout(self) -> _Layout:
        return _Layout.of(self.actions)

    def first(self, pair: tuple[int, int]) -> Floats:
        """Return ``first[pair]``, float[2, 2, N]."""
        return self.gains[self.layout.pairs[pair]].reshape(2, 2, -1)

    @property
    def second(self) -> Floats:
        """Gains of player 2, float[A, 2, N]."""
        return self.gains[self.layout.second].reshape(self.actions, 2, -1)

    @property
    def third(self) -> Floats:
        """Gains of player 3, float[A, 2, N]."""
        return self.gains[self.layout.third].reshape(self.actions, 2, -1)

    def gain(self, k: int, l: int, draw: Ints) -> Floats:
        """Return what player 1 gains by moving from action k to l in some draws, float[2, 2, E]."""
        gain = _of(self.first((min(k, l), max(k, l))), draw)
        return gain if k < l else np.negative(gain, out=gain)

    def suspect(self, draw: Ints, doubtful: Bools) -> None:
        """Mark those of the draws that are doubtful."""
        if doubtful.any():
            self.suspicious[draw[doubtful]] = True

    def negative(self, draw: Ints, gain: Floats) -> Bools:
        """Say where a deviation loses; where it neither loses nor gains, mark the draw."""
        self.suspect(draw, ~(np.abs(gain) > _TIE))
        return gain < 0


@dataclass(frozen=True, eq=False)
class _Found:
    """Equilibria on one support, or on several."""

    draw: Ints
    first: Floats  # float[A, E]
    second: Floats  # float[E], of the second action
    third: Floats  # float[E], of the second action
    index: Floats  # float[E]

    def where(self, kept: Bools) -> _Found:
        if kept.all():
            return self
        place = np.flatnonzero(kept)
        return _Found(
            self.draw[place],
            np.take(self.first, place, axis=1),
            self.second[place],
            self.third[place],
            self.index[place],
        )


def _pure(game: _Game, positive: Bools) -> _Found:
    """Compare: a profile is an equilibrium when each player's action beats its others."""
    actions, layout = game.actions, game.layout
    stable = np.ones((actions, 2, 2, positive.shape[1]), dtype=np.bool_)
    for (k, l), rows in layout.pairs.items():
        up = positive[rows].reshape(2, 2, -1)
        stable[l] &= up
        stable[k] &= ~up
    second = positive[layout.second].reshape(actions, 2, -1)
    third = positive[layout.third].reshape(actions, 2, -1)
    stable[:, 1] &= second
    stable[:, 0] &= ~second
    stable[:, :, 1] &= third
    stable[:, :, 0] &= ~third
    draw, spans = _by_row(np.flatnonzero(stable), 4 * actions, positive.shape[1])
    first, second_up, third_up = np.zeros((actions, draw.size)), np.empty(draw.size), np.empty(draw.size)
    for place, span in enumerate(spans):
        first[place // 4, span], second_up[span], third_up[span] = 1.0, place // 2 % 2, place % 2
    return _Found(draw, first, second_up, third_up, np.ones(draw.size))


def _two_mix(game: _Game, positive: Bools) -> _Found:
    """Two mix so that either is indifferent, and the third, as everybody else, loses by deviating."""
    supports = game.layout.supports
    one, other, two, another = (
        positive.take(rows, axis=0) for rows in zip(*(support.balanced for support in supports), strict=True)
    )
    other ^= one
    other &= np.not_equal(two, another, out=two)
    place = np.flatnonzero(other)
    draw, spans = _by_row(place, *other.shape)
    gains = np.empty((4 * game.actions, draw.size))
    for support, span in zip(supports, spans, strict=True):
        some = draw[span]
        for row, out in zip(support.rows, gains, strict=True):
            game.gains[row].take(some, out=out[span], mode="wrap")
    mix, then = gains[0:4:2] / (gains[0:4:2] - gains[1:4:2])
    gain = _bilinear(gains[4:].reshape(game.actions - 1, 2, 2, draw.size).transpose(1, 2, 0, 3), then, mix)
    for deviation, direction in zip(gain, game.layout.directions, strict=True):
        for span in (span for span, sign in zip(spans, direction, strict=True) if sign < 0):
            np.negative(deviation[span], out=deviation[span])
    largest = gain.max(axis=0)
    game.suspect(draw, ~(np.abs(largest) > _TIE))
    kept = np.flatnonzero(largest < 0)
    ends = np.searchsorted(kept, [span.stop for span in spans]).tolist()
    slopes = gains[1] * gains[3]  # but for a positive factor, of the two gains that are balanced
    draw = draw.take(kept)
    mix, then, index = (values.take(kept) for values in (mix, then, slopes))
    np.copysign(1.0, np.negative(index, out=index), out=index)
    first, second, third = np.zeros((game.actions, kept.size)), np.empty(kept.size), np.empty(kept.size)
    for support, (start, stop) in zip(supports, pairwise([0, *ends]), strict=True):
        span, (k, l) = slice(start, stop), support.pair
        if support.held == 0:
            first[k, span], second[span], third[span] = 1.0, then[span], mix[span]
            continue
        first[l, span] = then[span]
        np.subtract(1.0, then[span], out=first[k, span])
        held, moving = (third, second) if support.held == 2 else (second, third)
        held[span], moving[span] = support.action, mix[span]
    return _Found(draw, first, second, third, index)


def _all_mix_two(game: _Game, positive: Bools, pair: tuple[int, int]) -> _Found:
    """All mix, player 1 on two actions: a quadratic in player 3's mix.

    With player 3's mix ``z``, the mixes ``x`` and ``y`` are orthogonal to ``h(z)`` and ``g(z)``; player 3 is
    indifferent where ``sum_ab d[a, b] x_a(z) y_b(z) = 0``.
    """
    k, l = pair
    layout, actions = game.layout, game.actions
    g, h, d = game.first(pair), _two(game.second, pair), _two(game.third, pair)
    against = d[:, :1] * g[1]
    against -= d[:, 1:] * g[0]
    balanced = _turns(positive[layout.pairs[pair]].reshape(2, 2, -1))
    for rows in (layout.second, layout.third):
        balanced &= _turns(positive[rows].reshape(actions, 2, -1)[k : l + 1 : l - k])
    draw, z, slope = _roots(game, h[::-1], against, balanced)
    # The product of two gains is negative where they change sign, and next to nothing where they vanish.
    g, h = _at(g, draw, z), _at(h, draw, z)
    place = np.flatnonzero((g[0] * g[1] <= _VANISHED**2) & (h[0] * h[1] <= _VANISHED**2))
    draw, z, slope = draw.take(place), z.take(place), slope.take(place)
    g, h = _of(g, place), _of(h, place)
    x, y = h[0] / (h[0] - h[1]), g[0] / (g[0] - g[1])
    against = _at(d, draw, y)
    clear = np.minimum(_margin(x), _margin(y)) > _TIE
    clear &= (_size(g) > _VANISHED) & (_size(h) > _VANISHED) & (np.abs(_linear(against, x)) <= _ERROR)
    game.suspect(draw, ~clear)
    loses = np.ones(draw.size, dtype=np.bool_)
    for other in range(game.actions):
        if other not in pair:
            loses &= game.negative(draw, _bilinear(game.gain(k, other, draw), y, z))
    first = np.zeros((game.actions, draw.size))
    first[k], first[l] = 1.0 - x, x
    # The derivative of the quadratic is minus the determinant of the three conditions' derivatives.
    return _Found(draw, first, y, z, slope).where(loses)


def _all_mix_three(game: _Game, positive: Bools, triple: tuple[int, int, int]) -> _Found:
    """All mix, player 1 on three actions: two of its gains vanish together, a quadratic in ``z``.

    Its weights are the cross product of ``h(z)``, what player 2 gains against each of the three actions, and
    ``e(y)``, what player 3 gains.
    """
    k, l, m = triple
    g, f = game.first((k, l)), game.first((k, m))
    balanced = _turns(positive[game.layout.pairs[k, l]].reshape(2, 2, -1))
    balanced &= _turns(positive[game.layout.pairs[k, m]].reshape(2, 2, -1))
    draw, z, slope = _roots(game, g, f[::-1], balanced)
    at = _at(g, draw, z)
    place = np.flatnonzero(at[0] * at[1] <= _VANISHED**2)
    draw, z, slope, at = draw.take(place), z.take(place), slope.take(place), _of(at, place)
    y = at[0] / (at[0] - at[1])
    clear = (_size(at) > _VANISHED) & (_margin(y) > _TIE) & (np.abs(_linear(_at(f, draw, z), y)) <= _ERROR)
    h = [_at(game.second[action], draw, z) for action in triple]
    e = [_at(game.third[action], draw, y) for action in triple]
    x = np.stack([h[1] * e[2] - h[2] * e[1], h[2] * e[0] - h[0] * e[2], h[0] * e[1] - h[1] * e[0]])
    total = x[0] + x[1] + x[2]
    x /= total
    smallest = np.minimum(np.minimum(x[0], x[1]), x[2])
    game.suspect(draw, ~(clear & (np.abs(smallest) > _TIE)))
    inside = smallest > 0
    for other in range(game.actions):
        if other not in triple:
            inside &= game.negative(draw, _bilinear(game.gain(k, other, draw), y, z))
    first = np.zeros((game.actions, draw.size))
    first[[k, l, m]] = x
    return _Found(draw, first, y, z, np.where(total > 0, -slope, slope)).where(inside)


def _roots(game: _Game, left: Floats, right: Floats, balanced: Bools) -> tuple[Ints, Floats, Floats]:
    """Find the roots of ``left[0] right[0] - left[1] right[1]`` between zero and one, in balanced draws.

    The factors, both float[2, 2, N], are linear in ``z`` and given by their values at 0 and 1. The quadratic
    is ``q(z) = a (1-z)^2 + b z (1-z) + c z^2``. With ``r = -(b + sign(b) sqrt(b^2 - 4ac)) / 2`` the ratios
    ``1-z : z`` are ``c : r`` and ``r : a``, in which nothing cancels; there ``q'(z) = -sign(b) sqrt(...)``
    and ``sign(b) sqrt(...)``.

    Returns
    -------
    draw : int[E]
    z : float[E]
    slope : float[E]
        The sign of ``q'(z)``.
    """
    terms = left * right
    a, c = ends = np.subtract(terms[0], terms[1])
    np.multiply(left, right[:, ::-1], out=terms)
    across = np.subtract(terms[0], terms[1], out=terms[0])
    b = np.add(across[0], across[1], out=across[0])
    square, fourfold, work = b * b, np.multiply(a, c), terms[1, 0]
    fourfold *= 4.0
    r = np.subtract(square, fourfold)
    square += np.abs(fourfold, out=fourfold)
    np.abs(r, out=work)
    clear = square > _SMALL**2
    square *= _DOUBLE
    clear &= work > square
    np.logical_or(game.suspicious, balanced > clear, out=game.suspicious)
    np.sqrt(r, out=r)  # NaN where there is no real root
    np.copysign(r, b, out=r)
    r += b
    r *= -0.5
    z = np.empty_like(ends)
    np.divide(r, np.add(c, r, out=work), out=z[0])
    np.divide(a, np.add(r, a, out=work), out=z[1])
    np.subtract(z, 0.5, out=ends)
    inside = np.abs(ends, out=ends) <= 0.5 + _TIE
    inside &= balanced
    place = np.flatnonzero(inside)
    draw, (low, _) = _by_row(place, *inside.shape)
    z = z.take(place)
    slope = np.copysign(1.0, b.take(draw))
    np.negative(slope[low], out=slope[low])
    game.suspect(draw, _margin(z) <= _TIE)
    return draw, z, slope


def _by_row(place: Ints, rows: int, draws: int) -> tuple[Ints, list[slice]]:
    """Turn places in a table, ascending, into draws, row after row, and where those of each row are."""
    ends = np.searchsorted(place, np.arange(rows + 1) * draws).tolist()
    spans = [slice(start, stop) for start, stop in pairwise(ends)]
    draw = place.copy()
    for row, span in enumerate(spans):
        draw[span] -= row * draws
    return draw, spans


def _at(values: Floats, draw: Ints, mix: Floats) -> Floats:
    """Interpolate between the values of some draws at 0 and 1, on the last axis before the draws."""
    some = _of(values, draw)
    at, more = some[..., 0, :], some[..., 1, :]
    more -= at
    more *= mix
    at += more
    return at


def _size(gains: Floats) -> Floats:
    """Return the larger of two gains."""
    larger: Floats = np.maximum(np.abs(gains[0]), np.abs(gains[1]))
    return larger


def _linear(values: Floats, mix: Floats) -> Floats:
    """Interpolate between the values at 0 and 1, on the first axis."""
    between: Floats = values[0] + mix * (values[1] - values[0])
    return between


def _bilinear(values: Floats, one: Floats, other: Floats) -> Floats:
    return _linear(_linear(values, one), other)


def _turns(positive: Bools) -> Bools:
    """Say where a gain has both signs among the opponents' profiles: elsewhere no mix balances it."""
    some, every = positive[0] | positive[1], positive[0] & positive[1]
    turns: Bools = (some[0] | some[1]) != (every[0] & every[1])
    return turns


def _margin(weight: Floats) -> Floats:
    """Return the distance of a weight from 0 and 1; negative outside."""
    return np.asarray(0.5 - np.abs(weight - 0.5), dtype=np.float64)


def _two(table: Floats, pair: tuple[int, int]) -> Floats:
    """Return a view of the two rows."""
    k, l = pair
    return table[k : l + 1 : l - k]


def _of(table: Floats, draw: Ints) -> Floats:
    """Gather columns; from strided views row by row, which is much faster."""
    if table.flags.c_contiguous:
        return table.take(draw, axis=-1)
    gathered = np.empty((*table.shape[:-1], draw.size))
    for rows, out in zip(table, gathered, strict=True):
        out[...] = _of(rows, draw)
    return gathered


def _gathered(found: list[_Found], suspicious: Bools) -> tuple[Equilibria, Bools]:
    """Join the supports' findings, sort them by draw and audit their indices."""
    draw = np.concatenate([part.draw for part in found])
    index = np.concatenate([part.index for part in found])
    suspicious |= np.bincount(draw, weights=index, minlength=suspicious.size) != 1
    order = np.argsort(draw.astype(np.uint16), kind="stable")  # a radix sort
    if suspicious.any():
        order = order[~suspicious[draw[order]]]
    first = np.concatenate([part.first for part in found], axis=1)
    second = np.concatenate([part.second for part in found])
    third = np.concatenate([part.third for part in found])
    strategies = tuple(np.empty((size, order.size)) for size in (len(first), 2, 2))
    rows = [*strategies[0], strategies[1][1], strategies[2][1]]
    for weights, row in zip([*first, second, third], rows, strict=True):
        weights.take(order, out=row, mode="wrap")
    for strategy in strategies[1:]:
        np.subtract(1.0, strategy[1], out=strategy[0])
    return Equilibria(draw.take(order), strategies, np.zeros(suspicious.size, dtype=np.int8)), suspicious
