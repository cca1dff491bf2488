"""Selection rules: what each selects where that is known, and the laws that all obey."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.normal import NormalForm
from bargain.solvers.all_nash import AllNash
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.selection import (
    RULES,
    BestFor,
    PayoffDominance,
    RiskDominance,
    SelectionRule,
    StatusQuo,
    UniformSelection,
    WorstFor,
)
from bargain.solvers.solution import solve

LABELS = {"row": ("up", "down"), "column": ("left", "right")}
RULE_OF = {
    "best_for": BestFor("p1"),
    "payoff_dominance": PayoffDominance(),
    "risk_dominance": RiskDominance(),
    "status_quo": StatusQuo({"p0": "a0", "p1": "a1", "p2": "a0"}),
    "uniform": UniformSelection(),
    "worst_for": WorstFor("p1"),
}


def game(payoffs):
    payoffs = np.asarray(payoffs, dtype=float)
    shape = payoffs.shape[1 : 1 + payoffs.shape[0]]
    return NormalForm({f"p{i}": [f"a{k}" for k in range(size)] for i, size in enumerate(shape)}, payoffs)


def symmetric(row):
    return NormalForm(LABELS, [row, np.transpose(row)])


def integer_game(*shape, draws=40, seed=0):
    rng = np.random.default_rng([seed, *shape])
    return game(rng.integers(0, 4, size=(len(shape), *shape, draws)))


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("shape", [(2, 2, 1), (3, 2, 1), (2, 2, 2)])
def test_weights_of_a_draw_add_to_one(name, shape):
    rule = RULE_OF[name]
    assert isinstance(rule, RULES[name])
    assert isinstance(rule, SelectionRule)
    solution = solve(integer_game(*shape, draws=12), AllNash())
    weights = rule.select(solution)
    assert (weights >= 0).all()
    np.testing.assert_allclose(np.bincount(solution.draw, weights, solution.game.draws), 1.0)


@pytest.mark.parametrize("name", RULES)
def test_a_batch_is_its_draws(name):
    solution = solve(integer_game(2, 2, 1), AllNash())
    weights = RULE_OF[name].select(solution)
    for draw in range(0, 40, 7):
        alone = RULE_OF[name].select(solution.of_draw(draw))
        np.testing.assert_allclose(weights[solution.draw == draw], alone)


@pytest.mark.parametrize("name", RULES)
def test_draws_without_an_equilibrium_have_no_weights(name):
    pennies = [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]
    dilemma = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]
    with_third = np.stack([pennies, dilemma], axis=-1)[..., None, :]
    with_third = np.concatenate([with_third, np.zeros((1, 2, 2, 1, 2))])
    assert RULE_OF[name].select(solve(game(with_third), PureNash())).tolist() == [1.0]
    assert RULE_OF[name].select(solve(game(with_third[..., :1]), PureNash())).tolist() == []


def test_stag_hunt():
    # Harsanyi and Selten's criterion: products of deviation losses 1 against 49.
    solution = solve(symmetric([[9, 0], [8, 7]]), AllNash())
    np.testing.assert_allclose(solution.strategies[0][0], [1, 0, 7 / 8])
    assert PayoffDominance().select(solution).tolist() == [1, 0, 0]
    assert RiskDominance().select(solution).tolist() == [0, 1, 0]
    assert BestFor("row").select(solution).tolist() == [1, 0, 0]


def test_battle_of_the_sexes():
    solution = solve(NormalForm(LABELS, [[[2, 0], [0, 1]], [[1, 0], [0, 2]]]), AllNash())
    assert PayoffDominance().select(solution).tolist() == [0.5, 0.5, 0]
    assert RiskDominance().select(solution).tolist() == [0.5, 0.5, 0]
    assert BestFor("row").select(solution).tolist() == [1, 0, 0]
    assert BestFor("column").select(solution).tolist() == [0, 1, 0]
    assert WorstFor("row").select(solution).tolist() == [0, 0, 1]
    assert UniformSelection().select(solution) == pytest.approx([1 / 3] * 3)
    assert StatusQuo(("down", "right")).select(solution).tolist() == [0, 1, 0]
    assert StatusQuo({"column": "right", "row": "up"}).select(solution).tolist() == [0, 0, 1]


def test_status_quo_that_no_equilibrium_knows_is_silent():
    solution = solve(symmetric([[2, 0], [0, 1]]), PureNash())
    assert StatusQuo(("up", "right")).select(solution).tolist() == [0.5, 0.5]


@settings(max_examples=40)
@given(
    st.lists(st.integers(1, 30), min_size=4, max_size=4), st.lists(st.integers(1, 8), min_size=2, max_size=2)
)
def test_risk_dominance_is_the_larger_product_of_losses_whatever_the_units(losses, units):
    a, b, c, d = losses
    solution = solve(NormalForm(LABELS, [[[a * units[0], 0], [0, c * units[0]]], [[b * units[1], 0], [0, d * units[1]]]]),
                     AllNash())  # fmt: skip
    expected = [1, 0, 0] if a * b > c * d else [0, 1, 0] if a * b < c * d else [0.5, 0.5, 0]
    assert RiskDominance().select(solution).tolist() == expected


def test_risk_dominance_follows_the_logit_branch_beyond_two_by_two():
    # The stag hunt with a third action that is never best, and the same for three hunters who must all agree.
    padded = np.full((3, 3), -5.0)
    padded[:2, :2] = [[9, 0], [8, 7]]
    padded[:2, 2] = [0, 7]
    solution = solve(game([padded, padded.T]), AllNash())
    weights = RiskDominance().select(solution)
    assert solution.strategies[0][1, weights == 1].tolist() == [1]
    payoffs = np.full((3, 2, 2, 2), 0.0)
    payoffs[:, 0, 0, 0] = 9
    for player in range(3):
        payoffs[(player, *(slice(None) if k != player else 1 for k in range(3)))] = 7
    solution = solve(game(payoffs), AllNash())
    weights = RiskDominance().select(solution)
    assert len(solution) > 1
    assert [strategy[1, weights == 1].tolist() for strategy in solution.strategies] == [[1], [1], [1]]


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_both_ways_to_risk_dominance_agree_in_symmetric_games(seed):
    # In symmetric 2x2 coordination games the logit branch ends in the risk dominant equilibrium (Turocy 2005).
    rng = np.random.default_rng(seed)
    a, d = rng.uniform(1, 2), rng.uniform(3, 4)
    if seed % 2:
        a, d = d, a
    two = solve(symmetric([[a, 0], [0, d]]), AllNash())
    padded = np.full((3, 2), -9.0)
    padded[:2] = [[a, 0], [0, d]]
    other = np.concatenate([np.transpose([[a, 0], [0, d]]), [[0.0, 0.0]]])
    three = solve(game([padded, other]), AllNash())
    chosen = two.strategies[0][:, RiskDominance().select(two) == 1]
    again = three.strategies[0][:2, RiskDominance().select(three) == 1]
    np.testing.assert_allclose(chosen, again)


@settings(max_examples=30)
@given(st.integers(0, 10**6))
def test_payoff_dominance_keeps_what_nothing_dominates(seed):
    solution = solve(integer_game(3, 3, draws=3, seed=seed), AllNash())
    weights = PayoffDominance().select(solution)
    for draw in range(3):
        at = np.flatnonzero(solution.draw == draw)
        payoffs = solution.payoffs[:, at].round(9)
        kept = [
            not any((other >= own).all() and (other > own).any() for other in payoffs.T) for own in payoffs.T
        ]
        np.testing.assert_allclose(weights[at], np.array(kept) / sum(kept))


def test_rules_say_what_they_do_not_know():
    solution = solve(symmetric([[2, 0], [0, 1]]), PureNash())
    with pytest.raises(UnknownNameError, match="BestFor"):
        BestFor("rows").select(solution)
    with pytest.raises(UnknownNameError, match="WorstFor"):
        WorstFor("rows").select(solution)
    with pytest.raises(UnknownNameError, match="action of 'row'"):
        StatusQuo(("sideways", "left")).select(solution)
    with pytest.raises(InvalidArgumentError, match="StatusQuo"):
        StatusQuo("up")


def test_rules_are_values():
    assert StatusQuo(["up", "left"]) == StatusQuo(("up", "left"))
    assert len({StatusQuo({"row": "up"}), BestFor("row"), BestFor("row"), UniformSelection()}) == 3


@pytest.mark.parametrize("rule", [UniformSelection(), PayoffDominance(), RiskDominance(), BestFor("row")])
def test_rules_select_among_equilibria(rule):
    with pytest.raises(InvalidArgumentError, match=r"select: a Solution, .* given NormalForm"):
        rule.select(symmetric([[2, 0], [0, 1]]))
