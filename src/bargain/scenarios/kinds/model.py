"""The model of a scenario that is no payoff table: quantities by parameters, and games by quantities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Floats
from bargain.errors import InvalidGameError, UnsupportedGameError
from bargain.games.labels import Labels
from bargain.latex import escape, tabular
from bargain.payoffs.quantities import Quantities
from bargain.payoffs.term import Term
from bargain.scenarios.kinds.kind import Kind
from bargain.solvers.solution import Solver
from bargain.sweep.answers import Answers
from bargain.sweep.game_model import SecondOpinion
from bargain.sweep.readings import Readings

__all__ = ["KindModel"]


@dataclass(frozen=True, eq=False)
class KindModel:
    """Games of a kind over the parameters of a scenario; a `bargain.sweep.game_model.GameModel`.

    Attributes
    ----------
    kind : Kind
    terms : tuple of (quantity, Term)
        As declared, with their conditions.
    quantities : Quantities
        What the terms make: a row for each quantity, and for each action that its terms may name.

    Examples
    --------
    >>> import bargain as bg
    >>> model = bg.load_scenario("gsomia-threat").game_model.hold({"USA": "abstain"})
    >>> model.quantities.symbolic()["concession_cost [abstain]"]
    'rho m_J w - c_J rho'
    """

    kind: Kind
    terms: tuple[tuple[str, Term], ...]
    quantities: Quantities

    @classmethod
    def of(
        cls,
        kind: Kind,
        terms: Sequence[tuple[str, Term]],
        *,
        parameters: Sequence[str] | None = None,
        symbols: Mapping[str, str] | None = None,
    ) -> Self:
        """Expand the terms of a kind's quantities.

        Parameters
        ----------
        kind : Kind
        terms : sequence of (quantity, Term)
        parameters : sequence of str, optional
            Names and order of the parameters; by default those of the terms, as they appear.
        symbols : mapping of str to str, optional
            LaTeX symbols for the formulas.

        Returns
        -------
        KindModel
        """
        kind.check()
        made = Quantities.of(kind.rows(terms), parameters=parameters, symbols=symbols)
        return cls(kind, tuple(terms), made)

    @cached_property
    def labels(self) -> Readings:
        """What is counted and measured."""
        return self.kind.readings

    @property
    def holdable(self) -> Labels | None:
        """Who can be held to which actions; None where nobody can."""
        return self.kind.holdable

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the parameters, length D."""
        return self.quantities.parameters

    @property
    def monomials(self) -> tuple[tuple[int, ...], ...]:
        """Products of parameters, by their places, length M."""
        return self.quantities.monomials

    @property
    def coefficients(self) -> Floats:
        """Of each monomial in each row, float[R, M]."""
        return self.quantities.coefficients

    def evaluate(self, values: Mapping[str, npt.ArrayLike] | Floats) -> Floats:
        """Return the rows of numbers at parameter values.

        Parameters
        ----------
        values : mapping of str to float or float[N], or float[D, N]

        Returns
        -------
        float[R, N]
        """
        return self.quantities.evaluate(values)

    def plainly(self, values: Mapping[str, float]) -> Floats:
        """Add up the declared terms of one draw in the plainest way, for the audit.

        Parameters
        ----------
        values : mapping of str to float

        Returns
        -------
        float[R]
        """
        sums = dict.fromkeys(self.quantities.names, 0.0)
        for name, term in self.quantities.terms:
            amount = term.coefficient
            for parameter in term.parameters:
                amount *= values[parameter]
            sums[name] += amount
        return np.array(list(sums.values()))

    def symbolic(self, *, latex: bool = False) -> pd.DataFrame:
        """Return the numbers that the game is made of, in symbols.

        Parameters
        ----------
        latex : bool, default False
            LaTeX symbols instead of plain ones.

        Returns
        -------
        pandas.DataFrame of str
            One row per quantity, and per action that its terms name: ``formula``, ``bounds``, ``meaning``.
        """
        formulas = self.quantities.symbolic(latex=latex)
        each = len(formulas) // len(self.kind.quantities)
        described = [quantity for quantity in self.kind.quantities for _ in range(each)]
        return pd.DataFrame(
            {
                "formula": formulas,
                "bounds": [quantity.bounds() for quantity in described],
                "meaning": [quantity.meaning for quantity in described],
            }
        )

    def to_latex(self) -> str:
        r"""Return the quantities in symbols as a LaTeX ``tabular`` (needs the booktabs package).

        Returns
        -------
        str
        """
        table = self.symbolic(latex=True)
        rows = [
            [escape(str(name)), f"${row['formula']}$", escape(row["bounds"]), escape(row["meaning"])]
            for name, row in table.iterrows()
        ]
        return tabular("llll", ["quantity", "formula", "bounds", "meaning"], rows)

    def game(self, values: Mapping[str, npt.ArrayLike] | Floats) -> Any:
        """Return the games at parameter values.

        Parameters
        ----------
        values : mapping of str to float or float[N], or float[D, N]

        Returns
        -------
        game
            Of the kind's class.

        Raises
        ------
        InvalidGameError
            If a quantity is outside what the game allows.
        """
        return self.single(self.evaluate(values))

    def single(self, quantities: Floats) -> Any:
        """Return the games at given rows of numbers.

        Parameters
        ----------
        quantities : float[R, N]

        Returns
        -------
        game

        Raises
        ------
        InvalidGameError
            If a quantity is outside what the game allows.
        """
        valid = self.kind.valid(quantities)
        if not valid.all():
            bad = int(np.argmin(valid))
            raise InvalidGameError(
                f"draw {bad}: {self.kind.faults(quantities[:, bad:])}; its status is INVALID"
            )
        return self.kind.game(self.kind.numbers(quantities))

    def solve(self, quantities: Floats, solver: Solver) -> Answers:
        """Return the equilibria at given rows of numbers.

        Parameters
        ----------
        quantities : float[R, N]
        solver : Solver

        Returns
        -------
        Answers
            Draws outside the game's bounds have the status INVALID.
        """
        valid = self.kind.valid(quantities)
        if valid.all():
            return self._solved(quantities, solver)
        if not valid.any():
            none = np.empty((self.labels.size, 0))
            measures = np.empty((len(self.labels.measures), 0))
            nothing = Answers(np.empty(0, np.int64), none, measures, np.empty(0, np.int8))
            return nothing.spread(valid)
        return self._solved(np.ascontiguousarray(quantities[:, valid]), solver).spread(valid)

    def _solved(self, quantities: Floats, solver: Solver) -> Answers:
        return self.kind.answers(solver.solve(self.kind.game(self.kind.numbers(quantities))))

    def hold(self, fix: Mapping[str, str]) -> Self:
        """Hold players to one action each.

        Parameters
        ----------
        fix : mapping of player to action

        Returns
        -------
        KindModel
            Over the same parameters.
        """
        if not fix:
            return self
        made = self.quantities
        return self.of(self.kind.hold(fix), self.terms, parameters=made.parameters, symbols=made.symbols)

    def check_solver(self, solver: object) -> None:
        """Raise if the solver does not treat these games.

        Parameters
        ----------
        solver : object

        Raises
        ------
        UnsupportedGameError
            Which names the solvers that do.
        """
        if not isinstance(solver, self.kind.solvers):
            fitting = " or ".join(f"{one.__name__}" for one in self.kind.solvers)
            raise UnsupportedGameError(
                f"solver: games of kind {self.kind.name!r} are solved by {fitting}, given {solver!r}"
            )

    def second_opinion(self, solver: Solver) -> SecondOpinion | None:
        """Return who solves draws again, if anybody can.

        Parameters
        ----------
        solver : Solver

        Returns
        -------
        SecondOpinion or None
        """
        return self.kind.second_opinion(solver)

    def content(self) -> dict[str, Any]:
        """Return what defines the numbers, for content keys.

        Returns
        -------
        dict
        """
        return {**self.kind.content(), **self.quantities.content()}
