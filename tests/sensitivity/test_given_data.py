"""PAWN from data that are there: known distances, noise told from effects, nothing that is not a number."""

import builtins

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError, MissingExtraError
from bargain.sensitivity.given_data import pawn_indices
from reference import analytic_functions as analytic

pytest.importorskip("SALib")


def uniform(draws=4000, seed=1):
    rng = np.random.default_rng(seed)
    return {name: rng.random(draws) for name in ("x", "idle")}


def test_an_indicator_has_the_change_of_its_share():
    data = uniform()
    table = pawn_indices(data, (data["x"] > 0.5).astype(float))
    # In every slice of x the answer is certain, while over all draws it is one half.
    assert table.loc["x", ["mean", "median", "maximum"]].to_numpy() == pytest.approx(0.5, abs=0.02)
    assert table.loc["idle", "mean"] < 0.05
    assert table.loc["idle", "mean"] <= 1.5 * table.loc["idle", "noise"]
    assert table["noise"].nunique() == 1


def test_ishigami_is_told_from_noise():
    rng = np.random.default_rng(2)
    x = rng.uniform(-np.pi, np.pi, (3, 6000))
    table = pawn_indices({"x1": x[0], "x2": x[1], "x3": x[2], "idle": rng.random(6000)}, analytic.ishigami(x))
    assert set(table.index[:2]) == {"x1", "x2"}
    assert table.index[-1] == "idle"
    assert table.loc["x3", "mean"] > 1.5 * table.loc["x3", "noise"], "which has no first-order effect"


def test_an_increasing_change_of_the_answer_does_not_matter():
    data = uniform()
    answer = data["x"] + 0.1 * data["idle"]
    assert pawn_indices(data, answer).equals(pawn_indices(data, np.exp(3 * answer)))


def test_constants_have_index_zero():
    data = {**uniform(), "still": np.full(4000, 3.0)}
    assert pawn_indices(data, data["x"]).loc["still", "mean"] == 0


def test_tasks_and_sweeps_leave_out_what_has_no_answer():
    scenario = bg.load_scenario("gsomia")
    kept = scenario.task("2019-11 deadline", draws=1500, seed=2, reducers=[bg.KeptDraws(every=1)])
    for question in ({"outcome": {"ROK": "terminate"}}, {"payoff": "ROK"}):
        fresh, swept = (pawn_indices(source, **question) for source in (kept, bg.run(kept)))
        assert fresh.equals(swept)
        assert fresh.attrs["draws"] + sum(fresh.attrs["unanswered"].values()) == 1500
        assert np.isfinite(fresh.to_numpy()).all()


@pytest.mark.parametrize(
    ("data", "output", "expected"),
    [
        ({"x": np.full(300, np.nan)}, np.zeros(300), "x: finite numbers were expected; 300 of 300"),
        ({"x": np.zeros(300)}, np.full(300, np.nan), "output: finite numbers"),
        ({"x": np.zeros(299)}, np.zeros(300), "x: 300 numbers were expected"),
        ({"x": np.zeros(20)}, np.zeros(20), "at least 200 draws"),
        ({"x": np.zeros(300)}, None, "with output= were expected"),
    ],
)
def test_data_that_are_no_numbers_are_refused(data, output, expected):
    with pytest.raises(InvalidArgumentError, match=expected):
        pawn_indices(data, output)


def test_the_extra_is_named(monkeypatch):
    usual = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("SALib"):
            raise ImportError(name)
        return usual(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match=r"bargain\[sensitivity\]"):
        pawn_indices(uniform(300), np.arange(300.0))
