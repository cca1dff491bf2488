"""Equilibria in words: what each player would lose by each other action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bargain.errors import InvalidArgumentError
from bargain.games.profiles import action_values, outcome_probabilities
from bargain.solvers.solution import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bargain.axes import Floats
    from bargain.solvers.solution import Solution

__all__ = ["explain"]

_ALIKE = 1e-8  # payoffs closer than this, relative to the range of the player's payoffs, are called equal
_NEVER = 1e-9  # a smaller probability is not mentioned


def explain(solution: Solution, draw: int = 0) -> str:
    """Say why each equilibrium of a draw is one: what each player would lose by each other action.

    Parameters
    ----------
    solution : Solution
    draw : int, default 0

    Returns
    -------
    str
        A paragraph per equilibrium, a line per player; losses in payoff units. Where the solver has an
        order of moves, later movers answer the other action by an equilibrium of what then follows. Where
        play is correlated, the losses are those of who disregards what it is told.

    Raises
    ------
    InvalidArgumentError
        If there is no such draw.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.NormalForm(
    ...     {"driver": ("swerve", "straight"), "other": ("swerve", "straight")},
    ...     [[[3, 2], [4, 1]], [[3, 4], [2, 1]]],
    ... )
    >>> print(bg.explain(bg.solve(game, bg.PureNash())))
    Equilibrium 1 of 2: driver swerve, other straight
      driver plays swerve; straight would cost it 1.
      other plays straight; swerve would cost it 1.
    <BLANKLINE>
    Equilibrium 2 of 2: driver straight, other swerve
      driver plays straight; swerve would cost it 1.
      other plays swerve; straight would cost it 1.
    """
    if not -solution.game.draws <= draw < solution.game.draws:
        raise InvalidArgumentError(f"draw: one of {solution.game.draws} draws was expected, given {draw}")
    one = solution.of_draw(draw)
    status: Status = one.status[0]
    if not len(one):
        return f"No equilibrium. {status.sentence}"
    paragraphs = [] if status == Status.SOLVED else [status.sentence]
    for number in range(len(one)):
        told = _Equilibrium(one, number)
        count = "" if len(one) == 1 else f" {number + 1} of {len(one)}"
        lines = [f"Equilibrium{count}: {told.title()}"]
        for player in range(len(one.labels.players)):
            lines.extend(f"  {sentence}" for sentence in told.sentences(player))
        paragraphs.append("\n".join(lines))
    return "\n\n".join(paragraphs)


@dataclass(frozen=True)
class _Equilibrium:
    """One equilibrium of a solution of a single draw."""

    solution: Solution
    number: int

    @property
    def strategies(self) -> list[Floats]:
        return [strategy[:, self.number] for strategy in self.solution.strategies]

    @property
    def order(self) -> Sequence[Sequence[str]] | None:
        """The groups in which players move, if they do not all move at once."""
        order: Sequence[Sequence[str]] | None = getattr(self.solution.solver, "order", None)
        return order

    @property
    def correlated(self) -> bool:
        apart = outcome_probabilities([strategy[:, None] for strategy in self.strategies])[:, 0]
        return bool(np.abs(apart - self.solution.outcomes[:, self.number]).max() > _NEVER)

    def title(self) -> str:
        labels = self.solution.labels
        if self.correlated:
            reached = zip(labels.outcomes, self.solution.outcomes[:, self.number], strict=True)
            return ", ".join(f"{'/'.join(outcome)} {_number(p)}" for outcome, p in reached if p > _NEVER)
        played = zip(labels.players, labels.actions, self.strategies, strict=True)
        return ", ".join(f"{player} {_mixture(actions, strategy)}" for player, actions, strategy in played)

    def sentences(self, player: int) -> list[str]:
        labels = self.solution.labels
        name, actions = labels.players[player], labels.actions[player]
        if len(actions) == 1:
            return [f"{name} has only {actions[0]}."]
        if self.order is not None:
            return [self._in_stages(player)]
        if self.correlated:
            return self._told(player)
        return [self._at_once(player)]

    def _at_once(self, player: int) -> str:
        """Say what another action would cost while the others do the same."""
        payoffs, labels = self.solution.game.payoffs, self.solution.labels
        values = action_values(payoffs, [strategy[:, None] for strategy in self.strategies], player)[:, 0]
        costs = self.solution.payoffs[player, self.number] - values
        name, actions = labels.players[player], labels.actions[player]
        return _sentence(name, actions, self.strategies[player], costs, self._alike(player))

    def _alike(self, player: int) -> float:
        return _ALIKE * float(np.ptp(self.solution.game.payoffs[player]))

    def _told(self, player: int) -> list[str]:
        """Say for every action that a player is told to take what disregarding it would cost."""
        game, labels = self.solution.game, self.solution.labels
        joint = self.solution.outcomes[:, self.number].reshape(game.shape)
        joint = np.moveaxis(joint, player, 0).reshape(game.shape[player], -1)
        own = np.moveaxis(game.payoffs[player, ..., 0], player, 0).reshape(joint.shape)
        name, actions = labels.players[player], labels.actions[player]
        sentences = []
        for told in np.flatnonzero(joint.sum(axis=1) > _NEVER):
            weight = joint[told].sum()
            costs = (own[told] - own) @ joint[told] / weight
            only = "" if weight > 1 - _NEVER else f", when told to (probability {_number(weight)})"
            rest = _alternatives(
                actions, costs, [a for a in range(len(actions)) if a != told], self._alike(player)
            )
            sentences.append(f"{name} plays {actions[told]}{only}; {rest}.")
        return sentences

    def _in_stages(self, player: int) -> str:
        """Say what another action would cost once later movers have answered it."""
        game, labels = self.solution.game, self.solution.labels
        name, actions, own = labels.players[player], labels.actions[player], self.strategies[player]
        known = self._seen_by(name)
        if any(self.strategies[labels.player(other)].max() < 1 - _NEVER for other in known):
            return (
                f"{name} plays {_mixture(actions, own)}; others mix before it or beside it,"
                " so its actions are not compared one by one."
            )
        if {*known, name} >= {who for who, names in game.actions.items() if len(names) > 1}:
            return self._at_once(player)
        held = {
            other: labels.actions[labels.player(other)][int(self.strategies[labels.player(other)].argmax())]
            for other in known
        }
        parts = []
        for action in range(len(actions)):
            if own[action] > 1 - _NEVER:
                continue
            after = self.solution.solver.solve(game.hold({**held, name: actions[action]}))
            costs = self.solution.payoffs[player, self.number] - after.payoffs[player]
            parts.append(
                f"{actions[action]}{_answer(after, {*known, name})} {_price(costs, self._alike(player))}"
            )
        return f"{name} plays {_mixture(actions, own)}; {'; '.join(parts)}."

    def _seen_by(self, name: str) -> list[str]:
        """Return who moves before a player or beside it."""
        seen: list[str] = []
        for group in self.order or ():
            seen.extend(other for other in group if other != name)
            if name in group:
                break
        return seen


def _sentence(name: str, actions: Sequence[str], strategy: Floats, costs: Floats, alike: float) -> str:
    played = [action for action in range(len(actions)) if strategy[action] > _NEVER]
    rest = [action for action in range(len(actions)) if action not in played]
    does = f"{name} plays {_mixture(actions, strategy)}"
    if len(played) > 1 and (np.abs(costs[played]) <= alike).all():
        does += ", equally good for it"
    elif len(played) > 1:  # a player who errs, as in quantal response
        return (
            f"{does}; compared with that mixture {_alternatives(actions, costs, range(len(actions)), alike)}."
        )
    if not rest:
        return f"{does}."
    return f"{does}; {_alternatives(actions, costs, rest, alike)}."


def _alternatives(actions: Sequence[str], costs: Floats, which: Sequence[int], alike: float) -> str:
    """Say what actions would gain, leave as it is, or cost: ``renew would cost it 1.35, terminate 2.68``."""
    gains = [(actions[action], -costs[action]) for action in which if costs[action] < -alike]
    losses = [(actions[action], costs[action]) for action in which if costs[action] > alike]
    alikes = [actions[action] for action in which if abs(costs[action]) <= alike]
    parts = []
    for verb, group in (("gain", gains), ("cost", losses)):
        if group:
            (first, amount), *others = group
            told = [
                f"{first} would {verb} it {_number(amount)}",
                *(f"{who} {_number(much)}" for who, much in others),
            ]
            parts.append(", ".join(told))
    if alikes:
        parts.append(f"{' and '.join(alikes)} would be as good")
    return "; ".join(parts)


def _answer(after: Solution, known: set[str]) -> str:
    """Name what later movers do, where it is one and the same: ``, answered by JPN relax,``."""
    later = [
        (player, actions, strategy)
        for player, actions, strategy in zip(
            after.labels.players, after.labels.actions, after.strategies, strict=True
        )
        if player not in known and len(actions) > 1
    ]
    if not later or not len(after):
        return ""
    if any(np.ptp(strategy, axis=1).max() > _NEVER for _, _, strategy in later):
        return ", depending on the answer,"
    told = ", ".join(f"{player} {_mixture(actions, strategy[:, 0])}" for player, actions, strategy in later)
    return f", answered by {told},"


def _price(costs: Floats, alike: float) -> str:
    if not costs.size:
        return "would be followed by no equilibrium"
    low, high = float(costs.min()), float(costs.max())
    if max(abs(low), abs(high)) <= alike:
        return "would be as good"
    if high - low > alike:
        return f"would cost it between {_number(low)} and {_number(high)}"
    return f"would cost it {_number(low)}" if low > 0 else f"would gain it {_number(-low)}"


def _mixture(actions: Sequence[str], strategy: Floats) -> str:
    played = [action for action in range(len(actions)) if strategy[action] > _NEVER]
    if len(played) == 1:
        return actions[played[0]]
    told = [f"{actions[action]} ({_number(strategy[action])})" for action in played]
    return f"{', '.join(told[:-1])} or {told[-1]}"


def _number(value: float) -> str:
    """Write three digits, but never an exponent for a large number."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
