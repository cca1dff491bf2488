"""The belief that a sender is tough: over the years of a history, or over the messages of one year."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bargain.errors import InvalidArgumentError, UnknownDrawError
from bargain.plots import style
from bargain.plots.point_labels import PointLabel, PointLabels
from bargain.solvers.credibility import Credibility
from bargain.solvers.signalling_equilibria import SignallingSolution

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["posterior_path"]

_BELIEF, _CONCESSION, _THREAT = "#014478", "#e45f33", "#01724b"
_BANDS = ((0.05, 0.95, "#d5dfec"), (0.25, 0.75, "#a3b9d6"))
_NEVER = 1e-9


def posterior_path(
    beliefs: Credibility | SignallingSolution,
    *,
    draw: int | None = None,
    years: Sequence[str] | None = None,
    title: str = "Belief that the sender is tough",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw how the belief that a sender is tough moves with what the sender does.

    Of a history the belief is drawn at the start of every year, with how likely a threat was and how likely
    the receiver was to concede to it; what happened stands between the years. Of equilibria of one year lines
    lead from the belief before to those after a threat and after silence; the thicker a line, the more likely
    the message.

    Parameters
    ----------
    beliefs : Credibility or SignallingSolution
        As `bargain.credibility` and `bargain.PerfectBayesian` return them.
    draw : int, optional
        Which draw. Without it all draws of a history are drawn, as median with bands that hold half and nine
        tenths of them, and the first draw of equilibria.
    years : sequence of str, optional
        Names of the years of a history, and of the one after if known; by default they are numbered.
    title : str, optional
    assumed : str, optional
        Added to the caption: what the parameters are.
    ax : Axes, optional
        By default that of a new figure.

    Returns
    -------
    Axes

    Raises
    ------
    InvalidArgumentError
        If there are not as many years as in the history, or the draw has no equilibrium.
    UnknownDrawError

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.posterior_path import posterior_path
    >>> game = bg.ThreatGame(
    ...     prior=0.2, prize=3, audience_cost=2, concession_cost=1.2, loss=3, carrying_out=0.5
    ... )
    >>> ax = posterior_path(bg.credibility(game, ["conceded", "backed down"]), years=["2018", "2019"])
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['2018', '2019', 'after']
    """
    draws = beliefs.belief.shape[1] if isinstance(beliefs, Credibility) else beliefs.game.draws
    if draw is not None and not -draws <= draw < draws:
        raise UnknownDrawError(f"draw: one of {draws} draws was expected, given {draw}")
    with style.canvas(ax, width=style.ONE_AND_A_HALF_COLUMNS, height=3.9) as ax:  # noqa: PLR1704 - the same or a new one
        if isinstance(beliefs, Credibility):
            _history(ax, beliefs, draw, years, title, assumed)
        else:
            _messages(ax, beliefs, 0 if draw is None else draw % draws, title, assumed)
    return ax


def _history(
    ax: Axes, path: Credibility, draw: int | None, years: Sequence[str] | None, title: str, assumed: str
) -> None:
    count = len(path.history)
    names = [str(year + 1) for year in range(count)] if years is None else list(map(str, years))
    if len(names) not in (count, count + 1):
        raise InvalidArgumentError(f"years: {count} or {count + 1} names were expected, given {len(names)}")
    names = [*names, "after"][: count + 1]
    x = np.arange(count + 1)
    pick = slice(None) if draw is None else [draw]
    many = path.belief[:, pick].shape[1] > 1
    if many:
        for low, high, colour in _BANDS:
            ends = np.quantile(path.belief[:, pick], [low, high], axis=1)
            ax.fill_between(x, *ends, facecolor=colour, edgecolor="none", zorder=1)
    for values, colour, dashes, marker, label in (
        (path.threat, _THREAT, (0, (1.2, 1.2)), "^", "probability of a threat"),
        (path.concession, _CONCESSION, (0, (4, 1.5)), "s", "probability of conceding to it"),
        (path.belief, _BELIEF, "-", "o", "belief that the sender is tough"),
    ):
        ax.plot(
            x,
            np.median(values[:, pick], axis=1),
            color=colour,
            linestyle=dashes,
            marker=marker,
            markersize=6 if marker == "o" else 4,
            linewidth=2.4 if marker == "o" else 1.3,
            zorder=3,
            label=label,
            clip_on=False,
        )
    crowded = count > 6
    top = 1.6 if crowded else 1.28
    for year, event in enumerate(path.history):
        ax.axvline(year + 0.5, color=style.GRID, linewidth=0.8, ymax=1 / top, zorder=0)
        said = event if crowded else textwrap.fill(event, 10)
        ax.text(
            year + 0.5,
            1.05,
            said,
            ha="center",
            va="bottom",
            fontsize=style.SMALL,
            linespacing=1.1,
            rotation=90 if crowded else 0,
        )
    ax.set(xlim=(-0.3, count + 0.3), ylim=(0, top), xlabel="year")
    ax.set_ylabel("probability [0-1]", y=0.5 / top)
    ax.set_xticks(x, names)
    if count > 11:
        ax.tick_params(axis="x", labelrotation=90)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
    ax.spines["left"].set_bounds(0, 1)
    style.legend_above(ax, title)
    parts = ["Each year played as if it were the last, in the equilibrium that survives D1, then Bayes' rule"]
    if many:
        parts.append(f"medians of {path.belief.shape[1]:,} draws; bands hold 50 % and 90 % of their beliefs")
    style.caption(ax, "; ".join(filter(None, [*parts, assumed])) + ".")


def _messages(ax: Axes, solution: SignallingSolution, draw: int, title: str, assumed: str) -> None:
    chosen = np.flatnonzero(solution.draw == draw)
    if not chosen.size:
        raise InvalidArgumentError(f"beliefs: draw {draw} has no equilibrium to draw")
    prior = float(solution.game.prior[draw])
    labels = []
    for place, index in enumerate(chosen):
        start = float(place)
        said = float(solution.threat_probability[index])
        for message, (share, colour, dashes) in enumerate(
            ((said, _BELIEF, "-"), (1 - said, _CONCESSION, (0, (3, 1.2))))
        ):
            after = float(solution.posterior[message, index])
            never = share <= _NEVER
            ax.plot(
                [start, start + 0.5],
                [prior, after],
                color=colour,
                linestyle=dashes,
                zorder=3,
                clip_on=False,
                linewidth=0.8 if never else 1.2 + 3.5 * share,
            )
            ax.plot(
                start + 0.5,
                after,
                marker="o" if message == 0 else "s",
                markersize=6.5,
                clip_on=False,
                markerfacecolor="white" if never else colour,
                markeredgecolor=colour,
                zorder=4,
            )
            word = "threat" if message == 0 else "silence"
            words = f"{word} ({'never sent' if never else f'{share:.2f}'})\nbelief {after:.2f}"
            labels.append(PointLabel(start + 0.5, after, words))
        ax.plot(start, prior, marker="D", markersize=6.5, color=style.INK, zorder=5, clip_on=False)
    kinds = [solution.kind[index].label for index in chosen]
    ax.set_xticks(np.arange(len(chosen)) + 0.25, [textwrap.fill(kind, 18) for kind in kinds])
    ax.tick_params(axis="x", length=0)
    ax.set(
        title=title,
        xlim=(-0.15, len(chosen)),
        ylim=(-0.06, 1.06),
        xlabel="equilibrium",
        ylabel="belief that the sender is tough [0-1]",
    )
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
    names = PointLabels(ax, labels)
    parts = [
        f"Diamond: belief before, {prior:.2f}",
        "lines lead to the belief after a threat (solid) and after silence (dashed)",
        "in brackets: how likely the message is; hollow: one that is never sent",
    ]
    style.caption(ax, "; ".join(filter(None, [*parts, assumed])) + ".")
    names.settle()
