"""What is seen: colours of pixels are where the numbers say, and tell things apart in grey as well.

Nothing is compared with stored images, which another version of matplotlib would draw a little differently.
"""

import numpy as np
import pytest

import bargain as bg
from bargain.plots import style
from bargain.plots.catalogue import PLOTS

NEAR = 0.02  # of a colour's full scale, per channel


def pixels(ax):
    """Draw, and return float[row, column, channel] within the Axes, top row first, and its whole figure."""
    figure = ax.figure
    with style.house_style():
        figure.canvas.draw()
    image = np.asarray(figure.canvas.buffer_rgba())[..., :3] / 255
    box = ax.get_window_extent()
    height = image.shape[0]
    rows = slice(round(height - box.y1), round(height - box.y0))
    return image[rows, round(box.x0) : round(box.x1)], image


def of_colour(image, face):
    """Say which pixels have a colour, bool[row, column]."""
    wanted = np.array([int(face[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return (np.abs(image - wanted) < NEAR).all(axis=-1)


def grey(image):
    """Luminance of pixels, as a printer without colours has it."""
    return image @ [0.2126, 0.7152, 0.0722]


def place(ax, image, x, y):
    """Return row and column of a point in data coordinates."""
    across, up = ax.transAxes.inverted().transform(ax.transData.transform((x, y)))
    return round((1 - up) * (image.shape[0] - 1)), round(across * (image.shape[1] - 1))


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


def test_regimes_cover_as_much_of_the_map_as_of_the_grid(scenario):
    plane = bg.regions(
        scenario, "2019-11 deadline", x="pressing_cost", y="relaxation_depth", points=(201, 201)
    )
    ax = PLOTS["regime_map"].draw(plane, points={})
    inside, _ = pixels(ax)
    looks = style.outcome_looks(scenario.labels)
    codes, counts = np.unique(plane["outcome"].values, return_counts=True)
    for code, count in zip(codes, counts, strict=True):
        look = looks[scenario.labels.outcomes[code]]
        seen, there = of_colour(inside, look.face).mean(), count / plane["outcome"].size
        # Names, lines and the frame take their part, and hatches a good deal more.
        assert (0.4 if look.hatch else 0.8) * there < seen < 1.03 * there
    here = scenario.space_at("2019-11 deadline")
    x, y = (here[name].mode for name in ("pressing_cost", "relaxation_depth"))
    row, column = place(ax, inside, x, y)
    around = inside[row - 12 : row + 13, column - 12 : column + 13]
    assert of_colour(around, looks["suspend", "relax", "press"].face).mean() > 0.5


def test_neighbouring_regimes_differ_in_grey(scenario):
    plane = bg.regions(
        scenario, "2020-08 default", x="audience_credit", y="threat_credibility", points=(101, 101)
    )
    ax = PLOTS["regime_map"].draw(plane, points={})
    inside, _ = pixels(ax)
    patches = {}
    for code, y in ((2, 0.03), (-1, 0.57)):  # renew/maintain/abstain below, none above
        rows, columns = place(ax, inside, 0.6, y)
        patches[code] = grey(inside)[rows - 10 : rows + 10, columns : columns + 40]
    first, second = patches.values()
    assert abs(first.mean() - second.mean()) > 0.1 or abs(first.std() - second.std()) > 0.1


def test_a_bar_of_the_tornado_changes_colour_at_the_threshold(scenario):
    ax = PLOTS["tornado"].draw(bg.thresholds(scenario, "2019-11 deadline", parameters=["pressing_cost"]))
    inside, _ = pixels(ax)
    looks = style.outcome_looks(scenario.labels)
    margin = 0.7 / 1.9
    row, column = place(ax, inside, margin, 0)
    bar = inside[row - 4 : row + 5]
    beyond = of_colour(bar, looks["terminate", "maintain", "abstain"].face)
    assert beyond[:, column + 3 : column + 30].all()
    assert not beyond[:, : column - 2].any()
    assert of_colour(bar[:, column - 30 : column - 3], looks["suspend", "relax", "press"].face).mean() > 0.4


def test_segments_of_shares_are_as_long_as_the_shares(scenario):
    shares = {"here": bg.run(scenario.task("2019-11 deadline", draws=2000, seed=7), workers=1).shares()}
    ax = PLOTS["outcome_shares"].draw(shares)
    inside, _ = pixels(ax)
    row, _ = place(ax, inside, 0, -0.25)  # above the numbers within the bar
    looks = style.outcome_looks(scenario.labels)
    line = inside[row - 3 : row + 4]
    for outcome in (("terminate", "maintain", "abstain"), ("suspend", "maintain", "abstain")):
        seen = of_colour(line, looks[outcome].face).any(axis=0)
        assert seen.mean() == pytest.approx(shares["here"].loc[outcome, "share"], abs=0.015)


def test_bars_of_the_waterfall_end_where_they_should(scenario):
    ax = PLOTS["waterfall"].draw(bg.explain(scenario, "2019-11 deadline"), player="USA")
    inside, _ = pixels(ax)
    for row, (face, low, high) in enumerate([("#014478", 0.0, 1.5), ("#fa8e6a", 0.7, 1.5)], start=1):
        line, left = place(ax, inside, low, row)
        _, right = place(ax, inside, high, row)
        seen = np.flatnonzero(of_colour(inside[line - 5 : line - 2], face).any(axis=0))
        assert (seen[0], seen[-1]) == pytest.approx((left, right), abs=3)


@pytest.mark.parametrize("plot", PLOTS)
def test_there_is_something_on_paper_and_it_keeps_off_the_edge(plot, gsomia):
    args, kwargs = gsomia.arguments(plot)
    inside, whole = pixels(PLOTS[plot].draw(*args, **kwargs))
    dark = grey(whole) < 0.98
    assert 0.01 < dark.mean() < 0.9
    assert (grey(inside) < 0.98).any()
    edge = np.concatenate([dark[0], dark[-1], dark[:, 0], dark[:, -1]])
    assert not edge.any()
