import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bargain.games.bargaining import BargainingProblem
from bargain.games.frontier import BargainingFrontier
from bargain.solvers.bargaining.agreements import AgreementStatus
from bargain.solvers.bargaining.egalitarian import Egalitarian
from reference.bargaining import can_improve, ideal, largest_common_share

SEEDS = st.integers(0, 2**32 - 1)


def test_known_cases():
    frontier = BargainingFrontier(("A", "B"), lambda x: (x, 1 - x**2), (0, 1), (0, 0))
    assert np.abs(Egalitarian().solve(frontier).payoffs[:, 0] - 0.61803398875).max() < 1e-9
    problem = BargainingProblem.division("ABC", 1, (0.1, 0.2, 0.05))
    shares = Egalitarian((0.5, 0.3, 0.2)).solve(problem).payoffs[:, 0]
    assert np.abs(shares - [0.425, 0.395, 0.18]).max() < 1e-10


@given(SEEDS, st.integers(2, 4), st.integers(1, 8))
def test_the_least_gain_is_as_large_as_it_can_be_and_nothing_is_left(seed, players, packages):
    rng = np.random.default_rng(seed)
    points, without = rng.normal(size=(packages, players)), rng.normal(-0.5, 0.5, players)
    weights = rng.uniform(0.5, 2, players)
    problem = BargainingProblem("ABCD"[:players], {str(k): p for k, p in enumerate(points)}, without)
    found = Egalitarian(tuple(weights)).solve(problem)
    best = ideal(points, without)
    if best is None:
        assert found.status[0] == AgreementStatus.NO_DEAL
        return
    if (best - without < 1e-6).any():
        return
    least = (found.gains[:, 0] / weights).min()
    assert abs(least - largest_common_share(points, without, weights, without)) < 1e-8
    assert can_improve(points, found.payoffs[:, 0]) < 1e-4


@given(SEEDS)
def test_more_on_offer_hurts_nobody(seed):
    """Strong monotonicity (Kalai 1977), over frontiers on which equal gains are possible."""
    rng = np.random.default_rng(seed)
    height = rng.uniform(0.5, 2, 2)
    power = rng.uniform(1, 3)

    def solve(scale):
        curve = BargainingFrontier("AB", lambda x: (scale[0] * x, scale[1] * (1 - x**power)), (0, 1), (0, 0))
        return Egalitarian().solve(curve).payoffs[:, 0]

    assert (solve(height * rng.uniform(1, 2, 2)) >= solve(height) - 1e-12).all()


def test_without_lotteries():
    packages = {"a": (4, 0), "b": (1, 3), "c": (2, 1), "d": (-1, 9)}
    found = Egalitarian().solve(BargainingProblem("AB", packages, (0, 0), lotteries=False))
    assert found.packages() == [{"b": 1.0}]
    found = Egalitarian((2, 1)).solve(BargainingProblem("AB", packages, (0, 0), lotteries=False))
    assert found.packages() == [{"c": 1.0}]
