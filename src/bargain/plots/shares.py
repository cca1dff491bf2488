"""Tables of shares, as pictures read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from bargain.games.labels import Outcome

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Share", "draws_and_seed", "shares_by_row"]


class Share(NamedTuple):
    """A share of draws with its interval.

    Attributes
    ----------
    share, low, high : float
        Between 0 and 1.
    """

    share: float
    low: float
    high: float

    @property
    def whiskers(self) -> tuple[list[float], list[float]]:
        """How far the interval reaches below and above the share, as matplotlib's error bars want it."""
        # At a share of 1 the interval may end a rounding error below it.
        return [max(self.share - self.low, 0.0)], [max(self.high - self.share, 0.0)]

    def __str__(self) -> str:
        return f"{self.share:.3f} [{self.low:.3f}, {self.high:.3f}]"


def shares_by_row(frame: pd.DataFrame) -> dict[Outcome, Share]:
    """Return the shares of a table by outcome or remainder.

    Parameters
    ----------
    frame : pandas.DataFrame
        As `bargain.Sweep.shares` returns it.

    Returns
    -------
    dict of tuple of str to Share
        In the order of the table.
    """
    numbers = zip(*(frame[column].astype(float) for column in Share._fields), strict=True)
    return {tuple(map(str, row)): Share(*values) for row, values in zip(frame.index, numbers, strict=True)}


def draws_and_seed(shares: Iterable[pd.DataFrame]) -> str:
    """Return numbers of draws and seeds of tables of shares, for a caption.

    Parameters
    ----------
    shares : iterable of pandas.DataFrame
        As `bargain.Sweep.shares` returns them.

    Returns
    -------
    str
        Empty where the tables do not say.
    """
    frames = list(shares)
    parts = []
    if draws := sorted({int(frame.attrs["draws"]) for frame in frames if "draws" in frame.attrs}):
        parts.append(f"{' or '.join(f'{number:,}' for number in draws)} draws each")
    if seeds := sorted({int(frame.attrs["seed"]) for frame in frames if "seed" in frame.attrs}):
        parts.append(f"seed {', '.join(map(str, seeds))}")
    return ", ".join(parts)
