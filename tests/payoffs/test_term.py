import math
import operator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import InvalidTermError
from bargain.payoffs.term import Payoff, Term, Value, When
from reference.payoffs import payoff

ACTIONS = {"ROK": ("renew", "suspend", "terminate"), "USA": ("abstain", "press")}
OUTCOMES = st.fixed_dictionaries({player: st.sampled_from(actions) for player, actions in ACTIONS.items()})
VALUES = st.fixed_dictionaries({name: st.integers(-9, 9) for name in "abcdef"})


def conditions(players):
    chosen = {
        player: st.lists(st.sampled_from(ACTIONS[player]), min_size=1, unique=True) for player in players
    }
    return st.fixed_dictionaries({}, optional=chosen).map(When)


def sums(names):
    """Sums of terms whose parameters come from these names; integers, so that arithmetic is exact."""
    one = st.tuples(
        st.integers(-5, 5), st.lists(st.sampled_from(names), max_size=2, unique=True), conditions(ACTIONS)
    )
    return st.lists(one, max_size=4).map(
        lambda parts: sum(
            (c * math.prod(map(Value, p), start=Payoff((Term(1.0),))) * w for c, p, w in parts), Payoff()
        )
    )


@given(sums("abc"), sums("abc"), OUTCOMES, VALUES)
def test_sums_and_differences_evaluate_to_sums_and_differences(first, second, outcome, values):
    for operation in (operator.add, operator.sub):
        expected = operation(payoff(first.terms, outcome, values), payoff(second.terms, outcome, values))
        assert payoff(operation(first, second).terms, outcome, values) == expected


@given(sums("abc"), sums("def"), OUTCOMES, VALUES)
def test_products_evaluate_to_products(first, second, outcome, values):
    expected = payoff(first.terms, outcome, values) * payoff(second.terms, outcome, values)
    assert payoff((first * second).terms, outcome, values) == expected
    assert payoff((second * first).terms, outcome, values) == expected


@given(sums("ab"), sums("cd"), sums("cd"), OUTCOMES, VALUES)
def test_products_distribute_over_sums(first, second, third, outcome, values):
    together, apart = first * (second + third), first * second + first * third
    assert payoff(together.terms, outcome, values) == payoff(apart.terms, outcome, values)


@given(sums("abc"), st.integers(-9, 9), OUTCOMES, VALUES)
def test_numbers_are_constant_payoffs(given_payoff, number, outcome, values):
    value = payoff(given_payoff.terms, outcome, values)
    for result, expected in (
        (given_payoff + number, value + number),
        (number + given_payoff, value + number),
        (given_payoff - number, value - number),
        (number - given_payoff, number - value),
        (given_payoff * number, value * number),
        (number * given_payoff, value * number),
        (-given_payoff, -value),
        (given_payoff / 4, value / 4),
    ):
        assert payoff(result.terms, outcome, values) == expected


@given(conditions(ACTIONS), conditions(ACTIONS), OUTCOMES)
def test_conditions_multiply_to_both_and_subtract_to_not(first, second, outcome):
    a, b = (payoff(when.terms, outcome, {}) for when in (first, second))
    assert {a, b} <= {0, 1}
    assert payoff((first * second).terms, outcome, {}) == (1 if a == b == 1 else 0)
    assert payoff((1 - first).terms, outcome, {}) == 1 - a


def test_a_value_times_its_own_condition_is_data():
    (term,) = (2 * Value("credit") * When(ROK=("renew", "suspend"))).terms
    assert term == Term(2.0, ("credit",), (("ROK", ("renew", "suspend")),))


def test_conditions_that_exclude_each_other_leave_nothing():
    assert (When(ROK="renew") * When(ROK="terminate")).terms == ()
    assert str(When(ROK="renew") * When(ROK="terminate")) == "0"


def test_when_takes_players_that_are_no_identifiers():
    assert When({"South Korea": "renew"}, USA="press").terms[0].when == (
        ("South Korea", ("renew",)),
        ("USA", ("press",)),
    )
    assert When().terms == (Term(1.0),)


def test_numpy_numbers_are_numbers():
    expected = payoff((Value("a") * 2).terms, {}, {"a": 3})
    for two in (np.float64(2), np.int64(2)):
        for product in (Value("a") * two, two * Value("a")):
            assert isinstance(product, Payoff)
            assert payoff(product.terms, {}, {"a": 3}) == expected == Fraction(6)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (Value("cost"), "cost"),
        (-Value("cost"), "-cost"),
        (1 - When(USA="press"), "1 - [USA: press]"),
        (2 * Value("gain") - 0.5 * Value("cost"), "2 gain - 0.5 cost"),
        (
            Value("gain") * When(ROK=("renew", "suspend"), USA="press"),
            "gain [ROK: renew/suspend, USA: press]",
        ),
        (Payoff((Term(3.0),)) - 1, "3 - 1"),
        (Payoff(), "0"),
    ],
)
def test_payoffs_read_as_formulas(written, printed):
    assert str(written) == printed


def test_because_gives_every_term_its_reason():
    terms = (Value("a") - When(USA="press")).because("it hurts", "E1", "E2", name="hurt").terms
    assert [(term.why, term.sources, term.name) for term in terms] == [("it hurts", ("E1", "E2"), "hurt")] * 2


def test_products_keep_both_reasons():
    first, second = (
        Value("a").because("one", "E1", "E2", name="x"),
        Value("b").because("two", "E2", "E3", name="y"),
    )
    (term,) = (first * second).terms
    assert (term.name, term.why, term.sources) == ("x y", "one; two", ("E1", "E2", "E3"))


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (
            lambda: Value("cost") * Value("gain") * Value("cost"),
            "'cost' is named twice.*affine in each parameter",
        ),
        (lambda: Term(1.0, ("a", "b", "a"), name="T1"), "term T1: parameter 'a' is named twice"),
        (lambda: Term(math.nan, ("a",)), r"term \('a',\): coefficient nan is not finite"),
        (lambda: Value("a") * math.inf, "coefficient inf is not finite"),
        (lambda: Value(""), "name of a parameter was expected, given ''"),
        (lambda: Value(3), "name of a parameter was expected, given 3"),
        (lambda: When(ROK=""), "When: ROK: the name of an action was expected, given ''"),
        (lambda: When(ROK=()), r"given \(\)"),
        (lambda: When(ROK=("renew", 1)), "given .*'renew', 1"),
        (lambda: Value("a") / Value("b"), "a cannot be divided by b"),
        (lambda: 1 / Value("b"), "1 cannot be divided by b"),
        (lambda: Value("a") / 0, "divided by 0"),
    ],
)
def test_terms_that_cannot_be(mistake, message):
    with pytest.raises(InvalidTermError, match=message):
        mistake()


@pytest.mark.parametrize("other", ["cost", None, True, [1]])
def test_what_is_no_payoff_does_not_mix_with_payoffs(other):
    for operation in (operator.add, operator.sub, operator.mul):
        with pytest.raises(TypeError):
            operation(Value("a"), other)


def test_payoffs_are_values():
    assert Value("a") == Value("a")
    assert Value("a") + 1 == Value("a") + 1.0
    assert hash(Value("a") * When(USA="press")) == hash(Value("a") * When(USA="press"))
