"""The sequence form of trees: realisation plans, what they pay, and constant-sum games solved by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, UnsupportedGameError
from bargain.games.behaviour import end_probabilities
from bargain.games.extensive import Behaviour, ExtensiveForm
from bargain.solvers.behaviour_solution import BehaviourSolution
from bargain.solvers.solution import Status

__all__ = ["SequenceForm", "ZeroSumSequenceForm"]


@dataclass(frozen=True, eq=False)
class SequenceForm:
    """A tree seen through the sequences of own moves that players can make.

    A realisation plan gives each sequence of a player the product of the probabilities of its moves. Expected
    payoffs are linear in each player's plan, and there are only as many sequences as there are actions in
    the tree, whereas the plans of the strategic form multiply [vonStengel1996]_.

    Parameters
    ----------
    game : ExtensiveForm

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.ExtensiveForm(
    ...     ("entrant", "incumbent"),
    ...     bg.Decision("entrant", "market", {
    ...         "stay out": bg.Outcome([0, 2]),
    ...         "enter": bg.Decision(
    ...             "incumbent", "entered", {"fight": bg.Outcome([-1, -1]), "share": bg.Outcome([1, 1])}
    ...         ),
    ...     }),
    ... )
    >>> form = bg.SequenceForm(game)
    >>> form.sequences("entrant")
    ('', 'market: stay out', 'market: enter')
    >>> plans = form.plans({"market": {"enter": 0.5, "stay out": 0.5}, "entered": "share"})
    >>> form.expected_payoffs(plans)[:, 0].tolist()
    [0.5, 1.5]
    """

    game: ExtensiveForm

    def sequences(self, player: str) -> tuple[str, ...]:
        """Return a player's sequences, each named by its last move; the first is that before any move.

        Parameters
        ----------
        player : str

        Returns
        -------
        tuple of str
        """
        sets = self.game.information_sets
        own = self.game.tree.sequences[self._player(player)]
        return tuple("" if at < 0 else f"{sets[at].name}: {sets[at].actions[action]}" for at, action in own)

    def constraints(self, player: str) -> tuple[Floats, Floats]:
        """Return what makes numbers a realisation plan: ``matrix @ plan == right`` and ``plan >= 0``.

        Parameters
        ----------
        player : str

        Returns
        -------
        matrix : float[1 + own sets, sequence]
        right : float[1 + own sets]
        """
        tree, number = self.game.tree, self._player(player)
        owned = tree.owned(number)
        matrix = np.zeros((1 + len(owned), len(tree.sequences[number])))
        matrix[0, 0] = 1.0
        for row, index in enumerate(owned, start=1):
            first = tree.first[index]
            matrix[row, tree.before[index]] = -1.0
            matrix[row, first : first + len(tree.information_sets[index].actions)] = 1.0
        return matrix, np.eye(1 + len(owned))[0]

    def plans(self, profile: Mapping[str, Behaviour]) -> tuple[Floats, ...]:
        """Return the realisation plans of a behaviour profile.

        Parameters
        ----------
        profile : mapping
            As for `ExtensiveForm.behaviour`.

        Returns
        -------
        tuple of float[sequence, N], one per player
        """
        tree, behaviour = self.game.tree, self.game.behaviour(profile)
        result = []
        for number in range(len(tree.players)):
            plan = np.ones((len(tree.sequences[number]), self.game.draws))
            for index in tree.owned(number):
                first, own = tree.first[index], behaviour[index]
                plan[first : first + len(own)] = plan[tree.before[index]] * own
            result.append(plan)
        return tuple(result)

    def behaviour(self, plans: Sequence[Floats]) -> dict[str, Floats]:
        """Return the behaviour of realisation plans.

        Parameters
        ----------
        plans : sequence of float[sequence, N]

        Returns
        -------
        dict of information set to float[action, N]
            Uniform at sets that the player's own moves never lead to.
        """
        tree = self.game.tree
        result = {}
        for index, one in enumerate(tree.information_sets):
            plan, size = plans[tree.players.index(one.player)], len(one.actions)
            own = np.maximum(plan[tree.first[index] : tree.first[index] + size], 0.0)
            total = own.sum(axis=0)
            result[one.name] = np.where(total > 1e-12, own / np.where(total > 1e-12, total, 1.0), 1.0 / size)
        return result

    def expected_payoffs(self, plans: Sequence[Floats]) -> Floats:
        """Return each player's expected payoff.

        Parameters
        ----------
        plans : sequence of float[sequence, N]

        Returns
        -------
        float[P, N]
        """
        tree = self.game.tree
        weight = self._chance()
        for player, plan in enumerate(plans):
            weight = weight * plan[tree.leading[player]]
        result: Floats = (self.game.payoffs * weight).sum(axis=1)
        return result

    def table(self, player: str, draw: int = 0) -> Floats:
        """Return a player's payoffs by sequences, averaged over chance, in a game of two players.

        Parameters
        ----------
        player : str
        draw : int, default 0

        Returns
        -------
        float[sequence of the first player, sequence of the second]
            Zero for pairs that do not end the game.

        Raises
        ------
        UnsupportedGameError
            If there are not two players.
        """
        tree = self.game.tree
        if len(tree.players) != 2:
            raise UnsupportedGameError(f"table: two players were expected, given {', '.join(tree.players)}")
        weighted = self.game.payoffs[self._player(player), :, draw] * self._chance()[:, draw]
        result = np.zeros(tuple(map(len, tree.sequences)))
        np.add.at(result, (tree.leading[0], tree.leading[1]), weighted)
        return result

    def _chance(self) -> Floats:
        every = [np.ones((len(one.actions), 1)) for one in self.game.information_sets]
        return end_probabilities(self.game.tree, self.game.chance, every)

    def _player(self, name: str) -> int:
        if name not in self.game.players:
            raise InvalidArgumentError(
                f"player: one of {', '.join(self.game.players)} was expected, given {name!r}"
            )
        return self.game.players.index(name)


@dataclass(frozen=True)
class ZeroSumSequenceForm:
    """One equilibrium of two-player games in which what one wins the other loses, by linear programming.

    Each player's plan guarantees it the value of the game, whatever the other does [KollerEtAl1996]_. The
    payoffs of both may add to any constant.

    Notes
    -----
    Status is SOLVED; FAILED, without an equilibrium, where the linear program broke off. Where there are
    several equilibria, all with the same payoffs, one is returned. Behaviour at information sets that a
    player's own moves never lead to is uniform.

    Examples
    --------
    >>> import bargain as bg
    >>> guess = lambda heads, tails: bg.Decision(
    ...     "column", "guess", {"heads": bg.Outcome(heads), "tails": bg.Outcome(tails)}
    ... )
    >>> game = bg.ExtensiveForm(("row", "column"), bg.Decision("row", "hide", {
    ...     "heads": guess([1, -1], [-1, 1]), "tails": guess([-1, 1], [1, -1])}))
    >>> bg.ZeroSumSequenceForm().solve(game).profiles()
    [{'hide': {'heads': 0.5, 'tails': 0.5}, 'guess': {'heads': 0.5, 'tails': 0.5}}]
    """

    games: ClassVar[tuple[type, ...]] = (ExtensiveForm,)

    def solve(self, game: ExtensiveForm) -> BehaviourSolution:
        """Return an equilibrium of every draw.

        Parameters
        ----------
        game : ExtensiveForm

        Returns
        -------
        BehaviourSolution

        Raises
        ------
        UnsupportedGameError
            If there are not two players, or their payoffs do not add to a constant.
        """
        if len(game.players) != 2:
            raise UnsupportedGameError(
                f"ZeroSumSequenceForm: two players were expected, given {', '.join(game.players)}"
            )
        total = game.payoffs.sum(axis=0)
        size = 1.0 + np.abs(game.payoffs).max()
        if (total.max(axis=0) - total.min(axis=0) > 1e-9 * size).any():
            raise UnsupportedGameError(
                "ZeroSumSequenceForm: payoffs that add to the same constant at every outcome were expected;"
                " StrategicNash() takes any tree"
            )
        form = SequenceForm(game)
        codes = np.full(game.draws, np.int8(Status.SOLVED))
        found: list[list[Floats]] = []
        for draw in range(game.draws):
            table = form.table(game.players[0], draw)
            plans = [
                _secure(table, form.constraints(game.players[0]), form.constraints(game.players[1])),
                _secure(-table.T, form.constraints(game.players[1]), form.constraints(game.players[0])),
            ]
            if any(plan is None for plan in plans):
                codes[draw] = Status.FAILED
            else:
                found.append([plan for plan in plans if plan is not None])
        solved = np.flatnonzero(codes == Status.SOLVED)
        columns = [
            np.array([plans[player] for plans in found]).reshape(len(found), len(own)).T
            for player, own in enumerate(game.tree.sequences)
        ]
        return BehaviourSolution.of(game, self, solved, list(form.behaviour(columns).values()), codes)


def _secure(table: Floats, own: tuple[Floats, Floats], other: tuple[Floats, Floats]) -> Floats | None:
    """Return the plan x that makes the least that the other can leave, min_y x' table y, largest.

    By duality the least is the largest right' z with other' z <= table' x.
    """
    matrix, right = own
    against, bound = other
    sequences, duals = matrix.shape[1], against.shape[0]
    from scipy.optimize import linprog  # noqa: PLC0415 - takes long to import

    answer = linprog(
        np.concatenate([np.zeros(sequences), -bound]),
        A_ub=np.hstack([-table.T, against.T]),
        b_ub=np.zeros(against.shape[1]),
        A_eq=np.hstack([matrix, np.zeros((len(matrix), duals))]),
        b_eq=right,
        bounds=[(0, None)] * sequences + [(None, None)] * duals,
        method="highs",
    )
    return np.asarray(answer.x)[:sequences] if answer.status == 0 else None
