import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bargain.errors import UnknownDrawError
from bargain.games.signalling import ThreatGame
from bargain.solvers.all_nash import AllNash
from bargain.solvers.sequential_equilibrium import check_sequential
from bargain.solvers.signalling_equilibria import PerfectBayesian, SignallingKind
from bargain.solvers.solution import Status, solve

KNOWN = {
    "prior": 0.2,
    "prize": 3.0,
    "audience_cost": 2.0,
    "concession_cost": 1.2,
    "loss": 3.0,
    "carrying_out": 0.5,
}


def random_games(draws, seed=0):
    rng = np.random.default_rng(seed)
    return ThreatGame(
        prior=rng.uniform(size=draws),
        prize=rng.uniform(0.1, 5, draws),
        audience_cost=rng.uniform(0.01, 3, draws),
        concession_cost=rng.uniform(-1, 4, draws),
        loss=rng.uniform(0, 4, draws),
        carrying_out=rng.uniform(-4, 2, draws),
    )


def profile(solution, index):
    """The equilibrium as behaviour on the tree, and the receiver's belief."""
    draw = solution.draw[index]
    tough, weak = solution.threat[:, index]
    concede, believed = solution.concession[index], solution.posterior[0, index]
    carries = solution.game.carrying_out[draw] >= -solution.game.audience_cost[draw]
    behaviour = {
        "tough": {"threaten": tough, "stay silent": 1 - tough},
        "weak": {"threaten": weak, "stay silent": 1 - weak},
        "threatened": {"concede": concede, "resist": 1 - concede},
        "tough, resisted": "carry out" if carries else "back down",
    }
    return behaviour, {"threatened": [believed, 1 - believed]}


def test_the_known_semi_separating_equilibrium():
    (found,) = PerfectBayesian().solve(ThreatGame(**KNOWN)).profiles(digits=10)
    assert found == {
        "kind": "semi-separating",
        "tough threatens": 1.0,
        "weak threatens": 0.375,
        "concession": 0.4,
        "tough after threat": 0.4,
        "tough after silence": 0.0,
        "threat": 0.5,
        "carried out": 0.12,
        "backed down": 0.18,
        "payoff of tough sender": 1.5,
        "payoff of weak sender": 0.0,
        "payoff of receiver": -0.6,
        "regret": 0.0,
        "divine": True,
    }


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ({"prior": 0.39}, ["semi-separating"]),  # k / d is 0.4
        ({"prior": 0.41}, ["pooling on threat"]),
        ({"concession_cost": 3.5}, ["separating"]),
        ({"concession_cost": 3.5, "carrying_out": -1}, ["pooling on silence"]),
        ({"carrying_out": -1}, ["semi-separating", "pooling on silence"]),
        ({"carrying_out": -1, "prior": 0.5}, ["pooling on threat", "pooling on silence"]),
        ({"carrying_out": -2.5}, ["pooling on silence"]),
        ({"concession_cost": -0.1}, ["pooling on threat"]),
        ({"prior": 0.0}, ["separating"]),
        ({"prior": 1.0}, ["pooling on threat"]),
    ],
)
def test_which_kinds_exist_where(changed, kinds):
    solution = PerfectBayesian().solve(ThreatGame(**{**KNOWN, **changed}))
    assert [kind.label for kind in solution.kind] == kinds
    assert solution.status[0] == Status.SOLVED
    assert solution.regret.max() <= 1e-15
    assert solution.divine.sum() == 1
    assert all(kind.sentence for kind in solution.kind)


def test_each_is_a_sequential_equilibrium_of_the_tree():
    solution = PerfectBayesian().solve(random_games(40))
    assert (solution.codes == Status.SOLVED).all()
    for index, draw in enumerate(solution.draw):
        tree = solution.game[int(draw)].to_extensive()
        behaviour, believed = profile(solution, index)
        check = check_sequential(tree, behaviour, believed)
        assert check.sequential, (solution.kind[index], check)
        payoffs = tree.expected_payoffs(behaviour)[:, 0]
        prior = solution.game.prior[draw]
        assert payoffs[0] == pytest.approx(np.array([prior, 1 - prior]) @ solution.payoffs[:2, index])
        assert payoffs[1] == pytest.approx(solution.payoffs[2, index], abs=1e-12)


def credible(tree, behaviour, game):
    """Whether a Nash equilibrium holds also where play never comes."""
    carries = game.carrying_out[0] >= -game.audience_cost[0]
    acts = behaviour["tough, resisted"][0 if carries else 1, 0] > 1 - 1e-9
    if behaviour["tough"][0, 0] > 1e-9 and not acts:
        return False
    if tree.reach(behaviour)["threatened"][0] > 1e-9:
        return True
    concede = behaviour["threatened"][0, 0]
    loss, cost = game.loss[0] * carries, game.concession_cost[0]
    return (concede < 1e-9 or cost <= loss) and (concede > 1 - 1e-9 or cost >= 0)


def test_no_other_outcome_comes_from_any_nash_equilibrium_of_the_tree():
    """All extreme Nash equilibria of the strategic form; those that are credible off the path must be listed."""
    games = random_games(60, seed=1)
    solution = PerfectBayesian().solve(games)
    several = 0
    for draw in range(games.draws):
        tree = games[draw].to_extensive()
        table = tree.normal_form(reduced=False)
        nash = solve(table, AllNash())
        outcomes = set()
        for index in range(len(nash)):
            behaviour = tree.behaviour_of([own[:, index] for own in nash.strategies], reduced=False)
            if credible(tree, behaviour, games[draw]):
                outcomes.add(tuple(tree.outcome_probabilities(behaviour)[:, 0].round(7) + 0.0))
        listed = {
            tuple(tree.outcome_probabilities(profile(solution, index)[0])[:, 0].round(7) + 0.0)
            for index in np.flatnonzero(solution.draw == draw)
        }
        assert outcomes == listed, draw
        several += len(listed) > 1
    assert several > 3


def test_generic_draws_have_one_divine_equilibrium():
    solution = PerfectBayesian().solve(random_games(20_000, seed=2))
    assert (solution.codes == Status.SOLVED).all()
    assert set(np.unique(solution.count)) == {1, 2}
    assert (solution.select(solution.divine).count == 1).all()
    assert solution.regret.max() <= 1e-14
    assert (np.bincount(solution.kinds) > 100).all()


def test_cells_do_not_show():
    games = random_games(10_000, seed=3)
    whole, end = PerfectBayesian().solve(games), PerfectBayesian().solve(games[8_000:])
    np.testing.assert_array_equal(whole.count[8_000:], end.count)
    late = whole.draw >= 8_000
    np.testing.assert_array_equal(whole.payoffs[:, late], end.payoffs)
    np.testing.assert_array_equal(whole.draw[late] - 8_000, end.draw)


def test_beliefs_follow_by_bayes_where_messages_are_sent():
    solution = PerfectBayesian().solve(random_games(5_000, seed=4))
    prior = solution.game.prior[solution.draw]
    for message, sent in enumerate((solution.threat, 1 - solution.threat)):
        tough, total = prior * sent[0], prior * sent[0] + (1 - prior) * sent[1]
        used = total > 1e-9
        np.testing.assert_allclose(solution.posterior[message, used], (tough[used] / total[used]), atol=1e-9)
    np.testing.assert_allclose(
        solution.threat_probability * (1 - solution.concession),
        solution.carried_out_probability + solution.backed_down_probability,
        atol=1e-15,
    )


def test_at_ties_what_is_listed_are_equilibria():
    grid = itertools.product((0.0, 0.5, 1.0), (0, 1), (0, 1, 2), (0, 1, 2), (-1, 0, 1))
    prior, audience, cost, loss, firm = np.array(list(grid), dtype=float).T
    game = ThreatGame(
        prior=prior, prize=2, audience_cost=audience, concession_cost=cost, loss=loss, carrying_out=firm
    )
    solution = PerfectBayesian().solve(game)
    assert (solution.count >= 1).all()
    assert solution.regret.max() <= 1e-12
    even = (prior * loss == cost) | (cost == 0) | (audience == 0) | (firm == 0) | (firm == -audience)
    even |= cost == loss
    assert (solution.codes[~even & (prior > 0)] == Status.SOLVED).all()
    feared = (prior > 0) & (firm >= -audience)
    assert (solution.codes[feared & ((prior * loss == cost) | (loss == cost))] == Status.DEGENERATE).all()


# Where bluffing is mixed: the signs of comparative statics, at random points.
FRACTION = st.floats(0.05, 0.95)
STEP = 1e-4


@st.composite
def bluffing(draw):
    loss, share = draw(st.floats(0.5, 10)), draw(FRACTION)
    return {
        "prize": draw(st.floats(0.5, 10)),
        "audience_cost": draw(st.floats(0.1, 10)),
        "loss": loss,
        "concession_cost": loss * share,
        "prior": share * draw(FRACTION),
        "carrying_out": draw(st.floats(0.01, 3)),
    }


SIGNS = {
    "concession": {"audience_cost": 1, "prize": -1, "prior": 0, "loss": 0, "concession_cost": 0},
    "bluff": {"prior": 1, "loss": 1, "concession_cost": -1, "audience_cost": 0, "prize": 0},
    "threat": {"prior": 1, "concession_cost": -1, "loss": 1, "audience_cost": 0, "prize": 0},
    "carried out": {"prior": 1, "prize": 1, "audience_cost": -1, "loss": 0, "concession_cost": 0},
    "credibility": {"concession_cost": 1, "loss": -1, "prior": 0, "prize": 0, "audience_cost": 0},
}


@given(bluffing())
def test_signs_where_weak_senders_sometimes_bluff(values):
    def measures(changed):
        solution = PerfectBayesian().solve(ThreatGame(**changed))
        assert solution.kinds.tolist() == [SignallingKind.SEMI_SEPARATING]
        return {
            "concession": solution.concession[0],
            "bluff": solution.threat[1, 0],
            "threat": solution.threat_probability[0],
            "carried out": solution.carried_out_probability[0],
            "credibility": solution.posterior[0, 0],
        }

    before = measures(values)
    for parameter in ("prior", "prize", "audience_cost", "concession_cost", "loss"):
        after = measures({**values, parameter: values[parameter] * (1 + STEP)})
        for measure, signs in SIGNS.items():
            change = after[measure] - before[measure]
            if signs[parameter] == 0:
                assert abs(change) <= 1e-12
            else:
                assert change * signs[parameter] > 1e-12, (measure, parameter)


@given(bluffing(), st.floats(1.01, 3))
def test_threats_do_not_become_rarer_with_the_prior_across_kinds_but_acts_may(values, factor):
    higher = {**values, "prior": min(1.0, values["prior"] * factor * 2)}
    before, after = (PerfectBayesian().solve(ThreatGame(**each)) for each in (values, higher))
    assert after.threat_probability[0] >= before.threat_probability[0] - 1e-12
    if after.kind[0] == SignallingKind.POOLING_ON_THREAT:  # nobody resists any more
        assert after.carried_out_probability[0] == 0 < before.carried_out_probability[0]


@given(bluffing(), st.floats(1.0, 5))
def test_no_concession_where_it_costs_as_much_as_the_threatened_act(values, factor):
    costly = {**values, "concession_cost": values["loss"] * factor * 1.0001}
    assert (PerfectBayesian().solve(ThreatGame(**costly)).concession == 0).all()
    free = {**values, "concession_cost": -0.1 * factor}
    assert (PerfectBayesian().solve(ThreatGame(**free)).concession == 1).all()


def test_for_reading():
    solution = PerfectBayesian().solve(ThreatGame(**{**KNOWN, "carrying_out": [-1, 1]}))
    assert list(solution.to_frame().index) == [(0, 0), (0, 1), (1, 0)]
    assert [one["kind"] for one in solution.profiles(0)] == ["semi-separating", "pooling on silence"]
    assert "2 semi-separating, 1 pooling on silence" in repr(solution)
    assert len(solution.select(solution.divine)) == 2
    with pytest.raises(UnknownDrawError):
        solution.profiles(2)
