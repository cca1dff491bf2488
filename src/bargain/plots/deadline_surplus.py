"""Bargaining up to a deadline: what each round is worth, and when they agree."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError, UnknownDrawError
from bargain.games.deadline import DeadlineGame
from bargain.plots import style
from bargain.plots.bands import Band
from bargain.solvers.bargaining.alternating_offers import AlternatingOffers, OfferStatus
from bargain.solvers.bargaining.deadline_offers import DeadlineOffers, DeadlinePath, DeadlineStatus

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["deadline_surplus"]

_COLOURS = ("#014478", "#e45f33", "#01724b", "#853f7e")
_DASHES = ("-", (0, (4, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)))
_MARKERS = ("o", "s", "^", "D")
_SURPLUS, _COST = "surplus", "cost of waiting"
_JOINT = "worth of agreeing then over waiting"
_OWN = "what the proposer gains by agreeing then over waiting"


def deadline_surplus(
    negotiation: AlternatingOffers | DeadlinePath | pd.DataFrame,
    *,
    players: Sequence[str] | None = None,
    draw: int = 0,
    agreed: int | None = None,
    unit: str = "util",
    title: str = "Bargaining up to a deadline",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw what negotiations are worth in each round, and in which round they end.

    Above: what each player expects if that round is reached. Below: what agreeing in that round is worth over
    waiting, to both together or, of talks over deals of variable depth, to the player that proposes; they
    agree in the first round in which it is not negative.

    Parameters
    ----------
    negotiation : AlternatingOffers, DeadlinePath or pandas.DataFrame
        Offers with a deadline; the path of talks with a firm date, as `bargain.DeadlineOffers` returns it; or
        a table with one row per round, indexed by its number or date, one column
        for what each player then gets, a column ``"surplus"``, and optionally one ``"cost of waiting"``, what
        a round of waiting costs both together.
    players : sequence of str, optional
        Names of the two players of `AlternatingOffers`, which have none of their own.
    draw : int, default 0
        Which draw.
    agreed : int, optional
        The round of agreement of a table, counted from 1; None where there is none.
    unit : str, optional
        Of payoffs.
    title : str, optional
    assumed : str, optional
        Added to the caption: setting.
    ax : Axes, optional
        By default that of a new figure.

    Returns
    -------
    Axes

    Raises
    ------
    InvalidArgumentError
        If there is no firm deadline, not two names of players, no such round, or the table has no surplus or
        no players.
    UnknownDrawError

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.deadline_surplus import deadline_surplus
    >>> offers = bg.AlternatingOffers(patience=(0.99, 0.99), rounds=13, posturing=(0.01, 0.01))
    >>> ax = deadline_surplus(offers, players=("ROK", "JPN"))
    >>> ax.get_xlabel()
    'round'
    """
    word, below = "", _JOINT
    if isinstance(negotiation, AlternatingOffers):
        table, agreed, word = _rounds(negotiation, players or ("first", "second"), draw)
    elif isinstance(negotiation, DeadlinePath):
        table, agreed, word = _talks(negotiation, draw)
        below = _OWN
    else:
        table = negotiation
        _check(table, agreed)
    names = [str(column) for column in table.columns if column not in (_SURPLUS, _COST)]
    rounds = np.arange(1, len(table) + 1)
    shares = table[names].to_numpy(dtype=np.float64)
    worth = table[[column for column in (_SURPLUS, _COST) if column in table]].to_numpy(dtype=np.float64)
    with style.canvas(ax, width=style.ONE_AND_A_HALF_COLUMNS, height=4.4) as ax:  # noqa: PLR1704 - the same or a new one
        upper, lower = Band.stacked(
            ax,
            [
                _scaled(f"what each gets once the round is reached [{unit}]", shares, 1.0),
                _scaled(f"{below} [{unit}]", worth, 0.62),
            ],
        )
        for number, (name, values) in enumerate(zip(names, shares.T, strict=True)):
            ax.plot(
                rounds,
                upper.at(values),
                color=_COLOURS[number % 4],
                linestyle=_DASHES[number % 4],
                marker=_MARKERS[number % 4],
                markersize=4.5,
                linewidth=1.8,
                zorder=3,
                label=name,
            )
        for place, value in zip(rounds, table[_SURPLUS].to_numpy(dtype=np.float64), strict=True):
            if not np.isfinite(value):  # the other would accept nothing
                continue
            look = style.Look("#f4c730") if value >= 0 else style.Look("#ffffff", "////")
            ax.bar(
                place,
                float(lower.at(value) - lower.at(0.0)),
                bottom=float(lower.at(0.0)),
                width=0.62,
                zorder=2,
                **style.paint(look),
            )
        if _COST in table:
            ax.plot(
                rounds,
                lower.at(table[_COST].to_numpy(dtype=np.float64)),
                color=style.INK,
                marker="_",
                markersize=9,
                linestyle="none",
                markeredgewidth=1.8,
                zorder=4,
                label=_COST,
            )
        ax.plot([0.4, len(table) + 0.6], [float(lower.at(0.0))] * 2, color=style.INK, linewidth=0.8, zorder=2)
        if agreed is not None:
            for band in (upper, lower):
                ax.plot(
                    [agreed, agreed],
                    [band.bottom, band.bottom + band.height],
                    color=style.INK,
                    linewidth=1.0,
                    linestyle=(0, (4, 2)),
                    zorder=1,
                )
            word = word or "agreement"
            early = agreed <= (len(table) + 1) / 2
            when = table.index[agreed - 1]
            said = (
                f"{word.partition(' on ')[0]} in round {when}"
                if table.index.name in (None, "round")
                else f"{word}: {when}"
            )
            ax.annotate(
                said,
                xy=(agreed + (0.4 if early else -0.4), lower.bottom + 0.87 * lower.height),
                xytext=(2 if early else -2, 0),
                textcoords="offset points",
                ha="left" if early else "right",
                va="center",
                fontsize=style.SMALL,
                fontweight="bold",
                zorder=6,
                bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"},
            )
        step = -(-len(table) // 16)
        ax.set_xticks(rounds[::step], [str(name) for name in table.index[::step]])
        ax.set(xlim=(0.4, len(table) + 0.6), xlabel=str(table.index.name or "round"), ylabel="payoff")
        style.legend_above(ax, title)
        style.caption(ax, _caption(table, agreed, word, assumed))
    return ax


def _rounds(
    offers: AlternatingOffers, players: Sequence[str], draw: int
) -> tuple[pd.DataFrame, int | None, str]:
    """Return the table of offers with a deadline, the round in which they end, and how."""
    if offers.rounds is None:
        raise InvalidArgumentError(
            "negotiation: offers with a deadline were expected, AlternatingOffers(rounds=...)"
        )
    if len(players) != 2:
        raise InvalidArgumentError(f"players: two names were expected, given {players!r}")
    whole = offers.solve()
    draws = whole.round.size
    if not -draws <= draw < draws:
        raise UnknownDrawError(f"draw: one of {draws} draws was expected, given {draw}")
    payment = np.asarray(offers.side_payment, dtype=np.float64)
    values = np.empty((offers.rounds, 2))
    for passed in range(offers.rounds):
        by_round = payment.ndim > 0 and len(payment) == offers.rounds
        rest = dataclasses.replace(
            offers,
            rounds=offers.rounds - passed,
            first=(offers.first + passed) % 2,
            side_payment=payment[passed:] if by_round else payment,
        )
        solved = rest.solve().payoffs
        values[passed] = solved[:, draw if solved.shape[1] > 1 else 0]
    table = _table(values, players, whole.surplus[:, draw])
    code = int(whole.codes[draw])
    place = int(whole.round[draw])
    word = "outside option taken" if code == OfferStatus.OPTED_OUT else "agreement"
    return table, place or None, word


def _talks(path: DeadlinePath, draw: int) -> tuple[pd.DataFrame, int | None, str]:
    """Return the same of talks over deals of variable depth."""
    game = path.game
    if game.deadline != "firm":
        raise InvalidArgumentError("negotiation: talks with a firm date were expected, given a random one")
    if not -game.draws <= draw < game.draws:
        raise UnknownDrawError(f"draw: one of {game.draws} draws was expected, given {draw}")
    pick = [draw % game.draws]
    values = np.empty((game.rounds, 2))
    for passed in range(game.rounds):
        rest = DeadlineGame(
            game.players,
            {name: list(game.payoffs[:, k, :, pick[0]].T) for k, name in enumerate(game.deals)},
            game.disagreement[:, pick],
            patience=game.patience[:, pick],
            rounds=game.rounds - passed,
            first=game.players[(game.first + passed) % 2],
            breakdown=game.breakdown[pick],
            breakdown_payoffs=game.breakdown_payoffs[:, pick],
            posturing=game.posturing[:, pick],
            outside_options=None if game.outside_options is None else game.outside_options[:, pick],
            side_payment=game.side_payment[:, passed:, pick],
            recognition=None if game.recognition is None else game.recognition[:, pick],
        )
        values[passed] = DeadlineOffers().solve(rest).payoffs[:, 0]
    place = int(path.round[draw])
    if path.codes[draw] == DeadlineStatus.WALKED_OUT:
        word = "outside option taken"
    else:
        deal = int(path.deal[draw])
        word = f"agreement on {game.deals[deal]}, depth {path.depth[draw]:.2f}" if deal >= 0 else ""
    return _table(values, game.players, path.gain[:, draw]), place or None, word


def _table(values: Floats, players: Sequence[str], surplus: Floats) -> pd.DataFrame:
    table = pd.DataFrame(values, columns=list(players), index=pd.RangeIndex(1, len(values) + 1, name="round"))
    table[_SURPLUS] = surplus
    return table


def _check(table: pd.DataFrame, agreed: int | None) -> None:
    if not isinstance(table, pd.DataFrame) or _SURPLUS not in table or not len(table):
        raise InvalidArgumentError(
            f"negotiation: AlternatingOffers or a table with a column {_SURPLUS!r} was expected, given"
            f" {type(table).__name__}"
        )
    if not [column for column in table.columns if column not in (_SURPLUS, _COST)]:
        raise InvalidArgumentError(
            "negotiation: a column for what each player gets was expected, there is none"
        )
    if agreed is not None and not 1 <= agreed <= len(table):
        raise InvalidArgumentError(f"agreed: a round from 1 to {len(table)} was expected, given {agreed}")


def _scaled(name: str, values: Floats, height: float) -> Band:
    """Return a band with round numbers at its ends that holds zero and all values."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - only pictures need matplotlib

    known = values[np.isfinite(values)]
    low, high = float(known.min(initial=0.0)), float(known.max(initial=0.0))
    ticks = MaxNLocator(nbins=4, min_n_ticks=2).tick_values(low, high if high > low else low + 1.0)
    shown = tuple(round(float(tick), 12) for tick in ticks)
    return Band(name, shown[0], shown[-1], shown, height=height)


def _caption(table: pd.DataFrame, agreed: int | None, word: str, assumed: str) -> str:
    parts = ["Filled bars: agreeing is worth more than waiting; hatched: waiting is"]
    if table[_SURPLUS].isna().any():
        parts.append("no bar: the other would accept nothing")
    if agreed is None:
        parts.append("the deadline passes without agreement")
    elif word.startswith("agreement"):
        row = table.iloc[agreed - 1].drop([_SURPLUS, _COST], errors="ignore")
        split = ", ".join(f"{name} {value:.3g}" for name, value in row.items()).replace("-", "\N{MINUS SIGN}")
        parts.append(f"dashed: {word}, with {split}")
    return "; ".join(filter(None, [*parts, assumed])) + "."
