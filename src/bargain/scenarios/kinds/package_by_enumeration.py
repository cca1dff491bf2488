"""A dispute over several issues settled again package by package, one draw at a time, to audit a sweep."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bargain.axes import Bools, Floats
from bargain.scenarios.kinds.small_game import small_equilibria

__all__ = ["Dispute", "Settlement", "settle"]

_NEAR = 1e-12
_NOTHING = 1e-11  # of the largest gain or loss: a gain no larger is none
_CLEAR = 1e-7  # what linear programs tell from zero

Way = tuple[int, ...]


@dataclass(frozen=True)
class Dispute:
    """The numbers of one dispute, and the rules by which it is settled.

    Attributes
    ----------
    sizes : sequence of int
        How many options each issue has.
    payoffs : mapping of way to sequence of float
        What each player has, by the option of each issue.
    owner : sequence of int, or None
        For each issue the player who settles it alone, if there is one.
    table : sequence of int
        The issues that are bargained over.
    calm : sequence of int
        The tactics that end with an agreement.
    bargainers : sequence of int
    weights : sequence of float
        Of those who bargain.
    concept : str
        ``"nash"``, ``"kalai_smorodinsky"``, ``"egalitarian"`` or ``"utilitarian"``.
    lotteries : bool
    """

    sizes: Sequence[int]
    payoffs: Mapping[Way, Sequence[float]]
    owner: Sequence[int | None]
    table: Sequence[int]
    calm: Sequence[int]
    bargainers: Sequence[int]
    weights: Sequence[float]
    concept: str
    lotteries: bool


@dataclass(frozen=True)
class Settlement:
    """How a dispute is settled.

    Attributes
    ----------
    result : str
        ``"agreed"``, ``"tied"``, ``"no gain"``, ``"no deal"``; or ``"several"`` where there is more than one
        equilibrium without agreement.
    alone, final : mapping of way to float, or None
        How issues stand without agreement, and in the end, with their chances. The latter is not told of a
        lottery, of which there may be several with the same gains.
    gains : mapping of player to float, or None
        Of those that are known; of a lottery, of those who bargain.
    """

    result: str
    alone: Mapping[Way, float] | None = None
    final: Mapping[Way, float] | None = None
    gains: Mapping[int, float] | None = None


def settle(dispute: Dispute) -> Settlement | None:
    """Settle a dispute.

    Parameters
    ----------
    dispute : Dispute

    Returns
    -------
    Settlement, or None
        None where without agreement more than two players would mix, which is not looked into.
    """
    equilibria = [{way: 1.0} for way in _ways(dispute) if _stands(dispute, way)] or _mixed(dispute)
    if equilibria is None:
        return None
    if len(equilibria) != 1:
        return Settlement("several")
    (alone,) = equilibria
    packages = [
        _settled(dispute, alone, options)
        for options in itertools.product(*(range(dispute.sizes[issue]) for issue in dispute.table))
    ]
    everybody = range(len(next(iter(dispute.payoffs.values()))))
    without = [_worth(dispute, alone, i) for i in everybody]
    gains = [[_worth(dispute, end, i) - without[i] for i in dispute.bargainers] for end in packages]
    # Each in units of its largest gain or loss, so that rounding means the same to all.
    units = [max(abs(row[i]) for row in gains) or 1.0 for i in range(len(dispute.bargainers))]
    scaled = [[gain / unit for gain, unit in zip(row, units, strict=True)] for row in gains]
    nothing = dict.fromkeys(everybody, 0.0)
    if dispute.lotteries:
        result, shares = _lottery(dispute, np.array(scaled), np.array(units))
        if shares is None:
            return Settlement(result, alone, alone, nothing)
        told = zip(dispute.bargainers, shares.tolist(), units, strict=True)
        known = {i: share * unit for i, share, unit in told} if result == "agreed" else None
        return Settlement(result, alone, None, known)
    result, best = _package(dispute, scaled, units)
    if best is None:
        return Settlement(result, alone, alone, nothing)
    final = packages[best]
    return Settlement(result, alone, final, {i: _worth(dispute, final, i) - without[i] for i in everybody})


def _settled(dispute: Dispute, alone: Mapping[Way, float], options: Way) -> dict[Way, float]:
    """Return how issues are settled by a package, which leaves the others as they are without."""
    chances: dict[Way, float] = {}
    for way, chance in alone.items():
        end = list(way)
        for issue in dispute.calm:
            end[issue] = 0
        for issue, option in zip(dispute.table, options, strict=True):
            end[issue] = option
        chances[tuple(end)] = chances.get(tuple(end), 0.0) + chance
    return chances


def _worth(dispute: Dispute, chances: Mapping[Way, float], player: int) -> float:
    return sum(chance * dispute.payoffs[way][player] for way, chance in chances.items())


def _ways(dispute: Dispute) -> list[Way]:
    """List how issues may stand without agreement: what nobody settles alone stays as it is."""
    free = (
        range(size) if owner is not None else (0,)
        for size, owner in zip(dispute.sizes, dispute.owner, strict=True)
    )
    return list(itertools.product(*free))


def _stands(dispute: Dispute, way: Way) -> bool:
    """Say whether nobody would rather settle its own issues otherwise."""
    for other in _ways(dispute):
        changed = {owner for owner, a, b in zip(dispute.owner, way, other, strict=True) if a != b}
        if len(changed) == 1:
            (player,) = changed
            assert player is not None  # noqa: S101 - only what somebody settles differs
            if dispute.payoffs[other][player] > dispute.payoffs[way][player]:
                return False
    return True


def _mixed(dispute: Dispute) -> list[dict[Way, float]] | None:
    """Return the equilibria of two players who mix, once actions that are always worse are gone."""
    players = sorted({owner for owner in dispute.owner if owner is not None})
    own = {i: [issue for issue, owner in enumerate(dispute.owner) if owner == i] for i in players}
    actions = [list(itertools.product(*(range(dispute.sizes[issue]) for issue in own[i]))) for i in players]

    def way(taken: Sequence[Way]) -> Way:
        found = [0] * len(dispute.sizes)
        for i, action in zip(players, taken, strict=True):
            for issue, option in zip(own[i], action, strict=True):
                found[issue] = option
        return tuple(found)

    worth = {
        taken: [dispute.payoffs[way(taken)][i] for i in players] for taken in itertools.product(*actions)
    }
    found = small_equilibria(actions, worth)
    if found is None:
        return None
    return [{way(taken): chance for taken, chance in chances.items()} for chances in found]


def _package(
    dispute: Dispute, gains: Sequence[Sequence[float]], units: Sequence[float]
) -> tuple[str, int | None]:
    """Compare the packages that all accept; return the first of the best."""
    accepted = [number for number, row in enumerate(gains) if min(row) >= -_NEAR]
    if not accepted:
        return "no deal", None
    ideal = [max(gains[number][i] for number in accepted) for i in range(len(units))]
    gainers = [i for i, most in enumerate(ideal) if most > _NOTHING]
    if not gainers:
        return "no gain", None
    merits = {number: _merit(dispute, gains[number], gainers, ideal, units) for number in accepted}
    best = accepted[0]
    for number in accepted:
        if _exceeds(merits[number], merits[best]):
            best = number
    if dispute.concept == "nash" and merits[best] == (0.0,):
        return "no gain", None  # never to all who could have more
    ties = [number for number in accepted if not _exceeds(merits[best], merits[number])]
    return ("tied" if len(ties) > 1 else "agreed"), ties[0]


def _merit(
    dispute: Dispute,
    gains: Sequence[float],
    gainers: Sequence[int],
    ideal: Sequence[float],
    units: Sequence[float],
) -> tuple[float, ...]:
    """Return what a concept compares packages by, first things first."""
    weights = dispute.weights
    if dispute.concept == "nash":
        return (math.prod(max(gains[i], 0.0) ** weights[i] for i in gainers),)
    if dispute.concept == "utilitarian":
        size = sum(weight * unit for weight, unit in zip(weights, units, strict=True))
        return (sum(weights[i] * units[i] * gains[i] for i in range(len(gains))) / size,)
    if dispute.concept == "egalitarian":
        return tuple(sorted(gains[i] * units[i] / weights[i] for i in gainers))
    return tuple(sorted(gains[i] / ideal[i] for i in gainers))


def _exceeds(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Say whether one is more at the first place at which they differ."""
    for mine, theirs in zip(one, other, strict=True):
        if abs(mine - theirs) > _NEAR * max(abs(mine), abs(theirs), 1e-6):
            return mine > theirs
    return False


def _lottery(dispute: Dispute, gains: Floats, units: Floats) -> tuple[str, Floats | None]:
    """Return the gains by the best lottery, in units: float[P]; None without agreement."""
    players = range(gains.shape[1])
    most = [_most(gains, np.eye(len(units))[i], np.zeros(len(units))) for i in players]
    if any(share is None for share in most):
        return "no deal", None
    ideal = np.array([share[i] for i, share in enumerate(most) if share is not None])
    gainers = ideal > _CLEAR
    if not gainers.any():
        return "no gain", None
    weights = np.array(dispute.weights)
    if dispute.concept == "nash":
        return "agreed", _prices(gains, np.where(gainers, weights, 0.0))
    if dispute.concept == "utilitarian":
        return _largest_sum(gains, weights * units)
    scale = ideal if dispute.concept == "kalai_smorodinsky" else weights / units
    return "agreed", _levels(gains, scale, gainers)


def _most(gains: Floats, price: Floats, least: Floats) -> Floats | None:
    """Return the gains of the lottery that is worth the most, among those that give all the least."""
    from scipy.optimize import linprog  # noqa: PLC0415 - takes long to import

    answer: Any = linprog(
        -(gains @ price),
        A_ub=-gains.T,
        b_ub=-least,
        A_eq=np.ones((1, len(gains))),
        b_eq=[1.0],
        method="highs",
    )
    return None if answer.status else np.asarray(answer.x @ gains)


def _prices(gains: Floats, weights: Floats) -> Floats:
    """Maximise the product of gains through its dual.

    Prices of the players' gains such that no package is worth more than one, with the largest weighted sum
    of logarithms; a player's gain is its weight over its price.
    """
    from scipy.optimize import Bounds, LinearConstraint, minimize  # noqa: PLC0415 - takes long to import

    gainers = weights > 0
    weights = weights / weights.sum()
    answer: Any = minimize(  # type: ignore[call-overload]  # its stubs want arrays known to have one axis
        lambda price: float(-weights[gainers] @ np.log(price[gainers])),
        np.where(gainers, 1 / (2 * len(weights)), 0.0),
        jac=lambda price: np.where(gainers, -weights / np.maximum(price, 1e-300), 0.0),
        bounds=Bounds(np.where(gainers, 1e-9, 0.0), np.inf),
        constraints=LinearConstraint(gains, -np.inf, 1.0),
        method="SLSQP",
        options={"ftol": 1e-16, "maxiter": 1000},
    )
    # Who cannot gain may have a price, of what it is not made to lose.
    found: Floats = np.where(gainers, weights / np.maximum(answer.x, 1e-300), 0.0)
    return found


def _largest_sum(gains: Floats, price: Floats) -> tuple[str, Floats]:
    """Maximise a sum of gains; several lotteries may."""
    price = price / price.sum()
    best = _most(gains, price, np.zeros(len(price)))
    assert best is not None  # noqa: S101 - somebody gains
    rows = np.column_stack([gains, gains @ price])
    least = np.append(np.zeros(len(price)), best @ price - 1e-10)
    for i in range(len(price)):
        other = _most(rows, -np.eye(len(price) + 1)[i], least)
        if other is not None and best[i] - other[i] > _CLEAR:
            return "tied", best
    return "agreed", best


def _levels(gains: Floats, scale: Floats, gainers: Bools) -> Floats:
    """Raise the least scaled gain as far as it goes, then the least of the others, and so on."""
    from scipy.optimize import linprog  # noqa: PLC0415 - takes long to import

    scaled = gains / np.where(gainers, scale, 1.0)
    packages, players = scaled.shape
    fixed: dict[int, float] = dict.fromkeys(np.flatnonzero(~gainers).tolist(), 0.0)
    while len(fixed) < players:
        free = [i for i in range(players) if i not in fixed]
        # Variables: the lottery, and the level that all who are free reach at least.
        bounds_below = np.array([fixed.get(i, 0.0) for i in range(players)])
        reach = np.array([[float(i in free)] for i in range(players)])
        answer: Any = linprog(
            np.append(np.zeros(packages), -1.0),
            A_ub=np.hstack([-scaled.T, reach]),
            b_ub=-bounds_below + 1e-12,
            A_eq=np.append(np.ones(packages), 0.0)[None],
            b_eq=[1.0],
            bounds=[(0, None)] * (packages + 1),
            method="highs",
        )
        level = float(answer.x[-1])
        least = np.where(reach[:, 0] > 0, level, bounds_below) - 1e-10
        stuck = []
        for i in free:
            most = _most(scaled, np.eye(players)[i], least)
            if most is None or most[i] <= level + _CLEAR:
                stuck.append(i)
        for i in stuck or free:
            fixed[i] = level
    return np.array([fixed[i] * (scale[i] if gainers[i] else 1.0) for i in range(players)])
