"""What a sweep reads off games that are no payoff tables: outcomes to count, and numbers to average."""

from __future__ import annotations

from dataclasses import dataclass

from bargain.errors import InvalidArgumentError
from bargain.games.labels import Labels

__all__ = ["Measure", "Readings"]


@dataclass(frozen=True)
class Measure:
    """A number that every equilibrium has, such as the probability of a threat.

    Attributes
    ----------
    name : str
    meaning : str
        In words.
    unit : str, default "probability"
    low, high : float, default 0 and 1
        Ends of the histogram from which quantiles are told, in a thousand steps; what lies beyond counts at
        the ends. Means know no such bounds.

    Raises
    ------
    InvalidArgumentError
        If `low` is not below `high`.
    """

    name: str
    meaning: str
    unit: str = "probability"
    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise InvalidArgumentError(f"measure {self.name!r}: low < high was expected, given {self}")


@dataclass(frozen=True)
class Readings(Labels):
    """Outcomes whose shares are counted, and measures that are averaged.

    Attributes
    ----------
    players : tuple of str, length P
        What the outcomes are told apart by: players, or other headings such as ``"equilibrium"``.
    actions : tuple of tuple of str, length P
        What each of them may be.
    measures : tuple of Measure, length M

    Examples
    --------
    >>> readings = Readings(("equilibrium",), (("pooling", "separating"),), (Measure("threat", "a threat"),))
    >>> readings.outcomes
    (('pooling',), ('separating',))
    """

    measures: tuple[Measure, ...] = ()
