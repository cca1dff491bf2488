import numpy as np
import pytest

from bargain.errors import InvalidGameError, UnknownNameError
from bargain.games.deadline import DeadlineGame

DEALS = {"deal": [(0, 1), (1, 0)]}
TERMS = {"players": ("A", "B"), "deals": DEALS, "disagreement": (0, 0), "patience": (0.9, 0.9), "rounds": 4}


def test_everything_has_a_draw_axis_and_is_read_only():
    game = DeadlineGame(**TERMS | {"posturing": [[0.1, 0.2, 0.3], [0, 0, 0]]}, breakdown=0.1)
    assert game.draws == len(game) == 3
    assert game.payoffs.shape == (2, 1, 2, 3)
    assert game.side_payment.shape == (2, 4, 3)
    assert game.breakdown.tolist() == [0.1] * 3
    assert (game.breakdown_payoffs == game.disagreement).all()
    assert (game.first, game.expiry) == (0, 0.0)
    for name in ("payoffs", "patience", "side_payment", "posturing"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(game, name)[...] = 0
    assert repr(game) == "DeadlineGame(A, B; 1 deal; 4 rounds; 3 draws)"
    loose = DeadlineGame(**TERMS | {"deadline": "random", "first": "B"})
    assert (loose.first, loose.expiry, loose.side_payment.shape) == (1, 0.25, (2, 1, 1))
    assert "4 rounds on average" in repr(loose)


def test_side_payments_by_round():
    once = DeadlineGame(**TERMS, side_payment=(1, 2))
    assert (once.side_payment == np.reshape([1, 2], (2, 1, 1))).all()
    last = DeadlineGame(**TERMS, side_payment=[[0, 0, 0, 1], [0, 0, 0, 2]])
    assert last.side_payment[:, -1, 0].tolist() == [1, 2]
    assert not last.side_payment[:, :-1].any()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"players": ("A", "B", "C")}, "two were expected"),
        ({"players": ("A", "A")}, "A"),
        ({"deals": {}}, "one or more"),
        ({"deals": {"deal": [(0, 1)]}}, "depth 0 and at depth 1"),
        ({"deals": {"deal": [(0, 1), (1, np.nan)]}}, "deal 'deal'"),
        ({"rounds": 0}, "whole number from 1 on"),
        ({"rounds": 2.5}, "whole number from 1 on"),
        ({"rounds": 1, "deadline": "random"}, "2 or more"),
        ({"deadline": "soft"}, "'firm' or 'random'"),
        ({"patience": (0.9, 1.2)}, "patience: numbers between 0 and 1"),
        ({"patience": (0.9,)}, "patience: shape"),
        ({"disagreement": ("x", 0)}, "disagreement: two finite numbers"),
        ({"breakdown": -0.1}, "breakdown: numbers between 0 and 1"),
        ({"breakdown": [[0.1]]}, "breakdown: a number, or one per draw"),
        ({"side_payment": [[0, 1], [0, 1]]}, "side_payment: shape"),
        ({"posturing": [[0, 1], [0, 1]], "breakdown": [0.1, 0.1, 0.1]}, "1 or 3 draws"),
    ],
)
def test_misuse(change, message):
    with pytest.raises(InvalidGameError, match=message):
        DeadlineGame(**TERMS | change)


def test_the_first_proposer_must_play():
    with pytest.raises(UnknownNameError, match="'C'"):
        DeadlineGame(**TERMS, first="C")
