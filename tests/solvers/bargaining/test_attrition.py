import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError
from bargain.solvers.bargaining.attrition import Attrition

SEEDS = st.integers(0, 2**32 - 1)


def random_terms(seed, kind, draws=4):
    rng = np.random.default_rng(seed)
    doubt = {"resolved": rng.uniform(0.02, 0.9, (2, draws)), "conflict_cost": rng.uniform(0.2, 5, (2, draws))}
    return {
        "prize": rng.uniform(0.5, 2, (2, draws)),
        "audience_cost": rng.uniform(0.1, 3, (2, draws)),
        kind: doubt[kind],
    }


KINDS = pytest.mark.parametrize("kind", ["resolved", "conflict_cost"])


@KINDS
@given(SEEDS)
def test_survival_is_the_closed_form(kind, seed):
    """S_j(t) = S_j(0) v_i / (v_i + a_i t), where i is the other."""
    terms = random_terms(seed, kind)
    path = Attrition(**terms).solve()
    for part in (0, 0.3, 0.9, 1):
        for draw in range(4):
            time = part * path.horizon[draw]
            for j, i in ((0, 1), (1, 0)):
                v, a = terms["prize"][i, draw], terms["audience_cost"][i, draw]
                expected = path.holds[j, draw] * v / (v + a * time)
                assert abs(path.survival(time)[j, 0, draw] - expected) < 1e-12
    assert (path.survival(path.horizon.max() * 2)[:, 0] == path.survival(path.horizon.max())[:, 0]).all()


@KINDS
@given(SEEDS)
def test_one_never_backs_down_at_the_start_and_all_who_would_have_by_the_horizon(kind, seed):
    terms = random_terms(seed, kind)
    path = Attrition(**terms).solve()
    assert (path.holds.max(axis=0) == 1).all()
    assert (path.holds > 0).all()
    left = np.stack([path.survival(time)[:, 0, n] for n, time in enumerate(path.horizon)], axis=1)
    if kind == "resolved":
        expected = terms["resolved"]
    else:
        expected = np.minimum(1, terms["audience_cost"] * path.horizon / terms["conflict_cost"])
    assert np.abs(left - expected).max() < 1e-12


@KINDS
@given(SEEDS)
def test_a_player_that_would_back_down_is_indifferent_when_to(kind, seed):
    """The other's rate times prize and cost already sunk pays for the cost that accrues."""
    terms = random_terms(seed, kind, draws=1)
    path = Attrition(**terms).solve()
    for part in (0.1, 0.5, 0.95):
        time = part * path.horizon[0]
        step = 1e-5 * path.horizon[0]
        for i, j in ((0, 1), (1, 0)):
            v, a = terms["prize"][i, 0], terms["audience_cost"][i, 0]
            before, after = (path.survival(t)[j, 0, 0] for t in (time - step, time + step))
            rate = (np.log(before) - np.log(after)) / (2 * step)
            assert abs(rate * (v + a * time) - a) < 1e-6 * a
            assert abs(path.hazard(time)[j, 0, 0] - rate) < 1e-6 * rate
            # Payoff of backing down at that time: the prize if the other did first, else the cost.
            grid = np.linspace(0, time, 4001)
            survival = path.survival(grid)[j, :, 0]
            value = v * (1 - survival[-1]) - a * time * survival[-1]
            assert abs(value - path.payoffs[i, 0]) < 1e-9


@KINDS
@given(SEEDS)
def test_somebody_backs_down_first_or_nobody_does(kind, seed):
    path = Attrition(**random_terms(seed, kind)).solve()
    assert np.abs(path.backs_down.sum(axis=0) + path.conflict - 1).max() < 1e-10
    assert (path.hazard(path.horizon.max())[:, 0, path.horizon.argmax()] == 0).all()


@given(SEEDS)
def test_at_every_moment_the_one_with_the_lower_audience_cost_is_likelier_to_back_down(seed):
    terms = random_terms(seed, "resolved")
    terms["prize"] = np.ones((2, 4))
    path = Attrition(**terms).solve()
    hazard = path.hazard(0.5 * path.horizon.min())[:, 0]
    lower = terms["audience_cost"].argmin(axis=0)
    assert (hazard.argmax(axis=0) == lower).all()


@given(SEEDS)
def test_with_costs_of_conflict_the_higher_audience_cost_wins(seed):
    """Fearon 1994: relative audience costs decide who concedes; all else is the same for both."""
    rng = np.random.default_rng(seed)
    cost = np.sort(rng.uniform(0.1, 3, (2, 50)), axis=0)
    prize, conflict = rng.uniform(0.5, 2, 50), rng.uniform(0.2, 5, 50)
    path = Attrition(np.stack([prize] * 2), cost, conflict_cost=np.stack([conflict] * 2)).solve()
    assert (path.holds[1] == 1).all()
    assert (path.holds[0] < 1).all()
    assert (path.backs_down[0] > path.backs_down[1]).all()
    raised = Attrition(
        np.stack([prize] * 2), cost * [[1], [1.5]], conflict_cost=np.stack([conflict] * 2)
    ).solve()
    assert (raised.backs_down[1] < path.backs_down[1]).all()


@given(SEEDS)
def test_more_resolve_means_backing_down_less(seed):
    terms = random_terms(seed, "resolved")
    path = Attrition(**terms).solve()
    more = terms["resolved"].copy()
    more[0] = np.minimum(1, more[0] * 1.2)
    again = Attrition(terms["prize"], terms["audience_cost"], resolved=more).solve()
    assert (again.backs_down[0] <= path.backs_down[0] + 1e-12).all()
    assert (again.backs_down[1] >= path.backs_down[1] - 1e-12).all()


def test_two_of_a_kind():
    path = Attrition((1, 1), (2, 2), resolved=(0.25, 0.25)).solve()
    assert path.holds[:, 0].tolist() == [1, 1]
    assert abs(path.horizon[0] - 1.5) < 1e-12
    assert np.abs(path.backs_down[:, 0] - 0.5 * (1 - 0.0625)).max() < 1e-12
    assert abs(path.conflict[0] - 0.0625) < 1e-12
    never = Attrition((1, 1), (2, 1), resolved=(1, 0.5)).solve()
    assert never.horizon[0] == 0
    assert abs(never.holds[1, 0] - 0.5) < 1e-12
    assert abs(never.conflict[0] - 0.5) < 1e-12


def test_simulated_wars_agree():
    """Draw both times of backing down from the survival curves; count who was first."""
    terms = {"prize": (1.0, 1.5), "audience_cost": (0.7, 1.2), "resolved": (0.2, 0.35)}
    path = Attrition(**terms).solve()
    u = np.random.default_rng(0).random((2, 400_000))
    prize, cost = np.array(terms["prize"]), np.array(terms["audience_cost"])
    time = np.empty_like(u)
    for j, i in ((0, 1), (1, 0)):
        start = path.holds[j, 0]
        at = np.maximum(0, (start / u[j] - 1) * prize[i] / cost[i])
        time[j] = np.where(at >= path.horizon[0], np.inf, at)
    first = [np.mean(time[0] < time[1]), np.mean(time[1] < time[0])]
    assert np.abs(first - path.backs_down[:, 0]).max() < 0.003
    assert abs(np.isinf(time).all(axis=0).mean() - path.conflict[0]) < 0.003


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({}, "exactly one of"),
        ({"resolved": (0.5, 0.5), "conflict_cost": (1, 1)}, "exactly one of"),
        ({"resolved": (0, 0.5)}, "resolved: two positive"),
        ({"resolved": (0.5, 1.5)}, "probabilities up to 1"),
        ({"conflict_cost": (1, 1, 1)}, "conflict_cost: two positive"),
        ({"conflict_cost": np.ones((2, 3)), "prize": np.ones((2, 2))}, "prize: 1 or 3 draws"),
    ],
)
def test_misuse(terms, message):
    with pytest.raises(InvalidArgumentError, match=message):
        Attrition(**{"prize": (1, 1), "audience_cost": (1, 1), **terms})
