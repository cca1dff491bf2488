"""Pictures as SVG that can stand in one page with others."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

__all__ = ["inline_svg"]

_READABLE = 600  # pixels: narrower, the letters of a picture for two columns cannot be read
_HEAD = re.compile(r"^.*?(?=<svg )", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->\s*", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>\s*", re.DOTALL)
_STYLE = re.compile(r"<defs>\s*<style type=\"text/css\">[^<]*</style>\s*</defs>\s*")
_OPENING = re.compile(r"<svg ([^>]*)>")
_SIZE = re.compile(r"viewBox=\"0 0 ([\d.]+) ([\d.]+)\"")
_BREAKS = re.compile(r"\s*\n\s*")
_IDENTIFIER = re.compile(r"( id=\"|href=\"#|url\(#)([^\")]+)")
_UNUSED = re.compile(
    r" id=\"(?:figure|axes|text|line2d|patch|xtick|ytick|legend|matplotlib\.axis|[A-Za-z]+Collection)_\d+\""
)


def inline_svg(svg: str, prefix: str, alternative: str) -> Markup:
    """Return a picture of matplotlib's for a page that holds several.

    What is not drawn is left out, identifiers get the prefix in front, so that those of two pictures
    never clash, and the picture takes the width that it finds, up to its own.

    Parameters
    ----------
    svg : str
        A whole file, as matplotlib writes it.
    prefix : str
        Letters and digits, different from those of all other pictures of the page.
    alternative : str
        What it shows, in words.

    Returns
    -------
    markupsafe.Markup
    """
    text = _HEAD.sub("", svg, count=1)
    for unseen in (_COMMENT, _METADATA, _STYLE, _UNUSED):
        text = unseen.sub("", text)
    text = _IDENTIFIER.sub(rf"\g<1>{prefix}-\g<2>", text.replace("xlink:href", "href"))
    size = _SIZE.search(text)
    assert size is not None  # noqa: S101 - matplotlib always writes it
    width, height = float(size[1]), float(size[2])
    # A printed inch has 72 points, one of a page 96 pixels. On a telephone the letters stay readable, and the
    # picture scrolls.
    pixels = round(width * 96 / 72)
    opening = (
        f'<svg role="img" aria-label="{escape(alternative)}" viewBox="0 0 {width:g} {height:g}"'
        f' style="width:{pixels}px;min-width:{min(pixels, _READABLE)}px">'
    )
    text = _OPENING.sub(lambda _: opening, text, count=1)
    return Markup(_BREAKS.sub("\n", text).strip())  # noqa: S704 - matplotlib's own markup
