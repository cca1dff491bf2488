"""All Nash equilibria, found among the actions that survive the elimination of dominated ones."""

from __future__ import annotations

from bargain.axes import Floats
from bargain.games.normal import NormalForm
from bargain.solvers.all_nash import AllNash
from bargain.solvers.nash.equilibria import Equilibria
from bargain.solvers.nash.reduction import without_dominated
from bargain.solvers.solution import Solution

__all__ = ["surviving_nash"]


def surviving_nash(game: NormalForm) -> Solution:
    """Return what `AllNash` finds in each draw once strictly dominated actions are gone.

    No equilibrium plays an action that is eliminated so, and none is lost or gained. It is faster where many
    actions are dominated, and the same in many draws, as where issues are settled alone; where every draw
    loses others it is slower, since draws are solved together only if the same actions are left.

    Parameters
    ----------
    game : NormalForm

    Returns
    -------
    Solution

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.NormalForm(
    ...     {"row": ("up", "down", "worst"), "column": ("left", "right")},
    ...     [[[1, 0], [0, 1], [-1, -1]], [[0, 1], [1, 0], [0, 0]]],
    ... )
    >>> surviving_nash(game).profiles()
    [{'row': {'up': 0.5, 'down': 0.5}, 'column': {'left': 0.5, 'right': 0.5}}]
    """
    found = without_dominated(game.payoffs, _equilibria, "strict")
    return Solution.of(game, AllNash(), found.draw, found.strategies, found.codes)


def _equilibria(payoffs: Floats) -> Equilibria:
    labels = {
        str(player): [str(action) for action in range(n)] for player, n in enumerate(payoffs.shape[1:-1])
    }
    solution = AllNash().solve(NormalForm(labels, payoffs))
    return Equilibria(solution.draw, solution.strategies, solution.codes)
