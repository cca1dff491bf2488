"""Outcome shares across dated settings, with what happened marked."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.labels import Outcome
from bargain.plots import style
from bargain.plots.shares import Share, draws_and_seed, shares_by_row

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["outcome_shares"]

_MARKS = "●◆■▲▼"
_BAR = 0.62
_OTHER = ("other outcomes",)


def outcome_shares(
    shares: Mapping[str, pd.DataFrame],
    *,
    history: Mapping[str, Sequence[Outcome]] | None = None,
    pool: float = 0.02,
    title: str = "How often each outcome is predicted",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the shares of outcomes, one stacked bar per dated setting.

    What happened stands at the left of its bar, so that its share can be read from the axis; its 95 %
    interval is drawn at its right end and written beside the bar. The other outcomes follow in the order of
    the actions. Draws without a single answer are grey and hatched.

    Parameters
    ----------
    shares : mapping of setting to pandas.DataFrame
        As `bargain.Sweep.shares` returns them, in the order to draw from top to bottom.
    history : mapping of setting to sequence of outcome, optional
        What happened, by every coding of it, the usual one first. Settings may be left out.
    pool : float, default 0.02
        Outcomes that nowhere have a larger share, and never happened, are drawn as "other outcomes".
    title : str, optional
    assumed : str, optional
        Added to the caption: solver, and whatever was held.
    ax : Axes, optional
        By default that of a new figure.

    Returns
    -------
    Axes

    Raises
    ------
    InvalidArgumentError
        If there are no shares.
    UnknownNameError
        If `history` names a setting that has no shares, or an outcome that the game does not have.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.outcome_shares import outcome_shares
    >>> scenario = bg.load_scenario("gsomia")
    >>> shares = {name: bg.run(scenario.task(name, draws=1000)).shares() for name in scenario.settings[:2]}
    >>> history = {name: [coding.outcome for coding in scenario.setting(name).codings] for name in shares}
    >>> ax = outcome_shares(shares, history=history)
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['2018-08 routine', '2019-08 notice']
    """
    tables = {setting: shares_by_row(frame) for setting, frame in shares.items()}
    codings = {setting: list(dict.fromkeys(map(tuple, given))) for setting, given in (history or {}).items()}
    looks = _looks(tables, codings, [str(name) for frame in shares.values() for name in frame.index.names])
    large = {row for table in tables.values() for row, share in table.items() if share.share > pool}
    kept = large.union(*codings.values(), {row for row in looks if row[0] in style.REMAINDER})
    segments = {
        setting: _segments(table, looks, kept, codings.get(setting, [])) for setting, table in tables.items()
    }
    shown = {row: look for row, look in looks.items() if any(row in parts for parts in segments.values())}
    lines = sum(max(2 * len(codings.get(setting, [])), 2) for setting in tables)
    height = (
        1.4
        + 0.13 * lines
        + 0.2 * len(tables)
        + 0.17 * math.ceil(len(shown) / style.legend_columns(map(style.written, shown), 5.0))
    )
    with style.canvas(ax, width=style.DOUBLE_COLUMN, height=height) as ax:  # noqa: PLR1704 - the same or a new one
        for row, (setting, table) in enumerate(tables.items()):
            happened = {o: table.get(o, Share(0.0, 0.0, 0.0)) for o in codings.get(setting, [])}
            _bar(ax, row, segments[setting], looks, happened)
            if codings:
                _history(ax, row, happened)
        ax.set(
            title=title,
            xlabel="share of draws [0-1]",
            ylabel="dated setting",
            xlim=(0, 1),
            ylim=(len(tables) - 0.5, -0.5),
            yticks=range(len(tables)),
            yticklabels=list(tables),
        )
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.grid(axis="x", color=style.GRID, linewidth=0.6)
        legend = style.legend_below(ax, {style.written(row): look for row, look in shown.items()})
        style.caption(ax, _caption(draws_and_seed(shares.values()), codings, assumed), below=legend)
    return ax


def _looks(
    tables: Mapping[str, Mapping[Outcome, Share]],
    codings: Mapping[str, Sequence[Outcome]],
    players: Sequence[str],
) -> dict[Outcome, style.Look]:
    """Return the look of every row of the tables: outcomes in order, then the pool, then remainders."""
    if not tables:
        raise InvalidArgumentError("outcome_shares: at least one table of shares was expected, given none")
    rows = dict.fromkeys(row for table in tables.values() for row in table)
    remainders = [row for row in rows if row[0] in style.REMAINDER]
    labels = style.labels_of([row for row in rows if row not in remainders], dict.fromkeys(players))
    for setting, outcomes in codings.items():
        if setting not in tables:
            raise UnknownNameError.of("setting", setting, tables, where="history")
        for outcome in outcomes:
            labels.outcome(outcome)
    looks = style.outcome_looks(labels)
    looks[_OTHER] = style.OTHER
    looks.update({row: style.REMAINDER[row[0]] for row in remainders})
    return looks


def _segments(
    table: Mapping[Outcome, Share], looks: Iterable[Outcome], kept: Container[Outcome], codings: list[Outcome]
) -> dict[Outcome, float]:
    """Return shares in drawing order: what happened, other outcomes in order, the pool, the remainders."""
    sizes = {row: share.share for row, share in table.items() if row in kept}
    sizes[_OTHER] = sum(share.share for row, share in table.items() if row not in kept)
    order = [*codings, *(row for row in looks if row not in codings)]
    return {row: sizes[row] for row in order if sizes.get(row, 0.0) > 0}


def _bar(
    ax: Axes,
    row: int,
    segments: Mapping[Outcome, float],
    looks: Mapping[Outcome, style.Look],
    whiskers: Mapping[Outcome, Share],
) -> None:
    """Draw a bar, with marks and numbers where they fit between the whiskers at the ends of segments."""
    left = clear = 0.0  # from where on no whisker is in the way
    for outcome, share in segments.items():
        look = looks[outcome]
        ax.barh(row, share, left=left, height=_BAR, **style.paint(look, edge=False))
        # The outline is drawn apart, because hatches take the colour of the edge.
        ax.barh(row, share, left=left, height=_BAR, facecolor="none", edgecolor=style.INK, linewidth=0.5)
        mark, start, end = "", max(left, clear), left + share
        if outcome in whiskers:
            mark = _MARKS[list(whiskers).index(outcome) % len(_MARKS)]
            (below,), (above,) = whiskers[outcome].whiskers
            clear, end = end + above, end - below
        number = f"{share:.2f}" if end - start >= (0.12 if mark else 0.08) else ""
        if number or (mark and end - start >= 0.025):
            ax.text(
                (start + end) / 2,
                row,
                f"{mark} {number}".strip(),
                ha="center",
                va="center",
                color=look.ink,
                fontsize=style.SMALL,
                bbox={"boxstyle": "round,pad=0.15", "facecolor": look.face, "edgecolor": "none"},
            )
        left += share


def _history(ax: Axes, row: int, whiskers: Mapping[Outcome, Share]) -> None:
    """Draw the intervals of what happened and write them beside the bar, by every coding."""
    edge, lines = 0.0, []
    for number, (outcome, share) in enumerate(whiskers.items()):
        edge += share.share
        whisker = ax.errorbar(
            edge,
            row,
            xerr=share.whiskers,
            color=style.INK,
            elinewidth=1.4,
            capsize=4.0,
            capthick=1.4,
            zorder=5,
        )
        for part in (*whisker[1], *whisker[2]):
            part.set_clip_on(False)
        lines += [
            f"{_MARKS[number % len(_MARKS)]} {style.written(outcome)}",
            f"     {share}",
        ]
    ax.annotate(
        "\n".join(lines) or "not yet known",
        xy=(1.025, row),
        xycoords=ax.get_yaxis_transform(),
        va="center",
        fontsize=style.SMALL,
        color=style.INK if lines else style.MUTED,
        linespacing=1.25,
        annotation_clip=False,
    )


def _caption(sampled: str, codings: Mapping[str, Sequence[Outcome]], assumed: str) -> str:
    parts = [sampled, assumed]
    if any(codings.values()):
        parts.append(f"{_MARKS[0]} what happened")
        if max(map(len, codings.values())) > 1:
            parts.append(f"{_MARKS[1]} what happened by another coding")
        parts.append("whiskers and brackets: 95 % Wilson interval of sampling alone")
    return "; ".join(filter(None, parts)) + "."
