"""The core: allocations that no coalition would leave, and how far from one a game is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bargain.axes import Bools, Floats, read_only
from bargain.errors import UnsupportedGameError
from bargain.games.coalition import CoalitionalGame, membership

__all__ = ["Core", "core"]


@dataclass(frozen=True, eq=False)
class Core:
    """Whether the core is empty, and an allocation that leaves the least to complain about.

    Attributes
    ----------
    least_excess : float[N]
        The smallest number by which every coalition's worth can be kept from exceeding its members'
        payoffs; the core is empty where it is positive. In payoff units.
    payoffs : float[P, N]
        The nucleolus: of the divisions that give nobody less than its own worth, the one that makes the
        largest excess of a coalition as small as it can be, then the second largest, and so on. It lies in
        the core where there is one. Where own worths add up to more than there is, of all divisions.
    nonempty : bool[N]
    """

    least_excess: Floats
    payoffs: Floats
    nonempty: Bools

    def __post_init__(self) -> None:
        for name in ("least_excess", "payoffs", "nonempty"):
            object.__setattr__(self, name, read_only(getattr(self, name)))


def core(game: CoalitionalGame) -> Core:
    """Say whether each draw's core is empty, and return its least core and nucleolus [Schmeidler1969]_.

    All players together divide their joint worth; a coalition would leave if its worth is more than its
    members get. Linear programmes, one draw at a time, with one row per coalition.

    Parameters
    ----------
    game : CoalitionalGame

    Returns
    -------
    Core

    Examples
    --------
    Where any two of three can take everything, somebody always has reason to leave.

    >>> import bargain as bg
    >>> majority = bg.CoalitionalGame.of_function(("A", "B", "C"), lambda who: len(who) >= 2)
    >>> found = bg.core(majority)
    >>> print(found.nonempty, found.least_excess.round(4), found.payoffs[:, 0].round(4))
    [False] [0.3333] [0.3333 0.3333 0.3333]
    """
    UnsupportedGameError.unless(game, CoalitionalGame, where="core")
    players = len(game.players)
    members = membership(players)
    least = np.empty(game.draws)
    payoffs = np.empty((players, game.draws))
    for draw in range(game.draws):
        size = float(np.abs(game.worth[:, draw]).max()) or 1.0
        excess, allocation = _nucleolus(members, game.worth[:, draw] / size)
        own = game.worth[1 << np.arange(players), draw] / size
        if (allocation < own - 1e-9).any() and own.sum() <= game.worth[-1, draw] / size:
            # Somebody would rather be alone, and need not put up with it.
            _, allocation = _nucleolus(members, game.worth[:, draw] / size, own)
        least[draw], payoffs[:, draw] = size * excess, size * allocation
    span = np.abs(game.worth).max(axis=0)
    return Core(least, payoffs, least <= 1e-9 * np.where(span > 0, span, 1.0))


def _nucleolus(members: Floats, worth: Floats, least: Floats | None = None) -> tuple[float, Floats]:
    """Lower the largest excess, hold the coalitions that cannot go lower, and repeat.

    Nobody gets less than the least, float[P], if one is given.
    """
    players = members.shape[1]
    whole = len(worth) - 1
    if players == 1:
        return 0.0, worth[-1:]
    bounds = [(None, None)] * players if least is None else [(float(own), None) for own in least]
    free = np.arange(1, whole)
    rows, sums = [members[whole]], [worth[whole]]
    first: float | None = None
    allocation: Floats = np.full(players, worth[whole] / players)
    while free.size and np.linalg.matrix_rank(np.array(rows)) < players:
        answer = _linprog(
            np.append(np.zeros(players), 1.0),
            A_ub=np.hstack([-members[free], -np.ones((free.size, 1))]),
            b_ub=-worth[free],
            A_eq=np.hstack([np.array(rows), np.zeros((len(rows), 1))]),
            b_eq=np.array(sums),
            bounds=[*bounds, (None, None)],
        )
        level = float(answer.x[-1])
        first = level if first is None else first
        allocation = answer.x[:players]
        # A coalition with a price has this excess in every solution; so has what depends on such ones.
        priced = -answer.ineqlin.marginals > 1e-9
        for coalition in free[priced]:
            rows.append(members[coalition])
            sums.append(worth[coalition] - level)
        if least is not None:
            # So has a player whose least has a price.
            for player in np.flatnonzero(answer.lower.marginals[:players] > 1e-9):
                rows.append(np.eye(players)[player])
                sums.append(least[player])
        rows, sums = _independent(rows, sums)
        rank = len(rows)
        fixed = [np.linalg.matrix_rank(np.array([*rows, members[c]])) == rank for c in free]
        free = free[~np.array(fixed, dtype=np.bool_)]
    if len(rows) == players:
        allocation = np.linalg.solve(np.array(rows), np.array(sums))
    excess = float((worth - members @ allocation)[1:whole].max())
    return (excess if first is None else first), allocation + 0.0  # no -0


def _independent(rows: list[Floats], sums: list[float]) -> tuple[list[Floats], list[float]]:
    kept: list[Floats] = []
    totals: list[float] = []
    for row, total in zip(rows, sums, strict=True):
        if np.linalg.matrix_rank(np.array([*kept, row])) > len(kept):
            kept.append(row)
            totals.append(total)
    return kept, totals


def _linprog(cost: Floats, **programme: Any) -> Any:
    from scipy.optimize import linprog  # noqa: PLC0415 - takes long to import

    call: Any = linprog  # whose stubs list every combination of keywords
    return call(cost, method="highs", **programme)
