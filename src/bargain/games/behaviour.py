"""Behaviour profiles of game trees: what follows from them, by Bayes' rule and by averaging.

The functions here are the independent measure by which answers on trees are checked; no solver is used. A
behaviour profile is one array per information set, float[action, N], of probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bargain.axes import Floats
from bargain.games.tree import GameTree

__all__ = ["action_values", "beliefs", "end_probabilities", "gains", "node_values", "reach", "tree_regrets"]


def reach(tree: GameTree, chance: Floats, behaviour: Sequence[Floats], without: int | None = None) -> Floats:
    """Return the probability of coming to each node.

    Parameters
    ----------
    tree : GameTree
    chance : float[C, N]
    behaviour : sequence of float[action, N]
    without : int, optional
        A player whose own moves are taken to lead there.

    Returns
    -------
    float[V, N]
    """
    draws = np.broadcast_shapes(chance.shape[-1:], *(strategy.shape[-1:] for strategy in behaviour))[0]
    kind = np.result_type(float, chance, *behaviour)
    result = np.ones((tree.size, draws), dtype=kind)
    skip = {-1} if without is None else set(tree.owned(without))
    for node, children in enumerate(tree.children):
        at = int(tree.kind[node])
        for move, child in enumerate(children):
            if at == -1:
                np.multiply(result[node], chance[tree.place[node] + move], out=result[child])
            elif at in skip:
                result[child] = result[node]
            else:
                np.multiply(result[node], behaviour[at][move], out=result[child])
    return result


def end_probabilities(tree: GameTree, chance: Floats, behaviour: Sequence[Floats]) -> Floats:
    """Return the probability of each outcome.

    Parameters
    ----------
    tree : GameTree
    chance : float[C, N]
    behaviour : sequence of float[action, N]

    Returns
    -------
    float[Z, N]
    """
    result: Floats = reach(tree, chance, behaviour)[np.flatnonzero(tree.kind == -2)]
    return result


def node_values(tree: GameTree, payoffs: Floats, chance: Floats, behaviour: Sequence[Floats]) -> Floats:
    """Return what each player expects from each node on.

    Parameters
    ----------
    tree : GameTree
    payoffs : float[P, Z, N]
    chance : float[C, N]
    behaviour : sequence of float[action, N]

    Returns
    -------
    float[V, P, N]
    """
    draws = np.broadcast_shapes(payoffs.shape[-1:], *(strategy.shape[-1:] for strategy in behaviour))[0]
    kind = np.result_type(float, payoffs, *behaviour)
    result = np.zeros((tree.size, len(payoffs), draws), dtype=kind)
    for node in reversed(range(tree.size)):
        at = int(tree.kind[node])
        if at == -2:
            result[node] = payoffs[:, tree.place[node]]
        for move, child in enumerate(tree.children[node]):
            weight = chance[tree.place[node] + move] if at == -1 else behaviour[at][move]
            result[node] += weight * result[child]
    return result


def beliefs(tree: GameTree, chance: Floats, behaviour: Sequence[Floats]) -> tuple[Floats, ...]:
    """Return by Bayes' rule how likely each node of an information set is, given that the set is reached.

    Parameters
    ----------
    tree : GameTree
    chance : float[C, N]
    behaviour : sequence of float[action, N]

    Returns
    -------
    tuple of float[node, N]
        One per information set; NaN where Bayes' rule says nothing, because the others' moves and chance
        never lead there. Own moves, which lead to all nodes of a set alike, do not matter; who knows where
        it is knows it wherever play goes.
    """
    result = []
    coming: dict[str, Floats] = {}
    for one in tree.information_sets:
        if one.player not in coming:
            coming[one.player] = reach(tree, chance, behaviour, tree.players.index(one.player))
        nodes = coming[one.player][list(one.nodes)]
        if len(nodes) == 1:
            result.append(np.ones_like(nodes))
            continue
        total = nodes.sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            result.append(nodes / total)
    return tuple(result)


def action_values(tree: GameTree, values: Floats, believed: Sequence[Floats]) -> tuple[Floats, ...]:
    """Return what each action of each information set is worth to who moves there.

    Parameters
    ----------
    tree : GameTree
    values : float[V, P, N]
        As from `node_values`.
    believed : sequence of float[node, N]

    Returns
    -------
    tuple of float[action, N]
    """
    result = []
    for one, weight in zip(tree.information_sets, believed, strict=True):
        player = tree.players.index(one.player)
        following = np.array([tree.children[node] for node in one.nodes])
        result.append((weight[:, None, :] * values[following, player]).sum(axis=0))
    return tuple(result)


def gains(behaviour: Sequence[Floats], worth: Sequence[Floats]) -> Floats:
    """Return what would be gained at each information set by the best action there, all else as before.

    Parameters
    ----------
    behaviour : sequence of float[action, N]
    worth : sequence of float[action, N]
        As from `action_values`.

    Returns
    -------
    float[H, N]
    """
    return np.stack([(own * (value.max(axis=0) - value)).sum(axis=0)
                     for own, value in zip(behaviour, worth, strict=True)])  # fmt: skip


def tree_regrets(tree: GameTree, payoffs: Floats, chance: Floats, behaviour: Sequence[Floats]) -> Floats:
    """Return what each player would gain by its best plan for the whole game, given the others' behaviour.

    Parameters
    ----------
    tree : GameTree
    payoffs : float[P, Z, N]
    chance : float[C, N]
    behaviour : sequence of float[action, N]

    Returns
    -------
    float[P, N]
        In payoff units; zero for every player exactly at a Nash equilibrium.
    """
    ends = np.flatnonzero(tree.kind == -2)
    result = np.empty((len(payoffs), np.broadcast_shapes(payoffs.shape[-1:], behaviour[0].shape[-1:])[0]))
    for player, own in enumerate(payoffs):
        weighted = own * reach(tree, chance, behaviour, player)[ends]
        # Of each own sequence: what it brings as planned, and how much better the best plan after it does.
        planned = np.zeros((len(tree.sequences[player]), result.shape[-1]))
        better = np.zeros_like(planned)
        for end, sequence in enumerate(tree.leading[player]):
            planned[sequence] += weighted[end]
        for index in reversed(tree.owned(player)):
            start, strategy = tree.first[index], behaviour[index]
            rows = slice(start, start + len(strategy))
            best = (planned[rows] + better[rows]).max(axis=0)
            # The gain is averaged, not the payoff: that keeps a best reply at exactly zero.
            better[tree.before[index]] += (strategy * (best - planned[rows])).sum(axis=0)
            planned[tree.before[index]] += (strategy * planned[rows]).sum(axis=0)
        result[player] = better[0]
    return result
