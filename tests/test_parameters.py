import math

import numpy as np
import pytest

from bargain.errors import InvalidParameterError
from bargain.parameters import Distribution, Parameter, central_range
from bargain.uncertainty.marginals import MARGINALS, Fixed, LogNormal, Normal, Triangular, TruncatedNormal


def test_a_parameter_carries_its_meaning_and_answers_for_its_distribution():
    cost = Parameter(
        "cost", Triangular(0.3, 0.8, 2.2), symbol="k", unit="util", meaning="of pressing", sources=("a",)
    )
    assert (cost.mode, cost.range()) == (0.8, (0.3, 2.2))
    assert (cost.symbol, cost.unit, cost.meaning, cost.sources) == ("k", "util", "of pressing", ("a",))


def test_a_parameter_is_a_value():
    assert Parameter("cost", Fixed(1)) == Parameter("cost", Fixed(1.0))
    assert Parameter("cost", Fixed(1)) != Parameter("cost", Fixed(2))
    with pytest.raises(AttributeError):
        Parameter("cost", Fixed(1)).name = "gain"


@pytest.mark.parametrize("name", ["", "pressing cost", "2cost", "a-b", None, 3])
def test_names_that_are_no_identifiers_are_refused(name):
    with pytest.raises(InvalidParameterError, match="letters, digits and _ were expected") as caught:
        Parameter(name, Fixed(1))
    assert repr(name) in str(caught.value)


@pytest.mark.parametrize("distribution", [1.0, None, "uniform", (0, 1), Fixed])
def test_what_is_no_distribution_is_refused(distribution):
    with pytest.raises(
        InvalidParameterError, match=r"parameter cost: a distribution such as Uniform\(0, 1\)"
    ):
        Parameter("cost", distribution)


@pytest.mark.parametrize("kind", MARGINALS.values(), ids=MARGINALS)
def test_every_marginal_is_a_distribution(kind):
    assert all(
        hasattr(kind, name) or name in kind.__annotations__ for name in ("mode", "support", "ppf", "content")
    )


def test_an_unbounded_range_is_cut_to_the_central_999_of_1000():
    low, high = central_range(Normal(10, 2))
    assert (low, high) == pytest.approx((10 - 2 * 3.2905267314919255, 10 + 2 * 3.2905267314919255), rel=1e-12)


def test_only_the_infinite_end_is_cut():
    assert central_range(LogNormal(0, 1)) == (0.0, pytest.approx(math.exp(3.2905267314919255)))
    assert central_range(TruncatedNormal(0, 1, high=0.5))[1] == 0.5
    assert np.isfinite(central_range(TruncatedNormal(0, 1, high=0.5))[0])


def test_anything_with_the_four_members_is_a_distribution():
    class Coin:
        mode = 0.0
        support = (0.0, 1.0)

        def ppf(self, probability):
            return np.round(probability)

        def content(self):
            return {"kind": "coin"}

    assert isinstance(Coin(), Distribution)
    assert Parameter("coin", Coin()).range() == (0.0, 1.0)
