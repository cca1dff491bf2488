import numpy as np
import pytest

from bargain.errors import InvalidGameError
from bargain.games.crisis import CrisisGame

KNOWN = {
    "status_quo": 0,
    "prize": 1,
    "concession": 0,
    "fighting_challenger": -1.9,
    "fighting_target": -2.9,
    "backing_down": -1.2,
    "holding": 1,
}


def test_draws():
    game = CrisisGame(**{**KNOWN, "prize": [1, 2]})
    assert len(game) == 2
    assert game.spread.tolist() == [1, 1]
    assert repr(game) == "CrisisGame(2 draws)"
    assert "fighting_target=-2.9" in repr(CrisisGame(**KNOWN))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"spread": 0}, "spread: above 0"),
        ({"holding": -1}, "holding: more than conceding, 0, was expected, given -1 in draw 0"),
        ({"prize": np.inf}, "prize: finite"),
        ({"prize": "x"}, "prize: finite numbers"),
        ({"prize": [1, 2], "holding": [1, 2, 3]}, "draws were expected"),
    ],
)
def test_what_is_no_crisis_is_told(changed, told):
    with pytest.raises(InvalidGameError, match=told):
        CrisisGame(**{**KNOWN, **changed})
