import numpy as np
import pytest
import scipy.stats

from bargain.games.crisis import CrisisGame
from bargain.solvers.crisis_equilibria import CrisisEquilibria, _tail
from bargain.solvers.solution import Status

BASE = {
    "status_quo": 0,
    "prize": 1,
    "concession": 0,
    "fighting_challenger": -1.9,
    "backing_down": -1.2,
    "holding": 1,
}


def random_crises(draws, seed):
    rng = np.random.default_rng(seed)
    concession = rng.normal(size=draws)
    return CrisisGame(
        status_quo=rng.normal(size=draws),
        prize=rng.normal(1, 1, draws),
        concession=concession,
        fighting_challenger=rng.normal(-1.5, 1, draws),
        fighting_target=rng.normal(-2, 1, draws),
        backing_down=rng.normal(-1.5, 1, draws),
        holding=concession + rng.uniform(0.1, 3, draws),
        spread=rng.uniform(0.3, 2, draws),
    )


def test_three_equilibria_and_one():
    game = CrisisGame(**BASE, fighting_target=[-2.9, -2.7, -2.6])
    solution = CrisisEquilibria().solve(game)
    assert solution.count.tolist() == [3, 1, 1]
    assert solution.resistance[:3] == pytest.approx([0.2511046, 0.5947228, 0.8133217], abs=1e-7)
    assert solution.stable.tolist() == [True, False, True, True, True]
    assert (solution.codes == Status.SOLVED).all()
    frame = solution.to_frame()
    outcomes = frame[["status quo", "concession", "backing down", "war"]].sum(axis=1)
    np.testing.assert_allclose(outcomes, 1)


def test_players_drawn_by_lot_bear_the_equilibria_out():
    """Two million crises with shocks drawn, everybody replying best to the probabilities of the others."""
    rng = np.random.default_rng(7)
    solution = CrisisEquilibria().solve(CrisisGame(**BASE, fighting_target=-2.9))
    shocks = rng.normal(size=(3, 400_000))
    war, back, target = -1.9 + shocks[0], -1.2 + shocks[1], -2.9 + shocks[2]
    for resistance, challenge, fighting in zip(
        solution.resistance, solution.challenge, solution.fighting, strict=True
    ):
        challenges = resistance * np.maximum(war, back) + (1 - resistance) * 1 > 0
        resists = fighting * target + (1 - fighting) * 1 > 0
        assert challenges.mean() == pytest.approx(challenge, abs=4e-3)
        assert (war > back)[challenges].mean() == pytest.approx(fighting, abs=6e-3)
        assert resists.mean() == pytest.approx(resistance, abs=4e-3)


def test_every_draw_has_an_odd_number():
    solution = CrisisEquilibria().solve(random_crises(1500, seed=1))
    assert (solution.codes == Status.SOLVED).all()
    assert set(np.unique(solution.count)) >= {1, 3}
    assert solution.miss.max() <= 1e-10
    # Between two stable equilibria lies one that is not.
    several = np.flatnonzero(solution.count == 3)
    for draw in several:
        assert solution.stable[solution.draw == draw][1] == np.False_


@pytest.mark.parametrize("seed", range(3))
def test_no_root_is_missed_on_a_fine_grid(seed):
    """A slow twin: the same equation by scipy's bivariate normal, on many points."""
    game = random_crises(1, seed=seed + 10)
    value = {name: getattr(game, name)[0] for name in game.__dataclass_fields__}
    normal = scipy.stats.multivariate_normal(cov=[[1, np.sqrt(0.5)], [np.sqrt(0.5), 1]])
    points = np.linspace(0.002, 0.998, 500)
    enough = (value["status_quo"] - (1 - points) * value["prize"]) / points
    first = (value["fighting_challenger"] - value["backing_down"]) / (np.sqrt(2) * value["spread"])
    second = (value["fighting_challenger"] - enough) / value["spread"]
    fights = normal.cdf(np.column_stack([np.full_like(second, first), second]))
    stays = scipy.stats.norm.cdf(-second) * scipy.stats.norm.cdf(
        (enough - value["backing_down"]) / value["spread"]
    )
    fighting = fights / (1 - stays)
    known = (1 - stays > 1e-4) & (fighting > 1e-4)
    margin = value["fighting_target"] + (1 / fighting - 1) * value["holding"] - value["concession"] / fighting
    gap = scipy.stats.norm.cdf(margin / value["spread"]) - points
    crossed = known[:-1] & known[1:] & (np.sign(gap[:-1]) != np.sign(gap[1:]))
    solution = CrisisEquilibria().solve(game)
    inside = solution.resistance[(solution.resistance > 0.002) & (solution.resistance < 0.998)]
    for place in np.flatnonzero(crossed):
        assert ((inside >= points[place] - 1e-6) & (inside <= points[place + 1] + 1e-6)).any()


def test_areas_far_out_are_those_of_the_integral():
    for edge, lead in ((4.5, -0.5), (6.0, 1.0), (8.0, -2.0)):
        shocks = np.linspace(edge, edge + 12, 200_001)
        inside = np.exp(-0.5 * (shocks**2 - edge**2)) * scipy.stats.norm.cdf(shocks + lead)
        expected = np.log(np.trapezoid(inside, shocks))
        assert _tail(np.array([edge]), np.array([lead]))[0] == pytest.approx(expected, abs=1e-7)


def test_more_draws_than_are_held_at_a_time():
    few, many = random_crises(1100, seed=3), CrisisEquilibria().solve(random_crises(1100, seed=3))
    alone = CrisisGame(**{name: getattr(few, name)[1050] for name in few.__dataclass_fields__})
    np.testing.assert_allclose(
        many.resistance[many.draw == 1050], CrisisEquilibria().solve(alone).resistance, atol=1e-12
    )
    assert "1100 draws; 1100 SOLVED" in repr(many)
