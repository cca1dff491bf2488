"""The algebra in which payoffs are written: `Value`, `When`, ``+``, ``-``, ``*``.

A payoff is a sum of terms *coefficient x product of parameters x indicator of who does what*. Sums and
products of payoffs expand into that form at once, so a payoff is data from the start:

>>> from bargain import Value, When
>>> payoff = 2 * Value("credit") * (1 - Value("depth")) * When(ROK="terminate") - Value("cost")
>>> print(payoff)
2 credit [ROK: terminate] - 2 credit depth [ROK: terminate] - cost
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bargain.errors import InvalidTermError

__all__ = ["Payoff", "Term", "Value", "When"]

Condition = tuple[tuple[str, tuple[str, ...]], ...]
"""``((player, (action, ...)), ...)``, sorted by player; a player that is absent may play anything."""


@dataclass(frozen=True)
class Term:
    """One term: a coefficient times some parameters, when players act so.

    Attributes
    ----------
    coefficient : float
    parameters : tuple of str
        Names of the factors, each at most once; empty for a constant.
    when : tuple of (player, actions)
        The term counts when every named player plays one of its named actions.
    name : str
        Short identifier, for tables.
    why : str
        What the term stands for, in words.
    sources : tuple of str
        Identifiers of the evidence behind it.

    Raises
    ------
    InvalidTermError
        If a parameter is named twice or the coefficient is not finite.
    """

    coefficient: float
    parameters: tuple[str, ...] = ()
    when: Condition = ()
    name: str = ""
    why: str = ""
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not math.isfinite(self.coefficient):
            raise InvalidTermError(
                f"term {self.name or self.parameters}: coefficient {self.coefficient} is not finite"
            )
        twice = sorted({name for name in self.parameters if self.parameters.count(name) > 1})
        if twice:
            raise InvalidTermError(
                f"term {self.name or ' '.join(self.parameters)}: parameter {twice[0]!r} is named twice,"
                " but payoffs are affine in each parameter; introduce a second parameter for a square"
            )

    def __mul__(self, other: Term) -> Term | None:
        """Multiply two terms; None when their conditions exclude each other."""
        when = dict(self.when)
        for player, actions in other.when:
            common = tuple(action for action in when.get(player, actions) if action in actions)
            if not common:
                return None
            when[player] = common
        return Term(
            self.coefficient * other.coefficient,
            self.parameters + other.parameters,
            tuple(sorted(when.items())),
            " ".join(filter(None, (self.name, other.name))),
            "; ".join(filter(None, (self.why, other.why))),
            tuple(dict.fromkeys(self.sources + other.sources)),
        )

    def __str__(self) -> str:
        factors = (
            [] if self.coefficient == 1 and (self.parameters or self.when) else [f"{self.coefficient:g}"]
        )
        if self.coefficient == -1 and (self.parameters or self.when):
            factors = ["-"]
        condition = ", ".join(f"{player}: {'/'.join(actions)}" for player, actions in self.when)
        text = " ".join([*factors, *self.parameters, *([f"[{condition}]"] if condition else [])])
        return text.replace("- ", "-", 1) if text.startswith("- ") else text


@dataclass(frozen=True)
class Payoff:
    """A sum of terms; payoffs add, subtract and multiply with each other and with numbers.

    Attributes
    ----------
    terms : tuple of Term
    """

    terms: tuple[Term, ...] = ()

    def because(self, why: str, *sources: str, name: str = "") -> Payoff:
        """Say what a payoff stands for and where it comes from.

        Parameters
        ----------
        why : str
            In words.
        *sources : str
            Identifiers of evidence.
        name : str, optional
            Short identifier for tables.

        Returns
        -------
        Payoff
            With the same terms, each carrying the reason.
        """
        return Payoff(
            tuple(replace(term, why=why, sources=sources, name=name or term.name) for term in self.terms)
        )

    def __add__(self, other: Payoff | float) -> Payoff:
        lifted = _lift(other)
        return NotImplemented if lifted is None else Payoff(self.terms + lifted.terms)

    def __mul__(self, other: Payoff | float) -> Payoff:
        lifted = _lift(other)
        if lifted is None:
            return NotImplemented
        products = (a * b for a in self.terms for b in lifted.terms)
        return Payoff(tuple(term for term in products if term is not None))

    def __neg__(self) -> Payoff:
        return self * -1.0

    def __sub__(self, other: Payoff | float) -> Payoff:
        lifted = _lift(other)
        return NotImplemented if lifted is None else self + (-lifted)

    def __rsub__(self, other: float) -> Payoff:
        lifted = _lift(other)
        return NotImplemented if lifted is None else lifted - self

    def __truediv__(self, other: float) -> Payoff:
        if isinstance(other, Payoff):
            return other.__rtruediv__(self)
        if other == 0:
            raise InvalidTermError(f"a payoff was divided by {other}")
        return self * (1.0 / other)

    def __rtruediv__(self, other: Payoff | float) -> Payoff:
        raise InvalidTermError(f"payoffs are multi-affine: {other} cannot be divided by {self}")

    __radd__ = __add__
    __rmul__ = __mul__

    def __str__(self) -> str:
        text = " + ".join(map(str, self.terms)) or "0"
        return text.replace("+ -", "- ")


@dataclass(frozen=True, init=False)
class Value(Payoff):
    """The value of a parameter, as a payoff.

    Parameters
    ----------
    name : str
        The parameter.

    Examples
    --------
    >>> from bargain import Value
    >>> print(Value("cost") * -2)
    -2 cost
    """

    def __init__(self, name: str) -> None:
        if not isinstance(name, str) or not name:
            raise InvalidTermError(f"Value: the name of a parameter was expected, given {name!r}")
        object.__setattr__(self, "terms", (Term(1.0, (name,)),))


@dataclass(frozen=True, init=False)
class When(Payoff):
    """One when the named players act so, else zero.

    Parameters
    ----------
    actions : mapping of player to action or actions, optional
        For players whose names are not Python identifiers.
    **players : str or sequence of str
        ``When(ROK="renew")``, ``When(ROK=("suspend", "terminate"), USA="press")``.

    Examples
    --------
    >>> from bargain import When
    >>> print(1 - When(USA="press"))
    1 - [USA: press]
    """

    def __init__(
        self, actions: Mapping[str, str | Sequence[str]] | None = None, /, **players: str | Sequence[str]
    ) -> None:
        conditions: dict[str, tuple[str, ...]] = {}
        for player, given in {**(actions or {}), **players}.items():
            names = (given,) if isinstance(given, str) else tuple(given)
            if not names or not all(isinstance(name, str) and name for name in names):
                raise InvalidTermError(f"When: {player}: the name of an action was expected, given {given!r}")
            conditions[player] = tuple(dict.fromkeys(names))
        object.__setattr__(self, "terms", (Term(1.0, (), tuple(sorted(conditions.items()))),))


def _lift(other: object) -> Payoff | None:
    if isinstance(other, Payoff):
        return other
    if isinstance(other, bool) or not isinstance(other, int | float):
        return None
    return Payoff((Term(float(other)),)) if other else Payoff()
