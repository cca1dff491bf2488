"""PAWN indices: how far knowing a parameter moves the whole distribution of an answer."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, MissingExtraError
from bargain.seeds import check_seed, generator
from bargain.sensitivity.question import EventLike
from bargain.sensitivity.sample import Sample
from bargain.sweep.run import Sweep
from bargain.sweep.task import Task

__all__ = ["pawn_indices"]

_SLICES = 10
_SHUFFLED = 20
_FEWEST = 20 * _SLICES


def pawn_indices(
    data: Task | Sweep | Mapping[str, npt.ArrayLike],
    output: npt.ArrayLike | None = None,
    *,
    outcome: EventLike | None = None,
    payoff: str | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Return moment-independent indices from draws that are there already, by SALib's PAWN.

    The range of a parameter is cut into ten slices with equal numbers of draws. The index is the distance of
    Kolmogorov and Smirnov between the distribution of the answer in a slice and over all draws, summarised
    over slices [PianosiWagener2018]_. Parameters may depend on each other; what one tells about another then
    counts for it.

    Parameters
    ----------
    data : Task, Sweep or mapping of str to float[N]
        A task, whose draws are made here; a sweep with the reducer `KeptDraws`; or the values of each
        parameter.
    output : float[N], optional
        The answer, when `data` are values.
    outcome : mapping, tuple or collection of tuples, optional
        Of a task or sweep: what is asked, as for `sobol_indices`. Draws without an answer are left out.
    payoff : str, optional
        A player, as for `sobol_indices`.
    seed : int, default 0
        Of the shuffles behind `noise`.

    Returns
    -------
    pandas.DataFrame
        Indexed by parameter, the strongest first: ``mean``, ``median`` and ``maximum`` over slices, 0 to 1.
        For an outcome, ``mean`` is the expected change of its share by knowing the parameter. ``noise`` is
        the largest mean among 20 parameters that had been shuffled and so tell nothing: a mean that is not
        clearly above it is none. In ``attrs``: ``question``, ``draws``, ``unanswered``.

    Raises
    ------
    MissingExtraError
        If SALib is not installed.
    InvalidArgumentError
        If values or answers are not finite, differ in number, or are fewer than 200.

    Examples
    --------
    >>> import bargain as bg
    >>> task = bg.load_scenario("gsomia").task("2019-11 deadline", draws=4_000, seed=7)
    >>> indices = bg.pawn_indices(task, outcome={"ROK": "terminate"})
    >>> indices.index[:2].tolist()
    ['pressing_cost', 'pact_value_usa']
    """
    if isinstance(data, Task | Sweep):
        if output is not None:
            raise InvalidArgumentError("pawn_indices: output goes with values; a task or sweep has answers")
        sample = Sample.of(data, outcome=outcome, payoff=payoff, where="pawn_indices")
    else:
        if outcome is not None or payoff is not None:
            raise InvalidArgumentError("pawn_indices: values have no outcomes; give output")
        sample = _sample(data, output)
    if sample.answer.size < _FEWEST:
        raise InvalidArgumentError(
            f"pawn_indices: at least {_FEWEST} draws with an answer were expected, given {sample.answer.size}"
        )
    stream = generator(check_seed(seed))
    varying = sample.varying
    dummies = [stream.random(sample.answer.size) for _ in range(_SHUFFLED)]
    found = _pawn(np.array([*sample.values[varying], *dummies]), sample.answer)
    columns = {}
    for name in ("mean", "median", "maximum"):
        columns[name] = np.zeros(len(sample.parameters))
        columns[name][varying] = found[name][: len(varying)]
    columns["noise"] = np.full(len(sample.parameters), found["mean"][len(varying) :].max())
    frame = pd.DataFrame(columns, index=pd.Index(sample.parameters, name="parameter"))
    frame = frame.sort_values("mean", ascending=False, kind="stable")
    frame.attrs.update(
        question=sample.words, draws=sample.answer.size, unanswered=sample.unanswered, task=sample.name
    )
    return frame


def _sample(data: Mapping[str, npt.ArrayLike], output: npt.ArrayLike | None) -> Sample:
    if not isinstance(data, Mapping) or not data or output is None:
        raise InvalidArgumentError(
            "pawn_indices: a task, a sweep, or the values of each parameter with output= were expected"
        )
    answer = np.asarray(output, dtype=np.float64)
    rows = {name: np.asarray(values, dtype=np.float64) for name, values in data.items()}
    for name, row in {**rows, "output": answer}.items():
        if row.ndim != 1 or row.size != answer.size:
            raise InvalidArgumentError(
                f"pawn_indices: {name}: {answer.size} numbers were expected, given shape {row.shape}"
            )
        wrong = int(np.count_nonzero(~np.isfinite(row)))
        if wrong:
            raise InvalidArgumentError(
                f"pawn_indices: {name}: finite numbers were expected; {wrong} of {row.size} are not."
                " Leave such draws out, and say so"
            )
    return Sample(tuple(rows), np.array(list(rows.values())), answer, "output", {})


def _pawn(values: Floats, answer: Floats) -> dict[str, Floats]:
    try:
        from SALib.analyze import pawn  # noqa: PLC0415 - optional
    except ImportError as error:
        raise MissingExtraError.of("SALib", "sensitivity", "pawn_indices") from error
    names = [str(place) for place in range(len(values))]
    with warnings.catch_warnings():
        # scipy warns when it computes the p-value by an approximation; only the distance is used.
        warnings.simplefilter("ignore", RuntimeWarning)
        found = pawn.analyze({"num_vars": len(names), "names": names}, values.T, answer, S=_SLICES)
    return {name: np.asarray(found[name]) for name in ("mean", "median", "maximum")}
