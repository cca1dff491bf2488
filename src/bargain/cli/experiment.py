"""Policy experiments on the command line: ``--fix USA=abstain --set pressing_cost=2``."""

from __future__ import annotations

import dataclasses
import re
from typing import Annotated, Any, cast

import typer

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.parameters import Distribution
from bargain.uncertainty.marginals import MARGINALS, Discrete, Empirical

__all__ = ["FixOption", "SetOption", "parse_fix", "parse_set"]

FixOption = Annotated[
    list[str] | None,
    typer.Option("--fix", help="Hold a player to an action, such as USA=abstain. Repeatable."),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="Hold a parameter to a value, such as pressing_cost=2, or give it another distribution, such as"
        " 'pressing_cost=uniform(0.3, 4)'. Repeatable.",
    ),
]

_CALL = re.compile(r"\s*([a-z_]+)\s*\(([^()]*)\)\s*")


def parse_fix(given: list[str] | None) -> dict[str, str]:
    """Read ``player=action`` pairs.

    Parameters
    ----------
    given : list of str or None

    Returns
    -------
    dict of player to action

    Raises
    ------
    InvalidArgumentError

    Examples
    --------
    >>> parse_fix(["USA=abstain"])
    {'USA': 'abstain'}
    """
    return dict(_pair(text, "--fix", "player=action, such as USA=abstain") for text in given or [])


def parse_set(given: list[str] | None) -> dict[str, float | Distribution]:
    """Read ``parameter=value`` or ``parameter=distribution(numbers)`` pairs.

    Parameters
    ----------
    given : list of str or None

    Returns
    -------
    dict of parameter to float or Distribution

    Raises
    ------
    InvalidArgumentError
    UnknownNameError
        If there is no such distribution.

    Examples
    --------
    >>> parse_set(["pressing_cost=2", "chip_value=uniform(0, 5)"])
    {'pressing_cost': 2.0, 'chip_value': Uniform(low=0.0, high=5.0)}
    """
    expected = "parameter=number or parameter=distribution(numbers), such as pressing_cost=2"
    pairs = (_pair(text, "--set", expected) for text in given or [])
    return {name: _value(text, f"--set {name}") for name, text in pairs}


def _pair(text: str, option: str, expected: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name.strip() or not value.strip():
        raise InvalidArgumentError(f"{option}: {expected} was expected, given {text!r}")
    return name.strip(), value.strip()


def _value(text: str, where: str) -> float | Distribution:
    call = _CALL.fullmatch(text)
    if call is None:
        return _number(text, where)
    kind, numbers = call.groups()
    if kind not in MARGINALS:
        raise UnknownNameError.of("distribution", kind, MARGINALS, where=where)
    marginal: type[Any] = MARGINALS[kind]
    values = [_number(part, where) for part in numbers.split(",") if part.strip()]
    if marginal in (Discrete, Empirical):
        return cast("Distribution", marginal(tuple(values)))
    names = [field.name for field in dataclasses.fields(marginal)]
    needed = sum(field.default is dataclasses.MISSING for field in dataclasses.fields(marginal))
    if not needed <= len(values) <= len(names):
        raise InvalidArgumentError(f"{where}: {kind}({', '.join(names)}) was expected, given {text!r}")
    return cast("Distribution", marginal(*values))


def _number(text: str, where: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidArgumentError(f"{where}: a number was expected, given {text!r}") from None
