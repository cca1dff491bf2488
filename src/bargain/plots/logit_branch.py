"""Quantal response over precision: what players do as they err less and less."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError
from bargain.plots import style
from bargain.plots.bands import Band
from bargain.solvers.solution import Solution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["logit_branch"]

_COLOURS = ("#014478", "#e45f33", "#01724b", "#853f7e", "#36add3", "#8a6d00")
_DASHES = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)), (0, (9, 2)), (0, (3, 1, 1, 1, 1, 1)))
_DECADES = 3.0  # of precision that are drawn, at most
_APART = 0.135  # least distance of names at the end of lines, in heights of a band


def logit_branch(
    branch: pd.DataFrame,
    *,
    equilibria: Solution | None = None,
    title: str = "Quantal response",
    unit: str = "1/util",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the probability of every action along a branch of quantal response equilibria.

    One band for each player who has a choice, one line for each of its actions; at the left play is uniform,
    at the right nearly free of errors.

    Parameters
    ----------
    branch : pandas.DataFrame
        As `bargain.LogitQRE.branch` returns it: one row per point, indexed by precision; columns
        ``(player, action)``.
    equilibria : Solution, optional
        Nash equilibria of the same game, of a single draw; circles mark the one nearest to the branch's end.
    title : str, optional
    unit : str, optional
        Of the precision.
    assumed : str, optional
        Added to the caption: setting, unit of payoffs.
    ax : Axes, optional
        By default that of a new figure.

    Returns
    -------
    Axes

    Raises
    ------
    InvalidArgumentError
        If the branch is no such table, has no point of positive precision, or nobody in it has a choice; or
        if the equilibria are those of another game, or none.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.logit_branch import logit_branch
    >>> game = bg.load_scenario("gsomia").game("2019-11 deadline")
    >>> ax = logit_branch(
    ...     bg.LogitQRE(precision=20.0).branch(game), equilibria=bg.solve(game, bg.AllNash())
    ... )
    >>> ax.get_xlabel()
    'precision [1/util], logarithmic'
    """
    players = _players(branch)
    precision = branch.index.to_numpy(dtype=np.float64)
    start = max(float(precision[precision > 0].min()), float(precision.max()) / 10**_DECADES)
    end = float(precision.max())
    nearest, gap = (None, 0.0) if equilibria is None else _nearest(branch, equilibria)
    wide, high = style.ONE_AND_A_HALF_COLUMNS, 1.3 + 1.15 * len(players)
    with style.canvas(ax, width=wide, height=high) as ax:  # noqa: PLR1704 - the same or a new one
        bands = Band.stacked(ax, [Band(player, 0.0, 1.0, (0.0, 0.5, 1.0)) for player in players])
        ax.set_xscale("log")
        ax.set_xlim(start, end * (end / start) ** 0.3)
        for number, (band, (player, actions)) in enumerate(zip(bands, players.items(), strict=True)):
            colour = _COLOURS[number % len(_COLOURS)]
            ends = []
            for line, action in enumerate(actions):
                values = branch[player, action].to_numpy(dtype=np.float64)
                dashes = _DASHES[line % len(_DASHES)]
                ax.plot(
                    np.maximum(precision, start / 2),
                    band.at(values),
                    color=colour,
                    linestyle=dashes,
                    linewidth=1.8,
                    dash_capstyle="butt",
                    zorder=3,
                )
                ends.append(float(values[-1]))
                if nearest is not None:
                    ax.plot(
                        end,
                        band.at(nearest[player, action]),
                        marker="o",
                        markersize=6.5,
                        linestyle="none",
                        markerfacecolor="none",
                        markeredgecolor=style.INK,
                        markeredgewidth=1.1,
                        clip_on=False,
                        zorder=5,
                    )
            for line, (action, value, place) in enumerate(zip(actions, ends, _spread(ends), strict=True)):
                left = end * (end / start) ** 0.025
                ax.annotate(
                    action,
                    xy=(end, float(band.at(value))),
                    xytext=(left * (end / start) ** 0.075, float(band.at(place))),
                    fontsize=style.SMALL,
                    va="center",
                    ha="left",
                    color=colour,
                    annotation_clip=False,
                    bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"},
                    arrowprops={
                        "arrowstyle": "-",
                        "linewidth": 1.4,
                        "color": colour,
                        "linestyle": _DASHES[line % len(_DASHES)],
                        "shrinkA": 1,
                        "shrinkB": 5,
                    },
                )
        _ticks(ax, start, end)
        ax.set(
            title=title, xlabel=f"precision [{unit}], logarithmic", ylabel="probability of each action [0-1]"
        )
        ax.spines["bottom"].set_bounds(start, end)
        style.caption(ax, _caption(branch, nearest, gap, assumed))
    return ax


def _players(branch: pd.DataFrame) -> dict[str, list[str]]:
    """Return the players who have a choice with their actions, checked."""
    if not isinstance(branch, pd.DataFrame) or branch.columns.nlevels != 2 or not len(branch):
        raise InvalidArgumentError(
            f"branch: a table made by LogitQRE(...).branch(game) was expected, given {type(branch).__name__}"
        )
    if not (branch.index.to_numpy(dtype=np.float64) > 0).any():
        raise InvalidArgumentError("branch: a point of positive precision was expected, there is none")
    players: dict[str, list[str]] = {}
    for column in branch.columns.tolist():
        players.setdefault(str(column[0]), []).append(str(column[1]))
    movers = {player: actions for player, actions in players.items() if len(actions) > 1}
    if not movers:
        raise InvalidArgumentError("branch: nobody has a choice, so that there is nothing to draw")
    return movers


def _nearest(branch: pd.DataFrame, equilibria: Solution) -> tuple[Mapping[tuple[str, str], float], float]:
    """Return the equilibrium nearest to the end of the branch, and the largest difference to it."""
    columns: list[tuple[str, str]] = [
        (player, action)
        for player, actions in zip(equilibria.labels.players, equilibria.labels.actions, strict=True)
        for action in actions
    ]
    if columns != [tuple(map(str, column)) for column in branch.columns]:
        raise InvalidArgumentError(
            f"equilibria: those of the game that the branch is of were expected, given {equilibria!r}"
        )
    if equilibria.game.draws != 1 or not len(equilibria):
        raise InvalidArgumentError(
            f"equilibria: at least one of a single draw was expected, given {equilibria!r}; see of_draw"
        )
    table: Floats = np.concatenate(equilibria.strategies)
    gaps = np.abs(table - branch.iloc[-1].to_numpy(dtype=np.float64)[:, None]).max(axis=0)
    best = int(gaps.argmin())
    return dict(zip(columns, table[:, best].tolist(), strict=True)), float(gaps[best])


def _spread(values: list[float]) -> list[float]:
    """Move names at the end of lines apart, as little as needed, in the order of the values."""
    order = sorted(range(len(values)), key=lambda k: (values[k], -k))
    places = list(values)
    for before, after in itertools.pairwise(order):
        places[after] = max(places[after], places[before] + _APART)
    over = places[order[-1]] - 1.06
    if over > 0:
        places[order[-1]] -= over
        for before, after in zip(order[-2::-1], order[:0:-1], strict=True):
            places[before] = min(places[before], places[after] - _APART)
    return places


def _ticks(ax: Axes, start: float, end: float) -> None:
    """Label precisions in plain numbers."""
    steps = [m * 10.0**k for k in range(-12, 13) for m in (1, 2, 5)]
    shown = [step for step in steps if start <= step <= end * 1.0001]
    if len(shown) > 8:
        shown = [step for step in shown if f"{step:e}".startswith("1")]
    ax.set_xticks(shown, [f"{step:g}" for step in shown])
    ax.set_xticks([], minor=True)


def _caption(
    branch: pd.DataFrame, nearest: Mapping[tuple[str, str], float] | None, gap: float, assumed: str
) -> str:
    parts = ["Logit quantal response, principal branch from uniform play"]
    precision = branch.index.to_numpy(dtype=np.float64)
    if (np.diff(precision) < 0).any():
        parts.append("it bends back, so that a precision may meet it several times")
    if nearest is not None:
        parts.append(
            f"circles: the nearest Nash equilibrium (within {gap:.2g} at precision {precision[-1]:g})"
        )
    return "; ".join(filter(None, [*parts, assumed])) + "."
