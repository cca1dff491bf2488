"""Graph models: built by hand or from a game."""

import itertools

import numpy as np
import pytest

from bargain.errors import InvalidArgumentError, InvalidGameError, UnknownNameError
from bargain.games.conflict import ConflictGraph
from bargain.games.normal import NormalForm

STATES = ["peace", "threat", "war"]
MOVES = {"A": [("peace", "threat"), ("threat", "peace"), ("threat", "war")], "B": [("peace", "war")]}
VALUES = {"A": [2, 3, 1], "B": [3, 1, 2]}


def small_game(draws=3, seed=0):
    payoffs = np.random.default_rng(seed).normal(size=(2, 3, 2, draws))
    return NormalForm({"ROK": ("renew", "suspend", "terminate"), "JPN": ("maintain", "relax")}, payoffs)


def test_by_hand():
    graph = ConflictGraph(STATES, MOVES, VALUES)
    assert graph.players == ("A", "B")
    assert graph.states == ("peace", "threat", "war")
    assert sorted(map(tuple, np.argwhere(graph.moves).tolist())) == [
        (0, 0, 1),
        (0, 1, 0),
        (0, 1, 2),
        (1, 0, 2),
    ]
    assert graph.payoffs[:, :, 0].tolist() == [[2, 3, 1], [3, 1, 2]]
    assert len(graph) == graph.draws == 1
    assert graph.state("war") == 2
    assert repr(graph) == "ConflictGraph(3 states; A, B; 4 moves; 1 draw)"


def test_a_ranking_and_its_values_order_the_states_alike():
    graph = ConflictGraph(STATES, MOVES, {"A": ["threat", "peace", "war"], "B": ["peace", ("war", "threat")]})
    assert np.argsort(-graph.payoffs[0, :, 0]).tolist() == [1, 0, 2]
    peace, threat, war = graph.payoffs[1, :, 0]
    assert peace > threat == war
    everything_alike = ConflictGraph(STATES, MOVES, {"A": [tuple(STATES)], "B": [1, 1, 1]})
    assert np.ptp(everything_alike.payoffs[0]) == 0


def test_preferences_of_several_draws_beside_preferences_of_one():
    draws = np.arange(12.0).reshape(3, 4)
    graph = ConflictGraph(STATES, MOVES, {"A": draws, "B": [3, 1, 2]})
    assert graph.draws == 4
    assert np.array_equal(graph.payoffs[0], draws)
    assert np.array_equal(graph.payoffs[1], np.repeat([[3.0], [1.0], [2.0]], 4, axis=1))


def test_a_graph_cannot_be_written_to_nor_follows_what_it_was_made_of():
    given = np.ones((3, 1))
    graph = ConflictGraph(STATES, MOVES, {"A": given, "B": [3, 1, 2]})
    given[:] = 7
    assert (graph.payoffs[0] == 1).all()
    for array in (graph.moves, graph.payoffs, ConflictGraph.of_game(small_game()).payoffs):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0, 0] = 1


def test_the_moves_of_a_game_change_ones_own_action_only():
    game = small_game()
    graph = ConflictGraph.of_game(game)
    assert graph.states == tuple("/".join(outcome) for outcome in game.labels.outcomes)
    assert np.array_equal(graph.payoffs, game.payoffs.reshape(2, 6, 3))
    for player, (start, end) in itertools.product(range(2), itertools.product(range(6), repeat=2)):
        one, other = game.labels.outcomes[start], game.labels.outcomes[end]
        changed = [index for index in range(2) if one[index] != other[index]]
        assert graph.moves[player, start, end] == (changed == [player])


def test_irreversible_moves():
    graph = ConflictGraph.of_game(
        small_game(), irreversible={"ROK": {("terminate", "renew"), ("terminate", "suspend")}}
    )
    whole = ConflictGraph.of_game(small_game())
    gone = whole.moves & ~graph.moves
    assert not (graph.moves & ~whole.moves).any()
    assert {(graph.states[start], graph.states[end]) for _, start, end in np.argwhere(gone)} == {
        ("terminate/maintain", "renew/maintain"),
        ("terminate/maintain", "suspend/maintain"),
        ("terminate/relax", "renew/relax"),
        ("terminate/relax", "suspend/relax"),
    }
    assert not gone[1].any()


def test_infeasible_states_are_removed_with_their_moves():
    game = small_game()
    graph = ConflictGraph.of_game(game, infeasible=[{"ROK": "suspend"}, {"ROK": "terminate", "JPN": "relax"}])
    kept = [0, 1, 4]
    whole = ConflictGraph.of_game(game)
    assert graph.states == ("renew/maintain", "renew/relax", "terminate/maintain")
    assert np.array_equal(graph.payoffs, whole.payoffs[:, kept])
    assert np.array_equal(graph.moves, whole.moves[:, kept][:, :, kept])
    assert graph.moves.sum() == 4


def test_a_player_with_one_action_never_moves():
    graph = ConflictGraph.of_game(small_game().hold({"JPN": "relax"}))
    assert graph.moves[0].sum() == 6
    assert not graph.moves[1].any()


@pytest.mark.parametrize(
    ("states", "moves", "preferences", "error", "message"),
    [
        (["peace", "peace"], {"A": []}, {"A": [1, 2]}, InvalidGameError, "'peace' appears more than once"),
        (["peace", ""], {"A": []}, {"A": [1, 2]}, InvalidGameError, "non-empty name"),
        (STATES, {}, {}, InvalidGameError, "at least one player"),
        (STATES, {"A": [("peace", "peace")]}, {"A": [1, 2, 3]}, InvalidGameError, "leads to itself"),
        (STATES, {"A": [("peace", "wat")]}, {"A": [1, 2, 3]}, UnknownNameError, "did you mean 'war'"),
        (STATES, {"A": ["peace"]}, {"A": [1, 2, 3]}, InvalidGameError, "a pair"),
        (STATES, MOVES, {"A": [1, 2, 3]}, InvalidGameError, "none for B"),
        (STATES, {"A": []}, {"A": [1, 2, 3], "AA": [1]}, UnknownNameError, "did you mean 'A'"),
        (STATES, {"A": []}, {"A": [1, 2]}, InvalidGameError, r"3 states .* given shape \(2,\)"),
        (STATES, {"A": []}, {"A": [1, 2, np.nan]}, InvalidGameError, "finite"),
        (STATES, {"A": []}, {"A": [1, [2], 3]}, InvalidGameError, "numbers or a ranking"),
        (STATES, {"A": []}, {"A": ["peace", "war"]}, InvalidGameError, "without threat"),
        (STATES, {"A": []}, {"A": ["peace", ("war", "peace")]}, InvalidGameError, "more than once"),
        (STATES, {"A": []}, {"A": ["peace", ("war", "thread")]}, UnknownNameError, "did you mean 'threat'"),
        (
            STATES,
            {"A": [], "B": []},
            {"A": np.ones((3, 4)), "B": np.ones((3, 2))},
            InvalidGameError,
            "1 or 4 draws",
        ),
    ],
)
def test_what_is_no_graph_is_refused(states, moves, preferences, error, message):
    with pytest.raises(error, match=message):
        ConflictGraph(states, moves, preferences)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"irreversible": {"KOR": []}}, UnknownNameError, "irreversible: unknown player 'KOR'"),
        ({"irreversible": {"ROK": [("renew", "terminat")]}}, UnknownNameError, "did you mean 'terminate'"),
        ({"irreversible": {"ROK": ["renew"]}}, InvalidArgumentError, "pairs"),
        ({"infeasible": [{"ROK": "renw"}]}, UnknownNameError, "infeasible: unknown action"),
        ({"infeasible": ["renew"]}, InvalidArgumentError, "mappings"),
        ({"infeasible": [{}]}, InvalidGameError, "no state is left"),
    ],
)
def test_what_the_game_does_not_have_is_refused(options, error, message):
    with pytest.raises(error, match=message):
        ConflictGraph.of_game(small_game(), **options)


def test_names_that_join_to_the_same_state_are_refused():
    game = NormalForm({"one": ("a", "a/b"), "other": ("c", "b/c")}, np.zeros((2, 2, 2)))
    with pytest.raises(InvalidGameError, match="'a/b/c' appears more than once"):
        ConflictGraph.of_game(game)


def test_an_unknown_state_is_named_with_the_nearest():
    with pytest.raises(UnknownNameError, match="did you mean 'threat'"):
        ConflictGraph(STATES, MOVES, VALUES).state("treat")


def test_states_are_named():
    with pytest.raises(InvalidGameError, match="states: names such as '2' were expected, given 2"):
        ConflictGraph(["1", 2], {"A": []}, {"A": [1, 2]})
