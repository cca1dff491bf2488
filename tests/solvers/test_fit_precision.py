"""The fitted precision: against Gambit's, against the true one of simulated play, and at its limits."""

import math

import numpy as np
import pytest

import bargain as bg

OCHS = bg.NormalForm(
    {"row": ("heads", "tails"), "column": ("heads", "tails")},
    [[[1.1141, 0], [0, 0.2785]], [[0, 1.1141], [1.1141, 0]]],
)
OBSERVED = {"row": [128 * 0.527, 128 * 0.473], "column": [128 * 0.366, 128 * 0.634]}


def entry():
    answer = bg.Decision("B", "entered", {"fight": bg.Outcome([-1, -1]), "share": bg.Outcome([1, 1])})
    return bg.ExtensiveForm(
        ("A", "B"), bg.Decision("A", "market", {"out": bg.Outcome([0, 2]), "enter": answer})
    )


def test_a_block_of_ochs_as_in_gambit_s_tutorial():
    """[McKelveyPalfrey1995]_ print 1.84 and, ten times too large by Gambit's account, 1747."""
    fit = bg.fit_precision(OCHS, OBSERVED)
    assert fit.precision == pytest.approx(1.8456097536855864, abs=1e-7)
    assert fit.log_likelihood == pytest.approx(-174.76453191087447, abs=1e-9)
    assert fit.uniform_log_likelihood == pytest.approx(256 * math.log(0.5))
    heads = [own[0, 0] for own in fit.solution.strategies]
    assert heads == pytest.approx([0.615651314427859, 0.3832909400456291], abs=1e-8)


def test_the_interval_ends_where_a_likelihood_ratio_test_rejects():
    fit = bg.fit_precision(OCHS, OBSERVED)
    for end in fit.interval:
        solution = bg.solve(OCHS, bg.LogitQRE(end))
        level = sum(
            np.array(OBSERVED[who]) @ np.log(own[:, 0])
            for who, own in zip(OCHS.players, solution.strategies, strict=True)
        )
        assert 2 * (fit.log_likelihood - level) == pytest.approx(3.841458820694124, abs=1e-6)
    narrow = bg.fit_precision(OCHS, OBSERVED, level=0.5)
    assert fit.interval[0] < narrow.interval[0] < fit.precision < narrow.interval[1] < fit.interval[1]


def test_expected_play_gives_the_precision_back():
    for precision in (0.3, 2.0, 7.0):
        play = bg.solve(OCHS, bg.LogitQRE(precision)).strategies
        counts = {who: 50 * own[:, 0] for who, own in zip(OCHS.players, play, strict=True)}
        assert bg.fit_precision(OCHS, counts).precision == pytest.approx(precision, rel=1e-6)


def test_a_tree_gives_the_precision_of_its_agents_back():
    game = entry()
    play = bg.ExtensiveLogitQRE(1.3).solve(game).profiles()[0]
    counts = {name: {action: 80 * p for action, p in mix.items()} for name, mix in play.items()}
    fit = bg.fit_precision(game, counts)
    assert fit.precision == pytest.approx(1.3, rel=1e-6)
    assert bg.fit_precision(game, {"entered": counts["entered"]}).precision == pytest.approx(1.3, rel=1e-6)


def test_several_treatments_have_one_precision():
    payoffs = np.stack(
        [OCHS.payoffs[..., 0], OCHS.payoffs[..., 0][:, ::-1, ::-1], 3 * OCHS.payoffs[..., 0]], -1
    )
    game = bg.NormalForm(OCHS.labels, payoffs)
    play = bg.solve(game, bg.LogitQRE(1.7)).strategies
    fit = bg.fit_precision(
        game, {"row": 40 * play[0], "column": {"heads": 9 * play[1][0], "tails": 9 * play[1][1]}}
    )
    assert fit.precision == pytest.approx(1.7, rel=1e-6)
    assert len(fit.solution) == 3


def test_play_that_is_uniform_or_perfect():
    dilemma = bg.NormalForm({"row": ("C", "D"), "column": ("C", "D")}, [[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    none = bg.fit_precision(dilemma, {"row": {"C": 10, "D": 10}})
    assert none.precision == pytest.approx(0, abs=1e-9)
    assert none.interval[0] == 0
    assert none.log_likelihood == pytest.approx(none.uniform_log_likelihood)
    perfect = bg.fit_precision(dilemma, {"row": {"D": 10}})
    assert perfect.precision == math.inf
    assert perfect.interval[1] == math.inf
    assert perfect.log_likelihood == pytest.approx(0)
    against = bg.fit_precision(dilemma, {"row": {"C": 9, "D": 1}})
    assert against.precision == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"rwo": [1, 2]}, "did you mean 'row'"),
        ({"row": {"head": 1}}, "did you mean 'heads'"),
        ({"row": [1, 2, 3]}, r"shape \(2,\) was expected, one for each of heads, tails; given \(3,\)"),
        ({"row": [1, -2]}, "negative"),
        ({"row": [0, 0]}, "nothing was observed"),
        ([[1, 2], [3, 4]], "counts by player"),
        ({"row": ["a", "b"]}, "numbers were expected"),
    ],
)
def test_counts_that_are_none(counts, words):
    with pytest.raises(bg.errors.BargainError, match=words):
        bg.fit_precision(OCHS, counts)


def test_other_arguments_are_named():
    with pytest.raises(bg.errors.InvalidArgumentError, match="a NormalForm or an ExtensiveForm was expected"):
        bg.fit_precision([[1, 2]], OBSERVED)
    with pytest.raises(bg.errors.InvalidArgumentError, match="level between 0 and 1"):
        bg.fit_precision(OCHS, OBSERVED, level=95)


def test_the_same_as_gambit():
    pygambit = pytest.importorskip("pygambit")
    rng = np.random.default_rng(4)
    for _ in range(4):
        payoffs = rng.integers(0, 9, size=(2, 3, 2)).astype(float)
        counts = [rng.integers(1, 40, size=3), rng.integers(1, 40, size=2)]
        theirs = pygambit.Game.from_arrays(*payoffs)
        fit = pygambit.qre.logit_estimate(theirs.mixed_strategy_profile([own.tolist() for own in counts]))
        ours = bg.fit_precision(
            bg.NormalForm({"row": ("a", "b", "c"), "column": ("d", "e")}, payoffs),
            dict(zip(("row", "column"), counts, strict=True)),
        )
        assert ours.log_likelihood >= fit.log_like - 1e-6
        assert ours.precision == pytest.approx(fit.lam, abs=1e-4)
