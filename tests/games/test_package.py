import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import InvalidGameError, UnknownNameError
from bargain.games.package import PackageGame

SEEDS = st.integers(0, 2**32 - 1)
PLAYERS = ("A", "B", "C")
ISSUES = {"money": ("little", "much"), "pact": ("ends", "pauses", "stays"), "trade": ("shut", "open"),
          "push": ("no", "yes"), "court": ("goes on", "stops")}  # fmt: skip
PARTIES = {"pact": ["A"], "trade": ["B"], "push": ["C"], "court": ["A"], "money": ["A", "C"]}


def random_game(seed, draws=3):
    payoffs = np.random.default_rng(seed).normal(size=(3, 2, 3, 2, 2, 2, draws))
    return PackageGame(PLAYERS, ISSUES, payoffs, parties=PARTIES, tactics=["push"])


@given(SEEDS)
def test_alone_everybody_settles_its_own(seed):
    game = random_game(seed)
    alone = game.alone
    assert alone.labels.actions[0][:2] == ("ends, goes on", "ends, stops")
    assert alone.shape == (6, 2, 2)
    for number, (pact, court, trade, push) in enumerate(
        itertools.product(range(3), range(2), range(2), range(2))
    ):
        expected = game.payoffs[:, 0, pact, trade, push, court]
        assert (alone.payoffs.reshape(3, -1, 3)[:, number] == expected).all()
        standing = game.standing(np.array([number]))
        assert standing[:, 0].tolist() == [0, pact, trade, push, court]
        assert (game.at(standing[:, 0]) == expected).all()


def test_who_decides_nothing_has_one_action():
    game = PackageGame(PLAYERS, {"pact": ("ends", "stays")}, np.zeros((3, 2)), parties={"pact": ["B"]})
    assert game.alone.labels.actions == (("nothing",), ("ends", "stays"), ("nothing",))
    assert PackageGame(PLAYERS, {"pact": ("ends", "stays")}, np.zeros((3, 2))).alone.shape == (1, 1, 1)


@given(SEEDS)
def test_packages_of_all_and_of_two(seed):
    game = random_game(seed)
    now = np.random.default_rng(seed).integers(0, [[2], [3], [2], [2], [2]], (5, 3))
    whole = game.problem(now)
    assert game.table() == ("money", "pact", "trade", "court")
    assert len(whole.packages) == 24
    assert whole.packages[0] == "money: little, pact: ends, trade: shut, court: goes on"
    assert np.abs(whole.disagreement - game.at(now)).max() == 0
    for number, (money, pact, trade, court) in enumerate(itertools.product(*map(range, (2, 3, 2, 2)))):
        # The third player agrees, and so ceases to push.
        assert (whole.payoffs[:, number] == game.payoffs[:, money, pact, trade, 0, court]).all()
    pair = game.problem(now, players=("A", "B"))
    assert game.table(("A", "B")) == ("pact", "trade", "court")
    assert pair.players == ("A", "B")
    for number, (pact, trade, court) in enumerate(itertools.product(*map(range, (3, 2, 2)))):
        for n in range(3):
            # What takes the third player's consent, and what it does by itself, stay.
            expected = game.payoffs[:2, now[0, n], pact, trade, now[3, n], court, n]
            assert (pair.payoffs[:, number, n] == expected).all()
    one = game.problem(now, issues=["trade"], lotteries=False)
    assert one.packages == ("trade: shut", "trade: open")
    assert not one.lotteries


@given(SEEDS)
def test_coalitions_settle_what_is_theirs(seed):
    game = random_game(seed)
    now = np.zeros((5, 3), dtype=np.int64)
    coalitions = game.coalitional(now)
    assert np.allclose(coalitions.of("A"), game.payoffs[0, 0, :, 0, 0, :].max(axis=(0, 1)))
    assert np.allclose(coalitions.of("C"), game.payoffs[2, 0, 0, 0, :, 0].max(axis=0))
    pair = game.payoffs[[0, 2]].sum(axis=0)[:, :, 0]
    assert np.allclose(coalitions.of(("A", "C")), pair.max(axis=(0, 1, 2, 3)))
    assert np.allclose(coalitions.of(PLAYERS), game.payoffs.sum(axis=0).max(axis=(0, 1, 2, 3, 4)))


def test_reading():
    game = random_game(0)
    assert repr(game) == "PackageGame(A, B, C; money, pact, trade, push, court; 3 draws)"
    assert len(game) == 3
    assert (game[np.array([2, 0])].payoffs == game.payoffs[..., [2, 0]]).all()
    with pytest.raises(ValueError, match="read-only"):
        game.payoffs[...] = 0


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"payoffs": np.zeros((3, 3))}, InvalidGameError, r"shape \(3, 2\)"),
        ({"payoffs": np.full((3, 2), np.nan)}, InvalidGameError, "finite"),
        ({"parties": {"pct": ["A"]}}, UnknownNameError, "pact"),
        ({"parties": {"pact": ["D"]}}, UnknownNameError, "player"),
        ({"parties": {"pact": []}}, InvalidGameError, "one or more players"),
        ({"parties": {"pact": ["A", "A"]}}, InvalidGameError, "each once"),
        ({"tactics": ["pact"]}, InvalidGameError, "one party was expected"),
        ({"tactics": ["push"]}, UnknownNameError, "push"),
        ({"players": ("A", "A", "B")}, InvalidGameError, "A"),
    ],
)
def test_misuse(change, error, message):
    terms = {"players": PLAYERS, "issues": {"pact": ("ends", "stays")}, "payoffs": np.zeros((3, 2))}
    with pytest.raises(error, match=message):
        PackageGame(**terms | change)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda g: g.problem([0, 0]), InvalidGameError, "number of an option"),
        (lambda g: g.problem([0, 3, 0, 0, 0]), InvalidGameError, "number of an option"),
        (lambda g: g.problem([0.0] * 5), InvalidGameError, "number of an option"),
        (lambda g: g.problem([0] * 5, players=("C",)), InvalidGameError, "nothing is on the table"),
        (lambda g: g.problem([0] * 5, issues=["peace"]), UnknownNameError, "peace"),
        (lambda g: g.table(("A", "D")), UnknownNameError, "D"),
    ],
)
def test_misuse_of_methods(call, error, message):
    with pytest.raises(error, match=message):
        call(random_game(0))
