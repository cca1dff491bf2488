"""Games to and from other libraries: nashpy, quantecon and Gambit."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from bargain.errors import InvalidArgumentError, InvalidGameError, MissingExtraError, UnsupportedGameError
from bargain.games.labels import Labels
from bargain.games.normal import NormalForm

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bargain.axes import Floats

__all__ = ["from_gambit", "from_quantecon", "to_gambit", "to_nashpy", "to_quantecon"]


def to_nashpy(game: NormalForm, draw: int = 0) -> Any:
    """Return one draw as a game of nashpy, without its names.

    Parameters
    ----------
    game : NormalForm
        With exactly two players.
    draw : int, default 0

    Returns
    -------
    nashpy.Game

    Raises
    ------
    UnsupportedGameError
        If there are not two players.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.games.convert import to_nashpy
    >>> game = bg.NormalForm({"row": ("up", "down"), "column": ("left", "right")}, [[[1, 0], [0, 1]]] * 2)
    >>> sorted(profile[0].tolist() for profile in to_nashpy(game).vertex_enumeration())
    [[0.0, 1.0], [0.5, 0.5], [1.0, 0.0]]
    """
    import nashpy  # noqa: PLC0415  # slow to import

    if len(game.players) != 2:
        raise UnsupportedGameError(f"nashpy takes two players, given {', '.join(game.players)}")
    return nashpy.Game(*_table(game, draw))


def to_quantecon(game: NormalForm, draw: int = 0) -> Any:
    """Return one draw as a game of quantecon, without its names.

    Parameters
    ----------
    game : NormalForm
    draw : int, default 0

    Returns
    -------
    quantecon.game_theory.NormalFormGame
        In which every player's array has its own actions first, then those of the players after it and last
        those of the players before it.

    Raises
    ------
    MissingExtraError
        If quantecon is not installed.
    """
    theory = _quantecon("to_quantecon")
    players = range(len(game.players))
    arrays = [
        own.transpose([*players[player:], *players[:player]]) for player, own in enumerate(_table(game, draw))
    ]
    return theory.NormalFormGame([theory.Player(np.ascontiguousarray(array)) for array in arrays])


def from_quantecon(game: Any, actions: Mapping[str, Sequence[str]] | Labels | None = None) -> NormalForm:
    """Build a game from one of quantecon.

    Parameters
    ----------
    game : quantecon.game_theory.NormalFormGame
    actions : mapping of str to sequence of str, or Labels, optional
        The names, which quantecon's games do not have; ``"player 1"``, ``"action 1"`` and so on without.

    Returns
    -------
    NormalForm

    Raises
    ------
    InvalidGameError
        If the names do not fit the numbers of players and actions.
    """
    players = range(game.N)
    payoffs = [
        np.asarray(player.payoff_array, dtype=np.float64).transpose(
            [(axis - index) % game.N for axis in players]
        )
        for index, player in enumerate(game.players)
    ]
    labels = _numbered(payoffs[0].shape) if actions is None else Labels.of(actions)
    return NormalForm(labels, np.stack(payoffs))


def to_gambit(game: NormalForm, draw: int = 0, *, order: Sequence[Sequence[str]] | None = None) -> Any:
    """Return one draw as a game of Gambit, payoffs exact to the last digit.

    Parameters
    ----------
    game : NormalForm
    draw : int, default 0
    order : sequence of sequence of str, optional
        Groups of players that move at the same time, the first movers first, as for `SubgamePerfect`: the
        game becomes a tree in which later groups see what earlier ones did. A strategic game without.

    Returns
    -------
    pygambit.gambit.Game

    Raises
    ------
    MissingExtraError
        If pygambit is not installed.
    InvalidGameError
        If Gambit does not take a name: it wants printable ASCII without spaces at the ends or in a row.
    UnknownNameError
        If the order names somebody who does not play.
    InvalidArgumentError
        If the order leaves out a player who has a choice, or names one twice.
    """
    pygambit = _pygambit("to_gambit")
    for name in itertools.chain(game.players, *game.labels.actions):
        _check_name(name)
    if order is not None:
        return _tree(pygambit, game, draw, _complete(game, order))
    exact = np.frompyfunc(_digits, 1, 1)
    made = pygambit.Game.from_arrays(*(exact(own) for own in _table(game, draw)), title="")
    _rename(made.players, game.players)
    for player, names in zip(made.players, game.labels.actions, strict=True):
        _rename(player.strategies, names)
    return made


def from_gambit(game: Any) -> NormalForm:
    """Build a game from the strategic form of one of Gambit.

    Parameters
    ----------
    game : pygambit.gambit.Game
        Of a tree the reduced strategic form is taken: chance moves are averaged, and a player's actions are
        its strategies, named by what they do at each of its information sets, joined with ``/``, with ``*``
        where an own earlier action makes it irrelevant.

    Returns
    -------
    NormalForm
        Of a single draw. Players or actions whose names are missing or repeated are numbered.
    """
    players = list(game.players)
    names = _distinct([player.label for player in players], "player")
    actions = [_strategy_names(player, tree=game.is_tree) for player in players]
    payoffs = [np.asarray(array, dtype=np.float64) for array in game.to_arrays(dtype=float)]
    return NormalForm(dict(zip(names, actions, strict=True)), np.stack(payoffs))


def _table(game: NormalForm, draw: int) -> Floats:
    """Return the payoffs of one draw, float[P, A...]."""
    if not -game.draws <= draw < game.draws:
        raise InvalidArgumentError(f"draw: one of {game.draws} draws was expected, given {draw}")
    return np.array(game.payoffs[..., draw])


def _numbered(shape: Sequence[int]) -> Labels:
    players = tuple(f"player {player + 1}" for player in range(len(shape)))
    return Labels(players, tuple(tuple(f"action {action + 1}" for action in range(size)) for size in shape))


def _digits(value: float) -> str:
    """Write the shortest digits that give the number back, without exponents: Gambit does not read those."""
    return format(Decimal(repr(float(value))), "f")


def _check_name(name: str) -> None:
    printable = name.isascii() and name.isprintable()
    if not printable or name != name.strip() or "  " in name:
        raise InvalidGameError(
            f"Gambit takes printable ASCII names without spaces at the ends or in a row, given {name!r}"
        )


def _complete(game: NormalForm, order: Sequence[Sequence[str]]) -> list[list[int]]:
    """Return the groups as indices; players without a choice who stand in none join the first."""
    if isinstance(order, str) or not order or any(isinstance(group, str) for group in order):
        raise InvalidArgumentError(f"order: a list of groups of players was expected, given {order!r}")
    groups = [[game.labels.player(name, where="order") for name in group] for group in order]
    listed = [player for group in groups for player in group]
    if len(set(listed)) != len(listed):
        raise InvalidArgumentError(f"order: every player moves once, given {order!r}")
    missing = [player for player in range(len(game.players)) if player not in listed]
    choosers = [game.players[player] for player in missing if game.shape[player] > 1]
    if choosers:
        raise InvalidArgumentError(f"order does not say when {', '.join(choosers)} moves")
    groups[0].extend(missing)
    return groups


def _tree(pygambit: Any, game: NormalForm, draw: int, groups: list[list[int]]) -> Any:
    table = _table(game, draw)
    made = pygambit.Game.new_tree(players=list(game.players), title="")
    # What everybody sees of the past, and the nodes that differ only in what it hides.
    seen: dict[tuple[int, ...], list[tuple[Any, dict[int, int]]]] = {(): [(made.root, {})]}
    for group in groups:
        for player in group:
            for past, nodes in seen.items():
                made.append_move(
                    [node for node, _ in nodes], game.players[player], list(game.labels.actions[player])
                )
                seen[past] = [
                    (child, {**taken, player: action})
                    for node, taken in nodes
                    for action, child in enumerate(node.children)
                ]
        everything = [entry for nodes in seen.values() for entry in nodes]
        seen = {tuple(taken.values()): [(node, taken)] for node, taken in everything}
    leaves = itertools.chain.from_iterable(seen.values())
    for number, (node, taken) in enumerate(leaves, start=1):
        outcome = tuple(taken[player] for player in range(len(game.players)))
        names = [names[action] for names, action in zip(game.labels.actions, outcome, strict=True)]
        payoffs = [_digits(own[outcome]) for own in table]
        made.set_outcome(node, made.add_outcome(f"{number}: {', '.join(names)}", payoffs=payoffs))
    return made


def _rename(things: Any, names: Sequence[str]) -> None:
    """Set labels that must differ at every moment, by way of labels longer than any of them."""
    spare = "x" * max(map(len, names))
    for number, thing in enumerate(things):
        thing.label = f"{spare}{number}"
    for thing, name in zip(things, names, strict=True):
        thing.label = name


def _strategy_names(player: Any, *, tree: bool) -> list[str]:
    strategies = list(player.strategies)
    given = [strategy.label for strategy in strategies]
    sets = list(player.infosets) if tree else []
    if sets:
        actions = [[strategy.action(place) for place in sets] for strategy in strategies]
        told = ["/".join("*" if action is None else action.label for action in row) for row in actions]
        if all(action is None or action.label for row in actions for action in row) and len(set(told)) == len(
            told
        ):
            return told
    return _distinct(given, "action")


def _distinct(names: list[str], what: str) -> list[str]:
    if all(names) and len(set(names)) == len(names):
        return names
    return [f"{what} {number + 1}" for number in range(len(names))]


def _quantecon(purpose: str) -> Any:
    try:
        from quantecon import game_theory  # noqa: PLC0415  # optional
    except ImportError as error:
        raise MissingExtraError.of("quantecon", "quantecon", purpose) from error
    return game_theory


def _pygambit(purpose: str) -> Any:
    try:
        import pygambit  # noqa: PLC0415  # optional
    except ImportError as error:
        raise MissingExtraError.of("pygambit", "gambit", purpose) from error
    return pygambit
