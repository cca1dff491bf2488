"""Reports on scenarios that are no payoff tables."""

import csv
import xml.etree.ElementTree as ET

import pytest

import bargain as bg
from bargain.report.kind_answers import kind_answers
from bargain.report.kind_sections.catalogue import KIND_SECTIONS
from bargain.report.report import write_report
from bargain.report.section import Table

DRAWS = 400


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia-threat")


@pytest.fixture(scope="module")
def found(scenario):
    return kind_answers(scenario, draws=DRAWS, seed=7, workers=1)


@pytest.fixture(scope="module")
def files(scenario, found, tmp_path_factory):
    return write_report(scenario, found, tmp_path_factory.mktemp("report"))


def test_what_happened_is_told_by_the_measure_of_its_name(scenario, found):
    assert found.history["setting"].tolist().count("2019-11 deadline") == 2
    sweep = bg.run(scenario.task("2019-11 deadline", draws=DRAWS, seed=7))
    row = found.history.query("outcome == 'conceded'").iloc[0]
    assert row["told by"] == "mean probability"
    assert row["value"] == sweep.measures().loc["conceded", "mean"]
    assert row["low"] < row["value"] < row["high"]


def test_the_equilibrium_at_the_modal_values_is_told(found):
    assert found.modal.loc["2019-11 deadline", "equilibrium"] == "press/pooling on threat"
    assert found.modal.loc["2019-08 notice", "threat"] == "0.6"
    assert found.modal.loc["2018-08 routine", "status"].startswith("DEGENERATE")


def test_interventions_change_measures_as_held_sweeps_do(scenario, found):
    held = bg.run(scenario.task("2019-11 deadline", draws=DRAWS, seed=7, fix={"USA": "abstain"})).measures()
    rows = found.interventions.query("setting == '2019-11 deadline' and held == 'USA: abstain'")
    means = rows.set_index("measure")
    for measure in held.index:
        assert means.loc[measure, "mean after"] == held.loc[measure, "mean"]
        assert means.loc[measure, "mean before"] == found.measures["2019-11 deadline"].loc[measure, "mean"]


def test_the_page_has_what_the_scenario_offers_and_its_links_lead_somewhere(files, scenario):
    text = files[0].read_text(encoding="utf-8")
    for address in (
        "question",
        "model",
        "parameters",
        "hindcast",
        "shares",
        "measures",
        "interventions",
        "chronology",
        "evidence",
        "references",
    ):
        assert f'id="{address}"' in text
        assert f'href="#{address}"' in text
    assert scenario.question[:40] in text
    assert "pooling on threat" in text
    assert "trying every plan" in text  # who audited
    assert text.count("<svg") >= 3
    assert "Cho" in text  # the criterion D1
    # What only payoff tables have is not promised.
    assert 'id="thresholds"' not in text


def test_every_file_can_be_opened(files):
    names = {file.name for file in files}
    assert {"equilibria.csv", "history.csv", "interventions.csv", "shares.csv", "measures.csv"} <= names
    assert {"outcome-shares.png", "outcome-shares.svg", "measures-probability.png"} <= names
    for file in files:
        if file.suffix == ".csv":
            with file.open(encoding="utf-8") as stream:
                assert len(list(csv.reader(stream))) > 1
        elif file.suffix == ".svg":
            assert ET.parse(file).getroot().tag.endswith("svg")  # noqa: S314 - written a moment ago


@pytest.mark.parametrize("name", ["gsomia-crisis", "gsomia-deadline"])
def test_other_kinds_have_their_sections_too(name):
    other = bg.load_scenario(name)
    told = kind_answers(other, draws=120, workers=1)
    made = {section.name: section for one in KIND_SECTIONS if (section := one(other, told)) is not None}
    assert {"question", "model", "hindcast", "shares", "measures", "limits", "provenance"} <= set(made)
    measured = [block for block in made["measures"].blocks if isinstance(block, Table)]
    assert len(measured[0].rows) == len(other.labels.measures)
    assert set(made["hindcast"].tables["history"]["setting"]) == set(other.settings)


def test_kinds_that_take_long_make_fewer_draws():
    crisis = bg.load_scenario("gsomia-crisis").game_model.kind
    assert crisis.report_draws < bg.load_scenario("gsomia-threat").game_model.kind.report_draws


def test_two_workers_say_what_one_says(scenario, found):
    two = kind_answers(scenario, draws=DRAWS, seed=7, workers=2)
    assert two.interventions.equals(found.interventions)
    assert list(two.shares) == list(found.shares) == list(scenario.settings)
    for name in scenario.settings:
        assert two.shares[name].equals(found.shares[name])
        assert two.levers[name].equals(found.levers[name])
