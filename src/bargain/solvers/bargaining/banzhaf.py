"""The Banzhaf value: what each player adds, averaged over all coalitions of the others."""

from __future__ import annotations

import numpy as np

from bargain.axes import Floats
from bargain.games.coalition import CoalitionalGame

__all__ = ["banzhaf_value"]


def banzhaf_value(game: CoalitionalGame) -> Floats:
    """Return the Banzhaf value of every draw [Penrose1946]_, [Banzhaf1965]_.

    In a vote it is the chance that a member is decisive if all others vote by the toss of a coin. Unlike the
    Shapley value it does not add up to the worth of all; divided by its sum it is the Banzhaf index.

    Parameters
    ----------
    game : CoalitionalGame

    Returns
    -------
    float[P, N]

    See Also
    --------
    shapley_value : the average over orders of joining.

    Examples
    --------
    The Council of the European Community in 1958: twelve votes of seventeen.

    >>> import bargain as bg
    >>> votes = {"DE": 4, "FR": 4, "IT": 4, "BE": 2, "NL": 2, "LU": 1}
    >>> game = bg.CoalitionalGame.of_function(tuple(votes), lambda who: sum(votes[p] for p in who) >= 12)
    >>> value = bg.banzhaf_value(game)
    >>> print((value / value.sum(axis=0))[:, 0].round(4))
    [0.2381 0.2381 0.2381 0.1429 0.1429 0.    ]
    """
    players = len(game.players)
    numbers = np.arange(1 << players)
    result = np.empty((players, game.draws))
    for player in range(players):
        without = numbers[(numbers >> player & 1) == 0]
        result[player] = (game.worth[without | (1 << player)] - game.worth[without]).mean(axis=0)
    return result
