"""Scenarios of talks with a date: which deal, how deep, and whether only in the last hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, Self

import numpy as np
from pydantic import Field

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, UnknownNameError, UnsupportedGameError
from bargain.games.deadline import DeadlineGame
from bargain.games.labels import Labels
from bargain.scenarios.kinds.deadline_by_recursion import Talks, end_of_talks
from bargain.scenarios.kinds.kind import Kind, Quantity
from bargain.scenarios.tables import Table
from bargain.solvers.bargaining.deadline_offers import DeadlineOffers, DeadlinePath, DeadlineStatus
from bargain.solvers.solution import Solver, Status
from bargain.sweep.answers import Answers
from bargain.sweep.game_model import Opinion, SecondOpinion
from bargain.sweep.readings import Measure, Readings

__all__ = ["DeadlineKind", "DeadlineOptions"]

_AGREEMENT = {
    DeadlineStatus.AT_ONCE: "at once",
    DeadlineStatus.BEFORE: "before the deadline",
    DeadlineStatus.AT_THE_DEADLINE: "at the deadline",
    DeadlineStatus.LAPSED: "no agreement",
    DeadlineStatus.WALKED_OUT: "walked out",
}
_DEPTHS = ("none", "full")


class DeadlineOptions(Table):
    """The deals on offer, what happens without one, and the rules of the talks."""

    deals: list[str] = Field(min_length=1)
    without: str
    otherwise: str = ""
    rounds: int = Field(ge=1)
    first: str
    deadline: Literal["firm", "random"] = "firm"
    side_payment: Literal["last round", "every round"] = "last round"
    outside_options: bool = False
    recognition: bool = False


@dataclass(frozen=True)
class DeadlineKind(Kind):
    """Two players make offers in turn until a date, over deals of variable depth.

    Payoffs are sums of terms for each way in which the talks may end and, of deals, for both ends of the
    depth: ``when = { outcome = ["some deal"], depth = ["full"] }``.
    """

    name: ClassVar[str] = "deadline"
    summary: ClassVar[str] = "Talks with a date: offers in turn over deals of variable depth."
    Options: ClassVar[type[Table]] = DeadlineOptions
    solvers: ClassVar[tuple[type, ...]] = (DeadlineOffers,)

    @property
    def players(self) -> tuple[str, ...]:
        """Who negotiates."""
        return tuple(self.parties)

    @property
    def choices(self) -> Labels:
        """How talks may end, and how deep a deal goes: what terms may name."""
        ends = [*self.options.deals, self.options.without, self.options.otherwise]
        return Labels(("outcome", "depth"), (tuple(filter(None, ends)), _DEPTHS))

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers that the game is made of."""
        found = []
        for player in self.players:
            found += [
                Quantity(f"{player} payoff", f"what {player} has at the end, seen from then"),
                Quantity(f"{player} patience", "what a payoff one round later is worth now", 0, 1),
                Quantity(f"{player} posturing", f"what a round of firmness is worth to {player}", default=0),
                Quantity(f"{player} side payment", f"what a mediator adds for {player}", default=0),
            ]
            if self.options.outside_options:
                found.append(Quantity(f"{player} outside option", f"what {player} has if a player walks out"))
            if self.options.recognition:
                found.append(
                    Quantity(f"{player} recognition", "its own belief that it makes the next offer", 0, 1)
                )
        found.append(Quantity("breakdown", "probability that talks collapse after a round", 0, 1, default=0))
        if self.options.otherwise:
            meaning = f"probability that without a deal {self.options.without!r} is what happens"
            found.append(Quantity("lapse", meaning, 0, 1))
        return tuple(found)

    @property
    def readings(self) -> Readings:
        """When they agree; and when exactly, on which deal, how deep, and what it is worth."""
        rounds = float(self.options.rounds)
        measures = [
            Measure("agreement", "they agree, unless talks break down before"),
            Measure("round", "when they agree", unit="round", low=0, high=rounds + 1),
            Measure("depth", "how deep the deal goes", unit="share"),
            *(Measure(f"deal: {deal}", "this deal is agreed on") for deal in self.options.deals),
            *(
                Measure(f"{player} gain", "by the agreement over its lack, then", "util", -10, 10)
                for player in self.players
            ),
        ]
        return Readings(("agreement",), (tuple(_AGREEMENT.values()),), tuple(measures))

    def check(self) -> None:
        """Raise if there are not two players, or a name does not fit."""
        if len(self.players) != 2:
            raise InvalidArgumentError(f"players: two were expected, given {', '.join(self.players)}")
        if self.options.first not in self.players:
            raise UnknownNameError.of("player", self.options.first, self.players, where="options.first")
        _ = self.choices

    @property
    def holdable(self) -> None:
        """Nobody: offers are no actions."""
        return None

    def hold(self, fix: Mapping[str, str]) -> Self:
        """Raise if anybody is to be held to an action: offers are no actions."""
        if fix:
            raise UnsupportedGameError(
                f"fix: in a scenario of kind {self.name!r} nobody can be held to an action; hold parameters"
                " with values={...}"
            )
        return self

    def game(self, numbers: Mapping[str, Floats]) -> DeadlineGame:
        """Build the games of a batch."""
        options, ends = self.options, self.choices.actions[0]
        payoffs = np.stack([numbers[f"{player} payoff"] for player in self.players])
        table = payoffs.reshape(2, len(ends), len(_DEPTHS), -1)

        def pair(quantity: str) -> Floats:
            return np.stack([numbers[f"{player} {quantity}"][0] for player in self.players])

        without = table[:, ends.index(options.without), 0]
        if options.otherwise:
            lapse = numbers["lapse"][0]
            without = lapse * without + (1.0 - lapse) * table[:, ends.index(options.otherwise), 0]
        paid = pair("side payment")
        if options.deadline == "firm":
            by_round = np.zeros((2, options.rounds, paid.shape[-1]))
            by_round[:, slice(None) if options.side_payment == "every round" else -1] = (
                paid[:, None] if options.side_payment == "every round" else paid
            )
        else:
            by_round = paid[:, None] * (options.side_payment == "every round")
        return DeadlineGame(
            self.players,
            {deal: (table[:, place, 0], table[:, place, 1]) for place, deal in enumerate(options.deals)},
            without,
            patience=pair("patience"),
            rounds=options.rounds,
            first=options.first,
            deadline=options.deadline,
            breakdown=numbers["breakdown"][0],
            posturing=pair("posturing"),
            outside_options=pair("outside option") if options.outside_options else None,
            side_payment=by_round,
            recognition=pair("recognition") if options.recognition else None,
        )

    def answers(self, solution: DeadlinePath) -> Answers:
        """Say of each draw when they agree, on what, and what it is worth."""
        draw = np.flatnonzero(solution.codes != DeadlineStatus.UNSETTLED)
        names = tuple(_AGREEMENT)
        outcome = np.array([names.index(status) for status in solution.status[draw]], dtype=np.int64)
        agreed = solution.deal[draw] >= 0
        gains = solution.agreed[:, draw] - solution.game.disagreement[:, draw]
        measures = np.stack([
            np.where(agreed, solution.reached[draw], 0.0),
            np.where(agreed, solution.round[draw], np.nan),
            solution.depth[draw],
            *(solution.deal[draw] == place for place in range(len(self.options.deals))),
            *gains,
        ])  # fmt: skip
        unsettled = solution.codes == DeadlineStatus.UNSETTLED
        codes = np.where(unsettled, np.int8(Status.FAILED), np.int8(Status.SOLVED))
        return Answers.pure(draw, outcome, self.readings.size, measures.astype(np.float64), codes)

    def second_opinion(self, solver: Solver) -> SecondOpinion:  # noqa: ARG002 - there is one solver
        """Go back from the last round, trying every offer that may be the best."""
        return SecondOpinion("recursion over rounds", lambda rows: self._opinion(self._talks(rows)))

    def _talks(self, rows: Floats) -> Talks:
        """Return the talks of one draw as plain numbers."""
        options, ends = self.options, self.choices.actions[0]
        numbers = {name: np.ravel(table).tolist() for name, table in self.numbers(rows[:, None]).items()}

        def pair(quantity: str, case: int = 0) -> tuple[float, float]:
            one, two = (numbers[f"{player} {quantity}"][case] for player in self.players)
            return one, two

        def at(end: str, depth: int = 0) -> tuple[float, float]:
            return pair("payoff", len(_DEPTHS) * ends.index(end) + depth)

        disagreement = at(options.without)
        if options.otherwise:
            lapse = numbers["lapse"][0]
            one, two = (
                lapse * a + (1 - lapse) * b for a, b in zip(disagreement, at(options.otherwise), strict=True)
            )
            disagreement = one, two
        always = options.side_payment == "every round"
        last = options.rounds if options.deadline == "firm" else 0
        paid = [
            pair("side payment") if always or number == last else (0.0, 0.0)
            for number in range(1, options.rounds + 1)
        ]
        return Talks(
            deals=[(at(deal), at(deal, 1)) for deal in options.deals],
            disagreement=disagreement,
            patience=pair("patience"),
            posturing=pair("posturing"),
            breakdown=numbers["breakdown"][0],
            rounds=options.rounds,
            first=self.players.index(options.first),
            firm=options.deadline == "firm",
            paid=paid,
            outside=pair("outside option") if options.outside_options else None,
            recognition=pair("recognition") if options.recognition else None,
        )

    def _opinion(self, talks: Talks) -> Opinion:
        end = end_of_talks(talks)
        agreed = end.deal >= 0
        if end.round == 0:
            outcome = "no agreement"
        elif end.walked:
            outcome = "walked out"
        elif end.round == 1:
            outcome = "at once"
        else:
            last = talks.firm and end.round == talks.rounds
            outcome = "at the deadline" if last else "before the deadline"
        lasts = (1 - talks.breakdown) * (1 if talks.firm else 1 - 1 / talks.rounds)
        measures = {
            "agreement": lasts ** (end.round - 1) if agreed else 0.0,
            "round": end.round if agreed else np.nan,
            "depth": end.depth,
            **{f"deal: {deal}": float(end.deal == place) for place, deal in enumerate(self.options.deals)},
            **{
                f"{player} gain": end.payoffs[place] - talks.disagreement[place]
                for place, player in enumerate(self.players)
            },
        }
        return Opinion({self.readings.actions[0].index(outcome)}, measures)
