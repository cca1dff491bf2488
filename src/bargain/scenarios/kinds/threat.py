"""Scenarios of a threat that may be a bluff, with or without a third party that may take sides first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, cast

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.labels import Labels
from bargain.games.signalling import ThreatGame
from bargain.games.third_party import ThirdPartyThreat
from bargain.scenarios.kinds.kind import Kind, Quantity
from bargain.scenarios.kinds.threat_by_trial import threat_equilibria
from bargain.scenarios.tables import Table
from bargain.solvers.signalling_equilibria import PerfectBayesian, SignallingKind, SignallingSolution
from bargain.solvers.solution import Solver
from bargain.solvers.third_party_equilibria import ThirdPartyEquilibria, ThirdPartySolution
from bargain.sweep.answers import Answers
from bargain.sweep.game_model import Opinion, SecondOpinion
from bargain.sweep.readings import Measure, Readings

__all__ = ["Threat", "ThreatOptions"]

_KINDS = tuple(kind.label for kind in SignallingKind)

_MEASURES = (
    Measure("threat", "a threat is made"),
    Measure("concession", "a threat is conceded to, if one is made"),
    Measure("belief after threat", "the sender is tough, as the receiver believes after a threat"),
    Measure("bluff", "a weak sender threatens"),
    Measure("silence", "no threat is made"),
    Measure("conceded", "a threat is made and conceded to"),
    Measure("resisted", "a threat is made and not conceded to"),
    Measure("carried out", "a threat is made, resisted and carried out"),
    Measure("dropped", "a threat is made, resisted and not carried out"),
)


class ThreatOptions(Table):
    """Who is who in the threat game."""

    sender: str
    receiver: str
    third: str = ""


@dataclass(frozen=True)
class Threat(Kind):
    """A sender whose resolve is private may threaten, and a receiver concedes or resists.

    A third party, where there is one, first takes one of its actions, which terms of any quantity may name.
    """

    name: ClassVar[str] = "threat"
    summary: ClassVar[str] = "A threat that may be a bluff: the sender's resolve is private."
    Options: ClassVar[type[Table]] = ThreatOptions
    solvers: ClassVar[tuple[type, ...]] = (ThirdPartyEquilibria, PerfectBayesian)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers that the game is made of."""
        two = (
            Quantity("prior", "probability that the sender is tough", 0, 1),
            Quantity("prize", "what the sender gains when the receiver concedes", 0, above=True),
            Quantity("audience_cost", "what dropping a threat costs the sender", 0),
            Quantity("concession_cost", "what conceding costs the receiver"),
            Quantity("loss", "what it costs the receiver when the threat is carried out", 0),
            Quantity("carrying_out", "what a tough sender gains by carrying its threat out"),
        )
        if not self.options.third:
            return two
        return (
            *two,
            Quantity("third_silence", "what the third party gains if there is no threat", default=0),
            Quantity("third_conceded", "what it gains if a threat is conceded to", default=0),
            Quantity("third_carried_out", "what it gains if a threat is carried out", default=0),
            Quantity("third_dropped", "what it gains if a threat is dropped", default=0),
        )

    @property
    def readings(self) -> Readings:
        """The third party's action and the kind of equilibrium; what happens, and what is believed."""
        third = self.options.third
        if not third:
            return Readings(("equilibrium",), (_KINDS,), _MEASURES)
        return Readings((third, "equilibrium"), (self.parties[third], _KINDS), _MEASURES)

    @property
    def happenings(self) -> Labels:
        """What may be seen of a threat."""
        return Labels(("path",), (("silence", "conceded", "resisted", "carried out", "dropped"),))

    @property
    def choices(self) -> Labels | None:
        """The third party's actions."""
        third = self.options.third
        return Labels((third,), (self.parties[third],)) if third else None

    def check(self) -> None:
        """Raise if somebody does not play, has two roles, or the third party has no actions."""
        roles = {key: name for key, name in self.options.model_dump().items() if name}
        for role, name in roles.items():
            if name not in self.parties:
                raise UnknownNameError.of("player", name, self.parties, where=f"options.{role}")
        if len(set(roles.values())) < len(roles):
            raise InvalidArgumentError(f"options: different players were expected, given {roles}")
        if self.options.third and not self.parties[self.options.third]:
            raise InvalidArgumentError(
                f"players: actions of {self.options.third!r} were expected, given none"
            )

    def default_solver(self) -> Solver:
        """Return the solver of equilibria that survive D1, of which there is one but for ties."""
        solver: Any = ThirdPartyEquilibria if self.options.third else PerfectBayesian
        return cast("Solver", solver(divine=True))

    def game(self, numbers: Mapping[str, Floats]) -> ThreatGame | ThirdPartyThreat:
        """Build the games of a batch."""
        if not self.options.third:
            return ThreatGame(**numbers)
        actions = self.parties[self.options.third]
        parts = [{name: table[place] for name, table in numbers.items()} for place in range(len(actions))]
        stakes = [
            np.stack([part.pop(f"third_{end.replace(' ', '_')}") for end in ThirdPartyThreat.ends])
            for part in parts
        ]
        threats = [ThreatGame(**part) for part in parts]
        return ThirdPartyThreat(
            self.options.third,
            dict(zip(actions, threats, strict=True)),
            dict(zip(actions, stakes, strict=True)),
        )

    def answers(self, solution: SignallingSolution | ThirdPartySolution) -> Answers:
        """Say of each equilibrium which kind it is, what happens, and what is believed."""
        of: Callable[[str], Any]
        if isinstance(solution, SignallingSolution):
            of = partial(getattr, solution)
            outcome = solution.kinds.astype(np.int64)
        else:
            of = solution.played
            outcome = solution.action * len(SignallingKind) + of("kinds")
        threat, concession = of("threat_probability"), of("concession")
        conceded = threat * concession
        carried, dropped = of("carried_out_probability"), of("backed_down_probability")
        measures = np.stack(
            [
                threat,
                concession,
                of("posterior")[0],
                of("threat")[1],
                1 - threat,
                conceded,
                threat - conceded,
                carried,
                dropped,
            ]
        )
        return Answers.pure(solution.draw, outcome, self.readings.size, measures, solution.codes)

    def second_opinion(self, solver: Solver) -> SecondOpinion | None:
        """Try every plan of both types and of the receiver, and every action of the third party."""
        divine = bool(getattr(solver, "divine", False))

        def solve(rows: Floats) -> Opinion:
            numbers = {name: np.ravel(values) for name, values in self.numbers(rows[:, None]).items()}
            return Opinion.of(threat_equilibria(numbers, divine=divine))

        return SecondOpinion("trying every plan", solve)
