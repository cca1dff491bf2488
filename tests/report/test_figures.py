"""Numbers as the page writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.report.figures import difference, number, proportion, share, spread

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (-0.12345, f"{MINUS}0.123"),
        (1234.0, "1230"),
        (2.5, "2.5"),
        (float("inf"), "not known"),
        (1e-7, f"1e{MINUS}07"),
    ],
)
def test_numbers(value, shown):
    assert number(value) == shown


@given(st.floats(-1e12, 1e12))
def test_three_digits_are_right(value):
    assert float(number(value).replace(MINUS, "-")) == pytest.approx(value, rel=0.005)


def test_no_minus_zero():
    assert spread(-0.0004, -0.0003, 0.0, decimals=2) == "0.00 (0.00 to 0.00)"
    assert difference({"difference": -0.01, "low": -0.02, "high": 0.0}).startswith(
        f"{MINUS}0.010 ({MINUS}0.020"
    )


def test_shares_have_their_interval():
    low, high = bg.wilson_interval(3, 10)
    assert proportion(0.3, 10) == f"0.300 ({low:.3f} to {high:.3f})"
    assert share({"share, x": 0.5, "low, x": 0.4, "high, x": 0.6}, ", x") == "0.500 (0.400 to 0.600)"
