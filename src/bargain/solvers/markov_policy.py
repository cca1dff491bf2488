"""Policies of stochastic games: what is played in every state, what it is worth, and who would deviate.

The measures here use the game and the policy alone; no solver is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats, Ints
from bargain.games.profiles import expected_payoffs, outcome_probabilities, regrets
from bargain.games.stochastic import StochasticGame

__all__ = ["MixedPlay", "Policy", "chain", "evaluate", "outcome_shares", "residuals"]

Outcomes = npt.NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class MixedPlay:
    """Mixed strategies in one state, for the draws in which they are played.

    Attributes
    ----------
    draw : int[m]
    strategies : tuple of float[action, m], length P
    """

    draw: Ints
    strategies: tuple[Floats, ...]


@dataclass(frozen=True, eq=False)
class Policy:
    """What is played in every state of every period.

    Attributes
    ----------
    pure : int16[T, S, N]
        Number of the outcome where all play pure strategies, and -1 where not. One period stands for all
        where the policy is stationary.
    mixed : dict of (period, state) to MixedPlay
        What is played where ``pure`` is -1.
    """

    pure: Outcomes
    mixed: dict[tuple[int, int], MixedPlay]

    @classmethod
    def empty(cls, periods: int, game: StochasticGame) -> Policy:
        """Return a policy to be filled."""
        return cls(np.zeros((periods, len(game.states), game.draws), dtype=np.int16), {})

    @classmethod
    def of_strategies(cls, game: StochasticGame, strategies: Sequence[Sequence[Floats]]) -> Policy:
        """Return the stationary policy of one draw, from float[action] of every player in every state."""
        pure = np.full((1, len(game.states), 1), -1, dtype=np.int16)
        mixed = {}
        for state, own in enumerate(strategies):
            if all(strategy.max() == 1 for strategy in own):
                outcome = np.ravel_multi_index(
                    tuple(int(strategy.argmax()) for strategy in own), game.labels[state].shape
                )
                pure[0, state] = outcome
            else:
                first = np.zeros(1, dtype=np.int64)
                mixed[0, state] = MixedPlay(first, tuple(strategy[:, None] for strategy in own))
        return cls(pure, mixed)

    @classmethod
    def joined(cls, parts: Sequence[Policy]) -> Policy:
        """Return the policy of the draws of all parts, one part behind the other."""
        if len(parts) == 1:
            return parts[0]
        pure = np.concatenate([part.pure for part in parts], axis=2)
        first = np.cumsum([0, *(part.pure.shape[2] for part in parts)])
        mixed: dict[tuple[int, int], MixedPlay] = {}
        for place in sorted({place for part in parts for place in part.mixed}):
            plays = [(start, part.mixed[place]) for start, part in zip(first, parts, strict=False)
                     if place in part.mixed]  # fmt: skip
            mixed[place] = MixedPlay(
                np.concatenate([play.draw + start for start, play in plays]),
                tuple(
                    np.concatenate(columns, axis=1)
                    for columns in zip(*(play.strategies for _, play in plays), strict=True)
                ),
            )
        return cls(pure, mixed)

    def take(self, draws: slice | Ints) -> Policy:
        """Return the policy of some draws."""
        place = np.full(self.pure.shape[2], -1)
        picked = np.arange(place.size)[draws]
        place[picked] = np.arange(picked.size)
        mixed = {}
        for key, play in self.mixed.items():
            kept = np.flatnonzero(place[play.draw] >= 0)
            if kept.size:
                mixed[key] = MixedPlay(place[play.draw[kept]], tuple(s[:, kept] for s in play.strategies))
        return Policy(self.pure[:, :, draws], mixed)

    def put(self, draws: Ints, part: Policy) -> None:
        """Overwrite the policy of some draws, in place."""
        place = np.zeros(self.pure.shape[2], dtype=np.bool_)
        place[draws] = True
        self.pure[:, :, draws] = part.pure
        for key in {*self.mixed, *part.mixed}:
            old, new = self.mixed.get(key), part.mixed.get(key)
            columns = []
            if old is not None:
                kept = np.flatnonzero(~place[old.draw])
                columns.append((old.draw[kept], [s[:, kept] for s in old.strategies]))
            if new is not None:
                columns.append((draws[new.draw], list(new.strategies)))
            draw = np.concatenate([column[0] for column in columns])
            if draw.size:
                joined = [np.concatenate(s, axis=1) for s in zip(*(c[1] for c in columns), strict=True)]
                self.mixed[key] = MixedPlay(draw, tuple(joined))
            else:
                del self.mixed[key]

    def strategies(self, game: StochasticGame, period: int, state: int) -> tuple[Floats, ...]:
        """Return what each player does in a state, float[action, N] each."""
        labels, pure = game.labels[state], self.pure[period, state]
        actions = np.unravel_index(np.maximum(pure, 0).astype(np.int64), labels.shape)
        result = tuple(
            (np.arange(size)[:, None] == action).astype(np.float64)
            for size, action in zip(labels.shape, actions, strict=True)
        )
        play = self.mixed.get((period, state))
        if play is not None:
            for strategy, mixed in zip(result, play.strategies, strict=True):
                strategy[:, play.draw] = mixed
        return result


def outcome_shares(game: StochasticGame, policy: Policy, period: int, state: int) -> Floats:
    """Return the probability of each outcome of a state, float[O, N]."""
    size = game.labels[state].size
    result: Floats = (np.arange(size)[:, None] == policy.pure[period, state]).astype(np.float64)
    play = policy.mixed.get((period, state))
    if play is not None:
        result[:, play.draw] = outcome_probabilities(play.strategies)
    return result


def chain(game: StochasticGame, policy: Policy, period: int = 0) -> Floats:
    """Return the probabilities of the next state under a policy.

    Parameters
    ----------
    game : StochasticGame
    policy : Policy
    period : int, default 0

    Returns
    -------
    float[S, S, N]
        From a state, the first axis, to the next.
    """
    count = len(game.states)
    result = np.zeros((count, count, game.draws))
    for state in range(count):
        _lead(game, policy, period, state, result[state])
    return result


def _lead(game: StochasticGame, policy: Policy, period: int, state: int, into: Floats) -> None:
    """Add the probabilities of the states that follow one, float[S, N]."""
    shares = outcome_shares(game, policy, period, state)
    moves = game.moves[state].ravel()
    for number in np.unique(moves):
        weight = shares[moves == number].sum(axis=0)
        if weight.any():
            lottery = game.lotteries[number]
            into[list(lottery.next)] += weight * lottery.probability


def _rewards(game: StochasticGame, policy: Policy, period: int, state: int) -> Floats:
    """Return what a state gives to each player under a policy, float[P, N]."""
    own = game.payoffs[state].reshape(len(game.players), -1, game.draws)
    pure = np.maximum(policy.pure[period, state], 0).astype(np.int64)
    result: Floats = np.take_along_axis(own, pure[None, None], axis=1)[:, 0]
    play = policy.mixed.get((period, state))
    if play is not None:
        batch = game.payoffs[state].take(play.draw, axis=-1)
        result[:, play.draw] = expected_payoffs(batch, play.strategies)
    return result


def evaluate(game: StochasticGame, policy: Policy) -> Floats:
    """Return what a stationary policy is worth for ever, by solving its linear equations exactly.

    Parameters
    ----------
    game : StochasticGame
    policy : Policy

    Returns
    -------
    float[P, S, N]
    """
    count, draws = len(game.states), game.draws
    moves = np.ascontiguousarray(chain(game, policy).transpose(2, 0, 1))
    rewards = np.empty((len(game.players), count, draws))
    for state in range(count):
        rewards[:, state] = _rewards(game, policy, 0, state)
    result = np.empty_like(rewards)
    same = (game.discount == game.discount[0]).all()
    groups = [list(range(len(game.players)))] if same else [[p] for p in range(len(game.players))]
    for group in groups:
        rate = np.where(game.immediate[None, :], 1.0, game.discount[group[0]][:, None])
        system = np.eye(count) - moves * rate[:, None, :]
        answer = np.linalg.solve(system, rewards[group].transpose(2, 1, 0))
        result[group] = answer.transpose(2, 1, 0)
    return result


def residuals(game: StochasticGame, policy: Policy, values: Floats) -> tuple[Floats, Floats]:
    """Return how far a policy and its values are from an equilibrium.

    Parameters
    ----------
    game : StochasticGame
    policy : Policy
    values : float[P, S, N]
        Of the first period.

    Returns
    -------
    gain : float[N]
        The largest gain that a player has, in any state of any period, from acting otherwise once.
    bellman : float[N]
        The largest difference between a value and the payoff with what follows under the policy.
    """
    gain, bellman = np.zeros(game.draws), np.zeros(game.draws)
    if game.horizon is None:
        after = _follow(game, policy, 0, values, gain)
        np.maximum(bellman, np.abs(after - values).max(axis=(0, 1)), out=bellman)
        return gain, bellman
    ahead: Floats = game.terminal
    for period in reversed(range(game.horizon)):
        ahead = _follow(game, policy, period, ahead, gain)
    return gain, np.abs(ahead - values).max(axis=(0, 1))


def _follow(game: StochasticGame, policy: Policy, period: int, ahead: Floats, gain: Floats) -> Floats:
    """Return what a period is worth, given the next, and raise the gains to those found in it."""
    result = np.empty(ahead.shape)
    known = np.array(ahead)
    for at_once in (True, False):
        worth = game.continuations(known)
        for state in np.flatnonzero(game.immediate == at_once):
            stage = game.stage_payoffs(int(state), worth)
            result[:, state] = _stage(stage, policy, period, int(state), gain)
            known[:, state] = result[:, state] if at_once else known[:, state]
    return result


def _stage(stage: Floats, policy: Policy, period: int, state: int, gain: Floats) -> Floats:
    """Return expected payoffs in one state, float[P, N], and raise the gains to those found in it."""
    players, *shape, draws = stage.shape
    pure = np.maximum(policy.pure[period, state], 0).astype(np.int64)
    flat = stage.reshape(players, -1, draws)
    values: Floats = np.take_along_axis(flat, pure[None, None], axis=1)[:, 0]
    missed = np.zeros(draws)
    for player, size in enumerate(shape):
        if size > 1:
            best = stage[player].max(axis=player, keepdims=True)
            every = np.broadcast_to(best, stage.shape[1:]).reshape(-1, draws)
            reached = np.take_along_axis(every, pure[None], axis=0)[0]
            np.maximum(missed, reached - values[player], out=missed)
    play = policy.mixed.get((period, state))
    if play is not None:
        batch = stage.take(play.draw, axis=-1)
        values[:, play.draw] = expected_payoffs(batch, play.strategies)
        missed[play.draw] = regrets(batch, play.strategies).max(axis=0)
    np.maximum(gain, missed, out=gain)
    return values
