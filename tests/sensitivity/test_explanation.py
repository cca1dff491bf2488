"""One explain for solutions and for settings of a scenario."""

import pandas as pd
import pytest

import bargain as bg

SETTING = "2019-11 deadline"


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


def test_a_solution_is_explained_as_it_explains_itself(scenario):
    batch = scenario.model.game(scenario.task(SETTING, draws=5, seed=1).values(0))
    solution = bg.solve(batch, bg.PureNash())
    for draw in (0, 4, -1):
        assert bg.explain(solution, draw) == bg.explain(solution, draw=draw) == solution.explain(draw)


def test_a_setting_is_decomposed(scenario):
    why = bg.explain(scenario, SETTING, draws=50, seed=2, fix={"JPN": "relax"})
    same = bg.decompose(scenario, SETTING, draws=50, seed=2, fix={"JPN": "relax"})
    assert isinstance(why, bg.Decomposition)
    pd.testing.assert_frame_equal(why.gains, same.gains)
    pd.testing.assert_frame_equal(why.terms, same.terms)
    assert str(why) == why.words() == same.words()
    mixed = bg.explain(scenario, "2020-08 default", solver=bg.AllNash(), values={"agenda_cost": 0.7})
    assert mixed.profiles


def test_a_wanted_outcome_is_told_with_who_objects(scenario):
    against = bg.explain(scenario, SETTING, wanted={"ROK": "renew", "JPN": "relax", "USA": "abstain"})
    assert isinstance(against, bg.Objections)
    assert against.players == ("ROK", "JPN")
    assert str(against) == against.words()


def test_every_source_of_a_term_is_told_by_its_statement(scenario):
    for found in (
        bg.explain(scenario, SETTING),
        bg.explain(scenario, SETTING, wanted=("renew", "relax", "abstain")),
    ):
        named = {source for sources in found.terms["sources"] for source in sources}
        assert set(found.evidence.index) == named
        assert found.evidence.loc["N11", "statement"] == scenario.evidence["N11"].statement
    assert found.evidence.index[0] == found.terms["sources"][0][0]


def test_a_model_without_evidence_has_none_to_tell():
    class Toy:
        name, settings = "toy", ("now",)
        model = bg.PayoffModel.of({"A": ("no", "yes")}, {"A": bg.When(A="yes") * bg.Value("gain")})

        def space_at(self, _):
            return bg.Space([bg.Parameter("gain", bg.Uniform(0, 2))])

    assert bg.explain(Toy(), "now").evidence.empty


@pytest.mark.parametrize(
    ("args", "kwargs", "said"),
    [
        (("solution",), {"wanted": ("renew", "relax", "abstain")}, "by draw alone"),
        (("solution", SETTING), {}, "by draw alone"),
        (("solution",), {"draws": 10}, "by draw alone"),
        (("scenario",), {}, "name of a setting"),
        (("scenario", 1), {}, "name of a setting"),
        (
            ("scenario", SETTING),
            {"wanted": ("renew", "relax", "abstain"), "solver": bg.AllNash()},
            "no solver",
        ),
    ],
)
def test_arguments_of_the_other_kind_are_refused(scenario, args, kwargs, said):
    solution = bg.solve(scenario.game(SETTING), bg.PureNash())
    args = [{"solution": solution, "scenario": scenario}.get(given, given) for given in args]
    with pytest.raises(bg.errors.InvalidArgumentError, match=said):
        bg.explain(*args, **kwargs)
