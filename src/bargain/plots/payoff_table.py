"""The payoff table of a game, with best replies and equilibria marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from bargain.axes import Bools, Floats
from bargain.errors import InvalidArgumentError, UnsupportedGameError
from bargain.games.normal import NormalForm
from bargain.plots import style
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["payoff_table"]

_Texts = npt.NDArray[np.object_]

_GAP = 0.3  # between panels, in columns and rows
_STRIP = 0.07  # width of the outcome's colour, in columns
_LETTER = 0.65  # width of a letter, in font sizes
_SMALLEST = 5.0  # points
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
    payoffs = game.payoffs[..., draw]
    texts, best = _texts(payoffs), _best_replies(payoffs)
    grid = _Grid.of(game, movers, texts, style.DOUBLE_COLUMN - 0.25 if ax is None else style.width_of(ax))
    with style.canvas(ax, width=grid.inches + 0.25, height=1.0 + 0.36 * grid.height) as ax:  # noqa: PLR1704 - the same or a new one
        looks = style.outcome_looks(game.labels)
        inches = (style.width_of(ax) - grid.label) / grid.width / len(game.players)
        size = _fitting(texts.ravel().tolist(), inches, style.TEXT)
        for number, (place, outcome) in enumerate(
            zip(np.ndindex(game.shape), game.labels.outcomes, strict=True)
        ):
            cell = (slice(None), *place)
            _cell(ax, grid.corner(place), looks[outcome], texts[cell], best[cell], size)
            _frame(ax, grid.corner(place), found.outcomes[number])
        _heads(ax, game, grid)
        ax.set(title=title, xlim=(-0.02, grid.width + 0.02), ylim=(grid.height + 0.05, 0))
        ax.spines[:].set_visible(False)
        marks = f"frame: {name}" if found.outcomes.size else f"no {name}"
        parts = ["Payoffs in each player's own unit; bold: best reply to the others", marks]
        if ((found.outcomes > _POSSIBLE) & (found.outcomes < _SURE)).any():
            parts.append("dashed: outcome of a mixed one, with its probability")
        style.caption(ax, "; ".join([*parts, *filter(None, [assumed])]) + ".")
    return ax


@dataclass(frozen=True)
class _Grid:
    """Where cells stand: rows and columns of each panel, as many panels side by side as fit.

    ``label`` and ``column`` are the widths, in inches, of the names of rows and of a column; the other
    measures are in rows and columns.
    """

    movers: list[int]
    rows: int
    columns: int
    panels: int
    across: int
    head: float
    label: float
    column: float

    @classmethod
    def of(cls, game: NormalForm, movers: list[int], texts: _Texts, inches: float) -> _Grid:
        """Choose how many panels stand side by side in a width."""
        names = [game.labels.actions[player] for player in movers]
        rows, columns, panels = [*map(len, names), 1, 1, 1][:3]
        label = 0.45 + 0.07 * _longest(names[0] if movers else [])
        payoff = max(0.1 + 0.062 * _longest(texts.ravel().tolist()), 0.08 + 0.055 * _longest(game.players))
        column = max(len(game.players) * payoff, 0.1 + 0.072 * _longest(names[1] if len(movers) > 1 else []))
        fitting = int(((inches - label) / column + _GAP) / (columns + _GAP))
        across = max(1, min(panels, fitting))
        return cls(movers, rows, columns, panels, across, 0.95 if panels > 1 else 0.65, label, column)

    @property
    def width(self) -> float:
        """Width of all panels side by side, in columns."""
        return self.across * self.columns + (self.across - 1) * _GAP

    @property
    def height(self) -> float:
        """Height of all panels one above the other, in rows."""
        lines = -(-self.panels // self.across)
        return lines * (self.rows + self.head) + (lines - 1) * _GAP

    @property
    def inches(self) -> float:
        """Width of names and panels, within what a figure may have."""
        wanted = self.label + self.column * self.width
        return min(style.DOUBLE_COLUMN - 0.25, max(style.SINGLE_COLUMN - 0.25, wanted))

    def panel(self, number: int) -> tuple[float, float]:
        """Return left end and upper row of a panel."""
        line, place = divmod(number, self.across)
        return place * (self.columns + _GAP), line * (self.rows + self.head + _GAP) + self.head

    def corner(self, place: tuple[int, ...]) -> tuple[float, float]:
        """Return left and upper end of a cell."""
        row, column, panel = [*(place[player] for player in self.movers), 0, 0, 0][:3]
        left, top = self.panel(panel)
        return left + column, top + row


def _best_replies(payoffs: Floats) -> Bools:
    """Say which payoffs are best replies of the player that they belong to, bool[P, A...]."""
    return np.stack([own >= own.max(axis=player, keepdims=True) for player, own in enumerate(payoffs)])


def _texts(payoffs: Floats) -> _Texts:
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
    texts: _Texts,
    best: Bools,
    size: float,
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
            fontsize=size,
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


def _heads(ax: Axes, game: NormalForm, grid: _Grid) -> None:
    names = [game.labels.actions[player] for player in grid.movers]
    rows, columns, panels = [*names, ("",), ("",), ("",)][:3]
    tops = [grid.panel(line)[1] for line in range(0, grid.panels, grid.across)]
    ax.set_yticks([top + row + 0.5 for top in tops for row in range(grid.rows)], [*rows] * len(tops))
    ax.set_xticks([])
    ax.tick_params(length=0)
    inches = (style.width_of(ax) - grid.label) / grid.width
    sizes = {
        "panel": _fitting(panels, inches * grid.columns - 0.3, style.TEXT),
        "column": _fitting(columns, inches, style.TEXT),
        "player": _fitting(game.players, inches / len(game.players), style.SMALL - 1),
    }
    centred: dict[str, Any] = {"ha": "center", "va": "center"}
    for number, panel in enumerate(panels):
        left, top = grid.panel(number)
        if panel:
            text = f"{game.players[grid.movers[2]]}: {panel}"
            ax.text(left + grid.columns / 2, top - 0.78, text, weight="bold", size=sizes["panel"], **centred)
        for place, column in enumerate(columns):
            if column:
                ax.text(left + place + 0.5, top - 0.46, column, size=sizes["column"], **centred)
            for index, player in enumerate(game.players):
                middle = _column(left + place, index, len(game.players))
                name = _cut(player, inches / len(game.players), sizes["player"])
                ax.text(middle, top - 0.15, name, size=sizes["player"], color=style.MUTED, **centred)
    held = [f"{player} held to {actions[0]}" for player, actions in game.actions.items() if len(actions) == 1]
    across = [
        f"{'action of ' if where == 'columns' else ''}{game.players[player]} ({where})"
        for player, where in zip(grid.movers[1:], ("columns", "panels"), strict=False)
    ]
    ax.set_xlabel(", ".join([*across, *held]))
    ax.set_ylabel(f"action of {game.players[grid.movers[0]]}" if grid.movers else "")


def _fitting(texts: Sequence[str], inches: float, size: float) -> float:
    """Return the font size, at most the one given, at which the longest text fits in a width."""
    return max(_SMALLEST, min(size, 72 * inches / (_LETTER * max(1, _longest(texts)))))


def _cut(text: str, inches: float, size: float) -> str:
    """Return as much of a text as fits in a width."""
    room = max(1, int(72 * inches / (_LETTER * size)))
    return text if len(text) <= room else text[: room - 1] + "…"


def _longest(texts: Sequence[str]) -> int:
    return max(map(len, texts), default=0)
