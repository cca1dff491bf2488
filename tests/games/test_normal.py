import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError, InvalidGameError, UnknownDrawError, UnknownNameError
from bargain.games.labels import Labels
from bargain.games.normal import NormalForm

ACTIONS = {"row": ("up", "down"), "column": ("left", "middle", "right")}


@pytest.fixture
def game():
    """Three draws; every payoff is a different number."""
    return NormalForm(ACTIONS, np.arange(36.0).reshape(2, 2, 3, 3))


def test_a_batch_of_one_needs_no_draw_axis():
    table = np.arange(12).reshape(2, 2, 3)
    game = NormalForm(ACTIONS, table.tolist())
    assert game.payoffs.shape == (2, 2, 3, 1)
    assert game.payoffs.dtype == np.float64
    assert (game.payoffs == NormalForm(ACTIONS, table[..., None]).payoffs).all()


def test_names_and_sizes(game):
    assert game.players == ("row", "column")
    assert game.actions == ACTIONS
    assert (game.shape, game.draws, len(game)) == ((2, 3), 3, 3)
    assert game.labels == Labels.of(ACTIONS)
    assert repr(game) == "NormalForm(row: up/down, column: left/middle/right; 3 draws)"
    assert repr(game[0]).endswith("; 1 draw)")


def test_payoffs_are_a_read_only_copy():
    given_payoffs = np.zeros((2, 2, 3, 1))
    game = NormalForm(ACTIONS, given_payoffs)
    given_payoffs += 1
    assert (game.payoffs == 0).all()
    with pytest.raises(ValueError, match="read-only"):
        game.payoffs[0] = 1
    with pytest.raises(AttributeError):
        game.payoffs = given_payoffs


def test_draws_are_taken_one_by_one_or_together(game):
    assert (game[1].payoffs[..., 0] == game.payoffs[..., 1]).all()
    assert (game[-1].payoffs[..., 0] == game.payoffs[..., 2]).all()
    assert (game[np.int64(1)].payoffs == game[1].payoffs).all()
    assert (game[1:].payoffs == game.payoffs[..., 1:]).all()
    assert (game[np.array([2, 0, 2])].payoffs == game.payoffs[..., [2, 0, 2]]).all()
    assert [one.payoffs[0, 0, 0, 0] for one in game] == [0.0, 1.0, 2.0]


@pytest.mark.parametrize("draw", [3, -4])
def test_a_draw_that_does_not_exist(game, draw):
    with pytest.raises(UnknownDrawError, match=f"one of 3 draws was expected, given {draw}"):
        game[draw]


def test_hold_is_a_slice(game):
    held = game.hold({"column": "right"})
    assert held.actions == {"row": ("up", "down"), "column": ("right",)}
    assert (held.payoffs == game.payoffs[:, :, 2:]).all()
    with pytest.raises(
        UnknownNameError, match=r"fix: unknown action of 'column' 'rigth'; did you mean 'right'\?"
    ):
        game.hold({"column": "rigth"})


@given(st.permutations(range(2)))
def test_the_order_of_holding_does_not_matter(order):
    game = NormalForm(ACTIONS, np.arange(12.0).reshape(2, 2, 3))
    fixes = [{"row": "down"}, {"column": "middle"}]
    one_by_one = game.hold(fixes[order[0]]).hold(fixes[order[1]])
    assert (one_by_one.payoffs == game.hold(fixes[0] | fixes[1]).payoffs).all()
    assert one_by_one.payoffs.ravel().tolist() == [4.0, 10.0]


@pytest.mark.parametrize(
    ("payoffs", "message"),
    [
        (np.zeros((2, 3, 2)), r"shape \(2, 2, 3\).*expected for row x column, given \(2, 3, 2\)"),
        (np.zeros((2, 2, 3, 0)), r"at least one draw.*given \(2, 2, 3, 0\)"),
        (np.zeros((3, 2, 3)), r"given \(3, 2, 3\)"),
        (np.zeros((2, 2, 3, 1, 1)), r"given \(2, 2, 3, 1, 1\)"),
        (0.0, r"given \(\)"),
        ([[1, 2], [3]], "an array of numbers was expected"),
        ([["a", "b"]], "an array of numbers was expected"),
        (None, "payoffs"),
    ],
)
def test_payoffs_of_the_wrong_shape(payoffs, message):
    with pytest.raises(InvalidGameError, match=message):
        NormalForm(ACTIONS, payoffs)


@pytest.mark.parametrize(("bad", "shown"), [(np.nan, "nan"), (np.inf, "inf"), (-np.inf, "-inf")])
def test_payoffs_that_are_not_finite_are_named(bad, shown):
    payoffs = np.zeros((2, 2, 3, 4))
    payoffs[1, 0, 2, 3] = bad
    with pytest.raises(InvalidGameError, match=rf"must be finite; column at up/right \(draw 3\) is {shown}"):
        NormalForm(ACTIONS, payoffs)


def test_a_profile_is_written_in_several_ways(game):
    down, mix = np.array([[0.0, 0, 0], [1, 1, 1]]), np.array([[0.25] * 3, [0.0] * 3, [0.75] * 3])
    for profile in (
        {"row": "down", "column": {"left": 0.25, "right": 0.75}},
        {"column": [0.25, 0, 0.75], "row": (0, 1)},
        {"row": {"down": 1}, "column": mix},
    ):
        row, column = game.strategies(profile)
        assert (row == down).all()
        assert (column == mix).all()
    assert (game.strategies(("down", "left"))[1] == [[1] * 3, [0] * 3, [0] * 3]).all()


def test_expected_payoffs_of_a_profile(game):
    pure = game.expected_payoffs(("down", "middle"))
    assert (pure == game.payoffs[:, 1, 1]).all()
    mixed = game.expected_payoffs({"row": "down", "column": {"left": 0.25, "right": 0.75}})
    assert mixed == pytest.approx(0.25 * game.payoffs[:, 1, 0] + 0.75 * game.payoffs[:, 1, 2])


def test_regret_of_a_profile_in_payoff_units():
    dilemma = NormalForm(
        {"row": ("cooperate", "defect"), "column": ("cooperate", "defect")},
        [[[3, 0], [5, 1]], [[3, 5], [0, 1]]],
    )
    assert dilemma.regret(("cooperate", "cooperate")).tolist() == [2.0]
    assert dilemma.regret(("defect", "cooperate")).tolist() == [1.0]
    assert dilemma.regret(("defect", "defect")).tolist() == [0.0]
    assert dilemma.regret({"row": [0.5, 0.5], "column": "defect"}).tolist() == [0.5]


@pytest.mark.parametrize(
    ("profile", "error", "message"),
    [
        (
            {"row": "up"},
            InvalidArgumentError,
            r"a strategy for every player was expected; none for \['column'\]",
        ),
        (
            {"row": "up", "colum": "left"},
            UnknownNameError,
            r"profile: unknown player 'colum'; did you mean 'column'",
        ),
        (
            {"row": "upp", "column": "left"},
            UnknownNameError,
            "unknown action of 'row' 'upp'; did you mean 'up'",
        ),
        (
            {"row": [0.5, 0.6], "column": "left"},
            InvalidArgumentError,
            r"'row' must be .* add to 1, given \[0.5, 0.6\]",
        ),
        ({"row": [1.5, -0.5], "column": "left"}, InvalidArgumentError, "non-negative"),
        ({"row": [np.nan, 1], "column": "left"}, InvalidArgumentError, "non-negative"),
        (
            {"row": {"up": "half"}, "column": "left"},
            InvalidArgumentError,
            "'row': probabilities were expected",
        ),
        (
            {"row": [1.0], "column": "left"},
            InvalidArgumentError,
            r"'row' has shape \(1,\), expected \(2,\) or \(2, 3\)",
        ),
        ({"row": np.ones((2, 2)), "column": "left"}, InvalidArgumentError, r"shape \(2, 2\)"),
        (("up",), InvalidArgumentError, "one action for each of row, column"),
    ],
)
def test_profiles_that_are_none(game, profile, error, message):
    with pytest.raises(error, match=message):
        game.strategies(profile)


def test_to_frame_has_one_row_per_outcome(game):
    frame = game.to_frame(draw=2)
    assert frame.shape == (6, 2)
    assert frame.loc[("down", "middle"), "column"] == game.payoffs[1, 1, 1, 2]
    assert frame.index.names == ["row", "column"]
    with pytest.raises(UnknownDrawError):
        game.to_frame(3)


def test_players_with_one_action_and_a_single_player():
    assert NormalForm({"only": ("a", "b", "c")}, [[1, 2, 3]]).shape == (3,)
    assert NormalForm({"one": ("a",), "two": ("b",)}, [[[1]], [[2]]]).payoffs.shape == (2, 1, 1, 1)
