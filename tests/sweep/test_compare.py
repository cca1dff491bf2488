"""Policy experiments on common random numbers."""

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError, UnknownNameError


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


def test_nothing_changed_means_no_difference(scenario):
    task = scenario.task("2019-11 deadline", draws=4000, seed=1)
    effect = bg.compare(task, task)
    assert (effect["difference"] == 0).all()
    assert (effect["low"] < 0).all(), "zero observed changes are no proof of none"
    assert (effect["high"] > 0).all()


def test_differences_are_those_of_the_two_sweeps(scenario):
    before = scenario.task("2019-11 deadline", draws=20_000, seed=1)
    after = scenario.task("2019-11 deadline", draws=20_000, seed=1, values={"pressing_cost": 2.0})
    effect = bg.compare(before, after)
    for task, column in ((before, "before"), (after, "after")):
        shares = bg.run(task).shares()["share"]
        assert effect[column].reindex(shares.index).to_numpy() == pytest.approx(shares.to_numpy())
    assert effect["before"].sum() == pytest.approx(1)
    assert effect["after"].sum() == pytest.approx(1)


def test_a_held_player_shrinks_the_game_but_keeps_the_draws(scenario):
    before = scenario.task("2019-11 deadline", draws=20_000, seed=1)
    after = scenario.task("2019-11 deadline", draws=20_000, seed=1, fix={"USA": "abstain"})
    effect = bg.compare(before, after)
    pressed = effect.index.get_level_values("USA") == "press"
    assert (effect.loc[pressed, "after"] == 0).all()
    # Where the game was already without pressure and unique, holding the USA changes nothing.
    assert effect.loc[("terminate", "maintain", "abstain"), "difference"] > 0


def test_outcomes_can_be_told_apart_by_some_players_only(scenario):
    before = scenario.task("2020-08 default", draws=20_000, seed=1)
    after = scenario.task("2020-08 default", draws=20_000, seed=1, fix={"USA": "press"})
    whole, part = bg.compare(before, after), bg.compare(before, after, players=["ROK", "JPN"])
    assert part.index.names == ["ROK", "JPN"]
    assert part.loc[("renew", "maintain"), "before"] == pytest.approx(
        whole["before"].xs("renew", level="ROK").xs("maintain", level="JPN").sum()
    )
    assert part.loc[("renew", "maintain"), "difference"] > 0


def test_the_paired_interval_covers_and_is_narrower():
    """A threshold that moves by a known amount changes a known share of draws."""
    model = bg.PayoffModel.of(
        {"ROK": ("renew", "end")},
        {"ROK": bg.When(ROK="end") * (bg.Value("credit") - bg.Value("cost"))},
    )
    space = bg.Space((bg.Parameter("credit", bg.Uniform(0, 1)), bg.Parameter("cost", bg.Fixed(0.5))))
    covered = 0
    for seed in range(40):
        before = bg.Task(model, space, draws=2000, seed=seed)
        after = bg.Task(model, space.replace({"cost": 0.45}), draws=2000, seed=seed)
        row = bg.compare(before, after).loc[("end",)]
        covered += row["low"] <= 0.05 <= row["high"]
        unpaired = np.sqrt(2 * 0.25 / 2000) * 1.96
        assert (row["high"] - row["low"]) / 2 < unpaired / 2
    assert covered >= 33  # 95 % of 40 is 38; fewer than 33 has a probability of 2e-3


@pytest.mark.parametrize(
    ("change", "expected"),
    [({"draws": 5}, "same draws"), ({"seed": 5}, "same seed"), ({"design": "sobol"}, "same design")],
)
def test_tasks_without_the_same_draws_are_refused(scenario, change, expected):
    usual = {"draws": 10, "seed": 0, "design": "monte_carlo"}
    with pytest.raises(InvalidArgumentError, match=expected):
        bg.compare(
            scenario.task("2019-11 deadline", **usual),
            scenario.task("2019-11 deadline", **{**usual, **change}),
        )


def test_an_unknown_player_is_named(scenario):
    task = scenario.task("2019-11 deadline", draws=10)
    with pytest.raises(UnknownNameError, match="did you mean 'JPN'"):
        bg.compare(task, task, players=["JAP"])


def test_the_table_says_where_it_came_from(scenario):
    before = scenario.task("2019-11 deadline", draws=4000, seed=1)
    after = scenario.task("2019-11 deadline", draws=4000, seed=1, fix={"USA": "abstain"})
    attributes = bg.compare(before, after).attrs
    assert (attributes["key_before"], attributes["key"]) == (before.key, after.key)
    assert (attributes["draws"], attributes["seed"], attributes["design"]) == (4000, 1, "monte_carlo")
    assert "numpy" in attributes["versions"]
