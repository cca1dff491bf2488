"""Write a report: pictures as PNG and SVG, tables as CSV."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes

from bargain.plots.outcome_shares import outcome_shares
from bargain.plots.payoff_table import payoff_table
from bargain.plots.regime_map import regime_map
from bargain.plots.style import save
from bargain.plots.timeline import timeline
from bargain.report.answers import Answers
from bargain.scenarios.scenario import Scenario
from bargain.sensitivity.regions import regions

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
    from matplotlib import pyplot as plt  # noqa: PLC0415 - takes long to import

    out.mkdir(parents=True, exist_ok=True)
    written = list(_tables(found, out))
    record = {
        name: {str(key): value for key, value in table.attrs.items()} for name, table in found.shares.items()
    }
    written.append(out / "provenance.json")
    written[-1].write_text(json.dumps(record, indent=2), encoding="utf-8")
    for name, ax in _pictures(scenario, found):
        figure = ax.get_figure(root=True)
        if figure is not None:
            written.extend(save(figure, out / name))
            plt.close(figure)
    return written


def _tables(found: Answers, out: Path) -> Iterator[Path]:
    tables = {
        "equilibria": found.modal.reset_index(),
        "history": found.history,
        "interventions": found.interventions,
        "shares": pd.concat(found.shares, names=["setting"]).reset_index(),
    }
    for name, table in tables.items():
        if not table.empty:
            path = out / f"{name}.csv"
            table.to_csv(path, index=False)
            yield path


def _pictures(scenario: Scenario, found: Answers) -> Iterator[tuple[str, Axes]]:
    history = {
        setting.name: [coding.outcome for coding in setting.codings]
        for setting in scenario.dated
        if setting.codings
    }
    yield (
        "outcome-shares",
        outcome_shares(found.shares, history=history, assumed="only pure Nash equilibrium"),
    )
    yield "timeline", timeline(scenario, found.shares)
    if sum(size > 1 for size in scenario.labels.shape) <= 3:
        for name in scenario.settings:
            title = f"Payoffs at the modal values, {name}"
            yield f"payoffs-{_slug(name)}", payoff_table(scenario.game(name), title=title)
    for setting, x, y in scenario.focus.maps:
        plane = regions(scenario, setting, x=x, y=y)
        yield f"regimes-{_slug(setting)}-{_slug(x)}-{_slug(y)}", regime_map(plane)


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()
