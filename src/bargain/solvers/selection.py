"""Which of a draw's equilibria to expect: selection rules that weigh a solution's equilibria, batched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import numpy as np

from bargain.axes import Bools, Floats, Ints
from bargain.errors import InvalidArgumentError
from bargain.games.normal import NormalForm
from bargain.games.profiles import action_values
from bargain.solvers.logit_qre import LogitQRE
from bargain.solvers.solution import Solution

__all__ = [
    "RULES",
    "BestFor",
    "PayoffDominance",
    "RiskDominance",
    "SelectionRule",
    "StatusQuo",
    "UniformSelection",
    "WorstFor",
]

_TIE = 1e-9  # of a probability, of the range of a player's payoffs or of the larger product of losses
_PRECISION = 2_000.0  # of the logit response, payoffs scaled to a range of one: near enough to its limit


@runtime_checkable
class SelectionRule(Protocol):
    """A rule that says which equilibria of each draw to expect: a frozen dataclass with one method."""

    def select(self, solution: Solution) -> Floats:
        """Return the weight of each equilibrium, float[E]: not negative, adding to one in each draw."""
        ...


@dataclass(frozen=True)
class UniformSelection:
    """Every equilibrium of a draw counts the same.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.NormalForm({"row": ("up", "down"), "column": ("left", "right")}, [[[2, 0], [0, 1]]] * 2)
    >>> print(bg.UniformSelection().select(bg.solve(game, bg.PureNash())))
    [0.5 0.5]
    """

    def select(self, solution: Solution) -> Floats:
        """Return the weight of each equilibrium.

        Parameters
        ----------
        solution : Solution

        Returns
        -------
        float[E]
            Adding to one in each draw that has an equilibrium.
        """
        _expect(self, solution)
        return _shared(solution, np.ones(len(solution), dtype=np.bool_))


@dataclass(frozen=True)
class StatusQuo:
    """What is in force stays in force: the equilibrium under which the default outcome is the most likely.

    Parameters
    ----------
    outcome : mapping of player to action, or sequence of actions in player order
        The default outcome, such as the renewal of a pact that nobody denounces.

    Notes
    -----
    Equilibria whose probabilities of it differ by less than 1e-9 share the weight equally; so do all
    equilibria of a draw where none gives it any.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.NormalForm({"row": ("up", "down"), "column": ("left", "right")}, [[[2, 0], [0, 1]]] * 2)
    >>> print(bg.StatusQuo(("down", "right")).select(bg.solve(game, bg.PureNash())))
    [0. 1.]
    """

    outcome: Mapping[str, str] | Sequence[str] = field(hash=False)

    def __post_init__(self) -> None:
        if isinstance(self.outcome, str) or not self.outcome:
            raise InvalidArgumentError(
                f"StatusQuo: one action for each player was expected, given {self.outcome!r}"
            )
        kept = dict(self.outcome) if isinstance(self.outcome, Mapping) else tuple(self.outcome)
        object.__setattr__(self, "outcome", kept)

    def select(self, solution: Solution) -> Floats:
        """Return the weight of each equilibrium.

        Parameters
        ----------
        solution : Solution

        Returns
        -------
        float[E]
            Adding to one in each draw that has an equilibrium.

        Raises
        ------
        UnknownNameError
            If the game has no such player or action.
        """
        _expect(self, solution)
        likely = solution.outcomes[solution.labels.outcome(self.outcome)]
        return _shared(solution, _largest(solution, likely, np.full(len(solution), _TIE)))


@dataclass(frozen=True)
class PayoffDominance:
    """Nobody settles for what all would leave: the equilibria that no other equilibrium payoff-dominates.

    An equilibrium dominates another when no player gets less in it and one gets more [HarsanyiSelten1988]_.

    Notes
    -----
    Several that do not dominate each other share the weight equally. Payoffs that differ by less than 1e-9 of
    the range of the player's payoffs count as the same.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.NormalForm({"row": ("up", "down"), "column": ("left", "right")}, [[[2, 0], [0, 1]]] * 2)
    >>> print(bg.PayoffDominance().select(bg.solve(game, bg.AllNash())))
    [1. 0. 0.]
    """

    def select(self, solution: Solution) -> Floats:
        """Return the weight of each equilibrium.

        Parameters
        ----------
        solution : Solution

        Returns
        -------
        float[E]
            Adding to one in each draw that has an equilibrium.
        """
        _expect(self, solution)
        tie = _TIE * _ranges(solution.game).take(solution.draw, axis=1)
        dominated = np.zeros(len(solution), dtype=np.bool_)
        for apart in range(1, int(solution.count.max(initial=0))):
            first = np.flatnonzero(solution.draw[apart:] == solution.draw[:-apart])
            second = first + apart
            more = solution.payoffs[:, second] - solution.payoffs[:, first]
            better, worse = (more > tie[:, first]).any(axis=0), (more < -tie[:, first]).any(axis=0)
            dominated[first[better & ~worse]] = True
            dominated[second[worse & ~better]] = True
        return _shared(solution, ~dominated)


@dataclass(frozen=True)
class RiskDominance:
    """The equilibrium that is safer to expect when one does not know what the others expect.

    In games of two players with two actions each and two strict equilibria: the one with the larger product
    of the players' losses from deviating alone [HarsanyiSelten1988]_. In all other games with several
    equilibria: the one nearest to the end of the principal branch of logit responses, which starts where
    every action is equally likely [McKelveyPalfrey1995]_, with each player's payoffs scaled to a range of
    one.

    Notes
    -----
    Products that differ by less than 1e-9 of the larger, and equilibria at the same distance from the branch,
    share the weight equally; so do all equilibria of a draw in which the branch cannot be traced. The branch
    is followed to a precision of 2,000 and not to its limit: where two equilibria lie close together it may
    end nearer to the other.

    Examples
    --------
    The stag hunt: hunting hare is safe.

    >>> import bargain as bg
    >>> game = bg.NormalForm(
    ...     {"row": ("stag", "hare"), "column": ("stag", "hare")},
    ...     [[[4, 0], [3, 2]], [[4, 3], [0, 2]]],
    ... )
    >>> print(bg.RiskDominance().select(bg.solve(game, bg.AllNash())))
    [0. 1. 0.]
    """

    def select(self, solution: Solution) -> Floats:
        """Return the weight of each equilibrium.

        Parameters
        ----------
        solution : Solution

        Returns
        -------
        float[E]
            Adding to one in each draw that has an equilibrium.
        """
        _expect(self, solution)
        game, draw = solution.game, solution.draw
        chosen = np.ones(len(solution), dtype=np.bool_)
        unsettled = solution.count > 1
        if sorted(game.shape)[-2:] == [2, 2] and sum(size > 1 for size in game.shape) == 2:
            product = _deviation_losses(solution)
            two = unsettled & (np.bincount(draw, product > 0, game.draws) == 2)
            larger = _largest(solution, product, _TIE * product)
            chosen = np.where(two[draw], larger, chosen)
            unsettled &= ~two
        rest = np.flatnonzero(unsettled)
        if rest.size:
            traced = LogitQRE(_PRECISION).solve(_scaled(game, rest))
            place = np.full(game.draws, -1)
            place[rest[traced.draw]] = np.arange(len(traced))
            at = np.flatnonzero(place[draw] >= 0)
            distance = np.zeros(len(solution))
            for here, there in zip(solution.strategies, traced.strategies, strict=True):
                distance[at] += np.abs(here[:, at] - there[:, place[draw[at]]]).sum(axis=0)
            chosen &= ~unsettled[draw] | _largest(solution, -distance, np.full(len(solution), _TIE))
        return _shared(solution, chosen)


@dataclass(frozen=True)
class BestFor:
    """The equilibrium in which a player gets the most.

    Parameters
    ----------
    player : str

    Notes
    -----
    Equilibria in which its payoffs differ by less than 1e-9 of their range in the game share the weight
    equally.

    Examples
    --------
    >>> import bargain as bg
    >>> labels = {"row": ("up", "down"), "column": ("left", "right")}
    >>> game = bg.NormalForm(labels, [[[2, 0], [0, 1]], [[1, 0], [0, 2]]])
    >>> print(bg.BestFor("column").select(bg.solve(game, bg.AllNash())))
    [0. 1. 0.]
    """

    player: str

    def select(self, solution: Solution) -> Floats:
        """Return the weight of each equilibrium.

        Parameters
        ----------
        solution : Solution

        Returns
        -------
        float[E]
            Adding to one in each draw that has an equilibrium.

        Raises
        ------
        UnknownNameError
            If the game has no such player.
        """
        _expect(self, solution)
        player = solution.labels.player(self.player, where="BestFor")
        return _shared(solution, _largest(solution, *_payoffs(solution, player)))


@dataclass(frozen=True)
class WorstFor:
    """The equilibrium in which a player gets the least.

    Parameters
    ----------
    player : str

    Notes
    -----
    Ties are as for `BestFor`.

    Examples
    --------
    >>> import bargain as bg
    >>> labels = {"row": ("up", "down"), "column": ("left", "right")}
    >>> game = bg.NormalForm(labels, [[[2, 0], [0, 1]], [[1, 0], [0, 2]]])
    >>> print(bg.WorstFor("column").select(bg.solve(game, bg.AllNash())))
    [0. 0. 1.]
    """

    player: str

    def select(self, solution: Solution) -> Floats:
        """Return the weight of each equilibrium.

        Parameters
        ----------
        solution : Solution

        Returns
        -------
        float[E]
            Adding to one in each draw that has an equilibrium.

        Raises
        ------
        UnknownNameError
            If the game has no such player.
        """
        _expect(self, solution)
        player = solution.labels.player(self.player, where="WorstFor")
        payoffs, tie = _payoffs(solution, player)
        return _shared(solution, _largest(solution, -payoffs, tie))


RULES: dict[str, type[SelectionRule]] = {
    "best_for": BestFor,
    "payoff_dominance": PayoffDominance,
    "risk_dominance": RiskDominance,
    "status_quo": StatusQuo,
    "uniform": UniformSelection,
    "worst_for": WorstFor,
}
"""Every selection rule by name."""


def _expect(chosen: object, solution: object) -> None:
    if not isinstance(solution, Solution):
        raise InvalidArgumentError(
            f"{type(chosen).__name__}.select: a Solution, such as of AllNash(), was expected, given"
            f" {type(solution).__name__}"
        )


def _largest(solution: Solution, values: Floats, tie: Floats) -> Bools:
    """Say which equilibria have the largest value of their draw, or one within their tie of it, bool[E]."""
    best = np.full(solution.game.draws, -np.inf)
    np.maximum.at(best, solution.draw, values)
    result: Bools = values >= best[solution.draw] - tie
    return result


def _shared(solution: Solution, chosen: Bools) -> Floats:
    """Give the chosen equilibria of each draw equal weights, float[E]."""
    number = np.bincount(solution.draw, chosen, solution.game.draws)
    result: Floats = chosen / number[solution.draw]
    return result


def _ranges(game: NormalForm) -> Floats:
    """Return the difference between each player's largest and smallest payoff, float[P, N]."""
    flat = game.payoffs.reshape(len(game.players), -1, game.draws)
    result: Floats = flat.max(axis=1) - flat.min(axis=1)
    return result


def _payoffs(solution: Solution, player: int) -> tuple[Floats, Floats]:
    """Return a player's payoffs and how far apart they may be and still be tied, float[E] both."""
    return solution.payoffs[player], _TIE * _ranges(solution.game)[player].take(solution.draw)


def _deviation_losses(solution: Solution) -> Floats:
    """Return the product of what the two movers lose by deviating alone from a strict equilibrium, float[E].

    Zero where the equilibrium is mixed or not strict.
    """
    batch = solution.game.payoffs.take(solution.draw, axis=-1)
    result = np.ones(len(solution))
    for player, strategy in enumerate(solution.strategies):
        if strategy.shape[0] == 2:
            values = action_values(batch, solution.strategies, player)
            loss = ((2 * strategy - 1) * values).sum(axis=0)
            result *= np.where(strategy.max(axis=0) > 1 - _TIE, loss.clip(0), 0.0)
    return result


def _scaled(game: NormalForm, draws: Ints) -> NormalForm:
    """Return the games of some draws with each player's payoffs in units of their range."""
    ranges = _ranges(game).take(draws, axis=1)
    units = np.where(ranges > 0, ranges, 1.0).reshape(len(game.players), *[1] * len(game.shape), -1)
    return NormalForm(game.labels, game.payoffs.take(draws, axis=-1) / units)
