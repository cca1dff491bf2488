"""The Gaussian copula: the rank correlations asked for, distributions untouched, contradictions named."""

import itertools
import pickle
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import bargain as bg
from bargain.errors import InvalidParameterError, UnknownNameError
from bargain.sweep.kernel import Kernel
from bargain.uncertainty.dependence import GaussianCopula
from bargain.uncertainty.designs import BLOCK, points

MARGINALS = {
    "tri": bg.Triangular(0, 1, 5),
    "log": bg.LogNormal(0, 1.5),
    "beta": bg.Beta(0.5, 0.5),
    "norm": bg.Normal(-2, 3),
    "uni": bg.Uniform(0, 1),
}
ASKED = {
    ("tri", "log"): 0.6,
    ("log", "beta"): -0.5,
    ("norm", "beta"): 0.3,
    ("tri", "norm"): 0.05,
    ("uni", "tri"): -0.4,
}
DESIGNS = {"monte_carlo": bg.MonteCarlo(), "sobol": bg.Sobol(), "latin_hypercube": bg.LatinHypercube()}
CYCLE = {("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9}
"""If a rises with b and b with c, a cannot fall with c."""


def space(marginals, copula=None):
    return bg.Space([bg.Parameter(name, marginal) for name, marginal in marginals.items()], copula)


def sample(space, draws=50_000, design=DESIGNS["monte_carlo"], seed=5):
    return dict(zip(space.names, space.values(points(design, space, seed, 0, draws)), strict=True))


def rank_correlation(values, first, second):
    return stats.spearmanr(values[first], values[second]).statistic


# Of chance, four standard errors of Spearman's statistic in 50,000 independent draws.
@pytest.mark.parametrize(
    ("design", "error"),
    [("monte_carlo", 4 / np.sqrt(50_000)), ("latin_hypercube", 4 / np.sqrt(50_000)), ("sobol", 1e-3)],
)
def test_rank_correlations_are_those_asked_for(design, error):
    values = sample(space(MARGINALS, GaussianCopula(ASKED)), design=DESIGNS[design])
    for pair in itertools.combinations(MARGINALS, 2):
        asked = ASKED.get(pair, ASKED.get(pair[::-1], 0.0))
        assert rank_correlation(values, *pair) == pytest.approx(asked, abs=error)


@pytest.mark.parametrize("asked", [-0.999, -0.9, 0.9, 0.999, 0.999_999])
def test_strong_correlations(asked):
    values = sample(space({"a": bg.Uniform(0, 1), "b": bg.Normal(0, 1)}, GaussianCopula({("a", "b"): asked})))
    error = 4 * (1 - asked**2) / np.sqrt(50_000) * 1.1 + 1e-6
    assert rank_correlation(values, "a", "b") == pytest.approx(asked, abs=error)


def test_ties_bring_the_correlation_closer_to_zero():
    dice = bg.Discrete((1, 2, 3, 4, 5, 6))
    coin = bg.Discrete((0, 1))
    copula = GaussianCopula({("dice", "coin"): 0.6})
    reached = rank_correlation(sample(space({"dice": dice, "coin": coin}, copula)), "dice", "coin")
    assert 0.6 * 0.75 < reached < 0.6
    assert rank_correlation(
        sample(space({"dice": dice, "coin": bg.Uniform(0, 1)}, copula)), "dice", "coin"
    ) == pytest.approx(0.6, abs=0.03)


@pytest.mark.parametrize("name", MARGINALS)
def test_distributions_stay_what_they_were(name):
    """A Kolmogorov-Smirnov test against quantiles of the distribution itself, by independent means."""
    values = sample(space(MARGINALS, GaussianCopula(ASKED)))[name]
    scipy_twin = {
        "tri": stats.triang(0.2, 0, 5),
        "log": stats.lognorm(1.5),
        "beta": stats.beta(0.5, 0.5),
        "norm": stats.norm(-2, 3),
        "uni": stats.uniform(),
    }[name]
    assert stats.kstest(values, scipy_twin.cdf).pvalue > 0.01


def test_designs_estimate_the_same():
    """The mean of a product, which dependence moves from 1/4 to 1/4 + 1/12 times the rank correlation."""
    dependent = space({"a": bg.Uniform(0, 1), "b": bg.Uniform(0, 1)}, GaussianCopula({("a", "b"): 0.6}))
    for name, tolerance in {"monte_carlo": 4e-3, "latin_hypercube": 2e-3, "sobol": 1e-4}.items():
        values = sample(dependent, draws=BLOCK, design=DESIGNS[name])
        assert (values["a"] * values["b"]).mean() == pytest.approx(0.25 + 0.6 / 12, abs=tolerance)


def test_a_slow_twin_draws_the_same_numbers():
    """Multivariate normal numbers by the matrix product, one draw at a time."""
    dependent = space(MARGINALS, GaussianCopula(ASKED))
    unit = np.random.default_rng(1).random((5, 200))
    matrix = np.eye(5)
    for (first, second), rho in ASKED.items():
        i, j = dependent.names.index(first), dependent.names.index(second)
        matrix[i, j] = matrix[j, i] = 2 * np.sin(np.pi * rho / 6)
    root = np.linalg.cholesky(matrix)
    for draw in range(200):
        probabilities = stats.norm.cdf(root @ stats.norm.ppf(unit[:, draw]))
        expected = [m.ppf(np.array([p]))[0] for m, p in zip(MARGINALS.values(), probabilities, strict=True)]
        assert dependent.values(unit[:, draw : draw + 1])[:, 0] == pytest.approx(expected, rel=1e-9)


def test_parameters_that_depend_on_none_before_them_keep_their_draws():
    """Common random numbers: dependence moves as few parameters as can be, bit for bit."""
    marginals = {name: bg.Uniform(0, 1) for name in "abcde"}
    unit = np.random.default_rng(2).random((5, 1000))
    free = space(marginals).values(unit)
    bound = space(marginals, GaussianCopula({("d", "b"): 0.5, ("e", "c"): 0.4})).values(unit)
    assert (bound[:3] == free[:3]).all()
    assert (bound[3:] != free[3:]).all()
    zero = space(marginals, GaussianCopula({("a", "b"): 0.0})).values(unit)
    assert (zero == free).all()


@pytest.mark.parametrize("copula", [{("a", "b"): 0.8}, {("b", "a"): 0.8}], ids=str)
def test_the_order_of_declaration_decides_who_keeps_its_draws(copula):
    unit = np.random.default_rng(2).random((2, 100))
    marginals = {"b": bg.Uniform(0, 1), "a": bg.Uniform(0, 1)}
    values = space(marginals, GaussianCopula(copula)).values(unit)
    assert (values[0] == unit[0]).all()
    assert (values[1] != unit[1]).all()


def test_holding_a_parameter_leaves_the_draws_of_the_others():
    """An intervention, not an observation."""
    unit = np.random.default_rng(3).random((5, 1000))
    dependent = space(MARGINALS, GaussianCopula(ASKED))
    held = dependent.replace({"tri": 2.5, "log": bg.Uniform(0, 1)})
    assert held.dependence == dependent.dependence
    assert (held.values(unit)[0] == 2.5).all()
    assert (held.values(unit)[2:] == dependent.values(unit)[2:]).all()
    # Another distribution takes its quantiles at the same ranks.
    assert (held.values(unit)[1].argsort() == dependent.values(unit)[1].argsort()).all()


def test_a_draw_does_not_depend_on_the_draws_beside_it():
    unit = np.random.default_rng(4).random((5, 999))
    dependent = space(MARGINALS, GaussianCopula(ASKED))
    whole = dependent.values(unit)
    for width in (1, 7, 500):
        assert (dependent.values(unit[:, 17 : 17 + width]) == whole[:, 17 : 17 + width]).all()


def test_the_ends_of_the_unit_interval_stay_finite():
    ends = np.array(list(itertools.product([0.0, 0.5, 1.0], repeat=3))).T
    for asked in (0.999_999, 0.3, -0.999_999):
        copula = GaussianCopula({("a", "b"): asked, ("c", "b"): 0.0})
        unbounded = space({"a": bg.Normal(0, 1), "b": bg.LogNormal(0, 1), "c": bg.Normal(0, 1)}, copula)
        assert np.isfinite(unbounded.values(ends)).all()
        ranks = space({name: bg.Uniform(0, 1) for name in "abc"}, copula).values(ends)
        assert ((ranks[1] > 0) & (ranks[1] < 1)).all()


def test_a_space_and_its_copula_survive_pickling():
    dependent = space(MARGINALS, GaussianCopula(ASKED))
    unit = np.random.default_rng(4).random((5, 10))
    before = dependent.values(unit)
    again = pickle.loads(pickle.dumps(dependent))  # noqa: S301
    assert again == dependent
    assert hash(again) == hash(dependent)
    assert (again.values(unit) == before).all()


def test_the_order_within_pairs_and_of_pairs_does_not_matter():
    one = GaussianCopula({("a", "b"): 0.5, ("b", "c"): 0.2})
    other = GaussianCopula({("c", "b"): 0.2, ("b", "a"): 0.5})
    assert one == other
    assert one.content() == other.content()
    assert one.content() != GaussianCopula({("a", "b"): 0.5, ("b", "c"): 0.3}).content()


def test_matrix_of_normal_correlations():
    matrix = GaussianCopula({("c", "a"): 0.5}).matrix(("a", "b", "c"))
    r = 0.5176380902050415  # 2 sin(pi / 12)
    assert matrix == pytest.approx(np.array([[1, 0, r], [0, 1, 0], [r, 0, 1]]), abs=1e-15)


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ({}, "one or more pairs"),
        ([("a", "b", 0.5)], "one or more pairs"),
        ({"ab": 0.5}, "a pair of parameters such as .* was expected, given 'ab'"),
        ({("a", 1): 0.5}, "a pair of parameters such as"),
        ({("a", "b", "c"): 0.5}, "two different parameters was expected, given .'a', 'b', 'c'"),
        ({("a", "a"): 0.5}, "two different parameters was expected, given .'a', 'a'"),
        ({("a", "b"): 1}, "'a' and 'b': a rank correlation above -1 and below 1 was expected, given 1"),
        ({("b", "a"): -1.0}, "'a' and 'b': .* given -1.0"),
        ({("a", "b"): 2}, "given 2"),
        ({("a", "b"): float("nan")}, "given nan"),
        ({("a", "b"): "0.5"}, "given '0.5'"),
        ({("a", "b"): True}, "given True"),
        ({("a", "b"): 0.5, ("b", "a"): 0.5}, "'a' and 'b': this pair is given more than once"),
    ],
)
def test_what_is_no_correlation(pairs, message):
    with pytest.raises(InvalidParameterError, match=message):
        GaussianCopula(pairs)


def refusal(pairs):
    """Return the pair that is named and its range."""
    with pytest.raises(InvalidParameterError, match="rank correlations contradict each other") as caught:
        GaussianCopula(pairs)
    found = re.search(r"'(\w+)' and '(\w+)' can have one from (\S+) to (\S+), given", str(caught.value))
    return (found[1], found[2]), float(found[3]), float(found[4]), str(caught.value)


def test_the_pair_that_needs_the_least_change_is_named():
    given = {("a", "b"): 0.9, ("b", "c"): 0.8, ("a", "c"): 0.4}
    pair, low, high, message = refusal(given)
    assert pair == ("a", "b")
    assert low < 0.85 < high < 0.9
    assert "beside the others, 'a' and 'b' can have one from -0.182 to 0.856, given 0.9" in message
    assert "count as zero" not in message
    GaussianCopula(given | {pair: high})
    # As little would not do for any other.
    for other, way in {("b", "c"): -1, ("a", "c"): 1}.items():
        refusal(given | {other: given[other] + way * (0.9 - high)})


@pytest.mark.parametrize("last", CYCLE)
def test_of_equal_changes_the_last_pair_is_named(last):
    pairs = {pair: CYCLE[pair] for pair in (*(pair for pair in CYCLE if pair != last), last)}
    assert refusal(pairs)[0] == last


def test_a_pair_that_was_forgotten_counts_as_zero():
    _, _, _, message = refusal({("a", "b"): 0.8, ("b", "c"): 0.8})
    assert message.endswith("pairs that are not given count as zero")


def test_two_contradictions_are_told_one_after_the_other():
    twice = CYCLE | {(f"{a}2", f"{b}2"): rho for (a, b), rho in CYCLE.items()}
    pair, low, _, message = refusal(twice)
    assert pair == ("a", "c")
    assert "beside the others of 'a', 'b', 'c', " in message
    twice[pair] = low
    pair, low, _, message = refusal(twice)
    assert pair == ("a2", "c2")
    assert "beside the others, " in message
    twice[pair] = low
    GaussianCopula(twice)


def test_nearly_singular_matrices():
    near = {("a", "b"): 0.999_999, ("b", "c"): 0.999_999, ("a", "c"): 0.999_999}
    values = sample(space({name: bg.Normal(0, 1) for name in "abc"}, GaussianCopula(near)), draws=5000)
    assert np.isfinite(list(values.values())).all()
    assert max(abs(values["a"] - values["c"])) < 0.02
    pair, low, high, _ = refusal({**near, ("a", "c"): 0.999})
    assert pair == ("b", "c")
    assert 0.99 < low < high < 0.999_999
    # So close to one that a factor of the matrix would be rounding.
    assert refusal({("a", "b"): 1 - 1e-13})[0] == ("a", "b")


@given(
    st.lists(st.floats(-0.99, 0.99), min_size=10, max_size=10),
    st.sets(st.integers(0, 9), min_size=1),
    st.permutations(range(10)),
)
def test_every_refusal_offers_a_way_out(correlations, kept, order):
    """Following the advice, pair by pair, ends at a valid copula; and none is refused that could be had."""
    every = list(itertools.combinations("vwxyz", 2))
    pairs = {every[k]: correlations[k] for k in order if k in kept}
    for _ in range(10 * len(pairs)):
        matrix = np.eye(5)
        for (first, second), rho in pairs.items():
            i, j = "vwxyz".index(first), "vwxyz".index(second)
            matrix[i, j] = matrix[j, i] = 2 * np.sin(np.pi * rho / 6)
        if np.linalg.eigvalsh(matrix)[0] > 1e-9:
            GaussianCopula(pairs)
            return
        pair, low, high, _ = refusal(pairs)
        assert not low <= pairs[pair] <= high
        pairs[pair] = (low + high) / 2
    pytest.fail(f"the advice leads nowhere: {pairs}")


def test_names_must_be_known_and_the_kind_right():
    with pytest.raises(UnknownNameError, match="dependence: unknown parameter 'lgo'; did you mean 'log'"):
        space(MARGINALS, GaussianCopula({("tri", "lgo"): 0.5}))
    with pytest.raises(InvalidParameterError, match="a GaussianCopula was expected"):
        space(MARGINALS, {("tri", "log"): 0.5})


def pact(copula):
    """A player who ends a pact when two costs together exceed a gain."""
    model = bg.PayoffModel.of(
        {"ROK": ("renew", "end")},
        {
            "ROK": bg.When(ROK="end") * bg.Value("gain")
            - bg.When(ROK="end") * bg.Value("cost")
            - bg.When(ROK="end") * bg.Value("blame")
        },
    )
    marginals = {"gain": bg.Normal(0, 2), "cost": bg.Normal(0, 1), "blame": bg.Normal(-1, 1)}
    return model, space({name: marginals[name] for name in model.parameters}, copula)


BLAME = GaussianCopula({("cost", "blame"): 0.7})


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
def test_a_sweep_finds_the_share_that_theory_has(design):
    r = 2 * np.sin(np.pi * 0.7 / 6)
    for copula, variance in ((None, 6), (BLAME, 6 + 2 * r)):
        shares = bg.run(bg.Task(*pact(copula), draws=2**17, seed=1, design=design), workers=1).shares()
        assert shares.loc[("end",), "share"] == pytest.approx(stats.norm.cdf(1 / np.sqrt(variance)), abs=5e-3)


@pytest.mark.parametrize("design", DESIGNS)
def test_any_number_of_workers_gives_the_same_numbers(design):
    task = bg.Task(*pact(BLAME), draws=2 * BLOCK + 777, seed=3, design=design)
    one, three = (bg.run(task, workers=workers).shares() for workers in (1, 3))
    assert one.equals(three)


def test_the_draws_of_a_sweep_are_found_again_at_their_address():
    task = bg.Task(*pact(BLAME), draws=3000, seed=3)
    sweep = bg.run(task, workers=1)
    unit = points(task.design, task.space, 3, 0, 3000)
    for number in (0, 1234, 2999):
        values = task.space.values(unit[:, number : number + 1])
        assert sweep.draw(number).parameters == dict(zip(task.space.names, values[:, 0], strict=True))
        assert Kernel(task).solution(number)[0].tolist() == values.tolist()


def test_keys_tell_dependence_apart():
    tasks = [bg.Task(*pact(c)) for c in (None, BLAME, GaussianCopula({("cost", "blame"): 0.6}))]
    assert len({task.key for task in tasks}) == 3
    again = bg.Task(*pact(GaussianCopula({("blame", "cost"): 0.7})))
    assert again.key == tasks[1].key
