"""Scenarios of a crisis with a continuum of types."""

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.scenarios.kinds.crisis import Crisis, CrisisOptions
from bargain.solvers import crisis_equilibria
from bargain.solvers.solution import Status
from reference.plain_kinds import plain_sweep

DEADLINE = "2019-11 deadline"


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia-crisis")


def test_the_games_numbers_are_those_of_the_formulas(scenario):
    game = scenario.game(DEADLINE)
    at = dict(zip(scenario.space.names, scenario.space_at(DEADLINE).mode()[:, 0], strict=True))
    assert game.prize[0] == pytest.approx(
        at["relaxation_depth"] * at["export_control_cost_rok"] + at["chip_value"]
    )
    assert game.backing_down[0] == -at["back_down_cost"]
    lost = at["finality"] * at["intelligence_value_jpn"] * (1 - at["us_channel_substitution"])
    assert game.fighting_target[0] == pytest.approx(-lost - 0.25 * at["us_displeasure"])
    assert game.holding[0] == game.status_quo[0] == 0


def test_measures_are_those_of_the_equilibria(scenario):
    sweep = bg.run(scenario.task(DEADLINE, draws=64, seed=1, values={"us_pressing": 0}))
    for number in range(8):
        draw = sweep.draw(number)
        frame = draw.solution.to_frame()
        answers = scenario.game_model.kind.answers(draw.solution)
        measures = dict(zip((m.name for m in scenario.labels.measures), answers.measures, strict=True))
        for ours, theirs in (("silence", "status quo"), ("conceded", "concession"), ("carried out", "war")):
            np.testing.assert_allclose(measures[ours], frame[theirs])
        ends = [measures[name] for name in ("silence", "conceded", "dropped", "carried out")]
        np.testing.assert_allclose(np.sum(ends, axis=0), 1)
        np.testing.assert_array_equal(answers.outcomes.argmax(axis=0), np.argmax(ends, axis=0))


def test_several_equilibria_are_counted_as_such(scenario):
    sweep = bg.run(scenario.task(DEADLINE, draws=2_000, seed=7))
    shares = sweep.shares()["share"]
    assert shares.sum() == pytest.approx(1)
    assert 0 < shares.loc[("(multiple)",)] < 0.2
    assert sweep.measures()["used"].max() < 1


def test_pressing_restrains_the_challenger_more_than_it_moves_the_target(scenario):
    # As found: unlike with two types, where pressing makes concessions likelier, here it makes threats rarer.
    without, pressed = (
        bg.run(scenario.task(DEADLINE, draws=2_000, seed=7, values={"us_pressing": value})).measures()["mean"]
        for value in (0, 1)
    )
    for measure in ("challenge", "acting", "conceded", "carried out"):
        assert pressed[measure] < without[measure]


def test_a_target_that_would_rather_concede_makes_no_crisis(scenario):
    # In 2023 relaxing had become worth it in some draws: there the game of threats does not apply.
    sweep = bg.run(scenario.task("2023-03 thaw", draws=2_000, seed=7))
    share = sweep.statuses()[Status.INVALID] / 2_000
    values = scenario.space_at("2023-03 thaw").values(
        np.random.default_rng(1).random((len(scenario.space), 20_000))
    )
    at = dict(zip(scenario.space.names, values, strict=True))
    worth = at["firmness_value"] * at["grievance_unresolved"] <= at["export_control_cost_jpn"]
    assert share == pytest.approx(worth.mean(), abs=0.04)
    assert 0.1 < share < 0.4


def test_roles_must_be_taken():
    with pytest.raises(UnknownNameError, match="options.target"):
        Crisis(CrisisOptions(challenger="A", target="C"), {"A": (), "B": ()}).check()
    with pytest.raises(InvalidArgumentError, match="twice"):
        Crisis(CrisisOptions(challenger="A", target="A"), {"A": (), "B": ()}).check()


# ---------------------------------------------------------------- the audit


def test_an_independent_solver_agrees_at_every_setting(scenario):
    for setting in scenario.settings:
        audit = bg.run(scenario.task(setting, draws=25, seed=3), audit=25).audit
        assert audit.by == "integrating over types"
        assert audit.agreed == audit.checked > 10, audit.disagreements


@pytest.mark.parametrize(("size", "spread"), [(2, (0.5, 1.5)), (5, (0.05, 1)), (20, (0.01, 1))])
def test_it_agrees_on_any_crisis(size, spread):
    kind = Crisis(CrisisOptions(challenger="A", target="B"), {"A": (), "B": ()})
    ranges = {quantity.name: (-size, size) for quantity in kind.quantities} | {"spread": spread}
    sweep = plain_sweep(kind, ranges, draws=120, seed=5)
    assert sweep.audit.agreed == sweep.audit.checked > 40, sweep.audit.disagreements
    assert sweep.measures()["used"].min() < 1


def test_errors_of_the_fast_path_are_reported(scenario, monkeypatch):
    # A slightly wrong belief moves no outcome, but measures.
    right = crisis_equilibria._both
    monkeypatch.setattr(crisis_equilibria, "_both", lambda one, two: 1.001 * right(one, two))
    audit = bg.run(scenario.task(DEADLINE, draws=20, seed=3), audit=20, workers=1).audit
    assert audit.agreed < 10
    assert any(word.startswith("acting ") for word in audit.disagreements[0].swept)
    assert any(word.startswith("acting ") for word in audit.disagreements[0].second)


def test_a_lost_equilibrium_is_reported(scenario, monkeypatch):
    task = scenario.task(DEADLINE, draws=60, seed=7)
    plain = bg.run(task, audit=60, workers=1)
    right = crisis_equilibria._roots

    def lost(equation):
        draw, logit = right(equation)
        first = np.unique(draw, return_index=True)[1]
        return draw[first], logit[first]

    monkeypatch.setattr(crisis_equilibria, "_roots", lost)
    audit = bg.run(task, audit=60, workers=1).audit
    assert plain.audit.agreed == plain.audit.checked
    multiple = plain.shares()["share"].loc[("(multiple)",)] * 60
    assert len(audit.disagreements) >= round(multiple) > 0
