import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError
from bargain.solvers.take_it_or_leave_it import ultimatum


def test_the_known_demand():
    answer = ultimatum(0.5, 0.1, 0.5)
    assert answer.excess[0] == pytest.approx((0.5 - 0.1) / 2)
    assert answer.war[0] == pytest.approx(0.5 - 0.1 / (2 * 0.5))
    assert answer.demand[0] == pytest.approx(0.7)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.05, 2))
def test_no_other_demand_pays_more(strength, cost, highest):
    answer = ultimatum(strength, cost, highest)
    demand = np.linspace(0, 1, 2001)
    war = np.clip((demand - strength) / highest, 0, 1)
    payoff = (1 - war) * demand + war * (strength - cost)
    assert payoff.max() <= answer.payoff[0] + 1e-12
    assert answer.payoff[0] <= payoff.max() + 1e-3


def test_draws_and_bounds():
    answer = ultimatum([0.5, 0.9], [0.7, 0.1], 0.5)
    assert answer.war.tolist() == pytest.approx([0.0, 0.2])
    assert answer.demand.tolist() == pytest.approx([0.5, 1.0])
    for wrong in (
        (1.5, 0.1, 0.5),
        (0.5, -0.1, 0.5),
        (0.5, 0.1, 0.0),
        (0.5, np.nan, 1),
        ([1, 1], [0, 0, 0], 1),
    ):
        with pytest.raises(InvalidArgumentError, match="ultimatum"):
            ultimatum(*wrong)
