import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError, InvalidGameError, UnknownNameError
from bargain.games.labels import Labels

ACTIONS = {
    "ROK": ("renew", "suspend", "terminate"),
    "JPN": ("maintain", "relax"),
    "USA": ("abstain", "press"),
}
NAMES = st.text("abcxyz", min_size=1, max_size=3)
LABELS = st.dictionaries(NAMES, st.lists(NAMES, min_size=1, max_size=3, unique=True), min_size=1, max_size=4)


@pytest.fixture
def labels():
    return Labels.of(ACTIONS)


def test_shape_size_and_order(labels):
    assert labels.players == ("ROK", "JPN", "USA")
    assert labels.shape == (3, 2, 2)
    assert labels.size == 12
    assert labels.outcomes[:3] == (
        ("renew", "maintain", "abstain"),
        ("renew", "maintain", "press"),
        ("renew", "relax", "abstain"),
    )


@given(LABELS)
def test_outcomes_are_numbered_in_c_order(actions):
    labels = Labels.of(actions)
    assert labels.outcomes == tuple(itertools.product(*actions.values()))
    for number, outcome in enumerate(labels.outcomes):
        assert labels.outcome(outcome) == number
        assert labels.outcome(dict(reversed(list(zip(labels.players, outcome, strict=True))))) == number


def test_labels_are_values(labels):
    assert labels == Labels.of({player: list(names) for player, names in ACTIONS.items()})
    assert hash(labels) == hash(Labels.of(ACTIONS))
    assert labels != Labels.of(dict(reversed(ACTIONS.items())))
    assert Labels.of(labels) is labels
    with pytest.raises(AttributeError):
        labels.players = ()


def test_named_puts_players_in_order(labels):
    named = labels.named({"USA": "press", "ROK": "renew", "JPN": "relax"})
    assert list(named.items()) == [("ROK", "renew"), ("JPN", "relax"), ("USA", "press")]
    assert labels.named(["renew", "relax", "press"]) == named


def test_hold_leaves_one_action_and_shifts_nobody(labels):
    held, index = labels.hold({"JPN": "relax"})
    assert held.players == labels.players
    assert held.actions == (ACTIONS["ROK"], ("relax",), ACTIONS["USA"])
    assert index == (slice(None), slice(1, 2), slice(None))


@given(LABELS, st.data())
def test_holding_everybody_leaves_one_outcome(actions, data):
    labels = Labels.of(actions)
    fix = {player: data.draw(st.sampled_from(names)) for player, names in actions.items()}
    assert labels.hold(fix)[0].outcomes == (tuple(fix.values()),)


def test_hold_nobody(labels):
    assert labels.hold({})[0] == labels


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        ({}, "at least one player"),
        ({"ROK": ()}, "'ROK' needs at least one action"),
        ({"ROK": ("renew", "renew")}, "actions of 'ROK': 'renew' appears more than once"),
        ({"ROK": ("renew", "")}, "actions of 'ROK': a non-empty name was expected, given ''"),
        ({"ROK": ("renew", 3)}, "actions of 'ROK': a non-empty name was expected, given 3"),
        ({"": ("renew",)}, "players: a non-empty name was expected"),
        ({"ROK": "renew"}, "actions of 'ROK': a sequence of names was expected, given 'renew'"),
        ({"ROK": {"renew", "terminate"}}, "actions of 'ROK': a sequence of names was expected"),
        (["ROK"], "a mapping from each player to its actions was expected, given list"),
    ],
)
def test_labels_that_form_no_game(actions, message):
    with pytest.raises(InvalidGameError, match=message):
        Labels.of(actions)


def test_players_that_are_repeated_or_outnumbered():
    with pytest.raises(InvalidGameError, match="players: 'ROK' appears more than once"):
        Labels(("ROK", "ROK"), (("a",), ("b",)))
    with pytest.raises(InvalidGameError, match="2 players but 1 lists of actions"):
        Labels(("ROK", "JPN"), (("a",),))


def test_unknown_players_and_actions_get_the_nearest_name(labels):
    with pytest.raises(UnknownNameError, match=r"order: unknown player 'JAP'; did you mean 'JPN'\?"):
        labels.player("JAP", where="order")
    with pytest.raises(
        UnknownNameError, match=r"unknown action of 'ROK' 'suspended'; did you mean 'suspend'\?"
    ):
        labels.action("ROK", "suspended")
    with pytest.raises(
        UnknownNameError, match=r"fix: unknown action of 'USA' 'pres'; did you mean 'press'\?"
    ):
        labels.hold({"USA": "pres"})
    with pytest.raises(UnknownNameError, match="fix: unknown player 'UK'"):
        labels.hold({"UK": "press"})


@pytest.mark.parametrize(
    ("outcome", "error", "message"),
    [
        (("renew", "relax"), InvalidArgumentError, "one action for each of ROK, JPN, USA; given"),
        ("renew", InvalidArgumentError, "one action for each of ROK, JPN, USA; given 'renew'"),
        ({"ROK": "renew", "USA": "press"}, InvalidArgumentError, "an outcome names every player; JPN not in"),
        ({"ROK": "renew", "JPN": "relax", "UK": "press"}, UnknownNameError, "unknown player 'UK'"),
        (("renew", "press", "relax"), UnknownNameError, "unknown action of 'JPN' 'press'"),
    ],
)
def test_outcomes_that_do_not_exist(labels, outcome, error, message):
    with pytest.raises(error, match=message):
        labels.outcome(outcome)


def test_more_players_than_arrays_have_axes_are_refused():
    actions = {f"P{index}": ("stay",) for index in range(63)}
    with pytest.raises(InvalidGameError, match="at most 62 players were expected, given 63"):
        Labels.of(actions)
    del actions["P62"]
    assert bg.NormalForm(actions, np.zeros((62,) + (1,) * 62)).draws == 1
