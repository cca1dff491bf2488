"""Dominated actions, their iterated elimination, rationalisable actions and best replies."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from bargain.axes import Bools, Floats, Ints, read_only
from bargain.errors import InvalidArgumentError, UnknownNameError, UnsupportedGameError
from bargain.games.labels import Labels
from bargain.games.normal import NormalForm

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Elimination", "best_replies", "eliminate", "rationalisable"]

Dominance = Literal["strict", "weak", "mixed"]
_PAIRED = 12  # actions of which all pairs are tried; of more, linear programs are faster
_MARGIN = 1e-13  # by which a mixture must be better, relative to the range of the player's payoffs


@dataclass(frozen=True, eq=False)
class Elimination:
    """What iterated elimination of dominated actions leaves, and in which round each other action went.

    Attributes
    ----------
    game : NormalForm
    dominance : {"strict", "weak", "mixed"}
    rounds : tuple of int[action, N], length P
        The round in which each action was eliminated, from 1; 0 where it survives. Read-only.
    """

    game: NormalForm
    dominance: Dominance
    rounds: tuple[Ints, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "rounds", tuple(read_only(rounds) for rounds in self.rounds))

    @property
    def survives(self) -> tuple[Bools, ...]:
        """Whether each action survives, one bool[action, N] per player."""
        return tuple(rounds == 0 for rounds in self.rounds)

    @property
    def solvable(self) -> Bools:
        """Whether a single outcome is left, bool[N]: the game is dominance solvable."""
        left = [survives.sum(axis=0) == 1 for survives in self.survives]
        result: Bools = np.logical_and.reduce(left)
        return result

    def actions(self, draw: int = 0) -> dict[str, tuple[str, ...]]:
        """Return the surviving actions of one draw.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        dict of player to tuple of str
        """
        draw = self._draw(draw)
        return {
            player: tuple(name for name, round_ in zip(names, rounds[:, draw], strict=True) if not round_)
            for (player, names), rounds in zip(self.game.actions.items(), self.rounds, strict=True)
        }

    def reduced(self, draw: int = 0) -> NormalForm:
        """Return the game of one draw without its eliminated actions.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        NormalForm
        """
        draw = self._draw(draw)
        kept = [np.flatnonzero(rounds[:, draw] == 0) for rounds in self.rounds]
        labels = Labels(self.game.players, tuple(self.actions(draw).values()))
        return NormalForm(labels, self.game.payoffs[..., draw][np.ix_(np.arange(len(kept)), *kept)])

    def steps(self, draw: int = 0) -> list[dict[str, Any]]:
        """Return the order of elimination in one draw, for reading.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        list of dict
            ``{"round": int, "player": str, "action": str, "by": {action: probability}}``: what was eliminated
            and an action, or a mixture of actions, that dominated it then.
        """
        draw = self._draw(draw)
        table = self.game.payoffs[..., draw : draw + 1]
        steps = []
        for number in range(1, 1 + max(int(rounds[:, draw].max()) for rounds in self.rounds)):
            alive = [(rounds[:, draw] == 0) | (rounds[:, draw] >= number) for rounds in self.rounds]
            for player, names in enumerate(self.game.labels.actions):
                for action in np.flatnonzero(self.rounds[player][:, draw] == number):
                    weights = _dominator(table, alive, player, int(action), self.dominance)
                    by = {
                        name: float(weight) for name, weight in zip(names, weights, strict=True) if weight > 0
                    }
                    who, what = self.game.players[player], names[action]
                    steps.append({"round": number, "player": who, "action": what, "by": by})
        return steps

    def __repr__(self) -> str:
        left = [int(survives.any(axis=1).sum()) for survives in self.survives]
        sizes = " x ".join(f"{some} of {size}" for some, size in zip(left, self.game.shape, strict=True))
        return f"Elimination({self.dominance}; {sizes} actions survive in some of {self.game.draws} draws)"

    def _draw(self, draw: int) -> int:
        if not -self.game.draws <= draw < self.game.draws:
            raise InvalidArgumentError(f"draw: one of {self.game.draws} draws was expected, given {draw}")
        return draw % self.game.draws


def eliminate(game: NormalForm, dominance: Dominance = "strict") -> Elimination:
    """Eliminate dominated actions, again and again, in every draw.

    In each round every player's dominated actions go at once; an action is compared with the others that are
    left, against what the opponents have left.

    Parameters
    ----------
    game : NormalForm
    dominance : {"strict", "weak", "mixed"}, default "strict"
        ``"strict"``: another action is better whatever the others do. ``"weak"``: another is never worse and
        sometimes better; what survives may depend on the order, which here is all at once. ``"mixed"``:
        another action or a mixture of actions is better whatever the others do; what survives is
        rationalisable.

    Returns
    -------
    Elimination

    Raises
    ------
    UnknownNameError
        If there is no such dominance.

    Notes
    -----
    For the order and its consequences see [OsborneRubinstein1994]_, for rationalisability [Pearce1984]_. With
    more than two players the opponents' actions may be correlated in a player's mind. A mixture counts as
    better by more than 1e-13 of the range of the player's payoffs. Dominance by one action or a mixture of
    two is decided in closed form over all draws, by more than two with a linear program per draw.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.NormalForm(
    ...     {"row": ("up", "down"), "column": ("left", "middle", "right")},
    ...     [[[1, 1, 0], [0, 0, 2]], [[0, 2, 1], [3, 1, 0]]],
    ... )
    >>> elimination = bg.eliminate(game)
    >>> elimination.actions()
    {'row': ('up',), 'column': ('middle',)}
    >>> [(step["round"], step["action"]) for step in elimination.steps()]
    [(1, 'right'), (2, 'down'), (3, 'left')]
    """
    UnsupportedGameError.unless(game, NormalForm, where="eliminate")
    if dominance not in get_args(Dominance):
        raise UnknownNameError.of("dominance", dominance, get_args(Dominance), where="eliminate")
    rounds = tuple(np.zeros((size, game.draws), dtype=np.int64) for size in game.shape)
    open_draws = np.arange(game.draws)
    number = 0
    while open_draws.size:
        number += 1
        payoffs = game.payoffs if open_draws.size == game.draws else game.payoffs[..., open_draws]
        alive = [gone[:, open_draws] == 0 for gone in rounds]
        found = [_dominated(payoffs, alive, player, dominance) for player in range(len(rounds))]
        for gone, dominated in zip(rounds, found, strict=True):
            gone[:, open_draws] += number * dominated
        some = np.logical_or.reduce([dominated.any(axis=0) for dominated in found])
        open_draws = open_draws[some]
    return Elimination(game, dominance, rounds)


def rationalisable(game: NormalForm) -> Elimination:
    """Find the rationalisable actions: those that survive elimination by actions and mixtures of actions.

    Parameters
    ----------
    game : NormalForm

    Returns
    -------
    Elimination
        ``eliminate(game, "mixed")``; see there.

    Examples
    --------
    No single action is better than *safe* whatever the other does, but half of each of the others is.

    >>> import bargain as bg
    >>> game = bg.NormalForm(
    ...     {"row": ("up", "safe", "down"), "column": ("left", "right")},
    ...     [[[4, 0], [1, 1], [0, 4]], [[1, 0], [0, 1], [0, 1]]],
    ... )
    >>> bg.eliminate(game).actions()["row"]
    ('up', 'safe', 'down')
    >>> bg.rationalisable(game).actions()["row"]
    ('up', 'down')
    """
    return eliminate(game, "mixed")


def best_replies(game: NormalForm, player: str) -> Bools:
    """Say at which outcomes a player's action is a best reply to the others' actions.

    Parameters
    ----------
    game : NormalForm
    player : str

    Returns
    -------
    bool[A..., N]
        Several of its actions where they are equally good.

    Raises
    ------
    UnknownNameError

    Examples
    --------
    >>> import bargain as bg
    >>> pennies = bg.NormalForm(
    ...     {"row": ("heads", "tails"), "column": ("heads", "tails")},
    ...     [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]],
    ... )
    >>> bg.best_replies(pennies, "column")[..., 0]
    array([[False,  True],
           [ True, False]])
    """
    UnsupportedGameError.unless(game, NormalForm, where="best_replies")
    axis = game.labels.player(player)
    own = game.payoffs[axis]
    result: Bools = own == own.max(axis=axis, keepdims=True)
    return result


def _view(payoffs: Floats, alive: Sequence[Bools], player: int) -> tuple[Floats, Bools]:
    """Return a player's payoffs, float[action, opposing profile, N], and the profiles left, bool[., N]."""
    own = np.moveaxis(payoffs[player], player, 0)
    possible = np.ones((1, payoffs.shape[-1]), dtype=np.bool_)
    for other, left in enumerate(alive):
        if other != player:
            possible = (possible[:, None] & left[None]).reshape(-1, left.shape[1])
    return own.reshape(own.shape[0], -1, own.shape[-1]), possible


def _dominated(payoffs: Floats, alive: Sequence[Bools], player: int, dominance: Dominance) -> Bools:
    """Say which of a player's remaining actions are dominated, bool[action, N]."""
    own, possible = _view(payoffs, alive, player)
    left = alive[player]
    result = np.zeros_like(left)
    hopeful = left
    if dominance != "weak":  # what is best against something left is not dominated
        best = np.where(left[:, None], own, -np.inf).max(axis=0)
        hopeful = left & ~((own == best) & possible).any(axis=1)
    others = np.flatnonzero(left.any(axis=1))
    for action in np.flatnonzero(hopeful.any(axis=1)).tolist():
        for other in others[others != action]:
            result[action] |= _pure(own[other], own[action], possible, dominance) & left[other]
    result &= left
    if dominance == "mixed" and len(own) > 2:
        scale = np.ptp(own, axis=(0, 1))
        for action in np.flatnonzero(hopeful.any(axis=1)).tolist():
            draws = np.flatnonzero(hopeful[action] & ~result[action] & (left.sum(axis=0) > 2))
            if draws.size:
                part = own[..., draws]
                result[action, draws] = _mixed(part, left[:, draws], possible[:, draws], action, scale[draws])
    return result


def _pure(other: Floats, action: Floats, possible: Bools, dominance: Dominance) -> Bools:
    """Say in which draws another action dominates one, bool[N]."""
    better = other > action
    if dominance != "weak":
        return np.asarray((better | ~possible).all(axis=0))
    return np.asarray(((other >= action) | ~possible).all(axis=0) & (better & possible).any(axis=0))


def _mixed(own: Floats, left: Bools, possible: Bools, action: int, scale: Floats) -> Bools:
    """Say in which draws a mixture of several other actions is better than one, bool[N]."""
    result = np.zeros(own.shape[-1], dtype=np.bool_)
    others = [other for other in np.flatnonzero(left.any(axis=1)) if other != action]
    pairs = itertools.combinations(others, 2)
    for first, second in pairs if len(others) <= _PAIRED else ():
        _, better = _pair(own[first] - own[action], own[second] - own[action], possible, scale)
        result |= better & left[first] & left[second]
    for draw in np.flatnonzero(~result & ((left.sum(axis=0) > 3) | (len(others) > _PAIRED))):
        mixture = _program(own[..., draw], left[:, draw], possible[:, draw], action)
        result[draw] = mixture is not None
    return result


def _pair(first: Floats, second: Floats, possible: Bools, scale: Floats) -> tuple[Floats, Bools]:
    """Mix two actions by what they are worth more than a third.

    Returns the middle of the shares x with ``x first + (1 - x) second > 0`` wherever possible, float[N], and
    whether there are such, bool[N].
    """
    slope = first - second
    with np.errstate(over="ignore", invalid="ignore"):  # of nearly equal numbers, which decide nothing
        root = -second / np.where(slope == 0, 1.0, slope)
        low = np.where((slope > 0) & possible, root, 0.0).max(axis=0, initial=0.0)
        high = np.where((slope < 0) & possible, root, 1.0).min(axis=0, initial=1.0)
        share = np.clip((low + high) / 2, 0.0, 1.0)
        better = ((share * first + (1 - share) * second > _MARGIN * scale) | ~possible).all(axis=0)
    return share, np.asarray(better)


def _program(own: Floats, left: Bools, possible: Bools, action: int) -> Floats | None:
    """Return the mixture, float[action], that is better than an action by most, if any is better.

    The margin is maximised over the weights of the other actions: a linear program.
    """
    scale = np.ptp(own)
    others = [other for other in np.flatnonzero(left) if other != action]
    if not others or scale == 0:
        return None
    gains = ((own[others] - own[action]) / scale)[:, possible]
    from scipy.optimize import linprog  # noqa: PLC0415 - takes long to import

    # Better by one everywhere, with weights as small as can be: the largest margin, to a relative tolerance.
    bounds = -np.ones(gains.shape[1])
    for presolve in (True, False):  # where weights differ by ten orders of magnitude either may fail
        answer = linprog(
            np.ones(len(others)), A_ub=-gains.T, b_ub=bounds, method="highs", options={"presolve": presolve}
        )
        if answer.status in (0, 2):
            break
    if answer.x is None or not answer.x.sum() > 0:
        return None
    weights = answer.x / answer.x.sum()
    if not (weights @ gains > _MARGIN).all():
        return None
    result = np.zeros(len(own))
    result[others] = weights
    return result


def _dominator(
    table: Floats, alive: Sequence[Bools], player: int, action: int, dominance: Dominance
) -> Floats:
    """Return weights of a strategy that dominates an action in a single game, float[action]."""
    own, possible = _view(table, [left[:, None] for left in alive], player)
    weights = np.zeros(len(own))
    for other in np.flatnonzero(alive[player]):
        if other != action and _pure(own[other], own[action], possible, dominance)[0]:
            weights[other] = 1.0
            return weights
    scale = np.ptp(own, axis=(0, 1))
    for pair in itertools.combinations(np.flatnonzero(alive[player]), 2):
        if action not in pair:
            first, second = own[list(pair)] - own[action]
            share, better = _pair(first, second, possible, scale)
            if better[0]:
                weights[list(pair)] = share[0], 1 - share[0]
                return weights
    mixture = _program(own[..., 0], alive[player], possible[:, 0], action)
    return weights if mixture is None else mixture
