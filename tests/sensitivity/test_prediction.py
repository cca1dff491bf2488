"""Predictions compare equal exactly where the same actions are played."""

import numpy as np

import bargain as bg
from bargain.sensitivity.prediction import Prediction, predict
from bargain.solvers.solution import Solution, Status

MODEL = bg.PayoffModel.of(
    {"A": ("stay", "go"), "B": ("left", "right")},
    {
        "A": bg.When(A="stay", B="left") * bg.Value("t") + bg.When(A="go", B="right"),
        "B": bg.When(A="stay", B="right") + bg.When(A="go", B="left"),
    },
)


def test_words_and_mixers():
    pure, mixed, same = predict(MODEL, bg.AllNash(), np.array([[-1.0, 1.0, 2.0]]))
    assert pure.words(MODEL.labels) == "go/left"
    assert mixed.words(MODEL.labels) == "stay|go/left|right"
    assert mixed == same != pure
    assert (pure.mixers(), mixed.mixers()) == (set(), {0, 1})


def test_pure_equilibria_in_the_order_of_outcomes():
    several = Prediction.pure(MODEL.labels, [0, 3])
    assert several.words(MODEL.labels) == "stay/left; go/right"
    coordination = bg.PayoffModel.of(
        {"A": ("stay", "go"), "B": ("left", "right")},
        {who: bg.When(A="stay", B="left") + bg.When(A="go", B="right") for who in "AB"},
    )
    assert predict(coordination, bg.PureNash(), np.zeros((0, 2))) == [several, several]


class Silent:
    """A solver that finds nothing, for one reason or another."""

    def __init__(self, code):
        self.code = code

    def solve(self, game):
        nothing = [np.zeros((size, 0)) for size in game.shape]
        codes = np.full(game.draws, self.code, dtype=np.int8)
        return Solution.of(game, self, np.zeros(0, dtype=int), nothing, codes)


def test_none_is_not_unsolved():
    [none] = predict(MODEL, bg.PureNash(), np.array([[1.0]]))
    [failed] = predict(MODEL, Silent(Status.FAILED), np.array([[1.0]]))
    assert none.words(MODEL.labels) == "(none)"
    assert failed.words(MODEL.labels) == "(unsolved)"
    assert none == predict(MODEL, Silent(Status.NONE), np.array([[1.0]]))[0] != failed
