"""Sobol indices agree with closed forms, and say what they left out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.sensitivity.sobol import function_indices, sobol_indices
from reference import analytic_functions as analytic

SETTING = "2019-11 deadline"


def inside(frame, first, total):
    return ((frame["first_low"] <= first) & (first <= frame["first_high"])).all() and (
        (frame["total_low"] <= total) & (total <= frame["total_high"])
    ).all()


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


def test_ishigami_within_intervals_and_close():
    first, total = analytic.ishigami_indices()
    assert first == pytest.approx(analytic.ISHIGAMI_FIRST, abs=1e-8)
    assert total == pytest.approx(analytic.ISHIGAMI_TOTAL, abs=1e-8)
    frame = function_indices(analytic.ishigami, analytic.ishigami_space(), points=2**14, seed=3)
    assert inside(frame, first, total)
    assert frame["first"].to_numpy() == pytest.approx(first, abs=0.01)
    assert frame["total"].to_numpy() == pytest.approx(total, abs=0.01)
    assert frame.attrs["evaluations"] == 5 * 2**14
    assert frame.attrs["mean"] == pytest.approx(3.5, abs=0.02)


def test_g_function_within_intervals():
    a = (0, 1, 4.5, 9, 99, 99)
    first, total = analytic.g_indices(a)
    frame = function_indices(
        lambda v: analytic.g_function(v, a), analytic.unit_space(6), points=2**13, seed=1
    )
    assert inside(frame, first, total)


def test_intervals_cover_as_often_as_they_say():
    first, total = analytic.ishigami_indices()
    covered = [
        inside(
            function_indices(
                analytic.ishigami, analytic.ishigami_space(), points=2**10, seed=seed, bootstrap=200
            ),
            first,
            total,
        )
        for seed in range(30)
    ]
    assert sum(covered) >= 24  # all six at once; Sobol points make the intervals conservative


def test_intervals_narrow_with_points_and_are_not_idle():
    few, many = (
        function_indices(analytic.ishigami, analytic.ishigami_space(), points=n, seed=2)
        for n in (2**9, 2**13)
    )
    widths = [(f["first_high"] - f["first_low"]).iloc[0] for f in (few, many)]
    assert widths[0] > 2.5 * widths[1] > 0


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0.1, 3), min_size=2, max_size=5), st.integers(0, 1000))
def test_additive_functions_have_no_interactions(weights, seed):
    weights = np.array(weights)
    frame = function_indices(
        lambda v: weights @ v, analytic.unit_space(len(weights)), points=2**10, seed=seed, bootstrap=20
    )
    expected = weights**2 / (weights**2).sum()
    assert frame["first"].to_numpy() == pytest.approx(expected, abs=0.05)
    assert frame["total"].to_numpy() == pytest.approx(expected, abs=0.05)
    assert frame["first"].sum() == pytest.approx(1, abs=0.05)
    assert (frame["total"] >= 0).all()


@settings(max_examples=10, deadline=None)
@given(st.permutations([0, 1, 2]))
def test_permuting_parameters_permutes_indices(order):
    space = analytic.ishigami_space()
    permuted = bg.Space(tuple(space.parameters[place] for place in order))
    back = np.argsort(order)
    usual = function_indices(analytic.ishigami, space, points=2**12, bootstrap=20)
    other = function_indices(lambda v: analytic.ishigami(v[back]), permuted, points=2**12, bootstrap=20)
    for column in ("first", "total"):
        assert other[column].reindex(usual.index).to_numpy() == pytest.approx(
            usual[column].to_numpy(), abs=0.05
        )


def test_shift_and_scale_of_the_answer_do_not_matter():
    space = analytic.ishigami_space()
    usual = function_indices(analytic.ishigami, space, points=2**9, bootstrap=20)
    other = function_indices(lambda v: 1e6 - 3 * analytic.ishigami(v), space, points=2**9, bootstrap=20)
    assert other.to_numpy() == pytest.approx(usual.to_numpy(), rel=1e-6, abs=1e-8)


def test_more_cells_than_one_are_one_sequence(monkeypatch):
    # The centre that is taken off comes from the first cell, and moves estimates within their error.
    space = analytic.ishigami_space()
    whole = function_indices(analytic.ishigami, space, points=2**11, bootstrap=20)
    monkeypatch.setattr("bargain.sensitivity.sobol._CELL", 2**8)
    parts = function_indices(analytic.ishigami, space, points=2**11, bootstrap=20)
    assert parts.to_numpy() == pytest.approx(whole.to_numpy(), abs=1e-3)


def test_constants_are_not_evaluated_and_unbounded_parameters_are_fine():
    calls = []
    space = bg.Space(
        (
            bg.Parameter("a", bg.Normal(0, 1)),
            bg.Parameter("b", bg.Fixed(3)),
            bg.Parameter("c", bg.Normal(0, 2)),
        )
    )

    def function(values):
        calls.append(values.copy())
        return values[0] * values[1] + values[2]

    frame = function_indices(function, space, points=2**10, bootstrap=20)
    assert len(calls) == 4
    assert (frame.loc["b"] == 0).all()
    assert frame.loc["a", "first"] == pytest.approx(9 / 13, abs=0.05)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda v: np.where(v[0] > 0, np.nan, 1.0), r"finite numbers were expected; \d+ of"),
        (lambda v: np.zeros(v.shape[1]), "no variance to explain"),
        (lambda v: np.zeros(3), r"shape \(512,\) was expected"),
    ],
)
def test_what_is_no_answer_is_refused(function, expected):
    with pytest.raises(InvalidArgumentError, match=expected):
        function_indices(function, analytic.ishigami_space(), points=2**9)


def threshold_task(**options):
    """The pact ends where credit exceeds cost: with the cost fixed, credit alone decides."""
    model = bg.PayoffModel.of(
        {"ROK": ("renew", "end"), "JPN": ("wait", "act")},
        {
            "ROK": bg.When(ROK="end") * (bg.Value("credit") - 0.5),
            "JPN": -bg.Value("idle") * bg.When(JPN="act"),
        },
    )
    space = bg.Space((bg.Parameter("credit", bg.Uniform(0, 1)), bg.Parameter("idle", bg.Uniform(1, 2))))
    return bg.Task(model, space, **options)


def test_the_parameter_that_alone_decides_has_index_one():
    frame = sobol_indices(threshold_task(seed=5), outcome={"ROK": "end"}, points=2**11)
    assert frame.loc["credit", ["first", "total"]].to_numpy() == pytest.approx(1, abs=0.02)
    assert (frame.loc["idle"] == 0).all()
    assert frame.attrs["unanswered"] == {}
    assert frame.attrs["left_out"] == 0
    assert frame.attrs["mean"] == pytest.approx(0.5, abs=0.01)


def test_payoffs_are_explained():
    frame = sobol_indices(threshold_task(), payoff="ROK", points=2**11, bootstrap=50)
    assert frame.loc["credit", "total"] == pytest.approx(1, abs=0.02)
    assert frame.attrs["question"] == "payoff of ROK"


def coordination_task():
    """Two equilibria where the prize is positive, and matching pennies nowhere."""
    together = bg.When(ROK="a", JPN="a") + bg.When(ROK="b", JPN="b") * bg.Value("prize")
    model = bg.PayoffModel.of({"ROK": ("a", "b"), "JPN": ("a", "b")}, {"ROK": together, "JPN": together})
    return bg.Task(model, bg.Space((bg.Parameter("prize", bg.Uniform(-1, 3)),)), seed=1)


def test_draws_without_an_answer_are_counted_not_turned_into_zeros():
    with pytest.raises(InvalidArgumentError, match="no variance to explain: ROK a is 1 at every"):
        sobol_indices(coordination_task(), outcome={"ROK": "a"}, points=2**8)
    counted = sobol_indices(
        coordination_task(), outcome={"ROK": "a"}, points=2**10, unanswered="count_as_no", bootstrap=20
    )
    assert counted.attrs["left_out"] == 0
    assert counted.attrs["unanswered"]["(multiple)"] == pytest.approx(0.75 * 3 * 2**10, rel=0.02)
    assert counted.attrs["mean"] == pytest.approx(0.25, abs=0.01)
    assert counted.loc["prize", "total"] == pytest.approx(1, abs=0.02)
    with pytest.raises(InvalidArgumentError, match="'leave_out' was expected"):
        sobol_indices(coordination_task(), payoff="ROK", unanswered="count_as_no")


def test_several_equilibria_inside_an_event_answer_yes():
    everything = [("a", "a"), ("b", "b")]
    with pytest.raises(InvalidArgumentError, match="a/a or b/b is 1 at every one of 256 points"):
        sobol_indices(coordination_task(), outcome=everything, points=2**8)


def test_answers_are_those_of_solving_each_point(scenario):
    """A solver without the fast path gives the same indices, bit for bit."""
    task = scenario.task(SETTING, seed=3)
    slow = scenario.task(SETTING, seed=3, solver=bg.PureNash(tolerance=1e-300))
    for question in ({"outcome": {"ROK": "terminate"}}, {"payoff": "JPN"}):
        fast, other = (sobol_indices(t, points=2**7, bootstrap=20, **question) for t in (task, slow))
        assert fast.equals(other)
        assert fast.attrs["unanswered"] == other.attrs["unanswered"]


def test_shares_are_those_of_the_sweep(scenario):
    task = scenario.task(SETTING, draws=50_000)
    frame = sobol_indices(
        task, outcome={"ROK": "terminate"}, points=2**11, unanswered="count_as_no", bootstrap=20
    )
    share = bg.run(task).shares()["share"].xs("terminate", level="ROK").sum()
    assert frame.attrs["mean"] == pytest.approx(share, abs=0.01)
    assert frame["total"].idxmax() == "pressing_cost"
    assert (frame.loc["rival_gain_loss"] == 0).all()


def test_held_players_and_values_are_those_of_the_task(scenario):
    held = scenario.task(SETTING, fix={"USA": "abstain"}, values={"audience_credit": 5.0})
    frame = sobol_indices(held, outcome={"ROK": "terminate"}, points=2**9, bootstrap=20)
    assert (frame.loc["pressing_cost"] == 0).all(), "nobody decides about pressing"
    assert (frame.loc["audience_credit"] == 0).all()
    with pytest.raises(UnknownNameError, match="unknown action of 'USA' 'press'"):
        sobol_indices(held, outcome={"USA": "press"})


def test_dependent_parameters_are_refused():
    task = threshold_task()
    space = bg.Space(task.space.parameters, bg.GaussianCopula({("credit", "idle"): 0.5}))
    with pytest.raises(InvalidArgumentError, match="independent parameters"):
        sobol_indices(bg.Task(task.model, space), outcome={"ROK": "end"})


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"points": 1000}, "power of two"),
        ({"bootstrap": 0}, "bootstrap"),
        ({"level": 1.0}, "level"),
        ({"unanswered": "zero"}, "'leave_out' or 'count_as_no'"),
        ({"payoff": "ROK"}, "either outcome or payoff"),
    ],
)
def test_options_are_checked(options, expected):
    with pytest.raises(InvalidArgumentError, match=expected):
        sobol_indices(threshold_task(), outcome={"ROK": "end"}, **options)
