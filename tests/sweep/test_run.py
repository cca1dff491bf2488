"""Sweeps: the same numbers whatever the workers, agreement with solving draw by draw, honest shares."""

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError
from bargain.solvers.solution import Status
from bargain.sweep.kernel import Kernel
from bargain.uncertainty.designs import BLOCK, CELL


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


def counted(sweep):
    counts = sweep.statistics[0].counts
    rest = dict(zip(("mixed", "multiple", "none", "unsolved"), counts["rest"].tolist(), strict=True))
    draws = int(counts["certain"].sum() + counts["rest"].sum())
    return {"certain": counts["certain"].tolist(), "draws": draws, **rest}


def single(distribution, *, payoff=None):
    """A player who ends a pact when its one parameter is positive."""
    model = bg.PayoffModel.of(
        {"ROK": ("renew", "end")}, {"ROK": payoff or bg.When(ROK="end") * bg.Value("credit")}
    )
    return model, bg.Space((bg.Parameter("credit", distribution),))


@pytest.mark.parametrize("design", ["monte_carlo", "sobol", "latin_hypercube"])
def test_any_number_of_workers_gives_the_same_numbers(scenario, design):
    task = scenario.task("2019-11 deadline", draws=2 * BLOCK + 777, seed=3, design=design)
    one, three = (bg.run(task, workers=workers) for workers in (1, 3))
    assert one.statistics == three.statistics
    assert one.draws == counted(one)["draws"] == 2 * BLOCK + 777


def test_another_seed_gives_other_numbers(scenario):
    a, b = (bg.run(scenario.task("2019-11 deadline", draws=5000, seed=seed)) for seed in (1, 2))
    assert a.statistics != b.statistics


def test_the_kernel_agrees_with_solving_the_whole_batch(scenario):
    task = scenario.task("2020-08 default", draws=CELL + 1234, seed=11)
    game = task.model.game(task.values(0))
    slow = bg.solve(game, bg.PureNash())
    counts = counted(bg.run(task, workers=1))
    single_answer = slow.count == 1
    outcome = slow.outcomes[:, single_answer[slow.draw]].argmax(axis=0)
    assert counts["certain"] == np.bincount(outcome, minlength=12).tolist()
    assert counts["none"] == int((slow.count == 0).sum())
    assert counts["multiple"] == int((slow.count > 1).sum())


def test_a_generic_solver_takes_the_same_road(scenario):
    """The road for any solver and the short cut for pure equilibria count the same."""

    class Wrapped(bg.PureNash):
        """A subclass, so that the short cut is not taken."""

    task = scenario.task("2020-08 default", draws=3000, seed=11)
    general = bg.run(scenario.task("2020-08 default", draws=3000, seed=11, solver=Wrapped()))
    assert general.statistics == bg.run(task).statistics


def test_shares_of_a_known_probability():
    sweep = bg.run(bg.Task(*single(bg.Uniform(-1, 3)), draws=200_000, seed=1))
    row = sweep.shares().loc[("end",)]
    assert row["low"] <= 0.75 <= row["high"]
    assert row["high"] - row["low"] < 0.005


def test_shares_add_to_one_and_show_what_has_no_single_answer(scenario):
    shares = bg.run(scenario.task("2023-03 thaw", draws=20_000)).shares()
    assert shares["share"].sum() == pytest.approx(1)
    assert ("(multiple)", "", "") in shares.index
    assert ("(none)", "", "") in shares.index
    outcomes = shares.iloc[:12]
    assert (outcomes["certain"] <= outcomes["possible"]).all()
    assert outcomes["possible"].sum() > 1 - shares.loc[("(none)", "", ""), "share"], (
        "draws with several count twice"
    )


def test_a_draw_is_replayed_by_its_address(scenario):
    task = scenario.task("2019-11 deadline", draws=BLOCK + 50, seed=9)
    sweep = bg.run(task)
    for number in (0, 17, BLOCK - 1, BLOCK, BLOCK + 49):
        draw = sweep.draw(number)
        values = task.values(number // BLOCK)[:, number % BLOCK]
        assert list(draw.parameters.values()) == values.tolist()
        assert np.array_equal(draw.game.payoffs, task.model.game(draw.parameters).payoffs)
        assert draw.solution.game.draws == 1
    for number in (-1, BLOCK + 50):
        with pytest.raises(InvalidArgumentError, match="draw"):
            sweep.draw(number)


def test_replayed_draws_add_up_to_the_shares(scenario):
    sweep = bg.run(scenario.task("2019-08 notice", draws=300, seed=4))
    kinds = [sweep.draw(number).solution for number in range(300)]
    assert counted(sweep)["none"] == sum(len(solution) == 0 for solution in kinds)
    assert sum(counted(sweep)["certain"]) == sum(len(solution) == 1 for solution in kinds)


def test_payoffs_that_overflow_are_a_status():
    distribution = bg.LogNormal(700, 30)
    model, space = single(distribution, payoff=bg.When(ROK="end") * bg.Value("credit"))
    with np.errstate(over="ignore", invalid="ignore"):
        sweep = bg.run(bg.Task(model, space, draws=2000, seed=0))
    invalid = sweep.statuses()[Status.INVALID]
    assert 0 < invalid < 2000
    assert counted(sweep)["unsolved"] == invalid
    assert counted(sweep)["certain"] == [0, 2000 - invalid]
    assert sweep.shares().loc["(unsolved)", "share"].item() == invalid / 2000


def test_a_grid_visits_every_combination(scenario):
    task = scenario.task("2019-11 deadline", draws=1, design=bg.Grid({"pressing_cost": 7, "finality": 5}))
    assert task.draws == 35
    values = task.values(0)
    names = scenario.space.names
    pairs = {
        (a, b)
        for a, b in zip(values[names.index("pressing_cost")], values[names.index("finality")], strict=True)
    }
    assert len(pairs) == 35
    assert np.allclose(values[names.index("chip_value")], 3.0), "the others stay at their mode"
    assert bg.run(task).draws == 35


def test_designs_agree_on_the_share(scenario):
    shares = {
        design: bg.run(scenario.task("2019-11 deadline", draws=2**15, design=design))
        .shares()
        .loc[("suspend", "relax", "press"), "share"]
        for design in ("monte_carlo", "sobol", "latin_hypercube")
    }
    assert max(shares.values()) - min(shares.values()) < 0.01


def test_the_key_names_the_numbers(scenario):
    task = scenario.task("2019-11 deadline", draws=10)
    assert task.key == scenario.task("2019-11 deadline", draws=10).key
    others = [
        scenario.task("2019-11 deadline", draws=10, reducers=[bg.KeptDraws()]),
        scenario.task("2019-11 deadline", draws=10, design="latin_hypercube"),
        scenario.task("2019-11 deadline", draws=10, seed=1),
        scenario.task("2019-11 deadline", draws=10, design="sobol"),
        scenario.task("2019-11 deadline", draws=10, values={"finality": 0.5}),
        scenario.task("2019-11 deadline", draws=10, fix={"USA": "press"}),
        scenario.task("2019-11 deadline", draws=10, solver=bg.PureNash(tolerance=1e-6)),
        scenario.task("2020-08 default", draws=10),
    ]
    assert len({task.key, *(other.key for other in others)}) == len(others) + 1
    assert task.key == scenario.task("2019-11 deadline", draws=11).key, "more draws extend the same task"
    whole = {scenario.task("2019-11 deadline", draws=n, design="latin_hypercube").key for n in (10, 11)}
    assert len(whole) == 2, "but no design that exists only as a whole"


def test_the_result_says_where_it_came_from(scenario):
    sweep = bg.run(scenario.task("2019-11 deadline", draws=10, seed=5))
    assert sweep.provenance.task == sweep.task.key
    assert sweep.provenance.seed == 5
    assert sweep.provenance.versions["bargain"] == bg.__version__
    assert sweep.shares().attrs["seed"] == 5


@pytest.mark.parametrize("workers", [0, -1, 1.5, "two"])
def test_wrong_numbers_of_workers(scenario, workers):
    with pytest.raises(InvalidArgumentError, match="workers"):
        bg.run(scenario.task("2019-11 deadline", draws=10), workers=workers)


def test_what_is_no_task():
    with pytest.raises(InvalidArgumentError, match="Task was expected, given str"):
        bg.run("2019-11 deadline")


def test_a_space_of_other_parameters_is_refused(scenario):
    with pytest.raises(InvalidArgumentError, match="model's parameters"):
        bg.Task(scenario.model, bg.Space(scenario.space.parameters[1:]))


def test_the_bar_is_quiet_in_a_pipe_and_shows_when_asked(scenario, capsys):
    task = scenario.task("2019-11 deadline", draws=BLOCK + 1)
    bg.run(task)
    assert capsys.readouterr().err == ""
    bg.run(task, progress=True)
    assert "100%" in capsys.readouterr().err


def test_an_error_in_a_block_reaches_the_caller(scenario):
    class Broken(bg.PureNash):
        def solve(self, game):
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        bg.run(scenario.task("2019-11 deadline", draws=3 * BLOCK, solver=Broken()), workers=2)


def test_chunks_of_the_kernel_are_bitwise_slices(scenario):
    """A short last chunk gives the bits that a full one would."""
    long = Kernel(scenario.task("2019-11 deadline", draws=2 * CELL, seed=2))
    short = Kernel(scenario.task("2019-11 deadline", draws=CELL + 100, seed=2))
    full, cut = [cell.predictions for cell in long.cells(0)], [cell.predictions for cell in short.cells(0)]
    assert np.array_equal(full[0].possible, cut[0].possible)
    assert np.array_equal(full[1].possible[:, :100], cut[1].possible)
