import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from bargain.errors import InvalidArgumentError, UnknownNameError, UnsupportedGameError
from bargain.games.normal import NormalForm
from bargain.solvers.all_nash import AllNash
from bargain.solvers.bimatrix_nash import BimatrixNash
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solution, Status, solve
from bargain.solvers.subgame_perfect import SubgamePerfect
from reference.backward_induction import backward_induction

PENNIES = np.array([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]])
ORDERS = [
    [["p0"], ["p1"], ["p2"]],
    [["p2"], ["p0"], ["p1"]],
    [["p1"], ["p2", "p0"]],
    [["p2", "p1"], ["p0"]],
    [["p1", "p0", "p2"]],
]


def game_of(payoffs):
    shape = np.shape(payoffs)[1 : 1 + len(payoffs)]
    return NormalForm({f"p{i}": [f"a{k}" for k in range(size)] for i, size in enumerate(shape)}, payoffs)


def integers(*shape):
    return hnp.arrays(np.int64, (len(shape) - 1, *shape), elements=st.integers(-2, 2))


def found_in(solution, draw):
    """Outcomes and payoffs of the equilibria of a draw whose path of play is pure, sorted."""
    one = solution.of_draw(draw)
    pure = one.outcomes.max(axis=0) == 1
    actions = [strategy[:, pure].argmax(axis=0) for strategy in one.strategies]
    return sorted(
        zip(zip(*(a.tolist() for a in actions), strict=True), one.payoffs[:, pure].T.tolist(), strict=True)
    )


def distinct(equilibria):
    return sorted(
        equilibrium for i, equilibrium in enumerate(equilibria) if equilibrium not in equilibria[:i]
    )


@given(integers(2, 2, 2, 2), st.sampled_from(ORDERS))
def test_every_plan_of_the_slow_twin_is_found(payoffs, order):
    """Ties included; mixed continuations, which the twin does not know, may support more."""
    game = game_of(payoffs)
    solution = solve(game, SubgamePerfect(order))
    assert np.abs(solution.regret).max(initial=0) < 1e-9
    for draw in range(game.draws):
        numbers = [[game.players.index(player) for player in group] for group in order]
        found = [outcome for outcome, _ in found_in(solution, draw)]
        for outcome, _ in backward_induction(payoffs[..., draw], numbers):
            assert outcome in found


@given(integers(3, 2, 2, 2))
def test_unequal_numbers_of_actions(payoffs):
    game = game_of(payoffs)
    solution = solve(game, SubgamePerfect([["p1"], ["p2"], ["p0"]]))
    for draw in range(game.draws):
        twin = backward_induction(payoffs[..., draw], [[1], [2], [0]])
        assert found_in(solution, draw) == distinct(twin)


@given(integers(2, 3, 2, 2))
def test_moving_all_at_once_is_every_nash_equilibrium(payoffs):
    game = game_of(payoffs)
    at_once, nash = solve(game, SubgamePerfect([["p0", "p1", "p2"]])), solve(game, AllNash())
    assert (at_once.codes == nash.codes).all()
    for draw in range(game.draws):
        one, other = (
            np.unique(solution.of_draw(draw).outcomes.round(8), axis=1) for solution in (at_once, nash)
        )
        assert np.array_equal(one, other)


@given(integers(2, 3, 2))
def test_one_mover_after_the_other_always_have_an_equilibrium(payoffs):
    solution = solve(game_of(payoffs), SubgamePerfect([["p1"], ["p0"]]))
    assert (solution.count > 0).all()
    assert np.isin(solution.codes, (Status.SOLVED, Status.DEGENERATE)).all()
    assert (solution.regret == 0).all()


@given(st.permutations(range(12)))
def test_without_ties_one_mover_after_the_other_have_exactly_one(numbers):
    payoffs = np.array([numbers[:6], numbers[6:]]).reshape(2, 3, 2)
    solution = solve(game_of(payoffs), SubgamePerfect([["p1"], ["p0"]]))
    assert solution.count.tolist() == [1]
    assert solution.status.tolist() == [Status.SOLVED]


@given(
    integers(2, 2, 2, 1),
    st.sampled_from(ORDERS),
    st.lists(st.integers(1, 9), min_size=3, max_size=3),
    st.integers(-9, 9),
)
def test_a_positive_affine_change_of_payoffs_keeps_the_equilibria(payoffs, order, scales, shift):
    numbers = [[int(player[1]) for player in group] for group in order]
    assume(backward_induction(payoffs[..., 0], numbers))  # pure everywhere, hence exact
    changed = payoffs * np.reshape(scales, (3, 1, 1, 1, 1)) + shift
    first, second = (solve(game_of(table), SubgamePerfect(order)) for table in (payoffs, changed))
    assert (first.outcomes == second.outcomes).all()


def test_the_first_mover_uses_what_the_second_will_do():
    """Both 'much' is worst for both, so whoever moves first takes it."""
    payoffs = [[[4, 3], [6, 1]], [[4, 6], [3, 0]]]
    game = NormalForm({"leader": ("little", "much"), "follower": ("little", "much")}, payoffs)
    (profile,) = solve(game, SubgamePerfect([["leader"], ["follower"]])).profiles()
    assert profile == {"leader": {"much": 1.0}, "follower": {"little": 1.0}}
    (other,) = solve(game, SubgamePerfect([["follower"], ["leader"]])).profiles()
    assert other == {"leader": {"little": 1.0}, "follower": {"much": 1.0}}


def mediator(outside):
    """Player 0 lets the others play matching pennies, winning what player 1 wins, or takes an outside payoff."""
    table = np.zeros((3, 2, 2, 2))
    table[0, 0], table[0, 1] = outside, PENNIES[0]
    table[1, 1], table[2, 1] = PENNIES
    table[1, 0], table[2, 0] = [[3, 3], [0, 0]], [[2, 1], [2, 1]]
    return game_of(table)


def test_two_players_without_a_pure_reply_mix():
    solution = solve(mediator(-1), SubgamePerfect([["p0"], ["p1", "p2"]]))
    half = pytest.approx(0.5)
    assert solution.profiles() == [
        {"p0": {"a1": 1.0}, "p1": {"a0": half, "a1": half}, "p2": {"a0": half, "a1": half}}
    ]
    assert solution.payoffs[:, 0] == pytest.approx([0, 0, 0])
    assert solution.outcomes[:, 0] == pytest.approx([0] * 4 + [0.25] * 4)
    assert solution.regret[0] <= 1e-12
    assert solution.status.tolist() == [Status.SOLVED]


def test_mixing_off_the_path_is_foreseen():
    solution = solve(mediator(1), SubgamePerfect([["p0"], ["p1", "p2"]]))
    assert solution.profiles() == [{"p0": {"a0": 1.0}, "p1": {"a0": 1.0}, "p2": {"a0": 1.0}}]


def test_pure_and_mixed_draws_stand_side_by_side():
    tables = np.concatenate([mediator(-1).payoffs, mediator(1).payoffs, mediator(-1).payoffs], axis=-1)
    solution = solve(game_of(tables), SubgamePerfect([["p0"], ["p1", "p2"]]))
    assert solution.draw.tolist() == [0, 1, 2]
    assert solution.strategies[0][0].tolist() == [0, 1, 0]


def test_two_players_at_once_are_bimatrix_nash_where_nothing_is_pure():
    game = game_of(np.stack([PENNIES, PENNIES * [[[2]], [[3]]]], axis=-1))
    staged, nash = solve(game, SubgamePerfect([["p0", "p1"]])), solve(game, BimatrixNash())
    assert staged.draw.tolist() == nash.draw.tolist() == [0, 1]
    for one, other in zip(staged.strategies, nash.strategies, strict=True):
        assert one == pytest.approx(other)


def test_several_continuations_are_followed_one_by_one():
    """The second mover is indifferent everywhere: four plans, three paths of play."""
    game = game_of([[[2, 0], [1, 1]], [[5, 5], [0, 0]]])
    solution = solve(game, SubgamePerfect([["p0"], ["p1"]]))
    outcomes = [tuple(mix.popitem()[0] for mix in profile.values()) for profile in solution.profiles()]
    assert sorted(outcomes) == [("a0", "a0"), ("a1", "a0"), ("a1", "a1")]


def test_nothing_at_stake_is_every_outcome_once():
    """Ties do not multiply: there are 648 plans."""
    solution = solve(game_of(np.zeros((3, 3, 2, 2, 2))), SubgamePerfect([["p1"], ["p2"], ["p0"]]))
    assert solution.count.tolist() == [12, 12]
    assert (np.sort(solution.outcomes.reshape(12, 2, 12).argmax(axis=0)) == np.arange(12)).all()


def five_players():
    """Stage two is matching pennies with a doubled column; stage one has no pure equilibrium for three."""
    table = np.zeros((5, 2, 2, 2, 2, 3))
    table[:2] = PENNIES[:, :, :, None, None, None]
    table[3:] = PENNIES[:, :, [0, 1, 0]].reshape(2, 1, 1, 1, 2, 3)
    return game_of(table)


def test_a_tie_in_a_subgame_is_reported():
    game = five_players().hold({"p0": "a0", "p1": "a0"})
    solution = solve(game, SubgamePerfect([["p2"], ["p3", "p4"]]))
    assert solution.count[0] > 0
    assert solution.status.tolist() == [Status.DEGENERATE]


def test_players_with_one_action_need_no_place_in_the_order():
    game = mediator(-1).hold({"p0": "a1"})
    assert solve(game, SubgamePerfect([["p1"], ["p2"]])).count[0] > 0


@pytest.mark.parametrize("order", [[], "p0", ["p0", "p1"], [[]], [["p0"], []], None])
def test_orders_that_are_no_list_of_groups(order):
    with pytest.raises(InvalidArgumentError, match="order is a list of groups of players"):
        SubgamePerfect(order)


def test_orders_that_do_not_fit_the_game():
    with pytest.raises(InvalidArgumentError, match="'p0' moves more than once"):
        SubgamePerfect([["p0"], ["p1", "p0"]])
    with pytest.raises(UnknownNameError, match=r"order: unknown player 'p9'; did you mean 'p"):
        solve(mediator(1), SubgamePerfect([["p0"], ["p1", "p9"]]))
    with pytest.raises(UnsupportedGameError, match="order does not say when p1, p2 moves"):
        solve(mediator(1), SubgamePerfect([["p0"]]))


def test_the_order_is_a_value():
    assert SubgamePerfect([["a"], ["b", "c"]]) == SubgamePerfect((("a",), ("b", "c")))
    assert hash(SubgamePerfect([["a"], ["b"]])) == hash(SubgamePerfect([("a",), ("b",)]))


class Spoiled:
    """Stands for AllNash: what it says of stages that have no pure equilibrium is replaced."""

    strategies = ()
    code = Status.FAILED

    def solve(self, game):
        pure = solve(game, PureNash())
        without = np.flatnonzero(pure.codes == Status.NONE)
        mixed = [np.tile(np.asarray(part)[:, None], without.size) for part in self.strategies]
        codes = np.where(pure.codes == Status.NONE, self.code, pure.codes).astype(np.int8)
        if not mixed or not without.size:
            return Solution.of(game, self, pure.draw, pure.strategies, codes)
        parts = zip(pure.strategies, mixed, strict=True)
        both = [np.concatenate(pair, axis=1) for pair in parts]
        return Solution.of(game, self, np.concatenate([pure.draw, without]), both, codes)


def test_regret_counts_subgames_off_the_path(monkeypatch):
    """A stage's answer may be slightly off; the path of play does not show it."""

    class Nearly(Spoiled):
        strategies = ([0.5 + 5e-10, 0.5 - 5e-10], [0.5, 0.5])
        code = Status.SOLVED

    monkeypatch.setattr("bargain.solvers.subgame_perfect.AllNash", Nearly)
    solution = solve(mediator(1), SubgamePerfect([["p0"], ["p1", "p2"]]))
    assert solution.strategies[0][:, 0].tolist() == [1, 0]
    assert solution.regret[0] == pytest.approx(1e-9, rel=1e-3)


def half_unsolved():
    """Indifferent at (a0, a0), player 2 makes the stage before it matching pennies, or a game with a pure equilibrium."""
    table = np.zeros((3, 2, 2, 2))
    table[:2] = PENNIES[..., None]
    table[:2, 0, 0, 1] = 5
    table[2, :, :, 0] = 1
    table[2, 0, 0] = 0
    return game_of(table)


def test_a_stage_that_cannot_be_solved_is_a_status(monkeypatch):
    order = SubgamePerfect([["p0", "p1"], ["p2"]])
    assert solve(half_unsolved(), order).count.tolist() == [2]
    monkeypatch.setattr("bargain.solvers.subgame_perfect.AllNash", Spoiled)
    some, none = solve(half_unsolved(), order), solve(mediator(-1), SubgamePerfect([["p0"], ["p1", "p2"]]))
    assert some.profiles() == [{"p0": {"a0": 1.0}, "p1": {"a0": 1.0}, "p2": {"a1": 1.0}}]
    assert some.status.tolist() == [Status.INCOMPLETE]
    assert (none.count.tolist(), none.status.tolist()) == ([0], [Status.FAILED])


def test_a_draw_without_equilibrium_of_the_kind_is_none(monkeypatch):
    class NoneAtAll(Spoiled):
        code = Status.NONE

    monkeypatch.setattr("bargain.solvers.subgame_perfect.AllNash", NoneAtAll)
    solution = solve(mediator(-1), SubgamePerfect([["p0"], ["p1", "p2"]]))
    assert solution.count.tolist() == [0]
    assert solution.status.tolist() == [Status.NONE]
    assert solution.profiles() == []


def test_too_many_combinations_are_cut_and_said(monkeypatch):
    """Three coordination games behind a first mover with three actions: 27 combinations."""
    monkeypatch.setattr("bargain.solvers.subgame_perfect._MOST", 26)
    table = np.zeros((3, 3, 2, 2))
    table[1:] = np.eye(2)
    table[0] = np.arange(3)[:, None, None]
    cut = solve(game_of(table), SubgamePerfect([["p0"], ["p1", "p2"]]))
    assert cut.status.tolist() == [Status.INCOMPLETE]
    assert cut.count.tolist() == [1]
    monkeypatch.setattr("bargain.solvers.subgame_perfect._MOST", 27)
    whole = solve(game_of(table), SubgamePerfect([["p0"], ["p1", "p2"]]))
    assert whole.status.tolist() == [Status.SOLVED]
    assert whole.count.tolist() == [3], "the paths differ in the last coordination game only"
