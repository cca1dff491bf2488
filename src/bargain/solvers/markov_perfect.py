"""Markov perfect equilibria of stochastic games, batched over draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from bargain.axes import Bools, Floats, Ints
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.labels import Labels
from bargain.games.stochastic import StochasticGame
from bargain.solvers.markov_branch import logit_branch_equilibrium
from bargain.solvers.markov_policy import MixedPlay, Policy, evaluate, residuals
from bargain.solvers.markov_solution import MarkovSolution
from bargain.solvers.solution import Codes, Status
from bargain.solvers.stage_choice import Doubts, StageChoice, choose_mixed, choose_nearest, choose_pure

__all__ = ["MarkovPerfect"]

_CELL = 8192  # draws solved at once
_CACHED = (
    1 << 20
)  # numbers in the stage games that are looked at together: more of them no longer fit the cache
_WARM = 10  # periods by which play for ever is approached from its end before exact steps
_EXACT = 40  # exact steps before the slow ones
_LENGTH = 5  # steps along a path of logit responses, for each iteration of the other slow methods
_BETTER = 1e-12  # of the largest value: what an action must gain to replace another
_TIE = 1e-10  # of the largest value: actions closer than that are tied


@dataclass(frozen=True)
class MarkovPerfect:
    """An equilibrium in which play depends on the state alone, in every draw [MaskinTirole2001]_.

    Parameters
    ----------
    default : mapping of state to outcome, optional
        What is in force if nobody acts, for states where that means anything: a mapping of player to action,
        actions in player order, or the action of the only player. It is played wherever it is an equilibrium
        of the stage.
    tolerance : float, default 1e-9
        Largest gain from acting otherwise once that counts as none, in units of the largest value of the
        draw.
    iterations : int, default 200
        Of each slow method, at most; five steps along a path count as one.

    Raises
    ------
    InvalidArgumentError
        If a number is out of bounds.

    Notes
    -----
    The *stage game* of a state has its payoffs with what follows added.

    =====================  =============================================================================
    game                   method
    =====================  =============================================================================
    with a horizon         backward induction on stage games
    one player chooses     policy iteration with exact solution of the linear equations [Howard1960]_;
                           the values of that player are the only ones
    several, without end   the default in all states, if that is an equilibrium; where it is not, ten
                           periods of backward induction, then steps that value the chosen policy for
                           ever by its linear equations [PollatschekAviItzhak1969]_; where these go in
                           circles, value iteration [Shapley1953b]_, and the same again with the
                           equilibrium nearest to the last one in place of the rule below; in the end,
                           draw by draw, the path of logit responses [EibelshaeuserPoensgen2019]_
    =====================  =============================================================================

    A stage game with several equilibria needs a rule, and it is: the default if it is an equilibrium; else
    the first pure one in order of the outcomes; where there is no pure one, the first mixed one that
    `AllNash` lists.

    The status of a draw says

    - SOLVED: the values are the only ones. So it is for one player (the tied actions of DEGENERATE draws
      aside); for two whose payoffs add to zero; with a horizon, if every stage game in every period has one
      equilibrium; and if nobody's actions change what comes next and every stage game has one equilibrium.
    - DEGENERATE: one player chooses and is indifferent between actions; its values are the only ones.
    - INCOMPLETE: this is an equilibrium; there are, or may be, others. `selected` says in which draws the
      rule above had to choose.
    - FAILED: none was found; what is listed is not one, and `gain` says by how much.

    Whatever the method, `gain` and `bellman` of the result are computed afterwards from the game, the
    policy and the values.

    Examples
    --------
    Two states in which two governments play the prisoners' dilemma; mutual defection brings a crisis.

    >>> import bargain as bg
    >>> payoffs = {"calm": [[[3, 0], [3.5, 1]], [[3, 3.5], [0, 1]]]}
    >>> payoffs["crisis"] = [[[1, -2], [0, -2]], [[1, 0], [-2, -2]]]
    >>> chance = [[[1, 0], [0.5, 0.5]], [[0.5, 0.5], [0, 1]]]
    >>> game = bg.StochasticGame(
    ...     {"A": ("C", "D"), "B": ("C", "D")}, payoffs, {"calm": chance, "crisis": chance},
    ...     states=("calm", "crisis"), discount=0.8,
    ... )
    >>> solver = bg.MarkovPerfect(default={"calm": ("C", "C"), "crisis": ("C", "C")})
    >>> print(solver.solve(game).to_frame().to_string())
               A               B
           value    C    D value    C    D
    calm    15.0  1.0  0.0  15.0  1.0  0.0
    crisis  13.0  1.0  0.0  13.0  1.0  0.0
    """

    games: ClassVar[tuple[type, ...]] = (StochasticGame,)

    default: Mapping[str, Any] | None = field(default=None, hash=False)
    tolerance: float = 1e-9
    iterations: int = 200

    def __post_init__(self) -> None:
        if not 0 < self.tolerance < 1:
            raise InvalidArgumentError(
                f"MarkovPerfect: tolerance: between 0 and 1 was expected, given {self.tolerance}"
            )
        if not self.iterations >= 0:
            raise InvalidArgumentError(
                f"MarkovPerfect: iterations: at least 0 was expected, given {self.iterations}"
            )

    def solve(self, game: StochasticGame) -> MarkovSolution:
        """Return one equilibrium of every draw.

        Parameters
        ----------
        game : StochasticGame

        Returns
        -------
        MarkovSolution

        Raises
        ------
        InvalidArgumentError
            If it is no such game.
        UnknownNameError
            If the default names a state, player or action that is not there.
        """
        if not isinstance(game, StochasticGame):
            raise InvalidArgumentError(f"a StochasticGame was expected, given {type(game).__name__}")
        default = self._default(game)
        parts = [
            self._cell(game[start : start + _CELL] if game.draws > _CELL else game, default)
            for start in range(0, game.draws, _CELL)
        ]
        return MarkovSolution(
            game,
            self,
            np.concatenate([part.values for part in parts], axis=2),
            Policy.joined([part.policy for part in parts]),
            np.concatenate([part.selected for part in parts]),
            np.concatenate([part.codes for part in parts]),
        )

    def _default(self, game: StochasticGame) -> list[int | None]:
        numbers: list[int | None] = [None] * len(game.states)
        for name, given in (self.default or {}).items():
            state = game.state(name, where="default")
            labels = game.labels[state]
            numbers[state] = _available(labels, (given,) if isinstance(given, str) else given)
        return numbers

    def _cell(self, game: StochasticGame, default: list[int | None]) -> _Part:
        if game.horizon is not None:
            return _backward(game, default)
        if len(game.controllers) <= 1:
            return self._one_controller(game, default)
        return self._for_ever(game, default)

    def _one_controller(self, game: StochasticGame, default: list[int | None]) -> _Part:
        """Howard's policy iteration: improve wherever it pays, value exactly, until it pays nowhere."""
        states, draws = len(game.states), game.draws
        who = game.players.index(game.controllers[0]) if game.controllers else 0
        policy = Policy.empty(1, game)
        for state in range(states):
            own = game.payoffs[state][who].reshape(-1, draws)
            start = default[state]
            policy.pure[0, state] = own.argmax(axis=0) if start is None else start
        values = np.empty((len(game.players), states, draws))
        tied = np.zeros(draws, dtype=np.bool_)
        active = np.arange(draws)
        # Each step improves the policy strictly, so that none returns; the bound is never met in practice.
        for _ in range(10_000):
            part = game if active.size == draws else game[active]
            now = evaluate(part, policy.take(active))
            values[:, :, active] = now
            size = np.abs(now[who]).max(axis=0) + 1e-300
            changed = np.zeros(active.size, dtype=np.bool_)
            close = np.zeros(active.size, dtype=np.bool_)
            worth = part.continuations(now)
            for state in range(states):
                own = part.stage_payoffs(state, worth)[who].reshape(-1, active.size)
                current = policy.pure[0, state, active].astype(np.int64)
                held = np.take_along_axis(own, current[None], axis=0)[0]
                best = own.argmax(axis=0)
                better = own.max(axis=0) > held + _BETTER * size
                policy.pure[0, state, active] = np.where(better, best, current)
                changed |= better
                close |= (own >= held - _TIE * size).sum(axis=0) > 1
            done = active[~changed]
            tied[done] = close[~changed]
            active = active[changed]
            if not active.size:
                break
        codes = np.where(tied, np.int8(Status.DEGENERATE), np.int8(Status.SOLVED))
        codes[active] = Status.FAILED
        return _Part(values, policy, tied, codes)

    def _for_ever(self, game: StochasticGame, default: list[int | None]) -> _Part:
        """Several players without end: exact steps first, slow ones where they go in circles."""
        draws = game.draws
        no = np.zeros(draws, dtype=np.bool_)
        values = np.zeros((len(game.players), len(game.states), draws))
        policy = Policy.empty(1, game)
        for _ in range(_WARM):
            values, _ = _period(game, values, policy, 0, default)
        warm = values.copy()
        active = self._status_quo(game, policy, values, default)
        for _ in range(_EXACT):
            active = self._settle(game, policy, values, active) if active.size else active
            if not active.size:
                break
            self._step(game, policy, values, active, default)
        if active.size:
            values[:, :, active] = warm[:, :, active]
            active = self._slowly(game, policy, values, active, default)
        if active.size and self.iterations:
            active = self._by_branch(game, policy, values, active)
        if active.size:
            values[:, :, active] = evaluate(game[active], policy.take(active))
        failed = no.copy()
        failed[active] = True
        several = _several(game, values)
        unique = ~several if _detached(game) else no
        if _zero_sum(game):
            unique = ~no
        codes = np.where(unique, np.int8(Status.SOLVED), np.int8(Status.INCOMPLETE))
        codes[failed] = Status.FAILED
        return _Part(values, policy, several, codes)

    def _status_quo(
        self, game: StochasticGame, policy: Policy, values: Floats, default: list[int | None]
    ) -> Ints:
        """Try the default in all states at once; return the draws in which somebody would deviate."""
        chosen = Policy.empty(1, game)
        for state, labels in enumerate(game.labels):
            number = default[state]
            if number is None and labels.size > 1:
                return np.arange(game.draws)
            chosen.pure[0, state] = number or 0
        tried = np.empty_like(values)
        left = self._settle(game, chosen, tried, np.arange(game.draws))
        kept = np.setdiff1d(np.arange(game.draws), left)
        values[:, :, kept] = tried[:, :, kept]
        policy.put(kept, chosen.take(kept))
        return left

    def _settle(
        self, game: StochasticGame, policy: Policy, values: Floats, active: Ints, *, strict: bool = True
    ) -> Ints:
        """Value the policy of some draws for ever, in place; return those in which somebody would deviate."""
        part, chosen = game[active], policy.take(active)
        exact = evaluate(part, chosen)
        gain, _ = residuals(part, chosen, exact)
        values[:, :, active] = exact
        # Pure play is settled to rounding, so that it changes exactly where somebody comes to prefer another.
        pure = (chosen.pure >= 0).all(axis=(0, 1))
        bound = np.where(pure & strict, min(_BETTER, self.tolerance), self.tolerance)
        settled = gain <= bound * (np.abs(exact).max(axis=(0, 1)) + 1e-300)
        left: Ints = active[~settled]
        return left

    def _slowly(
        self, game: StochasticGame, policy: Policy, values: Floats, active: Ints, default: list[int | None]
    ) -> Ints:
        """Iterate on values by the rule, then by exact and by slow steps that stick to what was played.

        Exact steps come every tenth time, on trial. Returns the draws that do not settle.
        """
        for stick, exact in ((False, False), (True, True), (True, False)):
            steps = _EXACT if exact else self.iterations
            for step in range(steps):
                before = values[:, :, active]
                self._step(game, policy, values, active, default, stick=stick)
                if stick and not exact:
                    values[:, :, active] = (before + values[:, :, active]) / 2
                if exact or step % 10 == 9 or step == steps - 1:
                    held = values[:, :, active]
                    left = self._settle(game, policy, values, active, strict=False)
                    if not exact:
                        values[:, :, left] = held[:, :, np.searchsorted(active, left)]
                    active = left
                    if not active.size:
                        return active
        return active

    def _by_branch(self, game: StochasticGame, policy: Policy, values: Floats, active: Ints) -> Ints:
        """Follow logit responses draw by draw; return those in which that leads to no equilibrium."""
        for draw in active:
            found = logit_branch_equilibrium(game[int(draw)], _LENGTH * self.iterations, self.tolerance)
            if found is not None:
                policy.put(np.array([draw]), Policy.of_strategies(game, found[0]))
        return self._settle(game, policy, values, active, strict=False)

    @staticmethod
    def _step(
        game: StochasticGame,
        policy: Policy,
        values: Floats,
        active: Ints,
        default: list[int | None],
        *,
        stick: bool = False,
    ) -> None:
        """Choose in every state given the values of some draws, in place."""
        part = game[active]
        chosen = Policy.empty(1, part)
        played = policy.take(active) if stick else None
        values[:, :, active], _ = _period(part, values[:, :, active], chosen, 0, default, played=played)
        policy.put(active, chosen)


@dataclass(frozen=True, eq=False)
class _Part:
    """The answer for some draws."""

    values: Floats
    policy: Policy
    selected: Bools
    codes: Codes


def _available(labels: Labels, outcome: Mapping[str, str] | Sequence[str]) -> int | None:
    """Return the number of an outcome, or None if a held player has another action left."""
    try:
        return labels.outcome(outcome)
    except UnknownNameError:
        if any(size == 1 for size in labels.shape):
            return None
        raise


def _backward(game: StochasticGame, default: list[int | None]) -> _Part:
    assert game.horizon is not None  # noqa: S101 - for the type checker
    policy = Policy.empty(game.horizon, game)
    values: Floats = game.terminal
    failed, doubts = np.zeros(game.draws, dtype=np.bool_), Doubts(game.draws)
    for period in reversed(range(game.horizon)):
        values, lost = _period(game, values, policy, period, default, doubts)
        failed |= lost
    selected = doubts.several()
    alone = len(game.controllers) <= 1
    several_code = np.int8(Status.DEGENERATE if alone else Status.INCOMPLETE)
    codes = np.where(selected, several_code, np.int8(Status.SOLVED))
    if not alone and _zero_sum(game):
        codes[:] = Status.SOLVED
    codes[failed] = Status.FAILED
    return _Part(values, policy, selected, codes)


def _period(
    game: StochasticGame,
    ahead: Floats,
    policy: Policy,
    period: int,
    default: list[int | None],
    doubts: Doubts | None = None,
    played: Policy | None = None,
) -> tuple[Floats, Bools]:
    """Choose in every state, given what the next period is worth; write the policy in place.

    Returns the values, and in which draws no equilibrium was found. The doubts are told where there may be
    several.
    """
    draws = game.draws
    values = np.empty(ahead.shape)
    known = np.array(ahead)
    failed = np.zeros(draws, dtype=np.bool_)
    rounds = (True, False) if game.immediate.any() else (False,)
    for at_once in rounds:
        worth = game.continuations(known)
        for states in _alike(game, np.flatnonzero(game.immediate == at_once).tolist(), default):
            if played is None:
                choice = _by_rule(game, worth, states, default[states[0]], doubts)
            else:
                plays = [played.strategies(game, 0, state) for state in states]
                joined = [np.concatenate(columns, axis=1) for columns in zip(*plays, strict=True)]
                stage = np.concatenate([game.stage_payoffs(state, worth) for state in states], axis=-1)
                choice = choose_nearest(stage, game.labels[states[0]], joined)
            failed |= choice.failed.reshape(-1, draws).any(axis=0)
            for place, state in enumerate(states):
                cell = slice(place * draws, (place + 1) * draws)
                policy.pure[period, state] = choice.pure[cell]
                values[:, state] = choice.values[:, cell]
                policy.mixed.pop((period, state), None)
                if choice.mixed is not None:
                    mine = np.flatnonzero((choice.mixed.draw >= cell.start) & (choice.mixed.draw < cell.stop))
                    if mine.size:
                        policy.mixed[period, state] = MixedPlay(
                            choice.mixed.draw[mine] - cell.start,
                            tuple(strategy[:, mine] for strategy in choice.mixed.strategies),
                        )
        if at_once:
            known[:, game.immediate] = values[:, game.immediate]
    return values, failed


def _by_rule(
    game: StochasticGame,
    worth: Sequence[Floats],
    states: list[int],
    default: int | None,
    doubts: Doubts | None,
) -> StageChoice:
    """Choose by the rule in states with the same actions and default, one batch of draws behind the other.

    Stage games are made for as many draws as the cache holds; only those without a pure equilibrium are kept.
    """
    players, draws, labels = len(game.players), game.draws, game.labels[states[0]]
    pure = np.empty((len(states), draws), dtype=np.int16)
    values = np.empty((players, len(states), draws))
    width = max(1, _CACHED // (players * labels.size * len(states)))
    rest: list[Floats] = []
    places: list[Ints] = []
    for start in range(0, draws, width):
        cell = slice(start, min(start + width, draws))
        count = cell.stop - start
        batch = np.empty((players, labels.size, len(states), count))
        for row, state in enumerate(states):
            own = game.payoffs[state].reshape(players, labels.size, draws)
            for outcome, number in enumerate(game.moves[state].ravel().tolist()):
                np.add(own[:, outcome, cell], worth[number][:, cell], out=batch[:, outcome, row])
        stage = batch.reshape(players, *labels.shape, -1)
        chosen, reached, number_of = choose_pure(stage, default)
        pure[:, cell] = chosen.reshape(-1, count)
        values[:, :, cell] = reached.reshape(players, -1, count)
        if doubts is not None:
            doubts.look(stage, labels, number_of, np.tile(np.arange(start, cell.stop), len(states)))
        none = np.flatnonzero(number_of == 0)
        if none.size:
            rest.append(stage.take(none, axis=-1))
            places.append(none // count * draws + start + none % count)
    choice = StageChoice(pure.ravel(), None, values.reshape(players, -1), np.zeros(pure.size, dtype=np.bool_))
    if not rest:
        return choice
    place = np.concatenate(places)
    order = place.argsort()
    place = place[order]
    mixed, several = choose_mixed(np.concatenate(rest, axis=-1)[..., order], labels)
    if doubts is not None:
        doubts.add(place[several] % draws)
    choice.pure[place] = mixed.pure
    choice.values[:, place] = mixed.values
    choice.failed[place] = mixed.failed
    play = mixed.mixed
    return replace(choice, mixed=MixedPlay(place[play.draw], play.strategies) if play else None)


def _alike(game: StochasticGame, states: list[int], default: list[int | None]) -> list[list[int]]:
    """Group states in which the same can be done: their stage games are solved as one batch."""
    groups: dict[tuple[Labels, int | None], list[int]] = {}
    for state in states:
        groups.setdefault((game.labels[state], default[state]), []).append(state)
    return list(groups.values())


def _several(game: StochasticGame, values: Floats) -> Bools:
    """Say in which draws a stage game, given the values, has several equilibria, bool[N]."""
    doubts = Doubts(game.draws)
    worth = game.continuations(values)
    for state, labels in enumerate(game.labels):
        if labels.size > 1:
            stage = game.stage_payoffs(state, worth)
            _, _, number = choose_pure(stage, None)
            doubts.look(stage, labels, number, np.arange(game.draws))
            none = np.flatnonzero(number == 0)
            if none.size:
                _, several = choose_mixed(stage.take(none, axis=-1), labels)
                doubts.add(none[several])
    return doubts.several()


def _detached(game: StochasticGame) -> bool:
    """Say whether nobody's actions change what comes next."""
    return all(bool((moves == moves.ravel()[0]).all()) for moves in game.moves)


def _zero_sum(game: StochasticGame) -> bool:
    """Say whether two players' payoffs add to zero and they discount alike, in all draws."""
    if len(game.players) != 2 or not (game.discount[0] == game.discount[1]).all():
        return False
    if not (game.terminal[0] == -game.terminal[1]).all():
        return False
    return all(bool((own[0] == -own[1]).all()) for own in game.payoffs)
