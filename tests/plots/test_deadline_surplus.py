"""Bargaining up to a deadline: rounds as they would be played, and the round of agreement."""

import numpy as np
import pandas as pd
import pytest

import bargain as bg
from bargain.plots.deadline_surplus import deadline_surplus

FIRM = bg.AlternatingOffers(patience=(0.99, 0.97), rounds=7, posturing=(0.02, 0.01))


def line(ax, label):
    (found,) = [one for one in ax.lines if one.get_label() == label]
    return found.get_xydata()


def test_the_first_round_is_the_solution_and_the_last_the_ultimatum():
    ax = deadline_surplus(FIRM, players=("ROK", "JPN"))
    first, second = (line(ax, name)[:, 1] for name in ("ROK", "JPN"))
    expected = FIRM.solve().payoffs[:, 0]
    # Both lie in one band, so that distances are in proportion to payoffs.
    scale = (first[-1] - second[-1]) / 1.0  # in the last round the first player takes all
    assert (first[0] - second[0]) / scale == pytest.approx(expected[0] - expected[1])


def test_agreement_is_marked_where_the_surplus_turns():
    offers = FIRM.solve()
    ax = deadline_surplus(FIRM)
    assert int(offers.round[0]) == 7
    assert "agreement in round 7" in {text.get_text() for text in ax.texts}
    hatched = [bool(patch.get_hatch()) for patch in ax.patches if patch.get_width() == pytest.approx(0.62)]
    assert hatched == (offers.surplus[:, 0] < 0).tolist()


def test_side_payments_by_round_stay_with_their_rounds():
    paid = bg.AlternatingOffers(patience=(0.9, 0.9), rounds=3, side_payment=(0.0, 0.0, 1.0))
    ax = deadline_surplus(paid, players=("a", "b"))
    last = line(ax, "a")[-1, 1] - line(ax, "b")[-1, 1]
    start = line(ax, "a")[0, 1] - line(ax, "b")[0, 1]
    expected = paid.solve().payoffs[:, 0]
    assert start / last == pytest.approx((expected[0] - expected[1]) / 2)


def test_a_draw_can_be_chosen_and_expiry_is_said():
    offers = bg.AlternatingOffers(
        patience=(0.9, 0.9), rounds=2, pie=np.array([1.0, 0.1]), disagreement=(0.2, 0.2)
    )
    assert "agreement in round 1" in {text.get_text() for text in deadline_surplus(offers, draw=0).texts}
    ax = deadline_surplus(offers, draw=1)
    assert "without agreement" in ax.texts[-1].get_text().replace("\n", " ")


def test_a_table_of_any_number_of_players():
    table = pd.DataFrame(
        {
            "A": [0.1, 0.2],
            "B": [0.3, 0.1],
            "C": [0, 0],
            "surplus": [-0.1, 0.2],
            "cost of waiting": [0.1, 0.1],
        },
        index=pd.Index(["Oct", "Nov"], name="month"),
    )
    ax = deadline_surplus(table, agreed=2)
    assert "agreement: Nov" in {text.get_text() for text in ax.texts}
    assert ax.get_xlabel() == "month"
    assert len(line(ax, "cost of waiting")) == 2


def talks(**kwargs):
    terms = {"patience": (0.99, 0.97), "rounds": 7, "posturing": (0.02, 0.01), **kwargs}
    return bg.DeadlineOffers().solve(
        bg.DeadlineGame(("first", "second"), {"share": [(0, 1), (1, 0)]}, (0, 0), **terms)
    )


def test_talks_over_one_share_are_alternating_offers():
    ax, other = deadline_surplus(talks()), deadline_surplus(FIRM)
    for name in ("first", "second"):
        assert np.allclose(line(ax, name), line(other, name))
    assert "agreement in round 7" in {text.get_text() for text in ax.texts}
    words = ax.texts[-1].get_text().replace("\n", " ")
    assert "agreement on share, depth 1.00, with first 1, second 0" in words


def test_talks_without_a_firm_date_are_refused():
    with pytest.raises(bg.errors.InvalidArgumentError, match="firm date"):
        deadline_surplus(talks(deadline="random"))


def test_wrong_use():
    table = pd.DataFrame({"A": [1.0], "surplus": [1.0]})
    with pytest.raises(bg.errors.InvalidArgumentError, match="deadline"):
        deadline_surplus(bg.AlternatingOffers(patience=(0.9, 0.9)))
    with pytest.raises(bg.errors.InvalidArgumentError, match="two names"):
        deadline_surplus(FIRM, players=("A",))
    with pytest.raises(bg.errors.UnknownDrawError):
        deadline_surplus(FIRM, draw=1)
    with pytest.raises(bg.errors.InvalidArgumentError, match="'surplus'"):
        deadline_surplus(table[["A"]])
    with pytest.raises(bg.errors.InvalidArgumentError, match="what each player gets"):
        deadline_surplus(table[["surplus"]])
    with pytest.raises(bg.errors.InvalidArgumentError, match="from 1 to 1"):
        deadline_surplus(table, agreed=2)
