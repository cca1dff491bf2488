"""The audit: a random sample of a sweep's draws, solved again by somebody else.

The second opinion shares no code with the sweep's fast path: payoffs are added up term by term from the
declared payoffs, and the game is solved by nashpy where two players have a choice, by pygambit where that is
installed, else by trying every outcome in plain Python. Other games have a slow twin of their own, which is
asked for the measures as well.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bargain.axes import Floats, Ints
from bargain.games.labels import Labels
from bargain.payoffs.model import PayoffModel
from bargain.seeds import generator
from bargain.solvers.all_nash import AllNash
from bargain.solvers.bimatrix_nash import BimatrixNash
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solver, Status
from bargain.solvers.subgame_perfect import SubgamePerfect
from bargain.sweep.cell import Cell
from bargain.sweep.game_model import Opinion, SecondOpinion
from bargain.sweep.readings import Readings
from bargain.sweep.statistic import Statistic
from bargain.sweep.task import Task
from bargain.uncertainty.designs import BLOCK

__all__ = ["Audit", "Disagreement", "audit", "observe", "sample", "thin"]

_ADDRESS = 1_000_003
"""Where below a seed the audit's own random numbers are; no block of a sweep is."""

_CLOSE = 1e-7

_SAME = 1e-6
"""How far measures may differ, relative to one plus their size; two methods round differently."""


@dataclass(frozen=True)
class Disagreement:
    """A draw in which the second opinion differs; `Sweep.draw` replays it.

    Attributes
    ----------
    draw : int
    swept, second : tuple of str
        The outcomes possible in some equilibrium, by the sweep and by the second opinion; then the measures
        that differ.
    """

    draw: int
    swept: tuple[str, ...]
    second: tuple[str, ...]


@dataclass(frozen=True)
class Audit:
    """What the audit found.

    Attributes
    ----------
    checked : int
        Draws solved again.
    agreed : int
    by : str
        Who gave the second opinion; empty where nobody can for this solver.
    disagreements : tuple of Disagreement
    unjudged : int, default 0
        Draws of the sample about which the second opinion had nothing to say, such as those in which several
        mixed equilibria are possible and a rule picks one.
    """

    checked: int
    agreed: int
    by: str
    disagreements: tuple[Disagreement, ...]
    unjudged: int = 0

    def __str__(self) -> str:
        if not self.by:
            return "not audited: there is no second opinion for this solver"
        told = f"{self.agreed} of {self.checked} draws agree with {self.by}"
        return f"{told}, which does not judge {self.unjudged} more" if self.unjudged else told


def sample(task: Task, size: int, *, open_end: bool = False) -> Ints:
    """Choose the draws to audit, before any is computed.

    Parameters
    ----------
    task : Task
    size : int
    open_end : bool
        Whether the run may end earlier. Then so many are chosen of the first block, of the second, of the
        next two, of the next four and so on: wherever the run ends there are enough to `thin`.

    Returns
    -------
    int[n]
        Different draw numbers, ascending; all draws if there are fewer.
    """
    stream = generator(task.seed, _ADDRESS)
    doubling = itertools.takewhile(lambda end: end < task.draws, (BLOCK << k for k in itertools.count()))
    ends = [0, *(doubling if open_end else ()), task.draws]
    chosen = [
        start + stream.choice(end - start, size=min(size, end - start), replace=False, shuffle=False)
        for start, end in itertools.pairwise(ends)
    ]
    return np.sort(np.concatenate(chosen))


def thin(task: Task, observed: Statistic, size: int) -> Statistic:
    """Choose at random among the draws that were observed.

    Parameters
    ----------
    task : Task
    observed : Statistic
        From `observe`.
    size : int

    Returns
    -------
    Statistic
        With so many rows, or all if there are fewer.
    """
    draws = np.array(sorted(observed.rows), dtype=np.int64)
    if len(draws) <= size:
        return observed
    kept = generator(task.seed, _ADDRESS, task.draws).choice(draws, size=size, replace=False, shuffle=False)
    return Statistic(rows={int(draw): observed.rows[int(draw)] for draw in kept})


def observe(cell: Cell, draws: Ints) -> Statistic:
    """Write down what the sweep itself says of some draws.

    Parameters
    ----------
    cell : Cell
    draws : int[n]
        Draw numbers; those outside the cell are passed over.

    Returns
    -------
    Statistic
        Rows of parameter values, then 0 or 1 for each outcome that is possible, then the status, then the
        measures of games that are no payoff tables.
    """
    here = draws[(draws >= cell.first) & (draws < cell.first + cell.draws)]
    found = cell.predictions
    return Statistic(
        rows={
            int(draw): np.concatenate(
                [
                    cell.values[:, place],
                    found.possible[:, place],
                    found.codes[place : place + 1],
                    cell.measures[:, place],
                ]
            ).astype(np.float64)
            for draw, place in zip(here, here - cell.first, strict=True)
        }
    )


def audit(task: Task, observed: Statistic) -> Audit:
    """Solve the observed draws again and compare.

    Parameters
    ----------
    task : Task
    observed : Statistic
        From `observe`.

    Returns
    -------
    Audit
    """
    labels, model = task.model.labels, task.model
    second: _SecondOpinion | SecondOpinion | None
    if isinstance(model, PayoffModel):
        second = _SecondOpinion(task.solver, labels)
    else:
        second = model.second_opinion(task.solver)
    if second is None or not second.by:
        return Audit(0, 0, "", ())
    size, end, checked = len(task.space), len(task.space) + labels.size, 0
    unjudged = 0
    disagreements: list[Disagreement] = []
    for draw, row in sorted(observed.rows.items()):
        values, possible, code = row[:size], row[size:end] > 0, list(Status)[int(row[end])]
        if code in {Status.INVALID, Status.FAILED}:
            continue
        try:
            if isinstance(model, PayoffModel):
                theirs = second.solve(_payoffs(model, values))
            else:
                at = dict(zip(model.parameters, values.tolist(), strict=True))
                theirs = second.solve(model.plainly(at))
        except (ArithmeticError, np.linalg.LinAlgError, RuntimeError):  # it broke down: the sweep need not
            theirs = None
        if theirs is None:
            unjudged += 1
            continue
        checked += 1
        ours = set(np.flatnonzero(possible).tolist())
        apart = list(_apart(labels, row[end + 1 :], theirs.measures))
        # A peer that may miss equilibria contradicts only with one that was not found here.
        less = second.may_miss or code is not Status.SOLVED
        if apart or not (theirs.possible <= ours if less else theirs.possible == ours):
            named = [
                (*("/".join(labels.outcomes[o]) for o in sorted(found)), *told)
                for found, told in (
                    (ours, (f"{name} {value:.6g}" for name, value, _ in apart)),
                    (theirs.possible, (f"{name} {value:.6g}" for name, _, value in apart)),
                )
            ]
            disagreements.append(Disagreement(draw, *named))
    return Audit(checked, checked - len(disagreements), second.by, tuple(disagreements), unjudged)


def _apart(labels: Labels, ours: Floats, theirs: Mapping[str, float]) -> Iterator[tuple[str, float, float]]:
    """Yield the measures that differ, with our value and theirs."""
    if not isinstance(labels, Readings):
        return
    # A store of an earlier version has no measures of the draws.
    for measure, value in zip(labels.measures, ours.tolist(), strict=False):
        other = theirs.get(measure.name, value)
        missing = np.isnan([value, other])
        if missing[0] != missing[1] or abs(value - other) > _SAME * (1 + abs(value)):
            yield measure.name, value, other


def _payoffs(model: PayoffModel, values: Floats) -> Floats:
    """Add up the declared terms of one draw, in the plainest way: float[P, A...]."""
    at = dict(zip(model.parameters, values.tolist(), strict=True))
    payoffs = np.zeros((len(model.labels.players), model.labels.size))
    for player, term in model.terms:
        amount = term.coefficient
        for name in term.parameters:
            amount *= at[name]
        for number, outcome in enumerate(model.labels.outcomes):
            played = dict(zip(model.labels.players, outcome, strict=True))
            if all(played[who] in actions for who, actions in term.when):
                payoffs[model.labels.player(player), number] += amount
    return payoffs.reshape(-1, *model.labels.shape)


class _SecondOpinion:
    """Who solves the draws again, and which outcomes they find possible."""

    def __init__(self, solver: Solver, labels: Labels) -> None:
        self._solver, self._labels = solver, labels
        movers = sum(size > 1 for size in labels.shape)
        self.by, self.may_miss = "", False
        if isinstance(solver, PureNash):
            self.by = "trying every outcome"
        elif isinstance(solver, SubgamePerfect):
            # Of stages at which three or more players move, the peers find the pure equilibria only.
            groups = [[labels.shape[labels.player(player)] for player in group] for group in solver.order]
            self.by = "recursion with nashpy"
            self.may_miss = any(sum(size > 1 for size in sizes) > 2 for sizes in groups)
        elif isinstance(solver, AllNash | BimatrixNash) and movers == 2:
            # nashpy's vertex enumeration may miss equilibria of games with ties only; then ours says so.
            self.by, self.may_miss = "nashpy", isinstance(solver, BimatrixNash)
        elif isinstance(solver, AllNash):
            self.by, self.may_miss = ("pygambit" if _has_pygambit() else "trying every outcome"), True

    def solve(self, payoffs: Floats) -> Opinion:
        return Opinion(self._possible(payoffs))

    def _possible(self, payoffs: Floats) -> set[int]:
        if isinstance(self._solver, SubgamePerfect):
            return self._staged(payoffs, self._solver)
        if self.by == "nashpy":
            return _reached(_nashpy(payoffs))
        if self.by == "pygambit":
            return _reached(_pygambit(payoffs))
        tolerance = self._solver.tolerance if isinstance(self._solver, PureNash) else 0.0
        return set(_pure(payoffs, tolerance))

    def _staged(self, payoffs: Floats, solver: SubgamePerfect) -> set[int]:
        groups = [[self._labels.player(player) for player in group] for group in solver.order]
        reached: set[int] = set()
        for _, outcomes in _continuations(payoffs, groups, {}):
            reached |= set(np.flatnonzero(outcomes > _CLOSE).tolist())
        return reached


def _pure(payoffs: Floats, tolerance: float = 0.0) -> list[int]:
    """List the outcomes at which nobody gains by another action, one by one."""
    shape = payoffs.shape[1:]
    found = []
    for number, outcome in enumerate(itertools.product(*map(range, shape))):
        stays = True
        for player, size in enumerate(shape):
            for action in range(size):
                other = (*outcome[:player], action, *outcome[player + 1 :])
                stays &= bool(payoffs[(player, *outcome)] >= payoffs[(player, *other)] - tolerance)
        if stays:
            found.append(number)
    return found


def _nashpy(payoffs: Floats) -> list[list[Floats]]:
    """Return every equilibrium that nashpy's vertex enumeration finds, as one strategy per player."""
    import nashpy  # noqa: PLC0415 - takes long to import

    shape = payoffs.shape[1:]
    movers = [player for player, size in enumerate(shape) if size > 1]
    tables = [_raised(payoffs[mover].reshape(shape[movers[0]], shape[movers[1]])) for mover in movers]
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for pair in nashpy.Game(*tables).vertex_enumeration():
            profile = [np.ones(1) for _ in shape]
            for mover, strategy in zip(movers, pair, strict=True):
                profile[mover] = np.asarray(strategy, dtype=np.float64)
            found.append(profile)
    return found


def _raised(table: Floats) -> Floats:
    """Bring payoffs to between 1 and 2: zeros make nashpy's polytopes unbounded."""
    low, high = table.min(), table.max()
    raised: Floats = 1.0 + (table - low) / (float(high - low) or 1.0)
    return raised


def _pygambit(payoffs: Floats) -> list[list[Floats]]:
    """Return what pygambit's polynomial enumeration finds, which may not be all."""
    import pygambit  # noqa: PLC0415 - an extra

    game = pygambit.Game.from_arrays(*payoffs)
    result = pygambit.nash.enumpoly_solve(game, use_strategic=True)
    return [
        [np.array([float(profile[strategy]) for strategy in player.strategies]) for player in game.players]
        for profile in result.equilibria
    ]


def _has_pygambit() -> bool:
    try:
        import pygambit  # noqa: F401, PLC0415 - an extra
    except ImportError:
        return False
    return True


def _reached(profiles: Iterable[Sequence[Floats]]) -> set[int]:
    reached: set[int] = set()
    for profile in profiles:
        joint = np.ones(1)
        for strategy in profile:
            joint = np.multiply.outer(joint, strategy).ravel()
        reached |= set(np.flatnonzero(joint > _CLOSE).tolist())
    return reached


def _continuations(
    payoffs: Floats, groups: list[list[int]], taken: dict[int, int]
) -> list[tuple[Floats, Floats]]:
    """Return (payoffs float[P], probabilities float[O]) of every equilibrium after the actions taken."""
    shape = payoffs.shape[1:]
    if not groups:
        number = int(np.ravel_multi_index([taken.get(player, 0) for player in range(len(shape))], shape))
        return [(payoffs.reshape(len(shape), -1)[:, number], np.eye(int(np.prod(shape)))[number])]
    group, *later = groups
    sizes = [shape[player] for player in group]
    choices = list(itertools.product(*map(range, sizes)))
    branches = [
        _continuations(payoffs, later, {**taken, **dict(zip(group, choice, strict=True))})
        for choice in choices
    ]
    found = []
    for plan in itertools.product(*branches):
        stage = np.array([value[group] for value, _ in plan]).T.reshape(len(group), *sizes)
        for weights in _stage_equilibria(stage):
            value = sum((w * v for w, (v, _) in zip(weights, plan, strict=True)), np.zeros(len(shape)))
            reached = sum((w * p for w, (_, p) in zip(weights, plan, strict=True)), np.zeros(len(plan[0][1])))
            found.append((value, reached))
    return found


def _stage_equilibria(stage: Floats) -> list[Floats]:
    """Return the distributions over joint actions in the equilibria of a stage that the peers find."""
    size = int(np.prod(stage.shape[1:]))
    if sum(actions > 1 for actions in stage.shape[1:]) != 2:
        return [np.eye(size)[number] for number in _pure(stage)]
    joints = []
    for profile in _nashpy(stage):
        joint = np.ones(1)
        for strategy in profile:
            joint = np.multiply.outer(joint, strategy).ravel()
        joints.append(joint)
    return joints
