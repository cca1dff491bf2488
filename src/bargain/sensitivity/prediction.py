"""What a solver predicts at a point of the parameters, reduced to what can be compared between points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bargain.axes import Floats
from bargain.games.labels import Labels
from bargain.payoffs.model import PayoffModel
from bargain.solvers.all_nash import AllNash
from bargain.solvers.bimatrix_nash import BimatrixNash
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solver, Status

__all__ = ["Prediction", "predict"]

_NEVER = 1e-9  # a smaller probability is none
_AT_ONCE = (PureNash, AllNash, BimatrixNash)

Support = tuple[tuple[int, ...], ...]
"""The actions that each player plays with positive probability."""


@dataclass(frozen=True)
class Prediction:
    """The equilibria of one game, told apart by which actions are played in them.

    Attributes
    ----------
    equilibria : tuple of tuple of tuple of int
        For each equilibrium the actions that each player plays; in order, so that equal sets compare equal.
    solved : bool
        False where the solver found no answer though there is one.
    """

    equilibria: tuple[Support, ...]
    solved: bool = True

    @classmethod
    def pure(cls, labels: Labels, outcomes: list[int]) -> Prediction:
        """Return the prediction of pure equilibria.

        Parameters
        ----------
        labels : Labels
        outcomes : list of int
            Their numbers, ascending.

        Returns
        -------
        Prediction
        """
        actions = (np.unravel_index(outcome, labels.shape) for outcome in outcomes)
        return cls(tuple(tuple((int(action),) for action in profile) for profile in actions))

    def mixers(self) -> set[int]:
        """Return the players who mix in some equilibrium.

        Returns
        -------
        set of int
        """
        return {who for support in self.equilibria for who, actions in enumerate(support) if len(actions) > 1}

    def words(self, labels: Labels) -> str:
        """Return the prediction for reading.

        Parameters
        ----------
        labels : Labels

        Returns
        -------
        str
            Equilibria separated by semicolons, such as ``renew/maintain; renew|suspend/relax``: actions
            between which a player mixes are separated by bars. ``(none)`` or ``(unsolved)`` where there is
            nothing to name.
        """
        if not self.equilibria:
            return "(none)" if self.solved else "(unsolved)"
        return "; ".join(
            "/".join(
                "|".join(names[action] for action in actions)
                for names, actions in zip(labels.actions, support, strict=True)
            )
            for support in self.equilibria
        )


def predict(model: PayoffModel, solver: Solver, values: Floats) -> list[Prediction]:
    """Solve the games at given parameter values.

    Parameters
    ----------
    model : PayoffModel
    solver : Solver
    values : float[D, N]

    Returns
    -------
    list of Prediction, length N
    """
    # Where all move at once only own differences count; what cancels then cannot break a tie by rounding.
    compared = model.relative() if isinstance(solver, _AT_ONCE) else model
    solution = solver.solve(compared.game(values))
    supports: list[list[Support]] = [[] for _ in range(values.shape[1])]
    played = [(strategy > _NEVER).T for strategy in solution.strategies]
    for number, draw in enumerate(solution.draw.tolist()):
        supports[draw].append(tuple(tuple(np.flatnonzero(rows[number]).tolist()) for rows in played))
    unsolved = (solution.codes == Status.FAILED) | (solution.codes == Status.INVALID)
    return [
        Prediction(tuple(sorted(found)), solved=bool(found) or not failed)
        for found, failed in zip(supports, unsolved.tolist(), strict=True)
    ]
