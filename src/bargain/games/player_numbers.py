"""One number for each player, in every draw."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats
from bargain.errors import InvalidGameError, UnknownNameError

__all__ = ["player_numbers"]


def player_numbers(
    what: str, players: tuple[str, ...], given: npt.ArrayLike | Mapping[str, npt.ArrayLike]
) -> Floats:
    """Return what was given as an array of the player and the draw, checked.

    Parameters
    ----------
    what : str
        Named in the error.
    players : tuple of str
    given : array_like, float[P] or float[P, N], or mapping of player to float or float[N]

    Returns
    -------
    float[P, N]

    Raises
    ------
    InvalidGameError
        If there is not one finite number for each player, or one for each player and draw.
    UnknownNameError
        If somebody who does not play has one.

    Examples
    --------
    >>> player_numbers("disagreement", ("A", "B"), {"B": [1, 2], "A": 0})
    array([[0., 0.],
           [1., 2.]])
    """
    numbers: Any = given
    if isinstance(given, Mapping):
        for player in given:
            if player not in players:
                raise UnknownNameError.of("player", player, players, where=what)
        if missing := [player for player in players if player not in given]:
            raise InvalidGameError(f"{what}: none given for {', '.join(missing)}")
        numbers = [given[player] for player in players]
        if any(np.ndim(number) for number in numbers):
            numbers = np.broadcast_arrays(*numbers)
    try:
        array = np.array(numbers, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(f"{what}: a number for each of {', '.join(players)} was expected") from error
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2 or array.shape[0] != len(players) or not array.shape[1]:
        raise InvalidGameError(
            f"{what}: shape ({len(players)},) or ({len(players)}, draws), a number for each of"
            f" {', '.join(players)}, was expected; given {np.shape(numbers)}"
        )
    if not np.isfinite(array).all():
        raise InvalidGameError(f"{what}: finite numbers were expected, given {given!r}")
    return array
