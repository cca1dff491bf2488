"""A statistic: what a reducer makes of draws, and what adds up exactly.

Counts are integers, sums are exact fractions and kept draws are rows under their number. The sum of
statistics is therefore the same in whatever order they are added, bit for bit.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from bargain.axes import Floats, Ints

__all__ = ["Statistic"]


@dataclass(frozen=True, eq=False)
class Statistic:
    """Named counts, sums and rows.

    Attributes
    ----------
    counts : dict of str to int array
        Numbers of draws, of any shape.
    sums : dict of str to tuple of Fraction
        Exact sums of floating-point numbers; a float is a fraction with a power of two below.
    rows : dict of int to float[K]
        Kept draws by their number.
    """

    counts: Mapping[str, Ints] = field(default_factory=dict)
    sums: Mapping[str, tuple[Fraction, ...]] = field(default_factory=dict)
    rows: Mapping[int, Floats] = field(default_factory=dict)

    def __add__(self, other: Statistic) -> Statistic:
        counts = dict(self.counts)
        for name, count in other.counts.items():
            counts[name] = counts[name] + count if name in counts else count
        sums = dict(self.sums)
        for name, values in other.sums.items():
            sums[name] = (
                tuple(a + b for a, b in zip(sums[name], values, strict=True)) if name in sums else values
            )
        return Statistic(counts, sums, {**self.rows, **other.rows})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Statistic) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(self.to_json())

    def to_json(self) -> str:
        """Return the statistic as text, equal for equal statistics.

        Returns
        -------
        str
        """
        content = {
            "counts": {name: count.tolist() for name, count in self.counts.items()},
            "sums": {
                name: [[str(value.numerator), str(value.denominator)] for value in values]
                for name, values in self.sums.items()
            },
            # Hexadecimal floats come back bit for bit, NaN included.
            "rows": {
                str(number): [value.hex() for value in row.tolist()] for number, row in self.rows.items()
            },
        }
        return json.dumps(content, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Statistic:
        """Return the statistic from its text.

        Parameters
        ----------
        text : str

        Returns
        -------
        Statistic
        """
        content: dict[str, Any] = json.loads(text)
        return cls(
            {name: np.array(count, dtype=np.int64) for name, count in content["counts"].items()},
            {
                name: tuple(Fraction(int(above), int(below)) for above, below in values)
                for name, values in content["sums"].items()
            },
            {
                int(number): np.array([float.fromhex(value) for value in row])
                for number, row in content["rows"].items()
            },
        )
