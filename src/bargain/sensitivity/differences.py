"""Payoff differences: what a player gains from one outcome over another, as polynomials in the parameters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from bargain.axes import Floats, Ints, read_only
from bargain.payoffs.model import PayoffModel

__all__ = ["Differences"]

_NOTHING = 1e-14  # of the terms that were added: what is left of decimal fractions that cancel


@dataclass(frozen=True, eq=False)
class Differences:
    """Payoff differences between pairs of outcomes, each affine in every single parameter.

    Terms common to both outcomes are cancelled before any number is inserted: what does not matter for a
    difference does not touch it by rounding either.

    Attributes
    ----------
    players, outcomes, others : int[K]
        The difference is what the player earns at the outcome, less what it earns at the other one.
    monomials : tuple of tuple of int, length M
        Indices of parameters.
    coefficients : float[K, M]
    """

    players: Ints
    outcomes: Ints
    others: Ints
    monomials: tuple[tuple[int, ...], ...]
    coefficients: Floats

    @classmethod
    def own(cls, model: PayoffModel) -> Self:
        """Compare every outcome with those that one player alone could turn it into.

        An outcome is a pure Nash equilibrium where none of its differences is negative.

        Parameters
        ----------
        model : PayoffModel

        Returns
        -------
        Differences
            Sorted by outcome: as many for each, by player and then by the action it might take instead.
        """
        shape = model.labels.shape
        rows = []
        for outcome, actions in enumerate(np.ndindex(shape)):
            for player, size in enumerate(shape):
                for action in range(size):
                    if action != actions[player]:
                        other = (*actions[:player], action, *actions[player + 1 :])
                        rows.append((player, outcome, int(np.ravel_multi_index(other, shape))))
        return cls._of(model, rows)

    @classmethod
    def every(cls, model: PayoffModel) -> Self:
        """Compare every two outcomes, for every player who has a choice.

        Parameters
        ----------
        model : PayoffModel

        Returns
        -------
        Differences
        """
        movers = [player for player, size in enumerate(model.labels.shape) if size > 1]
        first, second = np.triu_indices(model.labels.size, 1)
        pairs = list(zip(first.tolist(), second.tolist(), strict=True))
        return cls._of(model, [(player, *pair) for player in movers for pair in pairs])

    @classmethod
    def _of(cls, model: PayoffModel, rows: Iterable[tuple[int, int, int]]) -> Self:
        players, outcomes, others = np.array(list(rows), dtype=np.int64).reshape(-1, 3).T
        table = model.coefficients
        coefficients = table[players, outcomes] - table[players, others]
        coefficients[np.abs(coefficients) < _NOTHING * _sizes(model)[players]] = 0.0
        return cls(players, outcomes, others, model.monomials, read_only(coefficients))

    def __len__(self) -> int:
        return self.players.size

    def inserted(self, values: Floats, free: Sequence[int]) -> Floats:
        """Insert the values of all parameters but a few.

        Parameters
        ----------
        values : float[D]
        free : sequence of int, length n
            Indices of the parameters that stay.

        Returns
        -------
        float[K, 2, ..., 2]
            One axis per free parameter: the coefficients of the products without it, and with it.
        """
        result = np.zeros((len(self), *(2 for _ in free)))
        size = np.zeros_like(result)
        for column, monomial in enumerate(self.monomials):
            factor = np.prod([values[index] for index in monomial if index not in free])
            place: tuple[slice | int, ...] = (slice(None), *(int(index in monomial) for index in free))
            term = factor * self.coefficients[:, column]
            result[place] += term
            size[place] += np.abs(term)
        result[np.abs(result) < _NOTHING * size] = 0.0
        return result


def _sizes(model: PayoffModel) -> Floats:
    """Return how large the terms are that a coefficient may be the sum of, float[P, M]."""
    sizes: Floats = np.abs(model.coefficients).max(axis=1)
    columns = {monomial: column for column, monomial in enumerate(model.monomials)}
    for player, term in model.terms:
        monomial = tuple(sorted(model.parameters.index(name) for name in term.parameters))
        if monomial in columns:
            sizes[model.labels.player(player), columns[monomial]] += abs(term.coefficient)
    return sizes
