"""Levers: how much each thing that could be held makes a difference to an outcome, ranked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from scipy.special import ndtri
from threadpoolctl import threadpool_limits

from bargain.axes import Floats, Ints
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.payoffs.model import PayoffModel
from bargain.sensitivity.forecast import Forecast
from bargain.sensitivity.question import Event, EventLike
from bargain.solvers.solution import Solver
from bargain.sweep.game_model import GameModel
from bargain.sweep.task import Task
from bargain.uncertainty.designs import CELL
from bargain.uncertainty.space import Space

__all__ = ["levers"]


class DatedGames(Protocol):
    """What is needed of a scenario of any kind: its games, and the parameters at each dated setting."""

    @property
    def name(self) -> str:
        """Name of the scenario."""
        ...

    @property
    def game_model(self) -> PayoffModel | GameModel:
        """What the games are made of."""
        ...

    @property
    def settings(self) -> tuple[str, ...]:
        """Names of the dated settings."""
        ...

    def space_at(self, setting: str, /) -> Space:
        """Return the uncertainty at a setting."""
        ...

    def default_solver(self) -> Solver:
        """Return the solver that is used where none is asked for."""
        ...


def levers(
    scenario: DatedGames,
    setting: str,
    outcome: EventLike,
    *,
    values: Mapping[str, Sequence[float]] | None = None,
    draws: int = 65_536,
    seed: int = 0,
    solver: Solver | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return the difference that each lever makes to the share of an outcome, the strongest first.

    A lever holds one player to one action, or one parameter to one value, and leaves everything else as
    uncertain as it was. All levers are pulled on the same draws, so the intervals of the differences are
    narrower than from independent ones, and the ranking is not a matter of luck in the draws.

    Parameters
    ----------
    scenario : Scenario
        Of any kind.
    setting : str
    outcome : mapping, tuple or collection of tuples
        What some players do, such as ``{"ROK": "terminate"}``; an outcome; or several. It counts in a draw
        where every equilibrium leads there for sure.
    values : mapping of str to sequence of float, optional
        Values to hold a parameter to, in place of the two ends of its range.
    draws : int, default 65_536
    seed : int, default 0
    solver : Solver, optional
        ``PureNash()`` by default, or the default solver of the scenario's kind.
    level : float, default 0.95
        Of the intervals.

    Returns
    -------
    pandas.DataFrame
        Indexed by lever, such as ``"USA: abstain"`` or ``"cost = 2.2"``. ``kind``: ``"player"`` or
        ``"parameter"``; ``name``; ``held``, the action or the value; ``before``, ``after``: shares of draws;
        ``difference`` with its interval ``low`` and ``high`` from the pairs of draws; ``unanswered``, the
        share of draws that after the change have no single answer to whether the outcome happens, in
        which it does not count. In ``attrs``: ``question``, ``draws``, ``seed``, ``before`` and the share
        ``unanswered`` before.

    Raises
    ------
    UnknownNameError
    InvalidArgumentError
        If a value is not finite, or draws or level make no sense.

    Notes
    -----
    A lever that settles the question by itself, such as holding the very player whose action is asked for,
    is left out, and so is a parameter that is constant and has no value given. To hold a parameter is to
    intervene: what depends on it keeps the draws that it has without.

    Examples
    --------
    >>> import bargain as bg
    >>> table = bg.levers(bg.load_scenario("gsomia"), "2019-11 deadline", {"ROK": "terminate"}, draws=8_192)
    >>> table["difference"].round(1).head(2)
    lever
    USA: abstain           0.5
    pressing_cost = 2.2    0.5
    Name: difference, dtype: float64
    """
    if setting not in scenario.settings:
        raise UnknownNameError.of("setting", setting, scenario.settings, where=f"scenario {scenario.name}")
    if not 0 < level < 1:
        raise InvalidArgumentError(f"level: a number between 0 and 1 was expected, given {level!r}")
    model, space = scenario.game_model, scenario.space_at(setting)
    solver = scenario.default_solver() if solver is None else solver
    event = Event.of(model.labels, outcome, where="levers: outcome")
    task = Task(model, space, draws=draws, seed=seed, solver=solver)
    pulled = [*_players(model, solver, event), *_parameters(space, values or {})]
    base = Forecast(model, solver)
    counts: Ints = np.zeros((len(pulled), 3), dtype=np.int64)
    before = np.zeros(2, dtype=np.int64)
    with threadpool_limits(limits=1):
        for drawn in _cells(task):
            first = event.answer(base.cell(drawn))
            before += [np.count_nonzero(first == 1), np.count_nonzero(np.isnan(first))]
            for places in _batches(pulled, max(1, CELL // drawn.shape[1])):
                forecast = pulled[places[0]].forecast or base
                pulls = np.concatenate([pulled[place].pull(drawn) for place in places], axis=1)
                second = event.answer(forecast.cell(pulls)).reshape(len(places), -1)
                counts[places] += np.stack(
                    [
                        np.count_nonzero(second == 1, axis=1),
                        np.count_nonzero((first == 1) ^ (second == 1), axis=1),
                        np.count_nonzero(np.isnan(second), axis=1),
                    ],
                    axis=1,
                )
    difference = (counts[:, 0] - before[0]) / task.draws
    # As in `compare`: each pair of draws contributes -1, 0 or 1.
    variance = (counts[:, 1] + 0.5) / task.draws - difference**2
    half = float(ndtri(0.5 + level / 2)) * np.sqrt(np.maximum(variance, 0) / task.draws)
    frame = pd.DataFrame(
        {
            "kind": [lever.kind for lever in pulled],
            "name": [lever.name for lever in pulled],
            "held": pd.Series([lever.held for lever in pulled], dtype=object).to_numpy(),
            "before": before[0] / task.draws,
            "after": counts[:, 0] / task.draws,
            "difference": difference,
            "low": difference - half,
            "high": difference + half,
            "unanswered": counts[:, 2] / task.draws,
        },
        index=pd.Index([lever.words for lever in pulled], name="lever"),
    )
    frame = frame.iloc[np.argsort(-np.abs(difference), kind="stable")]
    frame.attrs.update(
        question=event.words,
        scenario=scenario.name,
        setting=setting,
        draws=task.draws,
        seed=task.seed,
        level=level,
        before=float(before[0] / task.draws),
        unanswered=float(before[1] / task.draws),
    )
    return frame


@dataclass(frozen=True, eq=False)
class _Lever:
    """Something to hold: a player, who then plays another game, or a row of values."""

    kind: str
    name: str
    held: str | float
    words: str
    forecast: Forecast | None = None
    row: int | None = None

    def pull(self, drawn: Floats) -> Floats:
        """Return the values of the parameters once the lever is pulled, float[D, N]."""
        if self.row is None:
            return drawn
        changed = drawn.copy()
        changed[self.row] = self.held
        return changed


def _players(model: PayoffModel | GameModel, solver: Solver, event: Event) -> Iterator[_Lever]:
    labels = model.labels if isinstance(model, PayoffModel) else model.holdable
    if labels is None:
        return
    for player, actions in zip(labels.players, labels.actions, strict=True):
        for action in actions if len(actions) > 1 else ():
            held = model.hold({player: action})
            mask = event.mask(held.labels)
            if mask.any() and not mask.all():
                forecast = Forecast(held, solver)
                yield _Lever("player", player, action, f"{player}: {action}", forecast)


def _parameters(space: Space, values: Mapping[str, Sequence[float]]) -> Iterator[_Lever]:
    for name in values:
        space[name]  # known?
    for row, parameter in enumerate(space.parameters):
        stated = values.get(parameter.name)
        low, high = parameter.range()
        for value in stated if stated is not None else (low, high) if low < high else ():
            space.replace({parameter.name: value})  # a finite number?
            words = f"{parameter.name} = {value:g}"
            yield _Lever("parameter", parameter.name, float(value), words, row=row)


def _batches(levers: Sequence[_Lever], size: int) -> list[list[int]]:
    """Put levers of the same games together, at most so many: few draws of each are solved faster at once."""
    players = [[place] for place, lever in enumerate(levers) if lever.forecast is not None]
    others = [place for place, lever in enumerate(levers) if lever.forecast is None]
    return players + [others[start : start + size] for start in range(0, len(others), size)]


def _cells(task: Task) -> Iterator[Floats]:
    """Yield the values of the task's draws, float[D, n], in pieces that a cache holds."""
    for block in range(task.blocks):
        values = task.values(block)
        for start in range(0, values.shape[1], CELL):
            yield np.ascontiguousarray(values[:, start : start + CELL])
