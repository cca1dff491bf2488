"""What a scenario of another kind than the normal form says at its settings: the tables behind its report."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bargain.errors import InvalidArgumentError
from bargain.games.labels import Outcome
from bargain.report.answers import Answers, outcome_name, runs_of
from bargain.scenarios.kinds.model import KindModel
from bargain.scenarios.scenario import Scenario
from bargain.sensitivity.levers import levers
from bargain.sensitivity.regional import regional_sensitivity
from bargain.solvers.solution import Status
from bargain.sweep.compare import compare
from bargain.sweep.executors import in_parallel, single_threaded
from bargain.sweep.run import Sweep, run

__all__ = ["KindAnswers", "kind_answers", "kind_model"]

_REGIONAL_DRAWS = 16_384
_LEVER_DRAWS = 4_096
_FEWEST_LEVER_DRAWS = 256  # however long games take
_MANY = 16_384  # draws below which a kind counts as one whose games take long


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
    leading : dict of str to tuple of str
        By setting the outcome that is predicted in most draws, which the next two are about.
    levers : dict of str to pandas.DataFrame
        By setting, as from `levers`.
    regional : dict of str to pandas.DataFrame
        By setting, as from `regional_sensitivity`; without those where there is nothing to tell apart.
    """

    measures: dict[str, pd.DataFrame]
    effects: dict[tuple[str, str], pd.DataFrame]
    leading: dict[str, Outcome]
    levers: dict[str, pd.DataFrame]
    regional: dict[str, pd.DataFrame]


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
    names = scenario.settings
    found: dict[str, _AtSetting] = {}
    # Games that take long have few draws, less than a block: what can be done at once is settings.
    with single_threaded():
        parts = in_parallel(
            lambda place: _at(scenario, names[place], draws, seed),
            iter(range(len(names))),
            workers=workers or os.cpu_count() or 1,
            count=len(names),
        )
        found = {names[place]: part for place, part in parts}
    found = {name: found[name] for name in names}
    held = {name: part.held for name, part in found.items()}
    sweeps = {name: part.sweep for name, part in found.items()}
    rows = [
        row
        for name, sweep in sweeps.items()
        for words, (after, _) in held[name].items()
        for row in _changes(name, words, sweep.measures(), after.measures())
    ]
    every = [after for afters in held.values() for after, _ in afters.values()]
    return KindAnswers(
        modal=_modal(scenario),
        history=_history(scenario, sweeps),
        shares={name: sweep.shares() for name, sweep in sweeps.items()},
        interventions=pd.DataFrame(rows),
        runs=runs_of([*sweeps.values(), *every]),
        draws=draws,
        seed=seed,
        measures={name: sweep.measures() for name, sweep in sweeps.items()},
        effects={(n, words): effect for n, afters in held.items() for words, (_, effect) in afters.items()},
        leading={name: part.leading for name, part in found.items()},
        levers={name: part.levers for name, part in found.items()},
        regional={name: part.regional for name, part in found.items() if part.regional is not None},
    )


@dataclass(frozen=True, eq=False)
class _AtSetting:
    """What was found at one setting; ``held`` has sweep and effect of each intervention, by its words."""

    sweep: Sweep
    held: dict[str, tuple[Sweep, pd.DataFrame]]
    leading: Outcome
    levers: pd.DataFrame
    regional: pd.DataFrame | None


def _at(scenario: Scenario, name: str, draws: int, seed: int) -> _AtSetting:
    task = scenario.task(name, draws=draws, seed=seed)
    # Second opinions on games that take long take longer still.
    audited = 64 if kind_model(scenario).kind.report_draws > _MANY else 16
    sweep = run(task, workers=1, audit=audited, progress=False)
    held = {}
    for fix in scenario.focus.interventions:
        changed = scenario.task(name, draws=draws, seed=seed, fix=fix)
        words = ", ".join(f"{player}: {action}" for player, action in fix.items())
        after = run(changed, workers=1, audit=audited, progress=False)
        held[words] = after, compare(task, changed, workers=1)
    share = sweep.shares()["share"]
    proper = [row for row in share.index if row in scenario.labels.outcomes]
    leading = max(proper, key=lambda row: float(share[row]))
    # Every lever solves all draws again: fewer of them where games take long.
    few = max(_FEWEST_LEVER_DRAWS, kind_model(scenario).kind.report_draws // 32)
    pulled = levers(scenario, name, leading, draws=min(draws, _LEVER_DRAWS, few), seed=seed)
    try:
        regional = regional_sensitivity(task.with_draws(min(draws, _REGIONAL_DRAWS)), leading)
    except InvalidArgumentError:  # it always or never happens, or no draw has an answer
        regional = None
    return _AtSetting(sweep, held, leading, pulled, regional)


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
