"""A scenario as a model of the EMA Workbench, in its words: uncertainties, levers, outcomes."""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from bargain.errors import InvalidArgumentError, MissingExtraError
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
    number, and ``"PLAYER_ACTION"``, the probability of each action where there is one equilibrium, else NaN.

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
    InvalidArgumentError
        If two names become the same once other signs than letters, digits and ``_`` are replaced.
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
    full, labels, space = scenario.model, scenario.labels, scenario.space_at(setting)
    choices = dict(zip(labels.players, labels.actions, strict=True))
    told = {_name(f"{player} {action}"): (player, action) for player in choices for action in choices[player]}
    names = {_name(name): name for name in (*space.names, *choices)}
    if len(told) < sum(labels.shape) or len(names) < len(space) + len(choices):
        raise InvalidArgumentError("to_ema_model: some names differ only in what no Python name can have")

    def play(**given: Any) -> dict[str, float]:
        values = {names[name]: value for name, value in given.items() if name in names}
        fix = {player: values[player] for player in choices if values.get(player, FREE) != FREE}
        model = full.hold(fix)
        found = solve(model.game({name: values[name] for name in space.names}), chosen)
        result = {"equilibria": float(len(found))}
        for name, (player, action) in told.items():
            place = labels.players.index(player)
            kept = model.labels.actions[place]
            row = found.strategies[place][kept.index(action)] if action in kept else np.zeros(len(found))
            result[name] = float(row[0]) if len(found) == 1 else float("nan")
        return result

    model = ema.Model("".join(filter(str.isalnum, scenario.name)) or "scenario", function=play)
    ranges = space.ranges()
    free = {name: ends for name, ends in ranges.items() if ends[0] < ends[1]}
    model.uncertainties = [ema.RealParameter(_name(name), *ends) for name, ends in free.items()]
    model.constants = [
        ema.Constant(_name(name), ends[0]) for name, ends in ranges.items() if name not in free
    ]
    model.levers = [
        ema.CategoricalParameter(_name(player), [FREE, *actions]) for player, actions in choices.items()
    ]
    model.outcomes = [ema.ScalarOutcome(name) for name in ["equilibria", *told]]
    return model


def _name(text: str) -> str:
    """Return a Python name, which the workbench is going to ask for: ``"ROK_renew"``."""
    return re.sub(r"\W|^(?=\d)", "_", text)
