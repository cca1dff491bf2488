"""Sweeps of a kind of scenario in which every number of the game is a parameter of its own."""

import itertools

import bargain as bg
from bargain.payoffs.term import Term
from bargain.scenarios.kinds.model import KindModel


def plain_sweep(kind, ranges, *, draws, seed, solver=None):
    """Draw every number evenly from the range of its quantity, solve, and audit every draw.

    ``ranges`` gives (low, high) by name of a quantity, or by the last word of it; what has none keeps its default.
    """
    cases = [{}]
    if kind.choices is not None:
        names, actions = kind.choices.players, kind.choices.actions
        cases = [dict(zip(names, outcome, strict=True)) for outcome in itertools.product(*actions)]
    terms, parameters = [], []
    for quantity in kind.quantities:
        found = ranges.get(quantity.name, ranges.get(quantity.name.split()[-1]))
        if found is None:
            continue
        for place, case in enumerate(cases):
            name = f"x{len(parameters)}"
            when = tuple(sorted((who, (does,)) for who, does in case.items()))
            terms.append((quantity.name, Term(1.0, (name,), when, f"{quantity.name} {place}")))
            parameters.append(bg.Parameter(name, bg.Uniform(*found)))
    model = KindModel.of(kind, terms, parameters=[parameter.name for parameter in parameters])
    task = bg.Task(
        model, bg.Space(parameters), draws=draws, seed=seed, solver=solver or kind.default_solver()
    )
    return bg.run(task, workers=1, audit=draws)
