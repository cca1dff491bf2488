"""What every picture of the catalogue must do, on the shipped scenario and on foreign ones."""

import matplotlib as mpl
import pytest
from matplotlib import pyplot as plt

import bargain as bg
from bargain.plots import style
from bargain.plots.catalogue import PLOTS

IMPOSSIBLE = {
    ("payoff_table", "four_players"),  # a table has rows, columns and panels
    ("equilibrium_cube", "two_players"),  # a cube has three edges
}
CASES = [
    (plot, case)
    for plot in PLOTS
    for case in ("gsomia", "two_players", "four_players")
    if (plot, case) not in IMPOSSIBLE
]


@pytest.fixture
def drawn(request):
    return request.getfixturevalue(request.param)


def overlaps(ax):
    """Yield the pairs of texts inside the Axes that overlap by more than a hair."""
    texts = [text for text in ax.texts if text.get_text().strip()]
    boxes = [text.get_window_extent() for text in texts]
    for i, a in enumerate(boxes):
        for j in range(i):
            b = boxes[j]
            width = min(a.x1, b.x1) - max(a.x0, b.x0)
            height = min(a.y1, b.y1) - max(a.y0, b.y0)
            if width > 1 and height > 3:
                yield texts[i].get_text(), texts[j].get_text()


@pytest.mark.parametrize(("plot", "drawn"), CASES, indirect=["drawn"])
def test_draws_in_the_axes_that_it_is_given(plot, drawn):
    args, kwargs = drawn.arguments(plot)
    _, ax = plt.subplots(figsize=(7.2, 6), layout="constrained")
    assert PLOTS[plot].draw(*args, **kwargs, ax=ax) is ax
    assert len(plt.get_fignums()) == 1


@pytest.mark.parametrize(("plot", "drawn"), CASES, indirect=["drawn"])
def test_has_title_labels_and_caption_and_nothing_is_cut_off_or_overlaps(plot, drawn):
    args, kwargs = drawn.arguments(plot)
    ax = PLOTS[plot].draw(*args, **kwargs, assumed="Assumed so")
    assert ax.get_title(loc="left")
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    assert "Assumed so" in ax.texts[-1].get_text().replace("\n", " ")
    figure = ax.figure
    figure.draw_without_rendering()
    assert not list(overlaps(ax))
    inside = figure.get_tightbbox()
    assert inside.x0 >= -0.02
    assert inside.y0 >= -0.02
    assert inside.x1 <= figure.get_figwidth() + 0.02
    assert inside.y1 <= figure.get_figheight() + 0.02
    # Text that is clipped to the Axes would be left out of the figure and of its tight box as well.
    caption = ax.texts[-1]
    assert not caption.get_clip_on() or caption.get_clip_box() is caption.get_clip_path() is None
    box = caption.get_window_extent()
    assert box.y0 >= -2
    assert box.x1 <= figure.bbox.x1 + 2


@pytest.mark.parametrize("plot", PLOTS)
def test_the_files_are_the_same_whatever_the_user_has_set_and_that_is_left_alone(plot, gsomia, tmp_path):
    args, kwargs = gsomia.arguments(plot)
    before = dict(mpl.rcParams)
    style.save(PLOTS[plot].draw(*args, **kwargs).figure, tmp_path / "first")
    assert dict(mpl.rcParams) == before
    with mpl.rc_context(
        {"font.size": 20, "lines.linewidth": 9, "axes.facecolor": "red", "hatch.linewidth": 5}
    ):
        style.save(PLOTS[plot].draw(*args, **kwargs).figure, tmp_path / "second")
    for ending in (".svg", ".png"):
        first, second = (tmp_path / f"{name}{ending}" for name in ("first", "second"))
        assert first.read_bytes() == second.read_bytes()


def test_every_picture_is_a_public_name():
    functions = {name for name in bg.plots.__all__ if not name.isupper()} - {"save"}
    assert functions == {*PLOTS, "regime_maps"}, "the last one draws several Axes, and takes none"
    assert all(getattr(bg.plots, name) is plot.draw for name, plot in PLOTS.items())
