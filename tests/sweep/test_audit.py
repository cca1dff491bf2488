"""The audit: it agrees with a right sweep and catches a wrong one."""

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError
from bargain.sweep import kernel
from bargain.sweep.audit import sample, thin
from bargain.sweep.statistic import Statistic
from bargain.uncertainty.designs import BLOCK


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


@pytest.mark.parametrize(
    ("solver", "by"),
    [
        (bg.PureNash(), "trying every outcome"),
        (bg.SubgamePerfect([["USA"], ["ROK", "JPN"]]), "recursion with nashpy"),
        (bg.SubgamePerfect([["JPN"], ["USA"], ["ROK"]]), "recursion with nashpy"),
    ],
)
def test_every_sampled_draw_agrees(scenario, solver, by):
    sweep = bg.run(scenario.task("2020-08 default", draws=3000, seed=2, solver=solver))
    assert (sweep.audit.checked, sweep.audit.agreed, sweep.audit.by) == (64, 64, by)


def test_two_player_games_are_audited_by_nashpy(scenario):
    task = scenario.task("2020-08 default", draws=3000, seed=2, solver=bg.AllNash(), fix={"USA": "abstain"})
    assert str(bg.run(task, audit=20).audit) == "20 of 20 draws agree with nashpy"


def test_three_player_games_are_audited_by_pygambit(scenario):
    pytest.importorskip("pygambit")
    sweep = bg.run(scenario.task("2020-08 default", draws=3000, seed=2, solver=bg.AllNash()), audit=20)
    assert str(sweep.audit) == "20 of 20 draws agree with pygambit"


def test_a_wrong_fast_path_is_caught_and_its_draws_replay(scenario, monkeypatch):
    """Were the gains of the last player forgotten, the audit would say so."""
    right = kernel._stable

    def wrong(gains, shape):
        return right(np.where(np.arange(len(gains))[:, None] < 14, gains, 0.0), shape)

    monkeypatch.setattr(kernel, "_stable", wrong)
    task = scenario.task("2019-11 deadline", draws=2000, seed=6)
    sweep = bg.run(task, workers=1)
    monkeypatch.setattr(kernel, "_stable", right)
    assert sweep.audit.agreed < sweep.audit.checked == 64
    first = sweep.audit.disagreements[0]
    replayed = sweep.draw(first.draw).solution
    assert {"/".join(next(iter(mix)) for mix in p.values()) for p in replayed.profiles()} == set(first.second)
    assert set(first.swept) != set(first.second)


def test_wrong_payoffs_are_caught():
    """Payoffs are added up again from the declared terms, not from the coefficients."""
    task = bg.load_scenario("gsomia").task("2019-11 deadline", draws=2000, seed=6)
    spoiled = np.array(task.model.coefficients)
    spoiled[2] *= -1
    object.__setattr__(task.model, "coefficients", spoiled)
    assert bg.run(task, workers=1).audit.agreed < 64


def test_solvers_without_a_second_opinion_say_so(scenario):
    sweep = bg.run(scenario.task("2019-11 deadline", draws=50, solver=bg.LogitQRE(1.0)))
    assert str(sweep.audit).startswith("not audited")


def test_a_second_opinion_that_breaks_down_judges_nothing_and_ends_no_sweep(scenario, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("bargain.sweep.audit._pure", broken)
    found = bg.run(scenario.task("2019-11 deadline", draws=1000, seed=1), workers=1, audit=16).audit
    assert (found.checked, found.unjudged) == (0, 16)


def test_the_sample_is_chosen_beforehand_without_repetition(scenario):
    task = scenario.task("2019-11 deadline", draws=1_000_000, seed=6)
    chosen = sample(task, 64)
    assert len(set(chosen.tolist())) == 64
    assert (np.diff(chosen) > 0).all()
    assert (chosen == sample(task, 64)).all()
    assert sample(scenario.task("2019-11 deadline", draws=5), 64).tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("draws", [40, BLOCK, BLOCK + 10, 5 * BLOCK, 200 * BLOCK + 1])
def test_wherever_a_run_may_end_there_are_enough_draws_to_audit(scenario, draws):
    chosen = sample(scenario.task("2019-11 deadline", draws=draws, seed=6), 64, open_end=True)
    assert (np.diff(chosen) > 0).all()
    assert 0 <= chosen[0] <= chosen[-1] < draws
    for blocks in range(1, draws // BLOCK + 1):
        assert (chosen < blocks * BLOCK).sum() >= 64
        assert (chosen >= blocks * BLOCK // 2).sum() > 0, "not the first blocks alone"


def test_a_run_that_ends_early_is_audited_all_the_same(scenario):
    task = scenario.task("2019-11 deadline", draws=10_000 * BLOCK, seed=2)
    assert str(bg.run(task, precision=0.01).audit).startswith("64 of 64")
    sweep = bg.run(task, precision=0.001, audit=10)
    assert sweep.draws > 4 * BLOCK
    assert sweep.audit.checked == 10


def test_thinning_keeps_rows_as_they_are(scenario):
    task = scenario.task("2019-11 deadline", draws=500)
    observed = Statistic(rows={draw: np.array([float(draw)]) for draw in range(100)})
    kept = thin(task, observed, 30)
    assert len(kept.rows) == 30
    assert all(row == [draw] for draw, row in kept.rows.items())
    assert max(kept.rows) > 50
    assert thin(task, observed, 30) == kept
    assert thin(task, observed, 100) == observed


def test_no_audit_and_a_wrong_number(scenario):
    task = scenario.task("2019-11 deadline", draws=50)
    assert bg.run(task, audit=0).audit.checked == 0
    with pytest.raises(InvalidArgumentError, match="audit"):
        bg.run(task, audit=-1)
