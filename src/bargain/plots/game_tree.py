"""A game tree: moves, information sets, chance and payoffs, with the equilibrium path."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, UnsupportedGameError
from bargain.games.behaviour import reach
from bargain.games.extensive import Behaviour, ExtensiveForm
from bargain.games.tree import GameTree
from bargain.plots import style
from bargain.solvers.backward_induction import BackwardInduction
from bargain.solvers.behaviour_solution import BehaviourSolution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["game_tree"]

_COLOURS = ("#014478", "#e45f33", "#01724b", "#853f7e", "#36add3", "#8a6d00")
_SHAPES = ("o", "s", "D", "^", "v", "P")
_MOST = 64
_PLAYED = 1e-9


def game_tree(
    game: ExtensiveForm,
    *,
    solution: BehaviourSolution | Mapping[str, Behaviour] | None = None,
    equilibrium: int = 0,
    draw: int = 0,
    title: str = "Game tree",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw a game in extensive form from left to right.

    Thick lines are the path of play in an equilibrium, from the start and from every node that chance leads
    to; lines of middle weight are what players would do elsewhere. Nodes that look alike to who moves there
    are joined by a dotted line.

    Parameters
    ----------
    game : ExtensiveForm
    solution : BehaviourSolution or mapping of information set to behaviour, optional
        Equilibria of the same batch, or one profile as `bargain.ExtensiveForm.behaviour` takes it. Without
        it those of backward induction are drawn, if everybody sees all that happens, and otherwise none.
    equilibrium : int, default 0
        Which equilibrium of the draw.
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
        If the tree has more than 64 ends.
    InvalidArgumentError
        If the solution is that of another tree, or has no such equilibrium in this draw.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.game_tree import game_tree
    >>> game = bg.ExtensiveForm(
    ...     ("entrant", "incumbent"),
    ...     bg.Decision("entrant", "market", {
    ...         "stay out": bg.Outcome([0, 2]),
    ...         "enter": bg.Decision(
    ...             "incumbent", "entered", {"fight": bg.Outcome([-1, -1]), "share": bg.Outcome([1, 1])}
    ...         ),
    ...     }),
    ... )
    >>> ax = game_tree(game)
    >>> ax.get_xlabel()
    'moves from the start'
    """
    tree, one = game.tree, game[draw]
    if len(tree.ends) > _MOST:
        raise UnsupportedGameError(
            f"game_tree: at most {_MOST} ends can be drawn, this tree has {len(tree.ends)}"
        )
    if solution is None and game.perfect_information:
        solution, draw = BackwardInduction().solve(one), 0
    behaviour = None if solution is None else _behaviour(game, solution, draw, equilibrium)
    depths = _depths(tree)
    heights = _heights(tree)
    ends = int((tree.kind == -2).sum())
    last = max(depths)
    wide, high = style.DOUBLE_COLUMN, max(2.6, 1.35 + 0.3 * ends)
    with style.canvas(ax, width=wide, height=high) as ax:  # noqa: PLR1704 - the same or a new one
        letters = 20 * style.width_of(ax) / (last + 1.1)  # that fit along an edge
        coming = None if behaviour is None else reach(tree, one.chance, behaviour)[:, 0]
        for node, children in enumerate(tree.children):
            for move, child in enumerate(children):
                at = int(tree.kind[node])
                chance = at == -1
                if chance:
                    share = float(one.chance[tree.place[node] + move, 0])
                    name = tree.events[tree.place[node] + move]
                else:
                    share = float("nan") if behaviour is None else float(behaviour[at][move, 0])
                    name = tree.information_sets[at].actions[move]
                weight = 0 if behaviour is None or not share > _PLAYED else 1
                if weight and coming is not None and coming[node] > _PLAYED:
                    weight = 2
                shown = share if chance or (_PLAYED < share < 1 - _PLAYED) else None
                _edge(
                    ax,
                    (depths[node], heights[node]),
                    (depths[child], heights[child]),
                    name,
                    shown,
                    weight,
                    letters,
                )
        _sets(ax, tree, depths, heights)
        for node, at in enumerate(tree.kind):
            if at == -2:
                _payoffs(
                    ax,
                    one.payoffs[:, tree.place[node], 0],
                    (depths[node], heights[node]),
                    tree.ends[tree.place[node]],
                    tree.histories[node],
                )
            else:
                _node(ax, tree, int(at), (depths[node], heights[node]))
        _legend(ax, tree, title)
        ax.set(
            xlim=(-0.12, last + 0.95),
            ylim=(ends - 0.4, -0.6),
            yticks=[],
            xlabel="moves from the start",
            ylabel="ends of the game",
        )
        ax.set_xticks(range(last + 1))
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)
        style.caption(ax, _caption(game, solution, behaviour, assumed))
    return ax


def _behaviour(
    game: ExtensiveForm, solution: BehaviourSolution | Mapping[str, Behaviour], draw: int, number: int
) -> list[Floats]:
    """Return the behaviour of one equilibrium, float[action, 1] per information set."""
    if isinstance(solution, Mapping):
        return [own[:, [draw]] for own in game.behaviour(solution)]
    if solution.game.information_sets != game.information_sets or solution.game.outcomes != game.outcomes:
        raise InvalidArgumentError(f"solution: one of this game was expected, given {solution!r}")
    found = np.flatnonzero(solution.draw == draw % game.draws)
    if not -found.size <= number < found.size:
        raise InvalidArgumentError(
            f"equilibrium: one of {found.size} equilibria of draw {draw} was expected, given {number}"
        )
    return [own[:, [found[number]]] for own in solution.behaviour]


def _depths(tree: GameTree) -> list[int]:
    depths = [0] * tree.size
    for node, children in enumerate(tree.children):
        for child in children:
            depths[child] = depths[node] + 1
    return depths


def _heights(tree: GameTree) -> list[float]:
    """Put ends in even rows in the order of the tree, every other node at the middle of what follows."""
    heights = [0.0] * tree.size
    rows = iter(range(tree.size))
    for node, children in enumerate(tree.children):
        if not children:
            heights[node] = float(next(rows))
    for node in reversed(range(tree.size)):
        if tree.children[node]:
            following = [heights[child] for child in tree.children[node]]
            heights[node] = (min(following) + max(following)) / 2
    return heights


def _edge(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    name: str,
    share: float | None,
    weight: int,
    letters: float,
) -> None:
    """Draw a move: up or down first, then straight to the right, where its name stands."""
    bend = start[0] + 0.22
    ax.plot(
        [start[0], bend, end[0]],
        [start[1], end[1], end[1]],
        color=(style.MUTED, style.INK, style.INK)[weight],
        linewidth=(0.7, 1.4, 3.2)[weight],
        solid_joinstyle="round",
        solid_capstyle="round",
        zorder=2 + weight,
    )
    said = name if share is None else f"{name} ({share:.2g})"
    room = max(6, int(letters * 0.78))
    short = textwrap.shorten(said, room, placeholder=" …") if " " in said else said[:room]
    ax.text(
        bend + 0.03,
        end[1] - 0.06,
        short,
        ha="left",
        va="bottom",
        fontsize=style.SMALL,
        fontweight="bold" if weight == 2 else "normal",
        zorder=6,
    )


def _sets(ax: Axes, tree: GameTree, depths: Sequence[int], heights: Sequence[float]) -> None:
    """Join the nodes of each information set."""
    for one in tree.information_sets:
        places = sorted((heights[node], depths[node]) for node in one.nodes)
        for (y, x), (other_y, other_x) in itertools.pairwise(places):
            ax.annotate(
                "",
                xy=(other_x, other_y),
                xytext=(x, y),
                annotation_clip=False,
                zorder=1,
                arrowprops={
                    "arrowstyle": "-",
                    "linestyle": (0, (1, 1.5)),
                    "linewidth": 1.8,
                    "color": _COLOURS[tree.players.index(one.player) % 6],
                    "connectionstyle": "arc3,rad=-0.12" if x == other_x else "arc3,rad=0",
                    "shrinkA": 4,
                    "shrinkB": 4,
                },
            )


def _node(ax: Axes, tree: GameTree, at: int, place: tuple[float, float]) -> None:
    look: dict[str, Any] = {"linestyle": "none", "markeredgecolor": style.INK, "zorder": 5, "clip_on": False}
    if at == -1:
        ax.plot(*place, marker="o", markersize=7, markerfacecolor="white", markeredgewidth=1.1, **look)
    else:
        number = tree.players.index(tree.information_sets[at].player)
        ax.plot(
            *place,
            marker=_SHAPES[number % 6],
            markersize=7.5,
            markerfacecolor=_COLOURS[number % 6],
            markeredgewidth=0.6,
            **look,
        )


def _payoffs(ax: Axes, worth: Floats, place: tuple[float, float], name: str, history: str) -> None:
    text = ", ".join(f"{value:.3g}".replace("-", "\N{MINUS SIGN}") for value in worth + 0.0)
    ax.plot(*place, marker="|", markersize=6, color=style.INK, zorder=4)
    said = f"({text})" if name == history else f"({text})  {textwrap.shorten(name, 26, placeholder=' …')}"
    ax.text(place[0] + 0.09, place[1], said, ha="left", va="center", fontsize=style.SMALL, zorder=6)


def _legend(ax: Axes, tree: GameTree, title: str) -> None:
    moving = {one.player for one in tree.information_sets}
    for number, player in enumerate(tree.players):
        if player in moving:
            ax.plot(
                [],
                [],
                marker=_SHAPES[number % 6],
                markersize=6.5,
                markerfacecolor=_COLOURS[number % 6],
                markeredgecolor=style.INK,
                markeredgewidth=0.6,
                linestyle="none",
                label=f"{player} moves",
            )
    if (tree.kind == -1).any():
        ax.plot(
            [],
            [],
            marker="o",
            markersize=6.5,
            markerfacecolor="white",
            markeredgecolor=style.INK,
            linestyle="none",
            label="chance",
        )
    style.legend_above(ax, title)


def _caption(
    game: ExtensiveForm,
    solution: BehaviourSolution | Mapping[str, Behaviour] | None,
    behaviour: Sequence[Floats] | None,
    assumed: str,
) -> str:
    parts = [f"Payoffs of ({', '.join(game.players)}), each in its own unit"]
    if solution is not None and behaviour is not None:
        by = f" by {solution.solver}" if isinstance(solution, BehaviourSolution) else ""
        parts.append(f"thick: path of play{by}; middle: what would be done off it")
        parts.append("in brackets: probabilities of chance and of mixed actions")
    else:
        parts.append("in brackets: probabilities of chance; no equilibrium is drawn")
    if not game.perfect_information:
        parts.append("dotted: nodes that look alike to who moves there")
    return "; ".join(filter(None, [*parts, assumed])) + "."
