import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError, UnknownNameError, UnsupportedGameError
from bargain.games.normal import NormalForm
from bargain.solvers import logit_qre
from bargain.solvers.agent_logit_qre import AgentLogitQRE
from bargain.solvers.logit_qre import LogitQRE
from bargain.solvers.solution import Status, solve

# The four-move centipede of McKelvey and Palfrey: payoffs of (one, two) when taken at each move, and at the end.
CENTIPEDE = ((0.4, 0.1), (0.2, 0.8), (1.6, 0.4), (0.8, 3.2), (6.4, 1.6))
MOVES = ("one", "two", "one again", "two again")


def game_of(payoffs):
    shape = np.shape(payoffs)[1 : 1 + len(payoffs)]
    return NormalForm({f"p{i}": [f"a{k}" for k in range(size)] for i, size in enumerate(shape)}, payoffs)


def random_game(*shape, draws, seed=0):
    return game_of(np.random.default_rng(seed).normal(size=(len(shape), *shape, draws)))


def centipede():
    payoffs = np.zeros((4, 2, 2, 2, 2))
    for actions in itertools.product((0, 1), repeat=4):
        end = actions.index(0) if 0 in actions else 4
        payoffs[(slice(None), *actions)] = [CENTIPEDE[end][mover % 2] for mover in range(4)]
    return NormalForm(dict.fromkeys(MOVES, ("take", "pass")), payoffs)


def taken(solution):
    """Probability of taking at each move, given that it is reached."""
    table = solution.outcomes.reshape(2, 2, 2, 2, -1)[..., 0]
    return [table[(1,) * k + (0,)].sum() / table[(1,) * k].sum() for k in range(4)]


class TestCentipede:
    @pytest.mark.parametrize("precision", [0.0, 0.5, 1.0, 2.0, 5.0])
    def test_by_recursion_from_the_end(self, precision):
        solution = solve(centipede(), AgentLogitQRE(precision, [[move] for move in MOVES]))
        ahead, expected = np.array(CENTIPEDE[4]), []
        for move in (3, 2, 1, 0):
            take = np.array(CENTIPEDE[move])
            probability = 1 / (1 + np.exp(precision * (ahead[move % 2] - take[move % 2])))
            ahead = probability * take + (1 - probability) * ahead
            expected.insert(0, probability)
        assert taken(solution) == pytest.approx(expected, abs=1e-12)
        assert solution.payoffs[:, 0] == pytest.approx([*ahead, *ahead], abs=1e-12)

    @pytest.mark.parametrize(
        ("precision", "expected"),
        [
            (0.5, [0.373594228, 0.375572530, 0.385072806, 0.689974481]),
            (1.0, [0.296256575, 0.277980286, 0.464883649, 0.832018385]),
            (2.0, [0.236192966, 0.376298744, 0.761576824, 0.960834277]),
            (5.0, [0.492704225, 0.851436106, 0.981847188, 0.999664650]),
        ],
    )
    def test_as_gambit_has_it(self, precision, expected):
        """pygambit 16.7.0, `logit_solve_lambda` of the game in extensive form."""
        solution = solve(centipede(), AgentLogitQRE(precision, [[move] for move in MOVES]))
        assert taken(solution) == pytest.approx(expected, abs=2e-9)


@pytest.mark.parametrize("precision", [0.3, 2.0, 30.0])
def test_everybody_responds_to_what_follows(precision):
    """One player first, then two together: every condition of the definition, written out."""
    game = random_game(3, 2, 2, draws=6)
    solution = solve(game, AgentLogitQRE(precision, [["p2"], ["p1", "p0"]]))
    assert (solution.codes == Status.SOLVED).all()
    for draw in range(game.draws):
        table, payoffs = solution.outcomes[:, draw].reshape(3, 2, 2), game.payoffs[..., draw]
        first = table.sum(axis=(0, 1))
        values = np.empty(2)
        for seen in range(2):
            joint = table[..., seen] / first[seen]
            zero, one = joint.sum(axis=1), joint.sum(axis=0)
            assert joint == pytest.approx(np.outer(zero, one), abs=1e-12)
            assert zero == pytest.approx(_logit(precision, payoffs[0, ..., seen] @ one), abs=1e-9)
            assert one == pytest.approx(_logit(precision, zero @ payoffs[1, ..., seen]), abs=1e-9)
            values[seen] = (joint * payoffs[2, ..., seen]).sum()
        assert first == pytest.approx(_logit(precision, values), abs=1e-9)


def _logit(precision, values):
    weights = np.exp(precision * (values - values.max()))
    return weights / weights.sum()


@given(st.integers(0, 2**32 - 1), st.floats(0, 20), st.permutations(["p0", "p1", "p2"]))
def test_moving_all_at_once_is_logit_play(seed, precision, group):
    game = random_game(2, 3, 2, draws=2, seed=seed)
    staged, at_once = solve(game, AgentLogitQRE(precision, [group])), solve(game, LogitQRE(precision))
    assert staged.outcomes == pytest.approx(at_once.outcomes, abs=1e-8)
    assert staged.regret == pytest.approx(at_once.regret, abs=1e-7)
    for one, other in zip(staged.strategies, at_once.strategies, strict=True):
        assert one == pytest.approx(other, abs=1e-8)


def test_without_errors_it_is_subgame_perfect():
    """The entrant enters because fighting is not credible."""
    game = NormalForm(
        {"entrant": ("stay out", "enter"), "incumbent": ("fight", "share")},
        [[[0, 0], [-1, 1]], [[2, 2], [-1, 1]]],
    )
    solution = solve(game, AgentLogitQRE(200.0, [["entrant"], ["incumbent"]]))
    assert solution.profiles() == [{"entrant": {"enter": 1.0}, "incumbent": {"share": 1.0}}]
    assert solution.regret[0] < 1e-12


def test_regret_is_the_largest_gain_from_deviating_once():
    game = random_game(2, 2, draws=1, seed=4)
    solution = solve(game, AgentLogitQRE(1.0, [["p0"], ["p1"]]))
    table, payoffs = solution.outcomes.reshape(2, 2), game.payoffs[..., 0]
    first = table.sum(axis=1)
    second = table / first[:, None]
    values = (second * payoffs[0]).sum(axis=1)
    gains = [values.max() - first @ values]
    gains += [payoffs[1, seen].max() - second[seen] @ payoffs[1, seen] for seen in range(2)]
    assert solution.regret[0] == pytest.approx(max(gains), rel=1e-12)


def test_a_stage_that_fails_leaves_no_equilibrium(monkeypatch):
    game = game_of(random_game(3, 2, 2, draws=40).payoffs * np.linspace(0.05, 5, 40))
    solver = AgentLogitQRE(10.0, [["p2"], ["p0", "p1"]])
    whole = solve(game, solver)
    monkeypatch.setattr(logit_qre, "_MOST_STEPS", 12)
    cut = solve(game, solver)
    failed = cut.codes == Status.FAILED
    assert failed.any()
    assert not failed.all()
    assert (cut.count == ~failed).all()
    assert cut.outcomes == pytest.approx(whole.outcomes[:, ~failed], abs=1e-12)


def test_players_without_a_choice_may_be_left_out():
    game = random_game(2, 1, 2, draws=3)
    solution = solve(game, AgentLogitQRE(2.0, [["p2"], ["p0"]]))
    listed = solve(game, AgentLogitQRE(2.0, [["p1"], ["p2"], ["p0"]]))
    assert solution.strategies[1] == pytest.approx(np.ones((1, 3)))
    assert solution.outcomes == pytest.approx(listed.outcomes, abs=1e-12)


@pytest.mark.parametrize("order", [[], "p0", ["p0"], [[]], [["p0"], ["p0", "p1"]]])
def test_what_is_not_an_order(order):
    with pytest.raises(InvalidArgumentError, match="AgentLogitQRE"):
        AgentLogitQRE(1.0, order)


def test_misuse():
    game = random_game(2, 2, draws=1)
    with pytest.raises(InvalidArgumentError, match="precision"):
        AgentLogitQRE(-1.0, [["p0"], ["p1"]])
    with pytest.raises(UnknownNameError, match="p7"):
        solve(game, AgentLogitQRE(1.0, [["p0"], ["p7"]]))
    with pytest.raises(UnsupportedGameError, match="p1"):
        solve(game, AgentLogitQRE(1.0, [["p0"]]))
