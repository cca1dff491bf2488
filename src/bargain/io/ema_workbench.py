"""A scenario as a model of the EMA Workbench, in its words: uncertainties, levers, outcomes."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from bargain.errors import MissingExtraError
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solver, solve

if TYPE_CHECKING:
    from bargain.scenarios.scenario import Scenario

__all__ = ["to_ema_model"]

FREE = "free"
"""The position of a lever that leaves its player to choose."""


def to_ema_model(scenario: Scenario, setting: str, *, solver: Solver | None = None) -> Any:
    """Return a setting as a model that ``perform_experiments`` of the EMA Workbench can run.

    Uncertainties are the parameters over their ranges: the workbench explores ranges and asks for no
    likelihood, so the distributions within them do not enter. Parameters with a single value are constants.
    Every player is a lever, ``"free"`` or held to one of its actions. Outcomes are ``"equilibria"``, their
    number, and ``"PLAYER: ACTION"``, the probability of each action where there is one equilibrium, else NaN.

    The workbench solves one game at a time; `run` solves thousands in the same time.

    Parameters
    ----------
    scenario : Scenario
    setting : str
    solver : Solver, default ``PureNash()``

    Returns
    -------
    ema_workbench.Model

    Raises
    ------
    UnknownNameError
        If there is no such setting.
    MissingExtraError
        If the workbench is not installed.
    """
    try:
        with warnings.catch_warnings():
            # It warns of each kind of parallel evaluator that is not installed.
            warnings.simplefilter("ignore")
            import ema_workbench as ema  # noqa: PLC0415  # optional
    except ImportError as error:
        raise MissingExtraError.of("ema_workbench", "ema", "to_ema_model") from error
    chosen = PureNash() if solver is None else solver
    labels = scenario.labels
    space = scenario.space_at(setting)

    def play(**given: Any) -> dict[str, float]:
        fix = {player: given[player] for player in labels.players if given.get(player, FREE) != FREE}
        model = scenario.model.hold(fix)
        found = solve(model.game({name: given[name] for name in space.names}), chosen)
        result = {"equilibria": float(len(found))}
        for player, actions in zip(labels.players, labels.actions, strict=True):
            place = labels.players.index(player)
            kept = model.labels.actions[place]
            for action in actions:
                row = found.strategies[place][kept.index(action)] if action in kept else np.zeros(len(found))
                result[f"{player}: {action}"] = float(row[0]) if len(found) == 1 else float("nan")
        return result

    model = ema.Model("".join(filter(str.isalnum, scenario.name)) or "scenario", function=play)
    ranges = space.ranges()
    free = {name: ends for name, ends in ranges.items() if ends[0] < ends[1]}
    model.uncertainties = [ema.RealParameter(name, *ends) for name, ends in free.items()]
    model.constants = [ema.Constant(name, ends[0]) for name, ends in ranges.items() if name not in free]
    choices = dict(zip(labels.players, labels.actions, strict=True))
    model.levers = [ema.CategoricalParameter(player, [FREE, *actions]) for player, actions in choices.items()]
    told = [f"{player}: {action}" for player, actions in choices.items() for action in actions]
    model.outcomes = [ema.ScalarOutcome(name) for name in ["equilibria", *told]]
    return model
