"""The value of a zero-sum game, and optimal strategies, by linear programming."""

from __future__ import annotations

from typing import Any

import numpy as np

from bargain.axes import Floats

__all__ = ["zero_sum_value"]


def zero_sum_value(matrix: Floats) -> tuple[float, Floats, Floats]:
    """Return the value of a matrix game to the row player, and optimal strategies of rows and columns.

    Parameters
    ----------
    matrix : float[A, B]
        What the column player pays to the row player [vonNeumann1928]_.

    Returns
    -------
    value : float
    rows : float[A]
    columns : float[B]
    """
    low, high = float(matrix.min()), float(matrix.max())
    span = (high - low) or 1.0
    # Payoffs between 1 and 2: the value is positive, and tolerances mean the same everywhere.
    unit = (matrix - low) / span + 1.0
    from scipy.optimize import linprog  # noqa: PLC0415 - takes long to import

    call: Any = linprog
    answer = call(np.ones(matrix.shape[0]), A_ub=-unit.T, b_ub=-np.ones(matrix.shape[1]), method="highs")
    total = float(answer.x.sum())
    rows = np.maximum(answer.x, 0.0)
    columns = np.maximum(-answer.ineqlin.marginals, 0.0)
    rows, columns = rows / rows.sum(), columns / columns.sum()
    return low + span * (1.0 / total - 1.0), rows, columns
