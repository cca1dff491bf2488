"""What a solver returns: a flat table of equilibria with a status for every draw."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar, runtime_checkable

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Floats, Ints, read_only
from bargain.errors import InvalidArgumentError, UnknownDrawError, UnsupportedGameError
from bargain.games.labels import Labels
from bargain.games.normal import NormalForm
from bargain.games.profiles import expected_payoffs, outcome_probabilities, regrets
from bargain.notebook import as_html

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Solution", "Solver", "SolverOf", "Status", "games_of", "solve"]

Codes = npt.NDArray[np.int8]

_BLOCK = 8192  # equilibria whose payoffs are computed at once


class Status(enum.IntEnum):
    """What became of one draw. Each member says in `sentence` what it means and what to do."""

    sentence: str

    SOLVED = 0, "Every equilibrium that the solver looks for was found."
    NONE = 1, "The game has no equilibrium of the kind looked for; mixed ones may exist, see AllNash."
    DEGENERATE = 2, "Ties: equilibria may form a continuum; isolated ones and extreme points are listed."
    INCOMPLETE = 3, "What is listed is an equilibrium, but others may be missing; compare another solver."
    FAILED = 4, "The solver found no answer, though one exists; try another solver or looser options."
    INVALID = 5, "Numbers of this draw are not finite or outside what the game allows; check the tails."

    def __new__(cls, code: int, sentence: str) -> Self:
        """Attach the sentence to the code."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member


@runtime_checkable
class Solver(Protocol):
    """A solution concept with its options: a frozen dataclass with one method."""

    def solve(self, game: NormalForm, /) -> Solution:
        """Return the equilibria of every draw of the game."""
        ...


@dataclass(frozen=True, eq=False)
class Solution:
    """Equilibria of a batch of games, as a flat table.

    A draw has zero, one or nine equilibria, so equilibria have an axis of their own, sorted by draw.

    Attributes
    ----------
    game : NormalForm
        What was solved.
    solver : Solver
        How.
    draw : int[E]
        Which draw each equilibrium belongs to, ascending.
    strategies : tuple of float[action, E], length P
        Each player's probabilities of its actions. For games played in stages: as seen on the path of play.
    regret : float[E]
        The largest gain that any player has from deviating, in payoff units, computed from the game and
        the strategies alone.
    codes : int8[N]
        Value of the `Status` of each draw.
    joint : tuple of float[P, E] and float[O, E], optional
        Payoffs and probabilities of outcomes where they do not follow from the strategies: in games played
        in stages, or where what the players do is correlated.
    """

    game: NormalForm
    solver: Solver
    draw: Ints
    strategies: tuple[Floats, ...]
    regret: Floats
    codes: Codes
    joint: tuple[Floats, Floats] | None = None

    def __post_init__(self) -> None:
        for name in ("draw", "regret", "codes"):
            object.__setattr__(self, name, read_only(getattr(self, name)))
        object.__setattr__(self, "strategies", tuple(read_only(strategy) for strategy in self.strategies))
        if self.joint is not None:
            payoffs, outcomes = self.joint
            object.__setattr__(self, "joint", (read_only(payoffs), read_only(outcomes)))

    @classmethod
    def of(
        cls, game: NormalForm, solver: Solver, draw: Ints, strategies: Sequence[Floats], codes: Codes
    ) -> Solution:
        """Build the solution from strategies; the regret is computed here, from the game alone.

        Parameters
        ----------
        game : NormalForm
        solver : Solver
        draw : int[E]
            In any order; equilibria are sorted by draw, keeping the order within a draw.
        strategies : sequence of float[action, E]
        codes : int8[N]

        Returns
        -------
        Solution
        """
        draw = np.asarray(draw, dtype=np.int64)
        if draw.size and (np.diff(draw) < 0).any():
            order = np.argsort(draw, kind="stable")
            draw, strategies = draw[order], [strategy[:, order] for strategy in strategies]
        regret = regrets(game.payoffs, strategies, draw).max(axis=0)
        return cls(game, solver, draw, tuple(strategies), regret, codes)

    @cached_property
    def payoffs(self) -> Floats:
        """Expected payoffs, float[P, E]; computed when first asked for."""
        if self.joint is not None:
            return self.joint[0]
        payoffs = np.empty((len(self.strategies), self.draw.size))
        for start in range(0, self.draw.size, _BLOCK):
            some = slice(start, start + _BLOCK)
            # np.take keeps draws contiguous, as indexing would not.
            batch = np.take(self.game.payoffs, self.draw[some], axis=-1)
            payoffs[:, some] = expected_payoffs(batch, [strategy[:, some] for strategy in self.strategies])
        return read_only(payoffs)

    @cached_property
    def outcomes(self) -> Floats:
        """Probability of each outcome, in C order of the actions, float[O, E]; computed when asked for."""
        return read_only(outcome_probabilities(self.strategies) if self.joint is None else self.joint[1])

    @property
    def labels(self) -> Labels:
        """Players and actions of the game."""
        return self.game.labels

    @property
    def count(self) -> Ints:
        """Number of equilibria of each draw, int[N]."""
        return np.bincount(self.draw, minlength=self.game.draws)

    @property
    def status(self) -> npt.NDArray[np.object_]:
        """Status of each draw, Status[N]."""
        return np.array(list(Status), dtype=np.object_)[self.codes]

    def __len__(self) -> int:
        return int(self.draw.size)

    def of_draw(self, draw: int) -> Solution:
        """Return the solution of one draw alone.

        Parameters
        ----------
        draw : int

        Returns
        -------
        Solution
            Of a batch of one game.

        Raises
        ------
        UnknownDrawError
        """
        game = self.game[draw]
        draw = draw % self.game.draws
        pick = np.flatnonzero(self.draw == draw)
        return Solution(
            game,
            self.solver,
            np.zeros(pick.size, dtype=np.int64),
            tuple(strategy[:, pick] for strategy in self.strategies),
            self.regret[pick],
            self.codes[draw : draw + 1],
            self.joint and (self.joint[0][:, pick], self.joint[1][:, pick]),
        )

    def profiles(self, draw: int | None = None, *, digits: int = 12) -> list[dict[str, dict[str, float]]]:
        """Return equilibria for reading, with the actions that are never played left out.

        Parameters
        ----------
        draw : int, optional
            Only the equilibria of this draw.
        digits : int, default 12
            Probabilities are rounded to so many decimals.

        Returns
        -------
        list of ``{player: {action: probability}}``

        Raises
        ------
        UnknownDrawError
        """
        if draw is not None and not -self.game.draws <= draw < self.game.draws:
            raise UnknownDrawError(f"draw: one of {self.game.draws} draws was expected, given {draw}")
        chosen = range(len(self)) if draw is None else np.flatnonzero(self.draw == draw % self.game.draws)
        return [
            {
                player: {
                    action: rounded
                    for action, probability in zip(actions, strategy[:, index].tolist(), strict=True)
                    if (rounded := round(probability, digits)) > 0
                }
                for player, actions, strategy in zip(
                    self.labels.players, self.labels.actions, self.strategies, strict=True
                )
            }
            for index in chosen
        ]

    def explain(self, draw: int = 0) -> str:
        """Say in words what each player would lose by acting otherwise; see `bargain.explain`.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        str
        """
        from bargain.solvers.explanation import explain  # noqa: PLC0415 - it imports this file

        return explain(self, draw)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per equilibrium.

        Returns
        -------
        pandas.DataFrame
            Columns of two levels: ``(player, action)`` for probabilities, ``("payoff", player)``,
            ``("", "regret")``; indexed by draw and number of the equilibrium within it.
        """
        columns: dict[tuple[str, str], Floats] = {}
        for player, actions, strategy in zip(
            self.labels.players, self.labels.actions, self.strategies, strict=True
        ):
            columns.update({(player, action): row for action, row in zip(actions, strategy, strict=True)})
        columns.update(
            {("payoff", player): row for player, row in zip(self.labels.players, self.payoffs, strict=True)}
        )
        columns["", "regret"] = self.regret
        first = np.searchsorted(self.draw, self.draw)
        index = pd.MultiIndex.from_arrays(
            [self.draw, np.arange(len(self)) - first], names=["draw", "equilibrium"]
        )
        frame = pd.DataFrame(dict(columns), index=index)
        frame.columns = pd.MultiIndex.from_tuples(list(columns))
        return frame

    def to_xarray(self) -> xr.Dataset:
        """Return the table as a Dataset, for netCDF and xarray's own tools.

        Returns
        -------
        xarray.Dataset
            Along ``equilibrium``: ``draw``, ``regret``, ``payoff`` by ``player``, and per player
            ``strategy_PLAYER`` by ``action_PLAYER``; along ``draws``: ``status`` as its name.

        Examples
        --------
        >>> import bargain as bg
        >>> game = bg.load_scenario("gsomia").game("2019-11 deadline")
        >>> found = bg.solve(game, bg.PureNash()).to_xarray()
        >>> float(found.strategy_ROK.sel(action_ROK="suspend")[0])
        1.0
        """
        import xarray as xr  # noqa: PLC0415 - takes long to import

        data: dict[str, Any] = {
            "draw": ("equilibrium", self.draw),
            "regret": ("equilibrium", self.regret),
            "payoff": (("player", "equilibrium"), self.payoffs),
            "status": ("draws", np.array([status.name for status in Status])[self.codes]),
        }
        coordinates: dict[str, Any] = {"player": list(self.labels.players)}
        for player, actions, strategy in zip(
            self.labels.players, self.labels.actions, self.strategies, strict=True
        ):
            data[f"strategy_{player}"] = ((f"action_{player}", "equilibrium"), strategy)
            coordinates[f"action_{player}"] = list(actions)
        return xr.Dataset(data, coordinates, {"solver": str(self.solver)})

    def __repr__(self) -> str:
        return (
            f"Solution({len(self)} equilibria of {self.game.draws} draws by {self.solver}; {self._summary})"
        )

    def _repr_html_(self) -> str:
        title = f"{len(self):,} equilibria of {self.game.draws:,} draws by {self.solver}"
        return as_html(title, self.to_frame(), self._summary)

    @property
    def _summary(self) -> str:
        counts = np.bincount(self.codes, minlength=len(Status))
        return ", ".join(f"{counts[status]} {status.name}" for status in Status if counts[status])


G_contra = TypeVar("G_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)


class SolverOf(Protocol[G_contra, R_co]):
    """A solution concept for some form of game, with a result of its own.

    Solvers of other games than payoff tables name them in a class variable ``games``.
    """

    def solve(self, game: G_contra, /) -> R_co:
        """Return what the concept says of every draw."""
        ...


def solve(game: G_contra, solver: SolverOf[G_contra, R_co]) -> R_co:
    """Find the equilibria, or the agreements, of every draw of a game.

    Parameters
    ----------
    game : NormalForm, ExtensiveForm, ThreatGame, CrisisGame, BargainingProblem, ...
        A batch of games of any form.
    solver : solver
        One that treats games of this form, such as ``PureNash()``; see `bargain.solvers.catalogue`.

    Returns
    -------
    Solution
        Or what else the solver returns: `BehaviourSolution` for trees, `Agreements` for bargaining problems.

    Raises
    ------
    InvalidArgumentError
        If this is no solver.
    UnsupportedGameError
        If the solver does not treat games of this form; the message names those that do.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.load_scenario("gsomia").game("2019-11 deadline")
    >>> bg.solve(game, bg.PureNash()).profiles()
    [{'ROK': {'suspend': 1.0}, 'JPN': {'relax': 1.0}, 'USA': {'press': 1.0}}]
    >>> threat = bg.ThreatGame(
    ...     prior=0.2, prize=3, audience_cost=2, concession_cost=1.2, loss=3, carrying_out=0.5
    ... )
    >>> bg.solve(threat, bg.PerfectBayesian())
    SignallingSolution(1 equilibria of 1 draws: 1 semi-separating)
    """
    if isinstance(solver, type) or not isinstance(solver, Solver):
        raise InvalidArgumentError(f"solve: a solver such as PureNash() was expected, given {solver!r}")
    if not isinstance(game, games_of(solver)):
        from bargain.solvers.catalogue import fitting  # noqa: PLC0415 - it imports every solver

        if not isinstance(game, type) and callable(getattr(game, "solve", None)):
            raise UnsupportedGameError(
                f"solve: a {type(game).__name__} is game and solver in one: call its own method solve()"
            )
        names = fitting(type(game))
        functions = getattr(game, "treated_by", ())
        if functions and not isinstance(game, type):
            raise UnsupportedGameError(
                f"solve: no solver treats a {type(game).__name__}; call {' or '.join(functions)}"
            )
        if not names:
            raise InvalidArgumentError(
                f"solve: a game such as a NormalForm was expected, given {type(game).__name__}"
            )
        raise UnsupportedGameError(
            f"solve: {type(solver).__name__} solves {' and '.join(one.__name__ for one in games_of(solver))},"
            f" given a {type(game).__name__}; that is solved by {', '.join(names)}"
        )
    return solver.solve(game)


def games_of(solver: object) -> tuple[type, ...]:
    """Return the forms of game that a solver treats.

    Parameters
    ----------
    solver : solver, or its class
        Its class variable ``games``; solvers without one treat payoff tables.

    Returns
    -------
    tuple of type
    """
    games: tuple[type, ...] = getattr(solver, "games", (NormalForm,))
    return games
