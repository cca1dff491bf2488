import dataclasses

import numpy as np
import pytest

from bargain.errors import InvalidGameError, UnknownNameError
from bargain.games.renewal import RenewalGame
from bargain.scenarios.reader import load_scenario

SCENARIO = load_scenario("gsomia-renewal")
BASE = load_scenario("gsomia")


def drawn(draws=6, seed=0, setting="2019-08 notice"):
    """Parameter values by name, and the games that they make."""
    space = SCENARIO.space_at(setting)
    values = space.values(np.random.default_rng(seed).random((len(space), draws)))
    return dict(zip(space.names, values, strict=True)), SCENARIO.game_model.game(values)


def dense(game, state):
    """Probabilities of the next state, by outcome and name of the state; of the first draw."""
    one = game[0]
    number = game.state(state)
    made = {}
    for outcome, lead in zip(game.labels[number].outcomes, one.moves[number].ravel(), strict=True):
        lottery = one.lotteries[lead]
        made[outcome] = {
            game.states[target]: chance
            for target, chance in zip(lottery.next, lottery.probability[:, 0], strict=True)
        }
    return made


@pytest.mark.parametrize("tension", ["calm", "tense"])
@pytest.mark.parametrize("attitude", ["silent", "outspoken"])
@pytest.mark.parametrize("broken", [0, 1, 2])
@pytest.mark.parametrize("status", ["in force", "suspended", "notice"])
def test_payoffs_are_those_of_the_base_game_with_its_parameters_changed(status, tension, attitude, broken):
    given, game = drawn()
    p = dict(given)
    if tension == "calm":
        p["audience_credit"] = p["audience_credit"] * p["calm_audience"]
        p["back_down_cost"] = p["back_down_cost"] * p["calm_audience"]
        p["grievance_unresolved"] = p["grievance_unresolved"] * p["calm_grievance"]
    for name in ("audience_credit", "back_down_cost"):
        p[name] = p[name] * p["audience_fading"] ** broken
    p["threat_credibility"] = np.maximum(p["threat_credibility"] - broken * p["credibility_loss"], 0)
    if attitude == "outspoken":
        p["us_displeasure_belief"] = np.minimum(p["us_displeasure_belief"] + p["belief_gain"], 1)
    stage = game.to_stochastic()
    number = stage.state(RenewalGame.state(status, tension, attitude, broken))

    def base(finality):
        names = BASE.model.parameters
        return BASE.model.game({n: np.full(6, finality) if n == "finality" else p[n] for n in names}).payoffs

    open_, final = base(0.0), base(1.0)
    yearly = open_[:, 0, 0, 0].copy()  # nobody acts and the pact is kept,
    yearly[0] += p["back_down_cost"]  # but what that costs at home is not paid once a year
    for outcome, own in zip(
        stage.labels[number].outcomes, stage.payoffs[number].reshape(3, -1, 6).swapaxes(0, 1), strict=True
    ):
        place = tuple(a.index(o) for a, o in zip(BASE.labels.actions, outcome, strict=True))
        expected = open_[(slice(None), *place)]
        if status == "notice":
            expected = expected - yearly
            if outcome[0] == "terminate":
                expected = final[(slice(None), *place)] - yearly
            else:
                chance = p["reversal_chance"]
                if outcome[2] == "press":
                    chance = chance + (1 - chance) * p["reversal_help"]
                loss = open_[:, 2, 0, 0] - final[:, 2, 0, 0]  # of the pact and, for South Korea, of the chip
                chip = p["chip_value"] * p["threat_credibility"]
                loss[0] += (chip if outcome[0] == "suspend" else 0.0) - chip
                expected = expected - (1 - chance) * loss
        np.testing.assert_allclose(own, expected, rtol=1e-12, atol=1e-12)


def test_what_outcomes_lead_to():
    given, game = drawn()
    stage = game.to_stochastic()
    stay = given["tension_persistence"][0]
    start = dense(stage, "in force, tense, silent, 0 broken")
    assert set(start) == {(k, j, u) for k in ("renew", "terminate") for j in ("maintain", "relax")
                          for u in ("abstain", "press")}  # fmt: skip
    assert start["terminate", "relax", "abstain"] == {"notice, tense, silent, 0 broken": 1.0}
    assert start["terminate", "relax", "press"] == {"notice, tense, outspoken, 0 broken": 1.0}
    assert start["renew", "maintain", "abstain"] == pytest.approx(
        {"in force, calm, silent, 0 broken": 1 - stay, "in force, tense, silent, 0 broken": stay}
    )
    notice = dense(stage, "notice, tense, silent, 0 broken")
    assert notice["terminate", "relax", "press"] == {"ended": 1.0}
    back = given["reversal_chance"][0]
    assert notice["suspend", "relax", "abstain"] == pytest.approx({
        "suspended, calm, silent, 1 broken": (1 - stay) * back,
        "suspended, tense, silent, 1 broken": stay * back,
        "ended": 1 - back,
    })  # fmt: skip
    helped = back + (1 - back) * given["reversal_help"][0]
    assert notice["renew", "relax", "press"]["ended"] == pytest.approx(1 - helped)
    assert "in force, calm, outspoken, 1 broken" in notice["renew", "relax", "press"]
    hanging = dense(stage, "suspended, calm, silent, 1 broken")
    calm = given["calm_persistence"][0]
    assert hanging["suspend", "maintain", "abstain"]["suspended, calm, silent, 2 broken"] == pytest.approx(
        calm
    )
    assert "in force, calm, silent, 2 broken" in hanging["renew", "maintain", "abstain"]
    assert hanging["terminate", "maintain", "abstain"] == {"notice, calm, silent, 1 broken": 1.0}
    assert dense(stage, "ended") == {("stay",) * 3: {"ended": 1.0}}


def test_credibility_never_rises_and_what_was_said_openly_is_never_forgotten():
    _, game = drawn()
    stage = game.to_stochastic()
    for state, moves in zip(stage.states, stage.moves, strict=True):
        for number in np.unique(moves):
            for target in stage.lotteries[number].next:
                after = stage.states[target]
                if "ended" not in {state, after}:
                    assert after.split(", ")[3] >= state.split(", ")[3]
                    assert (after.split(", ")[2], state.split(", ")[2]) != ("silent", "outspoken")


def test_the_default_is_that_nobody_acts():
    default = drawn()[1].default()
    assert default["in force, tense, silent, 0 broken"] == ("renew", "maintain", "abstain")
    assert default["suspended, calm, silent, 1 broken"] == ("suspend", "maintain", "abstain")
    assert default["notice, tense, outspoken, 2 broken"] == ("terminate", "maintain", "abstain")
    assert len(default) == 36


def test_play_begins_where_the_setting_says():
    for setting, expected in (
        ("2018-08 routine", "in force, calm, silent, 0 broken"),
        ("2019-08 notice", "in force, tense, silent, 0 broken"),
        ("2019-11 deadline", "notice, tense, silent, 0 broken"),
        ("2020-08 default", "suspended, tense, silent, 0 broken"),
    ):
        game = SCENARIO.game(setting)
        opening = game.opening()
        states = game.to_stochastic().states
        assert opening.sum() == 1
        assert states[int(opening[:, 0].argmax())] == expected


def test_what_is_no_renewal_is_refused():
    game = drawn()[1]
    for changes, error in (
        ({"discount": game.discount + 1}, InvalidGameError),
        ({"loss": game.loss[:2]}, InvalidGameError),
        ({"chip": np.full_like(game.chip, np.nan)}, InvalidGameError),
        ({"keep": "prolong"}, UnknownNameError),
        ({"holder": "KOR"}, UnknownNameError),
    ):
        with pytest.raises(error, match="RenewalGame"):
            dataclasses.replace(game, **changes)
