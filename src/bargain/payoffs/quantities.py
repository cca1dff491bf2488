"""Named quantities as sums of terms, evaluated as one matrix product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Floats, read_only
from bargain.errors import InvalidArgumentError, InvalidTermError, UnknownNameError
from bargain.payoffs.formula import formula, latex_names, plain_names
from bargain.payoffs.term import Payoff, Term
from bargain.payoffs.value_table import value_table

__all__ = ["Quantities"]


@dataclass(frozen=True, eq=False)
class Quantities:
    """Quantities declared as terms, held in canonical form.

    ``quantities[row, draw] = coefficients[row, :] @ monomials[:, draw]``, where a monomial is a product of
    distinct parameters. It is the form of `PayoffModel` for numbers that are no payoffs of outcomes: the
    prize of a threat, a prior, a discount factor.

    Build it with `Quantities.of`.

    Attributes
    ----------
    names : tuple of str, length Q
    parameters : tuple of str, length D
    terms : tuple of (name, Term)
        As declared, with their reasons and sources.
    monomials : tuple of tuple of int, length M
        Indices into `parameters`.
    coefficients : float[Q, M]
        Read-only.
    symbols : dict of str to str
        LaTeX symbol of each parameter, where one is known.

    Examples
    --------
    >>> import bargain as bg
    >>> made = bg.Quantities.of({"prize": bg.Value("depth") * bg.Value("relief") + 1, "prior": 0.25})
    >>> made.symbolic()
    prize    depth relief + 1
    prior                0.25
    dtype: object
    >>> made.evaluate({"depth": [0.5, 1.0], "relief": 3})
    array([[2.5 , 4.  ],
           [0.25, 0.25]])
    """

    names: tuple[str, ...]
    parameters: tuple[str, ...]
    terms: tuple[tuple[str, Term], ...]
    monomials: tuple[tuple[int, ...], ...]
    coefficients: Floats
    symbols: dict[str, str]

    @classmethod
    def of(
        cls,
        sums: Mapping[str, Payoff | float],
        *,
        parameters: Sequence[str] | None = None,
        symbols: Mapping[str, str] | None = None,
    ) -> Quantities:
        """Expand declared sums into canonical form.

        Parameters
        ----------
        sums : mapping of str to Payoff or float
            The sum of each quantity; its terms have no conditions.
        parameters : sequence of str, optional
            Names and order of the parameters; by default those of the terms, as they appear.
        symbols : mapping of str to str, optional
            LaTeX symbols for the formulas.

        Returns
        -------
        Quantities

        Raises
        ------
        UnknownNameError
            If a term names a parameter that does not exist.
        InvalidTermError
            If a quantity is not made of terms, or a term depends on what somebody does.
        InvalidArgumentError
            If a parameter is listed twice.
        """
        terms: list[tuple[str, Term]] = []
        for name, amount in sums.items():
            if isinstance(amount, int | float):
                amount = Payoff((Term(float(amount)),))  # noqa: PLW2901 - a number is a constant
            if not isinstance(amount, Payoff):
                raise InvalidTermError(f"quantity {name!r}: a sum of terms was expected, given {amount!r}")
            terms.extend((name, term) for term in amount.terms)
        if parameters is None:
            parameters = tuple(dict.fromkeys(name for _, term in terms for name in term.parameters))
        if len(set(parameters)) != len(parameters):
            raise InvalidArgumentError(f"parameters: different names were expected, given {parameters}")
        names, monomials = tuple(sums), dict[tuple[int, ...], int]()
        entries = []
        for name, term in terms:
            where = f"quantity {name!r}: term {term.name or term}"
            if term.when:
                raise InvalidTermError(f"{where}: depends on what somebody does; quantities do not")
            for parameter in term.parameters:
                if parameter not in parameters:
                    raise UnknownNameError.of("parameter", parameter, parameters, where=where)
            monomial = tuple(sorted(list(parameters).index(parameter) for parameter in term.parameters))
            column = monomials.setdefault(monomial, len(monomials))
            entries.append((names.index(name), column, term.coefficient))
        coefficients = np.zeros((len(names), len(monomials)))
        for row, column, coefficient in entries:
            coefficients[row, column] += coefficient
        return cls(
            names,
            tuple(parameters),
            tuple(terms),
            tuple(monomials),
            read_only(coefficients),
            dict(symbols or {}),
        )

    def evaluate(self, values: Mapping[str, npt.ArrayLike] | Floats) -> Floats:
        """Return the quantities at given parameter values.

        Parameters
        ----------
        values : mapping of str to float or float[N], or float[D, N]
            In the order of `parameters` if an array.

        Returns
        -------
        float[Q, N]

        Raises
        ------
        UnknownNameError
        InvalidArgumentError
        """
        table = value_table(self.parameters, values)
        products = np.ones((len(self.monomials), table.shape[1]))
        for row, monomial in zip(products, self.monomials, strict=True):
            for index in monomial:
                row *= table[index]  # noqa: PLW2901 - rows are views of the products
        result: Floats = self.coefficients @ products
        return result

    def symbolic(self, *, latex: bool = False) -> pd.Series[str]:
        """Return each quantity in symbols.

        Parameters
        ----------
        latex : bool, default False
            LaTeX symbols instead of plain ones.

        Returns
        -------
        pandas.Series of str
            Indexed by quantity.
        """
        names = (latex_names if latex else plain_names)(self.parameters, self.symbols)
        rows = [formula(row, self.monomials, names) for row in self.coefficients]
        return pd.Series(rows, index=list(self.names), dtype=object)

    def content(self) -> dict[str, Any]:
        """Return what defines the numbers, for content keys.

        Returns
        -------
        dict
        """
        return {
            "quantities": list(self.names),
            "parameters": list(self.parameters),
            "monomials": [list(monomial) for monomial in self.monomials],
            "coefficients": self.coefficients.tolist(),
        }
