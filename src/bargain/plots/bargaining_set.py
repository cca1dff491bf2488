"""Two players' bargaining set: what is feasible, what is efficient, and what the solutions pick."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, UnknownDrawError, UnsupportedGameError
from bargain.games.bargaining import BargainingProblem
from bargain.games.frontier import BargainingFrontier
from bargain.plots import style
from bargain.plots.point_labels import PointLabel, PointLabels
from bargain.solvers.bargaining.agreements import Agreements
from bargain.solvers.bargaining.egalitarian import Egalitarian
from bargain.solvers.bargaining.kalai_smorodinsky import KalaiSmorodinsky
from bargain.solvers.bargaining.nash_bargaining import NashBargaining
from bargain.solvers.bargaining.utilitarian import Utilitarian

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["bargaining_set"]

_CONCEPTS: dict[str, NashBargaining | KalaiSmorodinsky | Egalitarian | Utilitarian] = {
    "Nash": NashBargaining(),
    "Kalai-Smorodinsky": KalaiSmorodinsky(),
    "egalitarian": Egalitarian(),
    "utilitarian": Utilitarian(),
}
# Where solutions coincide, the smaller marks stand on the larger ones.
_MARKS = (
    ("o", 13.0, style.INK),
    ("s", 9.5, "#f4c730"),
    ("^", 7.5, "#e45f33"),
    ("D", 4.5, "white"),
    ("v", 4.5, "#36add3"),
)
_MOST = 9  # packages that are named


def bargaining_set(
    problem: BargainingProblem | BargainingFrontier,
    *,
    solutions: Mapping[str, Agreements] | None = None,
    draw: int = 0,
    title: str = "Bargaining set",
    unit: str = "util",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw what two players may agree on, and what bargaining solutions pick.

    Shaded is what is feasible: with lotteries the hull of the packages, otherwise the packages alone. The
    thick line, or the filled points, are the efficient agreements. Dotted lines through the disagreement
    point bound what both would rather have than no deal; dashed ones what both would ratify, where that is
    more.

    Parameters
    ----------
    problem : BargainingProblem or BargainingFrontier
        Between two players.
    solutions : mapping of name to Agreements, optional
        Of the same problem, at most five; by default those of Nash and of Kalai and Smorodinsky, the
        egalitarian and the utilitarian one.
    draw : int, default 0
        Which problem of the batch.
    title : str, optional
    unit : str, optional
        Of both players' payoffs.
    assumed : str, optional
        Added to the caption: setting.
    ax : Axes, optional
        By default that of a new figure.

    Returns
    -------
    Axes

    Raises
    ------
    UnsupportedGameError
        If there are not two players.
    InvalidArgumentError
        If there are more than five solutions, or one is of another problem.
    UnknownDrawError

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.bargaining_set import bargaining_set
    >>> problem = bg.BargainingProblem(
    ...     ("seller", "buyer"), {"sale": (3, 1), "sale on credit": (1, 2)}, disagreement=(0, 0)
    ... )
    >>> ax = bargaining_set(problem)
    >>> ax.get_legend().get_texts()[1].get_text()
    'Nash (2.5, 1.25)'
    """
    if len(problem.players) != 2:
        raise UnsupportedGameError(
            f"bargaining_set: two players were expected, here they are {len(problem.players)}:"
            f" {', '.join(problem.players)}"
        )
    if not -problem.draws <= draw < problem.draws:
        raise UnknownDrawError(f"draw: one of {problem.draws} draws was expected, given {draw}")
    draw %= problem.draws
    if solutions is None:
        solutions = {name: concept.solve(problem) for name, concept in _CONCEPTS.items()}
    if len(solutions) > len(_MARKS):
        raise InvalidArgumentError(f"solutions: at most {len(_MARKS)} were expected, given {len(solutions)}")
    for name, agreed in solutions.items():
        if agreed.problem.players != problem.players or agreed.problem.draws != problem.draws:
            raise InvalidArgumentError(f"solutions: {name!r} is of another problem: {agreed!r}")
    without, least = problem.disagreement[:, draw], problem.floors[:, draw]
    with style.canvas(ax, width=style.ONE_AND_A_HALF_COLUMNS, height=4.9) as ax:  # noqa: PLR1704 - the same or a new one
        named = _feasible(ax, problem, draw)
        points = [(label.x, label.y) for label in named]
        for (name, agreed), (marker, size, colour) in zip(solutions.items(), _MARKS, strict=False):
            place = agreed.payoffs[:, agreed.draw == draw]
            said = _numbers(place[:, 0]) if place.size else ": no agreement"
            edge = "white" if colour == style.INK else style.INK
            ax.plot(
                *place,
                marker=marker,
                markersize=size,
                markerfacecolor=colour,
                markeredgecolor=edge,
                markeredgewidth=0.9,
                linestyle="none",
                zorder=5,
                label=f"{name}{said}",
            )
            points += [(float(x), float(y)) for x, y in place.T]
        ax.plot(
            *without,
            marker="X",
            markersize=9,
            color=style.INK,
            markeredgecolor="white",
            linestyle="none",
            zorder=5,
            label=f"no deal{_numbers(without)}",
        )
        _view(ax, problem, draw, np.array([*points, tuple(without), tuple(least)]).T)
        ax.axvline(without[0], color=style.MUTED, linewidth=0.9, linestyle=(0, (1, 1.5)), zorder=1)
        ax.axhline(without[1], color=style.MUTED, linewidth=0.9, linestyle=(0, (1, 1.5)), zorder=1)
        floors = bool((least > without).any())
        if floors:
            ax.axvline(least[0], color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
            ax.axhline(least[1], color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
        first, second = problem.players
        ax.set(xlabel=f"payoff of {first} [{unit}]", ylabel=f"payoff of {second} [{unit}]")
        style.legend_above(ax, title)
        labels = PointLabels(ax, named, corners=True, reach=6.5)
        style.caption(ax, _caption(problem, solutions, floors=floors, assumed=assumed))
        labels.settle([*points, (float(without[0]), float(without[1]))])
    return ax


def _feasible(ax: Axes, problem: BargainingProblem | BargainingFrontier, draw: int) -> list[PointLabel]:
    """Draw what is feasible and what is efficient; return the packages to name."""
    if isinstance(problem, BargainingFrontier):
        position = np.broadcast_to(np.linspace(*problem.domain, 401)[:, None], (401, problem.draws))
        x, y = problem.payoffs(position)[:, :, draw]
        corner = np.minimum(problem.disagreement[:, draw], (x.min(), y.min()))
        ax.fill(
            [corner[0], *x, x[-1], corner[0]],
            [y[0], *y, corner[1], corner[1]],
            facecolor="#e6e6e6",
            edgecolor="none",
            zorder=0,
        )
        ax.plot(x, y, color=style.INK, linewidth=2.2, zorder=3, label="efficient agreements")
        return []
    points = problem.payoffs[..., draw].T
    efficient = ~np.array(
        [((points >= one).all(axis=1) & (points > one).any(axis=1)).any() for one in points]
    )
    if problem.lotteries:
        around = _hull(points)
        ax.fill(*around.T, facecolor="#e6e6e6", edgecolor=style.MUTED, linewidth=0.6, zorder=0)
        ax.plot(
            *_frontier(around).T,
            color=style.INK,
            linewidth=2.2,
            zorder=3,
            label="efficient agreements",
            solid_capstyle="round",
        )
        chain = {tuple(point) for point in _frontier(around).tolist()}
        efficient = np.array([tuple(point) in chain for point in points.tolist()])
    label = "_" if problem.lotteries else "efficient packages"
    for chosen, face, said in ((~efficient, "white", "_"), (efficient, style.INK, label)):
        if chosen.any():  # an empty line would have an extent all the same, and the layout leave room for it
            ax.plot(
                *points[chosen].T,
                marker="o",
                markersize=4.5,
                markerfacecolor=face,
                markeredgecolor=style.INK,
                markeredgewidth=0.8,
                linestyle="none",
                zorder=4,
                clip_on=False,
                label=said,
            )
    named = range(len(points)) if len(points) <= _MOST else np.flatnonzero(efficient)
    if len(named) > _MOST:
        return []
    words = [textwrap.fill(textwrap.shorten(name, 64, placeholder=" …"), 24) for name in problem.packages]
    return [PointLabel(float(points[k, 0]), float(points[k, 1]), words[k], bool(efficient[k])) for k in named]


def _hull(points: Floats) -> Floats:
    """Return the corners of the convex hull, float[K, 2], counter-clockwise; of points on a line its ends."""
    order = sorted(set(map(tuple, points.tolist())))
    if len(order) <= 2:
        return np.array(order)

    def half(line: list[tuple[float, ...]]) -> list[tuple[float, ...]]:
        result: list[tuple[float, ...]] = []
        for x, y in line:
            while len(result) > 1:
                (a, b), (c, d) = result[-2:]
                if (c - a) * (y - b) - (d - b) * (x - a) > 0:
                    break
                result.pop()
            result.append((x, y))
        return result

    return np.array([*half(order)[:-1], *half(order[::-1])[:-1]])


def _frontier(around: Floats) -> Floats:
    """Return the efficient part of a hull, from the first player's worst to its best point on it."""
    keys = [tuple(point) for point in around.tolist()]
    start = max(range(len(keys)), key=lambda k: (keys[k][1], keys[k][0]))
    end = max(range(len(keys)), key=lambda k: (keys[k][0], keys[k][1]))
    path = [start]
    while path[-1] != end:
        path.append((path[-1] - 1) % len(keys))  # clockwise
    return around[path]


def _view(ax: Axes, problem: BargainingProblem | BargainingFrontier, draw: int, marked: Floats) -> None:
    """Leave room around all that is drawn."""
    if isinstance(problem, BargainingProblem):
        marked = np.concatenate([marked, problem.payoffs[..., draw]], axis=1)
    else:
        ends = np.array(problem.domain)[:, None]
        corners = problem.payoffs(np.broadcast_to(ends, (2, problem.draws)))[:, :, draw]
        marked = np.concatenate([marked, corners], axis=1)
    low, high = marked.min(axis=1), marked.max(axis=1)
    room = np.where(high > low, 0.12 * (high - low), 1.0)
    ax.set(xlim=(low[0] - room[0], high[0] + room[0]), ylim=(low[1] - room[1], high[1] + room[1]))


def _numbers(place: Floats) -> str:
    said = ", ".join(f"{value:.3g}" for value in np.round(place, 12) + 0.0)
    return f" ({said})".replace("-", "\N{MINUS SIGN}")


def _caption(
    problem: BargainingProblem | BargainingFrontier,
    solutions: Mapping[str, Agreements],
    *,
    floors: bool,
    assumed: str,
) -> str:
    if isinstance(problem, BargainingFrontier):
        parts = ["Shaded: feasible"]
    elif problem.lotteries:
        parts = [f"Shaded: lotteries over {len(problem.packages)} packages"]
    else:
        parts = [f"{len(problem.packages)} packages without lotteries"]
    if isinstance(problem, BargainingProblem) and len(problem.packages) > _MOST:
        parts.append("named: efficient ones, if they are few")
    parts.append("dotted: what each has without a deal")
    if floors:
        parts.append("dashed: the least that each would ratify")
    if {"egalitarian", "utilitarian"} & set(solutions):
        parts.append("egalitarian and utilitarian solutions compare the players' units, the others do not")
    return "; ".join(filter(None, [*parts, assumed])) + "."
