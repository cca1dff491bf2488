"""Games to and from other libraries."""

import builtins

import numpy as np
import pytest

import bargain as bg
from bargain.errors import (
    InvalidArgumentError,
    InvalidGameError,
    MissingExtraError,
    UnknownNameError,
    UnsupportedGameError,
)
from bargain.games import convert
from bargain.games.normal import NormalForm
from bargain.solvers.pure_nash import PureNash

PACT = {"ROK": ("renew", "suspend", "terminate"), "JPN": ("maintain", "relax"), "USA": ("abstain", "press")}
AWKWARD = [0.1, 1 / 3, -1e-8, 1e8, 12345.678901234567, -0.0, 2.0**-40, 5e-324, 1e300]


def random_game(actions, draws=2, seed=0):
    shape = tuple(map(len, actions.values()))
    return NormalForm(actions, np.random.default_rng(seed).normal(size=(len(actions), *shape, draws)))


def same(one, other):
    return one.actions == other.actions and np.array_equal(one.payoffs, other.payoffs)


def without(monkeypatch, package):
    real = builtins.__import__

    def importing(name, *rest, **named):
        if name.split(".")[0] == package:
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", importing)


def test_nashpy_gets_both_tables():
    game = random_game({"row": ("up", "down"), "column": ("left", "middle", "right")})
    for draw in (0, 1, -1):
        given = convert.to_nashpy(game, draw)
        assert np.array_equal(np.array(given.payoff_matrices), game.payoffs[..., draw])


def test_nashpy_takes_two_players():
    with pytest.raises(UnsupportedGameError, match="two players, given ROK, JPN, USA"):
        convert.to_nashpy(random_game(PACT))


@pytest.mark.parametrize("draw", [2, -3])
def test_a_draw_that_is_not_there(draw):
    with pytest.raises(InvalidArgumentError, match=f"one of 2 draws was expected, given {draw}"):
        convert.to_nashpy(random_game({"row": ("up", "down"), "column": ("left", "right")}), draw)


@pytest.mark.parametrize("sizes", [(3,), (2, 3), (3, 2, 2), (2, 1, 3), (2, 3, 2, 4)], ids=str)
def test_quantecon_and_back(sizes):
    pytest.importorskip("quantecon")
    actions = {f"p{i}": tuple(f"a{k}" for k in range(size)) for i, size in enumerate(sizes)}
    game = random_game(actions)
    there = convert.to_quantecon(game, 1)
    assert there.nums_actions == sizes
    for outcome in np.ndindex(sizes):
        there_at = there[outcome] if len(sizes) > 1 else [there[outcome[0]]]
        assert np.array_equal(there_at, game.payoffs[(slice(None), *outcome, 1)])
    assert same(convert.from_quantecon(there, actions), game[1])
    unnamed = convert.from_quantecon(there)
    assert np.array_equal(unnamed.payoffs, game[1].payoffs)
    assert unnamed.actions["player 1"][:2] == ("action 1", "action 2")[: sizes[0]]


def test_quantecon_names_must_fit():
    theory = pytest.importorskip("quantecon.game_theory")
    game = theory.NormalFormGame([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])
    assert convert.from_quantecon(game).payoffs[..., 0].tolist() == [[[1, 3], [5, 7]], [[2, 4], [6, 8]]]
    with pytest.raises(InvalidGameError, match=r"\(2, 3, 2\)"):
        convert.from_quantecon(game, {"row": ("a", "b", "c"), "column": ("d", "e")})


def test_quantecon_finds_the_same_pure_equilibria():
    theory = pytest.importorskip("quantecon.game_theory")
    game = random_game(PACT, draws=30)
    stable = PureNash().stable(game.payoffs)
    for draw in range(game.draws):
        found = set(theory.pure_nash_brute(convert.to_quantecon(game, draw)))
        assert found == set(map(tuple, np.argwhere(stable[..., draw]).tolist()))


@pytest.mark.parametrize(
    "actions",
    [
        PACT,
        {"alone": ("one", "other")},
        {"held": ("only",), "free": ("a", "b")},
        # Names that Gambit gives to others before it is told these.
        {"2": ("2", "1"), "1": ("3", "1", "2")},
        {'the "south"': ("back\\slash", "a/b"), "{n}": ("x, y", "z")},
    ],
    ids=str,
)
def test_gambit_and_back(actions):
    pytest.importorskip("pygambit")
    game = random_game(actions)
    assert same(convert.from_gambit(convert.to_gambit(game, 1)), game[1])


def test_gambit_gets_every_digit():
    pytest.importorskip("pygambit")
    table = np.resize(AWKWARD, (3, 3, 2, 2))
    game = NormalForm(PACT, table)
    assert np.array_equal(convert.from_gambit(convert.to_gambit(game)).payoffs[..., 0], table)
    tree = convert.from_gambit(convert.to_gambit(game, order=[["USA", "JPN", "ROK"]]))
    assert np.array_equal(tree.payoffs[..., 0], table)


def test_gambit_agrees_on_the_equilibria():
    gambit = pytest.importorskip("pygambit")
    game = random_game(PACT, draws=10)
    for draw in range(game.draws):
        found = gambit.nash.enumpure_solve(convert.to_gambit(game, draw)).equilibria
        assert len(found) == PureNash().stable(game[draw].payoffs).sum()


def test_a_tree_of_players_who_move_at_once_is_the_game_itself():
    pytest.importorskip("pygambit")
    game = random_game(PACT)
    for order in ([["ROK", "JPN", "USA"]], [["USA", "ROK", "JPN"]]):
        tree = convert.to_gambit(game, 1, order=order)
        assert tree.is_tree
        assert same(convert.from_gambit(tree), game[1])


def test_in_a_tree_later_groups_see_what_earlier_ones_did():
    pytest.importorskip("pygambit")
    game = random_game(PACT)
    tree = convert.to_gambit(game, order=[["USA"], ["ROK", "JPN"]])
    assert [len(player.infosets) for player in tree.players] == [2, 2, 1]
    assert len(tree.outcomes) == 12
    assert tree.is_perfect_recall
    form = convert.from_gambit(tree)
    assert form.shape == (9, 4, 2)
    assert form.actions["JPN"] == ("maintain/maintain", "maintain/relax", "relax/maintain", "relax/relax")
    for pressing, name in enumerate(PACT["USA"]):
        for seoul in form.actions["ROK"]:
            for tokyo in form.actions["JPN"]:
                reached = (seoul.split("/")[pressing], tokyo.split("/")[pressing], name)
                row = form.payoffs[
                    :, form.labels.action("ROK", seoul), form.labels.action("JPN", tokyo), pressing, 0
                ]
                assert np.array_equal(row, game.payoffs.reshape(3, -1, 2)[:, game.labels.outcome(reached), 0])


def test_who_has_no_choice_may_be_left_out_of_the_order():
    pytest.importorskip("pygambit")
    game = random_game(PACT).hold({"USA": "press"})
    tree = convert.to_gambit(game, order=[["JPN"], ["ROK"]])
    assert [len(player.infosets) for player in tree.players] == [2, 1, 1]
    form = convert.from_gambit(tree)
    assert form.shape == (9, 2, 1)
    assert form.actions["USA"] == ("press",)


def test_chance_is_averaged_and_irrelevant_choices_are_marked():
    gambit = pytest.importorskip("pygambit")
    tree = gambit.Game.new_tree(players=["firm", "state"], title="")
    tree.append_move(tree.root, tree.players.chance, ["dry", "wet"])
    tree.set_chance_probs(tree.root.infoset, [0.25, 0.75])
    dry, wet = tree.root.children
    tree.append_move([dry, wet], "firm", ["stay", "leave"])
    goes_on = [next(iter(node.children)) for node in (dry, wet)]
    tree.append_move(goes_on, "state", ["tax", "spare"])
    ends = [node for node in tree.nodes if node.is_terminal]
    tree.append_move([node for node in ends if node.parent == goes_on[0]], "firm", ["sue", "pay"])
    ends = [node for node in tree.nodes if node.is_terminal]
    for number, node in enumerate(ends):
        tree.set_outcome(node, tree.add_outcome(str(number), payoffs=[number, -number]))
    form = convert.from_gambit(tree)
    assert form.actions == {"firm": ("stay/sue", "stay/pay", "leave/*"), "state": ("tax", "spare")}
    # In the order of the tree the ends are dry: tax/sue, tax/pay, spare/sue, spare/pay, leave; wet: tax, spare, leave.
    expected = [
        [0.25 * 0 + 0.75 * 5, 0.25 * 2 + 0.75 * 6],
        [0.25 * 1 + 0.75 * 5, 0.25 * 3 + 0.75 * 6],
        [6.25] * 2,
    ]
    assert form.payoffs[..., 0].tolist() == [expected, [[-value for value in row] for row in expected]]


@pytest.mark.parametrize(
    ("order", "error", "message"),
    [
        ([["USA"], ["ROK"]], InvalidArgumentError, "when JPN moves"),
        ([["USA"], ["ROK", "JPN", "USA"]], InvalidArgumentError, "moves once"),
        ([["USA"], ["ROK", "JAP"]], UnknownNameError, "did you mean 'JPN'"),
        ("USA", InvalidArgumentError, "list of groups"),
        (["USA", "ROK", "JPN"], InvalidArgumentError, "list of groups"),
        ([], InvalidArgumentError, "list of groups"),
    ],
)
def test_an_order_that_is_none(order, error, message):
    pytest.importorskip("pygambit")
    with pytest.raises(error, match=message):
        convert.to_gambit(random_game(PACT), order=order)


@pytest.mark.parametrize("name", ["한국", "two  spaces", " ahead", "behind ", "two\nlines"])
def test_a_name_that_gambit_does_not_take_is_named(name):
    pytest.importorskip("pygambit")
    for actions in ({name: ("a", "b"), "other": ("c",)}, {"one": ("a", name), "other": ("c",)}):
        with pytest.raises(InvalidGameError, match="printable ASCII") as caught:
            convert.to_gambit(random_game(actions))
        assert repr(name) in str(caught.value)


def test_what_is_not_installed_is_named_with_its_extra(monkeypatch):
    game = random_game(PACT)
    without(monkeypatch, "quantecon")
    with pytest.raises(MissingExtraError, match=r"to_quantecon needs quantecon.*bargain\[quantecon\]"):
        convert.to_quantecon(game)
    without(monkeypatch, "pygambit")
    with pytest.raises(MissingExtraError, match=r"to_gambit needs pygambit.*bargain\[gambit\]"):
        convert.to_gambit(game)


def test_profile_arrays_are_those_of_quantecon():
    theory = pytest.importorskip("quantecon.game_theory")
    game = bg.NormalForm(
        {"a": ("x", "y", "z"), "b": ("l", "r"), "c": ("u", "v")},
        np.random.default_rng(3).normal(size=(3, 3, 2, 2)),
    )
    theirs = game.to_quantecon().payoff_profile_array
    assert game.to_profile_array().tolist() == theirs.tolist()
    back = bg.NormalForm.from_profile_array(game.labels, theirs)
    assert back.payoffs.tolist() == game.payoffs.tolist()
    again = bg.NormalForm.from_quantecon(theory.NormalFormGame(theirs), game.actions)
    assert again.payoffs.tolist() == game.payoffs.tolist()
    with pytest.raises(InvalidGameError, match=r"profiles: shape \(3, 2, 2, 3\)"):
        bg.NormalForm.from_profile_array(game.labels, game.payoffs[..., 0])
