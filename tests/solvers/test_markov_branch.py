import numpy as np
import pytest

from bargain.games.profiles import action_values, expected_payoffs
from bargain.games.stochastic import StochasticGame
from bargain.solvers.markov_branch import logit_branch_equilibrium
from bargain.solvers.markov_perfect import MarkovPerfect
from bargain.solvers.solution import Status


def random_game(seed, *, players=3, states=3, actions=2, draws=1, discount=0.9, immediate=()):
    rng = np.random.default_rng(seed)
    shape = (actions,) * players
    payoffs = rng.normal(size=(players, states, *shape, draws))
    chances = rng.dirichlet(np.ones(states), size=(states, *shape))
    if immediate:
        chances[-1, ..., -1] = 0
        chances /= chances.sum(axis=-1, keepdims=True)
    return StochasticGame(
        {f"player {p}": tuple(f"action {a}" for a in range(actions)) for p in range(players)},
        payoffs, chances, states=[f"state {s}" for s in range(states)], discount=discount, immediate=immediate,
    )  # fmt: skip


@pytest.mark.parametrize("players", [1, 2, 3])
@pytest.mark.parametrize("immediate", [(), ("state 2",)])
def test_the_end_of_the_branch_is_an_equilibrium(players, immediate):
    """Values follow from the strategies by the game's own continuations, and no action is better."""
    for seed in range(6):
        game = random_game(seed, players=players, immediate=immediate)
        strategies, values = logit_branch_equilibrium(game, 1000, 1e-9)
        worth = game.continuations(values[..., None])
        for state, mixes in enumerate(strategies):
            columns = [mix[:, None] for mix in mixes]
            stage = game.stage_payoffs(state, worth)
            assert np.abs(expected_payoffs(stage, columns)[:, 0] - values[:, state]).max() < 1e-9
            for player in range(players):
                best = action_values(stage, columns, player).max()
                assert best <= values[player, state] + 1e-8


def test_one_player_alone_reaches_the_best_policy():
    for seed in range(6):
        game = random_game(seed, players=1, actions=3)
        _, values = logit_branch_equilibrium(game, 1000, 1e-9)
        assert np.abs(values - MarkovPerfect().solve(game).values[..., 0]).max() < 1e-9


def test_the_path_turns_back_where_it_must():
    """Harsanyi and Selten's stag hunt, again and again: the branch ends at the safe equilibrium."""
    hunt = [[[10, 1], [8, 5]], [[10, 8], [1, 5]]]
    game = StochasticGame(
        {"A": ("stag", "hare"), "B": ("stag", "hare")}, {"woods": hunt}, {"woods": np.ones((2, 2, 1))},
        states=["woods"], discount=0.5,
    )  # fmt: skip
    (mixes,), values = logit_branch_equilibrium(game, 1000, 1e-9)
    assert [mix.tolist() for mix in mixes] == [[0, 1], [0, 1]]
    assert values[:, 0] == pytest.approx([10, 10])


def test_draws_that_go_in_circles_are_solved_by_it():
    game = random_game(1, players=3, states=2, draws=150, discount=0.9)
    solution = MarkovPerfect(iterations=40).solve(game)
    circling = MarkovPerfect(iterations=0).solve(game).codes == Status.FAILED
    assert circling.any()
    assert (solution.codes != Status.FAILED).all()
    assert (solution.gain <= 1e-9 * np.abs(solution.values).max(axis=(0, 1))).all()


def test_a_path_that_is_cut_short_says_so():
    game = random_game(3)
    assert logit_branch_equilibrium(game, 0, 1e-30) is None
