"""Thresholds are exact: they agree with brute force, and both of their sides with solving there."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.payoffs.model import PayoffModel
from bargain.sensitivity.thresholds import thresholds
from reference.bisection import changes, stable
from reference.random_models import RandomModel


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


def words(labels, equilibria):
    found = ["/".join(outcome) for outcome, there in zip(labels.outcomes, equilibria, strict=True) if there]
    return "; ".join(found) or "(none)"


def sides(row):
    """Return what is predicted below and above."""
    pair = row["before"], row["after"]
    return pair[::-1] if row["value"] < row["now"] else pair


def check(random, points):
    """Compare with brute force in both directions; return how many changes brute force saw."""
    table, labels = thresholds(random, "now"), random.model.labels
    ranges = [random.space[name].range() for name in random.space.names]
    found = [table[table["parameter"] == name] for name in random.space.names]
    brute = changes(random.payoffs_at, ranges, points=points)
    for number, value in brute:
        assert ((found[number]["value"] - value).abs() < 1e-9).sum() == 1, (number, value, table)
    # The other direction, which also finds what is too narrow for the grid: both sides, by solving there.
    for number, (rows, (low, high)) in enumerate(zip(found, ranges, strict=True)):
        ends = np.array([low, *rows["value"], high])
        beside = (ends[1:] + ends[:-1]) / 2
        told = [words(labels, column) for column in stable(random.payoffs_at(number, beside)).T]
        assert [sides(row) for row in rows.to_dict("records")] == list(itertools.pairwise(told))
    return len(brute)


def test_agree_with_brute_force_on_500_random_models():
    rng = np.random.default_rng(500)
    seen = sum(check(RandomModel(rng, parameters=3), points=120) for _ in range(500))
    assert seen > 1000


def test_margin_now_and_player():
    rng = np.random.default_rng(3)
    for _ in range(30):
        random = RandomModel(rng)
        for _, row in thresholds(random, "now").iterrows():
            low, high = random.space[row["parameter"]].range()
            assert row["now"] == random.space[row["parameter"]].mode
            assert row["margin"] == pytest.approx((row["value"] - row["now"]) / (high - low))
            assert low < row["value"] < high
            assert row["exact"]
            # Whoever is named is indifferent there between two actions, and nobody else's reply has changed.
            payoffs = random.payoffs_at(random.space.names.index(row["parameter"]), np.array([row["value"]]))
            payoffs = payoffs[..., 0]
            for player, name in enumerate(random.model.labels.players):
                own = np.moveaxis(payoffs[player], player, 0).reshape(payoffs.shape[1 + player], -1)
                gaps = [np.abs(a - b).min() for a, b in itertools.combinations(own, 2)]
                assert (min(gaps) < 1e-9) == (name in row["player"].split(", ")), (row, gaps)


def test_gsomia_at_the_deadline(scenario):
    table = thresholds(scenario, "2019-11 deadline").set_index("parameter")
    pressing = table.loc["pressing_cost"]
    assert pressing["value"] == pytest.approx(1.5, abs=1e-12)  # a quarter of the pact's value of 6
    assert pressing["margin"] == pytest.approx(0.7 / 1.9)
    assert (pressing["before"], pressing["after"]) == ("suspend/relax/press", "terminate/maintain/abstain")
    assert pressing["player"] == "USA"
    displeasure = table.loc["us_displeasure"]
    assert displeasure["before"] == "suspend/relax/press"
    assert displeasure["after"] == "suspend/relax/press; terminate/maintain/press"
    assert displeasure["player"] == "ROK"
    assert displeasure["margin"] < 0


def test_nothing_depends_on_what_the_controls_cost_their_victim(scenario):
    for setting in scenario.settings:
        wide = {"export_control_cost_rok": bg.Uniform(-1000, 1000)}
        for solver in (bg.PureNash(), bg.AllNash()):
            table = thresholds(
                scenario, setting, parameters=["export_control_cost_rok"], solver=solver, values=wide
            )
            assert table.empty
    assert list(table.columns) == [
        "parameter", "now", "value", "before", "after", "player", "margin", "exact",
    ]  # fmt: skip
    assert table["value"].dtype == np.float64


@given(st.integers(0, 10_000), st.floats(0.1, 10), st.floats(-5, 5))
def test_laws_of_payoffs(seed, scale, shift):
    """Units of payoffs, and what a player gets whatever it does, change no threshold."""
    random = RandomModel(np.random.default_rng(seed), parameters=2)
    before = thresholds(random, "now")
    model = random.model
    shape = model.labels.shape
    other = model.coefficients.reshape(len(shape), *shape, -1) * scale
    other[0] += shift * np.random.default_rng(seed).normal(size=(1, *shape[1:], other.shape[-1]))
    random.model = PayoffModel(
        model.labels, model.parameters, (), model.monomials, other.reshape(model.coefficients.shape), {}
    )
    after = thresholds(random, "now")
    pd.testing.assert_frame_equal(before, after, rtol=1e-7, atol=1e-9)


@given(st.integers(0, 10_000))
def test_walking_the_other_way_meets_the_same_thresholds(seed):
    random = RandomModel(np.random.default_rng(seed), parameters=2)
    before = thresholds(random, "now", parameters=["x0"])
    # -x0 in place of x0: every product with it changes sign.
    model = random.model
    signs = np.array([-1.0 if 0 in monomial else 1.0 for monomial in model.monomials])
    random.model = PayoffModel(
        model.labels, model.parameters, (), model.monomials, model.coefficients * signs, {}
    )
    low, high = random.space["x0"].range()
    mirrored = bg.Triangular(-high, -random.space["x0"].mode, -low)
    after = thresholds(random, "now", parameters=["x0"], values={"x0": mirrored})
    assert after["value"].tolist() == pytest.approx((-before["value"])[::-1].tolist(), abs=1e-12)
    assert after["before"].tolist() == before["before"].tolist()[::-1]
    assert after["after"].tolist() == before["after"].tolist()[::-1]


class Line:
    """One player, or two, whose payoffs depend on one parameter ``t`` in [0, 1], now at 0.5."""

    name, settings = "line", ("now",)

    def __init__(self, payoffs, actions=None, mode=0.5):
        self.model = bg.PayoffModel.of(actions or {"A": ("stay", "go")}, payoffs, parameters=["t"])
        self.space = bg.Space([bg.Parameter("t", bg.Triangular(0, mode, 1))])

    def space_at(self, _):
        return self.space


t, go = bg.Value("t"), bg.When(A="go")


def test_a_tie_at_the_present_value_counts_from_below_to_above():
    [row] = thresholds(Line({"A": go * (t - 0.5)}), "now").to_dict("records")
    assert (row["value"], row["margin"], row["before"], row["after"]) == (0.5, 0, "stay", "go")


def test_a_tie_that_changes_nothing_is_no_threshold():
    # At one half B is indifferent, but its better reply was never played.
    payoffs = {"A": go * 1.0, "B": bg.When(A="stay", B="right") * (t - 0.5)}
    actions = {"A": ("stay", "go"), "B": ("left", "right")}
    assert thresholds(Line(payoffs, actions), "now")["value"].tolist() == []


def test_an_equilibrium_at_a_single_point_is_no_change():
    # Matching pennies, won by the one below a quarter and by the other above; at a quarter nobody cares.
    payoffs = {
        "A": (t - 0.25) * (bg.When(A="stay", B="left") + bg.When(A="go", B="right")),
        "B": (t - 0.25) * (bg.When(A="stay", B="right") + bg.When(A="go", B="left")),
    }
    actions = {"A": ("stay", "go"), "B": ("left", "right")}
    assert thresholds(Line(payoffs, actions), "now").empty


def test_permanent_ties_do_not_flicker():
    # Two thirds in three ways: rounding must not decide between equal payoffs.
    payoffs = {"A": bg.When(A="go") * (0.1 * t + 0.2 * t) + bg.When(A="run") * (0.3 * t)}
    actions = {"A": ("go", "run", "stay")}
    line = Line(payoffs | {"A": payoffs["A"] + bg.When(A="stay") * 0.1}, actions)
    [row] = thresholds(line, "now").to_dict("records")
    assert row["value"] == pytest.approx(1 / 3)
    assert (row["before"], row["after"]) == ("go; run", "stay")


def test_ends_of_the_range_are_no_thresholds():
    assert thresholds(Line({"A": go * t}), "now").empty
    assert thresholds(Line({"A": go * (t - 1)}), "now").empty


def test_tolerance_moves_the_thresholds():
    table = thresholds(Line({"A": go * (t - 0.5)}), "now", solver=bg.PureNash(tolerance=0.1))
    assert table["value"].tolist() == pytest.approx([0.4, 0.6])
    assert table["after"].tolist() == ["stay", "go"]
    assert table["before"].tolist() == ["stay; go", "stay; go"]


def test_held_parameters_have_no_thresholds_and_held_players_no_replies(scenario):
    setting = "2019-11 deadline"
    assert thresholds(scenario, setting, parameters=["pressing_cost"], values={"pressing_cost": 1.0}).empty
    held = thresholds(scenario, setting, fix={"USA": "press"})
    assert "pressing_cost" not in set(held["parameter"])
    assert set(held["player"]) <= {"ROK", "JPN"}
    moved = thresholds(scenario, setting, parameters=["pressing_cost"], values={"pact_value_usa": 8.0})
    assert moved["value"].tolist() == pytest.approx([2.0])


@pytest.mark.parametrize("setting", ["2019-08 notice", "2019-11 deadline", "2020-08 default"])
def test_backward_induction_agrees_with_solving_beside_each_threshold(scenario, setting):
    order = bg.SubgamePerfect(scenario.orders["USA first"])
    table = thresholds(scenario, setting, solver=order)
    assert not table.empty
    for _, row in table[table["exact"]].iterrows():
        width = np.ptp(scenario.range(setting, row["parameter"]))
        told = []
        for step in (-1e-7, 1e-7):
            game = scenario.game(setting, values={row["parameter"]: row["value"] + step * width})
            profiles = bg.solve(game, order).profiles(digits=9)
            told.append({"/".join("|".join(played) for played in p.values()) for p in profiles})
        assert tuple(set(side.split("; ")) for side in sides(row)) == tuple(told)


def test_backward_induction_is_exact_where_a_threat_stops_being_credible():
    # The incumbent fights where that pays; whoever knows it stays out below, and enters above.
    payoffs = {
        "entrant": bg.When(entrant="enter") * (1 - 3 * bg.When(incumbent="fight")),
        "incumbent": bg.When(entrant="enter", incumbent="fight") * (0.3 - t),
    }
    actions = {"entrant": ("out", "enter"), "incumbent": ("fight", "share")}
    order = bg.SubgamePerfect([["entrant"], ["incumbent"]])
    [row] = thresholds(Line(payoffs, actions), "now", solver=order).to_dict("records")
    assert row["value"] == pytest.approx(0.3, abs=1e-12)
    assert row["before"] == "enter/share"
    assert row["after"].startswith("out/")
    assert row["player"] == "incumbent"
    assert row["exact"]


def test_mixed_equilibria_of_two_by_two_games_change_at_roots():
    # Matching pennies whose row player stops caring what the other does at t = 0.8.
    payoffs = {
        "A": bg.When(A="stay", B="left") * (1.6 - 2 * t) + bg.When(A="go", B="right") * 1.0,
        "B": bg.When(A="stay", B="right") * 1.0 + bg.When(A="go", B="left") * 1.0,
    }
    actions = {"A": ("stay", "go"), "B": ("left", "right")}
    [row] = thresholds(Line(payoffs, actions), "now", solver=bg.AllNash()).to_dict("records")
    assert row["value"] == pytest.approx(0.8, abs=1e-12)
    assert (row["before"], row["after"]) == ("stay|go/left|right", "go/left")
    assert row["exact"]


def test_a_fold_of_mixed_equilibria_is_found_and_not_called_exact():
    # Rock, paper, scissors with an outside option worth t: it is taken when it beats the mix, worth (6 - 3) / 9.
    wins = {("rock", "scissors"), ("paper", "rock"), ("scissors", "paper")}
    three = ("rock", "paper", "scissors")

    def pay(me, other):
        return sum(
            (2.0 if (a, b) in wins else 0.0 if (b, a) in wins else -1.0) * bg.When(**{me: a, other: b})
            for a in three
            for b in three
        )

    payoffs = {"A": pay("A", "B") + bg.When(A="out") * t, "B": pay("B", "A")}
    actions = {"A": (*three, "out"), "B": three}
    table = thresholds(Line(payoffs, actions), "now", solver=bg.AllNash())
    rows = table[(table["value"] - 1 / 3).abs() < 1e-9]
    assert len(rows) == 1
    row = rows.iloc[0]
    assert not row["exact"]
    assert "rock|paper|scissors/rock|paper|scissors" in sides(row)[0]
    assert "rock|paper|scissors/rock|paper|scissors" not in sides(row)[1]


@pytest.mark.parametrize(
    ("change", "error", "said"),
    [
        ({"setting": "2019-11"}, bg.errors.UnknownNameError, "2019-11 deadline"),
        ({"parameters": ["presing_cost"]}, bg.errors.UnknownNameError, "did you mean 'pressing_cost'"),
        ({"parameters": "pressing_cost"}, bg.errors.InvalidArgumentError, "a list of names"),
        ({"fix": {"USA": "pres"}}, bg.errors.UnknownNameError, "press"),
        ({"values": {"presing_cost": 1}}, bg.errors.UnknownNameError, "pressing_cost"),
        ({"solver": bg.ConflictStability()}, bg.errors.InvalidArgumentError, "solver of payoffs"),
        ({"solver": bg.LogitQRE(precision=1.0)}, bg.errors.InvalidArgumentError, "PureNash"),
    ],
)
def test_bad_arguments_are_named(scenario, change, error, said):
    arguments = {"setting": "2019-11 deadline", **change}
    with pytest.raises(error, match=said):
        thresholds(scenario, arguments.pop("setting"), **arguments)
