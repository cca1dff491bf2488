"""Regional sensitivity: how a parameter is distributed where an outcome happens, and where it does not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bargain.axes import Floats
from bargain.sensitivity.question import EventLike
from bargain.sensitivity.sample import Sample
from bargain.sweep.run import Sweep
from bargain.sweep.task import Task

__all__ = ["regional_sensitivity"]

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def regional_sensitivity(source: Task | Sweep, outcome: EventLike) -> pd.DataFrame:
    """Compare each parameter's distribution where an outcome happens with where it does not.

    This is Monte Carlo filtering, or regionalised sensitivity [HornbergerSpear1981]_.

    Parameters
    ----------
    source : Task or Sweep
        A task, whose draws are made here, or a sweep with the reducer `KeptDraws`.
    outcome : mapping, tuple or collection of tuples
        What some players do, such as ``{"ROK": "terminate"}``; an outcome; or several. It happens in a draw
        where every equilibrium leads there for sure, and does not where none can. Draws without an answer
        are left out and counted.

    Returns
    -------
    pandas.DataFrame
        Indexed by parameter, the strongest first: ``distance`` of Kolmogorov and Smirnov between the two
        groups, 0 to 1; ``p_value`` of it, for independent draws, after Holm's correction for all parameters
        [Holm1979]_; the quantiles of both groups, ``with_05``, ``with_25``, ``with_50``, ``with_75``,
        ``with_95`` where the outcome happens, and ``without_05`` and so on where it does not; and ``low`` and
        ``high``, the ends of the parameter's range. In ``attrs``: ``question``, ``happened`` and
        ``not_happened``, the sizes of the groups, ``unanswered``, ``task`` and ``seed``.

    Raises
    ------
    InvalidArgumentError
        If the outcome always or never happens.
    UnknownNameError

    Examples
    --------
    >>> import bargain as bg
    >>> task = bg.load_scenario("gsomia").task("2019-11 deadline", draws=10_000, seed=7)
    >>> table = bg.regional_sensitivity(task, {"ROK": "terminate"})
    >>> table.loc["pressing_cost", ["with_50", "without_50"]].round(1).tolist()
    [1.6, 1.0]
    """
    from scipy.stats import ks_2samp  # noqa: PLC0415 - takes long to import

    sample = Sample.of(source, outcome=outcome, where="regional_sensitivity").both("regional_sensitivity")
    happened = sample.happened
    varying = sample.varying
    distance, p_value = np.zeros(len(sample.parameters)), np.ones(len(sample.parameters))
    for place in varying:
        row = sample.values[place]
        distance[place], p_value[place] = ks_2samp(row[happened], row[~happened], method="asymp")
    p_value[varying] = _holm(p_value[varying])
    columns = {"distance": distance, "p_value": p_value}
    for group, chosen in (("with", happened), ("without", ~happened)):
        for share, row in zip(
            _QUANTILES, np.quantile(sample.values[:, chosen], _QUANTILES, axis=1), strict=True
        ):
            columns[f"{group}_{round(100 * share):02}"] = row
    task = source.task if isinstance(source, Sweep) else source
    columns["low"], columns["high"] = np.array([task.space[name].range() for name in sample.parameters]).T
    frame = pd.DataFrame(columns, index=pd.Index(sample.parameters, name="parameter"))
    frame = frame.sort_values("distance", ascending=False, kind="stable")
    frame.attrs.update(
        question=sample.words,
        happened=int(happened.sum()),
        not_happened=int((~happened).sum()),
        unanswered=sample.unanswered,
        task=sample.name,
        seed=task.seed,
    )
    return frame


def _holm(p_values: Floats) -> Floats:
    """Correct p-values for having been many."""
    order = np.argsort(p_values)
    steps = p_values[order] * np.arange(p_values.size, 0, -1)
    result = np.empty_like(p_values)
    result[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return result
