"""The regime map: every regime is named once, every setting is a point."""

import numpy as np
import pytest
from matplotlib.collections import LineCollection

import bargain as bg
from bargain.plots.regime_map import regime_map
from bargain.sensitivity.regions import regions

X, Y = "pressing_cost", "relaxation_depth"


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


def named(ax):
    """Regimes named in the map and in the legend."""
    inside = [text.get_text().replace("\n", " / ") for text in ax.texts[:-1] if text.get_zorder() == 4]
    legend = ax.get_legend()
    return sorted(inside + ([] if legend is None else [text.get_text() for text in legend.get_texts()]))


@pytest.mark.parametrize(
    ("setting", "x", "y"),
    [
        ("2019-11 deadline", "pressing_cost", "relaxation_depth"),
        ("2019-08 notice", "pressing_cost", "relaxation_depth"),
        ("2020-08 default", "audience_credit", "threat_credibility"),
        ("2018-08 routine", "pressing_cost", "relaxation_depth"),
    ],
)
def test_every_regime_is_named_once_and_stands_where_it_rules(scenario, setting, x, y):
    plane = regions(scenario, setting, x=x, y=y, points=(101, 81))
    ax = regime_map(plane)
    words = {code: " / ".join(scenario.labels.outcomes[code]) for code in range(12)} | {
        -1: "(none)",
        -2: "(multiple)",
    }
    assert named(ax) == sorted(words[code] for code in np.unique(plane["outcome"].values).tolist())
    for text in ax.texts[:-1]:
        if text.get_zorder() == 4:
            across, up = text.get_position()
            code = plane["outcome"].sel({x: across, y: up}, method="nearest").item()
            assert words[code] == text.get_text().replace("\n", " / ")


def test_every_setting_is_a_point_and_its_own_a_star(scenario):
    plane = regions(scenario, "2019-11 deadline", x=X, y=Y, points=(31, 31))
    ax = regime_map(plane)
    points = {(line.get_xdata()[0], line.get_ydata()[0]): line.get_marker() for line in ax.lines}
    assert points == {
        (scenario.space_at(name)["pressing_cost"].mode, scenario.space_at(name)["relaxation_depth"].mode): "*"
        if name == "2019-11 deadline"
        else "o"
        for name in scenario.settings
    }
    assert set(scenario.settings) <= {text.get_text() for text in ax.texts}


def test_points_may_be_chosen(scenario):
    ax = regime_map(
        regions(scenario, "2019-11 deadline", x=X, y=Y, points=(31, 31)), points={"here": (1.0, 0.5)}
    )
    assert len(ax.lines) == 1
    assert "star" not in ax.texts[-1].get_text()


def test_names_of_points_that_coincide_stand_in_one_place_but_the_own_apart(scenario):
    places = {f"number {k}": (1.0, 0.5) for k in range(4)} | {"2019-11 deadline": (1.0, 0.5)}
    ax = regime_map(regions(scenario, "2019-11 deadline", x=X, y=Y, points=(31, 31)), points=places)
    texts = [text.get_text() for text in ax.texts]
    assert "\n".join(f"number {k}" for k in range(4)) in texts
    assert "2019-11 deadline" in texts


@pytest.mark.parametrize("corner", [(0.85, 0.12), (0.3, 0.05), (2.5, 1.0), (2.5, 0.05), (0.3, 1.0)])
def test_names_of_points_near_each_other_do_not_overlap_not_even_in_a_corner(scenario, corner):
    plane = regions(scenario, "2019-11 deadline", x=X, y=Y, points=(31, 31))
    inward = [np.sign(middle - place) for middle, place in zip((1.4, 0.5), corner, strict=True)]
    places = {
        f"number {k}": (corner[0] + 0.03 * inward[0] * (k // 2), corner[1] + 0.02 * inward[1] * (k % 2))
        for k in range(6)
    }
    ax = regime_map(plane, points=places)
    ax.figure.draw_without_rendering()
    boxes = [text.get_window_extent() for text in ax.texts if text.get_text() in places]
    assert len(boxes) == 6
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])
    frame = ax.get_window_extent()
    assert all(frame.x0 - 4 <= box.x0 and box.x1 <= frame.x1 + 4 for box in boxes)


def test_labels_and_caption_tell_units_and_what_was_held(scenario):
    plane = regions(scenario, "2019-11 deadline", x=X, y=Y, points=(31, 31), fix={"USA": "press"})
    ax = regime_map(plane, assumed="so be it")
    assert ax.get_xlabel() == "pressing cost $k_U$ [util 0-10]"
    assert ax.get_ylabel() == r"relaxation depth $\rho$ [share 0-1]"
    words = ax.texts[-1].get_text().replace("\n", " ")
    for part in ("2019-11 deadline", "PureNash", "held: USA to press", "so be it"):
        assert part in words


def test_another_dataset_is_refused(scenario):
    plane = regions(scenario, "2019-11 deadline", x=X, y=Y, points=(3, 3))
    with pytest.raises(bg.errors.InvalidArgumentError, match=r"regions\(\)"):
        regime_map(plane.drop_vars("outcome"))


def test_lines_between_regimes_are_the_exact_ones_where_there_are_any(scenario):
    plane = regions(scenario, "2019-11 deadline", x=X, y=Y, points=(31, 31))
    drawn = [c for c in regime_map(plane).collections if isinstance(c, LineCollection)]
    assert len(drawn) == 1
    for segment, x, y in zip(
        drawn[0].get_segments(), plane["boundary_x"].values, plane["boundary_y"].values, strict=True
    ):
        assert np.array_equal(segment, np.column_stack([x, y]))
    coarse = regime_map(plane.drop_vars(["boundary_x", "boundary_y"]))
    assert not any(isinstance(c, LineCollection) for c in coarse.collections)
    assert len(coarse.collections) > len(drawn)
