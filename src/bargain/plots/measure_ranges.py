"""Measures of a scenario at its dated settings: means, and how far the draws spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.plots import style
from bargain.plots.shares import draws_and_seed
from bargain.sweep.readings import Measure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["measure_ranges"]

_ROW, _GAP = 0.155, 0.55  # inches of a row, and rows left between measures
_LOW, _HIGH = 0.05, 0.95
_MARKS = "oDs^vPX"


def measure_ranges(
    tables: Mapping[str, pd.DataFrame],
    measures: Sequence[Measure],
    *,
    happened: Mapping[str, Sequence[str]] | None = None,
    title: str = "What happens in equilibrium",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the mean of each measure at each dated setting, and the range of the draws around it.

    Parameters
    ----------
    tables : mapping of setting to pandas.DataFrame
        As `bargain.Sweep.measures` returns them.
    measures : sequence of Measure
        Which to draw, from top to bottom; all of one unit.
    happened : mapping of setting to sequence of str, optional
        Measures that tell of what happened; their names are marked.
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
    InvalidArgumentError
        If there are no tables or measures, or their units differ.
    UnknownNameError
        If a table does not have a measure.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.measure_ranges import measure_ranges
    >>> scenario = bg.load_scenario("gsomia-threat")
    >>> setting = scenario.settings[2]
    >>> tables = {setting: bg.run(scenario.task(setting, draws=1000)).measures()}
    >>> ax = measure_ranges(tables, scenario.labels.measures[:2])
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['threat', 'concession']
    """
    units = {measure.unit for measure in measures}
    if not tables or len(units) != 1:
        raise InvalidArgumentError(
            f"measure_ranges: tables, and measures of one unit, were expected, given {len(tables)} tables and"
            f" the units {sorted(units)}"
        )
    for name, table in tables.items():
        for measure in measures:
            if measure.name not in table.index:
                raise UnknownNameError.of(
                    "measure", measure.name, list(table.index), where=f"tables[{name!r}]"
                )
    step = len(tables) + _GAP
    (unit,) = units
    with style.canvas(ax, width=style.DOUBLE_COLUMN, height=1.3 + _ROW * step * len(measures)) as ax:  # noqa: PLR1704 - the same or a new one
        for group, measure in enumerate(measures):
            for place, (setting, table) in enumerate(tables.items()):
                row = group * step + place
                told = measure.name in (happened or {}).get(setting, ())
                numbers = dict(
                    zip(table.columns, table.loc[[measure.name]].to_numpy()[0].tolist(), strict=True)
                )
                _range(ax, row, numbers, place, told=told)
        middle = (len(tables) - 1) / 2
        ax.set(
            xlabel=f"{unit} [{measures[0].low:g}-{measures[0].high:g}]" if unit == "probability" else unit,
            ylabel="measure",
            ylim=(step * len(measures) - _GAP - 0.3, -0.9),
            yticks=[group * step + middle for group in range(len(measures))],
            yticklabels=[measure.name for measure in measures],
        )
        if unit == "probability":
            ax.set_xlim(-0.02, 1.02)
        for group in range(1, len(measures)):
            ax.axhline(group * step - (1 + _GAP) / 2, color=style.GRID, linewidth=0.6)
        for place, setting in enumerate(tables):
            mark = _MARKS[place % len(_MARKS)]
            ax.plot([], [], marker=mark, color=style.INK, linestyle="none", markerfacecolor="white",
                    markersize=4.5, label=setting)  # fmt: skip
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.grid(axis="x", color=style.GRID, linewidth=0.6)
        style.legend_above(ax, title)
        style.caption(ax, _caption(tables, assumed, marked=bool(happened)))
    return ax


def _range(ax: Axes, row: float, numbers: Mapping[Any, float], place: int, *, told: bool) -> None:
    mean = numbers["mean"]
    if mean != mean:  # noqa: PLR0124 - no draw has it
        ax.text(
            ax.get_xlim()[0], row, "no single value", fontsize=style.SMALL, color=style.MUTED, va="center"
        )
        return
    if _LOW in numbers and _HIGH in numbers:
        ax.plot([numbers[_LOW], numbers[_HIGH]], [row, row], color=style.MUTED, linewidth=2.2, alpha=0.45,
                solid_capstyle="butt", zorder=2)  # fmt: skip
    # Errors of sampling are drawn although they are mostly narrower than the mark.
    whiskers = [[max(mean - numbers["low"], 0.0)], [max(numbers["high"] - mean, 0.0)]]
    ax.errorbar(mean, row, xerr=whiskers, color=style.INK, capsize=2.5, linewidth=1.2, zorder=3)
    ax.plot(mean, row, marker=_MARKS[place % len(_MARKS)], color=style.INK, markersize=4.5, zorder=4,
            markerfacecolor=style.INK if told else "white")  # fmt: skip


def _caption(tables: Mapping[str, pd.DataFrame], assumed: str, *, marked: bool) -> str:
    parts = [
        "marks: means over draws, with 95 % interval of sampling",
        "grey: 5 % to 95 % of the draws",
        *(["filled: what happened"] if marked else []),
        draws_and_seed(tables.values()),
        assumed,
    ]
    return "; ".join(filter(None, parts)) + "."
