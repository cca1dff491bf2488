import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bargain.games.bargaining import BargainingProblem
from bargain.games.frontier import BargainingFrontier
from bargain.solvers.bargaining.agreements import AgreementStatus
from bargain.solvers.bargaining.ideal_point import ideal_point
from bargain.solvers.bargaining.kalai_smorodinsky import KalaiSmorodinsky
from reference.bargaining import can_improve, ideal, largest_common_share

SEEDS = st.integers(0, 2**32 - 1)


def random_problem(seed, players, packages, *, draws=1, lotteries=True):
    rng = np.random.default_rng(seed)
    worth = rng.normal(size=(packages, players, draws))
    return BargainingProblem(
        "ABCDE"[:players], {str(k): worth[k] for k in range(packages)},
        rng.normal(-0.5, 0.5, (players, draws)), lotteries=lotteries,
    )  # fmt: skip


def test_parabola():
    frontier = BargainingFrontier(("A", "B"), lambda x: (x, 1 - x**2), (0, 1), (0, 0))
    assert np.abs(KalaiSmorodinsky().solve(frontier).payoffs[:, 0] - 0.61803398875).max() < 1e-9
    root = BargainingFrontier(("A", "B"), lambda x: (x, np.sqrt(1 - x)), (0, 1), (0, 0))
    assert abs(KalaiSmorodinsky().solve(root).payoffs[0, 0] - 0.6180339887) < 1e-9


def test_three_players_divide_a_pie():
    problem = BargainingProblem.division("ABC", 1, (0.1, 0.2, 0.05))
    expected = [0.316666666666667, 0.416666666666667, 0.266666666666667]
    assert np.abs(KalaiSmorodinsky().solve(problem).payoffs[:, 0] - expected).max() < 1e-10
    assert np.abs(ideal_point(problem)[:, 0] - [0.75, 0.85, 0.7]).max() < 1e-10


@given(SEEDS, st.integers(2, 4), st.integers(1, 8))
def test_all_get_the_same_part_of_their_ideal_gain_or_more(seed, players, packages):
    problem = random_problem(seed, players, packages)
    found = KalaiSmorodinsky().solve(problem)
    points, without = problem.payoffs[..., 0].T, problem.disagreement[:, 0]
    best = ideal(points, without)
    if best is None:
        assert found.status[0] == AgreementStatus.NO_DEAL
        assert np.isnan(ideal_point(problem)).all()
        return
    assert np.abs(ideal_point(problem)[:, 0] - best).max() < 1e-8
    if (best - without < 1e-6).any():
        return
    parts = found.gains[:, 0] / (best - without)
    assert abs(parts.min() - largest_common_share(points, without, best - without, without)) < 1e-8
    assert can_improve(points, found.payoffs[:, 0]) < 1e-4
    if players == 2:
        assert np.ptp(parts) < 1e-8


@given(SEEDS, st.integers(2, 4), st.booleans())
def test_units_do_not_matter(seed, players, lotteries):
    rng = np.random.default_rng(seed)
    factor, shift = rng.uniform(0.01, 100, players), rng.normal(size=players)
    problem = random_problem(seed, players, 7, lotteries=lotteries)
    before = KalaiSmorodinsky().solve(problem).result
    after = KalaiSmorodinsky().solve(problem.rescaled(factor, shift)).result
    assert np.abs((after - shift[:, None]) / factor[:, None] - before).max() < 1e-7


@given(SEEDS, st.integers(3, 7))
def test_individual_monotonicity(seed, packages):
    """More on offer, with the other's best hope unchanged, never hurts the player who gains hope."""
    rng = np.random.default_rng(seed)
    problem = random_problem(seed, 2, packages)
    found = KalaiSmorodinsky().solve(problem)
    if not found.draw.size:
        return
    # What is added gives the first player more than the ideal and the second something, below its own.
    top = ideal_point(problem)[:, 0]
    without = problem.disagreement[:, 0]
    new = np.array([top[0] + rng.uniform(0, 1), rng.uniform(without[1], top[1])])
    packages = dict(zip(problem.packages, problem.payoffs.transpose(1, 0, 2), strict=True))
    wider = BargainingProblem("AB", {**packages, "new": new}, without)
    assert abs(ideal_point(wider)[1, 0] - top[1]) < 1e-7 or ideal_point(wider)[1, 0] > top[1]
    if abs(ideal_point(wider)[1, 0] - top[1]) < 1e-9:
        assert KalaiSmorodinsky().solve(wider).payoffs[0, 0] >= found.payoffs[0, 0] - 1e-9


def test_packages_that_are_not_agreed_on_do_matter():
    """Kalai and Smorodinsky gave up independence of irrelevant alternatives for monotonicity."""
    packages = {"a": (0, 1), "b": (0.75, 0.75), "c": (1, 0)}
    wide = BargainingProblem("AB", packages, (0, 0))
    narrow = BargainingProblem("AB", {**packages, "c": (0.9, 0.3)}, (0, 0))
    assert np.abs(KalaiSmorodinsky().solve(wide).payoffs[:, 0] - 0.75).max() < 1e-12
    assert KalaiSmorodinsky().solve(narrow).payoffs[0, 0] < 0.74


def test_without_lotteries_the_least_part_is_raised_and_ties_are_listed():
    packages = {"a": (4, 0), "b": (1, 3), "c": (3, 1), "d": (0, 4)}
    found = KalaiSmorodinsky().solve(BargainingProblem("AB", packages, (0, 0), lotteries=False))
    assert found.packages() == [{"b": 1.0}, {"c": 1.0}]
    assert found.status.tolist() == [AgreementStatus.TIED]


def test_what_equal_parts_leave_goes_to_those_who_can_have_it():
    """The third player's part is stuck at nothing more than half; the first two share what is left."""
    packages = {"a": (2, 0, 1), "b": (0, 2, 1), "c": (0, 0, 2), "d": (1, 1, 1)}
    found = KalaiSmorodinsky().solve(BargainingProblem("ABC", packages, (0, 0, 0)))
    assert np.abs(found.payoffs[:, 0] - [1, 1, 1]).max() < 1e-9


def test_a_batch_is_its_draws():
    for players in (2, 3):
        problem = random_problem(3, players, 6, draws=6)
        batch = KalaiSmorodinsky().solve(problem).result
        alone = [KalaiSmorodinsky().solve(problem[draw]).result[:, 0] for draw in range(6)]
        assert np.abs(batch - np.transpose(alone)).max() < 1e-12
