"""Agent logit quantal response equilibria of games played in stages, by backward induction."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bargain.axes import Bools, Floats
from bargain.errors import InvalidArgumentError, UnsupportedGameError
from bargain.games.labels import Labels
from bargain.games.normal import NormalForm
from bargain.solvers.logit_qre import LogitQRE
from bargain.solvers.solution import Solution, Status

__all__ = ["AgentLogitQRE"]


@dataclass(frozen=True)
class AgentLogitQRE:
    """Logit quantal response equilibrium when groups of players move one after the other, batched.

    Later groups see what earlier ones did; the players of one group move at the same time. A player after
    each history is an agent of its own, who plays each action with a probability proportional to
    ``exp(precision * expected payoff)``, given how everybody plays then and later [McKelveyPalfrey1998]_.

    Parameters
    ----------
    precision : float
        Not negative, in units of one over payoff: payoffs are used in their own units. 0 is uniform play.
    order : sequence of sequence of str
        The groups, first mover first. Every player with a choice stands in exactly one group. Who moves twice
        enters the game as two players with the same payoffs.

    Raises
    ------
    InvalidArgumentError
        If the precision is negative or not finite, or the order is not made of such groups.

    Notes
    -----
    As what was done is seen, every history starts a game of its own, and they are solved from the last stage
    to the first: each stage by `LogitQRE`, on the expected payoffs of what follows. Where one player moves at
    a time the equilibrium is unique. Where several move together and a stage has several equilibria, the one
    on the principal branch of that stage is taken, the payoffs of what follows being held; the whole is an
    equilibrium of the agent form, though it need not lie on the principal branch of the whole game.

    `Solution.strategies` are those seen on the path of play, `Solution.outcomes` the probabilities of
    outcomes; `Solution.regret` is the largest gain from deviating once, after any history; it is positive
    here. Status is SOLVED, or FAILED, without an equilibrium, where the trace failed at some stage.

    Examples
    --------
    The second mover would fight entry only if that were credible; both err.

    >>> import bargain as bg
    >>> game = bg.NormalForm(
    ...     {"entrant": ("stay out", "enter"), "incumbent": ("fight", "share")},
    ...     [[[0, 0], [-1, 1]], [[2, 2], [-1, 1]]],
    ... )
    >>> solution = bg.solve(game, bg.AgentLogitQRE(1.0, [["entrant"], ["incumbent"]]))
    >>> print(solution.outcomes[:, 0].round(3))
    [0.159 0.159 0.081 0.6  ]
    """

    precision: float
    order: Sequence[Sequence[str]]

    def __post_init__(self) -> None:
        LogitQRE(self.precision)  # which checks it
        groups = self.order
        if (
            isinstance(groups, str)
            or not groups
            or any(isinstance(group, str) or not group for group in groups)
        ):
            raise InvalidArgumentError(
                "AgentLogitQRE: order is a list of groups of players that move at the same time, such as"
                f" [['USA'], ['ROK', 'JPN']]; given {groups!r}"
            )
        players = [player for group in groups for player in group]
        twice = sorted({player for player in players if players.count(player) > 1})
        if twice:
            raise InvalidArgumentError(f"AgentLogitQRE: {twice[0]!r} moves more than once in {groups!r}")
        object.__setattr__(self, "order", tuple(tuple(group) for group in groups))

    def solve(self, game: NormalForm) -> Solution:
        """Return the agent equilibrium of every draw.

        Parameters
        ----------
        game : NormalForm
            Payoffs at the end of each path of play.

        Returns
        -------
        Solution
            One equilibrium per draw, none where a stage failed.

        Raises
        ------
        UnknownNameError
            If the order names somebody who does not play.
        UnsupportedGameError
            If the order leaves out a player who has a choice.
        """
        groups = self._groups(game.labels)
        values: Floats = game.payoffs
        outcomes = np.ones((*(1,) * len(game.shape), game.draws))
        regret, known = np.zeros(game.draws), np.ones(game.draws, dtype=np.bool_)
        for group in reversed(groups):
            played, missed, solved = self._stage(game.labels, group, values)
            outcomes = outcomes * played
            values = (values * played).sum(axis=tuple(1 + player for player in group), keepdims=True)
            np.maximum(regret, missed, out=regret)
            known &= solved
        draw = np.flatnonzero(known)
        table = np.broadcast_to(outcomes, (*game.shape, game.draws))[..., draw]
        players = range(len(game.shape))
        return Solution(
            game,
            self,
            draw,
            tuple(table.sum(axis=tuple(axis for axis in players if axis != player)) for player in players),
            regret[draw],
            np.where(known, np.int8(Status.SOLVED), np.int8(Status.FAILED)).astype(np.int8),
            (values.reshape(len(game.shape), -1)[:, draw], table.reshape(-1, draw.size)),
        )

    def _groups(self, labels: Labels) -> list[tuple[int, ...]]:
        groups = [tuple(labels.player(player, where="order") for player in group) for group in self.order]
        listed = set(itertools.chain(*groups))
        left_out = [
            player
            for index, player in enumerate(labels.players)
            if index not in listed and labels.shape[index] > 1
        ]
        if left_out:
            raise UnsupportedGameError(f"AgentLogitQRE: order does not say when {', '.join(left_out)} moves")
        return groups

    def _stage(self, labels: Labels, group: tuple[int, ...], values: Floats) -> tuple[Floats, Floats, Bools]:
        """Solve a stage after every history at once.

        Parameters
        ----------
        labels : Labels
        group : tuple of int
            Who moves.
        values : float[P, A..., N]
            Expected payoffs after the stage; players who move later have a single action left.

        Returns
        -------
        played : float[A..., N]
            Probability of the group's actions after each history.
        regret : float[N]
            The largest after any history.
        solved : bool[N]
            Whether that succeeded after every history.
        """
        front, draws = range(len(group)), values.shape[-1]
        stage = np.moveaxis(values, [1 + player for player in group], [1 + place for place in front])
        sizes, histories = stage.shape[1 : 1 + len(group)], stage.shape[1 + len(group) : -1]
        own = Labels(
            tuple(labels.players[player] for player in group),
            tuple(labels.actions[player] for player in group),
        )
        game = NormalForm(own, stage[list(group)].reshape(len(group), *sizes, -1))
        solution = LogitQRE(self.precision).solve(game)
        played = np.full((own.size, game.draws), 1.0 / own.size)
        played[:, solution.draw] = solution.outcomes
        regret = np.zeros(game.draws)
        regret[solution.draw] = solution.regret
        return (
            np.moveaxis(played.reshape(*sizes, *histories, draws), front, group),
            regret.reshape(-1, draws).max(axis=0),
            (solution.codes == Status.SOLVED).reshape(-1, draws).all(axis=0),
        )
