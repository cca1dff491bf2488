"""Scenarios of any tree, in a file and in Python."""

import numpy as np
import pytest

import bargain as bg
from bargain.errors import BargainError, ScenarioError, UnknownNameError, UnsupportedGameError
from bargain.payoffs.term import Term
from bargain.scenarios.kinds.extensive import Extensive, ExtensiveOptions
from bargain.scenarios.kinds.model import KindModel
from bargain.solvers import extensive_logit_qre
from bargain.solvers.solution import Status
from reference.plain_kinds import plain_sweep

ENTRY = """
schema_version = 1
kind = "extensive"
name = "entry"
title = "Entry"
players = [{ name = "entrant" }, { name = "incumbent" }]

[options]
payoff_range = [-5, 5]
nodes = [
  { name = "weather", chance = { good = "market, good", bad = "market, bad" } },
  { name = "market, good", player = "entrant", actions = { out = "out", enter = "entered, good" } },
  { name = "market, bad", player = "entrant", actions = { out = "out", enter = "entered, bad" } },
  { name = "entered, good", player = "incumbent", information_set = "IS", actions = { fight = "war", share = "duopoly" } },
  { name = "entered, bad", player = "incumbent", information_set = "IS", actions = { fight = "war", share = "duopoly" } },
]

[parameters.pride]
meaning = "what fighting is worth"
unit = "util"
distribution = { kind = "uniform", low = -1, high = 3 }

[parameters.luck]
meaning = "chance of good weather"
unit = "probability"
distribution = { kind = "uniform", low = 0, high = 1 }

[[terms]]
name = "chance"
chance = "weather"
event = "good"
coefficient = 1
parameters = ["luck"]
why = "weather"

[[terms]]
name = "gain"
player = "entrant"
coefficient = 1
when = { "IS" = ["share"] }
why = "a share of the market"

[[terms]]
name = "storm"
player = "entrant"
coefficient = -0.5
when = { "IS" = ["share"], weather = ["bad"] }
why = "bad weather"

[[terms]]
name = "war"
player = "entrant"
coefficient = -1
when = { "IS" = ["fight"] }
why = "a price war"

[[terms]]
name = "pride"
player = "incumbent"
coefficient = 1
parameters = ["pride"]
when = { "IS" = ["fight"] }
why = "pride"

[[terms]]
name = "peace"
player = "incumbent"
coefficient = 1
when = { "IS" = ["share"] }
why = "a share of the market"

[[settings]]
name = "now"
date = 2020-01-01
title = "Now"
role = "fitted"
[[settings.history]]
coding = "as reported"
outcome = { end = "out" }
"""
SEEN = ENTRY.replace(', information_set = "IS"', "").replace(
    'when = { "IS" = ["share"], weather = ["bad"] }', 'when = { "entered, bad" = ["share"] }'
)


def seen(text):
    """Let the incumbent see the weather: every term about its answer is written for both nodes."""
    parts = []
    for block in text.split("[[terms]]"):
        if '"IS"' in block:
            for place, node in enumerate(("entered, good", "entered, bad")):
                copy = block.replace('"IS"', f'"{node}"').replace('name = "', f'name = "{place} ', 1)
                parts.append(copy)
        else:
            parts.append(block)
    return "[[terms]]".join(parts).replace("[[settings]]" * 2, "[[settings]]")


def load(tmp_path, text):
    head, _, tail = text.partition("[[settings]]")
    path = tmp_path / "tree.toml"
    path.write_text(head + "[[settings]]" + tail, encoding="utf-8")
    return bg.load_scenario(path)


@pytest.fixture
def entry(tmp_path):
    return load(tmp_path, ENTRY)


@pytest.fixture
def informed(tmp_path):
    head, _, tail = SEEN.partition("[[settings]]")
    return load(tmp_path, seen(head) + "\n[[settings]]" + tail)


def test_payoffs_stand_where_the_path_says(entry):
    game = entry.game("now", values={"pride": 2, "luck": 0.3})
    table = game.to_frame()
    assert table["entrant"].tolist() == [0, -1, 1, 0, -1, 0.5]
    assert table["incumbent"].tolist() == [0, 2, 1, 0, 2, 1]
    np.testing.assert_allclose(game.chance[:, 0], [0.3, 0.7])
    assert entry.labels.actions == (("out", "war", "duopoly"),)
    assert entry.setting("now").history == ("out",)


def test_perfect_information_is_solved_by_induction_and_audited(informed):
    assert isinstance(informed.default_solver(), bg.BackwardInduction)
    sweep = bg.run(informed.task("now", draws=4_000, seed=2))
    # The incumbent fights where pride exceeds one, and then nobody enters.
    assert sweep.shares().loc[("out",), "share"] == pytest.approx(0.5, abs=0.03)
    assert sweep.shares().loc[("duopoly",), "share"] == pytest.approx(0.5, abs=0.03)
    assert sweep.audit.by == "recursion from the ends"
    assert sweep.audit.agreed == sweep.audit.checked == 64
    measures = sweep.measures()
    assert measures.loc["entered, good: fight", "mean"] == pytest.approx(
        float(sweep.shares().loc[("out",), "share"])
    )


def test_hidden_moves_are_solved_by_plans(entry):
    assert isinstance(entry.default_solver(), bg.StrategicNash)
    sweep = bg.run(entry.task("now", draws=200, seed=2, values={"pride": 0.5, "luck": 0.5}))
    game = entry.game("now", values={"pride": 0.5, "luck": 0.5})
    outcomes = bg.solve(game, bg.StrategicNash()).outcomes
    assert sweep.shares().loc[("duopoly",), "possible"] == float((outcomes[[2, 5]].sum(axis=0) > 1e-9).any())


def test_quantal_responses_are_averaged(informed):
    sweep = bg.run(informed.task("now", draws=300, seed=2, solver=bg.ExtensiveLogitQRE(precision=1.5)))
    drawn = [sweep.draw(number).solution.outcomes[:, 0] for number in range(300)]
    assert sweep.shares().loc[("(mixed)",), "share"] == 1
    fights = [float(sweep.draw(n).solution.behaviour[1][0, 0]) for n in range(300)]
    assert sweep.measures().loc["entered, good: fight", "mean"] == pytest.approx(np.mean(fights))
    assert np.shape(drawn) == (300, 6)


def test_probabilities_outside_zero_and_one_are_invalid(entry):
    task = entry.task("now", draws=2_000, values={"luck": bg.Uniform(-1, 1)}, solver=bg.StrategicNash())
    assert bg.run(task).statuses()[Status.INVALID] / 2_000 == pytest.approx(0.5, abs=0.05)


def test_a_decision_may_be_held(informed):
    held = informed.task("now", draws=2_000, seed=2, fix={"entered, good": "share"})
    assert held.model.labels.actions == (("out", "duopoly", "war"),)
    sweep = bg.run(held)
    assert sweep.measures().loc["market, good: enter", "mean"] == 1
    effect = bg.compare(informed.task("now", draws=2_000, seed=2), held)
    assert effect["difference"].sum() == pytest.approx(0)
    with pytest.raises(UnknownNameError, match="did you mean 'entered, good'"):
        informed.task("now", fix={"entered good": "share"})
    with pytest.raises(UnknownNameError, match="'shared'"):
        informed.task("now", fix={"entered, good": "shared"})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('good = "market, good"', 'good = "market, bad"', "reached in two ways"),
        ('out = "out", enter = "entered, good"', 'out = "out", enter = "weather"', "reached in two ways"),
        ('enter = "entered, good"', 'enter = "war"', "nothing leads to 'entered, good'"),
        ('name = "market, bad"', 'name = "market, good"', "appears more than once"),
        ('player = "entrant", actions', "actions", "player and actions, or chance, were expected"),
        ('player = "entrant", actions', 'player = "stranger", actions', "'stranger'"),
        ('event = "good"', 'event = "fine"', "unknown event of chance"),
        (
            'chance = "weather"\nevent',
            'player = "entrant"\nchance = "weather"\nevent',
            "a player or a chance with its event",
        ),
        ('"IS" = ["share"]', '"IS" = ["shar"]', "did you mean 'share'"),
        ('"IS" = ["share"]', '"IT" = ["share"]', "did you mean 'IS'"),
        ("payoff_range = [-5, 5]", "payoff_range = [5, 5]", "low < high"),
        ('{ name = "entrant" }', '{ name = "other" }', "'entrant'"),
    ],
)
def test_mistakes_say_where_they_are(tmp_path, old, new, message):
    assert old in ENTRY
    with pytest.raises(BargainError, match=message):
        load(tmp_path, ENTRY.replace(old, new, 1))


def test_one_event_of_a_chance_may_be_left_out_but_not_two(tmp_path):
    text = ENTRY[: ENTRY.index("[[terms]]")] + ENTRY[ENTRY.index('[[terms]]\nname = "gain"') :]
    with pytest.raises(ScenarioError, match="none of 'good', 'bad'"):
        load(tmp_path, text)


# ---------------------------------------------------------------- in Python


def bluff(credit="credit"):
    def side(kind, resisted):
        reply = bg.Decision(
            "receiver", "threatened", {"concede": bg.Outcome([3, -1]), "resist": bg.Outcome(resisted)}
        )
        return bg.Decision("sender", kind, {"threaten": reply, "wait": bg.Outcome([0, 0], name="peace")})

    tough = side("tough", {"sender": bg.Value(credit) - 1, "receiver": -2})
    return bg.Chance({"tough": (bg.Value("belief"), tough), "weak": (None, side("weak", [-1, 0]))})


def test_a_tree_with_terms_is_the_tree_with_numbers():
    model = bg.tree_model(("sender", "receiver"), bluff())
    game = model.game({"credit": [2.0, 0.5], "belief": [0.25, 0.5]})
    assert game.outcomes == ("tough/threaten/concede", "tough/threaten/resist", "peace",
                             "weak/threaten/concede", "weak/threaten/resist", "peace")  # fmt: skip
    np.testing.assert_allclose(game.chance, [[0.25, 0.5], [0.75, 0.5]])
    np.testing.assert_allclose(game.payoffs[0, 1], [1.0, -0.5])
    assert model.labels.actions[0].count("peace") == 1


def test_it_sweeps_and_holds():
    model = bg.tree_model(("sender", "receiver"), bluff())
    space = bg.Space([bg.Parameter("belief", bg.Uniform(0.05, 0.45)), bg.Parameter("credit", bg.Fixed(2))])
    space = bg.Space([space[name] for name in model.parameters])
    task = bg.Task(model, space, draws=200, solver=bg.ExtensiveLogitQRE(2.0))
    assert bg.run(task).measures().loc["threatened: concede", "used"] == 1
    held = bg.Task(model.hold({"threatened": "concede"}), space, draws=200, solver=bg.StrategicNash())
    # If threats were always conceded to, everybody would make them.
    assert bg.run(held).measures().loc["weak: threaten", "mean"] == 1


@pytest.mark.parametrize(
    ("players", "root", "message"),
    [
        (
            ("A", "B"),
            bg.Decision("A", "x", {"l": bg.Outcome([1]), "r": bg.Outcome([1, 2])}),
            "one payoff for each",
        ),
        (("A",), bg.Decision("A", "x", {"l": 3}), "a Decision, Chance or Outcome was expected"),
        (
            ("A",),
            bg.Decision("A", "x", {"l": bg.Outcome([bg.When(A="l") * bg.Value("c")])}),
            "terms without conditions were expected",
        ),
        (("A",), bg.Chance({"u": (None, bg.Outcome([1])), "d": (None, bg.Outcome([0]))}), "."),
    ],
)
def test_trees_that_are_none_are_refused(players, root, message):
    with pytest.raises(BargainError, match=message):
        bg.tree_model(players, root)


def test_induction_refuses_hidden_moves_in_a_sweep(entry):
    with pytest.raises(UnsupportedGameError, match="perfect information"):
        bg.run(entry.task("now", draws=10, solver=bg.BackwardInduction()))


# ---------------------------------------------------------------- the audit

HIDDEN = [
    {"name": "weather", "chance": {"good": "market, good", "bad": "market, bad"}},
    {"name": "market, good", "player": "A", "actions": {"out": "out", "enter": "entered, good"}},
    {"name": "market, bad", "player": "A", "actions": {"out": "out", "enter": "entered, bad"}},
    {"name": "entered, good", "player": "B", "information_set": "IS",
     "actions": {"fight": "war", "share": "duopoly"}},
    {"name": "entered, bad", "player": "B", "information_set": "IS",
     "actions": {"fight": "war", "share": "again"}},
    {"name": "again", "player": "A", "actions": {"leave": "left", "stay": "stayed"}},
]  # fmt: skip
THREE = [
    {"name": "start", "player": "A", "actions": {"left": "B", "right": "C right", "quit": "quit"}},
    {"name": "B", "player": "B", "actions": {"up": "C up", "down": "down"}},
    {"name": "C right", "player": "C", "information_set": "C", "actions": {"s": "s", "t": "t"}},
    {"name": "C up", "player": "C", "information_set": "C", "actions": {"s": "s, up", "t": "t, up"}},
]
PENNIES = [
    {"name": "hide", "player": "A", "actions": {"heads": "heads", "tails": "tails", "edge": "edge"}},
    *(
        {"name": side, "player": "B", "information_set": "guess",
         "actions": {"heads": f"{side} heads", "tails": f"{side} tails"}}
        for side in ("heads", "tails", "edge")
    ),
]  # fmt: skip


def tree(nodes, players):
    options = ExtensiveOptions.model_validate({"payoff_range": [-5, 5], "nodes": nodes})
    return Extensive(options, dict.fromkeys(players, ()))


def audited(nodes, players, solver, draws):
    kind = tree(nodes, players)
    ranges = {quantity.name: (-1, 1) for quantity in kind.quantities if " at " in quantity.name}
    return plain_sweep(kind, ranges | {"weather: good": (0, 1)}, draws=draws, seed=3, solver=solver)


@pytest.mark.parametrize(("nodes", "players"), [(HIDDEN, "AB"), (THREE, "ABC"), (PENNIES, "AB")])
def test_plans_are_audited(nodes, players):
    sweep = audited(nodes, players, bg.StrategicNash(), 60)
    assert sweep.audit.by == "the table of plans"
    assert sweep.audit.agreed == sweep.audit.checked > 30, sweep.audit.disagreements


@pytest.mark.parametrize(("nodes", "players"), [(HIDDEN, "AB"), (THREE, "ABC"), (PENNIES, "AB")])
def test_quantal_responses_are_audited(nodes, players):
    sweep = audited(nodes, players, bg.ExtensiveLogitQRE(4.0), 15)
    assert sweep.audit.by == "responses step by step"
    assert sweep.audit.agreed == sweep.audit.checked > 10, sweep.audit.disagreements


def zero_sum_sweep():
    kind = tree(PENNIES, "AB")
    ends = [
        quantity.name.removeprefix("A at ") for quantity in kind.quantities if quantity.name.startswith("A")
    ]
    names = [f"x{place}" for place in range(len(ends))]
    terms = [
        (f"{player} at {end}", Term(sign, (name,), (), f"{player} {name}"))
        for end, name in zip(ends, names, strict=True)
        for player, sign in (("A", 1.0), ("B", -1.0))
    ]
    space = bg.Space([bg.Parameter(name, bg.Uniform(-1, 1)) for name in names])
    model = KindModel.of(kind, terms, parameters=names)
    return bg.run(
        bg.Task(model, space, draws=40, seed=2, solver=bg.ZeroSumSequenceForm()), audit=40, workers=1
    )


def test_values_of_games_of_conflict_are_audited():
    audit = zero_sum_sweep().audit
    assert (audit.agreed, audit.checked, audit.by) == (40, 40, "linear programs over plans")


def test_errors_of_the_fast_path_are_reported(monkeypatch):
    right = extensive_logit_qre._polished
    monkeypatch.setattr(extensive_logit_qre, "_polished", lambda game, point: right(game, point) + 1e-5)
    monkeypatch.setattr(extensive_logit_qre, "_RESIDUAL", 1.0)
    assert audited(THREE, "ABC", bg.ExtensiveLogitQRE(2.0), 8).audit.agreed == 0
    # Payoffs with a wrong sign, as the fast path sees them.
    monkeypatch.setattr(Extensive, "game", lambda self, numbers: self._template.with_payoffs(
        -numbers["payoffs"], numbers["chances"]))  # fmt: skip
    assert audited(HIDDEN, "AB", bg.StrategicNash(), 20).audit.agreed < 10
    assert zero_sum_sweep().audit.agreed < 10


def test_tables_that_are_too_large_are_left_alone():
    nodes = [
        {"name": "start", "chance": {f"e{place}": f"A{place}" for place in range(7)}},
        *(
            {"name": f"A{place}", "player": "A", "actions": {"x": f"B{place}", "y": f"y{place}"}}
            for place in range(7)
        ),
        *(
            {"name": f"B{place}", "player": "B", "actions": {"x": f"{place} x", "y": f"{place} y"}}
            for place in range(7)
        ),
    ]
    kind = tree(nodes, "AB")
    opinion = kind.second_opinion(bg.StrategicNash())
    assert opinion.solve(np.full(len(kind.quantities), 1 / 7)) is None
