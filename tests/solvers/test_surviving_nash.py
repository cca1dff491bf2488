import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.solvers.surviving_nash import surviving_nash


@given(st.integers(0, 2**32 - 1), st.sampled_from([(4, 3), (3, 3, 2), (5, 2, 2)]))
@settings(max_examples=20, deadline=None)
def test_it_is_what_is_found_without_elimination(seed, shape):
    rng = np.random.default_rng(seed)
    payoffs = rng.normal(size=(len(shape), *shape, 30))
    payoffs[0, rng.integers(shape[0])] -= 3  # of many draws the same action is dominated
    labels = {f"P{i}": [f"{i}{a}" for a in range(n)] for i, n in enumerate(shape)}
    game = bg.NormalForm(labels, payoffs)
    ours, whole = surviving_nash(game), bg.solve(game, bg.AllNash())
    assert (ours.codes == whole.codes).all()
    assert (ours.count == whole.count).all()
    for draw in range(game.draws):
        mine, theirs = (np.concatenate([s[:, x.draw == draw] for s in x.strategies]).T for x in (ours, whole))
        assert np.abs(mine[:, None] - theirs[None]).max(axis=2).min(axis=1).max() < 1e-9
