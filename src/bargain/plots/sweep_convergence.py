"""Convergence of a sweep: the shares of outcomes as more and more draws are made."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from bargain.errors import InvalidArgumentError
from bargain.plots import style
from bargain.plots.curves import Curve, curves_of, draw_curves, legend_of_curves

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["sweep_convergence"]


def sweep_convergence(
    table: pd.DataFrame,
    *,
    pool: float = 0.02,
    title: str = "How the shares settle",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of each outcome among the first so many draws, with its shrinking 95 % interval.

    Parameters
    ----------
    table : pandas.DataFrame
        As `bargain.Sweep.table` returns it for `bargain.RunningShares`.
    pool : float, default 0.02
        Outcomes whose share of all draws is not larger are left out, and counted in the caption.
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
        If the table is none of running shares.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.sweep_convergence import sweep_convergence
    >>> running = bg.RunningShares()
    >>> task = bg.load_scenario("gsomia").task("2019-11 deadline", draws=20_000, reducers=[running])
    >>> ax = sweep_convergence(bg.run(task).table(running))
    >>> len(ax.get_legend().get_texts())
    3
    """
    if table.index.names[0] != "draws" or not set(table.columns) >= {"share", "low", "high"}:
        raise InvalidArgumentError(
            f"sweep_convergence: a table of RunningShares was expected, given {list(table.index.names)}"
        )
    curves = curves_of(table)
    shown = [curve for curve in curves if curve.share[-1] > pool]
    with style.canvas(ax, width=style.ONE_AND_A_HALF_COLUMNS, height=4.0) as ax:  # noqa: PLR1704 - the same or a new one
        draw_curves(ax, shown)
        ax.set(
            title=title,
            xlabel="number of draws",
            ylabel="share of draws [0-1]",
            ylim=(-0.02, 1.02),
            xscale="log",
        )
        ax.grid(axis="y", color=style.GRID, linewidth=0.6)
        legend = legend_of_curves(ax)
        style.caption(ax, _caption(table, shown, curves, pool, assumed), below=legend)
    return ax


def _caption(table: pd.DataFrame, shown: list[Curve], curves: list[Curve], pool: float, assumed: str) -> str:
    attributes = table.attrs
    parts = [str(attributes.get("task", ""))]
    if "seed" in attributes:
        parts.append(f"{attributes['draws']:,} draws, seed {attributes['seed']}")
    parts.append("bands: 95 % Wilson interval, which says nothing of the judgement behind the ranges")
    widest = max((float(curve.high[-1] - curve.low[-1]) for curve in shown), default=0.0)
    if widest:
        parts.append(f"at the end at most {widest / 2:.2g} to either side")
    left_out = sum(bool(np.nanmax(curve.share) > 0) for curve in curves) - len(shown)
    if left_out:
        parts.append(f"not drawn: {left_out} outcomes with at most {pool:g} of all draws")
    return "; ".join(filter(None, [*parts, assumed])) + "."
