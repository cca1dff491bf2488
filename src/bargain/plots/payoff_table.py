"""The payoff table of a game, with best replies and equilibria marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, UnsupportedGameError
from bargain.games.normal import NormalForm
from bargain.plots import style
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["payoff_table"]

_GAP = 0.3  # between panels, in columns
_STRIP = 0.07  # width of the outcome's colour, in columns
_SURE = 1 - 1e-9
_POSSIBLE = 1e-9


def payoff_table(
    game: NormalForm,
    *,
    draw: int = 0,
    equilibria: Solution | None = None,
    title: str = "Payoffs",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the payoff table of one game with up to three players who have a choice.

    The first of them chooses the row, the second the column, the third the panel. A payoff in bold is a best
    reply to the others' actions. A frame is an equilibrium; a dashed frame is an outcome that a mixed
    equilibrium leads to, with its probability. The strip at a cell's left has the outcome's colour in all
    pictures.

    Parameters
    ----------
    game : NormalForm
    draw : int, default 0
        Which game of the batch.
    equilibria : Solution, optional
        Equilibria of the same batch; by default the pure Nash equilibria.
    title : str, optional
    assumed : str, optional
        Added to the caption: setting, unit of payoffs, solver.
    ax : Axes, optional
        By default that of a new figure.

    Returns
    -------
    Axes

    Raises
    ------
    UnsupportedGameError
        If more than three players have a choice.
    InvalidArgumentError
        If the equilibria are those of a game with other players or actions.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.payoff_table import payoff_table
    >>> ax = payoff_table(bg.load_scenario("gsomia").game("2019-11 deadline"))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['renew', 'suspend', 'terminate']
    """
    movers = [player for player, size in enumerate(game.shape) if size > 1]
    if len(movers) > 3:
        raise UnsupportedGameError(
            f"payoff_table: a table has rows, columns and panels, but {len(movers)} players have a choice:"
            f" {', '.join(game.players[player] for player in movers)}; hold some by game.hold(...)"
        )
    if equilibria is None:
        equilibria, draw = PureNash().solve(game[draw]), 0
        game = equilibria.game
        name = "pure Nash equilibrium"
    else:
        name = "equilibrium"
        if equilibria.labels != game.labels:
            raise InvalidArgumentError(f"equilibria: those of {game!r} were expected, given {equilibria!r}")
    found = equilibria.of_draw(draw)
    grid = _Grid.of(game, movers)
    longest = max((len(name) for player in movers[1:2] for name in game.labels.actions[player]), default=0)
    column = max(0.5 * len(game.players), 0.075 * longest)
    width = min(style.DOUBLE_COLUMN, max(style.SINGLE_COLUMN, 0.9 + column * grid.width))
    head = 0.65 + 0.3 * (len(movers) > 2)
    height = 1.1 + 0.36 * (grid.rows + head)
    with style.canvas(ax, width=width, height=height) as ax:  # noqa: PLR1704 - the same or a new one
        looks = style.outcome_looks(game.labels)
        payoffs = game.payoffs[..., draw]
        best = _best_replies(payoffs)
        text = _texts(payoffs)
        for number, (place, outcome) in enumerate(
            zip(np.ndindex(game.shape), game.labels.outcomes, strict=True)
        ):
            cell = (slice(None), *place)
            _cell(ax, grid.corner(place), looks[outcome], text[cell], best[cell])
            _frame(ax, grid.corner(place), found.outcomes[number])
        _heads(ax, game, movers, grid)
        ax.set(title=title, xlim=(-0.02, grid.width + 0.02), ylim=(grid.rows + 0.05, -head))
        ax.spines[:].set_visible(False)
        marks = f"frame: {name}" if found.outcomes.size else f"no {name}"
        parts = ["Payoffs in each player's own unit; bold: best reply to the others", marks]
        if ((found.outcomes > _POSSIBLE) & (found.outcomes < _SURE)).any():
            parts.append("dashed: outcome of a mixed one, with its probability")
        style.caption(ax, "; ".join([*parts, *filter(None, [assumed])]) + ".")
    return ax


class _Grid(NamedTuple):
    """Where cells stand: rows and columns of each panel, panels side by side."""

    movers: list[int]
    rows: int
    columns: int
    panels: int

    @classmethod
    def of(cls, game: NormalForm, movers: list[int]) -> _Grid:
        sizes = [game.shape[player] for player in movers]
        return cls(movers, *[*sizes, 1, 1, 1][:3])

    @property
    def width(self) -> float:
        return self.panels * self.columns + (self.panels - 1) * _GAP

    def left(self, panel: int) -> float:
        return panel * (self.columns + _GAP)

    def corner(self, place: tuple[int, ...]) -> tuple[float, float]:
        """Return left and upper end of a cell."""
        row, column, panel = [*(place[player] for player in self.movers), 0, 0, 0][:3]
        return self.left(panel) + column, float(row)


def _best_replies(payoffs: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """Say which payoffs are best replies of the player that they belong to, bool[P, A...]."""
    return np.stack([own >= own.max(axis=player, keepdims=True) for player, own in enumerate(payoffs)])


def _texts(payoffs: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.object_]]:
    """Return payoffs in words, all with the same number of decimals where that can be read."""
    largest = np.abs(payoffs).max()
    form = "{:.0f}" if (payoffs == np.rint(payoffs)).all() and largest < 1e5 else "{:.2f}"
    if largest >= 1e5 or (form == "{:.2f}" and (largest >= 1e3 or largest < 0.1)):
        form = "{:.3g}"
    texts = np.empty(payoffs.shape, dtype=np.object_)
    for place, value in np.ndenumerate(payoffs):
        # Adding zero turns -0.00 into 0.00.
        texts[place] = form.format(round(float(value), 12) + 0.0).replace("-", "\N{MINUS SIGN}")
    return texts


def _cell(
    ax: Axes,
    corner: tuple[float, float],
    look: style.Look,
    texts: np.ndarray[tuple[int, ...], np.dtype[np.object_]],
    best: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - only pictures need matplotlib

    left, top = corner
    ax.add_patch(Rectangle(corner, _STRIP, 1, **style.paint(look, edge=False)))
    ax.add_patch(Rectangle(corner, 1, 1, facecolor="none", edgecolor=style.GRID, linewidth=0.8))
    for number, (text, bold) in enumerate(zip(texts, best, strict=True)):
        ax.text(
            _column(left, number, len(texts)),
            top + 0.5,
            text,
            ha="center",
            va="center",
            fontweight="bold" if bold else "normal",
            color=style.INK if bold else style.MUTED,
        )


def _column(left: float, number: int, players: int) -> float:
    return left + _STRIP + (number + 0.5) / players * (1 - _STRIP)


def _frame(ax: Axes, corner: tuple[float, float], probabilities: Floats) -> None:
    """Frame a cell that equilibria lead to, and write the probabilities of mixed ones."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - only pictures need matplotlib

    left, top = corner
    inset = 0.02
    shape: dict[str, Any] = {"facecolor": "none", "edgecolor": style.INK, "zorder": 3, "clip_on": False}
    place = (left + inset, top + inset), 1 - 2 * inset, 1 - 2 * inset
    if (probabilities >= _SURE).any():
        ax.add_patch(Rectangle(*place, linewidth=2.0, **shape))
    mixed = probabilities[(probabilities > _POSSIBLE) & (probabilities < _SURE)]
    if mixed.size:
        ax.add_patch(Rectangle(*place, linewidth=1.2, linestyle=(0, (3, 2)), **shape))
        ax.text(
            left + 0.95,
            top + 0.93,
            ", ".join(f"{probability:.2f}" for probability in mixed),
            ha="right",
            va="bottom",
            fontsize=style.SMALL - 1.5,
        )


def _heads(ax: Axes, game: NormalForm, movers: list[int], grid: _Grid) -> None:
    names = game.labels.actions
    rows, columns, panels = [*(names[player] for player in movers), ("",), ("",), ("",)][:3]
    ax.set_yticks([row + 0.5 for row in range(grid.rows)], rows)
    ax.set_xticks([])
    ax.tick_params(length=0)
    inches = style.width_of(ax) / grid.width
    for panel, panel_name in enumerate(panels):
        if panel_name:
            middle = grid.left(panel) + grid.columns / 2
            text = f"{game.players[movers[2]]}: {panel_name}"
            size = _fitting([text], inches * grid.columns, style.TEXT)
            ax.text(middle, -0.78, text, ha="center", va="center", fontweight="bold", fontsize=size)
        for column, column_name in enumerate(columns):
            left = grid.left(panel) + column
            size = _fitting(columns, inches, style.TEXT)
            ax.text(left + 0.5, -0.46, column_name, ha="center", va="center", fontsize=size)
            size = _fitting(game.players, inches / len(game.players), style.SMALL - 1)
            for number, player in enumerate(game.players):
                place = _column(left, number, len(game.players))
                ax.text(place, -0.15, player, ha="center", va="center", fontsize=size, color=style.MUTED)
    held = [f"{player} held to {actions[0]}" for player, actions in game.actions.items() if len(actions) == 1]
    across = [
        f"{'action of ' if where == 'columns' else ''}{game.players[player]} ({where})"
        for player, where in zip(movers[1:], ("columns", "panels"), strict=False)
    ]
    ax.set_xlabel(", ".join([*across, *held]))
    ax.set_ylabel(f"action of {game.players[movers[0]]}" if movers else "")


def _fitting(texts: Sequence[str], inches: float, size: float) -> float:
    """Return the font size, at most the one given, at which the longest text fits in a width."""
    return min(size, 72 * inches / (0.62 * max(map(len, texts), default=1)))
