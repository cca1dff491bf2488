"""Graph models of conflict: states, the moves that each player controls, and ordinal preferences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bargain.axes import Bools, Floats, read_only
from bargain.errors import InvalidArgumentError, InvalidGameError, UnknownNameError
from bargain.games.labels import Labels

if TYPE_CHECKING:
    from bargain.games.normal import NormalForm

__all__ = ["ConflictGraph"]

Ranking = Sequence[str | Sequence[str]]
Preference = npt.ArrayLike | Ranking


@dataclass(frozen=True, init=False, eq=False)
class ConflictGraph:
    """A graph model of conflict, batched over draws of its preferences.

    The players move one at a time between states, each along its own arrows; an arrow without its reverse
    is a move that cannot be taken back. Only the order of the payoffs matters [FangEtAl1993]_.

    Parameters
    ----------
    states : sequence of str
    moves : mapping of player to iterable of (from, to)
        Names of states. Every player stands in the mapping, one that never moves with an empty list.
    preferences : mapping of player to preference
        One of: numbers, float[S] or float[S, N], higher preferred; or a ranking, which names every state
        once, best first, with equally good states in a tuple of their own.

    Attributes
    ----------
    players : tuple of str, length P
    states : tuple of str, length S
    moves : bool[P, S, S]
        ``moves[player, from, to]``, read-only; no state leads to itself.
    payoffs : float[P, S, N]
        Ordinal values, read-only.

    Raises
    ------
    InvalidGameError
        If names are empty or repeated, a move leads from a state to itself, or preferences have the wrong
        shape, are not finite or are not a full ranking.
    UnknownNameError
        If a move or a ranking names a state that does not exist, or preferences a player without moves.

    Examples
    --------
    Who terminates the pact cannot renew it.

    >>> import bargain as bg
    >>> graph = bg.ConflictGraph(
    ...     ["pact, no pressure", "pact, pressure", "no pact"],
    ...     {
    ...         "ROK": [("pact, no pressure", "no pact"), ("pact, pressure", "no pact")],
    ...         "USA": [
    ...             ("pact, no pressure", "pact, pressure"), ("pact, pressure", "pact, no pressure")
    ...         ],
    ...     },
    ...     {
    ...         "ROK": ["pact, no pressure", ("pact, pressure", "no pact")],
    ...         "USA": [3, 2, 1],
    ...     },
    ... )
    >>> graph.payoffs[:, :, 0]
    array([[1., 0., 0.],
           [3., 2., 1.]])
    """

    players: tuple[str, ...]
    states: tuple[str, ...]
    moves: Bools
    payoffs: Floats

    def __init__(
        self,
        states: Sequence[str],
        moves: Mapping[str, Iterable[tuple[str, str]]],
        preferences: Mapping[str, Preference],
    ) -> None:
        for state in states:
            if not isinstance(state, str):
                raise InvalidGameError(f"states: names such as {str(state)!r} were expected, given {state!r}")
        # A game's labels check names: a conflict is, to them, players who all choose among the states.
        labels = Labels.of({player: tuple(states) for player in moves})
        for player in preferences:
            labels.player(player, where="preferences")
        missing = [player for player in labels.players if player not in preferences]
        if missing:
            raise InvalidGameError(f"preferences: every player needs one; none for {', '.join(missing)}")
        number = {state: index for index, state in enumerate(states)}
        arrows = np.zeros((len(labels.players), len(number), len(number)), dtype=np.bool_)
        for index, (player, pairs) in enumerate(moves.items()):
            for pair in pairs:
                start, end = _ends(player, pair, number)
                arrows[index, start, end] = True
        values = [_values(player, preferences[player], number) for player in labels.players]
        _fill(self, labels.players, tuple(states), arrows, _batch(labels.players, values))

    @classmethod
    def of_game(
        cls,
        game: NormalForm,
        *,
        irreversible: Mapping[str, Iterable[tuple[str, str]]] | None = None,
        infeasible: Iterable[Mapping[str, str]] = (),
    ) -> ConflictGraph:
        """Build the graph whose states are the outcomes of a game.

        A player moves by changing its own action while the others keep theirs.

        Parameters
        ----------
        game : NormalForm
        irreversible : mapping of player to iterable of (from, to), optional
            Changes of action that cannot be made: ``{"ROK": {("terminate", "renew")}}`` says that what ROK
            has terminated it cannot renew.
        infeasible : iterable of mapping of player to action, optional
            Each removes every outcome that agrees with it: ``[{"ROK": "terminate", "USA": "press"}]``.

        Returns
        -------
        ConflictGraph
            States in the order of the game's outcomes, named by the actions joined with ``/``.

        Raises
        ------
        UnknownNameError
            If a player or action does not exist.
        InvalidGameError
            If no state is left.

        Examples
        --------
        >>> import bargain as bg
        >>> actions = {"row": ("C", "D"), "column": ("C", "D")}
        >>> dilemma = bg.NormalForm(actions, [[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
        >>> graph = bg.ConflictGraph.of_game(dilemma, irreversible={"row": {("D", "C")}})
        >>> graph.states
        ('C/C', 'C/D', 'D/C', 'D/D')
        >>> graph.moves[0].astype(int)
        array([[0, 0, 1, 0],
               [0, 0, 0, 1],
               [0, 0, 0, 0],
               [0, 0, 0, 0]])
        """
        shape, size = game.shape, game.labels.size
        for player in irreversible or {}:
            game.labels.player(player, where="irreversible")
        forbidden = {
            player: {_changed(game.labels, player, pair) for pair in pairs}
            for player, pairs in (irreversible or {}).items()
        }
        arrows = np.zeros((len(shape), size, size), dtype=np.bool_)
        for start, outcome in enumerate(np.ndindex(shape)):
            for index, name in enumerate(game.players):
                for action in range(shape[index]):
                    if action != outcome[index] and (outcome[index], action) not in forbidden.get(name, ()):
                        reached = (*outcome[:index], action, *outcome[index + 1 :])
                        arrows[index, start, np.ravel_multi_index(reached, shape)] = True
        kept = np.flatnonzero(~_excluded(game.labels, infeasible))
        states = tuple("/".join(game.labels.outcomes[state]) for state in kept)
        if not states:
            raise InvalidGameError("infeasible: no state is left")
        graph = cls.__new__(cls)
        payoffs = game.payoffs.reshape(len(shape), size, -1)
        if kept.size < size:
            payoffs = payoffs[:, kept]
        _fill(graph, game.players, states, arrows[:, kept][:, :, kept], payoffs)
        return graph

    @property
    def draws(self) -> int:
        """Number of sets of preferences in the batch, ``N``."""
        return int(self.payoffs.shape[-1])

    def __len__(self) -> int:
        return self.draws

    def state(self, name: str) -> int:
        """Return the index of a state.

        Parameters
        ----------
        name : str

        Returns
        -------
        int

        Raises
        ------
        UnknownNameError
        """
        if name not in self.states:
            raise UnknownNameError.of("state", name, self.states)
        return self.states.index(name)

    def __repr__(self) -> str:
        return (
            f"ConflictGraph({len(self.states)} states; {', '.join(self.players)};"
            f" {int(self.moves.sum())} moves; {self.draws} draw{'s' if self.draws != 1 else ''})"
        )


def _fill(
    graph: ConflictGraph, players: tuple[str, ...], states: tuple[str, ...], moves: Bools, payoffs: Floats
) -> None:
    """Set the fields of a graph that is being made, one way or the other."""
    if len(set(states)) != len(states):
        twice = next(state for state in states if states.count(state) > 1)
        raise InvalidGameError(f"states: {twice!r} appears more than once")
    object.__setattr__(graph, "players", players)
    object.__setattr__(graph, "states", states)
    object.__setattr__(graph, "moves", read_only(moves))
    object.__setattr__(graph, "payoffs", read_only(payoffs))


def _ends(player: str, pair: tuple[str, str], number: Mapping[str, int]) -> tuple[int, int]:
    if isinstance(pair, str) or len(pair) != 2:
        raise InvalidGameError(f"moves of {player!r}: a pair (from, to) was expected, given {pair!r}")
    for state in pair:
        if state not in number:
            raise UnknownNameError.of("state", state, number, where=f"moves of {player!r}")
    if pair[0] == pair[1]:
        raise InvalidGameError(f"moves of {player!r}: {pair[0]!r} leads to itself")
    return number[pair[0]], number[pair[1]]


def _values(player: str, given: Preference, number: Mapping[str, int]) -> Floats:
    """Return one player's preferences as float[S, N], higher preferred."""
    if not isinstance(given, np.ndarray) and isinstance(given, Sequence) and _names_states(given):
        return _ranked(player, given, number)
    try:
        values = np.array(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(
            f"preferences of {player!r}: numbers or a ranking were expected ({error})"
        ) from error
    if values.ndim == 1:
        values = values[:, None]
    if values.ndim != 2 or values.shape[0] != len(number) or values.shape[1] == 0:
        raise InvalidGameError(
            f"preferences of {player!r}: one value for each of {len(number)} states (and draws behind) was"
            f" expected, given shape {np.shape(given)}"
        )
    if not np.isfinite(values).all():
        raise InvalidGameError(f"preferences of {player!r}: every value must be finite")
    return values


def _names_states(given: Sequence[object]) -> bool:
    return any(
        isinstance(item, str) or (isinstance(item, tuple) and item and isinstance(item[0], str))
        for item in given
    )


def _ranked(player: str, ranking: Sequence[object], number: Mapping[str, int]) -> Floats:
    values = np.full((len(number), 1), np.nan)
    for place, group in enumerate(ranking):
        for state in (group,) if isinstance(group, str) else tuple(group):  # type: ignore[arg-type]  # checked next
            if not isinstance(state, str) or state not in number:
                raise UnknownNameError.of("state", state, number, where=f"preferences of {player!r}")
            if not np.isnan(values[number[state], 0]):
                raise InvalidGameError(f"preferences of {player!r}: {state!r} is ranked more than once")
            values[number[state]] = len(ranking) - 1 - place
    unranked = [state for state, index in number.items() if np.isnan(values[index, 0])]
    if unranked:
        raise InvalidGameError(
            f"preferences of {player!r}: a full ranking was expected, without {', '.join(unranked)}"
        )
    return values


def _batch(players: Sequence[str], values: Sequence[Floats]) -> Floats:
    draws = max(value.shape[1] for value in values)
    for player, value in zip(players, values, strict=True):
        if value.shape[1] not in {1, draws}:
            raise InvalidGameError(
                f"preferences of {player!r}: 1 or {draws} draws were expected, given {value.shape[1]}"
            )
    return np.stack([np.broadcast_to(value, (value.shape[0], draws)) for value in values])


def _changed(labels: Labels, player: str, pair: tuple[str, str]) -> tuple[int, int]:
    if isinstance(pair, str) or len(pair) != 2:
        raise InvalidArgumentError(f"irreversible: pairs (from, to) of actions were expected, given {pair!r}")
    first, second = (labels.action(player, action, where="irreversible") for action in pair)
    return first, second


def _excluded(labels: Labels, infeasible: Iterable[Mapping[str, str]]) -> Bools:
    """Say which outcomes agree with one of the partial outcomes, bool[O]."""
    result = np.zeros(labels.shape, dtype=np.bool_)
    for pattern in infeasible:
        if not isinstance(pattern, Mapping):
            raise InvalidArgumentError(
                f"infeasible: mappings from player to action were expected, given {pattern!r}"
            )
        _, index = labels.hold(pattern, where="infeasible")
        result[index] = True
    return result.reshape(-1)
