"""Thresholds: the exact values of single parameters at which the equilibria change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bargain.axes import Floats, Ints
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.parameters import Distribution
from bargain.payoffs.model import PayoffModel
from bargain.sensitivity.differences import Differences
from bargain.sensitivity.prediction import Prediction, predict
from bargain.sensitivity.regions import DatedModel
from bargain.solvers.agent_logit_qre import AgentLogitQRE
from bargain.solvers.all_nash import AllNash
from bargain.solvers.bimatrix_nash import BimatrixNash
from bargain.solvers.conflict_stability import ConflictStability
from bargain.solvers.logit_qre import LogitQRE
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solver
from bargain.uncertainty.space import Space

__all__ = ["thresholds"]

_SAME = 1e-12  # of the range: roots closer than this are one
_NEAR = 1e-8  # of the range: a search that ends this close to a root has found that root
_BLURRED = 1e-6  # of the range: changes closer than this are one that the solver sees in parts
_HALVINGS = 44  # of the range, before a search ends: to 6e-14 of it
_SAMPLES = 64  # points of the range at which a solver is asked, besides one between every two roots
_MOST = 16  # changes followed between two such points


def thresholds(
    scenario: DatedModel,
    setting: str,
    *,
    parameters: Sequence[str] | None = None,
    solver: Solver | None = None,
    fix: Mapping[str, str] | None = None,
    values: Mapping[str, float | Distribution] | None = None,
) -> pd.DataFrame:
    """Return where, within its range at a setting, each parameter alone changes the equilibria.

    Every payoff difference is affine in any single parameter, so an outcome is a pure Nash equilibrium on an
    interval of it whose ends are roots of such differences. With `PureNash` all thresholds are these roots:
    exact up to rounding, and none is missed, however small the interval. Other solvers are asked at 64 points
    of each range and between every two roots of payoff differences, and each change is then narrowed down by
    bisection to 1e-13 of the range: it is exact where it ends at a root, as it does unless mixed equilibria
    of more than two actions meet; changes that cancel each other between two neighbouring points are missed.

    Parameters
    ----------
    scenario : Scenario
    setting : str
        At whose modal values all other parameters stay.
    parameters : sequence of str, optional
        By default all that are uncertain there.
    solver : Solver, default ``PureNash()``
        One that says which actions are played; quantal response plays all of them everywhere.
    fix : mapping of player to action, optional
        Players held to an action.
    values : mapping of str to float or Distribution, optional
        Parameters held to a value, or given another distribution and with it another mode and range.

    Returns
    -------
    pandas.DataFrame
        One row per change, by parameter in the order of the scenario and then by value:

        ``parameter``, ``now``
            Its name, and its modal value.
        ``value``
            Where the equilibria change. At the value itself there is a tie, and both sides' are equilibria.
        ``before``, ``after``
            The equilibria on either side, seen from ``now``: `before` is nearer to it. Several are separated
            by semicolons, actions between which a player mixes by bars; ``(none)`` if there is none.
            If the present value is itself the threshold, `before` is below and `after` above.
        ``player``
            Whose best reply changes; of a change that is not exact, who mixes.
        ``margin``
            ``(value - now) / (high - low)``: the way to go, in units of the parameter's range.
        ``exact``
            Whether the value is a root of a payoff difference.

        In ``attrs``: ``scenario``, ``setting``, ``solver``, ``held``; ``actions``, those of every player;
        and ``parameters``, all that were looked at, also those without a row, with their ``symbol``,
        ``units``, ``low``, ``high`` and ``mode``.

    Raises
    ------
    UnknownNameError
        If the setting, a parameter, or a held player or action does not exist.
    InvalidArgumentError
        If the solver is a quantal response, or treats no payoffs.

    Examples
    --------
    Until when would the United States go on pressing?

    >>> import bargain as bg
    >>> table = bg.thresholds(
    ...     bg.load_scenario("gsomia"), "2019-11 deadline", parameters=["pressing_cost"]
    ... )
    >>> print(table.drop(columns=["parameter", "exact"]).round(3).to_string(index=False))
    now  value                before                       after player  margin
    0.8    1.5 suspend/relax/press terminate/maintain/abstain    USA   0.368
    """
    if setting not in scenario.settings:
        raise UnknownNameError.of("setting", setting, scenario.settings, where=f"scenario {scenario.name}")
    solver = PureNash() if solver is None else solver
    if isinstance(solver, LogitQRE | AgentLogitQRE):
        raise InvalidArgumentError(
            f"thresholds: under {solver} every action is played everywhere, with probabilities that change"
            " smoothly: there is no threshold; give a solver such as PureNash()"
        )
    if isinstance(solver, ConflictStability):
        raise InvalidArgumentError(
            f"thresholds: a solver of payoffs such as PureNash() was expected, given {solver}"
        )
    model, space = scenario.model.hold(fix or {}), scenario.space_at(setting).replace(values or {})
    lines = _lines(space, parameters)
    if isinstance(solver, PureNash):
        own, now = Differences.own(model), space.mode()[:, 0]
        changes = [change for line in lines for change in _pure(model, own, now, line, solver.tolerance)]
    else:
        changes = _searched(model, space.mode()[:, 0], lines, solver)
    labels = model.labels
    rows = []
    for change in changes:
        line, (before, after) = change.line, change.sides
        if change.value < line.now:
            before, after = after, before
        rows.append(
            (
                line.name,
                line.now,
                change.value,
                before.words(labels),
                after.words(labels),
                ", ".join(labels.players[player] for player in sorted(change.players)),
                (change.value - line.now) / line.width,
                change.exact,
            )
        )
    names = ("parameter", "now", "value", "before", "after", "player", "margin", "exact")
    kinds = (object, float, float, object, object, object, float, bool)
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    frame = pd.DataFrame(
        {
            name: pd.Series(list(column), dtype=kind)
            for name, kind, column in zip(names, kinds, columns, strict=True)
        }
    )
    frame.attrs.update(
        scenario=scenario.name,
        setting=setting,
        solver=str(solver),
        held=", ".join(f"{player} to {action}" for player, action in (fix or {}).items()),
        actions=dict(zip(labels.players, map(list, scenario.model.labels.actions), strict=True)),
        parameters={line.name: _described(space, line) for line in lines},
    )
    return frame


@dataclass(frozen=True)
class _Line:
    """What is walked along: a parameter over its range, all others where they are."""

    name: str
    index: int
    now: float
    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


@dataclass(frozen=True)
class _Change:
    """A change of the equilibria, with what they are just below and just above."""

    line: _Line
    value: float
    sides: tuple[Prediction, Prediction]
    players: frozenset[int]
    exact: bool = True


def _described(space: Space, line: _Line) -> dict[str, str | float]:
    parameter = space[line.name]
    return {
        "symbol": parameter.symbol,
        "units": parameter.unit,
        "low": line.low,
        "high": line.high,
        "mode": line.now,
    }


def _lines(space: Space, parameters: Sequence[str] | None) -> list[_Line]:
    if isinstance(parameters, str):
        raise InvalidArgumentError(f"parameters: a list of names was expected, given {parameters!r}")
    for name in parameters or ():
        if name not in space.names:
            raise UnknownNameError.of("parameter", name, space.names, where="thresholds")
    lines = []
    for index, parameter in enumerate(space.parameters):
        low, high = parameter.range()
        if low < high and (parameters is None or parameter.name in parameters):
            lines.append(_Line(parameter.name, index, float(parameter.mode), low, high))
    return lines


def _pure(model: PayoffModel, own: Differences, now: Floats, line: _Line, tolerance: float) -> list[_Change]:
    """Find the ends of the interval on which each outcome is an equilibrium."""
    size = model.labels.size
    if not len(own):
        return []
    constant, slope = np.moveaxis(own.inserted(now, (line.index,)), 1, 0).reshape(2, size, -1)
    players = own.players.reshape(size, -1)
    constant = constant + tolerance
    with np.errstate(divide="ignore", invalid="ignore"):
        roots = -constant / slope
    starts = np.where(slope > 0, roots, -np.inf)
    ends = np.where(slope < 0, roots, np.inf)
    low, high = starts.max(axis=1), ends.min(axis=1)
    near = _SAME * line.width
    # An interval shorter than that is a tie, on both sides of which the equilibria are the same.
    stable = ~((slope == 0) & (constant < 0)).any(axis=1) & (low + near < high)
    places = np.concatenate([low[stable], high[stable]])
    changes = []
    for value in _distinct(places[(places > line.low) & (places < line.high)], near):
        below = stable & (low < value - near) & (high >= value - near)
        above = stable & (low <= value + near) & (high > value + near)
        binding = ((np.abs(starts - value) <= near) & (above & ~below)[:, None]) | (
            (np.abs(ends - value) <= near) & (below & ~above)[:, None]
        )
        if (below != above).any():
            sides = [Prediction.pure(model.labels, np.flatnonzero(side).tolist()) for side in (below, above)]
            changes.append(_Change(line, value, (sides[0], sides[1]), frozenset(players[binding].tolist())))
    return changes


def _distinct(places: Floats, near: float) -> list[float]:
    """Sort, and keep one of those that differ by rounding only."""
    places = np.sort(places)
    distinct: list[float] = places[np.diff(places, prepend=-np.inf) > near].tolist()
    return distinct


def _searched(model: PayoffModel, now: Floats, lines: list[_Line], solver: Solver) -> list[_Change]:
    """Ask the solver at many points, and narrow down every change between two of them."""
    at_once = isinstance(solver, AllNash | BimatrixNash)
    differences = Differences.own(model) if at_once else Differences.every(model)
    roots = [_roots(differences, now, line) for line in lines]
    walks = [_points(line, places) for line, (places, _) in zip(lines, roots, strict=True)]

    def ask(numbers: list[int], places: list[float]) -> list[Prediction]:
        values = np.repeat(now[:, None], len(places), axis=1)
        values[[lines[number].index for number in numbers], np.arange(len(places))] = places
        return predict(model, solver, values) if places else []

    numbers = [number for number, walk in enumerate(walks) for _ in walk]
    places = [place for walk in walks for place in walk]
    said = ask(numbers, places)
    gaps = [
        _Gap(numbers[k], (places[k], places[k + 1]), (said[k], said[k + 1]))
        for k in range(len(places) - 1)
        if numbers[k] == numbers[k + 1] and said[k] != said[k + 1]
    ]
    found, gaps = _at_roots(ask, lines, [exact for exact, _ in roots], gaps)
    for _ in range(_MOST):
        narrow = gaps
        for _ in range(_HALVINGS if gaps else 0):
            middles = [(gap.ends[0] + gap.ends[1]) / 2 for gap in narrow]
            answers = ask([gap.number for gap in narrow], middles)
            narrow = [gap.half(at, said) for gap, at, said in zip(narrow, middles, answers, strict=True)]
        for gap in narrow:
            found[gap.number].append(gap)
        gaps = [
            _Gap(gap.number, (done.ends[1], gap.ends[1]), (done.sides[1], gap.sides[1]))
            for gap, done in zip(gaps, narrow, strict=True)
            if done.sides[1] != gap.sides[1]
        ]
    return [
        change
        for line, (exact, who), steps in zip(lines, roots, found, strict=True)
        for change in _merged(line, exact, who, sorted(steps, key=lambda gap: gap.ends))
    ]


@dataclass(frozen=True)
class _Gap:
    """Two points of a line between which the prediction changes."""

    number: int
    ends: tuple[float, float]
    sides: tuple[Prediction, Prediction]

    def half(self, middle: float, said: Prediction) -> _Gap:
        """Return the half in which the first change is."""
        (low, high), (below, _) = self.ends, self.sides
        if said == below:
            return _Gap(self.number, (middle, high), self.sides)
        return _Gap(self.number, (low, middle), (below, said))


def _at_roots(
    ask: Callable[[list[int], list[float]], list[Prediction]],
    lines: list[_Line],
    roots: list[Floats],
    gaps: list[_Gap],
) -> tuple[list[list[_Gap]], list[_Gap]]:
    """Settle the gaps in which nothing changes but at a root; return them by line, and the others."""
    tight = []
    for gap in gaps:
        inside = roots[gap.number]
        inside = inside[(inside > gap.ends[0]) & (inside < gap.ends[1])]
        near = _NEAR * lines[gap.number].width / 2
        middle = float(inside[0]) if inside.size else sum(gap.ends) / 2
        tight.append(_Gap(gap.number, (middle - near, middle + near), gap.sides))
    numbers = [gap.number for gap in tight]
    below, above = (ask(numbers, [gap.ends[side] for gap in tight]) for side in (0, 1))
    found: list[list[_Gap]] = [[] for _ in lines]
    left = []
    for gap, close, *said in zip(gaps, tight, below, above, strict=True):
        if tuple(said) == gap.sides:
            found[gap.number].append(close)
        else:
            left.append(gap)
    return found, left


def _roots(differences: Differences, now: Floats, line: _Line) -> tuple[Floats, Ints]:
    """Return the roots of all differences within the range, ascending, and whose difference each is."""
    constant, slope = differences.inserted(now, (line.index,)).T
    moving = slope != 0
    places, players = -constant[moving] / slope[moving], differences.players[moving]
    inside = (places > line.low) & (places < line.high)
    order = np.argsort(places[inside], kind="stable")
    return places[inside][order], players[inside][order]


def _points(line: _Line, roots: Floats) -> list[float]:
    """Return the points at which the solver is asked: none on a root, and one between every two."""
    near = _NEAR * line.width
    cells = np.array([line.low, *_distinct(roots, near), line.high])
    even = line.low + (np.arange(_SAMPLES) + 0.5) / _SAMPLES * line.width
    away = np.abs(even[:, None] - cells).min(axis=1) > near
    points: list[float] = np.unique(np.concatenate([(cells[1:] + cells[:-1]) / 2, even[away]])).tolist()
    return points


def _merged(line: _Line, roots: Floats, players: Ints, steps: Sequence[_Gap]) -> list[_Change]:
    """Make one of changes that a solver sees in parts, around a tie, and put it on the root that is there."""
    groups: list[list[_Gap]] = []
    for step in steps:
        if groups and step.ends[0] - groups[-1][-1].ends[1] <= _BLURRED * line.width:
            groups[-1].append(step)
        else:
            groups.append([step])
    changes = []
    for group in groups:
        before, after = group[0].sides[0], group[-1].sides[1]
        if before == after:
            continue
        low, high = sum(group[0].ends) / 2, sum(group[-1].ends) / 2
        near = _NEAR * line.width
        hit = (roots >= low - near) & (roots <= high + near)
        if hit.any():
            value, who = float(roots[hit][0]), set(players[hit].tolist())
        else:
            # An equilibrium that is about to vanish is lost sight of a little early.
            value = low if len(after.equilibria) > len(before.equilibria) else high
            come_and_go = set(before.equilibria) ^ set(after.equilibria)
            who = Prediction(tuple(come_and_go)).mixers()
        changes.append(_Change(line, value, (before, after), frozenset(who), exact=bool(hit.any())))
    return changes
