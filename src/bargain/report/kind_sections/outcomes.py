"""The shares: how often each outcome is predicted over all that is uncertain."""

from __future__ import annotations

import pandas as pd

from bargain.plots.outcome_shares import outcome_shares
from bargain.report.answers import outcome_name
from bargain.report.figures import proportion, share
from bargain.report.kind_answers import KindAnswers
from bargain.report.section import Picture, Section, Table
from bargain.report.words import breakable
from bargain.scenarios.scenario import Scenario

__all__ = ["outcomes"]

_SMALL = 0.005  # shares that are left out of the table of the page


def outcomes(scenario: Scenario, found: KindAnswers) -> Section:
    """Show the shares of all outcomes, as a picture and as a table.

    Parameters
    ----------
    scenario : Scenario
    found : KindAnswers

    Returns
    -------
    Section
    """
    same = scenario.happenings.outcomes == scenario.labels.outcomes
    codings = {
        setting.name: [coding.outcome for coding in setting.codings]
        for setting in scenario.dated
        if setting.codings and same
    }
    picture = Picture(
        "outcome-shares",
        lambda: outcome_shares(
            found.shares, history=codings or None, assumed=f"{scenario.name}, {scenario.default_solver()}"
        ),
        "Stacked bars of the shares of outcomes, one bar for each setting; the table below has the numbers.",
    )
    tables = {"shares": pd.concat(found.shares, names=["setting"]).reset_index()}
    return Section("shares", "How often each outcome is predicted", [picture, _table(found)], tables)


def _table(found: KindAnswers) -> Table:
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
        " without a single answer are rows of their own; (unsolved) holds those outside the game's bounds."
    )
    return Table("Shares of outcomes", ["Setting", "Outcome", "Share", "Possible"], rows, note)
