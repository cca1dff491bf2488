"""Dependence between parameters: rank correlations, made by a Gaussian copula.

A rank correlation (Spearman's) says how far two quantities rise together, and nothing about how each of them
is distributed. A Gaussian copula takes the ranks of normal variables, whose Pearson correlation ``r`` belongs
to the rank correlation ``rho`` as ``r = 2 sin(pi rho / 6)`` [Kruskal1958]_; each parameter then takes its own
quantile at its own rank [CarioNelson1997]_, so that its distribution stays what it was.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import special

from bargain.axes import Floats
from bargain.errors import InvalidParameterError, UnknownNameError

__all__ = ["Coupling", "GaussianCopula"]

Pair = tuple[str, str]

_LEAST = 1e-10
"""Smallest eigenvalue of a matrix of correlations that counts as positive definite."""


@dataclass(frozen=True)
class GaussianCopula:
    """Rank correlations between parameters, made by a Gaussian copula.

    Pairs that are not given have a rank correlation of zero. Parameters that appear in no pair are
    independent of everything. The distributions of the parameters do not change; where one has ties
    (`Discrete`), the rank correlation that is reached is closer to zero than the one that was asked for.

    Attributes
    ----------
    rank_correlations : mapping of (str, str) to float
        Spearman's rank correlation of each pair of parameters, between -1 and 1. The order within a pair does
        not matter; it is kept sorted.

    Raises
    ------
    InvalidParameterError
        If a pair is not two different names, is given twice, or its rank correlation is not inside (-1, 1);
        or if no quantities could have all of these correlations at once. The message then names the pair
        that would have to change least, and the range that the others leave it.

    Examples
    --------
    >>> import bargain as bg
    >>> copula = bg.GaussianCopula({("cost", "gain"): 0.8})
    >>> parameters = [bg.Parameter("cost", bg.Uniform(0, 2)), bg.Parameter("gain", bg.Uniform(0, 1))]
    >>> space = bg.Space(parameters, copula)
    >>> space.values(np.array([[0.1, 0.5, 0.9], [0.5, 0.5, 0.5]])).round(2)
    array([[0.2 , 1.  , 1.8 ],
           [0.15, 0.5 , 0.85]])
    >>> bg.GaussianCopula({("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.5})
    Traceback (most recent call last):
    bargain.errors.InvalidParameterError: rank correlations contradict each other: beside the others,
    'b' and 'c' can have one from -0.815 to -0.107, given 0.9
    """

    rank_correlations: Mapping[Pair, float] = field(hash=False)

    def __post_init__(self) -> None:
        if not isinstance(self.rank_correlations, Mapping) or not self.rank_correlations:
            raise InvalidParameterError(
                "rank correlations of one or more pairs such as {('a', 'b'): 0.5} were expected,"
                f" given {self.rank_correlations!r}"
            )
        pairs: dict[Pair, float] = {}
        for given, correlation in self.rank_correlations.items():
            pair = _pair(given)
            if pair in pairs:
                raise InvalidParameterError(f"{_shown(pair)}: this pair is given more than once")
            pairs[pair] = _inside(pair, correlation)
        object.__setattr__(self, "rank_correlations", pairs)
        if not _definite(_matrix(pairs, self.names)):
            raise InvalidParameterError(_contradiction(pairs))

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the parameters that are correlated with another, in the order of the pairs."""
        return _names(self.rank_correlations)

    def matrix(self, names: Sequence[str]) -> Floats:
        """Return Pearson correlations of the normal variables behind the ranks.

        Parameters
        ----------
        names : sequence of str, length D
            The parameters, in the order of rows and columns.

        Returns
        -------
        float[D, D]

        Raises
        ------
        UnknownNameError
            If a parameter of a pair is not among the names.
        """
        for name in self.names:
            if name not in names:
                raise UnknownNameError.of("parameter", name, names, where="dependence")
        return _matrix(self.rank_correlations, names)

    def coupling(self, names: Sequence[str]) -> Coupling:
        """Return what makes the rows of points dependent.

        Parameters
        ----------
        names : sequence of str, length D
            The parameters, in the order of the rows.

        Returns
        -------
        Coupling

        Raises
        ------
        UnknownNameError
            If a parameter of a pair is not among the names.
        """
        factor = np.linalg.cholesky(self.matrix(names))
        correlated = [row for row, name in enumerate(names) if name in self.names]
        return Coupling(
            tuple(correlated),
            tuple(
                tuple(
                    (place, float(factor[row, column])) for place, column in enumerate(correlated[: own + 1])
                )
                for own, row in enumerate(correlated)
            ),
        )

    def content(self) -> dict[str, Any]:
        """Return kind and numbers, for content keys.

        Returns
        -------
        dict
        """
        pairs = sorted(self.rank_correlations.items())
        return {"kind": "gaussian_copula", "rank_correlations": [[*pair, value] for pair, value in pairs]}


@dataclass(frozen=True)
class Coupling:
    """A Gaussian copula over the rows of certain points; made by `GaussianCopula.coupling`.

    A row becomes a weighted sum of itself and of correlated rows above it. So the first of the rows that
    depend on each other stays what it was, as does every row that is correlated with none above it.

    Attributes
    ----------
    rows : tuple of int, length d
        The rows that are correlated with another.
    weights : tuple of tuple of (int, float)
        For each of them, which of them it is made of, itself last, and with which weight: a row of the
        Cholesky factor.
    """

    rows: tuple[int, ...]
    weights: tuple[tuple[tuple[int, float], ...], ...]

    def __post_init__(self) -> None:
        # A weight of zero is not worth a pass over the draws.
        kept = tuple(tuple(item for item in row if item[1] != 0) for row in self.weights)
        object.__setattr__(self, "weights", kept)

    def apply(self, unit: Floats, scratch: Floats) -> None:
        """Make rows of independent points dependent, in place.

        A draw's numbers do not depend on the draws beside it, as those of a matrix product may.

        Parameters
        ----------
        unit : float[D, N]
            Probabilities; those of a row that changes end off 0 and 1.
        scratch : float[>=d, N]
            Workspace.
        """
        for row, normal in zip(self.rows, scratch, strict=False):
            _keep_off_the_ends(unit[row], normal)
            special.ndtri(normal, out=normal)
        # From the last row upwards, because a row needs those above it as they were drawn. A row of
        # probabilities that has been read is free to hold products.
        for own in range(len(self.rows) - 1, -1, -1):
            *others, (_, weight) = self.weights[own]
            if not others:
                continue
            row, normal = unit[self.rows[own]], scratch[own]
            np.multiply(normal, weight, out=normal)
            for other, weight in others:
                np.multiply(scratch[other], weight, out=row)
                np.add(normal, row, out=normal)
            special.ndtr(normal, out=row)
            _keep_off_the_ends(row, row)


def _keep_off_the_ends(probability: Floats, out: Floats) -> None:
    """Move probabilities off 0 and 1, where normal quantiles are infinite."""
    np.clip(probability, 2.0**-54, 1 - 2.0**-53, out=out)


def _pair(given: object) -> Pair:
    if not isinstance(given, tuple) or not all(isinstance(name, str) for name in given):
        raise InvalidParameterError(f"a pair of parameters such as ('a', 'b') was expected, given {given!r}")
    if len(given) != 2 or given[0] == given[1]:
        raise InvalidParameterError(f"a pair of two different parameters was expected, given {given!r}")
    first, second = sorted(given)
    return first, second


def _inside(pair: Pair, correlation: object) -> float:
    real = isinstance(correlation, int | float | np.floating | np.integer) and not isinstance(
        correlation, bool
    )
    if not real or not -1 < correlation < 1:  # type: ignore[operator]  # `real` says so
        raise InvalidParameterError(
            f"{_shown(pair)}: a rank correlation above -1 and below 1 was expected, given {correlation!r}"
        )
    return float(correlation)  # type: ignore[arg-type]  # `real` says so


def _shown(pair: Pair) -> str:
    return f"{pair[0]!r} and {pair[1]!r}"


def _names(pairs: Iterable[Pair]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(itertools.chain.from_iterable(pairs)))


def _matrix(pairs: Mapping[Pair, float], names: Sequence[str]) -> Floats:
    matrix = np.eye(len(names))
    place = {name: index for index, name in enumerate(names)}
    for (first, second), correlation in pairs.items():
        i, j = place[first], place[second]
        matrix[i, j] = matrix[j, i] = 2 * math.sin(math.pi * correlation / 6)
    return matrix


def _definite(matrix: Floats, least: float = _LEAST) -> bool:
    return not len(matrix) or bool(np.linalg.eigvalsh(matrix)[0] > least)


def _contradiction(pairs: Mapping[Pair, float]) -> str:
    """Name the pair that has to change least for the others to stay, and the range that they leave it."""
    names, beside = _names(pairs), "the others"
    repairs = _repairs(pairs)
    if not repairs:
        # More than one contradiction: one of them, among as few parameters as will do. Any of its pairs could
        # end it, because without either parameter there would be none.
        for name in reversed(names):
            fewer = {pair: value for pair, value in pairs.items() if name not in pair}
            if not _definite(_matrix(fewer, _names(fewer))):
                pairs = fewer
        names, repairs = _names(pairs), _repairs(pairs)
        beside = f"the others of {', '.join(map(repr, names))}"
    _, _, pair, low, high = min(repairs)
    missing = len(pairs) < math.comb(len(names), 2)
    return (
        f"rank correlations contradict each other: beside {beside}, {_shown(pair)} can have one from"
        f" {_inwards(low, high)}, given {pairs[pair]!r}"
        + ("; pairs that are not given count as zero" if missing else "")
    )


def _repairs(pairs: Mapping[Pair, float]) -> list[tuple[float, int, Pair, float, float]]:
    """Return (change, order, pair, low, high) for each pair that alone could end the contradiction.

    Of pairs that need the same change the last one given comes first.
    """
    names = _names(pairs)
    matrix = _matrix(pairs, names)
    # A little less is asked for than in the end, so that rounding leaves no contradiction without a repair.
    shift = _LEAST / 2
    repairs = []
    for order, (pair, correlation) in enumerate(pairs.items()):
        i, j = (names.index(name) for name in pair)
        if not all(_definite(np.delete(np.delete(matrix, k, 0), k, 1), shift) for k in (i, j)):
            continue
        # What the other parameters say about the two, and how far that leaves the two free.
        rest = [k for k in range(len(names)) if k not in {i, j}]
        core = matrix[np.ix_(rest, rest)] - shift * np.eye(len(rest))
        known = matrix[np.ix_([i, j], rest)]
        explained = known @ np.linalg.solve(core, known.T)
        room = math.sqrt(max((1 - shift - explained[0, 0]) * (1 - shift - explained[1, 1]), 0.0))
        low, high = (_rank(explained[0, 1] + side * room) for side in (-1, 1))
        change = max(low - correlation, correlation - high)
        repairs.append((round(change, 9), -order, pair, low, high))
    return repairs


def _rank(pearson: float) -> float:
    """Return the rank correlation of a Pearson correlation of normal variables."""
    return 6 / math.pi * math.asin(min(max(pearson / 2, -0.5), 0.5))


def _inwards(low: float, high: float) -> str:
    """Write a range with as few digits as leave something of it, rounded so that both ends are possible."""
    for digits in range(3, 15):
        scale = 10.0**digits
        least, most = math.ceil(low * scale + 1e-6) / scale, math.floor(high * scale - 1e-6) / scale
        if least < most:
            return f"{least:.{digits}f} to {most:.{digits}f}"
    return f"{low!r} to {high!r}"
