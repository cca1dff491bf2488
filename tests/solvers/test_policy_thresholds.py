import numpy as np
import pytest

from bargain.errors import InvalidArgumentError
from bargain.games.stochastic import StochasticGame
from bargain.solvers.markov_perfect import MarkovPerfect
from bargain.solvers.policy_thresholds import policy_thresholds


def pact(holding, *, discount=0.9, calm=1.0, quarrel_ends=0.5):
    """Renew or denounce; in a quarrel renewing is worth ``holding``."""
    return StochasticGame.of(
        "ROK",
        {
            "calm": {"renew": (calm, {"calm": 0.8, "quarrel": 0.2}), "denounce": (0, "ended")},
            "quarrel": {
                "renew": (holding, {"calm": quarrel_ends, "quarrel": 1 - quarrel_ends}),
                "denounce": (2, "ended"),
            },
            "ended": {},
        },
        discount=discount,
    )


def test_an_affine_threshold_is_exact():
    # Renewing in both states: (I - .9 P) v = (1, h). It is worth 2 in a quarrel where h is as follows.
    value = 2 - 0.9 * (0.5 * (1 + 0.18 * 2) / 0.28 + 0.5 * 2)
    found = policy_thresholds(pact, -3, 3)
    row = found[found.state == "quarrel"].iloc[0]
    assert row.value == pytest.approx(value, abs=1e-14)
    assert (row.below, row.above) == ("denounce", "renew")


def test_a_threshold_in_the_discount_factor_is_a_root_too():
    found = policy_thresholds(lambda d: pact(-1.0, discount=d), 0.01, 0.99)
    (row,) = [row for row in found.itertuples() if row.state == "quarrel"]
    both = [MarkovPerfect().solve(pact(-1.0, discount=row.value + step)) for step in (-1e-9, 1e-9)]
    assert [s.strategy("ROK", "quarrel") for s in both] == [{"denounce": 1.0}, {"renew": 1.0}]


def test_two_changes_close_together_are_both_found():
    # a is worth x, b is worth 0.5 throughout, c is worth 2 x - 0.501: a between two values close together.
    def build(x):
        return StochasticGame.of(
            "A", {"s": {"b": (0.5, "s"), "a": (x, "s"), "c": (2 * x - 0.501, "s")}}, discount=0.5
        )

    found = policy_thresholds(build, 0, 1, points=11)
    np.testing.assert_allclose(found["value"], [0.5, 0.501], atol=1e-14)
    assert found["above"].tolist() == ["a", "c"]


def test_several_players_and_horizons_are_bisected():
    def dilemma(temptation):
        return StochasticGame.of(
            ("A", "B"),
            {
                "x": {
                    ("C", "C"): ((3, 3), "x"),
                    ("C", "D"): (([0.0], temptation), "x"),
                    ("D", "C"): ((temptation, [0.0]), "x"),
                    ("D", "D"): ((1, 1), "x"),
                }
            },
            discount=0.9,
        )

    solver = MarkovPerfect(default={"x": ("C", "C")})
    found = policy_thresholds(dilemma, 2, 5, solver=solver)
    assert found[["below", "above"]].to_numpy().tolist() == [["C/C", "D/D"]]
    assert found["value"][0] == pytest.approx(3, abs=1e-9)
    found = policy_thresholds(lambda h: pact(h).over(1), -3, 3.1)
    assert found["value"].tolist() == pytest.approx([2], abs=1e-12)


def test_nothing_changes():
    assert policy_thresholds(lambda _: pact(1.0), 0, 1).empty


def test_what_is_no_question_is_refused():
    for low, high, options in ((1, 1, {}), (0, np.inf, {}), (0, 1, {"points": 1})):
        with pytest.raises(InvalidArgumentError):
            policy_thresholds(pact, low, high, **options)
    with pytest.raises(InvalidArgumentError, match="129 draws"):
        policy_thresholds(lambda _: 3, 0, 1)
