"""Why: the gain of an action over its alternatives, divided among the declared terms that make it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import pandas as pd

from bargain.axes import Floats
from bargain.errors import UnknownNameError, UnsupportedGameError
from bargain.games.profiles import action_values, outcome_probabilities
from bargain.parameters import Distribution
from bargain.payoffs.model import PayoffModel
from bargain.payoffs.term import Term
from bargain.sensitivity.regions import DatedModel
from bargain.sensitivity.replies import Replies
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solution, Solver, Status
from bargain.solvers.subgame_perfect import SubgamePerfect
from bargain.sweep.task import Task

__all__ = ["Decomposition", "Objections", "decompose", "objections"]

_NEVER = 1e-9  # a smaller probability is none
_ALIKE = 1e-9  # a smaller gain, relative to the largest payoff, is none
_INTERVAL = (0.05, 0.95)


@dataclass(frozen=True, eq=False)
class Decomposition:
    """The equilibria of a setting, and which terms make each player's action better than its alternatives.

    Attributes
    ----------
    title : str
        Scenario and setting.
    profiles : tuple of str
        The equilibria.
    gains : pandas.DataFrame
        One row per equilibrium (from 1), player and alternative: ``action``, what the player does;
        ``alternative``; ``gain``, what it would lose by the alternative while the others do the same, in
        payoff units; ``best``, whether this is its best alternative. Over draws also ``low`` and ``high``,
        the 5 % and 95 % quantiles of the gain, and ``holds``, the share of draws in which it is not negative.
        Where moves have an order also ``answer``, what later movers do in reply to the alternative.
    terms : pandas.DataFrame
        One row per equilibrium, player, alternative and term that differs: ``term``, its name; ``formula``;
        ``contribution`` to the gain, in payoff units; ``why``; ``sources``, identifiers of evidence. Over
        draws also ``low`` and ``high``. Contributions add up to the gain.
    draws : int
        Behind the quantiles; 0 if there are none.
    status : Status
        What became of the search for equilibria.
    evidence : pandas.DataFrame
        What the terms rest on: ``statement`` and ``quality`` by identifier, in the order of the terms. Empty
        where the scenario has no evidence.
    """

    title: str
    profiles: tuple[str, ...]
    gains: pd.DataFrame
    terms: pd.DataFrame
    draws: int
    status: Status
    evidence: pd.DataFrame

    def words(self) -> str:
        """Say for each player why its action is better than its best alternative.

        Returns
        -------
        str
            The terms by size, those for the action with a plus, those against it with a minus.
        """
        lines = [] if self.status == Status.SOLVED else [f"{self.title}: {self.status.sentence}"]
        for number, profile in enumerate(self.profiles, start=1):
            count = "" if len(self.profiles) == 1 else f" {number} of {len(self.profiles)}"
            lines.append(f"{self.title}, equilibrium{count}: {profile}")
            best = self.gains[self.gains["best"] & (self.gains["equilibrium"] == number)]
            for row in _records(best):
                lines.append(_headline(row, self.draws))
                lines.extend(_reasons(self.terms, row))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.words()


@dataclass(frozen=True, eq=False)
class Objections:
    """Who would leave a wanted outcome, how much it would gain, and which terms make it so.

    Attributes
    ----------
    title : str
        Scenario and setting.
    wanted : str
        The outcome.
    gains : pandas.DataFrame
        One row per player and alternative: ``action``, what is wanted of the player; ``alternative``;
        ``gain`` from leaving for it while the others do what is wanted of them, in payoff units; ``best``,
        whether this is its best alternative; ``objects``, whether that gain is positive. Over draws also
        ``low`` and ``high``, 5 % and 95 % quantiles, and ``share``, of draws in which the gain is positive.
    terms : pandas.DataFrame
        As of a `Decomposition`, with contributions to the gain from leaving.
    draws : int
        Behind the quantiles; 0 if there are none.
    evidence : pandas.DataFrame
        As of a `Decomposition`.
    """

    title: str
    wanted: str
    gains: pd.DataFrame
    terms: pd.DataFrame
    draws: int
    evidence: pd.DataFrame

    @property
    def players(self) -> tuple[str, ...]:
        """Who objects, at the modal values."""
        objecting = self.gains[self.gains["best"] & self.gains["objects"]]
        return tuple(objecting["player"])

    def words(self) -> str:
        """Say who objects, by how much and why.

        Returns
        -------
        str
        """
        players = self.players
        if not players:
            return f"{self.title}: nobody objects to {self.wanted}; it is an equilibrium."
        lines = [f"{self.title}: {' and '.join(players)} object{'s' * (len(players) == 1)} to {self.wanted}."]
        for row in _records(self.gains[self.gains["best"] & self.gains["objects"]]):
            share = f"; in {row['share']:.2f} of {self.draws} draws it would gain" if self.draws else ""
            interval = f" (5 to 95 %: {_number(row['low'])} to {_number(row['high'])})" if self.draws else ""
            lines.append(
                f"{row['player']} would gain {_number(row['gain'])}{interval} by {row['alternative']}"
                f" in place of {row['action']}{share}:"
            )
            lines.extend(_reasons(self.terms, row))
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.words()


def decompose(
    scenario: DatedModel,
    setting: str,
    *,
    values: Mapping[str, float | Distribution] | None = None,
    fix: Mapping[str, str] | None = None,
    solver: Solver | None = None,
    draws: int = 0,
    seed: int = 0,
) -> Decomposition:
    """Say which terms of the payoffs make each player's equilibrium action better than its alternatives.

    Parameters
    ----------
    scenario : Scenario
    setting : str
        Solved at its modal values.
    values : mapping of str to float or Distribution, optional
        Parameters held to a value, or given another distribution.
    fix : mapping of player to action, optional
        Players held to an action.
    solver : Solver, default ``PureNash()``
        Of players that choose apart. With an order of moves, `SubgamePerfect`, an alternative is compared as
        later movers answer it; the gain is then between two outcomes, and has terms all the same.
    draws : int, default 0
        If positive, the equilibria found at the modal values are also valued at so many draws of the
        parameters, which gives the spread of each gain and contribution. The profile stays the same in all
        draws, also in those in which it is no equilibrium; ``holds`` says how many those are. So do the
        answers of later movers.
    seed : int, default 0

    Returns
    -------
    Decomposition
        Without rows where there is no equilibrium; its status says so.

    Raises
    ------
    UnknownNameError
    UnsupportedGameError
        If the solver correlates players; or has an order of moves, and somebody mixes or what follows an
        alternative is not one outcome.

    Examples
    --------
    >>> import bargain as bg
    >>> why = bg.decompose(bg.load_scenario("gsomia"), "2019-11 deadline")
    >>> why.gains.query("player == 'USA'")[["alternative", "gain"]].to_dict("records")
    [{'alternative': 'abstain', 'gain': 0.7}]
    >>> why.terms.query("player == 'USA'").set_index("term")["contribution"].to_dict()
    {'U5': 1.5, 'U4': -0.8}
    """
    model, task = _model(scenario, setting, values, fix, draws, seed)
    solver = PureNash() if solver is None else solver
    game = model.game(task.space.mode())
    solution = solver.solve(game)
    ordered = isinstance(solver, SubgamePerfect)
    if not _apart(solution):
        raise UnsupportedGameError(
            f"decompose: a solver of players that choose apart was expected, given {solver!r}"
        )
    drawn = _drawn(task, draws)
    gains: list[dict[str, Any]] = []
    terms: list[dict[str, Any]] = []
    profiles = []
    for number in range(len(solution)):
        strategies = [strategy[:, number] for strategy in solution.strategies]
        profiles.append(_profile(model, strategies))
        replies = Replies.of(game, solver, strategies) if isinstance(solver, SubgamePerfect) else None
        account = _Account(model, strategies, task.space.mode(), drawn, replies)
        for rows, more in ((gains, account.gains(1)), (terms, account.terms(1))):
            rows.extend({"equilibrium": number + 1, **row} for row in more)
    return Decomposition(
        f"{scenario.name} {setting}",
        tuple(profiles),
        _frame(
            gains,
            [
                "equilibrium",
                *_GAIN,
                *(["low", "high", "holds"] if draws else []),
                *(["answer"] if ordered else []),
            ],
        ),
        _frame(terms, ["equilibrium", *_terms_columns(draws)]),
        draws,
        solution.status[0],
        _evidence(scenario, terms),
    )


def objections(
    scenario: DatedModel,
    setting: str,
    wanted: Mapping[str, str] | Sequence[str],
    *,
    values: Mapping[str, float | Distribution] | None = None,
    fix: Mapping[str, str] | None = None,
    draws: int = 0,
    seed: int = 0,
) -> Objections:
    """Say who would leave a wanted outcome, how much it would gain, and which terms make it so.

    Parameters
    ----------
    scenario : Scenario
    setting : str
    wanted : mapping of player to action, or sequence of actions
        An action for every player.
    values, fix, draws, seed
        As for `decompose`. A player that is held cannot object.

    Returns
    -------
    Objections

    Raises
    ------
    UnknownNameError
    InvalidArgumentError
        If a player is missing.

    Examples
    --------
    >>> import bargain as bg
    >>> scenario = bg.load_scenario("gsomia")
    >>> bg.objections(scenario, "2019-11 deadline", ("terminate", "maintain", "abstain")).players
    ('USA',)
    """
    model, task = _model(scenario, setting, values, fix, draws, seed)
    named = model.labels.named(wanted)
    strategies = []
    for player, actions in zip(model.labels.players, model.labels.actions, strict=True):
        strategies.append(np.array([float(action == named[player]) for action in actions]))
    account = _Account(model, strategies, task.space.mode(), _drawn(task, draws))
    gains, terms = account.gains(-1), account.terms(-1)
    return Objections(
        f"{scenario.name} {setting}",
        "/".join(named.values()),
        _frame(gains, [*_GAIN, "objects", *(["low", "high", "share"] if draws else [])]),
        _frame(terms, _terms_columns(draws)),
        draws,
        _evidence(scenario, terms),
    )


@runtime_checkable
class _Documented(Protocol):
    """A scenario that has evidence."""

    @property
    def evidence(self) -> Mapping[str, Any]:
        """Statements by identifier."""
        ...


def _evidence(scenario: DatedModel, terms: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the statements that terms rest on."""
    known = scenario.evidence if isinstance(scenario, _Documented) else {}
    named = dict.fromkeys(source for term in terms for source in term["sources"] if source in known)
    rows = [(known[name].statement, known[name].quality) for name in named]
    return pd.DataFrame(rows, columns=["statement", "quality"], index=pd.Index(list(named), name="evidence"))


_GAIN = ["player", "action", "alternative", "gain", "best"]


def _terms_columns(draws: int) -> list[str]:
    spread = ["low", "high"] if draws else []
    return [
        "player", "action", "alternative", "term", "formula", "contribution", *spread, "why", "sources",
    ]  # fmt: skip


def _frame(rows: list[dict[str, Any]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame([{name: row[name] for name in columns} for row in rows], columns=columns)


@dataclass(frozen=True, eq=False)
class _Account:
    """What each alternative would cost each player at a profile, in all and term by term.

    Attributes
    ----------
    model : PayoffModel
    strategies : list of float[action]
    mode : float[D, 1]
    drawn : float[D, N] or None
    replies : Replies, optional
        Where moves have an order.
    """

    model: PayoffModel
    strategies: list[Floats]
    mode: Floats
    drawn: Floats | None
    replies: Replies | None = None

    def gains(self, sign: int) -> list[dict[str, Any]]:
        """Return the gains of the profile's actions over alternatives; of leaving, if the sign is negative.

        They come from the payoffs of the game, not from the terms.
        """
        rows: list[dict[str, Any]] = []
        at_mode = self.model.evaluate(self.mode)
        over_draws = None if self.drawn is None else self.model.evaluate(self.drawn)
        for player, name in enumerate(self.model.labels.players):
            found = self._differences(at_mode, player)[:, 0]
            alternatives = self._alternatives(player)
            alike = _ALIKE * float(np.abs(at_mode[player]).max())
            for action in alternatives:
                gain = sign * float(found[action])
                row = {
                    "player": name,
                    "action": self._action(player),
                    "alternative": self.model.labels.actions[player][action],
                    "gain": gain,
                    "best": action == min(alternatives, key=lambda other: found[other]),
                    "objects": gain > alike,
                    "answer": self.replies.words[player][action] if self.replies else "",
                }
                if over_draws is not None:
                    spread = sign * self._differences(over_draws, player)[action]
                    row["low"], row["high"] = np.quantile(spread, _INTERVAL)
                    row["holds"] = float(np.mean(spread >= -alike))
                    row["share"] = float(np.mean(spread > alike))
                rows.append(row)
        return rows

    def terms(self, sign: int) -> list[dict[str, Any]]:
        """Return the contribution of every term that an alternative changes, the largest first."""
        rows: list[dict[str, Any]] = []
        weights = self._weights()
        for player, name in enumerate(self.model.labels.players):
            differences = self._differences(weights, player)
            for action in self._alternatives(player):
                changed = np.flatnonzero(np.abs(differences[action]) > 0)
                found = [self._term(int(t), sign * float(differences[action, t])) for t in changed]
                found.sort(key=lambda row: -abs(row["contribution"]))
                place = {
                    "player": name,
                    "action": self._action(player),
                    "alternative": self.model.labels.actions[player][action],
                }
                rows.extend({**place, **row} for row in found)
        return rows

    def _term(self, number: int, weight: float) -> dict[str, Any]:
        term: Term = self.model.terms[number][1]
        factors = [self.model.parameters.index(name) for name in term.parameters]
        row = {
            "term": term.name or str(term),
            "formula": str(term),
            "contribution": weight * float(np.prod(self.mode[factors, 0])),
            "why": term.why,
            "sources": term.sources,
        }
        if self.drawn is not None:
            spread = weight * np.prod(self.drawn[factors], axis=0)
            row["low"], row["high"] = np.quantile(spread, _INTERVAL)
        return row

    def _weights(self) -> Floats:
        """Return each term's coefficient where it counts, float[P, A..., T]: payoffs with a term per draw."""
        labels = self.model.labels
        weights = np.zeros((len(labels.players), labels.size, len(self.model.terms)))
        for number, (player, term) in enumerate(self.model.terms):
            counts = [
                all(outcome[labels.player(who)] in actions for who, actions in term.when)
                for outcome in labels.outcomes
            ]
            weights[labels.player(player), counts, number] = term.coefficient
        return weights.reshape(len(labels.players), *labels.shape, -1)

    def _differences(self, payoffs: Floats, player: int) -> Floats:
        """Return what a player gets at the profile less what each action would give it, float[action, N]."""
        if self.replies is not None:
            return self.replies.differences(payoffs, player)
        values = action_values(payoffs, [strategy[:, None] for strategy in self.strategies], player)
        own = self.strategies[player]
        # Differences are averaged, not values: what is the same for all actions cancels exactly.
        return np.asarray((own[:, None, None] * (values[:, None] - values[None])).sum(axis=0))

    def _alternatives(self, player: int) -> list[int]:
        return [action for action, p in enumerate(self.strategies[player]) if p < 1 - _NEVER]

    def _action(self, player: int) -> str:
        return _mixture(self.model.labels.actions[player], self.strategies[player])


def _model(
    scenario: DatedModel,
    setting: str,
    values: Mapping[str, float | Distribution] | None,
    fix: Mapping[str, str] | None,
    draws: int,
    seed: int,
) -> tuple[PayoffModel, Task]:
    if setting not in scenario.settings:
        raise UnknownNameError.of("setting", setting, scenario.settings, where=f"scenario {scenario.name}")
    model = scenario.model.hold(fix or {})
    space = scenario.space_at(setting).replace(values or {})
    return model, Task(model, space, draws=draws or 1, seed=seed)


def _drawn(task: Task, draws: int) -> Floats | None:
    if not draws:
        return None
    return np.concatenate([task.values(block) for block in range(task.blocks)], axis=1)


def _apart(solution: Solution) -> bool:
    """Say whether players choose independently of each other."""
    apart = outcome_probabilities(solution.strategies)
    return bool(np.abs(apart - solution.outcomes).max(initial=0.0) < _NEVER)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False)]


def _profile(model: PayoffModel, strategies: list[Floats]) -> str:
    played = zip(model.labels.players, model.labels.actions, strategies, strict=True)
    return ", ".join(f"{player} {_mixture(actions, strategy)}" for player, actions, strategy in played)


def _mixture(actions: Sequence[str], strategy: Floats) -> str:
    played = [action for action, p in enumerate(strategy) if p > _NEVER]
    if len(played) == 1:
        return actions[played[0]]
    return " or ".join(f"{actions[action]} ({strategy[action]:.3g})" for action in played)


def _headline(row: dict[str, Any], draws: int) -> str:
    spread = (
        f" (5 to 95 %: {_number(row['low'])} to {_number(row['high'])}; not negative in {row['holds']:.2f}"
        f" of {draws} draws)"
        if draws
        else ""
    )
    answer = f" (answered by {row['answer']})" if row.get("answer") else ""
    return (
        f"{row['player']} gains {_number(row['gain'])}{spread} by {row['action']} over"
        f" {row['alternative']}{answer}, its best alternative:"
    )


def _reasons(terms: pd.DataFrame, row: dict[str, Any]) -> list[str]:
    """Return a line per term behind one gain."""
    keys = [key for key in ("equilibrium", "player", "alternative") if key in terms]
    mine = terms[np.logical_and.reduce([terms[key] == row[key] for key in keys])]
    lines = []
    for term in _records(mine):
        sources = f" [{' '.join(term['sources'])}]" if term["sources"] else ""
        told = f"{term['term']}: {term['why']}" if term["why"] else str(term["formula"])
        lines.append(f"  {_number(term['contribution'], sign='+'):<5} {told}{sources}")
    return lines


def _number(value: float, sign: str = "") -> str:
    rounded = float(f"{value:.3g}")
    return f"{rounded:{sign}g}" if abs(value) < 1000 else f"{value:{sign}.0f}"
