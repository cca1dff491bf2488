"""Two small reports: of the built-in scenario at one of its dates, and of a bare game of two players."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import bargain as bg
from bargain.report.answers import answers
from bargain.report.report import write_report

DRAWS = 4000

TWO_PLAYERS = """
schema_version = 1
name = "prices"
title = "Two shops & <their> prices"

[[players]]
name = "A"
actions = [{ name = "low" }, { name = "high" }]

[[players]]
name = "B"
actions = [{ name = "low" }, { name = "high" }]

[parameters.margin]
meaning = "What a high price earns if both ask it."
unit = "thousand"
distribution = { kind = "uniform", low = 1, high = 4 }

[[terms]]
name = "a1"
player = "A"
coefficient = 1
parameters = ["margin"]
when = { A = ["high"], B = ["high"] }
why = "<b>Both</b> ask a high price."

[[terms]]
name = "a2"
player = "A"
coefficient = 2
when = { A = ["low"] }
why = "A low price sells anyway."

[[terms]]
name = "b1"
player = "B"
coefficient = 1
parameters = ["margin"]
when = { A = ["high"], B = ["high"] }
why = "Both ask a high price."

[[terms]]
name = "b2"
player = "B"
coefficient = 1.5
when = { B = ["low"] }
why = "A low price sells anyway."

[[settings]]
name = "next year"
date = 2030-01-01
title = "Next year"
role = "forecast"
"""


@dataclass(frozen=True)
class Report:
    """A report as it was written."""

    scenario: bg.Scenario
    files: list[Path]

    @property
    def page(self):
        return self.files[0]

    @property
    def html(self):
        return self.page.read_text(encoding="utf-8")


def _written(scenario, folder):
    return Report(scenario, write_report(scenario, answers(scenario, draws=DRAWS, seed=7), folder))


@pytest.fixture(scope="package")
def scenario():
    return bg.load_scenario("gsomia")


@pytest.fixture(scope="package")
def found(scenario):
    return answers(scenario, draws=DRAWS, seed=7)


@pytest.fixture(scope="package")
def written():
    """Write a report of a scenario into a folder: ``written(scenario, folder)``."""
    return _written


@pytest.fixture(scope="package")
def report(tmp_path_factory):
    whole = bg.load_scenario("gsomia")
    chosen = (whole.setting("2020-08 default"),)
    events = tuple(event for event in whole.chronology if event.setting in {"", chosen[0].name})
    maps = (("2020-08 default", "agenda_cost", "audience_credit"),)
    scenario = replace(whole, dated=chosen, chronology=events, focus=replace(whole.focus, maps=maps))
    return _written(scenario, tmp_path_factory.mktemp("out") / "gsomia")


@pytest.fixture(scope="package")
def bare(tmp_path_factory):
    folder = tmp_path_factory.mktemp("out")
    path = folder / "prices.toml"
    path.write_text(TWO_PLAYERS, encoding="utf-8")
    return _written(bg.load_scenario(path), folder / "prices")
