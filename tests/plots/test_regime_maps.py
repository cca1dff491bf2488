"""Small multiples: the same plane with the same colours, one map beside the other, one legend."""

import numpy as np
import pytest

import bargain as bg
from bargain.plots import style
from bargain.plots.regime_maps import regime_maps

SETTING, X, Y, THIRD = "2019-11 deadline", "pressing_cost", "relaxation_depth", "audience_credit"


@pytest.fixture(scope="module")
def planes():
    scenario = bg.load_scenario("gsomia")
    return {
        f"credit {value:g}": bg.regions(scenario, SETTING, x=X, y=Y, points=(31, 21), values={THIRD: value})
        for value in (2.5, 5.0, 8.0)
    }


def test_there_is_one_map_each_in_the_given_order(planes):
    panels = regime_maps(planes)
    assert [ax.get_title(loc="left") for ax in panels] == list(planes)
    assert len({ax.get_figure() for ax in panels}) == 1
    assert [ax.get_ylabel() for ax in panels] == [r"relaxation depth $\rho$ [share 0-1]", "", ""]
    assert "pressing cost $k_U$ [util 0-10]" in [ax.get_xlabel() for ax in panels]
    for ax in panels:
        assert [line.get_marker() for line in ax.lines].count("*") == 1


def test_the_legend_has_every_regime_of_any_map_once_in_its_own_colour(planes):
    figure = regime_maps(planes)[0].figure
    [legend] = figure.legends
    labels = bg.load_scenario("gsomia").labels
    looks = {" / ".join(outcome): look for outcome, look in style.outcome_looks(labels).items()}
    codes = np.unique([plane["outcome"].values for plane in planes.values()])
    assert [text.get_text() for text in legend.get_texts()] == [
        " / ".join(labels.outcomes[code]) for code in codes
    ]
    for text, patch in zip(legend.get_texts(), legend.get_patches(), strict=True):
        face = "#" + "".join(f"{round(255 * part):02x}" for part in patch.get_facecolor()[:3])
        assert face == looks[text.get_text()].face


def test_the_caption_tells_what_is_held_in_all_and_the_titles_what_differs(planes):
    def caption(planes):
        return regime_maps(planes, assumed="so be it")[0].figure.legends[0].get_title().get_text()

    assert "held" not in caption(planes)
    assert "so be it" in caption(planes)
    same = dict.fromkeys(("left", "right"), planes["credit 5"])
    assert "held: audience_credit to 5" in caption(same).replace("\n", " ")


def test_the_files_are_the_same_whenever_the_picture_is_and_nothing_is_cut_off(planes, tmp_path):
    for name in ("first", "second"):
        figure = regime_maps(planes)[0].figure
        style.save(figure, tmp_path / name)
    assert (tmp_path / "first.svg").read_bytes() == (tmp_path / "second.svg").read_bytes()
    inside = figure.get_tightbbox()
    assert inside.x0 >= -0.02
    assert inside.y0 >= -0.02
    assert inside.x1 <= figure.get_figwidth() + 0.02
    assert inside.y1 <= figure.get_figheight() + 0.02


def test_maps_of_different_planes_are_refused(planes):
    other = bg.regions(bg.load_scenario("gsomia"), SETTING, x=Y, y=X, points=(5, 5))
    for wrong in ({}, {**planes, "other": other}):
        with pytest.raises(bg.errors.InvalidArgumentError, match="the same two parameters"):
            regime_maps(wrong)
