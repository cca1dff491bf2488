"""The house style: colours that survive grey, deterministic files, labels of axes."""

import itertools

import numpy as np
import pytest
from matplotlib import pyplot as plt

from bargain.games.labels import Labels
from bargain.plots import style


def lightness(colour):
    """CIE L* of a colour."""
    rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    y = float(linear @ [0.2126, 0.7152, 0.0722])
    return 116 * y ** (1 / 3) - 16 if y > 0.008856 else 903.3 * y


def labels(*sizes):
    return Labels.of({f"P{player}": [f"a{k}" for k in range(size)] for player, size in enumerate(sizes)})


@pytest.mark.parametrize("sizes", [(2, 2), (3, 2, 2), (3, 2), (2, 2, 2, 2), (1, 3, 2), (3, 1, 2)])
def test_outcomes_of_small_games_can_be_told_apart_in_grey(sizes):
    looks = style.outcome_looks(labels(*sizes))
    for (_, one), (_, other) in itertools.combinations(looks.items(), 2):
        assert one.hatch != other.hatch or abs(lightness(one.face) - lightness(other.face)) > 8


@pytest.mark.parametrize("sizes", [(6, 3, 8), (6, 3, 2, 2), (6, 30), (12, 3, 2), (60,), (4, 4, 4)])
def test_outcomes_of_large_games_have_looks_of_their_own(sizes):
    looks = style.outcome_looks(labels(*sizes))
    assert len(set(looks.values())) == len(looks)


def test_beyond_that_looks_repeat_but_every_outcome_has_one():
    game = labels(7, 7, 7)
    assert set(style.outcome_looks(game)) == set(game.outcomes)


def test_the_first_player_sets_the_hue_and_holding_another_does_not_move_it():
    full = style.outcome_looks(labels(3, 2, 2))
    held = style.outcome_looks(labels(3, 2, 1))
    assert all(full[outcome] == held[outcome] for outcome in held)


def test_grey_rows_are_grey_and_hatched_apart():
    for look in style.REMAINDER.values():
        assert len({look.face[i : i + 2] for i in (1, 3, 5)}) == 1
        assert look.hatch
    assert len({look.hatch for look in style.REMAINDER.values()} | {style.OTHER.hatch}) == 5


def test_text_on_an_area_reads_well():
    for look in style.outcome_looks(labels(6, 3)).values():
        dark, light = sorted((lightness(look.face), lightness(look.ink)))
        assert light - dark > 35, look


def test_axis_label_leaves_out_a_symbol_that_cannot_be_set():
    assert style.quantity("pressing_cost", r"\pi", "EUR") == r"pressing cost $\pi$ [EUR]"
    assert style.quantity("pressing_cost", r"\undefined{", "EUR") == "pressing cost [EUR]"
    assert style.quantity("pressing_cost") == "pressing cost"


def test_save_writes_both_files_into_a_new_folder_and_keeps_dots_in_names(tmp_path):
    figure, _ = plt.subplots()
    png, svg = style.save(figure, tmp_path / "new" / "map v1.2")
    assert (png.name, svg.name) == ("map v1.2.png", "map v1.2.svg")
    assert png.read_bytes().startswith(b"\x89PNG")
    assert "<dc:date>" not in svg.read_text(encoding="utf-8")


def test_figure_of_an_axes_in_a_subfigure_is_the_whole_figure():
    figure = plt.figure()
    assert style.figure_of(figure.subfigures(1, 2)[0].subplots()) is figure


def test_first_free_box_is_taken_or_else_the_first():
    boxes = [(0, 0, 2, 2), (3, 3, 4, 4)]
    assert style.first_free(boxes, [(1, 1, 2, 2)]) == 1
    assert style.first_free(boxes, [(0, 0, 9, 9)]) == 0
    assert style.first_free(boxes, [(2, 2, 3, 3)]) == 0  # touching is not overlapping


def test_titles_and_captions_fit_in_a_narrow_axes():
    figure, ax = plt.subplots(figsize=(3.0, 3.0), layout="constrained")
    with style.canvas(ax, width=3.0, height=3.0):
        ax.set(title="A title that is far too long for it", xlabel="something with a long name [units of it]")
        ax.set_yticks([0], ["a label that takes its part"])
        style.caption(ax, "What was assumed, told in more words than fit in one line of so narrow a picture.")
    figure.draw_without_rendering()
    assert "\n" in ax.get_title(loc="left")
    inside = figure.get_tightbbox()
    assert inside.x0 >= -0.02
    assert inside.x1 <= 3.02
