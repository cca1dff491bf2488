"""Stochastic games: what is played this period decides, with chance, what is played the next."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Bools, Floats, Ints, read_only
from bargain.errors import InvalidArgumentError, InvalidGameError, UnknownDrawError, UnknownNameError
from bargain.games.labels import Labels

__all__ = ["Lottery", "StochasticGame"]

_SUM = 1e-9  # by which probabilities may miss one
_MANY = 8  # next states of a lottery, from which on they are not added up one by one
_STAY = "stay"  # the only action of everybody in a state that lists none


@dataclass(frozen=True, eq=False)
class Lottery:
    """Where an outcome leads.

    Attributes
    ----------
    next : tuple of int
        Numbers of the states it may lead to.
    probability : float[n, N] or float[n, 1]
        Of each; one column stands for all draws.
    """

    next: tuple[int, ...]
    probability: Floats


@dataclass(frozen=True, init=False, eq=False)
class StochasticGame:
    """A batch of stochastic games with finitely many states [Shapley1953b]_ [Fink1964]_.

    In each period the players, who know the state, choose at once; their actions give payoffs and the
    chances of the next state. With one player that has a choice it is a Markov decision problem
    [Puterman1994]_.

    Parameters
    ----------
    actions : mapping of player to actions, or mapping of state to such a mapping
        The players must be the same in all states, the actions need not; one action is no choice.
    payoffs : float[P, S, A...] or float[P, S, A..., N], or mapping of state to float[P, A...(, N)]
        Per period. The array needs the same numbers of actions in all states.
    transitions : float[S, A..., S] or float[S, A..., S, N], or mapping of state to float[A..., S(, N)]
        Probabilities of the next state, in the order of the states.
    states : sequence of str, optional
        Names; needed where ``actions`` does not give them.
    discount : float, float[P], float[P, N], float[1, N] or mapping of player to float or float[N]
        Worth of a payoff of the next period, from 0 to below 1, or up to 1 with a horizon. One row stands for
        all players; of one player float[N] will do.
    horizon : int, optional
        Number of periods; without it the game goes on for ever.
    terminal : float[P, S] or float[P, S, N], optional
        What being in a state is worth after the last period; zero if not given. Needs a horizon.
    immediate : sequence of str, optional
        States that are entered within the period in which they are reached: no time passes and nothing is
        discounted on the way. They must not lead to each other.

    Attributes
    ----------
    players, states : tuple of str
    labels : tuple of Labels, length S
    payoffs : tuple of float[P, A..., N], length S
        Read-only.
    lotteries : tuple of Lottery
        The different ones.
    moves : tuple of int[A...], length S
        Which lottery each outcome leads to.
    discount : float[P, N]
    horizon : int or None
    terminal : float[P, S, N]
    immediate : bool[S]

    Raises
    ------
    InvalidGameError
        If shapes do not fit the labels, probabilities are negative or do not add to one, payoffs are not
        finite, or a discount factor is out of bounds.
    UnknownNameError
        If a state or player does not exist.

    See Also
    --------
    StochasticGame.of : the same from a nested mapping, which small games are easier to write in.

    Examples
    --------
    A machine that may break: running it earns 1, repairing costs 2.

    >>> import bargain as bg
    >>> game = bg.StochasticGame(
    ...     {"works": {"owner": ["run"]}, "broken": {"owner": ["leave", "repair"]}},
    ...     payoffs={"works": [[1]], "broken": [[0, -2]]},
    ...     transitions={"works": [[0.9, 0.1]], "broken": [[0, 1], [1, 0]]},
    ...     discount=0.9,
    ... )
    >>> solution = bg.MarkovPerfect().solve(game)
    >>> solution.strategy("owner", "broken")
    {'repair': 1.0}
    >>> print(solution.values[0, :, 0].round(4))
    [7.5229 4.7706]
    """

    players: tuple[str, ...]
    states: tuple[str, ...]
    labels: tuple[Labels, ...]
    payoffs: tuple[Floats, ...]
    lotteries: tuple[Lottery, ...]
    moves: tuple[Ints, ...]
    discount: Floats
    horizon: int | None
    terminal: Floats
    immediate: Bools

    def __init__(
        self,
        actions: Mapping[str, Any],
        payoffs: npt.ArrayLike | Mapping[str, npt.ArrayLike],
        transitions: npt.ArrayLike | Mapping[str, npt.ArrayLike],
        *,
        discount: npt.ArrayLike | Mapping[str, npt.ArrayLike],
        states: Sequence[str] | None = None,
        horizon: int | None = None,
        terminal: npt.ArrayLike | None = None,
        immediate: Sequence[str] = (),
    ) -> None:
        names, labels = _labels(actions, states)
        stage = _split("payoffs", payoffs, names, axis=1)
        chances = _split("transitions", transitions, names, axis=0)
        shaped = [_payoffs(state, own, given) for state, own, given in zip(names, labels, stage, strict=True)]
        book = _Lotteries(names)
        moves = [
            _moves(book, state, own, given) for state, own, given in zip(names, labels, chances, strict=True)
        ]
        self._fill(names, labels, shaped, book, moves, discount, horizon, terminal, immediate)

    @classmethod
    def of(
        cls,
        players: str | Sequence[str],
        moves: Mapping[str, Any],
        *,
        discount: npt.ArrayLike | Mapping[str, npt.ArrayLike],
        horizon: int | None = None,
        terminal: Mapping[str, Any] | None = None,
        immediate: Sequence[str] = (),
    ) -> StochasticGame:
        """Build a game from what each outcome of each state gives and where it leads.

        Parameters
        ----------
        players : str or sequence of str
            One name for a Markov decision problem.
        moves : mapping of state to mapping of outcome to (payoffs, next)
            An outcome is the action of the only player or one action per player; all combinations must be
            there. Payoffs are one number for each player, a single number where there is one; next is a state
            or ``{state: probability}``. Numbers may be float[N], one for each draw. A state for which payoffs
            stand alone, or nothing (``{}``), is never left and gives these payoffs, or zero, each period.
        discount, horizon, immediate
            As for the class.
        terminal : mapping of state to payoffs, optional
            What being in a state is worth after the last period; zero for states that are not named.

        Returns
        -------
        StochasticGame

        Raises
        ------
        InvalidGameError
        UnknownNameError

        Examples
        --------
        A pact is renewed or denounced each year; a quarrel makes renewing costly.

        >>> import bargain as bg
        >>> game = bg.StochasticGame.of(
        ...     "ROK",
        ...     {
        ...         "calm": {"renew": (1, {"calm": 0.8, "quarrel": 0.2}), "denounce": (0, "ended")},
        ...         "quarrel": {"renew": (-1, {"calm": 0.5, "quarrel": 0.5}), "denounce": (2, "ended")},
        ...         "ended": {},
        ...     },
        ...     discount=0.9,
        ... )
        >>> print(bg.MarkovPerfect().solve(game).to_frame().round(4).to_string())
                    ROK
                  value renew denounce stay
        calm     5.0685   1.0      0.0  NaN
        quarrel  2.3288   1.0      0.0  NaN
        ended    0.0000   NaN      NaN  1.0
        """
        names = (players,) if isinstance(players, str) else tuple(players)
        states = tuple(moves)
        book = _Lotteries(states)
        labels, payoffs, numbers = [], [], []
        for state, outcomes in moves.items():
            own, rows = _outcomes(names, state, outcomes)
            labels.append(own)
            payoffs.append(_stacked(names, state, own, [row[0] for row in rows]))
            leads = [
                book.add(f"{state!r}, {'/'.join(outcome)}", row[1])
                for outcome, row in zip(own.outcomes, rows, strict=True)
            ]
            numbers.append(np.array(leads).reshape(own.shape))
        after = None
        if terminal is not None:
            for state in terminal:
                book.index(state, "terminal")
            ends = [
                _vector(names, f"terminal of {state!r}", terminal.get(state, [0.0] * len(names)))
                for state in states
            ]
            draws = max(end.shape[1] for end in ends)
            after = np.stack([np.broadcast_to(end, (len(names), draws)) for end in ends], axis=1)
        game = object.__new__(cls)
        game._fill(states, labels, payoffs, book, numbers, discount, horizon, after, immediate)
        return game

    @classmethod
    def assembled(
        cls,
        labels: Mapping[str, Labels],
        payoffs: Mapping[str, Floats],
        moves: Mapping[str, Sequence[Any]],
        *,
        discount: npt.ArrayLike | Mapping[str, npt.ArrayLike],
        horizon: int | None = None,
        immediate: Sequence[str] = (),
    ) -> StochasticGame:
        """Build a game from parts that a program has at hand; see `of` for one that people write.

        Parameters
        ----------
        labels : mapping of state to Labels
        payoffs : mapping of state to float[P, A..., N]
            Kept as they are: who hands them over must not change them.
        moves : mapping of state to one next state, or ``{state: probability}``, for each outcome in C order
            Mappings whose probabilities are the same objects make one lottery.
        discount, horizon, immediate
            As for the class.

        Returns
        -------
        StochasticGame

        Raises
        ------
        InvalidGameError
        UnknownNameError
        """
        states = tuple(labels)
        book = _Lotteries(states)
        numbers = []
        for state, own in labels.items():
            leads = [
                book.add(f"{state!r}, {'/'.join(outcome)}", lead)
                for outcome, lead in zip(own.outcomes, moves[state], strict=True)
            ]
            numbers.append(np.array(leads).reshape(own.shape))
        stage = [_payoffs(state, own, payoffs[state], owned=True) for state, own in labels.items()]
        game = object.__new__(cls)
        game._fill(states, list(labels.values()), stage, book, numbers, discount, horizon, None, immediate)
        return game

    def _fill(
        self,
        states: tuple[str, ...],
        labels: list[Labels],
        payoffs: list[Floats],
        book: _Lotteries,
        moves: list[Ints],
        discount: npt.ArrayLike | Mapping[str, npt.ArrayLike],
        horizon: int | None,
        terminal: npt.ArrayLike | None,
        immediate: Sequence[str],
    ) -> None:
        players = labels[0].players
        rate = _discount(players, discount, horizon)
        after = _terminal(len(players), len(states), terminal, horizon)
        sizes = {array.shape[-1] for array in (*payoffs, rate, after, *book.columns)} - {1}
        if len(sizes) > 1:
            raise InvalidGameError(
                f"StochasticGame: payoffs, transitions, discount and terminal have different numbers of"
                f" draws: {', '.join(map(str, sorted(sizes)))}"
            )
        draws = sizes.pop() if sizes else 1
        at_once = np.zeros(len(states), dtype=np.bool_)
        if isinstance(immediate, str):
            immediate = (immediate,)
        for state in immediate:
            at_once[book.index(state, "immediate")] = True
        lotteries = tuple(book.lotteries)
        for place in np.flatnonzero(at_once).tolist():
            for number in np.unique(moves[place]).tolist():
                ahead = [target for target in lotteries[number].next if at_once[target]]
                if ahead:
                    raise InvalidGameError(
                        f"StochasticGame: immediate state {states[place]!r} leads to {states[ahead[0]]!r},"
                        f" which is immediate too"
                    )
        if at_once.all():
            raise InvalidGameError("StochasticGame: not all states can be immediate")
        values = {
            "players": players,
            "states": states,
            "labels": tuple(labels),
            "payoffs": tuple(_spread(array, draws) for array in payoffs),
            "lotteries": lotteries,
            "moves": tuple(read_only(array) for array in moves),
            "discount": _spread(rate, draws),
            "horizon": horizon,
            "terminal": _spread(after, draws),
            "immediate": read_only(at_once),
        }
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @property
    def draws(self) -> int:
        """Number of games in the batch, ``N``."""
        return int(self.discount.shape[1])

    def __len__(self) -> int:
        return self.draws

    @property
    def controllers(self) -> tuple[str, ...]:
        """The players that have a choice in some state."""
        return tuple(
            name
            for player, name in enumerate(self.players)
            if any(own.shape[player] > 1 for own in self.labels)
        )

    def state(self, name: str, *, where: str = "") -> int:
        """Return the number of a state.

        Parameters
        ----------
        name : str
        where : str, optional
            Named in the error.

        Returns
        -------
        int

        Raises
        ------
        UnknownNameError
        """
        if name not in self.states:
            raise UnknownNameError.of("state", name, self.states, where=where)
        return self.states.index(name)

    def __getitem__(self, draw: int | slice | Ints) -> StochasticGame:
        """Return the game of one draw, or the batch of several.

        Parameters
        ----------
        draw : int, slice or array of int
            Counted from the end where negative.

        Returns
        -------
        StochasticGame

        Raises
        ------
        UnknownDrawError
        """
        if isinstance(draw, int | np.integer):
            if not -self.draws <= draw < self.draws:
                raise UnknownDrawError(f"draw: one of {self.draws} draws was expected, given {draw}")
            draw = slice(int(draw) % self.draws, int(draw) % self.draws + 1)
        picked = object.__new__(StochasticGame)
        lotteries = tuple(
            lottery
            if lottery.probability.shape[1] == 1
            else Lottery(lottery.next, read_only(lottery.probability[:, draw]))
            for lottery in self.lotteries
        )
        for name in ("players", "states", "labels", "moves", "horizon", "immediate"):
            object.__setattr__(picked, name, getattr(self, name))
        object.__setattr__(picked, "lotteries", lotteries)
        object.__setattr__(picked, "payoffs", tuple(read_only(own[..., draw]) for own in self.payoffs))
        object.__setattr__(picked, "discount", read_only(self.discount[:, draw]))
        object.__setattr__(picked, "terminal", read_only(self.terminal[..., draw]))
        return picked

    def hold(self, fix: Mapping[str, str | Mapping[str, str]]) -> StochasticGame:
        """Hold players to actions: the policy experiment *do(player = action)*.

        Parameters
        ----------
        fix : mapping of player to action, or to ``{state: action}``
            An action alone holds the player in every state in which it has that action.

        Returns
        -------
        StochasticGame
            In which a held player has that single action left where it is held.

        Raises
        ------
        UnknownNameError
            If there is no such player, state or action.
        """
        labels, payoffs, moves = list(self.labels), list(self.payoffs), list(self.moves)
        for player, rule in fix.items():
            self.labels[0].player(player, where="fix")
            if isinstance(rule, Mapping):
                chosen = {self.state(state, where="fix"): action for state, action in rule.items()}
            else:
                axis = self.players.index(player)
                chosen = {number: rule for number, own in enumerate(self.labels) if rule in own.actions[axis]}
                if not chosen:
                    known = dict.fromkeys(name for own in self.labels for name in own.actions[axis])
                    raise UnknownNameError.of(f"action of {player!r}", rule, known, where="fix")
            for number, action in chosen.items():
                labels[number], index = labels[number].hold({player: action})
                payoffs[number] = read_only(payoffs[number][(slice(None), *index)])
                moves[number] = read_only(moves[number][index])
        held = object.__new__(StochasticGame)
        for name in ("players", "states", "lotteries", "discount", "horizon", "terminal", "immediate"):
            object.__setattr__(held, name, getattr(self, name))
        for name, value in (("labels", labels), ("payoffs", payoffs), ("moves", moves)):
            object.__setattr__(held, name, tuple(value))
        return held

    def over(self, horizon: int | None) -> StochasticGame:
        """Return the same game over another number of periods.

        Parameters
        ----------
        horizon : int or None
            None for a game without end.

        Returns
        -------
        StochasticGame

        Raises
        ------
        InvalidGameError
        """
        _discount(self.players, self.discount, horizon)
        result = object.__new__(StochasticGame)
        for name in self.__dataclass_fields__:
            object.__setattr__(result, name, getattr(self, name))
        object.__setattr__(result, "horizon", horizon)
        if horizon is None:
            object.__setattr__(result, "terminal", read_only(np.zeros_like(self.terminal)))
        return result

    def continuations(self, values: Floats) -> list[Floats]:
        """Return what each lottery is worth, seen from the period in which it is played.

        Parameters
        ----------
        values : float[P, S, N]
            Of being in each state, seen from the period in which it is entered.

        Returns
        -------
        list of float[P, N]
            One for each lottery.
        """
        worth = []
        ahead: Floats | None = None
        for lottery in self.lotteries:
            if len(lottery.next) > _MANY:
                if ahead is None:
                    ahead = values * np.where(self.immediate[:, None], 1.0, self.discount[:, None])
                # One product where there are many states to add up.
                worth.append(np.einsum("psn,sn->pn", ahead[:, list(lottery.next)], lottery.probability))
                continue
            total: Floats | None = None
            for target, chance in zip(lottery.next, lottery.probability, strict=True):
                part = values[:, target] * chance
                if not self.immediate[target]:
                    part *= self.discount
                total = part if total is None else total + part
            worth.append(np.zeros(self.discount.shape) if total is None else total)
        return worth

    def stage_payoffs(self, state: int, worth: Sequence[Floats]) -> Floats:
        """Return a state's payoffs with what follows added.

        Parameters
        ----------
        state : int
        worth : sequence of float[P, N]
            From `continuations`.

        Returns
        -------
        float[P, A..., N]
        """
        own = self.payoffs[state]
        result = np.empty(own.shape)
        flat, given = (array.reshape(own.shape[0], -1, own.shape[-1]) for array in (result, own))
        for outcome, number in enumerate(self.moves[state].ravel().tolist()):
            np.add(given[:, outcome], worth[number], out=flat[:, outcome])
        return result

    def to_frame(self, draw: int = 0) -> pd.DataFrame:
        """Return one draw's payoffs and probabilities.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        pandas.DataFrame
            One row for each outcome of each state; columns ``("payoff", player)`` and ``("next", state)``.
        """
        game = self[draw]
        rows, index = [], []
        for number, (state, own) in enumerate(zip(self.states, self.labels, strict=True)):
            flat = game.payoffs[number].reshape(len(self.players), -1)
            for outcome, (actions, lead) in enumerate(
                zip(own.outcomes, self.moves[number].ravel(), strict=True)
            ):
                chances = np.zeros(len(self.states))
                lottery = game.lotteries[lead]
                chances[list(lottery.next)] = lottery.probability[:, 0]
                rows.append([*flat[:, outcome], *chances])
                index.append((state, *actions))
        columns = [
            *(("payoff", player) for player in self.players),
            *(("next", state) for state in self.states),
        ]
        return pd.DataFrame(
            np.array(rows),
            index=pd.MultiIndex.from_tuples(index, names=["state", *self.players]),
            columns=pd.MultiIndex.from_tuples(columns),
        )

    def __repr__(self) -> str:
        length = "without end" if self.horizon is None else f"{self.horizon} periods"
        draws = f"{self.draws} draw{'s' if self.draws != 1 else ''}"
        return (
            f"StochasticGame({' x '.join(self.players)}; {len(self.states)} states:"
            f" {', '.join(self.states[:6])}{', ...' if len(self.states) > 6 else ''}; {length}; {draws})"
        )


class _Lotteries:
    """The different lotteries met so far."""

    def __init__(self, states: tuple[str, ...]) -> None:
        self.states = states
        self.lotteries: list[Lottery] = []
        self._numbers: dict[Any, int] = {}
        self._kept: list[Any] = []  # so that no address is used twice

    @property
    def columns(self) -> list[Floats]:
        return [lottery.probability for lottery in self.lotteries]

    def index(self, state: Any, where: str) -> int:
        if state not in self.states:
            raise UnknownNameError.of("state", state, self.states, where=where)
        return self.states.index(state)

    def add(self, where: str, lead: Any) -> int:
        """Return the number of a lottery, given as a state or ``{state: probability}``."""
        if isinstance(lead, str):
            lead = {lead: 1.0}
        if not isinstance(lead, Mapping) or not lead:
            raise InvalidGameError(
                f"StochasticGame: {where}: a next state or {{state: probability}} was expected, given"
                f" {lead!r}"
            )
        targets = tuple(self.index(state, where) for state in lead)
        # Arrays of draws are told apart by address: comparing their numbers would take longer than solving.
        key = (targets, tuple(p if isinstance(p, int | float) else id(p) for p in lead.values()))
        if key not in self._numbers:
            self._kept.append(lead)
            self._numbers[key] = len(self.lotteries)
            self.lotteries.append(_lottery(where, targets, [_row(where, p) for p in lead.values()]))
        return self._numbers[key]

    def dense(self, where: str, chances: Floats) -> int:
        """Return the number of a lottery, given as float[S, N]."""
        targets = tuple(int(target) for target in np.flatnonzero((chances != 0).any(axis=1)))
        rows = chances[list(targets)]
        if rows.shape[1] > 1 and (rows == rows[:, :1]).all():
            rows = rows[:, :1]
        key = (targets, rows.shape, rows.tobytes())
        if key not in self._numbers:
            self._numbers[key] = len(self.lotteries)
            self.lotteries.append(_checked(where, targets, rows))
        return self._numbers[key]


def _lottery(where: str, targets: tuple[int, ...], rows: Sequence[Floats]) -> Lottery:
    draws = max((row.size for row in rows), default=1)
    if any(row.size not in (1, draws) for row in rows):
        raise InvalidGameError(f"StochasticGame: {where}: probabilities have different numbers of draws")
    chances = np.stack([np.broadcast_to(row, draws) for row in rows]) if rows else np.zeros((0, draws))
    return _checked(where, targets, chances)


def _checked(where: str, targets: tuple[int, ...], chances: Floats) -> Lottery:
    if not np.isfinite(chances).all() or (chances < 0).any():
        bad = chances[~np.isfinite(chances) | (chances < 0)][0]
        raise InvalidGameError(f"StochasticGame: {where}: a probability of the next state is {bad:.6g}")
    total = chances.sum(axis=0)
    wrong = np.abs(total - 1) > _SUM
    if wrong.any():
        draw = int(np.argmax(wrong))
        raise InvalidGameError(
            f"StochasticGame: {where}: probabilities of the next state add to {total[draw]:.9g} instead of 1"
            f" (draw {draw})"
        )
    return Lottery(targets, read_only(chances))


def _row(where: str, value: Any) -> Floats:
    try:
        row = np.atleast_1d(np.asarray(value, dtype=np.float64))
    except (TypeError, ValueError) as error:
        raise InvalidGameError(f"StochasticGame: {where}: numbers were expected, given {value!r}") from error
    if row.ndim != 1 or not row.size:
        raise InvalidGameError(
            f"StochasticGame: {where}: one number or float[N] was expected, given shape {row.shape}"
        )
    return row


def _spread(array: Floats, draws: int) -> Floats:
    result: Floats = read_only(np.broadcast_to(array, (*array.shape[:-1], draws)))
    return result


def _labels(actions: Any, states: Sequence[str] | None) -> tuple[tuple[str, ...], list[Labels]]:
    if not isinstance(actions, Mapping) or not actions:
        raise InvalidGameError(
            "StochasticGame: actions: {player: actions} or {state: {player: actions}} was expected, given"
            f" {actions!r}"
        )
    if all(isinstance(value, Mapping | Labels) for value in actions.values()):
        names = tuple(actions)
        if states is not None and tuple(states) != names:
            raise InvalidGameError(
                f"StochasticGame: states: {', '.join(map(str, states))} was given, but actions are of"
                f" {', '.join(names)}"
            )
        labels = [Labels.of(value) for value in actions.values()]
        for state, own in zip(names, labels, strict=True):
            if own.players != labels[0].players:
                raise InvalidGameError(
                    f"StochasticGame: the players of {state!r} are {', '.join(own.players)}; those of"
                    f" {names[0]!r} are {', '.join(labels[0].players)}"
                )
        return names, labels
    if states is None or isinstance(states, str) or not states:
        raise InvalidGameError(
            "StochasticGame: states: names were expected, as actions are given for all states at once"
        )
    if len(set(states)) < len(states):
        raise InvalidGameError(f"StochasticGame: states: a name stands twice in {', '.join(states)}")
    return tuple(states), [Labels.of(actions)] * len(states)


def _split(what: str, given: Any, states: tuple[str, ...], axis: int) -> list[Any]:
    """Return one array for each state."""
    if isinstance(given, Mapping):
        for state in given:
            if state not in states:
                raise UnknownNameError.of("state", state, states, where=what)
        missing = [state for state in states if state not in given]
        if missing:
            raise InvalidGameError(f"StochasticGame: {what}: none given for state {missing[0]!r}")
        return [given[state] for state in states]
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(
            f"StochasticGame: {what}: an array, or one for each state in a mapping, was expected ({error})"
        ) from error
    if array.ndim <= axis or array.shape[axis] != len(states):
        raise InvalidGameError(
            f"StochasticGame: {what}: {len(states)} states on axis {axis} were expected, given shape"
            f" {array.shape}"
        )
    return [array.take(number, axis=axis) for number in range(len(states))]


def _payoffs(state: str, labels: Labels, given: Any, *, owned: bool = False) -> Floats:
    expected = (len(labels.players), *labels.shape)
    try:
        array = np.array(given, dtype=np.float64, copy=None if owned else True)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(f"payoffs of {state!r}: numbers were expected ({error})") from error
    if array.shape == expected:
        array = array[..., None]
    if array.shape[:-1] != expected or array.shape[-1] == 0:
        raise InvalidGameError(
            f"payoffs of {state!r}: shape {expected} (player, then one axis per player's actions), or with"
            f" draws behind it, was expected, given {array.shape}"
        )
    _finite(f"payoffs of {state!r}", array)
    return array


def _finite(where: str, array: Floats) -> None:
    if not np.isfinite(array).all():
        bad = array[~np.isfinite(array)][0]
        raise InvalidGameError(f"StochasticGame: {where}: finite numbers were expected, given {bad}")


def _moves(book: _Lotteries, state: str, labels: Labels, given: Any) -> Ints:
    expected = (*labels.shape, len(book.states))
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise InvalidGameError(f"transitions of {state!r}: numbers were expected ({error})") from error
    if array.shape == expected:
        array = array[..., None]
    if array.shape[:-1] != expected or array.shape[-1] == 0:
        raise InvalidGameError(
            f"transitions of {state!r}: shape {expected} (one axis per player's actions, then the next"
            f" state), or with draws behind it, was expected, given {array.shape}"
        )
    flat = array.reshape(labels.size, len(book.states), -1)
    numbers = [
        book.dense(f"transitions of {state!r}, {'/'.join(outcome)}", rows)
        for outcome, rows in zip(labels.outcomes, flat, strict=True)
    ]
    return np.array(numbers).reshape(labels.shape)


def _discount(players: tuple[str, ...], given: Any, horizon: int | None) -> Floats:
    if horizon is not None and (
        isinstance(horizon, bool) or not isinstance(horizon, int | np.integer) or horizon < 1
    ):
        raise InvalidGameError(
            f"StochasticGame: horizon: a number of periods was expected, given {horizon!r}"
        )
    if isinstance(given, Mapping):
        for player in given:
            if player not in players:
                raise UnknownNameError.of("player", player, players, where="discount")
        missing = [player for player in players if player not in given]
        if missing:
            raise InvalidGameError(f"StochasticGame: discount: none given for {missing[0]!r}")
        rows = [_row(f"discount of {player!r}", given[player]) for player in players]
        draws = max(row.size for row in rows)
        rate = np.stack([np.broadcast_to(row, draws) for row in rows])
    else:
        try:
            rate = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise InvalidGameError(
                f"StochasticGame: discount: numbers were expected, given {given!r}"
            ) from error
        if rate.ndim == 0:
            rate = np.full((len(players), 1), rate)
        elif rate.ndim == 1 and len(players) == 1:
            rate = rate[None]
        elif rate.ndim == 1 and rate.size == len(players):
            rate = rate[:, None]
        if rate.ndim == 2 and rate.shape[0] == 1:
            rate = np.repeat(rate, len(players), axis=0)
        if rate.ndim != 2 or rate.shape[0] != len(players) or not rate.shape[1]:
            raise InvalidGameError(
                f"StochasticGame: discount: one number, float[{len(players)}] or float[{len(players)}, N] was"
                f" expected, given shape {rate.shape}"
            )
    valid = (rate >= 0) & ((rate < 1) if horizon is None else (rate <= 1))
    if not valid.all():
        player, draw = (int(place) for place in np.argwhere(~valid)[0])
        bound = "from 0 to below 1 without a horizon" if horizon is None else "from 0 to 1"
        raise InvalidGameError(
            f"StochasticGame: discount: {bound} was expected, given {rate[player, draw]:.6g} for"
            f" {players[player]!r}"
        )
    return rate


def _terminal(players: int, states: int, given: Any, horizon: int | None) -> Floats:
    if given is None:
        return np.zeros((players, states, 1))
    if horizon is None:
        raise InvalidGameError("StochasticGame: terminal: payoffs after the last period need a horizon")
    array = np.array(given, dtype=np.float64)
    if array.shape == (players, states):
        array = array[..., None]
    if array.ndim != 3 or array.shape[:2] != (players, states) or not array.shape[2]:
        raise InvalidGameError(
            f"StochasticGame: terminal: shape ({players}, {states}), players by states, or with draws behind"
            f" it, was expected, given {array.shape}"
        )
    _finite("terminal", array)
    return array


def _outcomes(players: tuple[str, ...], state: str, given: Any) -> tuple[Labels, list[tuple[Any, Any]]]:
    """Return a state's labels, and what each of its outcomes gives and leads to."""
    if not isinstance(given, Mapping) or not given:
        payoffs = [0.0] * len(players) if isinstance(given, Mapping) else given
        return Labels(players, ((_STAY,),) * len(players)), [(payoffs, state)]
    keyed = {(key,) if isinstance(key, str) else tuple(key): value for key, value in given.items()}
    for key in keyed:
        if len(key) != len(players):
            raise InvalidGameError(
                f"StochasticGame: {state!r}: an outcome is one action for each of {', '.join(players)}; given"
                f" {'/'.join(map(str, key))}"
            )
    labels = Labels(players, tuple(tuple(dict.fromkeys(column)) for column in zip(*keyed, strict=True)))
    rows = []
    for outcome in itertools.product(*labels.actions):
        if outcome not in keyed:
            raise InvalidGameError(f"StochasticGame: {state!r}: outcome {'/'.join(outcome)} is missing")
        row = keyed[outcome]
        if not isinstance(row, Sequence) or isinstance(row, str) or len(row) != 2:
            raise InvalidGameError(
                f"StochasticGame: {state!r}, {'/'.join(outcome)}: (payoffs, next state) was expected, given"
                f" {row!r}"
            )
        rows.append((row[0], row[1]))
    return labels, rows


def _stacked(players: tuple[str, ...], state: str, labels: Labels, given: Iterable[Any]) -> Floats:
    rows = [
        _vector(players, f"{state!r}, {'/'.join(outcome)}", row)
        for outcome, row in zip(labels.outcomes, given, strict=True)
    ]
    draws = max(row.shape[1] for row in rows)
    if any(row.shape[1] not in (1, draws) for row in rows):
        raise InvalidGameError(f"StochasticGame: {state!r}: payoffs have different numbers of draws")
    stacked = np.stack([np.broadcast_to(row, (len(players), draws)) for row in rows], axis=1)
    return stacked.reshape(len(players), *labels.shape, draws)


def _vector(players: tuple[str, ...], where: str, given: Any) -> Floats:
    """Return float[P, N] of one number, or float[N], for each player."""
    single = len(players) == 1 and not (isinstance(given, list | tuple) and len(given) == 1)
    entries = (
        {players[0]: given}
        if single
        else dict(given)
        if isinstance(given, Mapping)
        else dict(zip(players, given, strict=False))
        if isinstance(given, list | tuple | np.ndarray) and len(given) == len(players)
        else {}
    )
    if set(entries) != set(players):
        raise InvalidGameError(
            f"StochasticGame: {where}: one payoff for each of {', '.join(players)} was expected, given"
            f" {given!r}"
        )
    rows = [_row(where, entries[player]) for player in players]
    draws = max(row.size for row in rows)
    if any(row.size not in (1, draws) for row in rows):
        raise InvalidArgumentError(f"StochasticGame: {where}: payoffs have different numbers of draws")
    array = np.stack([np.broadcast_to(row, draws) for row in rows])
    _finite(where, array)
    return array
