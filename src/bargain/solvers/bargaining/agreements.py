"""What a bargaining solution returns: a flat table of agreements with a status for every draw."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Bools, Floats, Ints, read_only
from bargain.errors import InvalidArgumentError, UnknownDrawError
from bargain.games.bargaining import BargainingProblem
from bargain.games.frontier import BargainingFrontier

__all__ = ["AgreementStatus", "Agreements", "agreement_codes"]

Codes = npt.NDArray[np.int8]


class AgreementStatus(enum.IntEnum):
    """What became of one draw. Each member says in `sentence` what it means."""

    sentence: str

    AGREED = 0, "There is one agreement."
    TIED = 1, "Several agreements are equally good by this concept; see the concept for those listed."
    NO_GAIN = 2, "What all accept gives nobody more than disagreement, or never to all who could have more."
    NO_DEAL = 3, "Nothing gives every player at least its floor: disagreement."
    FAILED = 4, "The search for the agreement did not converge, though there is one."

    def __new__(cls, code: int, sentence: str) -> Self:
        """Attach the sentence to the code."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.sentence = sentence
        return member


@dataclass(frozen=True, eq=False)
class Agreements:
    """Agreements of a batch of bargaining problems, as a flat table sorted by draw.

    Attributes
    ----------
    problem : BargainingProblem or BargainingFrontier
        What was bargained over.
    concept : object
        The solution, such as ``NashBargaining()``.
    draw : int[E]
        Which draw each agreement belongs to, ascending. Draws without agreement have no row.
    payoffs : float[P, E]
        What each player gets.
    lottery : float[K, E]
        The probability of each package; without rows where a frontier was bargained over.
    position : float[E]
        The place on the frontier; NaN where packages were bargained over.
    codes : int8[N]
        Value of the `AgreementStatus` of each draw.
    """

    problem: BargainingProblem | BargainingFrontier
    concept: Any
    draw: Ints
    payoffs: Floats
    lottery: Floats
    position: Floats
    codes: Codes

    def __post_init__(self) -> None:
        for name in ("draw", "payoffs", "lottery", "position", "codes"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @classmethod
    def of_lotteries(
        cls, problem: BargainingProblem, concept: object, lottery: Floats, codes: Codes
    ) -> Agreements:
        """Build the table from one lottery per draw, float[K, N], of which only agreed draws are read."""
        draw = np.flatnonzero(codes <= AgreementStatus.TIED)
        chosen = lottery[:, draw]
        payoffs = np.einsum("pkn,kn->pn", problem.payoffs[..., draw], chosen)
        return cls(problem, concept, draw, payoffs, chosen, np.full(draw.size, np.nan), codes)

    @classmethod
    def of_packages(
        cls, problem: BargainingProblem, concept: object, listed: Bools, codes: Codes
    ) -> Agreements:
        """Build the table from the packages agreed on, bool[K, N]; several where they tie."""
        draw, package = np.nonzero(listed.T)
        lottery = np.zeros((len(problem.packages), draw.size))
        lottery[package, np.arange(draw.size)] = 1.0
        payoffs = problem.payoffs[:, package, draw]
        return cls(problem, concept, draw, payoffs, lottery, np.full(draw.size, np.nan), codes)

    @classmethod
    def of_positions(
        cls, problem: BargainingFrontier, concept: object, position: Floats, codes: Codes
    ) -> Agreements:
        """Build the table from one place on the frontier per draw, float[N]."""
        draw = np.flatnonzero(codes <= AgreementStatus.TIED)
        payoffs = problem.payoffs(position)[:, draw]
        return cls(problem, concept, draw, payoffs, np.empty((0, draw.size)), position[draw], codes)

    @property
    def count(self) -> Ints:
        """Number of agreements of each draw, int[N]."""
        return np.bincount(self.draw, minlength=self.problem.draws)

    @property
    def status(self) -> npt.NDArray[np.object_]:
        """Status of each draw, AgreementStatus[N]."""
        return np.array(list(AgreementStatus), dtype=np.object_)[self.codes]

    @property
    def gains(self) -> Floats:
        """What each player gets over its disagreement payoff, float[P, E]."""
        return self.payoffs - self.problem.disagreement[:, self.draw]

    @property
    def result(self) -> Floats:
        """What each player ends up with in every draw, float[P, N].

        The first agreement that is listed, and the disagreement point where there is none.
        """
        result = np.array(self.problem.disagreement)
        first = np.searchsorted(self.draw, np.arange(self.problem.draws))
        some = self.count > 0
        result[:, some] = self.payoffs[:, first[some]]
        return result

    def packages(self, draw: int | None = None, *, digits: int = 9) -> list[dict[str, float]]:
        """Return agreements for reading: the packages agreed on with their probabilities.

        Parameters
        ----------
        draw : int, optional
            Only the agreements of this draw.
        digits : int, default 9
            Probabilities are rounded to so many decimals; packages with none are left out.

        Returns
        -------
        list of ``{package: probability}``

        Raises
        ------
        UnknownDrawError
        InvalidArgumentError
            If it was no packages that were bargained over.
        """
        problem = self.problem
        if not isinstance(problem, BargainingProblem):
            raise InvalidArgumentError(f"packages: a frontier has none, see position; {problem!r}")
        if draw is not None and not -problem.draws <= draw < problem.draws:
            raise UnknownDrawError(f"draw: one of {problem.draws} draws was expected, given {draw}")
        chosen = range(self.draw.size) if draw is None else np.flatnonzero(self.draw == draw % problem.draws)
        return [
            {
                name: rounded
                for name, probability in zip(problem.packages, self.lottery[:, index].tolist(), strict=True)
                if (rounded := round(probability, digits)) > 0
            }
            for index in chosen
        ]

    def to_frame(self) -> pd.DataFrame:
        """Return one row per agreement.

        Returns
        -------
        pandas.DataFrame
            Columns of two levels: ``("payoff", player)``, ``("gain", player)`` and either
            ``("package", name)`` with probabilities or ``("", "position")``; indexed by draw.
        """
        columns: dict[tuple[str, str], Floats] = {}
        for kind, values in (("payoff", self.payoffs), ("gain", self.gains)):
            columns.update({(kind, player): values[i] for i, player in enumerate(self.problem.players)})
        if isinstance(self.problem, BargainingProblem):
            names = self.problem.packages
            columns.update({("package", name): self.lottery[i] for i, name in enumerate(names)})
        else:
            columns["", "position"] = self.position
        frame = pd.DataFrame(dict(columns), index=pd.Index(self.draw, name="draw"))
        frame.columns = pd.MultiIndex.from_tuples(list(columns))
        return frame

    def __repr__(self) -> str:
        counts = np.bincount(self.codes, minlength=len(AgreementStatus))
        summary = ", ".join(f"{counts[s]} {s.name}" for s in AgreementStatus if counts[s])
        return f"Agreements({self.draw.size} in {self.problem.draws} draws by {self.concept}; {summary})"


def agreement_codes(deal: Bools, gainers: Bools) -> Codes:
    """Return the status, int8[N], of draws: is anything acceptable, bool[N], and who gains, bool[P, N]."""
    some = np.logical_or.reduce(gainers, axis=0)
    gain = np.where(some, np.int8(AgreementStatus.AGREED), np.int8(AgreementStatus.NO_GAIN))
    return np.where(deal, gain, np.int8(AgreementStatus.NO_DEAL))
