"""What a policy changes: two tasks on the same draws, with the interval of the difference."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.special import ndtri

from bargain.axes import Bools, Ints
from bargain.errors import InvalidArgumentError
from bargain.games.labels import Labels
from bargain.provenance import Provenance
from bargain.sweep.cell import REMAINDER, Predictions
from bargain.sweep.executors import in_parallel, single_threaded
from bargain.sweep.kernel import Kernel
from bargain.sweep.task import Task

__all__ = ["compare"]


def compare(
    before: Task, after: Task, *, players: Sequence[str] | None = None, workers: int | None = None
) -> pd.DataFrame:
    """Compare the shares of two tasks on common random numbers.

    Both tasks see the same draws of the unit cube, so what differs is the policy alone, and the interval of
    the difference is narrower than from independent draws, the more so the smaller the change.

    Parameters
    ----------
    before, after : Task
        With the same parameters, players, number of draws, seed and design. Values, held players and solvers
        may differ.
    players : sequence of str, optional
        Tell outcomes apart by the actions of these players only; by default all.
    workers : int, optional
        How many blocks to compute at once; by default as many as processors.

    Returns
    -------
    pandas.DataFrame
        Indexed by outcome, one level per player; ``before``, ``after``: shares of draws in which it is the
        only outcome predicted; ``difference`` with its 95 % interval ``low`` and ``high``, from
        the pairs of draws. With names and keys of both tasks, draws and provenance in ``attrs``.

    Raises
    ------
    InvalidArgumentError
        If the tasks do not have the same draws.
    UnknownNameError
        If one of `players` does not play.

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
    started = time.perf_counter()
    for name in ("draws", "seed"):
        if getattr(before, name) != getattr(after, name):
            raise InvalidArgumentError(
                f"compare: both tasks must have the same {name},"
                f" given {getattr(before, name)} and {getattr(after, name)}"
            )
    if before.design.content() != after.design.content() or before.space.names != after.space.names:
        raise InvalidArgumentError("compare: both tasks must have the same design and the same parameters")
    if before.model.labels.players != after.model.labels.players:
        raise InvalidArgumentError(
            f"compare: both tasks must have the players {', '.join(before.model.labels.players)}"
        )
    axes = [
        before.model.labels.player(name, where="players") for name in players or before.model.labels.players
    ]
    shown = _union(before.model.labels, after.model.labels, axes)
    outcomes = shown.outcomes
    kernels = Kernel(before), Kernel(after)
    rows = [
        [outcomes.index(tuple(outcome[axis] for axis in axes)) for outcome in task.model.labels.outcomes]
        for task in (before, after)
    ]

    def block_table(block: int) -> Ints:
        total = np.zeros((3, len(outcomes) + len(REMAINDER)), dtype=np.int64)
        for pair in zip(*(kernel.cells(block) for kernel in kernels), strict=True):
            first, second = (
                _answers(cell.predictions, row, len(outcomes)) for cell, row in zip(pair, rows, strict=True)
            )
            total += np.stack([first.sum(axis=1), second.sum(axis=1), (first ^ second).sum(axis=1)])
        return total

    count = before.blocks
    table: Ints = np.zeros((), dtype=np.int64)
    with single_threaded():
        for kernel in kernels:
            kernel.warm()
        tables = in_parallel(
            block_table, iter(range(count)), workers=workers or os.cpu_count() or 1, count=count
        )
        for _, part in tables:
            table = table + part
    draws = before.draws
    share = table[:2] / draws
    difference = share[1] - share[0]
    # Var(second - first) per draw, as each draw contributes -1, 0 or 1; half a draw keeps zero counts honest.
    variance = (table[2] + 0.5) / draws - difference**2
    half = float(ndtri(0.975)) * np.sqrt(np.maximum(variance, 0) / draws)
    blank = ("",) * (len(axes) - 1)
    frame = pd.DataFrame(
        {
            "before": share[0],
            "after": share[1],
            "difference": difference,
            "low": difference - half,
            "high": difference + half,
        },
        index=pd.MultiIndex.from_tuples(
            [*outcomes, *((name, *blank) for name in REMAINDER)], names=shown.players
        ),
    )
    # Of the rows for draws without a single answer, only those that occur.
    occurs = np.asarray(table[:2].any(axis=0)).tolist()
    unused = [number for number in range(len(outcomes), len(frame)) if not occurs[number]]
    shown_rows = frame.drop(index=frame.index[unused])
    design = str(after.design.content()["kind"])
    record = Provenance.now(
        task=after.key, seed=after.seed, design=design, seconds=time.perf_counter() - started
    )
    shown_rows.attrs.update(
        before=before.name, after=after.name, draws=draws, key_before=before.key, **record.attributes()
    )
    return shown_rows


def _union(before: Labels, after: Labels, axes: list[int]) -> Labels:
    """Return the labels of some players, with every action that either task leaves them."""
    actions = (dict.fromkeys(before.actions[axis] + after.actions[axis]) for axis in axes)
    return Labels(tuple(before.players[axis] for axis in axes), tuple(map(tuple, actions)))


def _answers(predictions: Predictions, rows: list[int], outcomes: int) -> Bools:
    """Return bool[outcome or remainder, N]: the one row that each draw belongs to."""
    answers = np.zeros((outcomes + len(REMAINDER), predictions.count.size), dtype=np.bool_)
    for row, certain in zip(rows, predictions.certain, strict=True):
        answers[row] |= certain
    without = predictions.count == 0
    unclear = ~(without | predictions.certain.any(axis=0))
    answers[outcomes] = unclear & (predictions.count == 1)
    answers[outcomes + 1] = unclear & (predictions.count > 1)
    answers[outcomes + 2] = without & predictions.without_equilibrium
    answers[outcomes + 3] = without & ~predictions.without_equilibrium
    return answers
