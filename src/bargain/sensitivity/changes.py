"""The smallest joint change of several parameters that brings an outcome about, or ends the present one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bargain.axes import Bools, Floats, Ints
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.labels import Outcome
from bargain.parameters import Distribution
from bargain.payoffs.model import PayoffModel
from bargain.sensitivity.conditions import Condition, conditions
from bargain.sensitivity.differences import Differences
from bargain.sensitivity.prediction import Prediction
from bargain.sensitivity.regions import DatedModel
from bargain.solvers.pure_nash import PureNash
from bargain.uncertainty.space import Space

__all__ = ["Change", "smallest_change"]

_CORNERS = 16  # parameters of a condition whose corners are all looked at
_STARTS = 16  # of the search, besides the present point
_BEYOND = 1e-9  # of a difference's largest size: how far beyond the boundary the point lies
_BINDING = 1e-6  # of the same: a condition that holds by less is one of those that bind
_STILL = 1e-6  # of its range: a parameter that moves by less stays where it is, if that will do


@dataclass(frozen=True, eq=False)
class Change:
    """A point at which an outcome becomes, or ceases to be, a pure Nash equilibrium.

    Attributes
    ----------
    setting : str
        Where one starts from.
    outcome : tuple of str
        What becomes an equilibrium, or ceases to be one.
    becomes : bool
        Which of the two.
    now, values : dict of str to float
        Of the parameters that have to move: as they are, and as they would have to be. Empty where nothing
        has to, and where no point was found.
    moves : dict of str to float
        The same in units of each parameter's range: ``(value - now) / (high - low)``.
    distance : float
        Length of the vector of moves; infinite where no point was found within the ranges.
    binding : tuple of Condition
        The conditions of the outcome that decide: they just hold at the point, or just fail. Where no point
        was found: those that hold nowhere within the ranges, each by itself.
    prediction : str
        The pure equilibria at the point, found by solving the game there.
    verified : bool
        Whether that agrees: the outcome is among them, or no longer is.

    Examples
    --------
    >>> import bargain as bg
    >>> change = bg.smallest_change(bg.load_scenario("gsomia"), "2019-11 deadline")
    >>> print(change)
    suspend/relax/press ceases to be an equilibrium (2019-11 deadline), 0.326 of the ranges away:
      pressing_cost from 0.8 to 1.348
      pact_value_usa from 6 to 5.393
    """

    setting: str
    outcome: Outcome
    becomes: bool
    now: dict[str, float]
    values: dict[str, float]
    moves: dict[str, float]
    distance: float
    binding: tuple[Condition, ...]
    prediction: str
    verified: bool

    @property
    def found(self) -> bool:
        """Whether there is such a point within the ranges, as far as the search can tell."""
        return math.isfinite(self.distance)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per parameter that moves.

        Returns
        -------
        pandas.DataFrame
            Indexed by parameter: ``now``, ``value``, ``move``, the farthest first.
        """
        frame = pd.DataFrame(
            {"now": self.now, "value": self.values, "move": self.moves}, dtype=np.float64
        ).rename_axis("parameter")
        return frame.sort_values("move", key=np.abs, ascending=False, kind="stable")

    def __str__(self) -> str:
        what = f"{'/'.join(self.outcome)} {'becomes' if self.becomes else 'ceases to be'} an equilibrium"
        if not self.found:
            never = "".join(f"\n  never within the ranges: {condition}" for condition in self.binding)
            return f"{what} ({self.setting}): no such point was found within the ranges{never}"
        lines = [f"{what} ({self.setting}), {self.distance:.3g} of the ranges away:"]
        lines += [
            f"  {name} from {row['now']:.4g} to {row['value']:.4g}"
            for name, row in self.to_frame().iterrows()
        ]
        return "\n".join(lines)


def smallest_change(
    scenario: DatedModel,
    setting: str,
    *,
    wanted: Mapping[str, str] | Sequence[str] | None = None,
    parameters: Sequence[str] | None = None,
    fix: Mapping[str, str] | None = None,
    values: Mapping[str, float | Distribution] | None = None,
) -> Change:
    """Find the nearest point at which a wanted outcome becomes a pure equilibrium, or the present one ends.

    Distance is measured in units of the parameters' ranges at the setting, and no parameter leaves its
    range. The conditions are multi-affine inequalities; sequential quadratic programming [Kraft1988]_ goes to
    the nearest point from the present one and from 16 others spread over the ranges. The point lies a hair
    beyond the boundary, where no tie is left, and the game is solved there. That there is none nearer is
    certain for one parameter, and otherwise as sure as a search from many starts can be.

    Parameters
    ----------
    scenario : Scenario
    setting : str
        Start at its modal values.
    wanted : mapping of player to action, or sequence of actions in player order; optional
        By default: the present equilibrium shall cease to be one; if there are several, any of them.
    parameters : sequence of str, optional
        Those that may move; by default all that are uncertain.
    fix : mapping of player to action, optional
        Players held to an action.
    values : mapping of str to float or Distribution, optional
        Parameters held to a value, or given another distribution and with it another mode and range.

    Returns
    -------
    Change

    Raises
    ------
    UnknownNameError
    InvalidArgumentError
        If nothing is wanted and there is no present equilibrium, or no parameter may move.

    Examples
    --------
    What would it have taken for the pact to be renewed in August 2019?

    >>> import bargain as bg
    >>> change = bg.smallest_change(
    ...     bg.load_scenario("gsomia"), "2019-08 notice", wanted=("renew", "maintain", "abstain")
    ... )
    >>> change.verified
    True
    """
    if setting not in scenario.settings:
        raise UnknownNameError.of("setting", setting, scenario.settings, where=f"scenario {scenario.name}")
    space = scenario.space_at(setting).replace(values or {})
    model = scenario.model.hold(fix or {})
    search = _Search.of(model, space, parameters)
    if wanted is not None:
        number = model.labels.outcome(wanted)
        found = [(search.nearest(search.rows(number), 1.0), number)]
    else:
        present = _equilibria(model, search.now)
        if not present:
            raise InvalidArgumentError(
                f"smallest_change: {setting} has no pure equilibrium that could cease to be one;"
                " name the outcome that is wanted"
            )
        found = [
            (search.nearest(np.array([row]), -1.0), number)
            for number in present
            for row in search.rows(number)
        ]
    point, number = min(found, key=lambda pair: search.distance(pair[0]))
    return search.change(setting, point, number, becomes=wanted is not None)


def _equilibria(model: PayoffModel, point: Floats) -> list[int]:
    stable = PureNash().stable(model.relative().evaluate(point[:, None]))
    return [int(number) for number in np.flatnonzero(stable)]


@dataclass(frozen=True, eq=False)
class _Search:
    """The box of parameters that may move, in units of their ranges from where they are."""

    model: PayoffModel
    space: Space
    own: Differences
    now: Floats
    free: Ints
    width: Floats
    bounds: Floats
    """Of the moves, float[n, 2]."""

    @classmethod
    def of(cls, model: PayoffModel, space: Space, parameters: Sequence[str] | None) -> _Search:
        if isinstance(parameters, str):
            raise InvalidArgumentError(f"parameters: a list of names was expected, given {parameters!r}")
        for name in parameters or ():
            if name not in space.names:
                raise UnknownNameError.of("parameter", name, space.names, where="smallest_change")
        ranges = np.array([parameter.range() for parameter in space.parameters]).reshape(-1, 2)
        may = [parameters is None or name in parameters for name in space.names]
        free = np.flatnonzero(np.array(may, dtype=np.bool_) & (ranges[:, 0] < ranges[:, 1]))
        if not free.size:
            raise InvalidArgumentError("smallest_change: every parameter is held, so that nothing can move")
        now = space.mode()[:, 0]
        width = np.ptp(ranges[free], axis=1)
        bounds = (ranges[free] - now[free, None]) / width[:, None]
        return cls(model, space, Differences.own(model), now, free, width, bounds)

    def rows(self, number: int) -> Ints:
        """Return the differences that must not be negative for an outcome to be an equilibrium."""
        return np.flatnonzero(self.own.outcomes == number)

    def nearest(self, rows: Ints, sign: float) -> Floats | None:
        """Return the smallest move after which the differences have a sign; None if none was found."""
        from scipy import optimize  # noqa: PLC0415 - takes long to import
        from scipy.stats import qmc  # noqa: PLC0415

        margins = _Margins.of(self, rows, sign)
        still = np.zeros(self.free.size)
        # A tie is enough to become an equilibrium, but not to cease to be one.
        if margins.value(still).min(initial=np.inf) >= (0 if sign > 0 else _BEYOND):
            return still
        matter = margins.matter()
        if not margins.possible().all():
            return None
        low, high = self.bounds[matter].T
        points = qmc.Sobol(low.size, scramble=False).random(2 * _STARTS)[_STARTS:]

        def full(move: Floats) -> Floats:
            whole = np.zeros(self.free.size)
            whole[matter] = move
            return whole

        best: Floats | None = None
        for start in (np.zeros(low.size), *(low + (high - low) * points)):
            result = optimize.minimize(  # type: ignore[call-overload]  # whose stubs know no plain dicts
                lambda move: float(move @ move),
                start,
                jac=lambda move: 2 * move,
                bounds=np.column_stack([low, high]),
                constraints={
                    "type": "ineq",
                    "fun": lambda move: margins.value(full(move)) - 2 * _BEYOND,
                    "jac": lambda move: margins.slope(full(move))[:, matter],
                },
                method="SLSQP",
                options={"ftol": 1e-15, "maxiter": 100},
            )
            move = full(np.clip(result.x, low, high))
            for candidate in (np.where(np.abs(move) < _STILL, 0.0, move), move):
                if margins.value(candidate).min() >= _BEYOND:
                    if self.distance(candidate) < self.distance(best):
                        best = candidate
                    break
        return best

    def distance(self, move: Floats | None) -> float:
        return math.inf if move is None else float(np.linalg.norm(move))

    def change(self, setting: str, move: Floats | None, number: int, *, becomes: bool) -> Change:
        """Solve the game at the point, and tell what binds there."""
        labels = self.model.labels
        moves = np.zeros(self.free.size) if move is None else move
        point = self.now.copy()
        point[self.free] += moves * self.width
        solved = _equilibria(self.model, point)
        margins = _Margins.of(self, self.rows(number), 1.0)
        told = conditions(self.model, labels.outcomes[number])
        close = np.zeros(len(told), dtype=np.bool_)
        if move is None and becomes:
            close = ~margins.possible()
        elif moves.any():
            close = margins.value(moves) < (_BINDING if becomes else 0.0)
        binding = tuple(condition for condition, is_close in zip(told, close, strict=True) if is_close)
        moved = {
            self.space.names[index]: place for place, index in enumerate(self.free.tolist()) if moves[place]
        }
        return Change(
            setting=setting,
            outcome=labels.outcomes[number],
            becomes=becomes,
            now={name: float(self.now[self.free[place]]) for name, place in moved.items()},
            values={name: float(point[self.free[place]]) for name, place in moved.items()},
            moves={name: float(moves[place]) for name, place in moved.items()},
            distance=self.distance(move),
            binding=binding,
            prediction=Prediction.pure(labels, solved).words(labels),
            verified=move is not None and (number in solved) is becomes,
        )


@dataclass(frozen=True, eq=False)
class _Margins:
    """Differences as functions of the moves, each in units of the largest size that it may have."""

    search: _Search
    monomials: list[list[int]]
    """Places, among the parameters that may move, of those that each product multiplies."""
    coefficients: Floats

    @classmethod
    def of(cls, search: _Search, rows: Ints, sign: float) -> _Margins:
        free = search.free.tolist()
        largest = np.abs(search.now[search.free, None] + search.bounds * search.width[:, None]).max(axis=1)
        columns: dict[tuple[int, ...], Floats] = {}
        for column, monomial in enumerate(search.own.monomials):
            kept = tuple(free.index(index) for index in monomial if index in free)
            factor = np.prod([search.now[index] for index in monomial if index not in free])
            columns[kept] = columns.get(kept, 0.0) + factor * search.own.coefficients[rows, column]
        table = np.array(list(columns.values())).T.reshape(rows.size, -1)
        sizes = np.abs(table) @ np.array([np.prod(largest[list(kept)]) for kept in columns])
        table *= sign / np.where(sizes > 0, sizes, 1.0)[:, None]
        used = np.flatnonzero(table.any(axis=0)).tolist()
        monomials = [list(kept) for kept in columns]
        return cls(search, [monomials[column] for column in used], table[:, used])

    def matter(self) -> Bools:
        """Say which of the parameters that may move the differences depend on."""
        matter = np.zeros(self.search.free.size, dtype=np.bool_)
        for monomial in self.monomials:
            matter[monomial] = True
        return matter

    def possible(self) -> Bools:
        """Say which difference can be positive, if only that counts: it is largest in a corner of the box."""
        low, high = self.search.now[self.search.free] + self.search.bounds.T * self.search.width
        possible = np.ones(self.coefficients.shape[0], dtype=np.bool_)
        for number, row in enumerate(self.coefficients):
            columns = np.flatnonzero(row)
            places = sorted({place for column in columns for place in self.monomials[column]})
            if len(places) > _CORNERS:
                continue
            bits = np.arange(2 ** len(places)) >> np.arange(len(places))[:, None] & 1
            corners = {p: np.where(bit, high[p], low[p]) for p, bit in zip(places, bits, strict=True)}
            total = np.zeros(bits.shape[1])
            for column in columns:
                total += row[column] * math.prod(corners[place] for place in self.monomials[column])
            possible[number] = total.max() >= _BEYOND
        return possible

    def value(self, move: Floats) -> Floats:
        """Return the differences, float[K]."""
        point = self._point(move)
        result: Floats = self.coefficients @ np.array([point[m].prod() for m in self.monomials])
        return result

    def slope(self, move: Floats) -> Floats:
        """Return their derivatives by the moves, float[K, n]."""
        point = self._point(move)
        slopes = np.zeros((self.coefficients.shape[0], point.size))
        for column, monomial in enumerate(self.monomials):
            for place in monomial:
                rest = [other for other in monomial if other != place]
                slopes[:, place] += self.coefficients[:, column] * point[rest].prod()
        return slopes * self.search.width

    def _point(self, move: Floats) -> Floats:
        point: Floats = self.search.now[self.search.free] + move * self.search.width
        return point
