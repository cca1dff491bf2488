"""A dispute settled as a package: the disagreement point from the game without agreement, then a bargain."""

from __future__ import annotations

import enum
import itertools
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
from bargain.solvers.solution import Solution

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
        "Without agreement several pure equilibria are possible, and no rule picks one: see `selection`.",
    )
    NO_EQUILIBRIUM = 6, "Without agreement there is no pure equilibrium: what would happen is not known."

    def __new__(cls, code: int, sentence: str) -> Self:
        """Attach the sentence to the code."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member


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
        All pure equilibria of the game without agreement.
    standing : int[I, N]
        The option of each issue without agreement; -1 where that is unclear.
    disagreement : float[P, N]
        What all players have without agreement, in the order of the game; NaN where that is unclear.
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
    disagreement: Floats
    payoffs: Floats
    settled: tuple[Floats, ...]
    agreements: Agreements | None
    codes: npt.NDArray[np.int8]

    def __post_init__(self) -> None:
        for name in ("standing", "disagreement", "payoffs", "codes"):
            object.__setattr__(self, name, read_only(getattr(self, name)))
        object.__setattr__(self, "settled", tuple(read_only(share) for share in self.settled))

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
    """Find the pure equilibrium of the game without agreement, and bargain over packages from there.

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
        Which of several pure equilibria to expect without agreement. Without it, draws that have not exactly
        one have no agreement: SEVERAL or NO_EQUILIBRIUM. A rule that does not pick one leaves them so.

    Notes
    -----
    The disagreement point is what happens, not what somebody threatens with [Nash1950]_; threats that bind
    are another model, `variable_threats`.

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
        alone, standing, clear = self._standing(game)
        codes = np.where(
            alone.count > 0, np.int8(PackageStatus.SEVERAL), np.int8(PackageStatus.NO_EQUILIBRIUM)
        )
        disagreement = np.full((len(game.players), game.draws), np.nan)
        settled = [np.full((size, game.draws), np.nan) for size in game.labels.shape]
        if not clear.size:
            game.problem(np.zeros(len(game.issues), np.int64), players=self.players, issues=self.issues)
            return PackageSolution(
                game, self, alone, standing, disagreement, np.array(disagreement), tuple(settled), None, codes
            )
        some, now = game[clear], standing[:, clear]
        problem = some.problem(now, players=self.players, issues=self.issues, lotteries=self.lotteries)
        agreements = self.concept.solve(problem)
        codes[clear] = agreements.codes
        disagreement[:, clear] = some.at(now)
        lottery = _first_lotteries(agreements)
        payoffs = np.array(disagreement)
        agreed = agreements.codes <= AgreementStatus.TIED
        ways = self._ways(some, now)
        final = np.zeros((len(game.players), clear.size))
        for index, way in enumerate(ways):
            final += lottery[index] * some.at(way)
        payoffs[:, clear] = np.where(agreed, final, disagreement[:, clear])
        for place, share in enumerate(settled):
            for option in range(share.shape[0]):
                chance = sum(lottery[k] * (way[place] == option) for k, way in enumerate(ways))
                share[option, clear] = np.where(agreed, chance, now[place] == option)
        return PackageSolution(
            game, self, alone, standing, disagreement, payoffs, tuple(settled), agreements, codes
        )

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

    def _standing(self, game: PackageGame) -> tuple[Solution, Ints, Ints]:
        """Return equilibria without agreement, how issues then stand, and the draws where that is clear."""
        alone = PureNash().solve(game.alone)
        weight = np.ones(len(alone)) if self.selection is None else self.selection.select(alone)
        chosen = np.flatnonzero(weight > 0)
        single = np.bincount(alone.draw[chosen], minlength=game.draws) == 1
        chosen = chosen[single[alone.draw[chosen]]]
        standing = np.full((len(game.issues), game.draws), -1)
        standing[:, alone.draw[chosen]] = game.standing(alone.outcomes[:, chosen].argmax(axis=0))
        return alone, standing, np.flatnonzero(single)

    def _ways(self, game: PackageGame, now: Ints) -> list[Ints]:
        """Return how all issues are settled by each package, in the order of the problem's packages."""
        who = game.players if self.players is None else self.players
        places = [game.issues.index(issue) for issue in game.table(self.players, self.issues)]
        calm = [game.issues.index(issue) for issue in game.tactics if game.parties[issue][0] in who]
        ways = []
        for options in itertools.product(*(range(game.labels.shape[place]) for place in places)):
            way = np.array(now)
            way[calm] = 0
            way[places] = np.array(options)[:, None]
            ways.append(way)
        return ways


def _first_lotteries(agreements: Agreements) -> Floats:
    """Return the first agreement of each draw, float[K, N]; zeros where there is none."""
    draws = agreements.problem.draws
    result = np.zeros((agreements.lottery.shape[0], draws))
    first = np.searchsorted(agreements.draw, np.arange(draws))
    some = agreements.count > 0
    result[:, some] = agreements.lottery[:, first[some]]
    return result
