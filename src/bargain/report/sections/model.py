"""The model: players, actions, payoffs in symbols and numbers, and the terms that they are made of."""

from __future__ import annotations

import re

from markupsafe import Markup

from bargain.payoffs.term import Term
from bargain.plots.payoff_table import payoff_table
from bargain.report.answers import Answers
from bargain.report.mathml import mathml
from bargain.report.section import Block, Heading, Paragraph, Picture, Section, Table
from bargain.report.words import breakable, outcome, sources
from bargain.scenarios.scenario import Scenario

__all__ = ["model"]

_MOST = 64  # outcomes that a table of payoffs still shows
_PANELS = 3  # players with a choice that a picture of payoffs shows


def model(scenario: Scenario, found: Answers) -> Section:  # noqa: ARG001 - every section is called alike
    """Describe players, actions and payoffs.

    Parameters
    ----------
    scenario : Scenario
    found : Answers

    Returns
    -------
    Section
    """
    blocks: list[Block] = [_players(scenario)]
    blocks += _moves(scenario)
    blocks += [Heading("Payoffs in symbols"), *_symbols(scenario)]
    blocks += [Heading("Payoffs at the modal values"), *_numbers(scenario)]
    blocks += [Heading("What the payoffs are made of"), *_terms(scenario)]
    return Section("model", "The model", blocks)


def _players(scenario: Scenario) -> Table:
    rows = [
        [
            player if number == 0 else "",
            scenario.titles.get(player, player) if number == 0 else "",
            action,
            scenario.titles.get(f"{player}.{action}", ""),
        ]
        for player, actions in zip(scenario.labels.players, scenario.labels.actions, strict=True)
        for number, action in enumerate(actions)
    ]
    return Table("Players and what they can do", ["Player", "Who", "Action", "What it stands for"], rows)


def _moves(scenario: Scenario) -> list[Block]:
    texts = []
    if scenario.status_quo is not None:
        texts.append(Markup("If nobody acts, {} stands.").format(outcome(scenario.status_quo)))
    if scenario.orders:
        told = (
            f"{name} ({', then '.join(' and '.join(group) for group in groups)})"
            for name, groups in scenario.orders.items()
        )
        texts.append(
            Markup("Players move all at once, or in one of these orders: {}.").format("; ".join(told))
        )
    return [Paragraph(Markup(" ").join(texts))] if texts else []


def _symbols(scenario: Scenario) -> list[Block]:
    if scenario.labels.size > _MOST:
        return [Paragraph(f"The game has {scenario.labels.size:,} outcomes; its terms are listed below.")]
    formulas = scenario.model.symbolic(latex=True)
    rows = [
        [outcome(reached), *(mathml(formula) for formula in row)]
        for reached, row in zip(scenario.labels.outcomes, formulas.to_numpy().tolist(), strict=True)
    ]
    head = ["/".join(scenario.labels.players), *scenario.labels.players]
    return [Table("What each outcome is worth to each player", head, rows)]


def _numbers(scenario: Scenario) -> list[Block]:
    blocks: list[Block] = []
    pictured = sum(size > 1 for size in scenario.labels.shape) <= _PANELS
    blocks += [_picture(scenario, name) for name in scenario.settings if pictured]
    if scenario.labels.size <= _MOST:
        games = {name: scenario.game(name).payoffs[..., 0] for name in scenario.settings}
        rows = [
            [
                outcome(reached),
                *(
                    " / ".join(f"{value + 0.0:.2f}".replace("-", "\N{MINUS SIGN}") for value in table)
                    for table in (
                        game.reshape(len(scenario.labels.players), -1)[:, number].round(9)
                        for game in games.values()
                    )
                ),
            ]
            for number, reached in enumerate(scenario.labels.outcomes)
        ]
        note = (
            f"Payoffs of {', '.join(scenario.labels.players)}, in this order, in their own units: they cannot"
            " be compared or added across players."
        )
        blocks.append(Table("Payoffs in numbers", ["Outcome", *scenario.settings], rows, note))
    return blocks


def _picture(scenario: Scenario, name: str) -> Picture:
    return Picture(
        f"payoffs-{slug(name)}",
        lambda: payoff_table(scenario.game(name), title=f"Payoffs, {name}"),
        f"Payoff table at the modal values of {name}, with best replies in bold and equilibria framed; the"
        " same numbers stand in the table of payoffs in numbers.",
    )


def _terms(scenario: Scenario) -> list[Block]:
    cited = any(term.sources for _, term in scenario.model.terms)
    head = ["Term", "Player", "Counts", "When", "Why", *(["Evidence"] if cited else [])]
    rows = [
        [
            term.name,
            player,
            _product(scenario, term),
            breakable("; ".join(f"{who}: {' or '.join(actions)}" for who, actions in term.when) or "always"),
            term.why,
            *([sources(scenario, term.sources)] if cited else []),
        ]
        for player, term in scenario.model.terms
    ]
    note = "A payoff is the sum of the player's terms, each counted when all the named players act so."
    return [Table("Payoff terms", head, rows, note)]


def _product(scenario: Scenario, term: Term) -> Markup:
    symbols = scenario.model.symbols
    names = [symbols.get(name, rf"\mathit{{{name.replace('_', chr(92) + '_')}}}") for name in term.parameters]
    size = f"{abs(term.coefficient):.12g}"
    factors = [*([] if size == "1" and names else [size]), *names]
    return mathml(("-" if term.coefficient < 0 else "") + " ".join(factors))


def slug(name: str) -> str:
    """Return a name as part of the name of a file.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
    """
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-").lower()
