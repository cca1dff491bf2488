"""Conditional shares: how often each outcome is predicted where a parameter has this or that value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bargain.errors import InvalidArgumentError
from bargain.plots import style
from bargain.plots.curves import curves_of, draw_curves, legend_of_curves

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["conditional_shares"]

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
    curves = curves_of(table)
    shown = [curve for curve in curves if np.nanmax(curve.share) > pool]
    with style.canvas(ax, width=style.ONE_AND_A_HALF_COLUMNS, height=4.0) as ax:  # noqa: PLR1704 - the same or a new one
        draw_curves(ax, shown)
        ax.set(
            title=title or f"Share of outcomes by {name.replace('_', ' ')}",
            xlabel=style.quantity(name, words["symbol"], words["units"]),
            ylabel="share of draws in the bin [0-1]",
            ylim=(-0.02, 1.02),
        )
        ax.grid(axis="y", color=style.GRID, linewidth=0.6)
        legend = legend_of_curves(ax)
        left_out = sum(bool(np.nanmax(curve.share) > 0) for curve in curves) - len(shown)
        style.caption(ax, _caption(table, left_out, pool, assumed), below=legend)
    return ax


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
