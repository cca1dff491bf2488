import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.signalling import ThreatGame
from bargain.solvers.credibility import credibility

KNOWN = {
    "prior": 0.2,
    "prize": 3.0,
    "audience_cost": 2.0,
    "concession_cost": 1.2,
    "loss": 3.0,
    "carrying_out": 0.5,
}


def belief(history, **options):
    return credibility(ThreatGame(**KNOWN), history, **options).belief[:, 0].tolist()


def test_what_each_event_shows():
    assert belief(["conceded"]) == pytest.approx([0.2, 0.4])
    assert belief(["silence"]) == [0.2, 0.0]
    assert belief(["carried out"]) == [0.2, 1.0]
    assert belief(["backed down"]) == [0.2, 0.0]


def test_who_backed_down_once_is_not_believed_again():
    path = credibility(ThreatGame(**KNOWN), ["backed down", "conceded", "silence"])
    assert path.belief[1:, 0].tolist() == [0, 0, 0]
    assert path.concession[1:, 0].tolist() == [0, 0, 0]
    assert path.to_frame()["event"].tolist() == ["backed down", "conceded", "silence", ""]


def test_turnover_brings_credibility_back():
    years = ["backed down", "silence"]
    assert belief(years, turnover=0.5) == pytest.approx([0.2, 0.1, 0.1])


@given(st.floats(0.01, 0.55), st.floats(0.02, 0.3))
def test_a_threat_not_followed_by_action_costs_credibility(slip, prior):
    game = ThreatGame(**{**KNOWN, "prior": prior, "carrying_out": 2.0})
    path = credibility(game, ["backed down"], slip=slip)
    threatened = credibility(game, ["conceded"], slip=slip)
    if 0 < threatened.belief[1, 0] < 1:  # of which it had gained some by the threat itself
        assert path.belief[1, 0] < threatened.belief[1, 0]
    harder = credibility(game, ["backed down"], slip=slip / 2)
    assert harder.belief[1, 0] <= path.belief[1, 0] + 1e-12


def test_slips_weaken_the_threat_itself():
    # Feared are (1 - slip) of the loss: the belief that makes the receiver concede rises.
    assert belief(["conceded"], slip=0.25)[1] == pytest.approx(1.2 / (0.75 * 3))


def test_draws_are_followed_each():
    priors = np.array([0.1, 0.2, 0.6])
    path = credibility(ThreatGame(**{**KNOWN, "prior": priors}), ["conceded", "backed down"])
    np.testing.assert_allclose(path.belief[1], [0.4, 0.4, 0.6])
    np.testing.assert_allclose(path.threat[0], [0.25, 0.5, 1.0])


def test_what_is_no_history_is_told():
    with pytest.raises(UnknownNameError, match="did you mean 'backed down'"):
        belief(["back down"])
    with pytest.raises(InvalidArgumentError, match="slip"):
        belief([], slip=1.0)
