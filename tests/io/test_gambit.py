"""Gambit's files."""

import builtins

import numpy as np
import pytest

from bargain.errors import InvalidArgumentError, InvalidGameError, MissingExtraError
from bargain.games.normal import NormalForm
from bargain.io.gambit import read_efg, read_nfg, write_efg, write_nfg

ACTIONS = {
    "ROK": ("renew", "suspend", "terminate"),
    "JPN": ("maintain", "relax"),
    "USA": ("abstain", "press"),
}


@pytest.fixture
def game():
    return NormalForm(ACTIONS, np.random.default_rng(0).normal(size=(3, 3, 2, 2, 4)))


@pytest.mark.parametrize("kind", [str, lambda path: path], ids=["str", "Path"])
def test_nfg_there_and_back(tmp_path, game, kind):
    pytest.importorskip("pygambit")
    path = kind(tmp_path / "game.nfg")
    for draw in (0, 3):
        write_nfg(game, path, draw=draw)
        read = read_nfg(path)
        assert read.actions == ACTIONS
        assert np.array_equal(read.payoffs, game[draw].payoffs)


def test_efg_there_and_back(tmp_path, game):
    pytest.importorskip("pygambit")
    path = tmp_path / "game.efg"
    write_efg(game, path, [["JPN", "USA", "ROK"]], draw=2)
    read = read_efg(path)
    assert read.actions == ACTIONS
    assert np.array_equal(read.payoffs, game[2].payoffs)
    write_efg(game, path, [["USA"], ["ROK", "JPN"]])
    assert read_efg(path).shape == (9, 4, 2)


def test_a_file_written_by_hand(tmp_path):
    pytest.importorskip("pygambit")
    path = tmp_path / "dilemma.nfg"
    # The order of Gambit's payoffs: the first player's strategy moves fastest.
    path.write_text(
        'NFG 1 R "dilemma" { "row" "column" } { { "C" "D" } { "C" "D" } }\n\n3 3 5 0 0 5 1/2 0.5\n'
    )
    game = read_nfg(path)
    assert game.actions == {"row": ("C", "D"), "column": ("C", "D")}
    assert game.payoffs[..., 0].tolist() == [[[3, 0], [5, 0.5]], [[3, 5], [0, 0.5]]]


@pytest.mark.parametrize("read", [read_nfg, read_efg])
def test_what_cannot_be_read_is_named(tmp_path, read):
    pytest.importorskip("pygambit")
    with pytest.raises(InvalidArgumentError, match=r"none\.nfg: cannot be read \(No such file"):
        read(tmp_path / "none.nfg")
    with pytest.raises(InvalidArgumentError, match="cannot be read"):
        read(tmp_path)
    bad = tmp_path / "bad.nfg"
    bad.write_text('NFG 1 R "x" { "a" ')
    with pytest.raises(InvalidGameError, match=r"bad\.nfg: .*line 1"):
        read(bad)
    bad.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidGameError, match=r"bad\.nfg: "):
        read(bad)


def test_a_file_of_the_other_kind_is_refused(tmp_path, game):
    pytest.importorskip("pygambit")
    write_nfg(game, tmp_path / "game.nfg")
    with pytest.raises(InvalidGameError, match=r"game\.nfg: .*EFG"):
        read_efg(tmp_path / "game.nfg")


def test_what_cannot_be_written_is_named(tmp_path, game):
    pytest.importorskip("pygambit")
    with pytest.raises(InvalidArgumentError, match=r"nowhere.*cannot be written"):
        write_nfg(game, tmp_path / "nowhere" / "game.nfg")
    path = tmp_path / "game.efg"
    path.write_text("precious")
    with pytest.raises(InvalidArgumentError, match="when JPN moves"):
        write_efg(game, path, [["USA"], ["ROK"]])
    assert path.read_text() == "precious"


def test_without_pygambit_the_extra_is_named(monkeypatch, tmp_path, game):
    real = builtins.__import__

    def importing(name, *rest, **named):
        if name == "pygambit":
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", importing)
    for call in (lambda: read_nfg(tmp_path / "game.nfg"), lambda: write_nfg(game, tmp_path / "game.nfg")):
        with pytest.raises(MissingExtraError, match=r"needs pygambit.*bargain\[gambit\]"):
            call()
