"""The payoffs of all players as one multi-affine form, evaluated as one matrix product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Floats, read_only
from bargain.errors import InvalidArgumentError, InvalidTermError, UnknownNameError
from bargain.games.labels import Labels
from bargain.games.normal import NormalForm
from bargain.latex import escape, tabular
from bargain.notebook import as_html
from bargain.payoffs.formula import formula, latex_names, plain_names
from bargain.payoffs.term import Payoff, Term
from bargain.payoffs.value_table import value_table

__all__ = ["PayoffModel"]

Monomial = tuple[int, ...]
"""Indices of the parameters that a monomial multiplies, ascending; ``()`` is the constant one."""


@dataclass(frozen=True, eq=False)
class PayoffModel:
    """Payoffs declared as terms, held in canonical form.

    ``payoffs[player, outcome, draw] = coefficients[player, outcome, :] @ monomials[:, draw]``, where a
    monomial is a product of distinct parameters. Every payoff is therefore affine in each single parameter.

    Build it with `PayoffModel.of`.

    Attributes
    ----------
    labels : Labels
    parameters : tuple of str, length D
    terms : tuple of (player, Term)
        As declared, with their reasons and sources.
    monomials : tuple of tuple of int, length M
        Indices into `parameters`.
    coefficients : float[P, O, M]
        Read-only.
    symbols : dict of str to str
        LaTeX symbol of each parameter, where one is known.

    Examples
    --------
    >>> import bargain as bg
    >>> model = bg.PayoffModel.of(
    ...     {"ROK": ("renew", "terminate"), "USA": ("abstain", "press")},
    ...     {
    ...         "ROK": bg.When(ROK="terminate")
    ...         * (bg.Value("credit") - bg.Value("anger") * bg.When(USA="press")),
    ...         "USA": -2 * bg.When(ROK="terminate") - 0.5 * bg.When(USA="press"),
    ...     },
    ... )
    >>> print(model.symbolic().to_string())
                              ROK   USA
    ROK       USA
    renew     abstain           0     0
              press             0  -0.5
    terminate abstain      credit    -2
              press     credit - anger  -2.5
    >>> model.game({"credit": 3, "anger": 4}).payoffs[0, :, :, 0]
    array([[ 0.,  0.],
           [ 3., -1.]])
    """

    labels: Labels
    parameters: tuple[str, ...]
    terms: tuple[tuple[str, Term], ...]
    monomials: tuple[Monomial, ...]
    coefficients: Floats
    symbols: dict[str, str]

    @classmethod
    def of(
        cls,
        actions: Mapping[str, Sequence[str]] | Labels,
        payoffs: Mapping[str, Payoff],
        *,
        parameters: Sequence[str] | None = None,
        symbols: Mapping[str, str] | None = None,
    ) -> PayoffModel:
        """Expand declared payoffs into canonical form.

        Parameters
        ----------
        actions : mapping of str to sequence of str, or Labels
            The actions of each player.
        payoffs : mapping of player to Payoff
            A player without a payoff is indifferent.
        parameters : sequence of str, optional
            Names and order of the parameters; by default those of the terms, as they appear.
        symbols : mapping of str to str, optional
            LaTeX symbols for the formulas.

        Returns
        -------
        PayoffModel

        Raises
        ------
        UnknownNameError
            If a term names a player, action or parameter that does not exist.
        InvalidTermError
            If a payoff is not made of terms.
        InvalidArgumentError
            If a parameter is listed twice.
        """
        labels = Labels.of(actions)
        terms: list[tuple[str, Term]] = []
        for player, payoff in payoffs.items():
            labels.player(player, where="payoffs")
            if isinstance(payoff, int | float):
                payoff = Payoff((Term(float(payoff)),))  # noqa: PLW2901 - a number is a constant payoff
            if not isinstance(payoff, Payoff):
                raise InvalidTermError(f"payoff of {player!r}: a sum of terms was expected, given {payoff!r}")
            terms.extend((player, term) for term in payoff.terms)
        if parameters is None:
            parameters = tuple(dict.fromkeys(name for _, term in terms for name in term.parameters))
        twice = sorted({name for name in parameters if list(parameters).count(name) > 1})
        if twice:
            raise InvalidArgumentError(f"parameters: {twice[0]!r} appears more than once")
        return cls._expand(labels, tuple(parameters), tuple(terms), dict(symbols or {}))

    @classmethod
    def _expand(
        cls,
        labels: Labels,
        parameters: tuple[str, ...],
        terms: tuple[tuple[str, Term], ...],
        symbols: dict[str, str],
    ) -> PayoffModel:
        monomials: dict[Monomial, int] = {}
        entries: list[tuple[int, npt.NDArray[np.bool_], int, float]] = []
        for player, term in terms:
            where = f"term {term.name or term}"
            for name in term.parameters:
                if name not in parameters:
                    raise UnknownNameError.of("parameter", name, parameters, where=where)
            monomial = tuple(sorted(parameters.index(name) for name in term.parameters))
            column = monomials.setdefault(monomial, len(monomials))
            entries.append((labels.player(player), _indicator(labels, term, where), column, term.coefficient))
        coefficients = np.zeros((len(labels.players), labels.size, len(monomials)))
        for index, indicator, column, coefficient in entries:
            coefficients[index, indicator, column] += coefficient
        return cls(labels, parameters, terms, tuple(monomials), read_only(coefficients), symbols)

    def evaluate(self, values: Mapping[str, npt.ArrayLike] | Floats) -> Floats:
        """Return the payoffs at given parameter values.

        Parameters
        ----------
        values : mapping of str to float or float[N], or float[D, N]
            In the order of `parameters` if an array.

        Returns
        -------
        float[P, A..., N]

        Raises
        ------
        UnknownNameError
            If a name is not a parameter.
        InvalidArgumentError
            If a parameter has no value or the shape is wrong.
        """
        table = value_table(self.parameters, values)
        products = np.ones((len(self.monomials), table.shape[1]))
        for row, monomial in zip(products, self.monomials, strict=True):
            for index in monomial:
                row *= table[index]  # noqa: PLW2901 - rows are views of the products
        players = len(self.labels.players)
        flat: Floats = self.coefficients.reshape(players * self.labels.size, -1) @ products
        return flat.reshape(players, *self.labels.shape, table.shape[1])

    def game(self, values: Mapping[str, npt.ArrayLike] | Floats) -> NormalForm:
        """Return the game at given parameter values.

        Parameters
        ----------
        values : mapping of str to float or float[N], or float[D, N]
            As for `evaluate`.

        Returns
        -------
        NormalForm

        Raises
        ------
        InvalidGameError
            If a payoff overflows.
        """
        return NormalForm(self.labels, self.evaluate(values))

    def hold(self, fix: Mapping[str, str]) -> PayoffModel:
        """Hold players to one action each.

        Parameters
        ----------
        fix : mapping of player to action

        Returns
        -------
        PayoffModel
            Over the same parameters; a held player has that single action left.

        Raises
        ------
        UnknownNameError
        """
        if not fix:
            return self
        labels, _ = self.labels.hold(fix)
        terms = []
        for player, term in self.terms:
            held = term * Term(1.0, (), tuple((name, (action,)) for name, action in sorted(fix.items())))
            if held is not None:
                terms.append((player, held))
        return self._expand(labels, self.parameters, tuple(terms), self.symbols)

    def relative(self) -> PayoffModel:
        """Return the model of payoffs relative to the player's own first action.

        What a player earns with its first action, given what the others do, is taken off all its actions. No
        best reply changes by that, and much that does not depend on the own action cancels exactly.

        Returns
        -------
        PayoffModel
            With the same best replies; its terms are those of the original.
        """
        shape = self.labels.shape
        coefficients = self.coefficients.reshape(len(shape), *shape, -1).copy()
        for player, own in enumerate(coefficients):
            np.subtract(own, own.take([0], axis=player), out=own)
        flat = coefficients.reshape(self.coefficients.shape)
        # What is left of a cancelled decimal fraction is no payoff; other monomials and players do not count.
        size = np.abs(self.coefficients).max(axis=1, keepdims=True)
        flat[np.abs(flat) < 1e-14 * size] = 0.0
        used = np.flatnonzero(flat.any(axis=(0, 1)))
        return replace(
            self,
            monomials=tuple(self.monomials[column] for column in used),
            coefficients=read_only(np.ascontiguousarray(flat[..., used])),
        )

    def symbolic(self, *, latex: bool = False) -> pd.DataFrame:
        """Return the payoff table in symbols.

        Parameters
        ----------
        latex : bool, default False
            LaTeX symbols instead of plain ones.

        Returns
        -------
        pandas.DataFrame of str
            One row per outcome, one column per player.
        """
        rows = [
            [self._formula(player, outcome, latex=latex) for player in range(len(self.labels.players))]
            for outcome in range(self.labels.size)
        ]
        index = pd.MultiIndex.from_tuples(self.labels.outcomes, names=self.labels.players)
        return pd.DataFrame(rows, index=index, columns=list(self.labels.players))

    def to_latex(self) -> str:
        r"""Return the payoff table in symbols as a LaTeX ``tabular`` (needs the booktabs package).

        Returns
        -------
        str
        """
        players = [escape(player) for player in self.labels.players]
        rows = zip(self.labels.outcomes, self.symbolic(latex=True).to_numpy(), strict=True)
        return tabular(
            "l" * (2 * len(players)),
            players + [rf"$u_{{\mathrm{{{player}}}}}$" for player in players],
            [[*map(escape, outcome), *(f"${formula}$" for formula in row)] for outcome, row in rows],
        )

    def content(self) -> dict[str, Any]:
        """Return what defines the model's numbers, for content keys.

        Returns
        -------
        dict
        """
        return {
            "players": list(self.labels.players),
            "actions": [list(actions) for actions in self.labels.actions],
            "parameters": list(self.parameters),
            "monomials": [list(monomial) for monomial in self.monomials],
            "coefficients": self.coefficients.tolist(),
        }

    def _repr_html_(self) -> str:
        return as_html(
            f"Payoffs of {', '.join(self.labels.players)} in symbols",
            self.symbolic(),
            f"{len(self.terms)} terms of {len(self.parameters)} parameters",
        )

    @cached_property
    def _plain(self) -> tuple[str, ...]:
        return plain_names(self.parameters, self.symbols)

    @cached_property
    def _latex(self) -> tuple[str, ...]:
        return latex_names(self.parameters, self.symbols)

    def _formula(self, player: int, outcome: int, *, latex: bool) -> str:
        names = self._latex if latex else self._plain
        return formula(self.coefficients[player, outcome], self.monomials, names)


def _indicator(labels: Labels, term: Term, where: str) -> npt.NDArray[np.bool_]:
    indicator = np.ones(labels.shape, dtype=np.bool_)
    for player, actions in term.when:
        axis = labels.player(player, where=where)
        allowed = np.zeros(labels.shape[axis], dtype=np.bool_)
        for action in actions:
            allowed[labels.action(player, action, where=where)] = True
        indicator &= allowed.reshape((-1,) + (1,) * (len(labels.players) - axis - 1))
    return indicator.ravel()
