"""Sequential equilibrium: whether beliefs and behaviour justify each other, also where play never comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, UnsupportedGameError
from bargain.games.behaviour import action_values, gains, node_values
from bargain.games.extensive import Behaviour, ExtensiveForm
from bargain.games.tree import GameTree

__all__ = ["SequentialCheck", "check_sequential"]


@dataclass(frozen=True, eq=False)
class SequentialCheck:
    """What was found of an assessment: a behaviour profile with beliefs.

    Attributes
    ----------
    game : ExtensiveForm
        Of a single draw.
    behaviour : tuple of float[action]
        At each information set.
    beliefs : tuple of float[node]
    gains : float[H]
        The most that could be gained at each information set by acting otherwise there, given the beliefs.
    orders : tuple of float[action], or None
        Of trembles that yield the beliefs: an action of order n is taken by mistake with a probability
        proportional to the n-th power of a vanishing number; those meant to be taken have order zero. None
        where there are no such trembles.
    scales : tuple of float[action], or None
        The factors of proportion.
    tolerance : float
    """

    game: ExtensiveForm
    behaviour: tuple[Floats, ...]
    beliefs: tuple[Floats, ...]
    gains: Floats
    orders: tuple[Floats, ...] | None
    scales: tuple[Floats, ...] | None
    tolerance: float

    @property
    def rational(self) -> bool:
        """Whether nobody gains anywhere by acting otherwise, given the beliefs."""
        span = self.game.payoffs.max() - self.game.payoffs.min()
        return bool((self.gains <= self.tolerance * max(1.0, float(span))).all())

    @property
    def consistent(self) -> bool:
        """Whether the beliefs follow by Bayes' rule from mistakes that become ever less likely."""
        return self.orders is not None

    @property
    def sequential(self) -> bool:
        """Whether the assessment is a sequential equilibrium."""
        return self.rational and self.consistent

    def trembling(self, size: float) -> dict[str, Floats]:
        """Return the profile with the mistakes that yield the beliefs as ``size`` tends to zero.

        Parameters
        ----------
        size : float
            Between 0 and 1.

        Returns
        -------
        dict of information set to float[action]

        Raises
        ------
        InvalidArgumentError
            If the beliefs are not consistent, or the size is not between 0 and 1.
        """
        if self.orders is None or self.scales is None:
            raise InvalidArgumentError("trembling: no mistakes lead to these beliefs")
        if not 0 < size < 1:
            raise InvalidArgumentError(f"trembling: a size between 0 and 1 was expected, given {size}")
        result = {}
        for one, order, scale in zip(self.game.information_sets, self.orders, self.scales, strict=True):
            weight = scale * size**order
            result[one.name] = weight / weight.sum()
        return result

    def to_frame(self) -> pd.DataFrame:
        """Return one row per node of every information set.

        Returns
        -------
        pandas.DataFrame
            Columns belief and gain, the latter the same for all nodes of a set; indexed by player,
            information set and history.
        """
        rows = [
            (one.player, one.name, history, belief, gain)
            for one, believed, gain in zip(self.game.information_sets, self.beliefs, self.gains, strict=True)
            for history, belief in zip(one.histories, believed, strict=True)
        ]
        names = ["player", "information set", "history", "belief", "gain"]
        return pd.DataFrame(rows, columns=names).set_index(names[:3])

    def __repr__(self) -> str:
        return (
            f"SequentialCheck(sequential={self.sequential}; rational={self.rational}: the most to gain is"
            f" {self.gains.max():.3g}; consistent={self.consistent})"
        )


def check_sequential(
    game: ExtensiveForm,
    profile: Mapping[str, Behaviour],
    believed: Mapping[str, npt.ArrayLike] | None = None,
    *,
    tolerance: float = 1e-9,
) -> SequentialCheck:
    """Check whether a profile with beliefs is a sequential equilibrium.

    It is one if it is *sequentially rational* - no player gains at any information set, given its beliefs
    there - and *consistent*: the beliefs are limits of those that follow by Bayes' rule when every action is
    sometimes taken by mistake, as mistakes vanish [KrepsWilson1982]_.

    Parameters
    ----------
    game : ExtensiveForm
        Of a single draw, with positive probabilities of chance.
    profile : mapping of information set to behaviour
        As for `ExtensiveForm.behaviour`.
    believed : mapping of information set to float[node] or ``{node: probability}``, optional
        Probabilities of the set's nodes, as for `ExtensiveForm.believed`. Needed only where Bayes' rule
        says nothing.
    tolerance : float, default 1e-9
        Largest gain accepted, relative to the range of payoffs where that is above one, and largest error of
        a belief, relative to it. Probabilities up to it count as zero.

    Returns
    -------
    SequentialCheck

    Raises
    ------
    InvalidArgumentError
        If there is more than one draw, or a belief is missing where Bayes' rule says nothing.
    UnsupportedGameError
        If chance never takes some branch.

    Notes
    -----
    Consistency is decided exactly, not by trying trembles: mistakes may be taken to be powers of one
    vanishing number. Their orders of magnitude must make the nodes believed possible the least unlikely of
    their set,
    which is a linear program; and their factors must bring the ratios of beliefs about, which is a linear
    system in logarithms [PereaEtAl1997]_. Gains are those from acting otherwise once; with consistent beliefs
    there is a gain from a longer deviation only if there is one from a single one.

    Examples
    --------
    An entrant that could not be seen to have come in would be fought only by mistake.

    >>> import bargain as bg
    >>> reply = lambda fight, share: bg.Decision(
    ...     "incumbent", "entered", {"fight": bg.Outcome(fight), "share": bg.Outcome(share)}
    ... )
    >>> game = bg.ExtensiveForm(("entrant", "incumbent"), bg.Decision("entrant", "market", {
    ...     "stay out": bg.Outcome([0, 2]),
    ...     "enter well": reply([-1, -1], [2, 1]),
    ...     "enter badly": reply([-2, -1], [1, 1]),
    ... }))
    >>> bg.check_sequential(game, {"market": "stay out", "entered": "fight"}, {"entered": [0.5, 0.5]})
    SequentialCheck(sequential=False; rational=False: the most to gain is 2; consistent=True)
    >>> bg.check_sequential(game, {"market": "enter well", "entered": "share"}).sequential
    True
    """
    UnsupportedGameError.unless(game, ExtensiveForm, where="check_sequential")
    if game.draws != 1:
        raise InvalidArgumentError(
            f"check_sequential: a single draw was expected, such as game[0]; given {game.draws}"
        )
    if (game.chance <= 0).any():
        raise UnsupportedGameError(
            "check_sequential: chance must take every branch with positive probability"
        )
    tree, behaviour = game.tree, game.behaviour(profile)
    assessed = game.believed(behaviour, believed)
    for one, belief in zip(tree.information_sets, assessed, strict=True):
        if np.isnan(belief).any():
            raise InvalidArgumentError(
                f"check_sequential: beliefs at {one.name!r} are needed, where Bayes' rule says nothing: one"
                f" probability for each of {', '.join(map(repr, one.histories))}; supporting_beliefs looks"
                " for some"
            )
    worth = action_values(tree, node_values(tree, game.payoffs, game.chance, behaviour), assessed)
    strategies = tuple(own[:, 0] for own in behaviour)
    held = tuple(belief[:, 0] for belief in assessed)
    mistakes = _mistakes(tree, game.chance[:, 0], strategies, held, tolerance)
    split = np.cumsum([len(own) for own in strategies])[:-1]
    orders, scales = (None, None) if mistakes is None else (tuple(np.split(part, split)) for part in mistakes)
    return SequentialCheck(game, strategies, held, gains(behaviour, worth)[:, 0], orders, scales, tolerance)


def _mistakes(
    tree: GameTree,
    chance: Floats,
    behaviour: tuple[Floats, ...],
    held: tuple[Floats, ...],
    tolerance: float,
) -> tuple[Floats, Floats] | None:
    """Return orders and factors of mistakes at every action that yield the beliefs, or None.

    An action's probability is factor * size**order; those of the profile have order zero and keep their
    probabilities as factors. The likelihood of a node is the product along its history.
    """
    taken = np.concatenate(behaviour)
    free = taken <= tolerance
    uses, known = _histories(tree, chance, behaviour, tolerance)
    smaller, equal, ratios = [], [], []
    for one, belief in zip(tree.information_sets, held, strict=True):
        nodes = np.array(one.nodes)
        possible = nodes[belief > tolerance]
        first = possible[np.argmax(belief[belief > tolerance])]
        for node, likely in zip(nodes, belief, strict=True):
            if node == first:
                continue
            row = uses[node] - uses[first]
            if likely > tolerance:
                equal.append(row)
                ratios.append(np.log(likely / belief.max()) - known[node] + known[first])
            else:
                smaller.append(row)
    orders = _orders(np.array(smaller).reshape(-1, taken.size), np.array(equal).reshape(-1, taken.size), free)
    if orders is None:
        return None
    scales = np.where(free, 1.0, taken)
    if equal:
        system, right = np.array(equal)[:, free], np.array(ratios)
        logs = np.linalg.lstsq(system, right, rcond=None)[0] if free.any() else np.zeros(0)
        if (np.abs(system @ logs - right) > max(tolerance, 1e-12) * (1 + np.abs(right))).any():
            return None
        scales[free] = np.exp(logs)
    return orders, scales


def _orders(smaller: Floats, equal: Floats, free: npt.NDArray[np.bool_]) -> Floats | None:
    """Return orders of the mistakes, at least one each, that make nodes less or equally likely, or None."""
    result = np.zeros(free.size)
    if not free.any():
        # Without mistakes every node is reached, and Bayes' rule leaves no node less likely than another.
        return None if len(smaller) else result
    from scipy.optimize import linprog  # noqa: PLC0415 - takes long to import

    answer = linprog(
        np.ones(int(free.sum())),
        A_ub=-smaller[:, free] if len(smaller) else None,
        b_ub=-np.ones(len(smaller)) if len(smaller) else None,
        A_eq=equal[:, free] if len(equal) else None,
        b_eq=np.zeros(len(equal)) if len(equal) else None,
        bounds=(1, None),
        method="highs",
    )
    if answer.status != 0:
        return None
    result[free] = np.asarray(answer.x)
    return result


def _histories(
    tree: GameTree, chance: Floats, behaviour: tuple[Floats, ...], tolerance: float
) -> tuple[Floats, Floats]:
    """Return which mistakes lead to each node, float[V, action], and the log probability of all else."""
    starts = np.concatenate([[0], np.cumsum([len(own) for own in behaviour])])
    uses, known = np.zeros((tree.size, starts[-1])), np.zeros(tree.size)
    for node, children in enumerate(tree.children):
        at = int(tree.kind[node])
        for move, child in enumerate(children):
            uses[child], known[child] = uses[node], known[node]
            if at == -1:
                known[child] += np.log(chance[tree.place[node] + move])
            elif behaviour[at][move] > tolerance:
                known[child] += np.log(behaviour[at][move])
            else:
                uses[child, starts[at] + move] += 1
    return uses, known
