import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError, InvalidGameError, InvalidTermError, UnknownNameError
from bargain.payoffs.model import PayoffModel
from bargain.payoffs.term import Payoff, Term, Value, When
from reference.payoffs import payoff_table

ACTIONS = {
    "ROK": ("renew", "suspend", "terminate"),
    "JPN": ("maintain", "relax"),
    "USA": ("abstain", "press"),
}
PARAMETERS = ("credit", "anger", "cost", "trust")
CONDITIONS = st.fixed_dictionaries(
    {},
    optional={
        player: st.lists(st.sampled_from(actions), min_size=1, unique=True).map(tuple)
        for player, actions in ACTIONS.items()
    },
)
TERMS = st.builds(
    Term,
    st.integers(-5, 5).map(float),
    st.lists(st.sampled_from(PARAMETERS), max_size=3, unique=True).map(tuple),
    CONDITIONS.map(lambda when: tuple(sorted(when.items()))),
)
PAYOFFS = st.fixed_dictionaries(
    {player: st.lists(TERMS, max_size=5).map(tuple).map(Payoff) for player in ACTIONS}
)
VALUES = st.fixed_dictionaries({name: st.integers(-9, 9) for name in PARAMETERS})


@pytest.fixture
def model():
    return PayoffModel.of(
        {"ROK": ("renew", "terminate"), "USA": ("abstain", "press")},
        {
            "ROK": When(ROK="terminate") * (Value("credit") - Value("anger") * When(USA="press")),
            "USA": -2 * When(ROK="terminate") - 0.5 * Value("cost") * When(USA="press"),
        },
        symbols={"credit": r"\kappa", "cost": "k_U"},
    )


@given(PAYOFFS, st.lists(VALUES, min_size=1, max_size=3))
def test_evaluate_is_the_slow_twin_s(payoffs, draws):
    """Integers: both are exact."""
    fast = PayoffModel.of(ACTIONS, payoffs, parameters=PARAMETERS).evaluate(
        {name: [values[name] for values in draws] for name in PARAMETERS}
    )
    assert fast.shape == (3, 3, 2, 2, len(draws))
    for draw, values in enumerate(draws):
        slow = payoff_table(ACTIONS, payoffs, values)
        for number, outcome in enumerate(itertools.product(*ACTIONS.values())):
            for player, name in enumerate(ACTIONS):
                assert fast[player].reshape(-1, len(draws))[number, draw] == slow[name, outcome]


@given(
    PAYOFFS, VALUES, st.fixed_dictionaries({}, optional={p: st.sampled_from(a) for p, a in ACTIONS.items()})
)
def test_hold_is_a_slice_of_the_payoffs(payoffs, values, fix):
    model = PayoffModel.of(ACTIONS, payoffs, parameters=PARAMETERS)
    held, sliced = model.hold(fix), model.game(values).hold(fix)
    assert held.parameters == model.parameters
    assert held.labels == sliced.labels
    assert (held.evaluate(values) == sliced.payoffs).all()


@given(PAYOFFS, VALUES, st.sampled_from(PARAMETERS), st.integers(-9, 9), st.integers(-9, 9))
def test_payoffs_are_affine_in_each_single_parameter(payoffs, values, name, low, high):
    """The payoff at an affine combination of two values is that combination of the payoffs."""
    model = PayoffModel.of(ACTIONS, payoffs, parameters=PARAMETERS)
    at = {x: model.evaluate(values | {name: x}) for x in (low, high, 3 * low - 2 * high)}
    assert (at[3 * low - 2 * high] == 3 * at[low] - 2 * at[high]).all()


@given(PAYOFFS, VALUES)
def test_values_are_given_by_name_or_as_a_table(payoffs, values):
    model = PayoffModel.of(ACTIONS, payoffs, parameters=PARAMETERS)
    table = np.array([[values[name]] for name in PARAMETERS], dtype=float)
    assert (model.evaluate(table) == model.evaluate(dict(reversed(values.items())))).all()


@given(PAYOFFS)
def test_canonical_form_names_every_monomial_once(payoffs):
    model = PayoffModel.of(ACTIONS, payoffs, parameters=PARAMETERS)
    assert len(set(model.monomials)) == len(model.monomials)
    assert all(list(monomial) == sorted(set(monomial)) for monomial in model.monomials)
    assert model.coefficients.shape == (3, 12, len(model.monomials))


@given(PAYOFFS, VALUES)
def test_payoffs_relative_to_the_first_action_keep_every_gain(payoffs, values):
    model = PayoffModel.of(ACTIONS, payoffs, parameters=PARAMETERS)
    absolute, relative = model.evaluate(values), model.relative().evaluate(values)
    for player in range(3):
        first = absolute[player].take([0], axis=player)
        assert (relative[player] == absolute[player] - first).all()


def test_what_does_not_depend_on_the_own_action_leaves_no_monomial():
    others = 0.1 * Value("a") * When(USA="press") + 0.2 * Value("a") * When(USA="press")
    model = PayoffModel.of(ACTIONS, {"ROK": others * 1.1 + Value("b") * When(ROK="renew"), "JPN": Value("c")})
    assert model.relative().monomials == ((1,),)
    rounding = PayoffModel.of(
        ACTIONS,
        {
            "ROK": sum(
                (0.1 * Value("a") * When(ROK="renew") for _ in range(3)),
                0.3 * Value("a") * When(ROK="suspend"),
            )
        },
    )
    assert (rounding.relative().coefficients[0, 4:8] == 0).all()


def test_small_payoffs_stay_beside_large_ones():
    """Another player's units, and another parameter's, are no measure of what is negligible."""
    model = PayoffModel.of(
        ACTIONS,
        {
            "ROK": Value("a") * When(ROK="renew") - 1e16 * Value("b") * When(ROK="suspend"),
            "USA": 1e16 * When(USA="press"),
        },
    )
    assert model.relative().evaluate({"a": 1.0, "b": 0.0})[0, :, 0, 0, 0].tolist() == [0.0, -1.0, -1.0]


def test_terms_of_the_same_monomial_are_one_column():
    model = PayoffModel.of(
        ACTIONS,
        {"ROK": Value("a") * Value("b"), "JPN": 3 * Value("b") * Value("a") - Value("a") * Value("b")},
    )
    assert model.parameters == ("a", "b")
    assert model.monomials == ((0, 1),)
    assert model.coefficients[:, 0, 0].tolist() == [1.0, 2.0, 0.0]


def test_a_player_without_payoff_is_indifferent_and_a_number_is_a_constant():
    model = PayoffModel.of(ACTIONS, {"USA": 3})
    payoffs = model.evaluate({})
    assert payoffs.shape == (3, 3, 2, 2, 1)
    assert (payoffs[:2] == 0).all()
    assert (payoffs[2] == 3).all()


def test_scalars_and_arrays_of_values_mix(model):
    payoffs = model.evaluate({"credit": [1, 2, 3], "anger": 4, "cost": np.float64(2)})
    assert payoffs.shape == (2, 2, 2, 3)
    assert payoffs[0, 1, 1].tolist() == [-3, -2, -1]
    assert payoffs[1, 1, 1].tolist() == [-3, -3, -3]


def test_coefficients_are_read_only(model):
    with pytest.raises(ValueError, match="read-only"):
        model.coefficients[0] = 1


def test_the_symbolic_table(model):
    plain = model.symbolic()
    assert plain.loc[("renew", "abstain")].tolist() == ["0", "0"]
    assert plain.loc[("terminate", "press")].tolist() == ["kappa - anger", "-2 - 0.5 k_U"]
    assert model.symbolic(latex=True).loc[("terminate", "press"), "ROK"] == r"\kappa - \mathit{anger}"


def test_the_latex_table(model):
    lines = model.to_latex().splitlines()
    assert lines[0] == r"\begin{tabular}{llll}"
    assert lines[2] == r"ROK & USA & $u_{\mathrm{ROK}}$ & $u_{\mathrm{USA}}$ \\"
    assert r"terminate & press & $\kappa - \mathit{anger}$ & $-2 - 0.5 k_U$ \\" in lines
    assert lines[-1] == r"\end{tabular}"


def test_names_are_escaped_for_latex():
    model = PayoffModel.of({"R_K": ("go & stay",)}, {"R_K": Value("war_cost")})
    assert r"R\_K" in model.to_latex()
    assert r"go \& stay" in model.to_latex()
    assert r"\mathit{war\_cost}" in model.to_latex()


def test_content_tells_models_apart(model):
    assert model.content() == model.hold({}).content()
    assert model.content() != model.hold({"USA": "press"}).content()


@pytest.mark.parametrize(
    ("payoffs", "error", "message"),
    [
        ({"UKR": Value("a")}, UnknownNameError, "payoffs: unknown player 'UKR'"),
        (
            {"ROK": When(JAP="relax")},
            UnknownNameError,
            r"term \[JAP: relax\]: unknown player 'JAP'; did you mean 'JPN'",
        ),
        (
            {"ROK": When(JPN="relaxed")},
            UnknownNameError,
            "unknown action of 'JPN' 'relaxed'; did you mean 'relax'",
        ),
        (
            {"ROK": Value("credits")},
            UnknownNameError,
            "term credits: unknown parameter 'credits'; did you mean 'credit'",
        ),
        (
            {"ROK": Value("credits").because("x", name="T7")},
            UnknownNameError,
            "term T7: unknown parameter 'credits'",
        ),
        ({"ROK": "credit"}, InvalidTermError, "payoff of 'ROK': a sum of terms was expected, given 'credit'"),
        ({"ROK": float("nan")}, InvalidTermError, "not finite"),
    ],
)
def test_payoffs_that_name_what_does_not_exist(payoffs, error, message):
    with pytest.raises(error, match=message):
        PayoffModel.of(ACTIONS, payoffs, parameters=["credit", "anger"])


@pytest.mark.parametrize(
    ("values", "error", "message"),
    [
        (
            {"credit": 1, "anger": 2, "costs": 3},
            UnknownNameError,
            "values: unknown parameter 'costs'; did you mean 'cost'",
        ),
        ({"credit": 1}, InvalidArgumentError, "values: no value for anger, cost"),
        (
            {"credit": "one", "anger": 2, "cost": 3},
            InvalidArgumentError,
            "credit: a number .* expected, given 'one'",
        ),
        ({"credit": [1, 2], "anger": [1, 2, 3], "cost": 3}, InvalidArgumentError, r"'anger': \(3,\)"),
        ({"credit": [[1]], "anger": 2, "cost": 3}, InvalidArgumentError, r"shape \(3, draws\) was expected"),
        (np.zeros((2, 5)), InvalidArgumentError, r"shape \(3, draws\) was expected, given \(2, 5\)"),
        (np.zeros(3), InvalidArgumentError, r"given \(3,\)"),
    ],
)
def test_values_that_do_not_fit(model, values, error, message):
    with pytest.raises(error, match=message):
        model.evaluate(values)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_not_finite_give_no_game(model, bad):
    with pytest.raises(InvalidGameError, match="must be finite"), np.errstate(invalid="ignore"):
        model.game({"credit": bad, "anger": 1, "cost": 1})


def test_parameters_are_named_once():
    with pytest.raises(InvalidArgumentError, match="'a' appears more than once"):
        PayoffModel.of(ACTIONS, {"ROK": Value("a")}, parameters=["a", "b", "a"])
