"""Subgame-perfect equilibria of games played in stages, by backward induction over all draws at once."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bargain.axes import Bools, Floats, Ints
from bargain.errors import InvalidArgumentError, UnsupportedGameError
from bargain.games.labels import Labels
from bargain.games.normal import NormalForm
from bargain.solvers.all_nash import AllNash
from bargain.solvers.solution import Codes, Solution, Status

__all__ = ["SubgamePerfect"]

_MOST = 4096  # combinations of equilibria of subgames followed in one draw


@dataclass(frozen=True)
class SubgamePerfect:
    """Subgame-perfect equilibria when groups of players move one after the other.

    Later groups see what earlier ones did; the players of one group move at the same time. At each stage all
    equilibria of the stage game are taken, mixed ones included, as `AllNash` finds them. When a subgame has
    several, every combination is followed: nothing is selected here, see `bargain.solvers.selection` for
    rules that do. What leads to the same path of play is listed once.

    The combinations of a draw multiply. Where there are more than 4,096 of them at a stage, only the first
    equilibrium of each subgame is followed and the draw is marked INCOMPLETE.

    Parameters
    ----------
    order : sequence of sequence of str
        The groups, first mover first. Every player with a choice stands in exactly one group.

    Notes
    -----
    `Solution.strategies` are those seen on the path of play, `Solution.outcomes` the probabilities of
    outcomes; `Solution.regret` is the largest gain from deviating once, in any subgame on or off the path
    (the one-shot deviation principle [Selten1975]_). Status is NONE where some subgame has no equilibrium of
    the kind looked for, otherwise that of the worst subgame.

    Examples
    --------
    The second mover would fight entry only if that were credible.

    >>> import bargain as bg
    >>> game = bg.NormalForm(
    ...     {"entrant": ("stay out", "enter"), "incumbent": ("fight", "share")},
    ...     [[[0, 0], [-1, 1]], [[2, 2], [-1, 1]]],
    ... )
    >>> bg.solve(game, bg.SubgamePerfect([["entrant"], ["incumbent"]])).profiles()
    [{'entrant': {'enter': 1.0}, 'incumbent': {'share': 1.0}}]
    """

    order: Sequence[Sequence[str]]

    def __post_init__(self) -> None:
        groups = self.order
        if (
            isinstance(groups, str)
            or not groups
            or any(isinstance(group, str) or not group for group in groups)
        ):
            raise InvalidArgumentError(
                "SubgamePerfect: order is a list of groups of players that move at the same time, such as"
                f" [['USA'], ['ROK', 'JPN']]; given {groups!r}"
            )
        players = [player for group in groups for player in group]
        twice = sorted({player for player in players if players.count(player) > 1})
        if twice:
            raise InvalidArgumentError(f"SubgamePerfect: {twice[0]!r} moves more than once in {groups!r}")
        object.__setattr__(self, "order", tuple(tuple(group) for group in groups))

    def solve(self, game: NormalForm) -> Solution:
        """Return the subgame-perfect equilibria of every draw.

        Parameters
        ----------
        game : NormalForm
            Payoffs at the end of each path of play.

        Returns
        -------
        Solution

        Raises
        ------
        UnknownNameError
            If the order names somebody who does not play.
        UnsupportedGameError
            If the order leaves out a player who has a choice.
        """
        groups = [
            tuple(game.labels.player(player, where="order") for player in group) for group in self.order
        ]
        listed = set(itertools.chain(*groups))
        left_out = [
            player
            for index, player in enumerate(game.players)
            if index not in listed and game.shape[index] > 1
        ]
        if left_out:
            raise UnsupportedGameError(f"SubgamePerfect: order does not say when {', '.join(left_out)} moves")
        tree = _Tree(game, groups, np.full(game.draws, Status.SOLVED, dtype=np.int8))
        root = tree.continuation(0, [0] * len(game.players))
        found = np.bincount(root.draw, minlength=game.draws) > 0
        failed = tree.codes == Status.FAILED
        codes = np.where(found & failed, np.int8(Status.INCOMPLETE), tree.codes)
        codes[~found & ~failed] = Status.NONE
        table = root.outcomes.reshape(*game.shape, -1)
        strategies = tuple(
            table.sum(axis=tuple(axis for axis in range(len(game.shape)) if axis != player))
            for player in range(len(game.shape))
        )
        return Solution(game, self, root.draw, strategies, root.regret, codes, (root.payoffs, root.outcomes))


@dataclass(frozen=True, eq=False)
class _Continuation:
    """Equilibria of a subgame, over all draws.

    ``draw`` int[E] ascending, ``payoffs`` float[P, E], ``outcomes`` float[O, E], ``regret`` float[E].
    """

    draw: Ints
    payoffs: Floats
    outcomes: Floats
    regret: Floats


@dataclass(frozen=True, eq=False)
class _Tree:
    """Backward induction; ``codes`` collects the worst status met in any subgame of each draw."""

    game: NormalForm
    groups: list[tuple[int, ...]]
    codes: Codes

    def continuation(self, stage: int, actions: list[int]) -> _Continuation:
        """Return the equilibria from a stage on, after the actions taken so far."""
        if stage == len(self.groups):
            return self._end(actions)
        group = self.groups[stage]
        sizes = [self.game.shape[player] for player in group]
        branches = []
        for choice in itertools.product(*map(range, sizes)):
            following = list(actions)
            for player, action in zip(group, choice, strict=True):
                following[player] = action
            branches.append(self.continuation(stage + 1, following))
        draw, picks, cut = _combine(branches, self.game.draws)
        self.codes[cut] = np.maximum(self.codes[cut], np.int8(Status.INCOMPLETE))
        labels = Labels(
            tuple(self.game.players[player] for player in group),
            tuple(self.game.labels.actions[player] for player in group),
        )
        if not draw.size:
            return replace(branches[0], draw=draw, **_none(branches[0]))
        stage_payoffs = np.stack(
            [branch.payoffs[list(group)][:, pick] for branch, pick in zip(branches, picks, strict=True)],
            axis=1,
        )
        game = NormalForm(labels, stage_payoffs.reshape(len(group), *sizes, -1))
        solution = self._stage(game, draw)
        return _resolve(solution, draw, branches, picks)

    def _end(self, actions: list[int]) -> _Continuation:
        draws = self.game.draws
        outcomes = np.zeros((*self.game.shape, draws))
        outcomes[tuple(actions)] = 1.0
        payoffs: Floats = self.game.payoffs.reshape(len(self.game.shape), -1, draws)[
            :, np.ravel_multi_index(actions, self.game.shape)
        ]
        return _Continuation(np.arange(draws), payoffs, outcomes.reshape(-1, draws), np.zeros(draws))

    def _stage(self, game: NormalForm, draw: Ints) -> Solution:
        """Solve the stage games, each of which belongs to a draw, int[C]."""
        solution = AllNash().solve(game)
        np.maximum.at(self.codes, draw, solution.codes)
        return solution


def _combine(branches: list[_Continuation], draws: int) -> tuple[Ints, list[Ints], Bools]:
    """Pair the equilibria of parallel subgames draw by draw: every combination of one from each.

    Returns the draw of each combination, int[C], per branch the equilibrium that it takes, int[C], and in
    which draws the combinations were too many, bool[N].
    """
    counts = np.array([np.bincount(branch.draw, minlength=draws) for branch in branches])
    # In logarithms: the product itself may overflow.
    cut = (np.log(np.maximum(counts, 1)).sum(axis=0) > np.log(_MOST + 0.5)) & (counts > 0).all(axis=0)
    counts[:, cut] = 1
    total = counts.prod(axis=0)
    draw = np.repeat(np.arange(draws), total)
    rank = np.arange(draw.size) - np.repeat(np.cumsum(total) - total, total)
    picks: list[Ints] = []
    for branch, count in zip(branches, counts, strict=True):
        rank, digit = np.divmod(rank, np.maximum(count, 1)[draw])
        picks.append(np.searchsorted(branch.draw, draw) + digit)
    return draw, picks, cut


def _resolve(
    solution: Solution, draw: Ints, branches: list[_Continuation], picks: list[Ints]
) -> _Continuation:
    """Weigh the branches by the stage equilibrium's probabilities of reaching them."""
    players, outcomes = branches[0].payoffs.shape[0], branches[0].outcomes.shape[0]
    payoffs, reached = np.zeros((players, len(solution))), np.zeros((outcomes, len(solution)))
    regret = np.array(solution.regret)
    for probability, branch, pick in zip(solution.outcomes, branches, picks, strict=True):
        chosen = pick[solution.draw]
        payoffs += probability * branch.payoffs[:, chosen]
        reached += probability * branch.outcomes[:, chosen]
        np.maximum(regret, branch.regret[chosen], out=regret)
    return _distinct(_Continuation(draw[solution.draw], payoffs, reached, regret))


def _distinct(found: _Continuation) -> _Continuation:
    """Keep one of several equilibria with the same path of play: ties off the path would multiply them."""
    several = np.bincount(found.draw)[found.draw] > 1
    if not several.any():
        return found
    rows = np.flatnonzero(several)
    # The same mixed path, computed on two roads, may differ in the last digit.
    paths = np.vstack([found.draw[rows], np.round(found.outcomes[:, rows], 9)])
    _, first = np.unique(paths, axis=1, return_index=True)
    keep = np.sort(np.concatenate([np.flatnonzero(~several), rows[first]]))
    return _Continuation(
        found.draw[keep], found.payoffs[:, keep], found.outcomes[:, keep], found.regret[keep]
    )


def _none(like: _Continuation) -> dict[str, npt.NDArray[np.float64]]:
    return {
        "payoffs": np.empty((like.payoffs.shape[0], 0)),
        "outcomes": np.empty((like.outcomes.shape[0], 0)),
        "regret": np.empty(0),
    }
