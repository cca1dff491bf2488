"""Scenarios of a pact that renews itself every year unless notice is given."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.labels import Labels
from bargain.games.renewal import RenewalGame
from bargain.scenarios.kinds.kind import Kind, Quantity
from bargain.scenarios.kinds.renewal_by_recursion import Pact, UnclearError
from bargain.scenarios.tables import Table
from bargain.solvers.renewal_perfect import RenewalPerfect, RenewalSolution
from bargain.solvers.solution import Solver
from bargain.sweep.answers import Answers
from bargain.sweep.game_model import Opinion, SecondOpinion
from bargain.sweep.readings import Measure, Readings

__all__ = ["Renewal", "RenewalOptions"]

_PARTS = ("payoff", "grievance", "chip", "doubt")
_SINGLE = (
    "discount",
    "stay_calm",
    "stay_tense",
    "credibility",
    "credibility_loss",
    "belief",
    "belief_gain",
)
_SOON = 5  # years


class RenewalOptions(Table):
    """Who is who in the renewal game, and how many years are played."""

    holder: str
    keep: str
    suspend: str
    end: str
    guarantor: str
    press: str
    years: int = 15
    endless: bool = False


@dataclass(frozen=True)
class Renewal(Kind):
    """A pact renews itself every year unless its holder gives notice, which it may take back in time."""

    name: ClassVar[str] = "renewal"
    summary: ClassVar[str] = "A pact that renews itself every year unless notice is given."
    Options: ClassVar[type[Table]] = RenewalOptions
    report_draws: ClassVar[int] = 2_048
    solvers: ClassVar[tuple[type, ...]] = (RenewalPerfect,)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers that the game is made of."""
        of_players = []
        for player in self.parties:
            of_players += [
                Quantity(f"payoff_{player}", f"what a decision gives {player}, whatever the year", default=0),
                Quantity(f"grievance_{player}", f"what it gives {player} in a tense year besides", default=0),
                Quantity(f"calm_{player}", "share of that which is left in a calm year", default=1),
                Quantity(
                    f"fading_{player}", "share of it that each threat not carried out leaves", default=1
                ),
                Quantity(f"chip_{player}", f"what a unit of credibility gives {player}", default=0),
                Quantity(f"doubt_{player}", f"what a unit of the belief gives {player}", default=0),
                Quantity(f"loss_{player}", f"what {player} loses when the pact ends", default=0),
            ]
        return (
            *of_players,
            Quantity("discount", "what a year's delay leaves of a payoff", 0, 1),
            Quantity("stay_calm", "probability that a calm year is followed by another", 0, 1),
            Quantity("stay_tense", "probability that a tense year is followed by another", 0, 1),
            Quantity(
                "reversal", "probability that what is taken back is taken back in time", 0, 1, default=1
            ),
            Quantity("credibility", "credibility of a live threat at the start", 0, 1, default=0),
            Quantity("credibility_loss", "what each threat not carried out takes away", 0, 1, default=0),
            Quantity("belief", "belief in displeasure without pressing", 0, 1, default=0),
            Quantity("belief_gain", "what open pressing adds to it for good", 0, 1, default=0),
            Quantity("opening_notice", "1 where play begins between notice and expiry", 0, 1, default=0),
            Quantity("opening_suspended", "1 where it begins with a suspended notice", 0, 1, default=0),
            Quantity("opening_tense", "1 where it begins in a tense year", 0, 1, default=1),
        )

    @property
    def readings(self) -> Readings:
        """What is done in the first decision, and what becomes of the pact."""
        years = self.options.years
        soon = min(_SOON, years)
        return Readings(
            tuple(self.parties),
            tuple(self.parties.values()),
            (
                Measure("ends within the year", "the pact does not outlast the year of the first decision"),
                Measure(f"lasts {soon} years", f"the pact, in force or suspended, outlasts {soon} years"),
                Measure(f"lasts {years} years", f"the same of {years} years"),
                Measure("years", f"expected number of {years} years that begin with the pact", "years",
                        0, float(years)),
            ),
        )  # fmt: skip

    @property
    def choices(self) -> Labels | None:
        """All players, in every decision."""
        return Labels(tuple(self.parties), tuple(self.parties.values()))

    def check(self) -> None:
        """Raise if a role names no player, or an action that its player does not have."""
        options = self.options
        roles = {"holder": ("keep", "suspend", "end"), "guarantor": ("press",)}
        for role, keys in roles.items():
            player = getattr(options, role)
            if player not in self.parties:
                raise UnknownNameError.of("player", player, self.parties, where=f"options.{role}")
            known = self.parties[player]
            for key in keys:
                # Who is held to an action has no other.
                if getattr(options, key) not in known and len(known) != 1:
                    raise UnknownNameError.of(
                        f"action of {player!r}", getattr(options, key), known, where=f"options.{key}"
                    )
        held = self.parties[options.holder]
        if len(held) not in {1, 3}:
            raise InvalidArgumentError(
                f"players: three actions of {options.holder!r} were expected, to keep, suspend and end, given"
                f" {len(held)}"
            )
        idle = [player for player, actions in self.parties.items() if not actions]
        if idle:
            raise InvalidArgumentError(f"players: actions of {idle[0]!r} were expected, given none")
        if options.years < 1:
            raise InvalidArgumentError(f"options.years: at least 1 was expected, given {options.years}")

    def game(self, numbers: Mapping[str, Floats]) -> RenewalGame:
        """Build the games of a batch."""
        options = self.options
        parts = {part: np.stack([numbers[f"{part}_{player}"] for player in self.parties]) for part in _PARTS}
        # What does not depend on anybody's action is the same in all rows.
        single = {name: rows[0] for name, rows in numbers.items()}
        opening = np.where(
            single["opening_notice"] >= 0.5, 2, np.where(single["opening_suspended"] >= 0.5, 1, 0)
        )
        return RenewalGame(
            labels=Labels(tuple(self.parties), tuple(self.parties.values())),
            holder=options.holder,
            keep=options.keep,
            suspend=options.suspend,
            end=options.end,
            guarantor=options.guarantor,
            press=options.press,
            payoffs=parts["payoff"],
            grievance=parts["grievance"],
            chip=parts["chip"],
            doubt=parts["doubt"],
            loss=np.stack([single[f"loss_{player}"] for player in self.parties]),
            calm=np.stack([single[f"calm_{player}"] for player in self.parties]),
            fading=np.stack([single[f"fading_{player}"] for player in self.parties]),
            reversal=numbers["reversal"],
            opening_status=opening,
            opening_tense=single["opening_tense"] >= 0.5,
            horizon=None if options.endless else options.years,
            **{name: single[name] for name in _SINGLE},
        )

    def answers(self, solution: RenewalSolution) -> Answers:
        """Say what is done first, and how long the pact lasts."""
        years = self.options.years
        lasting = solution.survival(years)
        measures = np.stack(
            [
                1 - lasting.curve[1],
                lasting.curve[min(_SOON, years)],
                lasting.curve[years],
                lasting.expected,
            ]
        )
        return Answers(np.arange(solution.game.draws), solution.outcomes, measures, solution.codes)

    def second_opinion(self, solver: Solver) -> SecondOpinion | None:  # noqa: ARG002 - there is one solver
        """Decide year by year by the same rule, if years are counted."""
        if self.options.endless:
            return None
        return SecondOpinion("recursion over years", lambda rows: self._opinion(self._pact(rows)))

    def _pact(self, rows: Floats) -> Pact:
        """Return the game of one draw as plain numbers."""
        options, players = self.options, list(self.parties)
        numbers = {name: np.ravel(table).tolist() for name, table in self.numbers(rows[:, None]).items()}
        outcomes = list(itertools.product(*self.parties.values()))

        def by_outcome(name: str) -> dict[tuple[str, ...], float]:
            return dict(zip(outcomes, numbers[name], strict=True))

        def by_player_and_outcome(part: str) -> list[dict[tuple[str, ...], float]]:
            return [by_outcome(f"{part}_{player}") for player in players]

        def by_player(part: str) -> list[float]:
            return [numbers[f"{part}_{player}"][0] for player in players]

        opening = "suspended" if numbers["opening_suspended"][0] >= 0.5 else "in force"
        return Pact(
            actions=list(self.parties.values()),
            holder=players.index(options.holder),
            guarantor=players.index(options.guarantor),
            keep=options.keep,
            suspend=options.suspend,
            end=options.end,
            press=options.press,
            reversal=by_outcome("reversal"),
            opening="notice" if numbers["opening_notice"][0] >= 0.5 else opening,
            opening_tense=numbers["opening_tense"][0] >= 0.5,
            years=options.years,
            payoffs=by_player_and_outcome("payoff"),
            grievance=by_player_and_outcome("grievance"),
            chip=by_player_and_outcome("chip"),
            doubt=by_player_and_outcome("doubt"),
            calm=by_player("calm"),
            fading=by_player("fading"),
            loss=by_player("loss"),
            discount=numbers["discount"][0],
            stay_calm=numbers["stay_calm"][0],
            stay_tense=numbers["stay_tense"][0],
            credibility=numbers["credibility"][0],
            credibility_loss=numbers["credibility_loss"][0],
            belief=numbers["belief"][0],
            belief_gain=numbers["belief_gain"][0],
        )

    def _opinion(self, pact: Pact) -> Opinion | None:
        try:
            first, curve = pact.first_decision(), pact.survival()
        except UnclearError:
            return None
        outcomes, years = list(itertools.product(*self.parties.values())), self.options.years
        soon = min(_SOON, years)
        return Opinion(
            {outcomes.index(outcome) for outcome, chance in first.items() if chance > 1e-9},
            {
                "ends within the year": 1 - curve[1],
                f"lasts {soon} years": curve[soon],
                f"lasts {years} years": curve[years],
                "years": sum(curve[:years]),
            },
        )
