"""Trees to and from Gambit: the same payoffs, beliefs and names, and Gambit's own strategic form."""

import sys

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidGameError, MissingExtraError, UnsupportedGameError
from bargain.games.gambit_tree import tree_from_gambit, tree_to_gambit
from reference.game_trees import random_tree

POKER = """EFG 2 R "Myerson's poker, an ante of one paid first" { "Fred" "Alice" }
""
c "" 1 "" { "red" 1/2 "black" 1/2 } 1 "ante" { 0, 0 }
p "" 1 1 "red" { "raise" "fold" } 2 "bonus" { 1, -1 }
p "" 2 1 "raised" { "meet" "pass" } 0
t "" 3 "meet" { 1, -1 }
t "" 4 "pass" { 0, 0 }
t "" 5 "fold" { 0, 0 }
p "" 1 2 "black" { "raise" "fold" } 6 "malus" { -1, 1 }
p "" 2 1 "raised" { "meet" "pass" } 0
t "" 7 "meet" { -1, 1 }
t "" 8 "pass" { 2, -2 }
t "" 9 "fold" { 0, 0 }
"""


@pytest.fixture
def pygambit():
    return pytest.importorskip("pygambit")


def test_a_published_tree_from_a_file(tmp_path, pygambit):
    path = tmp_path / "poker.efg"
    path.write_text(POKER, encoding="ascii")
    game = bg.read_tree(path)
    assert game.players == ("Fred", "Alice")
    assert [one.name for one in game.information_sets] == ["red", "raised", "black"]
    assert game.payoffs[0, :, 0].tolist() == [2, 1, 1, -2, 1, -1]
    (play,) = bg.solve(game, bg.StrategicNash()).profiles()
    assert play["red"] == {"raise": 1.0}
    assert play["black"]["raise"] == pytest.approx(1 / 3)
    assert play["raised"]["meet"] == pytest.approx(2 / 3)
    table = bg.read_efg(path)
    np.testing.assert_allclose(game.normal_form().payoffs, table.payoffs, atol=1e-12)
    again = tmp_path / "again.efg"
    bg.write_tree(game, again)
    assert bg.read_tree(again).information_sets == game.information_sets


def test_random_trees_there_and_back(pygambit):
    rng = np.random.default_rng(2)
    for _ in range(12):
        game = bg.ExtensiveForm(("A", "B"), random_tree(rng, ("A", "B"), 4))
        made = game.to_gambit()
        back = bg.ExtensiveForm.from_gambit(made)
        np.testing.assert_array_equal(back.payoffs, game.payoffs)
        np.testing.assert_allclose(back.chance, game.chance, atol=1e-15)
        assert [(one.name, one.player, one.actions, one.nodes) for one in back.information_sets] == [
            (one.name, one.player, one.actions, one.nodes) for one in game.information_sets
        ]


def test_names_that_are_missing_are_made(pygambit):
    made = pygambit.Game.new_tree(players=["I", "II"], title="")
    made.append_move(made.root, "I", ["L", "R"])
    made.append_move(list(made.root.children), "II", ["l", "r"])
    for number, node in enumerate(child for top in made.root.children for child in top.children):
        made.set_outcome(node, made.add_outcome(str(number), [number, -number]))
    game = tree_from_gambit(made)
    assert [one.name for one in game.information_sets] == ["I 1", "II 1"]
    assert game.payoffs[0, :, 0].tolist() == [0, 1, 2, 3]


def test_thirds_stay_thirds(pygambit):
    tree = bg.Decision("A", "go", {"x": bg.Outcome([1]), "y": bg.Outcome([0])})
    game = bg.ExtensiveForm(("A",), bg.Chance(dict.fromkeys(("one", "two", "three"), (1 / 3, tree))))
    made = tree_to_gambit(game)
    assert [str(action.prob) for action in made.root.infoset.actions] == ["1/3"] * 3


def test_what_is_no_tree_is_refused(tmp_path, pygambit):
    with pytest.raises(UnsupportedGameError, match="a tree was expected"):
        tree_from_gambit(pygambit.Game.from_arrays([[1, 0]], [[0, 1]]))
    forgetful = tmp_path / "forgetful.efg"
    text = 'EFG 2 R "" { "A" }\n""\np "" 1 1 "x" { "L" "R" } 0\np "" 1 1 "x" { "L" "R" } 0\n'
    ends = [f't "" {number} "" {{ {number} }}\n' for number in (1, 2, 3)]
    forgetful.write_text(text + "".join(ends), encoding="ascii")
    with pytest.raises(InvalidGameError, match=r"forgetful\.efg: .*perfect recall"):
        bg.read_tree(forgetful)
    named = bg.ExtensiveForm(("é",), bg.Decision("é", "go", {"x": bg.Outcome([1]), "y": bg.Outcome([0])}))
    with pytest.raises(InvalidGameError, match="to_gambit"):
        tree_to_gambit(named)


def test_gambit_is_optional(monkeypatch):
    monkeypatch.setitem(sys.modules, "pygambit", None)
    game = bg.ExtensiveForm(("A",), bg.Decision("A", "go", {"x": bg.Outcome([1]), "y": bg.Outcome([0])}))
    with pytest.raises(MissingExtraError, match="pygambit"):
        game.to_gambit()
