"""What a scenario's model says at each dated setting: the tables behind a report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bargain.scenarios.scenario import Scenario
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solution, Solver, solve
from bargain.solvers.subgame_perfect import SubgamePerfect
from bargain.sweep.compare import compare
from bargain.sweep.run import Sweep, run

__all__ = ["Answers", "answers", "outcome_name", "runs_of"]

SIMULTANEOUS = "simultaneous"


@dataclass(frozen=True, eq=False)
class Answers:
    """The tables of a report.

    Attributes
    ----------
    modal : pandas.DataFrame of str
        One row per setting: what happened (all codings), and the equilibrium at the modal values under
        simultaneous play and under every named order of moves.
    history : pandas.DataFrame
        One row per setting and coding of what happened: its share of draws with 95 % interval, under
        simultaneous play and, from a fiftieth of the draws, under every named order of moves.
    shares : dict of str to pandas.DataFrame
        By setting, as from `Sweep.shares`.
    interventions : pandas.DataFrame
        One row per setting and intervention, about the players that are not held: what they do at the modal
        values, what they do most often over the draws, and the share of draws in which they act as they did,
        before and after, with the difference and its interval.
    runs : pandas.DataFrame
        One row per sweep behind the shares: ``task``, ``solver``, ``draws``, ``audit``, what an independent
        solver found, and its provenance.
    draws, seed : int
    """

    modal: pd.DataFrame
    history: pd.DataFrame
    shares: dict[str, pd.DataFrame]
    interventions: pd.DataFrame
    runs: pd.DataFrame
    draws: int
    seed: int


def answers(
    scenario: Scenario, *, draws: int = 1_000_000, seed: int = 7, workers: int | None = None
) -> Answers:
    """Compute the tables of a report.

    Parameters
    ----------
    scenario : Scenario
    draws : int, default 1_000_000
        For each setting and each intervention.
    seed : int, default 7
    workers : int, optional
        As for `run`.

    Returns
    -------
    Answers
    """
    sweeps = {
        name: run(scenario.task(name, draws=draws, seed=seed), workers=workers) for name in scenario.settings
    }
    shares = {name: sweep.shares() for name, sweep in sweeps.items()}
    # Play in stages is solved with all its mixed equilibria, which takes longer: a fiftieth of the draws.
    few = max(1, draws // 50)
    staged = {
        (name, order): run(
            scenario.task(name, draws=few, seed=seed, solver=SubgamePerfect(groups)), workers=workers
        )
        for name in scenario.settings
        for order, groups in scenario.orders.items()
    }
    rows = [
        row
        for name in scenario.settings
        for fix in scenario.focus.interventions
        for row in [_intervention(scenario, name, fix, draws=draws, seed=seed, workers=workers)]
    ]
    return Answers(
        modal=_modal(scenario),
        history=_history(scenario, shares, {key: sweep.shares() for key, sweep in staged.items()}),
        shares=shares,
        interventions=pd.DataFrame(rows),
        runs=runs_of([*sweeps.values(), *staged.values()]),
        draws=draws,
        seed=seed,
    )


def outcome_name(outcome: object) -> str:
    """Return an outcome in words.

    Parameters
    ----------
    outcome : tuple of str
        One action per player; a remainder such as ``("(none)", "", "")`` keeps its one word.

    Returns
    -------
    str
    """
    return "/".join(filter(None, outcome)) if isinstance(outcome, tuple) else str(outcome)


def _modal(scenario: Scenario) -> pd.DataFrame:
    concepts: dict[str, Solver] = {SIMULTANEOUS: PureNash()}
    concepts.update({name: SubgamePerfect(groups) for name, groups in scenario.orders.items()})
    rows: list[dict[str, str]] = []
    for setting in scenario.dated:
        game = scenario.game(setting.name)
        happened = "; ".join(outcome_name(coding.outcome) for coding in setting.codings)
        rows.append({"happened": happened, **{name: _said(solve(game, s)) for name, s in concepts.items()}})
    return pd.DataFrame(rows, index=pd.Index(scenario.settings, name="setting"))


def _said(solution: Solution, players: Sequence[str] | None = None) -> str:
    """Write what some players do in the equilibria of a single draw in one cell."""
    texts = []
    for profile in solution.profiles(digits=3):
        mixes = (profile[player] for player in players or profile)
        texts.append(
            "/".join("+".join(a if p == 1 else f"{p:g} {a}" for a, p in mix.items()) for mix in mixes)
        )
    return "; ".join(texts) or "none"


def _history(
    scenario: Scenario, shares: dict[str, pd.DataFrame], staged: dict[tuple[str, str], pd.DataFrame]
) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for setting in scenario.dated:
        rows_of = shares[setting.name].to_dict("index")
        likely = shares[setting.name]["share"].idxmax()
        for coding in setting.codings:
            row = rows_of[coding.outcome]
            rows.append(
                {
                    "setting": setting.name,
                    "coding": coding.name,
                    "outcome": outcome_name(coding.outcome),
                    **{key: float(row[key]) for key in ("share", "low", "high", "possible")},
                    "most frequent": outcome_name(likely),
                    "role": setting.role,
                    **{
                        f"{key}, {order}": float(
                            staged[setting.name, order].to_dict("index")[coding.outcome][key]
                        )
                        for order in scenario.orders
                        for key in ("share", "low", "high")
                    },
                }
            )
    return pd.DataFrame(rows)


def runs_of(sweeps: Sequence[Sweep]) -> pd.DataFrame:
    """Return what is known of sweeps: task, solver, draws, audit and provenance.

    Parameters
    ----------
    sweeps : sequence of Sweep

    Returns
    -------
    pandas.DataFrame
        One row per sweep.
    """
    rows = [
        {
            "task": sweep.task.name,
            "solver": str(sweep.task.solver),
            "draws": sweep.draws,
            "audit": str(sweep.audit),
            **sweep.provenance.attributes(),
        }
        for sweep in sweeps
    ]
    return pd.DataFrame(rows)


def _intervention(
    scenario: Scenario, setting: str, fix: dict[str, str], *, draws: int, seed: int, workers: int | None
) -> dict[str, Any]:
    """Hold players to an action and see what the others then do."""
    others = [player for player in scenario.labels.players if player not in fix]
    effect = compare(
        scenario.task(setting, draws=draws, seed=seed),
        scenario.task(setting, draws=draws, seed=seed, fix=fix),
        players=others,
        workers=workers,
    )
    likely = effect["after"].idxmax()
    rows = effect.to_dict("index")
    history = scenario.setting(setting).history
    row: dict[str, Any] = {
        "setting": setting,
        "held": ", ".join(f"{player}: {action}" for player, action in fix.items()),
        "others": "/".join(others),
        "modal": _said(solve(scenario.game(setting, fix=fix), PureNash()), others),
        "most frequent": outcome_name(likely),
        "share": float(rows[likely]["after"]),
    }
    if history is not None:
        done = tuple(scenario.labels.named(history)[player] for player in others)
        change = rows[done if done in rows else done[0]]
        row["as they did"] = outcome_name(done)
        row.update({key: float(change[key]) for key in ("before", "after", "difference", "low", "high")})
    return row
