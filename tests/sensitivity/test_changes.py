"""The smallest change is verified by solving, agrees with thresholds, and no grid finds a nearer point."""

import itertools
import math

import numpy as np
import pytest

import bargain as bg
from bargain.sensitivity.changes import smallest_change
from bargain.sensitivity.minimal_sets import minimal_sets
from bargain.sensitivity.thresholds import thresholds
from reference.bisection import stable
from reference.random_models import RandomModel


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


def test_of_one_parameter_it_is_the_nearest_threshold(scenario):
    for setting in scenario.settings[1:]:
        present = bg.solve(scenario.game(setting), bg.PureNash()).profiles()
        [outcome] = ["/".join(action for played in p.values() for action in played) for p in present]
        table = thresholds(scenario, setting)
        lost = table[~table["after"].str.contains(outcome, regex=False)]
        for name, rows in lost.groupby("parameter"):
            change = smallest_change(scenario, setting, parameters=[name])
            assert change.verified
            assert change.distance == pytest.approx(rows["margin"].abs().min(), abs=1e-6)
            assert change.values[name] == pytest.approx(change.now[name] + rows["margin"].abs().min()
                * np.sign(change.moves[name]) * np.ptp(scenario.range(setting, name)), abs=1e-6)  # fmt: skip


def test_two_parameters_share_the_way_along_the_normal(scenario):
    """``0.25 G_U >= k_U`` is affine: the foot of the perpendicular, in units of the ranges."""
    setting, names = "2019-11 deadline", ("pact_value_usa", "pressing_cost")
    change = smallest_change(scenario, setting, parameters=names)
    widths = np.array([np.ptp(scenario.range(setting, name)) for name in names])
    normal = np.array([0.25, -1.0]) * widths
    now = np.array([scenario.space_at(setting)[name].mode for name in names])
    foot = -(0.25 * now[0] - now[1]) * normal / (normal @ normal)
    assert [change.moves[name] for name in names] == pytest.approx(foot, abs=1e-6)
    assert change.distance == pytest.approx(np.linalg.norm(foot), abs=1e-7)
    assert [condition.text for condition in change.binding] == ["0.25 G_U >= k_U"]
    assert not change.becomes
    assert change.outcome == ("suspend", "relax", "press")
    assert change.prediction == "terminate/maintain/abstain"


def test_no_point_of_a_grid_is_nearer_in_random_models():
    rng = np.random.default_rng(77)
    found = 0
    for _ in range(12):
        random = RandomModel(rng, shape=(3, 2), parameters=2)
        ranges = np.array([random.space[name].range() for name in random.space.names])
        now = random.space.mode()[:, 0]
        grid = np.array(list(itertools.product(*(np.linspace(low, high, 81) for low, high in ranges)))).T
        distance = np.linalg.norm((grid - now[:, None]) / np.ptp(ranges, axis=1)[:, None], axis=0)
        there = stable(random.model.evaluate(grid))
        present = stable(random.model.evaluate(now[:, None]))[:, 0]
        for number, outcome in enumerate(random.model.labels.outcomes):
            change = smallest_change(random, "now", wanted=outcome)
            nearest = distance[there[number]].min(initial=math.inf)
            assert change.distance <= nearest + 1e-6
            assert change.verified == change.found
            assert change.verified or (not there[number].any() and not change.values)
            found += change.found and change.distance > 0
            assert all(low <= change.values[name] <= high for name, (low, high) in zip(
                random.space.names, ranges.tolist(), strict=True) if name in change.values)  # fmt: skip
        if present.any():
            change = smallest_change(random, "now")
            nearest = distance[~there[present].all(axis=0)].min(initial=math.inf)
            assert change.distance <= nearest + 1e-6
            assert change.verified == change.found
    assert found > 10


def test_a_wanted_outcome(scenario):
    change = smallest_change(scenario, "2019-08 notice", wanted=("suspend", "relax", "press"))
    assert change.becomes
    assert change.verified
    game = scenario.game("2019-08 notice", values=change.values)
    assert {"ROK": {"suspend": 1.0}, "JPN": {"relax": 1.0}, "USA": {"press": 1.0}} in bg.solve(
        game, bg.PureNash()
    ).profiles()
    assert {condition.player for condition in change.binding} == {"JPN", "USA"}
    # Nearer than both minimal sets of dated parameters, which reach the outcome too.
    space = scenario.space_at("2019-08 notice")
    for names in minimal_sets(scenario, "2019-08 notice", "2019-11 deadline"):
        moves = [
            (scenario.space_at("2019-11 deadline")[name].mode - space[name].mode)
            / np.ptp(space[name].range())
            for name in names
        ]
        assert change.distance < np.linalg.norm(moves)


def test_what_is_an_equilibrium_already_needs_no_change(scenario):
    change = smallest_change(scenario, "2019-11 deadline", wanted=("suspend", "relax", "press"))
    assert (change.distance, change.values, change.binding) == (0, {}, ())
    assert change.verified


def test_what_is_impossible_is_told_with_the_condition_that_forbids_it(scenario):
    change = smallest_change(scenario, "2019-11 deadline", wanted=("renew", "maintain", "abstain"))
    assert not change.found
    assert not change.verified
    assert change.distance == math.inf
    assert change.to_frame().empty
    assert [c.text for c in change.binding] == ["x_K >= 0.2 a_K + 0.4 b_K + L q"]
    assert "never within the ranges: ROK renew rather than suspend" in str(change)


def test_words_and_table(scenario):
    change = smallest_change(scenario, "2019-11 deadline")
    assert (
        str(change)
        .splitlines()[0]
        .startswith("suspend/relax/press ceases to be an equilibrium (2019-11 deadline), 0.3")
    )
    frame = change.to_frame()
    assert frame.index.name == "parameter"
    assert frame["move"].abs().is_monotonic_decreasing
    assert np.linalg.norm(frame["move"]) == pytest.approx(change.distance)


def test_a_tie_is_enough_to_begin_but_not_to_end():
    class Tie:
        name, settings = "tie", ("now",)
        model = bg.PayoffModel.of({"A": ("stay", "go")}, {"A": bg.When(A="go") * bg.Value("t")})

        def space_at(self, _):
            return bg.Space([bg.Parameter("t", bg.Triangular(-1, 0, 1))])

    assert smallest_change(Tie(), "now", wanted=["go"]).distance == 0
    change = smallest_change(Tie(), "now")
    assert change.verified
    assert change.distance == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"setting": "2019-11"}, bg.errors.UnknownNameError, "2019-11 deadline"),
        ({"wanted": ("renew", "maintain")}, bg.errors.InvalidArgumentError, "one action for each"),
        ({"wanted": ("renew", "maintain", "pres")}, bg.errors.UnknownNameError, "press"),
        ({"parameters": ["presing_cost"]}, bg.errors.UnknownNameError, "did you mean 'pressing_cost'"),
        ({"parameters": "pressing_cost"}, bg.errors.InvalidArgumentError, "a list of names"),
        ({"parameters": []}, bg.errors.InvalidArgumentError, "nothing can move"),
        ({"values": {"agenda_cost": 0.6}, "setting": "2020-08 default"}, bg.errors.InvalidArgumentError, "no pure"),
    ],
)  # fmt: skip
def test_bad_arguments_are_named(scenario, change, error, said):
    arguments = {"setting": "2019-11 deadline", **change}
    with pytest.raises(error, match=said):
        smallest_change(scenario, arguments.pop("setting"), **arguments)
