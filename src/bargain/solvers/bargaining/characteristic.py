"""From a game to its coalitional form: what each group of players can secure against the others."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from bargain.errors import UnsupportedGameError
from bargain.games.coalition import CoalitionalGame
from bargain.games.normal import NormalForm
from bargain.solvers.bargaining.zero_sum import zero_sum_value

__all__ = ["coalitional_form"]


def coalitional_form(game: NormalForm) -> CoalitionalGame:
    """Return the game in which each coalition has what it can secure [vonNeumannMorgenstern1944]_.

    The members act as one and share their sum of payoffs; all others act as one against them. That is the
    darkest view of the others: they may harm themselves to harm the coalition.

    Parameters
    ----------
    game : NormalForm
        Whose payoffs are in one currency.

    Returns
    -------
    CoalitionalGame

    Notes
    -----
    One linear programme per coalition and draw, over joint mixed strategies.

    Examples
    --------
    >>> import bargain as bg
    >>> actions = {"row": ("C", "D"), "column": ("C", "D")}
    >>> dilemma = bg.NormalForm(actions, [[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> print(bg.coalitional_form(dilemma).worth[:, 0])
    [0. 1. 1. 6.]
    """
    UnsupportedGameError.unless(game, NormalForm, where="coalitional_form")
    players, draws = len(game.players), game.draws
    worth: dict[str | Iterable[str], npt.ArrayLike] = {}
    for number in range(1, 1 << players):
        inside = [i for i in range(players) if number >> i & 1]
        outside = [i for i in range(players) if not number >> i & 1]
        total = game.payoffs[inside].sum(axis=0)
        size = int(np.prod([game.shape[i] for i in inside]))
        matrix = total.transpose(*inside, *outside, players).reshape(size, -1, draws)
        if outside:
            values = [zero_sum_value(matrix[..., draw])[0] for draw in range(draws)]
        else:
            values = matrix.max(axis=(0, 1)).tolist()
        worth[tuple(game.players[i] for i in inside)] = values
    return CoalitionalGame(game.players, worth)
