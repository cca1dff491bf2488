"""Sobol indices: how much of the variance of an answer each parameter explains, alone and in all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from bargain.axes import Floats, Ints
from bargain.errors import InvalidArgumentError
from bargain.seeds import check_seed, generator
from bargain.sensitivity.forecast import Forecast
from bargain.sensitivity.question import EventLike, question_of, told, why_unanswered
from bargain.sweep.task import Task
from bargain.uncertainty.space import Space

__all__ = ["function_indices", "sobol_indices"]

_CELL = 8_192
_BATCHES = 1_024
_BITS = 32  # of the Sobol engine
Function = Callable[[Floats], Floats]


def sobol_indices(
    task: Task,
    *,
    outcome: EventLike | None = None,
    payoff: str | None = None,
    points: int = 2**14,
    bootstrap: int = 1_000,
    level: float = 0.95,
    unanswered: Literal["leave_out", "count_as_no"] = "leave_out",
) -> pd.DataFrame:
    """Return the Sobol indices of whether an outcome happens, or of what a player earns.

    The first-order index of a parameter is the share of the variance that would go, on average, if the
    parameter alone were known; the total index is the share that would stay if everything else were known.
    What lies between the two comes from interactions.

    Parameters
    ----------
    task : Task
        Whose model, space, solver and seed are used; its draws, design and reducers are not.
    outcome : mapping, tuple or collection of tuples, optional
        What some players do, such as ``{"ROK": "terminate"}``; an outcome, one action per player; or several
        outcomes. A draw answers 1 where every equilibrium leads there for sure, 0 where none can.
    payoff : str, optional
        A player, whose payoff in equilibrium is explained; only draws with a single outcome answer. Either
        this or `outcome`.
    points : int, default 2**14
        Base points, a power of two. The game is solved at ``points * (D + 2)`` of them, where ``D`` counts
        the parameters that are no constants.
    bootstrap : int, default 1000
        Resamples behind the intervals.
    level : float, default 0.95
        Of the intervals.
    unanswered : {"leave_out", "count_as_no"}
        What to do with draws that have no single answer: equilibria that disagree, none, or an unsolved
        game. Left out, a point counts for a parameter where all three of its solutions answer, and the
        indices describe such points. Counted as no, an outcome happens only where it is predicted for sure,
        which every point answers. Payoffs can only be left out.

    Returns
    -------
    pandas.DataFrame
        Indexed by parameter: ``first``, ``first_low``, ``first_high``, ``total``, ``total_low``,
        ``total_high``. Sampling may put an index a little below 0 or above 1; it is not cut off. In
        ``attrs``: ``question``, ``mean`` and ``variance`` of the answer, ``evaluations``, ``unanswered``
        (numbers of evaluations by reason), ``left_out`` (the largest share of points left out for a
        parameter), ``points``, ``seed``, ``task`` and ``level``.

    Raises
    ------
    InvalidArgumentError
        If the parameters depend on each other, the number of points is no power of two, or the answer is the
        same everywhere, so that there is no variance to explain.
    UnknownNameError

    Notes
    -----
    Base points are the two halves of a scrambled Sobol sequence in twice as many dimensions. First-order
    indices are estimated as in [SaltelliEtAl2010]_ from centred answers, total indices as in [Jansen1999]_.
    Intervals are percentiles over resamples of up to 1,024 batches of consecutive points, each of which
    keeps the balance of the sequence.

    Examples
    --------
    >>> import bargain as bg
    >>> scenario = bg.load_scenario("gsomia")
    >>> task = scenario.task("2019-11 deadline", seed=7)
    >>> indices = bg.sobol_indices(task, outcome={"ROK": "terminate"}, points=2**10, bootstrap=100)
    >>> indices["total"].idxmax()
    'pressing_cost'
    """
    labels = task.model.labels
    question = question_of(labels, outcome, payoff, where="sobol_indices")
    if unanswered not in {"leave_out", "count_as_no"}:
        raise InvalidArgumentError(
            f"unanswered: 'leave_out' or 'count_as_no' was expected, given {unanswered!r}"
        )
    if payoff is not None and unanswered == "count_as_no":
        raise InvalidArgumentError(
            "unanswered: a payoff that is not known is no number; 'leave_out' was expected"
        )
    forecast = Forecast(task.model, task.solver)
    reasons: Ints = np.zeros(4, dtype=np.int64)

    def function(values: Floats) -> Floats:
        cell = forecast.cell(values)
        answer = question.answer(cell)
        np.add(reasons, why_unanswered(cell, answer), out=reasons)
        return np.nan_to_num(answer, nan=0.0) if unanswered == "count_as_no" else answer

    frame = _indices(function, task.space, points, task.seed, bootstrap, level, question.words)
    frame.attrs.update(task=task.name, unanswered=told(reasons), treatment=unanswered)
    return frame


def function_indices(
    function: Function,
    space: Space,
    *,
    points: int = 2**14,
    seed: int = 0,
    bootstrap: int = 1_000,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return the Sobol indices of any function of independent parameters.

    Parameters
    ----------
    function : callable
        From float[D, N] to float[N], draw by draw.
    space : Space
    points, bootstrap, level
        As for `sobol_indices`.
    seed : int, default 0

    Returns
    -------
    pandas.DataFrame
        As from `sobol_indices`.

    Raises
    ------
    InvalidArgumentError
        If the function gives anything but a finite number for each draw, or is constant; and as
        `sobol_indices`.

    Examples
    --------
    >>> import bargain as bg
    >>> space = bg.Space([bg.Parameter("x", bg.Uniform(0, 1)), bg.Parameter("y", bg.Uniform(0, 2))])
    >>> bg.function_indices(lambda v: v[0] + v[1], space, points=2**12)[["first", "total"]].round(2)
               first  total
    parameter
    x            0.2    0.2
    y            0.8    0.8
    """

    def checked(values: Floats) -> Floats:
        result = np.asarray(function(values), dtype=np.float64)
        if result.shape != values.shape[1:]:
            raise InvalidArgumentError(
                f"function: shape {values.shape[1:]} was expected, one number for each draw,"
                f" given {result.shape}"
            )
        wrong = int(np.count_nonzero(~np.isfinite(result)))
        if wrong:
            raise InvalidArgumentError(
                f"function: finite numbers were expected; {wrong} of {result.size} are not"
            )
        return result

    return _indices(checked, space, points, seed, bootstrap, level, "function")


def _indices(
    function: Function, space: Space, points: int, seed: int, bootstrap: int, level: float, words: str
) -> pd.DataFrame:
    _check(space, points, bootstrap, level)
    varying = [
        place
        for place, p in enumerate(space.parameters)
        if p.distribution.support[0] < p.distribution.support[1]
    ]
    sums, centre = _sums(function, space, varying, points, check_seed(seed))
    whole = _Moments(sums.sum(axis=0))
    if not whole.variance > 0:
        raise InvalidArgumentError(
            f"there is no variance to explain: {words} is {centre + whole.mean:g} at every one of"
            f" {points} points that has an answer"
            if whole.count
            else f"{words}: not one of {points} points has an answer"
        )
    if not whole.pairs.min():
        raise InvalidArgumentError(f"{words}: too few of {points} points have an answer")
    shares = generator(seed, 1).multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=bootstrap)
    again = _Moments(shares @ sums)
    # A resample without variance says nothing; it occurs only where the answer is nearly constant.
    known = (again.variance > 0) & (again.pairs.min(axis=1) > 0)
    if not known.any():
        raise InvalidArgumentError(f"{words}: too few different answers among {points} points for intervals")
    columns: dict[str, Floats] = {}
    for name in ("first", "total"):
        low, high = np.quantile(getattr(again, name)[known], [(1 - level) / 2, (1 + level) / 2], axis=0)
        for column, found in ((name, getattr(whole, name)), (f"{name}_low", low), (f"{name}_high", high)):
            columns[column] = np.zeros(len(space))
            columns[column][varying] = found
    frame = pd.DataFrame(columns, index=pd.Index(space.names, name="parameter"))
    frame.attrs.update(
        question=words,
        mean=float(centre + whole.mean),
        variance=float(whole.variance),
        evaluations=points * (len(varying) + 2),
        left_out=1 - float(whole.pairs.min()) / points,
        points=points,
        seed=seed,
        level=level,
    )
    return frame


def _check(space: Space, points: int, bootstrap: int, level: float) -> None:
    if space.dependence is not None:
        raise InvalidArgumentError(
            "Sobol indices divide the variance among independent parameters; these depend on each other:"
            " see regional_sensitivity and pawn_indices, which need no independence"
        )
    whole = isinstance(points, int | np.integer) and not isinstance(points, bool)
    if not whole or points < 2 or points & (points - 1):
        raise InvalidArgumentError(f"points: a power of two, 2 or more, was expected, given {points!r}")
    if not any(p.distribution.support[0] < p.distribution.support[1] for p in space.parameters):
        raise InvalidArgumentError("no parameter varies, so that there is no variance to explain")
    if isinstance(bootstrap, bool) or not isinstance(bootstrap, int | np.integer) or bootstrap < 1:
        raise InvalidArgumentError(f"bootstrap: a positive whole number was expected, given {bootstrap!r}")
    if not 0 < level < 1:
        raise InvalidArgumentError(f"level: a number between 0 and 1 was expected, given {level!r}")


def _sums(
    function: Function, space: Space, varying: list[int], points: int, seed: int
) -> tuple[Floats, float]:
    """Add up what the estimators need, by batches of consecutive base points.

    Returns
    -------
    sums : float[batch, 3 + 3 d]
        Of both halves: number of answers, their sum and sum of squares after centring. Then for each varying
        parameter: points where all three answer, ``f(B) (f(AB) - f(A))``, ``(f(A) - f(AB))^2``.
    centre : float
        Taken off the answers, which leaves the estimates as they are and their errors smaller.
    """
    from scipy.stats import qmc  # noqa: PLC0415 - takes long to import

    engine = qmc.Sobol(2 * len(space), scramble=True, bits=_BITS, rng=generator(seed))
    width = min(points, _CELL)
    batch = min(max(points // _BATCHES, 1), width)
    centre: float | None = None
    rows = []
    for _ in range(points // width):
        # Half a step off, so that no coordinate is exactly 0, where some quantiles are infinite.
        unit = engine.random(width).T + 0.5 ** (_BITS + 1)
        first, second = space.values(unit[: len(space)]), space.values(unit[len(space) :])
        a, b = function(first), function(second)
        if centre is None:
            known = a[~np.isnan(a)]
            centre = float(known.mean()) if known.size else 0.0
        a, b = a - centre, b - centre
        known_a, known_b = ~np.isnan(a), ~np.isnan(b)
        both = np.concatenate([a[None], b[None]])
        terms = [(known_a.astype(np.float64) + known_b), np.nansum(both, axis=0), np.nansum(both**2, axis=0)]
        for place in varying:
            kept = first[place].copy()
            first[place] = second[place]
            mixed = function(first) - centre
            first[place] = kept
            change = mixed - a
            answered = ~np.isnan(change) & known_b
            terms += [
                answered.astype(np.float64),
                np.where(answered, b * change, 0.0),
                np.where(answered, change**2, 0.0),
            ]
        rows.append(np.array(terms).reshape(len(terms), -1, batch).sum(axis=2).T)
    assert centre is not None  # noqa: S101 - for the type checker: there is at least one cell
    return np.concatenate(rows), centre


@dataclass(frozen=True, eq=False)
class _Moments:
    """Estimates from sums float[..., 3 + 3 d]."""

    sums: Floats

    @property
    def count(self) -> Floats:
        return np.asarray(self.sums[..., 0])

    @property
    def mean(self) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(self.sums[..., 1] / self.count)

    @property
    def variance(self) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            variance = self.sums[..., 2] / self.count - self.mean**2
        # What is left of equal numbers is no variance.
        return np.where(variance > 1e-14 * self.mean**2, variance, 0.0)

    @property
    def pairs(self) -> Floats:
        """Number of points that count for each parameter, float[..., d]."""
        return np.asarray(self.sums[..., 3::3])

    @property
    def first(self) -> Floats:
        return self._share(self.sums[..., 4::3])

    @property
    def total(self) -> Floats:
        return self._share(self.sums[..., 5::3] / 2)

    def _share(self, sums: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(sums / self.pairs / self.variance[..., None])
