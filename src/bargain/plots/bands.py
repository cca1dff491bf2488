"""Bands: several panels, one above the other, within a single Axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bargain.axes import Floats
from bargain.plots import style

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.axes import Axes

__all__ = ["Band"]

_GAP = 0.18  # between bands, in heights


@dataclass(frozen=True)
class Band:
    """A panel that fills a strip of an Axes whose x axis it shares with others.

    Attributes
    ----------
    name : str
        Written at its upper left.
    low, high : float
        Range of its values.
    ticks : tuple of float
    bottom, height : float
        Of the strip, in the Axes' own y coordinates.
    """

    name: str
    low: float
    high: float
    ticks: tuple[float, ...]
    bottom: float = 0.0
    height: float = 1.0

    def at(self, value: npt.ArrayLike) -> Floats:
        """Return where values of the band stand in the Axes.

        Parameters
        ----------
        value : array_like of float

        Returns
        -------
        float[...]
        """
        share = (np.asarray(value, dtype=np.float64) - self.low) / (self.high - self.low)
        result: Floats = self.bottom + self.height * share
        return result

    @classmethod
    def stacked(cls, ax: Axes, bands: Sequence[Band], form: str = "{:g}") -> list[Band]:
        """Put bands one above the other, the first at the top, and label their scales.

        Parameters
        ----------
        ax : Axes
        bands : sequence of Band
            With their heights; the bottoms are found here.
        form : str, optional
            Of the ticks.

        Returns
        -------
        list of Band
        """
        placed: list[Band] = []
        top = 0.0
        for band in reversed(bands):
            placed.insert(0, cls(band.name, band.low, band.high, band.ticks, top, band.height))
            top += band.height + _GAP
        ax.set_ylim(-0.03, top - _GAP + 0.14)
        ticks = [(float(band.at(tick)), form.format(tick)) for band in placed for tick in band.ticks]
        ax.set_yticks(
            [place for place, _ in ticks], [text.replace("-", "\N{MINUS SIGN}") for _, text in ticks]
        )
        ax.spines["left"].set_visible(False)
        for band in placed:
            ax.plot(
                [0, 0],
                [band.bottom, band.bottom + band.height],
                color=style.MUTED,
                linewidth=0.7,
                transform=ax.get_yaxis_transform(),
                clip_on=False,
            )
            for tick in band.ticks:
                ax.axhline(float(band.at(tick)), color=style.GRID, linewidth=0.6, zorder=0)
            ax.text(
                0.005,
                band.bottom + band.height + 0.03,
                band.name,
                transform=ax.get_yaxis_transform(),
                ha="left",
                va="bottom",
                fontsize=min(style.TEXT, 72 * style.width_of(ax) / (0.62 * max(1, len(band.name)))),
                fontweight="bold",
            )
        return placed
