"""Trees of Gambit as games in extensive form, and the other way round."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidGameError, MissingExtraError, UnsupportedGameError
from bargain.games.extensive import ExtensiveForm
from bargain.games.tree import Chance, Decision, Node, Outcome

__all__ = ["tree_from_gambit", "tree_to_gambit"]

_DENOMINATOR = 10**6


def tree_from_gambit(game: Any) -> ExtensiveForm:
    """Build a game in extensive form from a tree of Gambit.

    Parameters
    ----------
    game : pygambit.gambit.Game

    Returns
    -------
    ExtensiveForm
        Of a single draw. Payoffs on the way are added to those at the end. Information sets, actions and
        players keep their names where these tell them apart; otherwise information sets are named by player
        and number, actions and players numbered.

    Raises
    ------
    UnsupportedGameError
        If it is a game in strategic form.
    InvalidGameError
        If a player forgets what it did or knew.
    """
    if not game.is_tree:
        raise UnsupportedGameError("from_gambit: a tree was expected, given a strategic form; see NormalForm")
    players = list(game.players)
    names = _distinct([player.label for player in players], "player")
    sets = [one for player in players for one in player.infosets]
    fallback = [
        f"{name} {number}"
        for name, player in zip(names, players, strict=True)
        for number, _ in enumerate(player.infosets, start=1)
    ]
    given = [one.label for one in sets]
    known = given if all(given) and len(set(given)) == len(given) else fallback
    owner = {
        (number, place): (names[number], known.pop(0))
        for number, player in enumerate(players)
        for place, _ in enumerate(player.infosets)
    }

    def read(node: Any, before: Floats) -> Node:
        payoffs = before
        if node.outcome:
            payoffs = before + [float(node.outcome[player]) for player in players]
        if node.is_terminal:
            return Outcome(payoffs.tolist())
        actions = list(node.infoset.actions)
        moves = _distinct([action.label for action in actions], "action")
        nodes = [read(child, payoffs) for child in node.children]
        if node.player.is_chance:
            weights = np.array([float(action.prob) for action in actions])
            branches = zip(moves, (weights / weights.sum()).tolist(), nodes, strict=True)
            return Chance({move: (weight, child) for move, weight, child in branches})
        player, name = owner[node.player.number, node.infoset.number]
        return Decision(player, name, dict(zip(moves, nodes, strict=True)))

    return ExtensiveForm(names, read(game.root, np.zeros(len(players))))


def tree_to_gambit(game: ExtensiveForm, draw: int = 0) -> Any:
    """Return one draw of a game in extensive form as a tree of Gambit.

    Parameters
    ----------
    game : ExtensiveForm
    draw : int, default 0

    Returns
    -------
    pygambit.gambit.Game
        Probabilities within rounding of a fraction with a denominator of at most a million are that fraction.

    Raises
    ------
    MissingExtraError
        If pygambit is not installed.
    InvalidGameError
        If Gambit does not take a name: it wants printable ASCII without spaces at the ends or in a row.
    """
    try:
        import pygambit  # noqa: PLC0415  # optional
    except ImportError as error:
        raise MissingExtraError.of("pygambit", "gambit", "to_gambit") from error
    one = game[draw]
    try:
        made = pygambit.Game.new_tree(players=list(game.players), title="")
        _write(made, one)
    except ValueError as error:
        raise InvalidGameError(f"to_gambit: {error}") from error
    return made


def _write(made: Any, game: ExtensiveForm) -> None:
    tree = game.tree
    sets: dict[int, Any] = {}
    places = {0: made.root}
    for number, children in enumerate(tree.children):
        node, kind, place = places[number], int(tree.kind[number]), int(tree.place[number])
        if not children:
            payoffs = [Fraction(float(value)) for value in game.payoffs[:, place, 0]]
            made.set_outcome(node, made.add_outcome(str(place + 1), [str(value) for value in payoffs]))
            continue
        if kind < 0:
            rows = slice(place, place + len(children))
            events = _distinct([tree.histories[child].rsplit("/", 1)[-1] for child in children], "event")
            made.append_move(node, made.players.chance, events)
            made.set_chance_probs(node.infoset, _adding_to_one(game.chance[rows, 0].tolist()))
        elif kind in sets:
            made.append_infoset(node, sets[kind])
        else:
            one = tree.information_sets[kind]
            made.append_move(node, one.player, list(one.actions))
            sets[kind] = node.infoset
            node.infoset.label = one.name
        places.update(zip(children, node.children, strict=True))


def _adding_to_one(weights: Sequence[float]) -> list[str]:
    """Write probabilities as fractions that add to one exactly: the last makes up for rounding."""
    exact = [Fraction(weight) for weight in weights[:-1]]
    simple = [value.limit_denominator(_DENOMINATOR) for value in exact]
    close = [s if abs(s - e) < 1e-15 else e for s, e in zip(simple, exact, strict=True)]
    return [str(value) for value in (*close, 1 - sum(close))]


def _distinct(names: list[str], what: str) -> list[str]:
    if all(names) and len(set(names)) == len(names):
        return names
    return [f"{what} {number + 1}" for number in range(len(names))]
