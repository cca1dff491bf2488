"""Pairs of supports of a two-player game and the bordered determinants whose signs decide about them.

Write ``M(I, J)`` for the determinant of a player's payoffs with replies ``I`` and the other's actions ``J``,
one fewer, bordered by a column of ones. If ``I`` and ``J`` have the same size, the other's strategy on ``J``
that makes the replies ``I`` equally good is ``M(I, J - j)`` with alternating signs, normalised, and a reply
``r`` outside ``I`` gains ``M(I + r, J)`` over them, in units of their sum. The same few determinants serve
all pairs: 10 for a 3x2 game with its 9 pairs, 104 for a 4x4 game with its 69.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bargain.axes import Bools, Floats, Ints

__all__ = ["SupportPairs"]

Support = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class SupportPairs:
    """All pairs of supports of equal size, and what decides about one player's replies to the other there.

    There are K pairs, R replies, A actions of the other and D determinants, by increasing order.

    Attributes
    ----------
    gains : tuple of (first reply, second reply, action)
        Of each determinant of order one.
    expansions : tuple of tuple of (int, int)
        For each later determinant, the earlier ones whose products add up to it with alternating signs, plus
        first.
    starts : tuple of int
        Where the determinants of each order start; at the end, D.
    terms : int[R, K]
        The determinants that must agree in sign: the weights of the other's strategy, then the advantages
        over each reply outside. D stands for the constant one.
    flips : bool[R, K]
        Which of them change sign before.
    weighs : bool[R, K]
        Which of them are weights.
    tight : int[R, K]
        The label, a bit, that a zero among them brings: an action not played, or one more best reply.
    labels : int[K]
        The labels brought anyway.
    replies, actions : int[R, K]
        The two supports; in the places behind, R and A.
    size : int[K]
        Of the supports, ascending.
    pure : float[A, K]
        The strategy on a single action; zero for larger supports.
    """

    gains: tuple[tuple[int, int, int], ...]
    expansions: tuple[tuple[tuple[int, int], ...], ...]
    starts: tuple[int, ...]
    terms: Ints
    flips: Bools
    weighs: Bools
    tight: Ints
    labels: Ints
    replies: Ints
    actions: Ints
    size: Ints
    pure: Floats

    @classmethod
    @lru_cache(maxsize=64)
    def of(cls, rows: int, columns: int, *, swapped: bool) -> SupportPairs:
        """Lay out the pairs for rows as replies to columns or, swapped, for columns as replies to rows.

        Parameters
        ----------
        rows, columns : int
            Numbers of actions.
        swapped : bool

        Returns
        -------
        SupportPairs
            Pairs and labels come in the same order, swapped or not: labels of rows before those of columns.
        """
        own, others = (columns, rows) if swapped else (rows, columns)
        number = _numbered(own, others)
        own_bits = [1 << (reply + rows * swapped) for reply in range(own)]
        other_bits = [1 << (action + rows * (not swapped)) for action in range(others)]
        pairs = [
            pair[::-1] if swapped else pair
            for size in range(1, min(rows, columns) + 1)
            for pair in itertools.product(
                itertools.combinations(range(rows), size), itertools.combinations(range(columns), size)
            )
        ]
        shape = (own, len(pairs))
        terms, tight = np.full(shape, len(number)), np.zeros(shape, dtype=np.int64)
        flips, weighs = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
        replies, actions = np.full(shape, own), np.full(shape, others)
        labels = np.zeros(shape[1], dtype=np.int64)
        for k, (chosen, played) in enumerate(pairs):
            size = len(chosen)
            replies[:size, k], actions[:size, k], weighs[:size, k] = chosen, played, True
            unplayed = set(range(others)) - set(played)
            labels[k] = sum(own_bits[i] for i in chosen) + sum(other_bits[j] for j in unplayed)
            for place, action in enumerate(played):
                tight[place, k] = other_bits[action]
                if size > 1:
                    terms[place, k] = number[chosen, played[:place] + played[place + 1 :]]
                    flips[place, k] = place % 2 == 1
            for place, reply in enumerate(sorted(set(range(own)) - set(chosen)), start=size):
                tight[place, k] = own_bits[reply]
                wider = tuple(sorted((*chosen, reply)))
                terms[place, k] = number[wider, played]
                flips[place, k] = wider.index(reply) % 2 == 1
        sizes = weighs.sum(axis=0)
        pure = ((actions[0] == np.arange(others)[:, None]) & (sizes == 1)).astype(np.float64)
        orders = [len(one) for _, one in number]
        return cls(
            tuple((some[0], some[1], one[0]) for some, one in number if len(one) == 1),
            tuple(_expansion(number, some, few) for some, few in number if len(few) > 1),
            (*map(orders.index, sorted(set(orders))), len(orders)),
            terms, flips, weighs, tight, labels, replies, actions, sizes, pure,
        )  # fmt: skip

    @property
    def count(self) -> int:
        """Number of determinants, D."""
        return self.starts[-1]

    def first_order(self, payoffs: Floats, out: Floats) -> None:
        """Fill in the determinants of order one: gains between two replies.

        Parameters
        ----------
        payoffs : float[reply, action, N]
        out : float[D, N]
            Later rows are left as they are.
        """
        for row, (one, another, action) in zip(out, self.gains, strict=False):
            np.subtract(payoffs[another, action], payoffs[one, action], out=row)

    def expand(self, minors: Floats, *, absolute: bool = False) -> None:
        """Fill in the determinants from order two on, each order from the one before.

        Parameters
        ----------
        minors : float[D, N]
        absolute : bool, default False
            Add up all products, none with a minus: of absolute gains, the size of what a determinant adds up.
        """
        product = np.empty(minors.shape[1])
        for row, expansion in zip(minors[len(self.gains) :], self.expansions, strict=True):
            for place, (gain, minor) in enumerate(expansion):
                if place == 0:
                    np.multiply(minors[gain], minors[minor], out=row)
                    continue
                np.multiply(minors[gain], minors[minor], out=product)
                (np.add if absolute or place % 2 == 0 else np.subtract)(row, product, out=row)


def _numbered(own: int, others: int) -> dict[tuple[Support, Support], int]:
    """Give each determinant ``M(I, J)`` its number, small ones first."""
    keys = (
        (replies, actions)
        for order in range(1, min(own - 1, others) + 1)
        for replies in itertools.combinations(range(own), order + 1)
        for actions in itertools.combinations(range(others), order)
    )
    return {key: place for place, key in enumerate(keys)}


def _expansion(
    number: dict[tuple[Support, Support], int], replies: Support, actions: Support
) -> tuple[tuple[int, int], ...]:
    """Expand along the last column less its first entry: differences of close payoffs lose nothing."""
    return tuple(
        (
            number[(replies[0], replies[place]), actions[-1:]],
            number[replies[:place] + replies[place + 1 :], actions[:-1]],
        )
        for place in range(len(actions), 0, -1)
    )
