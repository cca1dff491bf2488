"""Nash's variable threats: how good a player's worst threat is decides how the gain is shared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bargain.axes import Floats, Ints, read_only
from bargain.errors import UnsupportedGameError
from bargain.games.normal import NormalForm
from bargain.solvers.bargaining.zero_sum import zero_sum_value

__all__ = ["VariableThreats", "variable_threats"]


@dataclass(frozen=True, eq=False)
class VariableThreats:
    """What two players get who can bind themselves to threats and pay each other, batched over draws.

    Attributes
    ----------
    payoffs : float[2, N]
        ``(total + advantage) / 2`` and ``(total - advantage) / 2``.
    total : float[N]
        The largest sum of payoffs, of the outcome that they agree on.
    advantage : float[N]
        The value of the zero-sum game of differences: what the first player's threats are better by.
    threats : tuple of float[action, N]
        Each player's threat, as a mixed strategy; it is not carried out.
    disagreement : float[2, N]
        What both would get if it were.
    outcome : int[N]
        The outcome that they agree on, in C order; what one owes the other is paid beside it.
    """

    payoffs: Floats
    total: Floats
    advantage: Floats
    threats: tuple[Floats, Floats]
    disagreement: Floats
    outcome: Ints

    def __post_init__(self) -> None:
        for name in ("payoffs", "total", "advantage", "disagreement", "outcome"):
            object.__setattr__(self, name, read_only(getattr(self, name)))
        object.__setattr__(self, "threats", tuple(read_only(threat) for threat in self.threats))


def variable_threats(game: NormalForm) -> VariableThreats:
    """Return the bargaining solution with variable threats and transferable utility [Nash1953]_.

    Parameters
    ----------
    game : NormalForm
        Of two players whose payoffs are in one currency.

    Returns
    -------
    VariableThreats

    Raises
    ------
    UnsupportedGameError
        If not exactly two players take part.

    Notes
    -----
    One linear programme per draw. Optimal threats need not be unique; the payoffs are.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.NormalForm(
    ...     {"row": ("up", "down"), "column": ("left", "right")}, [[[2, -1], [0, 1]], [[1, 3], [4, 0]]]
    ... )
    >>> found = bg.variable_threats(game)
    >>> print(found.payoffs[:, 0], found.total, found.advantage)
    [1.25 2.75] [4.] [-1.5]
    """
    UnsupportedGameError.unless(game, NormalForm, where="variable_threats")
    if len(game.players) != 2:
        raise UnsupportedGameError(
            f"variable_threats: a game of two players was expected, given {', '.join(game.players)}"
        )
    sums = (game.payoffs[0] + game.payoffs[1]).reshape(-1, game.draws)
    outcome = sums.argmax(axis=0)
    total = sums[outcome, np.arange(game.draws)]
    difference = game.payoffs[0] - game.payoffs[1]
    advantage = np.empty(game.draws)
    rows, columns = (np.empty((size, game.draws)) for size in game.shape)
    for draw in range(game.draws):
        advantage[draw], rows[:, draw], columns[:, draw] = zero_sum_value(difference[..., draw])
    disagreement = np.einsum("pabn,an,bn->pn", game.payoffs, rows, columns)
    payoffs = 0.5 * np.stack([total + advantage, total - advantage])
    return VariableThreats(payoffs, total, advantage, (rows, columns), disagreement, outcome)
