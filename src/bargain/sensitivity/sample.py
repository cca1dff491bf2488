"""A sample of draws with the answer of each: what methods that need no design of their own start from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bargain.axes import Bools, Floats, read_only
from bargain.errors import InvalidArgumentError
from bargain.games.labels import Labels
from bargain.sensitivity.question import (
    EquilibriumPayoff,
    Event,
    EventLike,
    question_of,
    told,
    why_unanswered,
)
from bargain.sweep.cell import REMAINDER
from bargain.sweep.kernel import Kernel
from bargain.sweep.reducers import KeptDraws
from bargain.sweep.run import Sweep
from bargain.sweep.task import Task

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Sample"]


@dataclass(frozen=True, eq=False)
class Sample:
    """Draws and their answers to one question.

    Attributes
    ----------
    parameters : tuple of str, length D
    values : float[D, N]
        Of the draws that have an answer.
    answer : float[N]
    words : str
        The question.
    unanswered : dict of str to int
        Numbers of draws left out, by reason.
    name : str
        Of the task.
    """

    parameters: tuple[str, ...]
    values: Floats
    answer: Floats
    words: str
    unanswered: dict[str, int]
    name: str = ""

    def __post_init__(self) -> None:
        for name in ("values", "answer"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @classmethod
    def of(
        cls,
        source: Task | Sweep,
        *,
        outcome: EventLike | None = None,
        payoff: str | None = None,
        where: str,
    ) -> Sample:
        """Take the draws of a task, or those that a sweep has kept.

        Parameters
        ----------
        source : Task or Sweep
            A task's draws are made and solved here, all of them; a sweep must have the reducer `KeptDraws`,
            whose draws with several equilibria count as unanswered.
        outcome, payoff
            See `question_of`.
        where : str
            Named in the errors.

        Returns
        -------
        Sample
            Of the draws that have an answer.

        Raises
        ------
        InvalidArgumentError
            If the source is something else, has kept no draws, or no draw has an answer.
        UnknownNameError
        """
        if isinstance(source, Sweep):
            found = cls._kept(source, outcome, payoff, where)
        elif isinstance(source, Task):
            found = cls._fresh(source, outcome, payoff, where)
        else:
            raise InvalidArgumentError(f"{where}: a Task or a Sweep was expected, given {source!r}")
        if not found.answer.size:
            raise InvalidArgumentError(f"{where}: no draw has an answer to: {found.words}")
        return found

    @classmethod
    def _fresh(cls, task: Task, outcome: EventLike | None, payoff: str | None, where: str) -> Sample:
        question = question_of(task.model.labels, outcome, payoff, where=where)
        kernel, reasons = Kernel(task), np.zeros(len(REMAINDER), dtype=np.int64)
        values, answers = [], []
        for block in range(task.blocks):
            for cell in kernel.cells(block):
                answer = question.answer(cell)
                reasons += why_unanswered(cell, answer)
                known = ~np.isnan(answer)
                values.append(cell.values[:, known])
                answers.append(answer[known])
        return cls(
            task.space.names,
            np.concatenate(values, axis=1),
            np.concatenate(answers),
            question.words,
            told(reasons),
            task.name,
        )

    @classmethod
    def _kept(cls, sweep: Sweep, outcome: EventLike | None, payoff: str | None, where: str) -> Sample:
        task = sweep.task
        question = question_of(task.model.labels, outcome, payoff, where=where)
        keepers = [reducer for reducer in task.reducers if isinstance(reducer, KeptDraws)]
        if not keepers:
            raise InvalidArgumentError(
                f"{where}: the sweep has kept no draws; give the task itself, or its reducers KeptDraws()"
            )
        kept: xr.Dataset = sweep.table(min(keepers, key=lambda keeper: keeper.every))
        names = np.asarray(kept["outcome"].values)
        answer = (
            kept["payoff"].sel(player=question.player).values
            if isinstance(question, EquilibriumPayoff)
            else _answers(names, question, task.model.labels)
        )
        known = ~np.isnan(answer)
        values = np.array([kept[name].values for name in task.space.names]).reshape(len(task.space), -1)
        reasons = {name: int(np.count_nonzero(~known & (names == name))) for name in REMAINDER}
        return cls(
            task.space.names,
            values[:, known],
            answer[known],
            question.words,
            {name: count for name, count in reasons.items() if count},
            task.name,
        )

    @property
    def happened(self) -> Bools:
        """Whether the event happened, bool[N]; for questions about outcomes."""
        happened: Bools = self.answer == 1
        return happened

    def both(self, where: str) -> Sample:
        """Return the sample itself, or refuse one in which the event always or never happens.

        Parameters
        ----------
        where : str
            Named in the error.

        Returns
        -------
        Sample

        Raises
        ------
        InvalidArgumentError
        """
        count = int(self.happened.sum())
        if count in {0, self.answer.size}:
            often = "never" if count == 0 else "always"
            raise InvalidArgumentError(
                f"{where}: {self.words} {often} happens in {self.answer.size} draws with an answer;"
                " there is nothing to tell apart"
            )
        return self

    @property
    def varying(self) -> list[int]:
        """Places of the parameters that are not constant in the sample."""
        return [place for place, row in enumerate(self.values) if row.min() < row.max()]


def _answers(
    names: np.ndarray[tuple[int, ...], np.dtype[np.str_]], question: object, labels: Labels
) -> Floats:
    assert isinstance(question, Event)  # noqa: S101 - the two questions there are
    answers = {"/".join(o): float(o in question.outcomes) for o in labels.outcomes}
    return np.array([answers.get(name, np.nan) for name in names.tolist()], dtype=np.float64)
