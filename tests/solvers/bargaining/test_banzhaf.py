import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.games.coalition import CoalitionalGame
from bargain.solvers.bargaining.banzhaf import banzhaf_value
from bargain.solvers.bargaining.shapley import shapley_value


@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_it_is_the_average_over_coalitions_of_the_others(seed, players):
    names = tuple("ABCDE"[:players])
    rng = np.random.default_rng(seed)
    worth = {
        who: rng.normal(size=3) if who else np.zeros(3)
        for size in range(players + 1)
        for who in itertools.combinations(names, size)
    }
    found = banzhaf_value(CoalitionalGame(names, {who: value for who, value in worth.items() if who}))
    for place, name in enumerate(names):
        adds = [worth[tuple(sorted((*who, name)))] - worth[who] for who in worth if name not in who]
        assert found[place] == pytest.approx(np.mean(adds, axis=0), abs=1e-12)


def test_known_votes():
    """Banzhaf (1965): in [3; 2, 1, 1] the large member is decisive in three coalitions of four, the others in one."""
    votes = {"large": 2, "small": 1, "tiny": 1}
    game = CoalitionalGame.of_function(tuple(votes), lambda who: sum(votes[p] for p in who) >= 3)
    assert banzhaf_value(game)[:, 0].tolist() == [0.75, 0.25, 0.25]
    # With two players it is the Shapley value.
    pair = CoalitionalGame(("A", "B"), {"A": 1, "B": 2, ("A", "B"): 5})
    assert (banzhaf_value(pair) == shapley_value(pair)).all()
