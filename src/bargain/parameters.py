"""A parameter: a quantity that payoffs depend on, with its meaning, unit, sources and uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidParameterError

__all__ = ["Distribution", "Parameter"]


@runtime_checkable
class Distribution(Protocol):
    """What a parameter's uncertainty must offer; `bargain.uncertainty.marginals` has the usual ones."""

    @property
    def mode(self) -> float:
        """The single value that stands for the parameter where no uncertainty is asked for."""
        ...

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest possible value; infinite where unbounded."""
        ...

    def ppf(self, probability: Floats) -> Floats:
        """Return the quantiles at given probabilities, elementwise."""
        ...

    def content(self) -> dict[str, Any]:
        """Return kind and numbers, as a scenario file would write them."""
        ...


@dataclass(frozen=True)
class Parameter:
    """A quantity that payoffs depend on.

    Attributes
    ----------
    name : str
        Long and readable, such as ``"pressing_cost"``; a Python identifier.
    distribution : Distribution
        Its uncertainty.
    symbol : str
        For formulas, in LaTeX; the name if empty.
    unit : str
    meaning : str
        In words.
    sources : tuple of str
        Identifiers of the evidence behind the numbers.

    Raises
    ------
    InvalidParameterError

    Examples
    --------
    >>> import bargain as bg
    >>> cost = bg.Parameter("pressing_cost", bg.Triangular(0.3, 0.8, 2.2), symbol="k_U", unit="util 0-10")
    >>> cost.mode, cost.range()
    (0.8, (0.3, 2.2))
    """

    name: str
    distribution: Distribution
    symbol: str = ""
    unit: str = ""
    meaning: str = ""
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not self.name.isidentifier():
            raise InvalidParameterError(f"parameter name {self.name!r}: letters, digits and _ were expected")
        if isinstance(self.distribution, type) or not isinstance(self.distribution, Distribution):
            raise InvalidParameterError(
                f"parameter {self.name}: a distribution such as Uniform(0, 1) was expected,"
                f" given {self.distribution!r}"
            )

    @property
    def mode(self) -> float:
        """The modal value."""
        return self.distribution.mode

    def range(self) -> tuple[float, float]:
        """Return the range of the parameter.

        Returns
        -------
        (low, high) : tuple of float
            The support; each end that is infinite is replaced by the end of the central 99.9 %.
        """
        return central_range(self.distribution)


def central_range(distribution: Distribution) -> tuple[float, float]:
    """Return the support of a distribution, cut to the central 99.9 % where it is unbounded.

    Parameters
    ----------
    distribution : Distribution

    Returns
    -------
    (low, high) : tuple of float
    """
    low, high = distribution.support
    inner = distribution.ppf(np.array([0.0005, 0.9995]))
    return (low if np.isfinite(low) else float(inner[0])), (high if np.isfinite(high) else float(inner[1]))
