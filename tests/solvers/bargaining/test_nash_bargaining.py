import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.bargaining import BargainingProblem
from bargain.games.frontier import BargainingFrontier
from bargain.solvers.bargaining.agreements import AgreementStatus
from bargain.solvers.bargaining.log_product import largest_log_product
from bargain.solvers.bargaining.nash_bargaining import NashBargaining
from reference.bargaining import ideal, nash_improvement

SEEDS = st.integers(0, 2**32 - 1)


def random_problem(seed, players, packages, draws=1, *, whole=False, **options):
    """Packages around a disagreement point; small whole numbers make ties and flat places."""
    rng = np.random.default_rng(seed)
    size = (players, packages, draws)
    worth = rng.integers(-3, 4, size).astype(float) if whole else rng.normal(size=size)
    return BargainingProblem(
        [f"p{i}" for i in range(players)],
        {f"k{i}": worth[:, i] for i in range(packages)},
        rng.integers(-2, 1, (players, draws)) if whole else rng.normal(-0.5, 0.5, (players, draws)),
        **options,
    )


def points(problem, draw=0):
    return problem.payoffs[..., draw].T


# Known cases -----------------------------------------------------------------------------------------------


def test_bill_and_jack():
    """Nash 1950: goods are worth (to Bill, to Jack); traded so that the product of gains is largest."""
    bill = {"book": (2, 4), "whip": (2, 2), "ball": (2, 1), "bat": (2, 2), "box": (4, 1)}
    jack = {"pen": (10, 1), "toy": (4, 1), "knife": (6, 2), "hat": (2, 2)}
    issues = {name: {"keeps": (0, 0), "trades": (-b, j)} for name, (b, j) in bill.items()}
    issues |= {name: {"keeps": (0, 0), "trades": (b, -j)} for name, (b, j) in jack.items()}
    for lotteries in (False, True):
        problem = BargainingProblem.of_issues(("Bill", "Jack"), issues, (0, 0), lotteries=lotteries)
        assert len(problem.packages) == 512
        agreed = NashBargaining().solve(problem)
        assert np.abs(agreed.gains[:, 0] - [12, 5]).max() < 1e-9
        (package,) = agreed.packages()
        (name,) = package
        traded = sorted(part.split(": ")[0] for part in name.split(", ") if part.endswith("trades"))
        assert traded == ["ball", "bat", "book", "knife", "pen", "toy", "whip"]


def test_parabola():
    frontier = BargainingFrontier(("A", "B"), lambda x: (x, 1 - x**2), (0, 1), (0, 0))
    agreed = NashBargaining().solve(frontier)
    assert np.abs(agreed.payoffs[:, 0] - [0.57735026919, 0.666666666667]).max() < 1e-9
    assert agreed.lottery.shape == (0, 1)
    assert agreed.position[0] == agreed.payoffs[0, 0]


def test_risk_aversion_lowers_the_own_share():
    power = np.array([1.0, 0.5, 0.25])
    frontier = BargainingFrontier(("A", "B"), lambda x: (x, (1 - x) ** power), (0, 1), np.zeros((2, 3)))
    share = NashBargaining().solve(frontier).payoffs[0]
    assert np.abs(share - [0.5, 2 / 3, 0.8]).max() < 1e-9


def test_shares_of_a_pie():
    def shares(disagreement, weights=None):
        players = "ABC"[: len(disagreement)]
        return (
            NashBargaining(weights).solve(BargainingProblem.division(players, 1, disagreement)).payoffs[:, 0]
        )

    assert np.abs(shares((0, 0), (0.7, 0.3)) - [0.7, 0.3]).max() < 1e-12
    assert np.abs(shares((0.2, 0.1)) - [0.55, 0.45]).max() < 1e-12
    equal = [0.316666666666667, 0.416666666666667, 0.266666666666667]
    assert np.abs(shares((0.1, 0.2, 0.05)) - equal).max() < 1e-10
    assert np.abs(shares((0.1, 0.2, 0.05), (0.5, 0.3, 0.2)) - [0.425, 0.395, 0.18]).max() < 1e-10
    weighted = NashBargaining({"B": 3, "A": 5, "C": 2})
    division = BargainingProblem.division("ABC", 1, (0.1, 0.2, 0.05))
    assert np.abs(weighted.solve(division).payoffs[:, 0] - [0.425, 0.395, 0.18]).max() < 1e-10


def test_ratification_shifts_the_share_until_there_is_no_deal():
    for least, share in ((0, 0.5), (0.3, 0.5), (0.6, 0.6), (0.8, 0.8)):
        problem = BargainingProblem.division("AB", 1, (0, 0), floors=(least, 0))
        assert abs(NashBargaining().solve(problem).payoffs[0, 0] - share) < 1e-12
        line = BargainingFrontier("AB", lambda x: (x, 1 - x), (0, 1), (0, 0), floors=(least, 0))
        assert abs(NashBargaining().solve(line).payoffs[0, 0] - share) < 1e-9
        third = BargainingProblem.division("ABC", 1, (0, 0, 0), floors=(least, 0, 0))
        expected = max(least, 1 / 3)
        assert (
            np.abs(NashBargaining().solve(third).payoffs[:, 0] - [expected, *[(1 - expected) / 2] * 2]).max()
            < 1e-9
        )
    for players in ("AB", "ABC"):
        problem = BargainingProblem.division(
            players, 1, [0] * len(players), floors=(0.6, 0.5, 0)[: len(players)]
        )
        agreed = NashBargaining().solve(problem)
        assert agreed.status.tolist() == [AgreementStatus.NO_DEAL]
        assert agreed.draw.size == 0
        assert agreed.result[:, 0].tolist() == [0] * len(players)
    line = BargainingFrontier("AB", lambda x: (x, 1 - x), (0, 1), (0, 0), floors=(0.6, 0.5))
    assert NashBargaining().solve(line).status.tolist() == [AgreementStatus.NO_DEAL]


# What an agreement owes by definition ------------------------------------------------------------------------


@given(SEEDS, st.integers(2, 5), st.integers(1, 9), st.booleans())
def test_no_lottery_has_a_larger_product(seed, players, packages, whole):
    problem = random_problem(seed, players, packages, draws=3, whole=whole)
    weights = np.random.default_rng(seed).dirichlet(np.full(players, 3.0))
    agreed = NashBargaining(tuple(weights)).solve(problem)
    for draw in range(3):
        best = ideal(points(problem, draw), problem.disagreement[:, draw])
        if best is None:
            assert agreed.status[draw] == AgreementStatus.NO_DEAL
            continue
        gainers = best - problem.disagreement[:, draw] > 1e-9
        if not gainers.any():
            assert agreed.status[draw] == AgreementStatus.NO_GAIN
            continue
        assert agreed.status[draw] == AgreementStatus.AGREED
        (row,) = np.flatnonzero(agreed.draw == draw)
        payoffs, lottery = agreed.payoffs[:, row], agreed.lottery[:, row]
        assert (lottery >= 0).all()
        assert abs(lottery.sum() - 1) < 1e-12
        assert np.abs(problem.payoffs[..., draw] @ lottery - payoffs).max() < 1e-12
        assert (payoffs >= problem.disagreement[:, draw] - 1e-9).all()
        if gainers.all():
            gap = nash_improvement(points(problem, draw), problem.disagreement[:, draw], payoffs, weights)
            assert gap < 1e-8


@given(SEEDS, st.integers(1, 9))
def test_the_method_for_many_players_finds_what_segments_find(seed, packages):
    """A third player to whom everything is the same changes nothing."""
    problem = random_problem(seed, 2, packages, draws=4)
    wider = BargainingProblem(
        ("p0", "p1", "bystander"),
        {name: np.vstack([problem.payoffs[:, i], np.zeros(4)]) for i, name in enumerate(problem.packages)},
        np.vstack([problem.disagreement, np.zeros(4)]),
    )
    two, three = NashBargaining().solve(problem), NashBargaining().solve(wider)
    assert two.status.tolist() == three.status.tolist()
    assert np.abs(two.payoffs - three.payoffs[:2]).max(initial=0) < 1e-8


@given(SEEDS, st.integers(3, 4))
def test_floors_of_many_players_hold_and_bind_only_where_they_must(seed, players):
    problem = random_problem(seed, players, 8, draws=1)
    free = NashBargaining().solve(problem)
    if not free.draw.size:
        return
    floors = free.payoffs[:, 0].copy()
    floors[0] += 0.1
    floors[1:] = problem.disagreement[1:, 0]
    bound = BargainingProblem(
        problem.players, dict(zip(problem.packages, problem.payoffs.transpose(1, 0, 2), strict=True)),
        problem.disagreement, floors=floors,
    )  # fmt: skip
    agreed = NashBargaining().solve(bound)
    if agreed.draw.size:
        assert agreed.status[0] == AgreementStatus.AGREED
        # The product falls away from its maximum, so the floor itself is what the player gets.
        assert abs(agreed.payoffs[0, 0] - floors[0]) < 1e-8
        same = NashBargaining().solve(
            BargainingProblem(
                problem.players, dict(zip(problem.packages, problem.payoffs.transpose(1, 0, 2), strict=True)),
                problem.disagreement, floors=free.payoffs[:, 0] - 0.01,
            )
        )  # fmt: skip
        assert np.abs(same.payoffs - free.payoffs).max() < 1e-8


@given(SEEDS, st.integers(2, 4), st.integers(1, 12))
def test_without_lotteries_all_packages_with_the_largest_product_are_listed(seed, players, packages):
    problem = random_problem(seed, players, packages, whole=True, lotteries=False)
    agreed = NashBargaining().solve(problem)
    gains = problem.gains[..., 0]
    accepted = [k for k in range(packages) if (gains[:, k] >= 0).all()]
    counted = [i for i in range(players) if any(gains[i, k] > 0 for k in accepted)]
    products = {k: np.prod(gains[counted, k]) for k in accepted}
    top = max(products.values(), default=0) if counted else 0
    expected = [{problem.packages[k]: 1.0} for k in accepted if top > 0 and products[k] > top - 1e-9]
    assert agreed.packages() == expected
    kind = AgreementStatus.AGREED if len(expected) == 1 else AgreementStatus.TIED
    if not expected:
        kind = AgreementStatus.NO_GAIN if accepted else AgreementStatus.NO_DEAL
    assert agreed.status[0] == kind


# Axioms ------------------------------------------------------------------------------------------------------


@given(SEEDS, st.integers(2, 4))
def test_units_do_not_matter(seed, players):
    rng = np.random.default_rng(seed)
    factor, shift = rng.uniform(0.01, 100, players), rng.normal(size=players)
    problem = random_problem(seed, players, 7)
    before = NashBargaining().solve(problem).result
    after = NashBargaining().solve(problem.rescaled(factor, shift)).result
    assert np.abs((after - shift[:, None]) / factor[:, None] - before).max() < 1e-7


@given(SEEDS, st.integers(2, 4))
def test_players_who_change_places_change_payoffs(seed, players):
    """With symmetric sets it follows that they get the same."""
    problem = random_problem(seed, players, 6)
    order = np.random.default_rng(seed).permutation(players)
    other = BargainingProblem(
        problem.players, {name: problem.payoffs[order, i] for i, name in enumerate(problem.packages)},
        problem.disagreement[order],
    )  # fmt: skip
    first, second = NashBargaining().solve(problem).result, NashBargaining().solve(other).result
    assert np.abs(first[order] - second).max() < 1e-8


@given(SEEDS, st.integers(2, 3))
def test_symmetric_sets_give_all_the_same(seed, players):
    rng = np.random.default_rng(seed)
    base = rng.uniform(0.1, 1, (2, players))
    packages = {
        str((k, order)): base[k][list(order)]
        for k in range(2)
        for order in itertools.permutations(range(players))
    }
    payoffs = (
        NashBargaining().solve(BargainingProblem("ABC"[:players], packages, [0] * players)).payoffs[:, 0]
    )
    assert np.ptp(payoffs) < 1e-9


@given(SEEDS, st.integers(2, 4), st.booleans())
def test_packages_that_are_not_agreed_on_do_not_matter(seed, players, lotteries):
    problem = random_problem(seed, players, 9, lotteries=lotteries)
    agreed = NashBargaining().solve(problem)
    if not agreed.draw.size:
        return
    used = set(agreed.packages(digits=7)[0])
    rng = np.random.default_rng(seed)
    kept = [name for name in problem.packages if name in used or rng.random() < 0.5]
    fewer = NashBargaining().solve(problem.keep(kept))
    # A player who could gain only elsewhere is no longer counted: then it is another problem.
    if (fewer.gains[:, 0] > 1e-6).all():
        assert np.abs(fewer.payoffs - agreed.payoffs).max() < 1e-7


@given(SEEDS, st.integers(2, 3), st.integers(0, 2))
def test_a_better_way_out_never_costs_its_owner(seed, players, who):
    """In the division of a pie: the own share rises with the own disagreement payoff, the others' fall."""
    rng = np.random.default_rng(seed)
    who %= players
    start = rng.uniform(-0.2, 0.25, players)
    better = start.copy()
    better[who] += rng.uniform(0, 0.2)
    before, after = (
        NashBargaining().solve(BargainingProblem.division("ABC"[:players], 1, d)).payoffs[:, 0]
        for d in (start, better)
    )
    rise = after - before
    assert rise[who] >= -1e-9
    assert (np.delete(rise, who) <= 1e-9).all()


@given(SEEDS)
def test_over_two_players_packages_the_own_disagreement_payoff_never_hurts(seed):
    problem = random_problem(seed, 2, 6)
    agreed = NashBargaining().solve(problem)
    if not agreed.draw.size:
        return
    raised = problem.disagreement + np.array([[0.3], [0.0]]) * agreed.gains[0, 0]
    again = NashBargaining().solve(
        BargainingProblem(
            problem.players,
            dict(zip(problem.packages, problem.payoffs.transpose(1, 0, 2), strict=True)),
            raised,
        )
    )
    assert again.payoffs[0, 0] >= agreed.payoffs[0, 0] - 1e-9
    assert again.payoffs[1, 0] <= agreed.payoffs[1, 0] + 1e-9


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_more_risk_aversion_means_a_smaller_share(one, other):
    power = np.array(sorted((one, other)))
    frontier = BargainingFrontier("AB", lambda x: (x, (1 - x) ** power), (0, 1), np.zeros((2, 2)))
    second = 1 - NashBargaining().solve(frontier).payoffs[0]
    assert np.abs(second - power / (1 + power)).max() < 1e-8
    assert second[0] <= second[1] + 1e-8


# Batches and misuse ------------------------------------------------------------------------------------------


@settings(max_examples=20)
@given(SEEDS, st.integers(2, 4), st.booleans())
def test_a_batch_is_its_draws(seed, players, lotteries):
    problem = random_problem(seed, players, 6, draws=5, lotteries=lotteries)
    batch = NashBargaining().solve(problem)
    assert (np.diff(batch.draw) >= 0).all()
    for draw in range(5):
        alone = NashBargaining().solve(problem[draw])
        assert alone.status[0] == batch.status[draw]
        assert np.abs(alone.result[:, 0] - batch.result[:, draw]).max() < 1e-10


def test_the_bound_of_the_interior_point_method_is_small_and_honest():
    rng = np.random.default_rng(5)
    gains = rng.normal(size=(300, 4, 20))
    gains[:, :, 0] = np.abs(gains[:, :, 0]) + 0.01
    weights = rng.dirichlet(np.full(4, 2.0), size=300)
    start = np.full((300, 20), 1e-4)
    start[:, 0] = 1 - 19e-4
    lottery, gap = largest_log_product(
        gains, np.zeros((300, 4)), weights, start, np.zeros((300, 4), dtype=bool)
    )
    assert gap.max() < 1e-11
    value = gains @ lottery[..., None]
    bound = [nash_improvement(g.T, 0.0, v[:, 0], w) for g, v, w in zip(gains, value, weights, strict=True)]
    assert np.abs(np.maximum(bound, 0) - np.maximum(gap, 0)).max() < 1e-12


@pytest.mark.parametrize(
    ("weights", "error"),
    [((1, 0), InvalidArgumentError), ((1,), InvalidArgumentError), ({"A": 1}, InvalidArgumentError),
     ({"A": 1, "C": 1}, UnknownNameError)],
)  # fmt: skip
def test_weights_are_checked(weights, error):
    with pytest.raises(error, match="weights"):
        NashBargaining(weights).solve(BargainingProblem.division("AB", 1, (0, 0)))


def test_agreements_can_be_read():
    problem = BargainingProblem(("A", "B"), {"one": [[4, -1], [0, -1]], "other": (0, 1)}, (0, 0.5))
    agreed = NashBargaining().solve(problem)
    assert agreed.status.tolist() == [AgreementStatus.AGREED, AgreementStatus.AGREED]
    assert agreed.packages(0) == [{"one": 0.25, "other": 0.75}]
    assert agreed.packages(1) == [{"other": 1.0}]
    frame = agreed.to_frame()
    assert frame["gain", "A"].tolist() == [1, 0]
    assert frame["package", "other"].tolist() == [0.75, 1]
    assert "2 AGREED" in repr(agreed)
    assert all(status.sentence.endswith(".") for status in AgreementStatus)
    line = NashBargaining().solve(BargainingFrontier("AB", lambda x: (x, 1 - x), (0, 1), (0, 0)))
    assert line.to_frame()["", "position"].round(9).tolist() == [0.5]
    with pytest.raises(InvalidArgumentError, match="frontier"):
        line.packages()
