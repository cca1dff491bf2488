"""Gambit's files: ``.nfg`` for games in strategic form, ``.efg`` for trees, through pygambit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bargain.errors import BargainError, InvalidArgumentError, InvalidGameError, MissingExtraError
from bargain.games.convert import from_gambit, to_gambit

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence

    from bargain.games.normal import NormalForm

__all__ = ["read_efg", "read_nfg", "write_efg", "write_nfg"]


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
    return _read(path, lambda pygambit: pygambit.read_nfg)


def read_efg(path: str | os.PathLike[str]) -> NormalForm:
    """Read a game tree, as its reduced strategic form.

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
    return _read(path, lambda pygambit: pygambit.read_efg)


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


def _read(path: str | os.PathLike[str], reader: Callable[[Any], Callable[[Path], Any]]) -> NormalForm:
    try:
        import pygambit  # noqa: PLC0415  # optional
    except ImportError as error:
        raise MissingExtraError.of("pygambit", "gambit", f"reading {path}") from error
    try:
        return from_gambit(reader(pygambit)(Path(path)))
    except OSError as error:
        raise InvalidArgumentError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (BargainError, ValueError) as error:
        raise InvalidGameError(f"{path}: {error}") from error


def _write(path: str | os.PathLike[str], text: Callable[[], str]) -> None:
    try:
        Path(path).write_text(text(), encoding="ascii")
    except OSError as error:
        raise InvalidArgumentError(f"{path}: cannot be written ({error.strerror or error})") from error
