"""Bargaining weights: one positive number per player."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, UnknownNameError

__all__ = ["Weights", "bargaining_weights"]

Weights = Mapping[str, float] | Sequence[float] | None


def bargaining_weights(players: tuple[str, ...], given: Weights, *, where: str) -> Floats:
    """Return one weight per player, adding to one; equal ones where none are given.

    Raises
    ------
    InvalidArgumentError
        If a player has none, or one is not positive.
    UnknownNameError
        If somebody who does not play has one.
    """
    if given is None:
        return np.full(len(players), 1.0 / len(players))
    if isinstance(given, Mapping):
        for player in given:
            if player not in players:
                raise UnknownNameError.of("player", player, players, where=f"{where}: weights")
        missing = [player for player in players if player not in given]
        if missing:
            raise InvalidArgumentError(f"{where}: weights: none for {', '.join(missing)}")
        given = [given[player] for player in players]
    weights = np.array(given, dtype=np.float64)
    if weights.shape != (len(players),) or not (np.isfinite(weights) & (weights > 0)).all():
        raise InvalidArgumentError(
            f"{where}: weights: a positive number for each of {', '.join(players)} was expected,"
            f" given {given!r}"
        )
    result: Floats = weights / weights.sum()
    return result
