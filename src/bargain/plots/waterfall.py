"""Waterfall: the payoff terms that add up to a player's gain from what it does."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.plots import style
from bargain.sensitivity.decomposition import Decomposition, Objections

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["waterfall"]

_ROW = 0.29  # inches
_BAR = 0.62
_LETTERS = 46  # of a line beside a bar, at most
_FOR, _AGAINST, _SUM = style.Look("#014478"), style.Look("#fa8e6a"), style.Look("#d9d9d9", "----")


def waterfall(
    why: Decomposition | Objections,
    *,
    player: str | None = None,
    equilibrium: int = 1,
    title: str = "",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the terms behind the gain of each player's action over its best alternative, one after the other.

    Every bar starts where the one above it ended; the last one of a player is their sum, the gain. Beside a
    bar stand the term with its reason, and the evidence that it rests on. Of objections, the gain is that
    from leaving the wanted outcome: who has a positive one objects.

    Parameters
    ----------
    why : Decomposition or Objections
        As `bargain.explain`, `bargain.decompose` or `bargain.objections` return it.
    player : str, optional
        One player; by default all that have a choice.
    equilibrium : int, default 1
        Of a decomposition with several, which.
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
        If there is no such equilibrium.
    UnknownNameError
        If there is no such player, or it has no choice.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.waterfall import waterfall
    >>> why = bg.decompose(bg.load_scenario("gsomia"), "2019-11 deadline")
    >>> ax = waterfall(why, player="USA")
    >>> [text.get_text() for text in ax.texts if text.get_text()[0] in "+-"]
    ['+1.5', '-0.8', '+0.7']
    """
    rows = _rows(why, player, equilibrium)
    with style.canvas(ax, width=style.DOUBLE_COLUMN, height=1.35 + _ROW * max(1, len(rows))) as ax:  # noqa: PLR1704 - the same or a new one
        letters = max(16, min(_LETTERS, int(8 * style.width_of(ax))))  # in small type
        for place, row in enumerate(rows):
            _draw(ax, place, row)
        ends = np.array([end for row in rows for end in row.ends] or [0.0, 1.0])
        low, high = min(0.0, ends.min()), max(0.0, ends.max())
        room = max(0.14, 0.9 / style.width_of(ax)) * (high - low) or 1.0  # for the numbers
        leaving = isinstance(why, Objections)
        what = f"from leaving {why.wanted}" if isinstance(why, Objections) else "over the best alternative"
        ax.set(
            title=title or (f"Who objects, {why.title}" if leaving else f"Why they do it, {why.title}"),
            xlabel=f"gain {what} [own payoff units]",
            ylabel="payoff term",
            xlim=(low - (room if low < 0 else 0), high + room),
            ylim=(max(len(rows), 1) - 0.4, -0.6),
            yticks=range(len(rows)),
            yticklabels=[_wrapped(row, letters) for row in rows],
        )
        for label, row in zip(ax.get_yticklabels(), rows, strict=True):
            label.set(fontsize=style.SMALL, fontweight="bold" if row.kind == "head" else "normal")
        if not rows:
            found = isinstance(why, Objections) or why.profiles
            words = "nobody has a choice" if found else "no equilibrium"
            ax.text(0.02, 0, words, va="center", color=style.MUTED)
        ax.axvline(0, color=style.INK, linewidth=0.7)
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.grid(axis="x", color=style.GRID, linewidth=0.6)
        style.caption(ax, _caption(why, rows, equilibrium, assumed))
    return ax


class _Row(NamedTuple):
    """A line of the picture: a player's heading, a term, or the sum."""

    kind: str
    label: str
    start: float = 0.0
    size: float = 0.0
    spread: tuple[float, float] | None = None
    sources: str = ""

    @property
    def ends(self) -> list[float]:
        """Where bar and whiskers end."""
        return [self.start, self.start + self.size, *(self.start + end for end in self.spread or ())]


def _rows(why: Decomposition | Objections, player: str | None, equilibrium: int) -> list[_Row]:
    gains, terms = why.gains, why.terms
    if isinstance(why, Decomposition):
        count = len(why.profiles)
        if count and not 1 <= equilibrium <= count:
            raise InvalidArgumentError(
                f"equilibrium: one of 1 to {count} was expected, given {equilibrium!r}"
            )
        gains, terms = (table[table["equilibrium"] == equilibrium] for table in (gains, terms))
    best = gains[gains["best"].astype(bool)]  # a table without rows does not know its types
    players = best["player"].tolist()
    if player is not None and player not in players and len(best):
        raise UnknownNameError.of("player", player, players, where="waterfall")
    return [
        row
        for gain in best.to_dict("records")
        if player in {None, gain["player"]}
        for row in _of_player(gain, terms, spread=bool(why.draws), leaving=isinstance(why, Objections))
    ]


def _of_player(gain: Mapping[Any, Any], terms: pd.DataFrame, *, spread: bool, leaving: bool) -> list[_Row]:
    mine = terms[(terms["player"] == gain["player"]) & (terms["alternative"] == gain["alternative"])]

    def interval(row: Mapping[Any, Any]) -> tuple[float, float] | None:
        return (row["low"], row["high"]) if spread else None

    pair = (gain["alternative"], gain["action"]) if leaving else (gain["action"], gain["alternative"])
    answer = f"\n(which {gain['answer']} would answer)" if gain.get("answer") else ""
    rows = [_Row("head", f"{gain['player']}: {' rather than '.join(pair)}{answer}")]
    reached = 0.0
    for term in mine.to_dict("records"):
        size = float(term["contribution"])
        rows.append(_Row("term", _label(term), reached, size, interval(term), " ".join(term["sources"])))
        reached += size
    return [*rows, _Row("sum", "gain", 0.0, float(gain["gain"]), interval(gain))]


def _label(term: Mapping[Any, Any]) -> str:
    told = term["why"] or (term["formula"] if term["formula"] != term["term"] else "")
    return f"{term['term']}: {told}" if told else str(term["term"])


def _wrapped(row: _Row, letters: int) -> str:
    lines = [textwrap.fill(line, letters, max_lines=2, placeholder=" …") for line in row.label.split("\n")]
    return "\n".join(lines)


def _draw(ax: Axes, place: int, row: _Row) -> None:
    if row.kind == "head":
        return
    look = _SUM if row.kind == "sum" else _FOR if row.size >= 0 else _AGAINST
    ax.barh(place, row.size, left=row.start, height=_BAR, **style.paint(look))
    if row.kind == "term":
        end = row.start + row.size
        ax.plot([end, end], [place + _BAR / 2, place + 1 - _BAR / 2], color=style.MUTED, linewidth=0.6)
    if row.spread:
        low, high = row.spread
        ax.plot([row.start + low, row.start + high], [place, place], color="white", linewidth=2.6, zorder=3)
        ax.errorbar(
            row.start + (low + high) / 2,
            place,
            xerr=(high - low) / 2,
            fmt="none",
            ecolor=style.INK,
            elinewidth=1.0,
            capsize=2.0,
            zorder=4,
        )
    ax.annotate(
        f"{_number(row.size)}",
        xy=(max(row.ends), place),
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        fontsize=style.SMALL,
        fontweight="bold" if row.kind == "sum" else "normal",
    )
    if row.sources:
        ax.annotate(
            row.sources,
            xy=(1.01, place),
            xycoords=ax.get_yaxis_transform(),
            va="center",
            fontsize=style.SMALL - 1,
            color=style.MUTED,
            annotation_clip=False,
        )


def _number(value: float) -> str:
    rounded = float(f"{value:.3g}")
    return f"{rounded:+g}" if abs(value) < 1000 else f"{value:+.0f}"


def _caption(why: Decomposition | Objections, rows: list[_Row], equilibrium: int, assumed: str) -> str:
    if isinstance(why, Objections):
        parts = [f"Wanted: {why.wanted}; who has a positive gain from leaving objects"]
    elif why.profiles:
        several = f" {equilibrium} of {len(why.profiles)}" if len(why.profiles) > 1 else ""
        parts = [f"Equilibrium{several}: {why.profiles[equilibrium - 1]}"]
    else:
        parts = [why.status.sentence.rstrip(".")]
    if rows:
        parts.append("dark bars speak for it, light ones against it, the hatched one is their sum")
    if any(row.sources for row in rows):
        parts.append("right: evidence")
    if why.draws:
        parts.append(f"bars at the modal values, whiskers from 5 to 95 % of {why.draws:,} draws")
    else:
        parts.append("at the modal values")
    return "; ".join(filter(None, [*parts, assumed])) + "."
