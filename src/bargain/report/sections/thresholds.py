"""The thresholds: by how much a single parameter, or several together, must move for another outcome."""

from __future__ import annotations

import itertools

import pandas as pd
from markupsafe import Markup

from bargain.errors import InvalidArgumentError
from bargain.plots.regime_map import regime_map
from bargain.plots.tornado import tornado
from bargain.report.answers import Answers
from bargain.report.asked import asked
from bargain.report.figures import number
from bargain.report.mathml import mathml
from bargain.report.section import Block, Heading, Listing, Paragraph, Picture, Section, Table
from bargain.report.sections.model import slug
from bargain.report.words import outcome, parameter, prediction
from bargain.scenarios.scenario import Scenario
from bargain.sensitivity.changes import smallest_change
from bargain.sensitivity.conditions import conditions
from bargain.sensitivity.minimal_sets import minimal_sets
from bargain.sensitivity.regions import regions
from bargain.sensitivity.thresholds import thresholds as exact_thresholds

__all__ = ["thresholds"]

_SETS = 6  # minimal sets that are told


def thresholds(scenario: Scenario, found: Answers) -> Section | None:
    """Show where the prediction flips.

    Parameters
    ----------
    scenario : Scenario
    found : Answers

    Returns
    -------
    Section, or None
        None if nothing is uncertain.
    """
    tables = {name: exact_thresholds(scenario, name) for name in scenario.settings}
    if not any(
        low < high for name in scenario.settings for low, high in scenario.space_at(name).ranges().values()
    ):
        return None
    blocks: list[Block] = [
        Paragraph(
            "Every payoff is affine in each single parameter, so the values at which the pure equilibria"
            " change are roots, not points of a grid. All other parameters stay at their modal values."
        ),
        _table(scenario, tables),
    ]
    blocks += [_tornado(name, table) for name, table in tables.items() if not table.empty]
    for setting, x, y in scenario.focus.maps:
        blocks.append(_map(scenario, setting, x, y))
    blocks += [Heading("Conditions in symbols"), *_conditions(scenario, found)]
    blocks += [Heading("The smallest change of several parameters"), *_changes(scenario)]
    blocks += _sets(scenario)
    full = pd.concat(tables, names=["setting", "row"]).reset_index("setting")
    return Section("thresholds", "What would have to change: exact thresholds", blocks, {"thresholds": full})


def _table(scenario: Scenario, tables: dict[str, pd.DataFrame]) -> Table:
    rows: list[list[str | Markup]] = []
    for name, table in tables.items():
        first = True
        for row in table.iloc[table["margin"].abs().argsort(kind="stable")].to_dict("records"):
            way = f"{row['margin']:+.2f}".replace("-", "\N{MINUS SIGN}")
            rows.append(
                [
                    name if first else "",
                    parameter(scenario, row["parameter"]),
                    number(row["now"]),
                    number(row["value"]),
                    way,
                    prediction(row["before"]),
                    prediction(row["after"]),
                    row["player"],
                ]
            )
            first = False
        if first:
            rows.append([name, "none within any range", *[""] * 6])
    head = [
        "Setting",
        "Parameter",
        "Now",
        "Flips at",
        "Way to go",
        "Until there",
        "Beyond",
        "Whose reply flips",
    ]
    note = (
        "The way to go is measured in units of the parameter's range at the setting; the nearest stand first."
    )
    return Table("Thresholds of single parameters", head, rows, note)


def _tornado(name: str, table: pd.DataFrame) -> Picture:
    nearest = table.iloc[int(table["margin"].abs().argmin())]
    return Picture(
        f"thresholds-{slug(name)}",
        lambda: tornado(table),
        f"Thresholds at {name}: the range of each parameter that alone changes the outcome, coloured by what"
        f" is predicted along it. The nearest is {nearest['parameter']} at {number(nearest['value'])}; the"
        " table above has all of them.",
    )


def _map(scenario: Scenario, setting: str, x: str, y: str) -> Picture:
    return Picture(
        f"regimes-{slug(setting)}-{slug(x)}-{slug(y)}",
        lambda: regime_map(regions(scenario, setting, x=x, y=y)),
        f"Regime map of {setting}: which outcome is predicted over {x} and {y}, with exact boundaries and"
        " every setting as a point.",
    )


def _conditions(scenario: Scenario, found: Answers) -> list[Block]:
    blocks: list[Block] = []
    wanted = {name: asked(scenario, found, name) for name in scenario.settings}
    for reached in dict.fromkeys(wanted.values()):
        settings = [name for name, other in wanted.items() if other == reached]
        rows = []
        for condition in conditions(scenario.model, reached):
            margins = [
                number(float(condition.margin(scenario.space_at(name).mode())[0])) for name in settings
            ]
            who = f"{condition.player} {condition.action} rather than {condition.instead}"
            rows.append([who, mathml(condition.latex), *margins])
        head = ["Reply", "Holds where", *(f"Margin, {name}" for name in settings)]
        blocks.append(Table(f"{'/'.join(reached)} is an equilibrium where all of these hold", head, rows))
    blocks.append(
        Paragraph(
            "A margin is in payoff units, at the modal values; where it is negative, the condition fails."
        )
    )
    return blocks


def _changes(scenario: Scenario) -> list[Block]:
    items: list[Markup] = []
    for name in scenario.settings:
        try:
            change = smallest_change(scenario, name)
        except InvalidArgumentError:  # no pure equilibrium that could end, or nothing that could move
            continue
        if not change.found:
            told = Markup("no change within the ranges ends it.")
        else:
            moves = (
                Markup("{} from {} to {}").format(
                    parameter(scenario, str(key)), number(row["now"]), number(row["value"])
                )
                for key, row in change.to_frame().iterrows()
            )
            told = Markup("ceases to be an equilibrium {} of the ranges away: {}; then {}.").format(
                number(change.distance, digits=2), Markup(", ").join(moves), prediction(change.prediction)
            )
        items.append(Markup("<strong>{}</strong>: {} {}").format(name, outcome(change.outcome), told))
    if not items:
        return [Paragraph("There is no pure equilibrium at the modal values that could end.")]
    note = "Distance is the length of the vector of moves, each in units of its parameter's range."
    return [Listing(items), Paragraph(note)]


def _sets(scenario: Scenario) -> list[Block]:
    items: list[Markup] = []
    for start, end in itertools.pairwise(scenario.settings):
        try:
            sets = minimal_sets(scenario, start, end)
        except InvalidArgumentError as error:  # too many parameters differ
            items.append(Markup("From {} to {}: {}").format(start, end, str(error)))
            continue
        if sets == ((),):
            told = Markup("nothing needs to change.")
        elif not sets:
            told = Markup("no set of them suffices.")
        else:
            shown = (
                Markup(" and ").join(parameter(scenario, name) for name in names) for names in sets[:_SETS]
            )
            more = f" (and {len(sets) - _SETS} more)" if len(sets) > _SETS else ""
            told = Markup("; or ").join(shown) + more
        items.append(Markup("From <strong>{}</strong> to <strong>{}</strong>: {}").format(start, end, told))
    if not items:
        return []
    text = (
        "Which parameters, moved from one setting's modal values to the next one's, alone turn the"
        " equilibrium of the first into that of the second; no part of a set would do."
    )
    return [Heading("What made the difference from one setting to the next"), Paragraph(text), Listing(items)]
