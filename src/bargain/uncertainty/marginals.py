"""Marginal distributions of parameters, by their quantile functions.

Each is a frozen dataclass of numbers, validated once. `Distribution.ppf` is what a sweep calls; everything
else is for reading.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from scipy import special

from bargain.axes import Floats
from bargain.errors import InvalidParameterError

__all__ = [
    "MARGINALS",
    "PERT",
    "Beta",
    "Discrete",
    "Empirical",
    "Fixed",
    "LogNormal",
    "Normal",
    "ScipyDistribution",
    "Triangular",
    "TruncatedNormal",
    "Uniform",
]


@dataclass(frozen=True)
class Fixed:
    """A value that is known, or held.

    Attributes
    ----------
    value : float
    """

    kind: ClassVar[str] = "fixed"
    value: float

    def __post_init__(self) -> None:
        _finite(self, value=self.value)

    @property
    def mode(self) -> float:
        """The value."""
        return self.value

    @property
    def support(self) -> tuple[float, float]:
        """The value, twice."""
        return self.value, self.value

    def ppf(self, probability: Floats) -> Floats:
        """Return the value, whatever the probability."""
        return np.full(np.shape(probability), float(self.value))

    def content(self) -> dict[str, Any]:
        """Return kind and numbers."""
        return {"kind": self.kind, "value": self.value}


@dataclass(frozen=True)
class Uniform:
    """Every value between two ends is equally likely; the midpoint stands for it.

    Attributes
    ----------
    low, high : float
    """

    kind: ClassVar[str] = "uniform"
    low: float
    high: float

    def __post_init__(self) -> None:
        _finite(self, low=self.low, high=self.high)
        _ascending(self, low=self.low, high=self.high)

    @property
    def mode(self) -> float:
        """The midpoint."""
        return (self.low + self.high) / 2

    @property
    def support(self) -> tuple[float, float]:
        """The two ends."""
        return self.low, self.high

    def ppf(self, probability: Floats) -> Floats:
        """Return quantiles."""
        return self.low + (self.high - self.low) * probability

    def content(self) -> dict[str, Any]:
        """Return kind and numbers."""
        return {"kind": self.kind, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Triangular:
    """Most likely at the mode, impossible beyond the ends, straight lines between.

    Attributes
    ----------
    low, mode, high : float
    """

    kind: ClassVar[str] = "triangular"
    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        _finite(self, low=self.low, mode=self.mode, high=self.high)
        _ascending(self, low=self.low, mode=self.mode, high=self.high)

    @property
    def support(self) -> tuple[float, float]:
        """The two ends."""
        return self.low, self.high

    def constants(self) -> tuple[float, float, float, float]:
        """Return turn, rising, falling and shift of the quantile function; see `ppf`."""
        width, left, right = self.high - self.low, self.mode - self.low, self.high - self.mode
        turn = left / width if width > 0 else 0.5
        return turn, math.sqrt(width * left), math.sqrt(width * right), self.low + self.high - self.mode

    def ppf(self, probability: Floats) -> Floats:
        """Return quantiles.

        Both branches of the inverse at once: up to the probability `turn` of the mode the first root grows
        and the second stands still, beyond it the other way round. No mask is needed.
        """
        turn, rising, falling, shift = self.constants()
        first = rising * np.sqrt(np.minimum(probability, turn))
        return first - falling * np.sqrt(1.0 - np.maximum(probability, turn)) + shift

    def content(self) -> dict[str, Any]:
        """Return kind and numbers."""
        return {"kind": self.kind, "low": self.low, "mode": self.mode, "high": self.high}


@dataclass(frozen=True)
class PERT:
    """A smooth relative of the triangular: a beta between the ends with the given mode.

    Attributes
    ----------
    low, mode, high : float
    weight : float, default 4
        How strongly the mode pulls; 0 is the uniform distribution.
    """

    kind: ClassVar[str] = "pert"
    low: float
    mode: float
    high: float
    weight: float = 4.0

    def __post_init__(self) -> None:
        _finite(self, low=self.low, mode=self.mode, high=self.high, weight=self.weight)
        _ascending(self, low=self.low, mode=self.mode, high=self.high)
        _require(self, self.weight >= 0, f"weight >= 0 was expected, given {self.weight}")

    @property
    def support(self) -> tuple[float, float]:
        """The two ends."""
        return self.low, self.high

    def ppf(self, probability: Floats) -> Floats:
        """Return quantiles."""
        width = self.high - self.low
        if width == 0:
            return np.full(np.shape(probability), float(self.low))
        a = 1 + self.weight * (self.mode - self.low) / width
        b = 1 + self.weight * (self.high - self.mode) / width
        quantile: Floats = self.low + width * special.betaincinv(a, b, probability)
        return quantile

    def content(self) -> dict[str, Any]:
        """Return kind and numbers."""
        return {
            "kind": self.kind, "low": self.low, "mode": self.mode, "high": self.high, "weight": self.weight
        }  # fmt: skip


@dataclass(frozen=True)
class Normal:
    """The normal distribution.

    Attributes
    ----------
    mean, sd : float
        Standard deviation `sd` above zero.
    """

    kind: ClassVar[str] = "normal"
    mean: float
    sd: float

    def __post_init__(self) -> None:
        _finite(self, mean=self.mean, sd=self.sd)
        _require(self, self.sd > 0, f"sd > 0 was expected, given {self.sd}")

    @property
    def mode(self) -> float:
        """The mean."""
        return self.mean

    @property
    def support(self) -> tuple[float, float]:
        """The whole line."""
        return -math.inf, math.inf

    def ppf(self, probability: Floats) -> Floats:
        """Return quantiles."""
        quantile: Floats = self.mean + self.sd * special.ndtri(_inside(probability))
        return quantile

    def content(self) -> dict[str, Any]:
        """Return kind and numbers."""
        return {"kind": self.kind, "mean": self.mean, "sd": self.sd}


@dataclass(frozen=True)
class TruncatedNormal:
    """A normal distribution cut to an interval.

    Attributes
    ----------
    mean, sd : float
        Of the distribution before it is cut.
    low, high : float
        Either may be infinite.
    """

    kind: ClassVar[str] = "truncated_normal"
    mean: float
    sd: float
    low: float = -math.inf
    high: float = math.inf

    def __post_init__(self) -> None:
        _finite(self, mean=self.mean, sd=self.sd)
        _numeric(self, low=self.low, high=self.high)
        _require(self, self.sd > 0, f"sd > 0 was expected, given {self.sd}")
        _require(self, self.low < self.high, f"low < high was expected, given {self.low} and {self.high}")
        mass = self._bounds()[2] - self._bounds()[1]
        _require(self, mass > 1e-300, "the interval holds none of the distribution's mass")

    @property
    def mode(self) -> float:
        """The mean, or the nearer end where the mean is cut off."""
        return min(max(self.mean, self.low), self.high)

    @property
    def support(self) -> tuple[float, float]:
        """The interval."""
        return self.low, self.high

    def _bounds(self) -> tuple[float, float, float]:
        # The upper tail is mirrored, because probabilities near zero keep digits that those near one lose.
        a, b = (self.low - self.mean) / self.sd, (self.high - self.mean) / self.sd
        sign = -1.0 if a > 0 else 1.0
        if sign < 0:
            a, b = -b, -a
        return sign, float(special.ndtr(a)), float(special.ndtr(b))

    def ppf(self, probability: Floats) -> Floats:
        """Return quantiles."""
        sign, below, above = self._bounds()
        inside = _inside(probability)
        standard = special.ndtri(below + (above - below) * (inside if sign > 0 else 1 - inside))
        quantile: Floats = np.clip(self.mean + self.sd * sign * standard, self.low, self.high)
        return quantile

    def content(self) -> dict[str, Any]:
        """Return kind and numbers."""
        return {"kind": self.kind, "mean": self.mean, "sd": self.sd, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class LogNormal:
    """A positive quantity whose logarithm is normal.

    Attributes
    ----------
    mu, sigma : float
        Mean and standard deviation of the logarithm.
    """

    kind: ClassVar[str] = "lognormal"
    mu: float
    sigma: float

    def __post_init__(self) -> None:
        _finite(self, mu=self.mu, sigma=self.sigma)
        _require(self, self.sigma > 0, f"sigma > 0 was expected, given {self.sigma}")

    @property
    def mode(self) -> float:
        """Where the density peaks."""
        return math.exp(self.mu - self.sigma**2)

    @property
    def support(self) -> tuple[float, float]:
        """The positive half line."""
        return 0.0, math.inf

    def ppf(self, probability: Floats) -> Floats:
        """Return quantiles."""
        quantile: Floats = np.exp(self.mu + self.sigma * special.ndtri(_inside(probability)))
        return quantile

    def content(self) -> dict[str, Any]:
        """Return kind and numbers."""
        return {"kind": self.kind, "mu": self.mu, "sigma": self.sigma}


@dataclass(frozen=True)
class Beta:
    """A beta distribution between two ends.

    Attributes
    ----------
    a, b : float
        Shapes, above zero.
    low, high : float, default 0 and 1
    """

    kind: ClassVar[str] = "beta"
    a: float
    b: float
    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        _finite(self, a=self.a, b=self.b, low=self.low, high=self.high)
        _require(
            self, self.a > 0 and self.b > 0, f"a > 0 and b > 0 were expected, given {self.a} and {self.b}"
        )
        _require(self, self.low < self.high, f"low < high was expected, given {self.low} and {self.high}")

    @property
    def mode(self) -> float:
        """Where the density peaks; the mean where it has no single peak."""
        if self.a > 1 and self.b > 1:
            peak = (self.a - 1) / (self.a + self.b - 2)
        elif self.a <= 1 <= self.b and self.a < self.b:
            peak = 0.0
        elif self.b <= 1 <= self.a and self.b < self.a:
            peak = 1.0
        else:
            peak = self.a / (self.a + self.b)
        return self.low + (self.high - self.low) * peak

    @property
    def support(self) -> tuple[float, float]:
        """The two ends."""
        return self.low, self.high

    def ppf(self, probability: Floats) -> Floats:
        """Return quantiles."""
        quantile: Floats = self.low + (self.high - self.low) * special.betaincinv(self.a, self.b, probability)
        return quantile

    def content(self) -> dict[str, Any]:
        """Return kind and numbers."""
        return {"kind": self.kind, "a": self.a, "b": self.b, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Discrete:
    """Finitely many values with their probabilities.

    Attributes
    ----------
    values : tuple of float
    probabilities : tuple of float, optional
        Equal by default; they must add to one within 1e-9.
    """

    kind: ClassVar[str] = "discrete"
    values: tuple[float, ...]
    probabilities: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        values = _numbers(self, "values", self.values)
        probabilities = _numbers(self, "probabilities", self.probabilities or [1 / len(values)] * len(values))
        _require(
            self,
            len(values) == len(probabilities),
            f"as many probabilities as values were expected, given {len(probabilities)} and {len(values)}",
        )
        total = math.fsum(probabilities)
        _require(
            self,
            min(probabilities) >= 0 and abs(total - 1) <= 1e-9,
            f"probabilities must be non-negative and add to 1, given {probabilities}",
        )
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "probabilities", probabilities)

    @property
    def mode(self) -> float:
        """The most probable value; the first of several."""
        return self.values[self.probabilities.index(max(self.probabilities))]

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest value with positive probability."""
        possible = [v for v, p in zip(self.values, self.probabilities, strict=True) if p > 0]
        return min(possible), max(possible)

    def ppf(self, probability: Floats) -> Floats:
        """Return quantiles; values are taken in ascending order."""
        order = np.argsort(self.values, kind="stable")
        edges = np.cumsum(np.asarray(self.probabilities)[order])
        last = int(np.flatnonzero(np.asarray(self.probabilities)[order])[-1])
        place = np.minimum(np.searchsorted(edges, probability, side="right"), last)
        quantile: Floats = np.asarray(self.values)[order][place]
        return quantile

    def content(self) -> dict[str, Any]:
        """Return kind and numbers."""
        return {"kind": self.kind, "values": list(self.values), "probabilities": list(self.probabilities)}


@dataclass(frozen=True)
class Empirical:
    """A sample that stands for its population; quantiles are interpolated, the median stands for it.

    Attributes
    ----------
    sample : tuple of float
        At least two observations.
    """

    kind: ClassVar[str] = "empirical"
    sample: tuple[float, ...]

    def __post_init__(self) -> None:
        sample = _numbers(self, "sample", self.sample)
        _require(self, len(sample) >= 2, f"at least two observations were expected, given {len(sample)}")
        object.__setattr__(self, "sample", tuple(sorted(sample)))

    @property
    def mode(self) -> float:
        """The median: a sample has no density to peak."""
        return float(np.median(self.sample))

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest observation."""
        return self.sample[0], self.sample[-1]

    def ppf(self, probability: Floats) -> Floats:
        """Return quantiles, linear between order statistics."""
        quantile: Floats = np.interp(probability, np.linspace(0, 1, len(self.sample)), self.sample)
        return quantile

    def content(self) -> dict[str, Any]:
        """Return kind and numbers."""
        return {"kind": self.kind, "sample": list(self.sample)}


@dataclass(frozen=True, repr=False)
class ScipyDistribution:
    """Any frozen distribution of `scipy.stats`; its median stands for it.

    Attributes
    ----------
    frozen : scipy.stats frozen distribution
        Such as ``scipy.stats.gamma(2, scale=0.5)``.

    Examples
    --------
    >>> import bargain as bg
    >>> from scipy import stats
    >>> round(bg.ScipyDistribution(stats.gamma(2, scale=0.5)).mode, 3)
    0.839
    """

    kind: ClassVar[str] = "scipy"
    frozen: Any = field()

    def __post_init__(self) -> None:
        usable = all(hasattr(self.frozen, name) for name in ("ppf", "dist", "args", "kwds"))
        _require(self, usable, f"a frozen scipy.stats distribution was expected, given {self.frozen!r}")
        _require(
            self, np.ndim(self.frozen.ppf(0.5)) == 0, "one number for each shape was expected, given arrays"
        )
        _require(self, math.isfinite(self.mode), "its median is not finite: are the shapes valid?")

    @property
    def mode(self) -> float:
        """The median: scipy knows no modes."""
        return float(self.frozen.ppf(0.5))

    @property
    def support(self) -> tuple[float, float]:
        """The ends of the distribution."""
        low, high = self.frozen.support()
        return float(low), float(high)

    def ppf(self, probability: Floats) -> Floats:
        """Return quantiles."""
        quantile: Floats = np.asarray(self.frozen.ppf(_inside(probability)), dtype=np.float64)
        return quantile

    def __repr__(self) -> str:
        shapes = [repr(value) for value in self.frozen.args]
        shapes += [f"{name}={value!r}" for name, value in sorted(self.frozen.kwds.items())]
        return f"ScipyDistribution({self.frozen.dist.name}({', '.join(shapes)}))"

    def content(self) -> dict[str, Any]:
        """Return kind and numbers."""
        return {
            "kind": self.kind,
            "name": self.frozen.dist.name,
            "args": [float(value) for value in self.frozen.args],
            "kwds": {name: float(value) for name, value in sorted(self.frozen.kwds.items())},
        }


Marginal = (
    Fixed | Uniform | Triangular | PERT | Normal | TruncatedNormal | LogNormal | Beta | Discrete | Empirical
)

MARGINALS: dict[str, type[Marginal]] = {
    marginal.kind: marginal
    for marginal in (
        Fixed, Uniform, Triangular, PERT, Normal, TruncatedNormal, LogNormal, Beta, Discrete, Empirical
    )
}  # fmt: skip
"""The distributions that a scenario file can name, by kind."""


def _inside(probability: Floats) -> Floats:
    """Keep probabilities off 0 and 1, where unbounded quantile functions are infinite."""
    inside: Floats = np.clip(probability, 2.0**-54, 1 - 2.0**-53)
    return inside


def _require(marginal: object, condition: bool, message: str) -> None:  # noqa: FBT001 - reads as an assertion
    if not condition:
        raise InvalidParameterError(f"{type(marginal).__name__}: {message}")


def _finite(marginal: object, **numbers: object) -> None:
    _numeric(marginal, **numbers)
    for name, number in numbers.items():
        _require(
            marginal,
            math.isfinite(getattr(marginal, name)),
            f"{name}: a finite number was expected, given {number!r}",
        )


def _numeric(marginal: object, **numbers: object) -> None:
    for name, number in numbers.items():
        real = isinstance(number, int | float | np.floating | np.integer) and not isinstance(number, bool)
        _require(
            marginal,
            real and not math.isnan(number),  # type: ignore[arg-type]  # `real` says so
            f"{name}: a number was expected, given {number!r}",
        )
        object.__setattr__(marginal, name, float(number))  # type: ignore[arg-type]  # `real` says so


def _ascending(marginal: object, **numbers: float) -> None:
    ends = list(numbers.items())
    for (name, number), (following, larger) in itertools.pairwise(ends):
        _require(
            marginal, number <= larger, f"{name} <= {following} was expected, given {number:g} and {larger:g}"
        )


def _numbers(marginal: object, name: str, given: Sequence[float]) -> tuple[float, ...]:
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError):
        array = np.empty(0)
    _require(
        marginal,
        array.ndim == 1 and array.size > 0 and bool(np.isfinite(array).all()),
        f"{name}: one or more finite numbers were expected, given {given!r}",
    )
    return tuple(array.tolist())
