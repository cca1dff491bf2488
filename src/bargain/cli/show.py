"""``bargain show``: what a scenario holds."""

from __future__ import annotations

import enum
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bargain.cli.console import console
from bargain.cli.console import table as new_table
from bargain.payoffs.model import PayoffModel
from bargain.scenarios.reader import load_scenario
from bargain.scenarios.scenario import Scenario

__all__ = ["show"]


class Part(enum.StrEnum):
    """The parts of a scenario."""

    SUMMARY = "summary"
    PARAMETERS = "parameters"
    PAYOFFS = "payoffs"
    TERMS = "terms"
    EVIDENCE = "evidence"
    CHRONOLOGY = "chronology"
    LATEX = "latex"


def show(
    scenario: Annotated[str, typer.Argument(help="A built-in name, or the path of a scenario .toml.")],
    part: Annotated[Part, typer.Argument(help="What to show.")] = Part.SUMMARY,
    setting: Annotated[str | None, typer.Option(help="Parameters as they are at this dated setting.")] = None,
) -> None:
    """Show a scenario: its players, parameters, payoffs in symbols, terms, evidence or chronology.

    Of scenarios of other kinds than the normal form, the payoffs are the numbers that the game is made of.
    """
    loaded, screen = load_scenario(scenario), console()
    if part is Part.LATEX:
        typer.echo(loaded.game_model.to_latex())
    elif part is Part.PAYOFFS:
        typer.echo(loaded.game_model.symbolic().to_string(max_colwidth=None))
    elif part is Part.SUMMARY:
        _summary(loaded, screen)
    else:
        screen.print(_TABLES[part](loaded, setting))


def _summary(scenario: Scenario, screen: Console) -> None:
    screen.print(f"[bold]{scenario.title}[/bold]\n{scenario.question}\n")
    players = new_table("player", "actions", title="Players")
    for player in scenario.players:
        named = (key.removeprefix(f"{player}.") for key in scenario.titles if key.startswith(f"{player}."))
        actions = "\n".join(f"{action}: {scenario.titles[f'{player}.{action}']}" for action in named)
        players.add_row(f"{player} ({scenario.titles[player]})", actions)
    screen.print(players)
    if not isinstance(scenario.game_model, PayoffModel):
        kind = scenario.game_model.kind
        counted = new_table("heading", "outcomes", title=f"What is counted: {kind.summary}")
        for heading, outcomes in zip(scenario.labels.players, scenario.labels.actions, strict=True):
            counted.add_row(heading, ", ".join(outcomes))
        screen.print(counted)
        measured = new_table("measure", "meaning", "unit", title="What is measured")
        for measure in scenario.game_model.labels.measures:
            measured.add_row(measure.name, measure.meaning, measure.unit)
        screen.print(measured)
    settings = new_table("setting", "date", "what happened", "role", title="Dated settings")
    for setting in scenario.dated:
        history = "\n".join(f"{'/'.join(coding.outcome)} ({coding.name})" for coding in setting.codings)
        settings.add_row(setting.name, str(setting.date), history, setting.role)
    screen.print(settings)
    word = "payoff terms" if isinstance(scenario.game_model, PayoffModel) else "terms"
    screen.print(f"{len(scenario.space)} parameters, {len(scenario.terms)} {word}. {scenario.caution}")


def _parameters(scenario: Scenario, setting: str | None) -> Table:
    rows = new_table(
        "parameter", "symbol", "low", "mode", "high", "unit", "meaning", "sources", title="Parameters"
    )
    for name, row in scenario.parameter_table(setting).iterrows():
        numbers = (f"{row[key]:g}" for key in ("low", "mode", "high"))
        rows.add_row(str(name), row["symbol"], *numbers, row["unit"], row["meaning"], row["sources"])
    return rows


def _terms(scenario: Scenario, _: str | None) -> Table:
    rows = new_table("term", "to", "amount", "why", "sources", title="Terms")
    for player, term in scenario.terms:
        rows.add_row(term.name, player, str(term).replace("[", r"\["), term.why, " ".join(term.sources))
    return rows


def _evidence(scenario: Scenario, _: str | None) -> Table:
    rows = new_table("id", "statement", "quality", "links", title="Evidence")
    for item in scenario.evidence.values():
        statement = " ".join(filter(None, (item.statement, item.note)))
        rows.add_row(item.id, statement, item.quality, "\n".join(item.links))
    return rows


def _chronology(scenario: Scenario, _: str | None) -> Table:
    rows = new_table("date", "event", "actors", "certainty", title="Chronology")
    for event in scenario.chronology:
        rows.add_row(event.date, event.event, ", ".join(event.actors), event.certainty)
    return rows


_TABLES = {
    Part.PARAMETERS: _parameters,
    Part.TERMS: _terms,
    Part.EVIDENCE: _evidence,
    Part.CHRONOLOGY: _chronology,
}
