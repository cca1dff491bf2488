"""Regime map: which outcome is predicted where in a plane of two parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from bargain.axes import Floats
from bargain.errors import InvalidArgumentError
from bargain.games.labels import Outcome
from bargain.plots import style
from bargain.sensitivity.regions import MIXED, MULTIPLE, NONE, UNSOLVED

if TYPE_CHECKING:
    import numpy.typing as npt
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend

__all__ = ["caption_of", "draw_points", "draw_regimes", "regime_map", "regimes_of", "settings_of"]

_REMAINDER = {NONE: "(none)", MULTIPLE: "(multiple)", MIXED: "(mixed)", UNSOLVED: "(unsolved)"}
_Box = tuple[float, float, float, float]
_TOGETHER = 2.0  # points that are closer than that, in points, have their names in one place
_GAPS = tuple(9.0 + 15.0 * step for step in range(8))
"""Between a point and its name, in points: the nearest that is free is taken."""


def regime_map(
    regions: xr.Dataset,
    *,
    points: Mapping[str, tuple[float, float]] | None = None,
    title: str = "",
    assumed: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw the outcome predicted over two parameters, with the dated settings as points.

    Each regime is named in the map where there is room, otherwise in a legend. Of pure equilibria the lines
    between regimes are exact; otherwise they are as fine as the grid. The setting whose other
    parameters the map has is a star; the dashed frame is what is uncertain about it. Another setting's point
    says where it lies in this plane only: its other parameters differ, and with them its regime may.

    Parameters
    ----------
    regions : xarray.Dataset
        As `bargain.sensitivity.regions.regions` returns it.
    points : mapping of name to (x, y), optional
        Points to draw; by default all dated settings.
    title : str, optional
    assumed : str, optional
        Added to the caption.
    ax : Axes, optional
        By default that of a new figure.

    Returns
    -------
    Axes

    Raises
    ------
    InvalidArgumentError
        If the dataset does not come from `regions`.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.regime_map import regime_map
    >>> from bargain.sensitivity.regions import regions
    >>> scenario = bg.load_scenario("gsomia")
    >>> ax = regime_map(
    ...     regions(scenario, "2019-11 deadline", x="pressing_cost", y="relaxation_depth", points=(51, 51))
    ... )
    >>> ax.get_xlabel()
    'pressing cost $k_U$ [util 0-10]'
    """
    if "outcome" not in regions or regions["outcome"].ndim != 2:
        raise InvalidArgumentError(f"regime_map: a dataset made by regions() was expected, given {regions!r}")
    y_name, x_name = map(str, regions["outcome"].dims)
    x, y = regions[x_name], regions[y_name]
    if points is None:
        points = settings_of(regions)
    regimes = regimes_of(regions)
    with style.canvas(ax, width=style.ONE_AND_A_HALF_COLUMNS, height=4.9) as ax:  # noqa: PLR1704 - the same or a new one
        own = str(regions.attrs.get("setting", ""))
        draw_regimes(ax, regions, regimes)
        ax.set(title=title or f"Predicted outcome, {own}")
        words = caption_of(regions, points, own, assumed)
        style.caption(ax, words)
        style.settle(ax)
        taken = draw_points(ax, points, own)
        codes = regions["outcome"].values
        unnamed = {
            code: regime
            for code, regime in regimes.items()
            if not _name(ax, x.values, y.values, codes == code, regime, taken)
        }
        # Written first, to know how high the map is; now it becomes the lowest and last text.
        caption = ax.texts[0]
        caption.remove()
        if unnamed:
            style.caption(ax, words, below=_legend(ax, unnamed))
        else:
            ax.add_artist(caption)
            caption.set_clip_on(False)  # which being added again had switched on
    return ax


def draw_regimes(ax: Axes, regions: xr.Dataset, regimes: Mapping[int, tuple[str, style.Look]]) -> None:
    """Draw areas, the lines between them, the range of what is uncertain, and the axes.

    Parameters
    ----------
    ax : Axes
    regions : xarray.Dataset
    regimes : mapping of int to (str, Look)
        As from `regimes_of`.
    """
    from matplotlib.collections import LineCollection  # noqa: PLC0415 - only pictures need matplotlib

    y_name, x_name = map(str, regions["outcome"].dims)
    x, y = regions[x_name], regions[y_name]
    codes = regions["outcome"].values
    exact = "boundary_x" in regions
    for code, (_, look) in regimes.items():
        if (codes == code).any():
            _fill(ax, x.values, y.values, codes == code, look, outline=not exact)
    if exact:
        lines = zip(regions["boundary_x"].values, regions["boundary_y"].values, strict=True)
        ax.add_collection(
            LineCollection(
                [np.column_stack(line) for line in lines],
                colors=[style.INK],
                linewidths=0.8,
                zorder=2,
                capstyle="round",
            ),
            autolim=False,
        )
    _draw_range(ax, x.attrs, y.attrs)
    ax.set(
        xlim=(x[0].item(), x[-1].item()),
        ylim=(y[0].item(), y[-1].item()),
        xlabel=style.quantity(x_name, x.attrs.get("symbol", ""), x.attrs.get("units", "")),
        ylabel=style.quantity(y_name, y.attrs.get("symbol", ""), y.attrs.get("units", "")),
    )
    ax.spines[:].set_visible(True)


def settings_of(regions: xr.Dataset) -> dict[str, tuple[float, float]]:
    """Return where the dated settings lie in the plane.

    Parameters
    ----------
    regions : xarray.Dataset

    Returns
    -------
    dict of str to (x, y)
    """
    places = zip(regions["point_x"].values.tolist(), regions["point_y"].values.tolist(), strict=True)
    return dict(zip(map(str, regions["setting"].values), places, strict=True))


def regimes_of(regions: xr.Dataset) -> dict[int, tuple[str, style.Look]]:
    """Return name and look of every code on the map, outcomes first.

    Parameters
    ----------
    regions : xarray.Dataset

    Returns
    -------
    dict of int to (str, Look)
        Names have a line per player.
    """
    outcomes: list[Outcome] = [tuple(map(str, row)) for row in regions["action"].values]
    players = map(str, regions["player"].values)
    looks = style.outcome_looks(style.labels_of(outcomes, players))
    present = sorted(np.unique(regions["outcome"].values).tolist(), key=lambda code: (code < 0, abs(code)))
    return {
        code: ("\n".join(outcomes[code]), looks[outcomes[code]])
        if code >= 0
        else (_REMAINDER[code], style.REMAINDER[_REMAINDER[code]])
        for code in present
    }


def _fill(
    ax: Axes, x: Floats, y: Floats, mask: npt.NDArray[np.bool_], look: style.Look, *, outline: bool
) -> None:
    level = mask.astype(np.float64)
    areas = ax.contourf(x, y, level, levels=[0.5, 1.5], colors=[look.face], hatches=[look.hatch], zorder=1)
    areas.set_edgecolor(look.ink)
    areas.set_linewidth(0.0)
    if outline and not mask.all():
        ax.contour(x, y, level, levels=[0.5], colors=[style.INK], linewidths=0.8, zorder=2)


def draw_points(
    ax: Axes, points: Mapping[str, tuple[float, float]], own: str, *, named: bool = True
) -> list[_Box]:
    """Draw points with their names beside them; return the boxes that they take, in points.

    Parameters
    ----------
    ax : Axes
        With its size settled.
    points : mapping of name to (x, y)
    own : str
        The one that is a star.
    named : bool, default True

    Returns
    -------
    list of (left, bottom, right, top)
    """
    taken = []
    for name, (x, y) in points.items():
        across, up = _in_points(ax, x, y)
        taken.append((across - 6, up - 6, across + 6, up + 6))
        bold = name == own
        ax.plot(
            x,
            y,
            marker="*" if bold else "o",
            markersize=13 if bold else 6,
            markerfacecolor="white",
            markeredgecolor=style.INK,
            linestyle="none",
            clip_on=False,
            zorder=5,
        )
    frame = (0.0, 0.0, *_size(ax))
    for names, (x, y) in _together(ax, points, own) if named else ():
        width = 0.62 * style.SMALL * max(map(len, names)) + 6
        beside = _beside(*_in_points(ax, x, y), width, 1.25 * style.SMALL * len(names) + 4)
        inside = {way: box for way, box in beside.items() if _within(box, frame)} or beside
        way = list(inside)[style.first_free(inside.values(), taken)]
        taken.append(inside[way])
        across, up, ha, va = way
        place: dict[str, Any] = {"xy": (x, y), "xytext": (across, up), "textcoords": "offset points"}
        if max(abs(across), abs(up)) > _GAPS[0]:
            for colour, thickness in (("white", 2.6), (style.INK, 0.8)):
                line = {"arrowstyle": "-", "color": colour, "linewidth": thickness, "shrinkA": 0}
                ax.annotate("", **place, arrowprops=line, annotation_clip=False, zorder=4.5)
        ax.annotate(
            "\n".join(names),
            **place,
            ha=ha,
            va=va,
            fontsize=style.SMALL,
            fontweight="bold" if own in names else "normal",
            linespacing=1.15,
            bbox=_PAPER,
            annotation_clip=False,
            zorder=6,
        )
    return taken


def _together(
    ax: Axes, points: Mapping[str, tuple[float, float]], own: str
) -> list[tuple[list[str], tuple[float, float]]]:
    """Gather the names of points that lie on each other; the setting's own stays apart."""
    groups: list[tuple[list[str], tuple[float, float]]] = []
    for name, place in points.items():
        for names, other in groups:
            apart = np.subtract(_in_points(ax, *place), _in_points(ax, *other))
            if own not in {name, *names} and np.abs(apart).max() < _TOGETHER:
                names.append(name)
                break
        else:
            groups.append(([name], place))
    return groups


_PAPER: Mapping[str, Any] = {
    "boxstyle": "round,pad=0.2",
    "facecolor": "white",
    "edgecolor": "none",
    "alpha": 0.92,
}


def _size(ax: Axes) -> tuple[float, float]:
    """Return width and height of the map in points."""
    return 72 * style.width_of(ax), 72 * style.height_of(ax)


def _in_points(ax: Axes, x: float, y: float) -> tuple[float, float]:
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    width, height = _size(ax)
    return (x - left) / (right - left) * width, (y - bottom) / (top - bottom) * height


def _beside(x: float, y: float, width: float, height: float) -> dict[tuple[float, float, str, str], _Box]:
    """Return the boxes around a point, in points, by offset and alignment: the near ones first."""
    boxes = {}
    for gap in _GAPS:
        for across, up in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)):
            way = (
                gap * across,
                gap * up,
                {1: "left", -1: "right", 0: "center"}[across],
                {1: "bottom", -1: "top", 0: "center"}[up],
            )
            left = x + gap * across + width * (across - 1) / 2
            bottom = y + gap * up + height * (up - 1) / 2
            boxes[way] = (left, bottom, left + width, bottom + height)
    return boxes


def _within(box: _Box, frame: _Box) -> bool:
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]


def _draw_range(ax: Axes, x: Mapping[str, Any], y: Mapping[str, Any]) -> None:
    """Frame what is uncertain at the setting, where the attributes of the two parameters say so."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - only pictures need matplotlib

    if not all(key in axis for key in ("low", "high") for axis in (x, y)):
        return
    corner, width, height = (x["low"], y["low"]), x["high"] - x["low"], y["high"] - y["low"]
    for colour, dashes, thickness in (("white", "-", 2.6), (style.INK, (0, (4, 3)), 1.2)):
        ax.add_patch(
            Rectangle(
                corner,
                width,
                height,
                facecolor="none",
                edgecolor=colour,
                linestyle=dashes,
                linewidth=thickness,
                zorder=3,
                clip_on=False,
            )
        )


def _name(
    ax: Axes,
    x: Floats,
    y: Floats,
    mask: npt.NDArray[np.bool_],
    regime: tuple[str, style.Look],
    taken: list[_Box],
) -> bool:
    """Write a regime's name into the map where it fits best; say whether there is room."""
    from scipy import ndimage  # noqa: PLC0415 - only this picture needs it

    text, _ = regime
    width, height = _size(ax)
    lines = text.split("\n")
    box = np.array([1.3 * style.TEXT * len(lines) + 8, 0.62 * style.TEXT * max(map(len, lines)) + 8])
    # A coarser grid is fine enough to place a name.
    thin = tuple(slice(None, None, -(-size // 200)) for size in mask.shape)
    room = mask[thin].copy()
    ups, acrosses = np.linspace(0, height, room.shape[0]), np.linspace(0, width, room.shape[1])
    for left, bottom, right, top in taken:
        room &= ~np.outer((ups > bottom) & (ups < top), (acrosses > left) & (acrosses < right))
    cells = box / (ups[1], acrosses[1])
    fits = ndimage.minimum_filter(
        room, size=np.maximum(1, np.ceil(cells)).astype(int), mode="constant", cval=0
    )
    if not fits.any():
        return False
    # The middle of the free part: farthest from its edges, measured in widths and heights of the text.
    depth = ndimage.distance_transform_edt(np.pad(fits, 1), sampling=1 / cells)[1:-1, 1:-1]
    row, column = np.unravel_index(int(depth.argmax()), depth.shape)
    across, up = acrosses[column], ups[row]
    taken.append((across - box[1] / 2, up - box[0] / 2, across + box[1] / 2, up + box[0] / 2))
    ax.text(
        x[thin[1]][column],
        y[thin[0]][row],
        text,
        ha="center",
        va="center",
        fontsize=style.TEXT,
        linespacing=1.15,
        bbox=_PAPER,
        zorder=4,
    )
    return True


def _legend(ax: Axes, regimes: Mapping[int, tuple[str, style.Look]]) -> Legend:
    return style.legend_below(ax, {name.replace("\n", " / "): look for name, look in regimes.values()})


def caption_of(regions: xr.Dataset, points: Mapping[str, tuple[float, float]], own: str, assumed: str) -> str:
    """Return what was assumed.

    Parameters
    ----------
    regions : xarray.Dataset
    points : mapping of name to (x, y)
    own, assumed : str

    Returns
    -------
    str
    """
    attributes = regions.attrs
    parts = [f"All other parameters at their modes in {own}", str(attributes.get("solver", ""))]
    if attributes.get("held"):
        parts.append(f"held: {attributes['held']}")
    if own in points:
        parts.append(f"star: {own}")
    parts.append("dashed: range of the two parameters there")
    if set(points) - {own}:
        parts.append("circles: where others lie in this plane, though their other parameters differ")
    return "; ".join(filter(None, [*parts, assumed])) + "."
