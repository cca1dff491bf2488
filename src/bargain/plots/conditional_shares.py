"""Conditional shares: how often each outcome is predicted where a parameter has this or that value."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bargain.errors import InvalidArgumentError
from bargain.games.labels import Outcome
from bargain.plots import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend

__all__ = ["conditional_shares"]

_DASHES: tuple[Any, ...] = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (6, 1.5, 1.2, 1.5)), (0, (9, 3)))
_MARKS = "os^DvP*X"
_COLUMNS = {"share", "low", "high", "draws"}


def conditional_shares(
    table: pd.DataFrame,
    *,
    pool: float = 0.02,
    title: str = "",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the shares of outcomes over one parameter, each with its 95 % band.

    A point is the share among the draws in one bin of the parameter. Everything else varies in each bin as it
    does over all draws.

    Parameters
    ----------
    table : pandas.DataFrame
        As `bargain.Sweep.table` returns it for `bargain.ConditionalShares` of one parameter.
    pool : float, default 0.02
        Outcomes whose share is nowhere larger are left out and named in the caption by their number.
    title : str, optional
    assumed : str, optional
        Added to the caption.
    ax : Axes, optional
        By default that of a new figure.

    Returns
    -------
    Axes

    Raises
    ------
    InvalidArgumentError
        If the table is none of conditional shares, or one of two parameters.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.conditional_shares import conditional_shares
    >>> by_cost = bg.ConditionalShares("pressing_cost", bins=8)
    >>> task = bg.load_scenario("gsomia").task("2019-11 deadline", draws=4000, reducers=[by_cost])
    >>> conditional_shares(bg.run(task).table(by_cost)).get_xlabel()
    'pressing cost $k_U$ [util 0-10]'
    """
    told: Mapping[str, Mapping[str, str]] = table.attrs.get("parameters", {})
    if not set(table.columns) >= _COLUMNS or len(told) != 1 or table.index.nlevels < 2:
        raise InvalidArgumentError(
            "conditional_shares: a table of ConditionalShares over one parameter was expected, given"
            f" {list(table.index.names)}"
        )
    [(name, words)] = told.items()
    curves = _curves(table)
    shown = {row: curve for row, curve in curves.items() if np.nanmax(curve["share"]) > pool}
    looks = _looks(list(curves), [str(player) for player in table.index.names[1:]])
    with style.canvas(ax, width=style.ONE_AND_A_HALF_COLUMNS, height=4.0) as ax:  # noqa: PLR1704 - the same or a new one
        for number, (row, look) in enumerate((row, look) for row, look in looks.items() if row in shown):
            _draw(ax, number, shown[row], look, style.written(row))
        ax.set(
            title=title or f"Share of outcomes by {name.replace('_', ' ')}",
            xlabel=style.quantity(name, words["symbol"], words["units"]),
            ylabel="share of draws in the bin [0-1]",
            ylim=(-0.02, 1.02),
        )
        ax.grid(axis="y", color=style.GRID, linewidth=0.6)
        legend = _legend(ax)
        left_out = sum(np.nanmax(curve["share"]) > 0 for curve in curves.values()) - len(shown)
        style.caption(ax, _caption(table, left_out, pool, assumed), below=legend)
    return ax


def _curves(table: pd.DataFrame) -> dict[Outcome, pd.DataFrame]:
    """Return share, low and high by bin for every outcome and remainder, in the order of the table."""
    levels: list[Hashable] = list(range(1, table.index.nlevels))
    return {
        tuple(map(str, row if isinstance(row, tuple) else (row,))): curve.droplevel(levels)
        for row, curve in table.groupby(level=levels, sort=False)
    }


def _looks(rows: list[Outcome], players: list[str]) -> dict[Outcome, style.Look]:
    remainders = [row for row in rows if row[0] in style.REMAINDER]
    looks = style.outcome_looks(style.labels_of([row for row in rows if row not in remainders], players))
    return looks | {row: style.REMAINDER[row[0]] for row in remainders}


def _draw(ax: Axes, number: int, curve: pd.DataFrame, look: style.Look, label: str) -> None:
    # Bins without draws have no share, and leave a gap.
    x, low, share, high = (curve.index.to_numpy(), *(curve[c].to_numpy() for c in ("low", "share", "high")))
    ax.fill_between(x, low, high, facecolor=look.face, alpha=0.45, linewidth=0.0, zorder=2)
    for edge in (low, high):
        ax.plot(x, edge, color=style.MUTED, linewidth=0.4, zorder=2)
    ax.plot(
        x,
        share,
        color=style.INK,
        linestyle=_DASHES[number % len(_DASHES)],
        linewidth=1.0,
        marker=_MARKS[number % len(_MARKS)],
        markersize=4.5,
        markerfacecolor=look.face,
        markeredgecolor=style.INK,
        markeredgewidth=0.6,
        label=label,
        zorder=3,
    )


def _legend(ax: Axes) -> Legend:
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


def _caption(table: pd.DataFrame, left_out: int, pool: float, assumed: str) -> str:
    attributes = table.attrs
    parts = [str(attributes.get("task", ""))]
    if "draws" in attributes:
        parts.append(f"{attributes['draws']:,} draws, seed {attributes['seed']}")
    smallest = int(table["draws"].min())
    parts.append(f"bands: 95 % Wilson interval in each bin, of {smallest:,} draws or more")
    if left_out:
        parts.append(f"not drawn: {left_out} outcomes with at most {pool:g} in every bin")
    return "; ".join(filter(None, [*parts, assumed])) + "."
