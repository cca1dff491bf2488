"""Best replies of two players: curves in the unit square, or arrows in a table."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, UnsupportedGameError
from bargain.games.labels import Labels
from bargain.games.normal import NormalForm
from bargain.games.profiles import regrets
from bargain.plots import style
from bargain.plots.point_labels import PointLabel, PointLabels
from bargain.solvers.all_nash import AllNash
from bargain.solvers.solution import Solution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["best_reply_diagram"]

_FIRST, _SECOND = "#014478", "#e45f33"
_SURE = 1 - 1e-9
_STABLE = 1e-9  # largest regret, relative to the range of payoffs, of what counts as an equilibrium


def best_reply_diagram(
    game: NormalForm,
    *,
    keep: Mapping[str, Sequence[str]] | None = None,
    draw: int = 0,
    title: str = "Best replies",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw what each of two players does best against the other, and where both meet.

    If both have two actions, the picture is the unit square of their probabilities: each player's best reply
    is a line, and the lines meet in the Nash equilibria. With more actions it is a table of outcomes, in
    which an arrow leads from each outcome to the best reply of the player who can do better; what no arrow
    leaves is a pure equilibrium.

    Parameters
    ----------
    game : NormalForm
    keep : mapping of player to sequence of str, optional
        The only actions to draw: one holds the player, two of three make a slice of the game.
    draw : int, default 0
        Which game of the batch.
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
        If other than two players have a choice.
    InvalidArgumentError
        If an action to keep is listed twice, or none is.
    UnknownNameError
        If a player or action to keep does not exist.

    Notes
    -----
    An equilibrium of a slice in which a player would rather use an action that is left out is drawn hollow,
    and the caption says so.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.best_reply_diagram import best_reply_diagram
    >>> game = bg.load_scenario("gsomia").game("2019-11 deadline", fix={"USA": "press"})
    >>> ax = best_reply_diagram(game, keep={"ROK": ("suspend", "terminate")})
    >>> ax.get_xlabel()
    'ROK: probability of terminate, otherwise suspend [0-1]'
    """
    one = game[draw]
    part = _slice(one, keep or {})
    movers = [player for player, size in enumerate(part.shape) if size > 1]
    if len(movers) != 2:
        names = ", ".join(part.players[player] for player in movers) or "nobody"
        raise UnsupportedGameError(
            f"best_reply_diagram: two players with a choice were expected, here they are {len(movers)}"
            f" ({names}); hold others by game.hold(...) or keep="
        )
    found = AllNash().solve(part)
    stable = _stable(one, part, found)
    square = all(part.shape[player] == 2 for player in movers)
    with style.canvas(
        ax, width=4.6 if square else style.ONE_AND_A_HALF_COLUMNS, height=_height(part, movers)
    ) as ax:  # noqa: PLR1704 - the same or a new one
        parts = (_square if square else _table)(ax, part, movers, found, stable)
        style.legend_above(ax, title)
        held = [f"{name} held to {actions[0]}" for name, actions in part.actions.items() if len(actions) == 1]
        parts += [", ".join(held)] if held else []
        if found.draw.size and not stable.all():
            parts.append("hollow: no equilibrium where actions left out here are open too")
        labels = _written_names(ax, part, movers, found) if square else None
        style.caption(ax, "; ".join(filter(None, [*parts, assumed])) + ".")
        if labels is not None:
            labels.settle()
    return ax


def _height(part: NormalForm, movers: list[int]) -> float:
    if all(part.shape[player] == 2 for player in movers):
        return 4.9
    return 1.6 + 0.85 * part.shape[movers[0]]


def _slice(game: NormalForm, keep: Mapping[str, Sequence[str]]) -> NormalForm:
    """Leave out all actions but those to keep."""
    kept = list(game.labels.actions)
    index: list[list[int]] = [list(range(size)) for size in game.shape]
    for player, names in keep.items():
        place = game.labels.player(player, where="keep")
        if isinstance(names, str) or not names or len(set(names)) != len(names):
            raise InvalidArgumentError(
                f"keep: different actions of {player!r} in a sequence were expected, given {names!r}"
            )
        index[place] = [game.labels.action(player, name, where="keep") for name in names]
        kept[place] = tuple(names)
    payoffs = game.payoffs[np.ix_(range(len(game.players)), *index, range(game.draws))]
    return NormalForm(Labels(game.players, tuple(kept)), payoffs)


def _stable(game: NormalForm, part: NormalForm, found: Solution) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Say which equilibria of the slice are equilibria if only those held to one action are held, bool[E]."""
    held = {name: actions[0] for name, actions in part.actions.items() if len(actions) == 1}
    whole = game.hold(held)
    strategies: list[Floats] = []
    for own, full, some in zip(found.strategies, whole.labels.actions, part.labels.actions, strict=True):
        spread = np.zeros((len(full), own.shape[1]))
        spread[[full.index(name) for name in some]] = own
        strategies.append(spread)
    payoffs = np.repeat(whole.payoffs, len(found), axis=-1)
    width = np.ptp(whole.payoffs.reshape(len(game.players), -1), axis=1)[:, None]
    result: np.ndarray[Any, np.dtype[np.bool_]] = np.asarray(
        (regrets(payoffs, strategies) <= _STABLE * np.where(width > 0, width, 1.0)).all(axis=0)
    )
    return result


def _square(
    ax: Axes,
    part: NormalForm,
    movers: list[int],
    found: Solution,
    stable: np.ndarray[Any, np.dtype[np.bool_]],
) -> list[str]:
    """Draw the unit square; return what the caption says of it."""
    first, second = movers
    tables = part.payoffs[..., 0].reshape(len(part.players), 2, 2)
    # What each gains by its second action over its first, against either action of the other.
    gain_first = tables[first, 1] - tables[first, 0]
    gain_second = tables[second, :, 1] - tables[second, :, 0]
    names = [part.players[player] for player in movers]
    for name, gain, colour, dashes, thick, swap in (
        (names[0], gain_first, _FIRST, "-", 4.2, True),
        (names[1], gain_second, _SECOND, (0, (3.2, 1.4)), 2.2, False),
    ):
        if (gain == 0).all():
            ax.fill(
                [0, 1, 1, 0],
                [0, 0, 1, 1],
                facecolor="none",
                edgecolor=colour,
                hatch="..." if swap else "///",
                linewidth=0,
                zorder=1,
            )
            ax.plot([], [], color=colour, linestyle=dashes, linewidth=thick, label=f"{name}: all is as good")
            continue
        path = _reply(gain)
        x, y = (path[:, 1], path[:, 0]) if swap else (path[:, 0], path[:, 1])
        ax.plot(
            x,
            y,
            color=colour,
            linestyle=dashes,
            linewidth=thick,
            label=f"best reply of {name}",
            solid_capstyle="butt",
            dash_capstyle="butt",
            clip_on=False,
            zorder=3,
        )
    for index in range(len(found)):
        across, up = (float(found.strategies[player][1, index]) for player in movers)
        pure = max(across, 1 - across) > _SURE and max(up, 1 - up) > _SURE
        ax.plot(
            across,
            up,
            marker="o" if pure else "D",
            markersize=9 if pure else 8,
            linestyle="none",
            markerfacecolor=style.INK if stable[index] else "white",
            markeredgecolor="white" if stable[index] else style.INK,
            markeredgewidth=1.2,
            clip_on=False,
            zorder=5,
        )
    for axis, player, where in ((ax.xaxis, first, "x"), (ax.yaxis, second, "y")):
        before, after = part.labels.actions[player]
        axis.set_label_text(
            f"{part.players[player]}: probability of {after}, otherwise {before} [0-1]"
            if where == "x"
            else f"{part.players[player]}: probability of {after},\notherwise {before} [0-1]"
        )
        axis.set_ticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
    ax.set(xlim=(-0.06, 1.06), ylim=(-0.06, 1.06))
    ax.spines[:].set_visible(False)
    ax.grid(color=style.GRID, linewidth=0.6)
    marks = "dot: pure Nash equilibrium" if (found.outcomes > _SURE).any() else "no pure Nash equilibrium"
    mixed = (
        "diamond: mixed one, with probabilities"
        if (found.outcomes.max(axis=0, initial=0) <= _SURE).any()
        else ""
    )
    ties = "ties: not every equilibrium is marked" if found.codes[0] != 0 else ""
    return [part for part in (marks, mixed, ties) if part]


def _reply(gain: Floats) -> Floats:
    """Return the best reply as a line of (the other's probability, own probability).

    ``gain`` float[2] is what the second action brings over the first against either action of the other.
    """
    start, end = gain
    own = [1.0 if value > 0 else 0.0 for value in (start, end)]
    if start * end < 0:
        root = start / (start - end)
        return np.array([(0, own[0]), (root, own[0]), (root, own[1]), (1, own[1])])
    if start == 0:
        return np.array([(0, 1 - own[1]), (0, own[1]), (1, own[1])])
    if end == 0:
        return np.array([(0, own[0]), (1, own[0]), (1, 1 - own[0])])
    return np.array([(0, own[0]), (1, own[1])])


def _written_names(ax: Axes, part: NormalForm, movers: list[int], found: Solution) -> PointLabels:
    labels = []
    for index in range(len(found)):
        words = []
        for player in movers:
            own = found.strategies[player][:, index]
            action = part.labels.actions[player][int(own.argmax())]
            sure = own.max() > _SURE
            words.append(action if sure else f"{part.labels.actions[player][1]} {own[1]:.2f}")
        place = [float(found.strategies[player][1, index]) for player in movers]
        labels.append(PointLabel(place[0], place[1], " / ".join(words), bold=True))
    return PointLabels(ax, labels, corners=True)


def _table(
    ax: Axes,
    part: NormalForm,
    movers: list[int],
    found: Solution,
    stable: np.ndarray[Any, np.dtype[np.bool_]],
) -> list[str]:
    """Draw the table with arrows; return what the caption says of it."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - only pictures need matplotlib

    first, second = movers
    rows, columns = (part.labels.actions[player] for player in movers)
    shape = (len(rows), len(columns))
    payoffs = part.payoffs[..., 0].reshape(len(part.players), *shape)
    looks = style.outcome_looks(part.labels)
    pure = {
        int(found.outcomes[:, index].argmax()): bool(stable[index])
        for index in range(len(found))
        if found.outcomes[:, index].max() > _SURE
    }
    for number, (place, outcome) in enumerate(zip(np.ndindex(shape), part.labels.outcomes, strict=True)):
        row, column = place
        is_one = number in pure
        ax.add_patch(
            Rectangle(
                (column - 0.3, row - 0.27),
                0.6,
                0.54,
                facecolor="white",
                zorder=4,
                edgecolor=style.INK if is_one else style.MUTED,
                linewidth=2.4 if is_one else 0.6,
                linestyle="-" if pure.get(number, True) else (0, (3, 2)),
            )
        )
        ax.add_patch(
            Rectangle(
                (column - 0.3, row - 0.27), 0.05, 0.54, zorder=5, **style.paint(looks[outcome], edge=False)
            )
        )
        for line, player in enumerate((first, second)):
            best = payoffs[(player, *place)] >= payoffs[player].max(axis=line)[place[1 - line]]
            ax.text(
                column + 0.02,
                row + (0.11 if line else -0.11),
                f"{payoffs[(player, *place)]:.3g}".replace("-", "\N{MINUS SIGN}"),
                ha="center",
                va="center",
                fontsize=style.SMALL,
                fontweight="bold" if best else "normal",
                zorder=6,
            )
    for place in np.ndindex(shape):
        for line, (player, colour) in enumerate(((first, _FIRST), (second, _SECOND))):
            own = payoffs[player][:, place[1]] if line == 0 else payoffs[player][place[0]]
            if own[place[line]] < own.max():
                target = list(place)
                target[line] = int(own.argmax())
                _arrow(ax, place, (target[0], target[1]), colour, solid=line == 0)
    for player, colour, dashes in ((first, _FIRST, "-"), (second, _SECOND, (0, (3, 1.4)))):
        ax.plot(
            [],
            [],
            color=colour,
            linestyle=dashes,
            linewidth=1.8,
            label=f"{part.players[player]} would rather",
        )
    ax.set(xlim=(-0.55, shape[1] - 0.45), ylim=(shape[0] - 0.5, -0.5 if shape[1] < 3 else -0.8))
    across = max(6, int(13 * style.width_of(ax) / (shape[1] + 0.5)))
    ax.set_xticks(range(shape[1]), [textwrap.fill(name, across) for name in columns])
    ax.set_yticks(range(shape[0]), [textwrap.fill(name, 14) for name in rows])
    ax.set(xlabel=f"action of {part.players[second]}", ylabel=f"action of {part.players[first]}")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    mixed = int((found.outcomes.max(axis=0, initial=0) <= _SURE).sum())
    return [
        f"Payoffs of {part.players[first]} above, of {part.players[second]} below, each in its own unit",
        "bold: best reply",
        "frame: pure Nash equilibrium" if pure else "no pure Nash equilibrium",
        f"{mixed} mixed equilibri{'um is' if mixed == 1 else 'a are'} not drawn" if mixed else "",
    ]


def _arrow(ax: Axes, start: tuple[int, ...], end: tuple[int, int], colour: str, *, solid: bool) -> None:
    """Draw an arrow between two cells, bent around those between them."""
    down, across = end[0] - start[0], end[1] - start[1]
    far = abs(down) + abs(across) > 1
    # Arrows of a player start and end at the edges of cells that face each other, or beside them.
    if solid:
        x = start[1] + (0.12 if down > 0 else -0.12)
        tail, head = (x, start[0] + 0.27 * np.sign(down)), (x, end[0] - 0.27 * np.sign(down))
        if far:
            tail, head = (start[1] + 0.3, start[0]), (start[1] + 0.3, end[0])
    else:
        y = start[0] + (0.1 if across > 0 else -0.1)
        tail, head = (start[1] + 0.3 * np.sign(across), y), (end[1] - 0.3 * np.sign(across), y)
        if far:
            tail, head = (start[1], start[0] - 0.27), (end[1], start[0] - 0.27)
    bend = (-0.28 if down + across > 0 else 0.28) if far else 0.0
    ax.annotate(
        "",
        xy=head,
        xytext=tail,
        arrowprops={
            "arrowstyle": "-|>",
            "color": colour,
            "linewidth": 1.8,
            "linestyle": "-" if solid else (0, (3, 1.4)),
            "connectionstyle": f"arc3,rad={bend}",
            "mutation_scale": 11,
            "shrinkA": 0,
            "shrinkB": 0,
        },
        annotation_clip=False,
        zorder=3,
    )
