"""Stability in the Graph Model for Conflict Resolution, for players and coalitions, batched over draws."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Bools, Floats, read_only
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.conflict import ConflictGraph
from bargain.games.normal import NormalForm

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["ConflictStability", "StabilityTable"]

Concept = Literal["nash", "gmr", "smr", "seq"]
Coalition = tuple[str, ...]
Bits = npt.NDArray[np.uint8]  # bool[..., N], eight draws to the byte: the comparisons are then bitwise
_BLOCK_BYTES = 1 << 24  # unpacked comparisons held at a time


@dataclass(frozen=True)
class ConflictStability:
    """Which states nobody leaves, under four ideas of how far players look ahead.

    A player has a *unilateral improvement* where it can move to a state that it strictly prefers. A state is
    stable for it under

    - ``"nash"`` if it has none;
    - ``"gmr"`` (general metarational) if after each of them the others can move on to a state that the
      player does not prefer to the one it started from;
    - ``"smr"`` (symmetric metarational) if moreover no move of its own then leads it to a better one;
    - ``"seq"`` (sequentially stable) if the others reach such a state by improving at every step.

    The others move one after the other, nobody twice running. A state that is stable for everybody is an
    equilibrium of that concept.

    Parameters
    ----------
    concepts : sequence of {"nash", "gmr", "smr", "seq"}
    coalitions : "all" or sequence of sequence of str, optional
        Who is examined instead of every player alone: every coalition (``"all"``), or those listed. A
        coalition moves by sequences of its members' moves and improves if every member prefers the end;
        it is deterred by a state that some member does not prefer. Its opponents move as single players.

    Raises
    ------
    UnknownNameError
        If there is no such concept.
    InvalidArgumentError
        If no concept or no coalition is given, or one twice.

    Notes
    -----
    Definitions of Fang, Hipel and Kilgour [FangEtAl1993]_; coalition improvements of [KilgourEtAl2001]_ and
    their sanctions after [InoharaHipel2008]_. Always nash ⊆ seq ⊆ gmr and nash ⊆ smr ⊆ gmr. Of a game whose
    moves can all be taken back, the nash equilibria for players alone are the pure Nash equilibria.

    Examples
    --------
    Mutual cooperation is no Nash equilibrium of the prisoners' dilemma, but who leaves it can be punished.

    >>> import bargain as bg
    >>> actions = {"row": ("C", "D"), "column": ("C", "D")}
    >>> dilemma = bg.NormalForm(actions, [[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> bg.solve(dilemma, bg.ConflictStability()).profiles()
    {'nash': ['D/D'], 'gmr': ['C/C', 'D/D'], 'smr': ['C/C', 'D/D'], 'seq': ['C/C', 'D/D']}
    """

    games: ClassVar[tuple[type, ...]] = (NormalForm, ConflictGraph)

    concepts: Sequence[Concept] = get_args(Concept)
    coalitions: Literal["all"] | Sequence[Sequence[str]] | None = None

    def __post_init__(self) -> None:
        concepts = self.concepts
        if isinstance(concepts, str) or not concepts or len(set(concepts)) != len(concepts):
            raise InvalidArgumentError(
                f"ConflictStability: different concepts in a sequence were expected, given {concepts!r}"
            )
        for concept in concepts:
            if concept not in get_args(Concept):
                raise UnknownNameError.of("concept", concept, get_args(Concept), where="ConflictStability")
        object.__setattr__(self, "concepts", tuple(concepts))
        given = self.coalitions
        if given is not None and given != "all":
            if (
                isinstance(given, str)
                or not given
                or any(isinstance(group, str) or not group for group in given)
            ):
                raise InvalidArgumentError(
                    "ConflictStability: coalitions is 'all' or a list of lists of players, such as"
                    f" [['ROK', 'USA'], ['JPN']]; given {given!r}"
                )
            groups = tuple(tuple(group) for group in given)
            if any(len(set(group)) != len(group) for group in groups) or len(
                set(map(frozenset, groups))
            ) != len(groups):
                raise InvalidArgumentError(
                    f"ConflictStability: a player or coalition stands twice in {given!r}"
                )
            object.__setattr__(self, "coalitions", groups)

    def solve(self, game: NormalForm | ConflictGraph) -> StabilityTable:
        """Return the stability of every state in every draw.

        Parameters
        ----------
        game : NormalForm or ConflictGraph
            Of a game in normal form the states are the outcomes, and all moves can be taken back; for others
            see `ConflictGraph.of_game`.

        Returns
        -------
        StabilityTable

        Raises
        ------
        UnknownNameError
            If a coalition names somebody who does not play.
        """
        graph = game if isinstance(game, ConflictGraph) else ConflictGraph.of_game(game)
        coalitions = self._coalitions(graph)
        stable = np.empty(
            (len(self.concepts), len(coalitions), len(graph.states), graph.draws), dtype=np.bool_
        )
        for block in _blocks(graph):
            stable[..., block] = _stable(
                graph.moves, graph.payoffs[..., block], coalitions, tuple(self.concepts)
            )
        names = tuple(tuple(graph.players[player] for player in coalition) for coalition in coalitions)
        return StabilityTable(graph, self, names, stable)

    def _coalitions(self, graph: ConflictGraph) -> list[tuple[int, ...]]:
        players = range(len(graph.players))
        if self.coalitions is None:
            return [(player,) for player in players]
        if self.coalitions == "all":
            return [group for size in players for group in itertools.combinations(players, size + 1)]
        groups = []
        for group in self.coalitions:
            for name in group:
                if name not in graph.players:
                    raise UnknownNameError.of("player", name, graph.players, where="coalitions")
            groups.append(tuple(graph.players.index(name) for name in group))
        return groups


@dataclass(frozen=True, eq=False)
class StabilityTable:
    """Which states are stable, for whom, in which draw.

    Attributes
    ----------
    graph : ConflictGraph
        What was examined.
    solver : ConflictStability
        How.
    coalitions : tuple of tuple of str, length K
        Who was examined: players alone unless the solver says otherwise.
    stable : bool[concept, K, S, N]
        Read-only.
    """

    graph: ConflictGraph
    solver: ConflictStability
    coalitions: tuple[Coalition, ...]
    stable: Bools

    def __post_init__(self) -> None:
        object.__setattr__(self, "stable", read_only(self.stable))

    @property
    def concepts(self) -> tuple[str, ...]:
        """Names of the concepts, in the order of the first axis."""
        return tuple(self.solver.concepts)

    @property
    def equilibria(self) -> Bools:
        """States that are stable for everybody examined, bool[concept, S, N]."""
        result: Bools = np.asarray(self.stable.all(axis=1))
        return result

    def profiles(self, draw: int = 0) -> dict[str, list[str]]:
        """Return the equilibrium states of one draw for reading.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        dict of concept to list of str
        """
        found = np.all(self.stable[..., self._draw(draw)], axis=1)
        return {
            concept: [state for state, is_one in zip(self.graph.states, row, strict=True) if is_one]
            for concept, row in zip(self.concepts, found, strict=True)
        }

    def to_frame(self, draw: int = 0) -> pd.DataFrame:
        """Return one draw's table.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        pandas.DataFrame
            One row per state; columns ``(concept, player)``, coalitions joined with ``+``, and
            ``(concept, "equilibrium")``; of bool.
        """
        chosen = self.stable[..., self._draw(draw)]
        columns: dict[tuple[str, str], Bools] = {}
        for concept, rows in zip(self.concepts, chosen, strict=True):
            columns.update(
                {(concept, "+".join(group)): row for group, row in zip(self.coalitions, rows, strict=True)}
            )
            columns[concept, "equilibrium"] = rows.all(axis=0)
        frame = pd.DataFrame(columns, index=pd.Index(self.graph.states, name="state"))
        frame.columns = pd.MultiIndex.from_tuples(list(columns))
        return frame

    def shares(self) -> pd.DataFrame:
        """Return the share of draws in which each state is an equilibrium.

        Returns
        -------
        pandas.DataFrame
            One row per state, one column per concept.
        """
        share = self.equilibria.mean(axis=2)
        return pd.DataFrame(
            share.T, index=pd.Index(self.graph.states, name="state"), columns=list(self.concepts)
        )

    def __repr__(self) -> str:
        return f"StabilityTable({len(self.graph.states)} states of {self.graph.draws} draws by {self.solver})"

    def _draw(self, draw: int) -> int:
        if not -self.graph.draws <= draw < self.graph.draws:
            raise InvalidArgumentError(f"draw: one of {self.graph.draws} draws was expected, given {draw}")
        return draw % self.graph.draws


def _blocks(graph: ConflictGraph) -> Iterator[slice]:
    states = len(graph.states)
    width = max(8, _BLOCK_BYTES // (states * states))
    for start in range(0, graph.draws, width):
        yield slice(start, min(start + width, graph.draws))


def _stable(
    moves: Bools, payoffs: Floats, coalitions: list[tuple[int, ...]], concepts: tuple[str, ...]
) -> Bools:
    """Return bool[concept, K, S, N]."""
    draws = payoffs.shape[-1]
    # better[i][s, t]: player i prefers t to s. Bits beyond the last draw are noise and cut off at the end.
    better = [np.packbits(own[None, :, :] > own[:, None, :], axis=-1) for own in payoffs]
    improving = [_where(arrows, prefers) for arrows, prefers in zip(moves, better, strict=True)]
    result = np.empty((len(concepts), len(coalitions), *payoffs.shape[1:]), dtype=np.bool_)
    for row, coalition in enumerate(coalitions):
        others = [player for player in range(len(moves)) if player not in coalition]
        gains = np.bitwise_and.reduce([better[player] for player in coalition])
        reach = _reachable([moves[player] for player in coalition])
        improvement = _where(reach, gains)
        response = _reachable([moves[player] for player in others])
        for number, concept in enumerate(concepts):
            if concept == "nash":
                left = improvement
            elif concept == "gmr":
                left = improvement & ~_reaches(response, ~gains)
            elif concept == "smr":
                # Reaching u deters s if neither u nor anything within reach of u is a gain over s.
                left = improvement & ~_reaches(response, ~gains & ~_reaches(reach, gains))
            else:
                chain = _improving_sequences(
                    [improving[player] for player in others], [moves[player] for player in others]
                )
                left = improvement if chain is None else improvement & ~_meets(chain, ~gains)
            unstable = np.bitwise_or.reduce(left, axis=1)
            result[number, row] = ~np.unpackbits(unstable, axis=-1, count=draws).astype(np.bool_)
    return result


def _where(arrows: Bools, bits: Bits) -> Bits:
    """Keep the bits of the arrows that exist; bool[S, S] and bits[S, S, N/8]."""
    return bits * arrows[:, :, None]


def _reachable(moves: list[Bools]) -> Bools:
    """Say which states a group reaches by its members' moves, nobody moving twice running, bool[S, S].

    A single player makes one move; nobody at all reaches nothing.
    """
    if not moves:
        return np.zeros((0, 0), dtype=np.bool_)
    last = [np.array(arrows) for arrows in moves]  # reached with this member moving last
    grown = True
    while grown:
        grown = False
        for member, arrows in enumerate(moves):
            before = [reached for other, reached in enumerate(last) if other != member]
            if before:
                more = last[member] | (np.logical_or.reduce(before) @ arrows)
                grown |= bool((more != last[member]).any())
                last[member] = more
    result: Bools = np.logical_or.reduce(last)
    return result


def _improving_sequences(improving: list[Bits], moves: list[Bools]) -> Bits | None:
    """Do the same as `_reachable` where every step is an improvement of its mover, bits[S, S, N/8]."""
    if not improving:
        return None
    last = [np.array(steps) for steps in improving]
    grown = len(last) > 1
    while grown:
        grown = False
        for member, steps in enumerate(improving):
            before = np.bitwise_or.reduce([reached for other, reached in enumerate(last) if other != member])
            more = last[member].copy()
            for middle, end in np.argwhere(moves[member]):
                more[:, end] |= before[:, middle] & steps[middle, end]
            grown |= bool((more != last[member]).any())
            last[member] = more
    result: Bits = np.bitwise_or.reduce(last)
    return result


def _reaches(arrows: Bools, wanted: Bits) -> Bits:
    """Say whether from t some u with ``wanted[s, u]`` is reached, bits[s, t, N/8]."""
    result = np.zeros_like(wanted)
    for start, end in np.argwhere(arrows):
        result[:, start] |= wanted[:, end]
    return result


def _meets(chain: Bits, wanted: Bits) -> Bits:
    """Do the same along arrows that differ between draws, ``chain[t, u]``."""
    result = np.zeros_like(wanted)
    for end in range(wanted.shape[1]):
        result |= chain[None, :, end] & wanted[:, None, end]
    return result
