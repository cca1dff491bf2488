"""The conflict graph: an arrow for every improvement, a frame for every stable state."""

import numpy as np
import pytest
from matplotlib.patches import Rectangle

import bargain as bg
from bargain.plots.conflict_graph import conflict_graph

GSOMIA = bg.load_scenario("gsomia").game("2019-11 deadline")


def arrows(ax, head):
    return [
        text
        for text in ax.texts
        if text.get_text() == "" and type(text.arrow_patch.get_arrowstyle()).__name__ == head
    ]


def boxes(ax):
    return [patch for patch in ax.patches if isinstance(patch, Rectangle)]


def test_every_improvement_is_an_arrow_and_every_other_move_a_line():
    graph = bg.ConflictGraph.of_game(GSOMIA)
    ax = conflict_graph(graph)
    better = graph.payoffs[:, None, :, 0] > graph.payoffs[:, :, None, 0]
    assert len(arrows(ax, "CurveFilledB")) == int((better & graph.moves).sum())
    assert len(arrows(ax, "Curve")) == 0  # no ties: of every pair one way is an improvement


def test_moves_that_cannot_be_taken_back_and_improve_nothing_have_a_thin_head():
    graph = bg.ConflictGraph(["a", "b", "c"], {"P": [("a", "b"), ("a", "c"), ("c", "a")]}, {"P": [1, 0, 1]})
    ax = conflict_graph(graph)
    assert (len(arrows(ax, "CurveFilledB")), len(arrows(ax, "CurveB")), len(arrows(ax, "Curve"))) == (0, 1, 1)


def test_stable_states_are_framed_and_say_by_which_concept():
    table = bg.solve(GSOMIA, bg.ConflictStability())
    ax = conflict_graph(table)
    framed = [patch for patch in boxes(ax) if patch.get_linewidth() == 2.6]
    assert len(framed) == len(table.profiles()["nash"]) == 1
    stable = set().union(*table.profiles().values())
    said = [text.get_text() for text in ax.texts if text.get_text().split(" ")[0] in table.concepts]
    assert len(said) == len(stable)
    assert "nash gmr smr seq" in said


@pytest.mark.parametrize("case", ["gsomia", "circle"])
def test_states_do_not_overlap(case):
    names = [f"state number {k}, with a long name" for k in range(12)]
    circle = bg.ConflictGraph(
        names, {"P": [(names[k], names[k - 1]) for k in range(12)]}, {"P": list(range(12))}
    )
    ax = conflict_graph(bg.ConflictGraph.of_game(GSOMIA) if case == "gsomia" else circle)
    drawn = [patch.get_bbox() for patch in boxes(ax)]
    assert len(drawn) == 12
    assert not any(
        min(a.x1, b.x1) > max(a.x0, b.x0) and min(a.y1, b.y1) > max(a.y0, b.y0)
        for i, a in enumerate(drawn)
        for b in drawn[:i]
    )


def test_states_of_a_game_stand_in_rows_and_columns_without_those_left_out():
    graph = bg.ConflictGraph.of_game(GSOMIA, infeasible=[{"ROK": "terminate", "USA": "press"}])
    ax = conflict_graph(graph)
    assert (ax.get_ylabel(), ax.get_xlabel()) == ("ROK", "JPN / USA")
    assert len(boxes(ax)) == 10
    middles = {
        (round(b.get_x() + b.get_width() / 2), round(b.get_y() + b.get_height() / 2)) for b in boxes(ax)
    }
    assert middles == {(column, row) for column in range(4) for row in range(3)} - {(1, 2), (3, 2)}


def test_too_many_states_are_refused():
    states = [f"s{k}" for k in range(37)]
    graph = bg.ConflictGraph(states, {"P": []}, {"P": np.arange(37)})
    with pytest.raises(bg.errors.UnsupportedGameError, match="at most 36"):
        conflict_graph(graph)


@pytest.mark.parametrize("infeasible", [(), [{"ROK": "terminate", "USA": "press"}]])
def test_arrows_run_from_the_rim_of_one_state_to_that_of_another(infeasible):
    graph = bg.ConflictGraph.of_game(GSOMIA, infeasible=infeasible)
    ax = conflict_graph(graph)
    rims = [patch.get_bbox() for patch in boxes(ax)]
    for text in arrows(ax, "CurveFilledB"):
        for x, y in (text.xy, text.xyann):
            assert any(
                min(abs(x - rim.x0), abs(x - rim.x1), abs(y - rim.y0), abs(y - rim.y1)) < 1e-9
                and rim.x0 - 1e-9 <= x <= rim.x1 + 1e-9
                and min(rim.y0, rim.y1) - 1e-9 <= y <= max(rim.y0, rim.y1) + 1e-9
                for rim in rims
            )
