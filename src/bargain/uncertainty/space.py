"""The space that uncertain parameters span: from the unit cube to values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, InvalidParameterError, UnknownNameError
from bargain.parameters import Distribution, Parameter
from bargain.uncertainty.dependence import Coupling, GaussianCopula
from bargain.uncertainty.marginals import Fixed, Triangular

__all__ = ["Space"]


@dataclass(frozen=True)
class Space:
    """Parameters that vary, independently of each other unless told otherwise.

    Attributes
    ----------
    parameters : tuple of Parameter, length D
    dependence : GaussianCopula, optional
        Rank correlations between some of them. The parameter that is declared first of those that depend on
        each other has the same draws as without.

    Raises
    ------
    InvalidParameterError
        If two parameters share a name.
    UnknownNameError
        If the dependence names a parameter that is not there.

    Examples
    --------
    >>> import bargain as bg
    >>> space = bg.Space([bg.Parameter("cost", bg.Uniform(0, 2)), bg.Parameter("gain", bg.Fixed(1))])
    >>> space.values(np.array([[0.25, 0.5], [0.25, 0.5]]))
    array([[0.5, 1. ],
           [1. , 1. ]])
    """

    parameters: tuple[Parameter, ...]
    dependence: GaussianCopula | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", tuple(self.parameters))
        for parameter in self.parameters:
            if not isinstance(parameter, Parameter):
                raise InvalidParameterError(f"a Parameter was expected, given {parameter!r}")
        names = self.names
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise InvalidParameterError(f"parameter {twice[0]!r} is declared more than once")
        if self.dependence is not None:
            if not isinstance(self.dependence, GaussianCopula):
                raise InvalidParameterError(
                    f"dependence: a GaussianCopula was expected, given {self.dependence!r}"
                )
            self.dependence.matrix(names)  # knows unknown names

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters, in order."""
        return tuple(parameter.name for parameter in self.parameters)

    def __len__(self) -> int:
        return len(self.parameters)

    def __getitem__(self, name: str) -> Parameter:
        """Return the parameter of that name.

        Parameters
        ----------
        name : str

        Returns
        -------
        Parameter

        Raises
        ------
        UnknownNameError
        """
        if name not in self.names:
            raise UnknownNameError.of("parameter", name, self.names)
        return self.parameters[self.names.index(name)]

    def replace(self, values: Mapping[str, float | Distribution], *, where: str = "values") -> Space:
        """Hold parameters to values, or give them other distributions.

        Dependence stays as it is. To hold a parameter is to intervene, not to observe: it tells nothing about
        the parameters that are correlated with it, whose draws are what they would be without.

        Parameters
        ----------
        values : mapping of str to float or Distribution
        where : str, optional
            Named in the errors.

        Returns
        -------
        Space
            Over the same parameters in the same order, so that draws stay paired.

        Raises
        ------
        UnknownNameError
        InvalidParameterError
        """
        for name in values:
            if name not in self.names:
                raise UnknownNameError.of("parameter", name, self.names, where=where)
        return Space(
            tuple(
                replace(parameter, distribution=_lift(parameter.name, values[parameter.name], where))
                if parameter.name in values
                else parameter
                for parameter in self.parameters
            ),
            self.dependence,
        )

    def mode(self) -> Floats:
        """Return the modal values.

        Returns
        -------
        float[D, 1]
            A batch of one draw.
        """
        return np.array([[parameter.mode] for parameter in self.parameters], dtype=np.float64).reshape(-1, 1)

    def ranges(self) -> dict[str, tuple[float, float]]:
        """Return (low, high) of each parameter; the central 99.9 % where unbounded.

        Returns
        -------
        dict of str to tuple of float
        """
        return {parameter.name: parameter.range() for parameter in self.parameters}

    def values(self, unit: Floats) -> Floats:
        """Map points of the unit cube to parameter values.

        Parameters
        ----------
        unit : float[D, N]
            Probabilities.

        Returns
        -------
        float[D, N]

        Raises
        ------
        InvalidArgumentError
            If there is not one row per parameter.
        """
        if unit.ndim != 2 or unit.shape[0] != len(self):
            raise InvalidArgumentError(f"unit: shape ({len(self)}, draws) was expected, given {unit.shape}")
        result = np.array(unit, dtype=np.float64, order="C")
        self.transform(result, np.empty_like(result))
        return result

    def transform(self, unit: Floats, scratch: Floats) -> None:
        """Map points of the unit cube to parameter values in place: the hot path of a sweep.

        Parameters
        ----------
        unit : float[D, N]
            Overwritten by the values.
        scratch : float[D, N]
            Workspace.
        """
        if self._coupling is not None:
            self._coupling.apply(unit, scratch)
        for start, stop, wedge in self._runs:
            block, other = unit[start:stop], scratch[start:stop]
            if wedge is None:
                block[0] = self.parameters[start].distribution.ppf(block[0])
                continue
            # Both branches of the inverse at once; see Triangular.ppf. np.clip against a column of constants
            # takes half the time of np.minimum, from 8,192 draws on.
            np.clip(block, wedge.turn, 1.0, out=other)
            np.subtract(1.0, other, out=other)
            np.sqrt(other, out=other)
            np.multiply(other, wedge.falling, out=other)
            np.clip(block, 0.0, wedge.turn, out=block)
            np.sqrt(block, out=block)
            np.multiply(block, wedge.rising, out=block)
            np.subtract(block, other, out=block)
            np.add(block, wedge.shift, out=block)

    def to_salib_problem(self) -> dict[str, Any]:
        """Return the space as a problem of SALib, whose samples are points of the unit cube.

        `values` turns them into parameter values, whatever the distributions; SALib itself knows only some.
        Variance-based and other indices are not changed by it, because the inputs of the model are then the
        probabilities, one per parameter. They are independent, so dependence has no place here.

        Returns
        -------
        dict
            ``num_vars``, ``names`` and ``bounds``.

        Raises
        ------
        InvalidParameterError
            If parameters depend on each other.

        Examples
        --------
        >>> import bargain as bg
        >>> space = bg.load_scenario("gsomia").space_at("2019-11 deadline")
        >>> problem = space.to_salib_problem()
        >>> problem["num_vars"], problem["names"][0], problem["bounds"][0]
        (21, 'export_control_cost_rok', [0.0, 1.0])
        """
        if self.dependence is not None:
            raise InvalidParameterError(
                f"to_salib_problem: independent parameters were expected, given {self.dependence}"
            )
        return {
            "num_vars": len(self),
            "names": list(self.names),
            "bounds": [[0.0, 1.0] for _ in self.parameters],
        }

    def content(self) -> list[dict[str, Any]]:
        """Return what defines the space's numbers, for content keys.

        Returns
        -------
        list of dict
            One for each parameter, and a last one for their dependence if there is any.
        """
        content = [{"name": p.name, **p.distribution.content()} for p in self.parameters]
        return content if self.dependence is None else [*content, self.dependence.content()]

    @cached_property
    def _coupling(self) -> Coupling | None:
        return None if self.dependence is None else self.dependence.coupling(self.names)

    @cached_property
    def _runs(self) -> tuple[tuple[int, int, _Wedge | None], ...]:
        """Maximal runs of triangular parameters, and the others one by one."""
        runs: list[tuple[int, int, _Wedge | None]] = []
        start = 0
        while start < len(self):
            stop = start
            while stop < len(self) and isinstance(self.parameters[stop].distribution, Triangular):
                stop += 1
            if stop > start:
                shapes = [p.distribution for p in self.parameters[start:stop]]
                runs.append((start, stop, _Wedge.of([s for s in shapes if isinstance(s, Triangular)])))
            else:
                stop = start + 1
                runs.append((start, stop, None))
            start = stop
        return tuple(runs)


@dataclass(frozen=True, eq=False)
class _Wedge:
    """Constants of the triangular quantile function for several parameters, float[d, 1] each."""

    turn: Floats
    rising: Floats
    falling: Floats
    shift: Floats

    @classmethod
    def of(cls, shapes: list[Triangular]) -> _Wedge:
        constants = np.array([shape.constants() for shape in shapes])
        return cls(*(constants[:, [column]] for column in range(4)))


def _lift(name: str, given: float | Distribution, where: str) -> Distribution:
    if isinstance(given, Distribution) and not isinstance(given, type):
        return given
    if isinstance(given, bool) or not isinstance(given, int | float | np.floating | np.integer):
        raise InvalidParameterError(
            f"{where}: {name}: a number or a distribution was expected, given {given!r}"
        )
    if not np.isfinite(given):
        raise InvalidParameterError(f"{where}: {name}: a finite number was expected, given {given!r}")
    return Fixed(float(given))
