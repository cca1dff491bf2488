"""What a scenario of another kind than the normal form says at its settings: the tables behind its report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bargain.report.answers import Answers, outcome_name, runs_of
from bargain.scenarios.kinds.model import KindModel
from bargain.scenarios.scenario import Scenario
from bargain.solvers.solution import Status
from bargain.sweep.compare import compare
from bargain.sweep.run import Sweep, run

__all__ = ["KindAnswers", "kind_answers", "kind_model"]


@dataclass(frozen=True, eq=False)
class KindAnswers(Answers):
    """The tables of a report on a scenario that is no payoff table.

    Attributes
    ----------
    modal : pandas.DataFrame of str
        One row per setting: what happened, and the outcomes of the equilibria at the modal values.
    history : pandas.DataFrame
        One row per setting and coding of what happened: ``told by`` a measure's mean, or by a share of draws,
        with its interval.
    interventions : pandas.DataFrame
        One row per setting, intervention and measure: its mean before and after.
    measures : dict of str to pandas.DataFrame
        By setting, as from `Sweep.measures`.
    effects : dict of (setting, held) to pandas.DataFrame
        As from `compare`.
    """

    measures: dict[str, pd.DataFrame]
    effects: dict[tuple[str, str], pd.DataFrame]


def kind_model(scenario: Scenario) -> KindModel:
    """Return the model of a scenario that is no payoff table.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    KindModel
    """
    model = scenario.game_model
    assert isinstance(model, KindModel)  # noqa: S101 - who asks has looked
    return model


def kind_answers(
    scenario: Scenario, *, draws: int = 1_000_000, seed: int = 7, workers: int | None = None
) -> KindAnswers:
    """Compute the tables of a report.

    Parameters
    ----------
    scenario : Scenario
        Of another kind than the normal form.
    draws : int, default 1_000_000
        For each setting and each intervention; fewer where games of the kind take long to solve.
    seed : int, default 7
    workers : int, optional
        As for `run`.

    Returns
    -------
    KindAnswers
    """
    draws = min(draws, kind_model(scenario).kind.report_draws)
    sweeps = {
        name: run(scenario.task(name, draws=draws, seed=seed), workers=workers) for name in scenario.settings
    }
    rows: list[dict[str, Any]] = []
    effects, held_runs = {}, []
    for name, before in sweeps.items():
        for fix in scenario.focus.interventions:
            task = scenario.task(name, draws=draws, seed=seed, fix=fix)
            after = run(task, workers=workers)
            held = ", ".join(f"{player}: {action}" for player, action in fix.items())
            held_runs.append(after)
            effects[name, held] = compare(before.task, task, workers=workers)
            rows += _changes(name, held, before.measures(), after.measures())
    return KindAnswers(
        modal=_modal(scenario),
        history=_history(scenario, sweeps),
        shares={name: sweep.shares() for name, sweep in sweeps.items()},
        interventions=pd.DataFrame(rows),
        runs=runs_of([*sweeps.values(), *held_runs]),
        draws=draws,
        seed=seed,
        measures={name: sweep.measures() for name, sweep in sweeps.items()},
        effects=effects,
    )


def _modal(scenario: Scenario) -> pd.DataFrame:
    model, solver = kind_model(scenario), scenario.default_solver()
    rows = []
    for setting in scenario.dated:
        numbers = model.evaluate(scenario.space_at(setting.name).mode())
        answers = model.solve(numbers, solver)
        said = dict.fromkeys(_said(model, column) for column in answers.outcomes.T)
        status = list(Status)[int(answers.codes[0])]
        row = {
            "happened": "; ".join(outcome_name(coding.outcome) for coding in setting.codings),
            "equilibrium": "; ".join(said) or "none",
            "status": status.name if status is Status.SOLVED else f"{status.name}: {status.sentence}",
        }
        with np.errstate(invalid="ignore"):
            for measure, values in zip(model.labels.measures, answers.measures, strict=True):
                values = np.unique(values[~np.isnan(values)].round(9))  # noqa: PLW2901
                row[measure.name] = " or ".join(f"{value + 0.0:.3g}" for value in values[:3])
        rows.append(row)
    return pd.DataFrame(rows, index=pd.Index(scenario.settings, name="setting"))


def _said(model: KindModel, chances: np.ndarray[Any, np.dtype[np.float64]]) -> str:
    """Write one equilibrium as the outcomes that it leads to."""
    parts = [
        (chance, outcome_name(outcome))
        for chance, outcome in zip(chances, model.labels.outcomes, strict=True)
        if chance > 1e-9
    ]
    return " + ".join(name if chance > 1 - 1e-9 else f"{chance:.2f} {name}" for chance, name in parts)


def _history(scenario: Scenario, sweeps: dict[str, Sweep]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for setting in scenario.dated:
        measures, shares = sweeps[setting.name].measures(), sweeps[setting.name].shares()
        by_outcome = shares.to_dict("index")
        for coding in setting.codings:
            row = {
                "setting": setting.name,
                "coding": coding.name,
                "outcome": outcome_name(coding.outcome),
                "role": setting.role,
                "told by": "share of draws",
            }
            if len(coding.outcome) == 1 and coding.outcome[0] in measures.index:
                told = measures.loc[[coding.outcome[0]]].to_dict("records")[0]
                row.update(value=told["mean"], low=told["low"], high=told["high"])
                row["told by"] = "mean probability"
            else:
                told = by_outcome[coding.outcome]
                row.update(value=told["share"], low=told["low"], high=told["high"])
            row["most frequent"] = outcome_name(shares["share"].idxmax())
            rows.append(row)
    return pd.DataFrame(rows)


def _changes(setting: str, held: str, before: pd.DataFrame, after: pd.DataFrame) -> list[dict[str, Any]]:
    """Set each measure's mean with an intervention beside that without."""
    return [
        {
            "setting": setting,
            "held": held,
            "measure": str(name),
            **{f"{key} before": float(before[key][name]) for key in _KEYS},
            **{f"{key} after": float(after[key][name]) for key in _KEYS},
        }
        for name in before.index
    ]


_KEYS: Sequence[str] = ("mean", "low", "high")
