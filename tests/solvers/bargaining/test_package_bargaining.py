import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.package import PackageGame
from bargain.solvers.all_nash import AllNash
from bargain.solvers.bargaining.core import core
from bargain.solvers.bargaining.egalitarian import Egalitarian
from bargain.solvers.bargaining.kalai_smorodinsky import KalaiSmorodinsky
from bargain.solvers.bargaining.nash_bargaining import NashBargaining
from bargain.solvers.bargaining.package_bargaining import PackageBargaining, PackageStatus
from bargain.solvers.bargaining.rubinstein import rubinstein_offers
from bargain.solvers.bargaining.shapley import shapley_value
from bargain.solvers.bargaining.utilitarian import Utilitarian
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.selection import BestFor, StatusQuo
from bargain.solvers.solution import Status

SEEDS = st.integers(0, 2**32 - 1)


def additive(rng, players, issues, draws, *, options=2):
    """Issues whose worth adds up, of which each player decides one alone, and would not move by itself."""
    names = tuple("ABCDE"[:players])
    worth = rng.normal(0.3, 1, (players, issues, options, draws))
    worth[:, :, 0] = 0.0
    for issue in range(issues):
        worth[issue % players, issue, 1:] = -np.abs(worth[issue % players, issue, 1:])
    payoffs = np.zeros((players, *(options for _ in range(issues)), draws))
    for issue in range(issues):
        shape = [players, *(options if k == issue else 1 for k in range(issues)), draws]
        payoffs = payoffs + worth[:, issue].reshape(shape)
    table = {f"issue {k}": tuple(f"option {m}" for m in range(options)) for k in range(issues)}
    parties = {f"issue {k}": [names[k % players]] for k in range(issues)}
    return PackageGame(names, table, payoffs, parties=parties)


@settings(max_examples=25)
@given(SEEDS, st.integers(2, 3))
def test_nobody_moves_alone_and_nobody_loses_by_agreeing(seed, players):
    game = additive(np.random.default_rng(seed), players, 3, 4)
    solution = PackageBargaining().solve(game)
    assert not solution.standing.any()
    assert not solution.disagreement.any()
    assert (solution.gains >= -1e-9).all()
    for place, share in enumerate(solution.settled):
        assert np.abs(share.sum(axis=0) - 1).max() < 1e-9
        assert solution.share(f"issue {place}", "option 1") == pytest.approx(share[1])
    # The payoffs are those of the lottery over options, as issues add up.
    single = [game.at(np.eye(3, dtype=np.int64)[place]) for place in range(3)]
    expected = sum(single[place] * solution.settled[place][1] for place in range(3))
    assert np.abs(solution.payoffs - expected).max() < 1e-9


@settings(max_examples=25)
@given(SEEDS)
def test_the_disagreement_point_is_the_equilibrium(seed):
    rng = np.random.default_rng(seed)
    game = PackageGame(
        ("A", "B"),
        {"pact": ("ends", "stays"), "trade": ("shut", "open"), "court": ("goes on", "stops")},
        rng.normal(size=(2, 2, 2, 2, 20)),
        parties={"pact": ["A"], "trade": ["B"], "court": ["A"]},
    )
    solution = PackageBargaining().solve(game)
    alone = PureNash().solve(game.alone)
    single = alone.count == 1
    clear = solution.codes < PackageStatus.SEVERAL
    assert clear[single].all()
    place = np.searchsorted(alone.draw, np.flatnonzero(single))
    assert np.abs(solution.disagreement[:, single] - alone.payoffs[:, place]).max(initial=0) < 1e-12
    assert np.isnan(solution.payoffs[:, ~clear]).all()
    assert (solution.standing[:, ~clear] == -1).all()
    assert (solution.codes[alone.count > 1] == PackageStatus.SEVERAL).all()
    # Without a pure equilibrium, what the only mixed one makes them expect.
    every = AllNash().solve(game.alone)
    mixed = (alone.count == 0) & (every.count == 1) & (every.codes == Status.SOLVED)
    assert clear[mixed].all()
    place = np.searchsorted(every.draw, np.flatnonzero(mixed))
    assert np.abs(solution.disagreement[:, mixed] - every.payoffs[:, place]).max(initial=0) < 1e-9
    for share in solution.unsettled:
        assert np.abs(share[:, clear].sum(axis=0) - 1).max(initial=0) < 1e-9
    assert (solution.gains[:, clear] >= -1e-9).all()
    quo = PackageBargaining(selection=StatusQuo(("ends, goes on", "shut"))).solve(game)
    assert (quo.codes < PackageStatus.SEVERAL)[single].all()
    assert np.allclose(quo.payoffs[:, single], solution.payoffs[:, single])


@settings(max_examples=15)
@given(SEEDS)
def test_who_looks_on_keeps_its_issues(seed):
    game = additive(np.random.default_rng(seed), 3, 3, 3)
    solution = PackageBargaining(players=("A", "B")).solve(game)
    assert (solution.gains[:2] >= -1e-9).all()
    assert (solution.share("issue 2", "option 0") == 1).all()
    assert solution.agreements.problem.players == ("A", "B")


@settings(max_examples=12)
@given(SEEDS, st.integers(2, 3), st.booleans())
def test_an_issue_more_never_lowers_the_product(seed, players, lotteries):
    game = additive(np.random.default_rng(seed), players, 3, 3)
    linkage = PackageBargaining(lotteries=lotteries).link(game)
    product = np.maximum(linkage.gains, 0).prod(axis=0)
    for number in range(8):
        for place in range(3):
            assert (product[number | 1 << place] >= product[number] - 1e-7).all()


@settings(max_examples=25)
@given(SEEDS)
def test_money_raises_the_product_and_goes_to_who_gains_less(seed):
    """What can be paid evens out gains: with a payment that reaches, both gain the same in money."""
    rng = np.random.default_rng(seed)
    draws = 4
    gains = rng.uniform(0, 2, (2, draws))
    payoffs = np.zeros((2, 2, 3, draws))
    payoffs[:, 1] += gains[:, None]
    money = np.array([0.0, -5.0, 5.0])[:, None]
    payoffs += np.stack([money, -money])[:, None]
    game = PackageGame(
        ("A", "B"),
        {"pact": ("none", "signed"), "money": ("none", "A pays", "B pays")},
        payoffs,
    )
    linkage = PackageBargaining().link(game)
    without, whole = linkage.gains[:, 1], linkage.gains[:, 3]
    assert np.abs(without - gains).max() < 1e-9
    assert (whole.prod(axis=0) >= without.prod(axis=0) - 1e-12).all()
    assert np.abs(whole - gains.mean(axis=0)).max() < 1e-6


@settings(max_examples=15)
@given(SEEDS, st.integers(2, 3))
def test_a_better_disagreement_point_does_not_hurt_its_owner(seed, players):
    """By packages that nobody's agreement changes: only the disagreement payoff of one player rises."""
    rng = np.random.default_rng(seed)
    game = additive(rng, players, 3, 4)
    now = np.zeros((3, 4), dtype=np.int64)
    before = game.problem(now)
    rise = np.zeros((players, 4))
    rise[0] = rng.uniform(0, 0.3, 4)
    # The same packages, but what the first player has without agreement is more.
    after = type(before)(
        before.players, {n: before.payoffs[:, k] for k, n in enumerate(before.packages)},
        before.disagreement + rise,
    )  # fmt: skip
    for concept in (NashBargaining(), KalaiSmorodinsky(), Egalitarian()):
        old, new = concept.solve(before), concept.solve(after)
        own = new.result[0] - old.result[0]
        agreed = np.isin(np.arange(4), new.draw)
        assert (own[agreed] >= -1e-6).all()


@settings(max_examples=25)
@given(SEEDS)
def test_two_players_bargain_as_their_offers_lead_them(seed):
    game = additive(np.random.default_rng(seed), 2, 3, 3)
    solution = PackageBargaining().solve(game)
    problem = game.problem(np.zeros((3, 3), dtype=np.int64))
    offers = rubinstein_offers(problem, (0.99999, 0.99999))
    assert np.abs(offers - solution.payoffs).max() < 1e-3


@settings(max_examples=25)
@given(SEEDS)
def test_coalitions_of_a_package(seed):
    game = additive(np.random.default_rng(seed), 3, 3, 2)
    coalitions = game.coalitional(np.zeros((3, 2), dtype=np.int64))
    value = shapley_value(coalitions)
    assert np.abs(value.sum(axis=0) - coalitions.worth[-1]).max() < 1e-9
    # Nobody gains alone. (What two agree on may cost the third, so that its value can still be negative.)
    assert not coalitions.worth[[1, 2, 4]].any()
    assert (np.minimum.accumulate(coalitions.worth[[1, 3, 7]], axis=0)[-1] >= 0).all()
    best = PackageBargaining(concept=Utilitarian()).solve(game)
    assert (best.payoffs.sum(axis=0) <= coalitions.worth[-1] + 1e-9).all()
    assert core(coalitions).payoffs.shape == (3, 2)


def test_a_tactic_ends_with_the_agreement_and_only_with_its_owner_s():
    payoffs = np.zeros((3, 2, 2))
    payoffs[:, 1, 0] = [1, 1, 1]  # the pact alone
    payoffs[:, 0, 1] = [-1, -1, 0.5]  # pushing alone
    payoffs[:, 1, 1] = [-0.5, -0.5, 0.7]
    game = PackageGame(
        ("A", "B", "C"),
        {"pact": ("ends", "stays"), "push": ("no", "yes")},
        payoffs,
        parties={"pact": ["A", "B"], "push": ["C"]},
        tactics=["push"],
    )
    all_three = PackageBargaining().solve(game)
    assert all_three.standing[:, 0].tolist() == [0, 1]
    assert all_three.payoffs[:, 0] == pytest.approx([1, 1, 1])
    assert all_three.share("push", "yes").tolist() == [0]
    pair = PackageBargaining(players=("A", "B")).solve(game)
    assert pair.payoffs[:, 0] == pytest.approx([-0.5, -0.5, 0.7])
    assert pair.share("push", "yes").tolist() == [1]


def test_reading():
    game = additive(np.random.default_rng(1), 2, 2, 3)
    solution = PackageBargaining(lotteries=False).solve(game)
    assert repr(solution).startswith("PackageSolution(3 draws by NashBargaining")
    frame = solution.to_frame()
    assert frame.columns.tolist() == ["agreement", "A", "B"]
    assert frame["agreement"].str.contains("issue 0: option|NO_").all()
    with pytest.raises(UnknownNameError, match="issue"):
        solution.share("issue", "option 1")
    with pytest.raises(InvalidArgumentError, match="up to 8"):
        PackageBargaining().link(
            PackageGame(("A",), {str(k): ("no", "yes") for k in range(9)}, np.zeros((1, *(2,) * 9)))
        )


def pennies(draws=1):
    """Return a game in which each decides one issue alone, and only mixing is an equilibrium."""
    table = np.array([[[3, -1], [-1, 1]], [[-1, 1], [1, -1]]], dtype=float)
    worth = np.zeros((2, 2, 2, 2))
    worth[:, :, :, 0] = table
    worth[:, :, :, 1] = table + 1
    return PackageGame(
        ("A", "B"), {"one": ("h", "t"), "other": ("h", "t"), "treaty": ("none", "signed")},
        np.repeat(worth[..., None], draws, axis=-1), parties={"one": ["A"], "other": ["B"]},
    )  # fmt: skip


def test_without_a_pure_equilibrium_the_mixed_one_is_the_disagreement_point():
    solution = PackageBargaining().solve(pennies(3))
    assert solution.disagreement[:, 1] == pytest.approx([1 / 3, 0], abs=1e-12)
    assert solution.unsettled[0][:, 0] == pytest.approx([0.5, 0.5], abs=1e-12)
    assert solution.unsettled[1][:, 0] == pytest.approx([1 / 3, 2 / 3], abs=1e-12)
    assert solution.standing[:, 0].tolist() == [-1, -1, 0]
    assert (solution.gains > 0).all()
    # What is not on the table stays left to chance: the treaty alone gives each one more.
    treaty = PackageBargaining(issues=("treaty",)).solve(pennies())
    assert treaty.payoffs[:, 0] == pytest.approx([4 / 3, 1], abs=1e-12)
    assert treaty.share("other", "t")[0] == pytest.approx(2 / 3, abs=1e-12)
    assert treaty.share("treaty", "signed")[0] == pytest.approx(1, abs=1e-12)
    # The part is the whole of a batch in which other draws have a pure one.
    rng = np.random.default_rng(4)
    game = PackageGame(
        ("A", "B"), {"one": ("h", "t"), "other": ("h", "t")}, rng.normal(size=(2, 2, 2, 40)),
        parties={"one": ["A"], "other": ["B"]},
    )  # fmt: skip
    whole = PackageBargaining().solve(game)
    for draw in range(40):
        alone = PackageBargaining().solve(game[np.array([draw])])
        assert alone.codes[0] == whole.codes[draw]
        assert np.array_equal(alone.payoffs[:, 0], whole.payoffs[:, draw], equal_nan=True)


def test_several_mixed_equilibria_need_a_selection():
    """Two games of pennies side by side, and nothing to choose between them without mixing."""
    cycle = np.full((2, 4, 4), -3.0)
    for corner, bonus in ((0, 0.0), (2, 0.5)):
        cycle[0, corner : corner + 2, corner : corner + 2] = [[1 + bonus, -1], [-1, 1]]
        cycle[1, corner : corner + 2, corner : corner + 2] = [[-1, 1], [1, -1 + bonus]]
    options = ("a", "b", "c", "d")
    game = PackageGame(("A", "B"), {"one": options, "other": options}, cycle,
                       parties={"one": ["A"], "other": ["B"]})  # fmt: skip
    unclear = PackageBargaining().solve(game)
    assert unclear.status.tolist() == [PackageStatus.SEVERAL]
    assert unclear.agreements is None
    assert unclear.text() == "SEVERAL"
    assert np.isnan(unclear.settled[0]).all()
    assert len(unclear.alone) > 1
    best = PackageBargaining(selection=BestFor("A")).solve(game)
    assert best.disagreement[0, 0] == pytest.approx(unclear.alone.payoffs[0].max(), abs=1e-12)
