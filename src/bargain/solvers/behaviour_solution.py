"""What solvers of trees return: a flat table of behaviour profiles with a status for every draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Floats, Ints, read_only
from bargain.errors import UnknownDrawError
from bargain.games.behaviour import beliefs, end_probabilities, node_values, tree_regrets
from bargain.games.extensive import ExtensiveForm
from bargain.solvers.solution import Codes, Status

__all__ = ["BehaviourSolution"]


@dataclass(frozen=True, eq=False)
class BehaviourSolution:
    """Equilibria of a batch of games in extensive form, as a flat table sorted by draw.

    Attributes
    ----------
    game : ExtensiveForm
        What was solved.
    solver : object
        How.
    draw : int[E]
        Which draw each equilibrium belongs to, ascending.
    behaviour : tuple of float[action, E], length H
        Probabilities of the actions at each information set.
    beliefs : tuple of float[node, E], length H
        By Bayes' rule; NaN where it says nothing.
    payoffs : float[P, E]
        Expected payoffs.
    outcomes : float[Z, E]
        Probability of each end of the tree.
    regret : float[E]
        The largest gain that any player has from another plan for the whole game, in payoff units.
    codes : int8[N]
        Value of the `Status` of each draw.
    """

    game: ExtensiveForm
    solver: Any
    draw: Ints
    behaviour: tuple[Floats, ...]
    beliefs: tuple[Floats, ...]
    payoffs: Floats
    outcomes: Floats
    regret: Floats
    codes: Codes

    @classmethod
    def of(
        cls, game: ExtensiveForm, solver: Any, draw: Ints, behaviour: Sequence[Floats], codes: Codes
    ) -> BehaviourSolution:
        """Build the solution from behaviour; all else is computed here, from the game alone.

        Parameters
        ----------
        game : ExtensiveForm
        solver : object
        draw : int[E]
            In any order; equilibria are sorted by draw, keeping the order within a draw.
        behaviour : sequence of float[action, E]
        codes : int8[N]

        Returns
        -------
        BehaviourSolution
        """
        draw = np.asarray(draw, dtype=np.int64)
        if draw.size and (np.diff(draw) < 0).any():
            order = np.argsort(draw, kind="stable")
            draw, behaviour = draw[order], [own[:, order] for own in behaviour]
        batch = game[draw] if draw.size != game.draws or (draw != np.arange(draw.size)).any() else game
        tree = game.tree
        return cls(
            game,
            solver,
            read_only(draw),
            tuple(read_only(own) for own in behaviour),
            tuple(read_only(belief) for belief in beliefs(tree, batch.chance, behaviour)),
            read_only(node_values(tree, batch.payoffs, batch.chance, behaviour)[0]),
            read_only(end_probabilities(tree, batch.chance, behaviour)),
            read_only(tree_regrets(tree, batch.payoffs, batch.chance, behaviour).max(axis=0)),
            read_only(codes),
        )

    @property
    def count(self) -> Ints:
        """Number of equilibria of each draw, int[N]."""
        return np.bincount(self.draw, minlength=self.game.draws)

    @property
    def status(self) -> npt.NDArray[np.object_]:
        """Status of each draw, Status[N]."""
        return np.array(list(Status), dtype=np.object_)[self.codes]

    def __len__(self) -> int:
        return int(self.draw.size)

    def profiles(self, draw: int | None = None, *, digits: int = 12) -> list[dict[str, dict[str, float]]]:
        """Return equilibria for reading, with the actions that are never played left out.

        Parameters
        ----------
        draw : int, optional
            Only the equilibria of this draw.
        digits : int, default 12
            Probabilities are rounded to so many decimals.

        Returns
        -------
        list of ``{information set: {action: probability}}``

        Raises
        ------
        UnknownDrawError
        """
        if draw is not None and not -self.game.draws <= draw < self.game.draws:
            raise UnknownDrawError(f"draw: one of {self.game.draws} draws was expected, given {draw}")
        chosen = range(len(self)) if draw is None else np.flatnonzero(self.draw == draw % self.game.draws)
        return [
            {
                one.name: {
                    action: rounded
                    for action, probability in zip(one.actions, own[:, index].tolist(), strict=True)
                    if (rounded := round(probability, digits)) > 0
                }
                for one, own in zip(self.game.information_sets, self.behaviour, strict=True)
            }
            for index in chosen
        ]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per equilibrium.

        Returns
        -------
        pandas.DataFrame
            Columns of two levels: ``(information set, action)`` for probabilities, ``("payoff", player)``,
            ``("", "regret")``; indexed by draw and number of the equilibrium within it.
        """
        columns: dict[tuple[str, str], Floats] = {}
        for one, own in zip(self.game.information_sets, self.behaviour, strict=True):
            columns.update({(one.name, action): row for action, row in zip(one.actions, own, strict=True)})
        columns.update(
            {("payoff", player): row for player, row in zip(self.game.players, self.payoffs, strict=True)}
        )
        columns["", "regret"] = self.regret
        index = pd.MultiIndex.from_arrays(
            [self.draw, np.arange(len(self)) - np.searchsorted(self.draw, self.draw)],
            names=["draw", "equilibrium"],
        )
        frame = pd.DataFrame(dict(enumerate(columns.values())), index=index)
        frame.columns = pd.MultiIndex.from_tuples(list(columns))
        return frame

    def __repr__(self) -> str:
        counts = np.bincount(self.codes, minlength=len(Status))
        summary = ", ".join(f"{counts[status]} {status.name}" for status in Status if counts[status])
        size = f"{len(self)} equilibria of {self.game.draws} draws"
        return f"BehaviourSolution({size} by {self.solver}; {summary})"
