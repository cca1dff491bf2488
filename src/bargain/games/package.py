"""Issues on one table: what each way to settle them is worth to whom, and who can settle which alone."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bargain.axes import Floats, Ints, read_only
from bargain.errors import InvalidGameError, UnknownNameError
from bargain.games.bargaining import BargainingProblem
from bargain.games.coalition import CoalitionalGame
from bargain.games.labels import Labels
from bargain.games.normal import NormalForm

__all__ = ["PackageGame"]

_NOTHING = "nothing"


@dataclass(frozen=True, init=False, eq=False)
class PackageGame:
    """A dispute over several issues, with and without agreement; batched over draws.

    Without agreement each player settles the issues that it decides alone, and all others stay as they are:
    a game in normal form, `alone`. Its equilibrium is the disagreement point of the bargain over packages,
    `problem`, in which everything may be settled together.

    Parameters
    ----------
    players : sequence of str, length P
    issues : mapping of str to sequence of str, length I
        The options of each issue; the first one is how it stands.
    payoffs : array_like, float[P, options...] or float[P, options..., N]
        What each way to settle all issues is worth to each player, in its own units.
    parties : mapping of str to sequence of str, optional
        Whose consent each issue takes. One with a single party is decided by it if there is no agreement.
        Issues that are not named take the consent of all.
    tactics : sequence of str, optional
        Issues of a single party that are means in the dispute and not to be bargained over, such as pressing
        an ally: an agreement with that party puts them back to the first option.

    Attributes
    ----------
    players : tuple of str
    labels : Labels
        Issues as players, and options as their actions.
    payoffs : float[P, options..., N]
        Read-only.
    parties : dict of str to tuple of str
    tactics : tuple of str

    Raises
    ------
    InvalidGameError
        If names are empty or repeated, shapes do not fit, payoffs are not finite or a tactic has several
        parties.
    UnknownNameError

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.PackageGame(
    ...     ("A", "B"),
    ...     {"border": ("closed", "open"), "loan": ("none", "granted")},
    ...     [[[0, 3], [-1, 2]], [[0, -1], [3, 2]]],
    ...     parties={"border": ["A"], "loan": ["B"]},
    ... )
    >>> print(bg.PackageBargaining().solve(game).to_frame().to_string())
                              agreement    A    B
    draw
    0     border: open, loan: granted 1  2.0  2.0
    """

    players: tuple[str, ...]
    labels: Labels
    payoffs: Floats
    parties: dict[str, tuple[str, ...]]
    tactics: tuple[str, ...]

    def __init__(
        self,
        players: Sequence[str],
        issues: Mapping[str, Sequence[str]] | Labels,
        payoffs: npt.ArrayLike,
        *,
        parties: Mapping[str, Sequence[str]] | None = None,
        tactics: Sequence[str] = (),
    ) -> None:
        names = tuple(players)
        Labels(names, tuple((_NOTHING,) for _ in names))
        labels = Labels.of(issues)
        array = np.array(payoffs, dtype=np.float64)
        shape = (len(names), *labels.shape)
        if array.ndim == len(shape):
            array = array[..., None]
        if array.shape[:-1] != shape or not array.shape[-1]:
            raise InvalidGameError(
                f"PackageGame: payoffs: shape {shape}, players by options of each issue, or with draws behind"
                f" it, was expected; given {np.shape(payoffs)}"
            )
        if not np.isfinite(array).all():
            raise InvalidGameError("PackageGame: payoffs: finite numbers were expected")
        given = dict(parties or {})
        for issue in (*given, *tactics):
            if issue not in labels.players:
                raise UnknownNameError.of("issue", issue, labels.players, where="PackageGame")
        for player in (player for some in given.values() for player in some):
            if player not in names:
                raise UnknownNameError.of("player", player, names, where="PackageGame: parties")
        whose = {issue: tuple(given.get(issue, names)) for issue in labels.players}
        for issue in labels.players:
            if not whose[issue] or len(set(whose[issue])) != len(whose[issue]):
                raise InvalidGameError(
                    f"PackageGame: parties of {issue!r}: one or more players, each once, were expected, given"
                    f" {whose[issue]}"
                )
        for issue in tactics:
            if len(whose[issue]) != 1:
                raise InvalidGameError(
                    f"PackageGame: tactic {issue!r}: one party was expected, given {whose[issue]}"
                )
        for name, value in {
            "players": names,
            "labels": labels,
            "payoffs": read_only(array),
            "parties": whose,
            "tactics": tuple(tactics),
        }.items():
            object.__setattr__(self, name, value)

    @property
    def draws(self) -> int:
        """Number of disputes in the batch, ``N``."""
        return int(self.payoffs.shape[-1])

    @property
    def issues(self) -> tuple[str, ...]:
        """Names of the issues, tactics included."""
        return self.labels.players

    def __len__(self) -> int:
        return self.draws

    @property
    def alone(self) -> NormalForm:
        """The game without agreement: each player settles what it decides alone, all at once.

        Actions are options joined by ``", "``, in the order of the issues; ``"nothing"`` for a player who
        decides no issue alone.
        """
        order = [issue for player in self.players for issue in self._own(player)]
        rest = [issue for issue in self.issues if issue not in order]
        axes = [1 + self.issues.index(issue) for issue in (*order, *rest)]
        table = self.payoffs.transpose(0, *axes, self.payoffs.ndim - 1)
        table = np.ascontiguousarray(table).reshape(
            len(self.players),
            *(self.labels.shape[self.issues.index(issue)] for issue in order),
            -1,
            self.draws,
        )[..., 0, :]
        actions = {player: self._actions(player) for player in self.players}
        return NormalForm(actions, table.reshape(len(self.players), *map(len, actions.values()), self.draws))

    def standing(self, outcome: Ints) -> Ints:
        """Return how issues stand after outcomes of `alone`.

        Parameters
        ----------
        outcome : int[N]
            Numbers of outcomes, in C order of the actions.

        Returns
        -------
        int[I, N]
            Number of the option of each issue.
        """
        taken = np.unravel_index(outcome, tuple(len(self._actions(player)) for player in self.players))
        result = np.zeros((len(self.issues), len(outcome)), dtype=np.int64)
        for player, action in zip(self.players, taken, strict=True):
            own = self._own(player)
            if own:
                sizes = tuple(len(self.labels.actions[self.issues.index(issue)]) for issue in own)
                for issue, option in zip(own, np.unravel_index(action, sizes), strict=True):
                    result[self.issues.index(issue)] = option
        return result

    def table(
        self, players: Sequence[str] | None = None, issues: Sequence[str] | None = None
    ) -> tuple[str, ...]:
        """Return the issues that some players can settle among themselves.

        Parameters
        ----------
        players : sequence of str, optional
            All by default.
        issues : sequence of str, optional
            Only among these.

        Returns
        -------
        tuple of str
            Without tactics.

        Raises
        ------
        UnknownNameError
        """
        who = self._known_players(players)
        for issue in issues or ():
            self._issue(issue)
        return tuple(
            issue
            for issue in self.issues
            if issue not in self.tactics
            and set(self.parties[issue]) <= set(who)
            and (issues is None or issue in issues)
        )

    def problem(
        self,
        standing: npt.ArrayLike,
        *,
        players: Sequence[str] | None = None,
        issues: Sequence[str] | None = None,
        lotteries: bool = True,
    ) -> BargainingProblem:
        """Return the bargain over packages.

        Parameters
        ----------
        standing : array_like, int[I] or int[I, N]
            The option of each issue without agreement: the disagreement point. Issues that are not on the
            table stay so.
        players : sequence of str, optional
            Who bargains; all by default. The others look on.
        issues : sequence of str, optional
            What is on the table; by default all that those who bargain can settle among themselves.
        lotteries : bool, default True

        Returns
        -------
        BargainingProblem
            Packages are named ``"issue: option, issue: option"``.

        Raises
        ------
        InvalidGameError
            If an option does not exist or nothing is on the table.
        UnknownNameError
        """
        who = self._known_players(players)
        rows = [self.players.index(player) for player in who]
        ways = self.ways(standing, players=players, issues=issues)
        packages = {name: self.at(way)[rows] for name, way in ways.items()}
        return BargainingProblem(who, packages, self.at(standing)[rows], lotteries=lotteries)

    def ways(
        self,
        standing: npt.ArrayLike,
        *,
        players: Sequence[str] | None = None,
        issues: Sequence[str] | None = None,
    ) -> dict[str, Ints]:
        """Return how all issues are settled by each package.

        Parameters
        ----------
        standing, players, issues
            As for `problem`.

        Returns
        -------
        dict of package to int[I, N]
            Tactics of those who bargain are put back; what is not on the table stays as it stands.

        Raises
        ------
        InvalidGameError
            If an option does not exist or nothing is on the table.
        UnknownNameError
        """
        now = self._standing(standing)
        who = self._known_players(players)
        table = self.table(players, issues)
        if not table:
            raise InvalidGameError(
                f"PackageGame: nothing is on the table: {', '.join(who)} cannot settle"
                f" {', '.join(issues) if issues else 'any issue'} among themselves"
            )
        places = [self.issues.index(issue) for issue in table]
        calm = [self.issues.index(issue) for issue in self.tactics if self.parties[issue][0] in who]
        ways = {}
        for options in itertools.product(*(range(self.labels.shape[place]) for place in places)):
            settled = np.array(now)
            settled[calm] = 0
            settled[places] = np.array(options)[:, None]
            name = ", ".join(
                f"{issue}: {self.labels.actions[place][option]}"
                for issue, place, option in zip(table, places, options, strict=True)
            )
            ways[name] = settled
        return ways

    def at(self, options: npt.ArrayLike) -> Floats:
        """Return payoffs where issues are settled in a given way.

        Parameters
        ----------
        options : array_like, int[I] or int[I, N]

        Returns
        -------
        float[P, N]
        """
        chosen = self._standing(options)
        flat = self.payoffs.reshape(len(self.players), -1, self.draws)
        result: Floats = flat[
            :, np.ravel_multi_index(tuple(chosen), self.labels.shape), np.arange(self.draws)
        ]
        return result

    def coalitional(self, standing: npt.ArrayLike) -> CoalitionalGame:
        """Return what each group of players can make of the issues that it can settle by itself.

        The members choose options, tactics included, for the largest sum of their payoffs; all other issues
        stay as without agreement. Payoffs must be in one currency for that.

        Parameters
        ----------
        standing : array_like, int[I] or int[I, N]

        Returns
        -------
        CoalitionalGame
        """
        now = self._standing(standing)

        def worth(members: frozenset[str]) -> Floats:
            places = [place for place, issue in enumerate(self.issues) if set(self.parties[issue]) <= members]
            rows = [self.players.index(player) for player in sorted(members)]
            best: Floats = np.full(self.draws, -np.inf)
            for options in itertools.product(*(range(self.labels.shape[place]) for place in places)):
                settled = np.array(now)
                if places:
                    settled[places] = np.array(options)[:, None]
                best = np.maximum(best, self.at(settled)[rows].sum(axis=0))
            return best

        return CoalitionalGame.of_function(self.players, worth)

    def __getitem__(self, draws: Ints) -> PackageGame:
        """Return some draws, int[M]."""
        return PackageGame(
            self.players, self.labels, self.payoffs[..., draws], parties=self.parties, tactics=self.tactics
        )

    def __repr__(self) -> str:
        return (
            f"PackageGame({', '.join(self.players)}; {', '.join(self.issues)}; {self.draws}"
            f" draw{'s' if self.draws != 1 else ''})"
        )

    def _own(self, player: str) -> list[str]:
        return [issue for issue in self.issues if self.parties[issue] == (player,)]

    def _actions(self, player: str) -> tuple[str, ...]:
        own = [self.labels.actions[self.issues.index(issue)] for issue in self._own(player)]
        return tuple(", ".join(options) for options in itertools.product(*own)) if own else (_NOTHING,)

    def _issue(self, issue: str) -> int:
        if issue not in self.issues:
            raise UnknownNameError.of("issue", issue, self.issues, where="PackageGame")
        return self.issues.index(issue)

    def _known_players(self, players: Sequence[str] | None) -> tuple[str, ...]:
        who = self.players if players is None else tuple(players)
        for player in who:
            if player not in self.players:
                raise UnknownNameError.of("player", player, self.players, where="PackageGame")
        return who

    def _standing(self, options: npt.ArrayLike) -> Ints:
        given = np.asarray(options)
        given = given[:, None] if given.ndim == 1 else given
        sizes = np.array(self.labels.shape)[:, None]
        if (
            given.ndim != 2
            or given.shape[0] != len(self.issues)
            or given.shape[1] not in {1, self.draws}
            or not np.issubdtype(given.dtype, np.integer)
            or not ((given >= 0) & (given < sizes)).all()
        ):
            raise InvalidGameError(
                f"PackageGame: the number of an option of each of {', '.join(self.issues)} was expected, for"
                f" all or each of {self.draws} draws; given {options!r}"
            )
        return np.broadcast_to(given, (len(self.issues), self.draws))
