"""Where play leads: chances of states period by period, exact and simulated, and how long a status lasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Bools, Floats, read_only
from bargain.errors import InvalidArgumentError
from bargain.games.stochastic import StochasticGame
from bargain.seeds import check_seed, generator
from bargain.solvers.markov_policy import Policy, outcome_shares
from bargain.solvers.markov_solution import MarkovSolution

__all__ = ["Paths", "Survival", "simulate_paths", "state_probabilities", "survival"]

_BLOCK = 8_192  # draws that share a stream of random numbers

Start = str | Mapping[str, float] | Floats


@dataclass(frozen=True, eq=False)
class Survival:
    """How long play stays within some states, in every draw.

    Attributes
    ----------
    states : tuple of str
        The status: play has survived as long as each period began in one of these.
    curve : float[T + 1, N]
        Probability of having survived to the beginning of each period; the first is the present.
    occupied : float[T + 1, N]
        Probability of beginning a period within the status, whether or not play had left it before.
    first : int
        Number of the first period, such as a year.
    """

    states: tuple[str, ...]
    curve: Floats
    occupied: Floats
    first: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "curve", read_only(self.curve))
        object.__setattr__(self, "occupied", read_only(self.occupied))

    @property
    def hazard(self) -> Floats:
        """Probability that the status ends in a period, given that it had lasted, float[T, N]; else NaN."""
        alive, next_ = self.curve[:-1], self.curve[1:]
        return np.divide(alive - next_, alive, out=np.full_like(alive, np.nan), where=alive > 0)

    @property
    def expected(self) -> Floats:
        """Expected number of periods, of the first T, that begin within the status, float[N]."""
        result: Floats = self.occupied[:-1].sum(axis=0)
        return result

    def fan(self, quantiles: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95)) -> pd.DataFrame:
        """Return quantiles over draws of the survival curve, and its mean.

        Parameters
        ----------
        quantiles : sequence of float, optional

        Returns
        -------
        pandas.DataFrame
            One row per period; the quantiles, then ``"mean"``.
        """
        rows = np.quantile(self.curve, quantiles, axis=1)
        frame = pd.DataFrame(rows.T, index=self._index(), columns=[float(q) for q in quantiles])
        frame["mean"] = self.curve.mean(axis=1)
        return frame

    def to_frame(self, draw: int = 0) -> pd.DataFrame:
        """Return one draw's curve and hazard.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        pandas.DataFrame
            One row per period.
        """
        hazard = np.append(self.hazard[:, draw], np.nan)
        columns = {"survival": self.curve[:, draw], "occupied": self.occupied[:, draw], "hazard": hazard}
        return pd.DataFrame(columns, index=self._index())

    def _index(self) -> pd.Index:
        return pd.RangeIndex(self.first, self.first + self.curve.shape[0], name="period")


@dataclass(frozen=True, eq=False)
class Paths:
    """Simulated play.

    Attributes
    ----------
    game : StochasticGame
    states : int16[T + 1, K, N]
        Number of the state in which each period begins, of each path of each draw.
    outcomes : int16[T, K, N]
        What was played there, as the number of an outcome of that state.
    passed : int16[T, K, N]
        The immediate state through which a period led; -1 where through none.
    passed_outcomes : int16[T, K, N]
        What was played in that; -1 where there was none.
    seed : int
    """

    game: StochasticGame
    states: npt.NDArray[np.int16]
    outcomes: npt.NDArray[np.int16]
    passed: npt.NDArray[np.int16]
    passed_outcomes: npt.NDArray[np.int16]
    seed: int

    def __post_init__(self) -> None:
        for name in ("states", "outcomes", "passed", "passed_outcomes"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def survival(self, states: Sequence[str], *, first: int = 0) -> Survival:
        """Return the shares of paths that stayed within some states, draw by draw.

        Parameters
        ----------
        states : sequence of str
        first : int, default 0
            Number of the first period.

        Returns
        -------
        Survival

        Raises
        ------
        UnknownNameError
        """
        inside = _members(self.game, states)[self.states]
        lasting = np.logical_and.accumulate(inside, axis=0)
        return Survival(tuple(states), lasting.mean(axis=1), inside.mean(axis=1), first)

    @cached_property
    def shares(self) -> Floats:
        """Shares of paths, of all draws, that begin each period in each state, float[T + 1, S]."""
        count = len(self.game.states)
        rows = [np.bincount(row.ravel(), minlength=count) for row in self.states]
        result: Floats = np.array(rows) / self.states[0].size
        return result

    def story(self, draw: int = 0, path: int = 0, *, first: int = 0) -> pd.DataFrame:
        """Return one path for reading.

        Parameters
        ----------
        draw, path : int, default 0
        first : int, default 0
            Number of the first period.

        Returns
        -------
        pandas.DataFrame
            One row per period: state, what was played, and the same of an immediate state.
        """
        rows = []
        for period in range(self.outcomes.shape[0]):
            state, through = (int(array[period, path, draw]) for array in (self.states, self.passed))
            rows.append((
                self.game.states[state],
                _played(self.game, state, int(self.outcomes[period, path, draw])),
                "" if through < 0 else self.game.states[through],
                "" if through < 0
                else _played(self.game, through, int(self.passed_outcomes[period, path, draw])),
            ))  # fmt: skip
        index = pd.RangeIndex(first, first + len(rows), name="period")
        return pd.DataFrame(rows, index=index, columns=["state", "played", "then", "played then"])


def state_probabilities(solution: MarkovSolution, start: Start, periods: int) -> Floats:
    """Return how likely each state is at the beginning of each period, exactly.

    Parameters
    ----------
    solution : MarkovSolution
    start : str, mapping of state to probability, or float[S, N]
        An immediate state is left within the first period.
    periods : int
        How many; at most the horizon.

    Returns
    -------
    float[T + 1, S, N]
        The first is the start.

    Raises
    ------
    UnknownNameError
    InvalidArgumentError

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.StochasticGame.of(
    ...     "owner", {"works": {"run": (1, {"works": 0.9, "broken": 0.1})}, "broken": {}}, discount=0.9
    ... )
    >>> solution = bg.MarkovPerfect().solve(game)
    >>> print(bg.state_probabilities(solution, "works", 2)[:, :, 0].round(6))
    [[1.   0.  ]
     [0.9  0.1 ]
     [0.81 0.19]]
    """
    chances = _start(solution.game, start)
    _check_periods(solution, periods)
    game = solution.game
    result = np.zeros((periods + 1, len(game.states), game.draws))
    for cell, part, policy in _cells(solution):
        now = chances[:, cell]
        result[0, :, cell] = now
        for period in range(periods):
            now = _advance(part, policy, _at(part, period), now)
            result[period + 1, :, cell] = now
    return result


def survival(
    solution: MarkovSolution, states: Sequence[str], start: Start, periods: int, *, first: int = 0
) -> Survival:
    """Return how long play stays within some states, exactly.

    Parameters
    ----------
    solution : MarkovSolution
    states : sequence of str
        The status. What play leads through within a period does not count: only where periods begin.
    start : str, mapping of state to probability, or float[S, N]
        An immediate state is left within the first period.
    periods : int
        How many; at most the horizon.
    first : int, default 0
        Number of the first period, such as a year.

    Returns
    -------
    Survival

    Raises
    ------
    UnknownNameError
    InvalidArgumentError

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.StochasticGame.of(
    ...     "owner", {"works": {"run": (1, {"works": 0.9, "broken": 0.1})}, "broken": {}}, discount=0.9
    ... )
    >>> lasting = bg.survival(bg.MarkovPerfect().solve(game), ["works"], "works", 3, first=2020)
    >>> print(lasting.to_frame()[["survival", "hazard"]].round(3).to_string())
            survival  hazard
    period
    2020       1.000     0.1
    2021       0.900     0.1
    2022       0.810     0.1
    2023       0.729     NaN
    >>> print(lasting.expected)
    [2.71]
    """
    game = solution.game
    inside, chances = _members(game, states), _start(game, start)
    _check_periods(solution, periods)
    curve, occupied = (np.empty((periods + 1, game.draws)) for _ in range(2))
    for cell, part, policy in _cells(solution):
        now = chances[:, cell]
        lasting = now * inside[:, None]
        for period in range(periods + 1):
            curve[period, cell] = lasting.sum(axis=0)
            occupied[period, cell] = now[inside].sum(axis=0)
            if period < periods:
                now = _advance(part, policy, _at(part, period), now)
                lasting = _advance(part, policy, _at(part, period), lasting) * inside[:, None]
    # Chances may add to a little more than one by rounding.
    return Survival(tuple(states), np.minimum(curve, 1.0), np.minimum(occupied, 1.0), first)


def simulate_paths(
    solution: MarkovSolution, start: Start, periods: int, *, paths: int = 1, seed: int = 0, workers: int = 1
) -> Paths:
    """Play the game by its equilibrium.

    Parameters
    ----------
    solution : MarkovSolution
    start : str, mapping of state to probability, or float[S, N]
        An immediate state is left within the first period.
    periods : int
        How many; at most the horizon.
    paths : int, default 1
        Of each draw.
    seed : int, default 0
    workers : int, default 1
        Threads. The numbers do not depend on it, nor on how many draws there are.

    Returns
    -------
    Paths

    Raises
    ------
    UnknownNameError
    InvalidArgumentError

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.StochasticGame.of(
    ...     "owner", {"works": {"run": (1, {"works": 0.9, "broken": 0.1})}, "broken": {}}, discount=0.9
    ... )
    >>> played = bg.simulate_paths(bg.MarkovPerfect().solve(game), "works", 3, paths=100_000, seed=7)
    >>> print(played.survival(["works"]).curve[:, 0].round(2))
    [1.   0.9  0.81 0.73]
    """
    game, seed = solution.game, check_seed(seed)
    chances = _start(game, start)
    _check_periods(solution, periods)
    for name, number in (("paths", paths), ("workers", workers)):
        if not number >= 1:
            raise InvalidArgumentError(f"simulate_paths: {name}: at least 1 was expected, given {number}")
    shape = (periods, paths, game.draws)
    states = np.empty((periods + 1, paths, game.draws), dtype=np.int16)
    outcomes, passed, passed_outcomes = (np.full(shape, -1, dtype=np.int16) for _ in range(3))

    def play(block: int) -> None:
        cell = slice(block * _BLOCK, min((block + 1) * _BLOCK, game.draws))
        part, policy = game[cell], solution.policy.take(cell)
        width = part.draws
        first = generator(seed, block, 0).random((width, paths)).T
        # Rounding must not lead into a state of no chance: what is left over is the last one that has any.
        below = np.cumsum(chances[:, cell], axis=0)[:, None]
        last = (len(game.states) - 1 - (chances[::-1, cell] > 0).argmax(axis=0)).astype(np.int16)
        states[0, :, cell] = np.minimum((first >= below).sum(axis=0), last)
        for period in range(periods):
            luck = generator(seed, block, period + 1).random((width, 4, paths)).transpose(1, 2, 0)
            step = _Step(part, policy, _at(part, period))
            played, reached = step.play(states[period, :, cell], luck[0], luck[1])
            outcomes[period, :, cell] = played
            through = part.immediate[reached]
            if through.any():
                passed[period, :, cell] = np.where(through, reached, -1)
                again, after = step.play(np.where(through, reached, -1), luck[2], luck[3])
                passed_outcomes[period, :, cell] = again
                reached = np.where(through, after, reached)
            states[period + 1, :, cell] = reached

    blocks = range(-(-game.draws // _BLOCK))
    if workers == 1:
        for block in blocks:
            play(block)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(play, blocks))
    return Paths(game, states, outcomes, passed, passed_outcomes, seed)


@dataclass(frozen=True, eq=False)
class _Step:
    """Play in one period of a block."""

    game: StochasticGame
    policy: Policy
    period: int

    def play(
        self, states: npt.NDArray[np.int16], first: Floats, second: Floats
    ) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16]]:
        """Return what is played in the states and where it leads; -1 in states below zero."""
        outcomes, reached = (np.full(states.shape, -1, dtype=np.int16) for _ in range(2))
        for state in np.unique(states[states >= 0]).tolist():
            where = np.nonzero(states == state)
            shares = np.cumsum(outcome_shares(self.game, self.policy, self.period, state), axis=0)
            outcome = (first[where] >= shares[:-1, where[1]]).sum(axis=0)
            outcomes[where] = outcome
            numbers = self.game.moves[state].ravel()[outcome]
            target = np.empty(outcome.size, dtype=np.int16)
            for number in np.unique(numbers).tolist():
                lottery, picked = self.game.lotteries[number], np.flatnonzero(numbers == number)
                chances = np.cumsum(lottery.probability[:-1], axis=0)
                column = chances if chances.shape[1] == 1 else chances[:, where[1][picked]]
                rank = (second[where][picked] >= column).sum(axis=0)
                target[picked] = np.array(lottery.next, dtype=np.int16)[rank]
            reached[where] = target
        return outcomes, reached


def _advance(game: StochasticGame, policy: Policy, period: int, now: Floats) -> Floats:
    """Return how likely states are a period later, float[S, N]."""
    result = _moved(game, policy, period, now)
    if game.immediate.any():
        through = result * game.immediate[:, None]
        result[game.immediate] = 0.0
        result += _moved(game, policy, period, through)
    return result


def _moved(game: StochasticGame, policy: Policy, period: int, now: Floats) -> Floats:
    result = np.zeros(now.shape)
    for state, weight in enumerate(now):
        if not weight.any():
            continue
        moves = game.moves[state].ravel()
        shares = outcome_shares(game, policy, period, state) * weight
        for number in np.unique(moves).tolist():
            share = shares[moves == number].sum(axis=0)
            lottery = game.lotteries[number]
            for target, chance in zip(lottery.next, lottery.probability, strict=True):
                result[target] += share * chance
    return result


def _cells(solution: MarkovSolution) -> list[tuple[slice, StochasticGame, Policy]]:
    game = solution.game
    cells = [slice(first, min(first + _BLOCK, game.draws)) for first in range(0, game.draws, _BLOCK)]
    return [(cell, game[cell], solution.policy.take(cell)) for cell in cells]


def _at(game: StochasticGame, period: int) -> int:
    return 0 if game.horizon is None else period


def _members(game: StochasticGame, states: Sequence[str]) -> Bools:
    if isinstance(states, str):
        states = (states,)
    result = np.zeros(len(game.states), dtype=np.bool_)
    for state in states:
        result[game.state(state, where="states")] = True
    return result


def _start(game: StochasticGame, start: Start) -> Floats:
    """Return the chances of the states at the start, float[S, N]."""
    if isinstance(start, np.ndarray):
        chances = np.array(start, dtype=np.float64)
        if chances.shape != (len(game.states), game.draws):
            raise InvalidArgumentError(
                f"start: shape ({len(game.states)}, {game.draws}) was expected, given {chances.shape}"
            )
    else:
        given = {start: 1.0} if isinstance(start, str) else dict(start)
        chances = np.zeros((len(game.states), game.draws))
        for state, chance in given.items():
            chances[game.state(state, where="start")] = chance
    if not (chances >= 0).all() or not (np.abs(chances.sum(axis=0) - 1) < 1e-9).all():
        raise InvalidArgumentError(f"start: probabilities that add to one were expected, given {start!r}")
    return chances


def _check_periods(solution: MarkovSolution, periods: int) -> None:
    horizon = solution.game.horizon
    if not periods >= 1 or (horizon is not None and periods > horizon):
        bound = "at least 1" if horizon is None else f"1 to {horizon}"
        raise InvalidArgumentError(f"periods: {bound} was expected, given {periods}")


def _played(game: StochasticGame, state: int, outcome: int) -> str:
    return "/".join(game.labels[state].outcomes[outcome])
