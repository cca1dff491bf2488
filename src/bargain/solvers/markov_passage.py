"""Whether play ever comes to some states, and how long that takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from bargain.axes import Bools, Floats, read_only
from bargain.errors import InvalidArgumentError
from bargain.solvers.markov_solution import MarkovSolution

__all__ = ["Passage", "first_passage"]

_NEVER = 1e-15  # a chance from one state to the next that is none, but for rounding


@dataclass(frozen=True, eq=False)
class Passage:
    """How likely play comes to some states at all, and when, from every state of every draw.

    Attributes
    ----------
    states : tuple of str
        Those that are to be reached.
    starts : tuple of str, length S
        All states of the game.
    probability : float[S, N]
        That play which begins in a state ever reaches them; one in the states themselves.
    periods : float[S, N]
        Expected number of periods until it does; infinite where it may never.
    """

    states: tuple[str, ...]
    starts: tuple[str, ...]
    probability: Floats
    periods: Floats

    def __post_init__(self) -> None:
        for name in ("probability", "periods"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def to_frame(self, draw: int = 0) -> pd.DataFrame:
        """Return one draw's probabilities and expected periods.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        pandas.DataFrame
            One row per state in which play may begin.
        """
        columns = {"probability": self.probability[:, draw], "periods": self.periods[:, draw]}
        return pd.DataFrame(columns, index=pd.Index(self.starts))


def first_passage(solution: MarkovSolution, states: Sequence[str]) -> Passage:
    """Return how likely play without end ever comes to some states, and how long that takes, exactly.

    How likely a pact ends at all, and after how many years; how likely one of several final states is reached
    before the others; how long a crisis lasts: linear equations of the chain that the equilibrium makes of
    the game [KemenySnell1960]_.

    Parameters
    ----------
    solution : MarkovSolution
        Of a game without horizon.
    states : sequence of str
        Passing through an immediate state counts, though it takes no time.

    Returns
    -------
    Passage

    Raises
    ------
    UnknownNameError
    InvalidArgumentError
        If the game has a horizon.

    See Also
    --------
    survival : how likely a status still holds after each period, also with a horizon.

    Examples
    --------
    A pact is renewed in calm years and given up in one troubled year of four.

    >>> import bargain as bg
    >>> game = bg.StochasticGame.of(
    ...     "holder",
    ...     {
    ...         "calm": {"renew": (1, {"calm": 0.9, "trouble": 0.1})},
    ...         "trouble": {"wait": (0, {"calm": 0.75, "ended": 0.25})},
    ...         "ended": {},
    ...     },
    ...     discount=0.9,
    ... )
    >>> print(bg.first_passage(bg.MarkovPerfect().solve(game), ["ended"]).to_frame().round(6).to_string())
             probability  periods
    calm             1.0     44.0
    trouble          1.0     34.0
    ended            1.0      0.0
    """
    game = solution.game
    if game.horizon is not None:
        raise InvalidArgumentError(
            f"first_passage: a game without horizon was expected, given one of {game.horizon} periods;"
            " `survival` takes both"
        )
    names = (states,) if isinstance(states, str) else tuple(states)
    reached = np.zeros((game.draws, len(game.states)), dtype=np.bool_)
    for state in names:
        reached[:, game.state(state, where="first_passage")] = True
    chances = np.ascontiguousarray(solution.chain().transpose(2, 0, 1))
    chances[chances < _NEVER] = 0.0
    leads = chances > 0
    possible = _leading(leads, reached)
    # Certain is what leads nowhere from where it is impossible, unless it has been reached before.
    certain = ~_leading(leads & ~reached[:, :, None], ~possible)
    probability = _solved(chances, possible & ~reached, np.where(reached, 1.0, 0.0), np.zeros(1))
    length = np.where(game.immediate, 0.0, 1.0)
    periods = _solved(chances, certain & ~reached, np.zeros(reached.shape), length)
    return Passage(
        names,
        game.states,
        np.where(certain, 1.0, np.minimum(probability, 1.0)).T,
        np.where(certain, periods, np.inf).T,
    )


def _leading(leads: Bools, reached: Bools) -> Bools:
    """Return from which states some can be reached, bool[N, S]."""
    result: Bools = reached
    for _ in range(leads.shape[1]):
        more = result | (leads & result[:, None, :]).any(axis=2)
        if (more == result).all():
            break
        result = more
    return result


def _solved(chances: Floats, free: Bools, known: Floats, each: Floats) -> Floats:
    """Solve ``x = each + chances x`` in the free states, where x is known in the others, float[N, S]."""
    system = np.eye(free.shape[1]) - np.where(free[:, :, None], chances, 0.0)
    right = np.where(free, each, known)
    return np.asarray(np.linalg.solve(system, right[..., None])[..., 0], dtype=np.float64)
