"""What `MarkovPerfect` returns: values and strategies in every state, and what play leads to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Bools, Floats, read_only
from bargain.errors import InvalidArgumentError, UnknownDrawError
from bargain.games.stochastic import StochasticGame
from bargain.solvers.markov_policy import Policy, chain, residuals
from bargain.solvers.solution import Codes, Status

__all__ = ["MarkovSolution"]


@dataclass(frozen=True, eq=False)
class MarkovSolution:
    """One Markov perfect equilibrium of every draw of a stochastic game.

    Attributes
    ----------
    game : StochasticGame
        What was solved.
    solver : MarkovPerfect
        How.
    values : float[P, S, N]
        What being in each state is worth to each player; with a horizon, in the first period.
    policy : Policy
        What is played.
    selected : bool[N]
        Whether some stage game had several equilibria, so that the rule of the solver chose.
    codes : int8[N]
        Value of the `Status` of each draw.
    """

    game: StochasticGame
    solver: Any
    values: Floats
    policy: Policy
    selected: Bools
    codes: Codes

    def __post_init__(self) -> None:
        for name in ("values", "selected", "codes"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def status(self) -> npt.NDArray[np.object_]:
        """Status of each draw, Status[N]."""
        return np.array(list(Status), dtype=np.object_)[self.codes]

    @cached_property
    def gain(self) -> Floats:
        """The largest gain that a player has, in any state and period, from acting otherwise once, float[N].

        In payoff units; computed from the game, the policy and the values alone.
        """
        return self._residuals[0]

    @cached_property
    def bellman(self) -> Floats:
        """The largest difference between a value and what the policy gives with what follows, float[N]."""
        return self._residuals[1]

    @cached_property
    def _residuals(self) -> tuple[Floats, Floats]:
        return residuals(self.game, self.policy, self.values)

    def strategies(self, state: str, *, period: int = 0) -> tuple[Floats, ...]:
        """Return what each player does in a state.

        Parameters
        ----------
        state : str
        period : int, default 0
            Counted from 0; makes a difference with a horizon only.

        Returns
        -------
        tuple of float[action, N], length P

        Raises
        ------
        UnknownNameError
        InvalidArgumentError
            If there is no such period.
        """
        return self.policy.strategies(self.game, self._period(period), self.game.state(state))

    def strategy(self, player: str, state: str, *, period: int = 0, draw: int = 0) -> dict[str, float]:
        """Return what a player does in a state, for reading: actions that are never played are left out.

        Parameters
        ----------
        player, state : str
        period : int, default 0
        draw : int, default 0

        Returns
        -------
        dict of action to probability

        Raises
        ------
        UnknownNameError
        InvalidArgumentError
        UnknownDrawError
        """
        number = self.game.labels[0].player(player)
        column = self.strategies(state, period=period)[number][:, self._draw(draw)]
        actions = self.game.labels[self.game.state(state)].actions[number]
        return {
            action: round(float(share), 12)
            for action, share in zip(actions, column, strict=True)
            if share > 0
        }

    def action_values(self, player: str, state: str) -> Floats:
        """Return what each action of a player is worth in a state, given what the others do and what follows.

        Parameters
        ----------
        player, state : str

        Returns
        -------
        float[action, N]
            For ever; of a game with a horizon, ask the solution of one period more.

        Raises
        ------
        UnknownNameError
        InvalidArgumentError
            If the game has a horizon.
        """
        from bargain.games.profiles import action_values  # noqa: PLC0415 - the method has the same name

        if self.game.horizon is not None:
            raise InvalidArgumentError("action_values: a game without horizon was expected")
        number, place = self.game.labels[0].player(player), self.game.state(state)
        stage = self.game.stage_payoffs(place, self.game.continuations(self.values))
        return action_values(stage, self.strategies(state), number)

    def chain(self, *, period: int = 0) -> Floats:
        """Return the probabilities with which states follow each other under the equilibrium.

        Parameters
        ----------
        period : int, default 0

        Returns
        -------
        float[S, S, N]
            From a state, the first axis, to the next; immediate states count as any other.

        Raises
        ------
        InvalidArgumentError
        """
        return chain(self.game, self.policy, self._period(period))

    def to_frame(self, draw: int = 0, *, period: int = 0) -> pd.DataFrame:
        """Return one draw's values and strategies.

        Parameters
        ----------
        draw : int, default 0
        period : int, default 0
            Of the strategies; values are those of the first period.

        Returns
        -------
        pandas.DataFrame
            One row per state; columns ``(player, "value")`` and ``(player, action)``.

        Raises
        ------
        UnknownDrawError
        InvalidArgumentError
        """
        number = self._draw(draw)
        columns: dict[tuple[str, str], npt.NDArray[Any]] = {}
        for player, name in enumerate(self.game.players):
            columns[name, "value"] = self.values[player, :, number].copy()
            for labels in self.game.labels:
                for action in labels.actions[player]:
                    columns.setdefault((name, action), np.full(len(self.game.states), np.nan))
        one = self.policy.take(np.array([number]))
        game = self.game[number]
        for state, labels in enumerate(self.game.labels):
            strategies = one.strategies(game, self._period(period), state)
            for name, actions, strategy in zip(labels.players, labels.actions, strategies, strict=True):
                for action, share in zip(actions, strategy[:, 0], strict=True):
                    columns[name, action][state] = share
        frame = pd.DataFrame(dict(columns), index=pd.Index(self.game.states))
        frame.columns = pd.MultiIndex.from_tuples(list(columns))
        return frame

    def explain(self, draw: int = 0, *, period: int = 0) -> str:
        """Say in words what is played in each state, and how sure that is.

        Parameters
        ----------
        draw : int, default 0
        period : int, default 0

        Returns
        -------
        str

        Raises
        ------
        UnknownDrawError
        InvalidArgumentError
        """
        number = self._draw(draw)
        lines = []
        for state, labels in zip(self.game.states, self.game.labels, strict=True):
            if labels.size == 1:
                lines.append(f"{state}: nobody has a choice.")
                continue
            parts = []
            for player, actions in zip(labels.players, labels.actions, strict=True):
                if len(actions) > 1:
                    chosen = self.strategy(player, state, period=period, draw=number)
                    said = [a if share == 1 else f"{a} ({share:.1%})" for a, share in chosen.items()]
                    parts.append(f"{player} plays {' or '.join(said)}")
            lines.append(f"{state}: {', '.join(parts)}.")
        status = list(Status)[int(self.codes[number])]
        lines.append(f"{status.name}: {status.sentence}")
        if self.selected[number] and status is Status.INCOMPLETE:
            lines.append(
                "A stage has several equilibria; the default, or else the first pure one, was taken."
            )
        lines.append(
            f"The most that anybody gains by acting otherwise once is {self.gain[number]:.1e}; values miss"
            f" their equations by {self.bellman[number]:.1e}."
        )
        return "\n".join(lines)

    def __repr__(self) -> str:
        counts = np.bincount(self.codes, minlength=len(Status))
        summary = ", ".join(f"{counts[status]} {status.name}" for status in Status if counts[status])
        return f"MarkovSolution({len(self.game.states)} states of {self.game.draws} draws; {summary})"

    def _draw(self, draw: int) -> int:
        if not -self.game.draws <= draw < self.game.draws:
            raise UnknownDrawError(f"draw: one of {self.game.draws} draws was expected, given {draw}")
        return draw % self.game.draws

    def _period(self, period: int) -> int:
        if self.game.horizon is None:
            return 0
        if not 0 <= period < self.game.horizon:
            raise InvalidArgumentError(f"period: 0 to {self.game.horizon - 1} was expected, given {period}")
        return period
