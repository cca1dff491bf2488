import numpy as np
import pytest

from bargain.errors import InvalidGameError, UnknownDrawError, UnknownNameError
from bargain.games.stochastic import StochasticGame

MACHINE = {
    "actions": {"works": {"owner": ["run"]}, "broken": {"owner": ["leave", "repair"]}},
    "payoffs": {"works": [[1]], "broken": [[0, -2]]},
    "transitions": {"works": [[0.9, 0.1]], "broken": [[0, 1], [1, 0]]},
    "discount": 0.9,
}
PAIR = {"A": ("C", "D"), "B": ("C", "D")}


def machine(**changes):
    return StochasticGame(**{**MACHINE, **changes})


def test_both_ways_to_write_a_game_agree():
    other = StochasticGame.of(
        "owner",
        {
            "works": {"run": (1, {"works": 0.9, "broken": 0.1})},
            "broken": {"leave": (0, "broken"), "repair": (-2, "works")},
        },
        discount=0.9,
    )
    assert machine().to_frame().equals(other.to_frame())


def test_arrays_for_all_states_and_one_array_for_each_agree():
    rng = np.random.default_rng(0)
    payoffs = rng.normal(size=(2, 3, 2, 2, 5))
    chances = rng.dirichlet(np.ones(3), size=(3, 2, 2))
    states = ("x", "y", "z")
    together = StochasticGame(PAIR, payoffs, chances, states=states, discount=0.5)
    apart = StochasticGame(
        dict.fromkeys(states, PAIR),
        {state: payoffs[:, number] for number, state in enumerate(states)},
        {state: chances[number] for number, state in enumerate(states)},
        discount=[0.5, 0.5],
    )
    assert together.draws == apart.draws == 5
    for draw in range(5):
        assert together.to_frame(draw).equals(apart.to_frame(draw))
    assert together[3].to_frame().equals(together.to_frame(3))
    assert together[-1].to_frame().equals(together.to_frame(4))


def test_equal_lotteries_are_kept_once_and_draws_of_a_probability_are_kept_apart():
    same = np.array([0.3, 0.6])
    game = StochasticGame.of(
        "A",
        {
            "x": {"a": (0, {"x": same, "y": 1 - same}), "b": (1, {"x": 0.5, "y": 0.5})},
            "y": {"a": (0, {"x": 0.5, "y": 0.5}), "b": (np.array([1.0, 2.0]), "x")},
        },
        discount=0.9,
    )
    assert game.draws == 2
    assert len(game.lotteries) == 3
    assert game.to_frame(1)["next"].to_numpy().tolist() == [[0.6, 0.4], [0.5, 0.5], [0.5, 0.5], [1.0, 0.0]]


def test_stage_payoffs_add_what_follows():
    game = machine()
    values = np.array([[[10.0], [4.0]]])
    worth = game.continuations(values)
    assert game.stage_payoffs(0, worth)[0, 0, 0] == pytest.approx(1 + 0.9 * (0.9 * 10 + 0.1 * 4))
    assert game.stage_payoffs(1, worth)[0, :, 0] == pytest.approx([0.9 * 4, -2 + 0.9 * 10])


def test_nothing_is_discounted_on_the_way_into_an_immediate_state():
    game = machine(immediate=["broken"], transitions={"works": [[0.9, 0.1]], "broken": [[1, 0], [1, 0]]})
    worth = game.continuations(np.array([[[10.0], [4.0]]]))
    assert game.stage_payoffs(0, worth)[0, 0, 0] == pytest.approx(1 + 0.9 * 0.9 * 10 + 0.1 * 4)


def test_held_players_have_one_action_left():
    held = machine().hold({"owner": "repair"})
    assert held.labels[1].actions == (("repair",),)
    assert held.controllers == ()
    assert machine().hold({"owner": {"broken": "leave"}}).payoffs[1].tolist() == [[[0.0]]]
    for wrong in ({"owner": "sell"}, {"boss": "repair"}, {"owner": {"lost": "leave"}}):
        with pytest.raises(UnknownNameError):
            machine().hold(wrong)


def test_another_horizon():
    assert machine().over(5).horizon == 5
    assert machine(discount=1.0, horizon=3, terminal=[[1, 2]]).over(2).terminal.tolist() == [[[1.0], [2.0]]]
    with pytest.raises(InvalidGameError, match="below 1"):
        machine(discount=1.0, horizon=3).over(None)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"transitions": {"works": [[0.9, 0.2]], "broken": [[0, 1], [1, 0]]}}, r"run: .* add to 1\.1"),
        ({"transitions": {"works": [[1.1, -0.1]], "broken": [[0, 1], [1, 0]]}}, r"probability .* is -0\.1"),
        ({"transitions": {"works": [[0.9, np.nan]], "broken": [[0, 1], [1, 0]]}}, "is nan"),
        ({"transitions": {"works": [[1.0]], "broken": [[0, 1], [1, 0]]}}, r"shape \(1, 2\)"),
        ({"transitions": {"works": [[0.9, 0.1]]}}, "none given for state 'broken'"),
        ({"payoffs": {"works": [[1, 2]], "broken": [[0, -2]]}}, r"payoffs of 'works': shape \(1, 1\)"),
        ({"payoffs": {"works": [[np.inf]], "broken": [[0, -2]]}}, "finite"),
        ({"discount": 1.0}, "below 1 without a horizon"),
        ({"discount": -0.1}, "from 0"),
        ({"discount": "much"}, "discount: numbers were expected"),
        ({"discount": [[0.9], [0.9]]}, r"float\[1\]"),
        ({"horizon": 0}, "number of periods"),
        ({"terminal": [[0, 0]]}, "need a horizon"),
        ({"horizon": 2, "terminal": [[0, 0, 0]]}, r"shape \(1, 2\)"),
        ({"immediate": ["broken"]}, "'broken' leads to 'broken'"),
        ({"states": ["a", "b"]}, "actions are of"),
        ({"actions": {"owner": ["run"]}}, "names were expected"),
        ({"actions": {"works": {"owner": ["run"]}, "broken": {"boss": ["x", "y"]}}}, "players of 'broken'"),
    ],
)  # fmt: skip
def test_what_is_no_game_is_refused(changes, message):
    with pytest.raises(InvalidGameError, match=message):
        machine(**changes)


@pytest.mark.parametrize(
    ("moves", "message"),
    [
        ({"x": {("C", "C"): ((1, 1), "x")}, "y": {("C",): ((1, 1), "x")}}, "one action for each of A, B"),
        ({"x": {("C", "C"): ((1, 1), "x"), ("D", "D"): ((1, 1), "x")}}, "outcome C/D is missing"),
        ({"x": {("C", "C"): ((1,), "x")}}, "one payoff for each of A, B"),
        ({"x": {("C", "C"): (1, 1)}}, "one payoff for each"),
        ({"x": {("C", "C"): ((1, 1), {})}}, "a next state or"),
        ({"x": {("C", "C"): ((1, 1), {"x": 0.4})}}, "add to 0.4"),
        ({"x": {("C", "C"): "x"}}, r"\(payoffs, next state\)"),
    ],
)
def test_what_is_no_mapping_of_moves_is_refused(moves, message):
    with pytest.raises(InvalidGameError, match=message):
        StochasticGame.of(("A", "B"), moves, discount=0.9)


def test_unknown_names_are_named():
    with pytest.raises(UnknownNameError, match="did you mean 'works'"):
        StochasticGame.of("A", {"works": {"run": (1, "work")}}, discount=0.9)
    with pytest.raises(UnknownNameError):
        machine(discount={"boss": 0.9})
    with pytest.raises(UnknownNameError):
        machine().state("lost")
    with pytest.raises(UnknownDrawError):
        machine()[1]


def test_draws_must_agree():
    with pytest.raises(InvalidGameError, match="2, 3"):
        machine(payoffs={"works": [[[1, 2, 3]]], "broken": [[0, -2]]}, discount=[[0.9, 0.8]])


def test_lotteries_over_many_states_add_up_the_same():
    """Above some number of next states one product takes the place of a loop."""
    rng = np.random.default_rng(8)
    states = [f"s{n}" for n in range(12)]
    chances = rng.dirichlet(np.ones(12), size=(12, 2))
    chances[:, 0, 3:] = 0  # few for one action, many for the other
    chances /= chances.sum(axis=-1, keepdims=True)
    chances[5, :, 5] = 0
    chances[5] /= chances[5].sum(axis=-1, keepdims=True)
    game = StochasticGame(
        {"A": ("few", "many")}, rng.normal(size=(1, 12, 2)), chances, states=states,
        discount=rng.uniform(0, 1, (1, 4)), immediate=["s5"],
    )  # fmt: skip
    values = rng.normal(size=(1, 12, 4))
    for lottery, worth in zip(game.lotteries, game.continuations(values), strict=True):
        expected = np.zeros((1, 4))
        for target, chance in zip(lottery.next, lottery.probability, strict=True):
            rate = 1.0 if game.immediate[target] else game.discount
            expected += rate * values[:, target] * chance
        assert np.abs(worth - expected).max() < 1e-14
