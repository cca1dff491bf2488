import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError, InvalidParameterError, UnknownNameError
from bargain.parameters import Parameter
from bargain.uncertainty.dependence import GaussianCopula
from bargain.uncertainty.marginals import PERT, Discrete, Fixed, LogNormal, Normal, Triangular, Uniform
from bargain.uncertainty.space import Space

MARGINALS = st.one_of(
    st.lists(st.floats(-100, 100), min_size=3, max_size=3).map(lambda e: Triangular(*sorted(e))),
    st.sampled_from(
        [Fixed(2), Uniform(-1, 3), Normal(0, 2), PERT(0, 1, 5), LogNormal(0, 1), Discrete((1, 2, 4))]
    ),
)
SPACES = st.lists(MARGINALS, max_size=8).map(
    lambda marginals: Space(tuple(Parameter(f"p{i}", marginal) for i, marginal in enumerate(marginals)))
)


@pytest.fixture
def space():
    return Space([Parameter("cost", Triangular(0.3, 0.8, 2.2)), Parameter("gain", Normal(1, 2))])


@given(SPACES, st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_all_triangular_parameters_at_once_are_the_same_numbers_as_one_by_one(space, draws, seed):
    """Bit for bit: the fast path of a sweep and `Distribution.ppf`."""
    unit = np.random.default_rng(seed).random((len(space), draws))
    unit[:, 0] = 0.0
    unit[:, -1] = 1.0
    expected = [
        parameter.distribution.ppf(row) for parameter, row in zip(space.parameters, unit, strict=True)
    ]
    before = unit.copy()
    values = space.values(unit)
    assert (unit == before).all()
    assert (values == np.reshape(expected, values.shape)).all()
    space.transform(unit, np.full_like(unit, np.nan))
    assert (unit == values).all()


@given(SPACES)
def test_the_mode_is_a_batch_of_one_draw(space):
    assert space.mode().shape == (len(space), 1)
    assert space.mode()[:, 0].tolist() == [parameter.mode for parameter in space.parameters]


def test_parameters_by_name(space):
    assert space.names == ("cost", "gain")
    assert space["gain"].distribution == Normal(1, 2)
    with pytest.raises(UnknownNameError, match=r"unknown parameter 'costs'; did you mean 'cost'\?"):
        space["costs"]


def test_ranges(space):
    ranges = space.ranges()
    assert ranges["cost"] == (0.3, 2.2)
    assert ranges["gain"] == pytest.approx((1 - 2 * 3.2905267314919255, 1 + 2 * 3.2905267314919255))


def test_replace_keeps_the_order_and_the_rest(space):
    changed = space.replace({"gain": 3, "cost": Uniform(0, 1)})
    assert changed.names == space.names
    assert changed["gain"].distribution == Fixed(3)
    assert changed["cost"].distribution == Uniform(0, 1)
    assert space["gain"].distribution == Normal(1, 2)
    assert space.replace({}) == space


def test_replacing_one_parameter_leaves_the_draws_of_the_others(space):
    unit = np.random.default_rng(1).random((2, 50))
    assert (space.replace({"cost": 1.5}).values(unit)[1] == space.values(unit)[1]).all()


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        ({"costs": 1}, UnknownNameError, "values: unknown parameter 'costs'; did you mean 'cost'"),
        (
            {"cost": "high"},
            InvalidParameterError,
            "values: cost: a number or a distribution was expected, given 'high'",
        ),
        ({"cost": True}, InvalidParameterError, "cost: a number or a distribution was expected, given True"),
        ({"cost": None}, InvalidParameterError, "given None"),
        ({"cost": Uniform}, InvalidParameterError, "cost: a number or a distribution was expected"),
        (
            {"cost": float("nan")},
            InvalidParameterError,
            "values: cost: a finite number was expected, given nan",
        ),
        (
            {"cost": float("inf")},
            InvalidParameterError,
            "values: cost: a finite number was expected, given inf",
        ),
    ],
)
def test_replacements_that_cannot_be(space, values, error, message):
    with pytest.raises(error, match=message):
        space.replace(values)


def test_parameters_are_declared_once():
    with pytest.raises(InvalidParameterError, match="'cost' is declared more than once"):
        Space([Parameter("cost", Fixed(1)), Parameter("cost", Fixed(2))])
    with pytest.raises(InvalidParameterError, match="a Parameter was expected, given 'cost'"):
        Space(["cost"])


@pytest.mark.parametrize("shape", [(3, 4), (2,), (1, 2), (2, 3, 1)])
def test_points_of_the_wrong_shape(space, shape):
    with pytest.raises(InvalidArgumentError, match=r"unit: shape \(2, draws\) was expected, given"):
        space.values(np.zeros(shape))


def test_dependence_is_part_of_the_space(space):
    dependent = Space(space.parameters, GaussianCopula({("gain", "cost"): 0.5}))
    assert dependent != space
    assert dependent.replace({"cost": Uniform(0, 1)}).dependence == dependent.dependence
    assert dependent.ranges() == space.ranges()
    assert (dependent.mode() == space.mode()).all()
    # Keys of spaces without dependence are what they were before there was any.
    assert dependent.content()[:-1] == space.content() == [
        {"name": "cost", "kind": "triangular", "low": 0.3, "mode": 0.8, "high": 2.2},
        {"name": "gain", "kind": "normal", "mean": 1.0, "sd": 2.0},
    ]  # fmt: skip
    assert dependent.content()[-1] == {
        "kind": "gaussian_copula",
        "rank_correlations": [["cost", "gain", 0.5]],
    }


@given(SPACES.filter(lambda space: len(space) > 1), st.integers(1, 20), st.floats(-0.9, 0.9))
def test_dependence_comes_before_the_distributions(space, draws, correlation):
    """Bit for bit: the values are quantiles at the copula's ranks."""
    copula = GaussianCopula({space.names[:2]: correlation})
    unit = np.random.default_rng(draws).random((len(space), draws))
    uniforms = Space([Parameter(name, Uniform(0, 1)) for name in space.names], copula)
    expected = space.values(uniforms.values(unit))
    dependent = Space(space.parameters, copula)
    assert (dependent.values(unit) == expected).all()
    dependent.transform(unit, np.full_like(unit, np.nan))
    assert (unit == expected).all()


def test_content_tells_spaces_apart(space):
    assert space.content() == Space(list(space.parameters)).content()
    assert space.content() != space.replace({"cost": 1}).content()
    assert space.content()[0] == {"name": "cost", "kind": "triangular", "low": 0.3, "mode": 0.8, "high": 2.2}


def test_a_problem_of_salib_gives_the_indices_of_the_values():
    sample = pytest.importorskip("SALib.sample.sobol")
    analyze = pytest.importorskip("SALib.analyze.sobol")
    space = bg.Space([bg.Parameter("a", bg.Triangular(0, 1, 1)), bg.Parameter("b", bg.Normal(0, 2))])
    problem = space.to_salib_problem()
    assert problem == {"num_vars": 2, "names": ["a", "b"], "bounds": [[0, 1], [0, 1]]}
    points = sample.sample(problem, 2048, seed=1)
    a, b = space.values(points.T)
    found = analyze.analyze(problem, 3 * a + b, seed=1)
    variances = np.array([9 / 18, 4.0])
    assert found["S1"] == pytest.approx(variances / variances.sum(), abs=0.02)


def test_dependent_parameters_are_no_problem_of_salib():
    space = bg.Space(
        [bg.Parameter("a", bg.Uniform(0, 1)), bg.Parameter("b", bg.Uniform(0, 1))],
        bg.GaussianCopula({("a", "b"): 0.5}),
    )
    with pytest.raises(bg.errors.InvalidParameterError, match="independent"):
        space.to_salib_problem()
