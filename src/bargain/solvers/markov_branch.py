"""One Markov perfect equilibrium at the end of a path of logit responses, where faster methods fail."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bargain.axes import Floats, Ints
from bargain.games.stochastic import StochasticGame

__all__ = ["logit_branch_equilibrium"]

_FIRST = 0.01  # length of the first step along the path
_LONGEST = 0.3  # of a step, as a part of what has been walked
_NEAR = 1e-10  # a residual below which a point is on the path
_CORRECTIONS = 6  # of Newton's method before a step is shortened
_SHORTEST = 1e-9  # step, below which the path is given up
_PRECISE = 1e9  # precision at which all that can be told apart has been, in units of the range of payoffs
_CLOSE = 0.02  # difference of probabilities from those on the path, up to which an equilibrium is its end
_PLAYED = (1e-2, 1e-4, 1e-7)  # probabilities above which an action is taken to be played in the limit

Strategies = list[list[Floats]]


def logit_branch_equilibrium(
    game: StochasticGame, steps: int, tolerance: float
) -> tuple[Strategies, Floats] | None:
    """Follow logit responses from random play towards exact best replies, and return what they lead to.

    With precision zero all actions are equally likely. As the precision rises, the logit equilibria of a
    generic game form a path that ends in an equilibrium [EibelshaeuserPoensgen2019]_; it may turn back on the
    way, and is therefore followed by its length. From time to time the actions that are hardly played any
    more are left out and the conditions of an equilibrium on the others are solved by Newton's method; what
    is found counts as the end of the path if it is close by.

    Parameters
    ----------
    game : StochasticGame
        Of one draw and without end.
    steps : int
        Along the path, at most.
    tolerance : float
        Largest gain from acting otherwise once, in units of the largest value.

    Returns
    -------
    strategies : list of list of float[action]
        Of every player in every state.
    values : float[P, S]
        None where the path does not lead to an equilibrium within these steps.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.StochasticGame.of(
    ...     ("A", "B"),
    ...     {"one": {(a, b): ([1, -1] if a == b else [-1, 1], "one") for a in "ht" for b in "ht"}},
    ...     discount=0.5,
    ... )
    >>> strategies, values = logit_branch_equilibrium(game, 100, 1e-9)
    >>> print(strategies[0][0], abs(values).max() < 1e-12)
    [0.5 0.5] True
    """
    system = _System.of(game)
    point = np.append(system.begin(), 0.0)
    tangent: Floats | None = None
    step, walked, next_trial = _FIRST, 0.0, 1.0
    for _ in range(steps):
        if point[-1] >= next_trial:
            next_trial = 1.5 * point[-1]
            found = system.polished(point, tolerance)
            if found is not None or point[-1] > _PRECISE:
                return found
        _, jacobian = system.path(point)
        direction = np.linalg.svd(jacobian)[2][-1]
        forward = direction[-1] if tangent is None else direction @ tangent
        tangent = direction if forward > 0 else -direction
        while True:
            new = system.corrected(point + step * tangent, tangent)
            if new is not None and np.linalg.norm(new - point) < 2 * step:
                break
            step /= 2
            if step < _SHORTEST:
                return system.polished(point, tolerance)
        walked += step
        step = min(1.5 * step, max(_LONGEST * walked, _FIRST))
        point = new
    return system.polished(point, tolerance)


@dataclass(frozen=True, eq=False)
class _System:
    """The equations of one game: logarithms of probabilities by state and player, and values behind them.

    Payoffs of each player are in units of their range.
    """

    payoffs: list[Floats]  # of each state, [P, A...]
    leads: list[Floats]  # of each state, probabilities of the next one, [A..., S]
    rate: Floats  # what a value of the next state counts, [P, S]
    blocks: list[list[slice]]  # where the probabilities of each state and player stand
    unit: Floats  # [P]

    @classmethod
    def of(cls, game: StochasticGame) -> _System:
        players, states = len(game.players), len(game.states)
        own = [payoffs[..., 0] for payoffs in game.payoffs]
        low = np.min([payoffs.reshape(players, -1).min(axis=1) for payoffs in own], axis=0)
        high = np.max([payoffs.reshape(players, -1).max(axis=1) for payoffs in own], axis=0)
        unit = np.where(high > low, high - low, 1.0)
        leads = []
        for labels, moves in zip(game.labels, game.moves, strict=True):
            lead = np.zeros((labels.size, states))
            for outcome, number in enumerate(moves.ravel().tolist()):
                lottery = game.lotteries[number]
                lead[outcome, list(lottery.next)] = lottery.probability[:, 0]
            leads.append(lead.reshape(*labels.shape, states))
        sizes = [size for labels in game.labels for size in labels.shape]
        cuts = [slice(start, end) for start, end in pairwise(np.cumsum([0, *sizes]).tolist())]
        return cls(
            [payoffs / unit.reshape(-1, *[1] * (payoffs.ndim - 1)) for payoffs in own],
            leads,
            np.where(game.immediate, 1.0, game.discount[:, :1]),
            [cuts[state * players : (state + 1) * players] for state in range(states)],
            unit,
        )

    @property
    def probabilities(self) -> int:
        """Number of all probabilities; values stand behind them."""
        return int(self.blocks[-1][-1].stop)

    def begin(self) -> Floats:
        """Return random play and what it is worth."""
        logs = np.concatenate([
            np.full(block.stop - block.start, -np.log(block.stop - block.start))
            for blocks in self.blocks for block in blocks
        ])  # fmt: skip
        # Values enter their own equations linearly: one Newton step from zero solves them.
        start = np.append(logs, np.zeros(self.rate.size))
        miss, jacobian = self.path(np.append(start, 0.0))
        part = slice(self.probabilities, start.size)
        start[part] -= np.linalg.solve(jacobian[part, part], miss[part])
        return start

    def stages(self, strategies: Strategies, values: Floats) -> list[list[_Stage]]:
        """Return how payoffs of every player's actions depend on everything, in every state."""
        result = []
        for payoffs, lead, mixes in zip(self.payoffs, self.leads, strategies, strict=True):
            players = len(mixes)
            own = payoffs + np.moveaxis(lead @ (self.rate * values).T, -1, 0)
            result.append([_Stage.of(player, own[player], lead, mixes) for player in range(players)])
        return result

    def split(self, point: Floats) -> tuple[Strategies, Floats]:
        with np.errstate(under="ignore"):
            weights = np.exp(point[: self.probabilities])
        values = point[self.probabilities : self.probabilities + self.rate.size]
        return [[weights[block] for block in blocks] for blocks in self.blocks], values.reshape(
            self.rate.shape
        )

    def path(self, point: Floats) -> tuple[Floats, Floats]:
        """Return by how much the conditions of a logit equilibrium are missed, and their derivatives.

        Of a point with the precision behind it: [n] and [n, n + 1].
        """
        strategies, values = self.split(point)
        precision, size = point[-1], point.size - 1
        miss, jacobian = np.zeros(size), np.zeros((size, size + 1))
        states = self.rate.shape[1]
        for state, stages in enumerate(self.stages(strategies, values)):
            for player, stage in enumerate(stages):
                block, mix = self.blocks[state][player], strategies[state][player]
                ahead = slice(
                    self.probabilities + player * states, self.probabilities + (player + 1) * states
                )
                value = ahead.start + state
                miss[block.start] = mix.sum() - 1
                jacobian[block.start, block] = mix
                rest = slice(block.start + 1, block.stop)
                logs = point[block]
                miss[rest] = logs[1:] - logs[0] - precision * (stage.worth[1:] - stage.worth[0])
                jacobian[rest, rest] = np.eye(mix.size - 1)
                jacobian[rest, block.start] = -1.0
                jacobian[rest, -1] = stage.worth[0] - stage.worth[1:]
                miss[value] = values[player, state] - mix @ stage.worth
                jacobian[value, value] += 1.0
                jacobian[value, block] = -mix * stage.worth
                for other, cross in enumerate(stage.cross):
                    if other != player:
                        theirs = cross * strategies[state][other]
                        jacobian[rest, self.blocks[state][other]] = -precision * (theirs[1:] - theirs[0])
                        jacobian[value, self.blocks[state][other]] = -mix @ theirs
                reach = stage.reach * self.rate[player]
                jacobian[rest, ahead] = -precision * (reach[1:] - reach[0])
                jacobian[value, ahead] -= mix @ reach
        return miss, jacobian

    def corrected(self, guess: Floats, tangent: Floats) -> Floats | None:
        """Return the point of the path in the plane through a guess, across the tangent."""
        point = guess.copy()
        for _ in range(_CORRECTIONS):
            if not point[: self.probabilities].max() < 1.0:
                return None  # far off: probabilities are at most one
            miss, jacobian = self.path(point)
            scale = 1.0 + abs(point[-1])
            if np.abs(miss).max() < _NEAR * scale:
                return point
            system = np.vstack([jacobian, tangent])
            try:
                change = np.linalg.solve(system, np.append(miss, tangent @ (point - guess)))
            except np.linalg.LinAlgError:
                return None
            point -= change
        return None

    def polished(self, point: Floats, tolerance: float) -> tuple[Strategies, Floats] | None:
        """Return the equilibrium near a point, if actions that are hardly played are not played at all."""
        tried = set()
        for least in _PLAYED:
            strategies, values = self.split(point)
            kept = tuple(np.flatnonzero(mix > least) for mixes in strategies for mix in mixes)
            key = tuple(some.tobytes() for some in kept)
            if key in tried or not all(some.size for some in kept):
                continue
            tried.add(key)
            found = self._on_support(strategies, values.copy(), kept, tolerance)
            if found is not None and _distance(found[0], strategies) < _CLOSE:
                return found
        return None

    def _on_support(
        self, strategies: Strategies, values: Floats, kept: tuple[Ints, ...], tolerance: float
    ) -> tuple[Strategies, Floats] | None:
        """Solve for indifference between the actions that are kept, by Newton's method."""
        players, states = self.rate.shape
        held = [list(kept[state * players : (state + 1) * players]) for state in range(states)]
        ends = np.cumsum([0, *(some.size for some in kept)])
        places = [slice(a, b) for a, b in pairwise(ends.tolist())]
        size = int(ends[-1]) + players * states
        mixes = [
            [
                np.where(np.isin(np.arange(mix.size), some), mix, 0.0)
                for mix, some in zip(own, few, strict=True)
            ]
            for own, few in zip(strategies, held, strict=True)
        ]
        mixes = [[mix / mix.sum() for mix in own] for own in mixes]
        for _ in range(20):
            miss, jacobian = np.zeros(size), np.zeros((size, size))
            gain = 0.0
            for state, stages in enumerate(self.stages(mixes, values)):
                for player, stage in enumerate(stages):
                    some = held[state][player]
                    rows = places[state * players + player]
                    ahead = slice(int(ends[-1]) + player * states, int(ends[-1]) + (player + 1) * states)
                    whole = ahead.start + state
                    miss[rows] = stage.worth[some] - values[player, state]
                    jacobian[rows, ahead] = stage.reach[some] * self.rate[player]
                    jacobian[rows, whole] -= 1.0
                    for other, cross in enumerate(stage.cross):
                        if other != player:
                            theirs = places[state * players + other]
                            jacobian[rows, theirs] = cross[np.ix_(some, held[state][other])]
                    miss[whole] = mixes[state][player].sum() - 1
                    jacobian[whole, rows] = 1.0
                    gain = max(gain, float(stage.worth.max() - values[player, state]))
            if np.abs(miss).max() < 1e-13 * (1 + np.abs(values).max()):
                break
            try:
                change = np.linalg.solve(jacobian, miss)
            except np.linalg.LinAlgError:
                return None
            if not np.isfinite(change).all() or np.abs(change).max() > 1e3:
                return None
            for place, (state, player) in zip(places, np.ndindex(states, players), strict=True):
                mixes[state][player][held[state][player]] -= change[place]
            values -= change[int(ends[-1]) :].reshape(values.shape)
        lowest = min(float(mix.min()) for own in mixes for mix in own)
        if lowest < -1e-12 or gain > tolerance * np.abs(values).max() or np.abs(miss).max() > 1e-9:
            return None
        mixes = [[np.maximum(mix, 0.0) / np.maximum(mix, 0.0).sum() for mix in own] for own in mixes]
        return mixes, values * self.unit[:, None]


@dataclass(frozen=True, eq=False)
class _Stage:
    """What a player's actions are worth in a state, and how that depends on the others and on the future."""

    worth: Floats  # [action]
    cross: list[Floats]  # by the other player, [action, its action]; unused for the player itself
    reach: Floats  # probabilities of the next state, [action, S]

    @classmethod
    def of(cls, player: int, own: Floats, lead: Floats, mixes: list[Floats]) -> _Stage:
        cross = []
        worth = np.empty(0)
        for other in range(len(mixes)):
            if other == player:
                cross.append(worth)
                continue
            table = _averaged(own, mixes, {player, other})
            table = table if player < other else table.T
            worth = table @ mixes[other]
            cross.append(table)
        if len(mixes) == 1:
            worth = own
        return cls(worth, cross, _averaged(lead, mixes, {player}))


def _distance(one: Strategies, other: Strategies) -> float:
    """Return the largest difference between probabilities."""
    pairs = ((a, b) for own, others in zip(one, other, strict=True) for a, b in zip(own, others, strict=True))
    return max(float(np.abs(a - b).max()) for a, b in pairs)


def _averaged(table: Floats, mixes: list[Floats], kept: set[int]) -> Floats:
    """Return the expectation over the actions of all players but some, whose axes stay."""
    for player in reversed(range(len(mixes))):
        if player not in kept:
            table = np.tensordot(mixes[player], table, axes=(0, player))
    return table
