"""Regional sensitivity: known distances, honest p-values, the same from a task and from kept draws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError
from bargain.sensitivity.regional import _holm, regional_sensitivity

SETTING = "2019-11 deadline"


def threshold_task(draws=4000, **options):
    """The pact ends where credit exceeds a half; two parameters tell nothing."""
    model = bg.PayoffModel.of(
        {"ROK": ("renew", "end")},
        {"ROK": bg.When(ROK="end") * (bg.Value("credit") - 0.5) + bg.Value("idle") + bg.Value("still")},
        parameters=["idle", "credit", "still"],
    )
    space = bg.Space(
        (
            bg.Parameter("idle", bg.Normal(0, 1)),
            bg.Parameter("credit", bg.Uniform(0, 1)),
            bg.Parameter("still", bg.Fixed(2)),
        )
    )
    return bg.Task(model, space, draws=draws, **options)


def test_the_parameter_that_decides_is_apart_by_one():
    table = regional_sensitivity(threshold_task(seed=3), {"ROK": "end"})
    assert table.index.tolist() == ["credit", "idle", "still"]
    assert table.loc["credit", "distance"] == 1
    assert table.loc["credit", "p_value"] < 1e-10
    assert table.loc["credit", "with_05"] == pytest.approx(0.525, abs=0.01)
    assert table.loc["credit", "without_95"] == pytest.approx(0.475, abs=0.01)
    assert table.loc["still", ["distance", "p_value", "with_50"]].tolist() == [0, 1, 2]
    assert table.attrs["happened"] + table.attrs["not_happened"] == 4000
    assert table.attrs["unanswered"] == {}


def test_false_alarms_are_as_rare_as_the_p_value_says():
    p_values = [
        regional_sensitivity(threshold_task(500, seed=seed), {"ROK": "end"}).loc["idle", "p_value"]
        for seed in range(100)
    ]
    # Of 100, 5 are expected below 0.05; more than 13 have a probability of 5e-4. Holm's factor is 1 here,
    # as the other p-value is the smaller one.
    assert sum(p < 0.05 for p in p_values) <= 13
    assert sum(p < 0.5 for p in p_values) >= 30, "p-values of no effect are spread evenly, not all near 1"


def test_distances_are_those_of_the_two_groups():
    scenario = bg.load_scenario("gsomia")
    task = scenario.task(SETTING, draws=3000, seed=2)
    table = regional_sensitivity(task, {"ROK": "terminate"})
    values = scenario.model.parameters.index("pressing_cost")
    solution = bg.solve(scenario.model.game(task.values(0)), bg.PureNash())
    actions = [set() for _ in range(3000)]
    for draw, action in zip(solution.draw, solution.strategies[0].argmax(axis=0), strict=True):
        actions[draw].add(scenario.labels.actions[0][action])
    cost = task.values(0)[values]
    first = [x for x, found in zip(cost, actions, strict=True) if found == {"terminate"}]
    second = [x for x, found in zip(cost, actions, strict=True) if found and "terminate" not in found]
    both = np.sort([*first, *second])
    gap = np.abs(
        np.searchsorted(np.sort(first), both, "right") / len(first)
        - np.searchsorted(np.sort(second), both, "right") / len(second)
    ).max()
    assert table.loc["pressing_cost", "distance"] == pytest.approx(gap, abs=1e-12)
    assert (table.attrs["happened"], table.attrs["not_happened"]) == (len(first), len(second))
    assert sum(table.attrs["unanswered"].values()) == 3000 - len(first) - len(second) > 0


def test_kept_draws_of_a_sweep_say_the_same():
    scenario = bg.load_scenario("gsomia")
    task = scenario.task(SETTING, draws=2000, seed=2)
    kept = scenario.task(
        SETTING, draws=2000, seed=2, reducers=[bg.KeptDraws(every=50), bg.KeptDraws(every=1)]
    )
    fresh, swept = (regional_sensitivity(source, {"ROK": "terminate"}) for source in (task, bg.run(kept)))
    assert fresh.equals(swept)
    assert fresh.attrs == swept.attrs


def test_sources_that_cannot_tell_are_refused():
    with pytest.raises(InvalidArgumentError, match="kept no draws"):
        regional_sensitivity(bg.run(threshold_task(100)), {"ROK": "end"})
    with pytest.raises(InvalidArgumentError, match="a Task or a Sweep was expected"):
        regional_sensitivity([1, 2], {"ROK": "end"})
    always = threshold_task(100)
    always = bg.Task(always.model, always.space.replace({"credit": 1.0}), draws=100)
    with pytest.raises(InvalidArgumentError, match="ROK end always happens in 100 draws"):
        regional_sensitivity(always, {"ROK": "end"})
    with pytest.raises(InvalidArgumentError, match="ROK renew never happens"):
        regional_sensitivity(always, {"ROK": "renew"})


def test_no_answer_at_all_is_refused():
    game = bg.When(ROK="a", JPN="a") + bg.When(ROK="b", JPN="b")
    model = bg.PayoffModel.of(
        {"ROK": ("a", "b"), "JPN": ("a", "b")}, {"ROK": game, "JPN": game}, parameters=["x"]
    )
    task = bg.Task(model, bg.Space((bg.Parameter("x", bg.Uniform(0, 1)),)), draws=50)
    with pytest.raises(InvalidArgumentError, match="no draw has an answer to: ROK a"):
        regional_sensitivity(task, {"ROK": "a"})


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_is_at_least_the_value_itself_and_at_most_bonferroni(given):
    p = np.array(given)
    corrected = _holm(p)
    assert (corrected >= p).all()
    assert (corrected <= np.minimum(p * p.size, 1)).all()
    assert np.array_equal(np.sort(corrected), corrected[np.argsort(p)])


def test_holm_by_hand():
    assert _holm(np.array([0.01, 0.04, 0.03])) == pytest.approx([0.03, 0.06, 0.06])
