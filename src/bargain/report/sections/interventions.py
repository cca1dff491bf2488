"""The interventions: what holding a player or a parameter changes, ranked."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from bargain.plots.lever_ranking import lever_ranking
from bargain.report.answers import Answers
from bargain.report.asked import asked
from bargain.report.figures import difference, proportion
from bargain.report.section import Block, Heading, Picture, Section, Table
from bargain.report.sections.model import slug
from bargain.report.words import breakable, outcome
from bargain.scenarios.scenario import Scenario
from bargain.sensitivity.levers import levers

__all__ = ["interventions"]

_DRAWS = 16_384
_ROWS = 8
_SMALLEST = 0.0005  # differences that three decimals show


def interventions(scenario: Scenario, found: Answers) -> Section | None:
    """Show the interventions that the scenario asks for, then every lever there is, the strongest first.

    Parameters
    ----------
    scenario : Scenario
    found : Answers

    Returns
    -------
    Section, or None
        None where there is nothing that could be held.
    """
    blocks: list[Block] = []
    tables: dict[str, pd.DataFrame] = {}
    if not found.interventions.empty:
        blocks.append(_asked_for(found))
        tables["interventions"] = found.interventions
    ranked = {}
    for name in scenario.settings:
        wanted = asked(scenario, found, name)
        table = levers(scenario, name, wanted, draws=min(found.draws, _DRAWS), seed=found.seed)
        if (table["difference"].abs() >= _SMALLEST).any():
            ranked[name] = table
            title = Markup("{}: levers on {}").format(name, outcome(wanted))
            blocks += [Heading(title), _picture(name, table), _ranked(table)]
    if ranked:
        tables["levers"] = pd.concat(ranked, names=["setting"]).reset_index()
    if not blocks:
        return None
    return Section("interventions", "What an intervention would change", blocks, tables)


def _asked_for(found: Answers) -> Table:
    past = "difference" in found.interventions
    rows = []
    previous = ""
    for row in found.interventions.to_dict("records"):
        first = row["setting"] if row["setting"] != previous else ""
        previous = row["setting"]
        cells = [first, row["held"], breakable(row["modal"])]
        cells.append(Markup("{}: {}").format(breakable(row["most frequent"]), _of(found, row["share"])))
        if past:
            known = not pd.isna(row["difference"])
            cells += [_of(found, row[key]) if known else "" for key in ("before", "after")]
            cells += [difference(row) if known else ""]
        rows.append(cells)
    head = ["Setting", "Held", "Others at the modal values", "What they do most often"]
    head += ["Others act as they did, before", "After", "Difference"] if past else []
    note = (
        f"All others move at once; {found.draws:,} draws, seed {found.seed}, the same with and without. The"
        " interval is that of the difference, at 95 %, from the pairs of draws."
    )
    return Table("What the others do if a player is held to an action", head, rows, note)


def _of(found: Answers, share: float) -> str:
    return proportion(share, found.draws)


def _picture(name: str, table: pd.DataFrame) -> Picture:
    return Picture(
        f"levers-{slug(name)}",
        lambda: lever_ranking(table, title=f"Levers, {name}"),
        f"Levers at {name}, ranked by the difference that they make. The strongest is {table.index[0]}:"
        f" {difference(table.iloc[0])}; the table below has more of them.",
    )


def _ranked(table: pd.DataFrame) -> Table:
    attributes = table.attrs
    shown = table[table["difference"].abs() >= _SMALLEST].head(_ROWS)
    rows = [
        [breakable(str(name)), proportion(row["after"], attributes["draws"]), difference(row)]
        for name, row in shown.iterrows()
    ]
    note = (
        "Each lever holds one player to an action, or one parameter to an end of its range;"
        f" {attributes['draws']:,} common draws, seed {attributes['seed']}; 95 % intervals. Without any of"
        f" them the share is {proportion(attributes['before'], attributes['draws'])}. The {len(shown)}"
        f" strongest of {len(table)}; all stand in levers.csv."
    )
    return Table("Levers, the strongest first", ["Held", "Share of draws then", "Difference"], rows, note)
