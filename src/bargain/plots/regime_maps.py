"""Small multiples: regime maps of one plane side by side, for several values of something else."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bargain.errors import InvalidArgumentError
from bargain.plots import style
from bargain.plots.regime_map import caption_of, draw_points, draw_regimes, regimes_of, settings_of

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["regime_maps"]

_PANEL = 2.3  # inches


def regime_maps(
    planes: Mapping[str, xr.Dataset],
    *,
    title: str = "",
    assumed: str = "",
) -> npt.NDArray[np.object_]:
    """Draw several regime maps over the same two parameters side by side, with one legend.

    What differs between them, such as the value of a third parameter, is the title of each. The setting of
    the maps is a star, the others are circles; the dashed frame is what is uncertain.

    Parameters
    ----------
    planes : mapping of title to xarray.Dataset
        As `bargain.regions` returns them, from left to right.
    title : str, optional
    assumed : str, optional
        Added to the caption.

    Returns
    -------
    array of Axes
        One per map, of a new figure.

    Raises
    ------
    InvalidArgumentError
        If there are no maps, or they are not over the same two parameters.

    Examples
    --------
    >>> import bargain as bg
    >>> from bargain.plots.regime_maps import regime_maps
    >>> scenario, setting = bg.load_scenario("gsomia"), "2019-11 deadline"
    >>> planes = {
    ...     f"audience credit {credit:g}": bg.regions(
    ...         scenario,
    ...         setting,
    ...         x="pressing_cost",
    ...         y="relaxation_depth",
    ...         points=(51, 51),
    ...         values={"audience_credit": credit},
    ...     )
    ...     for credit in (*scenario.range(setting, "audience_credit"),)
    ... }
    >>> [ax.get_title(loc="left") for ax in regime_maps(planes)]
    ['audience credit 2.5', 'audience credit 8']
    """
    if not planes or len({plane["outcome"].dims for plane in planes.values()}) > 1:
        told = {name: plane["outcome"].dims for name, plane in planes.items()}
        raise InvalidArgumentError(
            f"regime_maps: regions over the same two parameters were expected, given {told}"
        )
    from matplotlib import pyplot as plt  # noqa: PLC0415 - takes long to import
    from matplotlib.patches import Patch  # noqa: PLC0415

    found = [regimes_of(plane) for plane in planes.values()]
    merged = {code: regime for regimes in found for code, regime in regimes.items()}
    looks = {merged[code][0].replace("\n", " / "): merged[code][1] for code in sorted(merged, key=_order)}
    first = next(iter(planes.values()))
    if len({plane.attrs.get("held", "") for plane in planes.values()}) > 1:
        first = first.assign_attrs(held="")  # what is not the same in all is said by their titles
    own = str(first.attrs.get("setting", ""))
    points = settings_of(first)
    width = max(style.ONE_AND_A_HALF_COLUMNS, 0.6 + _PANEL * len(planes))
    words = textwrap.fill(caption_of(first, points, own, assumed), int(19 * (width - 0.2)))
    columns = style.legend_columns(looks, width)
    height = 1.5 + _PANEL + 0.17 * -(-len(looks) // columns) + 0.13 * (words.count("\n") + 1)
    with style.house_style():
        figure, axes = plt.subplots(
            1, len(planes), figsize=(width, height), layout="constrained", sharey=True, squeeze=False
        )
        panels: npt.NDArray[np.object_] = axes[0]
        for ax, (name, plane), regimes in zip(panels, planes.items(), found, strict=True):
            draw_regimes(ax, plane, regimes)
            draw_points(ax, settings_of(plane), own, named=False)
            ax.set_title(name, fontsize=style.TEXT)
            ax.label_outer()
            ax.set_xlabel("")
        figure.suptitle(
            title or f"Predicted outcome, {own}", x=0.01, ha="left", size=style.TITLE, weight="bold"
        )
        x_name = str(first["outcome"].dims[1])
        attributes = first[x_name].attrs
        label = style.quantity(x_name, attributes.get("symbol", ""), attributes.get("units", ""))
        panels[len(panels) // 2].set_xlabel(label)
        legend = figure.legend(
            handles=[Patch(label=name, **style.paint(look)) for name, look in looks.items()],
            loc="outside lower left",
            ncols=columns,
            title=words,
            title_fontsize=style.SMALL,
            alignment="left",
        )
        legend.get_title().set(color=style.MUTED, linespacing=1.3)
    return panels


def _order(code: int) -> tuple[bool, int]:
    """Sort outcomes first, then remainders."""
    return code < 0, abs(code)
