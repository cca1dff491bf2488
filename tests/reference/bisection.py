"""Thresholds by brute force: look at a grid of values, and halve every interval in which something changes."""

import numpy as np


def stable(payoffs):
    """Say which outcomes are pure Nash equilibria of each draw, ``bool[outcome, draw]``, by the definition."""
    shape = payoffs.shape[1:-1]
    result = np.ones((int(np.prod(shape)), payoffs.shape[-1]), dtype=bool)
    for number, outcome in enumerate(np.ndindex(*shape)):
        for player, size in enumerate(shape):
            for action in range(size):
                deviation = (*outcome[:player], action, *outcome[player + 1 :])
                result[number] &= payoffs[(player, *outcome)] >= payoffs[(player, *deviation)]
    return result


def changes(payoffs_at, ranges, *, points):
    """Return [(parameter, value)] of the first change between every two points of a grid that differ.

    ``payoffs_at(parameters, values)`` returns ``float[player, action..., draw]``: in each draw one parameter,
    given by its number, has a value. ``ranges`` are (low, high) of each parameter.
    """
    grid = np.array([np.linspace(low, high, points) for low, high in ranges])
    number = np.arange(len(ranges)).repeat(points).reshape(grid.shape)
    seen = stable(payoffs_at(number.ravel(), grid.ravel())).reshape(-1, *grid.shape)
    at = (seen[..., 1:] != seen[..., :-1]).any(axis=0)
    below, above, who, under = grid[:, :-1][at], grid[:, 1:][at], number[:, 1:][at], seen[..., :-1][:, at]
    while at.any():
        middle = (below + above) / 2
        if ((middle == below) | (middle == above)).all():
            break
        same = (stable(payoffs_at(who, middle)) == under).all(axis=0)
        below, above = np.where(same, middle, below), np.where(same, above, middle)
    return list(zip(who.tolist(), ((below + above) / 2).tolist(), strict=True))
