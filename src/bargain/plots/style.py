"""The house style: colours, hatches, sizes, captions and deterministic files, in one place.

Nothing is told by colour alone: colours that mean different outcomes also differ in lightness or hatch, so
that pictures survive a grey printer and every kind of colour blindness. Nothing global is changed: the style
is on while a figure is drawn or saved, and off again afterwards.
"""

from __future__ import annotations

import contextlib
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from bargain.games.labels import Labels, Outcome

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend

__all__ = [
    "DOUBLE_COLUMN",
    "GRID",
    "INK",
    "MUTED",
    "ONE_AND_A_HALF_COLUMNS",
    "OTHER",
    "REMAINDER",
    "SINGLE_COLUMN",
    "SMALL",
    "TEXT",
    "TITLE",
    "Look",
    "canvas",
    "caption",
    "figure_of",
    "first_free",
    "height_of",
    "house_style",
    "labels_of",
    "legend_above",
    "legend_below",
    "legend_columns",
    "name_rows",
    "outcome_looks",
    "paint",
    "quantity",
    "save",
    "settle",
    "width_of",
    "written",
]

SINGLE_COLUMN, ONE_AND_A_HALF_COLUMNS, DOUBLE_COLUMN = 3.5, 5.5, 7.2
"""Widths of figures in inches, as journals print them (89, 140 and 183 mm)."""

INK, MUTED, GRID = "#1a1a1a", "#595959", "#d9d9d9"
"""Colours of text and marks, of what is said in passing, and of grids and frames."""

SMALL, TEXT, TITLE = 7.0, 8.0, 10.0
"""Font sizes in points: of captions and text within a picture, of labels, of titles."""

RC: Mapping[str, Any] = MappingProxyType(
    {
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],  # comes with matplotlib: the same letters on every machine
        "font.size": TEXT,
        "mathtext.fontset": "dejavusans",
        "text.color": INK,
        "axes.labelcolor": INK,
        "axes.edgecolor": MUTED,
        "axes.titlesize": TITLE,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titlepad": 8.0,
        "axes.labelsize": TEXT,
        "axes.linewidth": 0.7,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "xtick.labelcolor": INK,
        "ytick.labelcolor": INK,
        "xtick.labelsize": TEXT,
        "ytick.labelsize": TEXT,
        "grid.color": GRID,
        "grid.linewidth": 0.6,
        "lines.linewidth": 1.2,
        "hatch.linewidth": 0.6,
        "legend.frameon": False,
        "legend.fontsize": SMALL,
        "legend.handlelength": 1.8,
        "legend.handleheight": 1.0,
        "figure.dpi": 100.0,
        "figure.max_open_warning": 0,  # a report opens more than twenty, and closes them
        "savefig.dpi": 150.0,
        "svg.fonttype": "path",
        "svg.hashsalt": "bargain",
    }
)

_FAMILIES = (
    ("#014478", "#3f679d"),  # blue, lightness 28 to 43
    ("#f4c730", "#ffe6b0"),  # gold, 82 to 92
    ("#e45f33", "#fa8e6a"),  # vermilion, 57 to 70
    ("#01724b", "#4f9a76"),  # green, 42 to 58
    ("#853f7e", "#a872a1"),  # purple, 38 to 55
    ("#36add3", "#88d0ee"),  # sky, 66 to 80
)
"""Hue families. The first three share no lightness; the others do, and therefore come hatched."""

_GREY_SAFE = 3
_SHADES = 3
_HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "++++", "oo", "||||", "----", "**")


@dataclass(frozen=True)
class Look:
    """How an area is painted.

    Attributes
    ----------
    face : str
        Colour.
    hatch : str
        Matplotlib hatch; empty for none.
    """

    face: str
    hatch: str = ""

    @property
    def ink(self) -> str:
        """Colour of the hatch and of text on the area: black or white, whichever reads better."""
        red, green, blue = (int(self.face[i : i + 2], 16) / 255 for i in (1, 3, 5))
        luminance = sum(w * c**2.2 for w, c in zip((0.2126, 0.7152, 0.0722), (red, green, blue), strict=True))
        return "#ffffff" if luminance < 0.22 else INK


REMAINDER: Mapping[str, Look] = MappingProxyType(
    {
        "(mixed)": Look("#e6e6e6", "...."),
        "(multiple)": Look("#bdbdbd", "xxxx"),
        "(none)": Look("#ffffff", "////"),
        "(unsolved)": Look("#f2f2f2", "++++"),
    }
)
"""Looks of what is no single outcome: grey, and hatched."""

OTHER = Look("#d9d9d9", "----")
"""Look of small shares that were pooled."""


def outcome_looks(labels: Labels) -> dict[Outcome, Look]:
    """Assign a look to every outcome: the same one whenever players and actions are the same.

    The hue says what the first player does, its lightness what the second does, the hatch what all others
    do (players without a choice are skipped). Looks are distinct as long as the first player has at most
    six actions and those of the others need no more than three lightnesses times ten hatches; beyond that
    they repeat, and labels alone tell outcomes apart.

    Parameters
    ----------
    labels : Labels

    Returns
    -------
    dict of outcome to Look
        In C order.

    Examples
    --------
    >>> looks = outcome_looks(Labels.of({"ROK": ("renew", "terminate"), "USA": ("abstain", "press")}))
    >>> looks["renew", "abstain"], looks["renew", "press"]
    (Look(face='#014478', hatch=''), Look(face='#3f679d', hatch=''))
    """
    movers = [player for player, size in enumerate(labels.shape) if size > 1]
    looks = {}
    for outcome, place in zip(labels.outcomes, np.ndindex(labels.shape), strict=True):
        first, second, *others = [*(place[player] for player in movers), 0, 0]
        sizes = [labels.shape[player] for player in movers[2:]]
        rest = int(np.ravel_multi_index(others[: len(sizes)], sizes)) if sizes else 0
        shades = min(labels.shape[movers[1]], _SHADES) if len(movers) > 1 else 1
        # What lightness cannot hold goes into the hatch: further actions of the second player, hues that
        # repeat, and hue families that are as light as another one.
        per_shade = int(np.prod(sizes)) if sizes else 1
        lap, family = divmod(first, len(_FAMILIES))
        groups = -(-labels.shape[movers[1]] // _SHADES) if len(movers) > 1 else 1
        hatch = (lap * groups + second // _SHADES) * per_shade + rest + (2 if family >= _GREY_SAFE else 0)
        face = _mix(*_FAMILIES[family], (second % _SHADES) / max(shades - 1, 1))
        looks[outcome] = Look(face, _HATCHES[hatch % len(_HATCHES)])
    return looks


def _mix(first: str, last: str, share: float) -> str:
    ends = [[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in (first, last)]
    return "#" + "".join(f"{round(a + share * (b - a)):02x}" for a, b in zip(*ends, strict=True))


def labels_of(outcomes: Iterable[Outcome], players: Iterable[str]) -> Labels:
    """Return the players and actions that outcomes are made of, in order of appearance.

    Parameters
    ----------
    outcomes : iterable of tuple of str
    players : iterable of str

    Returns
    -------
    Labels
    """
    columns = zip(*outcomes, strict=True)
    return Labels(tuple(players), tuple(tuple(dict.fromkeys(column)) for column in columns))


def written(outcome: Outcome) -> str:
    """Return an outcome, or a remainder such as ``(none)``, as one line of text.

    Parameters
    ----------
    outcome : tuple of str

    Returns
    -------
    str
    """
    return " / ".join(filter(None, outcome))


def quantity(name: str, symbol: str = "", unit: str = "") -> str:
    r"""Return the label of an axis: name, symbol and unit.

    Parameters
    ----------
    name : str
        As in the scenario file.
    symbol : str, optional
        In LaTeX; left out where matplotlib cannot set it.
    unit : str, optional

    Returns
    -------
    str

    Examples
    --------
    >>> print(quantity("pressing_cost", "k_U", "util 0-10"))
    pressing cost $k_U$ [util 0-10]
    """
    from matplotlib.mathtext import MathTextParser  # noqa: PLC0415 - only pictures need matplotlib

    parts = [name.replace("_", " ")]
    if symbol:
        with contextlib.suppress(ValueError):
            MathTextParser("path").parse(f"${symbol}$")
            parts.append(f"${symbol}$")
    if unit:
        parts.append(f"[{unit}]")
    return " ".join(parts)


@contextlib.contextmanager
def house_style() -> Iterator[None]:
    """Switch the house style on for a while, whatever the user's own settings are."""
    import matplotlib as mpl  # noqa: PLC0415 - only pictures need matplotlib

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(RC)  # type: ignore[arg-type]  # whose keys matplotlib lists one by one
        yield


@contextlib.contextmanager
def canvas(ax: Axes | None, *, width: float, height: float) -> Iterator[Axes]:
    """Give the Axes to draw in, with the house style on.

    Parameters
    ----------
    ax : Axes or None
        If None, a new pyplot figure is made.
    width, height : float
        Of a new figure, in inches.

    Yields
    ------
    Axes
    """
    with house_style():
        if ax is None:
            from matplotlib import pyplot as plt  # noqa: PLC0415 - takes long to import

            ax = plt.subplots(figsize=(width, height), layout="constrained")[1]
        else:
            ax.spines[["top", "right"]].set_visible(False)
            ax.set_axisbelow(True)
            ax.tick_params(labelsize=TEXT)
            for label in (ax.xaxis.label, ax.yaxis.label):
                label.set(size=TEXT, color=INK)
        yield ax


def legend_below(ax: Axes, looks: Mapping[str, Look]) -> Legend:
    """Put a legend of areas, in as many columns as fit, below the label of the x axis.

    Parameters
    ----------
    ax : Axes
    looks : mapping of label to Look

    Returns
    -------
    Legend
        For `caption` to stay clear of.
    """
    from matplotlib.patches import Patch  # noqa: PLC0415 - only pictures need matplotlib
    from matplotlib.transforms import ScaledTranslation  # noqa: PLC0415

    below = ScaledTranslation(0, -0.42, figure_of(ax).dpi_scale_trans)
    return ax.legend(
        handles=[Patch(label=label, **paint(look)) for label, look in looks.items()],
        loc="upper left",
        bbox_to_anchor=(0, 0),
        bbox_transform=ax.transAxes + below,
        borderaxespad=0,
        borderpad=0,
        ncols=legend_columns(looks, width_of(ax)),
    )


def legend_above(ax: Axes, title: str) -> None:
    """Put the legend of all labelled lines, in as many columns as fit, between an Axes and its title.

    Parameters
    ----------
    ax : Axes
    title : str
    """
    labels = [str(label) for label in ax.get_legend_handles_labels()[1]]
    columns = max(1, min(len(labels), legend_columns(labels, 1.1 * width_of(ax))))
    rows = -(-len(labels) // columns)
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=columns,
        borderaxespad=0.2,
        handlelength=3.0,
        markerscale=0.8,
    )
    ax.set_title(title, pad=13 + 11.2 * rows)


def legend_columns(labels: Iterable[str], width: float) -> int:
    """Return how many columns of a legend fit side by side.

    Parameters
    ----------
    labels : iterable of str
    width : float
        In inches.

    Returns
    -------
    int
    """
    longest = max(map(len, labels), default=0)
    return max(1, min(4, int(width / (0.056 * longest + 0.5))))


def caption(ax: Axes, text: str, *, below: Artist | None = None) -> None:
    """Write what was assumed below an Axes, wrapped to its figure's share.

    Parameters
    ----------
    ax : Axes
    text : str
        Setting, draws, seed, solver, and how to read the picture.
    below : Artist, optional
        Lowest thing that the caption must clear; by default the label of the x axis.
    """
    anchor = ax.xaxis.label if below is None else below
    ax.annotate(
        textwrap.fill(text, _characters(ax)),
        xy=(0, 0),
        xycoords=("axes fraction", anchor),
        xytext=(0, -5),
        textcoords="offset points",
        va="top",
        ha="left",
        fontsize=SMALL,
        color=MUTED,
        linespacing=1.3,
        annotation_clip=False,
    )


def _characters(ax: Axes) -> int:
    """Return how many characters of a caption fit below an Axes: about 18 to an inch."""
    settle(ax)  # labels of the axes take their part of the width
    _fold(ax)
    return max(16, int(18 * width_of(ax)))


def _fold(ax: Axes) -> None:
    """Make title and label of the x axis fit in what is left of a narrow Axes."""
    width = 72 * width_of(ax)
    title, label = ax.get_title(loc="left"), ax.xaxis.label
    letters = max(12, int(width / (0.66 * TITLE)))
    if len(title) > letters and "$" not in title:
        ax.set_title(textwrap.fill(title, letters), loc="left")
    if 0.58 * TEXT * max(map(len, label.get_text().splitlines()), default=0) > width:
        # It may reach below the labels of the y axis, but not beyond the right end.
        ax.set_xlabel(label.get_text(), loc="right")


def name_rows(ax: Axes, names: Iterable[str]) -> None:
    """Write names of rows beside the y axis, in smaller letters where the Axes is narrow.

    Parameters
    ----------
    ax : Axes
        Before its size is settled.
    names : iterable of str
    """
    ax.set_yticklabels([*names], fontsize=TEXT if width_of(ax) > SINGLE_COLUMN else SMALL - 1)


def settle(ax: Axes) -> None:
    """Give an Axes its place between all labels that there are by now, so that its size is known.

    Parameters
    ----------
    ax : Axes
    """
    figure = figure_of(ax)
    layout = figure.get_layout_engine()
    if layout is not None:
        layout.execute(figure)


def width_of(ax: Axes) -> float:
    """Return the width of an Axes in inches; before `settle`, labels have yet to take their part.

    Parameters
    ----------
    ax : Axes

    Returns
    -------
    float
    """
    share: float = ax.get_position(original=True).width
    return share * figure_of(ax).get_figwidth()


def height_of(ax: Axes) -> float:
    """Return the height of an Axes in inches; before `settle`, labels have yet to take their part.

    Parameters
    ----------
    ax : Axes

    Returns
    -------
    float
    """
    share: float = ax.get_position(original=True).height
    return share * figure_of(ax).get_figheight()


def figure_of(ax: Axes) -> Figure:
    """Return the whole figure that an Axes belongs to, also where that is in a subfigure.

    Parameters
    ----------
    ax : Axes

    Returns
    -------
    Figure
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 - only pictures need matplotlib

    figure = ax.figure
    return figure if isinstance(figure, Figure) else figure.figure


def save(figure: Figure, stem: str | Path) -> tuple[Path, Path]:
    """Write a figure as PNG and SVG, the same bytes whenever the figure is the same.

    Parameters
    ----------
    figure : Figure
    stem : str or Path
        Path without ending; missing folders are made.

    Returns
    -------
    png, svg : Path
    """
    stem = Path(stem)
    stem.parent.mkdir(parents=True, exist_ok=True)
    png, svg = (stem.with_name(stem.name + ending) for ending in (".png", ".svg"))
    with house_style():
        figure.savefig(png, metadata={"Software": None})
        figure.savefig(svg, metadata={"Date": None, "Creator": "bargain"})
    return png, svg


def paint(look: Look, *, edge: bool = True) -> dict[str, Any]:
    """Return the keywords by which a matplotlib patch or bar gets a look.

    Parameters
    ----------
    look : Look
    edge : bool, default True
        Whether to draw its outline.

    Returns
    -------
    dict
    """
    # matplotlib hatches in the colour of the edge, also where the edge has no width
    return {
        "facecolor": look.face,
        "hatch": look.hatch,
        "edgecolor": look.ink if look.hatch else INK,
        "linewidth": 0.5 if edge else 0.0,
    }


def first_free(boxes: Iterable[tuple[float, float, float, float]], taken: list[Any]) -> int:
    """Return the number of the first box that overlaps none of those taken; 0 if all do.

    Parameters
    ----------
    boxes : iterable of (left, bottom, right, top)
    taken : list of (left, bottom, right, top)

    Returns
    -------
    int
    """
    for number, (left, bottom, right, top) in enumerate(boxes):
        if not any(left < r and l < right and bottom < t and b < top for l, b, r, t in taken):
            return number
    return 0
