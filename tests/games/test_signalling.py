import numpy as np
import pytest

from bargain.errors import InvalidGameError, UnknownDrawError
from bargain.games.signalling import ThreatGame

KNOWN = {
    "prior": 0.2,
    "prize": 3.0,
    "audience_cost": 2.0,
    "concession_cost": 1.2,
    "loss": 3.0,
    "carrying_out": 0.5,
}


def test_the_tree_pays_what_the_story_says():
    game = ThreatGame(**KNOWN).to_extensive()
    assert not game.perfect_information
    assert game.to_frame().to_dict("index") == {
        "tough/threaten/concede": {"sender": 3.0, "receiver": -1.2},
        "tough/threaten/resist/carry out": {"sender": 0.5, "receiver": -3.0},
        "tough/threaten/resist/back down": {"sender": -2.0, "receiver": 0.0},
        "tough/stay silent": {"sender": 0.0, "receiver": 0.0},
        "weak/threaten/concede": {"sender": 3.0, "receiver": -1.2},
        "weak/threaten/resist/back down": {"sender": -2.0, "receiver": 0.0},
        "weak/stay silent": {"sender": 0.0, "receiver": 0.0},
    }
    profile = {
        "tough": "threaten",
        "weak": "threaten",
        "threatened": "resist",
        "tough, resisted": "carry out",
    }
    assert game.expected_payoffs(profile)[:, 0] == pytest.approx([0.2 * 0.5 - 0.8 * 2, -0.2 * 3])
    assert game.beliefs(profile)["threatened"][:, 0] == pytest.approx([0.2, 0.8])


def test_draws():
    game = ThreatGame(**{**KNOWN, "prior": [0.1, 0.5, 0.9]})
    assert len(game) == 3
    assert game[2].prior.tolist() == [0.9]
    assert game[np.array([1, 1])].prize.tolist() == [3.0, 3.0]
    assert repr(game) == "ThreatGame(3 draws)"
    assert "prior=0.1" in repr(game[0])
    assert game.to_extensive().draws == 3
    with pytest.raises(UnknownDrawError):
        game[3]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"prior": 1.2}, "prior: between 0 and 1 was expected, given 1.2 in draw 0"),
        ({"prior": [0.5, np.nan]}, "prior: finite"),
        ({"prize": [1, 0]}, "prize: above 0 was expected, given 0 in draw 1"),
        ({"audience_cost": -1}, "audience_cost"),
        ({"loss": -1}, "loss"),
        ({"loss": "much"}, "loss: numbers"),
        ({"prior": [0.1, 0.2], "prize": [1, 2, 3]}, "draws were expected"),
    ],
)
def test_what_is_no_threat_game_is_told(changed, told):
    with pytest.raises(InvalidGameError, match=told):
        ThreatGame(**{**KNOWN, **changed})
