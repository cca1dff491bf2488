"""The hindcast: what the model says of dates whose outcome is known, under each order of moves."""

from __future__ import annotations

from markupsafe import Markup

from bargain.report.answers import SIMULTANEOUS, Answers, outcome_name
from bargain.report.figures import proportion, share
from bargain.report.section import Block, Paragraph, Section, Table
from bargain.report.words import breakable, sources
from bargain.scenarios.scenario import Scenario

__all__ = ["hindcast"]


def hindcast(scenario: Scenario, found: Answers) -> Section | None:
    """Set what happened beside what is predicted.

    Parameters
    ----------
    scenario : Scenario
    found : Answers

    Returns
    -------
    Section, or None
        None if nothing has happened yet.
    """
    if found.history.empty:
        return None
    blocks: list[Block] = [_modal(scenario, found), _shares(scenario, found)]
    blocks += _disputed(scenario)
    tables = {"equilibria": found.modal.reset_index(), "history": found.history}
    return Section("hindcast", "What happened, and what the model says", blocks, tables)


def _modal(scenario: Scenario, found: Answers) -> Table:
    concepts = list(found.modal.columns[1:])
    head = ["Setting", "Role", "What happened"]
    head += ["All at once" if name == SIMULTANEOUS else name for name in concepts]
    rows = []
    for setting in scenario.dated:
        codings = [outcome_name(coding.outcome) for coding in setting.codings]
        happened = Markup("<br>or ").join(breakable(text) for text in codings)
        said = [str(found.modal.loc[setting.name, name]) for name in concepts]
        rows.append(
            [setting.name, setting.role, happened or "not known yet"]
            + ["as happened" if codings and text == codings[0] else breakable(text) for text in said]
        )
    note = (
        "Semicolons separate several equilibria. A prediction that agrees with the usual coding of what"
        " happened is written “as happened”. Fitted: the outcome was known, and used, when the ranges were"
        " chosen."
    )
    return Table("Equilibrium at the modal values, by who moves first", head, rows, note)


def _shares(scenario: Scenario, found: Answers) -> Table:
    orders = list(scenario.orders)
    head = ["Setting", "Coding", "What happened", "All at once", "Possible, all at once", *orders]
    head.append("Predicted most often, all at once")
    rows = []
    for row in found.history.to_dict("records"):
        cells = [
            row["setting"],
            row["coding"],
            breakable(row["outcome"]),
            share(row),
            proportion(row["possible"], found.draws),
        ]
        cells += [share(row, f", {order}") for order in orders]
        rows.append([*cells, breakable(row["most frequent"])])
    note = (
        "Share of draws in which the outcome is the only one predicted, with its 95 % interval:"
        f" {found.draws:,} draws all at once (pure equilibria)"
        + (f", {max(1, found.draws // 50):,} in stages (subgame-perfect equilibria)" if orders else "")
        + f", seed {found.seed}. “Possible” counts draws in which some equilibrium leads there."
    )
    return Table("How often what happened is the only outcome predicted", head, rows, note)


def _disputed(scenario: Scenario) -> list[Block]:
    return [
        Paragraph(
            Markup("<strong>{}</strong> can be coded in {} ways, and all are shown. {}").format(
                setting.name,
                len(setting.codings),
                Markup(" ").join(
                    Markup("<em>{}</em>: {} {}").format(
                        coding.name, coding.note, sources(scenario, coding.sources)
                    )
                    for coding in setting.codings
                ),
            )
        )
        for setting in scenario.dated
        if len(setting.codings) > 1
    ]
