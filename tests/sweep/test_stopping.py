"""When a run ends: by draws, by precision, by time; always at the end of a block, and saying which."""

import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError
from bargain.uncertainty.designs import BLOCK


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


def test_by_draws(scenario):
    sweep = bg.run(scenario.task("2019-11 deadline", draws=1000))
    assert (sweep.stopped, sweep.draws) == ("draws", 1000)


def test_by_precision_the_same_for_any_number_of_workers(scenario):
    task = scenario.task("2019-11 deadline", draws=100 * BLOCK, seed=1)
    one, three = (bg.run(task, precision=0.001, workers=workers) for workers in (1, 3))
    assert one.stopped == three.stopped == "precision"
    assert one.draws == three.draws
    assert one.draws % BLOCK == 0
    assert one.statistics == three.statistics
    shares = one.shares()
    assert max((shares["share"] - shares["low"]).max(), (shares["high"] - shares["share"]).max()) <= 0.001
    shorter = bg.run(task.with_draws(one.draws - BLOCK)).shares()
    assert (shorter["high"] - shorter["share"]).max() > 0.001, "no block earlier would have done"


def test_by_time(scenario):
    sweep = bg.run(scenario.task("2019-11 deadline", draws=10_000 * BLOCK), seconds=0.3, workers=2)
    assert sweep.stopped == "time"
    assert 0 < sweep.draws < 10_000 * BLOCK
    assert sweep.draws % BLOCK == 0
    assert sweep.shares().attrs["stopped"] == "time"
    again = bg.run(scenario.task("2019-11 deadline", draws=sweep.draws))
    assert again.statistics == sweep.statistics


def test_a_stopped_run_goes_on_from_its_store(scenario, tmp_path):
    task = scenario.task("2019-11 deadline", draws=40 * BLOCK, seed=1)
    first = bg.run(task, precision=0.001, store=tmp_path / "s.sqlite")
    assert first.draws < task.draws
    assert bg.run(task, store=tmp_path / "s.sqlite").statistics == bg.run(task).statistics


@pytest.mark.parametrize(
    "limits", [{"precision": 0}, {"precision": -1}, {"seconds": 0}, {"seconds": float("nan")}]
)
def test_limits_that_make_no_sense(scenario, limits):
    with pytest.raises(InvalidArgumentError, match=next(iter(limits))):
        bg.run(scenario.task("2019-11 deadline", draws=10), **limits)
