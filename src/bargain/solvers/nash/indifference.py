"""What a mixed equilibrium demands on its support: conditions, their derivatives, Newton's method.

On a support, one tuple of actions per player, every player is indifferent among its actions:

    F[i, a] = u_i(a, rest) - u_i(a_0, rest) = 0     for the actions a of player i's support but the first,
    a_0.

There are as many conditions as free probabilities, the weight of ``a_0`` being one minus the other weights.
The sign of the determinant of ``-dF`` is the equilibrium's index; over the equilibria of a generic game the
indices add to one [GulPearceStacchetti1993]_, which implies that their number is odd.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bargain.axes import Floats, Ints
from bargain.games.profiles import action_values

__all__ = ["Support", "indices", "jacobian", "newton", "residuals", "undominated"]

Support = tuple[tuple[int, ...], ...]

_TIE = 1e-10  # relative to a player's payoff range
_SINGULAR = 1e-6  # of |det| relative to the lengths of the rows (Hadamard's bound)
_FLAT = 1e-9  # a row this short, relative to the payoff range, is indifference that no opponent governs


def undominated(unit: Floats, draws: Ints, support: Support) -> Ints:
    """Return those of the draws in which no action of a support is strictly dominated on it.

    An action that another one, played or not, beats against every profile of the others' supports is never
    part of an equilibrium on this support.

    Parameters
    ----------
    unit : float[P, A..., N]
        Payoffs, each player's scaled to a range of one.
    draws : int[K]
    support : tuple of tuple of int

    Returns
    -------
    int[K']
    """
    for player, actions in enumerate(support):
        if not draws.size:
            break
        face = unit[player]
        for other, theirs in enumerate(support):
            if other != player:
                face = face[(slice(None),) * other + (list(theirs),)]
        face = np.moveaxis(np.take(face, draws, axis=-1), player, 0)
        face = face.reshape(face.shape[0], -1, draws.size)
        # Where each is better than each, by most: an action is not worse than itself, whatever it is.
        lead = (face[list(actions)][:, None] - face).max(axis=2)
        draws = draws[(lead >= -_TIE).all(axis=(0, 1))]
    return draws


def residuals(payoffs: Floats, strategies: Sequence[Floats], support: Support) -> Floats:
    """Return by how much the players prefer their other actions of the support to the first.

    Parameters
    ----------
    payoffs : float[P, A..., E]
    strategies : sequence of float[action, E]
    support : tuple of tuple of int
        The actions of each player that are played.

    Returns
    -------
    float[n, E]
        ``n`` is the number of actions of the support less the number of players.
    """
    parts = []
    for player, actions in enumerate(support):
        if len(actions) > 1:
            values = action_values(payoffs, strategies, player)
            parts.append(values[list(actions[1:])] - values[actions[0]])
    return np.concatenate(parts)


def jacobian(payoffs: Floats, strategies: Sequence[Floats], support: Support) -> Floats:
    """Return the derivatives of the residuals by the free probabilities.

    Parameters
    ----------
    payoffs : float[P, A..., E]
    strategies : sequence of float[action, E]
    support : tuple of tuple of int

    Returns
    -------
    float[n, n, E]
    """
    free = [len(actions) - 1 for actions in support]
    start = np.concatenate([[0], np.cumsum(free)])
    result = np.zeros((start[-1], start[-1], payoffs.shape[-1]))
    for player, own in enumerate(support):
        for other, theirs in enumerate(support):
            if other != player and free[player] and free[other]:
                block = _values_of_pairs(payoffs[player], strategies, player, other)
                block = block[np.ix_(own, theirs)]
                block = block[1:] - block[:1]
                block = block[:, 1:] - block[:, :1]
                result[start[player] : start[player + 1], start[other] : start[other + 1]] = block
    return result


def indices(derivatives: Floats) -> Floats:
    """Return the index of equilibria from the derivatives of their indifference conditions.

    Parameters
    ----------
    derivatives : float[n, n, E]
        As `jacobian` returns them, of payoffs scaled to a range of one.

    Returns
    -------
    float[E]
        +1 or -1; 0 where the derivatives are singular to working precision, as at a multiple root.
    """
    lengths = np.sqrt((derivatives**2).sum(axis=1))
    determinant = _determinant(-derivatives)
    bound = lengths.prod(axis=0)
    regular = (np.abs(determinant) > _SINGULAR * bound) & (lengths > _FLAT).all(axis=0)
    return np.where(regular, np.sign(determinant), 0.0)


def newton(
    payoffs: Floats, strategies: Sequence[Floats], support: Support, *, steps: int
) -> tuple[list[Floats], Floats]:
    """Take Newton steps on the indifference conditions, keeping the best point of each column.

    Parameters
    ----------
    payoffs : float[P, A..., E]
    strategies : sequence of float[action, E]
        Zero outside the support.
    support : tuple of tuple of int
    steps : int

    Returns
    -------
    strategies : list of float[action, E]
        Probabilities may be negative: whether they are is for the caller to see.
    error : float[E]
        The largest residual there.
    """
    best = [strategy.copy() for strategy in strategies]
    error = np.abs(residuals(payoffs, best, support)).max(axis=0)
    current = best
    for _ in range(steps):
        derivatives = jacobian(payoffs, current, support)
        values = residuals(payoffs, current, support)
        current = _moved(current, support, _solution(derivatives, values))
        now = np.abs(residuals(payoffs, current, support)).max(axis=0)
        better = now < error
        error = np.where(better, now, error)
        best = [np.where(better, new, old) for new, old in zip(current, best, strict=True)]
    return best, error


def _values_of_pairs(own: Floats, strategies: Sequence[Floats], player: int, other: int) -> Floats:
    """Return ``float[A_player, A_other, E]``: payoffs by their actions, averaged over the others'."""
    value = own
    for third in reversed(range(len(strategies))):
        if third not in (player, other):
            weight = strategies[third]
            shape = (1,) * third + (weight.shape[0],) + (1,) * (value.ndim - third - 2) + (weight.shape[1],)
            value = (value * weight.reshape(shape)).sum(axis=third)
    return value if player < other else value.swapaxes(0, 1)


def _determinant(matrices: Floats) -> Floats:
    """Return the determinants of ``float[n, n, E]``; up to three without the overhead of a factorisation."""
    m = matrices
    result: Floats
    match m.shape[0]:
        case 1:
            result = m[0, 0]
        case 2:
            result = m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0]
        case 3:
            result = (
                m[0, 0] * (m[1, 1] * m[2, 2] - m[1, 2] * m[2, 1])
                - m[0, 1] * (m[1, 0] * m[2, 2] - m[1, 2] * m[2, 0])
                + m[0, 2] * (m[1, 0] * m[2, 1] - m[1, 1] * m[2, 0])
            )
        case _:
            result = np.asarray(np.linalg.det(np.moveaxis(m, -1, 0)), dtype=np.float64)
    return result


def _solution(derivatives: Floats, values: Floats) -> Floats:
    """Solve ``dF step = F``; where it is singular, by least squares."""
    matrices = np.moveaxis(derivatives, -1, 0)
    right = values.T[..., None]
    try:
        step = np.linalg.solve(matrices, right)
    except np.linalg.LinAlgError:
        step = np.linalg.pinv(matrices, rcond=1e-12) @ right
    return np.asarray(step[..., 0].T, dtype=np.float64)


def _moved(strategies: Sequence[Floats], support: Support, step: Floats) -> list[Floats]:
    moved, start = [], 0
    for strategy, actions in zip(strategies, support, strict=True):
        new = strategy.copy()
        for offset, action in enumerate(actions[1:]):
            new[action] -= step[start + offset]
            new[actions[0]] += step[start + offset]
        start += len(actions) - 1
        moved.append(new)
    return moved
