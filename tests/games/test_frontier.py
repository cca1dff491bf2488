import math

import numpy as np
import pytest

from bargain.errors import InvalidGameError
from bargain.games.frontier import BargainingFrontier


def test_payoffs_follow_the_curve_and_its_draws():
    power = np.array([1.0, 0.5, 0.25])
    frontier = BargainingFrontier(("A", "B"), lambda x: (x, (1 - x) ** power), (0, 1), np.zeros((2, 3)))
    assert frontier.draws == 3
    payoffs = frontier.payoffs(np.full(3, 0.36))
    assert np.allclose(payoffs, [[0.36] * 3, 0.64**power], rtol=1e-15)


@pytest.mark.parametrize(
    ("players", "curve", "domain", "disagreement", "message"),
    [
        (("A", "B", "C"), lambda x: (x, 1 - x), (0, 1), (0, 0), "two players"),
        (("A", "B"), lambda x: (x, 1 - x), (1, 1), (0, 0), "two finite positions"),
        (("A", "B"), lambda x: (x, 1 - x), (0, 1), (0, 0, 0), "a number for each of A, B"),
        (("A", "B"), lambda x: (x, x), (0, 1), (0, 0), "second player's fall"),
        (("A", "B"), lambda x: (x, (1 - x) ** 2), (0, 1), (0, 0), "bend inwards"),
        (("A", "B"), lambda x: (x, np.where(x > 0.5, np.nan, 1 - x)), (0, 1), (0, 0), "finite payoffs"),
        (("A", "B"), lambda x: (np.log(x), np.log(1 - x)), (0, 1), (0, 0), "domain, from 0 to 1"),
        (("A", "B"), lambda x: 1 - x**2, (0, 1), (0, 0), "returns two of payoffs"),
        (("A", "B"), lambda x: (x, math.sqrt(1 - x)), (0, 1), (0, 0), "as numpy's functions do"),
        (("A", "B"), lambda x: (x, 1 - x if x < 0.5 else 0.5), (0, 1), (0, 0), "as numpy's functions do"),
    ],
)
def test_what_is_no_frontier_is_refused(players, curve, domain, disagreement, message):
    with pytest.raises(InvalidGameError, match=message):
        BargainingFrontier(players, curve, domain, disagreement)
