"""How results show themselves in a notebook: a title, a table, a note, in HTML that any theme can style."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["as_html"]

_ROWS = 60
"""A longer table shows its beginning and its end."""


def as_html(title: str, table: pd.DataFrame, note: str = "") -> str:
    """Return a table with its title above and a note below it.

    Parameters
    ----------
    title : str
        Plain text, escaped here.
    table : pandas.DataFrame
    note : str, optional
        Plain text: what was assumed.

    Returns
    -------
    str

    Examples
    --------
    >>> import pandas as pd
    >>> as_html("a < b", pd.DataFrame()).startswith("<div><p><strong>a &lt; b</strong></p>")
    True
    """
    below = f"<p><small>{escape(note)}</small></p>" if note else ""
    shown = table.to_html(max_rows=_ROWS, float_format=lambda number: f"{number:.6g}", border=0)
    return f"<div><p><strong>{escape(title)}</strong></p>{shown}{below}</div>"
