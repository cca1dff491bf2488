"""Extreme equilibria of a two-player game in exact rational arithmetic: slow, and as plain as it gets."""

from __future__ import annotations

import itertools
from fractions import Fraction


def extreme_equilibria(rows_get, columns_get):
    """Every pair of vertices of the two best-reply polytopes that has all labels between it.

    Both tables are ``[row][column]`` of numbers that convert exactly to fractions (floats do). Returns a set of
    (row strategy, column strategy), each a tuple of fractions.
    """
    rows, columns = range(len(rows_get)), range(len(rows_get[0]))
    of_columns = vertices([[Fraction(rows_get[i][j]) for j in columns] for i in rows])
    of_rows = vertices([[Fraction(columns_get[i][j]) for i in rows] for j in columns])
    return {
        (x, y)
        for x, columns_best in of_rows.items()
        for y, rows_best in of_columns.items()
        if all(x[i] == 0 or i in rows_best for i in rows)
        and all(y[j] == 0 or j in columns_best for j in columns)
    }


def is_degenerate(rows_get, columns_get):
    """Say whether in some extreme equilibrium a player does not play all its best replies."""
    rows, columns = range(len(rows_get)), range(len(rows_get[0]))
    of_columns = vertices([[Fraction(rows_get[i][j]) for j in columns] for i in rows])
    of_rows = vertices([[Fraction(columns_get[i][j]) for i in rows] for j in columns])
    return any(
        any(x[i] == 0 for i in of_columns[y]) or any(y[j] == 0 for j in of_rows[x])
        for x, y in extreme_equilibria(rows_get, columns_get)
    )


def vertices(replies):
    """The strategies against ``replies[reply][action]`` that equally many best replies pin down: {strategy: best replies}."""
    own, others = range(len(replies)), range(len(replies[0]))
    found = {}
    for size in range(1, min(len(own), len(others)) + 1):
        for chosen in itertools.combinations(own, size):
            for played in itertools.combinations(others, size):
                # Weights that add to one and a level that each chosen reply reaches.
                system = [[replies[i][j] for j in played] + [Fraction(-1), Fraction(0)] for i in chosen]
                system.append([Fraction(1)] * size + [Fraction(0), Fraction(1)])
                solution = solve(system)
                if solution is None or min(solution[:-1]) < 0:
                    continue
                strategy = [Fraction(0)] * len(others)
                for j, weight in zip(played, solution, strict=False):
                    strategy[j] = weight
                values = [sum(w * r for w, r in zip(strategy, row, strict=True)) for row in replies]
                if max(values) == solution[-1]:
                    found[tuple(strategy)] = {i for i in own if values[i] == max(values)}
    return found


def solve(system):
    """Solve a square system, right side in the last column, by elimination; None where it is singular."""
    size = len(system)
    system = [list(row) for row in system]
    for column in range(size):
        pivot = next((row for row in range(column, size) if system[row][column] != 0), None)
        if pivot is None:
            return None
        system[column], system[pivot] = system[pivot], system[column]
        system[column] = [entry / system[column][column] for entry in system[column]]
        for row in range(size):
            if row != column and system[row][column] != 0:
                factor = system[row][column]
                system[row] = [a - factor * b for a, b in zip(system[row], system[column], strict=True)]
    return [row[-1] for row in system]
