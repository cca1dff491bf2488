"""Beliefs that justify what players would do where play never comes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError
from bargain.games.behaviour import node_values
from bargain.games.extensive import Behaviour, ExtensiveForm

__all__ = ["supporting_beliefs"]


def supporting_beliefs(
    game: ExtensiveForm, profile: Mapping[str, Behaviour], *, tolerance: float = 1e-9
) -> dict[str, dict[str, float]] | None:
    """Return beliefs with which nobody gains by acting otherwise, or None if there are none.

    Where Bayes' rule says what to believe, that is believed. Elsewhere a player may believe anything: what it
    would do there is an empty threat if no belief makes it best. Of an equilibrium of a signalling game that
    passes this test one says that it is perfect Bayesian; whether the beliefs also agree with each other, as
    a sequential equilibrium asks, `check_sequential` decides.

    Parameters
    ----------
    game : ExtensiveForm
        Of a single draw.
    profile : mapping of information set to behaviour
        As for `ExtensiveForm.behaviour`.
    tolerance : float, default 1e-9
        Largest gain accepted, relative to the range of payoffs where that is above one.

    Returns
    -------
    dict of information set to ``{node: probability}``, or None
        For the sets where Bayes' rule says nothing, as `check_sequential` takes them: beliefs under which the
        most that could be gained is as far below zero, or as near to it, as can be.

    Raises
    ------
    InvalidArgumentError
        If there is more than one draw, or the profile is none.
    UnknownNameError

    Notes
    -----
    One linear programme for each information set that is never reached. `StrategicNash` knows only plans: at
    sets to which a player's own moves never lead its behaviour is uniform and may have to be replaced by
    what the player would do there.

    Examples
    --------
    A fight is no answer to an entrant whom it would cost more than sharing, whoever that is.

    >>> import bargain as bg
    >>> reply = lambda fight, share: bg.Decision(
    ...     "incumbent", "entered", {"fight": bg.Outcome(fight), "share": bg.Outcome(share)}
    ... )
    >>> game = bg.ExtensiveForm(("entrant", "incumbent"), bg.Decision("entrant", "market", {
    ...     "stay out": bg.Outcome([0, 2]),
    ...     "enter weak": reply([-1, 1], [2, 0]),
    ...     "enter strong": reply([-2, -1], [1, 1]),
    ... }))
    >>> bg.supporting_beliefs(game, {"market": "stay out", "entered": "fight"})
    {'entered': {'enter weak': 1.0, 'enter strong': 0.0}}
    >>> bg.supporting_beliefs(game, {"market": "enter strong", "entered": "fight"}) is None
    True
    """
    if game.draws != 1:
        raise InvalidArgumentError(
            f"supporting_beliefs: a single draw was expected, such as game[0]; given {game.draws}"
        )
    tree, behaviour = game.tree, game.behaviour(profile)
    values = node_values(tree, game.payoffs, game.chance, behaviour)
    believed = list(game.believed(behaviour))
    slack = tolerance * max(1.0, float(np.ptp(game.payoffs)))
    found: dict[str, dict[str, float]] = {}
    for place, one in enumerate(tree.information_sets):
        reached = not np.isnan(believed[place]).any()
        # What each action is worth at each node.
        following = np.array([tree.children[node] for node in one.nodes])
        worth = values[following, tree.players.index(one.player), 0]
        gains = worth - worth @ behaviour[place]
        if reached:
            if (believed[place][:, 0] @ gains).max() > slack:
                return None
            continue
        belief, gain = _safest(gains, behaviour[place][:, 0])
        if gain > slack:
            return None
        found[one.name] = dict(zip(one.histories, belief.tolist(), strict=True))
    return found


def _safest(gains: Floats, mix: Floats) -> tuple[Floats, float]:
    """Return the belief under which the most to gain is least, from float[node, action], and that gain."""
    from scipy.optimize import linprog  # noqa: PLC0415 - takes long to import

    nodes, actions = gains.shape
    others = np.flatnonzero(mix < 1)
    if not others.size or actions == 1:
        return np.full(nodes, 1 / nodes), 0.0
    call: Any = linprog  # whose stubs list every combination of keywords
    answer = call(
        np.append(np.zeros(nodes), 1.0),
        A_ub=np.hstack([gains[:, others].T, -np.ones((others.size, 1))]),
        b_ub=np.zeros(others.size),
        A_eq=np.append(np.ones(nodes), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * nodes + [(None, None)],
        method="highs",
    )
    belief = np.round(np.asarray(answer.x[:nodes]), 15) + 0.0
    return belief / belief.sum(), float(answer.x[-1])
