"""The question, and the answer in short."""

from __future__ import annotations

from markupsafe import Markup

from bargain.report.answers import outcome_name
from bargain.report.figures import share, spread
from bargain.report.kind_answers import KindAnswers
from bargain.report.section import Block, Paragraph, Section, Table
from bargain.report.words import breakable
from bargain.scenarios.scenario import Scenario

__all__ = ["summary"]


def summary(scenario: Scenario, found: KindAnswers) -> Section:
    """Ask the scenario's question and answer it in one table, a row for each setting.

    Parameters
    ----------
    scenario : Scenario
    found : KindAnswers

    Returns
    -------
    Section
    """
    blocks: list[Block] = [Paragraph(scenario.question)] if scenario.question else []
    blocks.append(_table(scenario, found))
    blocks.append(
        Paragraph(
            Markup(
                '<a href="#limits">What this can and cannot say</a> stands below; so do'
                ' <a href="#model">the game</a> and <a href="#provenance">how all of it was computed</a>.'
            )
        )
    )
    return Section("question", "The question and the short answer", blocks)


def _table(scenario: Scenario, found: KindAnswers) -> Table:
    usual = found.history.drop_duplicates("setting").set_index("setting") if len(found.history) else None
    rows = []
    for name in scenario.settings:
        table = found.shares[name]
        likely = table["share"].idxmax()
        told = usual.loc[name].to_dict() if usual is not None and name in usual.index else None
        rows.append(
            [
                name,
                breakable(told["outcome"]) if told else "not known yet",
                spread(told["value"], told["low"], told["high"], decimals=3) if told else "",
                breakable(str(found.modal.loc[name, "equilibrium"])),
                Markup("{}: {}").format(
                    breakable(outcome_name(likely)), share(table.to_dict("index")[likely])
                ),
            ]
        )
    note = (
        f"{found.draws:,} draws, seed {found.seed}; in brackets 95 % intervals of sampling, which say nothing"
        " of the judgement behind the ranges. The probability of what happened is that of the equilibrium of"
        " each draw, averaged over draws, or the share of draws whose equilibria all lead there."
    )
    head = ["Setting", "What happened", "Its probability", "Equilibrium at the modal values"]
    return Table("The answer in short", [*head, "Outcome of most draws, and its share"], rows, note)
