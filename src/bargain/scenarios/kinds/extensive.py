"""Scenarios of any finite tree: who moves when, who knows what, and payoffs by terms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, Self

import numpy as np
from pydantic import Field

from bargain.axes import Bools, Floats
from bargain.errors import ScenarioError, UnknownNameError
from bargain.games.extensive import ExtensiveForm
from bargain.games.labels import Labels
from bargain.games.tree import Chance, Decision, Node, Outcome
from bargain.payoffs.term import Payoff, Term
from bargain.scenarios.kinds.kind import Kind, Quantity
from bargain.scenarios.kinds.plain_tree import ChanceMove, End, Move, PlainTree
from bargain.scenarios.tables import Table
from bargain.solvers.backward_induction import BackwardInduction
from bargain.solvers.behaviour_solution import BehaviourSolution
from bargain.solvers.extensive_logit_qre import ExtensiveLogitQRE
from bargain.solvers.sequence_form import ZeroSumSequenceForm
from bargain.solvers.solution import Solver
from bargain.solvers.strategic_nash import StrategicNash
from bargain.sweep.answers import Answers
from bargain.sweep.game_model import Opinion, SecondOpinion
from bargain.sweep.readings import Measure, Readings

__all__ = ["Extensive", "ExtensiveOptions", "NodeTable", "TreeTermTable"]

_MOST_ROWS = 100_000


class NodeTable(Table):
    """A node of the tree: a player's decision, or a move of chance; what it leads to is a node or an end."""

    name: str
    player: str = ""
    information_set: str = ""
    actions: dict[str, str] = {}  # noqa: RUF012 - pydantic copies defaults
    chance: dict[str, str] = {}  # noqa: RUF012


class ExtensiveOptions(Table):
    """The tree; the first node is where the game begins."""

    nodes: list[NodeTable] = Field(min_length=1)
    payoff_range: list[float] = Field(default=[-20.0, 20.0], min_length=2, max_length=2)


class TreeTermTable(Table):
    """A term of a player's payoff, counted where choices on the path say so, or of a probability."""

    name: str
    player: str = ""
    chance: str = ""
    event: str = ""
    coefficient: float
    parameters: list[str] = []  # noqa: RUF012
    when: dict[str, list[str]] = {}  # noqa: RUF012
    why: str
    sources: list[str] = []  # noqa: RUF012


class _Leaf(NamedTuple):
    """An end of the tree: its name, how it is reached, and what was chosen where."""

    end: str
    history: str
    path: dict[str, str]


@dataclass(frozen=True)
class Extensive(Kind):
    """Players move one after the other or unseen by each other, with chance, until an end is reached.

    Row names are ``"PLAYER at HISTORY"`` for payoffs and ``"NODE: EVENT"`` for probabilities.
    """

    name: ClassVar[str] = "extensive"
    summary: ClassVar[str] = "A finite tree with chance and information sets; payoffs by choices on the path."
    Options: ClassVar[type[Table]] = ExtensiveOptions
    Terms: ClassVar[type[Table]] = TreeTermTable
    solvers: ClassVar[tuple[type, ...]] = (
        BackwardInduction,
        StrategicNash,
        ExtensiveLogitQRE,
        ZeroSumSequenceForm,
    )

    @cached_property
    def _nodes(self) -> dict[str, NodeTable]:
        nodes = {node.name: node for node in self.options.nodes}
        if len(nodes) < len(self.options.nodes):
            raise ScenarioError("options.nodes: a name appears more than once")
        return nodes

    @cached_property
    def _template(self) -> ExtensiveForm:
        """The tree with payoffs of zero and equal chances, as a game of one draw."""
        reached: set[str] = set()
        game = ExtensiveForm(tuple(self.parties), self._node(self.options.nodes[0].name, reached))
        unreached = [name for name in self._nodes if name not in reached]
        if unreached:
            raise ScenarioError(f"options.nodes: nothing leads to {', '.join(map(repr, unreached))}")
        return game

    def _node(self, name: str, reached: set[str]) -> Node:
        if name not in self._nodes:
            return Outcome([0.0] * len(self.parties), name=name)
        if name in reached:
            raise ScenarioError(f"options.nodes: {name!r} is reached in two ways; a tree was expected")
        reached.add(name)
        node = self._nodes[name]
        if bool(node.actions) == bool(node.chance) or bool(node.actions) != bool(node.player):
            raise ScenarioError(
                f"options.nodes[{name!r}]: player and actions, or chance, were expected, given {node!r}"
            )
        if node.chance:
            share = 1 / len(node.chance)
            return Chance({event: (share, self._node(to, reached)) for event, to in node.chance.items()})
        following = {action: self._node(to, reached) for action, to in node.actions.items()}
        return Decision(node.player, node.information_set or name, following)

    @cached_property
    def _leaves(self) -> tuple[_Leaf, ...]:
        """The ends in the order of the tree."""

        def walk(name: str, history: tuple[str, ...], path: dict[str, str]) -> Iterator[_Leaf]:
            node = self._nodes.get(name)
            if node is None:
                yield _Leaf(name, "/".join(history), path)
                return
            key = (node.information_set or name) if node.actions else name
            for move, to in (node.actions or node.chance).items():
                yield from walk(to, (*history, move), {**path, key: move})

        return tuple(walk(self.options.nodes[0].name, (), {}))

    @cached_property
    def _moves(self) -> dict[str, tuple[str, ...]]:
        """What may be chosen at each information set, and happen at each move of chance."""
        sets = {one.name: one.actions for one in self._template.information_sets}
        return {**sets, **{node.name: tuple(node.chance) for node in self.options.nodes if node.chance}}

    @cached_property
    def _chances(self) -> tuple[tuple[str, str], ...]:
        """Moves of chance with their events, in the order of the tree."""
        order = [name for name in self._walked() if self._nodes[name].chance]
        return tuple((name, event) for name in order for event in self._nodes[name].chance)

    def _walked(self) -> list[str]:
        """Nodes in the order of the tree."""
        found: list[str] = []

        def walk(name: str) -> None:
            if name in self._nodes:
                found.append(name)
                node = self._nodes[name]
                for to in (node.actions or node.chance).values():
                    walk(to)

        walk(self.options.nodes[0].name)
        return found

    def check(self) -> None:
        """Raise if the nodes are no tree, or no game with perfect recall."""
        rows = len(self.parties) * len(self._template.outcomes)
        if rows > _MOST_ROWS:
            raise ScenarioError(f"options.nodes: players x ends = {rows} exceeds {_MOST_ROWS}")
        low, high = self.options.payoff_range
        if not low < high:
            raise ScenarioError(f"options.payoff_range: low < high was expected, given {[low, high]}")

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """Each player's payoff at each end, and the probability of each event."""
        payoffs = (
            Quantity(f"{player} at {leaf.history}", f"payoff of {player} at the end {leaf.end!r}", default=0)
            for player in self.parties
            for leaf in self._leaves
        )
        chances = (
            Quantity(f"{node}: {event}", f"probability of {event!r} at {node!r}", 0, 1)
            for node, event in self._chances
        )
        return (*payoffs, *chances)

    @cached_property
    def readings(self) -> Readings:
        """The end that is reached; what everybody does, and earns."""
        low, high = self.options.payoff_range
        acts = (
            Measure(f"{one.name}: {action}", f"{one.player} chooses {action!r} at {one.name!r}")
            for one in self._template.information_sets
            for action in one.actions
        )
        earned = (
            Measure(f"payoff of {player}", f"expected by {player}", "payoff", low, high)
            for player in self.parties
        )
        ends = tuple(dict.fromkeys(leaf.end for leaf in self._leaves))
        return Readings(("end",), (ends,), (*acts, *earned))

    @property
    def holdable(self) -> Labels:
        """Who moves at each information set, by its name."""
        sets = self._template.information_sets
        return Labels(tuple(one.name for one in sets), tuple(one.actions for one in sets))

    def default_solver(self) -> Solver:
        """Return backward induction where all see everything, and the strategic form elsewhere."""
        solver: Any = BackwardInduction() if self._template.perfect_information else StrategicNash()
        chosen: Solver = solver
        return chosen

    def term(self, table: Any, where: str) -> tuple[str, Term]:
        """Read a term of a payoff, or of a probability."""
        if bool(table.player) == bool(table.chance):
            raise ScenarioError(
                f"{where}: a player or a chance with its event was expected, not both or none"
            )
        for key, moves in table.when.items():
            if key not in self._moves:
                raise UnknownNameError.of("information set", key, self._moves, where=f"{where}.when")
            for move in moves:
                if move not in self._moves[key]:
                    raise UnknownNameError.of(
                        f"action at {key!r}", move, self._moves[key], where=f"{where}.when"
                    )
        when = tuple(sorted((key, tuple(moves)) for key, moves in table.when.items()))
        term = Term(
            table.coefficient, tuple(table.parameters), when, table.name, table.why, tuple(table.sources)
        )
        if table.player:
            if table.player not in self.parties:
                raise UnknownNameError.of("player", table.player, self.parties, where=f"{where}.player")
            return table.player, term
        known = [f"{node}: {event}" for node, event in self._chances]
        if f"{table.chance}: {table.event}" not in known:
            raise UnknownNameError.of(
                "event of chance", f"{table.chance}: {table.event}", known, where=f"{where}.event"
            )
        if when:
            raise ScenarioError(
                f"{where}.when: chance does not depend on choices; give another move of chance"
            )
        return f"{table.chance}: {table.event}", term

    def rows(self, terms: Sequence[tuple[str, Term]]) -> dict[str, Payoff]:
        """Return each payoff and probability; of each move of chance one event may make up for the others."""
        owners = {*self.parties, *(quantity.name for quantity in self.quantities)}
        sums: dict[str, Payoff] = {}
        for player in self.parties:
            for leaf in self._leaves:
                row = f"{player} at {leaf.history}"
                own = [term for owner, term in terms if owner == row or (owner == player and _on(term, leaf))]
                sums[row] = Payoff(tuple(replace(term, when=()) for term in own))
        for node in dict.fromkeys(name for name, _ in self._chances):
            events = self._nodes[node].chance
            given = {
                event: Payoff(tuple(term for owner, term in terms if owner == f"{node}: {event}"))
                for event in events
            }
            open_ = [event for event, amount in given.items() if not amount.terms]
            if len(open_) > 1:
                raise ScenarioError(
                    f"terms: the probabilities of all events at {node!r} but one were expected; none of"
                    f" {', '.join(map(repr, open_))}"
                )
            for event in open_:
                given[event] = 1 - Payoff(tuple(term for one in given.values() for term in one.terms))
            sums.update({f"{node}: {event}": amount for event, amount in given.items()})
        for owner, _ in terms:
            if owner not in owners and owner.partition(" at ")[0] not in self.parties:
                raise UnknownNameError.of("payoff or probability", owner, owners, where="terms")
        return sums

    def numbers(self, rows: Floats) -> dict[str, Floats]:
        """Return payoffs float[P, Z, N] and chances float[C, N]."""
        size = len(self.parties) * len(self._leaves)
        return {
            "payoffs": rows[:size].reshape(len(self.parties), len(self._leaves), -1),
            "chances": rows[size:],
        }

    def valid(self, rows: Floats) -> Bools:
        """Say in which draws payoffs are finite, and chances are probabilities that add to one."""
        chances = self.numbers(rows)["chances"]
        valid = np.ones(rows.shape[1], dtype=np.bool_)
        valid &= np.isfinite(rows).all(axis=0) & ((chances >= 0) & (chances <= 1)).all(axis=0)
        start = 0
        for node in dict.fromkeys(name for name, _ in self._chances):
            size = len(self._nodes[node].chance)
            with np.errstate(invalid="ignore"):
                valid &= np.abs(chances[start : start + size].sum(axis=0) - 1) <= 1e-9
            start += size
        return valid

    def faults(self, rows: Floats) -> str:
        """Say what is wrong with the first draw."""
        found = [
            f"{quantity.name}: {quantity.bounds()} was expected, given {value:.6g}"
            for quantity, value in zip(self.quantities, rows[:, 0], strict=True)
            if not quantity.valid(np.array(value))
        ]
        return "; ".join(found) or "probabilities must add to 1"

    def game(self, numbers: Mapping[str, Floats]) -> ExtensiveForm:
        """Build the games of a batch."""
        return self._template.with_payoffs(numbers["payoffs"], numbers["chances"])

    def answers(self, solution: BehaviourSolution) -> Answers:
        """Say how likely each end is, what everybody does, and earns."""
        ends = self.readings.actions[0]
        outcomes = np.zeros((len(ends), len(solution)))
        for leaf, probability in zip(self._leaves, solution.outcomes, strict=True):
            outcomes[ends.index(leaf.end)] += probability
        measures = np.concatenate([*solution.behaviour, solution.payoffs])
        return Answers(solution.draw, outcomes, measures, solution.codes)

    def hold(self, fix: Mapping[str, str]) -> Self:
        """Hold who moves at an information set to one action there: ``{information set: action}``."""
        sets = {one.name: one.actions for one in self._template.information_sets}
        for key, held in fix.items():
            if key not in sets:
                raise UnknownNameError.of("information set", key, sets, where="fix")
            if held not in sets[key]:
                raise UnknownNameError.of(f"action at {key!r}", held, sets[key], where="fix")
        nodes: dict[str, NodeTable] = {}
        for node in self.options.nodes:
            action = fix.get(node.information_set or node.name) if node.actions else None
            held = (
                node
                if action is None
                else node.model_copy(update={"actions": {action: node.actions[action]}})
            )
            nodes[node.name] = held
        kept, waiting = [], [self.options.nodes[0].name]
        while waiting:
            here = nodes.get(waiting.pop())
            if here is not None:
                kept.append(here.name)
                waiting.extend((here.actions or here.chance).values())
        left = [node for name, node in nodes.items() if name in kept]
        return replace(self, options=self.options.model_copy(update={"nodes": left}))

    def second_opinion(self, solver: Solver) -> SecondOpinion | None:
        """Solve the tree again: by recursion, by the table of plans, or by responses step by step."""
        if isinstance(solver, BackwardInduction):
            return SecondOpinion("recursion from the ends", self._recursive_opinion)
        if isinstance(solver, StrategicNash):
            return SecondOpinion("the table of plans", self._opinion_on_plans, may_miss=len(self.parties) > 2)
        if isinstance(solver, ZeroSumSequenceForm):
            # Which of several equilibria is returned is not told, but all are worth the same.
            return SecondOpinion("linear programs over plans", self._opinion_on_value, may_miss=True)
        if isinstance(solver, ExtensiveLogitQRE):
            precision = solver.precision
            return SecondOpinion(
                "responses step by step", lambda rows: self._opinion_on_responses(rows, precision)
            )
        return None

    def _recursive_opinion(self, rows: Floats) -> Opinion:
        numbers = self.numbers(rows[:, None])
        payoffs = iter(numbers["payoffs"][:, :, 0].T.tolist())
        chances = dict(zip(self._chances, numbers["chances"][:, 0].tolist(), strict=True))
        found = self._continuations(self.options.nodes[0].name, payoffs, chances)
        reached = {end for _, ends in found for end in ends}
        return Opinion({self.readings.actions[0].index(end) for end in reached})

    def _opinion_on_plans(self, rows: Floats) -> Opinion | None:
        ends = self._plain(rows).nash_ends()
        return None if ends is None else Opinion({self.readings.actions[0].index(end) for end in ends})

    def _opinion_on_value(self, rows: Floats) -> Opinion | None:
        tree, measures = self._plain(rows), {}
        for place, player in enumerate(self.parties):
            value = tree.security(place)
            if value is None:
                return None
            measures[f"payoff of {player}"] = value
        return Opinion(set(), measures)

    def _opinion_on_responses(self, rows: Floats, precision: float) -> Opinion | None:
        tree = self._plain(rows)
        behaviour = tree.logit_behaviour(precision)
        if behaviour is None:
            return None
        measures = {
            f"{where}: {action}": chance for where, own in behaviour.items() for action, chance in own.items()
        }
        worth = zip(self.parties, tree.expected(behaviour), strict=True)
        return Opinion(
            {
                self.readings.actions[0].index(end)
                for end, chance in tree.ends(behaviour).items()
                if chance > 1e-9
            },
            measures | {f"payoff of {player}": value for player, value in worth},
        )

    def _plain(self, rows: Floats) -> PlainTree:
        """Return the tree of one draw as plain numbers."""
        numbers = self.numbers(rows[:, None])
        payoffs = iter(numbers["payoffs"][:, :, 0].T.tolist())
        chances = dict(zip(self._chances, numbers["chances"][:, 0].tolist(), strict=True))
        players = list(self.parties)

        def made(name: str) -> End | ChanceMove | Move:
            node = self._nodes.get(name)
            if node is None:
                return End(name, tuple(next(payoffs)))
            if node.chance:
                return ChanceMove([(chances[name, event], made(to)) for event, to in node.chance.items()])
            actions = {action: made(to) for action, to in node.actions.items()}
            return Move(players.index(node.player), node.information_set or name, actions)

        return PlainTree(made(self.options.nodes[0].name), len(players))

    def _continuations(
        self, name: str, payoffs: Iterator[list[float]], chances: Mapping[tuple[str, str], float]
    ) -> list[tuple[list[float], frozenset[str]]]:
        """Return (payoffs, ends that are reached) of every equilibrium from a node on."""
        node = self._nodes.get(name)
        if node is None:
            return [(next(payoffs), frozenset({name}))]
        if node.chance:
            found: list[tuple[list[float], frozenset[str]]] = [([0.0] * len(self.parties), frozenset())]
            for event, to in node.chance.items():
                chance = chances[name, event]
                later = self._continuations(to, payoffs, chances)
                found = [
                    (
                        [a + chance * b for a, b in zip(mean, value, strict=True)],
                        (ends | reached) if chance > 1e-9 else ends,
                    )
                    for mean, ends in found
                    for value, reached in later
                ]
            return found
        owner = list(self.parties).index(node.player)
        branches = [self._continuations(to, payoffs, chances) for to in node.actions.values()]
        # An action is taken in some equilibrium if it is best against the worst that the others may lead to.
        worst = [min(value[owner] for value, _ in branch) for branch in branches]
        return [
            (value, ends)
            for place, branch in enumerate(branches)
            for value, ends in branch
            if all(value[owner] >= other for rival, other in enumerate(worst) if rival != place)
        ]


def _on(term: Term, leaf: _Leaf) -> bool:
    """Say whether a term counts at an end: all that it names lies on the path."""
    return all(leaf.path.get(key) in moves for key, moves in term.when)
