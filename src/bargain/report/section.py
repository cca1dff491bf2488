"""A section of the report: what it says, in blocks that the page and the files are made from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import pandas as pd
from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Block", "Heading", "Listing", "Paragraph", "Picture", "Section", "Table"]

Cell = str | Markup
"""Plain text, which is escaped when the page is made, or markup that was made from escaped parts."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph.

    Attributes
    ----------
    text : str or Markup
    """

    text: Cell
    kind: ClassVar[str] = "paragraph"


@dataclass(frozen=True)
class Heading:
    """A heading within a section.

    Attributes
    ----------
    text : str or Markup
    """

    text: Cell
    kind: ClassVar[str] = "heading"


@dataclass(frozen=True)
class Listing:
    """A list with bullets.

    Attributes
    ----------
    items : sequence of str or Markup
    """

    items: Sequence[Cell]
    kind: ClassVar[str] = "listing"


@dataclass(frozen=True)
class Table:
    """A table; a wide one scrolls in a box of its own.

    Attributes
    ----------
    caption : str
    head : sequence of str or Markup
        Names of the columns.
    rows : sequence of sequences of str or Markup
        The first cell of a row is its heading.
    note : str or Markup
        How to read it, below the table.
    """

    caption: str
    head: Sequence[Cell]
    rows: Sequence[Sequence[Cell]]
    note: Cell = ""
    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Picture:
    """A picture, drawn when it is needed.

    Attributes
    ----------
    name : str
        Of its files, without ending; different from those of all other pictures.
    draw : callable
        Returns the Axes of a new figure.
    alternative : str
        What it shows, for those who cannot see it.
    """

    name: str
    draw: Callable[[], Axes]
    alternative: str
    kind: ClassVar[str] = "picture"


Block = Paragraph | Heading | Listing | Table | Picture


@dataclass(frozen=True, eq=False)
class Section:
    """A section of the report.

    Attributes
    ----------
    name : str
        Its address within the page, such as ``"thresholds"``.
    title : str
    blocks : sequence of Block
        What it says, from top to bottom.
    tables : dict of str to pandas.DataFrame
        Full tables behind it, by name of their CSV file.
    """

    name: str
    title: str
    blocks: Sequence[Block]
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def pictures(self) -> list[Picture]:
        """Its pictures, in order."""
        return [block for block in self.blocks if isinstance(block, Picture)]
