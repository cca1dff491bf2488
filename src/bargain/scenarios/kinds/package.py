"""Scenarios of several issues on one table: what happens without agreement, and what would be agreed on."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Self, cast

import numpy as np
from pydantic import Field

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.labels import Labels
from bargain.games.package import PackageGame
from bargain.scenarios.kinds.kind import Kind, Quantity
from bargain.scenarios.kinds.package_by_enumeration import Dispute, settle
from bargain.scenarios.tables import Table
from bargain.solvers.bargaining.egalitarian import Egalitarian
from bargain.solvers.bargaining.kalai_smorodinsky import KalaiSmorodinsky
from bargain.solvers.bargaining.nash_bargaining import NashBargaining
from bargain.solvers.bargaining.package_bargaining import PackageBargaining, PackageSolution, PackageStatus
from bargain.solvers.bargaining.utilitarian import Utilitarian
from bargain.solvers.solution import Solver, Status
from bargain.sweep.answers import Answers
from bargain.sweep.game_model import Opinion, SecondOpinion
from bargain.sweep.readings import Measure, Readings

__all__ = ["IssueTable", "PackageKind", "PackageOptions"]

_CONCEPTS: dict[str, type[Any]] = {
    "nash": NashBargaining,
    "kalai_smorodinsky": KalaiSmorodinsky,
    "egalitarian": Egalitarian,
    "utilitarian": Utilitarian,
}
_RESULTS = {
    PackageStatus.AGREED: "agreed",
    PackageStatus.TIED: "one of several",
    PackageStatus.NO_GAIN: "nothing to gain",
    PackageStatus.NO_DEAL: "nothing acceptable",
    PackageStatus.SEVERAL: "unclear without agreement",
}

_OPINIONS = {
    "agreed": PackageStatus.AGREED,
    "tied": PackageStatus.TIED,
    "no gain": PackageStatus.NO_GAIN,
    "no deal": PackageStatus.NO_DEAL,
    "several": PackageStatus.SEVERAL,
}
"""Results in the words of the audit."""


class IssueTable(Table):
    """An issue: its options, the first one being how it stands, and whose consent it takes."""

    name: str
    options: list[str] = Field(min_length=1)
    parties: list[str] = Field(min_length=1)
    tactic: bool = False


class PackageOptions(Table):
    """The issues, who bargains over them, and by which concept."""

    issues: list[IssueTable] = Field(min_length=1)
    players: list[str] = Field(default_factory=list)
    concept: Literal["nash", "kalai_smorodinsky", "egalitarian", "utilitarian"] = "nash"
    lotteries: bool = True


@dataclass(frozen=True)
class PackageKind(Kind):
    """Several issues: each player settles its own without agreement, and all are settled together with one.

    Payoffs are sums of terms that may name options of issues: ``when = { pact = ["ends"] }``.
    """

    name: ClassVar[str] = "package"
    summary: ClassVar[str] = "Issues on one table: the game without agreement, and the bargain over packages."
    Options: ClassVar[type[Table]] = PackageOptions
    report_draws: ClassVar[int] = 8_192
    solvers: ClassVar[tuple[type, ...]] = (PackageBargaining,)

    @property
    def players(self) -> tuple[str, ...]:
        """Who has payoffs."""
        return tuple(self.parties)

    @property
    def choices(self) -> Labels:
        """Issues with their options: what terms may name."""
        return Labels.of({issue.name: tuple(issue.options) for issue in self.options.issues})

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers that the game is made of."""
        return tuple(
            Quantity(f"{player} payoff", f"what {player} has where issues are settled so")
            for player in self.players
        )

    @property
    def readings(self) -> Readings:
        """Whether they agree; what is settled how, without agreement and in the end; and who gains."""
        issues = self.choices
        options = [
            (issue, option)
            for issue, known in zip(issues.players, issues.actions, strict=True)
            for option in known
        ]
        measures = [
            *(Measure(f"alone, {i}: {o}", "without agreement this is how it stands") for i, o in options),
            *(Measure(f"{i}: {o}", "in the end this is how it is settled, or how far") for i, o in options),
            *(
                Measure(f"{player} gain", "by what is agreed over what would be", "util", -10, 10)
                for player in self.players
            ),
        ]
        return Readings(("bargain",), (tuple(_RESULTS.values()),), tuple(measures))

    @property
    def happenings(self) -> Labels:
        """How an issue was settled, alone or by agreement."""
        known = [measure.name for measure in self.readings.measures if measure.unit == "probability"]
        return Labels(("settled",), (tuple(known),))

    def check(self) -> None:
        """Raise if an issue or a party does not fit."""
        names = [issue.name for issue in self.options.issues]
        if len(set(names)) != len(names):
            raise InvalidArgumentError(f"options.issues: each name once was expected, given {names}")
        for where, given in (
            *((f"options.issues[{issue.name!r}].parties", issue.parties) for issue in self.options.issues),
            ("options.players", self.options.players),
        ):
            for player in given:
                if player not in self.players:
                    raise UnknownNameError.of("player", player, self.players, where=where)
        numbers = {quantity.name: np.zeros((self.choices.size, 1)) for quantity in self.quantities}
        self.game(numbers)

    def default_solver(self) -> Solver:
        """Return the bargain that the options describe."""
        solver: Any = PackageBargaining(
            concept=_CONCEPTS[self.options.concept](),
            lotteries=self.options.lotteries,
            players=tuple(self.options.players) or None,
        )
        return cast("Solver", solver)

    def hold(self, fix: Mapping[str, str]) -> Self:
        """Hold issues to one option each."""
        if not fix:
            return self
        labels, _ = self.choices.hold(fix)
        left = dict(zip(labels.players, labels.actions, strict=True))
        issues = [
            issue.model_copy(update={"options": list(left[issue.name])}) for issue in self.options.issues
        ]
        return replace(self, options=self.options.model_copy(update={"issues": issues}))

    def game(self, numbers: Mapping[str, Floats]) -> PackageGame:
        """Build the games of a batch."""
        issues = self.choices
        payoffs = np.stack([numbers[f"{player} payoff"] for player in self.players])
        return PackageGame(
            self.players,
            issues,
            payoffs.reshape(len(self.players), *issues.shape, -1),
            parties={issue.name: issue.parties for issue in self.options.issues},
            tactics=[issue.name for issue in self.options.issues if issue.tactic],
        )

    def answers(self, solution: PackageSolution) -> Answers:
        """Say of each draw whether they agree, what is settled how, and who gains."""
        listed = np.isin(solution.codes, tuple(_RESULTS))
        draw = np.flatnonzero(listed)
        names = tuple(_RESULTS)
        outcome = np.array([names.index(status) for status in solution.status[draw]], dtype=np.int64)
        alone = np.concatenate(solution.unsettled)[:, draw]
        settled = np.concatenate(solution.settled)[:, draw]
        measures = np.concatenate([alone, settled, solution.gains[:, draw]])
        measures[:, solution.codes[draw] == PackageStatus.SEVERAL] = np.nan
        codes = np.full(solution.codes.size, Status.SOLVED, dtype=np.int8)
        codes[solution.codes == PackageStatus.NO_EQUILIBRIUM] = Status.NONE
        codes[solution.codes == PackageStatus.FAILED] = Status.FAILED
        return Answers.pure(draw, outcome, self.readings.size, measures, codes)

    def second_opinion(self, solver: Solver) -> SecondOpinion | None:
        """Try every way to settle the issues; of lotteries, ask general-purpose optimisers."""
        names = {kind: name for name, kind in _CONCEPTS.items()}
        if not isinstance(solver, PackageBargaining) or solver.selection is not None:
            return None
        concept = names.get(type(solver.concept))
        if concept is None:
            return None
        by = "general-purpose optimisers" if solver.lotteries else "trying every package"
        return SecondOpinion(by, lambda rows: self._opinion(self._dispute(rows, solver, concept)))

    def _dispute(self, rows: Floats, solver: PackageBargaining, concept: str) -> Dispute:
        """Return the dispute of one draw as plain numbers."""
        issues, players = self.options.issues, list(self.players)
        numbers = self.numbers(rows[:, None])
        ways = itertools.product(*(range(len(issue.options)) for issue in issues))
        table = zip(*(numbers[f"{player} payoff"][:, 0].tolist() for player in players), strict=True)
        who = list(solver.players or players)
        weights = getattr(solver.concept, "weights", None) or [1.0] * len(who)
        if isinstance(weights, Mapping):
            weights = [weights[player] for player in who]
        return Dispute(
            sizes=[len(issue.options) for issue in issues],
            payoffs=dict(zip(ways, table, strict=True)),
            owner=[players.index(issue.parties[0]) if len(issue.parties) == 1 else None for issue in issues],
            table=[
                place
                for place, issue in enumerate(issues)
                if not issue.tactic
                and set(issue.parties) <= set(who)
                and (solver.issues is None or issue.name in solver.issues)
            ],
            calm=[place for place, issue in enumerate(issues) if issue.tactic and issue.parties[0] in who],
            bargainers=[players.index(player) for player in who],
            weights=[float(weight) / sum(weights) for weight in weights],
            concept=concept,
            lotteries=solver.lotteries,
        )

    def _opinion(self, dispute: Dispute) -> Opinion | None:
        found = settle(dispute)
        if found is None:
            return None
        possible = {tuple(_RESULTS).index(_OPINIONS[found.result])}
        if found.alone is None:
            return Opinion(possible, {measure.name: np.nan for measure in self.readings.measures})
        measures = {}
        for place, issue in enumerate(self.options.issues):
            for number, option in enumerate(issue.options):
                for words, chances in (("alone, ", found.alone), ("", found.final or {})):
                    told = [chance for way, chance in chances.items() if way[place] == number]
                    if chances:
                        measures[f"{words}{issue.name}: {option}"] = sum(told)
        for place, gain in (found.gains or {}).items():
            measures[f"{self.players[place]} gain"] = gain
        return Opinion(possible, measures)
