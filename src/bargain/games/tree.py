"""Game trees: written as nested nodes, kept as flat tables that are checked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats, Ints
from bargain.errors import InvalidGameError, UnknownNameError

__all__ = ["Chance", "Decision", "GameTree", "InformationSet", "Node", "Outcome"]


@dataclass(frozen=True, eq=False)
class Outcome:
    """An end of the game.

    Parameters
    ----------
    payoffs : mapping of player to number or float[N], or sequence of them in player order
        Numbers, or one for each draw.
    name : str, optional
        Without one it is called by its history, such as ``"threaten/resist"``.

    Examples
    --------
    >>> import bargain as bg
    >>> bg.Outcome({"sender": 3, "receiver": -1}).payoffs
    {'sender': 3, 'receiver': -1}
    """

    payoffs: Mapping[str, npt.ArrayLike] | Sequence[npt.ArrayLike]
    name: str = ""


@dataclass(frozen=True, eq=False)
class Decision:
    """A player's choice.

    Parameters
    ----------
    player : str
    information_set : str
        Nodes with the same name look alike to the player, who has the same actions in all of them.
    actions : mapping of action to node
        What each action leads to.

    Examples
    --------
    >>> import bargain as bg
    >>> node = bg.Decision("sender", "start", {"wait": bg.Outcome([0, 0]), "act": bg.Outcome([1, -1])})
    >>> tuple(node.actions)
    ('wait', 'act')
    """

    player: str
    information_set: str
    actions: Mapping[str, Node]


@dataclass(frozen=True, eq=False)
class Chance:
    """A move of nature.

    Parameters
    ----------
    branches : mapping of event to (probability, node)
        Probabilities are numbers or float[N], one for each draw; they add to one.

    Examples
    --------
    >>> import bargain as bg
    >>> coin = bg.Chance({"heads": (0.5, bg.Outcome([1, -1])), "tails": (0.5, bg.Outcome([-1, 1]))})
    >>> tuple(coin.branches)
    ('heads', 'tails')
    """

    branches: Mapping[str, tuple[npt.ArrayLike, Node]]


Node = Outcome | Decision | Chance
"""What a tree is made of."""


@dataclass(frozen=True)
class InformationSet:
    """Nodes that look alike to the player who moves there.

    Attributes
    ----------
    name, player : str
    actions : tuple of str
    nodes : tuple of int
        Their numbers in the tree.
    histories : tuple of str
        How each node is reached, such as ``"threaten/resist"``.
    """

    name: str
    player: str
    actions: tuple[str, ...]
    nodes: tuple[int, ...]
    histories: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class GameTree:
    """The shape of a game: nodes numbered so that each comes before those it leads to.

    Attributes
    ----------
    players : tuple of str
    information_sets : tuple of InformationSet
        In the order in which they first appear.
    children : tuple of tuple of int
        What each node leads to; empty at ends.
    histories : tuple of str
        How each node is reached; ``"start"`` for the first.
    kind : int[V]
        Of each node the number of its information set, -1 where chance moves, -2 at ends.
    place : int[V]
        Of an end its number among the ends, of a chance node the row of its first probability.
    ends : tuple of str
        Names of the outcomes.
    events : tuple of str
        Of each chance probability, what it is that of.
    sequences : tuple of tuple of (int, int), length P
        Each player's sequences: the last own (information set, action); the first is empty, ``(-1, -1)``.
    before : int[H]
        The sequence of the owner that leads to each information set.
    first : int[H]
        The sequence that ends with the set's first action; the others follow.
    leading : int[P, Z]
        The sequence of each player that leads to each end.
    """

    players: tuple[str, ...]
    information_sets: tuple[InformationSet, ...]
    children: tuple[tuple[int, ...], ...]
    histories: tuple[str, ...]
    kind: Ints
    place: Ints
    ends: tuple[str, ...]
    events: tuple[str, ...]
    sequences: tuple[tuple[tuple[int, int], ...], ...]
    before: Ints
    first: Ints
    leading: Ints

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.children)

    def set(self, name: str, *, where: str = "") -> int:
        """Return the number of an information set.

        Parameters
        ----------
        name : str
        where : str, optional
            Named in the error.

        Returns
        -------
        int

        Raises
        ------
        UnknownNameError
        """
        names = [information.name for information in self.information_sets]
        if name not in names:
            raise UnknownNameError.of("information set", name, names, where=where)
        return names.index(name)

    def owned(self, player: int) -> list[int]:
        """Return the information sets of a player, in order.

        Parameters
        ----------
        player : int

        Returns
        -------
        list of int
        """
        name = self.players[player]
        return [index for index, one in enumerate(self.information_sets) if one.player == name]


def read_tree(players: Sequence[str], root: Node) -> tuple[GameTree, Floats, Floats]:
    """Check nested nodes and bring them to tables.

    Parameters
    ----------
    players : sequence of str
    root : Outcome, Decision or Chance

    Returns
    -------
    tree : GameTree
    payoffs : float[P, Z, N]
    chance : float[C, N]
        Probability of every branch of every chance node.

    Raises
    ------
    InvalidGameError
        Which says at which node what was expected.
    """
    if isinstance(players, str) or not players or len(set(players)) != len(players):
        raise InvalidGameError(f"players: different names were expected, given {players!r}")
    reader = _Reader(tuple(players))
    reader.visit(root, (), ((),) * len(reader.players))
    return reader.result()


@dataclass(eq=False)
class _Set:
    player: int
    actions: tuple[str, ...]
    past: tuple[tuple[int, int], ...]
    nodes: list[int]


@dataclass(eq=False)
class _Reader:
    """Walks through the nodes; ``own`` is what each player remembers of its moves, as (set, action)."""

    players: tuple[str, ...]
    sets: dict[str, _Set] = field(default_factory=dict)
    children: list[tuple[int, ...]] = field(default_factory=list)
    histories: list[str] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    payoffs: list[list[Floats]] = field(default_factory=list)
    chance: list[Floats] = field(default_factory=list)
    leading: list[tuple[tuple[tuple[int, int], ...], ...]] = field(default_factory=list)

    def visit(self, node: Any, history: tuple[str, ...], own: tuple[tuple[tuple[int, int], ...], ...]) -> int:
        """Add a node and all that follows; return its number."""
        number, where = len(self.children), "/".join(history) or "start"
        self.children.append(())
        self.histories.append(where)
        self.kind.append(-2)
        self.place.append(0)
        if isinstance(node, Outcome):
            self.place[number] = len(self.ends)
            self.ends.append(node.name or where)
            self.payoffs.append(self._payoffs(node, where))
            self.leading.append(own)
        elif isinstance(node, Decision):
            index = self._join(node, where, own, number)
            player = self.players.index(node.player)
            self.kind[number] = index
            following = []
            for action, (name, child) in enumerate(node.actions.items()):
                mine = (*own[player], (index, action))
                now = (*own[:player], mine, *own[player + 1 :])
                following.append(self.visit(child, (*history, name), now))
            self.children[number] = tuple(following)
        elif isinstance(node, Chance):
            self.kind[number], self.place[number] = -1, len(self.chance)
            self._draw(node, where)
            self.children[number] = tuple(
                self.visit(child, (*history, name), own) for name, (_, child) in node.branches.items()
            )
        else:
            raise InvalidGameError(f"{where}: a Decision, Chance or Outcome was expected, given {node!r}")
        return number

    def _join(
        self, node: Decision, where: str, own: tuple[tuple[tuple[int, int], ...], ...], number: int
    ) -> int:
        """Put a decision into its information set, and return the number of that."""
        if node.player not in self.players:
            error = UnknownNameError.of("player", node.player, self.players, where=where)
            raise InvalidGameError(str(error))
        name, player = node.information_set, self.players.index(node.player)
        if not isinstance(name, str) or not name:
            raise InvalidGameError(f"{where}: an information set with a name was expected, given {name!r}")
        if not isinstance(node.actions, Mapping) or not node.actions:
            raise InvalidGameError(
                f"{where}: a mapping from actions to what they lead to was expected, given {node.actions!r}"
            )
        actions = tuple(node.actions)
        if not all(isinstance(action, str) and action for action in actions):
            raise InvalidGameError(f"{where}: non-empty names of actions were expected, given {actions!r}")
        known = self.sets.setdefault(name, _Set(player, actions, own[player], []))
        if known.player != player:
            raise InvalidGameError(
                f"{where}: information set {name!r} belongs to {self.players[known.player]!r},"
                f" not to {node.player!r}"
            )
        if known.actions != actions:
            raise InvalidGameError(
                f"{where}: in information set {name!r} the actions are {', '.join(known.actions)}, in this"
                f" order; given {', '.join(actions)}"
            )
        if known.past != own[player]:
            first = self.histories[known.nodes[0]]
            raise InvalidGameError(
                f"information set {name!r}: {node.player!r} forgets an own move: it did"
                f" {self._told(known.past)} before {first!r}, but {self._told(own[player])} before {where!r};"
                " perfect recall is required"
            )
        known.nodes.append(number)
        return list(self.sets).index(name)

    def _told(self, past: tuple[tuple[int, int], ...]) -> str:
        sets = list(self.sets.items())
        return ", then ".join(f"{sets[h][1].actions[a]!r} at {sets[h][0]!r}" for h, a in past) or "nothing"

    def _payoffs(self, node: Outcome, where: str) -> list[Floats]:
        given = node.payoffs
        if isinstance(given, Mapping):
            for player in given:
                if player not in self.players:
                    error = UnknownNameError.of("player", player, self.players, where=where)
                    raise InvalidGameError(str(error))
            missing = [player for player in self.players if player not in given]
            if missing:
                raise InvalidGameError(f"{where}: a payoff for every player was expected; none for {missing}")
            given = [given[player] for player in self.players]
        if isinstance(given, str) or len(given) != len(self.players):
            raise InvalidGameError(
                f"{where}: one payoff for each of {', '.join(self.players)} was expected, given {given!r}"
            )
        return [_numbers(value, f"{where}: payoff") for value in given]

    def _draw(self, node: Chance, where: str) -> None:
        if not isinstance(node.branches, Mapping) or not node.branches:
            raise InvalidGameError(
                f"{where}: a mapping from events to (probability, node) was expected, given {node.branches!r}"
            )
        total: Any = 0.0
        for name, branch in node.branches.items():
            if not isinstance(branch, tuple) or len(branch) != 2:
                raise InvalidGameError(
                    f"{where}: {name!r}: (probability, node) was expected, given {branch!r}"
                )
            probability = _numbers(branch[0], f"{where}: probability of {name!r}")
            if (probability < 0).any():
                raise InvalidGameError(
                    f"{where}: probability of {name!r}: >= 0 was expected, given {probability.min()}"
                )
            total = total + probability
            self.chance.append(probability)
            self.events.append(name)
        miss = np.abs(total - 1.0)
        if (miss > 1e-9).any():
            worst = float(np.ravel(total)[np.argmax(miss)])
            raise InvalidGameError(f"{where}: probabilities must add to 1, these add to {worst:.12g}")

    def result(self) -> tuple[GameTree, Floats, Floats]:
        """Return the tables."""
        arrays = [*(value for row in self.payoffs for value in row), *self.chance]
        draws = max(array.size for array in arrays)
        for array in arrays:
            if array.size not in (1, draws):
                raise InvalidGameError(
                    f"payoffs and probabilities: numbers or one for each draw were expected;"
                    f" one has {draws} draws, another {array.size}"
                )
        payoffs = np.empty((len(self.players), len(self.ends), draws))
        for end, row in enumerate(self.payoffs):
            for player, value in enumerate(row):
                payoffs[player, end] = value
        chance = np.empty((len(self.chance), draws))
        for row_number, value in enumerate(self.chance):
            chance[row_number] = value
        return self._tree(), payoffs, chance

    def _tree(self) -> GameTree:
        sets = list(self.sets.values())
        sequences: list[list[tuple[int, int]]] = [[(-1, -1)] for _ in self.players]
        number: dict[tuple[int, int], int] = {}
        for index, one in enumerate(sets):
            for action in range(len(one.actions)):
                number[index, action] = len(sequences[one.player])
                sequences[one.player].append((index, action))
        before = [number[one.past[-1]] if one.past else 0 for one in sets]
        leading = [[number[own[player][-1]] if own[player] else 0 for own in self.leading]
                   for player in range(len(self.players))]  # fmt: skip
        return GameTree(
            self.players,
            tuple(
                InformationSet(
                    name,
                    self.players[one.player],
                    one.actions,
                    tuple(one.nodes),
                    tuple(self.histories[node] for node in one.nodes),
                )
                for name, one in self.sets.items()
            ),
            tuple(self.children),
            tuple(self.histories),
            np.array(self.kind, dtype=np.int64),
            np.array(self.place, dtype=np.int64),
            tuple(self.ends),
            tuple(self.events),
            tuple(tuple(own) for own in sequences),
            np.array(before, dtype=np.int64),
            np.array([number[index, 0] for index in range(len(sets))], dtype=np.int64),
            np.array(leading, dtype=np.int64),
        )


def _numbers(value: npt.ArrayLike, what: str) -> Floats:
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(
            f"{what}: a number or one for each draw was expected, given {value!r}"
        ) from error
    if array.ndim > 1 or not array.size:
        raise InvalidGameError(f"{what}: a number or float[N] was expected, given shape {array.shape}")
    if not np.isfinite(array).all():
        raise InvalidGameError(f"{what}: finite numbers were expected, given {value!r}")
    return array
