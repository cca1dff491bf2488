"""Tables for a paper: plain text made safe for LaTeX, and rows of cells as a ``tabular``."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["escape", "tabular"]

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: f"\\{character}" for character in "&%$#_{}"},
}


def escape(text: str) -> str:
    r"""Return plain text as LaTeX that prints it.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> print(escape("pressing_cost: 50 %"))
    pressing\_cost: 50 \%
    """
    return "".join(_SPECIAL.get(character, character) for character in text)


def tabular(columns: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    r"""Return a table in the style of the booktabs package, which the document must load.

    Parameters
    ----------
    columns : str
        Alignment of each column, such as ``"lrr"``.
    head : sequence of str
    rows : iterable of sequence of str
        Cells that are LaTeX already.

    Returns
    -------
    str

    Examples
    --------
    >>> print(tabular("lr", ["outcome", "share"], [["renew", "0.8"]]))
    \begin{tabular}{lr}
    \toprule
    outcome & share \\
    \midrule
    renew & 0.8 \\
    \bottomrule
    \end{tabular}
    """
    lines = [f"\\begin{{tabular}}{{{columns}}}", r"\toprule", " & ".join(head) + r" \\", r"\midrule"]
    lines += [" & ".join(row) + r" \\" for row in rows]
    return "\n".join([*lines, r"\bottomrule", r"\end{tabular}"])
