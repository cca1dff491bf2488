"""One question, why: of a solution in words, of a dated setting by the payoff terms behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import overload

from bargain.errors import InvalidArgumentError
from bargain.parameters import Distribution
from bargain.sensitivity.decomposition import Decomposition, Objections, decompose, objections
from bargain.sensitivity.regions import DatedModel
from bargain.solvers.explanation import explain as explain_solution
from bargain.solvers.solution import Solution, Solver

__all__ = ["explain"]


@overload
def explain(subject: Solution, draw: int = 0, /) -> str: ...


@overload
def explain(subject: Solution, *, draw: int) -> str: ...


@overload
def explain(
    subject: DatedModel,
    setting: str,
    *,
    values: Mapping[str, float | Distribution] | None = None,
    fix: Mapping[str, str] | None = None,
    solver: Solver | None = None,
    draws: int = 0,
    seed: int = 0,
) -> Decomposition: ...


@overload
def explain(
    subject: DatedModel,
    setting: str,
    *,
    wanted: Mapping[str, str] | Sequence[str],
    values: Mapping[str, float | Distribution] | None = None,
    fix: Mapping[str, str] | None = None,
    draws: int = 0,
    seed: int = 0,
) -> Objections: ...


def explain(
    subject: Solution | DatedModel,
    setting: str | int | None = None,
    *,
    draw: int = 0,
    wanted: Mapping[str, str] | Sequence[str] | None = None,
    values: Mapping[str, float | Distribution] | None = None,
    fix: Mapping[str, str] | None = None,
    solver: Solver | None = None,
    draws: int = 0,
    seed: int = 0,
) -> str | Decomposition | Objections:
    """Say why players do what they do, or why they would not do what somebody wants.

    Of a solution it says what each player would lose by each other action. Of a scenario's setting it says
    which payoff terms, on which evidence, make that loss; and of an outcome that is wanted there, who would
    leave it, by how much it would gain, and through which terms.

    Parameters
    ----------
    subject : Solution or Scenario
    setting : str
        Of a scenario, which dated setting. Of a solution, the number of the draw may stand here.
    draw : int, default 0
        Of a solution, which draw.
    wanted : mapping of player to action, or sequence of actions; optional
        Of a scenario: explain what stands in the way of this outcome, not the equilibrium.
    values : mapping of str to float or Distribution, optional
        Of a scenario: parameters held to a value, or given another distribution.
    fix : mapping of player to action, optional
        Of a scenario: players held to an action.
    solver : Solver, default ``PureNash()``
        Of a scenario: what finds the equilibria; of players that choose apart, at once or in an order.
    draws : int, default 0
        Of a scenario: if positive, gains and contributions come with 5 % and 95 % quantiles over so many
        draws of the parameters.
    seed : int, default 0

    Returns
    -------
    str, Decomposition or Objections
        Words for a solution. For a scenario tables, which print as words and which
        `bargain.plots.waterfall.waterfall` draws: see `decompose` and `objections`.

    Raises
    ------
    InvalidArgumentError
        If the arguments are of the other kind of subject, or there is no such draw.
    UnknownNameError
    UnsupportedGameError
        As from `decompose`.

    Examples
    --------
    >>> import bargain as bg
    >>> game = bg.NormalForm(
    ...     {"driver": ("swerve", "straight"), "other": ("swerve", "straight")},
    ...     [[[3, 2], [4, 1]], [[3, 4], [2, 1]]],
    ... )
    >>> print(bg.explain(bg.solve(game, bg.PureNash())))
    Equilibrium 1 of 2: driver swerve, other straight
      driver plays swerve; straight would cost it 1.
      other plays straight; swerve would cost it 1.
    <BLANKLINE>
    Equilibrium 2 of 2: driver straight, other swerve
      driver plays straight; swerve would cost it 1.
      other plays swerve; straight would cost it 1.

    >>> scenario = bg.load_scenario("gsomia")
    >>> why = bg.explain(scenario, "2019-11 deadline")
    >>> for line in str(why).splitlines()[-3:]:
    ...     print(line)
    USA gains 0.7 by press over abstain, its best alternative:
      +1.5  U5: Being seen to defend a pact at risk has a value of its own; ... [E17 E23]
      -0.8  U4: Pressing costs diplomatic capital and causes friction with allies. [E30 N11]
    >>> bg.explain(scenario, "2019-11 deadline", wanted=("terminate", "maintain", "abstain")).players
    ('USA',)
    """
    if isinstance(subject, Solution):
        asked = [wanted, values, fix, solver]
        if any(given is not None for given in asked) or draws or isinstance(setting, str):
            raise InvalidArgumentError(
                "explain: a solution is explained by draw alone; give the scenario and a setting for the rest"
            )
        return explain_solution(subject, draw if setting is None else setting)
    if not isinstance(setting, str):
        raise InvalidArgumentError(
            f"explain: a Solution, or a scenario and the name of a setting were expected, given {subject!r}"
            f" and {setting!r}"
        )
    if wanted is None:
        return decompose(subject, setting, values=values, fix=fix, solver=solver, draws=draws, seed=seed)
    if solver is not None:
        raise InvalidArgumentError("explain: whether an outcome is left takes no solver; leave it out")
    return objections(subject, setting, wanted, values=values, fix=fix, draws=draws, seed=seed)
