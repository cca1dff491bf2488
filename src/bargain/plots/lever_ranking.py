"""Ranking of levers: by how much holding each thing moves the share of an outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bargain.errors import InvalidArgumentError
from bargain.plots import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["lever_ranking"]

_ROW = 0.23  # inches
_BAR = 0.66
_LOOKS = {"more often": style.Look("#e45f33"), "less often": style.Look("#014478")}
_COLUMNS = {"before", "after", "difference", "low", "high", "unanswered"}
_MANY = 0.05  # of the draws: more without an answer are told at the lever


def lever_ranking(
    levers: pd.DataFrame,
    *,
    most: int = 16,
    title: str = "",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the difference that each lever makes to the share of an outcome, the strongest first.

    The share that results stands at the right. Whiskers are intervals of the difference on common random
    numbers.

    Parameters
    ----------
    levers : pandas.DataFrame
        As `bargain.levers` returns it.
    most : int, default 16
        Number of levers to draw, at most; the caption says how strong the others are.
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
        If the table does not come from `levers`, or `most` is not positive.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.lever_ranking import lever_ranking
    >>> table = bg.levers(bg.load_scenario("gsomia"), "2019-11 deadline", {"ROK": "terminate"}, draws=8_192)
    >>> lever_ranking(table, most=2).get_yticklabels()[1].get_text()
    'pressing cost = 2.2'
    """
    if not set(levers.columns) >= _COLUMNS or "question" not in levers.attrs:
        raise InvalidArgumentError(
            f"lever_ranking: a table made by levers() was expected, given columns {list(levers.columns)}"
        )
    if most < 1:
        raise InvalidArgumentError(f"most: a positive number of levers was expected, given {most!r}")
    shown = levers.head(most)
    rows = len(shown)
    with style.canvas(ax, width=style.ONE_AND_A_HALF_COLUMNS, height=1.6 + _ROW * rows) as ax:  # noqa: PLR1704 - the same or a new one
        low, value, high = (shown[column].to_numpy() for column in ("low", "difference", "high"))
        colours = [_LOOKS["more often" if difference > 0 else "less often"] for difference in value]
        for row, (difference, look) in enumerate(zip(value, colours, strict=True)):
            ax.barh(row, difference, height=_BAR, **style.paint(look))
        ax.errorbar(
            value,
            range(rows),
            xerr=[(value - low).clip(0), (high - value).clip(0)],
            fmt="none",
            ecolor=style.INK,
            elinewidth=1.2,
            capsize=2.5,
            zorder=3,
        )
        for row, (_, lever) in enumerate(shown.iterrows()):
            ax.annotate(
                f"{lever['after']:.3f}{' *' if lever['unanswered'] > _MANY else ''}",
                xy=(1.02, row),
                xycoords=ax.get_yaxis_transform(),
                va="center",
                fontsize=style.SMALL,
                annotation_clip=False,
            )
        ax.annotate(
            "share then",
            xy=(1.02, 1.0),
            xycoords="axes fraction",
            xytext=(0, 2),
            textcoords="offset points",
            va="bottom",
            fontsize=style.SMALL,
            color=style.MUTED,
            annotation_clip=False,
        )
        reach = max(0.01, 1.08 * max(abs(low).max(), abs(high).max())) if rows else 1.0
        ax.set(
            title=title or f"What moves: {levers.attrs['question']}",
            xlabel="difference in its share of draws [-1 to 1]",
            ylabel="lever",
            xlim=(-reach if (value < 0).any() else 0.0, reach if (value >= 0).any() else 0.0),
            ylim=(max(rows, 1) - 0.4, -0.6),
            yticks=range(rows),
        )
        ax.axvline(0, color=style.INK, linewidth=0.7)
        style.name_rows(ax, (str(name).replace("_", " ") for name in shown.index))
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.grid(axis="x", color=style.GRID, linewidth=0.6)
        used = {name: look for name, look in _LOOKS.items() if look in colours}
        legend = style.legend_below(ax, used) if used else None
        rest = levers["difference"].iloc[rows:]
        style.caption(ax, _caption(levers.attrs, shown, rest, assumed), below=legend)
    return ax


def _caption(attributes: Mapping[Any, Any], shown: pd.DataFrame, rest: pd.Series, assumed: str) -> str:
    parts = [
        f"{attributes['scenario']} {attributes['setting']}",
        f"share before: {attributes['before']:.3f}",
        f"{attributes['draws']:,} draws, the same for all levers, seed {attributes['seed']}",
        f"whiskers: {100 * attributes['level']:g} % interval of the difference",
    ]
    if (shown["unanswered"] > _MANY).any():
        parts.append(f"*: more than {100 * _MANY:g} % of the draws then have no single answer")
    if len(rest):
        parts.append(f"not drawn: {len(rest)} levers that move it by {rest.abs().max():.3f} or less")
    return "; ".join([*parts, *filter(None, [assumed])]) + "."
