"""The Shapley value: what each player adds, averaged over all orders of joining."""

from __future__ import annotations

from math import factorial

import numpy as np

from bargain.axes import Floats
from bargain.errors import UnsupportedGameError
from bargain.games.coalition import CoalitionalGame

__all__ = ["shapley_value"]


def shapley_value(game: CoalitionalGame) -> Floats:
    """Return the Shapley value of every draw [Shapley1953]_.

    It is the only value that distributes the worth of all (efficiency), treats those who add the same alike
    (symmetry), gives who adds nothing nothing (dummy), and adds up over games (additivity).

    Parameters
    ----------
    game : CoalitionalGame

    Returns
    -------
    float[P, N]

    Examples
    --------
    A majority of three votes, of which the first player has two.

    >>> import bargain as bg
    >>> votes = {"large": 2, "small": 1, "tiny": 1}
    >>> game = bg.CoalitionalGame.of_function(tuple(votes), lambda who: sum(votes[p] for p in who) >= 3)
    >>> print(bg.shapley_value(game)[:, 0].round(4))
    [0.6667 0.1667 0.1667]
    """
    UnsupportedGameError.unless(game, CoalitionalGame, where="shapley_value")
    players = len(game.players)
    numbers = np.arange(1 << players)
    sizes = np.array([int(number).bit_count() for number in numbers])
    # How many orders have exactly these members before a given player, out of all.
    share = np.array([factorial(s) * factorial(players - s - 1) / factorial(players) for s in range(players)])
    result = np.empty((players, game.draws))
    for player in range(players):
        without = numbers[(numbers >> player & 1) == 0]
        adds = game.worth[without | (1 << player)] - game.worth[without]
        result[player] = share[sizes[without]] @ adds
    return result
