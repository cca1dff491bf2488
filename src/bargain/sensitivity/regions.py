"""Regions: which outcome the model predicts over a plane of two parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats, read_only
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.labels import Labels
from bargain.games.normal import NormalForm
from bargain.parameters import Distribution
from bargain.payoffs.model import PayoffModel
from bargain.sensitivity.boundaries import boundaries
from bargain.sensitivity.differences import Differences
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solver, Status
from bargain.uncertainty.space import Space

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["MIXED", "MULTIPLE", "NONE", "UNSOLVED", "regions"]

NONE, MULTIPLE, MIXED, UNSOLVED = -1, -2, -3, -4
"""Codes of the points that no single outcome answers; the others are numbers of outcomes, in C order."""

_CHUNK = 16_384
_Codes = npt.NDArray[np.int32]


class DatedModel(Protocol):
    """What is needed of a scenario: its model, and the parameters at each dated setting."""

    @property
    def name(self) -> str:
        """Name of the scenario."""
        ...

    @property
    def model(self) -> PayoffModel:
        """Payoffs."""
        ...

    @property
    def settings(self) -> tuple[str, ...]:
        """Names of the dated settings."""
        ...

    def space_at(self, setting: str, /) -> Space:
        """Return the uncertainty at a setting."""
        ...


def regions(
    scenario: DatedModel,
    setting: str,
    *,
    x: str,
    y: str,
    points: tuple[int, int] = (401, 401),
    solver: Solver | None = None,
    fix: Mapping[str, str] | None = None,
    values: Mapping[str, float | Distribution] | None = None,
) -> xr.Dataset:
    """Solve the game on a grid over two parameters, with all others at the modal values of a setting.

    The grid spans each parameter's range at the setting, widened where needed to the modal values that the
    parameter has at the other settings, so that every setting lies on the map. Of pure equilibria the curves
    that bound the regions are computed exactly, whatever the grid.

    Parameters
    ----------
    scenario : Scenario
    setting : str
    x, y : str
        Names of two parameters.
    points : tuple of int, default (401, 401)
        Numbers of grid points along `x` and `y`, at least 2 each; the ends of the span are grid points.
    solver : Solver, default ``PureNash()``
    fix : mapping of player to action, optional
        Players held to an action.
    values : mapping of str to float or Distribution, optional
        Parameters held to a value, or given another distribution and with it another mode and range.

    Returns
    -------
    xarray.Dataset
        Variable ``outcome`` int[y, x]: the number of the outcome that every equilibrium leads to, in C order
        of the scenario's actions, or ``NONE`` (-1), ``MULTIPLE`` (-2), ``MIXED`` (-3), ``UNSOLVED`` (-4).
        Coordinates named as the two parameters, whose attributes give ``symbol``, ``units``, ``long_name``,
        and the ``low``, ``high`` and ``mode`` that they have at the setting; ``action`` str[code, player],
        the outcomes behind the codes. Variables ``point_x``, ``point_y`` float[setting]: modal values of the
        two parameters at each dated setting.

        With `PureNash` also the exact boundaries, in pieces: ``boundary_x``, ``boundary_y``
        float[piece, vertex], points on each; ``boundary`` float[piece, product], the coefficients of 1, x, y
        and x y whose sum vanishes there; ``boundary_player`` str[piece], whose payoff difference that is;
        ``boundary_code`` int[piece, side], what is predicted where the sum is negative and positive.

    Raises
    ------
    UnknownNameError
        If the setting, a parameter, or a held player or action does not exist.
    InvalidArgumentError
        If `x` and `y` are the same, there are fewer than 2 points, or a parameter is a constant.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.sensitivity.regions import regions
    >>> plane = regions(
    ...     bg.load_scenario("gsomia"),
    ...     "2019-11 deadline",
    ...     x="pressing_cost",
    ...     y="relaxation_depth",
    ...     points=(21, 11),
    ... )
    >>> plane["outcome"].sizes["pressing_cost"], plane["pressing_cost"].attrs["units"]
    (21, 'util 0-10')
    >>> code = plane["outcome"].sel(pressing_cost=0.8, relaxation_depth=0.25, method="nearest").item()
    >>> print(*plane["action"].sel(code=code).values)
    suspend relax press
    """
    import xarray as xr  # noqa: PLC0415 - takes longer to import than the rest of the library

    space = _space(scenario, setting, x, y).replace(values or {})
    modes = {name: [scenario.space_at(s)[name].mode for s in scenario.settings] for name in (x, y)}
    coordinates = [
        _coordinate(space, name, modes[name], size) for name, size in zip((x, y), _sizes(points), strict=True)
    ]
    labels = scenario.model.labels
    model = plane_model(scenario.model.hold(fix or {}), space, x, y)
    solver = PureNash() if solver is None else solver
    codes = _renumbered(_codes(model, solver, *coordinates), model.labels, labels)
    attributes = {name: _attributes(space, name) for name in (x, y)}
    result = xr.Dataset(
        {
            "outcome": (
                (y, x),
                codes,
                {
                    "long_name": "outcome predicted",
                    "none": NONE,
                    "multiple": MULTIPLE,
                    "mixed": MIXED,
                    "unsolved": UNSOLVED,
                },
            ),
            "point_x": ("setting", modes[x], attributes[x]),
            "point_y": ("setting", modes[y], attributes[y]),
        },
        coords={
            x: (x, coordinates[0], attributes[x]),
            y: (y, coordinates[1], attributes[y]),
            "setting": list(scenario.settings),
            "code": np.arange(labels.size),
            "player": list(labels.players),
            "action": (("code", "player"), np.array(labels.outcomes)),
        },
        attrs={
            "scenario": scenario.name,
            "setting": setting,
            "solver": str(solver),
            "held": ", ".join(
                f"{name} to {value}" for name, value in {**(fix or {}), **(values or {})}.items()
            ),
        },
    )
    if type(solver) is PureNash:
        result = result.assign(_bounds(model, solver, coordinates, labels))
    return result


def plane_model(model: PayoffModel, space: Space, x: str, y: str) -> PayoffModel:
    """Return the model over two parameters alone, the others inserted at their modal values.

    Payoffs are multi-affine, so over two parameters only four monomials are left: 1, x, y and x y. A point
    then costs four products per payoff, however many parameters and terms the model has.

    Parameters
    ----------
    model : PayoffModel
    space : Space
        Of the model's parameters.
    x, y : str

    Returns
    -------
    PayoffModel
    """
    place = {model.parameters.index(x): 0, model.parameters.index(y): 1}
    modes = [parameter.mode for parameter in space.parameters]
    left = ((), (0,), (1,), (0, 1))
    coefficients = np.zeros((*model.coefficients.shape[:2], len(left)))
    for column, monomial in enumerate(model.monomials):
        kept = tuple(sorted(place[index] for index in monomial if index in place))
        constant = np.prod([modes[index] for index in monomial if index not in place])
        coefficients[..., left.index(kept)] += constant * model.coefficients[..., column]
    return PayoffModel(model.labels, (x, y), (), left, read_only(coefficients), {})


def _codes(model: PayoffModel, solver: Solver, x: Floats, y: Floats) -> _Codes:
    codes = np.empty((y.size, x.size), dtype=np.int32)
    flat = codes.reshape(-1)
    for start in range(0, flat.size, _CHUNK):
        row, column = np.divmod(np.arange(start, min(start + _CHUNK, flat.size)), x.size)
        payoffs = model.evaluate(np.stack([x[column], y[row]]))
        flat[start : start + _CHUNK] = _answers(model.labels, solver, payoffs)
    return codes


def _answers(labels: Labels, solver: Solver, payoffs: Floats) -> _Codes:
    """Return the code of every draw, int[N]."""
    if type(solver) is PureNash:
        stable = solver.stable(payoffs).reshape(labels.size, -1)
        count = stable.sum(axis=0)
        # The number of the only stable outcome, where there is just one.
        numbers = np.arange(labels.size, dtype=np.int32) @ stable
        return np.choose(np.minimum(count, 2), [np.int32(NONE), numbers, np.int32(MULTIPLE)]).astype(np.int32)
    solution = solver.solve(NormalForm(labels, payoffs))
    sure = solution.outcomes >= 1 - 1e-9
    number = np.where(sure.any(axis=0), sure.argmax(axis=0), MIXED)
    lowest, highest = np.full(solution.game.draws, labels.size), np.full(solution.game.draws, MIXED)
    np.minimum.at(lowest, solution.draw, number)
    np.maximum.at(highest, solution.draw, number)
    codes = np.where((lowest == highest) & (lowest >= 0), lowest, MULTIPLE)
    codes[(solution.count == 1) & (highest == MIXED)] = MIXED
    codes[solution.count == 0] = UNSOLVED
    codes[(solution.count == 0) & (solution.codes == Status.NONE)] = NONE
    return codes.astype(np.int32)


def _bounds(
    model: PayoffModel, solver: PureNash, coordinates: list[Floats], labels: Labels
) -> dict[str, tuple[tuple[str, ...], npt.NDArray[Any]]]:
    own = Differences.own(model)
    x, y = coordinates
    plane = own.inserted(np.zeros(2), (0, 1))
    plane[:, 0, 0] += solver.tolerance
    found = boundaries(
        own,
        plane,
        ((x[0], x[-1]), (y[0], y[-1])),
        lambda x, y: _answers(model.labels, solver, model.evaluate(np.stack([x, y]))),
    )
    players = np.array(labels.players)[found.players]
    return {
        "boundary_x": (("piece", "vertex"), found.x),
        "boundary_y": (("piece", "vertex"), found.y),
        "boundary": (("piece", "product"), found.coefficients),
        "boundary_player": (("piece",), players),
        "boundary_code": (("piece", "side"), _renumbered(found.sides, model.labels, labels)),
    }


def _renumbered(codes: _Codes, held: Labels, labels: Labels) -> _Codes:
    """Turn numbers of outcomes of the held game into those of the whole game."""
    if held == labels:
        return codes
    numbers = [labels.outcome(outcome) for outcome in held.outcomes]
    table = np.array([*numbers, UNSOLVED, MIXED, MULTIPLE, NONE], dtype=np.int32)
    return table[codes]  # the negative codes count from the end


def _space(scenario: DatedModel, setting: str, x: str, y: str) -> Space:
    if setting not in scenario.settings:
        raise UnknownNameError.of("setting", setting, scenario.settings, where=f"scenario {scenario.name}")
    space = scenario.space_at(setting)
    for axis, name in (("x", x), ("y", y)):
        if name not in space.names:
            raise UnknownNameError.of("parameter", name, space.names, where=f"regions: {axis}")
    if x == y:
        raise InvalidArgumentError(f"regions: two different parameters were expected, given {x!r} twice")
    return space


def _sizes(points: tuple[int, int]) -> tuple[int, int]:
    if len(points) != 2 or any(isinstance(size, bool) or int(size) != size or size < 2 for size in points):
        raise InvalidArgumentError(
            f"points: two whole numbers of at least 2 were expected, along x and along y, given {points!r}"
        )
    return int(points[0]), int(points[1])


def _coordinate(space: Space, name: str, modes: list[float], size: int) -> Floats:
    low, high = space[name].range()
    low, high = min(low, *modes), max(high, *modes)
    if not low < high:
        raise InvalidArgumentError(
            f"regions: {name} is always {low:g}, so that there is nothing to draw along it"
        )
    return np.linspace(low, high, size)


def _attributes(space: Space, name: str) -> dict[str, str | float]:
    parameter = space[name]
    low, high = parameter.range()
    return {
        "long_name": parameter.meaning or name.replace("_", " "),
        "units": parameter.unit,
        "symbol": parameter.symbol,
        "low": low,
        "high": high,
        "mode": parameter.mode,
    }
