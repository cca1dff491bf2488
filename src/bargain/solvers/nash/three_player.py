"""Every Nash equilibrium of three-player games in which a player has two actions, batched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import combinations

import numpy as np

from bargain.axes import Bools, Floats, Ints
from bargain.errors import UnsupportedGameError
from bargain.solvers.nash import polynomials
from bargain.solvers.nash.candidates import Candidates
from bargain.solvers.nash.closed_form import closed_form
from bargain.solvers.nash.edges import tied_edges
from bargain.solvers.nash.equilibria import Equilibria
from bargain.solvers.nash.general import general_equilibria
from bargain.solvers.nash.indifference import Support, undominated
from bargain.solvers.nash.memory import keep_freed_memory
from bargain.solvers.nash.scaling import unit_range
from bargain.solvers.solution import Status

__all__ = ["three_player_equilibria"]

_CHUNK = 16384  # draws at a time: their payoffs and one support's arrays stay in the processor's cache
_TIE = 1e-10  # relative to a player's payoff range
_VOID = 1e-12  # a polynomial this small, relative to what its coefficients are made of, vanishes identically
_SUSPECT = 1e-9  # a polynomial this small is compared with what it is made of


def three_player_equilibria(payoffs: Floats) -> Equilibria:
    r"""Return every equilibrium of three-player games in which some player has exactly two actions.

    Let the last player mix its two actions by :math:`z`. The gains of players 1 and 2 between actions of a
    support are then linear in one mix and in :math:`z`,

    .. math:: \sum_b y_b\, g_{kb}(z) = 0, \qquad \sum_a x_a\, h_{la}(z) = 0, \qquad
              \sum_{ab} x_a y_b\, d_{ab} = 0,

    with :math:`g, h` linear in :math:`z` and :math:`d` the gain of the last player. With as many actions of
    player 1 as of player 2, :math:`y` and :math:`x` are the vectors orthogonal to :math:`g(z)` and
    :math:`h(z)`, and the third condition is a polynomial in :math:`z`; with one action more, :math:`\det
    g(z) = 0` is. Other supports have no equilibria but in degenerate games. Two and three actions lead to
    quadratics (:math:`2 \times 2 \times 2`, :math:`3 \times 2 \times 2` and more actions of one player),
    larger supports to higher degrees.

    Parameters
    ----------
    payoffs : float[3, A, B, C, N]
        At least one of A, B, C is two and none is one.

    Returns
    -------
    Equilibria
        Sorted by draw. SOLVED: all regular and complete as far as their indices can tell, which add to one;
        DEGENERATE: some equilibrium is not regular, or a support's conditions are void; INCOMPLETE: the
        indices do not add to one; FAILED: none was found.

    Raises
    ------
    UnsupportedGameError
        If no player has two actions, or one has a single action.

    Notes
    -----
    Where gains factorise or ignore an opponent, :math:`g(z)` or :math:`h(z)` vanishes at the root; its mix
    then follows from the third condition instead. Draws that fail the audit are solved again with each
    other two-action player in the place of the last, and the findings merged; what still fails goes to
    `general_equilibria`. The index is that of [GulPearceStacchetti1993]_; three-player games with nine
    equilibria are in [McKelveyMcLennan1997]_.

    Examples
    --------
    Three players who all gain by playing what the other two play: two pure equilibria and one mixed.

    >>> import numpy as np
    >>> payoffs = np.zeros((3, 2, 2, 2, 1))
    >>> payoffs[:, 0, 0, 0] = payoffs[:, 1, 1, 1] = 1.0
    >>> found = three_player_equilibria(payoffs)
    >>> sorted(found.strategies[0][0].tolist())
    [0.0, 0.5, 1.0]
    """
    shape = payoffs.shape[1:4]
    if payoffs.shape[0] != 3 or min(shape) < 2 or 2 not in shape:
        raise UnsupportedGameError(
            f"three_player_equilibria: three players, one with two actions, were expected; given {shape}"
        )
    keep_freed_memory()
    parts = [_solved(payoffs[..., start : start + _CHUNK]) for start in range(0, payoffs.shape[-1], _CHUNK)]
    nothing = Candidates.none(shape).audited(0, np.zeros(0, dtype=np.bool_))
    return Equilibria.joined(parts or [nothing])


def _solved(payoffs: Floats) -> Equilibria:
    """Solve one chunk: in closed form where that can be relied upon, by support pairs elsewhere."""
    shape = payoffs.shape[1:4]
    if sorted(shape)[1] > 2:
        return _searched(payoffs)
    order = sorted(range(3), key=lambda player: -shape[player])  # the one with most actions comes first
    found, suspicious = closed_form(_in_order_of(payoffs, order))
    strategies = tuple(found.strategies[order.index(player)] for player in range(3))
    place = np.flatnonzero(suspicious)
    result = Equilibria(found.draw, strategies, found.codes)
    if not place.size:
        return result
    return _replaced(result, place, _searched(np.take(payoffs, place, axis=-1)))


def _searched(payoffs: Floats) -> Equilibria:
    """Solve by support pairs: with one player last; what fails the audit with each; then by boxes."""
    unit = unit_range(payoffs)
    draws = unit.shape[-1]
    first, *others = _orders(unit.shape[1:4])
    found, doubtful = _in_order(unit, first)
    result = found.distinct().audited(draws, doubtful)
    failed = np.flatnonzero(result.codes != Status.SOLVED)
    if not failed.size:
        return result
    hard, still = np.take(unit, failed, axis=-1), doubtful[failed]
    parts = [found, _renumbered(tied_edges(hard), failed)]
    for order in others:
        more, doubt = _in_order(hard, order)
        parts.append(_renumbered(more, failed))
        still &= doubt  # a support is beyond the method only if it is so in every order
    doubtful[failed] = still
    found = Candidates.joined(parts).distinct()
    result, unaware = found.audited(draws, doubtful), found.audited(draws, np.zeros_like(doubtful))
    # A draw that is degenerate by doubt alone may be settled, like one whose indices do not add up.
    failed = np.flatnonzero((result.codes != Status.SOLVED) & (unaware.codes != Status.DEGENERATE))
    if not failed.size:
        return result
    return _replaced(result, failed, general_equilibria(np.take(payoffs, failed, axis=-1)))


def _renumbered(found: Candidates, draws: Ints) -> Candidates:
    """Renumber the draws as in the batch of which these are a part."""
    return Candidates(draws[found.draw], found.strategies, found.index)


def _replaced(result: Equilibria, draws: Ints, new: Equilibria) -> Equilibria:
    """Put new answers for some draws in the place of the old; sorted by draw."""
    stale = np.zeros(result.codes.size, dtype=np.bool_)
    stale[draws] = True
    kept = np.flatnonzero(~stale[result.draw])
    draw = np.concatenate([result.draw[kept], draws[new.draw]])
    order = np.argsort(draw.astype(np.uint16), kind="stable")  # a radix sort: _CHUNK fits in 16 bits
    strategies = tuple(
        np.take(np.concatenate([np.take(old, kept, axis=1), more], axis=1), order, axis=1)
        for old, more in zip(result.strategies, new.strategies, strict=True)
    )
    codes = result.codes.copy()
    codes[draws] = new.codes
    return Equilibria(draw[order], strategies, codes)


def _in_order_of(payoffs: Floats, order: Sequence[int]) -> Floats:
    """Renumber the players, in place of 0, 1, 2 those of the order."""
    if list(order) == [0, 1, 2]:
        return payoffs
    return np.ascontiguousarray(payoffs[list(order)].transpose(0, *(1 + player for player in order), 4))


def _players_back(found: Candidates, order: Sequence[int]) -> Candidates:
    """Undo the renumbering."""
    strategies = tuple(found.strategies[list(order).index(player)] for player in range(3))
    return Candidates(found.draw, strategies, found.index)


def _orders(shape: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """List the orders of the players that put one with two actions last."""
    pairs = {2: (0, 1), 1: (0, 2), 0: (1, 2)}
    return [(*pairs[last], last) for last in (2, 1, 0) if shape[last] == 2]


def _in_order(unit: Floats, order: tuple[int, int, int]) -> tuple[Candidates, Bools]:
    """Find equilibria with the players in some order, and the draws in which a condition is void."""
    unit = _in_order_of(unit, order)
    parts, void = [_pure(unit)], np.zeros(unit.shape[-1], dtype=np.bool_)
    for rows, columns in _support_pairs(unit.shape[1:3]):
        gains = _Gains.of(unit, rows, columns)
        if len(rows) == len(columns):
            parts += [_last_pure(unit, gains, last, void) for last in (0, 1)]
        parts.append(_last_mixed(unit, gains, void))
    return _players_back(Candidates.joined(parts), order), void


def _support_pairs(shape: tuple[int, ...]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """List the supports of players 1 and 2 that differ by at most one in size and are not both single."""
    rows, columns = (
        [subset for size in range(1, actions + 1) for subset in combinations(range(actions), size)]
        for actions in shape
    )
    return [(r, c) for r in rows for c in columns if abs(len(r) - len(c)) <= 1 and len(r) + len(c) > 2]


def _pure(unit: Floats) -> Candidates:
    """Find the pure equilibria: profiles that every player's best other action does not beat."""
    shape = unit.shape[1:]
    lead = np.full(shape, np.inf)
    for axis, own in enumerate(unit):
        np.minimum(lead, _lead(own, axis), out=lead)
    outcome, draw = np.divmod(np.flatnonzero(lead >= -_TIE), shape[-1])
    strategies = []
    for size, action in zip(shape[:-1], np.unravel_index(outcome, shape[:-1]), strict=True):
        strategies.append((np.arange(size)[:, None] == action).astype(np.float64))
    strict = lead.ravel()[outcome * shape[-1] + draw] > _TIE
    return Candidates(draw, tuple(strategies), strict.astype(np.float64))


def _lead(own: Floats, axis: int) -> Floats:
    """Return by how much each action of a player beats its best other action, float[A, B, C, N]."""
    own = np.moveaxis(own, axis, 0)
    if own.shape[0] == 2:
        gain = own[0] - own[1]
        return np.moveaxis(np.stack([gain, -gain]), 0, axis)
    others = [np.delete(own, action, axis=0).max(axis=0) for action in range(own.shape[0])]
    return np.moveaxis(own - np.stack(others), 0, axis)


@dataclass(frozen=True, eq=False)
class _Gains:
    """Gains between the actions of one support of players 1 and 2, linear in the last player's mix.

    Attributes
    ----------
    rows, columns : tuple of int
        The supports of players 1 and 2.
    first : list of list of float[2, N]
        ``g[k][b]``: what player 1 gains from its k-th action over the first of the support, against ``b``.
    second : list of list of float[2, N]
        ``h[l][a]``: the same of player 2 against ``a``.
    last : list of list of float[N]
        ``d[a][b]``: what the last player gains from its second action.
    """

    rows: tuple[int, ...]
    columns: tuple[int, ...]
    first: list[list[Floats]]
    second: list[list[Floats]]
    last: list[list[Floats]]

    @classmethod
    def of(cls, unit: Floats, rows: tuple[int, ...], columns: tuple[int, ...]) -> _Gains:
        one, two, three = unit
        return cls(
            rows,
            columns,
            [[one[k, b] - one[rows[0], b] for b in columns] for k in rows[1:]],
            [[two[a, l] - two[a, columns[0]] for a in rows] for l in columns[1:]],
            [[three[a, b, 1] - three[a, b, 0] for b in columns] for a in rows],
        )

    @property
    def support_sizes(self) -> tuple[int, int]:
        """Numbers of actions that players 1 and 2 mix."""
        return len(self.rows), len(self.columns)


def _last_pure(unit: Floats, gains: _Gains, action: int, void: Bools) -> Candidates:
    """Find the equilibria in which the last player plays one action and the others mix.

    ``x`` is orthogonal to the rows of ``h``, ``y`` to those of ``g``, both at the last player's action.
    """
    support = (gains.rows, gains.columns, (action,))
    inside = np.ones(unit.shape[-1], dtype=np.bool_)
    weights = []
    for table in (gains.second, gains.first):
        matrix = [[entry[action : action + 1] for entry in row] for row in table]
        vector = np.concatenate(polynomials.minors(matrix))
        vanishing = _vanishing(vector, matrix)
        _mark(void, vanishing, unit, support)
        inside[vanishing] = False  # what rounding leaves of 0/0 is one arbitrary point of a continuum
        with np.errstate(divide="ignore", invalid="ignore"):
            vector /= vector.sum(axis=0)
            for weight in vector:
                inside &= np.abs(weight - 0.5) <= 0.5 + _TIE
        weights.append(vector)
    draw = np.flatnonzero(inside)
    x, y = (np.take(vector, draw, axis=1) for vector in weights)
    return Candidates.judged(unit, draw, (x, y, np.ones((1, draw.size))), support)


def _last_mixed(unit: Floats, gains: _Gains, void: Bools) -> Candidates:
    """Find the equilibria in which the last player mixes, from the polynomial in its mix."""
    support = (gains.rows, gains.columns, (0, 1))
    polynomial, made_of = _condition(gains)
    _mark(void, _vanishing(polynomial, made_of), unit, support)
    draw, mix = polynomials.roots(polynomial)
    if not draw.size:
        return Candidates.none(unit.shape[1:-1])
    x, y, sure = _mixes(gains, draw, mix)
    open_ = (sure <= _TIE) & _both_signs(gains, draw, mix)
    _mark(void, np.unique(draw[open_]), unit, support)
    kept = np.flatnonzero(sure > _TIE)
    draw, x, y, mix = draw[kept], x[:, kept], y[:, kept], mix[:, kept]
    with np.errstate(divide="ignore", invalid="ignore"):
        x, y = x / x.sum(axis=0), y / y.sum(axis=0)
    found = Candidates.judged(unit, draw, (x, y, mix), support)
    # Two roots may be polished to one; only then does a support hold a profile twice.
    return found.distinct() if (found.index == 0).any() else found


def _condition(gains: _Gains) -> tuple[Floats, list[list[Floats]]]:
    """Return the polynomial that the last player's mix solves, and the rows of which it is made.

    ``sum d[a][b] x_a(z) y_b(z)`` where ``x(z)`` and ``y(z)`` are determined by ``h(z)`` and ``g(z)``; else
    the determinant of the one of ``g(z)`` and ``h(z)`` that is square.
    """
    many, few = gains.support_sizes
    if many > few:
        return polynomials.determinant(gains.first), gains.first
    if many < few:
        return polynomials.determinant(gains.second), gains.second
    x, y = polynomials.minors(gains.second), polynomials.minors(gains.first)
    against = [
        np.sum([entry * other for entry, other in zip(row, y, strict=True)], axis=0) for row in gains.last
    ]
    terms = [polynomials.product(weight, gain) for weight, gain in zip(x, against, strict=True)]
    polynomial: Floats = np.sum(terms, axis=0)
    last = [entry[None] for row in gains.last for entry in row]
    return polynomial, [*gains.first, *gains.second, last]


def _mixes(gains: _Gains, draw: Ints, mix: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the mixes of players 1 and 2 at roots, up to a factor, and how well they are determined.

    The last player's indifference is one row more for ``x`` and one more for ``y``. With supports of one size
    either of them is determined without it: the one that is determined better comes first, and the other may
    use the additional row, without which it would be 0/0 where its own gains factorise.
    """
    h, g = _at(gains.second, draw, mix), _at(gains.first, draw, mix)
    d = np.stack([np.stack([entry[draw] for entry in row]) for row in gains.last])
    d /= np.maximum(np.abs(d).max(axis=(0, 1)), np.finfo(np.float64).tiny)
    many, few = gains.support_sizes
    if many > few:
        y, sure_y = _orthogonal(g, few, draw.size)
        x, sure_x = _orthogonal([*h, (d * y).sum(axis=1)], many, draw.size)
        return x, y, np.minimum(sure_x, sure_y)
    if many < few:
        x, sure_x = _orthogonal(h, many, draw.size)
        y, sure_y = _orthogonal([*g, (d * x[:, None]).sum(axis=0)], few, draw.size)
        return x, y, np.minimum(sure_x, sure_y)
    x, sure_x = _orthogonal(h, many, draw.size)
    y, sure_y = _orthogonal(g, few, draw.size)
    x_then, sure_x_then = _orthogonal([*h, (d * y).sum(axis=1)], many, draw.size)
    y_then, sure_y_then = _orthogonal([*g, (d * x[:, None]).sum(axis=0)], few, draw.size)
    x_first = sure_x >= sure_y
    sure = np.where(x_first, np.minimum(sure_x, sure_y_then), np.minimum(sure_y, sure_x_then))
    return np.where(x_first, x, x_then), np.where(x_first, y_then, y), sure


def _both_signs(gains: _Gains, draw: Ints, mix: Floats) -> Bools:
    """Say where each gain of players 1 and 2 has both signs, or is zero, so that some mix may balance it."""
    result = np.ones(draw.size, dtype=np.bool_)
    for row in _at(gains.first, draw, mix) + _at(gains.second, draw, mix):
        result &= (row.min(axis=0) <= _TIE) & (row.max(axis=0) >= -_TIE)
    return result


def _at(table: list[list[Floats]], draw: Ints, mix: Floats) -> list[Floats]:
    """Evaluate rows of linear forms at the mix, each row relative to its largest coefficient, float[s, E]."""
    rows = []
    for forms in table:
        coefficients = np.stack([np.take(form, draw, axis=1) for form in forms])
        size = np.abs(coefficients).max(axis=(0, 1))
        rows.append((coefficients * mix).sum(axis=1) / np.maximum(size, np.finfo(np.float64).tiny))
    return rows


def _orthogonal(rows: list[Floats], size: int, draws: int) -> tuple[Floats, Floats]:
    """Return unit vectors orthogonal to all rows, and how far the rows determine them (0: not at all).

    There may be more rows than needed, as long as they agree: the largest minor decides.
    """
    if size == 1:
        return np.ones((1, draws)), np.ones(draws)
    if size > 3:
        _, singular, turned = np.linalg.svd(np.moveaxis(np.stack(rows), -1, 0))
        return turned[:, -1].T, singular[:, size - 2]
    if size == 2:
        vectors = [np.stack([row[1], -row[0]]) for row in rows]
    else:
        vectors = [np.cross(one, other, axis=0) for one, other in combinations(rows, 2)]
    lengths = [np.sqrt((vector**2).sum(axis=0)) for vector in vectors]
    best, length = vectors[0], lengths[0]
    for vector, other in zip(vectors[1:], lengths[1:], strict=True):
        longer = other > length
        best, length = np.where(longer, vector, best), np.where(longer, other, length)
    return best / np.maximum(length, np.finfo(np.float64).tiny), length


def _vanishing(polynomials_: Floats, made_of: list[list[Floats]]) -> Ints:
    """Return the draws in which all the coefficients are zero but for rounding."""
    size = np.abs(polynomials_).max(axis=0)
    draws = np.flatnonzero(size <= _SUSPECT)
    if not draws.size:
        return draws
    largest = [np.max([np.abs(entry[:, draws]).max(axis=0) for entry in row], axis=0) for row in made_of]
    zero = (size[draws] <= _VOID * reduce(np.multiply, largest)) | (np.min(largest, axis=0) <= _TIE)
    vanishing: Ints = draws[zero]
    return vanishing


def _mark(void: Bools, draws: Ints, unit: Floats, support: Support) -> None:
    """Mark those of the draws in which the support may carry an equilibrium."""
    void[undominated(unit, draws, support)] = True
