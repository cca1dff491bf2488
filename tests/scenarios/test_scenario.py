"""What a loaded scenario offers: settings, games, tasks, policy experiments."""

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError, InvalidParameterError, UnknownNameError


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


def test_settings_are_in_date_order(scenario):
    dates = [setting.date for setting in scenario.dated]
    assert dates == sorted(dates)
    assert scenario.settings == tuple(setting.name for setting in scenario.dated)


def test_a_value_changes_the_game(scenario):
    usual, dear = (
        scenario.game("2019-11 deadline", values=values) for values in ({}, {"pressing_cost": 2.0})
    )
    difference = (dear.payoffs - usual.payoffs)[..., 0]
    assert np.count_nonzero(difference[:2]) == 0, "only the USA pays"
    assert np.allclose(difference[2, :, :, 1], -1.2)
    assert np.count_nonzero(difference[2, :, :, 0]) == 0, "only when it presses"


def test_a_distribution_stands_for_its_mode_in_a_game(scenario):
    held = scenario.game("2019-11 deadline", values={"pressing_cost": bg.Triangular(0, 2, 3)})
    assert np.array_equal(
        held.payoffs, scenario.game("2019-11 deadline", values={"pressing_cost": 2}).payoffs
    )


def test_holding_a_player_selects_its_action(scenario):
    game = scenario.game("2019-11 deadline")
    held = scenario.game("2019-11 deadline", fix={"USA": "press"})
    assert held.shape == (3, 2, 1)
    assert np.array_equal(held.payoffs[..., 0, :], game.payoffs[..., 1, :])


def test_holding_everybody_leaves_one_outcome(scenario):
    held = scenario.game("2019-11 deadline", fix={"USA": "press", "ROK": "renew", "JPN": "relax"})
    assert bg.solve(held, bg.PureNash()).count.tolist() == [1]


@pytest.mark.parametrize(
    ("call", "error", "expected"),
    [
        (lambda s: s.game("2019-11"), UnknownNameError, "did you mean '2019-11 deadline'"),
        (lambda s: s.game("2019-11 deadline", values={"presing_cost": 1}), UnknownNameError, "did you mean 'pressing_cost'"),
        (lambda s: s.game("2019-11 deadline", fix={"US": "press"}), UnknownNameError, "did you mean 'USA'"),
        (lambda s: s.game("2019-11 deadline", fix={"USA": "pres"}), UnknownNameError, "did you mean 'press'"),
        (lambda s: s.game("2019-11 deadline", fix={"pressing_cost": 2}), InvalidArgumentError, "values={'pressing_cost'"),
        (lambda s: s.game("2019-11 deadline", values={"pressing_cost": "2"}), InvalidParameterError, "pressing_cost"),
        (lambda s: s.game("2019-11 deadline", values={"pressing_cost": float("nan")}), InvalidParameterError, "finite"),
        (lambda s: s.range("2019-11 deadline", "cost"), UnknownNameError, "parameter 'cost'"),
        (lambda s: s.task("2019-11 deadline", draws=0), InvalidArgumentError, "draws: a positive"),
        (lambda s: s.task("2019-11 deadline", draws=-5), InvalidArgumentError, "-5"),
        (lambda s: s.task("2019-11 deadline", draws=1.5), InvalidArgumentError, "1.5"),
        (lambda s: s.task("2019-11 deadline", seed=-1), InvalidArgumentError, "seed"),
        (lambda s: s.task("2019-11 deadline", design="sobl"), UnknownNameError, "did you mean 'sobol'"),
        (lambda s: s.task("2019-11 deadline", solver="pure"), InvalidArgumentError, "PureNash()"),
        (lambda s: s.task("2019-11 deadline", solver=bg.PureNash), InvalidArgumentError, "PureNash()"),
    ],
)  # fmt: skip
def test_wrong_use_says_what_was_expected(scenario, call, error, expected):
    with pytest.raises(error) as caught:
        call(scenario)
    assert expected in str(caught.value)


def test_the_wide_prior_covers_every_setting(scenario):
    wide = scenario.wide_space().ranges()
    for setting in scenario.settings:
        for name, (low, high) in scenario.space_at(setting).ranges().items():
            assert wide[name][0] <= low
            assert high <= wide[name][1]


def test_a_task_is_named_after_its_experiment(scenario):
    task = scenario.task("2019-11 deadline", fix={"USA": "abstain"}, values={"finality": 0.9})
    assert task.name == "gsomia 2019-11 deadline (USA=abstain, finality=0.9)"


def test_the_parameter_table_lists_every_parameter(scenario):
    table = scenario.parameter_table("2019-11 deadline")
    assert list(table.index) == list(scenario.space.names)
    assert table.loc["pressing_cost", ["low", "mode", "high"]].tolist() == [0.3, 0.8, 2.2]
