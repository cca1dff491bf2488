import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError, InvalidTermError, UnknownNameError
from bargain.payoffs.model import PayoffModel
from bargain.payoffs.quantities import Quantities
from bargain.payoffs.term import Payoff, Term, Value, When

NAMES = ("credit", "anger", "cost")
TERMS = st.builds(
    Term, st.integers(-5, 5).map(float), st.lists(st.sampled_from(NAMES), max_size=3, unique=True).map(tuple)
)
SUMS = st.dictionaries(
    st.sampled_from(("prize", "prior", "loss")),
    st.lists(TERMS, max_size=4).map(lambda terms: Payoff(tuple(terms))),
    min_size=1,
)


@given(SUMS, st.integers(0, 2**32))
def test_quantities_are_the_sums_of_their_terms(sums, seed):
    made = Quantities.of(sums, parameters=NAMES)
    values = np.random.default_rng(seed).normal(size=(len(NAMES), 3))
    at = dict(zip(NAMES, values, strict=True))
    for name, row in zip(made.names, made.evaluate(values), strict=True):
        plain = np.zeros(3)
        for term in sums[name].terms:
            amount = np.full(3, term.coefficient)
            for parameter in term.parameters:
                amount = amount * at[parameter]
            plain += amount
        np.testing.assert_allclose(row, plain, atol=1e-12)


@given(SUMS)
def test_formulas_are_those_of_a_payoff_table(sums):
    for name, payoff in sums.items():
        made = Quantities.of({name: payoff}, parameters=NAMES, symbols={"cost": r"\kappa"})
        table = PayoffModel.of(
            {"me": ("act",)}, {"me": payoff}, parameters=NAMES, symbols={"cost": r"\kappa"}
        )
        for latex in (False, True):
            assert made.symbolic(latex=latex)[name] == table.symbolic(latex=latex).iloc[0, 0]


def test_numbers_are_constants_and_parameters_are_found():
    made = Quantities.of({"a": 2, "b": Value("x") * Value("y")})
    assert made.parameters == ("x", "y")
    np.testing.assert_array_equal(made.evaluate({"x": 3, "y": [1, 2]}), [[2, 2], [3, 6]])


def test_quantities_depend_on_nobody():
    with pytest.raises(InvalidTermError, match="quantity 'a': term .* depends on what somebody does"):
        Quantities.of({"a": Value("x") * When(USA="press")})


def test_what_is_no_sum_of_terms_is_refused():
    with pytest.raises(InvalidTermError, match="quantity 'a': a sum of terms was expected, given 'x'"):
        Quantities.of({"a": "x"})
    with pytest.raises(UnknownNameError, match="did you mean 'cost'"):
        Quantities.of({"a": Value("costs")}, parameters=NAMES)
    with pytest.raises(InvalidArgumentError, match="different names"):
        Quantities.of({"a": 1}, parameters=("x", "x"))


def test_the_content_tells_different_quantities_apart():
    one, other = Quantities.of({"a": Value("x")}), Quantities.of({"a": 2 * Value("x")})
    assert one.content() != other.content()
    assert one.content() == Quantities.of({"a": Value("x")}).content()
