"""The annual renewal: what governments do, and the signs of what makes South Korea give notice."""

import dataclasses

import numpy as np
import pytest

from bargain.scenarios.reader import load_scenario
from bargain.solvers.markov_paths import simulate_paths
from bargain.solvers.markov_perfect import MarkovPerfect
from bargain.solvers.renewal_perfect import RenewalPerfect
from bargain.solvers.solution import Status

SCENARIO = load_scenario("gsomia-renewal")
ALONE = SCENARIO.game_model.hold({"JPN": "maintain", "USA": "abstain"})
WIDE = SCENARIO.wide_space()
VALUES = WIDE.values(np.random.default_rng(3).random((len(WIDE), 400)))


def games(model, values, **changes):
    return dataclasses.replace(model.game(values), **changes)


def advantage(values, state, action, other):
    """What one action of South Korea is worth more than another when the others are held to doing nothing."""
    game = games(ALONE, values, horizon=None)
    solution = MarkovPerfect(game.default()).solve(game.to_stochastic())
    assert solution.codes.max() <= Status.DEGENERATE
    labels = solution.game.labels[solution.game.state(state)]
    worth = solution.action_values("ROK", state)
    return worth[labels.action("ROK", action)] - worth[labels.action("ROK", other)]


def shares(parameter, state="in force, tense, silent, 0 broken", action="terminate", other="renew"):
    """In which shares of random draws a little more of a parameter raises and lowers the advantage."""
    row = WIDE.names.index(parameter)
    low, high = WIDE[parameter].range()
    step = 1e-3 * (high - low)
    up = VALUES[row] + step <= high
    moved = VALUES.copy()
    moved[row] += np.where(up, step, -step)
    change = advantage(moved, state, action, other) - advantage(VALUES, state, action, other)
    change = np.where(up, change, -change)
    return (change > 1e-9).mean(), (change < -1e-9).mean()


@pytest.mark.parametrize("parameter", ["audience_credit", "us_channel_substitution", "back_down_cost"])
def test_makes_notice_more_attractive_in_every_draw(parameter):
    assert shares(parameter) == (1.0, 0.0)


@pytest.mark.parametrize("parameter", ["intelligence_value_rok", "irreversibility_cost"])
def test_makes_notice_less_attractive_in_every_draw(parameter):
    assert shares(parameter) == (0.0, 1.0)


def test_the_cost_of_the_controls_changes_nothing():
    assert shares("export_control_cost_rok") == (0.0, 0.0)


def test_signs_that_do_not_hold_in_general():
    # Displeasure speaks against notice, but for a draw or so in a thousand: it spoils later notices too.
    for parameter in ("us_displeasure", "us_displeasure_belief"):
        more, less = shares(parameter)
        assert less > 0.99
        assert more < 0.01
    # A better chance to take it back makes notice more attractive, or makes no difference, but for few draws.
    more, less = shares("reversal_chance")
    assert more > 0.4
    assert 0 < less < 0.1
    # The chip speaks for notice, as only a notice makes the threat live; at the expiry it speaks against the end.
    more, less = shares("chip_value")
    assert more > 0.9
    assert 0 < less < 0.1
    expiry = ("notice, tense, silent, 0 broken", "terminate", "suspend")
    assert shares("chip_value", *expiry) == (0.0, 1.0)
    assert shares("threat_credibility", *expiry) == (0.0, 1.0)
    # Patience goes either way.
    more, less = shares("yearly_patience")
    assert min(more, less) > 0.3
    # The cost of an active move speaks against notice in nearly all draws.
    more, less = shares("agenda_cost")
    assert less > 0.9
    assert more > 0


@pytest.mark.parametrize(
    ("parameter", "signs"),
    [
        ("us_channel_substitution", (1.0, 0.0)),
        ("intelligence_value_rok", (0.0, 1.0)),
        ("irreversibility_cost", (0.0, 1.0)),
    ],
)
def test_signs_at_the_expiry(parameter, signs):
    assert shares(parameter, "notice, tense, silent, 0 broken", "terminate", "suspend") == signs


@pytest.mark.parametrize(
    ("setting", "outcome"),
    [
        ("2018-08 routine", ("renew", "maintain", "abstain")),
        ("2019-08 notice", ("terminate", "maintain", "abstain")),
        ("2019-11 deadline", ("suspend", "relax", "press")),
        ("2020-08 default", ("renew", "maintain", "abstain")),
        ("2023-03 thaw", ("renew", "relax", "abstain")),
    ],
)
def test_at_the_modes_each_date_is_as_it_was(setting, outcome):
    game = SCENARIO.game(setting)
    for horizon in (15, None):
        solution = RenewalPerfect().solve(dataclasses.replace(game, horizon=horizon))
        assert solution.outcomes[game.labels.outcome(outcome), 0] == 1
        assert solution.markov.gain[0] <= 1e-9 * np.abs(solution.markov.values).max()


def test_equilibria_over_the_ranges_have_no_regret():
    space = SCENARIO.space_at("2019-11 deadline")
    game = SCENARIO.game_model.game(space.values(np.random.default_rng(5).random((len(space), 200))))
    solution = RenewalPerfect().solve(game)
    assert not (solution.codes == Status.FAILED).any()
    assert solution.markov.gain.max() < 1e-7
    assert solution.markov.bellman.max() < 1e-9
    np.testing.assert_allclose(solution.outcomes.sum(axis=0), 1)


def test_survival_is_that_of_simulated_paths():
    game = SCENARIO.game("2018-08 routine")
    solution = RenewalPerfect().solve(game)
    exact = solution.survival(15, first=2018)
    alive = [state for state in solution.markov.game.states if state != "ended"]
    played = simulate_paths(solution.markov, game.opening(), 15, paths=20_000, seed=1).survival(alive)
    np.testing.assert_allclose(played.curve, exact.curve, atol=5 * 0.5 / np.sqrt(20_000))
    assert (np.diff(exact.curve[:, 0]) <= 1e-15).all()
    assert exact.to_frame().index[0] == 2018


def test_a_pact_whose_end_nobody_wants_never_ends():
    # South Korea, alone, keeps a pact for ever where ending it gives nothing and costs something.
    values = VALUES.copy()
    for name in ("audience_credit", "back_down_cost", "chip_value", "begins_with_notice", "begins_suspended"):
        values[WIDE.names.index(name)] = 0
    game = games(ALONE, values, horizon=None)
    np.testing.assert_allclose(RenewalPerfect().solve(game).survival(30).curve, 1, rtol=1e-12)
