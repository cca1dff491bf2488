"""What a kind of scenario says of its games: their numbers, and what is read off them."""

from __future__ import annotations

import itertools
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from bargain.axes import Bools, Floats
from bargain.errors import ScenarioError, UnknownNameError, UnsupportedGameError
from bargain.games.labels import Labels
from bargain.payoffs.term import Payoff, Term
from bargain.scenarios.tables import QuantityTermTable, Table
from bargain.solvers.solution import Solver
from bargain.sweep.answers import Answers
from bargain.sweep.game_model import SecondOpinion
from bargain.sweep.readings import Readings

__all__ = ["Kind", "NoOptions", "Quantity"]


@dataclass(frozen=True)
class Quantity:
    """A number that the games of a kind are made of, and its bounds.

    Attributes
    ----------
    name : str
    meaning : str
    low, high : float
        What the game allows; a draw outside has the status INVALID.
    above : bool, default False
        Whether `low` itself is not allowed.
    default : float, optional
        Its value where no term names it; without one, some term must.
    """

    name: str
    meaning: str
    low: float = -math.inf
    high: float = math.inf
    above: bool = False
    default: float | None = None

    def valid(self, values: Floats) -> Bools:
        """Say which values the game allows.

        Parameters
        ----------
        values : float[..., N]

        Returns
        -------
        bool[..., N]
        """
        enough = values > self.low if self.above else values >= self.low
        valid: Bools = enough & (values <= self.high) & (np.abs(values) < math.inf)
        return valid

    def bounds(self) -> str:
        """Return the bounds in words.

        Returns
        -------
        str

        Examples
        --------
        >>> Quantity("prior", "a probability", 0, 1).bounds(), Quantity("prize", "", 0, above=True).bounds()
        ('from 0 to 1', 'above 0')
        """
        low = f"above {self.low:g}" if self.above else f"from {self.low:g}"
        if self.high < math.inf:
            return f"up to {self.high:g}" if self.low == -math.inf else f"{low} to {self.high:g}"
        if self.low == -math.inf:
            return "any number"
        return low if self.above else f"{self.low:g} or more"


class NoOptions(Table):
    """Options of a kind that has none."""


@dataclass(frozen=True)
class Kind(ABC):
    """A kind of scenario with the options of one: what `docs/how-to/add-a-kind-of-scenario.md` explains.

    Parameters
    ----------
    options : Options
        As the scenario file gives them.
    parties : dict of str to tuple of str
        Players with their actions, which terms may name; players without actions have none.

    Attributes
    ----------
    name, summary : str
        Class variables: the name in scenario files, and one sentence on what is played.
    Options : type of Table
        Class variable: the keys of the table ``[options]``.
    Terms : type of Table
        Class variable: the keys of a table ``[[terms]]``.
    report_draws : int
        Class variable: the most draws that a report makes at each setting; fewer where solving takes long.
    solvers : tuple of type
        Class variable: the solvers that treat these games; the first one, with the options of
        `default_solver`, is used where none is asked for.
    """

    options: Any
    parties: dict[str, tuple[str, ...]]

    name: ClassVar[str]
    summary: ClassVar[str]
    Options: ClassVar[type[Table]] = NoOptions
    Terms: ClassVar[type[Table]] = QuantityTermTable
    report_draws: ClassVar[int] = 1_000_000
    solvers: ClassVar[tuple[type, ...]]

    @property
    @abstractmethod
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers that the game is made of."""

    @property
    @abstractmethod
    def readings(self) -> Readings:
        """The outcomes that a sweep counts, and the measures that it averages."""

    @abstractmethod
    def game(self, numbers: Mapping[str, Floats]) -> Any:
        """Build the games of a batch.

        Parameters
        ----------
        numbers : mapping of quantity to float[N], or float[C, N] where terms may name actions
            Within their bounds. ``C`` runs over the outcomes of `choices`.

        Returns
        -------
        game
            One that `solvers` treat.
        """

    @abstractmethod
    def answers(self, solution: Any) -> Answers:
        """Say of each equilibrium which outcome it has, and its measures."""

    @property
    def choices(self) -> Labels | None:
        """Players whose actions terms may name, with their actions; None where there are none."""
        return None

    @property
    def holdable(self) -> Labels | None:
        """Who can be held to which actions with ``fix``; those whose actions terms may name, by default."""
        return self.choices

    @property
    def happenings(self) -> Labels:
        """What the history of a setting is told in; where that is no outcome, names of measures."""
        return self.readings

    def check(self) -> None:  # noqa: B027 - most kinds have nothing to check
        """Raise if the options do not fit the players."""

    def default_solver(self) -> Solver:
        """Return the solver that is used where none is asked for."""
        solver: Solver = self.solvers[0]()
        return solver

    def allowed(self, numbers: Mapping[str, Floats]) -> Bools | None:  # noqa: ARG002
        """Say which draws the game allows beyond the bounds of each quantity, bool[N]; None means all."""
        return None

    def second_opinion(self, solver: Solver) -> SecondOpinion | None:  # noqa: ARG002
        """Return somebody who solves a draw again by other means, if anybody can."""
        return None

    # What follows serves every kind whose quantities are numbers, one for each outcome of `choices`.

    def term(self, table: Any, where: str) -> tuple[str, Term]:
        """Read one table ``[[terms]]``.

        Parameters
        ----------
        table : Table
            Of the kind's `Terms`.
        where : str
            Its place in the file.

        Returns
        -------
        (quantity, term)

        Raises
        ------
        UnknownNameError
            If there is no such quantity, or a condition names an action that nobody has.
        """
        names = [quantity.name for quantity in self.quantities]
        if table.quantity not in names:
            raise UnknownNameError.of("quantity", table.quantity, names, where=f"{where}.quantity")
        when = tuple(sorted((player, tuple(actions)) for player, actions in table.when.items()))
        for player, actions in when:
            if self.choices is None or player not in self.choices.players:
                known = self.choices.players if self.choices else ()
                raise UnknownNameError.of("player with actions", player, known, where=f"{where}.when")
            for action in actions:
                self.choices.action(player, action, where=f"{where}.when")
        return table.quantity, Term(
            table.coefficient, tuple(table.parameters), when, table.name, table.why, tuple(table.sources)
        )

    def rows(self, terms: Sequence[tuple[str, Term]]) -> dict[str, Payoff]:
        """Return the sum behind each row of numbers: quantities, for each outcome of `choices`.

        Parameters
        ----------
        terms : sequence of (quantity, Term)

        Returns
        -------
        dict of str to Payoff
            Without conditions.

        Raises
        ------
        ScenarioError
            If a quantity without default has no term.
        """
        sums: dict[str, Payoff] = {}
        for quantity in self.quantities:
            own = [term for name, term in terms if name == quantity.name]
            if not own and quantity.default is None:
                raise ScenarioError(
                    f"terms: a term of the quantity {quantity.name!r} was expected ({quantity.meaning}),"
                    " given none"
                )
            if not own:
                own = [Term(float(quantity.default or 0.0))]
            for label, outcome in self._cases():
                held = (term for term in own if _holds(term, outcome))
                sums[f"{quantity.name}{label}"] = Payoff(tuple(replace(term, when=()) for term in held))
        return sums

    def numbers(self, rows: Floats) -> dict[str, Floats]:
        """Return the quantities from the rows of numbers.

        Parameters
        ----------
        rows : float[R, N]

        Returns
        -------
        dict of str to float[N] or float[C, N]
        """
        cases = len(self._cases())
        if self.choices is None:
            return {quantity.name: row for quantity, row in zip(self.quantities, rows, strict=True)}
        table = rows.reshape(len(self.quantities), cases, -1)
        return {quantity.name: part for quantity, part in zip(self.quantities, table, strict=True)}

    def valid(self, rows: Floats) -> Bools:
        """Say which draws the game allows.

        Parameters
        ----------
        rows : float[R, N]

        Returns
        -------
        bool[N]
        """
        numbers = self.numbers(rows)
        valid = np.ones(rows.shape[1], dtype=np.bool_)
        for quantity in self.quantities:
            valid &= quantity.valid(np.atleast_2d(numbers[quantity.name])).all(axis=0)
        further = self.allowed(numbers)
        return valid if further is None else valid & further

    def faults(self, rows: Floats) -> str:
        """Say what the game does not allow in the first draw.

        Parameters
        ----------
        rows : float[R, N]

        Returns
        -------
        str
        """
        numbers = self.numbers(rows[:, :1])
        found = [
            f"{quantity.name}: {quantity.bounds()} was expected, given {value:.6g}"
            for quantity in self.quantities
            for value in np.ravel(numbers[quantity.name])
            if not quantity.valid(np.array(value))
        ]
        return "; ".join(dict.fromkeys(found)) or f"the numbers do not make a game of kind {self.name!r}"

    def hold(self, fix: Mapping[str, str]) -> Self:
        """Hold players to one action each.

        Parameters
        ----------
        fix : mapping of player to action

        Returns
        -------
        Kind

        Raises
        ------
        UnsupportedGameError
            If terms name no actions, so that there is nothing to hold.
        UnknownNameError
        """
        if not fix:
            return self
        if self.choices is None:
            raise UnsupportedGameError(
                f"fix: nobody can be held to an action in this scenario of kind {self.name!r}, where no terms"
                " depend on actions; hold parameters with values={...}"
            )
        labels, _ = self.choices.hold(fix)
        held = dict(zip(labels.players, labels.actions, strict=True))
        return replace(self, parties={**self.parties, **held})

    def content(self) -> dict[str, Any]:
        """Return what defines the games beside their quantities, for content keys.

        Returns
        -------
        dict
        """
        return {
            "kind": self.name,
            "options": self.options.model_dump(mode="json"),
            "parties": {player: list(actions) for player, actions in self.parties.items()},
        }

    def _cases(self) -> list[tuple[str, dict[str, str]]]:
        """Return the outcomes of `choices`, with what is added to the names of rows."""
        if self.choices is None:
            return [("", {})]
        players = self.choices.players
        return [
            (f" [{', '.join(outcome)}]", dict(zip(players, outcome, strict=True)))
            for outcome in itertools.product(*self.choices.actions)
        ]


def _holds(term: Term, outcome: Mapping[str, str]) -> bool:
    return all(outcome[player] in actions for player, actions in term.when)
