"""Sections one by one, without drawing anything."""

from dataclasses import replace

import pytest

import bargain as bg
from bargain.report.answers import answers
from bargain.report.asked import asked
from bargain.report.section import Listing, Table
from bargain.report.sections.catalogue import SECTIONS
from bargain.report.sections.hindcast import hindcast
from bargain.report.sections.reasons import reasons
from bargain.report.sections.sensitivity import sensitivity
from bargain.report.sections.thresholds import thresholds


def plain(cell):
    return str(getattr(cell, "striptags", lambda: cell)())


def tables(section):
    return [block for block in section.blocks if isinstance(block, Table)]


def test_names_of_sections_pictures_and_files_are_all_different(report):
    found = answers(report.scenario, draws=500, seed=7)
    sections = [made for section in SECTIONS if (made := section(report.scenario, found))]
    names = [section.name for section in sections]
    names += [picture.name for section in sections for picture in section.pictures]
    files = [name for section in sections for name in section.tables]
    assert len(set(names)) == len(names)
    assert len(set(files)) == len(files)
    for section in sections:
        for table in tables(section):
            assert {len(row) for row in table.rows} <= {len(table.head)}


def test_both_codings_are_shown_under_every_order(scenario, found):
    section = hindcast(scenario, found)
    rows = [row for row in tables(section)[1].rows if row[0] == "2020-08 default"]
    assert [row[1] for row in rows] == ["renewed by default", "suspension continued"]
    assert tables(section)[1].head[5:7] == list(scenario.orders)
    for row in rows:
        assert all(" to " in cell for cell in row[3:7])  # no share without its interval
    assert any("can be coded in 2 ways" in plain(getattr(block, "text", "")) for block in section.blocks)


def test_thresholds_and_what_made_the_difference(scenario, found):
    section = thresholds(scenario, found)
    rows = {(row[0], plain(row[1]).split()[0]): row for row in tables(section)[0].rows}
    assert plain(rows["2019-11 deadline", "pressing_cost"][6]) == "terminate/maintain/abstain"
    *_, sets = [block for block in section.blocks if isinstance(block, Listing)]
    told = [plain(item) for item in sets.items]
    assert len(told) == 4
    assert told[-1].startswith("From 2020-08 default to 2023-03 thaw: grievance_unresolved")
    assert set(section.tables["thresholds"]["setting"]) == {
        "2019-08 notice",
        "2019-11 deadline",
        "2020-08 default",
    }


def test_reasons_add_up_to_the_gain(scenario, found):
    section = reasons(scenario, found)
    keys = ["setting", "equilibrium", "player", "alternative"]
    gains = section.tables["gains"].set_index(keys)["gain"]
    sums = section.tables["reasons"].groupby(keys)["contribution"].sum()
    assert sums.to_numpy() == pytest.approx(gains.loc[sums.index].to_numpy())


def test_sobol_indices_are_left_out_where_parameters_depend_on_each_other(scenario, found):
    held = replace(
        scenario,
        dated=(scenario.setting("2019-11 deadline"),),
        space=bg.Space(scenario.parameters, bg.GaussianCopula({("pressing_cost", "pact_value_usa"): -0.5})),
    )
    section = sensitivity(held, found)
    assert "sobol" not in section.tables
    assert "regional" in section.tables
    assert not any(picture.name.startswith("sobol") for picture in section.pictures)


def test_nothing_is_explained_where_nothing_is_uncertain(scenario, found):
    sure = replace(scenario, dated=(scenario.setting("2018-08 routine"),))
    assert sensitivity(sure, found) is None


def test_it_is_asked_about_what_happened_or_else_about_what_is_predicted(scenario, found):
    assert asked(scenario, found, "2020-08 default") == ("renew", "maintain", "abstain")
    open_ended = replace(scenario, dated=tuple(replace(s, codings=()) for s in scenario.dated))
    assert asked(open_ended, found, "2019-11 deadline") == ("suspend", "relax", "press")
