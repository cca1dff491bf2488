"""Designs: which points of the unit cube a sweep visits.

A design is addressed, like the seeds: block ``k`` covers the draws from ``k * BLOCK`` up to
``(k + 1) * BLOCK`` and is computed from (seed, k) alone, cell by cell: a cell is as much as a processor's
cache holds well.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, Protocol, runtime_checkable

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.parameters import Distribution
from bargain.seeds import generator
from bargain.uncertainty.space import Space

__all__ = [
    "BLOCK",
    "CELL",
    "DESIGNS",
    "Design",
    "Grid",
    "LatinHypercube",
    "MonteCarlo",
    "Sobol",
    "design_of",
    "points",
]

BLOCK = 65_536
"""Draws per block: the unit in which sweeps are addressed, distributed and stored."""

CELL = 8_192
"""Draws per cell: the unit in which a block is worked through; see docs/explanation/design.md."""


@runtime_checkable
class Design(Protocol):
    """Points of the unit cube, by block.

    Attributes
    ----------
    extendable : bool
        Whether more draws leave the earlier ones as they are.
    """

    extendable: ClassVar[bool]

    def size(self, space: Space, draws: int) -> int:
        """Return how many draws the design makes when `draws` are asked for."""
        ...

    def cells(self, space: Space, seed: int, block: int, draws: int, out: Floats) -> Iterator[int]:
        """Write the cells of a block into ``out``, float[D, CELL], one after the other.

        Yields how many columns of ``out`` are draws of the design; what stands behind them are points of the
        unit cube all the same.
        """
        ...

    def content(self) -> dict[str, Any]:
        """Return what defines the design, for content keys."""
        ...


@dataclass(frozen=True)
class MonteCarlo:
    """Independent uniform points, each block from its own stream."""

    kind: ClassVar[str] = "monte_carlo"
    extendable: ClassVar[bool] = True

    def size(self, space: Space, draws: int) -> int:  # noqa: ARG002 - the protocol's signature
        """Return `draws`."""
        return draws

    def cells(self, space: Space, seed: int, block: int, draws: int, out: Floats) -> Iterator[int]:  # noqa: ARG002 - the protocol's signature
        """Write the cells of a block; a shorter block is the beginning of the full one."""
        stream = generator(seed, block)
        for width in _widths(block, draws):
            # Always the whole cell, so that a draw's numbers do not depend on how many follow it.
            stream.random(out=out)
            yield width

    def content(self) -> dict[str, Any]:
        """Return the kind."""
        return {"kind": self.kind}


@dataclass(frozen=True)
class Sobol:
    """Scrambled Sobol points (Owen scrambling, `scipy.stats.qmc.Sobol`): smoother than chance.

    Wilson intervals, made for independent draws, are conservative here. Balance is best when the number of
    draws is a power of two.
    """

    kind: ClassVar[str] = "sobol"
    extendable: ClassVar[bool] = True
    _BITS: ClassVar[int] = 32  # of scipy's engine; above 32 its fast_forward fails

    def size(self, space: Space, draws: int) -> int:  # noqa: ARG002
        """Return `draws`, or refuse more than the sequence has."""
        if draws > 2**self._BITS:
            raise InvalidArgumentError(f"sobol: at most 2**{self._BITS} draws were expected, given {draws}")
        return draws

    def cells(self, space: Space, seed: int, block: int, draws: int, out: Floats) -> Iterator[int]:
        """Write the cells of a block: a slice of the one sequence that the seed scrambles."""
        from scipy.stats import qmc  # noqa: PLC0415 - takes long to import

        engine = qmc.Sobol(len(space), scramble=True, bits=self._BITS, rng=generator(seed))
        if block:
            engine.fast_forward(block * BLOCK)
        # A block is always drawn whole: scipy then sees a power of two, and a short block is a beginning.
        return _cut(engine.random(BLOCK).T, block, draws, out)

    def content(self) -> dict[str, Any]:
        """Return the kind."""
        return {"kind": self.kind}


@dataclass(frozen=True)
class LatinHypercube:
    """A Latin hypercube: each parameter's range is cut into as many equal slices as there are draws.

    The design exists only as a whole: it is drawn at once, 8 bytes per parameter and draw, and cannot be
    extended.
    """

    kind: ClassVar[str] = "latin_hypercube"
    extendable: ClassVar[bool] = False
    _MOST: ClassVar[int] = 2**28

    def size(self, space: Space, draws: int) -> int:
        """Return `draws`, or refuse when the whole would not fit into 2 GiB."""
        if draws * len(space) > self._MOST:
            raise InvalidArgumentError(
                f"a Latin hypercube is drawn whole: {draws} draws of {len(space)} parameters exceed"
                f" {self._MOST} numbers; use 'sobol' or 'monte_carlo'"
            )
        return draws

    def cells(self, space: Space, seed: int, block: int, draws: int, out: Floats) -> Iterator[int]:
        """Write the cells of a block: a slice of the whole."""
        start = block * BLOCK
        return _cut(_latin_hypercube(len(space), seed, draws)[:, start : start + BLOCK], block, draws, out)

    def content(self) -> dict[str, Any]:
        """Return the kind."""
        return {"kind": self.kind}


@lru_cache(maxsize=1)
def _latin_hypercube(dimension: int, seed: int, draws: int) -> Floats:
    from scipy.stats import qmc  # noqa: PLC0415 - takes long to import

    points: Floats = np.ascontiguousarray(qmc.LatinHypercube(dimension, rng=generator(seed)).random(draws).T)
    return points


@dataclass(frozen=True)
class Grid:
    """Every combination of a few levels; parameters that are not named stay at their modal value.

    Levels are the midpoints of slices of equal probability, so that every point stands for the same mass and
    shares over the grid are shares of the distribution.

    Attributes
    ----------
    levels : dict of str to int
        Number of levels of each parameter that varies.

    Examples
    --------
    >>> import bargain as bg
    >>> space = bg.Space([bg.Parameter("cost", bg.Uniform(0, 2)), bg.Parameter("gain", bg.Uniform(0, 1))])
    >>> bg.Grid({"cost": 4, "gain": 3}).size(space, 0)
    12
    """

    kind: ClassVar[str] = "grid"
    extendable: ClassVar[bool] = False
    levels: Mapping[str, int]

    def __post_init__(self) -> None:
        for name, count in self.levels.items():
            if isinstance(count, bool) or not isinstance(count, int) or count < 1:
                raise InvalidArgumentError(
                    f"grid: {name}: a positive number of levels was expected, given {count!r}"
                )
        if not self.levels:
            raise InvalidArgumentError("grid: levels of at least one parameter were expected, given none")
        object.__setattr__(self, "levels", dict(self.levels))

    def size(self, space: Space, draws: int) -> int:  # noqa: ARG002
        """Return the number of combinations, whatever was asked for."""
        if space.dependence is not None:
            raise InvalidArgumentError(
                "grid: independent parameters were expected; a dependence would bend the grid"
            )
        for name in self.levels:
            if name not in space.names:
                raise UnknownNameError.of("parameter", name, space.names, where="grid")
        return math.prod(self.levels.values())

    def cells(self, space: Space, seed: int, block: int, draws: int, out: Floats) -> Iterator[int]:  # noqa: ARG002 - the protocol's signature
        """Write the cells of a block; the last parameter named moves fastest."""
        whole = np.empty((len(space), min(BLOCK, draws - block * BLOCK)))
        number = np.arange(block * BLOCK, block * BLOCK + whole.shape[1])
        for row, parameter in zip(whole, space.parameters, strict=True):
            if parameter.name not in self.levels:
                row[...] = _probability_of_mode(parameter.distribution)
        for name, count in reversed(list(self.levels.items())):
            number, level = np.divmod(number, count)
            whole[space.names.index(name)] = (level + 0.5) / count
        return _cut(whole, block, draws, out)

    def content(self) -> dict[str, Any]:
        """Return kind and levels."""
        return {"kind": self.kind, "levels": list(self.levels.items())}


def points(design: Design, space: Space, seed: int, block: int, draws: int) -> Floats:
    """Return the points of a block.

    Parameters
    ----------
    design : Design
    space : Space
    seed, block : int
        The address.
    draws : int
        Of the whole design.

    Returns
    -------
    float[D, n]
        Points of the unit cube.
    """
    out = np.empty((len(space), CELL))
    return np.concatenate(
        [out[:, :width].copy() for width in design.cells(space, seed, block, draws, out)], axis=1
    )


def _widths(block: int, draws: int) -> Iterator[int]:
    """Yield how many draws each cell of a block has."""
    size = min(BLOCK, draws - block * BLOCK)
    for start in range(0, size, CELL):
        yield min(CELL, size - start)


def _cut(whole: Floats, block: int, draws: int, out: Floats) -> Iterator[int]:
    """Write the points of a block, float[D, n], cell by cell."""
    out[...] = 0.5
    for start, width in zip(range(0, BLOCK, CELL), _widths(block, draws), strict=False):
        out[:, :width] = whole[:, start : start + width]
        yield width


def _probability_of_mode(distribution: Distribution) -> float:
    """Find u with ppf(u) = mode by bisection: quantile functions are monotone."""
    low, high = 0.0, 1.0
    for _ in range(64):
        middle = (low + high) / 2
        if float(distribution.ppf(np.array([middle]))[0]) < distribution.mode:
            low = middle
        else:
            high = middle
    return high


DESIGNS: dict[str, type[MonteCarlo | Sobol | LatinHypercube]] = {
    "monte_carlo": MonteCarlo,
    "sobol": Sobol,
    "latin_hypercube": LatinHypercube,
}
"""Designs that a name alone describes; a `Grid` needs its levels."""


def design_of(given: str | Design) -> Design:
    """Return a design from its name, or as it is.

    Parameters
    ----------
    given : str or Design
        ``"monte_carlo"``, ``"sobol"``, ``"latin_hypercube"``, or an object such as `Grid`.

    Returns
    -------
    Design

    Raises
    ------
    UnknownNameError
    """
    if isinstance(given, str):
        if given not in DESIGNS:
            raise UnknownNameError.of("design", given, [*DESIGNS, "Grid({...})"])
        return DESIGNS[given]()
    if isinstance(given, type) or not isinstance(given, Design):
        raise InvalidArgumentError(f"design: a name or a design was expected, given {given!r}")
    return given
