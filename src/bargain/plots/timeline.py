"""Timeline of a dispute, with what the model says at each dated setting."""

from __future__ import annotations

import datetime
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.labels import Outcome
from bargain.plots import style
from bargain.plots.shares import Share, draws_and_seed, shares_by_row
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solver, solve

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from bargain.scenarios.scenario import Event, Scenario

__all__ = ["timeline"]

_RAIL, _LINE, _TEXT, _OUTCOME, _BAR, _END = 0.0, 0.05, 0.165, 0.27, 0.715, 0.82
"""Places across the picture: the rail of time, dates, texts, outcomes, and the scale of shares."""

_BAND = "#f0f0f0"

_WIDTH = 5.5  # inches of an Axes that the columns need; in a narrower one the letters shrink
_ROW = 0.155  # inches
_LEAD = 0.35  # space above and below a setting, in rows
_MARKS = "●◆■▲▼"
_MODEL = "○"


def timeline(
    scenario: Scenario,
    predictions: Mapping[str, pd.DataFrame] | None = None,
    *,
    events: int = 16,
    solver: Solver | None = None,
    title: str = "",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the chronology, and at each dated setting what happened and what the model says.

    Time runs down the rail at the left, to scale; texts stand in even rows, joined to their dates by lines.
    Every dated setting has its place. Of the other events those are drawn that lie farthest in time from
    all that are drawn already, one after the other, until there are as many as asked for or the given Axes
    is full. Of a long sentence only the first clause is written.

    Parameters
    ----------
    scenario : Scenario
    predictions : mapping of setting to pandas.DataFrame, optional
        Tables as `bargain.Sweep.shares` returns them. Settings may be left out.
    events : int, default 16
        Number of events to draw beside the settings, at most.
    solver : Solver, default ``PureNash()``
        What the model says at modal values.
    title : str, optional
    assumed : str, optional
        Added to the caption.
    ax : Axes, optional
        By default that of a new figure, as high as its rows need.

    Returns
    -------
    Axes

    Raises
    ------
    UnknownNameError
        If `predictions` names a setting that does not exist.
    InvalidArgumentError
        If `events` is negative.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.timeline import timeline
    >>> ax = timeline(bg.load_scenario("gsomia"), events=4)
    >>> ax.get_ylabel()
    'date [calendar years]'
    """
    tables = {setting: shares_by_row(frame) for setting, frame in (predictions or {}).items()}
    for setting in tables:
        if setting not in scenario.settings:
            raise UnknownNameError.of("setting", setting, scenario.settings, where="predictions")
    if events < 0:
        raise InvalidArgumentError(f"events: a number of at least 0 was expected, given {events!r}")
    solver = PureNash() if solver is None else solver
    settings, matched = _settings(scenario, solver, tables)
    others = [event for number, event in enumerate(scenario.chronology) if number not in matched]
    used = sum(entry.rows for entry in settings)
    if ax is not None:
        events = min(events, max(0, int(style.height_of(ax) / _ROW - used)))
    thinned = _thinned(others, [entry.day for entry in settings], events)
    entries = sorted([*settings, *thinned], key=lambda entry: entry.day)
    total = sum(entry.rows for entry in entries)
    with style.canvas(ax, width=style.DOUBLE_COLUMN, height=1.1 + _ROW * total) as ax:  # noqa: PLR1704 - the same or a new one
        ax.set(xlim=(0, 1), ylim=(total, 0), title=title or scenario.title)
        rail = _rail(ax, [entry.day for entry in entries], total)
        looks = style.outcome_looks(scenario.labels)
        row = 0.0
        for entry in entries:
            _draw(ax, entry, row, rail(entry.day), looks)
            row += entry.rows
        _scale(ax, shown=bool(tables))
        sampled = draws_and_seed((predictions or {}).values())
        left_out = len(others) - len(thinned)
        style.caption(ax, _caption(scenario, solver, sampled, assumed, events=left_out))
    return ax


class _Line(NamedTuple):
    """An outcome that happened, or that the model predicts."""

    mark: str
    word: str
    outcome: Outcome
    note: str
    share: Share | None


@dataclass(frozen=True)
class _Entry:
    """What is drawn at a date: a text, and below it one line for each outcome."""

    day: datetime.date
    date: str
    text: str
    outcomes: tuple[_Line, ...] = ()
    setting: str = ""

    @property
    def rows(self) -> float:
        """Height, in rows."""
        return 1 + len(self.outcomes) + (2 * _LEAD if self.setting else 0)


def _settings(
    scenario: Scenario, solver: Solver, tables: Mapping[str, Mapping[Outcome, Share]]
) -> tuple[list[_Entry], set[int]]:
    """Return the entries of the dated settings, and the numbers of the events that tell of them.

    The event of a setting is the first that names it, or else the first of its date.
    """
    entries, matched = [], set()
    for setting in scenario.dated:
        date = setting.date.isoformat()
        told = [number for number, event in enumerate(scenario.chronology) if event.setting == setting.name]
        told += [
            number
            for number, event in enumerate(scenario.chronology)
            if event.date == date and not event.setting and not told
        ]
        text = scenario.chronology[told[0]].event if told else setting.title
        matched.update(told[:1])
        table = tables.get(setting.name)
        happened = [coding.outcome for coding in setting.codings]
        lines = [
            _Line(
                _MARKS[number % len(_MARKS)],
                "happened",
                coding.outcome,
                f" ({coding.name})" if len(happened) > 1 else "",
                None if table is None else table.get(coding.outcome, Share(0.0, 0.0, 0.0)),
            )
            for number, coding in enumerate(setting.codings)
        ]
        for outcome in _equilibria(scenario, setting.name, solver):
            known = outcome in happened
            note = " = what happened" if known else " \N{NOT EQUAL TO} what happened" if happened else ""
            share = None if table is None or known else table.get(outcome)
            lines.append(_Line(_MODEL, "model", outcome, note, share))
        entries.append(_Entry(setting.date, date, text, tuple(lines), setting.name))
    return entries, matched


def _equilibria(scenario: Scenario, setting: str, solver: Solver) -> list[Outcome]:
    """Return what the model predicts at modal values: the outcomes of its equilibria, or a remainder."""
    solution = solve(scenario.game(setting), solver)
    pure = [
        scenario.labels.outcomes[number]
        for number in np.flatnonzero((solution.outcomes >= 1 - 1e-9).any(axis=1))
    ]
    mixed = [("(mixed)",)] if (solution.outcomes.max(axis=0, initial=0) < 1 - 1e-9).any() else []
    return [*pure, *mixed] or [("(none)",)]


def _thinned(events: Sequence[Event], drawn: Iterable[datetime.date], number: int) -> list[_Entry]:
    """Return so many events as far apart in time, from each other and from what is drawn, as can be."""
    days = [_day(event.date) for event in events]
    kept: list[int] = []
    there = list(drawn)
    while len(kept) < min(number, len(events)):
        gaps = {
            place: min((abs((day - other).days) for other in there), default=0)
            for place, day in enumerate(days)
            if place not in kept
        }
        best = max(gaps, key=lambda place: (gaps[place], -place))
        kept.append(best)
        there.append(days[best])
    return [_Entry(days[place], events[place].date, events[place].event) for place in sorted(kept)]


def _day(date: str) -> datetime.date:
    """Return the day of an ISO date; the middle of the month or year where that is all it says."""
    year, month, day = [*map(int, date.split("-")), 0, 0][:3]
    return datetime.date(year, month or 7, day or (15 if month else 1))


def _first_clause(text: str, characters: int) -> str:
    """Return the first clause of a sentence, shortened to a length."""
    # A full stop ends a sentence only behind a word of some length: "U.S. " and "Gen. " do not.
    clause = re.split(r"; | \(|(?<=[a-z]{4})\. ", text.strip(), maxsplit=1)[0].rstrip(".,")
    return textwrap.shorten(clause, characters, placeholder=" …")


def _room(ax: Axes) -> float:
    """Return the width of the text in inches, as if its letters had full size."""
    return max(style.width_of(ax), _WIDTH)


def _size(ax: Axes) -> float:
    # The labels of the rail take a part that does not shrink.
    return style.SMALL * min(1.0, (style.width_of(ax) - 1.2) / (_WIDTH - 1.2))


def _rail(ax: Axes, days: Sequence[datetime.date], total: float) -> Callable[[datetime.date], float]:
    """Label the rail of time; return the function from days to places on it, in rows."""
    first, last = min(days), max(days)
    start, span = first.toordinal(), max((last - first).days, 1)

    def place(day: datetime.date) -> float:
        return 0.5 + (day.toordinal() - start) / span * (total - 1)

    months = range(12 * first.year + first.month, 12 * last.year + last.month)
    step = next((step for step in (1, 3, 6, 12, 24, 60, 120) if len(months) / step <= min(14, total)), 240)
    ticks = [datetime.date(month // 12, month % 12 + 1, 1) for month in months if month % step == 0]
    form = "%Y" if step >= 12 else "%Y-%m"
    ax.set_yticks([place(tick) for tick in ticks], [tick.strftime(form) for tick in ticks])
    ax.set_ylabel("date [calendar years]" if step >= 12 else "date [year-month]")
    return place


def _draw(ax: Axes, entry: _Entry, top: float, on_rail: float, looks: Mapping[Outcome, style.Look]) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - only pictures need matplotlib

    setting = bool(entry.setting)
    if setting:
        band = Rectangle(
            (_LINE, top + 0.08), 1 - _LINE, entry.rows - 0.16, facecolor=_BAND, edgecolor="none", zorder=0
        )
        ax.add_patch(band)
    row = top + 0.5 + (_LEAD if setting else 0)
    colour = style.INK if setting else style.MUTED
    ax.plot([_RAIL, _LINE - 0.005], [on_rail, row], color=colour, linewidth=1.0 if setting else 0.5, zorder=1)
    ax.plot(
        _RAIL,
        on_rail,
        marker="o",
        markersize=5 if setting else 2.5,
        color=colour,
        markeredgecolor=style.INK,
        markeredgewidth=0.5,
        clip_on=False,
        zorder=3,
    )
    written: dict[str, Any] = {
        "va": "center",
        "fontsize": _size(ax),
        "color": colour,
        "fontweight": "bold" if setting else "normal",
    }
    ax.text(_LINE + 0.01, row, entry.date, **written)
    room = int((18 if setting else 21) * _room(ax) * (1 - _TEXT))
    head = f"{entry.setting}: " if setting else ""
    ax.text(_TEXT, row, head + _first_clause(entry.text, room - len(head)), **written)
    for number, line in enumerate(entry.outcomes, start=1):
        _outcome(ax, line, row + number, looks)


def _outcome(ax: Axes, line: _Line, row: float, looks: Mapping[Outcome, style.Look]) -> None:
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - only pictures need matplotlib

    look = looks.get(line.outcome) or style.REMAINDER[line.outcome[0]]
    written: dict[str, Any] = {"va": "center", "fontsize": _size(ax)}
    ax.text(_TEXT, row, f"{line.mark} {line.word}", **written)
    ax.add_patch(Rectangle((_OUTCOME, row - 0.32), 0.022, 0.64, **style.paint(look)))
    room = int(22.5 * _room(ax) * (_BAR - _OUTCOME - 0.03))
    text = textwrap.shorten(f"{style.written(line.outcome)}{line.note}", room, placeholder=" …")
    ax.text(_OUTCOME + 0.03, row, text, **written)
    if line.share is None:
        return
    share = line.share.share
    scale = _END - _BAR
    ax.add_patch(
        Rectangle((_BAR, row - 0.36), scale, 0.72, facecolor="white", edgecolor=style.MUTED, linewidth=0.4)
    )
    ax.add_patch(Rectangle((_BAR, row - 0.36), scale * share, 0.72, **style.paint(look)))
    ax.errorbar(
        _BAR + scale * share,
        row,
        xerr=Share(*(scale * part for part in line.share)).whiskers,
        color=style.INK,
        elinewidth=1.2,
        capsize=3.0,
        capthick=1.2,
        zorder=5,
    )
    ax.text(_END + 0.012, row, str(line.share), **written)


def _scale(ax: Axes, *, shown: bool) -> None:
    """Label the scale of shares."""
    ax.spines["bottom"].set_visible(shown)
    if shown:
        ax.set_xticks([_BAR, (_BAR + _END) / 2, _END], ["0", "0.5", "1"])
        ax.spines["bottom"].set_bounds(_BAR, _END)
        ax.set_xlabel("share of draws [0-1]", x=(_BAR + _END) / 2)
    else:
        ax.set_xticks([])


def _caption(scenario: Scenario, solver: Solver, sampled: str, assumed: str, *, events: int) -> str:
    parts = [f"{_MODEL} model: {solver} at the modal values of the setting", sampled]
    if sampled:
        parts.append("bars: share of draws that lead there alone, with 95 % Wilson interval of sampling")
    if events:
        parts.append(f"{events} of {len(scenario.chronology)} events left out")
    return "; ".join(filter(None, [*parts, assumed])) + "."
