import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bargain.games.normal import NormalForm
from bargain.solvers.bargaining.repeated import grim_trigger

ACTIONS = {"row": ("C", "D"), "column": ("C", "D")}


def dilemma(t, r, p, s):
    return NormalForm(ACTIONS, np.array([[[r, s], [t, p]], [[r, t], [s, p]]]))


def test_known_threshold():
    found = grim_trigger(dilemma(5, 3, 1, 0), ("C", "C"), ("D", "D"))
    assert abs(found.threshold[0] - 0.5) < 1e-12
    assert found.credible.tolist() == [True]


@given(st.integers(0, 2**32 - 1))
def test_at_the_threshold_cheating_is_worth_as_much_as_keeping_the_agreement(seed):
    s, p, r, t = np.sort(np.random.default_rng(seed).uniform(0, 5, (4, 6)), axis=0)
    found = grim_trigger(dilemma(t, r, p, s), ("C", "C"), ("D", "D"))
    patience = found.threshold
    assert found.credible.all()
    assert (patience > 0).all()
    assert (patience < 1).all()
    assert np.abs(patience - (t - r) / (t - p)).max() < 1e-12
    assert np.allclose(r, (1 - patience) * t + patience * p, atol=1e-12)


def test_threats_that_are_empty_or_not_needed():
    game = dilemma(5, 3, 1, 0)
    assert np.isinf(grim_trigger(game, ("C", "C"), ("C", "D")).threshold[0])  # not an equilibrium
    assert grim_trigger(game, ("D", "D"), ("D", "D")).threshold.tolist() == [0]  # no temptation
    worse = grim_trigger(game, {"row": "C", "column": "D"}, ("D", "D"))
    assert np.isinf(worse.patience[0, 0])
    assert worse.patience[1, 0] == 0


def test_a_punishment_that_is_mixed():
    """Pennies after a breach: each then has one half."""
    pennies = [[[2, 0, 1], [0, 2, 1], [3, 0, 1.5]], [[0, 2, 1], [2, 0, 1], [0, 1.5, 1.5]]]
    game = NormalForm({"row": ("h", "t", "x"), "column": ("h", "t", "x")}, np.array(pennies))
    half = {"h": 0.5, "t": 0.5}
    by_name = grim_trigger(game, ("x", "x"), {"row": half, "column": half})
    assert (grim_trigger(game, ("x", "x"), (half, half)).patience == by_name.patience).all()
    assert by_name.punished[:, 0].tolist() == [1, 1]
