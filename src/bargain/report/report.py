"""Write a report: pictures as PNG and SVG, tables as CSV."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from bargain.plots.outcome_shares import outcome_shares
from bargain.plots.payoff_table import payoff_table
from bargain.plots.regime_map import regime_map
from bargain.plots.style import figure, save
from bargain.plots.timeline import timeline
from bargain.report.answers import Answers
from bargain.scenarios.scenario import Scenario
from bargain.sensitivity.regions import regions
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import solve

__all__ = ["write_report"]


def write_report(scenario: Scenario, found: Answers, out: Path) -> list[Path]:
    """Write the pictures and tables of a report.

    Parameters
    ----------
    scenario : Scenario
    found : Answers
        From `bargain.report.answers.answers`.
    out : path
        Folder; made if it does not exist.

    Returns
    -------
    list of path
        The files written.
    """
    out.mkdir(parents=True, exist_ok=True)
    return [*_tables(found, out), *_pictures(scenario, found, out)]


def _tables(found: Answers, out: Path) -> list[Path]:
    tables = {
        "equilibria": found.modal.reset_index(),
        "history": found.history,
        "interventions": found.interventions,
        "shares": pd.concat(found.shares, names=["setting"]).reset_index(),
    }
    written = []
    for name, table in tables.items():
        if not table.empty:
            path = out / f"{name}.csv"
            table.to_csv(path, index=False)
            written.append(path)
    return written
