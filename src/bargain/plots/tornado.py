"""Tornado of thresholds: how far each parameter alone can go before the outcome changes, and to what."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from bargain.errors import InvalidArgumentError
from bargain.games.labels import Labels
from bargain.plots import style

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["tornado"]

_BAR = 0.4
_ROW = 0.44  # inches
_ACROSS: Mapping[str, Any] = {"solid_capstyle": "butt", "zorder": 4}
_KEYS = ("parameters", "actions", "setting")


def tornado(
    thresholds: pd.DataFrame,
    *,
    title: str = "",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the range of every parameter that alone changes the outcome, the most sensitive first.

    A bar is a parameter's range, in units of its own width, around the present value at the thick mark. Its
    colours are the outcomes predicted along it; where they meet stands a threshold, with its value, the way
    to go in units of the range, and whose best reply changes. Parameters without a threshold are told in the
    caption.

    Parameters
    ----------
    thresholds : pandas.DataFrame
        As `bargain.thresholds` returns it.
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
        If the table does not come from `thresholds`.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.tornado import tornado
    >>> ax = tornado(bg.thresholds(bg.load_scenario("gsomia"), "2019-11 deadline"))
    >>> [label.get_text().partition("$")[0] for label in ax.get_yticklabels()]
    ['pressing cost ', 'us displeasure ']
    """
    attributes = thresholds.attrs
    if not all(key in attributes for key in _KEYS):
        raise InvalidArgumentError(
            f"tornado: a table made by thresholds() was expected, given columns {list(thresholds.columns)}"
        )
    bars = _bars(thresholds)
    looks = _looks(bars, Labels.of(attributes["actions"]))
    legend_rows = -(-len(looks) // max(1, style.legend_columns(map(_spaced, looks), 5.0)))
    height = 1.35 + _ROW * max(1, len(bars)) + 0.17 * legend_rows
    with style.canvas(ax, width=style.DOUBLE_COLUMN, height=height) as ax:  # noqa: PLR1704 - the same or a new one
        ends = [end for bar in bars for end in bar.ends] or [-0.5, 0.5]
        rows, room = max(1, len(bars)), max(0.14, 0.6 / style.width_of(ax))
        ax.set(
            title=title or f"What alone changes the outcome, {attributes['setting']}",
            xlabel="distance from now [widths of the range]",
            ylabel="parameter",
            xlim=(min(ends) - room, max(ends) + room),
            ylim=(rows - 0.5, -0.55),
            yticks=range(len(bars)),
        )
        ax.axvline(0, color=style.MUTED, linewidth=1.0)
        for row, bar in enumerate(bars):
            _draw(ax, row, bar, looks)
        if not bars:
            ax.text(0.03, 0, "no parameter changes it within its range", va="center", color=style.MUTED)
        style.name_rows(ax, (bar.label(ax) for bar in bars))
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.grid(axis="x", color=style.GRID, linewidth=0.6)
        letters = max(24, int(14 * style.width_of(ax)))
        entries = {textwrap.fill(_spaced(name), letters): look for name, look in looks.items()}
        legend = style.legend_below(ax, entries) if bars else None
        style.caption(ax, _caption(attributes, bars, assumed), below=legend)
    return ax


class _Flip(NamedTuple):
    """A threshold: where it is, and what is predicted below and above it."""

    value: float
    margin: float
    player: str
    below: str
    above: str
    exact: bool


@dataclass(frozen=True)
class _Bar:
    """A parameter with its thresholds, ascending."""

    name: str
    symbol: str
    units: str
    now: float
    low: float
    high: float
    ends: tuple[float, float]
    flips: tuple[_Flip, ...]

    def label(self, ax: Axes) -> str:
        """Return name, symbol, unit and present value, in more lines where there is little room."""
        whole = style.quantity(self.name, self.symbol, self.units)
        name = self.name.replace("_", " ")
        if len(whole) > 6.5 * style.width_of(ax):
            whole = "\n".join(filter(None, [name, whole.removeprefix(name).strip()]))
        return f"{whole}\nnow {self.now:.4g}"

    @property
    def segments(self) -> list[tuple[float, float, str]]:
        """Start, end and prediction of every piece, in widths of the range from the present value."""
        places = [self.ends[0], *(flip.margin for flip in self.flips), self.ends[1]]
        said = [self.flips[0].below, *(flip.above for flip in self.flips)]
        return list(zip(places[:-1], places[1:], said, strict=True))


def _bars(thresholds: pd.DataFrame) -> list[_Bar]:
    """Return the parameters that have thresholds, the one with the nearest first."""
    parameters: Mapping[str, Mapping[str, Any]] = thresholds.attrs["parameters"]
    bars = []
    for name, rows in thresholds.groupby("parameter", sort=False):
        told = parameters[str(name)]
        now, low, high = told["mode"], told["low"], told["high"]
        flips = sorted(_flip(row) for row in rows.to_dict("records"))
        ends = ((low - now) / (high - low), (high - now) / (high - low))
        bars.append(_Bar(str(name), told["symbol"], told["units"], now, low, high, ends, tuple(flips)))
    return sorted(bars, key=lambda bar: min(abs(flip.margin) for flip in bar.flips))


def _flip(row: Mapping[Any, Any]) -> _Flip:
    # The table tells both sides as seen from the present value.
    near, far = row["before"], row["after"]
    below, above = (far, near) if row["value"] < row["now"] else (near, far)
    return _Flip(row["value"], row["margin"], row["player"], below, above, row["exact"])


def _looks(bars: Sequence[_Bar], labels: Labels) -> dict[str, style.Look]:
    """Return the looks of all that is predicted somewhere, outcomes first."""
    said = list(dict.fromkeys(name for bar in bars for _, _, name in bar.segments))
    outcomes = {"/".join(outcome): look for outcome, look in style.outcome_looks(labels).items()}
    looks = {name: look for name, look in outcomes.items() if name in said}
    others = (name for name in said if name not in outcomes)
    return looks | {name: style.REMAINDER[_remainder(name)] for name in others}


def _remainder(said: str) -> str:
    if said in style.REMAINDER:
        return said
    return "(multiple)" if "; " in said else "(mixed)"


def _spaced(said: str) -> str:
    """Write a prediction as in the other pictures."""
    return said.replace("/", " / ").replace("; ", "  or  ")


def _draw(ax: Axes, row: int, bar: _Bar, looks: Mapping[str, style.Look]) -> None:
    for start, end, said in bar.segments:
        ax.barh(row, end - start, left=start, height=_BAR, **style.paint(looks[said], edge=False))
    ax.barh(
        row,
        bar.ends[1] - bar.ends[0],
        left=bar.ends[0],
        height=_BAR,
        facecolor="none",
        edgecolor=style.INK,
        linewidth=0.5,
    )
    ax.plot([0, 0], [row - _BAR / 2, row + _BAR / 2], color="white", linewidth=4.5, **_ACROSS)
    ax.plot([0, 0], [row - _BAR / 2, row + _BAR / 2], color=style.INK, linewidth=2.5, **_ACROSS)
    for end, value, side in zip(bar.ends, (bar.low, bar.high), ("right", "left"), strict=True):
        ax.annotate(
            f"{value:.4g}",
            xy=(end, row),
            xytext=(-3 if side == "right" else 3, 0),
            textcoords="offset points",
            ha=side,
            va="center",
            fontsize=style.SMALL,
            color=style.MUTED,
        )
    left, right = ax.get_xlim()
    width = 72 * style.width_of(ax) / (right - left)  # points per width of the range
    taken: list[tuple[float, float, float, float]] = []
    for flip in bar.flips:
        ax.plot(
            [flip.margin, flip.margin],
            [row - _BAR / 2, row + _BAR / 2],
            color=style.INK,
            linewidth=1.2,
            **_ACROSS,
        )
        text = f"{'' if flip.exact else '~'}{flip.value:.4g} ({flip.margin:+.2f}, {flip.player})"
        half = 0.28 * style.SMALL * len(text)
        centre = min(max(flip.margin, left + half / width), right - half / width)
        # Above the bar, or below it where a neighbour is in the way.
        boxes = [(centre * width - half, side, centre * width + half, side + 0.5) for side in (0, 1)]
        below = style.first_free(boxes, taken) == 1
        taken.append(boxes[int(below)])
        ax.annotate(
            text,
            xy=(centre, row + (_BAR / 2 if below else -_BAR / 2)),
            xytext=(0, -2 if below else 2),
            textcoords="offset points",
            ha="center",
            va="top" if below else "bottom",
            fontsize=style.SMALL,
            bbox={"boxstyle": "square,pad=0.05", "facecolor": "white", "edgecolor": "none"},
            zorder=3,
        )


def _caption(attributes: Mapping[Any, Any], bars: Sequence[_Bar], assumed: str) -> str:
    shown = len(bars)
    still = len(attributes["parameters"]) - shown
    parts = [
        f"All other parameters at their modes in {attributes['setting']}",
        str(attributes.get("solver", "")),
        f"held: {attributes['held']}" if attributes.get("held") else "",
        "thick mark: present value; at a threshold: its value (distance, whose best reply changes)"
        if bars
        else "",
        "~: by bisection" if any(not flip.exact for bar in bars for flip in bar.flips) else "",
        _unmoved(still, shown),
        assumed,
    ]
    return "; ".join(filter(None, parts)) + "."


def _unmoved(still: int, shown: int) -> str:
    if not still:
        return ""
    other = "other " if shown else ""
    if still == 1:
        return f"one {other}uncertain parameter changes nothing within its range"
    return f"{still} {other}uncertain parameters change nothing within their ranges"
