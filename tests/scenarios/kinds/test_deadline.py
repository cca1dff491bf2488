import itertools

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError, UnknownNameError, UnsupportedGameError
from bargain.scenarios.kinds.deadline import DeadlineKind, DeadlineOptions
from bargain.scenarios.kinds.model import KindModel
from bargain.solvers.bargaining import deadline_offers
from reference.plain_kinds import plain_sweep

PARTIES = {"A": (), "B": ()}
OPTIONS = {"deals": ["deal"], "without": "end", "rounds": 4, "first": "A"}


def model(options=(), parties=PARTIES):
    kind = DeadlineKind(DeadlineOptions(**{**OPTIONS, **dict(options)}), parties)
    terms = [
        ("A payoff", bg.Value("one") * bg.When(outcome="deal", depth="full")),
        ("B payoff", 1 * bg.When(outcome="deal", depth="none")),
        ("A patience", bg.Value("patience")),
        ("B patience", bg.Value("patience")),
    ]
    return KindModel.of(kind, [(name, term) for name, payoff in terms for term in payoff.terms])


def test_the_game_is_the_one_that_is_described():
    game = model().game({"one": 1, "patience": 0.9})
    assert game.payoffs[:, 0, :, 0].tolist() == [[0, 1], [1, 0]]
    path = bg.solve(game, bg.DeadlineOffers())
    assert path.payoffs[0, 0] == pytest.approx(0.181)
    assert (game.rounds, game.first, game.deadline) == (4, 0, "firm")


def test_side_payments_come_last_or_always_and_only_always_with_a_random_date():
    kinds = {
        "last round": [0, 0, 0, 2],
        "every round": [2, 2, 2, 2],
    }
    for when, expected in kinds.items():
        kind = DeadlineKind(DeadlineOptions(**OPTIONS, side_payment=when), PARTIES)
        rows = {quantity.name: np.zeros((4, 1)) for quantity in kind.quantities}
        game = kind.game(rows | {"A side payment": np.full((4, 1), 2.0)})
        assert game.side_payment[0, :, 0].tolist() == expected
        loose = DeadlineKind(DeadlineOptions(**OPTIONS, side_payment=when, deadline="random"), PARTIES)
        game = loose.game(rows | {"A side payment": np.full((4, 1), 2.0)})
        assert game.side_payment[0, :, 0].tolist() == [2 if when == "every round" else 0]


def test_what_happens_without_a_deal_may_be_uncertain():
    options = {**OPTIONS, "otherwise": "goes on", "outside_options": True, "recognition": True}
    kind = DeadlineKind(DeadlineOptions(**options), PARTIES)
    assert kind.choices.actions == (("deal", "end", "goes on"), ("none", "full"))
    names = [quantity.name for quantity in kind.quantities]
    assert {"lapse", "A outside option", "B recognition"} <= set(names)
    rows = {name: np.zeros((6, 1)) for name in names}
    rows["A payoff"] = np.array([0, 0, -2, -2, 4, 4.0])[:, None]
    rows["lapse"] = np.full((6, 1), 0.75)
    assert kind.game(rows).disagreement[:, 0].tolist() == [-0.5, 0]


def test_misuse():
    with pytest.raises(InvalidArgumentError, match="two were expected"):
        model(parties={"A": (), "B": (), "C": ()})
    with pytest.raises(UnknownNameError, match="options.first"):
        model({"first": "C"})
    with pytest.raises(UnsupportedGameError, match="values"):
        model().hold({"A": "deal"})


@pytest.mark.parametrize(
    ("setting", "agreement", "share"),
    [
        ("2018-08 routine", "no agreement", 0.98),
        ("2019-08 notice", "at the deadline", 0.9),
        ("2019-11 deadline", "at the deadline", 0.93),
        ("2023-03 thaw", "at once", 0.75),
    ],
)
def test_the_built_in_scenario_tells_four_of_five_dates(setting, agreement, share):
    scenario = bg.load_scenario("gsomia-deadline")
    assert scenario.setting(setting).history == (agreement,)
    sweep = bg.run(scenario.task(setting, draws=4_000, seed=1))
    shares = sweep.shares()["share"]
    assert shares.loc[agreement].item() > share
    assert shares.sum() == pytest.approx(1)


def test_and_does_not_tell_2020():
    """Most draws have Seoul suspend for nothing rather than run a small risk of losing the pact."""
    scenario = bg.load_scenario("gsomia-deadline")
    sweep = bg.run(scenario.task("2020-08 default", draws=4_000, seed=1))
    assert sweep.shares()["share"].loc["no agreement"].item() < 0.5
    assert sweep.measures()["mean"]["depth"] < 0.1


def test_every_number_of_its_own_has_a_unit_a_meaning_and_sources():
    scenario = bg.load_scenario("gsomia-deadline")
    for parameter in scenario.parameters:
        assert parameter.unit
        assert parameter.meaning
        assert parameter.sources
    assert all(term.why for _, term in scenario.terms)
    assert all(term.sources for _, term in scenario.terms)


# ---------------------------------------------------------------- the audit


RANGES = {
    "payoff": (-2, 2),
    "patience": (0.6, 1),
    "posturing": (-0.1, 0.3),
    "payment": (0, 0.5),
    "breakdown": (0, 0.2),
    "option": (-1.5, 1),
    "recognition": (0, 1),
    "lapse": (0, 1),
}


def test_an_independent_solver_agrees_at_every_setting():
    scenario = bg.load_scenario("gsomia-deadline")
    for setting in scenario.settings:
        audit = bg.run(scenario.task(setting, draws=500, seed=3), audit=100).audit
        assert (audit.agreed, audit.checked, audit.by) == (100, 100, "recursion over rounds")


@pytest.mark.parametrize("date", ["firm", "random"])
@pytest.mark.parametrize("outside", [False, True])
def test_it_agrees_on_any_talks(date, outside):
    found = set()
    for seed, (chance, otherwise, deals) in enumerate(itertools.product([False, True], ["", "on"], [1, 3])):
        options = DeadlineOptions(
            deals=[f"deal {number}" for number in range(deals)],
            without="end",
            otherwise=otherwise,
            rounds=2 + seed % 4,
            first="B",
            deadline=date,
            side_payment=("last round", "every round")[seed % 2],
            outside_options=outside,
            recognition=chance,
        )
        sweep = plain_sweep(DeadlineKind(options, PARTIES), RANGES, draws=40, seed=seed)
        # Without a firm date offers need not settle, though they nearly always do.
        assert sweep.audit.agreed == sweep.audit.checked > 35, sweep.audit.disagreements
        found |= {outcome for (outcome,), share in sweep.shares()["share"].to_dict().items() if share > 0}
    assert found >= {"at once", "no agreement"}
    assert ("walked out" in found) is outside
    assert date == "random" or found >= {"before the deadline", "at the deadline"}


def test_errors_of_the_fast_path_are_reported(monkeypatch):
    task = bg.load_scenario("gsomia-deadline").task("2019-11 deadline", draws=200, seed=3)
    right = deadline_offers._waiting
    monkeypatch.setattr(deadline_offers, "_waiting", lambda *given: right(*given) + 1e-4)
    audit = bg.run(task, audit=200, workers=1).audit
    assert audit.agreed < audit.checked
    monkeypatch.setattr(deadline_offers, "_SLACK", 0.5)
    assert bg.run(task, audit=200, workers=1).audit.agreed < 100
