import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from bargain.errors import BargainError, InvalidParameterError
from bargain.uncertainty.marginals import (
    MARGINALS,
    PERT,
    Beta,
    Discrete,
    Empirical,
    Fixed,
    LogNormal,
    Normal,
    ScipyDistribution,
    Triangular,
    TruncatedNormal,
    Uniform,
)

TWINS = [
    (Uniform(1, 4), stats.uniform(1, 3)),
    (Triangular(1, 3, 8), stats.triang(2 / 7, 1, 7)),
    (Triangular(1, 1, 8), stats.triang(0, 1, 7)),
    (Triangular(1, 8, 8), stats.triang(1, 1, 7)),
    (PERT(1, 3, 8), stats.beta(1 + 8 / 7, 1 + 20 / 7, 1, 7)),
    (PERT(1, 3, 8, weight=2), stats.beta(1 + 4 / 7, 1 + 10 / 7, 1, 7)),
    (Normal(-2, 3), stats.norm(-2, 3)),
    (TruncatedNormal(0.5, 2, -1, 3), stats.truncnorm(-0.75, 1.25, 0.5, 2)),
    (TruncatedNormal(0, 1, 6, 8), stats.truncnorm(6, 8)),
    (TruncatedNormal(0, 1, -8, -6), stats.truncnorm(-8, -6)),
    (TruncatedNormal(1, 2, low=0), stats.truncnorm(-0.5, math.inf, 1, 2)),
    (LogNormal(0.3, 0.5), stats.lognorm(0.5, scale=math.exp(0.3))),
    (Beta(2, 3, -1, 4), stats.beta(2, 3, -1, 5)),
    (Beta(0.5, 0.5), stats.beta(0.5, 0.5)),
    (ScipyDistribution(stats.gamma(2, scale=0.5)), stats.gamma(2, scale=0.5)),
]
UNITS = st.lists(st.floats(0, 1), min_size=2, max_size=20)
REAL = st.floats(-1e6, 1e6)
POSITIVE = st.floats(0.01, 100)
SHAPES = st.floats(0.2, 20)


def ends(count, **options):
    return st.lists(REAL, min_size=count, max_size=count, **options).map(sorted)


ANY = st.one_of(
    REAL.map(Fixed),
    ends(2).map(lambda e: Uniform(*e)),
    ends(3).map(lambda e: Triangular(*e)),
    st.builds(lambda e, w: PERT(*e, weight=w), ends(3), st.floats(0, 20)),
    st.builds(Normal, REAL, POSITIVE),
    st.builds(lambda m, s, a, b: TruncatedNormal(m, s, m + s * a, m + s * (a + b)), REAL, POSITIVE,
              st.floats(-20, 20), st.floats(0.1, 5)),
    st.builds(LogNormal, st.floats(-5, 5), st.floats(0.01, 3)),
    st.builds(lambda a, b, e: Beta(a, b, *e), SHAPES, SHAPES, ends(2, unique=True)),
    st.lists(REAL, min_size=1, max_size=5).map(lambda values: Discrete(tuple(values))),
    st.lists(REAL, min_size=2, max_size=5).map(lambda sample: Empirical(tuple(sample))),
)  # fmt: skip


@pytest.mark.parametrize(("marginal", "twin"), TWINS, ids=lambda item: repr(item)[:60])
def test_quantiles_are_scipy_s(marginal, twin):
    unit = np.concatenate([np.linspace(1e-9, 1 - 1e-9, 101), [1e-6, 1e-3, 0.999]])
    assert marginal.ppf(unit) == pytest.approx(twin.ppf(unit), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(("marginal", "twin"), TWINS, ids=lambda item: repr(item)[:60])
def test_mean_and_variance_are_scipy_s(marginal, twin):
    """Moments as integrals of the quantile function, by the midpoint rule."""
    sample = marginal.ppf((np.arange(200_000) + 0.5) / 200_000)
    assert sample.mean() == pytest.approx(twin.mean(), rel=1e-4, abs=1e-4)
    assert sample.var() == pytest.approx(twin.var(), rel=2e-3)


@pytest.mark.parametrize(("marginal", "twin"), TWINS, ids=lambda item: repr(item)[:60])
def test_the_support_is_scipy_s(marginal, twin):
    assert marginal.support == pytest.approx(twin.support())


@pytest.mark.parametrize(
    ("marginal", "twin"),
    [
        pair
        for pair in TWINS
        if not isinstance(pair[0], Uniform | ScipyDistribution) and pair[0] != Beta(0.5, 0.5)
    ],
    ids=lambda item: repr(item)[:60],
)
def test_the_mode_is_where_scipy_s_density_peaks(marginal, twin):
    low, high = twin.ppf([1e-6, 1 - 1e-6])
    found = optimize.minimize_scalar(lambda x: -twin.pdf(x), bounds=(low, high), options={"xatol": 1e-9}).x
    assert marginal.mode == pytest.approx(found, abs=1e-3 * (high - low))


def test_known_numbers_of_a_triangular():
    marginal = Triangular(1, 3, 8)
    sample = marginal.ppf((np.arange(1_000_000) + 0.5) / 1_000_000)
    assert sample.mean() == pytest.approx(4, abs=1e-8)
    assert sample.var() == pytest.approx(2.1666666667, abs=1e-6)
    assert marginal.ppf(np.array([0.5]))[0] == pytest.approx(3.81669986733, abs=1e-11)
    assert marginal.mode == 3


@pytest.mark.parametrize(
    ("marginal", "mode"),
    [
        (Fixed(2), 2.0),
        (Uniform(1, 4), 2.5),
        (Beta(1, 1, 2, 4), 3.0),
        (Beta(0.5, 0.5), 0.5),
        (Beta(0.5, 2), 0.0),
        (Beta(1, 2), 0.0),
        (Beta(0.5, 1), 0.0),
        (Beta(2, 0.5, 0, 3), 3.0),
        (Beta(1, 0.5), 1.0),
        (Discrete((3, 1, 2), (0.2, 0.3, 0.5)), 2.0),
        (Discrete((3, 1, 2)), 3.0),
        (Empirical((5, 1, 2)), 2.0),
        (TruncatedNormal(0, 1, 2, 3), 2.0),
        (TruncatedNormal(0, 1, -3, -2), -2.0),
        (ScipyDistribution(stats.norm(4, 1)), 4.0),
    ],
    ids=repr,
)
def test_the_value_that_stands_for_the_parameter(marginal, mode):
    assert marginal.mode == pytest.approx(mode)


@given(ANY, UNITS)
def test_quantiles_ascend_and_stay_inside_the_support(marginal, unit):
    quantiles = marginal.ppf(np.sort(unit))
    low, high = marginal.support
    rounding = 1e-15 * max(abs(x) for x in (low, high, marginal.mode, 1) if math.isfinite(x))
    assert quantiles.shape == (len(unit),)
    assert np.isfinite(quantiles).all()
    assert (np.diff(quantiles) >= -10 * rounding).all()
    assert quantiles.min() >= low - 10 * rounding
    assert quantiles.max() <= high + 10 * rounding
    assert low <= marginal.mode <= high


@given(ANY)
def test_content_is_what_builds_the_marginal_again(marginal):
    content = marginal.content()
    assert MARGINALS[content.pop("kind")](**content) == marginal


@given(ANY)
def test_quantiles_do_not_depend_on_the_shape_that_is_asked_for(marginal):
    unit = np.linspace(0, 1, 6)
    assert (marginal.ppf(unit.reshape(2, 3)).ravel() == marginal.ppf(unit)).all()


def test_whole_numbers_are_the_same_marginal():
    assert Triangular(1, 3, 8).content() == Triangular(1.0, np.int64(3), np.float64(8)).content()
    assert type(TruncatedNormal(0, 1, -1, 2).low) is float


def test_a_triangular_without_width_is_a_point():
    assert (Triangular(2, 2, 2).ppf(np.array([0, 0.3, 1])) == 2).all()
    assert (PERT(2, 2, 2).ppf(np.array([0, 0.3, 1])) == 2).all()


def test_discrete_quantiles_step_at_cumulated_probabilities():
    marginal = Discrete((5, 0, 2, 9), (0.3, 0.2, 0.5, 0.0))
    assert marginal.ppf(np.array([0, 0.1999, 0.2, 0.6999, 0.7, 1.0])).tolist() == [0, 0, 2, 2, 5, 5]
    assert marginal.support == (0, 5)


@given(st.lists(st.integers(1, 20), min_size=1, max_size=5))
def test_discrete_values_take_their_share_of_the_unit_interval(weights):
    total = sum(weights)
    marginal = Discrete(tuple(range(len(weights))), tuple(weight / total for weight in weights))
    drawn = marginal.ppf((np.arange(total) + 0.5) / total)
    assert np.bincount(drawn.astype(int)).tolist() == weights


@given(st.lists(REAL, min_size=2, max_size=8), UNITS)
def test_empirical_quantiles_are_numpy_s(sample, unit):
    assert Empirical(tuple(sample)).ppf(np.array(unit)) == pytest.approx(np.quantile(sample, unit), abs=1e-6)


def test_unbounded_quantiles_are_finite_at_the_ends_of_the_unit_interval():
    for marginal in (Normal(0, 1), LogNormal(0, 1), TruncatedNormal(0, 1), ScipyDistribution(stats.t(3))):
        assert np.isfinite(marginal.ppf(np.array([0.0, 1.0]))).all()


def test_truncation_far_in_a_tail_keeps_its_digits():
    upper, lower = TruncatedNormal(0, 1, 9, 10), TruncatedNormal(0, 1, -10, -9)
    unit = np.array([0.01, 0.5, 0.99])
    assert upper.ppf(unit) == pytest.approx(-lower.ppf(1 - unit), rel=1e-12)
    assert upper.ppf(unit) == pytest.approx(stats.truncnorm(9, 10).ppf(unit), rel=1e-9)


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda: Triangular(2, 1, 3), "Triangular: low <= mode was expected, given 2 and 1"),
        (lambda: Triangular(0, 4, 3), "Triangular: mode <= high was expected, given 4 and 3"),
        (lambda: PERT(2, 1, 3), "PERT: low <= mode was expected"),
        (lambda: PERT(0, 1, 2, weight=-1), "PERT: weight >= 0 was expected, given -1"),
        (lambda: Uniform(2, 1), "Uniform: low <= high was expected, given 2 and 1"),
        (lambda: Uniform(0, math.inf), "Uniform: high: a finite number was expected, given inf"),
        (lambda: Triangular(math.nan, 1, 2), "Triangular: low: a number was expected, given nan"),
        (lambda: Triangular("0", 1, 2), "Triangular: low: a number was expected, given '0'"),
        (lambda: Fixed(None), "Fixed: value: a number was expected, given None"),
        (lambda: Fixed(True), "Fixed: value: a number was expected, given True"),
        (lambda: Normal(0, 0), "Normal: sd > 0 was expected, given 0"),
        (lambda: TruncatedNormal(0, -1, 0, 1), "TruncatedNormal: sd > 0 was expected, given -1"),
        (lambda: TruncatedNormal(0, 1, 1, 1), "TruncatedNormal: low < high was expected, given 1.0 and 1.0"),
        (lambda: TruncatedNormal(0, 1, math.nan, 1), "low: a number was expected, given nan"),
        (lambda: TruncatedNormal(0, 1, "0", 1), "low: a number was expected, given '0'"),
        (lambda: TruncatedNormal(0, 1, 1e3, 2e3), "holds none of the distribution's mass"),
        (lambda: LogNormal(0, -1), "LogNormal: sigma > 0 was expected, given -1"),
        (lambda: Beta(0, 1), "Beta: a > 0 and b > 0 were expected, given 0.0 and 1.0"),
        (lambda: Beta(1, 1, 2, 2), "Beta: low < high was expected"),
        (lambda: Discrete(()), r"values: one or more finite numbers were expected, given \(\)"),
        (lambda: Discrete(("a", "b")), "values: one or more finite numbers were expected"),
        (lambda: Discrete((1, 2), (0.5, 0.6)), "probabilities must be non-negative and add to 1"),
        (lambda: Discrete((1, 2), (1.5, -0.5)), "probabilities must be non-negative"),
        (lambda: Discrete((1, 2), (1,)), "as many probabilities as values were expected, given 1 and 2"),
        (lambda: Empirical((1,)), "at least two observations were expected, given 1"),
        (lambda: Empirical((1, math.nan)), "finite numbers were expected"),
        (lambda: ScipyDistribution(stats.norm), "a frozen scipy.stats distribution was expected"),
        (lambda: ScipyDistribution(3), "a frozen scipy.stats distribution was expected, given 3"),
        (lambda: ScipyDistribution(stats.gamma(-1)), "median is not finite"),
        (lambda: ScipyDistribution(stats.norm([0, 1])), "one number for each shape"),
    ],
)
def test_marginals_that_cannot_be(mistake, message):
    with pytest.raises(InvalidParameterError, match=message) as caught:
        mistake()
    assert isinstance(caught.value, BargainError)


def test_marginals_are_frozen():
    with pytest.raises(AttributeError):
        Uniform(0, 1).low = 2
