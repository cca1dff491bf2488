"""Minimal sets: which parameters alone turn one setting's equilibria into another's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.sensitivity.prediction import predict
from bargain.sensitivity.regions import DatedModel
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solver

__all__ = ["minimal_sets"]

_MOST = 20  # parameters: a million subsets
_CHUNK = 4096


def minimal_sets(
    scenario: DatedModel,
    start: str,
    end: str,
    *,
    parameters: Sequence[str] | None = None,
    solver: Solver | None = None,
    fix: Mapping[str, str] | None = None,
) -> tuple[tuple[str, ...], ...]:
    """Return the smallest sets of parameters whose change alone explains a change of the equilibria.

    A set is sufficient if the game that has the end's modal values in the set, and the start's everywhere
    else, has the equilibria of the end. It is minimal if no part of it is sufficient. All subsets are tried.

    Parameters
    ----------
    scenario : Scenario
    start, end : str
        Dated settings.
    parameters : sequence of str, optional
        Those that may change; by default all whose modal values differ, 20 at most.
    solver : Solver, default ``PureNash()``
    fix : mapping of player to action, optional
        Players held to an action.

    Returns
    -------
    tuple of tuple of str
        The smaller sets first, then in the order of the parameters. The empty set alone if nothing needs to
        change; nothing if no set suffices.

    Raises
    ------
    UnknownNameError
    InvalidArgumentError
        If more than 20 parameters differ.

    Examples
    --------
    What brought the settlement of March 2023?

    >>> import bargain as bg
    >>> bg.minimal_sets(bg.load_scenario("gsomia"), "2020-08 default", "2023-03 thaw")
    (('grievance_unresolved',),)
    """
    for setting in (start, end):
        if setting not in scenario.settings:
            where = f"scenario {scenario.name}"
            raise UnknownNameError.of("setting", setting, scenario.settings, where=where)
    spaces = scenario.space_at(start), scenario.space_at(end)
    first, last = (space.mode()[:, 0] for space in spaces)
    names = spaces[0].names
    if isinstance(parameters, str):
        raise InvalidArgumentError(f"parameters: a list of names was expected, given {parameters!r}")
    for name in parameters or ():
        if name not in names:
            raise UnknownNameError.of("parameter", name, names, where="minimal_sets")
    chosen = [
        index
        for index, name in enumerate(names)
        if first[index] != last[index] and (parameters is None or name in parameters)
    ]
    if len(chosen) > _MOST:
        raise InvalidArgumentError(
            f"minimal_sets: {len(chosen)} parameters differ, which makes {2 ** len(chosen):,} sets to try;"
            f" choose at most {_MOST} of them by parameters=[...]"
        )
    solver = PureNash() if solver is None else solver
    model = scenario.model.hold(fix or {})
    [wanted] = predict(model, solver, last[:, None])
    subsets = np.arange(2 ** len(chosen))
    sizes = np.bitwise_count(subsets)
    found: list[int] = []
    for size in range(len(chosen) + 1):
        left = subsets[sizes == size]
        for smaller in found:
            left = left[(left & smaller) != smaller]
        for part in (left[at : at + _CHUNK] for at in range(0, left.size, _CHUNK)):
            values = np.repeat(first[:, None], part.size, axis=1)
            for bit, index in enumerate(chosen):
                values[index, (part >> bit) & 1 == 1] = last[index]
            said = predict(model, solver, values)
            found.extend(int(s) for s, told in zip(part, said, strict=True) if told == wanted)
    sets = [[bit for bit in range(len(chosen)) if subset >> bit & 1] for subset in found]
    sets.sort(key=lambda bits: (len(bits), bits))
    return tuple(tuple(names[chosen[bit]] for bit in bits) for bits in sets)
