"""Every Nash equilibrium of games of any size, support by support."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from math import comb, prod

import numpy as np

from bargain.axes import Bools, Floats, Ints
from bargain.solvers.nash import boxes
from bargain.solvers.nash.candidates import Candidates
from bargain.solvers.nash.edges import tied_edges
from bargain.solvers.nash.equilibria import Equilibria
from bargain.solvers.nash.indifference import Support, undominated
from bargain.solvers.nash.scaling import unit_range
from bargain.solvers.solution import Status

__all__ = ["general_equilibria"]

_CHUNK = 1024  # draws at a time
_VARIABLES = 8  # supports with more free probabilities are beyond the search
_SUPPORTS = 40_000  # are looked at, small ones first; more take minutes
_SINGULAR = 1e-10  # a smallest singular value below this, of payoffs scaled to a range of one


def general_equilibria(payoffs: Floats) -> Equilibria:
    """Return every equilibrium of games with any numbers of players and actions.

    Supports on which some action is dominated, and those that can carry an equilibrium only in degenerate
    games, are left out. Where two players mix the conditions are linear; where more do, the unit cube is
    searched by boxes that provably hold one solution or none. That is complete, and slow: use it for what
    no faster method covers.

    Parameters
    ----------
    payoffs : float[P, A..., N]

    Returns
    -------
    Equilibria
        Sorted by draw. SOLVED: all regular, all supports searched to the end, indices adding to one;
        DEGENERATE: some equilibrium is not regular, or a support's conditions are void; INCOMPLETE: a
        search was cut short, there are more than 40,000 supports, of which the smallest were searched, or
        one has more than 8 free probabilities; FAILED: none was found.

    Notes
    -----
    The set of supports is that of [PorterNudelmanShoham2008]_.

    Examples
    --------
    Four players, each of whom gains one for every other that plays the same.

    >>> import numpy as np
    >>> actions = np.indices((2, 2, 2, 2))
    >>> payoffs = (actions == actions[:, None]).sum(axis=1)[..., None] - 1.0
    >>> found = general_equilibria(payoffs)
    >>> sorted(found.strategies[0][0].round(9).tolist())
    [0.0, 0.5, 1.0]
    """
    parts = [_solved(payoffs[..., start : start + _CHUNK]) for start in range(0, payoffs.shape[-1], _CHUNK)]
    nothing = Candidates.none(payoffs.shape[1:-1]).audited(0, np.zeros(0, dtype=np.bool_))
    return Equilibria.joined(parts or [nothing])


def _solved(payoffs: Floats) -> Equilibria:
    unit = unit_range(payoffs)
    draws = unit.shape[-1]
    void, cut_short = np.zeros(draws, dtype=np.bool_), np.zeros(draws, dtype=np.bool_)
    shape = unit.shape[1:-1]
    kinds, every = _kinds(shape)
    cut_short |= not every
    parts = [tied_edges(unit) if every else Candidates.none(shape)]
    for support in _supports(shape, kinds):
        free = [len(actions) - 1 for actions in support]
        candidates = undominated(unit, np.arange(draws), support)
        if not candidates.size:
            continue
        if sum(free) > _VARIABLES and np.count_nonzero(free) > 2:
            cut_short[candidates] = True
            continue
        parts.append(_on_support(unit, candidates, support, void, cut_short))
    result = Candidates.joined(parts).distinct().audited(draws, void)
    codes = result.codes.copy()
    codes[cut_short & (codes == Status.SOLVED)] = Status.INCOMPLETE
    return Equilibria(result.draw, result.strategies, codes)


def _kinds(shape: tuple[int, ...]) -> tuple[list[tuple[int, ...]], bool]:
    """Return by how many actions of each player supports are to be searched, and whether these are all."""
    kinds = [
        sizes
        for sizes in product(*(range(1, 1 + size) for size in shape))
        # else there are more conditions on the others' mixes than they have free probabilities
        if 2 * (max(sizes) - 1) <= sum(sizes) - len(sizes)
    ]
    kinds.sort(key=sum)
    counts = np.cumsum([float(prod(map(comb, shape, sizes))) for sizes in kinds])
    some = max(1, int(np.searchsorted(counts, _SUPPORTS, side="right")))
    return kinds[:some], some >= len(kinds)


def _supports(shape: tuple[int, ...], kinds: list[tuple[int, ...]]) -> Iterator[Support]:
    for sizes in kinds:
        yield from product(*(combinations(range(size), few) for size, few in zip(shape, sizes, strict=True)))


def _on_support(unit: Floats, draws: Ints, support: Support, void: Bools, cut_short: Bools) -> Candidates:
    """Find the equilibria on one support."""
    movers = [player for player, actions in enumerate(support) if len(actions) > 1]
    if len(movers) > 2:
        draw, weights, given_up = boxes.solutions(unit, draws, support)
        cut_short |= given_up
        return Candidates.judged(unit, draw, weights, support).distinct()
    weights = [np.ones((1, draws.size)) for _ in support]
    if movers:
        one, other = movers
        weights[one], weights[other] = (
            _balancing(unit, draws, support, mixer=one, opponent=other, void=void),
            _balancing(unit, draws, support, mixer=other, opponent=one, void=void),
        )
    return Candidates.judged(unit, draws, weights, support)


def _balancing(
    unit: Floats, draws: Ints, support: Support, *, mixer: int, opponent: int, void: Bools
) -> Floats:
    """Return the weights of one player that leave the only other one who mixes indifferent, float[s, K]."""
    own = unit[opponent]
    for axis, actions in enumerate(support):
        own = np.take(own, actions, axis=axis)
    table = np.take(own, draws, axis=-1)
    table = np.moveaxis(table, (opponent, mixer), (0, 1)).reshape(
        len(support[opponent]), len(support[mixer]), draws.size
    )
    gains = np.moveaxis(table[1:] - table[:1], -1, 0)
    _, values, vectors = np.linalg.svd(gains)
    singular = values[:, -1] <= _SINGULAR
    void[draws[singular]] = True
    weights = np.where(singular, np.nan, vectors[:, -1].T)  # one arbitrary point of a continuum is left out
    with np.errstate(divide="ignore", invalid="ignore"):
        return weights / weights.sum(axis=0)  # type: ignore[no-any-return]
