"""The reasons: which terms make each player act as it does in equilibrium."""

from __future__ import annotations

import math
from collections.abc import Hashable
from typing import Any

import pandas as pd
from markupsafe import Markup

from bargain.plots.waterfall import waterfall
from bargain.report.answers import Answers
from bargain.report.figures import proportion, spread
from bargain.report.section import Block, Heading, Paragraph, Picture, Section, Table
from bargain.report.sections.model import slug
from bargain.report.words import breakable, sources
from bargain.scenarios.scenario import Scenario
from bargain.sensitivity.decomposition import Decomposition, decompose

__all__ = ["reasons"]

_DRAWS = 4_096


def reasons(scenario: Scenario, found: Answers) -> Section | None:
    """Divide the gain of every player's action over its best alternative among the terms that make it.

    Parameters
    ----------
    scenario : Scenario
    found : Answers

    Returns
    -------
    Section, or None
        None where there is no pure equilibrium at any setting's modal values.
    """
    blocks: list[Block] = []
    parts = {}
    for name in scenario.settings:
        why = decompose(scenario, name, draws=min(found.draws, _DRAWS), seed=found.seed)
        if why.gains.empty:
            continue
        parts[name] = why
        for number, profile in enumerate(why.profiles, start=1):
            title = Markup("{}: {}").format(name, profile)
            blocks += [Heading(title), _picture(name, why, number), _table(scenario, why, number)]
    if not parts:
        return None
    text = (
        "At the modal values of each setting; in brackets the 5 % and 95 % quantiles over"
        f" {min(found.draws, _DRAWS):,} draws, with all players acting as in that equilibrium. “Holds” is the"
        " share of those draws in which the action is at least as good as this alternative, with its 95 %"
        " interval. A term with a plus speaks for the action, one with a minus against it; payoffs are in"
        " each player's own units."
    )
    tables = {
        "gains": pd.concat({name: why.gains for name, why in parts.items()}, names=["setting"]).reset_index(
            0
        ),
        "reasons": pd.concat({name: why.terms for name, why in parts.items()}, names=["setting"]).reset_index(
            0
        ),
    }
    return Section("reasons", "Why they act so", [Paragraph(text), *blocks], tables)


def _table(scenario: Scenario, why: Decomposition, equilibrium: int) -> Table:
    rows: list[list[str | Markup]] = []
    best = why.gains[why.gains["best"] & (why.gains["equilibrium"] == equilibrium)]
    decimals = _decimals(best)
    for gain in best.to_dict("records"):
        mine = why.terms[
            (why.terms["equilibrium"] == equilibrium)
            & (why.terms["player"] == gain["player"])
            & (why.terms["alternative"] == gain["alternative"])
        ]
        told = Markup("<strong>{} {} rather than {}</strong>").format(
            gain["player"], breakable(gain["action"]), gain["alternative"]
        )
        holds = f"holds in {proportion(gain['holds'], why.draws)}"
        rows.append([told, Markup("<strong>{}</strong>").format(_signed(gain, "gain", decimals)), holds, ""])
        rows += [
            [
                term["term"] or breakable(term["formula"]),
                _signed(term, "contribution", decimals),
                term["why"],
                sources(scenario, term["sources"]),
            ]
            for term in mine.to_dict("records")
        ]
    return Table(
        "Gain of the action over the best alternative, and its terms",
        ["Term", "Gain", "Why", "Evidence"],
        rows,
    )


def _picture(name: str, why: Decomposition, equilibrium: int) -> Picture:
    suffix = f"-{equilibrium}" if len(why.profiles) > 1 else ""
    return Picture(
        f"reasons-{slug(name)}{suffix}",
        lambda: waterfall(why, equilibrium=equilibrium),
        f"Waterfall of the payoff terms at {name}, {why.profiles[equilibrium - 1]}: for each player, the"
        " terms that make its action better or worse than its best alternative, one after the other; the"
        " table below has the numbers.",
    )


def _decimals(table: pd.DataFrame) -> int:
    """Return with how many decimals the largest gain has three digits."""
    largest = float(table[["gain", "low", "high"]].abs().to_numpy().max(initial=0.0))
    return max(0, 2 - math.floor(math.log10(largest))) if largest else 2


def _signed(row: dict[Hashable, Any], key: str, decimals: int) -> str:
    value, low, high = (float(row[name]) for name in (key, "low", "high"))
    return spread(value, low, high, decimals=decimals, signed=True)
