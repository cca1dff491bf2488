"""Sobol indices as bars: how much of the variance each parameter explains, alone and with others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bargain.errors import InvalidArgumentError
from bargain.plots import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["sobol_bars"]

_BAR, _ROW = 0.38, 0.29  # of a row, and inches
_SMALL = 0.01  # indices that are smaller than that everywhere are told, not drawn
_LOOKS = {"first": style.Look("#014478"), "total": style.Look("#f4c730", "////")}
_WORDS = {
    "first": "first order: alone",
    "total": "total: with interactions",
}
_COLUMNS = [f"{name}{end}" for name in _LOOKS for end in ("", "_low", "_high")]


def sobol_bars(
    indices: pd.DataFrame,
    *,
    title: str = "",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw first-order and total Sobol indices with their bootstrap intervals, the largest total first.

    Parameters whose indices are both below 0.01 are counted in the caption.

    Parameters
    ----------
    indices : pandas.DataFrame
        As `bargain.sobol_indices` or `bargain.function_indices` return it.
    title : str, optional
    assumed : str, optional
        Added to the caption.
    ax : Axes, optional
        By default that of a new figure, as high as its bars need.

    Returns
    -------
    Axes

    Raises
    ------
    InvalidArgumentError
        If the table does not come from either of them.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.sobol_bars import sobol_bars
    >>> task = bg.load_scenario("gsomia").task("2019-11 deadline", seed=7)
    >>> indices = bg.sobol_indices(task, outcome={"ROK": "terminate"}, points=2**10, bootstrap=100)
    >>> sobol_bars(indices).get_yticklabels()[0].get_text()
    'pressing cost'
    """
    if not set(_COLUMNS) <= set(indices.columns):
        raise InvalidArgumentError(
            f"sobol_bars: a table made by sobol_indices() was expected, given columns {list(indices.columns)}"
        )
    ranked = indices.sort_values("total", ascending=False, kind="stable")
    shown = ranked[(ranked["first"] >= _SMALL) | (ranked["total"] >= _SMALL)]
    rows = len(shown)
    with style.canvas(ax, width=style.ONE_AND_A_HALF_COLUMNS, height=1.5 + _ROW * rows) as ax:  # noqa: PLR1704 - the same or a new one
        for name, side in zip(_LOOKS, (-0.5, 0.5), strict=True):
            places = [row + side * _BAR for row in range(rows)]
            below, value, above = (shown[f"{name}{end}"].to_numpy() for end in ("_low", "", "_high"))
            ax.barh(places, value, height=_BAR, **style.paint(_LOOKS[name]))
            ax.errorbar(
                value,
                places,
                # An estimate may lie a little outside of its own percentiles.
                xerr=[(value - below).clip(0), (above - value).clip(0)],
                fmt="none",
                ecolor=style.INK,
                elinewidth=1.0,
                capsize=2.0,
                zorder=3,
            )
        attributes = indices.attrs
        question = attributes.get("question", "the answer")
        ax.set(
            title=title or f"What decides: {question}",
            xlabel="Sobol index [share of the variance, 0-1]",
            ylabel="parameter",
            ylim=(rows - 0.4, -0.6),
            yticks=range(rows),
        )
        ax.set_xlim(left=min(0.0, ax.get_xlim()[0]))
        ax.axvline(0, color=style.INK, linewidth=0.7)
        style.name_rows(ax, (str(name).replace("_", " ") for name in shown.index))
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.grid(axis="x", color=style.GRID, linewidth=0.6)
        legend = style.legend_below(ax, {_WORDS[name]: look for name, look in _LOOKS.items()})
        style.caption(ax, _caption(attributes, len(indices) - rows, assumed), below=legend)
    return ax


def _caption(attributes: Mapping[Any, Any], small: int, assumed: str) -> str:
    parts = [str(attributes.get("task", ""))]
    if "points" in attributes:
        parts.append(f"{attributes['points']:,} base points, seed {attributes['seed']}")
        parts.append(f"whiskers: {100 * attributes['level']:g} % bootstrap interval")
    unanswered: Mapping[str, int] = attributes.get("unanswered", {})
    if unanswered:
        told = ", ".join(f"{count:,} {reason}" for reason, count in unanswered.items())
        left_out = attributes.get("treatment") == "leave_out"
        parts.append(f"evaluations without an answer, {'left out' if left_out else 'counted as no'}: {told}")
    if small:
        parts.append(f"not drawn: {small} with both indices below {_SMALL:g}")
    return "; ".join(filter(None, [*parts, assumed])) + "."
