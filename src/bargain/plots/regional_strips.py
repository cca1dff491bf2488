"""Regional sensitivity as strips: where each parameter lies if an outcome happens, and where if not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError
from bargain.plots import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["regional_strips"]

_ROW, _BAR = 0.36, 0.3  # inches, and of a row
_GROUPS = {"with": style.Look("#e45f33"), "without": style.Look("#3f679d")}
_QUANTILES = ("05", "25", "50", "75", "95")
_COLUMNS = {"distance", "p_value", "low", "high"} | {f"{g}_{q}" for g in _GROUPS for q in _QUANTILES}
_SURE = 0.05


def regional_strips(
    table: pd.DataFrame,
    *,
    most: int = 12,
    title: str = "",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw how each parameter is distributed where an outcome happens, and where it does not.

    Each strip spans the parameter's range. The box holds the middle half of the draws, its line the median,
    the thin line the middle nine tenths. At the right stands the distance of Kolmogorov and Smirnov between
    the two, in brackets where chance alone would explain it.

    Parameters
    ----------
    table : pandas.DataFrame
        As `bargain.regional_sensitivity` returns it.
    most : int, default 12
        Number of parameters to draw, at most, those with the largest distances; the others are counted in
        the caption.
    title : str, optional
    assumed : str, optional
        Added to the caption.
    ax : Axes, optional
        By default that of a new figure, as high as its strips need.

    Returns
    -------
    Axes

    Raises
    ------
    InvalidArgumentError
        If the table does not come from `regional_sensitivity`, or `most` is not positive.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.regional_strips import regional_strips
    >>> task = bg.load_scenario("gsomia").task("2019-11 deadline", draws=10_000, seed=7)
    >>> ax = regional_strips(bg.regional_sensitivity(task, {"ROK": "terminate"}), most=3)
    >>> ax.get_yticklabels()[0].get_text()
    'pressing cost'
    """
    if not set(table.columns) >= _COLUMNS:
        raise InvalidArgumentError(
            "regional_strips: a table made by regional_sensitivity() was expected, given columns"
            f" {list(table.columns)}"
        )
    if most < 1:
        raise InvalidArgumentError(f"most: a positive number of parameters was expected, given {most!r}")
    shown = table[table["low"] < table["high"]].head(most)
    rows = len(shown)
    with style.canvas(ax, width=style.ONE_AND_A_HALF_COLUMNS, height=1.6 + _ROW * rows) as ax:  # noqa: PLR1704 - the same or a new one
        for place, (_, row) in enumerate(shown.iterrows()):
            _draw(ax, place, row)
        ax.set(
            title=title or f"Where it happens: {table.attrs.get('question', 'the outcome')}",
            xlabel="place within the parameter's range [0-1]",
            ylabel="parameter",
            xlim=(-0.02, 1.02),
            ylim=(max(rows, 1) - 0.4, -0.6),
            yticks=range(rows),
        )
        ax.annotate(
            "distance",
            xy=(1.03, 1.0),
            xycoords="axes fraction",
            xytext=(0, 2),
            textcoords="offset points",
            va="bottom",
            fontsize=style.SMALL,
            color=style.MUTED,
            annotation_clip=False,
        )
        style.name_rows(ax, (str(name).replace("_", " ") for name in shown.index))
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.grid(axis="x", color=style.GRID, linewidth=0.6)
        words = {"with": "where it happens", "without": "where it does not"}
        legend = style.legend_below(ax, {words[group]: look for group, look in _GROUPS.items()})
        style.caption(ax, _caption(table, shown, assumed), below=legend)
    return ax


def _draw(ax: Axes, place: int, row: pd.Series) -> None:
    low, width = row["low"], row["high"] - row["low"]
    for (group, look), side in zip(_GROUPS.items(), (-0.55, 0.55), strict=True):
        numbers = np.array([row[f"{group}_{quantile}"] for quantile in _QUANTILES], dtype=np.float64)
        at: Floats = (numbers - low) / width
        centre = place + side * _BAR
        ax.plot(at[[0, 4]], [centre, centre], color=style.INK, linewidth=1.0, zorder=2)
        ax.barh(centre, at[3] - at[1], left=at[1], height=0.85 * _BAR, **style.paint(look), zorder=3)
        ends = [centre - 0.425 * _BAR, centre + 0.425 * _BAR]
        for colour, thickness in (("white", 3.4), (style.INK, 1.6)):
            ax.plot(at[[2, 2]], ends, color=colour, linewidth=thickness, solid_capstyle="butt", zorder=4)
    distance = f"{row['distance']:.2f}"
    ax.annotate(
        distance if row["p_value"] < _SURE else f"({distance})",
        xy=(1.03, place),
        xycoords=ax.get_yaxis_transform(),
        va="center",
        fontsize=style.SMALL,
        annotation_clip=False,
    )


def _caption(table: pd.DataFrame, shown: pd.DataFrame, assumed: str) -> str:
    attributes: Mapping[Any, Any] = table.attrs
    parts = [str(attributes.get("task", ""))]
    if "happened" in attributes:
        parts.append(f"{attributes['happened']:,} draws in which it happens")
        parts.append(f"{attributes['not_happened']:,} in which it does not")
    if attributes.get("seed") is not None:
        parts.append(f"seed {attributes['seed']}")
    if attributes.get("unanswered"):
        told = ", ".join(f"{count:,} {reason}" for reason, count in attributes["unanswered"].items())
        parts.append(f"without an answer, left out: {told}")
    parts.append("box: middle half and median; line: middle nine tenths")
    if (shown["p_value"] >= _SURE).any():
        parts.append(f"in brackets: distances that chance explains (Holm, {_SURE:g})")
    if len(table) > len(shown):
        parts.append(f"not drawn: {len(table) - len(shown)} parameters")
    return "; ".join(filter(None, [*parts, assumed])) + "."
