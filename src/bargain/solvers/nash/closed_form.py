"""Every equilibrium of A x 2 x 2 games in closed form, for the draws that hold no surprise.

Player 1 has A actions, players 2 and 3 have two. Everything is written in gains, scaled to the players'
payoff ranges,

    first[k, l][b, c]   what player 1 gains by moving from action k to l,
    second[a, c]        what player 2 gains by moving to its second action,
    third[a, b]         what player 3 gains by moving to its second action.

A mix that balances two gains ``(g0, g1)`` of opposite signs is ``(g1, -g0) / (g1 - g0)``. Each support is
first decided by signs, on all draws at once; numbers are computed only for the few draws that are left.
Draws with a tie, with a vanishing or nearly double polynomial, with a gain that vanishes at a root, or
whose indices do not add to one are handed back as suspicious: they are another method's work.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bargain.axes import Bools, Floats, Ints
from bargain.solvers.nash.candidates import Candidates

__all__ = ["closed_form"]

_TIE = 1e-10  # relative to a player's payoff range
_SMALL = 1e-9  # a polynomial with no larger coefficient may be zero but for rounding
_VANISHED = 1e-6  # a gain this small at a root may be zero there for every action of the opponent
_DOUBLE = 1e-12  # a discriminant this small, relative to its terms
_ERROR = 1e-12  # of the indifference conditions, relative to the payoff range


def closed_form(payoffs: Floats) -> tuple[Candidates, Bools]:
    """Return the equilibria of A x 2 x 2 games, and the draws for which they cannot be relied upon.

    Parameters
    ----------
    payoffs : float[3, A, 2, 2, N]
        Fewer than 65,536 draws.

    Returns
    -------
    candidates : Candidates
        Sorted by draw; those of suspicious draws are left out.
    suspicious : bool[N]
    """
    with np.errstate(divide="ignore", invalid="ignore"):  # 0/0 is not an equilibrium, and is found suspicious
        game = _Game.of(payoffs)
        return _gathered(_every_support(game), game.suspicious)


def _every_support(game: _Game) -> list[_Found]:
    """Go through the supports on which a game without ties can have an equilibrium."""
    actions = range(game.actions)
    swapped = game.swapped()
    found = [_pure(game)]
    found += [_others_mix(game, action) for action in actions]
    for pair in combinations(actions, 2):
        found += [_mix_with_second(game, pair, held) for held in (0, 1)]
        found += [_mix_with_second(swapped, pair, held).swapped() for held in (0, 1)]
        found.append(_all_mix_two(game, pair))
    found += [_all_mix_three(game, triple) for triple in combinations(actions, 3)]
    return found


@dataclass(frozen=True, eq=False)
class _Game:
    """Gains of a batch of games."""

    first: dict[tuple[int, int], Floats]  # float[2, 2, N] for k < l
    second: Floats  # float[A, 2, N]
    third: Floats  # float[A, 2, N]
    suspicious: Bools  # bool[N], filled in on the way

    @classmethod
    def of(cls, payoffs: Floats) -> _Game:
        one, two, three = payoffs
        scale = _per_range(one)
        first = {(k, l): (one[l] - one[k]) * scale for k, l in combinations(range(one.shape[0]), 2)}
        second = (two[:, 1] - two[:, 0]) * _per_range(two)
        third = (three[:, :, 1] - three[:, :, 0]) * _per_range(three)
        smallest = np.abs(second).min(axis=(0, 1))
        for gain in (third, *first.values()):
            np.minimum(smallest, np.abs(gain).min(axis=(0, 1)), out=smallest)
        return cls(first, second, third, ~(smallest > _TIE))

    @property
    def actions(self) -> int:
        return int(self.second.shape[0])

    def swapped(self) -> _Game:
        """Return the game with players 2 and 3 exchanged."""
        first = {pair: gain.swapaxes(0, 1) for pair, gain in self.first.items()}
        return _Game(first, self.third, self.second, self.suspicious)

    def gain(self, k: int, l: int, draw: Ints) -> Floats:
        """Return what player 1 gains by moving from action k to l in some draws, float[2, 2, E]."""
        return _of(self.first[k, l], draw) if k < l else -_of(self.first[l, k], draw)

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
    """Equilibria on one support."""

    draw: Ints
    first: Floats  # float[A, E]
    second: Floats  # float[E], of the second action
    third: Floats  # float[E], of the second action
    index: Floats  # float[E]

    def swapped(self) -> _Found:
        return _Found(self.draw, self.first, self.third, self.second, self.index)

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


def _pure(game: _Game) -> _Found:
    """Compare: a profile is an equilibrium when each player's action beats its others."""
    actions = game.actions
    best = [np.ones((2, 2, game.suspicious.size), dtype=np.bool_) for _ in range(actions)]
    for (k, l), gain in game.first.items():
        up = gain > 0
        best[l] &= up
        best[k] &= ~up
    second, third = game.second > 0, game.third > 0
    stable = np.stack(best)
    stable[:, 1] &= second
    stable[:, 0] &= ~second
    stable[:, :, 1] &= third
    stable[:, :, 0] &= ~third
    draws = [np.flatnonzero(profile) for profile in stable.reshape(4 * actions, -1)]
    times = [draw.size for draw in draws]
    first, second_up, third_up = np.indices((actions, 2, 2), dtype=np.float64).reshape(3, -1)
    return _Found(
        np.concatenate(draws),
        np.stack([np.repeat(first == action, times) for action in range(actions)]).astype(np.float64),
        np.repeat(second_up, times),
        np.repeat(third_up, times),
        np.ones(sum(times)),
    )


def _others_mix(game: _Game, action: int) -> _Found:
    """Player 1 plays one action; each of the others mixes so that the other one is indifferent."""
    second, third = game.second[action], game.third[action]
    draw = np.flatnonzero(_differ(second[0], second[1]) & _differ(third[0], third[1]))
    z, second_up = _balance(_of(second, draw))
    y, third_up = _balance(_of(third, draw))
    loses = np.ones(draw.size, dtype=np.bool_)
    for other in range(game.actions):
        if other != action:
            loses &= game.negative(draw, _bilinear(game.gain(action, other, draw), y, z))
    first = np.zeros((game.actions, draw.size))
    first[action] = 1.0
    return _Found(draw, first, y, z, _sign(second_up != third_up)).where(loses)


def _mix_with_second(game: _Game, pair: tuple[int, int], held: int) -> _Found:
    """Player 3 plays one action; player 1 on two actions and player 2 keep each other indifferent."""
    k, l = pair
    g, h = game.first[pair][:, held], game.second[:, held]
    draw = np.flatnonzero(_differ(g[0], g[1]) & _differ(h[k], h[l]))
    y, first_up = _balance(_of(g, draw))
    x, second_up = _balance(_of(_two(h, pair), draw))
    gain = _bilinear(_of(_two(game.third, pair), draw), x, y)
    loses = game.negative(draw, -gain if held else gain)
    for other in range(game.actions):
        if other not in pair:
            against = game.gain(k, other, draw)[:, held]
            loses &= game.negative(draw, _linear(against, y))
    first = np.zeros((game.actions, draw.size))
    first[k], first[l] = 1.0 - x, x
    third = np.full(draw.size, float(held))
    return _Found(draw, first, y, third, _sign(first_up != second_up)).where(loses)


def _all_mix_two(game: _Game, pair: tuple[int, int]) -> _Found:
    """All mix, player 1 on two actions: a quadratic in player 3's mix.

    With player 3's mix ``z``, the mixes ``x`` and ``y`` are orthogonal to ``h(z)`` and ``g(z)``; player 3 is
    indifferent where ``sum_ab d[a, b] x_a(z) y_b(z) = 0``.
    """
    k, l = pair
    g, h, d = game.first[pair], _two(game.second, pair), _two(game.third, pair)
    against_k = d[0, 0] * g[1] - d[0, 1] * g[0]
    against_l = d[1, 0] * g[1] - d[1, 1] * g[0]
    plus, minus = _products(h[1], against_k), _products(h[0], against_l)
    balanced = _turns(g) & _turns(h) & _turns(d)
    draw, z, slope = _roots(game, [term - other for term, other in zip(plus, minus, strict=True)], balanced)
    # The product of two gains is negative where they change sign, and next to nothing where they vanish.
    g, h = _at(g.swapaxes(0, 1), draw, z), _at(h.swapaxes(0, 1), draw, z)
    place = np.flatnonzero((g[0] * g[1] <= _VANISHED**2) & (h[0] * h[1] <= _VANISHED**2))
    draw, z, slope, g, h = draw[place], z[place], slope[place], _of(g, place), _of(h, place)
    x, y = h[0] / (h[0] - h[1]), g[0] / (g[0] - g[1])
    against = _at(d.swapaxes(0, 1), draw, y)
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


def _all_mix_three(game: _Game, triple: tuple[int, int, int]) -> _Found:
    """All mix, player 1 on three actions: two of its gains vanish together, a quadratic in ``z``.

    Its weights are the cross product of ``h(z)``, what player 2 gains against each of the three actions, and
    ``e(y)``, what player 3 gains.
    """
    k, l, m = triple
    g, f = game.first[k, l].swapaxes(0, 1), game.first[k, m].swapaxes(0, 1)
    plus, minus = _products(g[:, 0], f[:, 1]), _products(g[:, 1], f[:, 0])
    balanced = _turns(g) & _turns(f)
    draw, z, slope = _roots(game, [term - other for term, other in zip(plus, minus, strict=True)], balanced)
    at = _at(g, draw, z)
    place = np.flatnonzero(at[0] * at[1] <= _VANISHED**2)
    draw, z, slope, at = draw[place], z[place], slope[place], _of(at, place)
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


def _roots(game: _Game, quadratic: list[Floats], balanced: Bools) -> tuple[Ints, Floats, Floats]:
    """Find the roots of ``q(z) = a (1-z)^2 + b z (1-z) + c z^2`` between zero and one, in balanced draws.

    With ``r = -(b + sign(b) sqrt(b^2 - 4ac)) / 2`` the ratios ``1-z : z`` are ``c : r`` and ``r : a``, in
    which nothing cancels; there ``q'(z) = -sign(b) sqrt(...)`` and ``sign(b) sqrt(...)``.

    Returns
    -------
    draw : int[E]
    z : float[E]
    slope : float[E]
        The sign of ``q'(z)``.
    """
    a, b, c = quadratic
    square, fourfold = b * b, 4.0 * a * c
    discriminant = square - fourfold
    largest = np.maximum(np.maximum(np.abs(a), np.abs(c)), np.abs(b))
    clear = (largest > _SMALL) & (np.abs(discriminant) > _DOUBLE * (square + np.abs(fourfold)))
    np.logical_or(game.suspicious, balanced & ~clear, out=game.suspicious)
    draws, roots, slopes = [], [], []
    r = -0.5 * (b + np.copysign(np.sqrt(discriminant), b))  # NaN where there is no real root
    for sign, z in ((-1.0, r / (c + r)), (1.0, a / (r + a))):
        draw = np.flatnonzero((np.abs(z - 0.5) <= 0.5 + _TIE) & balanced)
        draws.append(draw)
        roots.append(z[draw])
        slopes.append(sign * np.copysign(1.0, b[draw]))
    draw, z = np.concatenate(draws), np.concatenate(roots)
    game.suspect(draw, _margin(z) <= _TIE)
    return draw, z, np.concatenate(slopes)


def _at(values: Floats, draw: Ints, mix: Floats) -> Floats:
    """Interpolate between the values of some draws at 0 and 1, on the first axis."""
    return _linear(_of(values, draw), mix)


def _size(gains: Floats) -> Floats:
    """Return the larger of two gains."""
    larger: Floats = np.maximum(np.abs(gains[0]), np.abs(gains[1]))
    return larger


def _products(left: Floats, right: Floats) -> tuple[Floats, Floats, Floats]:
    """Multiply two linear forms in ``(1-z, z)``, each given by its values at 0 and 1."""
    return left[0] * right[0], left[0] * right[1] + left[1] * right[0], left[1] * right[1]


def _linear(values: Floats, mix: Floats) -> Floats:
    """Interpolate between the values at 0 and 1, on the first axis."""
    between: Floats = values[0] + mix * (values[1] - values[0])
    return between


def _bilinear(values: Floats, one: Floats, other: Floats) -> Floats:
    return _linear(_linear(values, one), other)


def _balance(gains: Floats) -> tuple[Floats, Bools]:
    """Return the weight of the second action that balances two gains, and whether the gain rises with it."""
    return gains[0] / (gains[0] - gains[1]), gains[1] > 0


def _differ(one: Floats, other: Floats) -> Bools:
    """Say where two gains have opposite signs."""
    result: Bools = (one > 0) != (other > 0)
    return result


def _turns(gains: Floats) -> Bools:
    """Say where a gain has both signs among the opponents' profiles: elsewhere no mix balances it."""
    positive = gains > 0
    some = positive[0, 0] | positive[0, 1] | positive[1, 0] | positive[1, 1]
    every = positive[0, 0] & positive[0, 1] & positive[1, 0] & positive[1, 1]
    turns: Bools = some & ~every
    return turns


def _margin(weight: Floats) -> Floats:
    """Return the distance of a weight from 0 and 1; negative outside."""
    return np.asarray(0.5 - np.abs(weight - 0.5), dtype=np.float64)


def _sign(positive: Bools) -> Floats:
    return np.where(positive, 1.0, -1.0)


def _two(table: Floats, pair: tuple[int, int]) -> Floats:
    """Return a view of the two rows."""
    k, l = pair
    return table[k : l + 1 : l - k]


def _per_range(own: Floats) -> Floats:
    """Return one over the range of a player's payoffs, float[N]; one where they are all equal."""
    flat = own.reshape(-1, own.shape[-1])
    width = flat.max(axis=0) - flat.min(axis=0)
    width += width == 0
    factor = np.asarray(1.0 / width, dtype=np.float64)
    return factor


def _of(table: Floats, draw: Ints) -> Floats:
    """Gather columns, row by row: fancy indexing and gathering from strided views are far slower."""
    result = np.empty((*table.shape[:-1], draw.size))
    for row in np.ndindex(*table.shape[:-1]):
        np.take(table[row], draw, out=result[row], mode="clip")
    return result


def _gathered(found: list[_Found], suspicious: Bools) -> tuple[Candidates, Bools]:
    """Join the supports' findings, sort them by draw and audit their indices."""
    draw = np.concatenate([part.draw for part in found])
    index = np.concatenate([part.index for part in found])
    suspicious |= np.bincount(draw, weights=index, minlength=suspicious.size) != 1
    order = np.argsort(draw.astype(np.uint16), kind="stable")  # a radix sort
    if suspicious.any():
        order = order[~suspicious[draw[order]]]
    first = np.concatenate([part.first for part in found], axis=1)
    second, third = (
        np.concatenate([getattr(part, name) for part in found])[order] for name in ("second", "third")
    )
    strategies = (
        np.take(first, order, axis=1),
        np.stack([1.0 - second, second]),
        np.stack([1.0 - third, third]),
    )
    return Candidates(draw[order], strategies, index[order]), suspicious
