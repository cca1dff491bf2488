"""A scenario: a dispute with its players, payoffs, dated settings and evidence, ready to be played."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from bargain.errors import InvalidArgumentError, UnknownNameError, UnsupportedGameError
from bargain.games.labels import Labels
from bargain.notebook import as_html
from bargain.parameters import Distribution, Parameter
from bargain.payoffs.model import PayoffModel
from bargain.payoffs.term import Term
from bargain.scenarios.kinds.model import KindModel
from bargain.seeds import check_seed
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solver
from bargain.sweep.reducers import Reducer
from bargain.sweep.task import Task
from bargain.uncertainty.designs import Design, design_of
from bargain.uncertainty.marginals import Fixed, Uniform
from bargain.uncertainty.space import Space

__all__ = ["Coding", "Event", "Evidence", "Focus", "Scenario", "Setting"]


@dataclass(frozen=True)
class Coding:
    """One reading of what happened.

    Attributes
    ----------
    name : str
    outcome : tuple of str
        One action per player; of other kinds than the normal form, what happened, as the kind names it.
    note : str
    sources : tuple of str
    """

    name: str
    outcome: tuple[str, ...]
    note: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Setting:
    """A dated setting.

    Attributes
    ----------
    name, title : str
    date : datetime.date
    role : {"fitted", "hold-out", "forecast"}
        Whether its outcome was used when numbers were chosen.
    codings : tuple of Coding
        Readings of what happened, the usual one first; empty where nothing has happened yet.
    distributions : dict of str to Distribution
        Parameters that differ from the scenario's own.
    note : str
    """

    name: str
    title: str
    date: datetime.date
    role: str
    codings: tuple[Coding, ...]
    distributions: dict[str, Distribution]
    note: str = ""

    @property
    def history(self) -> tuple[str, ...] | None:
        """What happened, by the usual coding; None where nothing has happened yet."""
        return self.codings[0].outcome if self.codings else None


@dataclass(frozen=True)
class Evidence:
    """A statement that numbers and terms rest on.

    Attributes
    ----------
    id, statement, kind, quality, note : str
    links : tuple of str
    """

    id: str
    statement: str
    kind: str
    quality: str
    links: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Event:
    """An event of the chronology.

    Attributes
    ----------
    date : str
        ISO 8601, possibly year and month only.
    event : str
    actors : tuple of str
    setting : str
        The dated setting that the event belongs to, if any.
    sources, links : tuple of str
    certainty : str
        How well the event is documented.
    """

    date: str
    event: str
    actors: tuple[str, ...] = ()
    setting: str = ""
    sources: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    certainty: str = ""


@dataclass(frozen=True)
class Focus:
    """What a report looks at besides the settings themselves.

    Attributes
    ----------
    interventions : tuple of dict of str to str
        Players held to an action.
    maps : tuple of (setting, x, y)
        Regime maps: two parameters at a setting.
    """

    interventions: tuple[dict[str, str], ...] = ()
    maps: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Scenario:
    """A dispute, as read from a scenario file by `load_scenario`.

    Attributes
    ----------
    name, title, question, caution : str
        `caution` says what the numbers are and are not; it goes wherever results go.
    game_model : PayoffModel or KindModel
        The former where the kind is the normal form.
    players : tuple of str
    space : Space
        Parameters with their distributions where no setting says otherwise.
    kinds : dict of str to str
        ``"structural"`` or ``"dated"`` for each parameter.
    titles : dict of str to str
        Long names of players (``"ROK"``) and actions (``"ROK.renew"``).
    status_quo : tuple of str, or None
        The outcome that stands if nobody acts.
    orders : dict of str to tuple of tuple of str
        Named orders of moves, for `SubgamePerfect`.
    dated : tuple of Setting
        In date order.
    evidence : dict of str to Evidence
    chronology : tuple of Event
    focus : Focus
    source : str
        File that the scenario was read from.

    Examples
    --------
    >>> import bargain as bg
    >>> scenario = bg.load_scenario("gsomia")
    >>> scenario.settings[2], scenario.setting("2019-11 deadline").history
    ('2019-11 deadline', ('suspend', 'relax', 'press'))
    """

    name: str
    title: str
    question: str
    caution: str
    game_model: PayoffModel | KindModel
    players: tuple[str, ...]
    space: Space
    kinds: dict[str, str]
    titles: dict[str, str]
    status_quo: tuple[str, ...] | None
    orders: dict[str, tuple[tuple[str, ...], ...]]
    dated: tuple[Setting, ...]
    evidence: dict[str, Evidence]
    chronology: tuple[Event, ...]
    focus: Focus
    source: str

    @property
    def kind(self) -> str:
        """Name of the kind of scenario, such as ``"normal_form"`` or ``"threat"``."""
        return "normal_form" if isinstance(self.game_model, PayoffModel) else self.game_model.kind.name

    @property
    def model(self) -> PayoffModel:
        """The payoffs of a scenario whose kind is the normal form.

        Raises
        ------
        UnsupportedGameError
            If it is of another kind, whose games are no payoff tables.
        """
        if isinstance(self.game_model, PayoffModel):
            return self.game_model
        raise UnsupportedGameError(
            f"scenario {self.name}: this serves scenarios of kind 'normal_form', whose games are"
            f" payoff tables; this one is of kind {self.kind!r}. It can be solved, swept and compared: see"
            " `game`, `task` and `compare`"
        )

    @property
    def labels(self) -> Labels:
        """Players and actions; of other kinds than the normal form, the outcomes that a sweep counts."""
        return self.game_model.labels

    @property
    def happenings(self) -> Labels:
        """What histories are told in: outcomes, or what else the scenario's kind says."""
        return self.labels if isinstance(self.game_model, PayoffModel) else self.game_model.kind.happenings

    @property
    def terms(self) -> tuple[tuple[str, Term], ...]:
        """Terms of payoffs by player, or of quantities by quantity."""
        return self.game_model.terms

    def default_solver(self) -> Solver:
        """Return the solver that is used where none is asked for.

        Returns
        -------
        Solver
        """
        return (
            PureNash() if isinstance(self.game_model, PayoffModel) else self.game_model.kind.default_solver()
        )

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Parameters, with their distributions where no setting says otherwise."""
        return self.space.parameters

    @cached_property
    def settings(self) -> tuple[str, ...]:
        """Names of the dated settings, in date order."""
        return tuple(setting.name for setting in self.dated)

    def setting(self, name: str) -> Setting:
        """Return a dated setting.

        Parameters
        ----------
        name : str

        Returns
        -------
        Setting

        Raises
        ------
        UnknownNameError
        """
        if name not in self.settings:
            raise UnknownNameError.of("setting", name, self.settings, where=f"scenario {self.name}")
        return self.dated[self.settings.index(name)]

    def space_at(self, setting: str, *, values: Mapping[str, float | Distribution] | None = None) -> Space:
        """Return the uncertainty at a setting.

        Parameters
        ----------
        setting : str
        values : mapping of str to float or Distribution, optional
            Parameters held to a value, or given another distribution.

        Returns
        -------
        Space

        Raises
        ------
        UnknownNameError
        """
        return self.space.replace(self.setting(setting).distributions).replace(values or {})

    def wide_space(self) -> Space:
        """Return the wide prior: every parameter uniform over the union of its ranges in all settings.

        Returns
        -------
        Space
        """
        spaces = [self.space, *(self.space_at(setting) for setting in self.settings)]
        ranges = [space.ranges() for space in spaces]
        wide: dict[str, Distribution] = {}
        for name in self.space.names:
            low, high = min(r[name][0] for r in ranges), max(r[name][1] for r in ranges)
            wide[name] = Uniform(low, high) if low < high else Fixed(low)
        return self.space.replace(wide)

    def range(self, setting: str, parameter: str) -> tuple[float, float]:
        """Return the range of a parameter at a setting.

        Parameters
        ----------
        setting, parameter : str

        Returns
        -------
        (low, high) : tuple of float
            The central 99.9 % where unbounded.

        Raises
        ------
        UnknownNameError
        """
        return self.space_at(setting)[parameter].range()

    def game(
        self,
        setting: str,
        *,
        values: Mapping[str, float | Distribution] | None = None,
        fix: Mapping[str, str] | None = None,
    ) -> Any:
        """Return the game at the modal values of a setting.

        Parameters
        ----------
        setting : str
        values : mapping of str to float or Distribution, optional
            Parameters held to a value; of a distribution, the mode is taken.
        fix : mapping of player to action, optional
            Players held to an action.

        Returns
        -------
        NormalForm
            Or the game of the scenario's kind, such as a `ThreatGame`. One draw.

        Raises
        ------
        UnknownNameError
        InvalidGameError
            If a number is outside what the game of the scenario's kind allows.
        """
        return self.game_model.hold(self._held(fix)).game(self.space_at(setting, values=values).mode())

    def task(
        self,
        setting: str,
        *,
        draws: int = 100_000,
        seed: int | np.random.Generator = 0,
        solver: Solver | None = None,
        design: str | Design = "monte_carlo",
        reducers: Sequence[Reducer] = (),
        values: Mapping[str, float | Distribution] | None = None,
        fix: Mapping[str, str] | None = None,
    ) -> Task:
        """Return the sweep over what is uncertain at a setting, for `bargain.run`.

        Parameters
        ----------
        setting : str
        draws : int, default 100_000
        seed : int or numpy.random.Generator, default 0
            From a generator a seed is drawn, once; the task holds the number.
        solver : Solver, optional
            ``PureNash()`` by default, or the default solver of the scenario's kind.
        design : str or Design, default "monte_carlo"
        reducers : sequence of Reducer, optional
            What to keep of the draws beside the shares of outcomes and, of games that have any, the measures.
        values : mapping of str to float or Distribution, optional
            Parameters held to a value, or given another distribution. Everything else is drawn as it would be
            without, so that two such tasks can be compared draw by draw.
        fix : mapping of player to action, optional
            Players held to an action.

        Returns
        -------
        Task

        Raises
        ------
        UnknownNameError
        InvalidArgumentError
        """
        held = self._held(fix)
        notes = [f"{name}={value}" for name, value in {**held, **(values or {})}.items()]
        return Task(
            model=self.game_model.hold(held),
            space=self.space_at(setting, values=values),
            draws=draws,
            seed=check_seed(seed),
            solver=self.default_solver() if solver is None else solver,
            design=design_of(design),
            reducers=tuple(reducers),
            name=" ".join([f"{self.name} {setting}", *([f"({', '.join(notes)})"] if notes else [])]),
        )

    def parameter_table(self, setting: str | None = None) -> pd.DataFrame:
        """Return the parameters as a table.

        Parameters
        ----------
        setting : str, optional
            By default the scenario's own ranges.

        Returns
        -------
        pandas.DataFrame
            Indexed by name: symbol, low, mode, high, unit, kind, meaning, sources.
        """
        space = self.space if setting is None else self.space_at(setting)
        rows = [
            {
                "symbol": parameter.symbol,
                "low": parameter.range()[0],
                "mode": parameter.mode,
                "high": parameter.range()[1],
                "unit": parameter.unit,
                "kind": self.kinds[parameter.name],
                "meaning": parameter.meaning,
                "sources": " ".join(parameter.sources),
            }
            for parameter in space.parameters
        ]
        return pd.DataFrame(rows, index=pd.Index(space.names, name="parameter"))

    def __repr__(self) -> str:
        return (
            f"Scenario({self.name!r}: {' x '.join(self.players)}, {len(self.space)} parameters,"
            f" {len(self.terms)} terms, settings {', '.join(self.settings)})"
        )

    def _repr_html_(self) -> str:
        settings = f"Dated settings: {', '.join(self.settings)}."
        return as_html(f"{self.title}. {self.question}", self.parameter_table(), f"{settings} {self.caution}")

    def _held(self, fix: Mapping[str, str] | None) -> dict[str, str]:
        for name in fix or {}:
            if name in self.space.names:
                raise InvalidArgumentError(
                    f"fix: {name!r} is a parameter: hold it with values={{{name!r}: ...}}"
                )
        return dict(fix or {})
