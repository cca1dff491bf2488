"""The game: who plays, what is counted and measured, and the numbers that it is made of."""

from __future__ import annotations

from markupsafe import Markup

from bargain.payoffs.term import Term
from bargain.report.kind_answers import KindAnswers, kind_model
from bargain.report.mathml import mathml
from bargain.report.section import Block, Heading, Paragraph, Section, Table
from bargain.report.words import breakable, sources
from bargain.scenarios.scenario import Scenario

__all__ = ["game"]

_MOST = 80  # rows of numbers that the page still shows


def game(scenario: Scenario, found: KindAnswers) -> Section:  # noqa: ARG001 - every section is called alike
    """Describe the game.

    Parameters
    ----------
    scenario : Scenario
    found : KindAnswers

    Returns
    -------
    Section
    """
    model = kind_model(scenario)
    blocks: list[Block] = [Paragraph(f"{model.kind.summary} Solved by {scenario.default_solver()}.")]
    blocks += [_players(scenario), _counted(scenario), _measured(scenario)]
    blocks += [Heading("The numbers that the game is made of"), *_numbers(scenario)]
    blocks += [Heading("The terms of these numbers"), _terms(scenario)]
    return Section("model", "The game", blocks)


def _players(scenario: Scenario) -> Table:
    rows = []
    for player in scenario.players:
        actions = [key for key in scenario.titles if key.startswith(f"{player}.")]
        told = (f"{key.removeprefix(f'{player}.')}: {scenario.titles[key]}" for key in actions)
        rows.append([player, scenario.titles[player], Markup("<br>").join(told)])
    return Table("Players", ["Player", "Who", "Actions that numbers depend on"], rows)


def _counted(scenario: Scenario) -> Table:
    pairs = zip(scenario.labels.players, scenario.labels.actions, strict=True)
    rows = [[heading, ", ".join(outcomes)] for heading, outcomes in pairs]
    return Table("What is counted", ["Heading", "Outcomes"], rows)


def _measured(scenario: Scenario) -> Table:
    measures = kind_model(scenario).labels.measures
    rows = [[measure.name, measure.meaning, measure.unit] for measure in measures]
    return Table("What is measured in each equilibrium", ["Measure", "Meaning", "Unit"], rows)


def _numbers(scenario: Scenario) -> list[Block]:
    table = kind_model(scenario).symbolic(latex=True)
    if len(table) > _MOST:
        return [Paragraph(f"The game has {len(table):,} numbers; their terms are listed below.")]
    model = kind_model(scenario)
    modes = {
        name: model.evaluate(scenario.space_at(name).mode())[:, 0].round(9).tolist()
        for name in scenario.settings
    }
    cases = len(table) // len(model.kind.quantities)
    rows = []
    for place, (name, row) in enumerate(table.to_dict("index").items()):
        first = place - place % cases
        same = cases > 1 and table["formula"].iloc[first : first + cases].nunique() == 1
        if same and place != first:
            continue  # it does not depend on what anybody does
        meaning = f"{row['meaning']} ({row['bounds']})"
        rows.append(
            [
                str(name).partition(" [")[0] if same else str(name),
                meaning if place == first or same else "",
                mathml(row["formula"]),
                *(f"{values[place] + 0.0:.3g}".replace("-", "\N{MINUS SIGN}") for values in modes.values()),
            ]
        )
    note = "At each setting the number at the modal values; a draw outside the bounds is no such game."
    head = ["Number", "Meaning, and bounds", "Formula", *scenario.settings]
    return [Table("Numbers of the game", head, rows, note)]


def _terms(scenario: Scenario) -> Table:
    rows = [
        [
            term.name,
            owner,
            _product(scenario, term),
            breakable("; ".join(f"{who}: {' or '.join(does)}" for who, does in term.when) or "always"),
            term.why,
            sources(scenario, term.sources),
        ]
        for owner, term in scenario.terms
    ]
    return Table("Terms", ["Term", "Of", "Counts", "When", "Why", "Evidence"], rows)


def _product(scenario: Scenario, term: Term) -> Markup:
    symbols = {parameter.name: parameter.symbol for parameter in scenario.parameters if parameter.symbol}
    names = [symbols.get(name, rf"\mathit{{{name.replace('_', chr(92) + '_')}}}") for name in term.parameters]
    size = f"{abs(term.coefficient):.12g}"
    factors = [*([] if size == "1" and names else [size]), *names]
    return mathml(("-" if term.coefficient < 0 else "") + " ".join(factors))
