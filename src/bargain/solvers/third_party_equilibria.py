"""Equilibria of a threat game that a third party sets the stage for, batched over draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Floats, Ints, read_only
from bargain.errors import UnknownDrawError
from bargain.games.third_party import ThirdPartyThreat
from bargain.solvers.signalling_equilibria import PerfectBayesian, SignallingSolution
from bargain.solvers.solution import Codes, Status

__all__ = ["ThirdPartyEquilibria", "ThirdPartySolution"]


@dataclass(frozen=True, eq=False)
class ThirdPartySolution:
    """Equilibria of a batch of threat games with a third party, as a flat table sorted by draw.

    Attributes
    ----------
    game : ThirdPartyThreat
    solver : ThirdPartyEquilibria
    draw : int[E]
        Which draw each equilibrium belongs to, ascending.
    action : int[E]
        What the third party does.
    expected : tuple of SignallingSolution, length A
        The equilibria of the threat game after each action.
    rows : int[A, E]
        Which of them are expected to be played, as row numbers.
    payoffs : float[A, E]
        What the third party expects of each of its actions.
    codes : int8[N]
        Value of the `Status` of each draw.
    """

    game: ThirdPartyThreat
    solver: ThirdPartyEquilibria
    draw: Ints
    action: Ints
    expected: tuple[SignallingSolution, ...]
    rows: Ints
    payoffs: Floats
    codes: Codes

    def __post_init__(self) -> None:
        for name in ("draw", "action", "rows", "payoffs", "codes"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    @property
    def count(self) -> Ints:
        """Number of equilibria of each draw, int[N]."""
        return np.bincount(self.draw, minlength=self.game.draws)

    @property
    def status(self) -> npt.NDArray[np.object_]:
        """Status of each draw, Status[N]."""
        return np.array(list(Status), dtype=np.object_)[self.codes]

    @property
    def regret(self) -> Floats:
        """The largest gain that anybody has from acting otherwise, off the path too, float[E]."""
        chosen = np.take_along_axis(self.payoffs, self.action[None], axis=0)[0]
        missed = self.payoffs.max(axis=0) - chosen
        others = [found.regret[rows] for found, rows in zip(self.expected, self.rows, strict=True)]
        result: Floats = np.max([missed, *others], axis=0)
        return result

    def __len__(self) -> int:
        return int(self.draw.size)

    def played(self, name: str) -> npt.NDArray[Any]:
        """Return what the threat game that is played has to say, by equilibrium.

        Parameters
        ----------
        name : str
            An attribute of `SignallingSolution` with one number for each equilibrium, or several.

        Returns
        -------
        array[..., E]
        """
        columns: list[npt.NDArray[Any]] = [
            np.take(getattr(found, name), rows, axis=-1)
            for found, rows in zip(self.expected, self.rows, strict=True)
        ]
        if len(columns) == 1:
            return columns[0]
        result = columns[0].copy()
        for action, column in enumerate(columns[1:], start=1):
            here = self.action == action
            result[..., here] = column[..., here]
        return result

    def to_frame(self) -> pd.DataFrame:
        """Return one row per equilibrium.

        Returns
        -------
        pandas.DataFrame
            What the third party does, under its name, and what follows; indexed by draw and number of the
            equilibrium within it.
        """
        first = np.searchsorted(self.draw, self.draw)
        index = pd.MultiIndex.from_arrays(
            [self.draw, np.arange(len(self)) - first], names=["draw", "equilibrium"]
        )
        threat, concession = self.played("threat_probability"), self.played("concession")
        return pd.DataFrame(
            {
                self.game.third: np.array(self.game.actions, dtype=np.object_)[self.action],
                "kind": [kind.label for kind in self.played("kind")],
                "threat": threat,
                "concession": concession,
                "tough after threat": self.played("posterior")[0],
                "silence": 1 - threat,
                "conceded": threat * concession,
                "carried out": self.played("carried_out_probability"),
                "dropped": self.played("backed_down_probability"),
                **{
                    f"{self.game.third} expects of {action}": payoffs
                    for action, payoffs in zip(self.game.actions, self.payoffs, strict=True)
                },
                "regret": self.regret,
            },
            index=index,
        )

    def profiles(self, draw: int | None = None, *, digits: int = 12) -> list[dict[str, Any]]:
        """Return equilibria for reading.

        Parameters
        ----------
        draw : int, optional
            Only the equilibria of this draw.
        digits : int, default 12
            Numbers are rounded to so many decimals.

        Returns
        -------
        list of ``{column: value}``
            With the columns of `to_frame`.

        Raises
        ------
        UnknownDrawError
        """
        if draw is not None and not -self.game.draws <= draw < self.game.draws:
            raise UnknownDrawError(f"draw: one of {self.game.draws} draws was expected, given {draw}")
        rows = self.to_frame().reset_index(drop=True).to_dict("records")
        chosen = range(len(self)) if draw is None else np.flatnonzero(self.draw == draw % self.game.draws)
        return [
            {
                str(name): value if isinstance(value, str) else round(float(value), digits)
                for name, value in rows[index].items()
            }
            for index in chosen
        ]

    def __repr__(self) -> str:
        counts = np.bincount(self.action, minlength=len(self.game.actions))
        summary = ", ".join(f"{n} {action}" for n, action in zip(counts, self.game.actions, strict=True) if n)
        return f"ThirdPartySolution({len(self)} equilibria of {self.game.draws} draws: {summary})"


@dataclass(frozen=True)
class ThirdPartyEquilibria:
    """Perfect Bayesian equilibria of a threat game in which a third party acts first.

    After each of its actions one of the equilibria of the threat game is expected, and the third party takes
    the action that promises most. Where the threat game has several equilibria, every combination of
    expectations is followed. Threats are those of [Fearon1997]_.

    Parameters
    ----------
    divine : bool, default False
        Whether only equilibria of the threat game that survive the criterion D1 [ChoKreps1987]_ are expected,
        of which there is one but for ties.

    Notes
    -----
    Status is DEGENERATE where the third party is indifferent, or a threat game has ties; SOLVED otherwise.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.load_scenario("gsomia-threat").game("2019-11 deadline")
    >>> solution = bg.solve(game, bg.ThirdPartyEquilibria(divine=True))
    >>> print(solution.to_frame()[["USA", "kind", "conceded"]].round(2).to_string(index=False))
      USA              kind  conceded
    press pooling on threat       1.0
    """

    divine: bool = False
    games: ClassVar[tuple[type, ...]] = (ThirdPartyThreat,)

    def solve(self, game: ThirdPartyThreat) -> ThirdPartySolution:
        """Return the equilibria of every draw.

        Parameters
        ----------
        game : ThirdPartyThreat

        Returns
        -------
        ThirdPartySolution
        """
        signalling = PerfectBayesian(divine=self.divine)
        expected = tuple(signalling.solve(one) for one in game.games)
        draw, rows = _combined([found.draw for found in expected], game.draws)
        payoffs = np.stack(
            [
                _stake(found, stakes)[own]
                for found, stakes, own in zip(expected, game.payoffs, rows, strict=True)
            ]
        )
        best = payoffs == payoffs.max(axis=0)
        combination, action = np.nonzero(best.T)
        codes = np.maximum.reduce([found.codes for found in expected])
        tied = best.sum(axis=0) > 1
        if tied.any():
            codes = codes.copy()
            codes[draw[tied]] = np.int8(Status.DEGENERATE)
        return ThirdPartySolution(
            game,
            self,
            draw[combination],
            action,
            expected,
            rows[:, combination],
            payoffs[:, combination],
            codes,
        )


def _combined(draws: list[Ints], size: int) -> tuple[Ints, Ints]:
    """Combine the rows of several tables draw by draw: draw int[C], and rows int[table, C]."""
    draw = np.arange(size)
    rows = np.empty((0, size), dtype=np.int64)
    for table in draws:
        count = np.bincount(table, minlength=size)
        first = np.cumsum(count) - count
        if (count == 1).all():
            rows = np.concatenate([rows, first[draw][None]])
            continue
        repeated = np.repeat(np.arange(draw.size), count[draw])
        start = np.cumsum(count[draw]) - count[draw]
        within = np.arange(repeated.size) - start[repeated]
        rows = np.concatenate([rows[:, repeated], (first[draw[repeated]] + within)[None]])
        draw = draw[repeated]
    return draw, rows


def _stake(found: SignallingSolution, stakes: Floats) -> Floats:
    """Return what the third party expects of each equilibrium, float[E]."""
    threat, concession = found.threat_probability, found.concession
    ends = (1 - threat, threat * concession, found.carried_out_probability, found.backed_down_probability)
    total = np.zeros(len(found))
    for probability, stake in zip(ends, stakes, strict=True):
        total += probability * stake[found.draw]
    return total
