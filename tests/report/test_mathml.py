"""Formulas: read as mathematics, broken only between summands, and shown as text where they cannot be read."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.report.mathml import mathml

TAGS = {"all", "math", "mrow", "mi", "mn", "mo", "msub", "msup", "mspace", "mtext"}


def parsed(latex):
    return ET.fromstring(f"<all>{mathml(latex)}</all>")  # noqa: S314 - made a moment ago


def text(latex):
    return "".join(parsed(latex).itertext()).replace(" ", "")


@pytest.mark.parametrize(
    ("latex", "shown", "pieces"),
    [
        ("0", "0", 1),
        (r"-c_K \rho", "\N{MINUS SIGN}cK\N{GREEK SMALL LETTER RHO}", 1),
        (r"0.2 \rho G_U - k_U", "0.2\N{GREEK SMALL LETTER RHO}GU\N{MINUS SIGN}kU", 2),
        (r"(1 - \rho) (0.2 a_K + b_K) \ge 0", "(1\N{MINUS SIGN}\N{GREEK SMALL LETTER RHO})(0.2aK+bK)≥0", 2),
        (r"0 \ge - x_{12} + \mathit{pressing\_cost}", "0≥\N{MINUS SIGN}x12+pressing_cost", 3),
        (r"\lambda^2", "\N{GREEK SMALL LETTER LAMDA}2", 1),
        (r"2e-05 q", "2e-05q", 1),
    ],
)
def test_formulas_are_read(latex, shown, pieces):
    assert text(latex) == shown
    assert len(parsed(latex)) == pieces


def test_subscripts_hang_on_their_symbol():
    [math] = parsed(r"c_K \pi")
    assert [element.tag for element in math[0]] == ["msub", "mspace", "mi"]
    assert [element.text for element in math[0][0]] == ["c", "K"]


@pytest.mark.parametrize("latex", [r"\frac{a}{b}", r"\nosuchletter", "_K", r"\mathit x", "(a", "a_"])
def test_what_cannot_be_read_is_shown_as_it_is(latex):
    assert "".join(parsed(latex).itertext()) == latex


@given(st.text(max_size=20, alphabet=st.characters(exclude_categories=["C"])))
def test_any_text_gives_markup_that_can_be_parsed(latex):
    assert {element.tag for element in parsed(latex).iter()} <= TAGS


def test_every_formula_of_the_built_in_scenario_is_read():
    model = bg.load_scenario("gsomia").model
    formulas = model.symbolic(latex=True).to_numpy().ravel().tolist()
    formulas += [c.latex for outcome in model.labels.outcomes for c in bg.conditions(model, outcome)]
    for latex in formulas:
        assert "mtext" not in str(mathml(latex))
        assert not re.search(r"[\\{}]", text(latex))
