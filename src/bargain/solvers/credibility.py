"""Credibility: what a history of threats, kept or not, leaves of the belief that a sender is tough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bargain.axes import Floats, read_only
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.signalling import ThreatGame
from bargain.solvers.signalling_equilibria import PerfectBayesian

__all__ = ["Credibility", "credibility"]

_EVENTS = ("silence", "conceded", "carried out", "backed down")


@dataclass(frozen=True, eq=False)
class Credibility:
    """The belief that the sender is tough, year by year.

    Attributes
    ----------
    history : tuple of str, length Y
        What happened in each year.
    belief : float[Y + 1, N]
        At the start of each year, and after the last.
    threat : float[Y + 1, N]
        How likely a threat is in each year, and in the year after the last.
    concession : float[Y + 1, N]
        How likely the receiver would be to concede to it.
    """

    history: tuple[str, ...]
    belief: Floats
    threat: Floats
    concession: Floats

    def to_frame(self, draw: int = 0) -> pd.DataFrame:
        """Return one draw's path.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        pandas.DataFrame
            One row per year, and one for the year after the last.
        """
        return pd.DataFrame(
            {
                "belief": self.belief[:, draw],
                "threat": self.threat[:, draw],
                "concession": self.concession[:, draw],
                "event": [*self.history, ""],
            },
            index=pd.RangeIndex(1, len(self.history) + 2, name="year"),
        )


def credibility(
    game: ThreatGame, history: Sequence[str], *, slip: float = 0.0, turnover: float = 0.0
) -> Credibility:
    """Follow the belief that a sender is tough through a history of the threat game, played once a year.

    Each year is played as if it were the last, in the equilibrium that survives D1, and ends with a belief by
    Bayes' rule, with which the next year begins.

    Parameters
    ----------
    game : ThreatGame
        Its prior is that of the first year.
    history : sequence of {"silence", "conceded", "carried out", "backed down"}
        What happened in each year: no threat; a threat that was conceded to; one that was resisted and
        carried out; one that was resisted and not followed by action.
    slip : float, default 0
        Probability that a tough sender, for reasons of its own, does not act on a resisted threat. All know
        of it: it weakens threats, and a threat not followed by action costs some of the credibility that it
        had gained, not all there is.
    turnover : float, default 0
        Probability that by next year the sender is another one, tough with the prior of the first year.

    Returns
    -------
    Credibility

    Raises
    ------
    UnknownNameError
        If an event is none of the four.
    InvalidArgumentError
        If a probability is not between 0 and 1, a slip or turnover of 1 included.

    Notes
    -----
    After what the equilibrium rules out: a threat that was carried out shows a tough sender; silence where
    all would have threatened, or a threat where none would, leaves what `SignallingSolution.posterior` says.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.ThreatGame(
    ...     prior=0.2, prize=3, audience_cost=2, concession_cost=1.2, loss=3, carrying_out=0.5
    ... )
    >>> path = bg.credibility(game, ["conceded", "backed down"], turnover=0.25)
    >>> print(path.to_frame().round(3).to_string())
          belief  threat  concession        event
    year
    1       0.20   0.500         0.4     conceded
    2       0.35   0.875         0.4  backed down
    3       0.05   0.125         0.4
    """
    for event in history:
        if event not in _EVENTS:
            raise UnknownNameError.of("event", event, _EVENTS, where="history")
    for name, value in (("slip", slip), ("turnover", turnover)):
        if not 0 <= value < 1:
            raise InvalidArgumentError(f"credibility: {name}: from 0 to below 1 was expected, given {value}")
    belief, threat, concession = (np.empty((len(history) + 1, game.draws)) for _ in range(3))
    belief[0] = game.prior
    firm = np.maximum(game.carrying_out, -game.audience_cost)
    for year, event in enumerate([*history, ""]):
        current = ThreatGame(
            prior=belief[year],
            prize=game.prize,
            audience_cost=game.audience_cost,
            concession_cost=game.concession_cost,
            loss=(1 - slip) * game.loss,
            carrying_out=np.where(
                game.carrying_out >= -game.audience_cost,
                (1 - slip) * firm - slip * game.audience_cost,
                game.carrying_out,
            ),
        )
        solution = PerfectBayesian().solve(current)
        solution = solution.select(solution.divine)
        # At ties several survive: the first listed is taken.
        first = np.searchsorted(solution.draw, np.arange(game.draws))
        threat[year] = solution.threat_probability[first]
        concession[year] = solution.concession[first]
        if not event:
            break
        after = solution.posterior[:, first]
        if event == "silence":
            updated = after[1]
        elif event == "conceded":
            updated = after[0]
        elif event == "carried out":
            updated = np.ones(game.draws)
        else:
            # Who never carries threats out backs down whatever its type.
            fails = np.where(game.carrying_out >= -game.audience_cost, slip, 1.0)
            seen = after[0] * fails + 1 - after[0]
            updated = np.divide(after[0] * fails, seen, out=np.zeros_like(seen), where=seen > 0)
        belief[year + 1] = (1 - turnover) * updated + turnover * game.prior
    return Credibility(tuple(history), read_only(belief), read_only(threat), read_only(concession))
