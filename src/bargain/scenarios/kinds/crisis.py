"""Scenarios of a crisis in which nobody knows the other's resolve exactly: a continuum of types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from bargain.axes import Bools, Floats
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.crisis import CrisisGame
from bargain.games.labels import Labels
from bargain.scenarios.kinds.crisis_by_quadrature import crisis_plays
from bargain.scenarios.kinds.kind import Kind, Quantity
from bargain.scenarios.tables import Table
from bargain.solvers.crisis_equilibria import CrisisEquilibria, CrisisSolution
from bargain.solvers.solution import Solver
from bargain.sweep.answers import Answers
from bargain.sweep.game_model import Opinion, SecondOpinion
from bargain.sweep.readings import Measure, Readings

__all__ = ["Crisis", "CrisisOptions"]

_ENDS = ("silence", "conceded", "dropped", "carried out")


class CrisisOptions(Table):
    """Who is who in the crisis."""

    challenger: str
    target: str


@dataclass(frozen=True)
class Crisis(Kind):
    """A challenger may challenge, a target concedes or resists, and a resisted challenger acts or backs down.

    What acting and backing down are worth has a part that only its owner knows.
    """

    name: ClassVar[str] = "crisis"
    summary: ClassVar[str] = "A challenge under uncertainty of both sides, with a continuum of types."
    Options: ClassVar[type[Table]] = CrisisOptions
    report_draws: ClassVar[int] = 8_192
    solvers: ClassVar[tuple[type, ...]] = (CrisisEquilibria,)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers that the game is made of."""
        return (
            Quantity("status_quo", "what the challenger has if it does not challenge", default=0),
            Quantity("prize", "what it has if the target concedes"),
            Quantity("concession", "what the target has if it concedes"),
            Quantity("fighting_challenger", "what the challenger has on average if it acts when resisted"),
            Quantity("fighting_target", "what the target has on average if it does"),
            Quantity("backing_down", "what the challenger has on average if it backs down when resisted"),
            Quantity("holding", "what the target has if the challenger backs down"),
            Quantity("spread", "standard deviation of what is private", 0, above=True, default=1),
        )

    @property
    def readings(self) -> Readings:
        """The end that is likeliest in equilibrium; how likely each is, and what each side does."""
        measures = (
            Measure("challenge", "a challenge is made"),
            Measure("resistance", "a challenge is resisted, if one is made"),
            Measure("acting", "a challenger that is resisted acts, as the target believes"),
            Measure("silence", "no challenge is made"),
            Measure("conceded", "a challenge is made and conceded to"),
            Measure("resisted", "a challenge is made and not conceded to"),
            Measure("dropped", "a challenge is made, resisted and dropped"),
            Measure("carried out", "a challenge is made, resisted and carried out"),
        )
        return Readings(("likeliest",), (_ENDS,), measures)

    @property
    def happenings(self) -> Labels:
        """What may be seen of a crisis."""
        return Labels(("path",), (("silence", "conceded", "resisted", "dropped", "carried out"),))

    def check(self) -> None:
        """Raise if somebody does not play, or has both roles."""
        for role, player in self.options.model_dump().items():
            if player not in self.parties:
                raise UnknownNameError.of("player", player, self.parties, where=f"options.{role}")
        if self.options.challenger == self.options.target:
            raise InvalidArgumentError(
                f"options: a challenger and another target were expected, given {self.options.target!r} twice"
            )

    def allowed(self, numbers: Mapping[str, Floats]) -> Bools:
        """Say where the target would rather hold than concede, if nothing followed."""
        allowed: Bools = numbers["holding"] > numbers["concession"]
        return allowed

    def game(self, numbers: Mapping[str, Floats]) -> CrisisGame:
        """Build the games of a batch."""
        return CrisisGame(**numbers)

    def answers(self, solution: CrisisSolution) -> Answers:
        """Say of each equilibrium what is likeliest, and how likely everything is."""
        resisted = solution.challenge * solution.resistance
        ends = np.stack(
            [1 - solution.challenge, solution.challenge - resisted, resisted - solution.war, solution.war]
        )
        measures = np.stack(
            [
                solution.challenge,
                solution.resistance,
                solution.fighting,
                ends[0],
                ends[1],
                resisted,
                ends[2],
                ends[3],
            ]
        )
        return Answers.pure(solution.draw, ends.argmax(axis=0), len(_ENDS), measures, solution.codes)

    def second_opinion(self, solver: Solver) -> SecondOpinion:  # noqa: ARG002 - there is one solver
        """Integrate over types, and look for every resistance that is expected where it is expected."""

        def solve(rows: Floats) -> Opinion:
            numbers = {name: float(row[0]) for name, row in self.numbers(rows[:, None]).items()}
            return Opinion.of([
                (
                    int(np.argmax(play.ends)),
                    {
                        "challenge": play.challenge,
                        "resistance": play.resistance,
                        "acting": play.fighting,
                        **dict(zip(_ENDS, play.ends, strict=True)),
                        "resisted": play.challenge * play.resistance,
                    },
                )
                for play in crisis_plays(numbers)
            ])  # fmt: skip

        return SecondOpinion("integrating over types", solve)
