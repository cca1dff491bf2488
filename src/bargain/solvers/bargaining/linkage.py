"""Issue linkage: what each issue adds to an agreement when it is on the same table."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from bargain.axes import Floats, read_only
from bargain.errors import InvalidGameError
from bargain.games.bargaining import BargainingProblem
from bargain.solvers.bargaining.agreements import Agreements

__all__ = ["Linkage", "link_issues"]


class BargainingSolution(Protocol):
    """A concept such as `NashBargaining`."""

    def solve(self, problem: BargainingProblem) -> Agreements:
        """Return the agreement of every draw."""
        ...


@dataclass(frozen=True, eq=False)
class Linkage:
    """What players get for each set of issues on the table, batched over draws.

    Attributes
    ----------
    players : tuple of str, length P
    issues : tuple of str, length I
    payoffs : float[P, 2**I, N]
        What each ends up with; issue ``i`` is on the table if bit ``i`` of the set's number is set. Set 0
        is the disagreement point.
    """

    players: tuple[str, ...]
    issues: tuple[str, ...]
    payoffs: Floats

    def __post_init__(self) -> None:
        object.__setattr__(self, "payoffs", read_only(self.payoffs))

    @property
    def gains(self) -> Floats:
        """What each set of issues gives over disagreement, float[P, 2**I, N]."""
        return self.payoffs - self.payoffs[:, :1]

    @property
    def adds(self) -> Floats:
        """What each issue adds to all the others, float[P, I, N]; negative for whom it costs."""
        whole = self.payoffs.shape[1] - 1
        return np.stack(
            [self.payoffs[:, whole] - self.payoffs[:, whole & ~(1 << i)] for i in range(len(self.issues))],
            axis=1,
        )

    def to_frame(self, draw: int = 0) -> pd.DataFrame:
        """Return the gains of one draw, with one row per set of issues.

        Parameters
        ----------
        draw : int, default 0

        Returns
        -------
        pandas.DataFrame
            Gains of each player and ``product``, the product of them.
        """
        names = [
            " + ".join(issue for i, issue in enumerate(self.issues) if number >> i & 1) or "nothing"
            for number in range(self.payoffs.shape[1])
        ]
        gains = self.gains[..., draw]
        frame = pd.DataFrame(gains.T, index=pd.Index(names, name="on the table"), columns=list(self.players))
        frame["product"] = gains.prod(axis=0)
        return frame


def link_issues(
    players: Sequence[str],
    issues: Mapping[str, Mapping[str, npt.ArrayLike]],
    concept: BargainingSolution,
    *,
    lotteries: bool = True,
) -> Linkage:
    """Solve the bargain over every set of issues [TollisonWillett1979]_, [Sebenius1983]_.

    Issues that are not on the table stay as they are, and so do all without agreement.

    Parameters
    ----------
    players : sequence of str
    issues : mapping of issue to mapping of option to array_like, float[P] or float[P, N]
        The first option of each issue is how it stands now. Payoffs add up over issues.
    concept : NashBargaining, KalaiSmorodinsky, Egalitarian or Utilitarian
    lotteries : bool, default True

    Returns
    -------
    Linkage

    Raises
    ------
    InvalidGameError
        If there is no issue, or more than 12.

    Examples
    --------
    Nobody would agree on one of the issues alone.

    >>> import bargain as bg
    >>> linkage = bg.link_issues(
    ...     ("A", "B"),
    ...     {
    ...         "border": {"closed": (0, 0), "open": (3, -1)},
    ...         "loan": {"none": (0, 0), "granted": (-1, 3)},
    ...     },
    ...     bg.NashBargaining(),
    ... )
    >>> print(linkage.to_frame())
                      A    B  product
    on the table
    nothing         0.0  0.0      0.0
    border          0.0  0.0      0.0
    loan            0.0  0.0      0.0
    border + loan   2.0  2.0      4.0
    """
    names = tuple(issues)
    if not 1 <= len(names) <= 12:
        raise InvalidGameError(f"issues: between 1 and 12 were expected, given {len(names)}")
    now = {issue: dict(itertools.islice(options.items(), 1)) for issue, options in issues.items()}
    start = BargainingProblem.of_issues(players, now, np.zeros(len(tuple(players))), lotteries=lotteries)
    disagreement = start.payoffs[:, 0]
    results = []
    for number in range(1 << len(names)):
        table = {name: issues[name] if number >> i & 1 else now[name] for i, name in enumerate(names)}
        problem = BargainingProblem.of_issues(players, table, disagreement, lotteries=lotteries)
        results.append(concept.solve(problem).result if number else problem.disagreement)
    return Linkage(start.players, names, np.stack(np.broadcast_arrays(*results), axis=1))
