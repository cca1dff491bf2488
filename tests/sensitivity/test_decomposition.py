"""Contributions add up to gains that the payoffs alone say."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError, UnknownNameError, UnsupportedGameError
from bargain.sensitivity.decomposition import decompose, objections

SETTING = "2019-11 deadline"
KEYS = ["equilibrium", "player", "alternative"]


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


@dataclass
class OneSetting:
    """The least that a scenario must be."""

    model: bg.PayoffModel
    space: bg.Space
    name: str = "toy"
    settings: tuple = ("now",)

    def space_at(self, setting, /):
        return self.space


def adds_up(gains, terms, keys):
    sums = terms.groupby(keys)["contribution"].sum()
    for row in gains.to_dict("records"):
        key = tuple(row[name] for name in keys)
        assert sums.get(key, 0.0) == pytest.approx(row["gain"], abs=1e-9)


def test_contributions_add_up_in_every_setting(scenario):
    for setting in scenario.settings:
        found = decompose(scenario, setting)
        assert len(found.gains) == 4
        adds_up(found.gains, found.terms, KEYS)
        game = scenario.game(setting)
        history = bg.solve(game, bg.PureNash()).outcomes[:, 0].argmax()
        outcome = np.unravel_index(history, game.shape)
        for row in found.gains.to_dict("records"):
            player = scenario.labels.player(row["player"])
            other = list(outcome)
            other[player] = scenario.labels.action(row["player"], row["alternative"])
            own = game.payoffs[player, ..., 0]
            assert row["gain"] == pytest.approx(own[outcome] - own[tuple(other)])
            assert row["gain"] >= 0


def test_the_united_states_in_november(scenario):
    found = decompose(scenario, SETTING)
    assert found.profiles == ("ROK suspend, JPN relax, USA press",)
    terms = found.terms[found.terms["player"] == "USA"].set_index("term")
    assert terms["contribution"].to_dict() == pytest.approx({"U5": 1.5, "U4": -0.8})
    assert terms.loc["U4", "sources"] == {t.name: t for _, t in scenario.model.terms}["U4"].sources
    words = found.words()
    assert "USA gains 0.7 by press over abstain, its best alternative:" in words
    assert "+1.5  U5:" in words
    assert words.index("U5:") < words.index("U4:")


def test_best_alternative_costs_least(scenario):
    gains = decompose(scenario, SETTING).gains
    mine = gains[gains["player"] == "ROK"].set_index("alternative")
    assert mine["best"].sum() == 1
    assert mine["gain"].idxmin() == mine["best"].idxmax()


def random_model(rng, shape=(3, 2, 2), parameters=4, terms=12):
    labels = bg.Labels(
        tuple(f"p{i}" for i in range(len(shape))), tuple(tuple(f"a{k}" for k in range(n)) for n in shape)
    )
    payoffs = {}
    for player in labels.players:
        total = bg.Payoff()
        for _ in range(terms):
            when = {
                other: rng.choice(actions, size=rng.integers(1, len(actions) + 1), replace=False).tolist()
                for other, actions in zip(labels.players, labels.actions, strict=True)
                if rng.random() < 0.6
            }
            term = bg.Payoff((bg.Term(float(rng.normal())),))
            for place in rng.choice(parameters, size=rng.integers(0, 3), replace=False):
                term = term * bg.Value(f"x{place}")
            total = total + (term * bg.When(when) if when else term)
        payoffs[player] = total
    names = [f"x{i}" for i in range(parameters)]
    space = bg.Space(tuple(bg.Parameter(name, bg.Uniform(*sorted(rng.normal(size=2)))) for name in names))
    return OneSetting(bg.PayoffModel.of(labels, payoffs, parameters=names), space)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_contributions_add_up_for_random_models_mixed_equilibria_too(seed):
    scenario = random_model(np.random.default_rng(seed))
    found = decompose(scenario, "now", solver=bg.AllNash())
    adds_up(found.gains, found.terms, KEYS)
    assert (found.gains["gain"] >= -1e-9).all()
    pure = bg.solve(scenario.model.game(scenario.space.mode()), bg.PureNash())
    stable = {scenario.model.labels.outcomes[number] for number in pure.outcomes.argmax(axis=0)}
    for outcome in scenario.model.labels.outcomes:
        against = objections(scenario, "now", outcome)
        adds_up(against.gains, against.terms, KEYS[1:])
        assert (outcome in stable) == (against.players == ())


def test_over_draws_each_contribution_has_its_spread(scenario):
    found = decompose(scenario, SETTING, draws=4000, seed=1)
    values = scenario.task(SETTING, draws=4000, seed=1).values(0)
    cost = values[scenario.model.parameters.index("pressing_cost")]
    row = found.terms.query("player == 'USA' and term == 'U4'").iloc[0]
    assert [row["low"], row["high"]] == pytest.approx(-np.quantile(cost, [0.95, 0.05]))
    payoffs = scenario.model.evaluate(values)
    gain = payoffs[2, 1, 1, 1] - payoffs[2, 1, 1, 0]
    usa = found.gains.query("player == 'USA'").iloc[0]
    assert [usa["low"], usa["high"]] == pytest.approx(np.quantile(gain, [0.05, 0.95]))
    assert usa["holds"] == np.mean(gain >= 0)
    assert f"not negative in {usa['holds']:.2f} of 4000 draws" in found.words()
    assert "low" not in decompose(scenario, SETTING).gains


def test_experiments_are_those_of_the_scenario(scenario):
    held = decompose(scenario, SETTING, fix={"USA": "abstain"}, values={"audience_credit": 6.0})
    assert set(held.gains["player"]) == {"ROK", "JPN"}, "who is held has no alternative"
    adds_up(held.gains, held.terms, KEYS)
    expected = bg.solve(
        scenario.game(SETTING, fix={"USA": "abstain"}, values={"audience_credit": 6.0}), bg.PureNash()
    ).profiles()[0]
    assert held.profiles == (", ".join(f"{player} {next(iter(p))}" for player, p in expected.items()),)


def test_objections_name_who_leaves_and_why(scenario):
    against = objections(scenario, SETTING, ("terminate", "maintain", "abstain"), draws=2000)
    assert against.players == ("USA",)
    row = against.gains.query("player == 'USA'").iloc[0]
    assert row["gain"] == pytest.approx(0.7)
    assert 0.7 < row["share"] < 0.9
    assert "USA objects to terminate/maintain/abstain" in against.words()
    assert "USA would gain 0.7 (5 to 95 %:" in against.words()
    adds_up(against.gains, against.terms, KEYS[1:])


def test_nobody_objects_to_an_equilibrium(scenario):
    against = objections(scenario, SETTING, {"USA": "press", "ROK": "suspend", "JPN": "relax"})
    assert against.players == ()
    assert "nobody objects to suspend/relax/press" in against.words()
    assert (against.gains["gain"] < 0).all()


def pennies():
    same = bg.When(p="h", q="h") + bg.When(p="t", q="t")
    model = bg.PayoffModel.of({"p": ("h", "t"), "q": ("h", "t")}, {"p": same, "q": -same}, parameters=["x"])
    return OneSetting(model, bg.Space((bg.Parameter("x", bg.Uniform(0, 1)),)))


def test_without_an_equilibrium_the_words_say_so():
    found = decompose(pennies(), "now")
    assert found.profiles == ()
    assert found.gains.empty
    assert found.terms.empty
    assert "no equilibrium of the kind looked for" in found.words()


def test_mixing_players_gain_nothing_by_what_they_mix():
    found = decompose(pennies(), "now", solver=bg.AllNash())
    assert found.profiles == ("p h (0.5) or t (0.5), q h (0.5) or t (0.5)",)
    assert found.gains["gain"].to_numpy() == pytest.approx(0)
    adds_up(found.gains, found.terms, KEYS)


def chicken(when=1.0):
    """Payoffs of A and B, who each would rather have the other swerve."""
    swerve = {"A": bg.When(A="swerve"), "B": bg.When(B="swerve")}
    crash = 6 * bg.When(A="straight", B="straight") * bg.Value("crash")
    return {
        who: 2 * swerve[other] * when - swerve[who] * when - crash * when
        for who, other in (("A", "B"), ("B", "A"))
    }


CHOICES = {"A": ("swerve", "straight"), "B": ("swerve", "straight")}
CRASH = bg.Space([bg.Parameter("crash", bg.Uniform(0.5, 1.5))])


@pytest.mark.parametrize("order", [[["USA"], ["ROK", "JPN"]], [["JPN"], ["USA"], ["ROK"]]])
def test_in_an_order_of_moves_gains_are_those_after_the_answers(scenario, order):
    solver = bg.SubgamePerfect(order)
    found = decompose(scenario, SETTING, solver=solver)
    adds_up(found.gains, found.terms, KEYS)
    game = scenario.game(SETTING)
    [profile] = bg.solve(game, solver).profiles()
    path = {player: next(iter(mix)) for player, mix in profile.items()}
    payoffs = dict(zip(game.labels.outcomes, game.payoffs.reshape(3, -1).T, strict=True))
    for row in found.gains.to_dict("records"):
        place = game.players.index(row["player"])
        before = []
        for group in order:
            before += [other for other in group if other != row["player"]]
            if row["player"] in group:
                break
        held = {other: path[other] for other in before} | {row["player"]: row["alternative"]}
        [after] = bg.solve(scenario.game(SETTING, fix=held), solver).profiles()
        reached = tuple(next(iter(mix)) for mix in after.values())
        gain = payoffs[tuple(path.values())][place] - payoffs[reached][place]
        assert row["gain"] == pytest.approx(gain)
        assert row["gain"] >= 0
        later = [other for other in game.players if other not in held]
        assert row["answer"] == ", ".join(f"{other} {reached[game.players.index(other)]}" for other in later)


def test_the_words_tell_the_answer(scenario):
    words = decompose(
        scenario, SETTING, solver=bg.SubgamePerfect([["USA"], ["ROK", "JPN"]]), draws=100
    ).words()
    assert "by press over abstain (answered by ROK terminate, JPN maintain), its best alternative:" in words
    assert "by suspend over renew, its best alternative:" in words


def test_the_last_movers_gains_are_those_of_moving_at_once(scenario):
    first = decompose(scenario, SETTING, solver=bg.SubgamePerfect([["USA"], ["ROK", "JPN"]]))
    at_once = decompose(scenario, SETTING)
    for one, other in zip(
        *(table.query("player != 'USA'").to_dict("records") for table in (first.terms, at_once.terms)),
        strict=True,
    ):
        assert one == other


def test_what_follows_must_be_one_outcome_for_gains_to_have_terms():
    after = {who: chicken(bg.When(C="go"))[who] + bg.When(**{"C": "stay", who: "swerve"}) for who in "AB"}
    model = bg.PayoffModel.of({"C": ("stay", "go"), **CHOICES}, {"C": 9.0 * bg.When(C="stay"), **after})
    with pytest.raises(UnsupportedGameError, match="what follows C go is not one outcome"):
        decompose(OneSetting(model, CRASH), "now", solver=bg.SubgamePerfect([["C"], ["A", "B"]]))


def test_mixing_in_an_order_of_moves_is_refused():
    order = bg.SubgamePerfect([["p", "q"]])
    with pytest.raises(UnsupportedGameError, match="somebody mixes"):
        decompose(pennies(), "now", solver=order)


def test_what_has_no_terms_of_its_own_is_refused(scenario):
    correlated = OneSetting(bg.PayoffModel.of(CHOICES, chicken()), CRASH)
    with pytest.raises(UnsupportedGameError, match="choose apart"):
        decompose(correlated, "now", solver=bg.CorrelatedEquilibrium())
    with pytest.raises(UnknownNameError, match="unknown setting"):
        decompose(scenario, "2019-12")
    with pytest.raises(InvalidArgumentError, match="an outcome names every player"):
        objections(scenario, SETTING, {"ROK": "renew"})
    with pytest.raises(InvalidArgumentError, match="draws"):
        decompose(scenario, SETTING, draws=-3)
