"""Bargaining problems over packages: what each package is worth to whom, and what happens without a deal."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bargain.axes import Bools, Floats, read_only
from bargain.errors import InvalidGameError, UnknownDrawError
from bargain.games.labels import Labels
from bargain.games.player_numbers import player_numbers

if TYPE_CHECKING:
    from bargain.games.normal import NormalForm

__all__ = ["BargainingProblem"]


@dataclass(frozen=True, init=False, eq=False)
class BargainingProblem:
    """Packages on which players may agree, batched over draws of what they are worth [Nash1950]_.

    The feasible set is the convex hull of the packages, or the packages alone.

    Parameters
    ----------
    players : sequence of str, length P
    packages : mapping of str to array_like, float[P] or float[P, N]
        What each package is worth to each player, in the players' own units. Numbers of players may also be
        given as ``{player: number}``, here and below.
    disagreement : array_like, float[P] or float[P, N]
        The disagreement point: what each gets if they do not agree.
    lotteries : bool, default True
        Whether they may agree on a lottery over packages. One that leaves a package half done, or done in
        every second year, is the same to players who weigh it by the half.
    floors : array_like, float[P] or float[P, N], optional
        The least that each player's parliament or public would ratify [Putnam1988]_. Agreements that give
        less are out, but what each gets without agreement stays. Without it, the disagreement point.

    Attributes
    ----------
    players : tuple of str, length P
    packages : tuple of str, length K
    payoffs : float[P, K, N]
        Read-only.
    disagreement : float[P, N]
        Read-only.
    floors : float[P, N]
        The larger of what was given and the disagreement point. Read-only.
    lotteries : bool

    Raises
    ------
    InvalidGameError
        If there is no package, names are empty or repeated, or numbers are not finite or of another shape.

    Examples
    --------
    >>> import bargain as bg
    >>> problem = bg.BargainingProblem(
    ...     ("seller", "buyer"), {"sale": (3, 1), "sale on credit": (1, 2)}, disagreement=(0, 0)
    ... )
    >>> agreed = bg.NashBargaining().solve(problem)
    >>> agreed.packages()
    [{'sale': 0.75, 'sale on credit': 0.25}]
    >>> print(agreed.payoffs[:, 0])
    [2.5  1.25]
    """

    players: tuple[str, ...]
    packages: tuple[str, ...]
    payoffs: Floats
    disagreement: Floats
    floors: Floats
    lotteries: bool

    def __init__(
        self,
        players: Sequence[str],
        packages: Mapping[str, npt.ArrayLike],
        disagreement: npt.ArrayLike,
        *,
        lotteries: bool = True,
        floors: npt.ArrayLike | None = None,
    ) -> None:
        if not isinstance(packages, Mapping) or not packages:
            raise InvalidGameError(
                f"packages: a mapping from each package to its payoffs was expected, given {packages!r}"
            )
        players = tuple(players)
        # A game's labels check names.
        Labels.of({player: tuple(packages) for player in players})
        if len(set(players)) != len(players):
            raise InvalidGameError(f"players: each name once was expected, given {players}")
        worth = [player_numbers(f"package {name!r}", players, values) for name, values in packages.items()]
        without = player_numbers("disagreement", players, disagreement)
        least = without if floors is None else np.maximum(player_numbers("floors", players, floors), without)
        draws = max(array.shape[-1] for array in (*worth, least))
        for name, array in (*zip(packages, worth, strict=True), ("disagreement, floors", least)):
            if array.shape[-1] not in {1, draws}:
                raise InvalidGameError(
                    f"{name}: 1 or {draws} draws were expected, as elsewhere; given {array.shape[-1]}"
                )
        shape = (len(players), draws)
        payoffs = np.stack([np.broadcast_to(array, shape) for array in worth], axis=1)
        for name, value in {
            "players": players,
            "packages": tuple(packages),
            "payoffs": read_only(payoffs),
            "disagreement": read_only(np.ascontiguousarray(np.broadcast_to(without, shape))),
            "floors": read_only(np.ascontiguousarray(np.broadcast_to(least, shape))),
            "lotteries": bool(lotteries),
        }.items():
            object.__setattr__(self, name, value)

    @classmethod
    def of_game(
        cls, game: NormalForm, disagreement: npt.ArrayLike, *, lotteries: bool = True
    ) -> BargainingProblem:
        """Build the problem whose packages are the outcomes of a game, should they become binding.

        Parameters
        ----------
        game : NormalForm
        disagreement : array_like, float[P] or float[P, N]
            Such as the payoffs of the equilibrium that is played without a treaty.
        lotteries : bool, default True

        Returns
        -------
        BargainingProblem
            Packages are named by the actions joined with ``/``.

        Examples
        --------
        >>> import bargain as bg
        >>> actions = {"row": ("C", "D"), "column": ("C", "D")}
        >>> dilemma = bg.NormalForm(actions, [[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
        >>> alone = bg.solve(dilemma, bg.PureNash()).payoffs
        >>> treaty = bg.BargainingProblem.of_game(dilemma, alone)
        >>> bg.NashBargaining().solve(treaty).packages()
        [{'C/C': 1.0}]
        """
        flat = game.payoffs.reshape(len(game.players), -1, game.draws)
        names = ["/".join(outcome) for outcome in game.labels.outcomes]
        packages = {name: flat[:, index] for index, name in enumerate(names)}
        if len(packages) != len(names):
            raise InvalidGameError("two outcomes have the same name once actions are joined with '/'")
        return cls(game.players, packages, disagreement, lotteries=lotteries)

    @classmethod
    def of_issues(
        cls,
        players: Sequence[str],
        issues: Mapping[str, Mapping[str, npt.ArrayLike]],
        disagreement: npt.ArrayLike,
        *,
        lotteries: bool = True,
        floors: npt.ArrayLike | None = None,
    ) -> BargainingProblem:
        """Build the problem that links issues: a package settles every one, and its worth adds up.

        Parameters
        ----------
        players : sequence of str
        issues : mapping of issue to mapping of option to array_like, float[P] or float[P, N]
            What each way to settle each issue is worth to each player.
        disagreement : array_like, float[P] or float[P, N]
        lotteries : bool, default True
        floors : array_like, float[P] or float[P, N], optional

        Returns
        -------
        BargainingProblem
            Packages are named ``"issue: option, issue: option"``.

        Examples
        --------
        >>> import bargain as bg
        >>> problem = bg.BargainingProblem.of_issues(
        ...     ("A", "B"),
        ...     {
        ...         "border": {"open": (3, -1), "closed": (0, 0)},
        ...         "loan": {"granted": (-1, 3), "none": (0, 0)},
        ...     },
        ...     disagreement=(0, 0),
        ... )
        >>> bg.NashBargaining().solve(problem).packages()
        [{'border: open, loan: granted': 1.0}]
        """
        if not isinstance(issues, Mapping) or not issues or not all(issues.values()):
            raise InvalidGameError(f"issues: options for at least one issue were expected, given {issues!r}")
        players = tuple(players)
        packages: dict[str, npt.ArrayLike] = {}
        for options in itertools.product(*(options.items() for options in issues.values())):
            chosen = list(zip(issues, options, strict=True))
            packages[", ".join(f"{issue}: {option}" for issue, (option, _) in chosen)] = sum(
                player_numbers(f"issue {issue!r}, option {option!r}", players, worth)
                for issue, (option, worth) in chosen
            )
        return cls(players, packages, disagreement, lotteries=lotteries, floors=floors)

    @classmethod
    def division(
        cls,
        players: Sequence[str],
        pie: npt.ArrayLike,
        disagreement: npt.ArrayLike,
        *,
        floors: npt.ArrayLike | None = None,
    ) -> BargainingProblem:
        """Build the division of a pie whose worth goes from hand to hand without loss.

        Parameters
        ----------
        players : sequence of str
        pie : array_like, float or float[N]
            What there is to divide.
        disagreement : array_like, float[P] or float[P, N]
        floors : array_like, float[P] or float[P, N], optional

        Returns
        -------
        BargainingProblem
            One package ``"all to <player>"`` each; shares are the lottery over them.

        Examples
        --------
        >>> import bargain as bg
        >>> problem = bg.BargainingProblem.division(("A", "B"), 1.0, disagreement=(0.2, 0.1))
        >>> print(bg.NashBargaining().solve(problem).payoffs[:, 0].round(12))
        [0.55 0.45]
        """
        size = np.atleast_1d(np.asarray(pie, dtype=np.float64))
        players = tuple(players)
        packages = {
            f"all to {player}": np.eye(len(players))[index][:, None] * size
            for index, player in enumerate(players)
        }
        return cls(players, packages, disagreement, floors=floors)

    @property
    def draws(self) -> int:
        """Number of problems in the batch, ``N``."""
        return int(self.payoffs.shape[-1])

    @property
    def gains(self) -> Floats:
        """What each package gives to each player over its disagreement payoff, float[P, K, N]."""
        return self.payoffs - self.disagreement[:, None, :]

    @property
    def acceptable(self) -> Bools:
        """Which packages give every player at least its floor, bool[K, N]."""
        result: Bools = np.logical_and.reduce(self.payoffs >= self.floors[:, None, :], axis=0)
        return result

    def __len__(self) -> int:
        return self.draws

    def __getitem__(self, draw: int) -> BargainingProblem:
        """Return the problem of one draw.

        Parameters
        ----------
        draw : int
            Counted from the end where negative.

        Returns
        -------
        BargainingProblem

        Raises
        ------
        UnknownDrawError
        """
        if not -self.draws <= draw < self.draws:
            raise UnknownDrawError(f"draw: one of {self.draws} draws was expected, given {draw}")
        pick = slice(draw % self.draws, draw % self.draws + 1)
        return self._with(self.packages, self.payoffs[..., pick], self.disagreement[:, pick],
                          self.floors[:, pick])  # fmt: skip

    def keep(self, packages: Sequence[str]) -> BargainingProblem:
        """Return the problem with only some of its packages.

        Parameters
        ----------
        packages : sequence of str

        Returns
        -------
        BargainingProblem

        Raises
        ------
        UnknownNameError
        """
        labels = Labels.of({"package": self.packages})
        index = [labels.action("package", name, where="keep") for name in packages]
        Labels.of({"package": tuple(packages)})
        return self._with(tuple(packages), self.payoffs[:, index], self.disagreement, self.floors)

    def rescaled(self, factor: npt.ArrayLike, shift: npt.ArrayLike) -> BargainingProblem:
        """Return the problem in other units: ``factor x payoff + shift`` for every player.

        Parameters
        ----------
        factor : array_like, float[P]
            Positive.
        shift : array_like, float[P]

        Returns
        -------
        BargainingProblem
            The same problem to concepts that do not compare utilities between players.

        Raises
        ------
        InvalidGameError
            If a factor is not positive.
        """
        by = player_numbers("factor", self.players, factor)
        plus = player_numbers("shift", self.players, shift)
        if not (by > 0).all():
            raise InvalidGameError(f"factor: positive numbers were expected, given {factor!r}")
        return self._with(
            self.packages,
            by[:, None] * self.payoffs + plus[:, None],
            by * self.disagreement + plus,
            by * self.floors + plus,
        )

    def __repr__(self) -> str:
        kind = "lotteries over" if self.lotteries else "one of"
        return (
            f"BargainingProblem({', '.join(self.players)}; {kind} {len(self.packages)} package"
            f"{'s' if len(self.packages) != 1 else ''}; {self.draws} draw{'s' if self.draws != 1 else ''})"
        )

    def _with(
        self, packages: tuple[str, ...], payoffs: Floats, disagreement: Floats, floors: Floats
    ) -> BargainingProblem:
        copy = object.__new__(BargainingProblem)
        for name, value in {
            "players": self.players,
            "packages": packages,
            "payoffs": read_only(payoffs),
            "disagreement": read_only(disagreement),
            "floors": read_only(floors),
            "lotteries": self.lotteries,
        }.items():
            object.__setattr__(copy, name, value)
        return copy
