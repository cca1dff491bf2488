"""Correlated and coarse correlated equilibria, by linear programmes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.normal import NormalForm
from bargain.solvers.solution import Solution, Status

__all__ = ["CorrelatedEquilibrium"]

_FEASIBLE = 1e-10  # the tightest that HiGHS accepts, on rows whose largest coefficient is one
_REGRET = 1e-7  # largest accepted gain from disobeying, relative to the range of the player's payoffs


@dataclass(frozen=True)
class CorrelatedEquilibrium:
    """The correlated equilibrium that is best by a linear objective, draw by draw.

    A mediator draws an outcome from a distribution known to all and tells each player its own action alone;
    it is a correlated equilibrium when nobody gains by doing something else than told [Aumann1974]_. In a
    coarse one nobody gains by deciding on an action of its own before being told [MoulinVial1978]_.
    Correlated equilibria form a polytope that contains all Nash equilibria, and the coarse ones a larger one.

    Parameters
    ----------
    objective : str, default "welfare"
        What is maximised: ``"welfare"`` the sum of all players' expected payoffs, ``"minimum"`` the smallest
        of them, or the name of a player that player's. Payoffs are compared in their own units.
    coarse : bool, default False
        Whether players decide before they are told.

    Raises
    ------
    InvalidArgumentError
        If the objective is not a name.

    Notes
    -----
    `Solution.outcomes` is the distribution itself; `Solution.strategies` are its margins, from which it does
    not follow. `Solution.regret` is the largest gain that any player expects from the best way to disobey,
    computed from the game and the distribution alone. Where several distributions attain the optimum, one
    extreme point of them is returned. Solved by HiGHS [HuangfuHall2018]_, each incentive constraint scaled
    by its largest coefficient. Status is SOLVED where no player's regret exceeds 1e-7 of the range of its
    payoffs, otherwise FAILED, without an equilibrium.

    Examples
    --------
    Chicken: the mediator never lets both dare.

    >>> import bargain as bg
    >>> chicken = bg.NormalForm(
    ...     {"row": ("yield", "dare"), "column": ("yield", "dare")},
    ...     [[[6, 2], [7, 0]], [[6, 7], [2, 0]]],
    ... )
    >>> solution = bg.solve(chicken, bg.CorrelatedEquilibrium("welfare"))
    >>> print(solution.outcomes[:, 0].round(9), solution.payoffs.sum().round(9))
    [0.5  0.25 0.25 0.  ] 10.5
    """

    objective: str = "welfare"
    coarse: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.objective, str):
            raise InvalidArgumentError(
                "CorrelatedEquilibrium: objective is 'welfare', 'minimum' or the name of a player;"
                f" given {self.objective!r}"
            )

    def solve(self, game: NormalForm) -> Solution:
        """Return the best correlated equilibrium of every draw.

        Parameters
        ----------
        game : NormalForm

        Returns
        -------
        Solution
            One equilibrium per draw, none where HiGHS failed.

        Raises
        ------
        UnknownNameError
            If the objective is neither a rule nor a player of the game.
        """
        goals = self._goals(game)
        gains = _gains(game.payoffs, coarse=self.coarse)
        outcomes = np.full((game.labels.size, game.draws), np.nan)
        for draw in range(game.draws):
            outcomes[:, draw] = _best(gains[..., draw], goals[..., draw])
        payoffs = game.payoffs.reshape(len(game.players), -1, game.draws)
        regret = _regrets(game.payoffs, outcomes, coarse=self.coarse)
        obeyed = (regret <= _REGRET * np.ptp(payoffs, axis=1)).all(axis=0)  # false where NaN: no answer
        solved = np.flatnonzero(obeyed)
        outcomes = outcomes[:, solved]
        table = outcomes.reshape(*game.shape, solved.size)
        players = range(len(game.shape))
        return Solution(
            game,
            self,
            solved,
            tuple(table.sum(axis=tuple(axis for axis in players if axis != player)) for player in players),
            regret[:, solved].max(axis=0),
            np.where(obeyed, np.int8(Status.SOLVED), np.int8(Status.FAILED)).astype(np.int8),
            ((payoffs[..., solved] * outcomes).sum(axis=1), outcomes),
        )

    def probability_range(self, game: NormalForm, draw: int = 0) -> pd.DataFrame:
        """Return the lowest and highest probability of each outcome over all correlated equilibria of a draw.

        The objective plays no part.

        Parameters
        ----------
        game : NormalForm
        draw : int, default 0

        Returns
        -------
        pandas.DataFrame
            Indexed by outcome, one level per player; columns ``low`` and ``high``, NaN where HiGHS failed.

        Examples
        --------
        >>> import bargain as bg
        >>> chicken = bg.NormalForm(
        ...     {"row": ("yield", "dare"), "column": ("yield", "dare")},
        ...     [[[6, 2], [7, 0]], [[6, 7], [2, 0]]],
        ... )
        >>> print(bg.CorrelatedEquilibrium().probability_range(chicken).round(3))
                      low  high
        row   column
        yield yield   0.0  0.5
              dare    0.0  1.0
        dare  yield   0.0  1.0
              dare    0.0  0.2
        """
        one = game[draw]
        gains = _gains(one.payoffs, coarse=self.coarse)[..., 0]
        bounds = np.empty((game.labels.size, 2))
        for outcome, one_of in enumerate(np.eye(game.labels.size)):
            for column, sign in enumerate((-1.0, 1.0)):
                bounds[outcome, column] = _best(gains, sign * one_of[None])[outcome]
        index = pd.MultiIndex.from_tuples(game.labels.outcomes, names=game.players)
        return pd.DataFrame(bounds, index=index, columns=["low", "high"])

    def regret(self, game: NormalForm, outcomes: npt.ArrayLike) -> Floats:
        """Return the most that a player expects to gain by disobeying advice from a given distribution.

        Parameters
        ----------
        game : NormalForm
        outcomes : array_like of float, shape (A...) or (A..., N), or (O,) or (O, N)
            Probability of each outcome, as a table or in C order; one for all draws, or one for each.

        Returns
        -------
        float[N]
            In payoff units; zero exactly where the distribution is a correlated equilibrium, or a coarse one.

        Raises
        ------
        InvalidArgumentError
            If the shape is wrong, or probabilities are negative or do not add to one within 1e-9.

        Examples
        --------
        A third for each outcome in which not both dare is one, and gives each player 5.

        >>> import bargain as bg
        >>> chicken = bg.NormalForm(
        ...     {"row": ("yield", "dare"), "column": ("yield", "dare")},
        ...     [[[6, 2], [7, 0]], [[6, 7], [2, 0]]],
        ... )
        >>> print(bg.CorrelatedEquilibrium().regret(chicken, [[1 / 3, 1 / 3], [1 / 3, 0]]))
        [0.]
        >>> print(bg.CorrelatedEquilibrium().regret(chicken, [[1, 0], [0, 0]]))
        [1.]
        """
        size, draws = game.labels.size, game.draws
        try:
            given = np.asarray(outcomes, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise InvalidArgumentError(f"outcomes: numbers were expected ({error})") from error
        if given.shape in {game.shape, (size,)}:
            given = given.reshape(size, 1)
        if given.shape in {(*game.shape, draws), (size, draws), (size, 1)}:
            given = given.reshape(size, -1)
        else:
            raise InvalidArgumentError(
                f"outcomes: shape {game.shape} or ({size},), perhaps with {draws} draws behind, was expected,"
                f" given {given.shape}"
            )
        if not (given >= 0).all() or not (np.abs(given.sum(axis=0) - 1) <= 1e-9).all():
            raise InvalidArgumentError("outcomes: probabilities must be non-negative and add to 1")
        given = np.broadcast_to(given, (size, draws))
        result: Floats = _regrets(game.payoffs, given, coarse=self.coarse).max(axis=0)
        return result

    def _goals(self, game: NormalForm) -> Floats:
        """Return the payoffs whose minimum is maximised, float[goal, O, N]."""
        payoffs = game.payoffs.reshape(len(game.players), -1, game.draws)
        if self.objective == "minimum":
            return payoffs
        if self.objective == "welfare":
            welfare: Floats = payoffs.sum(axis=0, keepdims=True)
            return welfare
        if self.objective not in game.players:
            known = ("welfare", "minimum", *game.players)
            raise UnknownNameError.of("objective", self.objective, known, where="CorrelatedEquilibrium")
        player = game.labels.player(self.objective)
        return payoffs[player : player + 1]


def _gains(payoffs: Floats, *, coarse: bool) -> Floats:
    """Return what players gain by disobeying at each outcome, float[constraint, O, N].

    One constraint per player, action told and other action; where coarse, per player and action.
    """
    shape, draws = payoffs.shape[1:-1], payoffs.shape[-1]
    rows = []
    for player, size in enumerate(shape):
        own = payoffs[player]
        for action in range(size):
            instead = np.take(own, [action], axis=player) - own
            if coarse:
                rows.append(instead)
                continue
            for told in range(size):
                if told != action:
                    only = np.zeros((size, *(1,) * (len(shape) - player)))
                    only[told] = 1.0
                    rows.append(instead * only)
    return np.array(rows).reshape(len(rows), math.prod(shape), draws)


def _best(gains: Floats, goals: Floats) -> Floats:
    """Return the distribution over outcomes that maximises the smallest goal, float[O]; NaN if none.

    Parameters
    ----------
    gains : float[constraint, O]
        Of disobeying: not positive on average.
    goals : float[goal, O]
    """
    from scipy.optimize import linprog  # noqa: PLC0415 - takes long to import

    size = gains.shape[1]
    largest = np.abs(gains).max(axis=1, initial=0)
    gains = gains[largest > 0] / largest[largest > 0, None]
    low, high = goals.min(), goals.max()
    goals = (goals - low) / (high - low if high > low else 1.0)
    # One more unknown, the smallest goal, is maximised; it lies between 0 and 1.
    smallest = np.concatenate([-goals, np.ones((len(goals), 1))], axis=1)
    obedience = np.concatenate([gains, np.zeros((len(gains), 1))], axis=1)
    table = np.concatenate([obedience, smallest])
    found = linprog(
        np.append(np.zeros(size), -1.0),
        A_ub=table,
        b_ub=np.zeros(len(table)),
        A_eq=np.append(np.ones(size), 0.0)[None],
        b_eq=[1.0],
        bounds=(0, 1),
        method="highs",
        options={"primal_feasibility_tolerance": _FEASIBLE, "dual_feasibility_tolerance": _FEASIBLE},
    )
    if found.status != 0 or found.x is None:
        return np.full(size, np.nan)
    probabilities = np.clip(found.x[:-1], 0.0, None)
    return np.asarray(probabilities / probabilities.sum())


def _regrets(payoffs: Floats, outcomes: Floats, *, coarse: bool) -> Floats:
    """Return what each player expects to gain by the best way to disobey, float[P, N].

    Parameters
    ----------
    payoffs : float[P, A..., N]
    outcomes : float[O, N]
    """
    shape, draws = payoffs.shape[1:-1], payoffs.shape[-1]
    table = outcomes.reshape(*shape, draws)
    result = np.empty((len(shape), draws))
    for player, size in enumerate(shape):
        own = np.moveaxis(payoffs[player], player, 0).reshape(size, -1, draws)
        told = np.moveaxis(table, player, 0).reshape(size, -1, draws)
        if coarse:
            gain = (own[:, None] - own[None]) * told[None]
            result[player] = gain.sum(axis=(1, 2)).max(axis=0)
        else:
            values = np.array([(own * told[action]).sum(axis=1) for action in range(size)])  # [told, done, N]
            obeyed = values[np.arange(size), np.arange(size)]
            result[player] = (values.max(axis=1) - obeyed).sum(axis=0)
    return np.maximum(result, 0.0)
