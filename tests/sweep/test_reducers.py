"""Reducers: every draw once, the merge law, and agreement with a plain loop over the draws."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.solvers.solution import Status
from bargain.sweep.cell import Cell, Predictions
from bargain.sweep.kernel import Kernel
from bargain.sweep.statistic import Statistic

REDUCERS = [
    bg.OutcomeShares(),
    bg.PayoffMoments(),
    bg.PayoffQuantiles(),
    bg.ConditionalShares("pressing_cost", bins=7),
    bg.ConditionalShares("pressing_cost", "finality", bins=3),
    bg.KeptDraws(every=50),
    bg.RunningShares(per_decade=3),
    bg.SelectedShares(bg.UniformSelection()),
]


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


@pytest.fixture(scope="module")
def task(scenario):
    # The setting with the most draws without a single pure answer.
    return scenario.task("2020-08 default", draws=30_000, seed=3, reducers=REDUCERS)


@pytest.fixture(scope="module")
def parts(task):
    """Statistics of single cells, one list for each reducer."""
    return [[reducer.reduce(cell, task.space) for cell in Kernel(task).cells(0)] for reducer in task.reducers]


@pytest.mark.parametrize("place", range(len(REDUCERS)), ids=lambda place: type(REDUCERS[place]).__name__)
@given(order=st.permutations(range(4)))
def test_statistics_add_in_any_order(parts, place, order):
    """The merge law, for every reducer."""
    assert len(parts[place]) == 4
    whole = parts[place][0] + parts[place][1] + parts[place][2] + parts[place][3]
    first, second, third, fourth = (parts[place][number] for number in order)
    assert (first + second) + (third + fourth) == whole
    assert first + (second + (third + fourth)) == whole
    assert Statistic() + whole == whole == whole + Statistic()


@pytest.mark.parametrize("place", range(len(REDUCERS)), ids=lambda place: type(REDUCERS[place]).__name__)
def test_statistics_survive_the_store(parts, place):
    for part in parts[place]:
        assert Statistic.from_json(part.to_json()) == part


@given(st.lists(st.floats(-1e9, 1e9), min_size=1))
def test_sums_are_exact(numbers):
    total = Statistic()
    for number in numbers:
        total += Statistic(sums={"x": (Fraction(number),)})
    assert total.sums["x"][0] == sum(map(Fraction, numbers))


def cell_of(count, certain, possible, codes):
    found = Predictions(
        np.array(possible, bool), np.array(certain, bool), np.array(count), np.array(codes, np.int8)
    )
    labels = bg.Labels.of({"ROK": ("renew", "end")})
    return Cell(
        0, np.zeros((0, len(count))), found, labels, bg.PureNash(), lambda: np.zeros((1, 2, len(count)))
    )


def test_every_kind_of_draw_is_counted_once():
    # Draws: pure; mixed; two that differ; two that agree; none; failed.
    cell = cell_of(
        count=[1, 1, 2, 2, 0, 0],
        certain=[[1, 0, 0, 1, 0, 0], [0, 0, 0, 0, 0, 0]],
        possible=[[1, 1, 1, 1, 0, 0], [0, 1, 1, 0, 0, 0]],
        codes=[Status.SOLVED] * 4 + [Status.NONE, Status.FAILED],
    )
    counts = bg.OutcomeShares().reduce(cell, bg.Space(())).counts
    assert counts["certain"].tolist() == [2, 0]
    assert counts["possible"].tolist() == [4, 2]
    assert counts["rest"].tolist() == [1, 1, 1, 1]
    assert counts["status"][Status.SOLVED] == 4
    assert cell.predictions.answer().tolist() == [0, 2, 3, 0, 4, 5]


def test_predictions_agree_with_the_profiles_of_the_solution():
    rng = np.random.default_rng(5)
    game = bg.NormalForm({"a": ["x", "y"], "b": ["x", "y", "z"]}, rng.normal(size=(2, 2, 3, 40)))
    solution = bg.solve(game, bg.BimatrixNash())
    found = Predictions.of(solution)
    for draw in range(40):
        played = [{(a, b) for a in profile["a"] for b in profile["b"]} for profile in solution.profiles(draw)]
        for row, outcome in enumerate(game.labels.outcomes):
            assert found.possible[row, draw] == any(outcome in outcomes for outcomes in played)
            assert found.certain[row, draw] == all(outcomes == {outcome} for outcomes in played)


@pytest.fixture(scope="module")
def sweep(task):
    return bg.run(task, workers=2)


@pytest.fixture(scope="module")
def plain(task):
    """Unique pure outcome (or -1) and payoffs there, by solving the batch at once."""
    values = task.values(0)
    game = task.model.game(values)
    solution = bg.solve(game, bg.PureNash())
    single = (solution.count == 1)[solution.draw]
    outcome = np.full(game.draws, -1)
    outcome[solution.draw[single]] = solution.outcomes[:, single].argmax(axis=0)
    payoffs = np.full((3, game.draws), np.nan)
    payoffs[:, solution.draw[single]] = solution.payoffs[:, single]
    return values, outcome, payoffs


def test_payoff_moments(sweep, plain):
    table = sweep.table(bg.PayoffMoments())
    known = plain[2][:, ~np.isnan(plain[2][0])]
    assert table["mean"].to_numpy() == pytest.approx(known.mean(axis=1), rel=1e-12)
    assert table["sd"].to_numpy() == pytest.approx(known.std(axis=1, ddof=1), rel=1e-9)
    assert (table["used"] == known.shape[1] / 30_000).all()


def test_payoff_quantiles(sweep, plain):
    table = sweep.table(bg.PayoffQuantiles())
    known = plain[2][:, ~np.isnan(plain[2][0])]
    expected = np.quantile(known, table.columns, axis=1).T
    assert np.abs(table.to_numpy() - expected).max() < 0.03, "one bin is 0.025 wide"


def test_conditional_shares(sweep, plain, task):
    values, outcome, _ = plain
    x = values[task.space.names.index("pressing_cost")]
    low, high = task.space["pressing_cost"].range()
    place = np.minimum((7 * (x - low) / (high - low)).astype(int), 6)
    table = sweep.table(bg.ConditionalShares("pressing_cost", bins=7))
    renewed = table.xs("renew", level="ROK").xs("maintain", level="JPN").xs("abstain", level="USA")
    target = task.model.labels.outcome(("renew", "maintain", "abstain"))
    for number, (_, row) in enumerate(renewed.iterrows()):
        inside = outcome[place == number] == target
        assert row["draws"] == inside.size
        assert row["share"] == pytest.approx(inside.mean())
        assert row["low"] <= row["share"] <= row["high"]
    assert table["share"].groupby(level="pressing_cost", sort=False).sum().to_numpy() == pytest.approx(
        [1] * 7
    )


def test_conditional_shares_of_two_parameters(sweep):
    table = sweep.table(bg.ConditionalShares("pressing_cost", "finality", bins=3))
    assert table.index.names == ["pressing_cost", "finality", "ROK", "JPN", "USA"]
    assert len(table) == 9 * 16
    assert table["draws"].groupby(level=[0, 1], sort=False).first().sum() == 30_000


def test_running_shares_are_those_of_the_first_draws(sweep, plain, task):
    table = sweep.table(bg.RunningShares(per_decade=3))
    steps = table.index.get_level_values("draws").unique().tolist()
    assert steps == [10, 22, 46, 100, 215, 464, 1000, 2154, 4642, 10000, 21544, 30000]
    target = ("renew", "maintain", "abstain")
    happened = plain[1] == task.model.labels.outcome(target)
    for draws in steps:
        row = table.loc[(draws, *target)]
        assert row["share"] == pytest.approx(happened[:draws].mean())
        low, high = bg.wilson_interval(happened[:draws].sum(), draws)
        assert (row["low"], row["high"]) == pytest.approx((float(low), float(high)))
    last = table.xs(30_000, level="draws")["share"]
    shares = sweep.shares()["share"]
    assert last.loc[shares.index].to_numpy() == pytest.approx(shares.to_numpy())


def test_running_shares_end_with_a_number_that_is_a_step_or_with_few_draws(scenario):
    running = bg.RunningShares(per_decade=1)
    for draws, steps in ((1000, [10, 100, 1000]), (1001, [10, 100, 1000, 1001]), (3, [3])):
        sweep = bg.run(scenario.task("2020-08 default", draws=draws, reducers=[running]))
        assert sweep.table(running).index.get_level_values("draws").unique().tolist() == steps


def test_kept_draws_are_those_that_replay(sweep):
    kept = sweep.table(bg.KeptDraws(every=50))
    assert kept.sizes["draw"] == 600
    for place in (0, 7, 599):
        row = kept.isel(draw=place)
        draw = sweep.draw(int(row["draw"]))
        assert float(row["pressing_cost"]) == draw.parameters["pressing_cost"]
        single = len(draw.solution) == 1
        if single:
            profile = draw.solution.profiles()[0]
            assert str(row["outcome"].item()) == "/".join(next(iter(mix)) for mix in profile.values())
            assert row["payoff"].to_numpy() == pytest.approx(draw.solution.payoffs[:, 0])
        else:
            assert str(row["outcome"].item()) in {"(none)", "(multiple)"}
    assert kept["pressing_cost"].attrs["units"] == "util 0-10"


def test_kept_draws_go_to_a_file_and_back(sweep, tmp_path):
    import xarray as xr

    kept = sweep.table(bg.KeptDraws(every=50))
    kept.to_netcdf(tmp_path / "kept.nc", engine="scipy")
    with xr.open_dataset(tmp_path / "kept.nc", engine="scipy") as back:
        assert back["outcome"].astype(str).to_numpy().tolist() == kept["outcome"].to_numpy().tolist()
        assert back["payoff"].to_numpy() == pytest.approx(kept["payoff"].to_numpy(), nan_ok=True)
        assert back.attrs["key"] == sweep.task.key
        assert back.attrs["seed"] == 3
        assert "numpy" in back.attrs["versions"]


def test_selected_shares(scenario):
    """With the status quo as the rule, draws with several equilibria go to the one that keeps it."""
    kept = ("suspend", "maintain", "abstain")
    quo = bg.SelectedShares(bg.StatusQuo(kept))
    even = bg.SelectedShares(bg.UniformSelection())
    task = scenario.task("2023-03 thaw", draws=20_000, seed=3, reducers=[quo, even])
    sweep = bg.run(task)
    shares, selected, spread = sweep.shares(), sweep.table(quo), sweep.table(even)
    multiple, none = (shares.loc[(name, "", ""), "share"] for name in ("(multiple)", "(none)"))
    assert multiple > 0.05
    for table in (selected, spread):
        assert table["selected"].sum() == pytest.approx(1 - none)
        assert table.attrs["without"] == pytest.approx(none)
        assert (table["selected"] >= shares["certain"].iloc[:12].to_numpy() - 1e-12).all()
        assert (table["selected"] <= shares["possible"].iloc[:12].to_numpy() + 1e-12).all()
    # It occurs together with renew/relax/abstain; the rule gives it every draw in which it is possible.
    assert selected.loc[kept, "selected"] == pytest.approx(shares.loc[kept, "possible"])
    assert selected.loc[kept, "selected"] > spread.loc[kept, "selected"] + 0.02


@pytest.mark.parametrize(
    ("reducer", "error", "expected"),
    [
        (bg.ConditionalShares("presing_cost"), UnknownNameError, "did you mean 'pressing_cost'"),
        (bg.ConditionalShares("finality", "finality"), InvalidArgumentError, "two different"),
        (bg.ConditionalShares("finality", bins=0), InvalidArgumentError, "bins"),
        (bg.KeptDraws(every=0), InvalidArgumentError, "every"),
        (bg.RunningShares(per_decade=0), InvalidArgumentError, "per_decade"),
        (bg.PayoffQuantiles(low=1, high=1), InvalidArgumentError, "low < high"),
        (bg.PayoffQuantiles(probabilities=(1.5,)), InvalidArgumentError, "between 0 and 1"),
        (bg.KeptDraws, InvalidArgumentError, "KeptDraws()"),
        ("shares", InvalidArgumentError, "'shares'"),
    ],
)
def test_wrong_options_are_refused_before_the_run(scenario, reducer, error, expected):
    with pytest.raises(error) as caught:
        scenario.task("2019-11 deadline", draws=10, reducers=[reducer])
    assert expected in str(caught.value)


def test_a_table_that_was_not_asked_for(sweep):
    with pytest.raises(UnknownNameError, match="reducer"):
        sweep.table(bg.KeptDraws(every=51))
