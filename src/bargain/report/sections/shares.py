"""The shares: how often each outcome is predicted over all that is uncertain."""

from __future__ import annotations

import pandas as pd

from bargain.plots.outcome_shares import outcome_shares
from bargain.report.answers import Answers, outcome_name
from bargain.report.figures import proportion, share
from bargain.report.section import Block, Picture, Section, Table
from bargain.report.words import breakable
from bargain.scenarios.scenario import Scenario

__all__ = ["shares"]

_SMALL = 0.005  # shares that are pooled in the table of the page


def shares(scenario: Scenario, found: Answers) -> Section:
    """Show the shares of all outcomes, as a picture and as a table.

    Parameters
    ----------
    scenario : Scenario
    found : Answers

    Returns
    -------
    Section
    """
    blocks: list[Block] = [
        Picture(
            "outcome-shares",
            lambda: outcome_shares(
                found.shares, history=_history(scenario), assumed="only pure Nash equilibrium"
            ),
            "Stacked bars of the shares of outcomes, one bar for each setting, with what happened marked. "
            + " ".join(_leading(found, name) for name in scenario.settings),
        ),
        _table(found),
    ]
    tables = {"shares": pd.concat(found.shares, names=["setting"]).reset_index()}
    return Section("shares", "How often each outcome is predicted", blocks, tables)


def _history(scenario: Scenario) -> dict[str, list[tuple[str, ...]]]:
    return {
        setting.name: [coding.outcome for coding in setting.codings]
        for setting in scenario.dated
        if setting.codings
    }


def _leading(found: Answers, setting: str) -> str:
    table = found.shares[setting]
    likely = table["share"].idxmax()
    return f"{setting}: most often {outcome_name(likely)}, {share(table.to_dict('index')[likely])}."


def _table(found: Answers) -> Table:
    rows = []
    for name, table in found.shares.items():
        shown = table[(table["share"] >= _SMALL) | (table["possible"] >= _SMALL)]
        first = True
        for reached, row in shown.sort_values("share", ascending=False).to_dict("index").items():
            possible = "" if pd.isna(row["possible"]) else proportion(row["possible"], found.draws)
            rows.append([name if first else "", breakable(outcome_name(reached)), share(row), possible])
            first = False
    note = (
        f"Shares of {found.draws:,} draws with their 95 % intervals; those below {_SMALL:g} are left out here"
        " and stand in shares.csv. “Possible” counts draws in which some equilibrium leads there. Draws"
        " without a single answer are rows of their own: (multiple) equilibria, or (none) that is pure."
    )
    return Table(
        "Shares of outcomes, all players moving at once",
        ["Setting", "Outcome", "Share", "Possible"],
        rows,
        note,
    )
