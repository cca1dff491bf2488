"""Gambit's files: ``.nfg`` for games in strategic form, ``.efg`` for trees, through pygambit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bargain.errors import BargainError, InvalidArgumentError, InvalidGameError, MissingExtraError
from bargain.games.convert import from_gambit, to_gambit
from bargain.games.gambit_tree import tree_from_gambit, tree_to_gambit

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from bargain.games.extensive import ExtensiveForm
    from bargain.games.normal import NormalForm

__all__ = ["read_efg", "read_nfg", "read_tree", "write_efg", "write_nfg", "write_tree"]


def read_nfg(path: str | os.PathLike[str]) -> NormalForm:
    """Read a game in strategic form.

    Parameters
    ----------
    path : path

    Returns
    -------
    NormalForm
        Of a single draw.

    Raises
    ------
    MissingExtraError
        If pygambit is not installed.
    InvalidArgumentError
        If the file cannot be read.
    InvalidGameError
        If its text is not a game; the message names the file and the place.
    """
    game: NormalForm = _read(path, lambda pygambit: pygambit.read_nfg, from_gambit)
    return game


def read_efg(path: str | os.PathLike[str]) -> NormalForm:
    """Read a game tree, as its reduced strategic form; `read_tree` keeps the tree.

    Parameters
    ----------
    path : path

    Returns
    -------
    NormalForm
        Of a single draw; for the names of its actions see `bargain.games.convert.from_gambit`.

    Raises
    ------
    MissingExtraError
        If pygambit is not installed.
    InvalidArgumentError
        If the file cannot be read.
    InvalidGameError
        If its text is not a game; the message names the file and the place.
    """
    game: NormalForm = _read(path, lambda pygambit: pygambit.read_efg, from_gambit)
    return game


def read_tree(path: str | os.PathLike[str]) -> ExtensiveForm:
    """Read a game tree as a tree, from an ``.efg`` file.

    Parameters
    ----------
    path : path

    Returns
    -------
    ExtensiveForm
        Of a single draw; for its names see `bargain.games.gambit_tree.tree_from_gambit`.

    Raises
    ------
    MissingExtraError
        If pygambit is not installed.
    InvalidArgumentError
        If the file cannot be read.
    InvalidGameError
        If its text is not a game with perfect recall; the message names the file and the place.
    """
    game: ExtensiveForm = _read(path, lambda pygambit: pygambit.read_efg, tree_from_gambit)
    return game


def write_tree(game: ExtensiveForm, path: str | os.PathLike[str], *, draw: int = 0) -> None:
    """Write one draw of a game in extensive form to an ``.efg`` file.

    Parameters
    ----------
    game : ExtensiveForm
    path : path
        A file that is there is replaced.
    draw : int, default 0

    Raises
    ------
    MissingExtraError
        If pygambit is not installed.
    InvalidGameError
        If Gambit does not take a name of the game.
    InvalidArgumentError
        If the file cannot be written.
    UnknownDrawError
        If there is no such draw.
    """
    _write(path, lambda: tree_to_gambit(game, draw).to_efg())


def write_nfg(game: NormalForm, path: str | os.PathLike[str], *, draw: int = 0) -> None:
    """Write one draw of a game in strategic form.

    Parameters
    ----------
    game : NormalForm
    path : path
        A file that is there is replaced.
    draw : int, default 0

    Raises
    ------
    MissingExtraError
        If pygambit is not installed.
    InvalidGameError
        If Gambit does not take a name of the game.
    InvalidArgumentError
        If there is no such draw, or the file cannot be written.
    """
    _write(path, lambda: to_gambit(game, draw).to_nfg())


def write_efg(
    game: NormalForm, path: str | os.PathLike[str], order: Sequence[Sequence[str]], *, draw: int = 0
) -> None:
    """Write one draw of a game that is played in stages, as a tree.

    Parameters
    ----------
    game : NormalForm
        Payoffs at the end of each path of play.
    path : path
        A file that is there is replaced.
    order : sequence of sequence of str
        The groups that move at the same time, first mover first, as for `SubgamePerfect`.
    draw : int, default 0

    Raises
    ------
    MissingExtraError
        If pygambit is not installed.
    InvalidGameError
        If Gambit does not take a name of the game.
    UnknownNameError
        If the order names somebody who does not play.
    InvalidArgumentError
        If there is no such draw, the order leaves somebody out, or the file cannot be written.
    """
    _write(path, lambda: to_gambit(game, draw, order=order).to_efg())


def _read(
    path: str | os.PathLike[str],
    reader: Callable[[Any], Callable[[Path], Any]],
    converted: Callable[[Any], Any],
) -> Any:
    try:
        import pygambit  # noqa: PLC0415  # optional
    except ImportError as error:
        raise MissingExtraError.of("pygambit", "gambit", f"reading {path}") from error
    try:
        return converted(reader(pygambit)(Path(path)))
    except OSError as error:
        raise InvalidArgumentError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (BargainError, ValueError) as error:
        raise InvalidGameError(f"{path}: {error}") from error


def _write(path: str | os.PathLike[str], text: Callable[[], str]) -> None:
    try:
        Path(path).write_text(text(), encoding="ascii")
    except OSError as error:
        raise InvalidArgumentError(f"{path}: cannot be written ({error.strerror or error})") from error
