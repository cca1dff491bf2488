import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bargain.errors import InvalidArgumentError
from bargain.games.normal import NormalForm
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Status, solve
from reference.pure_nash import pure_nash

SHAPES = st.lists(st.integers(1, 3), min_size=1, max_size=4).map(tuple)


@st.composite
def games(draw):
    """Small integers: exact, with many ties."""
    shape, draws = draw(SHAPES), draw(st.integers(1, 3))
    payoffs = draw(hnp.arrays(np.int64, (len(shape), *shape, draws), elements=st.integers(-3, 3)))
    return NormalForm({f"p{i}": [f"a{k}" for k in range(size)] for i, size in enumerate(shape)}, payoffs)


def equilibria(game, draw):
    return [tuple(outcome) for outcome in np.argwhere(PureNash().stable(game.payoffs)[..., draw]).tolist()]


@given(games())
def test_the_slow_twin_finds_the_same(game):
    solution = solve(game, PureNash())
    for draw in range(game.draws):
        expected = pure_nash(game.payoffs[..., draw])
        found = [
            tuple(int(strategy[:, index].argmax()) for strategy in solution.strategies)
            for index in np.flatnonzero(solution.draw == draw)
        ]
        assert found == expected
        assert solution.count[draw] == len(expected)
        assert solution.status[draw] == (Status.SOLVED if expected else Status.NONE)


@given(games())
def test_equilibria_are_pure_without_regret_and_pay_what_the_table_says(game):
    solution = solve(game, PureNash())
    assert all(np.isin(strategy, (0, 1)).all() for strategy in solution.strategies)
    assert (solution.regret == 0).all()
    for index, draw in enumerate(solution.draw):
        actions = [int(strategy[:, index].argmax()) for strategy in solution.strategies]
        assert (solution.payoffs[:, index] == game.payoffs[(slice(None), *actions, draw)]).all()


@given(games(), st.data())
def test_a_positive_affine_change_of_payoffs_keeps_the_equilibria(game, data):
    """Integers: the comparisons are exact. A shift may depend on what the others do."""
    payoffs = game.payoffs.copy()
    for player, size in enumerate(game.shape):
        others = [1 if axis == player else n for axis, n in enumerate(game.shape)]
        shift = data.draw(hnp.arrays(np.int64, (*others, 1), elements=st.integers(-9, 9)))
        payoffs[player] = data.draw(st.integers(1, 9)) * payoffs[player] + shift
        assert payoffs[player].shape[player] == size
    assert (PureNash().stable(payoffs) == PureNash().stable(game.payoffs)).all()


@given(games(), st.data())
def test_a_relabelled_game_has_relabelled_equilibria(game, data):
    order = data.draw(st.permutations(range(len(game.shape))))
    moves = [data.draw(st.permutations(range(size))) for size in game.shape]
    payoffs = game.payoffs
    for axis, move in enumerate(moves):
        payoffs = payoffs.take(move, axis=1 + axis)
    draws = len(game.shape)
    payoffs = payoffs.transpose(0, *(1 + axis for axis in order), 1 + draws)[list(order)]
    relabelled = NormalForm({f"q{i}": [f"b{k}" for k in range(game.shape[i])] for i in order}, payoffs)
    for draw in range(game.draws):
        expected = {tuple(moves[i].index(outcome[i]) for i in order) for outcome in equilibria(game, draw)}
        assert set(equilibria(relabelled, draw)) == expected


@given(games(), st.data())
def test_holding_a_player_to_its_equilibrium_action_keeps_the_equilibrium(game, data):
    solution = solve(game[0], PureNash())
    for profile in solution.profiles():
        player = data.draw(st.sampled_from(game.players))
        (action,) = profile[player]
        assert profile in solve(game[0].hold({player: action}), PureNash()).profiles()


@pytest.mark.parametrize(
    ("payoffs", "expected"),
    [
        ([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], [("b", "b")]),
        ([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], []),
        ([[[3, 0], [0, 2]], [[2, 0], [0, 3]]], [("a", "a"), ("b", "b")]),
        ([[[0, 0], [0, 0]], [[0, 0], [0, 0]]], [("a", "a"), ("a", "b"), ("b", "a"), ("b", "b")]),
    ],
    ids=["dilemma", "pennies", "battle of the sexes", "nothing at stake"],
)
def test_known_games(payoffs, expected):
    game = NormalForm({"row": ("a", "b"), "column": ("a", "b")}, payoffs)
    found = [
        tuple(next(iter(mix)) for mix in profile.values()) for profile in solve(game, PureNash()).profiles()
    ]
    assert found == expected


def test_three_players_who_must_all_agree():
    payoffs = np.zeros((3, 2, 2, 2))
    payoffs[:, 1, 1, 1] = 1
    game = NormalForm({"a": ["no", "yes"], "b": ["no", "yes"], "c": ["no", "yes"]}, payoffs)
    found = {
        tuple(next(iter(mix)) for mix in profile.values()) for profile in solve(game, PureNash()).profiles()
    }
    # Alone nobody changes anything, so every outcome with at most one "yes" is stable as well.
    assert found == {
        ("yes", "yes", "yes"), ("no", "no", "no"), ("yes", "no", "no"), ("no", "yes", "no"), ("no", "no", "yes")
    }  # fmt: skip


def test_within_a_tolerance():
    game = NormalForm({"one": ("a", "b", "c")}, [[1.0, 0.9, 0.5]])
    assert solve(game, PureNash()).count.tolist() == [1]
    near = solve(game, PureNash(tolerance=0.2))
    assert near.profiles() == [{"one": {"a": 1.0}}, {"one": {"b": 1.0}}]
    assert near.regret == pytest.approx([0, 0.1])


@pytest.mark.parametrize("tolerance", [-1e-9, float("nan")])
def test_tolerances_that_cannot_be(tolerance):
    with pytest.raises(
        InvalidArgumentError, match=f"PureNash: tolerance >= 0 was expected, given {tolerance}"
    ):
        PureNash(tolerance)
