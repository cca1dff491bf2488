"""At which values of a parameter the play of a stochastic game changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bargain.axes import Floats, Ints
from bargain.errors import InvalidArgumentError
from bargain.games.stochastic import StochasticGame
from bargain.solvers.markov_perfect import MarkovPerfect
from bargain.solvers.markov_policy import Policy, evaluate

__all__ = ["policy_thresholds"]

_HALVINGS = 60  # from the width of a step of the scan down to neighbouring numbers
_NEAR = 1e-6  # of the range: how far an exact root may lie from where bisection ended


def policy_thresholds(
    build: Callable[[Floats], StochasticGame],
    low: float,
    high: float,
    *,
    solver: MarkovPerfect | None = None,
    points: int = 129,
) -> pd.DataFrame:
    """Return every value of a parameter, between two, at which what is played in some state changes.

    Parameters
    ----------
    build : callable
        From values of the parameter, float[N], to the game with so many draws.
    low, high : float
    solver : MarkovPerfect, optional
    points : int, default 129
        Of the scan that looks for changes; of two changes between neighbouring points that undo each other
        nothing is seen.

    Returns
    -------
    pandas.DataFrame
        One row for each state and change, by value: the value, the state, and the outcomes that are played
        below and above, ``"(mixed)"`` where no outcome is sure. With a horizon, in the first period.

    Raises
    ------
    InvalidArgumentError
        If the bounds are no interval, or ``build`` does not return a game with one draw for each value.

    Notes
    -----
    Changes are bracketed by the scan, and each bracket is halved until no number lies inside. Where one
    player chooses and there is no horizon, the value is then moved to the root of the difference between
    what the two actions are worth under the policy below. That difference is affine in a parameter in which
    payoffs are affine, so that the root is exact up to rounding. Elsewhere a change is found to about 1e-12
    of the largest value of the game.

    Examples
    --------
    Above which cost is a broken machine no longer repaired?

    >>> import bargain as bg
    >>> def machine(cost):
    ...     return bg.StochasticGame.of(
    ...         "owner",
    ...         {
    ...             "works": {"run": (1, {"works": 0.9, "broken": 0.1})},
    ...             "broken": {"leave": (0, "broken"), "repair": (-cost, "works")},
    ...         },
    ...         discount=0.9,
    ...     )
    >>> print(bg.policy_thresholds(machine, 0, 10).to_string())
          value   state   below  above
    0  4.736842  broken  repair  leave
    """
    if not (np.isfinite([low, high]).all() and low < high):
        raise InvalidArgumentError(f"policy_thresholds: low below high was expected, given {low} and {high}")
    if points < 2:
        raise InvalidArgumentError(f"policy_thresholds: points: at least 2 were expected, given {points}")
    search = _Search(build, MarkovPerfect() if solver is None else solver)
    left = np.linspace(low, high, points)
    plans = search.plans(left)
    right, below, above = left[1:], plans[:, :-1], plans[:, 1:]
    left = left[:-1]
    for _ in range(_HALVINGS):
        changed = (below != above).any(axis=0)
        left, right, below, above = left[changed], right[changed], below[:, changed], above[:, changed]
        middle = left + (right - left) / 2
        inside = (middle > left) & (middle < right)
        if not inside.any():
            break
        between = below.copy()
        between[:, inside] = search.plans(middle[inside])
        # A third plan in the middle leaves two brackets; neighbouring numbers stay one.
        left, right = np.concatenate([left, middle[inside]]), np.concatenate([np.where(inside, middle, right),
                                                                              right[inside]])  # fmt: skip
        below, above = (
            np.concatenate([below, between[:, inside]], axis=1),
            np.concatenate([np.where(inside, between, above), above[:, inside]], axis=1),
        )
    changed = (below != above).any(axis=0)
    rows = []
    for place in np.flatnonzero(changed)[np.argsort(left[changed], kind="stable")]:
        for state in np.flatnonzero(below[:, place] != above[:, place]).tolist():
            value = search.root(
                left[place], right[place], high - low, below[:, place], above[:, place], state
            )
            rows.append((value, search.states[state], *(
                search.name(state, int(plan[state])) for plan in (below[:, place], above[:, place])
            )))  # fmt: skip
    return pd.DataFrame(rows, columns=["value", "state", "below", "above"])


@dataclass(eq=False)
class _Search:
    """The games along the parameter."""

    build: Callable[[Floats], StochasticGame]
    solver: MarkovPerfect
    _game: StochasticGame | None = None

    def game(self, values: Floats) -> StochasticGame:
        game = self.build(values)
        if not isinstance(game, StochasticGame) or game.draws not in (1, values.size):
            raise InvalidArgumentError(
                f"policy_thresholds: build: a StochasticGame of {values.size} draws was expected, given"
                f" {game!r}"
            )
        if game.draws < values.size:
            game = game[np.zeros(values.size, dtype=np.int64)]  # the parameter does not matter
        self._game = game
        return game

    def plans(self, values: Floats) -> Ints:
        """Return the outcome played in each state, int[S, n], and -1 where it is mixed."""
        plan: Ints = self.solver.solve(self.game(values)).policy.pure[0].astype(np.int64)
        return plan

    @property
    def states(self) -> tuple[str, ...]:
        assert self._game is not None  # noqa: S101 - the scan comes first
        return self._game.states

    def name(self, state: int, outcome: int) -> str:
        assert self._game is not None  # noqa: S101 - the scan comes first
        return "(mixed)" if outcome < 0 else "/".join(self._game.labels[state].outcomes[outcome])

    def root(self, left: float, right: float, width: float, below: Ints, above: Ints, state: int) -> float:
        """Return where the actions below and above are worth the same under the policy below."""
        found = left + (right - left) / 2
        game = self._game
        assert game is not None  # noqa: S101 - the scan comes first
        if len(game.controllers) != 1 or game.horizon is not None or min(below.min(), above.min()) < 0:
            return float(found)
        step = 1e-3 * width
        points = np.array([found - step, found + step])
        for _ in range(4):
            try:
                gaps = self._gaps(points, below, above, state)
            except Exception:  # noqa: BLE001 - the game may not exist so far outside, such as a discount above 1
                return float(found)
            if gaps[0] == gaps[1]:
                break
            better = points[1] - gaps[1] * (points[1] - points[0]) / (gaps[1] - gaps[0])
            if not abs(better - found) <= _NEAR * width:
                break
            if better == points[1]:
                return float(better)
            points = np.array([points[1], better])
        return float(points[1]) if abs(points[1] - found) <= _NEAR * width else float(found)

    def _gaps(self, values: Floats, below: Ints, above: Ints, state: int) -> Floats:
        game = self.game(values)
        who = game.players.index(game.controllers[0])
        pure = np.repeat(below.astype(np.int16)[None, :, None], values.size, axis=2)
        worth = game.continuations(evaluate(game, Policy(pure, {})))
        stage = game.stage_payoffs(state, worth)[who].reshape(-1, values.size)
        result: Floats = stage[above[state]] - stage[below[state]]
        return result
