"""Curves of shares with bands, one for each outcome: told apart by mark and dash, not by colour alone."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from bargain.axes import Floats
from bargain.plots import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend

__all__ = ["Curve", "curves_of", "draw_curves", "legend_of_curves"]

_DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.2, 1.5)), (0, (9, 3)))
_MARKS = "os^DvP*X"


class Curve(NamedTuple):
    """The share of an outcome, or of a remainder, along something.

    Attributes
    ----------
    name : str
    look : Look
    x, share, low, high : float[point]
        NaN where there are no draws.
    """

    name: str
    look: style.Look
    x: Floats
    share: Floats
    low: Floats
    high: Floats


def curves_of(table: pd.DataFrame) -> list[Curve]:
    """Take a table of shares apart.

    Parameters
    ----------
    table : pandas.DataFrame
        Columns ``share``, ``low`` and ``high``, indexed by x and then by the actions of an outcome.

    Returns
    -------
    list of Curve
        Outcomes first, in the order of the table, then remainders.
    """
    levels: list[Hashable] = list(range(1, table.index.nlevels))
    found = {
        tuple(map(str, row if isinstance(row, tuple) else (row,))): curve.droplevel(levels)
        for row, curve in table.groupby(level=levels, sort=False)
    }
    remainders = [row for row in found if row[0] in style.REMAINDER]
    players = [str(player) for player in table.index.names[1:]]
    outcomes = [row for row in found if row not in remainders]
    looks = style.outcome_looks(style.labels_of(outcomes, players))
    return [
        Curve(
            style.written(row),
            looks[row] if row in outcomes else style.REMAINDER[row[0]],
            found[row].index.to_numpy(),
            *(found[row][column].to_numpy() for column in ("share", "low", "high")),
        )
        for row in [*outcomes, *remainders]
    ]


def draw_curves(ax: Axes, curves: Sequence[Curve]) -> None:
    """Draw curves with their bands.

    Parameters
    ----------
    ax : Axes
    curves : sequence of Curve
    """
    for number, curve in enumerate(curves):
        ax.fill_between(
            curve.x, curve.low, curve.high, facecolor=curve.look.face, alpha=0.45, linewidth=0.0, zorder=2
        )
        for edge in (curve.low, curve.high):
            ax.plot(curve.x, edge, color=style.MUTED, linewidth=0.4, zorder=2)
        ax.plot(
            curve.x,
            curve.share,
            color=style.INK,
            linestyle=_DASHES[number % len(_DASHES)],
            linewidth=1.0,
            marker=_MARKS[number % len(_MARKS)],
            markersize=4.5,
            markerfacecolor=curve.look.face,
            markeredgecolor=style.INK,
            markeredgewidth=0.6,
            label=curve.name,
            zorder=3,
        )


def legend_of_curves(ax: Axes) -> Legend:
    """Put a legend of the curves below the label of the x axis.

    Parameters
    ----------
    ax : Axes

    Returns
    -------
    Legend
    """
    from matplotlib.transforms import ScaledTranslation  # noqa: PLC0415 - only pictures need matplotlib

    below = ScaledTranslation(0, -0.42, style.figure_of(ax).dpi_scale_trans)
    _, labels = ax.get_legend_handles_labels()
    return ax.legend(
        loc="upper left",
        bbox_to_anchor=(0, 0),
        bbox_transform=ax.transAxes + below,
        borderaxespad=0,
        borderpad=0,
        handlelength=3.0,
        ncols=style.legend_columns([f"{label}     " for label in labels], style.width_of(ax)),
    )
