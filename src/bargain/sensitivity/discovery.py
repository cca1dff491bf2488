"""Scenario discovery: the conditions under which an outcome happens, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bargain.axes import Bools, Floats
from bargain.errors import InvalidArgumentError, MissingExtraError
from bargain.sensitivity.question import EventLike
from bargain.sensitivity.sample import Sample
from bargain.sweep.interval import wilson_interval
from bargain.sweep.run import Sweep
from bargain.sweep.task import Task

__all__ = ["Discovery", "discover"]

_FEWEST = 100
_SMALLEST = 0.01  # of the draws that the tree grows on, in every leaf


@dataclass(frozen=True, eq=False)
class Discovery:
    """Boxes of parameter values, and how often an outcome happens in each.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per box, by density: ``conditions`` in words; ``density``, the share of the box's draws in
        which the outcome happens, with its 95 % interval ``low`` and ``high``; ``coverage``, the share of
        all draws with the outcome that lie in the box; ``mass``, the share of all draws; ``draws``. Measured
        on draws that the boxes were not made from.
    bounds : tuple of dict of str to (low, high)
        The same boxes in numbers; infinite where there is no condition. A value of exactly ``low`` lies
        outside.
    question : str
    share : float
        Of all draws with an answer, in which the outcome happens.
    draws : int
        With an answer.
    unanswered : dict of str to int
        Draws left out, by reason.
    """

    table: pd.DataFrame
    bounds: tuple[dict[str, tuple[float, float]], ...]
    question: str
    share: float
    draws: int
    unanswered: dict[str, int]

    def words(self) -> str:
        """Say when the outcome happens.

        Returns
        -------
        str
            One line for each box in which it happens more often than not, or else for the box in which it
            happens most often; and what is left over.
        """
        often = self.table[self.table["density"] > 0.5]
        shown = often if len(often) else self.table.head(1)
        lines = [f"{self.question} happens in {_share(self.share)} of all draws."]
        if often.empty:
            lines.append("There is no box in which it happens more often than not; the likeliest is:")
        lines.extend(
            f"{self.question} happens in {_share(row['density'])} of the draws with {row['conditions']}"
            f" (95 % interval {_share(row['low'])} to {_share(row['high'])});"
            f" they are {_share(row['mass'])} of all draws and cover {_share(row['coverage'])} of those in"
            " which it happens."
            for row in shown.to_dict("records")
        )
        if len(often) > 1:
            lines.append(
                f"Together they cover {_share(often['coverage'].sum())} of the draws in which it happens."
            )
        if self.unanswered:
            reasons = ", ".join(f"{count} {reason}" for reason, count in self.unanswered.items())
            lines.append(f"Draws without an answer, left out: {reasons}.")
        return "\n".join(lines)


def discover(source: Task | Sweep, outcome: EventLike, *, depth: int = 3) -> Discovery:
    """Find the conditions under which an outcome happens, by a small decision tree.

    The tree grows on every other draw; densities and coverages are measured on those between
    [BryantLempert2010]_ [BreimanEtAl1984]_.

    Parameters
    ----------
    source : Task or Sweep
        A task, whose draws are made here, or a sweep with the reducer `KeptDraws`.
    outcome : mapping, tuple or collection of tuples
        As for `regional_sensitivity`.
    depth : int, default 3
        Most conditions that lead to a box.

    Returns
    -------
    Discovery

    Raises
    ------
    MissingExtraError
        If scikit-learn is not installed.
    InvalidArgumentError
        If the outcome always or never happens, there are fewer than 100 draws with an answer, or the depth
        is not positive.

    Examples
    --------
    >>> import bargain as bg
    >>> task = bg.load_scenario("gsomia").task("2019-11 deadline", draws=20_000, seed=7)
    >>> found = bg.discover(task, {"ROK": "terminate"}, depth=1)
    >>> found.table["conditions"].tolist()
    ['pressing_cost > 1.42', 'pressing_cost <= 1.42']
    """
    if isinstance(depth, bool) or not isinstance(depth, int) or depth < 1:
        raise InvalidArgumentError(f"depth: a positive whole number was expected, given {depth!r}")
    sample = Sample.of(source, outcome=outcome, where="discover").both("discover")
    count = sample.answer.size
    if count < _FEWEST:
        raise InvalidArgumentError(
            f"discover: at least {_FEWEST} draws with an answer were expected, given {count}"
        )
    happened = sample.happened
    tree = _tree(sample.values[:, ::2], happened[::2], depth)
    test, hit = sample.values[:, 1::2], happened[1::2]
    rows, bounds = [], []
    for box in _boxes(tree, sample.parameters):
        inside = _inside(box, sample.parameters, test)
        draws, hits = int(inside.sum()), int((inside & hit).sum())
        if not draws:
            continue
        low, high = wilson_interval(hits, draws)
        rows.append(
            {
                "conditions": _conditions(box),
                "density": hits / draws,
                "low": float(low),
                "high": float(high),
                "coverage": hits / max(int(hit.sum()), 1),
                "mass": draws / hit.size,
                "draws": draws,
            }
        )
        bounds.append(box)
    table = pd.DataFrame(rows).sort_values("density", ascending=False, kind="stable")
    return Discovery(
        table.reset_index(drop=True),
        tuple(bounds[place] for place in table.index),
        sample.words,
        float(happened.mean()),
        count,
        sample.unanswered,
    )


def _tree(values: Floats, happened: Bools, depth: int) -> Any:
    try:
        from sklearn.tree import DecisionTreeClassifier  # noqa: PLC0415 - optional
    except ImportError as error:
        raise MissingExtraError.of("scikit-learn", "discovery", "discover") from error
    grown = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=_SMALLEST, random_state=0)
    return grown.fit(values.T, happened).tree_


def _boxes(tree: Any, names: tuple[str, ...]) -> Iterator[dict[str, tuple[float, float]]]:
    """Yield the tree's leaves as bounds."""

    def walk(node: int, box: dict[str, tuple[float, float]]) -> Iterator[dict[str, tuple[float, float]]]:
        left, right = int(tree.children_left[node]), int(tree.children_right[node])
        if left == right:  # a leaf has no children
            yield box
            return
        name, cut = names[int(tree.feature[node])], float(tree.threshold[node])
        low, high = box.get(name, (-np.inf, np.inf))
        yield from walk(left, {**box, name: (low, cut)})
        yield from walk(right, {**box, name: (cut, high)})

    yield from walk(0, {})


def _inside(box: dict[str, tuple[float, float]], names: tuple[str, ...], values: Floats) -> Bools:
    inside = np.ones(values.shape[1], dtype=np.bool_)
    for name, (low, high) in box.items():
        row = values[names.index(name)]
        inside &= (row > low) & (row <= high)
    return inside


def _conditions(box: dict[str, tuple[float, float]]) -> str:
    parts = []
    for name, (low, high) in box.items():
        if np.isinf(low):
            parts.append(f"{name} <= {high:.3g}")
        elif np.isinf(high):
            parts.append(f"{name} > {low:.3g}")
        else:
            parts.append(f"{low:.3g} < {name} <= {high:.3g}")
    return " and ".join(parts) or "no condition"


def _share(share: Any) -> str:
    return f"{share:.2f}"
