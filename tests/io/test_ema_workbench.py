import warnings

import numpy as np
import pytest

import bargain as bg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of parallel evaluators that are not installed
    ema = pytest.importorskip("ema_workbench")

Point = getattr(ema, "Sample", None) or ema.Policy  # its name from version 3 on, and before
SCENARIO = bg.load_scenario("gsomia")
SETTING = "2019-11 deadline"


@pytest.fixture(scope="module")
def model():
    return bg.to_ema_model(SCENARIO, SETTING)


def test_its_words_are_those_of_the_scenario(model):
    free = {name for name, (low, high) in SCENARIO.space_at(SETTING).ranges().items() if low < high}
    assert {parameter.name for parameter in model.uncertainties} == free
    assert {constant.name for constant in model.constants} == set(SCENARIO.space.names) - free
    assert {parameter.name for parameter in model.levers} == {"ROK", "JPN", "USA"}
    assert "USA_press" in model.outcomes.keys()  # noqa: SIM118 - the workbench's own mapping


@pytest.mark.filterwarnings("ignore")  # the workbench's own
def test_experiments_agree_with_solving_the_same_draws(model, monkeypatch):
    monkeypatch.setenv("TQDM_DISABLE", "1")
    policies = [
        Point(name, ROK="free", JPN="free", USA=position)
        for name, position in (("free", "free"), ("held", "abstain"))
    ]
    with ema.SequentialEvaluator(model) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=40, policies=policies)
    for policy, fix in (("free", {}), ("held", {"USA": "abstain"})):
        chosen = (experiments["policy"] == policy).to_numpy()
        ranges = SCENARIO.space_at(SETTING).ranges()
        values = np.array(
            [
                experiments.loc[chosen, name]
                if name in experiments
                else np.full(chosen.sum(), ranges[name][0])
                for name in SCENARIO.space.names
            ],
            dtype=float,
        )
        held = SCENARIO.model.hold(fix)
        found = bg.solve(held.game(values), bg.PureNash())
        assert outcomes["equilibria"][chosen].tolist() == found.count.tolist()
        single = found.count[found.draw] == 1
        draws = np.flatnonzero(chosen)[found.draw[single]]
        for place, action in enumerate(held.labels.actions[0]):
            assert outcomes[f"ROK_{action}"][draws].tolist() == found.strategies[0][place, single].tolist()


def test_a_mistyped_setting_is_said():
    with pytest.raises(bg.errors.UnknownNameError, match="did you mean '2019-11 deadline'"):
        bg.to_ema_model(SCENARIO, "2019-11 dedline")


def test_without_the_workbench_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "ema_workbench", None)
    with pytest.raises(bg.errors.MissingExtraError, match=r"bargain\[ema\]"):
        bg.to_ema_model(SCENARIO, SETTING)
