"""Stability in the Graph Model for Conflict Resolution."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.conflict import ConflictGraph
from bargain.games.normal import NormalForm
from bargain.solvers import conflict_stability
from bargain.solvers.conflict_stability import ConflictStability
from bargain.solvers.pure_nash import PureNash
from reference.conflict_definitions import stable as stable_by_definition

CONCEPTS = ("nash", "gmr", "smr", "seq")


def two_by_two(first, second):
    states = ["1", "2", "3", "4"]  # CC, CD, DC, DD
    moves = {
        "DM1": [("1", "3"), ("3", "1"), ("2", "4"), ("4", "2")],
        "DM2": [("1", "2"), ("2", "1"), ("3", "4"), ("4", "3")],
    }
    return ConflictGraph(states, moves, {"DM1": first, "DM2": second})


def elmira():
    """The groundwater conflict of Elmira, Ontario: Fang, Hipel & Kilgour 1993, chapter 1.

    The ministry may modify its order (1 to 2, and so on, for good), Uniroyal delays, accepts for good or
    abandons the plant (9), the local government insists or not.
    """
    uniroyal = [("1", "3"), ("2", "4"), ("5", "7"), ("6", "8"), *((state, "9") for state in "12345678")]
    government = [(a, b) for pair in ("15", "26", "37", "48") for a, b in (pair, pair[::-1])]
    return ConflictGraph(
        list("123456789"),
        {"MoE": [("1", "2"), ("3", "4"), ("5", "6"), ("7", "8")], "Uniroyal": uniroyal, "LG": government},
        {"MoE": list("734851269"), "Uniroyal": list("148593726"), "LG": list("735186429")},
    )


def random_graph(rng, players, states, draws, density=0.35):
    moves = rng.random((players, states, states)) < density
    moves[:, range(states), range(states)] = False
    names = [f"s{state}" for state in range(states)]
    return ConflictGraph(
        names,
        {f"p{i}": [(names[a], names[b]) for a, b in np.argwhere(arrows)] for i, arrows in enumerate(moves)},
        {f"p{i}": rng.integers(0, 5, (states, draws)) for i in range(players)},
    )


def states_of(table, concept, player):
    frame = table.to_frame()
    return [int(state) for state, is_stable in frame[concept, player].items() if is_stable]


@pytest.mark.parametrize(
    ("first", "second", "known"),
    [
        (
            [3, 1, 4, 2],
            [3, 4, 1, 2],
            {
                "nash": ([3, 4], [2, 4], [4]),
                "gmr": ([1, 3, 4], [1, 2, 4], [1, 4]),
                "smr": ([1, 3, 4], [1, 2, 4], [1, 4]),
                "seq": ([1, 3, 4], [1, 2, 4], [1, 4]),
            },
        ),
        (
            [3, 2, 4, 1],
            [3, 4, 2, 1],
            {
                "nash": ([2, 3], [2, 3], [2, 3]),
                "gmr": ([1, 2, 3], [1, 2, 3], [1, 2, 3]),
                "smr": ([1, 2, 3], [1, 2, 3], [1, 2, 3]),
                "seq": ([2, 3], [2, 3], [2, 3]),
            },
        ),
    ],
    ids=["prisoners' dilemma", "chicken"],
)
def test_the_textbook_conflicts(first, second, known):
    table = ConflictStability().solve(two_by_two(first, second))
    for concept, (one, other, both) in known.items():
        assert states_of(table, concept, "DM1") == one
        assert states_of(table, concept, "DM2") == other
        assert states_of(table, concept, "equilibrium") == both


def test_elmira():
    table = ConflictStability().solve(elmira())
    assert table.profiles() == {
        "nash": ["5", "8", "9"],
        "gmr": ["1", "4", "5", "8", "9"],
        "smr": ["1", "4", "5", "8", "9"],
        "seq": ["5", "8", "9"],
    }


def test_in_elmira_the_ministry_and_uniroyal_together_leave_the_status_quo():
    # Kilgour, Hipel, Fang & Peng 2001: state 5 withstands every player, not this coalition; state 8 does.
    pair = ConflictStability(coalitions=[["MoE", "Uniroyal"]]).solve(elmira())
    assert pair.coalitions == (("MoE", "Uniroyal"),)
    nash = pair.to_frame()["nash", "MoE+Uniroyal"]
    assert not nash["5"]
    assert nash["8"]
    assert ConflictStability(["nash"], coalitions="all").solve(elmira()).profiles() == {"nash": ["8", "9"]}


@pytest.mark.parametrize("players", [1, 2, 3, 4])
def test_the_definitions(players):
    rng = np.random.default_rng(players)
    for _ in range(25):
        graph = random_graph(rng, players, int(rng.integers(1, 7)), draws=2)
        table = ConflictStability(coalitions="all").solve(graph)
        moves = [set(map(tuple, np.argwhere(arrows).tolist())) for arrows in graph.moves]
        assert len(table.coalitions) == 2**players - 1
        for draw in range(2):
            values = graph.payoffs[:, :, draw].tolist()
            for column, names in enumerate(table.coalitions):
                group = [graph.players.index(name) for name in names]
                for row, concept in enumerate(CONCEPTS):
                    expected = [
                        stable_by_definition(moves, values, group, state, concept)
                        for state in range(len(graph.states))
                    ]
                    assert table.stable[row, column, :, draw].tolist() == expected


def test_sanctions_may_take_several_opponents_but_nobody_moves_twice_running():
    # From "gained" only B then C can hurt A; were B alone to move twice, "hurt" could not be sanctioned by B alone.
    states = ["start", "gained", "between", "hurt"]
    chain = {"A": [("start", "gained")], "B": [("gained", "between")], "C": [("between", "hurt")]}
    values = {"A": [1, 2, 2, 0], "B": [0, 0, 1, 1], "C": [0, 0, 0, 1]}
    assert ConflictStability().solve(ConflictGraph(states, chain, values)).stable[1:, 0, 0, 0].all()
    alone = {"A": [("start", "gained")], "B": [("gained", "between"), ("between", "hurt")], "C": []}
    assert not ConflictStability().solve(ConflictGraph(states, alone, values)).stable[:, 0, 0, 0].any()


def test_who_can_escape_the_sanction_is_not_symmetrically_stable():
    states = ["start", "gained", "hurt", "better"]
    moves = {"A": [("start", "gained"), ("hurt", "better")], "B": [("gained", "hurt")]}
    table = ConflictStability().solve(ConflictGraph(states, moves, {"A": [1, 3, 0, 2], "B": [0, 0, 1, 0]}))
    assert table.stable[:, 0, 0, 0].tolist() == [False, True, False, True]


def test_a_sanction_that_hurts_its_author_is_not_sequential():
    states = ["start", "gained", "hurt"]
    moves = {"A": [("start", "gained")], "B": [("gained", "hurt")]}
    for worth, credible in ((1, True), (0, False), (-1, False)):
        table = ConflictStability().solve(ConflictGraph(states, moves, {"A": [1, 2, 0], "B": [0, 0, worth]}))
        assert table.stable[:, 0, 0, 0].tolist() == [False, True, True, credible]


def test_a_state_worth_the_same_is_no_improvement_and_sanctions():
    states = ["start", "other", "gained"]
    moves = {"A": [("start", "other"), ("start", "gained")], "B": [("gained", "other")]}
    table = ConflictStability().solve(ConflictGraph(states, moves, {"A": [1, 1, 2], "B": [0, 1, 0]}))
    assert table.stable[:, 0, 0, 0].tolist() == [False, True, True, True]


@given(
    seed=st.integers(0, 2**32 - 1),
    players=st.integers(1, 4),
    states=st.integers(1, 6),
    draws=st.integers(1, 20),
)
def test_laws(seed, players, states, draws):
    graph = random_graph(np.random.default_rng(seed), players, states, draws)
    for coalitions in (None, "all"):
        nash, gmr, smr, seq = ConflictStability(coalitions=coalitions).solve(graph).stable
        for narrow, wide in ((nash, seq), (seq, gmr), (nash, smr), (smr, gmr)):
            assert not (narrow & ~wide).any()
    # Only the order of the values counts.
    monotone = ConflictGraph(
        graph.states,
        {name: [(graph.states[a], graph.states[b]) for a, b in np.argwhere(arrows)] for name, arrows in zip(graph.players, graph.moves, strict=True)},
        {name: np.exp(values) - 40 for name, values in zip(graph.players, graph.payoffs, strict=True)},
    )  # fmt: skip
    assert np.array_equal(ConflictStability().solve(monotone).stable, ConflictStability().solve(graph).stable)


@given(
    seed=st.integers(0, 2**32 - 1), shape=st.sampled_from([(2, 2), (3, 2), (2, 2, 2), (3, 1, 2), (1,), (4,)])
)
def test_where_moves_can_be_taken_back_nash_stability_is_pure_nash(seed, shape):
    payoffs = np.random.default_rng(seed).integers(0, 4, (len(shape), *shape, 9))
    game = NormalForm({f"p{i}": [f"a{k}" for k in range(size)] for i, size in enumerate(shape)}, payoffs)
    table = ConflictStability(["nash"]).solve(game)
    assert np.array_equal(table.equilibria[0], PureNash().stable(game.payoffs).reshape(-1, 9))


def test_an_irreversible_action_makes_more_states_stable():
    payoffs = np.random.default_rng(5).normal(size=(3, 3, 2, 2, 50))
    game = NormalForm(
        {"ROK": ("renew", "suspend", "terminate"), "JPN": ("m", "r"), "USA": ("a", "p")}, payoffs
    )
    bound = ConflictGraph.of_game(
        game, irreversible={"ROK": {("terminate", "renew"), ("terminate", "suspend")}}
    )
    free, tied = (ConflictStability(["nash"]).solve(graph) for graph in (game, bound))
    more = tied.stable & ~free.stable
    assert not (free.stable & ~tied.stable).any()
    assert more[0, 0].any()
    assert not more[0, 0, :8].any()
    assert not more[0, 1:].any()


def test_a_batch_is_its_draws_and_blocks_do_not_show(monkeypatch):
    graph = random_graph(np.random.default_rng(1), 3, 5, draws=37)
    whole = ConflictStability(coalitions="all").solve(graph).stable
    monkeypatch.setattr(conflict_stability, "_BLOCK_BYTES", 11 * 25)
    assert np.array_equal(ConflictStability(coalitions="all").solve(graph).stable, whole)
    for draw in (0, 10, 36):
        one = ConflictGraph(
            graph.states,
            {
                name: [(graph.states[a], graph.states[b]) for a, b in np.argwhere(arrows)]
                for name, arrows in zip(graph.players, graph.moves, strict=True)
            },
            {name: values[:, draw] for name, values in zip(graph.players, graph.payoffs, strict=True)},
        )
        alone = ConflictStability(coalitions="all").solve(one).stable[..., 0]
        assert np.array_equal(alone, whole[..., draw])


def test_the_table():
    values = np.array([[3, 1, 4, 2], [3, 2, 4, 1]]).T
    table = ConflictStability(["nash", "seq"]).solve(
        two_by_two(values, np.array([[3, 4, 1, 2], [3, 4, 2, 1]]).T)
    )
    assert table.concepts == ("nash", "seq")
    assert table.stable.shape == (2, 2, 4, 2)
    assert not table.stable.flags.writeable
    assert table.profiles(0) == table.profiles(-2) == {"nash": ["4"], "seq": ["1", "4"]}
    assert table.profiles(1) == {"nash": ["2", "3"], "seq": ["2", "3"]}
    expected = pd.DataFrame(
        {"nash": [0, 0.5, 0.5, 0.5], "seq": [0.5, 0.5, 0.5, 0.5]}, index=pd.Index(list("1234"), name="state")
    )
    pd.testing.assert_frame_equal(table.shares(), expected)
    frame = table.to_frame(1)
    assert list(frame.columns) == [
        (concept, who) for concept in ("nash", "seq") for who in ("DM1", "DM2", "equilibrium")
    ]
    assert frame["seq", "equilibrium"].tolist() == [False, True, True, False]
    for draw in (2, -3):
        with pytest.raises(InvalidArgumentError, match="one of 2 draws"):
            table.to_frame(draw)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"concepts": ["nsh"]}, UnknownNameError, "did you mean 'nash'"),
        ({"concepts": []}, InvalidArgumentError, "concepts"),
        ({"concepts": "nash"}, InvalidArgumentError, "concepts"),
        ({"concepts": ["nash", "nash"]}, InvalidArgumentError, "concepts"),
        ({"coalitions": []}, InvalidArgumentError, "list of lists"),
        ({"coalitions": ["DM1"]}, InvalidArgumentError, "list of lists"),
        ({"coalitions": [[]]}, InvalidArgumentError, "list of lists"),
        ({"coalitions": [["DM1", "DM1"]]}, InvalidArgumentError, "twice"),
        ({"coalitions": [["DM1", "DM2"], ["DM2", "DM1"]]}, InvalidArgumentError, "twice"),
        ({"coalitions": [["DM1", "DM3"]]}, UnknownNameError, "unknown player 'DM3'"),
    ],
)
def test_what_cannot_be_examined_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        ConflictStability(**options).solve(two_by_two([3, 1, 4, 2], [3, 4, 1, 2]))


def test_solvers_of_the_same_options_are_equal():
    assert ConflictStability(["nash"], [["a", "b"]]) == ConflictStability(("nash",), (("a", "b"),))
    assert hash(ConflictStability()) == hash(ConflictStability(CONCEPTS))
