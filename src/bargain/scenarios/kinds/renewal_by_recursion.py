"""The annual renewal solved again year by year and state by state, one draw at a time, to audit a sweep."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from bargain.scenarios.kinds.small_game import small_equilibria

__all__ = ["Pact", "UnclearError"]

Outcome = tuple[str, ...]
Worth = tuple[float, ...]  # to each player

_NEAR = 1e-12


class UnclearError(Exception):
    """A decision without a pure equilibrium has none that anybody but the fast path knows, or several."""


class _State(NamedTuple):
    """How the pact stands when a decision is due."""

    status: str
    tense: bool
    outspoken: bool
    broken: int


class _Play(NamedTuple):
    """What is done in a decision, with its chances, and what that is worth."""

    chances: dict[Outcome, float]
    worth: Worth


@dataclass(frozen=True)
class Pact:
    """The numbers of one renewal game, as `RenewalGame` describes them.

    Attributes
    ----------
    actions : sequence of sequence of str
        Of each player.
    holder, guarantor : int
    keep, suspend, end, press : str
    payoffs, grievance, chip, doubt : sequence of mapping of outcome to float
        Of each player.
    reversal : mapping of outcome to float
    calm, fading, loss : sequence of float
        Of each player.
    discount, stay_calm, stay_tense, credibility, credibility_loss, belief, belief_gain : float
    opening : str
        ``"in force"``, ``"suspended"`` or ``"notice"``.
    opening_tense : bool
    years : int
    """

    actions: Sequence[Sequence[str]]
    holder: int
    guarantor: int
    keep: str
    suspend: str
    end: str
    press: str
    payoffs: Sequence[Mapping[Outcome, float]]
    grievance: Sequence[Mapping[Outcome, float]]
    chip: Sequence[Mapping[Outcome, float]]
    doubt: Sequence[Mapping[Outcome, float]]
    reversal: Mapping[Outcome, float]
    calm: Sequence[float]
    fading: Sequence[float]
    loss: Sequence[float]
    discount: float
    stay_calm: float
    stay_tense: float
    credibility: float
    credibility_loss: float
    belief: float
    belief_gain: float
    opening: str
    opening_tense: bool
    years: int
    _known: dict[tuple[int, _State], _Play] = field(default_factory=dict, repr=False)
    _paid: dict[_State, dict[Outcome, Worth]] = field(default_factory=dict, repr=False)

    def first_decision(self) -> dict[Outcome, float]:
        """Return what is done first, with its chances.

        Returns
        -------
        dict of outcome to float

        Raises
        ------
        UnclearError
        """
        return self._play(0, self._begin).chances

    def survival(self) -> list[float]:
        """Return how likely the pact lasts into each year, from the first one, 0, to that after the last.

        Returns
        -------
        list of float, length ``years + 1``

        Raises
        ------
        UnclearError
        """
        now, curve = {self._begin: 1.0}, [1.0]
        for year in range(self.years):
            following: dict[_State, float] = {}
            while now:
                state, chance = now.popitem()
                for outcome, share in self._play(year, state).chances.items():
                    for after, odds in self._leads(state, outcome):
                        if after is not None:
                            # A decision on a notice falls within the same year.
                            there = now if after.status == "notice" else following
                            there[after] = there.get(after, 0.0) + chance * share * odds
            now = following
            curve.append(sum(now.values()))
        return curve

    @property
    def _begin(self) -> _State:
        return _State(self.opening, self.opening_tense, outspoken=False, broken=0)

    def _play(self, year: int, state: _State) -> _Play:
        if (year, state) not in self._known:
            self._known[year, state] = self._decide(year, state)
        return self._known[year, state]

    def _decide(self, year: int, state: _State) -> _Play:
        """Choose what is in force if nobody acts, or the first pure equilibrium, or the mixed one."""
        sets = self._allowed(state)
        outcomes = list(itertools.product(*sets))
        worth = {outcome: self._worth(year, state, outcome) for outcome in outcomes}
        stable = [outcome for outcome in outcomes if _stands(outcome, sets, worth)]
        idle = self._idle(state, sets)
        if stable:
            chosen = idle if idle in stable else stable[0]
            return _Play({chosen: 1.0}, worth[chosen])
        found = small_equilibria(sets, worth)
        if found is None or len(found) != 1:
            raise UnclearError
        chances = found[0]
        mean = tuple(
            sum(chance * worth[outcome][i] for outcome, chance in chances.items())
            for i in range(len(self.actions))
        )
        return _Play(chances, mean)

    def _allowed(self, state: _State) -> list[Sequence[str]]:
        """Return what everybody may do: a suspension needs a notice."""
        sets = list(self.actions)
        if state.status == "in force":
            # Who is held to a suspension has nothing to suspend.
            rest = [action for action in self.actions[self.holder] if action != self.suspend]
            sets[self.holder] = rest or [self.suspend]
        return sets

    def _idle(self, state: _State, sets: Sequence[Sequence[str]]) -> Outcome:
        """Return what is in force if nobody acts; of a holder that is held, what it is held to."""
        own = {"in force": self.keep, "suspended": self.suspend, "notice": self.end}[state.status]
        outcome = [actions[0] for actions in sets]
        if own in sets[self.holder]:
            outcome[self.holder] = own
        return tuple(outcome)

    def _worth(self, year: int, state: _State, outcome: Outcome) -> Worth:
        """Return what an outcome gives now and later."""
        if state not in self._paid:
            places = itertools.product(*self._allowed(state))
            self._paid[state] = {place: self._pay(state, place) for place in places}
        total = list(self._paid[state][outcome])
        for after, odds in self._leads(state, outcome):
            if after is not None and after.status == "notice":
                later, rate = self._play(year, after).worth, 1.0
            elif year + 1 == self.years:
                continue
            else:
                rate = self.discount
                later = self._over[year + 1] if after is None else self._play(year + 1, after).worth
            for i, value in enumerate(later):
                total[i] += rate * odds * value
        return tuple(total)

    def _pay(self, state: _State, outcome: Outcome) -> Worth:
        """Return what an outcome gives in the decision itself."""
        belief = min(self.belief + (self.belief_gain if state.outspoken else 0.0), 1.0)
        trust = max(self.credibility - state.broken * self.credibility_loss, 0.0)
        found = []
        for i in range(len(self.actions)):
            felt = (1.0 if state.tense else self.calm[i]) * self.fading[i] ** state.broken
            paid = self.payoffs[i][outcome] + self.grievance[i][outcome] * felt
            paid += self.doubt[i][outcome] * belief
            chip = self.chip[i][outcome] * trust
            if state.status == "notice":
                # What a year of the pact gives has been paid at the deadline.
                kept = 0.0 if outcome[self.holder] == self.end else self.reversal[outcome]
                paid += kept * chip - (1 - kept) * self.loss[i] - self._calm_year[i]
            else:
                paid += chip
            found.append(paid)
        return tuple(found)

    @cached_property
    def _calm_year(self) -> Worth:
        """What a year gives in which nobody acts and the pact is kept."""
        outcome = [actions[0] for actions in self.actions]
        if self.keep in self.actions[self.holder]:
            outcome[self.holder] = self.keep
        return tuple(own[tuple(outcome)] for own in self.payoffs)

    @cached_property
    def _over(self) -> list[Worth]:
        """What the years without a pact are worth, from each year on."""
        left = [sum(self.discount**ahead for ahead in range(self.years - year)) for year in range(self.years)]
        return [tuple(years * paid for paid in self._calm_year) for years in left]

    def _leads(self, state: _State, outcome: Outcome) -> list[tuple[_State | None, float]]:
        """List what an outcome leads to, with the odds; None is the end of the pact."""
        outspoken = state.outspoken or outcome[self.guarantor] == self.press
        act = outcome[self.holder]
        if act == self.end:
            if state.status == "notice":
                return [(None, 1.0)]
            return [(_State("notice", state.tense, outspoken, state.broken), 1.0)]
        # A threat that was live and is not carried out.
        broken = state.broken if state.status == "in force" else min(state.broken + 1, 2)
        status = "suspended" if act == self.suspend and state.status != "in force" else "in force"
        tense = self.stay_tense if state.tense else 1 - self.stay_calm
        in_time = self.reversal[outcome] if state.status == "notice" else 1.0
        return [
            (_State(status, tense=True, outspoken=outspoken, broken=broken), in_time * tense),
            (_State(status, tense=False, outspoken=outspoken, broken=broken), in_time * (1 - tense)),
            (None, 1 - in_time),
        ]


def _stands(outcome: Outcome, sets: Sequence[Sequence[str]], worth: Mapping[Outcome, Worth]) -> bool:
    """Say whether nobody gains by another action."""
    return all(
        worth[(*outcome[:i], other, *outcome[i + 1 :])][i] <= worth[outcome][i] + _NEAR
        for i, actions in enumerate(sets)
        for other in actions
    )
