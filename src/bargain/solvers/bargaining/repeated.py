"""Repeated play under a threat: how patient players must be to keep an agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bargain.axes import Bools, Floats, read_only
from bargain.errors import UnsupportedGameError
from bargain.games.normal import NormalForm, Strategy
from bargain.games.profiles import action_values, expected_payoffs

__all__ = ["GrimTrigger", "grim_trigger"]


@dataclass(frozen=True, eq=False)
class GrimTrigger:
    """How patient each player must be, batched over draws.

    Attributes
    ----------
    patience : float[P, N]
        The smallest discount factor with which a player keeps the agreement: ``(T - R) / (T - P)`` with what
        it gets by cheating once, in agreement, and in punishment. Zero for a player that cheating would
        give nothing; infinite where no patience suffices.
    temptation, agreed, punished : float[P, N]
        The three payoffs per round: T, R and P.
    credible : bool[N]
        Whether the punishment is a Nash equilibrium, so that it would be carried out.
    """

    patience: Floats
    temptation: Floats
    agreed: Floats
    punished: Floats
    credible: Bools

    def __post_init__(self) -> None:
        for name in ("patience", "temptation", "agreed", "punished", "credible"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def threshold(self) -> Floats:
        """The patience that suffices for all, float[N]; infinite where none does or the threat is empty."""
        return np.where(self.credible, self.patience.max(axis=0), np.inf)


def grim_trigger(
    game: NormalForm,
    agreement: Mapping[str, Strategy] | Sequence[Strategy],
    punishment: Mapping[str, Strategy] | Sequence[Strategy],
) -> GrimTrigger:
    """Return how patient players must be if one breach ends an agreement for ever [Friedman1971]_.

    Parameters
    ----------
    game : NormalForm
        What is played in every round.
    agreement, punishment : mapping of player to strategy, or sequence of strategies in player order
        What is played until somebody breaches, and ever after: actions, or ``{action: probability}``.

    Returns
    -------
    GrimTrigger

    Raises
    ------
    InvalidArgumentError
        If a player is missing.
    UnknownNameError

    Examples
    --------
    >>> import bargain as bg
    >>> actions = {"row": ("C", "D"), "column": ("C", "D")}
    >>> dilemma = bg.NormalForm(actions, [[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> bg.grim_trigger(dilemma, ("C", "C"), ("D", "D")).threshold
    array([0.5])
    """
    UnsupportedGameError.unless(game, NormalForm, where="grim_trigger")
    kept, broken = game.strategies(agreement), game.strategies(punishment)
    agreed = expected_payoffs(game.payoffs, kept)
    punished = expected_payoffs(game.payoffs, broken)
    temptation = np.stack([
        action_values(game.payoffs, kept, player).max(axis=0) for player in range(len(game.players))
    ])  # fmt: skip
    size = np.ptp(game.payoffs.reshape(len(game.players), -1, game.draws), axis=1)
    tempted = temptation > agreed + 1e-12 * size
    deters = agreed > punished + 1e-12 * size
    ratio = (temptation - agreed) / np.where(tempted & deters, temptation - punished, 1.0)
    patience = np.where(tempted, np.where(deters, ratio, np.inf), 0.0)
    credible = game.regret(punishment) <= 1e-9 * np.maximum(size.max(axis=0), 1e-300)
    return GrimTrigger(patience, temptation, agreed, punished, credible)
