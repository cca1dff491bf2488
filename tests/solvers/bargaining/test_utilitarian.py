import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bargain.games.bargaining import BargainingProblem
from bargain.games.frontier import BargainingFrontier
from bargain.solvers.bargaining.agreements import AgreementStatus
from bargain.solvers.bargaining.utilitarian import Utilitarian
from reference.bargaining import best_in_hull

SEEDS = st.integers(0, 2**32 - 1)


def test_parabola():
    frontier = BargainingFrontier(("A", "B"), lambda x: (x, 1 - x**2), (0, 1), (0, 0))
    found = Utilitarian().solve(frontier)
    assert np.abs(found.payoffs[:, 0] - [0.5, 0.75]).max() < 1e-9
    assert found.status.tolist() == [AgreementStatus.AGREED]


@given(SEEDS, st.integers(2, 4), st.integers(1, 8))
def test_no_acceptable_lottery_has_a_larger_sum(seed, players, packages):
    rng = np.random.default_rng(seed)
    points, without = rng.normal(size=(packages, players)), rng.normal(-0.5, 0.5, players)
    weights = rng.dirichlet(np.ones(players)) + 0.05
    problem = BargainingProblem("ABCD"[:players], {str(k): p for k, p in enumerate(points)}, without)
    found = Utilitarian(tuple(weights)).solve(problem)
    best = best_in_hull(points, weights, without)
    if best is None:
        assert found.status[0] == AgreementStatus.NO_DEAL
    elif found.draw.size:
        assert (found.gains >= -1e-9).all()
        assert abs(weights @ found.payoffs[:, 0] - best) < 1e-8


def test_a_pie_that_adds_up_is_tied_and_the_gain_is_then_shared_evenly():
    for players in ("AB", "ABC"):
        problem = BargainingProblem.division(players, 1, [0.1, 0.2, 0.3][: len(players)])
        found = Utilitarian().solve(problem)
        assert found.status.tolist() == [AgreementStatus.TIED]
        assert np.ptp(found.gains[:, 0]) < 1e-8
        assert abs(found.payoffs.sum() - 1) < 1e-9
    line = Utilitarian().solve(BargainingFrontier("AB", lambda x: (x, 1 - x), (0, 1), (0.1, 0.3)))
    assert line.status.tolist() == [AgreementStatus.TIED]
    assert np.abs(line.payoffs[:, 0] - [0.4, 0.6]).max() < 1e-9


def test_without_lotteries_all_largest_sums_are_listed():
    packages = {"a": (4, 0), "b": (1, 3), "c": (2, 1), "d": (-1, 9)}
    found = Utilitarian().solve(BargainingProblem("AB", packages, (0, 0), lotteries=False))
    assert found.packages() == [{"a": 1.0}, {"b": 1.0}]
    assert found.status[0] == AgreementStatus.TIED
    found = Utilitarian((1, 2)).solve(BargainingProblem("AB", packages, (-1, 0), lotteries=False))
    assert found.packages() == [{"d": 1.0}]
