"""The question, and the answer in short."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from bargain.report.answers import SIMULTANEOUS, Answers, outcome_name
from bargain.report.asked import asked
from bargain.report.figures import difference, number, share
from bargain.report.section import Block, Paragraph, Section, Table
from bargain.report.words import breakable, outcome, parameter, prediction
from bargain.scenarios.scenario import Scenario
from bargain.sensitivity.thresholds import thresholds

__all__ = ["question"]


def question(scenario: Scenario, found: Answers) -> Section:
    """Ask the scenario's question and answer it in one table, a row for each setting.

    Parameters
    ----------
    scenario : Scenario
    found : Answers

    Returns
    -------
    Section
    """
    blocks: list[Block] = []
    if scenario.question:
        blocks.append(Paragraph(scenario.question))
    blocks += [Paragraph(sentence) for sentence in _sentences(scenario, found)]
    blocks.append(_table(scenario, found))
    blocks.append(
        Paragraph(
            Markup(
                '<a href="#limits">What this can and cannot say</a> stands below; so do'
                ' <a href="#model">the model</a> and <a href="#provenance">how all of it was computed</a>.'
            )
        )
    )
    return Section("question", "The question and the short answer", blocks)


def _sentences(scenario: Scenario, found: Answers) -> list[str]:
    dated = [setting for setting in scenario.dated if setting.codings]
    if not dated:
        return []
    agree = sum(
        found.modal.loc[setting.name, SIMULTANEOUS] == outcome_name(setting.codings[0].outcome)
        for setting in dated
    )
    usual = found.history.drop_duplicates("setting").sort_values("share").to_dict("records")
    ends = " to ".join(dict.fromkeys([share(usual[0]), share(usual[-1])]))
    ends = f"from {ends}" if len(dated) > 1 else f"of {ends}"
    return [
        (
            "At the most likely values of everything uncertain, and with all players moving at once, what"
            f" happened is the only pure equilibrium at {agree} of {len(dated)} dated"
            f" setting{'s' * (len(dated) != 1)}. Over the whole of the stated ranges it is the only one"
            f" predicted in a share of draws {ends}; the 95 % intervals, here and below, measure sampling"
            " error alone, not the judgement behind the ranges."
        )
    ]


def _table(scenario: Scenario, found: Answers) -> Table:
    held = found.interventions if "difference" in found.interventions else pd.DataFrame()
    past = any(setting.codings for setting in scenario.dated)
    head = ["Setting", "What happened" if past else "Asked about", "Equilibrium at the modal values"]
    head += ["Share of draws", "Nearest change of one parameter"]
    head += ["Intervention that matters most"] if len(held) else []
    rows = []
    for name in scenario.settings:
        wanted = asked(scenario, found, name)
        row = found.shares[name].to_dict("index")[wanted]
        said = str(found.modal.loc[name, SIMULTANEOUS])
        agrees = said == outcome_name(wanted) and past
        cells = [name, outcome(wanted), "the same" if agrees else breakable(said), share(row)]
        cells.append(_nearest(scenario, name))
        if len(held):
            cells.append(_strongest(held[held["setting"] == name].dropna(subset="difference")))
        rows.append(cells)
    note = (
        f"All players move at once; pure equilibria; {found.draws:,} draws, seed {found.seed}. The share is"
        " that of draws in which the outcome is the only one predicted; in brackets its 95 % interval."
    )
    return Table("The answer in short", head, rows, note)


def _nearest(scenario: Scenario, name: str) -> Markup | str:
    table = thresholds(scenario, name)
    if table.empty:
        return "none within its range"
    row = table.iloc[int(table["margin"].abs().argmin())]
    return Markup("{} from {} to {} ({} of its range): {}").format(
        parameter(scenario, row["parameter"]),
        number(row["now"]),
        number(row["value"]),
        number(abs(row["margin"]), digits=2),
        prediction(row["after"]),
    )


def _strongest(table: pd.DataFrame) -> str:
    if table.empty:
        return ""
    row = table.iloc[int(table["difference"].abs().argmax())]
    if round(abs(row["difference"]), 3) == 0:
        return "none of those asked about"
    return f"{row['held']}: {row['as they did']} {difference(row)}"
