"""The terminal that the verbs print to."""

from __future__ import annotations

import sys

from rich import box
from rich.console import Console
from rich.table import Table

__all__ = ["console", "table"]

_PIPE_WIDTH = 118
"""Columns where there is no terminal to ask: tables then keep one row to a line."""


def console() -> Console:
    """Return the terminal, or a page of fixed width where the output goes into a pipe or file.

    Returns
    -------
    rich.console.Console
    """
    return Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH, highlight=False)


def table(*columns: str, title: str, caption: str = "") -> Table:
    """Return an empty table in the house style.

    Parameters
    ----------
    *columns : str
    title : str
    caption : str, optional

    Returns
    -------
    rich.table.Table
    """
    return Table(
        *columns,
        title=title,
        caption=caption or None,
        box=box.SIMPLE_HEAD,
        title_justify="left",
        caption_justify="left",
        title_style="bold",
        padding=(0, 1),
    )
