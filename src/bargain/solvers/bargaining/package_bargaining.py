"""A dispute settled as a package: the disagreement point from the game without agreement, then a bargain."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from typing import ClassVar, Protocol, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Floats, Ints, read_only
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.bargaining import BargainingProblem
from bargain.games.package import PackageGame
from bargain.solvers.bargaining.agreements import Agreements, AgreementStatus
from bargain.solvers.bargaining.linkage import Linkage
from bargain.solvers.bargaining.nash_bargaining import NashBargaining
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.selection import SelectionRule
from bargain.solvers.solution import Solution, Status
from bargain.solvers.surviving_nash import surviving_nash

__all__ = ["PackageBargaining", "PackageSolution", "PackageStatus"]


class PackageStatus(enum.IntEnum):
    """What became of one draw. Each member says in `sentence` what it means."""

    sentence: str

    AGREED = 0, "There is one agreement."
    TIED = 1, "Several agreements are equally good by this concept; the first one is taken."
    NO_GAIN = 2, "What all accept gives nobody more than disagreement, or never to all who could have more."
    NO_DEAL = 3, "Nothing gives every player at least what it has without agreement."
    FAILED = 4, "The search for the agreement did not converge, though there is one."
    SEVERAL = (
        5,
        "Without agreement several equilibria are possible, and no rule picks one: see `selection`.",
    )
    NO_EQUILIBRIUM = 6, "Without agreement no equilibrium was found: what would happen is not known."

    def __new__(cls, code: int, sentence: str) -> Self:
        """Attach the sentence to the code."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member


_Play = tuple[Ints, Floats, Ints]  # draws, chances, options of all issues


class Concept(Protocol):
    """A concept such as `NashBargaining`."""

    def solve(self, problem: BargainingProblem) -> Agreements:
        """Return the agreement of every draw."""
        ...


@dataclass(frozen=True, eq=False)
class PackageSolution:
    """What is agreed on, and what would be without agreement; batched over draws.

    Attributes
    ----------
    game : PackageGame
    solver : PackageBargaining
    alone : Solution
        All pure equilibria of the game without agreement; in draws that have none, all mixed ones.
    standing : int[I, N]
        The option of each issue without agreement; -1 where that is unclear or left to chance.
    unsettled : tuple of float[options, N], one per issue
        Probability of each option without agreement; NaN where that is unclear.
    disagreement : float[P, N]
        What all players expect without agreement, in the order of the game; NaN where that is unclear.
    payoffs : float[P, N]
        What all have in the end, those who look on too.
    settled : tuple of float[options, N], one per issue
        Probability of each option in the end: of a lottery that means how far, or how often.
    agreements : Agreements, or None
        Over the draws in which the disagreement point is clear, of those who bargain; None if there are none.
    codes : int8[N]
        Value of the `PackageStatus` of each draw.
    """

    game: PackageGame
    solver: PackageBargaining
    alone: Solution
    standing: Ints
    unsettled: tuple[Floats, ...]
    disagreement: Floats
    payoffs: Floats
    settled: tuple[Floats, ...]
    agreements: Agreements | None
    codes: npt.NDArray[np.int8]

    def __post_init__(self) -> None:
        for name in ("standing", "disagreement", "payoffs", "codes"):
            object.__setattr__(self, name, read_only(getattr(self, name)))
        for name in ("unsettled", "settled"):
            object.__setattr__(self, name, tuple(read_only(share) for share in getattr(self, name)))

    @property
    def status(self) -> npt.NDArray[np.object_]:
        """Status of each draw, PackageStatus[N]."""
        return np.array(list(PackageStatus), dtype=np.object_)[self.codes]

    @property
    def gains(self) -> Floats:
        """What all gain over disagreement, float[P, N]."""
        return self.payoffs - self.disagreement

    def share(self, issue: str, option: str) -> Floats:
        """Return the probability of an option in the end.

        Parameters
        ----------
        issue, option : str

        Returns
        -------
        float[N]
            NaN where disagreement is unclear.

        Raises
        ------
        UnknownNameError
        """
        if issue not in self.game.issues:
            raise UnknownNameError.of("issue", issue, self.game.issues, where="share")
        place = self.game.issues.index(issue)
        result: Floats = self.settled[place][self.game.labels.action(issue, option, where="share")]
        return result

    def text(self, draw: int = 0, *, digits: int = 3) -> str:
        """Return the agreement of a draw in words: packages with their probabilities.

        Parameters
        ----------
        draw : int, default 0
        digits : int, default 3

        Returns
        -------
        str
        """
        status: PackageStatus = list(PackageStatus)[int(self.codes[draw])]
        if status > PackageStatus.TIED or self.agreements is None:
            return str(status.name)
        clear = np.flatnonzero(self.codes < PackageStatus.SEVERAL)
        (found, *_) = self.agreements.packages(int(np.searchsorted(clear, draw)), digits=digits)
        return "; ".join(f"{package} {probability:g}" for package, probability in found.items())

    def to_frame(self) -> pd.DataFrame:
        """Return one row per draw: what is agreed on, and all players' payoffs in the end.

        Returns
        -------
        pandas.DataFrame
        """
        columns: dict[str, object] = {"agreement": [self.text(draw) for draw in range(self.game.draws)]}
        columns.update(zip(self.game.players, self.payoffs, strict=True))
        return pd.DataFrame(columns, index=pd.RangeIndex(self.game.draws, name="draw"))

    def __repr__(self) -> str:
        counts = np.bincount(self.codes, minlength=len(PackageStatus))
        summary = ", ".join(f"{counts[s]} {s.name}" for s in PackageStatus if counts[s])
        return f"PackageSolution({self.game.draws} draws by {self.solver.concept}; {summary})"


@dataclass(frozen=True)
class PackageBargaining:
    """Find the equilibrium of the game without agreement, and bargain over packages from there.

    Parameters
    ----------
    concept : NashBargaining, KalaiSmorodinsky, Egalitarian or Utilitarian, default ``NashBargaining()``
    lotteries : bool, default True
        Whether packages may be mixed: part of an option, or an option for part of the time.
    players : tuple of str, optional
        Who bargains; all by default. The others' issues stay as they are without agreement.
    issues : tuple of str, optional
        What is on the table; by default all that those who bargain can settle among themselves.
    selection : SelectionRule, optional
        Which of several equilibria to expect without agreement. Without it, draws that have several have no
        agreement: SEVERAL. A rule that does not pick one leaves them so.

    Notes
    -----
    The disagreement point is what happens, not what somebody threatens with [Nash1950]_; threats that bind
    are another model, `variable_threats`. It is found by this rule: the pure equilibria of the game without
    agreement, if there are any, and otherwise its mixed ones, as `AllNash` lists them; of several the one
    that `selection` picks. Under a mixed one the disagreement point is what it makes players expect, and
    issues that are not on the table stay left to chance. A draw whose mixed equilibrium may not be the only
    one, by the status of `AllNash`, counts as SEVERAL unless there is a selection.

    Examples
    --------
    Alone, nobody would move; together, both do.

    >>> import bargain as bg
    >>> game = bg.PackageGame(
    ...     ("A", "B"),
    ...     {"border": ("closed", "open"), "loan": ("none", "granted")},
    ...     [[[0, 3], [-1, 2]], [[0, -1], [3, 2]]],
    ...     parties={"border": ["A"], "loan": ["B"]},
    ... )
    >>> solution = bg.PackageBargaining().solve(game)
    >>> print(solution.alone.profiles(), solution.gains[:, 0])
    [{'A': {'closed': 1.0}, 'B': {'none': 1.0}}] [2. 2.]
    """

    concept: Concept = field(default_factory=NashBargaining)
    lotteries: bool = True
    players: tuple[str, ...] | None = None
    issues: tuple[str, ...] | None = None
    selection: SelectionRule | None = None

    games: ClassVar[tuple[type, ...]] = (PackageGame,)

    def solve(self, game: PackageGame) -> PackageSolution:
        """Return the agreement of every draw.

        Parameters
        ----------
        game : PackageGame

        Returns
        -------
        PackageSolution

        Raises
        ------
        InvalidGameError
            If nothing is on the table.
        UnknownNameError
        """
        alone, chosen, plays = self._alone(game)
        clear = alone.draw[chosen]
        codes = np.where(
            alone.count > 0, np.int8(PackageStatus.SEVERAL), np.int8(PackageStatus.NO_EQUILIBRIUM)
        )
        standing = np.full((len(game.issues), game.draws), -1)
        disagreement = np.full((len(game.players), game.draws), np.nan)
        unsettled, settled = (
            [np.full((size, game.draws), np.nan) for size in game.labels.shape] for _ in range(2)
        )
        # Also where nothing is clear: it tells whether anything is on the table.
        names = tuple(
            game.ways(np.zeros(len(game.issues), np.int64), players=self.players, issues=self.issues)
        )
        if not clear.size:
            return PackageSolution(
                game, self, alone, standing, tuple(unsettled), disagreement, np.array(disagreement),
                tuple(settled), None, codes,
            )  # fmt: skip
        some = game[clear]
        without = np.zeros((len(game.players), clear.size))
        worth = np.zeros((len(names), len(game.players), clear.size))
        routes: list[list[Ints]] = []
        for draws, chance, now in plays:
            part = some if draws.size == clear.size else some[draws]
            ways = list(part.ways(now, players=self.players, issues=self.issues).values())
            routes.append(ways)
            without[:, draws] += chance * part.at(now)
            for package, way in enumerate(ways):
                worth[package][:, draws] += chance * part.at(way)
        who = game.players if self.players is None else tuple(self.players)
        rows = [game.players.index(player) for player in who]
        agreements = self.concept.solve(
            BargainingProblem(
                who,
                {name: own[rows] for name, own in zip(names, worth, strict=True)},
                without[rows],
                lotteries=self.lotteries,
            )
        )
        codes[clear] = agreements.codes
        lottery = _first_lotteries(agreements)
        agreed = agreements.codes <= AgreementStatus.TIED
        disagreement[:, clear] = without
        payoffs = np.array(disagreement)
        payoffs[:, clear] = np.where(agreed, np.einsum("kn,kpn->pn", lottery, worth), without)
        for place, size in enumerate(game.labels.shape):
            options = np.arange(size)[:, None]
            start, end = (np.zeros((size, clear.size)) for _ in range(2))
            for (draws, chance, now), ways in zip(plays, routes, strict=True):
                start[:, draws] += chance * (now[place] == options)
                for package, way in enumerate(ways):
                    end[:, draws] += chance * lottery[package, draws] * (way[place] == options)
            unsettled[place][:, clear] = start
            settled[place][:, clear] = np.where(agreed, end, start)
            sure = start.max(axis=0) > 1 - 1e-12
            standing[place, clear] = np.where(sure, start.argmax(axis=0), -1)
        return PackageSolution(
            game, self, alone, standing, tuple(unsettled), disagreement, payoffs, tuple(settled), agreements,
            codes,
        )  # fmt: skip

    def link(self, game: PackageGame) -> Linkage:
        """Solve the bargain over every set of issues on the table [TollisonWillett1979]_, [Sebenius1983]_.

        Issues that are not on the table stay as they are without agreement.

        Parameters
        ----------
        game : PackageGame

        Returns
        -------
        Linkage
            Payoffs of those who bargain; NaN where disagreement is unclear.

        Raises
        ------
        InvalidArgumentError
            If more than 8 issues are on the table.
        """
        table = game.table(self.players, self.issues)
        if len(table) > 8:
            raise InvalidArgumentError(f"link: up to 8 issues on the table were expected, given {len(table)}")
        who = game.players if self.players is None else self.players
        rows = [game.players.index(player) for player in who]
        results = []
        for number in range(1 << len(table)):
            some = tuple(issue for place, issue in enumerate(table) if number >> place & 1)
            if some:
                results.append(replace(self, issues=some).solve(game).payoffs[rows])
            else:
                results.append(self.solve(game).disagreement[rows])
        return Linkage(tuple(who), table, np.stack(results, axis=1))

    def _alone(self, game: PackageGame) -> tuple[Solution, Ints, list[_Play]]:
        """Return equilibria without agreement, which of them are expected, and how issues then stand.

        In parts: draws, counted among those that are clear, with the chance that issues stand so.
        """
        alone = PureNash().solve(game.alone)
        none = np.flatnonzero(alone.count == 0)
        unsure = np.zeros(game.draws, dtype=np.bool_)
        if none.size:
            mixed = surviving_nash(game.alone[none])
            unsure[none] = ~np.isin(mixed.codes, (Status.SOLVED, Status.DEGENERATE))
            codes = alone.codes.copy()
            codes[none] = mixed.codes
            draw = np.concatenate([alone.draw, none[mixed.draw]])
            both = zip(alone.strategies, mixed.strategies, strict=True)
            joined = [np.concatenate(pair, axis=1) for pair in both]
            alone = Solution.of(game.alone, alone.solver, draw, joined, codes)
        weight = np.ones(len(alone)) if self.selection is None else self.selection.select(alone)
        chosen = np.flatnonzero(weight > 0)
        single = np.bincount(alone.draw[chosen], minlength=game.draws) == 1
        if self.selection is None:
            single &= ~unsure
        chosen = chosen[single[alone.draw[chosen]]]
        chances = alone.outcomes[:, chosen]
        plays = []
        for rank in range(int((chances > 0).sum(axis=0).max(initial=0))):
            # The likeliest outcome of all draws, then the second one of those that mix, and so on.
            if not rank:
                draws, outcome = np.arange(chosen.size), chances.argmax(axis=0)
            else:
                draws = np.flatnonzero((chances > 0).sum(axis=0) > rank)
                outcome = np.argsort(-chances[:, draws], axis=0, kind="stable")[rank]
            plays.append((draws, chances[outcome, draws], game.standing(outcome)))
        return alone, chosen, plays


def _first_lotteries(agreements: Agreements) -> Floats:
    """Return the first agreement of each draw, float[K, N]; zeros where there is none."""
    draws = agreements.problem.draws
    result = np.zeros((agreements.lottery.shape[0], draws))
    first = np.searchsorted(agreements.draw, np.arange(draws))
    some = agreements.count > 0
    result[:, some] = agreements.lottery[:, first[some]]
    return result
