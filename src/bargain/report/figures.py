"""Numbers as the report writes them: no share without its interval, a true minus sign."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from bargain.sweep.interval import wilson_interval

__all__ = ["difference", "number", "proportion", "share", "spread"]

_EXACT = 1e15


def number(value: float, *, digits: int = 3) -> str:
    """Return a number to so many significant digits.

    Parameters
    ----------
    value : float
    digits : int, default 3

    Returns
    -------
    str

    Examples
    --------
    >>> number(0.12345), number(1200.0), number(2.0)
    ('0.123', '1200', '2')
    """
    if not math.isfinite(value):
        return "not known"
    rounded = float(f"{value:.{digits}g}") + 0.0  # no minus zero
    text = f"{rounded:.0f}" if 100 <= abs(rounded) < _EXACT else f"{rounded:g}"
    return text.replace("-", "\N{MINUS SIGN}")


def share(row: Mapping[Any, Any] | pd.Series[Any], concept: str = "") -> str:
    """Return a share with its interval.

    Parameters
    ----------
    row : mapping
        With ``share``, ``low`` and ``high``.
    concept : str, optional
        Added to these keys, such as ``", USA first"``.

    Returns
    -------
    str

    Examples
    --------
    >>> share({"share": 0.783, "low": 0.7821, "high": 0.7839})
    '0.783 (0.782 to 0.784)'
    """
    return spread(*(float(row[f"{key}{concept}"]) for key in ("share", "low", "high")), decimals=3)


def proportion(value: float, draws: int) -> str:
    """Return a share of draws with its 95 % interval.

    Parameters
    ----------
    value : float
        From 0 to 1.
    draws : int

    Returns
    -------
    str

    Examples
    --------
    >>> proportion(0.8, 10)
    '0.800 (0.490 to 0.943)'
    """
    low, high = wilson_interval(round(value * draws), draws)
    return spread(value, float(low), float(high), decimals=3)


def difference(row: Mapping[Any, Any] | pd.Series[Any]) -> str:
    """Return a difference of shares with its interval and its sign.

    Parameters
    ----------
    row : mapping
        With ``difference``, ``low`` and ``high``.

    Returns
    -------
    str

    Examples
    --------
    >>> difference({"difference": 0.0371, "low": 0.0342, "high": 0.04})
    '+0.037 (+0.034 to +0.040)'
    """
    value, low, high = (float(row[key]) for key in ("difference", "low", "high"))
    return spread(value, low, high, decimals=3, signed=True)


def spread(value: float, low: float, high: float, *, decimals: int, signed: bool = False) -> str:
    """Return a number with the interval that it lies in.

    Parameters
    ----------
    value, low, high : float
    decimals : int
    signed : bool, default False
        Whether positive numbers have a plus.

    Returns
    -------
    str

    Examples
    --------
    >>> spread(2.0, 0.5, 3.0, decimals=1, signed=True)
    '+2.0 (+0.5 to +3.0)'
    """
    form = f"{'+' if signed else ''}.{decimals}f"
    # Adding zero turns minus zero into zero.
    texts = (f"{round(number, decimals) + 0.0:{form}}" for number in (value, low, high))
    first, *ends = (text.replace("-", "\N{MINUS SIGN}") for text in texts)
    return f"{first} ({ends[0]} to {ends[1]})"
