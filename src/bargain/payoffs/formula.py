"""Sums of monomials in symbols, plain or as LaTeX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bargain.axes import Floats
from bargain.latex import escape

__all__ = ["formula", "latex_names", "plain_names"]


def formula(coefficients: Floats, monomials: Sequence[tuple[int, ...]], names: Sequence[str]) -> str:
    """Write one sum in symbols.

    Parameters
    ----------
    coefficients : float[M]
    monomials : sequence of tuple of int, length M
        Places of the parameters that each multiplies.
    names : sequence of str
        How each parameter is written.

    Returns
    -------
    str
        ``"0"`` if nothing is left.

    Examples
    --------
    >>> import numpy as np
    >>> formula(np.array([2.0, -1.0]), [(0, 1), (1,)], ["a", "b"])
    '2 a b - b'
    """
    parts = []
    for monomial, coefficient in zip(monomials, coefficients, strict=True):
        if coefficient == 0:
            continue
        shown = [names[index] for index in monomial]
        size = "" if abs(coefficient) == 1 and shown else f"{round(abs(coefficient), 12):g}"
        parts.append(("- " if coefficient < 0 else "+ ") + " ".join(filter(None, [size, *shown])))
    text = " ".join(parts).removeprefix("+ ")
    return ("-" + text[2:] if text.startswith("- ") else text) or "0"


def plain_names(parameters: Sequence[str], symbols: Mapping[str, str]) -> tuple[str, ...]:
    """Return how parameters are written on a terminal.

    Parameters
    ----------
    parameters : sequence of str
    symbols : mapping of str to str
        LaTeX symbols, where known.

    Returns
    -------
    tuple of str
    """
    return tuple(symbols.get(name, name).replace("\\", "") for name in parameters)


def latex_names(parameters: Sequence[str], symbols: Mapping[str, str]) -> tuple[str, ...]:
    """Return how parameters are written in LaTeX.

    Parameters
    ----------
    parameters : sequence of str
    symbols : mapping of str to str
        LaTeX symbols, where known.

    Returns
    -------
    tuple of str
    """
    return tuple(symbols.get(name, rf"\mathit{{{escape(name)}}}") for name in parameters)
