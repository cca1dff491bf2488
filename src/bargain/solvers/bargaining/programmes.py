"""Three or more players and lotteries: linear programmes over the hull, one draw at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from bargain.axes import Bools, Floats
from bargain.solvers.bargaining.unit_gains import NOTHING, UnitGains

__all__ = ["ideal_lotteries", "leximin_lottery", "utilitarian_lottery", "widest_lottery"]

_OPTIONS = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


def ideal_lotteries(gains: Floats, floors: Floats) -> tuple[Floats, Floats] | None:
    """Return each player's largest gain that all accept, and a lottery that gives it.

    Parameters
    ----------
    gains : float[P, K]
    floors : float[P]

    Returns
    -------
    ideal : float[P]
    lotteries : float[P, K]
        Or None instead of both where nothing is acceptable to all.
    """
    lotteries = []
    accepts = (gains >= floors[:, None] - 1e-13).all(axis=0)
    for own in gains:
        top = own >= own.max()
        if (top & accepts).any():
            lotteries.append(np.eye(own.size)[np.argmax(top & accepts)])
            continue
        found = _maximise(own, gains, floors)
        if found is None:
            return None
        lotteries.append(found)
    table = np.array(lotteries)
    return np.einsum("ik,ik->i", gains, table), table


def leximin_lottery(gains: Floats, floors: Floats, scale: Floats, gainers: Bools) -> Floats | None:
    """Return the lottery that raises the least scaled gain, then the second least, and so on.

    Parameters
    ----------
    gains : float[P, K]
    floors : float[P]
    scale : float[P]
        Gains are compared after division by it.
    gainers : bool[P]
        Who is counted; the others get their floors.

    Returns
    -------
    float[K]
        None where a programme failed.
    """
    players, packages = gains.shape
    scaled = gains / scale[:, None]
    least = floors / scale
    free = gainers.copy()
    lottery: Floats | None = None
    while free.any():
        # Variables: the lottery, then the common level of those still free.
        cost = np.zeros(packages + 1)
        cost[-1] = -1.0
        matrix = np.hstack([-scaled, np.where(free, 1.0, 0.0)[:, None]])
        limit = np.where(free, 0.0, -least)
        rows = [matrix]
        limits = [limit]
        if (free & (floors > 0)).any():
            rows.append(np.hstack([-scaled[free], np.zeros((free.sum(), 1))]))
            limits.append(-least[free])
        answer = _linprog(
            cost,
            A_ub=np.vstack(rows),
            b_ub=np.concatenate(limits),
            A_eq=np.append(np.ones(packages), 0.0)[None, :],
            b_eq=[1.0],
            bounds=[(0, None)] * packages + [(None, None)],
        )
        if answer.status:
            return lottery
        lottery = _tidy(answer.x[:packages])
        # Who has a price cannot be raised above the level; at least one player has.
        bound = free & (-answer.ineqlin.marginals[:players] > 1e-9)
        if not bound.any():
            bound = free & (scaled @ lottery <= answer.x[-1] + 1e-9)
        least = np.where(bound, answer.x[-1], least)
        free &= ~bound
    return lottery


def widest_lottery(gains: Floats, floors: Floats) -> Floats:
    """Return an acceptable lottery, float[K], with every package that some acceptable lottery has.

    What is acceptable at some probability is so at a multiple of it: so weights without a fixed sum, of which
    as many as can be reach one, show in a single programme which packages can have any.
    """
    packages = gains.shape[1]
    over = gains - floors[:, None]
    answer = _linprog(
        np.append(np.zeros(packages), -np.ones(packages)),
        A_ub=np.vstack([
            np.hstack([-over, np.zeros_like(over)]),
            np.hstack([-np.eye(packages), np.eye(packages)]),
        ]),
        b_ub=np.zeros(over.shape[0] + packages),
        bounds=[(0, None)] * packages + [(0, 1)] * packages,
    )  # fmt: skip
    weights: Floats = np.maximum(answer.x[:packages], 0.0)
    result: Floats = weights / weights.sum()
    return result


def utilitarian_lottery(unit: UnitGains, draw: int, weights: Floats) -> tuple[Floats, bool] | None:
    """Return a lottery that maximises the weighted sum of unit gains, and whether others do as well."""
    gains, floors = unit.gains[..., draw], unit.floors[:, draw]
    price = weights @ gains
    first = _maximise(price, gains, floors)
    if first is None:
        return None
    total = price @ first
    # Sums within this of the best count as the best; programmes are solved to 1e-10.
    face = np.vstack([gains, price[None, :]])
    limits = np.append(floors, total - 1e-10 * max(1.0, float(np.abs(price).max())))
    ends = [_maximise(sign * own, face, limits) for own in gains for sign in (1.0, -1.0)]
    points = np.array([gains @ end for end in ends if end is not None])
    tied = bool(points.size and (np.ptp(points, axis=0) > 1e-7).any())
    if not tied:
        return first, False
    fair = _fairest(gains, unit.span[:, draw], face, limits)
    return (first if fair is None else fair), True


def _fairest(gains: Floats, span: Floats, face: Floats, limits: Floats) -> Floats | None:
    """Raise the smallest gain among what the face allows."""
    players, packages = gains.shape
    answer = _linprog(
        np.append(np.zeros(packages), -1.0),
        A_ub=np.vstack([
            np.hstack([-gains * span[:, None], np.ones((players, 1))]),
            np.hstack([-face, np.zeros((face.shape[0], 1))]),
        ]),
        b_ub=np.concatenate([np.zeros(players), -limits]),
        A_eq=np.append(np.ones(packages), 0.0)[None, :],
        b_eq=[1.0],
        bounds=[(0, None)] * packages + [(None, None)],
    )  # fmt: skip
    return None if answer.status else _tidy(answer.x[:packages])


def _maximise(objective: Floats, gains: Floats, floors: Floats) -> Floats | None:
    """Return the lottery, float[K], that maximises a linear objective among those that all accept."""
    answer: Any = _linprog(
        -objective,
        A_ub=-gains,
        b_ub=-floors,
        A_eq=np.ones((1, objective.size)),
        b_eq=[1.0],
    )
    return None if answer.status else _tidy(answer.x)


def _linprog(cost: Floats, **programme: Any) -> Any:
    from scipy.optimize import linprog  # noqa: PLC0415 - takes long to import

    call: Any = linprog  # whose stubs list every combination of keywords
    return call(cost, method="highs", options=_OPTIONS, **programme)


def _tidy(lottery: Floats) -> Floats:
    """Return the lottery without rounding: weights below `NOTHING` are none."""
    kept = np.where(lottery > NOTHING, lottery, 0.0)
    tidy: Floats = kept / kept.sum()
    return tidy
