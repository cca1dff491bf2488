"""Formulas as MathML, which browsers draw themselves, without a script or a font from the network."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from markupsafe import Markup

from bargain.errors import BargainError

__all__ = ["mathml"]

_MARK = re.compile(r"\s*(\\[A-Za-z]+|\\.|\d+(?:\.\d+)?(?:e[+-]?\d+)?|[A-Za-z]|\S)")
_RELATIONS = {r"\ge": "≥", r"\le": "≤", "=": "=", "<": "<", ">": ">"}
_SPELLINGS = {"lambda": "lamda", "varphi": "phi", "varepsilon": "epsilon", "vartheta": "theta"}
_UPRIGHT = {r"\mathit", r"\mathrm", r"\text"}
_THIN = Markup('<mspace width="0.17em"/>')


class _UnknownError(BargainError):
    """The formula holds something that is not spoken here."""


def mathml(latex: str) -> Markup:
    r"""Return a formula as MathML that may break at its plus and minus signs.

    Parameters
    ----------
    latex : str
        Sums of products of numbers and symbols, with sub- and superscripts, brackets and relations, as
        payoff models write them.

    Returns
    -------
    markupsafe.Markup
        One ``<math>`` element for each summand, so that a long formula can be broken into lines. A formula
        that cannot be read is shown as the text that it is.

    Examples
    --------
    >>> print(mathml("2 c_K"))
    <math><mrow><mn>2</mn><mspace width="0.17em"/><msub><mi>c</mi><mi>K</mi></msub></mrow></math>
    """
    try:
        rows = [_row(iter(part)) for part in _summands(latex)]
    except _UnknownError:
        return Markup("<math><mtext>{}</mtext></math>").format(latex)
    # A sign that begins a line or a piece of a sum still stands between two summands.
    infix = Markup('<mo form="infix">')
    pieces = [rows[0], *(row.replace(Markup("<mo>"), infix, 1) for row in rows[1:])]
    return Markup(" ").join(Markup("<math><mrow>{}</mrow></math>").format(piece) for piece in pieces)


def _summands(latex: str) -> Iterator[list[str]]:
    """Cut the marks of a formula before every sign and relation outside of brackets."""
    marks = _MARK.findall(latex)
    part: list[str] = []
    depth = 0
    for mark in marks:
        depth += (mark in "({[") - (mark in ")}]")
        signed = bool(part) and part[-1] in _RELATIONS
        if depth == 0 and part and not signed and mark in {"+", "-", *_RELATIONS}:
            yield part
            part = []
        part.append(mark)
    if depth:
        raise _UnknownError(latex)
    yield part


def _row(marks: Iterator[str]) -> Markup:
    """Read marks up to their end or a closing brace."""
    pieces: list[Markup] = []
    factor = False  # whether what stands last is a factor, after which another one multiplies
    for mark in marks:
        if mark == "}":
            break
        if mark in "_^":
            if not pieces:
                raise _UnknownError(mark)
            kind = "msub" if mark == "_" else "msup"
            pieces[-1] = Markup("<{0}>{1}{2}</{0}>").format(kind, pieces[-1], _piece(marks))
            continue
        piece = _read(mark, marks)
        operator = mark in "+-)" or mark in _RELATIONS
        if factor and not operator:
            pieces.append(_THIN)
        pieces.append(piece)
        factor = not (mark in "+-(" or mark in _RELATIONS)
    return Markup("").join(pieces)


def _piece(marks: Iterator[str]) -> Markup:
    mark = next(marks, None)
    if mark is None:
        raise _UnknownError
    return _read(mark, marks)


def _read(mark: str, marks: Iterator[str]) -> Markup:
    if mark == "{":
        return Markup("<mrow>{}</mrow>").format(_row(marks))
    if mark in _UPRIGHT:
        return Markup("<mtext>{}</mtext>").format(_word(marks))
    if mark in _RELATIONS:
        return Markup("<mo>{}</mo>").format(_RELATIONS[mark])
    if mark in "+-":
        return Markup("<mo>{}</mo>").format("\N{MINUS SIGN}" if mark == "-" else "+")
    if mark in "()":
        return Markup('<mo stretchy="false">{}</mo>').format(mark)
    if mark[0].isdigit():
        return Markup("<mn>{}</mn>").format(mark)
    if mark.isalpha():
        return Markup("<mi>{}</mi>").format(mark)
    return Markup("<mi>{}</mi>").format(_greek(mark))


def _word(marks: Iterator[str]) -> str:
    r"""Read a word in braces, such as ``{pressing\_cost}``."""
    if next(marks, None) != "{":
        raise _UnknownError
    letters: list[str] = []
    for mark in marks:
        if mark == "}":
            return "".join(letters)
        letters.append(mark.removeprefix("\\"))
    raise _UnknownError


def _greek(mark: str) -> str:
    name = mark.removeprefix("\\")
    if not mark.startswith("\\") or not name.isalpha():
        raise _UnknownError(mark)
    size = "CAPITAL" if name[0].isupper() else "SMALL"
    try:
        return unicodedata.lookup(f"GREEK {size} LETTER {_SPELLINGS.get(name, name).upper()}")
    except KeyError:
        raise _UnknownError(mark) from None
