"""All equilibria of three players in the unit cube of their probabilities."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, UnsupportedGameError
from bargain.games.labels import Labels
from bargain.games.normal import NormalForm
from bargain.plots import style
from bargain.plots.point_labels import PointLabel, PointLabels
from bargain.solvers.all_nash import AllNash
from bargain.solvers.solution import Solution, Status

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["equilibrium_cube"]

_SURE = 1 - 1e-9
_PLAYED = 1e-9
_DEPTH = np.array([0.52, 0.30])  # where the cube's third edge leads in the plane of the picture
_SHADES = {0: style.INK, 1: "#e45f33", 2: "#36add3", 3: "white"}  # by number of players who mix
_MARKERS = {0: "o", 1: "^", 2: "s", 3: "D"}
_WORDS = {0: "pure", 1: "one mixes", 2: "two mix", 3: "all mix"}


def equilibrium_cube(
    game: NormalForm,
    *,
    draw: int = 0,
    equilibria: Solution | None = None,
    title: str = "Equilibria",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the equilibria of three players as points of the unit cube.

    Each edge is the probability of one player's action. A thin line leads from every equilibrium down to the
    floor, so that its place in depth can be read. Numbers lead to the list at the right.

    Parameters
    ----------
    game : NormalForm
        In which three players have a choice.
    draw : int, default 0
        Which game of the batch.
    equilibria : Solution, optional
        Equilibria of the same batch; by default all Nash equilibria.
    title : str, optional
    assumed : str, optional
        Added to the caption: setting, unit of payoffs.
    ax : Axes, optional
        By default that of a new figure.

    Returns
    -------
    Axes

    Raises
    ------
    UnsupportedGameError
        If other than three players have a choice, or one of them plays more than two of its actions in the
        equilibria, taken together.
    InvalidArgumentError
        If the equilibria are those of a game with other players or actions.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.equilibrium_cube import equilibrium_cube
    >>> ax = equilibrium_cube(bg.load_scenario("gsomia").game("2019-11 deadline"))
    >>> ax.get_xlabel()
    'ROK: probability of suspend, otherwise renew [0-1]'
    """
    movers = [player for player, size in enumerate(game.shape) if size > 1]
    if len(movers) != 3:
        names = ", ".join(game.players[player] for player in movers) or "nobody"
        raise UnsupportedGameError(
            f"equilibrium_cube: three players with a choice were expected, here they are {len(movers)}"
            f" ({names}); hold others by game.hold(...)"
        )
    if equilibria is None:
        equilibria, draw = AllNash().solve(game[draw]), 0
    elif equilibria.labels != game.labels:
        raise InvalidArgumentError(f"equilibria: those of {game!r} were expected, given {equilibria!r}")
    found = equilibria.of_draw(draw)
    played = [_played(found, player) for player in movers]
    places = np.array(
        [found.strategies[player][pair[1]] for player, pair in zip(movers, played, strict=True)]
    )
    mixing = (np.maximum(places, 1 - places) < _SURE).sum(axis=0)
    wide = style.DOUBLE_COLUMN
    with style.canvas(ax, width=wide, height=4.5) as ax:  # noqa: PLR1704 - the same or a new one
        _frame(ax, found.labels, movers, played)
        flat = _flat(places)
        labels = []
        for index, (x, y) in enumerate(flat.T):
            foot = _flat(places[:, index] * (1, 1, 0))
            ax.plot(
                [foot[0], x],
                [foot[1], y],
                color=style.MUTED,
                linewidth=0.8,
                linestyle=(0, (1, 1.2)),
                zorder=2,
            )
            ax.plot(*foot, marker="o", markersize=2.5, color=style.MUTED, zorder=2)
            kind = int(mixing[index])
            ax.plot(
                x,
                y,
                marker=_MARKERS[kind],
                markersize=9,
                markerfacecolor=_SHADES[kind],
                markeredgecolor=style.INK,
                markeredgewidth=1.0,
                linestyle="none",
                zorder=5,
                clip_on=False,
            )
            labels.append(PointLabel(float(x), float(y), str(index + 1), bold=True))
        _list(ax, found, movers, mixing)
        ax.set_title(title)
        numbers = PointLabels(ax, labels, size=style.TEXT)
        style.caption(ax, _caption(found, assumed))
        numbers.settle()
    return ax


def _played(found: Solution, player: int) -> tuple[int, int]:
    """Return the two actions that span a player's edge; those of the equilibria, filled up by the next."""
    names = found.labels.actions[player]
    used = np.flatnonzero((found.strategies[player] > _PLAYED).any(axis=1)).tolist()
    if len(used) > 2:
        listed = ", ".join(names[action] for action in used)
        raise UnsupportedGameError(
            f"equilibrium_cube: {found.labels.players[player]} plays more than two actions in the equilibria"
            f" ({listed}); an edge of the cube has room for two"
        )
    others = [action for action in range(len(names)) if action not in used]
    first, second = sorted((used + others)[:2]) if len(names) > 2 else (0, 1)
    return first, second


def _flat(places: Floats) -> Floats:
    """Return where points of the cube, float[3, ...], stand in the picture, float[2, ...].

    The first coordinate goes right, the second into the depth, the third up.
    """
    x, depth, up = places
    return np.stack([x + _DEPTH[0] * depth, up + _DEPTH[1] * depth])


def _frame(ax: Axes, labels: Labels, movers: list[int], played: list[tuple[int, int]]) -> None:
    corners = np.array(list(np.ndindex(2, 2, 2)), dtype=np.float64)
    for start in corners:
        for axis in range(3):
            if start[axis] == 0:
                end = start.copy()
                end[axis] = 1
                line = _flat(np.array([start, end]).T)
                # The three edges that the body would hide are thin.
                hidden = start[1] == 1 or (axis == 1) if start[2] == 0 and start[0] == 0 else False
                ax.plot(
                    *line,
                    color=style.MUTED,
                    linewidth=0.6 if hidden else 1.0,
                    zorder=1,
                    linestyle=(0, (4, 3)) if hidden else "-",
                    clip_on=False,
                )
    floor = _flat(np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], dtype=np.float64).T)
    ax.fill(*floor, facecolor="#f2f2f2", edgecolor="none", zorder=0)
    said = []
    for player, (before, after) in zip(movers, played, strict=True):
        names = labels.actions[player]
        said.append(
            f"{labels.players[player]}: probability of {names[after]}, otherwise {names[before]} [0-1]"
        )
    inches = style.width_of(ax)
    ax.set_xlabel(textwrap.fill(said[0], int(11 * inches)), x=0.0, ha="left", ma="left")
    ax.set_ylabel(textwrap.fill(said[2], int(9.5 * style.height_of(ax))), y=0.36)
    ax.set_xticks([0, 0.5, 1], ["0", "0.5", "1"])
    ax.set_yticks([0, 0.5, 1], ["0", "0.5", "1"])
    ax.spines[:].set_visible(False)
    for share in (0.5, 1.0):
        x, y = _flat(np.array([1.0, share, 0.0]))
        ax.text(x + 0.04, y - 0.015, f"{share:g}", fontsize=style.TEXT, ha="left", va="center")
    middle = _flat(np.array([1.0, 0.25, 0.0]))
    ax.text(
        middle[0] + 0.05,
        middle[1] - 0.02,
        textwrap.fill(said[1], max(12, int(6.3 * inches))),
        fontsize=style.TEXT,
        ha="left",
        va="top",
        linespacing=1.15,
    )
    ax.set(xlim=(-0.08, 3.2), ylim=(-0.12, 1.0 + _DEPTH[1] + 0.1))


def _list(
    ax: Axes, found: Solution, movers: list[int], mixing: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
) -> None:
    """List the equilibria at the right of the cube."""
    rows = []
    # What fits at the right of the cube, without probabilities and strokes, for each player.
    room = max(4, int((8.9 * style.width_of(ax) - 6) / 3) - 5 * bool(mixing.any()))
    for index in range(len(found)):
        words = []
        for player in movers:
            own = found.strategies[player][:, index]
            action = int(own.argmax())
            name = _cut(found.labels.actions[player][action], room)
            words.append(name if own[action] > _SURE else f"{name} {own[action]:.2f}")
        rows.append((int(mixing[index]), f"{index + 1}", " / ".join(words)))
    top, step = 1.34, min(0.1, 1.0 / max(1, len(rows)))
    left = 1.66
    size = style.SMALL if len(rows) <= 10 else max(5.0, style.SMALL * 10 / len(rows))
    ax.text(
        left,
        top,
        "number: " + " / ".join(_cut(found.labels.players[player], room) for player in movers),
        fontsize=size,
        color=style.MUTED,
        va="center",
    )
    for row, (kind, number, said) in enumerate(rows, start=1):
        y = top - row * step
        ax.plot(
            left + 0.02,
            y,
            marker=_MARKERS[kind],
            markersize=5,
            markerfacecolor=_SHADES[kind],
            markeredgecolor=style.INK,
            markeredgewidth=0.8,
            linestyle="none",
        )
        ax.text(left + 0.07, y, f"{number}", fontsize=size, fontweight="bold", va="center")
        ax.text(left + 0.17, y, said, fontsize=size, va="center")


def _cut(name: str, room: int) -> str:
    return name if len(name) <= room else name[: room - 1].rstrip() + "…"


def _caption(found: Solution, assumed: str) -> str:
    kinds = "; ".join(
        f"{shape}: {_WORDS[kind]}" for kind, shape in enumerate(("circle", "triangle", "square", "diamond"))
    )
    held = [
        f"{name} held to {actions[0]}" for name, actions in found.game.actions.items() if len(actions) == 1
    ]
    status: Status = found.status[0]
    parts = [f"Equilibria found by {found.solver}: {len(found)}", kinds]
    if status is not Status.SOLVED:
        parts.append(status.sentence.rstrip("."))
    return "; ".join(filter(None, [*parts, *held, assumed])) + "."
