"""The largest weighted Nash product over lotteries, for any number of players and all draws at once.

A primal-dual interior-point method on

    maximise   sum_i w_i log(u_i)   where  u = G l,  l in the simplex,  u >= r

whose only nonlinear conditions are products: ``u_i z_i = w_i`` for the prices ``z`` of the players' gains,
``l_k s_k = 0`` for the packages and ``v_i y_i = 0`` for the slack ``v = u - r`` of floors. Each step solves
one system of as many unknowns as players plus one, whatever the number of packages [Ye1997]_.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from bargain.axes import Bools, Floats

__all__ = ["largest_log_product"]

_STEPS = 150
_DARING = 25  # steps with a corrector, which may go in circles; without it they cannot
_ENOUGH = 1e-11  # complementarity per package at which active sets are known and Newton takes over


def largest_log_product(
    gains: Floats, floors: Floats, weights: Floats, start: Floats, held: Bools
) -> tuple[Floats, Floats]:
    """Return the lottery with the largest product of gains to the power of weights.

    Parameters
    ----------
    gains : float[N, P, K]
        In units that make them of order one.
    floors : float[N, P]
        The least gain of each player; positive ones bind.
    weights : float[N, P]
        Non-negative, adding to one; zero for players that are left out of the product.
    start : float[N, K]
        Lotteries, each package with positive probability, that give every player with a weight a positive
        gain, above its floor.
    held : bool[N, P]
        Whose gain stays what it is at the start; no two of these conditions say the same.

    Returns
    -------
    lottery : float[N, K]
    gap : float[N]
        By how much the logarithm of the product could at most be raised: a bound from the prices, which
        holds however the lottery was found.
    """
    lottery, gap = _search(gains, floors, weights, start, held, _DARING)
    again = np.flatnonzero(~(gap < 1e-9))
    if again.size:
        more, less = _search(gains[again], floors[again], weights[again], start[again], held[again], 0)
        lottery[again], gap[again] = more, less
    return lottery, gap


def _search(
    gains: Floats, floors: Floats, weights: Floats, start: Floats, held: Bools, daring: int
) -> tuple[Floats, Floats]:
    """Follow the path, with correctors in so many first steps; then finish by Newton's method."""
    lottery = start / start.sum(axis=1, keepdims=True)
    matrix = gains
    floors = np.where(held, np.einsum("nik,nk->ni", matrix, lottery), floors)
    counted = (weights > 0) & ~held
    floored = (floors > 0) & ~held
    u = np.einsum("nik,nk->ni", matrix, lottery)
    safe = np.where(counted, u, 1.0)
    z = np.where(counted, weights / safe, 0.0)
    v = np.where(floored, u - floors, 1.0)
    mu = np.full(len(u), 0.1 / gains.shape[2])
    y = np.where(floored, mu[:, None] / v, 0.0)
    value = np.einsum("nik,ni->nk", matrix, z + y)
    # A price of the whole above every package's price: slacks start positive.
    nu = value.max(axis=1) + 0.1
    s = nu[:, None] - value
    live = np.ones(len(u), dtype=np.bool_)
    for step in range(_STEPS):
        index = np.flatnonzero(live)
        if not index.size:
            break
        moved, done = _step(
            matrix[index], lottery[index], u[index], z[index], v[index], y[index], s[index], nu[index],
            weights[index], counted[index], floored[index], held[index], step >= daring,
        )  # fmt: skip
        lottery[index], u[index], z[index], v[index], y[index], s[index], nu[index] = moved
        live[index[done]] = False
    weights = np.where(counted, weights, 0.0)
    y = np.where(floored, y, 0.0)
    gap = _gap(matrix, floors, weights, lottery, y)
    polished, prices = _polish(matrix, floors, weights, lottery, s, np.where(held, -1.0, v), y, nu)
    closer = _gap(matrix, floors, weights, polished, prices)
    better = (closer <= gap) & (polished >= 0).all(axis=1)
    least = np.where(floored | held, floors, -np.inf)
    better &= (np.einsum("nik,nk->ni", matrix, polished) >= least - 1e-14).all(axis=1)
    return np.where(better[:, None], polished, lottery), np.where(better, closer, gap)


def _step(
    matrix: Floats,
    lottery: Floats,
    u: Floats,
    z: Floats,
    v: Floats,
    y: Floats,
    s: Floats,
    nu: Floats,
    weights: Floats,
    counted: Bools,
    floored: Bools,
    held: Bools,
    careful: bool,  # noqa: FBT001 - called from one place
) -> tuple[tuple[Floats, ...], Bools]:
    """Take a predictor-corrector step of every live draw; a careful one goes without the corrector."""
    games, players, packages = matrix.shape
    parts = packages + floored.sum(axis=1)
    mean = ((lottery * s).sum(axis=1) + (v * y * floored).sum(axis=1)) / parts
    diagonal = lottery / s
    safe_u = np.where(counted, u, 1.0)
    curvature = np.where(counted, z / safe_u, 0.0) + np.where(floored, y / v, 0.0)
    moves = counted | floored
    inverse = np.where(moves, 1.0 / np.where(moves, curvature, 1.0), np.where(held, 0.0, 1.0))
    system = np.empty((games, players + 1, players + 1))
    weighted = matrix * diagonal[:, None, :]
    system[:, :players, :players] = weighted @ matrix.transpose(0, 2, 1)
    # Players that neither count nor are held have no price: their row says q = 0.
    idle = ~moves & ~held
    column = -weighted.sum(axis=2)
    system[:, :players, :players][idle] = 0.0
    system[:, :players, :players].transpose(0, 2, 1)[idle] = 0.0
    column = np.where(idle, 0.0, column)
    system[:, np.arange(players), np.arange(players)] += inverse
    system[:, :players, players] = column
    system[:, players, :players] = column
    system[:, players, players] = diagonal.sum(axis=1)

    def direction(target: Floats, second: tuple[Floats, Floats, Floats]) -> tuple[Floats, ...]:
        pushed, cross_u, cross_v = second
        force = np.where(counted, (weights - z * u - cross_u) / safe_u, 0.0)
        force += np.where(floored, (target[:, None] - y * v - cross_v) / v, 0.0)
        r = (target[:, None] - lottery * s - pushed) / s
        push = np.einsum("nik,nk->ni", matrix, r)
        right = np.empty((games, players + 1))
        right[:, :players] = np.where(idle, 0.0, inverse * force - push)
        right[:, players] = r.sum(axis=1)
        solved = _solved(system, right)
        q, dnu = solved[:, :players], solved[:, players]
        ds = dnu[:, None] - np.einsum("nik,ni->nk", matrix, q)
        dl = r - diagonal * ds
        du = np.einsum("nik,nk->ni", matrix, dl)
        dz = np.where(counted, (weights - z * u - cross_u - z * du) / safe_u, 0.0)
        dy = np.where(floored, (target[:, None] - y * v - cross_v - y * du) / v, 0.0)
        # What the held players' prices take up stays in the slacks.
        return dl, du, dz, dy, ds, dnu

    def length(moved: tuple[Floats, ...]) -> Floats:
        dl, du, dz, dy, ds, _ = moved
        result = np.full(games, np.inf)
        for value, change, mask in (
            (lottery, dl, None), (s, ds, None), (u, du, counted), (z, dz, counted), (v, du, floored),
            (y, dy, floored),
        ):  # fmt: skip
            falls = change < 0 if mask is None else (change < 0) & mask
            room = np.where(falls, -value / np.where(falls, change, -1.0), np.inf)
            result = np.minimum(result, room.min(axis=1))
        return result

    def products(moved: tuple[Floats, ...], reach: Floats) -> tuple[Floats, Floats, Floats]:
        """Return the three kinds of products after a step, those that are not there as their targets."""
        dl, du, dz, dy, ds, _ = moved
        a = reach[:, None]
        packages_ = (lottery + a * dl) * (s + a * ds)
        slacks = np.where(floored, (v + a * du) * (y + a * dy), 0.0)
        level = (packages_.sum(axis=1) + slacks.sum(axis=1)) / parts
        low = np.minimum(packages_.min(axis=1), np.where(floored, slacks, np.inf).min(axis=1))
        shares = np.where(counted, (u + a * du) * (z + a * dz) / np.where(counted, weights, 1.0), 1.0)
        return level, low, shares.min(axis=1)

    zero = np.zeros(games)
    level, low, share = products(tuple(np.zeros_like(x) for x in (lottery, u, z, y, s, nu)), zero)
    # How far below their mean products may be; what is already further away comes nearer first.
    slack = 1.0 - 1e-9 if careful else 0.5
    allowed = np.minimum(1e-3, slack * low / level), np.minimum(0.1, slack * share)
    astray = (low < 2e-3 * level) | (share < 0.2)

    def central(moved: tuple[Floats, ...]) -> Floats:
        """Return the longest step that keeps all products near each other: else the next steps jam."""
        reach = np.minimum(1.0, 0.995 * length(moved))
        for _ in range(40):
            level, low, share = products(moved, reach)
            fine = (low >= allowed[0] * level) & (share >= allowed[1])
            if fine.all():
                break
            reach = np.where(fine, reach, 0.7 * reach)
        return reach

    none = (np.zeros_like(lottery), np.zeros_like(u), np.zeros_like(u))
    guess = direction(zero, none)
    left, _, _ = products(guess, np.minimum(1.0, length(guess)))
    target = mean * np.clip(left / mean, 1e-4, 1.0) ** 2
    dl, du, dz, dy, ds, _ = guess
    moved = direction(target, (dl * ds, du * dz, du * dy))
    reach = central(moved)
    if careful or (reach < 0.3).any():
        plain = direction(np.where(astray, mean, np.maximum(target, 0.3 * mean)), none)
        longer = central(plain)
        better = ((longer > reach) & (reach < 0.3)) | careful
        reach = np.where(better, longer, reach)
        moved = tuple(
            np.where(better.reshape(-1, *[1] * (one.ndim - 1)), one, other)
            for one, other in zip(plain, moved, strict=True)
        )
    a = reach[:, None]
    dl, du, dz, dy, ds, dnu = moved
    level, _, _ = products(moved, reach)
    mixed = lottery + a * dl
    mixed /= mixed.sum(axis=1, keepdims=True)
    after = (
        mixed,
        np.einsum("nik,nk->ni", matrix, mixed),
        z + a * dz,
        np.where(floored, v + a * du, 1.0),
        y + a * dy,
        s + a * ds,
        nu + reach * dnu,
    )
    return after, level < _ENOUGH


def _solved(system: Floats, right: Floats) -> Floats:
    """Solve a batch of systems; those that are singular, alone, in least squares."""
    try:
        solved: Any = np.linalg.solve(system, right[..., None])[..., 0]
    except np.linalg.LinAlgError:  # where fewer packages carry weight than there are players
        half = len(system) // 2
        if not half:
            solved = (np.linalg.pinv(system) @ right[..., None])[..., 0]
        else:
            parts = [_solved(system[part], right[part]) for part in (slice(half), slice(half, None))]
            solved = np.concatenate(parts)
    result: Floats = solved
    return result


def _polish(
    matrix: Floats,
    floors: Floats,
    weights: Floats,
    lottery: Floats,
    s: Floats,
    v: Floats,
    y: Floats,
    nu: Floats,
) -> tuple[Floats, Floats]:
    """Solve the conditions as equations, with what is active at the end of the interior path held active.

    No more packages than players and one are needed; draws with more are left to their interior solution.
    """
    games, players, packages = matrix.shape
    size = min(packages, players + 1)
    some = np.argsort(-lottery, axis=1)[:, :size]
    chosen = np.take_along_axis(lottery, some, axis=1)
    used = chosen > np.take_along_axis(s, some, axis=1)
    chosen = np.where(used, chosen, 0.0)
    part = np.take_along_axis(matrix, some[:, None, :], axis=2)
    tight = y > v
    price, nu = np.where(tight, y, 0.0), nu.copy()
    system = np.zeros((games, size + 1 + players, size + 1 + players))
    for _ in range(3):
        u = np.einsum("nik,nk->ni", part, chosen)
        safe = np.where(weights > 0, u, 1.0)
        curved = part * (weights / safe**2)[:, :, None]
        use, tie = used[:, :, None], tight[:, :, None]
        eye = np.eye(size)[None], np.eye(players)[None]
        system[:, :size, :size] = np.where(use, part.transpose(0, 2, 1) @ curved, eye[0])
        system[:, :size, size] = used
        system[:, :size, size + 1 :] = np.where(use, -part.transpose(0, 2, 1), 0.0)
        system[:, size, :size] = 1.0
        system[:, size + 1 :, :size] = np.where(tie, part, 0.0)
        system[:, size + 1 :, size + 1 :] = np.where(tie, 0.0, eye[1])
        right = np.empty((games, size + 1 + players))
        value = np.einsum("nik,ni->nk", part, weights / safe + price)
        right[:, :size] = np.where(used, value - nu[:, None], 0.0)
        right[:, size] = 1.0 - chosen.sum(axis=1)
        right[:, size + 1 :] = np.where(tight, floors - u, 0.0)
        moved = (np.linalg.pinv(system, rcond=1e-13) @ right[..., None])[..., 0]
        chosen = chosen + moved[:, :size]
        nu = nu + moved[:, size]
        price = price + moved[:, size + 1 :]
    result = np.zeros_like(lottery)
    # Rounding of what was held at zero is swept away; a weight below zero by more shows a wrong active set.
    np.put_along_axis(result, some, np.where(used & (np.abs(chosen) > 1e-14), chosen, 0.0), axis=1)
    return result, np.where(tight, price, 0.0)


def _gap(matrix: Floats, floors: Floats, weights: Floats, lottery: Floats, y: Floats) -> Floats:
    """Bound what is left to gain: the best package at the prices, over the lottery at the prices."""
    u = np.einsum("nik,nk->ni", matrix, lottery)
    counted = weights > 0
    prices = np.where(counted, weights / np.where(counted, u, 1.0), 0.0) + y
    value = np.einsum("nik,ni->nk", matrix, prices)
    slack = (y * (u - floors)).sum(axis=1)
    result: Floats = value.max(axis=1) - (value * lottery).sum(axis=1) + slack
    return result
