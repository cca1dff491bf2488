import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bargain.errors import InvalidArgumentError
from bargain.games.normal import NormalForm
from bargain.scenarios.reader import load_scenario
from bargain.solvers import logit_qre
from bargain.solvers.logit_qre import LogitQRE
from bargain.solvers.solution import Status, solve
from reference.logit_newton import principal_branch

OCHS = [[[1.1141, 0], [0, 0.2785]], [[0, 1.1141], [1.1141, 0]]]
HUNT = [[[9, 0], [8, 7]], [[9, 8], [0, 7]]]
# The branch turns back at precision 7.6 and turns again at 2.1.
FOLDED = [[[4, 4, 0], [3, 2, 2], [1, 6, 9]], [[0, 0, 1], [8, 5, 0], [2, 0, 2]]]
COORDINATION = [np.eye(2), np.eye(2)]  # three pieces cross at precision 4
GSOMIA = {  # by setting and precision: ROK renew, suspend, terminate; JPN maintain, relax; USA abstain, press
    "2018-08 routine": {
        0.5: [0.52814223, 0.389787257, 0.082070513, 0.515181757, 0.484818243, 0.597751888, 0.402248112],
        1.0: [0.617961694, 0.362115991, 0.019922315, 0.549358472, 0.450641528, 0.716454582, 0.283545418],
        2.0: [0.69954525, 0.298742609, 0.001712142, 0.631733972, 0.368266028, 0.89077051, 0.10922949],
    },
    "2019-08 notice": {
        0.5: [0.067334454, 0.310630865, 0.622034681, 0.629937521, 0.370062479, 0.634251782, 0.365748218],
        1.0: [0.004580451, 0.112756334, 0.882663216, 0.765131344, 0.234868656, 0.732407289, 0.267592711],
        2.0: [3.202e-06, 0.002849294, 0.997147504, 0.932159192, 0.067840808, 0.880798087, 0.119201913],
    },
    "2019-11 deadline": {
        0.5: [0.168009529, 0.670840489, 0.161149981, 0.489263837, 0.510736163, 0.44423475, 0.55576525],
        1.0: [0.059513359, 0.90824886, 0.032237782, 0.426217313, 0.573782687, 0.351892702, 0.648107298],
        2.0: [0.004463302, 0.995377069, 0.000159629, 0.242141001, 0.757858999, 0.199949487, 0.800050513],
    },
    "2020-08 default": {
        0.5: [0.628201105, 0.358173748, 0.013625147, 0.60722023, 0.39277977, 0.579604692, 0.420395308],
        1.0: [0.72756944, 0.271985564, 0.000444997, 0.720891152, 0.279108848, 0.688122021, 0.311877979],
        2.0: [0.821637621, 0.1783617, 6.79e-07, 0.883717111, 0.116282889, 0.865868555, 0.134131445],
    },
    "2023-03 thaw": {
        0.5: [0.702700115, 0.293169193, 0.004130692, 0.28822309, 0.71177691, 0.59315539, 0.40684461],
        1.0: [0.875549989, 0.124431048, 1.8963e-05, 0.121114809, 0.878885191, 0.733670349, 0.266329651],
        2.0: [0.982038799, 0.017961201, 0.0, 0.014177168, 0.985822832, 0.912625043, 0.087374957],
    },
}  # fmt: skip


def game_of(payoffs):
    shape = np.shape(payoffs)[1 : 1 + len(payoffs)]
    return NormalForm({f"p{i}": [f"a{k}" for k in range(size)] for i, size in enumerate(shape)}, payoffs)


def random_game(*shape, draws, seed=0):
    return game_of(np.random.default_rng(seed).normal(size=(len(shape), *shape, draws)))


def probabilities(solution):
    """Every player's probabilities, one under the other, float[actions, E]."""
    return np.concatenate(solution.strategies)


def payoffs_of(*shape):
    return hnp.arrays(np.float64, (len(shape), *shape), elements=st.integers(-30, 30).map(lambda k: k / 8))


@pytest.mark.parametrize(
    ("precision", "row", "column"),
    [
        (1, 0.5867840364385154, 0.4518070316997103),
        (2, 0.6175219458400859, 0.3719816648492249),
        (3, 0.6168968501329284, 0.31401636202001226),
    ],
)
def test_asymmetric_matching_pennies_of_ochs(precision, row, column):
    """As printed by Gambit's tutorial, whose own tolerance is about 1e-9."""
    solution = solve(game_of(OCHS), LogitQRE(precision))
    assert probabilities(solution)[:, 0] == pytest.approx([row, 1 - row, column, 1 - column], abs=2e-9)


@pytest.mark.parametrize(
    ("game", "precision", "first"),
    [
        ([[3, 0], [5, 1]], 0.5, 0.338648202366),
        ([[3, 0], [5, 1]], 1, 0.226750644834),
        ([[3, 0], [5, 1]], 2, 0.09978848397),
        ([[3, 0], [5, 1]], 5, 0.006480833859),
        ([[9, 0], [8, 7]], 0.25, 0.208744230755),
        ([[9, 0], [8, 7]], 0.5, 0.033356614964),
        ([[9, 0], [8, 7]], 1, 0.00091775865),
        ([[9, 0], [8, 7]], 2, 8.31539e-07),
    ],
)
def test_symmetric_games(game, precision, first):
    solution = solve(game_of([game, np.transpose(game)]), LogitQRE(precision))
    for strategy in solution.strategies:
        assert strategy[0] == pytest.approx(first, abs=1e-11)


@pytest.mark.parametrize("setting", GSOMIA)
def test_the_base_game(setting):
    game = load_scenario("gsomia").game(setting)
    for precision, expected in GSOMIA[setting].items():
        solution = solve(game, LogitQRE(precision))
        assert probabilities(solution)[:, 0] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("shape", [(3, 2, 2), (2, 2), (3, 3), (2, 1, 3), (2, 2, 2, 2)])
def test_the_slow_twin_finds_the_same(shape):
    game = random_game(*shape, draws=2, seed=2)
    solution = solve(game, LogitQRE(2.0))
    for draw in range(game.draws):
        twin, _, _ = principal_branch(game.payoffs[..., draw], 2.0)
        assert probabilities(solution)[:, draw] == pytest.approx(np.concatenate(twin), abs=1e-10)


class TestTurningPoints:
    def test_the_slow_twin_turns_where_the_branch_turns(self):
        twin, top, bottom = principal_branch(np.array(FOLDED, dtype=float), 8.0)
        assert (top, bottom) == pytest.approx((7.609, 2.100), abs=2e-3)
        solution = solve(game_of(FOLDED), LogitQRE(8.0))
        assert probabilities(solution)[:, 0] == pytest.approx(np.concatenate(twin), abs=1e-10)
        branch = LogitQRE(8.0).branch(game_of(FOLDED)).index.to_numpy()
        turns = branch[1:-1][np.diff(np.sign(np.diff(branch))) != 0]
        assert turns == pytest.approx([7.6095, 2.1], abs=5e-3)

    def test_of_several_points_at_a_precision_the_first_is_taken(self):
        game = game_of(FOLDED)
        before, after = solve(game, LogitQRE(7.609)), solve(game, LogitQRE(7.61))
        assert np.abs(probabilities(before) - probabilities(after)).max() > 0.25
        twin, top, _ = principal_branch(game.payoffs[..., 0], 5.0)
        assert top is None
        solution = solve(game, LogitQRE(5.0))
        assert probabilities(solution)[:, 0] == pytest.approx(np.concatenate(twin), abs=1e-10)

    @pytest.mark.parametrize("precision", [7.6094, 7.60948, 7.609486])
    def test_close_to_a_turning_point(self, precision):
        solution = solve(game_of(FOLDED), LogitQRE(precision))
        assert solution.status[0] is Status.SOLVED
        near = solve(game_of(FOLDED), LogitQRE(7.609))
        assert np.abs(probabilities(near) - probabilities(solution)).max() < 0.05

    @pytest.mark.parametrize("precision", [1.0, 3.99999, 4.0, 4.00001, 10.0, 300.0])
    def test_where_pieces_cross_it_goes_straight_on(self, precision):
        solution = solve(game_of(COORDINATION), LogitQRE(precision))
        assert solution.status[0] is Status.SOLVED
        assert probabilities(solution) == pytest.approx(np.full((4, 1), 0.5), abs=1e-12)

    def test_where_they_nearly_cross_it_does_not_jump(self):
        """A prize 1e-6 larger: the branch bends to that side and never comes back."""
        better = np.diag([1 + 1e-6, 1])
        game = game_of([better, better])
        first = [solve(game, LogitQRE(k)).strategies[0][0, 0] for k in (3.0, 4.5, 6.0, 30.0)]
        assert (np.diff(first) > 0).all()
        assert first[-1] > 1 - 1e-10


class TestPrecision:
    def test_zero_is_uniform_play(self):
        solution = solve(random_game(3, 2, 2, draws=4), LogitQRE(0.0))
        uniform = np.array([*[1 / 3] * 3, *[1 / 2] * 4])
        assert (probabilities(solution) == uniform[:, None]).all()

    def test_several_hundred_on_payoffs_of_ten(self):
        game = game_of(10 * np.random.default_rng(5).uniform(size=(3, 3, 2, 2, 200)))
        solution = solve(game, LogitQRE(500.0))
        assert (solution.codes == Status.SOLVED).all()
        assert (solution.regret < 5 / 500).all()  # who errs at precision k loses at most some 1/k by it

    def test_errors_shrink_as_they_should(self):
        """Cooperation costs 1 where the other defects: its probability falls by exp(-1) per unit of precision."""
        game = game_of([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
        for precision in (50.0, 500.0):
            solution = solve(game, LogitQRE(precision))
            assert np.log(solution.strategies[0][0, 0]) == pytest.approx(-precision, rel=1e-12)

    def test_precision_times_payoff_is_what_counts(self):
        game = random_game(3, 2, 2, draws=20)
        for factor in (1e-6, 0.3, 1e5):
            scaled = solve(game_of(game.payoffs * factor), LogitQRE(2.0))
            assert probabilities(scaled) == pytest.approx(
                probabilities(solve(game, LogitQRE(2.0 * factor))), abs=1e-9
            )

    def test_payoffs_of_very_different_size(self):
        payoffs = random_game(3, 2, 2, draws=50).payoffs * np.array([1e-8, 1e8, 1.0]).reshape(3, 1, 1, 1, 1)
        solution = solve(game_of(payoffs), LogitQRE(2.0))
        assert (solution.codes == Status.SOLVED).all()
        assert solution.strategies[0] == pytest.approx(np.full((3, 50), 1 / 3), abs=1e-6)

    @pytest.mark.parametrize("precision", [-1.0, np.nan, np.inf, "a"])
    def test_what_is_not_a_precision(self, precision):
        with pytest.raises(InvalidArgumentError, match="finite precision"):
            LogitQRE(precision)


@given(payoffs_of(3, 2, 2), st.floats(0, 40))
def test_everybody_responds_by_the_logit_rule(payoffs, precision):
    solution = solve(game_of(payoffs), LogitQRE(precision))
    assert solution.status[0] is Status.SOLVED
    rok, jpn, usa = (strategy[:, 0] for strategy in solution.strategies)
    values = (
        np.einsum("abc,b,c->a", payoffs[0], jpn, usa),
        np.einsum("abc,a,c->b", payoffs[1], rok, usa),
        np.einsum("abc,a,b->c", payoffs[2], rok, jpn),
    )
    for strategy, value in zip((rok, jpn, usa), values, strict=True):
        weight = np.exp(precision * (value - value.max()))
        assert strategy == pytest.approx(weight / weight.sum(), abs=1e-10)


@given(payoffs_of(2, 3), payoffs_of(1, 3), payoffs_of(2, 1), st.floats(0, 10))
def test_what_a_player_cannot_influence_does_not_count(payoffs, to_row, to_column, precision):
    """`to_row` varies with the column player's action alone, `to_column` with the row player's."""
    before = solve(game_of(payoffs), LogitQRE(precision))
    changed = payoffs + np.stack([to_row[0] + np.zeros((2, 3)), to_column[0] + np.zeros((2, 3))])
    after = solve(game_of(changed), LogitQRE(precision))
    assert probabilities(after) == pytest.approx(probabilities(before), abs=1e-8)


@settings(max_examples=60)
@given(payoffs_of(2, 3, 2), st.permutations(range(3)), st.floats(0, 8), st.randoms(use_true_random=False))
def test_relabelling_players_and_actions_relabels_the_equilibrium(payoffs, order, precision, random):
    moves = [random.sample(range(size), size) for size in payoffs.shape[1:]]
    moved = payoffs[np.ix_(range(3), *moves)]
    relabelled = np.stack([moved[i].transpose(order) for i in order])
    before = solve(game_of(payoffs), LogitQRE(precision))
    after = solve(game_of(relabelled), LogitQRE(precision))
    expected = [before.strategies[i][moves[i]] for i in order]
    for one, other in zip(expected, after.strategies, strict=True):
        assert one == pytest.approx(other, abs=1e-8)


class TestBatches:
    def test_draws_do_not_know_of_each_other(self, monkeypatch):
        game = random_game(3, 2, 2, draws=700)
        together = solve(game, LogitQRE(20.0))
        monkeypatch.setattr(logit_qre, "_SIDE_BY_SIDE", 1)  # the smallest blocks: draws wait for their turn
        in_turn = solve(game, LogitQRE(20.0))
        assert probabilities(in_turn) == pytest.approx(probabilities(together), abs=1e-12)
        for draw in (0, 350, 699):
            alone = solve(game[draw], LogitQRE(20.0))
            assert probabilities(alone)[:, 0] == pytest.approx(probabilities(together)[:, draw], abs=1e-12)

    def test_players_without_a_choice_only_watch(self):
        game = random_game(3, 2, draws=30)
        with_one = game_of(np.insert(game.payoffs[:, :, None], 1, 7.0, axis=0))
        assert with_one.shape == (3, 1, 2)
        watched = solve(with_one, LogitQRE(3.0))
        assert (watched.strategies[1] == 1).all()
        alone = solve(game, LogitQRE(3.0))
        for own, same in ((0, 0), (2, 1)):
            assert watched.strategies[own] == pytest.approx(alone.strategies[same], abs=1e-12)

    def test_one_player_alone_and_nobody_with_a_choice(self):
        weights = np.exp(3 * np.array([1.0, 2.0, 2.5]))
        alone = solve(game_of([[1.0, 2.0, 2.5]]), LogitQRE(3.0))
        assert alone.strategies[0][:, 0] == pytest.approx(weights / weights.sum(), rel=1e-12)
        nobody = solve(game_of(np.ones((2, 1, 1, 3))), LogitQRE(3.0))
        assert (probabilities(nobody) == 1).all()
        assert len(nobody) == 3

    def test_payoffs_that_never_differ(self):
        solution = solve(game_of(np.ones((2, 2, 3, 2))), LogitQRE(5.0))
        assert (solution.strategies[0] == 0.5).all()
        assert solution.strategies[1] == pytest.approx(np.full((3, 2), 1 / 3), abs=1e-15)

    def test_a_trace_that_fails_leaves_no_equilibrium(self, monkeypatch):
        game = game_of(random_game(3, 2, 2, draws=50).payoffs * np.linspace(0.05, 5, 50))
        whole = solve(game, LogitQRE(10.0))
        monkeypatch.setattr(logit_qre, "_MOST_STEPS", 6)
        cut = solve(game, LogitQRE(10.0))
        failed = cut.codes == Status.FAILED
        assert failed.any()
        assert not failed.all()
        assert (cut.codes[~failed] == Status.SOLVED).all()
        assert (cut.count == ~failed).all()
        assert probabilities(cut) == pytest.approx(probabilities(whole)[:, ~failed], abs=1e-12)
        worst = game[int(np.flatnonzero(failed)[0])]
        assert LogitQRE(10.0).branch(worst).index[-1] < 10.0

    @pytest.mark.parametrize("shape", [(3, 2, 2), (3, 3), (2, 4)])
    @pytest.mark.parametrize("precision", [1e4, 1e6, 1e7])
    def test_actions_that_mix_while_the_first_is_hardly_played(self, precision, shape):
        game = random_game(*shape, draws=120)
        solution = solve(game, LogitQRE(precision))
        assert (solution.codes == Status.SOLVED).all()
        hidden = [
            (s[0] < 1e-9) & (np.sort(s[1:], axis=0)[-2] > 0.01) for s in solution.strategies if len(s) > 2
        ]
        assert np.any(hidden)
        assert solution.regret.max() < 10 / precision
        draw = int(np.flatnonzero(np.any(hidden, axis=0))[0])
        branch = LogitQRE(precision).branch(game, draw)
        assert branch.iloc[-1].to_numpy() == pytest.approx(probabilities(solution)[:, draw], abs=1e-7)

    def test_a_point_that_is_no_equilibrium_is_not_returned(self, monkeypatch):
        def beside(batch):
            return _trace(batch) + np.linspace(0, 1e-6, batch.draws)

        _trace = logit_qre._trace
        monkeypatch.setattr(logit_qre, "_trace", beside)
        monkeypatch.setattr(logit_qre, "_refine", lambda *_: None)  # which would bring it back
        solution = solve(random_game(2, 2, draws=5), LogitQRE(1.0))
        assert solution.codes.tolist() == [Status.SOLVED, *[Status.FAILED] * 4]
        assert len(solution) == 1


class TestBranch:
    def test_from_uniform_play_to_the_solution(self):
        game = random_game(3, 2, 2, draws=3)
        for draw in range(3):
            branch = LogitQRE(6.0).branch(game, draw)
            assert (branch.iloc[0] == [*[1 / 3] * 3, *[1 / 2] * 4]).all()
            assert (branch.index[0], branch.index[-1], branch.index.name) == (0.0, 6.0, "precision")
            end = probabilities(solve(game, LogitQRE(6.0)))[:, draw]
            assert branch.iloc[-1].to_numpy() == pytest.approx(end, abs=1e-9)

    def test_every_point_is_an_equilibrium_and_close_to_the_one_before(self):
        game = game_of(FOLDED)
        branch = LogitQRE(8.0).branch(game)
        assert branch.diff().abs().max().max() < 0.04
        for precision, point in list(branch.iterrows())[::10]:
            strategies = point.to_numpy().reshape(2, 3)
            values = game.payoffs[0, ..., 0] @ strategies[1], strategies[0] @ game.payoffs[1, ..., 0]
            for strategy, value in zip(strategies, values, strict=True):
                weight = np.exp(precision * value)
                assert strategy == pytest.approx(weight / weight.sum(), abs=1e-6)

    def test_columns_are_players_and_their_actions(self):
        branch = LogitQRE(1.0).branch(game_of(HUNT))
        assert branch.columns.equals(pd.MultiIndex.from_product([["p0", "p1"], ["a0", "a1"]]))
        assert branch["p0"].sum(axis=1).to_numpy() == pytest.approx(np.ones(len(branch)))

    def test_at_precision_zero_it_is_a_point(self):
        assert LogitQRE(0.0).branch(game_of(HUNT)).shape == (1, 4)
        assert LogitQRE(2.0).branch(game_of(np.ones((2, 1, 1)))).index.tolist() == [0.0, 2.0]


def test_regret_is_that_of_nash():
    game = random_game(3, 2, 2, draws=10)
    solution = solve(game, LogitQRE(2.0))
    for draw in range(10):
        profile = dict(zip(game.players, (s[:, draw] for s in solution.strategies), strict=True))
        assert solution.regret[draw] == pytest.approx(game[draw].regret(profile)[0], rel=1e-12)
    assert (solution.regret > 0).all()


class TestBesideGambit:
    """pygambit traces the same branch by itself; its own tolerance is about 1e-8."""

    @pytest.mark.parametrize("shape", [(3, 2, 2), (2, 2), (3, 3)])
    @pytest.mark.parametrize("precision", [0.5, 2.0, 10.0])
    def test_random_games(self, shape, precision):
        game = random_game(*shape, draws=25, seed=8)
        solution = solve(game, LogitQRE(precision))
        for draw in range(game.draws):
            assert probabilities(solution)[:, draw] == pytest.approx(
                _gambit(game.payoffs[..., draw], precision), abs=1e-7
            )

    @pytest.mark.parametrize("precision", [1.0, 2.5, 5.0, 7.5, 7.7, 20.0])
    def test_the_branch_that_turns(self, precision):
        solution = solve(game_of(FOLDED), LogitQRE(precision))
        assert probabilities(solution)[:, 0] == pytest.approx(_gambit(np.array(FOLDED), precision), abs=1e-7)

    @pytest.mark.parametrize("setting", GSOMIA)
    def test_the_base_game(self, setting):
        game = load_scenario("gsomia").game(setting)
        for precision in (0.1, 0.25, 3.0, 6.0, 12.0):
            solution = solve(game, LogitQRE(precision))
            expected = _gambit(game.payoffs[..., 0], precision)
            assert probabilities(solution)[:, 0] == pytest.approx(expected, abs=1e-7)


def _gambit(payoffs, precision):
    gambit = pytest.importorskip("pygambit")
    game = gambit.Game.from_arrays(*payoffs)
    profile = gambit.qre.logit_solve_lambda(game, precision)[0].profile
    return np.array([float(p) for _, mixed in profile.mixed_strategies() for _, p in mixed])
