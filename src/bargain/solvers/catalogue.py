"""THE table of solvers: names for files and the command line, and what the conformance tests run on."""

from __future__ import annotations

import dataclasses
from typing import Any

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.solvers.agent_logit_qre import AgentLogitQRE
from bargain.solvers.all_nash import AllNash
from bargain.solvers.bimatrix_nash import BimatrixNash
from bargain.solvers.correlated_equilibrium import CorrelatedEquilibrium
from bargain.solvers.logit_qre import LogitQRE
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solver
from bargain.solvers.subgame_perfect import SubgamePerfect

__all__ = ["SOLVERS", "solver_content", "solver_of"]

SOLVERS: dict[str, type[Solver]] = {
    "pure_nash": PureNash,
    "all_nash": AllNash,
    "bimatrix_nash": BimatrixNash,
    "subgame_perfect": SubgamePerfect,
    "logit_qre": LogitQRE,
    "agent_logit_qre": AgentLogitQRE,
    "correlated_equilibrium": CorrelatedEquilibrium,
}
"""Every solver by name."""


def solver_of(name: str, **options: Any) -> Solver:
    """Return a solver from its name and options.

    Parameters
    ----------
    name : str
        A key of `SOLVERS`.
    **options
        Fields of the solver.

    Returns
    -------
    Solver

    Raises
    ------
    UnknownNameError
        If there is no such solver or option.
    InvalidArgumentError
        If an option that has no default is missing.

    Examples
    --------
    >>> solver_of("pure_nash")
    PureNash(tolerance=0.0)
    """
    if name not in SOLVERS:
        raise UnknownNameError.of("solver", name, SOLVERS)
    known = _options(SOLVERS[name])
    for option in options:
        if option not in known:
            raise UnknownNameError.of(f"option of {name}", option, known)
    missing = [option for option, needed in known.items() if needed and option not in options]
    if missing:
        raise InvalidArgumentError(f"solver {name} needs the option {', '.join(missing)}")
    return SOLVERS[name](**options)


def solver_content(solver: Solver) -> dict[str, Any]:
    """Return name and options of a solver, for content keys.

    Parameters
    ----------
    solver : Solver

    Returns
    -------
    dict

    Raises
    ------
    InvalidArgumentError
        If it is not a dataclass, so that its options cannot be told.
    """
    if not dataclasses.is_dataclass(solver) or isinstance(solver, type):
        raise InvalidArgumentError(f"a solver is a frozen dataclass of its options, given {solver!r}")
    options = {field.name: getattr(solver, field.name) for field in dataclasses.fields(solver)}
    return {"solver": type(solver).__qualname__, **options}


def _options(kind: type[Solver]) -> dict[str, bool]:
    """Return the options of a solver, and whether each must be given."""
    fields = dataclasses.fields(kind)  # type: ignore[arg-type]  # dataclasses all
    missing = dataclasses.MISSING
    return {
        field.name: field.default is missing and field.default_factory is missing
        for field in fields
        if field.init
    }
