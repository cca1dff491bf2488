"""Conditions: the inequalities by which an outcome is an equilibrium, in the model's own symbols."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats
from bargain.payoffs.model import PayoffModel
from bargain.sensitivity.differences import Differences

__all__ = ["Condition", "conditions"]

_Factor = tuple[str, bool]
"""A parameter; or, if True, one minus it."""
_Polynomial = dict[tuple[_Factor, ...], float]


@dataclass(frozen=True, eq=False)
class Condition:
    """One inequality: a player does not gain by another action while the others keep to the outcome.

    Attributes
    ----------
    player, action, instead : str
        Whose condition it is, what it does, and what it might do instead.
    text : str
        In symbols, such as ``0.25 G_U >= k_U``; both sides are ``0`` where the player never cares.
    latex : str
        The same in LaTeX.
    parameters : tuple of str
        Those that it depends on, in the order of the model.
    """

    player: str
    action: str
    instead: str
    text: str
    latex: str
    parameters: tuple[str, ...]
    _model: PayoffModel
    _place: tuple[int, int, int]

    def margin(self, values: Mapping[str, npt.ArrayLike] | Floats) -> Floats:
        """Return by how much the condition holds.

        Parameters
        ----------
        values : mapping of str to float or float[N], or float[D, N]
            Of all parameters, as for `PayoffModel.evaluate`.

        Returns
        -------
        float[N]
            In payoff units: left side less right side; negative where the condition is violated.
        """
        player, outcome, other = self._place
        payoffs = self._model.evaluate(values)[player].reshape(self._model.labels.size, -1)
        result: Floats = payoffs[outcome] - payoffs[other]
        return result

    def __str__(self) -> str:
        return f"{self.player} {self.action} rather than {self.instead}: {self.text}"


def conditions(model: PayoffModel, outcome: Mapping[str, str] | Sequence[str]) -> tuple[Condition, ...]:
    """Return the conditions under which an outcome is a pure Nash equilibrium.

    Like terms are gathered and cancelled, common factors taken out, and what weighs against the action is
    written on the right.

    Parameters
    ----------
    model : PayoffModel
    outcome : mapping of player to action, or sequence of actions in player order

    Returns
    -------
    tuple of Condition
        By player, then by the action it might take instead. The outcome is an equilibrium exactly where all
        of them hold.

    Raises
    ------
    UnknownNameError
    InvalidArgumentError
        If a player is missing.

    Examples
    --------
    >>> import bargain as bg
    >>> model = bg.load_scenario("gsomia").model
    >>> for condition in bg.conditions(model, ("terminate", "maintain", "abstain")):
    ...     print(condition)
    ROK terminate rather than renew: a_K + b_K + L q (1 - f) >= f (g_K (1 - o) + i_K) + p pi + x_K
    ROK terminate rather than suspend: 0.8 a_K + 0.6 b_K >= f (g_K (1 - o) + i_K + L q) + p pi
    JPN maintain rather than relax: 0 >= rho (c_J - m_J w)
    USA abstain rather than press: k_U >= 0.25 G_U
    """
    labels = model.labels
    number = labels.outcome(outcome)
    differences = Differences.own(model)
    result = []
    for row in np.flatnonzero(differences.outcomes == number).tolist():
        player, other = int(differences.players[row]), int(differences.others[row])
        polynomial = _polynomial(model, differences.coefficients[row])
        used = {name for product in polynomial for name, _ in product}
        text, latex = (_inequality(polynomial, model, latex=latex) for latex in (False, True))
        result.append(
            Condition(
                player=labels.players[player],
                action=labels.outcomes[number][player],
                instead=labels.outcomes[other][player],
                text=text,
                latex=latex,
                parameters=tuple(name for name in model.parameters if name in used),
                _model=model,
                _place=(player, number, other),
            )
        )
    return tuple(result)


def _polynomial(model: PayoffModel, coefficients: Floats) -> _Polynomial:
    """Return the products that are left, with ``m - m x`` written as ``m (1 - x)``."""
    polynomial: _Polynomial = {
        tuple((model.parameters[index], False) for index in monomial): float(coefficient)
        for monomial, coefficient in zip(model.monomials, coefficients, strict=True)
        if coefficient
    }
    while pairs := _complements(polynomial):
        most = Counter(factor for _, _, factor in pairs).most_common(1)[0][0]
        for less, more, factor in pairs:
            if factor == most and less in polynomial and more in polynomial:
                name, _ = factor
                # Rebuilt rather than changed, so that the new product stands where the old one stood.
                polynomial = {
                    (*product, (name, True)) if product == less else product: coefficient
                    for product, coefficient in polynomial.items()
                    if product != more
                }
    return polynomial


def _complements(
    polynomial: _Polynomial,
) -> list[tuple[tuple[_Factor, ...], tuple[_Factor, ...], _Factor]]:
    """List (m, m x, x) for all products whose coefficients are opposite."""
    by_factors = {frozenset(product): product for product in polynomial}
    found = []
    for more, coefficient in polynomial.items():
        for factor in more:
            less = by_factors.get(frozenset(more) - {factor})
            if not factor[1] and less is not None and _opposite(coefficient, polynomial[less]):
                found.append((less, more, factor))
    return found


def _opposite(first: float, second: float) -> bool:
    return abs(first + second) <= 1e-12 * max(abs(first), abs(second))


def _inequality(polynomial: _Polynomial, model: PayoffModel, *, latex: bool) -> str:
    names = {name: _symbol(model, name, latex=latex) for name in model.parameters}
    terms = _factored(polynomial, names)
    left, right = (
        " + ".join(text for positive, text in terms if positive is side) or "0" for side in (True, False)
    )
    return rf"{left} \ge {right}" if latex else f"{left} >= {right}"


def _symbol(model: PayoffModel, name: str, *, latex: bool) -> str:
    if not latex:
        return model.symbols.get(name, name).replace("\\", "")
    plain = name.replace("_", r"\_")
    return model.symbols.get(name) or rf"\mathit{{{plain}}}"


def _factored(polynomial: _Polynomial, names: Mapping[str, str]) -> list[tuple[bool, str]]:
    """Take out the factor that most products share, again and again; return terms with their signs."""
    places = {product: place for place, product in enumerate(polynomial)}
    left, terms = dict(polynomial), []
    while left:
        counts = Counter(factor for product in left for factor in product)
        shared, most = max(counts.items(), key=lambda item: item[1], default=(("", False), 0))
        if most < 2:
            break
        group = {product: value for product, value in left.items() if shared in product}
        left = {product: value for product, value in left.items() if product not in group}
        terms.append((min(places[product] for product in group), *_bracket(shared, group, names)))
    terms.extend(
        (places[product], value > 0, _product(abs(value), product, names)) for product, value in left.items()
    )
    return [(positive, text) for _, positive, text in sorted(terms)]


def _bracket(shared: _Factor, group: _Polynomial, names: Mapping[str, str]) -> tuple[bool, str]:
    """Write products that share a factor as that factor times a sum, with more plus than minus signs."""
    inner = {tuple(f for f in product if f != shared): value for product, value in group.items()}
    terms = _factored(inner, names)
    negative = sum(not positive for positive, _ in terms)
    positive = negative < len(terms) - negative or (2 * negative == len(terms) and terms[0][0])
    written = " ".join(f"{'+' if sign is positive else '-'} {text}" for sign, text in terms)
    written = written[2:] if written.startswith("+ ") else "-" + written[2:]
    return positive, f"{_written(shared, names)} {written if len(terms) == 1 else f'({written})'}"


def _product(size: float, product: tuple[_Factor, ...], names: Mapping[str, str]) -> str:
    number = "" if size == 1 and product else f"{size:.12g}"
    return " ".join(filter(None, [number, *(_written(factor, names) for factor in product)]))


def _written(factor: _Factor, names: Mapping[str, str]) -> str:
    name, complement = factor
    return f"(1 - {names[name]})" if complement else names[name]
