"""Survival by year, with a fan of quantiles over draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError
from bargain.plots import style
from bargain.plots.point_labels import PointLabel, PointLabels
from bargain.solvers.markov_paths import Survival

if TYPE_CHECKING:
    import numpy.typing as npt
    from matplotlib.axes import Axes

__all__ = ["survival_fan"]

_LINE = "#014478"
_LIGHT, _DARK = 0.87, 0.62  # lightness of the widest and the narrowest band


def survival_fan(
    survival: Survival | pd.DataFrame | npt.ArrayLike,
    *,
    years: Sequence[float] | None = None,
    levels: Sequence[float] = (0.5, 0.9),
    marks: Mapping[str, float] | None = None,
    title: str = "Survival of the pact",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the probability that something still exists, year by year, and how it differs between draws.

    Parameters
    ----------
    survival : Survival, pandas.DataFrame or float[Y, N]
        As `bargain.RenewalSolution.survival` returns it; or the probability of survival to each year, 0 to 1:
        one row per year, indexed by the year, and one column per draw of what is uncertain.
    years : sequence of float, length Y, optional
        The years, where `survival` is an array; by default 0, 1, 2 and so on.
    levels : sequence of float, default (0.5, 0.9)
        What share of the draws each band holds, in the middle.
    marks : mapping of name to year, optional
        Events to mark.
    title : str, optional
    assumed : str, optional
        Added to the caption: setting, solver, seed.
    ax : Axes, optional
        By default that of a new figure.

    Returns
    -------
    Axes

    Raises
    ------
    InvalidArgumentError
        If there are less than two years or they do not rise, numbers are no probabilities or rise with the
        years, or a level is not between 0 and 1.

    Examples
    --------
    >>> import numpy as np
    >>> from bargain.plots.survival_fan import survival_fan
    >>> hazard = np.array([0.02, 0.05, 0.1])
    >>> years = np.arange(2016, 2024)
    >>> ax = survival_fan((1 - hazard) ** (years - 2016)[:, None], years=years)
    >>> ax.get_ylabel()
    'probability of survival [0-1]'
    """
    table, when = _checked(survival, years)
    if not levels or not all(0 < level < 1 for level in levels):
        raise InvalidArgumentError(f"levels: shares between 0 and 1 were expected, given {levels!r}")
    with style.canvas(ax, width=style.ONE_AND_A_HALF_COLUMNS, height=3.6) as ax:  # noqa: PLR1704 - the same or a new one
        many = table.shape[1] > 1
        widest_first = sorted(levels, reverse=True)
        for number, level in enumerate(widest_first if many else []):
            share = number / max(1, len(widest_first) - 1)
            low, high = np.quantile(table, [0.5 - level / 2, 0.5 + level / 2], axis=1)
            shade = str(_LIGHT + share * (_DARK - _LIGHT))
            ax.fill_between(
                when,
                low,
                high,
                facecolor=shade,
                edgecolor="none",
                zorder=1,
                label=f"{level:.0%} of draws".replace("%", " %"),
            )
        ax.plot(
            when,
            np.median(table, axis=1),
            color=_LINE,
            linewidth=2.4,
            marker="o",
            markersize=4,
            zorder=3,
            label="median" if many else "survival",
            clip_on=False,
        )
        if many:
            ax.plot(
                when,
                table.mean(axis=1),
                color="#e45f33",
                linewidth=1.6,
                linestyle=(0, (4, 1.5)),
                zorder=3,
                label="mean",
            )
        named = []
        for name, year in (marks or {}).items():
            height = float(np.interp(year, when, np.median(table, axis=1)))
            ax.axvline(year, color=style.MUTED, linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=0)
            ax.plot(
                year,
                height,
                marker="*",
                markersize=11,
                markerfacecolor="white",
                markeredgecolor=style.INK,
                zorder=4,
                linestyle="none",
            )
            named.append(PointLabel(float(year), height, name))
        ax.set(
            xlim=(when[0], when[-1]), ylim=(0, 1.02), xlabel="year", ylabel="probability of survival [0-1]"
        )
        if (when == np.rint(when)).all():
            step = -(-len(when) // 12)
            ax.set_xticks(when[::step], [f"{year:.0f}" for year in when[::step]])
        ax.grid(axis="y", color=style.GRID, linewidth=0.6)
        style.legend_above(ax, title)
        labels = PointLabels(ax, named, corners=True)
        parts = [f"{table.shape[1]:,} draws" if many else "One draw"]
        if many:
            parts.append(
                "bands: quantiles of the draws in each year, from what is uncertain about the payoffs"
            )
        parts.append(f"to {when[-1]:g} survives in the median {np.median(table[-1]):.2f}" if many else "")
        style.caption(ax, "; ".join(filter(None, [*parts, assumed])) + ".")
        labels.settle()
    return ax


def _checked(
    survival: Survival | pd.DataFrame | npt.ArrayLike, years: Sequence[float] | None
) -> tuple[Floats, Floats]:
    """Return survival, float[Y, N], and years, float[Y]."""
    if isinstance(survival, Survival):
        if years is None:
            years = range(survival.first, survival.first + len(survival.curve))
        survival = survival.curve
    try:
        table = np.asarray(survival, dtype=np.float64)
        if years is None:
            years = survival.index.tolist() if isinstance(survival, pd.DataFrame) else range(len(table))
        when = np.asarray(years, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidArgumentError(f"survival: a table of numbers by year was expected ({error})") from error
    table = table[:, None] if table.ndim == 1 else table
    if table.ndim != 2 or not table.shape[1] or len(table) < 2:
        raise InvalidArgumentError(
            f"survival: a row for each of at least two years and a column for each draw were expected, given"
            f" shape {table.shape}"
        )
    if when.shape != (len(table),) or not (np.diff(when) > 0).all():
        raise InvalidArgumentError(f"years: {len(table)} rising years were expected, given {years!r}")
    if not ((table >= 0) & (table <= 1)).all() or (np.diff(table, axis=0) > 1e-9).any():
        raise InvalidArgumentError("survival: probabilities from 0 to 1 that never rise were expected")
    return table, when
