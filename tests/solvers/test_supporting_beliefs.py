import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError
from bargain.games.extensive import ExtensiveForm
from bargain.games.tree import Chance, Decision, Outcome
from bargain.solvers.backward_induction import BackwardInduction
from bargain.solvers.sequential_equilibrium import check_sequential
from bargain.solvers.supporting_beliefs import supporting_beliefs
from reference.game_trees import random_profile, random_tree, selten_horse

PLAYERS = ("P1", "P2", "P3")
SEEDS = st.integers(0, 2**32 - 1)


def random_signals(rng):
    """Three kinds, three messages, two replies."""

    def sends(kind):
        return Decision("sender", f"{kind}", {
            f"m{m}": Decision("receiver", f"after m{m}", {
                f"r{r}": Outcome(rng.normal(size=2)) for r in range(2)
            })
            for m in range(3)
        })  # fmt: skip

    chances = rng.dirichlet(np.ones(3))
    tree = Chance({f"k{k}": (chance, sends(f"k{k}")) for k, chance in enumerate(chances)})
    return ExtensiveForm(("sender", "receiver"), tree)


@settings(max_examples=40)
@given(SEEDS)
def test_beliefs_that_are_found_do_and_none_on_a_grid_do_where_none_is_found(seed):
    """Every kind sends the first message; what follows the others is an answer or an empty threat."""
    rng = np.random.default_rng(seed)
    game = random_signals(rng)
    profile = {f"k{k}": "m0" for k in range(3)} | {f"after m{m}": f"r{rng.integers(2)}" for m in range(3)}
    found = supporting_beliefs(game, profile)
    corners = [{f"after m{m}": np.eye(3)[i] for m, i in ((1, i), (2, j))} for i in range(3) for j in range(3)]
    # Gains are linear in beliefs, and each set has two actions: if any belief will do, so does a corner.
    works = any(check_sequential(game, profile, beliefs).rational for beliefs in corners)
    assert (found is not None) == works
    if found is not None:
        assert set(found) == {"after m1", "after m2"}
        assert check_sequential(game, profile, found).sequential


@settings(max_examples=25)
@given(SEEDS)
def test_where_everybody_knows_where_it_is_there_is_nothing_to_believe(seed):
    rng = np.random.default_rng(seed)
    game = ExtensiveForm(PLAYERS, random_tree(rng, PLAYERS, 4, perfect=True))
    (profile, *_) = BackwardInduction().solve(game).profiles()
    assert supporting_beliefs(game, profile) == {}
    other = random_profile(rng, game)
    assert (supporting_beliefs(game, other) == {}) == check_sequential(game, other).rational


def test_selten_s_horse():
    game = ExtensiveForm(PLAYERS, selten_horse())
    good = {"h1": "R", "h2": "R", "h3": "L"}
    beliefs = supporting_beliefs(game, good)
    assert check_sequential(game, good, beliefs).rational
    # Nash, but the second player's move is never asked for and would be a mistake.
    assert supporting_beliefs(game, {"h1": "L", "h2": "R", "h3": "R"}) is None
    with pytest.raises(InvalidArgumentError, match="single draw"):
        supporting_beliefs(ExtensiveForm(PLAYERS, selten_horse(draws=2)), good)
