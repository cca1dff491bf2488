"""Reducers: what is kept of the draws. Each is one small class that makes a `Statistic` and reads it.

Every reducer sees every cell of draws once, in no particular order; what it makes of them is added up.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd

from bargain.axes import Ints
from bargain.errors import InvalidArgumentError, UnknownNameError, UnsupportedGameError
from bargain.games.labels import Labels
from bargain.solvers.selection import SelectionRule
from bargain.solvers.solution import Status
from bargain.sweep.cell import REMAINDER, Cell
from bargain.sweep.interval import wilson_interval
from bargain.sweep.readings import Measure, Readings
from bargain.sweep.statistic import Statistic
from bargain.uncertainty.space import Space

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "ConditionalShares",
    "KeptDraws",
    "MeasureSummary",
    "OutcomeShares",
    "PayoffMoments",
    "PayoffQuantiles",
    "Reducer",
    "RunningShares",
    "SelectedShares",
    "reducer_content",
]


_FIRST, _LAST = 1, 18
"""Powers of ten between which `RunningShares` reads shares."""


@runtime_checkable
class Reducer(Protocol):
    """A statistic over draws: a frozen dataclass of its options with three methods."""

    def check(self, labels: Labels, space: Space) -> None:
        """Raise if the reducer does not fit the game or the parameters."""
        ...

    def reduce(self, cell: Cell, space: Space) -> Statistic:
        """Return the statistic of a cell of draws."""
        ...

    def table(self, statistic: Statistic, labels: Labels, space: Space) -> Any:
        """Return the result for reading: pandas or xarray."""
        ...


def reducer_content(reducer: Reducer) -> dict[str, Any]:
    """Return name and options of a reducer, for content keys.

    Parameters
    ----------
    reducer : Reducer

    Returns
    -------
    dict
    """
    if not dataclasses.is_dataclass(reducer) or isinstance(reducer, type):
        raise InvalidArgumentError(f"a reducer is a frozen dataclass of its options, given {reducer!r}")
    options = {option.name: getattr(reducer, option.name) for option in dataclasses.fields(reducer)}
    # A rule is told by its words, which name its options.
    plain = {
        name: str(value) if dataclasses.is_dataclass(value) else value for name, value in options.items()
    }
    return {"reducer": type(reducer).__qualname__, **plain}


@dataclass(frozen=True)
class OutcomeShares:
    """Shares of draws by what is predicted in them; every sweep has it.

    Every draw counts exactly once among the outcomes that are certain, ``(mixed)`` (a single equilibrium, in
    mixed strategies), ``(multiple)`` (several, leading to different outcomes), ``(none)`` and ``(unsolved)``.
    Shares have Wilson's interval [Wilson1927]_.
    """

    def check(self, labels: Labels, space: Space) -> None:
        """Accept every game."""

    def reduce(self, cell: Cell, space: Space) -> Statistic:  # noqa: ARG002 - the protocol's signature
        """Count the draws of a cell."""
        found = cell.predictions
        count = found.count
        single = count == 1
        solved, singles = int(np.count_nonzero(count)), int(np.count_nonzero(single))
        # Row by row: counting a contiguous row of booleans is far faster than a sum over an axis.
        certain = np.array([np.count_nonzero(row) for row in found.certain], dtype=np.int64)
        possible = np.array([np.count_nonzero(row) for row in found.possible], dtype=np.int64)
        # Draws with several equilibria may still lead to one outcome; those with one may lead to several.
        # No draw has two outcomes that are certain.
        pure = int(np.count_nonzero(found.certain.any(axis=0) & single))
        none = int(np.count_nonzero((count == 0) & found.without_equilibrium))
        multiple = solved - singles - (int(certain.sum()) - pure)
        rest = np.array([singles - pure, multiple, none, count.size - solved - none], dtype=np.int64)
        status, left = np.zeros(len(Status), dtype=np.int64), count.size
        for place, code in enumerate(Status):
            if left:  # most cells have draws of one status or two
                status[place] = np.count_nonzero(found.codes == code)
                left -= status[place]
        return Statistic({"certain": certain, "possible": possible, "rest": rest, "status": status})

    def table(self, statistic: Statistic, labels: Labels, space: Space) -> pd.DataFrame:  # noqa: ARG002
        """Return shares with 95 % Wilson intervals, by outcome; see `Sweep.shares`."""
        certain, possible, rest = (statistic.counts[name] for name in ("certain", "possible", "rest"))
        draws = int(certain.sum() + rest.sum())
        shown = [place for place, count in enumerate(rest) if count]
        share = np.concatenate([certain, rest[shown]])
        low, high = wilson_interval(share, draws)
        padding = np.full(len(shown), np.nan)
        return pd.DataFrame(
            {
                "share": share / draws,
                "low": low,
                "high": high,
                "possible": np.concatenate([possible / draws, padding]),
                "certain": np.concatenate([certain / draws, padding]),
            },
            index=answer_index(labels, shown),
        )


@dataclass(frozen=True)
class SelectedShares:
    """Shares of outcomes when a rule says which of several equilibria to expect.

    Attributes
    ----------
    rule : SelectionRule
        Such as ``StatusQuo(("renew", "maintain", "abstain"))``; see `bargain.solvers.selection`.
    """

    rule: SelectionRule

    def check(self, labels: Labels, space: Space) -> None:  # noqa: ARG002
        """Check the rule."""
        _tables_only(self, labels)
        if isinstance(self.rule, type) or not isinstance(self.rule, SelectionRule):
            raise InvalidArgumentError(
                f"SelectedShares: a rule such as UniformSelection(), given {self.rule!r}"
            )

    def reduce(self, cell: Cell, space: Space) -> Statistic:  # noqa: ARG002
        """Add up the probability of each outcome under the rule."""
        weights = self.rule.select(cell.solution)
        probabilities = cell.solution.outcomes @ weights
        answered = int(np.count_nonzero(cell.solution.count))
        sums = {"outcome": tuple(Fraction(float(total)) for total in probabilities)}
        return Statistic({"draws": np.array([answered, cell.draws])}, sums)

    def table(self, statistic: Statistic, labels: Labels, space: Space) -> pd.DataFrame:  # noqa: ARG002
        """Return ``selected``, the share of each outcome with its 95 % interval, by outcome.

        Draws without an equilibrium count for no outcome; their share is in ``attrs["without"]``.
        """
        answered, draws = statistic.counts["draws"].tolist()
        totals = np.array([float(total) for total in statistic.sums["outcome"]])
        low, high = wilson_interval(totals, draws)
        frame = pd.DataFrame(
            {"selected": totals / draws, "low": low, "high": high}, index=answer_index(labels, ())
        )
        frame.attrs["without"] = 1 - answered / draws
        return frame


@dataclass(frozen=True)
class PayoffMoments:
    """Mean and standard deviation of each player's payoff over the draws with a single outcome."""

    def check(self, labels: Labels, space: Space) -> None:  # noqa: ARG002
        """Accept every payoff table."""
        _tables_only(self, labels)

    def reduce(self, cell: Cell, space: Space) -> Statistic:  # noqa: ARG002
        """Add up payoffs and their squares."""
        payoffs = cell.equilibrium_payoffs()
        known = payoffs[:, ~np.isnan(payoffs[0])]
        sums = {
            "payoff": tuple(Fraction(float(total)) for total in known.sum(axis=1)),
            "square": tuple(Fraction(float(total)) for total in np.square(known).sum(axis=1)),
        }
        return Statistic({"draws": np.array([known.shape[1], cell.draws])}, sums)

    def table(self, statistic: Statistic, labels: Labels, space: Space) -> pd.DataFrame:  # noqa: ARG002
        """Return one row per player: mean with its 95 % interval, standard deviation, share of draws used."""
        known, draws = statistic.counts["draws"].tolist()
        rows = []
        for total, square in zip(statistic.sums["payoff"], statistic.sums["square"], strict=True):
            mean, half, sd = _moments(known, total, square)
            rows.append(
                {"mean": mean, "low": mean - half, "high": mean + half, "sd": sd, "used": known / draws}
            )
        return pd.DataFrame(rows, index=pd.Index(labels.players, name="player"))


@dataclass(frozen=True)
class PayoffQuantiles:
    """Quantiles of each player's payoff over the draws with a single outcome, from a fine histogram.

    Attributes
    ----------
    probabilities : tuple of float
    low, high : float
        Ends of the histogram, in payoff units; what lies beyond counts at the ends.
    bins : int, default 4000
        The resolution is ``(high - low) / bins``.
    """

    probabilities: tuple[float, ...] = (0.05, 0.25, 0.5, 0.75, 0.95)
    low: float = -50.0
    high: float = 50.0
    bins: int = 4000

    def check(self, labels: Labels, space: Space) -> None:  # noqa: ARG002
        """Check the options."""
        _tables_only(self, labels)
        if not self.low < self.high or self.bins < 1:
            raise InvalidArgumentError(
                f"PayoffQuantiles: low < high and bins > 0 were expected, given {self}"
            )
        if not all(0 < probability < 1 for probability in self.probabilities):
            raise InvalidArgumentError(
                f"PayoffQuantiles: probabilities between 0 and 1 were expected, given {self}"
            )

    def reduce(self, cell: Cell, space: Space) -> Statistic:  # noqa: ARG002
        """Count payoffs into bins."""
        payoffs = cell.equilibrium_payoffs()
        known = payoffs[:, ~np.isnan(payoffs[0])]
        place = np.floor((known - self.low) * (self.bins / (self.high - self.low))).astype(np.int64)
        np.clip(place, 0, self.bins - 1, out=place)
        return Statistic({"histogram": np.stack([np.bincount(row, minlength=self.bins) for row in place])})

    def table(self, statistic: Statistic, labels: Labels, space: Space) -> pd.DataFrame:  # noqa: ARG002
        """Return one row per player, one column per probability."""
        edges = np.linspace(self.low, self.high, self.bins + 1)
        rows = []
        for histogram in statistic.counts["histogram"]:
            reached = np.concatenate([[0], np.cumsum(histogram)])
            total = reached[-1]
            rows.append(
                np.interp(np.array(self.probabilities) * total, reached, edges)
                if total
                else np.full(len(self.probabilities), np.nan)
            )
        columns = pd.Index(self.probabilities, name="probability")
        return pd.DataFrame(rows, index=pd.Index(labels.players, name="player"), columns=columns)


@dataclass(frozen=True)
class MeasureSummary:
    """Mean, spread and quantiles of each measure of games that are no payoff tables.

    A draw counts for a measure where it has one equilibrium, or several that agree on it. What differs
    between equilibria is not averaged.

    Attributes
    ----------
    probabilities : tuple of float
    """

    probabilities: tuple[float, ...] = (0.05, 0.25, 0.5, 0.75, 0.95)

    def check(self, labels: Labels, space: Space) -> None:  # noqa: ARG002
        """Check the options, and that there is something to measure."""
        if not isinstance(labels, Readings) or not labels.measures:
            raise UnsupportedGameError(
                "MeasureSummary: games with measures were expected, such as those of a scenario of kind"
                " 'threat'; of payoff tables, PayoffMoments and PayoffQuantiles tell the payoffs"
            )
        if not all(0 < probability < 1 for probability in self.probabilities):
            raise InvalidArgumentError(
                f"MeasureSummary: probabilities between 0 and 1 were expected, given {self}"
            )

    def reduce(self, cell: Cell, space: Space) -> Statistic:  # noqa: ARG002
        """Add up measures and their squares, and count them into steps."""
        known, totals, squares, histograms = [], [], [], []
        for row, measure in zip(cell.measures, _measures(cell.labels), strict=True):
            values = row[~np.isnan(row)]
            known.append(values.size)
            totals.append(Fraction(float(values.sum())))
            squares.append(Fraction(float(np.square(values).sum())))
            steps = np.rint((values - measure.low) * (_STEPS / (measure.high - measure.low)))
            place = np.clip(steps, 0, _STEPS).astype(np.int64)
            histograms.append(np.bincount(place, minlength=_STEPS + 1))
        counts = {
            "known": np.array(known),
            "draws": np.array([cell.draws]),
            "histogram": np.stack(histograms),
        }
        return Statistic(counts, {"measure": tuple(totals), "square": tuple(squares)})

    def table(self, statistic: Statistic, labels: Labels, space: Space) -> pd.DataFrame:  # noqa: ARG002
        """Return one row per measure.

        ``mean`` with its 95 % interval ``low`` and ``high``, which tells of sampling error alone; ``sd``, the
        standard deviation over draws; ``used``, the share of draws that have the measure; then the quantiles,
        under their probabilities.
        """
        draws = int(statistic.counts["draws"][0])
        rows = []
        for place, measure in enumerate(_measures(labels)):
            known = int(statistic.counts["known"][place])
            mean, half, sd = _moments(
                known, statistic.sums["measure"][place], statistic.sums["square"][place]
            )
            row: dict[str | float, float] = {"mean": mean, "low": mean - half, "high": mean + half, "sd": sd}
            row["used"] = known / draws
            reached = np.cumsum(statistic.counts["histogram"][place])
            for probability in self.probabilities:
                step = int(np.searchsorted(reached, probability * known)) / _STEPS
                row[probability] = measure.low + step * (measure.high - measure.low) if known else np.nan
            rows.append(row)
        return pd.DataFrame(rows, index=pd.Index([m.name for m in _measures(labels)], name="measure"))


_STEPS = 1000


def _measures(labels: Labels) -> tuple[Measure, ...]:
    return labels.measures if isinstance(labels, Readings) else ()


def _moments(known: int, total: Fraction, square: Fraction) -> tuple[float, float, float]:
    """Return mean, half its 95 % interval, and standard deviation."""
    if not known:
        return float("nan"), float("nan"), float("nan")
    mean = total / known
    variance = (square - known * mean * mean) / (known - 1) if known > 1 else Fraction(0)
    sd = float(max(variance, Fraction(0))) ** 0.5
    return float(mean), 1.959963984540054 * sd / known**0.5, sd


def _tables_only(reducer: object, labels: Labels) -> None:
    if isinstance(labels, Readings):
        raise UnsupportedGameError(
            f"{type(reducer).__name__} serves payoff tables; the numbers of other games are their measures,"
            " which MeasureSummary tells"
        )


@dataclass(frozen=True)
class ConditionalShares:
    """Shares of outcomes in bins of one or two parameters, which have equal widths over their ranges.

    Attributes
    ----------
    x : str
        A parameter.
    y : str, optional
        A second one.
    bins : int, default 20
        Number of bins of each.
    """

    x: str
    y: str | None = None
    bins: int = 20

    def _names(self) -> list[str]:
        return [self.x] if self.y is None else [self.x, self.y]

    def check(self, labels: Labels, space: Space) -> None:  # noqa: ARG002
        """Check names and bins."""
        for name in self._names():
            if name not in space.names:
                raise UnknownNameError.of("parameter", name, space.names, where="ConditionalShares")
        if self.x == self.y:
            raise InvalidArgumentError(
                f"ConditionalShares: two different parameters were expected, given {self.x!r}"
            )
        if isinstance(self.bins, bool) or not isinstance(self.bins, int) or self.bins < 1:
            raise InvalidArgumentError(
                f"ConditionalShares: a positive number of bins was expected, given {self.bins!r}"
            )

    def reduce(self, cell: Cell, space: Space) -> Statistic:
        """Count answers by bin."""
        answers = cell.labels.size + len(REMAINDER)
        place = np.zeros(cell.draws, dtype=np.int64)
        for name in self._names():
            low, high = space[name].range()
            value = cell.values[space.names.index(name)]
            step = (value - low) * (self.bins / (high - low)) if high > low else np.zeros_like(value)
            place = place * self.bins + np.clip(np.floor(step).astype(np.int64), 0, self.bins - 1)
        table = np.bincount(
            place * answers + cell.predictions.answer(), minlength=self.bins ** len(self._names()) * answers
        )
        return Statistic({"table": table.reshape(-1, answers)})

    def table(self, statistic: Statistic, labels: Labels, space: Space) -> pd.DataFrame:
        """Return shares by bin.

        Indexed by the middle of each bin and by outcome; ``share`` with its 95 % interval ``low`` and
        ``high``, and ``draws`` in the bin. Bins without draws have no share. ``attrs["parameters"]`` has
        symbol and units.
        """
        middles = []
        for name in self._names():
            low, high = space[name].range()
            middles.append(low + (np.arange(self.bins) + 0.5) * (high - low) / self.bins)
        counts = statistic.counts["table"]
        answers = answer_index(labels, range(len(REMAINDER)))
        grid = pd.MultiIndex.from_product(middles, names=self._names())
        draws = np.repeat(counts.sum(axis=1), counts.shape[1])
        with np.errstate(invalid="ignore", divide="ignore"):
            low_, high_ = wilson_interval(counts.ravel(), draws)
            share = counts.ravel() / draws
        index = pd.MultiIndex.from_tuples(
            [(*where, *answer) for where in grid for answer in answers], names=[*grid.names, *answers.names]
        )
        frame = pd.DataFrame({"share": share, "low": low_, "high": high_, "draws": draws}, index=index)
        parameters = {name: space[name] for name in self._names()}
        frame.attrs["parameters"] = {
            name: {"symbol": parameter.symbol, "units": parameter.unit}
            for name, parameter in parameters.items()
        }
        return frame


@dataclass(frozen=True)
class RunningShares:
    """Shares of outcomes among the first so many draws, for numbers that grow by a constant factor.

    Attributes
    ----------
    per_decade : int, default 8
        How many numbers of draws there are on the way from one power of ten to the next.
    """

    per_decade: int = 8

    def check(self, labels: Labels, space: Space) -> None:  # noqa: ARG002
        """Check the option."""
        if isinstance(self.per_decade, bool) or not isinstance(self.per_decade, int) or self.per_decade < 1:
            raise InvalidArgumentError(
                f"RunningShares: per_decade: a positive whole number was expected, given {self.per_decade!r}"
            )

    def _ends(self) -> Ints:
        """Return the numbers of draws at which shares are read, ascending."""
        steps = np.arange(_FIRST * self.per_decade, _LAST * self.per_decade + 1)
        return np.unique(np.rint(10.0 ** (steps / self.per_decade)).astype(np.int64))

    def reduce(self, cell: Cell, space: Space) -> Statistic:  # noqa: ARG002
        """Count answers by the step in which the draws come."""
        ends, answers = self._ends(), cell.labels.size + len(REMAINDER)
        step = np.searchsorted(ends, cell.first + np.arange(cell.draws), side="right")
        table = np.bincount(step * answers + cell.predictions.answer(), minlength=(ends.size + 1) * answers)
        return Statistic({"table": table.reshape(-1, answers)})

    def table(self, statistic: Statistic, labels: Labels, space: Space) -> pd.DataFrame:  # noqa: ARG002
        """Return shares by number of draws.

        Indexed by ``draws`` and by outcome; ``share`` among the first so many draws, with its 95 % interval
        ``low`` and ``high``. The last number is that of all draws.
        """
        reached = np.cumsum(statistic.counts["table"], axis=0)
        draws = reached.sum(axis=1)
        # Up to the step in which the draws end; what comes behind repeats it.
        last = int(np.argmax(draws == draws[-1]))
        reached, draws = reached[: last + 1], draws[: last + 1]
        answers = answer_index(labels, range(len(REMAINDER)))
        low, high = wilson_interval(reached, draws[:, None])
        index = pd.MultiIndex.from_tuples(
            [(number, *answer) for number in draws.tolist() for answer in answers],
            names=["draws", *answers.names],
        )
        share = (reached / draws[:, None]).ravel()
        return pd.DataFrame({"share": share, "low": low.ravel(), "high": high.ravel()}, index=index)


@dataclass(frozen=True)
class KeptDraws:
    """Every so many draws whole: their parameters, what is predicted, and each player's payoff or measure.

    Attributes
    ----------
    every : int, default 100
        One draw in so many is kept.
    """

    every: int = 100

    def check(self, labels: Labels, space: Space) -> None:  # noqa: ARG002
        """Check the option."""
        if isinstance(self.every, bool) or not isinstance(self.every, int) or self.every < 1:
            raise InvalidArgumentError(
                f"KeptDraws: every: a positive whole number was expected, given {self.every!r}"
            )

    def reduce(self, cell: Cell, space: Space) -> Statistic:  # noqa: ARG002
        """Keep the draws whose number is a multiple of `every`."""
        picked = np.arange(-cell.first % self.every, cell.draws, self.every)
        if not picked.size:
            return Statistic()
        table = np.concatenate(
            [
                cell.values[:, picked],
                cell.predictions.answer()[None, picked].astype(np.float64),
                (cell.measures if cell.measure else cell.equilibrium_payoffs())[:, picked],
            ]
        )
        return Statistic(rows={cell.first + int(place): table[:, i] for i, place in enumerate(picked)})

    def table(self, statistic: Statistic, labels: Labels, space: Space) -> xr.Dataset:
        """Return a Dataset over ``draw``: a variable per parameter, ``outcome``, and ``payoff`` by player.

        Of games that are no payoff tables, ``value`` by ``measure`` instead of payoffs.
        """
        import xarray as xr  # noqa: PLC0415 - takes long to import

        numbers = sorted(statistic.rows)
        measures = isinstance(labels, Readings)
        owners = [measure.name for measure in _measures(labels)] if measures else list(labels.players)
        width = len(space) + 1 + len(owners)
        rows = np.array([statistic.rows[number] for number in numbers]).reshape(len(numbers), width)
        names = ["/".join(filter(None, answer)) for answer in answer_index(labels, range(len(REMAINDER)))]
        data: dict[str, Any] = {
            parameter.name: (
                "draw",
                rows[:, place],
                {"units": parameter.unit, "long_name": parameter.meaning},
            )
            for place, parameter in enumerate(space.parameters)
        }
        data["outcome"] = ("draw", np.array(names)[rows[:, len(space)].astype(np.int64)])
        value, owner = ("value", "measure") if measures else ("payoff", "player")
        data[value] = ((owner, "draw"), rows[:, len(space) + 1 :].T)
        return xr.Dataset(data, coords={"draw": numbers, owner: owners})


def answer_index(labels: Labels, remainder: Sequence[int]) -> pd.MultiIndex:
    """Return the index of a table of answers: every outcome, then the chosen parts of `REMAINDER`.

    Parameters
    ----------
    labels : Labels
    remainder : sequence of int
        Places in `REMAINDER`.

    Returns
    -------
    pandas.MultiIndex
        One level per player.
    """
    blank = ("",) * (len(labels.players) - 1)
    rows = [*labels.outcomes, *((REMAINDER[place], *blank) for place in remainder)]
    return pd.MultiIndex.from_tuples(rows, names=labels.players)
