"""Candidates for equilibria: judged by regret, told apart, and audited by their indices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bargain.axes import Bools, Floats, Ints
from bargain.games.profiles import action_values
from bargain.solvers.nash.equilibria import Equilibria
from bargain.solvers.nash.indifference import Support, indices, jacobian, newton
from bargain.solvers.solution import Codes, Status

__all__ = ["Candidates"]

_TOUCH = 1e-10  # of a probability or of the payoff range: closer than this to a boundary is on it
_POLISH = 1e-13  # residuals above this are polished
_SAME = 1e-7  # two profiles closer than this are one
_HOPE = 1e-4  # a weight this much below zero is not a rounding error that polishing might repair


@dataclass(frozen=True, eq=False)
class Candidates:
    """Profiles of a batch of games that passed the test of regret, one column each.

    Attributes
    ----------
    draw : int[E]
    strategies : tuple of float[action, E]
    index : float[E]
        +1 or -1 of a regular equilibrium; 0 of one that is not: an unused action is as good as those used, a
        used one has weight zero, or the conditions of the support are singular.
    """

    draw: Ints
    strategies: tuple[Floats, ...]
    index: Floats

    @classmethod
    def none(cls, shape: Sequence[int]) -> Candidates:
        """Return no candidates, of games with these numbers of actions."""
        return cls(np.zeros(0, dtype=np.int64), tuple(np.zeros((size, 0)) for size in shape), np.zeros(0))

    @classmethod
    def joined(cls, parts: Sequence[Candidates]) -> Candidates:
        """Join several lists of candidates for the same games."""
        return cls(
            np.concatenate([part.draw for part in parts]),
            tuple(
                np.concatenate(blocks, axis=1)
                for blocks in zip(*(part.strategies for part in parts), strict=True)
            ),
            np.concatenate([part.index for part in parts]),
        )

    @classmethod
    def judged(cls, unit: Floats, draw: Ints, weights: Sequence[Floats], support: Support) -> Candidates:
        """Keep the profiles on one support that are equilibria.

        Parameters
        ----------
        unit : float[P, A..., N]
            Payoffs, each player's scaled to a range of one.
        draw : int[E]
        weights : sequence of float[s, E]
            Of the actions of the support, one array per player; adding to one, perhaps negative or NaN.
        support : tuple of tuple of int

        Returns
        -------
        Candidates
            Those with no weight below zero and no regret, up to 1e-10.
        """
        shape = unit.shape[1:-1]
        lowest = np.min([weight.min(axis=0) for weight in weights], axis=0)
        hopeful = np.flatnonzero(lowest >= -_HOPE)
        if not hopeful.size:
            return cls.none(shape)
        draw = draw[hopeful]
        strategies = [
            _full(np.take(weight, hopeful, axis=1), actions, size)
            for weight, actions, size in zip(weights, support, shape, strict=True)
        ]
        payoffs = np.take(unit, draw, axis=-1)
        strategies = _polished(payoffs, strategies, support)
        lowest = np.min([s[list(a)].min(axis=0) for s, a in zip(strategies, support, strict=True)], axis=0)
        strategies = [np.maximum(strategy, 0.0) for strategy in strategies]
        strategies = [strategy / strategy.sum(axis=0) for strategy in strategies]
        regret, slack = _regret_and_slack(payoffs, strategies, support)
        kept = np.flatnonzero((lowest >= -_TOUCH) & (regret <= _TOUCH))
        strategies = [np.take(strategy, kept, axis=1) for strategy in strategies]
        index = indices(jacobian(np.take(payoffs, kept, axis=-1), strategies, support))
        index *= np.minimum(lowest, slack)[kept] > _TOUCH
        return cls(draw[kept], tuple(strategies), index)

    def distinct(self) -> Candidates:
        """Return the candidates sorted by draw, of those that coincide only one, the most regular.

        Returns
        -------
        Candidates
        """
        order = np.lexsort((-np.abs(self.index), self.draw))
        draw = self.draw[order]
        columns = np.concatenate([strategy[:, order] for strategy in self.strategies])
        kept = np.ones(draw.size, dtype=np.bool_)
        for shift in range(1, int(np.bincount(draw).max(initial=0))):
            pairs = np.flatnonzero(draw[shift:] == draw[:-shift])
            same = np.abs(columns[:, pairs + shift] - columns[:, pairs]).max(axis=0) < _SAME
            kept[pairs[same] + shift] = False
        order = order[kept]
        return Candidates(
            self.draw[order], tuple(np.take(s, order, axis=1) for s in self.strategies), self.index[order]
        )

    def audited(self, draws: int, doubtful: Bools) -> Equilibria:
        """Return the equilibria with the status of every draw.

        The indices of all equilibria of a generic game add to one; where they do not, some are missing.

        Parameters
        ----------
        draws : int
            Number of games, ``N``.
        doubtful : bool[N]
            Draws in which the conditions of a support were void, so that a continuum may satisfy them.

        Returns
        -------
        Equilibria
            SOLVED where all equilibria are regular and their indices add to one, DEGENERATE where some are
            not regular or the draw is doubtful, INCOMPLETE where indices do not add up, FAILED where none
            was found.
        """
        count = np.bincount(self.draw, minlength=draws)
        total = np.bincount(self.draw, weights=self.index, minlength=draws)
        irregular = np.bincount(self.draw[self.index == 0], minlength=draws) > 0
        codes: Codes = np.full(draws, Status.SOLVED, dtype=np.int8)
        codes[total != 1] = Status.INCOMPLETE
        codes[irregular | doubtful] = Status.DEGENERATE
        codes[count == 0] = Status.FAILED
        return Equilibria(self.draw, self.strategies, codes)


def _full(weight: Floats, actions: tuple[int, ...], size: int) -> Floats:
    if len(actions) == size:
        return weight
    strategy = np.zeros((size, weight.shape[1]))
    strategy[list(actions)] = weight
    return strategy


def _polished(payoffs: Floats, strategies: list[Floats], support: Support) -> list[Floats]:
    """Improve the few columns whose residuals are above rounding error."""
    spread = np.zeros(payoffs.shape[-1])
    for player, actions in enumerate(support):
        if len(actions) > 1:
            values = action_values(payoffs, strategies, player)[list(actions)]
            spread = np.maximum(spread, values.max(axis=0) - values.min(axis=0))
    rough = np.flatnonzero(spread > _POLISH)
    if rough.size:
        some = [strategy[:, rough] for strategy in strategies]
        better, _ = newton(payoffs[..., rough], some, support, steps=6)
        strategies = [strategy.copy() for strategy in strategies]
        for strategy, new in zip(strategies, better, strict=True):
            strategy[:, rough] = new
    return strategies


def _regret_and_slack(
    payoffs: Floats, strategies: Sequence[Floats], support: Support
) -> tuple[Floats, Floats]:
    """Return the largest regret, and by how much the actions outside the support are worse, both float[E]."""
    regret = np.zeros(payoffs.shape[-1])
    slack = np.full(payoffs.shape[-1], np.inf)
    for player, (actions, strategy) in enumerate(zip(support, strategies, strict=True)):
        values = action_values(payoffs, strategies, player)
        regret = np.maximum(regret, (strategy * (values.max(axis=0) - values)).sum(axis=0))
        outside = [action for action in range(values.shape[0]) if action not in actions]
        if outside:
            slack = np.minimum(slack, values[list(actions)].min(axis=0) - values[outside].max(axis=0))
    return regret, slack
