import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError
from bargain.solvers.bargaining.alternating_offers import AlternatingOffers
from bargain.solvers.bargaining.proposals import random_proposers

SEEDS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(("players", "votes"), [(3, 2), (5, 3), (5, 4), (7, 7)])
@pytest.mark.parametrize("patience", [0.0, 0.5, 0.99])
def test_like_players(players, votes, patience):
    """Baron and Ferejohn (1989), closed rule: who proposes keeps 1 - d (q - 1) / n."""
    found = random_proposers([1 / players] * players, patience, votes=votes)
    assert found.share[:, 0] == pytest.approx(1 - patience * (votes - 1) / players, abs=1e-9)
    assert found.payoffs[:, 0] == pytest.approx(1 / players, abs=1e-9)
    if patience:
        assert found.included[:, 0] == pytest.approx((votes - 1) / (players - 1), abs=1e-9)


@given(SEEDS)
def test_two_players_as_in_offers_by_chance(seed):
    rng = np.random.default_rng(seed)
    chance, patience = rng.dirichlet((1, 1), 5).T, rng.uniform(0, 0.99, (2, 5))
    pie = rng.uniform(0.5, 3, 5)
    found = random_proposers(chance, patience, pie=pie)
    offers = AlternatingOffers(patience, pie, recognition=chance).solve()
    assert np.abs(found.payoffs - offers.payoffs).max() < 1e-9
    assert np.abs(found.share - [offers.split[0, 0], offers.split[1, 1]]).max() < 1e-9


@settings(max_examples=60)
@given(SEEDS, st.integers(2, 6), st.data())
def test_it_is_an_equilibrium(seed, players, data):
    """Proposers pay the cheapest votes, each of them bought as often as the prices need."""
    rng = np.random.default_rng(seed)
    votes = data.draw(st.integers(2, players))
    chance, patience = rng.dirichlet(np.ones(players)), rng.uniform(0, 0.99, players)
    if rng.random() < 0.3:
        chance[0] = 0.0
        chance /= chance.sum()
    found = random_proposers(chance, patience, votes=votes)
    price, value = found.price[:, 0], found.payoffs[:, 0]
    assert value.sum() == pytest.approx(1, abs=1e-9)
    assert price == pytest.approx(patience * value, abs=1e-9)
    for player in range(players):
        others = np.sort(np.delete(price, player))
        assert found.share[player, 0] == pytest.approx(1 - others[: votes - 1].sum(), abs=1e-9)
    bought = found.included[:, 0] * (1 - chance)
    assert value == pytest.approx(chance * found.share[:, 0] + bought * price, abs=1e-9)
    dear = np.sort(price)
    # Cheaper than the coalition's dearest member: always bought; dearer: never.
    assert found.included[price < dear[votes - 1] - 1e-9, 0] == pytest.approx(1, abs=1e-7)
    assert found.included[price > dear[votes - 1] + 1e-9, 0] == pytest.approx(0, abs=1e-7)
    free = price > 1e-12  # votes that cost nothing may be bought without need
    if free.all():
        assert bought.sum() == pytest.approx(votes - 1, abs=1e-7)


def test_draws_are_solved_one_by_one():
    rng = np.random.default_rng(3)
    chance, patience = rng.dirichlet(np.ones(4), 30).T, rng.uniform(0.2, 0.95, (4, 30))
    whole = random_proposers(chance, patience, votes=3)
    for draw in range(0, 30, 7):
        one = random_proposers(chance[:, draw], patience[:, draw], votes=3)
        assert np.abs(one.payoffs[:, 0] - whole.payoffs[:, draw]).max() < 1e-12


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({"recognition": [0.5, 0.4], "patience": 0.9}, "probabilities that add to one"),
        ({"recognition": [0.5, 0.5], "patience": 1.0}, "from 0 to below 1"),
        ({"recognition": [0.5, 0.5], "patience": (0.9, 0.9, 0.9)}, "each of 2 players"),
        ({"recognition": 0.5, "patience": 0.9}, "each of two or more players"),
        ({"recognition": ["a", "b"], "patience": 0.9}, "each of two or more players"),
        ({"recognition": [0.5, 0.5], "patience": 0.9, "votes": 3}, "2 to 2 of 2 players"),
        ({"recognition": [0.5, 0.5], "patience": 0.9, "pie": 0}, "a positive number"),
        ({"recognition": [0.5, 0.5], "patience": [[0.9, 0.8]] * 2, "pie": [1, 2, 3]}, "1 or 3 draws"),
    ],
)
def test_misuse(terms, message):
    with pytest.raises(InvalidArgumentError, match=message):
        random_proposers(**terms)
