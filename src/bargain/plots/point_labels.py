"""Names beside points, placed so that they neither overlap nor leave the picture."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from bargain.plots import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.text import Annotation

__all__ = ["PointLabel", "PointLabels"]

_WAYS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
_GAPS = (1.0, 8.0, 17.0, 29.0, 45.0)  # points beyond a mark; from the second on a line leads to it
_PAPER = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}


class PointLabel(NamedTuple):
    """A point in the data's coordinates, and what to write beside it.

    Attributes
    ----------
    x, y : float
    text : str
    bold : bool
    """

    x: float
    y: float
    text: str
    bold: bool = False


class PointLabels:
    """Names of points, written at once and put into place when all else of the picture is drawn.

    Parameters
    ----------
    ax : Axes
    labels : sequence of PointLabel
        The first ones choose their place first.
    size : float, optional
        Font size in points.
    corners : bool, default False
        Whether names prefer to stand diagonally, where lines through the points go up or across.
    reach : float, default 5
        Half the width of a mark, in points, that names keep clear of.
    """

    def __init__(
        self,
        ax: Axes,
        labels: Sequence[PointLabel],
        *,
        size: float = style.SMALL,
        corners: bool = False,
        reach: float = 5.0,
    ) -> None:
        self._ax = ax
        self._reach = reach
        self._ways = (*_WAYS[4:], *_WAYS[:4]) if corners else _WAYS
        self._labels = list(labels)
        self._texts: list[Annotation] = [
            ax.annotate(
                label.text,
                xy=(label.x, label.y),
                xytext=(reach + _GAPS[0], 0),
                textcoords="offset points",
                ha="left",
                va="center",
                fontsize=size,
                fontweight="bold" if label.bold else "normal",
                linespacing=1.1,
                bbox=_PAPER,
                annotation_clip=False,
                zorder=6,
                arrowprops={
                    "arrowstyle": "-",
                    "linewidth": 0.5,
                    "color": style.MUTED,
                    "shrinkA": 0.0,
                    "shrinkB": 2.0,
                },
            )
            for label in self._labels
        ]
        for text in self._texts:
            self._lead(text, visible=False)

    def settle(self, marks: Iterable[tuple[float, float]] = ()) -> None:
        """Choose the place of every name: the nearest one that is free and inside the Axes.

        Parameters
        ----------
        marks : iterable of (x, y), optional
            Other points, in the data's coordinates, that no name should cover.
        """
        figure = style.figure_of(self._ax)
        figure.draw_without_rendering()
        scale = figure.dpi / 72
        frame = self._ax.get_window_extent()
        places = [(label.x, label.y) for label in self._labels]
        taken = []
        for x, y in itertools.chain(places, marks):
            across, up = self._ax.transData.transform((x, y))
            reach = self._reach * scale
            taken.append((across - reach, up - reach, across + reach, up + reach))
        own = set(map(id, self._texts))
        for other in self._ax.texts:
            if id(other) not in own and other.get_text().strip():
                box = other.get_window_extent()
                taken.append((box.x0, box.y0, box.x1, box.y1))
        for text, place in zip(self._texts, places, strict=True):
            extent = text.get_window_extent()
            x, y = self._ax.transData.transform(place)
            choices = _choices(
                self._ways, self._reach, x, y, extent.width + 4 * scale, extent.height + 3 * scale, scale
            )
            inside = [
                (way, box)
                for way, box in choices
                if box[0] >= frame.x0 and box[1] >= frame.y0 and box[2] <= frame.x1 and box[3] <= frame.y1
            ] or choices
            gap, (right, up) = inside[style.first_free([box for _, box in inside], taken)][0]
            text.xyann = (gap * right, gap * up)
            text.set(ha={1: "left", -1: "right", 0: "center"}[right])
            text.set(va={1: "bottom", -1: "top", 0: "center"}[up])
            self._lead(text, visible=gap > self._reach + _GAPS[0])
            taken.append(dict(inside)[gap, (right, up)])

    @staticmethod
    def _lead(text: Annotation, *, visible: bool) -> None:
        line: Any = text.arrow_patch
        line.set_visible(visible)


def _choices(
    ways: Sequence[tuple[int, int]],
    reach: float,
    x: float,
    y: float,
    width: float,
    height: float,
    scale: float,
) -> list[tuple[tuple[float, tuple[int, int]], tuple[float, float, float, float]]]:
    """Return the boxes around a point, in pixels, nearest first, each with its gap and direction."""
    result = []
    for gap, (right, up) in itertools.product([reach + gap for gap in _GAPS], ways):
        left = x + scale * gap * right + width * (right - 1) / 2
        bottom = y + scale * gap * up + height * (up - 1) / 2
        result.append(((gap, (right, up)), (left, bottom, left + width, bottom + height)))
    return result
