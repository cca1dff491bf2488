"""Minimal sets suffice, no part of them does, and every sufficient set contains one."""

import itertools

import pytest

import bargain as bg
from bargain.sensitivity.minimal_sets import minimal_sets


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (
            "2019-08 notice",
            "2019-11 deadline",
            [{"pressing_cost", "us_displeasure"}, {"pressing_cost", "relaxation_depth"}],
        ),
        (
            "2019-11 deadline",
            "2020-08 default",
            [{"threat_credibility", "audience_credit", "back_down_cost", "agenda_cost"}],
        ),
        ("2020-08 default", "2023-03 thaw", [{"grievance_unresolved"}]),
    ],
)
def test_what_changed_the_outcome(scenario, start, end, expected):
    found = minimal_sets(scenario, start, end)
    assert sorted(map(sorted, found)) == sorted(map(sorted, expected))


def equilibria(scenario, start, values, solver):
    profiles = bg.solve(scenario.game(start, values=values), solver).profiles(digits=6)
    return sorted(map(str, profiles))


@pytest.mark.parametrize("solver", [bg.PureNash(), bg.SubgamePerfect([["USA"], ["ROK", "JPN"]])])
def test_all_subsets_in_the_plainest_way(scenario, solver):
    start, end = "2019-08 notice", "2019-11 deadline"
    names = ["us_displeasure", "us_displeasure_belief", "relaxation_depth", "pressing_cost", "back_down_cost"]
    modes = {name: scenario.space_at(end)[name].mode for name in names}
    wanted = equilibria(scenario, end, {}, solver)
    sufficient = [
        set(subset)
        for size in range(len(names) + 1)
        for subset in itertools.combinations(names, size)
        if equilibria(scenario, start, {name: modes[name] for name in subset}, solver) == wanted
    ]
    minimal = [one for one in sufficient if not any(other < one for other in sufficient)]
    found = [set(names) for names in minimal_sets(scenario, start, end, parameters=names, solver=solver)]
    assert minimal
    assert sorted(map(sorted, found)) == sorted(map(sorted, minimal))


def test_nothing_needs_to_change_and_nothing_suffices(scenario):
    assert minimal_sets(scenario, "2019-08 notice", "2019-08 notice") == ((),)
    assert minimal_sets(scenario, "2018-08 routine", "2020-08 default") == ((),)  # the same equilibrium
    assert minimal_sets(scenario, "2019-08 notice", "2019-11 deadline", parameters=["finality"]) == ()


def test_a_held_player_changes_what_is_needed(scenario):
    found = minimal_sets(scenario, "2019-08 notice", "2019-11 deadline", fix={"USA": "press"})
    assert all("pressing_cost" not in names for names in found)
    assert found


class Many:
    """Two settings that differ in more parameters than can be tried."""

    name, settings = "many", ("then", "now")
    names = tuple(f"x{k}" for k in range(21))
    model = bg.PayoffModel.of(
        {"A": ("no", "yes")}, {"A": sum(bg.Value(n) * bg.When(A="yes") for n in names) - bg.When(A="yes")}
    )

    def space_at(self, setting):
        value = self.settings.index(setting)
        return bg.Space([bg.Parameter(name, bg.Fixed(value)) for name in self.names])


def test_too_many_parameters_are_refused_and_a_choice_is_taken():
    with pytest.raises(bg.errors.InvalidArgumentError, match=r"21 parameters differ.*2,097,152"):
        minimal_sets(Many(), "then", "now")
    # One of them makes a tie, which is not what there is in the end.
    assert minimal_sets(Many(), "then", "now", parameters=Many.names[:1]) == ()
    pairs = minimal_sets(Many(), "then", "now", parameters=Many.names[:5])
    assert pairs == tuple(itertools.combinations(Many.names[:5], 2))


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"end": "2019-11"}, bg.errors.UnknownNameError, "2019-11 deadline"),
        ({"parameters": ["presing_cost"]}, bg.errors.UnknownNameError, "did you mean 'pressing_cost'"),
        ({"parameters": "pressing_cost"}, bg.errors.InvalidArgumentError, "a list of names"),
        ({"fix": {"USA": "pres"}}, bg.errors.UnknownNameError, "press"),
    ],
)
def test_bad_arguments_are_named(scenario, change, error, said):
    with pytest.raises(error, match=said):
        minimal_sets(scenario, **{"start": "2019-08 notice", "end": "2019-11 deadline", **change})
