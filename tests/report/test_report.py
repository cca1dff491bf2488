"""The report: its tables say what the solvers say, its files can be opened."""

import csv
import datetime
import json
import xml.etree.ElementTree as ET
from dataclasses import replace

import pandas as pd
import pytest

import bargain as bg
from bargain.report.answers import answers
from bargain.report.report import write_report

DRAWS = 4000


def test_the_modal_table_shows_every_order_and_every_coding(found):
    assert list(found.modal.columns) == ["happened", "simultaneous", "USA first", "JPN, USA, ROK"]
    for setting, row in found.modal.iterrows():
        codings = row["happened"].split("; ")
        assert len(codings) == (2 if setting == "2020-08 default" else 1)
        assert set(row.iloc[1:]) == {codings[0]}


def test_shares_are_those_of_a_sweep(scenario, found):
    sweep = bg.run(scenario.task("2019-11 deadline", draws=DRAWS, seed=7)).shares()
    row = found.history.set_index("setting").loc["2019-11 deadline"]
    assert row["share"] == sweep.loc[("suspend", "relax", "press"), "share"]
    assert row["low"] < row["share"] < row["high"]


def test_both_codings_of_2020_are_reported(found):
    both = found.history.query("setting == '2020-08 default'")
    assert both["outcome"].tolist() == ["renew/maintain/abstain", "suspend/maintain/abstain"]
    assert both["share"].iloc[0] > 0.7
    assert 0.05 < both["share"].iloc[1] < 0.1


def test_interventions_hold_the_usa_both_ways(found):
    table = found.interventions.set_index(["setting", "held"])
    assert len(table) == 10
    november = table.loc[("2019-11 deadline", "USA: abstain")]
    assert november["modal"] == "terminate/maintain"
    assert november["most frequent"] == "terminate/maintain"
    assert november["difference"] == pytest.approx(november["after"] - november["before"])
    assert november["low"] < november["difference"] < november["high"] < 0


def test_every_file_can_be_opened(report):
    files = report.files
    names = {file.name for file in files}
    assert {"equilibria.csv", "history.csv", "interventions.csv", "shares.csv"} <= names
    assert {"outcome-shares.png", "outcome-shares.svg", "timeline.png"} <= names
    assert sum(name.startswith("payoffs-") for name in names) == 2
    assert sum(name.startswith("regimes-") for name in names) == 2
    assert {
        "report.html",
        "thresholds.csv",
        "sobol.csv",
        "regional.csv",
        "levers.csv",
        "reasons.csv",
        "runs.csv",
    } <= names
    for file in files:
        if file.suffix == ".csv":
            with file.open(encoding="utf-8") as stream:
                assert len(list(csv.reader(stream))) > 1
        elif file.suffix == ".json":
            record = json.loads(file.read_text(encoding="utf-8"))["2020-08 default"]
            assert (record["seed"], record["draws"], record["design"]) == (7, DRAWS, "monte_carlo")
            assert record["versions"].startswith(f"bargain {bg.__version__}, python")
        elif file.suffix == ".svg":
            assert ET.parse(file).getroot().tag.endswith("svg")  # noqa: S314 - written a moment ago
        elif file.suffix == ".html":
            assert file == files[0]
        else:
            assert file.read_bytes().startswith(b"\x89PNG")


def test_shares_in_the_file_add_to_one(report):
    path = next(file for file in report.files if file.name == "shares.csv")
    table = pd.read_csv(path, keep_default_na=False)
    assert table.groupby("setting")["share"].sum().to_numpy() == pytest.approx([1.0])


def test_a_scenario_without_history_or_focus_is_reported_too(scenario, tmp_path):
    """A forecast: nothing has happened yet, no intervention is asked for."""
    future = replace(
        scenario.dated[0], name="2030", date=datetime.date(2030, 8, 24), codings=(), role="forecast"
    )
    bare = replace(scenario, dated=(future,), focus=type(scenario.focus)(), orders={})
    found = answers(bare, draws=500)
    assert found.history.empty
    assert found.interventions.empty
    names = {file.name for file in write_report(bare, found, tmp_path)}
    assert "outcome-shares.png" in names
    assert "history.csv" not in names
