import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError, UnsupportedGameError
from bargain.games.bargaining import BargainingProblem
from bargain.games.frontier import BargainingFrontier
from bargain.solvers.bargaining.alternating_offers import AlternatingOffers
from bargain.solvers.bargaining.ideal_point import ideal_point
from bargain.solvers.bargaining.nash_bargaining import NashBargaining
from bargain.solvers.bargaining.rubinstein import rubinstein_offers
from reference.bargaining import can_improve

SEEDS = st.integers(0, 2**32 - 1)


def test_a_pie_is_shared_as_in_the_closed_form():
    pie = BargainingProblem.division("AB", 1, (0, 0))
    line = BargainingFrontier("AB", lambda x: (x, 1 - x), (0, 1), (0, 0))
    for patience in ((0.9, 0.9), (0.95, 0.9), (0.5, 0.8)):
        first, second = patience
        share = (1 - second) / (1 - first * second)
        for problem in (pie, line):
            offers = rubinstein_offers(problem, patience)[..., 0]
            assert np.abs(offers[0] - [share, 1 - share]).max() < 1e-12
            assert abs(offers[1, 1] - (1 - first) / (1 - first * second)) < 1e-12
        same = AlternatingOffers(patience).solve()
        assert np.abs(same.split[0, :, 0] - offers[0]).max() < 1e-12


@settings(max_examples=30)
@given(SEEDS, st.booleans())
def test_offers_go_to_the_nash_solution_as_patience_goes_to_one(seed, smooth):
    rng = np.random.default_rng(seed)
    if smooth:
        power = rng.uniform(1, 3)
        without = np.repeat(rng.uniform(-0.3, 0.2, (2, 1)), 4, axis=1)
        problem = BargainingFrontier("AB", lambda x: (x, 1 - x**power), (0, 1), without)
    else:
        worth = {str(k): p for k, p in enumerate(rng.normal(size=(6, 2)))}
        problem = BargainingProblem("AB", worth, np.repeat(rng.normal(-1, 0.3, (2, 1)), 4, axis=1))
    rates = rng.uniform(0.5, 2, 2)
    nash = NashBargaining(tuple(1 / rates)).solve(problem)
    if not nash.draw.size:
        return
    size = np.abs(nash.gains).max()
    steps = np.array([1e-1, 1e-2, 1e-3, 1e-4])
    offers = rubinstein_offers(problem, 1 - rates[:, None] * steps)
    distance = np.abs(offers - nash.payoffs).max(axis=(0, 1)) / size
    assert distance[-1] < 1e-2
    assert distance[-1] <= 0.1 * distance[0] + 1e-6


@given(SEEDS)
def test_whoever_answers_is_indifferent_and_nothing_is_wasted(seed):
    rng = np.random.default_rng(seed)
    worth = {str(k): p for k, p in enumerate(rng.normal(size=(5, 2, 3)))}
    problem = BargainingProblem("AB", worth, rng.normal(-1, 0.3, (2, 3)))
    patience = rng.uniform(0, 0.99, (2, 3))
    offers = rubinstein_offers(problem, patience)
    gains = offers - problem.disagreement
    for draw in range(3):
        if np.isnan(gains[..., draw]).any() or (gains[..., draw].max(axis=0) < 1e-6).any():
            continue
        best = ideal_point(problem)[:, draw] - problem.disagreement[:, draw]
        for proposer, other in ((0, 1), (1, 0)):
            insists = patience[other, draw] * gains[other, other, draw]
            assert gains[proposer, other, draw] >= insists - 1e-9
            # More than it would insist on only where the proposer likes nothing better.
            if gains[proposer, proposer, draw] < best[proposer] - 1e-9:
                assert abs(gains[proposer, other, draw] - insists) < 1e-8
            assert can_improve(problem.payoffs[..., draw].T, offers[proposer, :, draw]) < 1e-4


def test_nothing_to_agree_on():
    problem = BargainingProblem("AB", {"x": [[-1, 0, 1], [1, 0, 0]]}, (0, 0))
    offers = rubinstein_offers(problem, (0.9, 0.9))
    assert np.isnan(offers[..., 0]).all()
    assert (offers[..., 1] == 0).all()
    assert offers[..., 2].tolist() == [[1, 0], [1, 0]]


def test_misuse():
    pie = BargainingProblem.division("AB", 1, (0, 0))
    with pytest.raises(InvalidArgumentError, match="below 1"):
        rubinstein_offers(pie, (1, 0.9))
    with pytest.raises(InvalidArgumentError, match="1 or 1 draws"):
        rubinstein_offers(pie, [[0.9, 0.8], [0.9, 0.8]])
    with pytest.raises(UnsupportedGameError, match="two players"):
        rubinstein_offers(BargainingProblem.division("ABC", 1, (0, 0, 0)), (0.9, 0.9))
    with pytest.raises(UnsupportedGameError, match="convex"):
        rubinstein_offers(BargainingProblem("AB", {"x": (1, 1)}, (0, 0), lotteries=False), (0.9, 0.9))
