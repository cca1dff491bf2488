"""A threat game with a third party, which takes a stand before anybody threatens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats, Ints, read_only
from bargain.errors import InvalidGameError, UnknownDrawError
from bargain.games.signalling import ThreatGame

__all__ = ["ThirdPartyThreat"]


@dataclass(frozen=True, init=False, eq=False)
class ThirdPartyThreat:
    """A batch of threat games between two, whose numbers depend on what a third party does first.

    The third party acts openly, without knowing the sender's type: it presses, say, and then refusing costs
    the receiver more, and carrying out costs the sender more. It cares for how the matter ends.

    Parameters
    ----------
    third : str
        Name of the third party.
    threats : mapping of action to ThreatGame
        The game that follows each of its actions.
    stakes : mapping of action to array_like, shape (4,) or (4, N)
        Its payoff from each action, where there is silence, a threat that is conceded to, one that is carried
        out, and one that is dropped; as in `ends`.

    Attributes
    ----------
    actions : tuple of str, length A
    games : tuple of ThreatGame, length A
    payoffs : float[A, 4, N]
        Of the third party. Read-only.

    Raises
    ------
    InvalidGameError
        If actions differ between the two mappings, numbers of draws differ, or payoffs are not finite.

    Examples
    --------
    >>> import bargain as bg
    >>> common = {"prior": 0.35, "prize": 3.5, "audience_cost": 3, "carrying_out": -1}
    >>> game = bg.ThirdPartyThreat(
    ...     "USA",
    ...     {
    ...         "abstain": bg.ThreatGame(concession_cost=0.7, loss=1, **common),
    ...         "press": bg.ThreatGame(concession_cost=0.7, loss=2.5, **common),
    ...     },
    ...     {"abstain": [0, 0, -8, 0], "press": [-0.8, -0.8, -8.8, -0.8]},
    ... )
    >>> print(bg.solve(game, bg.ThirdPartyEquilibria(divine=True)).to_frame()[["USA", "kind", "conceded"]])
                        USA               kind  conceded
    draw equilibrium
    0    0            press  pooling on threat       1.0
    """

    ends: ClassVar[tuple[str, ...]] = ("silence", "conceded", "carried out", "dropped")

    third: str
    actions: tuple[str, ...]
    games: tuple[ThreatGame, ...]
    payoffs: Floats

    def __init__(
        self, third: str, threats: Mapping[str, ThreatGame], stakes: Mapping[str, npt.ArrayLike]
    ) -> None:
        if not threats or set(threats) != set(stakes):
            raise InvalidGameError(
                f"ThirdPartyThreat: a threat game and stakes for each action were expected, given"
                f" {tuple(threats)} and {tuple(stakes)}"
            )
        draws = max(game.draws for game in threats.values())
        tables = []
        for action in threats:
            table = np.array(stakes[action], dtype=np.float64)
            table = table[:, None] if table.ndim == 1 else table
            if table.ndim != 2 or len(table) != len(self.ends) or not np.isfinite(table).all():
                raise InvalidGameError(
                    f"ThirdPartyThreat: stakes: {action}: finite payoffs at {', '.join(self.ends)}, with or"
                    f" without draws behind, were expected, given shape {np.shape(stakes[action])}"
                )
            tables.append(table)
        draws = max(draws, *(table.shape[1] for table in tables))
        for given in (*(game.draws for game in threats.values()), *(table.shape[1] for table in tables)):
            if given not in (1, draws):
                raise InvalidGameError(f"ThirdPartyThreat: {draws} draws were expected, given {given}")
        every = np.zeros(draws, dtype=np.int64)
        games = tuple(game if game.draws == draws else game[every] for game in threats.values())
        payoffs = np.stack([np.broadcast_to(table, (len(self.ends), draws)) for table in tables])
        self._set(third, tuple(threats), games, payoffs)

    def _set(
        self, third: str, actions: tuple[str, ...], games: tuple[ThreatGame, ...], payoffs: Floats
    ) -> None:
        object.__setattr__(self, "third", third)
        object.__setattr__(self, "actions", actions)
        object.__setattr__(self, "games", games)
        object.__setattr__(self, "payoffs", read_only(payoffs))

    @property
    def draws(self) -> int:
        """Number of games in the batch, ``N``."""
        return int(self.payoffs.shape[-1])

    @property
    def threats(self) -> dict[str, ThreatGame]:
        """The game that follows each action."""
        return dict(zip(self.actions, self.games, strict=True))

    def __len__(self) -> int:
        return self.draws

    def __getitem__(self, draw: int | slice | Ints) -> ThirdPartyThreat:
        """Return the game of one draw, or the batch of several.

        Parameters
        ----------
        draw : int, slice or array of int
            Counted from the end where negative.

        Returns
        -------
        ThirdPartyThreat

        Raises
        ------
        UnknownDrawError
        """
        if isinstance(draw, int | np.integer):
            if not -self.draws <= draw < self.draws:
                raise UnknownDrawError(f"draw: one of {self.draws} draws was expected, given {draw}")
            draw = slice(int(draw) % self.draws, int(draw) % self.draws + 1)
        other = object.__new__(ThirdPartyThreat)
        other._set(
            self.third, self.actions, tuple(game[draw] for game in self.games), self.payoffs[..., draw]
        )
        return other

    def __repr__(self) -> str:
        if self.draws == 1:
            inner = ", ".join(f"{action}: {game}" for action, game in self.threats.items())
            return f"ThirdPartyThreat({self.third}: {inner})"
        return f"ThirdPartyThreat({self.third}: {' or '.join(self.actions)}, {self.draws} draws)"
