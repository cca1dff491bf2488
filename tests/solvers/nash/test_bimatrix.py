"""All equilibria of two-player games: against exact arithmetic, other people's solvers, and laws."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bargain.errors import UnsupportedGameError
from bargain.games.profiles import regrets
from bargain.solvers.nash import bimatrix
from bargain.solvers.nash.bimatrix import bimatrix_equilibria, is_enumerable
from bargain.solvers.solution import Status
from reference.bimatrix_supports import extreme_equilibria, is_degenerate

SIZES = [(2, 2), (3, 2), (2, 3), (3, 3), (2, 4), (4, 3), (4, 4)]


def listed(found, draw):
    """The equilibria of a draw, one row each: probabilities of rows, then of columns."""
    return np.concatenate(found.strategies)[:, found.draw == draw].T


def exact(payoffs):
    """The same from exact arithmetic, float[2, A, B]."""
    pairs = extreme_equilibria(*payoffs.tolist())
    return np.array([[float(weight) for strategy in pair for weight in strategy] for pair in pairs])


def within(some, others, tolerance=1e-7):
    """Say whether each of some equilibria is one of the others."""
    return (
        all(np.abs(others - one).max(axis=1).min() < tolerance for one in some)
        if len(others)
        else not len(some)
    )


def same(some, others):
    return len(some) == len(others) and within(some, others) and within(others, some)


def normal(*shape, seed=0):
    return np.random.default_rng([seed, *shape]).normal(size=(2, *shape))


def integers(*shape, top=4, seed=0):
    return np.random.default_rng([seed, top, *shape]).integers(0, top, size=(2, *shape)).astype(float)


def relative_regret(payoffs, found):
    spread = payoffs.max(axis=(1, 2)) - payoffs.min(axis=(1, 2))
    regret = regrets(payoffs.take(found.draw, axis=-1), found.strategies)
    return (regret / np.where(spread > 0, spread, 1.0)[:, found.draw]).max()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("make", [normal, integers], ids=["normal", "integer"])
def test_the_same_as_exact_arithmetic(size, make):
    payoffs = make(*size, 6 if size == (4, 4) else 15)
    found = bimatrix_equilibria(payoffs)
    for draw in range(payoffs.shape[-1]):
        assert same(listed(found, draw), exact(payoffs[..., draw]))
        degenerate = is_degenerate(*payoffs[..., draw].tolist())
        assert found.codes[draw] == (Status.DEGENERATE if degenerate else Status.SOLVED)


@pytest.mark.parametrize("size", [*SIZES, (5, 5), (6, 2)])
def test_an_odd_number_with_small_regret(size):
    payoffs = normal(*size, 3000 if max(size) < 5 else 200, seed=1)
    found = bimatrix_equilibria(payoffs)
    assert (found.codes == Status.SOLVED).all()
    assert (np.bincount(found.draw) % 2 == 1).all()
    assert (np.diff(found.draw) >= 0).all()
    assert relative_regret(payoffs, found) < 1e-12
    for strategy in found.strategies:
        assert (strategy >= 0).all()
        np.testing.assert_allclose(strategy.sum(axis=0), 1.0, atol=1e-14)


@pytest.mark.parametrize("size", [(2, 2), (3, 3), (4, 4)])
def test_integer_games_in_bulk(size):
    payoffs = integers(*size, 2000, top=7)
    found = bimatrix_equilibria(payoffs)
    counts = np.bincount(found.draw, minlength=2000)
    assert set(found.codes.tolist()) == {Status.SOLVED, Status.DEGENERATE}
    assert (counts > 0).all()
    assert (counts[found.codes == Status.SOLVED] % 2 == 1).all()
    assert relative_regret(payoffs, found) < 1e-12


@pytest.mark.parametrize("size", [(3, 2), (3, 3), (4, 3)])
def test_gains_that_ignore_the_other_player(size):
    rng = np.random.default_rng(size)
    payoffs = rng.normal(size=(2, *size, 8))
    payoffs[0] = rng.normal(size=(size[0], 1, 8)) + rng.normal(size=(size[1], 8))
    found = bimatrix_equilibria(payoffs)
    assert (found.codes == Status.SOLVED).all()
    for draw in range(8):
        assert same(listed(found, draw), exact(payoffs[..., draw]))


@pytest.mark.parametrize("size", [(2, 2), (3, 2), (4, 4)])
@pytest.mark.parametrize("make", [normal, integers], ids=["normal", "integer"])
def test_signs_alone_say_the_same_as_vertices(size, make, monkeypatch):
    payoffs = make(*size, 500, seed=5)
    found = bimatrix_equilibria(payoffs)
    monkeypatch.setattr(bimatrix, "_all_clear", lambda _, minors: np.zeros(minors.shape[1], dtype=np.bool_))
    monkeypatch.setattr(
        bimatrix, "_carried_clearly", lambda _, minors, draws: (draws < 0, np.zeros((1, 1), dtype=np.bool_))
    )
    vertices = bimatrix_equilibria(payoffs)
    np.testing.assert_array_equal(found.codes, vertices.codes)
    for draw in range(500):
        assert same(listed(found, draw), listed(vertices, draw))


def test_a_batch_is_its_draws():
    payoffs = np.concatenate([normal(3, 2, 9000), integers(3, 2, 9000)], axis=-1)
    found = bimatrix_equilibria(payoffs)
    for draw in [0, 1, 8191, 8192, 8999, 9000, 16383, 16384, 17999]:
        alone = bimatrix_equilibria(payoffs[..., draw : draw + 1])
        np.testing.assert_array_equal(listed(found, draw), listed(alone, 0))
        assert found.codes[draw] == alone.codes[0]


@pytest.mark.parametrize(
    ("columns_get", "expected", "status"),
    [
        (
            [[3, 2], [2, 6], [3, 1]],
            [[1, 0, 0, 1, 0], [4 / 5, 1 / 5, 0, 2 / 3, 1 / 3], [0, 1 / 3, 2 / 3, 1 / 3, 2 / 3]],
            Status.SOLVED,
        ),
        (
            [[3, 3], [2, 6], [3, 1]],
            [[1, 0, 0, 1, 0], [1, 0, 0, 2 / 3, 1 / 3], [0, 1 / 3, 2 / 3, 1 / 3, 2 / 3]],
            Status.DEGENERATE,
        ),
    ],
)
def test_published_games(columns_get, expected, status):
    # von Stengel's running example and its degenerate variant, as in Avis et al. (2010).
    payoffs = np.array([[[3, 3], [2, 5], [0, 6]], columns_get], dtype=float)[..., None]
    found = bimatrix_equilibria(payoffs)
    assert same(listed(found, 0), np.array(expected))
    assert found.codes[0] == status


def test_everything_tied():
    found = bimatrix_equilibria(np.full((2, 3, 2, 2), 7.0))
    assert found.codes.tolist() == [Status.DEGENERATE] * 2
    assert same(listed(found, 1), np.array([[*x, *y] for x in np.eye(3) for y in np.eye(2)]))


def test_a_tie_that_no_equilibrium_touches_leaves_the_game_solved():
    payoffs = np.array([[[5, 5], [1, 1]], [[1, 0], [2, 2]]], dtype=float)[..., None]
    found = bimatrix_equilibria(payoffs)
    assert same(listed(found, 0), np.array([[1.0, 0, 1, 0]]))
    assert found.codes[0] == Status.SOLVED


def test_two_tied_rows_give_the_ends_of_the_component():
    payoffs = np.array([[[1, 0], [1, 0]], [[1, 0], [1, 0]]], dtype=float)[..., None]
    found = bimatrix_equilibria(payoffs)
    assert same(listed(found, 0), np.array([[1.0, 0, 1, 0], [0, 1, 1, 0]]))
    assert found.codes[0] == Status.DEGENERATE


@pytest.mark.parametrize("scale", [(1e-8, 1e8), (1e-150, 1e150), (1e-310, 1e308)])
def test_units_far_apart(scale):
    payoffs = np.random.default_rng(0).uniform(-1, 1, size=(2, 3, 3, 200))
    plain = bimatrix_equilibria(payoffs)
    found = bimatrix_equilibria(payoffs * np.array(scale)[:, None, None, None])
    solved = np.flatnonzero(found.codes == Status.SOLVED)
    assert solved.size == 200
    for draw in solved:
        assert same(listed(found, draw), listed(plain, draw))


def test_gains_far_apart_within_a_player_are_flagged():
    payoffs = np.array([[[1e8, 0], [0, 1e-8]], [[0, 1], [1, 0]]])[..., None]
    found = bimatrix_equilibria(payoffs)
    assert found.codes[0] == Status.DEGENERATE
    assert relative_regret(payoffs, found) < 1e-9


@settings(max_examples=25)
@given(st.integers(0, 2**32), st.integers(-16, -3), st.sampled_from([(2, 2), (3, 2), (3, 3)]))
def test_near_ties_are_right_or_flagged(seed, exponent, size):
    rng = np.random.default_rng(seed)
    payoffs = rng.integers(0, 3, size=(2, *size, 4)).astype(float)
    payoffs += 10.0**exponent * rng.normal(size=payoffs.shape) * rng.integers(0, 2, size=payoffs.shape)
    found = bimatrix_equilibria(payoffs)
    assert relative_regret(payoffs, found) < 1e-9
    for draw in np.flatnonzero(found.codes == Status.SOLVED):
        assert same(listed(found, draw), exact(payoffs[..., draw]))
    assert np.isin(found.codes, [Status.SOLVED, Status.DEGENERATE]).all()


@st.composite
def games(draw):
    """Small integers, so that about half of the games have ties, float[2, A, B, 1]."""
    rows, columns = draw(st.tuples(st.integers(2, 4), st.integers(2, 4)))
    top = draw(st.sampled_from([1, 4, 50]))
    return draw(hnp.arrays(np.float64, (2, rows, columns, 1), elements=st.integers(-top, top).map(float)))


@given(games(), st.randoms())
def test_relabelling_actions_relabels_equilibria(payoffs, random):
    rows, columns = (random.sample(range(size), size) for size in payoffs.shape[1:3])
    before, after = (bimatrix_equilibria(p) for p in (payoffs, payoffs[:, rows][:, :, columns]))
    moved = listed(before, 0)[:, [*rows, *(len(rows) + column for column in columns)]]
    assert same(moved, listed(after, 0))
    assert before.codes == after.codes


@given(games())
def test_exchanging_players_exchanges_strategies(payoffs):
    before, after = (bimatrix_equilibria(p) for p in (payoffs, payoffs[::-1].swapaxes(1, 2)))
    assert same(np.roll(listed(before, 0), payoffs.shape[2], axis=1), listed(after, 0))
    assert before.codes == after.codes


@given(games(), st.tuples(*[st.floats(1e-6, 1e6)] * 2), st.tuples(*[st.floats(-1e3, 1e3)] * 2))
def test_units_do_not_matter(payoffs, scale, shift):
    changed = payoffs * np.reshape(scale, (2, 1, 1, 1)) + np.reshape(scale, (2, 1, 1, 1)) * np.reshape(
        shift, (2, 1, 1, 1)
    )
    before, after = bimatrix_equilibria(payoffs), bimatrix_equilibria(changed)
    assert same(listed(before, 0), listed(after, 0))
    assert before.codes == after.codes


@given(games(), st.integers(0, 2**32))
def test_what_does_not_depend_on_the_own_action_does_not_matter(payoffs, seed):
    rng = np.random.default_rng(seed)
    changed = payoffs.copy()
    changed[0] += rng.integers(-100, 100, size=(1, payoffs.shape[2], 1))
    changed[1] += rng.integers(-100, 100, size=(payoffs.shape[1], 1, 1))
    before, after = bimatrix_equilibria(payoffs), bimatrix_equilibria(changed)
    assert same(listed(before, 0), listed(after, 0))
    assert before.codes == after.codes


@given(games(), st.data())
def test_a_reply_that_is_never_best_does_not_matter(payoffs, data):
    rows = payoffs.shape[1]
    weights = np.array(
        data.draw(st.lists(st.integers(0, 3), min_size=rows, max_size=rows).filter(any)), dtype=float
    )
    worse = np.tensordot(weights / weights.sum(), payoffs[0], axes=1) - 0.25
    liked = np.array(
        data.draw(st.lists(st.integers(-4, 4), min_size=payoffs.shape[2], max_size=payoffs.shape[2]))
    )
    added = np.stack([worse, liked[:, None].astype(float)])[:, None]
    before = bimatrix_equilibria(payoffs)
    after = bimatrix_equilibria(np.concatenate([payoffs, added], axis=1))
    assert (after.strategies[0][-1] == 0).all()
    assert same(listed(before, 0), np.delete(listed(after, 0), rows, axis=1))
    assert before.codes == after.codes


@pytest.mark.parametrize("size", [(2, 2), (3, 3), (4, 4), (4, 2)])
def test_the_same_as_quantecon_without_ties(size):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numba's, on import
        quantecon = pytest.importorskip("quantecon.game_theory")
    payoffs = normal(*size, 60, seed=2)
    found = bimatrix_equilibria(payoffs)
    for draw in range(payoffs.shape[-1]):
        row, column = payoffs[..., draw]
        players = quantecon.Player(row.copy()), quantecon.Player(column.T.copy())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = quantecon.support_enumeration(quantecon.NormalFormGame(players))
        assert same(listed(found, draw), np.array([np.concatenate(pair) for pair in theirs]))


@pytest.mark.parametrize("method", ["support_enumeration", "vertex_enumeration"])
@pytest.mark.parametrize("size", [(2, 2), (3, 2), (3, 3)])
def test_everything_that_nashpy_finds(size, method):
    nashpy = pytest.importorskip("nashpy")
    payoffs = normal(*size, 40, seed=3)
    found = bimatrix_equilibria(payoffs)
    for draw in range(payoffs.shape[-1]):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = list(getattr(nashpy.Game(*payoffs[..., draw]), method)())
        assert within(np.array([np.concatenate(pair) for pair in theirs]), listed(found, draw))


@pytest.mark.parametrize("size", [(2, 2), (3, 2), (3, 3), (4, 4)])
def test_everything_that_gambit_lists_in_rational_arithmetic(size):
    pygambit = pytest.importorskip("pygambit")
    payoffs = integers(*size, 25, top=3, seed=4)
    found = bimatrix_equilibria(payoffs)
    for draw in range(payoffs.shape[-1]):
        game = pygambit.Game.from_arrays(*payoffs[..., draw].astype(int))
        profiles = pygambit.nash.enummixed_solve(game, rational=True).equilibria
        theirs = [
            [float(p[strategy]) for player in game.players for strategy in player.strategies]
            for p in profiles
        ]
        # Gambit lists some of them twice.
        assert same(listed(found, draw), np.unique(np.array(theirs).round(9), axis=0))


@pytest.mark.parametrize("size", [(1, 1), (1, 3), (3, 1)])
def test_a_player_without_a_choice(size):
    payoffs = normal(*size, 5)
    found = bimatrix_equilibria(payoffs)
    assert found.codes.tolist() == [Status.SOLVED] * 5
    assert relative_regret(payoffs, found) == 0


def test_larger_games():
    payoffs = np.concatenate([normal(6, 6, 3), integers(6, 6, 3)], axis=-1)
    found = bimatrix_equilibria(payoffs)
    assert relative_regret(payoffs, found) < 1e-12
    assert (found.codes[:3] == Status.SOLVED).all()
    assert (np.bincount(found.draw)[:3] % 2 == 1).all()


def test_games_too_large_are_refused():
    assert is_enumerable(8, 8)
    assert is_enumerable(60, 2)
    assert not is_enumerable(9, 8)
    assert not is_enumerable(61, 2)
    with pytest.raises(UnsupportedGameError, match="given 20x20"):
        bimatrix_equilibria(np.zeros((2, 20, 20, 1)))
