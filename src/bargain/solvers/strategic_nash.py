"""Nash equilibria of trees by their strategic form, over all draws at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bargain.games.extensive import ExtensiveForm
from bargain.solvers.all_nash import AllNash
from bargain.solvers.behaviour_solution import BehaviourSolution

__all__ = ["StrategicNash"]


@dataclass(frozen=True)
class StrategicNash:
    """Every Nash equilibrium of a tree, with or without perfect information, from its reduced strategic form.

    Plans of a player are taken for actions, the table is solved by `AllNash`, and mixtures of plans are
    written as behaviour. Empty threats make equilibria here: where play never comes, anything goes.

    Notes
    -----
    Status is that of `AllNash`; plans that differ only where others keep play from coming make ties, so that
    DEGENERATE is frequent. Behaviour at information sets that a player's own moves never lead to is uniform.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.ExtensiveForm(
    ...     ("row", "column"),
    ...     bg.Decision("row", "hide", {
    ...         side: bg.Decision("column", "guess", {
    ...             guess: bg.Outcome([1, -1] if side != guess else [-1, 1]) for guess in ("heads", "tails")
    ...         })
    ...         for side in ("heads", "tails")
    ...     }),
    ... )
    >>> bg.solve(game, bg.StrategicNash()).profiles()
    [{'hide': {'heads': 0.5, 'tails': 0.5}, 'guess': {'heads': 0.5, 'tails': 0.5}}]
    """

    games: ClassVar[tuple[type, ...]] = (ExtensiveForm,)

    def solve(self, game: ExtensiveForm) -> BehaviourSolution:
        """Return the equilibria of every draw.

        Parameters
        ----------
        game : ExtensiveForm

        Returns
        -------
        BehaviourSolution

        Raises
        ------
        UnsupportedGameError
            If there are too many plans to write the table down, or to solve it.
        """
        solution = AllNash().solve(game.normal_form())
        behaviour = tuple(game.behaviour_of(solution.strategies).values())
        return BehaviourSolution.of(game, self, solution.draw, behaviour, solution.codes)
