"""Trees with terms, written in Python as nested nodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bargain.errors import InvalidArgumentError, InvalidGameError
from bargain.games.tree import Chance, Decision, Node, Outcome
from bargain.payoffs.term import Payoff, Term
from bargain.scenarios.kinds.extensive import Extensive, ExtensiveOptions, NodeTable
from bargain.scenarios.kinds.model import KindModel

__all__ = ["tree_model"]


def tree_model(
    players: Sequence[str], root: Node, *, payoff_range: tuple[float, float] = (-20.0, 20.0)
) -> KindModel:
    """Return the model of a tree whose payoffs and probabilities are sums of terms.

    Parameters
    ----------
    players : sequence of str
    root : Decision, Chance or Outcome
        As for `ExtensiveForm`, with `Value` and its sums where that takes numbers. At most one event of each
        chance may have the probability None, which makes up for the others.
    payoff_range : (low, high), default (-20, 20)
        Ends of the histogram from which quantiles of payoffs are told.

    Returns
    -------
    KindModel
        For `Task`, with a solver such as ``BackwardInduction()``.

    Raises
    ------
    InvalidGameError
        If the nodes are no game.

    Examples
    --------
    >>> import bargain as bg
    >>> entered = bg.Decision("incumbent", "entered", {
    ...     "fight": bg.Outcome([-1, bg.Value("pride") - 2]), "share": bg.Outcome([1, 1])
    ... })
    >>> root = bg.Decision("entrant", "market", {"stay out": bg.Outcome([0, 2]), "enter": entered})
    >>> model = bg.tree_model(("entrant", "incumbent"), root)
    >>> space = bg.Space([bg.Parameter("pride", bg.Uniform(2, 4))])
    >>> sweep = bg.run(bg.Task(model, space, draws=10_000, solver=bg.BackwardInduction()))
    >>> sweep.shares()["share"].round(1).to_dict()
    {('stay out',): 0.5, ('enter/fight',): 0.0, ('enter/share',): 0.5}
    """
    reader = _Written(tuple(players))
    reader.visit(root, ())
    options = ExtensiveOptions(nodes=reader.nodes, payoff_range=list(payoff_range))
    return KindModel.of(Extensive(options, dict.fromkeys(players, ())), reader.terms)


class _Written:
    """Brings nested nodes with terms to tables."""

    def __init__(self, players: tuple[str, ...]) -> None:
        self.players = players
        self.nodes: list[NodeTable] = []
        self.terms: list[tuple[str, Term]] = []

    def visit(self, node: Any, history: tuple[str, ...]) -> str:
        """Write a node down and all that follows; return its name."""
        where = "/".join(history) or "start"
        if isinstance(node, Outcome):
            given = node.payoffs
            if isinstance(given, Mapping):
                given = [given.get(player, 0.0) for player in self.players]
            if len(given) != len(self.players):
                raise InvalidGameError(
                    f"{where}: one payoff for each of {', '.join(self.players)} was expected, given {given!r}"
                )
            for player, amount in zip(self.players, given, strict=True):
                self._add(f"{player} at {where}", amount)
            return node.name or where
        # Names of nodes must not be names of ends.
        name = f"at {where}"
        place = len(self.nodes)
        self.nodes.append(NodeTable(name=name))
        if isinstance(node, Chance):
            for event, (probability, _) in node.branches.items():
                if probability is not None:
                    self._add(f"{name}: {event}", probability)
            to = {event: self.visit(child, (*history, event)) for event, (_, child) in node.branches.items()}
            self.nodes[place] = NodeTable(name=name, chance=to)
        elif isinstance(node, Decision):
            to = {action: self.visit(child, (*history, action)) for action, child in node.actions.items()}
            self.nodes[place] = NodeTable(
                name=name, player=node.player, information_set=node.information_set, actions=to
            )
        else:
            raise InvalidGameError(f"{where}: a Decision, Chance or Outcome was expected, given {node!r}")
        return name

    def _add(self, row: str, amount: Any) -> None:
        if isinstance(amount, Payoff):
            self.terms.extend((row, term) for term in amount.terms)
            if any(term.when for term in amount.terms):
                raise InvalidArgumentError(
                    f"{row}: terms without conditions were expected; the tree has them"
                )
        else:
            self.terms.append((row, Term(float(amount))))
