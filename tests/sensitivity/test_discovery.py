"""Discovery finds the conditions that a model was given, and measures them on other draws."""

import builtins

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError, MissingExtraError
from bargain.sensitivity.discovery import discover

pytest.importorskip("sklearn")


def corner_task(draws=8000, **options):
    """The pact ends exactly where credit exceeds 0.6 and the United States, which looks at cost, abstains."""
    model = bg.PayoffModel.of(
        {"ROK": ("renew", "end"), "USA": ("abstain", "press")},
        {
            "ROK": bg.When(ROK="end") * (bg.Value("credit") - 0.6 - 5 * bg.When(USA="press")),
            "USA": bg.When(USA="press") * (1.5 - bg.Value("cost")) + 0 * bg.Value("idle"),
        },
        parameters=["credit", "cost", "idle"],
    )
    space = bg.Space(
        (
            bg.Parameter("credit", bg.Uniform(0, 1)),
            bg.Parameter("cost", bg.Uniform(0, 3)),
            bg.Parameter("idle", bg.Uniform(0, 1)),
        )
    )
    return bg.Task(model, space, draws=draws, **options)


def test_the_corner_is_found_in_words():
    found = discover(corner_task(seed=1), {"ROK": "end"}, depth=2)
    box = found.bounds[0]
    assert set(box) == {"credit", "cost"}
    assert box["credit"] == (pytest.approx(0.6, abs=0.01), np.inf)
    assert box["cost"] == (pytest.approx(1.5, abs=0.02), np.inf)
    first = found.table.iloc[0]
    assert first["density"] > 0.98
    assert first["coverage"] > 0.98
    assert first["mass"] == pytest.approx(0.2, abs=0.02)
    assert first["low"] < first["density"] <= first["high"] + 1e-12
    words = found.words()
    assert "ROK end happens in 0.20 of all draws" in words
    assert "credit > 0.6" in first["conditions"]
    assert "cost > 1.5" in first["conditions"]
    assert first["conditions"] in words
    assert "idle" not in words


def test_boxes_divide_the_draws():
    task = bg.load_scenario("gsomia").task("2019-11 deadline", draws=6000, seed=2)
    found = discover(task, {"ROK": "terminate"})
    assert found.table["mass"].sum() == pytest.approx(1)
    assert found.table["coverage"].sum() == pytest.approx(1)
    assert found.table["density"].is_monotonic_decreasing
    assert len(found.bounds) == len(found.table) <= 8
    assert found.draws + sum(found.unanswered.values()) == 6000
    assert "left out" in found.words()


def test_rows_are_those_of_their_bounds():
    task = corner_task(seed=4)
    found = discover(task, {"ROK": "end"}, depth=3)
    test = task.values(0)[:, 1::2]
    for box, draws in zip(found.bounds, found.table["draws"], strict=True):
        inside = np.ones(test.shape[1], dtype=bool)
        for name, (low, high) in box.items():
            row = test[task.space.names.index(name)]
            inside &= (low < row) & (row <= high)
        assert inside.sum() == draws


def test_where_no_box_is_likely_the_words_say_so():
    found = discover(
        bg.load_scenario("gsomia").task("2019-11 deadline", draws=6000), {"ROK": "terminate"}, depth=1
    )
    assert "no box in which it happens more often than not" in found.words()


def test_what_cannot_be_told_apart_is_refused():
    with pytest.raises(InvalidArgumentError, match="never happens"):
        discover(corner_task(200), ("end", "press"))
    with pytest.raises(InvalidArgumentError, match="at least 100 draws"):
        discover(corner_task(60), {"ROK": "end"})
    with pytest.raises(InvalidArgumentError, match="depth"):
        discover(corner_task(200), {"ROK": "end"}, depth=0)


def test_the_extra_is_named(monkeypatch):
    usual = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("sklearn"):
            raise ImportError(name)
        return usual(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=r"bargain\[discovery\]"):
        discover(corner_task(200), {"ROK": "end"})
