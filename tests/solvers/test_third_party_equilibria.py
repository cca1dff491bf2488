import itertools

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidGameError, UnknownDrawError
from bargain.solvers.signalling_equilibria import PerfectBayesian
from bargain.solvers.solution import Status
from bargain.solvers.third_party_equilibria import ThirdPartyEquilibria


def random_threats(draws, seed):
    rng = np.random.default_rng(seed)
    return bg.ThreatGame(
        prior=rng.uniform(size=draws),
        prize=rng.uniform(0.1, 5, draws),
        audience_cost=rng.uniform(0, 3, draws),
        concession_cost=rng.uniform(-1, 3, draws),
        loss=rng.uniform(0, 4, draws),
        carrying_out=rng.uniform(-3, 2, draws),
    )


def random_game(draws, seed, actions=("abstain", "press")):
    rng = np.random.default_rng(1000 + seed)
    return bg.ThirdPartyThreat(
        "USA",
        {action: random_threats(draws, 10 * seed + place) for place, action in enumerate(actions)},
        {action: rng.normal(size=(4, draws)) for action in actions},
    )


def ends(found, row):
    """Probabilities of silence, a concession, an act and a dropped threat in one equilibrium."""
    frame = found.to_frame().iloc[row]
    made = frame["threat"]
    return [1 - made, made * frame["concession"], frame["carried out"], frame["backed down"]]


@pytest.mark.parametrize("divine", [False, True])
@pytest.mark.parametrize("actions", [("abstain", "press"), ("press",), ("stay", "press", "mediate")])
def test_it_follows_every_combination_of_expectations(divine, actions):
    game = random_game(40, seed=len(actions), actions=actions)
    solution = ThirdPartyEquilibria(divine=divine).solve(game)
    for draw in range(game.draws):
        one = game[draw]
        expected = [PerfectBayesian(divine=divine).solve(threat) for threat in one.games]
        found = []
        for combination in itertools.product(*(range(len(each)) for each in expected)):
            worth = [
                float(np.dot(ends(each, row), one.payoffs[place, :, 0]))
                for place, (each, row) in enumerate(zip(expected, combination, strict=True))
            ]
            best = int(np.argmax(worth))
            found.append((best, expected[best].kind[combination[best]].label, round(max(worth), 9)))
        mine = np.flatnonzero(solution.draw == draw)
        frame = solution.to_frame().loc[draw]
        told = [
            (int(solution.action[row]), kind, round(float(solution.payoffs[:, row].max()), 9))
            for row, kind in zip(mine, frame["kind"], strict=True)
        ]
        assert sorted(told) == sorted(found)


def test_nobody_gains_by_acting_otherwise():
    solution = ThirdPartyEquilibria().solve(random_game(5_000, seed=4))
    assert solution.regret.max() < 1e-12
    assert (solution.status == Status.SOLVED).all()
    assert (np.diff(solution.draw) >= 0).all()


def test_generic_draws_have_one_divine_equilibrium():
    solution = ThirdPartyEquilibria(divine=True).solve(random_game(5_000, seed=5))
    assert (solution.count == 1).all()


def test_indifference_is_degenerate_and_lists_both():
    threat = random_threats(3, 1)
    game = bg.ThirdPartyThreat("USA", {"a": threat, "b": threat}, {"a": [0, 0, 0, 0], "b": [0, 0, 0, 0]})
    solution = ThirdPartyEquilibria(divine=True).solve(game)
    assert (solution.count == 2).all()
    assert (solution.status == Status.DEGENERATE).all()


def test_a_draw_of_a_batch_is_its_own_game():
    game = random_game(6, seed=6)
    whole = ThirdPartyEquilibria().solve(game)
    for draw in (0, 5, -1):
        alone = ThirdPartyEquilibria().solve(game[draw]).profiles(digits=9)
        assert alone == whole.profiles(draw, digits=9)
    with pytest.raises(UnknownDrawError):
        game[6]
    with pytest.raises(UnknownDrawError):
        whole.profiles(6)
    assert "USA: abstain or press, 6 draws" in repr(game)
    assert len(game) == len(whole.count) == 6


def test_one_game_serves_every_draw_of_the_others():
    single, many = random_threats(1, 2), random_threats(4, 3)
    game = bg.ThirdPartyThreat("USA", {"a": single, "b": many}, {"a": [1, 0, 0, 0], "b": np.zeros((4, 4))})
    assert game.draws == 4
    assert game.threats["a"].prior.tolist() == single.prior.tolist() * 4


@pytest.mark.parametrize(
    ("stakes", "message"),
    [
        ({"a": [0, 0, 0, 0]}, "for each action"),
        ({"a": [0, 0, 0, 0], "b": [0, 0]}, "stakes: b: finite payoffs"),
        ({"a": [0, 0, 0, 0], "b": [0, 0, 0, np.nan]}, "stakes: b: finite payoffs"),
        ({"a": [0, 0, 0, 0], "b": np.zeros((4, 3))}, "3 draws were expected, given 2"),
    ],
)
def test_numbers_that_make_no_game_are_refused(stakes, message):
    threat = random_threats(2, 7)
    with pytest.raises(InvalidGameError, match=message):
        bg.ThirdPartyThreat("USA", {"a": threat, "b": threat}, stakes)
