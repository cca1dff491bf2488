import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bargain.games.normal import NormalForm
from bargain.solvers.bargaining.characteristic import coalitional_form


def test_the_dilemma():
    dilemma = NormalForm({"r": ("C", "D"), "c": ("C", "D")}, [[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    assert np.abs(coalitional_form(dilemma).worth[:, 0] - [0, 1, 1, 6]).max() < 1e-12


@settings(max_examples=15)
@given(st.integers(0, 2**32 - 1))
def test_what_can_be_secured_adds_up_to_no_more_than_the_whole(seed):
    """Superadditivity: disjoint coalitions can secure together at least what each can alone."""
    game = NormalForm(
        dict.fromkeys("ABC", ("a", "b")), np.random.default_rng(seed).normal(size=(3, 2, 2, 2, 2))
    )
    worth = coalitional_form(game).worth
    for one in range(8):
        for other in range(8):
            if not one & other:
                assert (worth[one | other] >= worth[one] + worth[other] - 1e-9).all()
    assert np.abs(worth[-1] - game.payoffs.sum(axis=0).reshape(8, 2).max(axis=0)).max() < 1e-12
    # Pure strategies of a single player cannot secure more than it can with mixed ones.
    pure = game.payoffs[0].reshape(2, 4, 2).min(axis=1).max(axis=0)
    assert (worth[1] >= pure - 1e-9).all()
