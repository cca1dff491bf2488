import numpy as np
import pytest

from bargain.errors import InvalidArgumentError
from bargain.games.extensive import ExtensiveForm
from bargain.games.normal import NormalForm
from bargain.games.tree import Decision, Outcome
from bargain.solvers.agent_logit_qre import AgentLogitQRE
from bargain.solvers.extensive_logit_qre import ExtensiveLogitQRE
from bargain.solvers.logit_qre import LogitQRE
from bargain.solvers.solution import Status, solve
from reference.game_trees import one_card_poker, random_tree, selten_horse

PLAYERS = ("P1", "P2", "P3")


@pytest.mark.parametrize("seed", range(4))
def test_each_agent_answers_with_logit_probabilities(seed):
    rng = np.random.default_rng(seed)
    game = ExtensiveForm(PLAYERS, random_tree(rng, PLAYERS, 3))
    solution = ExtensiveLogitQRE(2.0).solve(game)
    assert solution.status[0] == Status.SOLVED
    profile = {
        one.name: own[:, 0] for one, own in zip(game.information_sets, solution.behaviour, strict=True)
    }
    for name, worth in game.action_values(profile).items():
        response = np.exp(2.0 * worth[:, 0])
        np.testing.assert_allclose(profile[name], response / response.sum(), atol=1e-9)


def simultaneous(payoffs):
    def second(row):
        return Decision("P2", "unseen", {f"c{k}": Outcome(list(payoffs[:, row, k])) for k in range(2)})

    return ExtensiveForm(("P1", "P2"), Decision("P1", "start", {f"r{k}": second(k) for k in range(2)}))


def test_moves_that_nobody_sees_are_those_of_the_normal_form():
    payoffs = np.random.default_rng(1).normal(size=(2, 2, 2, 40))
    solution = ExtensiveLogitQRE(3.0).solve(simultaneous(payoffs))
    other = solve(NormalForm({"P1": ("r0", "r1"), "P2": ("c0", "c1")}, payoffs), LogitQRE(3.0))
    assert (solution.codes == Status.SOLVED).all()
    for own, mixed in zip(solution.behaviour, other.strategies, strict=True):
        np.testing.assert_allclose(own, mixed, atol=1e-8)


def test_moves_that_all_see_are_those_of_the_stage_solver():
    payoffs = np.random.default_rng(2).normal(size=(2, 2, 2, 40))

    def second(row):
        ends = {f"c{k}": Outcome(list(payoffs[:, row, k])) for k in range(2)}
        return Decision("P2", f"seen r{row}", ends)

    game = ExtensiveForm(("P1", "P2"), Decision("P1", "start", {f"r{k}": second(k) for k in range(2)}))
    other = AgentLogitQRE(3.0, [["P1"], ["P2"]])
    theirs = solve(NormalForm({"P1": ("r0", "r1"), "P2": ("c0", "c1")}, payoffs), other)
    np.testing.assert_allclose(ExtensiveLogitQRE(3.0).solve(game).outcomes, theirs.outcomes, atol=1e-9)


def test_great_precision_leads_to_the_sequential_equilibrium():
    poker = ExtensiveLogitQRE(1000.0).solve(ExtensiveForm(("P1", "P2"), one_card_poker()))
    (profile,) = poker.profiles()
    assert profile["Queen"]["bet"] == pytest.approx(1 / 3, abs=1e-3)
    assert profile["raised"]["call"] == pytest.approx(2 / 3, abs=1e-3)
    (horse,) = ExtensiveLogitQRE(100.0).solve(ExtensiveForm(PLAYERS, selten_horse())).profiles()
    assert horse["h1"] == {"R": 1.0}
    assert horse["h3"]["L"] > 0.75


def test_without_precision_play_is_uniform():
    solution = ExtensiveLogitQRE(0.0).solve(ExtensiveForm(PLAYERS, selten_horse(draws=2)))
    assert all((own == 0.5).all() for own in solution.behaviour)
    with pytest.raises(InvalidArgumentError, match="precision"):
        ExtensiveLogitQRE(-1.0)


def test_gambit_values_actions_so_that_the_answer_is_logit():
    pygambit = pytest.importorskip("pygambit")
    game = pygambit.Game.new_tree(players=["P1", "P2", "P3"], title="")
    game.append_move(game.root, "P1", ["R", "L"])
    after, left = list(game.root.children)
    game.append_move(after, "P2", ["R", "L"])
    ended, hidden = list(after.children)
    game.append_move([hidden, left], "P3", ["L", "R"])
    nodes = [ended, *hidden.children, *left.children]
    payoffs_of = [[1, 1, 1], [0, 0, 1], [4, 4, 0], [0, 0, 0], [3, 2, 2]]
    for number, (node, payoffs) in enumerate(zip(nodes, payoffs_of, strict=True)):
        game.set_outcome(node, game.add_outcome(f"o{number}", payoffs=payoffs))
    ours = ExtensiveLogitQRE(2.0).solve(ExtensiveForm(PLAYERS, selten_horse())).behaviour
    theirs = game.mixed_behavior_profile()
    actions = [list(player.actions) for player in game.players]
    for own, named in zip(ours, actions, strict=True):
        for probability, action in zip(own[:, 0], named, strict=True):
            theirs[action] = float(probability)
    for own, named in zip(ours, actions, strict=True):
        response = np.exp([2.0 * float(theirs.action_value(action)) for action in named])
        np.testing.assert_allclose(own[:, 0], response / response.sum(), atol=1e-9)


def test_the_branch_does_not_jump_where_two_pieces_nearly_meet():
    ends = iter(np.array([
        [0.3, -0.8, 0.2, 0.0, -0.6, -0.6], [-0.3, 0.4, -0.5, 0.1, -0.3, 0.6], [0.6, 0.1, -0.5, -0.9, -0.2, -0.7],
    ]).T.tolist())  # fmt: skip
    last = lambda: Decision("C", "C", {"s": Outcome(next(ends)), "t": Outcome(next(ends))})  # noqa: E731
    game = ExtensiveForm(
        ("A", "B", "C"),
        Decision("A", "A", {
            "l": Decision("B", "B", {"u": last(), "d": Outcome(next(ends))}),
            "r": last(),
            "q": Outcome(next(ends)),
        }),
    )  # fmt: skip
    # Precisions from 4 to 7, as payoffs of as many draws.
    scaled = game.with_payoffs(game.payoffs * np.linspace(4, 7, 121))
    way = np.concatenate(ExtensiveLogitQRE(1.0).solve(scaled).behaviour)
    assert np.abs(np.diff(way, axis=1)).max() < 0.04
    assert np.ptp(way, axis=1).max() > 0.2  # it turns, though
