import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bargain.solvers.bargaining.mutual_gain import mutual_gain
from reference.bargaining import best_in_hull


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(2, 4), st.integers(2, 12))
def test_lotteries_and_proofs_are_true(seed, players, packages):
    rng = np.random.default_rng(seed)
    margins = rng.uniform(-1, 1, (players, packages, 6)) - rng.uniform(0, 1)
    margins[:, 0] = 0.0  # how it stands
    lottery, hopeless = mutual_gain(margins)
    assert np.abs(lottery.sum(axis=0) - 1).max() < 1e-12
    assert (lottery >= 0).all()
    for n in range(6):
        points = margins[..., n].T
        if hopeless[n]:
            assert best_in_hull(points, np.ones(players), np.zeros(players)) < 1e-8
        if (points.T @ lottery[:, n]).min() > 1e-6:
            assert best_in_hull(points, np.ones(players), np.zeros(players)) > 1e-6


def test_plain_cases_are_decided():
    gains = np.array([[0, 3, -1.0], [0, -1, 3]]) / 4
    losses = np.array([[0, 1, -3.0], [0, -3, 1]]) / 4
    lottery, hopeless = mutual_gain(np.stack([gains, losses], axis=-1))
    assert hopeless.tolist() == [False, True]
    assert (gains @ lottery[:, 0]).min() > 0.1
