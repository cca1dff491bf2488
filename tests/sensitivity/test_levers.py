"""Levers equal two sweeps each, on the same draws."""

import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError, InvalidParameterError, UnknownNameError
from bargain.sensitivity.levers import levers

SETTING, ENDS = "2019-11 deadline", {"ROK": "terminate"}


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


@pytest.fixture(scope="module")
def table(scenario):
    return levers(scenario, SETTING, ENDS, draws=10_000, seed=5)


def test_every_lever_equals_comparing_two_tasks(scenario, table):
    outcome = ("suspend", "relax", "press")
    single = levers(scenario, SETTING, outcome, draws=3000, seed=5)
    before = scenario.task(SETTING, draws=3000, seed=5)
    for name, row in single.iloc[::4].iterrows():
        change = (
            {"fix": {row["name"]: row["held"]}}
            if row["kind"] == "player"
            else {"values": {row["name"]: row["held"]}}
        )
        effect = bg.compare(before, scenario.task(SETTING, draws=3000, seed=5, **change)).loc[outcome]
        columns = ["before", "after", "difference", "low", "high"]
        assert row[columns].tolist() == pytest.approx(effect[columns].tolist()), name


def test_every_lever_is_there_once_and_ranked(scenario, table):
    assert table.index.is_unique
    assert table["difference"].abs().is_monotonic_decreasing
    players = set(table.index[table["kind"] == "player"])
    # Holding South Korea would settle the question by itself.
    assert players == {"JPN: maintain", "JPN: relax", "USA: abstain", "USA: press"}
    assert len(table) == 4 + 2 * len(scenario.parameters)
    for name in ("pressing_cost", "audience_credit"):
        held = sorted(table.loc[table["name"] == name, "held"])
        assert held == pytest.approx(list(scenario.range(SETTING, name)))


def test_irrelevant_parameters_make_no_difference_but_keep_an_interval(table):
    rows = table[table["name"] == "export_control_cost_rok"]
    assert (rows["difference"] == 0).all()
    assert (rows["low"] < 0).all()
    assert (rows["high"] > 0).all()


def test_pressing_is_what_matters(table):
    assert table.index[0] in {"USA: abstain", "pressing_cost = 2.2"}
    assert table.loc["USA: abstain", "difference"] > 0.4
    assert table.loc["USA: press", "difference"] < -0.1
    assert table.attrs["before"] == table["before"].iloc[0]
    assert 0 < table.attrs["unanswered"] < 0.02


def test_stated_values_stand_in_place_of_the_range(scenario):
    found = levers(scenario, SETTING, ENDS, values={"pressing_cost": [0.8, 1.5, 3.0]}, draws=500)
    assert sorted(found.loc[found["name"] == "pressing_cost", "held"]) == [0.8, 1.5, 3.0]
    with pytest.raises(UnknownNameError, match="did you mean 'pressing_cost'"):
        levers(scenario, SETTING, ENDS, values={"presing_cost": [1]}, draws=500)
    with pytest.raises(InvalidParameterError, match="a finite number"):
        levers(scenario, SETTING, ENDS, values={"pressing_cost": [float("nan")]}, draws=500)


def test_other_solvers_are_asked_too(scenario):
    order = bg.SubgamePerfect([["USA"], ["ROK", "JPN"]])
    found = levers(scenario, SETTING, ENDS, draws=300, seed=1, solver=order, values={"pressing_cost": [2.2]})
    before = scenario.task(SETTING, draws=300, seed=1, solver=order)
    effect = bg.compare(
        before,
        scenario.task(SETTING, draws=300, seed=1, solver=order, fix={"USA": "abstain"}),
        players=["ROK"],
    ).loc[("terminate",)]
    assert found.loc["USA: abstain", "difference"] == pytest.approx(float(effect["difference"]), abs=0.01)


def test_mistakes_are_named(scenario):
    with pytest.raises(UnknownNameError, match="unknown setting"):
        levers(scenario, "2019-12", ENDS)
    with pytest.raises(InvalidArgumentError, match="level"):
        levers(scenario, SETTING, ENDS, level=95)
    with pytest.raises(InvalidArgumentError, match="draws"):
        levers(scenario, SETTING, ENDS, draws=0)


def test_levers_solved_together_are_as_those_solved_alone():
    crisis = bg.load_scenario("gsomia-crisis")
    wanted = crisis.labels.outcomes[0]
    together = levers(crisis, SETTING, wanted, draws=60, seed=2)
    names = crisis.space_at(SETTING).names
    for name in together["name"].unique()[:3]:
        ends = sorted(together.loc[together["name"] == name, "held"])
        alone = levers(
            crisis, SETTING, wanted, draws=60, seed=2, values={other: [] for other in names if other != name}
        )
        rows = alone[alone["name"] == name].sort_values("held")
        assert rows["held"].tolist() == ends
        expected = together[together["name"] == name].sort_values("held")
        assert (
            rows[["after", "low", "high"]].to_numpy().tolist()
            == expected[["after", "low", "high"]].to_numpy().tolist()
        )
