"""Conditions say in symbols what solving says in numbers, and give back the closed forms of the base game."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.payoffs.model import PayoffModel
from bargain.sensitivity.conditions import conditions
from reference.random_models import RandomModel


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


def one(model, outcome, player, instead):
    [found] = [c for c in conditions(model, outcome) if (c.player, c.instead) == (player, instead)]
    return found


R, S, T, M, X, A, P = "renew", "suspend", "terminate", "maintain", "relax", "abstain", "press"


@pytest.mark.parametrize(
    ("outcome", "player", "instead", "expected"),
    [
        ((T, M, A), "ROK", S, "0.8 a_K + 0.6 b_K >= f (g_K (1 - o) + i_K + L q) + p pi"),
        (
            (S, X, P),
            "ROK",
            T,
            "f (g_K (1 - o) + i_K + L q) + 0.85 p + 0.3 rho tau >= 0.8 a_K (1 - rho)",
        ),
        ((R, M, A), "ROK", S, "x_K >= 0.2 a_K + 0.4 b_K + L q"),
        ((R, X, A), "ROK", S, "x_K + 0.7 rho tau >= (1 - rho) (0.2 a_K + b_K) + L q"),
        ((R, X, A), "JPN", M, "rho (tau + c_J - m_J w) >= 0"),
        ((S, X, P), "JPN", M, "0.25 p + rho (0.3 tau + c_J - m_J w) >= 0"),
        ((S, X, P), "USA", A, "0.25 G_U >= k_U"),
        ((T, M, P), "USA", A, "0.25 G_U >= k_U"),
        ((R, X, A), "USA", P, "k_U >= 0"),
    ],
)
def test_closed_forms_of_the_base_game(scenario, outcome, player, instead, expected):
    assert one(scenario.model, outcome, player, instead).text == expected


def closed_forms(v):
    """The same conditions as they were worked out by hand: left side less right side."""
    kept = v["g_K"] * (1 - v["o"]) + v["i_K"] + v["L"] * v["q"]
    cover = (1 - v["rho"]) * (v["b_K"] + 0.2 * v["a_K"])
    return {
        ((T, M, A), "ROK", S): 0.8 * v["a_K"] + 0.6 * v["b_K"] - v["p"] * v["pi"] - v["f"] * kept,
        ((S, X, P), "ROK", T): 0.85 * v["p"]
        + v["f"] * kept
        + 0.3 * v["tau"] * v["rho"]
        - 0.8 * v["a_K"] * (1 - v["rho"]),
        ((R, M, A), "ROK", S): v["x_K"] - 0.4 * v["b_K"] - 0.2 * v["a_K"] - v["L"] * v["q"],
        ((R, X, A), "ROK", S): 0.7 * v["tau"] * v["rho"] + v["x_K"] - cover - v["L"] * v["q"],
        ((R, X, A), "JPN", M): v["rho"] * (v["tau"] + v["c_J"] - v["m_J"] * v["w"]),
        ((S, X, P), "JPN", M): v["rho"] * (v["c_J"] + 0.3 * v["tau"] - v["m_J"] * v["w"]) + 0.25 * v["p"],
        ((S, M, P), "USA", A): 0.25 * v["G_U"] - v["k_U"],
        ((R, X, A), "USA", P): v["k_U"],
    }


def test_margins_are_those_of_the_closed_forms(scenario):
    rng = np.random.default_rng(54)
    draws = scenario.wide_space().values(rng.random((len(scenario.space), 20_000)))
    symbols = [scenario.space[name].symbol.replace("\\", "") for name in scenario.space.names]
    for (outcome, player, instead), expected in closed_forms(dict(zip(symbols, draws, strict=True))).items():
        margin = one(scenario.model, outcome, player, instead).margin(draws)
        np.testing.assert_allclose(margin, expected, atol=1e-12)


def value(text, numbers):
    """Evaluate an inequality as it is written: left side less right side."""
    left, right = (re.findall(r"[\w.]+(?:e[+-]\d+)?|[-+()]", side) for side in text.split(" >= "))

    def number(tokens):
        written = [f"numbers[{token!r}]" if token in numbers else token for token in tokens]
        for place in range(len(written) - 1, 0, -1):
            if written[place] not in "+-)" and written[place - 1] not in "+-(":
                written.insert(place, "*")
        return eval("".join(written), {"numbers": numbers})  # noqa: S307 - what the library wrote

    return number(left) - number(right)


def check_text(model, values):
    numbers = dict(zip(model.parameters, values.tolist(), strict=True))
    for outcome in model.labels.outcomes:
        for condition in conditions(model, outcome):
            expected = condition.margin(numbers)[0]
            assert value(condition.text, numbers) == pytest.approx(expected, abs=1e-8), condition.text
            assert condition.latex.count(r"\ge ") == 1


@given(st.integers(0, 10_000))
def test_what_is_written_has_the_value_of_the_margin(seed):
    rng = np.random.default_rng(seed)
    random = RandomModel(rng, shape=(2, 2), parameters=3)
    check_text(random.model, rng.normal(size=3))
    # Simple fractions, so that products do cancel, pair up to (1 - x), and share factors.
    simple = rng.integers(-2, 3, random.model.coefficients.shape) / 2
    model = random.model
    check_text(
        PayoffModel(model.labels, model.parameters, (), model.monomials, simple, {}), rng.normal(size=3)
    )


def test_an_outcome_is_an_equilibrium_where_all_its_conditions_hold():
    rng = np.random.default_rng(8)
    for _ in range(20):
        random = RandomModel(rng)
        values = rng.normal(size=(len(random.space), 200))
        stable = bg.PureNash().stable(random.model.evaluate(values)).reshape(random.model.labels.size, -1)
        for outcome, expected in zip(random.model.labels.outcomes, stable, strict=True):
            margins = [condition.margin(values) for condition in conditions(random.model, outcome)]
            assert np.array_equal(np.min(margins, axis=0) >= 0, expected)


def simple(payoff, symbols=None):
    return PayoffModel.of({"A": ("no", "yes")}, {"A": payoff}, symbols=symbols)


yes, a, b = bg.When(A="yes"), bg.Value("a"), bg.Value("b")


@pytest.mark.parametrize(
    ("payoff", "text"),
    [
        (yes * (a - 2), "a >= 2"),
        (yes * (2 - 2 * a), "2 (1 - a) >= 0"),
        (yes * (a - a * b), "a (1 - b) >= 0"),
        (yes * (1 - a - b + a * b), "(1 - a) (1 - b) >= 0"),
        (yes * (0.1 * a + 0.2 * a - 0.3 * a + b), "b >= 0"),
        (yes * -1.0 * a * b, "0 >= a b"),
        (a * b, "0 >= 0"),
    ],
)
def test_terms_are_gathered_and_cancelled(payoff, text):
    [condition] = conditions(simple(payoff), {"A": "yes"})
    assert condition.text == text


def test_latex_and_parameters():
    [condition] = conditions(simple(yes * (a - 0.5 * b * bg.Value("c_d")), {"a": r"\alpha"}), ["yes"])
    assert condition.latex == r"\alpha \ge 0.5 \mathit{b} \mathit{c\_d}"
    assert condition.text == "alpha >= 0.5 b c_d"
    assert condition.parameters == ("a", "b", "c_d")
    assert str(condition) == "A yes rather than no: alpha >= 0.5 b c_d"


def test_held_players_have_no_conditions(scenario):
    held = scenario.model.hold({"USA": "press"})
    assert {c.player for c in conditions(held, (S, X, P))} == {"ROK", "JPN"}
    with pytest.raises(bg.errors.UnknownNameError, match="press"):
        conditions(held, (S, X, A))
