"""Graph model of a conflict: states, who can move where, and which states are stable."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bargain.axes import Floats
from bargain.errors import UnsupportedGameError
from bargain.games.conflict import ConflictGraph
from bargain.plots import style
from bargain.solvers.conflict_stability import ConflictStability, StabilityTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["conflict_graph"]

_COLOURS = ("#014478", "#e45f33", "#01724b", "#853f7e", "#36add3", "#8a6d00")
_DASHES = ("-", (0, (4, 1.3)), (0, (1.3, 1.1)), (0, (6, 1.3, 1.3, 1.3)), (0, (8, 2)), (0, (3, 1, 1, 1, 1, 1)))
_MOST = 36
_NARROW = 0.8  # inches: names do not fit in a state any more
_HALF = (0.36, 0.27)  # half the width and height of a state in a table, in columns and rows
_ROUND = (0.47, 0.27)  # and on a circle
_SIDE = (0.11, 0.09)  # between arrows that leave a side, in columns and rows


def conflict_graph(
    conflict: StabilityTable | ConflictGraph,
    *,
    draw: int = 0,
    title: str = "Graph model of the conflict",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the states of a conflict, the moves that improve somebody's lot, and the stable states.

    Each arrow is a move by which one player alone reaches a state that it prefers. Moves that improve nothing
    are thin and grey. A thick frame is a state that nobody would leave, a thin black one a state from which
    leaving may be punished; the concepts by which it is stable are written in it.

    Parameters
    ----------
    conflict : StabilityTable or ConflictGraph
        A table says what is stable by which concepts for whom; a graph is examined by all of them.
    draw : int, default 0
        Which preferences of the batch.
    title : str, optional
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
        If there are more than 36 states.

    Notes
    -----
    States that are outcomes of a game, as `bargain.ConflictGraph.of_game` names them, stand in rows and
    columns, so that each move goes straight up or across; others stand on a circle in their order.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.conflict_graph import conflict_graph
    >>> game = bg.load_scenario("gsomia").game("2019-11 deadline")
    >>> ax = conflict_graph(bg.solve(game, bg.ConflictStability()))
    >>> ax.get_xlabel()
    'JPN / USA'
    """
    table = ConflictStability().solve(conflict) if isinstance(conflict, ConflictGraph) else conflict
    graph = table.graph
    if len(graph.states) > _MOST:
        raise UnsupportedGameError(
            f"conflict_graph: at most {_MOST} states can be drawn, here they are {len(graph.states)}; leave"
            " some out by infeasible= or hold players"
        )
    stable: dict[str, list[str]] = {state: [] for state in graph.states}
    for concept, states in table.profiles(draw).items():
        for state in states:
            stable[state].append(concept)
    better = graph.payoffs[:, None, :, draw] > graph.payoffs[:, :, None, draw]
    grid = _grid(graph)
    half = _ROUND if grid is None else _HALF
    places = _circle(len(graph.states)) if grid is None else grid[0]
    rows, columns = (round(np.ptp(axis)) + 1 for axis in (places[:, 1], places[:, 0]))
    high = min(8.5, 1.6 + (0.82 if grid is None else 0.95) * rows)
    with style.canvas(ax, width=style.DOUBLE_COLUMN, height=high) as ax:  # noqa: PLR1704 - the same or a new one
        for player, name in enumerate(graph.players):
            for start, end in np.argwhere(graph.moves[player]):
                gain = bool(better[player, start, end])
                back = bool(graph.moves[player, end, start])
                if not gain and back and (start > end or better[player, end, start]):
                    continue  # drawn from the other end
                _arrow(
                    ax,
                    places,
                    (int(start), int(end)),
                    player,
                    gain=gain,
                    both=back,
                    half=half,
                    circle=grid is None,
                )
            colour, dashes = _COLOURS[player % 6], _DASHES[player % 6]
            ax.plot([], [], color=colour, linestyle=dashes, linewidth=1.8, label=f"{name} gains by moving")
        for state, place in zip(graph.states, places, strict=True):
            _state(ax, state, place, stable[state], half, columns, table=grid is not None)
        low, high = places.min(axis=0), places.max(axis=0)
        ax.set(xlim=(low[0] - 0.55, high[0] + 0.55), ylim=(high[1] + 0.5, low[1] - 0.6))
        _labels(ax, grid)
        style.legend_above(ax, title)
        style.caption(ax, _caption(table, stable, assumed))
    return ax


def _grid(graph: ConflictGraph) -> tuple[Floats, list[list[str]], list[str]] | None:
    """Return the places of states that are outcomes of a game, and names and owners of rows and columns.

    Players are split so that the table is about as high as wide; None if the names are no outcomes.
    """
    outcomes = [state.split("/") for state in graph.states]
    players = len(graph.players)
    if any(len(outcome) != players for outcome in outcomes) or players < 2:
        return None
    actions = [list(dict.fromkeys(column)) for column in zip(*outcomes, strict=True)]
    for player, arrows in enumerate(graph.moves):
        for start, end in np.argwhere(arrows):
            differs = [a != b for a, b in zip(outcomes[start], outcomes[end], strict=True)]
            if differs != [other == player for other in range(players)]:
                return None
    sizes = [len(names) for names in actions]
    split = min(range(1, players), key=lambda k: abs(np.prod(sizes[:k]) - 0.8 * np.prod(sizes[k:])))
    lines = [list(itertools.product(*part)) for part in (actions[:split], actions[split:])]
    places = np.array(
        [(lines[1].index(tuple(one[split:])), lines[0].index(tuple(one[:split]))) for one in outcomes],
        dtype=np.float64,
    )
    names = [["\n".join(line) for line in part] for part in lines]
    who = [" / ".join(part) for part in (graph.players[:split], graph.players[split:])]
    return places, names, who


def _circle(count: int) -> Floats:
    """Return places on a circle, so wide that states do not touch."""
    if count == 1:
        return np.zeros((1, 2))
    angles = 2 * np.pi * np.arange(count) / count
    radius = max(1.0, 0.55 / np.sin(np.pi / count) if count > 2 else 0.5)
    return radius * np.column_stack([1.25 * np.sin(angles), -np.cos(angles)])


def _arrow(
    ax: Axes,
    places: Floats,
    ends: tuple[int, int],
    player: int,
    *,
    gain: bool,
    both: bool,
    half: tuple[float, float],
    circle: bool,
) -> None:
    """Draw a move; in a table it bends around the states between."""
    start, end = places[ends[0]], places[ends[1]]
    across, down = end - start
    bend = 0.0
    if circle:
        # From the rim of one state to that of the other, each player a little beside the next.
        length = float(np.hypot(across, down))
        beside = (player - 0.5) * 0.06 * np.array([-down, across]) / length
        reach = [min(half[0] / max(abs(across) / length, 1e-9), half[1] / max(abs(down) / length, 1e-9))] * 2
        step = np.array([across, down]) / length
        tail, head = start + beside + step * reach[0], end + beside - step * reach[1]
    elif abs(down) < 0.5:
        side = np.sign(across)
        shift = _SIDE[1] * (1 if across > 0 else -1)
        tail, head = start + np.array((half[0] * side, shift)), end + np.array((-half[0] * side, shift))
        if abs(across) > 1.5:
            tail, head = start + np.array((0.1 * side, -half[1])), end + np.array((-0.1 * side, -half[1]))
            bend = -0.16 * side
    else:
        side = np.sign(down)
        shift = _SIDE[0] * (1 if down > 0 else -1)
        tail, head = start + np.array((shift, half[1] * side)), end + np.array((shift, -half[1] * side))
        if abs(down) > 1.5:
            tail, head = start + np.array((half[0], 0.06 * side)), end + np.array((half[0], -0.06 * side))
            bend = -0.3 * side
    ax.annotate(
        "",
        xy=(float(head[0]), float(head[1])),
        xytext=(float(tail[0]), float(tail[1])),
        arrowprops={
            "arrowstyle": "-|>" if gain else ("-" if both else "->"),
            "color": _COLOURS[player % 6] if gain else "#a6a6a6",
            "linewidth": 1.8 if gain else 0.7,
            "linestyle": _DASHES[player % 6] if gain else "-",
            "connectionstyle": f"arc3,rad={bend}",
            "mutation_scale": 10,
            "shrinkA": 0,
            "shrinkB": 0,
        },
        annotation_clip=False,
        zorder=3 if gain else 2,
    )


def _state(
    ax: Axes,
    state: str,
    place: Floats,
    concepts: Sequence[str],
    half: tuple[float, float],
    columns: int,
    *,
    table: bool,
) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - only pictures need matplotlib

    x, y = place
    look: dict[str, Any] = {"edgecolor": style.MUTED, "linewidth": 0.5}
    if concepts:
        look = {"edgecolor": style.INK, "linewidth": 2.6 if "nash" in concepts else 1.1}
    ax.add_patch(
        Rectangle(
            (x - half[0], y - half[1]),
            2 * half[0],
            2 * half[1],
            zorder=4,
            facecolor="#ffffff" if not concepts else "#ffe6b0",
            **look,
        )
    )
    inches = 2.3 * half[0] * style.width_of(ax) / (columns + 0.3)
    lines = textwrap.wrap(state.replace("/", " / "), max(8, int(17 * inches)))
    if table and inches < _NARROW:
        lines = []  # the names of row and column say it
    size = style.SMALL if len(lines) <= 3 else style.SMALL * 0.75
    if len(lines) > 4:
        lines[3:] = [f"{lines[3]} …"]
    ax.text(
        x,
        y - (0.07 if concepts else 0),
        "\n".join(lines),
        ha="center",
        va="center",
        fontsize=size,
        linespacing=1.1,
        zorder=5,
    )
    if concepts:
        said = " ".join(concepts) if lines else "\n".join(textwrap.wrap(" ".join(concepts), 8))
        longest = max(map(len, said.splitlines()))
        ax.text(
            x,
            y + half[1] - 0.035 if lines else y,
            said,
            ha="center",
            va="bottom" if lines else "center",
            fontsize=min(5.5, 98 * inches / longest),
            fontweight="bold",
            linespacing=1.0,
            zorder=5,
        )


def _labels(ax: Axes, grid: tuple[Floats, list[list[str]], list[str]] | None) -> None:
    """Name rows and columns of a table; a circle has none."""
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    if grid is None:
        ax.set(xticks=[], yticks=[], xlabel="states in their order, clockwise from the top", ylabel="state")
        return
    _, (rows, columns), (vertical, horizontal) = grid
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.set(xlabel=horizontal, ylabel=vertical)


def _caption(table: StabilityTable, stable: dict[str, list[str]], assumed: str) -> str:
    names = {
        "nash": "nash: nobody can improve",
        "gmr": "gmr: others can then punish who leaves",
        "smr": "smr: and there is no escape from that",
        "seq": "seq: they punish by improving themselves",
    }
    parts = ["Thin grey: moves that improve nothing (a head: it cannot be taken back)"]
    parts += [names[concept] for concept in table.concepts]
    if not any(stable.values()):
        parts.append("no state is stable by any of these")
    alone = {(player,) for player in table.graph.players}
    if set(table.coalitions) != alone:
        parts.append("examined: " + ", ".join("+".join(group) for group in table.coalitions))
    return "; ".join(filter(None, [*parts, assumed])) + "."
