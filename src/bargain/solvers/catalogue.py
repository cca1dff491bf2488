"""THE table of solvers: names for files and the command line, and what the conformance tests run on."""

from __future__ import annotations

import dataclasses
from typing import Any

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.solvers.agent_logit_qre import AgentLogitQRE
from bargain.solvers.all_nash import AllNash
from bargain.solvers.backward_induction import BackwardInduction
from bargain.solvers.bargaining.deadline_offers import DeadlineOffers
from bargain.solvers.bargaining.egalitarian import Egalitarian
from bargain.solvers.bargaining.kalai_smorodinsky import KalaiSmorodinsky
from bargain.solvers.bargaining.nash_bargaining import NashBargaining
from bargain.solvers.bargaining.package_bargaining import PackageBargaining
from bargain.solvers.bargaining.utilitarian import Utilitarian
from bargain.solvers.bimatrix_nash import BimatrixNash
from bargain.solvers.conflict_stability import ConflictStability
from bargain.solvers.correlated_equilibrium import CorrelatedEquilibrium
from bargain.solvers.crisis_equilibria import CrisisEquilibria
from bargain.solvers.extensive_logit_qre import ExtensiveLogitQRE
from bargain.solvers.logit_qre import LogitQRE
from bargain.solvers.markov_perfect import MarkovPerfect
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.renewal_perfect import RenewalPerfect
from bargain.solvers.sequence_form import ZeroSumSequenceForm
from bargain.solvers.signalling_equilibria import PerfectBayesian
from bargain.solvers.solution import Solver, games_of
from bargain.solvers.strategic_nash import StrategicNash
from bargain.solvers.subgame_perfect import SubgamePerfect
from bargain.solvers.third_party_equilibria import ThirdPartyEquilibria

__all__ = ["GAME_SOLVERS", "SOLVERS", "fitting", "solver_content", "solver_of"]

SOLVERS: dict[str, type[Solver]] = {
    "pure_nash": PureNash,
    "all_nash": AllNash,
    "bimatrix_nash": BimatrixNash,
    "subgame_perfect": SubgamePerfect,
    "logit_qre": LogitQRE,
    "agent_logit_qre": AgentLogitQRE,
    "correlated_equilibrium": CorrelatedEquilibrium,
}
"""Every solver of payoff tables by name."""

GAME_SOLVERS: dict[str, type[Any]] = {
    "backward_induction": BackwardInduction,
    "conflict_stability": ConflictStability,
    "crisis_equilibria": CrisisEquilibria,
    "deadline_offers": DeadlineOffers,
    "egalitarian": Egalitarian,
    "extensive_logit_qre": ExtensiveLogitQRE,
    "kalai_smorodinsky": KalaiSmorodinsky,
    "markov_perfect": MarkovPerfect,
    "nash_bargaining": NashBargaining,
    "package_bargaining": PackageBargaining,
    "perfect_bayesian": PerfectBayesian,
    "renewal_perfect": RenewalPerfect,
    "strategic_nash": StrategicNash,
    "third_party_equilibria": ThirdPartyEquilibria,
    "utilitarian": Utilitarian,
    "zero_sum_sequence_form": ZeroSumSequenceForm,
}
"""Every solver of games of other forms by name; each says in ``games`` which."""


def fitting(game: type) -> list[str]:
    """Return the names of the solvers that treat games of a form.

    Parameters
    ----------
    game : type
        Such as ``ThreatGame``.

    Returns
    -------
    list of str
        Of their classes.

    Examples
    --------
    >>> import bargain as bg
    >>> fitting(bg.ThreatGame)
    ['PerfectBayesian']
    """
    every = [*SOLVERS.values(), *GAME_SOLVERS.values()]
    return [solver.__name__ for solver in every if issubclass(game, games_of(solver))]


def solver_of(name: str, **options: Any) -> Solver:
    """Return a solver from its name and options.

    Parameters
    ----------
    name : str
        A key of `SOLVERS` or `GAME_SOLVERS`.
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
    every: dict[str, type[Any]] = {**SOLVERS, **GAME_SOLVERS}
    if name not in every:
        raise UnknownNameError.of("solver", name, every)
    known = _options(every[name])
    for option in options:
        if option not in known:
            raise UnknownNameError.of(f"option of {name}", option, known)
    missing = [option for option, needed in known.items() if needed and option not in options]
    if missing:
        raise InvalidArgumentError(f"solver {name} needs the option {', '.join(missing)}")
    solver: Solver = every[name](**options)
    return solver


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
    for name, value in options.items():
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            options[name] = solver_content(value)  # a concept or rule within
    return {"solver": type(solver).__qualname__, **options}


def _options(kind: type[Any]) -> dict[str, bool]:
    """Return the options of a solver, and whether each must be given."""
    fields = dataclasses.fields(kind)
    missing = dataclasses.MISSING
    return {
        field.name: field.default is missing and field.default_factory is missing
        for field in fields
        if field.init
    }
