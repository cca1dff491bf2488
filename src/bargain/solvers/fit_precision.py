"""The precision of quantal response that makes observed play most likely."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri, xlogy

from bargain.axes import Floats, read_only
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.extensive import ExtensiveForm
from bargain.games.normal import NormalForm
from bargain.solvers.behaviour_solution import BehaviourSolution
from bargain.solvers.extensive_logit_qre import ExtensiveLogitQRE
from bargain.solvers.logit_qre import LogitQRE
from bargain.solvers.solution import Solution

__all__ = ["PrecisionFit", "fit_precision"]

_STEEPEST = 1e4  # precision times payoff range beyond which play hardly changes
_FLATTEST = 1e-3
_PLACES = 141  # of precisions compared at first, evenly in logarithms
_ZOOMS, _ZOOMED = 6, 17  # how often a bracket is divided, and in how many places
_STEP = 1e-3  # of the differences in the last step, relative to the precision
_SAME = 1e-12  # log likelihoods closer than this, relative to their size, are equal up to rounding

Counts = Mapping[str, Mapping[str, npt.ArrayLike] | npt.ArrayLike]


@dataclass(frozen=True, eq=False)
class PrecisionFit:
    """A precision fitted to observed play.

    Attributes
    ----------
    precision : float
        The maximum likelihood estimate, in units of one over payoff. Infinite where the likelihood has not
        fallen again when precision times the range of payoffs is 10,000.
    interval : tuple of float
        Precisions from the estimate outwards that a likelihood-ratio test does not reject. It ends at 0 or at
        infinity where the test rejects nothing on that side.
    level : float
        Of the interval.
    log_likelihood : float
        Of the counts at the estimate: the sum of ``count * log(probability)``.
    uniform_log_likelihood : float
        The same at precision zero, where all actions are equally likely.
    counts : tuple of float[action, N]
        What was observed, by player or information set; zero where nothing was. Read-only.
    solution : Solution or BehaviourSolution
        The quantal response equilibrium at the estimate, or at the largest precision tried.
    """

    precision: float
    interval: tuple[float, float]
    level: float
    log_likelihood: float
    uniform_log_likelihood: float
    counts: tuple[Floats, ...]
    solution: Solution | BehaviourSolution

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", tuple(read_only(own) for own in self.counts))

    def __repr__(self) -> str:
        low, high = self.interval
        return (
            f"PrecisionFit({self.precision:.4g}, {self.level:.0%} interval {low:.4g} to {high:.4g};"
            f" log likelihood {self.log_likelihood:.4f}, {self.uniform_log_likelihood:.4f} at precision 0)"
        )


def fit_precision(game: NormalForm | ExtensiveForm, counts: Counts, *, level: float = 0.95) -> PrecisionFit:
    """Fit the precision of logit quantal response to observed play, by maximum likelihood.

    The one free number of `LogitQRE`, or for a tree of `ExtensiveLogitQRE`, is chosen so that the actions
    that were counted are most likely. The counts, not shares, are needed: they say how much is known.

    Parameters
    ----------
    game : NormalForm or ExtensiveForm
        Several draws are several experiments, such as treatments with other payoffs, with one precision.
    counts : mapping
        How often each action was taken: of player, or information set of a tree, to ``{action: count}`` or to
        counts in the order of the actions. With several draws a count is float[N], and an array of them
        float[action, N]. Who was not observed is left out, and so are actions that nobody took.
    level : float, default 0.95
        Of the interval.

    Returns
    -------
    PrecisionFit

    Raises
    ------
    UnknownNameError
        If there is no such player, information set or action.
    InvalidArgumentError
        If counts are negative, not finite, of the wrong shape or all zero, or the level is not between 0 and
        1.

    Notes
    -----
    Play at a precision is the point of the principal branch that `LogitQRE` returns there. The likelihood is
    computed on a grid of precisions from zero to 10,000 over the range of payoffs, then between its best
    point and the neighbours: the global maximum, unless a narrower peak hides between grid points. Choices
    count as independent; where the same people choose again and again they are not, and the interval is too
    narrow.

    Examples
    --------
    Ochs's matching pennies [Ochs1995]_, in which the row player's heads are worth four times as much; a block
    of 128 choices, as evaluated in [McKelveyPalfrey1995]_.

    >>> import bargain as bg
    >>> game = bg.NormalForm(
    ...     {"row": ("heads", "tails"), "column": ("heads", "tails")},
    ...     [[[1.1141, 0], [0, 0.2785]], [[0, 1.1141], [1.1141, 0]]],
    ... )
    >>> share = {"row": 0.527, "column": 0.366}
    >>> fit = bg.fit_precision(
    ...     game, {who: {"heads": 128 * p, "tails": 128 * (1 - p)} for who, p in share.items()}
    ... )
    >>> fit
    PrecisionFit(1.846, 95% interval 0.4106 to 4.056; log likelihood -174.7645, -177.4457 at precision 0)
    >>> fit.solution.profiles(digits=3)
    [{'row': {'heads': 0.616, 'tails': 0.384}, 'column': {'heads': 0.383, 'tails': 0.617}}]
    """
    if not 0 < level < 1:
        raise InvalidArgumentError(f"fit_precision: level between 0 and 1 was expected, given {level!r}")
    if isinstance(game, NormalForm):
        actions = dict(game.actions)
    elif isinstance(game, ExtensiveForm):
        actions = {one.name: one.actions for one in game.information_sets}
    else:
        raise InvalidArgumentError(
            f"fit_precision: a NormalForm or an ExtensiveForm was expected, given {type(game).__name__}"
        )
    observed = _observed(counts, actions, game.draws)
    span = float(np.ptp(game.payoffs.reshape(len(game.payoffs), -1), axis=1).max()) or 1.0

    def likelihood(precisions: Floats) -> Floats:
        return _log_likelihood(game, observed, precisions)

    grid = np.append(0.0, np.geomspace(_FLATTEST, _STEEPEST, _PLACES)) / span
    levels = likelihood(grid)
    best = int(levels.argmax())
    precision, top = _maximum(likelihood, grid, levels)
    threshold = top - float(ndtri((1 + level) / 2)) ** 2 / 2
    low = _crossing(likelihood, precision, grid[:best][::-1], levels[:best][::-1], threshold)
    high = _crossing(likelihood, precision, grid[best + 1 :], levels[best + 1 :], threshold)
    highest = bool(levels[-1] >= top - _SAME * (1 + abs(top)))
    return PrecisionFit(
        math.inf if highest else precision,
        (0.0 if low is None else low, math.inf if high is None else high),
        level,
        top,
        float(levels[0]),
        observed,
        _solved(game, precision),
    )


def _observed(counts: Counts, actions: dict[str, tuple[str, ...]], draws: int) -> tuple[Floats, ...]:
    """Return the counts as arrays, checked, in the order of the game."""
    if not isinstance(counts, Mapping):
        raise InvalidArgumentError(
            "fit_precision: counts by player or information set were expected, such as"
            f" {{{next(iter(actions))!r}: {{action: count}}}}; given {type(counts).__name__}"
        )
    for name in counts:
        if name not in actions:
            raise UnknownNameError.of("player or information set", name, actions, where="counts")
    result = []
    for name, known in actions.items():
        given = counts.get(name, {})
        if isinstance(given, Mapping):
            for action in given:
                if action not in known:
                    raise UnknownNameError.of(f"action of {name!r}", action, known, where="counts")
            given = [np.broadcast_to(np.asarray(given.get(action, 0.0)), draws) for action in known]
        try:
            array = np.asarray(given, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise InvalidArgumentError(f"counts of {name!r}: numbers were expected ({error})") from error
        if array.ndim == 1 and draws == 1:
            array = array[:, None]
        if array.shape != (len(known), draws):
            wanted = f"({len(known)},)" if draws == 1 else f"({len(known)}, {draws})"
            raise InvalidArgumentError(
                f"counts of {name!r}: shape {wanted} was expected, one for each of {', '.join(known)}"
                f"{'' if draws == 1 else ' and draw'}; given {np.shape(given)}"
            )
        if not (np.isfinite(array) & (array >= 0)).all():
            raise InvalidArgumentError(
                f"counts of {name!r}: none may be negative or infinite, given {given!r}"
            )
        result.append(array)
    if not any(array.any() for array in result):
        raise InvalidArgumentError("counts: nothing was observed")
    return tuple(result)


def _solved(game: NormalForm | ExtensiveForm, precision: float) -> Solution | BehaviourSolution:
    if isinstance(game, NormalForm):
        return LogitQRE(precision).solve(game)
    return ExtensiveLogitQRE(precision).solve(game)


def _log_likelihood(
    game: NormalForm | ExtensiveForm, observed: tuple[Floats, ...], precisions: Floats
) -> Floats:
    """Return the log likelihood at each precision, float[K]: minus infinity where no trace arrived."""
    # One batch for all: payoffs times the precision, at precision one.
    payoffs = (game.payoffs[..., None] * precisions).reshape(*game.payoffs.shape[:-1], -1)
    if isinstance(game, NormalForm):
        table = LogitQRE(1.0).solve(NormalForm(game.labels, payoffs))
        solved, probabilities = table.draw, table.strategies
    else:
        chance = np.repeat(game.chance, len(precisions), axis=-1)
        tree = ExtensiveLogitQRE(1.0).solve(game.with_payoffs(payoffs, chance))
        solved, probabilities = tree.draw, tree.behaviour
    result = np.full(payoffs.shape[-1], -np.inf)
    result[solved] = 0.0
    for counts, probability in zip(observed, probabilities, strict=True):
        result[solved] += xlogy(counts[:, solved // len(precisions)], probability).sum(axis=0)
    together: Floats = result.reshape(game.draws, -1).sum(axis=0)
    return together


def _maximum(likelihood: Callable[[Floats], Floats], grid: Floats, levels: Floats) -> tuple[float, float]:
    """Return the best precision between the neighbours of the best on the grid, and its log likelihood."""
    for _ in range(_ZOOMS):
        best = int(levels.argmax())
        ends = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
        grid = np.unique(np.append(np.linspace(*ends, _ZOOMED), grid[best]))
        levels = likelihood(grid)
    best = int(levels.argmax())
    precision, top = float(grid[best]), float(levels[best])
    # A step of Newton's method: where the likelihood is flat its values cannot tell, its slope can.
    step = _STEP * precision
    if step > 0:
        a, b, c, d, e = likelihood(precision + step * np.arange(-2.0, 3.0))
        slope, bend = (a - 8 * b + 8 * d - e) / 12, (-a + 16 * b - 30 * c + 16 * d - e) / 12
        if np.isfinite(slope) and bend < 0 and abs(slope) < -bend:
            moved = precision - step * float(slope / bend)
            level = float(likelihood(np.array([moved]))[0])
            if level >= top - _SAME * abs(top):
                precision, top = moved, level
    return precision, top


def _crossing(
    likelihood: Callable[[Floats], Floats], inside: float, grid: Floats, levels: Floats, threshold: float
) -> float | None:
    """Return where the likelihood first falls below a threshold on the way out along a grid."""
    beyond = np.flatnonzero(levels < threshold)
    if not beyond.size:
        return None
    outside = float(grid[beyond[0]])
    if beyond[0] > 0:
        inside = float(grid[beyond[0] - 1])
    for _ in range(2 * _ZOOMS):
        places = np.linspace(inside, outside, _ZOOMED)
        first = int(np.flatnonzero(np.append(likelihood(places[:-1]), -np.inf) < threshold)[0])
        inside, outside = float(places[max(first - 1, 0)]), float(places[first])
    return outside
