"""Payoffs of one draw, term by term."""

import itertools
import math
from fractions import Fraction


def payoff(terms, outcome, values):
    """Add up the terms that count at an outcome ``{player: action}``, exactly."""
    total = Fraction(0)
    for term in terms:
        if all(outcome[player] in actions for player, actions in term.when):
            total += Fraction(term.coefficient) * math.prod(
                Fraction(values[name]) for name in term.parameters
            )
    return total


def payoff_table(actions, payoffs, values):
    """Return ``{(player, outcome): payoff}`` for every player and outcome."""
    table = {}
    for outcome in itertools.product(*actions.values()):
        named = dict(zip(actions, outcome, strict=True))
        for player in actions:
            table[player, outcome] = payoff(payoffs[player].terms, named, values)
    return table
