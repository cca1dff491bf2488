"""What a policy changes: two tasks on the same draws, with the interval of the difference."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
from scipy.special import ndtri
from threadpoolctl import threadpool_limits

from bargain.axes import Bools, Ints
from bargain.errors import InvalidArgumentError
from bargain.games.labels import Labels
from bargain.sweep.kernel import Kernel
from bargain.sweep.reducers import Predictions
from bargain.sweep.run import REMAINDER
from bargain.sweep.task import Task

__all__ = ["compare"]


def compare(before: Task, after: Task, *, workers: int = 2) -> pd.DataFrame:
    """Compare the shares of two tasks on common random numbers.

    Both tasks see the same draws of the unit cube, so what differs is the policy alone, and the interval of the
    difference is much narrower than those of the two shares.

    Parameters
    ----------
    before, after : Task
        With the same parameters, players, number of draws, seed and design. Values, held players and solvers
        may differ.
    workers : int, default 2
        Number of threads.

    Returns
    -------
    pandas.DataFrame
        Indexed by outcome; ``before``, ``after``: shares of draws in which it is the only outcome predicted;
        ``difference`` with its 95 % interval ``low`` and ``high``, from the pairs of draws.

    Raises
    ------
    InvalidArgumentError
        If the tasks do not have the same draws.

    Examples
    --------
    >>> import bargain as bg
    >>> scenario = bg.load_scenario("gsomia")
    >>> history = scenario.task("2019-11 deadline", draws=20_000)
    >>> without = scenario.task("2019-11 deadline", draws=20_000, fix={"USA": "abstain"})
    >>> effect = bg.compare(history, without)
    >>> round(float(effect.loc[("terminate", "maintain", "abstain"), "difference"]), 1)
    0.5
    """
    for name in ("draws", "seed"):
        if getattr(before, name) != getattr(after, name):
            raise InvalidArgumentError(
                f"compare: both tasks must have the same {name}, given {getattr(before, name)} and {getattr(after, name)}"
            )
    if before.points.content() != after.points.content() or before.space.names != after.space.names:
        raise InvalidArgumentError("compare: both tasks must have the same design and the same parameters")
    players = before.model.labels.players
    if players != after.model.labels.players:
        raise InvalidArgumentError(f"compare: both tasks must have the players {', '.join(players)}")
    outcomes = _union(before.model.labels, after.model.labels)
    kernels = Kernel(before), Kernel(after)
    columns = [[outcomes.index(o) for o in task.model.labels.outcomes] for task in (before, after)]

    def block_table(block: int) -> Ints:
        total = np.zeros((3, len(outcomes) + len(REMAINDER)), dtype=np.int64)
        for pair in zip(*(kernel.predictions(block) for kernel in kernels), strict=True):
            first, second = (
                _answers(predictions, column, len(outcomes))
                for predictions, column in zip(pair, columns, strict=True)
            )
            total += np.stack([first.sum(axis=1), second.sum(axis=1), (first ^ second).sum(axis=1)])
        return total

    with threadpool_limits(limits=1), ThreadPoolExecutor(workers) as pool:
        table: Ints = sum(pool.map(block_table, range(before.blocks)), start=np.zeros((), dtype=np.int64))
    draws = before.draws
    share = table[:2] / draws
    difference = share[1] - share[0]
    # Var(second - first) per draw, as each draw contributes -1, 0 or 1; half a draw keeps zero counts honest.
    variance = (table[2] + 0.5) / draws - difference**2
    half = float(ndtri(0.975)) * np.sqrt(np.maximum(variance, 0) / draws)
    blank = ("",) * (len(players) - 1)
    frame = pd.DataFrame(
        {
            "before": share[0],
            "after": share[1],
            "difference": difference,
            "low": difference - half,
            "high": difference + half,
        },
        index=pd.MultiIndex.from_tuples([*outcomes, *((name, *blank) for name in REMAINDER)], names=players),
    )
    return frame[table[:2].any(axis=0) | np.r_[np.ones(len(outcomes), np.bool_), np.zeros(4, np.bool_)]]


def _union(before: Labels, after: Labels) -> list[tuple[str, ...]]:
    merged = Labels(
        before.players,
        tuple(tuple(dict.fromkeys(a + b)) for a, b in zip(before.actions, after.actions, strict=True)),
    )
    return list(merged.outcomes)


def _answers(predictions: Predictions, columns: list[int], outcomes: int) -> Bools:
    """Return bool[outcome or remainder, N]: the one row that each draw belongs to."""
    answers = np.zeros((outcomes + len(REMAINDER), predictions.count.size), dtype=np.bool_)
    answers[columns] = predictions.certain
    open_ = ~predictions.certain.any(axis=0)
    answers[outcomes] = open_ & (predictions.count == 1)
    answers[outcomes + 1] = open_ & (predictions.count > 1)
    answers[outcomes + 2] = (predictions.count == 0) & predictions.without_equilibrium
    answers[outcomes + 3] = (predictions.count == 0) & ~predictions.without_equilibrium
    return answers
