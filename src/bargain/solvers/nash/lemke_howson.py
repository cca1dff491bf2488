"""Some equilibria of one two-player game of any size, along the paths of Lemke and Howson."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats
from bargain.solvers.nash.equilibria import Equilibria
from bargain.solvers.nash.exact import integers, probabilities
from bargain.solvers.solution import Status

__all__ = ["some_equilibria"]

_PATHS = 16  # followed at most; each leads to an equilibrium, many to the same one
_PIVOTS = 2_000  # on one path
_SAME = 1e-9

Integers = npt.NDArray[np.object_]


def some_equilibria(payoffs: Floats) -> Equilibria:
    """Return the pure equilibria of a two-player game, and mixed ones to which complementary paths lead.

    From the artificial equilibrium, in which nobody plays anything, a path starts for every action that may
    be dropped [LemkeHowson1964]_. Pivots are exact, in integers, and ties are broken lexicographically, so
    that every path ends in an equilibrium [vonStengel2002]_.

    Parameters
    ----------
    payoffs : float[2, A, B]

    Returns
    -------
    Equilibria
        Of a single draw: INCOMPLETE, or FAILED if all paths are too long.

    Examples
    --------
    >>> import numpy as np
    >>> pennies = np.array([[[1.0, -1], [-1, 1]], [[-1, 1], [1, -1]]])
    >>> some_equilibria(pennies).strategies[0].tolist()
    [[0.5], [0.5]]
    """
    rows, columns = payoffs.shape[1:]
    row, column = payoffs
    pure = np.argwhere((row == row.max(axis=0)) & (column == column.max(axis=1, keepdims=True)))
    found = [(np.eye(rows)[i], np.eye(columns)[j]) for i, j in pure]
    tables = integers(payoffs[1].T), integers(payoffs[0])
    labels = np.unique(np.linspace(0, rows + columns - 1, min(_PATHS, rows + columns)).astype(int))
    for label in labels.tolist():
        end = _path(*tables, label)
        if end is not None and not any(_close(end, other) for other in found):
            found.append(end)
    code = Status.INCOMPLETE if found else Status.FAILED
    strategies = tuple(
        np.array([pair[player] for pair in found]).reshape(len(found), size).T
        for player, size in enumerate((rows, columns))
    )
    return Equilibria(np.zeros(len(found), dtype=np.int64), strategies, np.array([code], dtype=np.int8))


class _Tableau:
    """Constraints ``slack + table z = 1`` in integers: all numbers are those of the table times ``scale``.

    Columns are the labels of all variables, ``first`` those of the slacks on the left, then the right side.
    """

    def __init__(self, table: Integers, slacks: range, unknowns: range) -> None:
        size, count = len(slacks), len(slacks) + len(unknowns)
        self.numbers: Integers = np.zeros((size, count + 1), dtype=object)
        self.numbers[np.arange(size), np.array(slacks)] = 1
        self.numbers[:, np.array(unknowns)] = table
        self.numbers[:, -1] = 1
        self.basis = list(slacks)
        self.scale = 1
        self.slacks = np.array(slacks)

    def enter(self, label: int) -> int:
        """Let a variable enter, and return the label of the one that leaves."""
        column = self.numbers[:, label]
        place = self._leaving(column)
        pivot, line = column[place], self.numbers[place].copy()
        self.numbers = (self.numbers * pivot - column[:, None] * line) // self.scale
        self.numbers[place] = line
        self.scale = pivot
        left, self.basis[place] = self.basis[place], label
        return left

    def _leaving(self, column: Integers) -> int:
        """Return the row of the smallest ratio, the lexicographically smallest if several are equal."""
        places = np.flatnonzero([value > 0 for value in column]).tolist()
        for label in (-1, *self.slacks.tolist()):
            right = self.numbers[:, label]
            best = places[0]
            for place in places[1:]:
                if right[place] * column[best] < right[best] * column[place]:
                    best = place
            places = [p for p in places if right[p] * column[best] == right[best] * column[p]]
            if len(places) == 1:
                break
        return int(places[0])

    def values(self, labels: range) -> Integers:
        """Return the values of some variables, up to their common scale."""
        result = np.zeros(len(labels), dtype=object)
        for place, label in enumerate(self.basis):
            if label in labels:
                result[label - labels.start] = self.numbers[place, -1]
        return result


def _path(column_table: Integers, row_table: Integers, label: int) -> tuple[Floats, Floats] | None:
    """Follow one path; a label is the number of a row, or of a column behind the rows."""
    rows, columns = row_table.shape
    row_labels, column_labels = range(rows), range(rows, rows + columns)
    # In the first tableau rows are played and columns are slacks, in the second the reverse.
    tableaus = (
        _Tableau(column_table, column_labels, row_labels),
        _Tableau(row_table, row_labels, column_labels),
    )
    side, entering = (0 if label in row_labels else 1), label
    for _ in range(_PIVOTS):
        entering = tableaus[side].enter(entering)
        if entering == label:
            played = tableaus[0].values(row_labels), tableaus[1].values(column_labels)
            first, second = (probabilities(own[None])[:, 0] for own in played)
            return first, second
        side = 1 - side
    return None


def _close(one: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> bool:
    return all(np.abs(a - b).max() < _SAME for a, b in zip(one, other, strict=True))
