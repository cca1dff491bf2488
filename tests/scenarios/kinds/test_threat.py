"""The kind of scenario of a threat: the built-in file, its sweep, its audit, and the signs that it shows."""

import dataclasses

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import bargain as bg
from bargain.errors import InvalidArgumentError, InvalidGameError, UnknownNameError, UnsupportedGameError
from bargain.payoffs.term import Term
from bargain.scenarios.kinds.kind import Quantity
from bargain.scenarios.kinds.model import KindModel
from bargain.scenarios.kinds.threat import Threat, ThreatOptions
from bargain.scenarios.kinds.threat_by_trial import threat_equilibria
from bargain.solvers import signalling_equilibria
from bargain.solvers.signalling_equilibria import SignallingKind
from bargain.solvers.solution import Status

NAMES = ("prior", "prize", "audience_cost", "concession_cost", "loss", "carrying_out")
DEADLINE = "2019-11 deadline"


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia-threat")


@pytest.fixture(scope="module")
def sweep(scenario):
    return bg.run(scenario.task(DEADLINE, draws=20_000, seed=7), workers=1)


def plain_model(**ranges):
    """Give a threat of two, each number of which is a parameter of its own."""
    options = ThreatOptions(sender="A", receiver="B")
    terms = [(name, Term(1.0, (name,))) for name in NAMES]
    model = KindModel.of(Threat(options, {"A": (), "B": ()}), terms, parameters=NAMES)
    space = bg.Space([bg.Parameter(name, bg.Uniform(*ranges[name])) for name in NAMES])
    return model, space


# ---------------------------------------------------------------- the built-in scenario


def test_it_has_the_base_games_dates_parameters_and_evidence(scenario):
    base = bg.load_scenario("gsomia")
    assert scenario.settings == base.settings
    assert scenario.kind == "threat"
    assert scenario.evidence == base.evidence
    own = set(scenario.space.names) - set(base.space.names)
    assert own == {"tough_audience_credit"}
    for setting in scenario.settings:
        for name in set(scenario.space.names) - own:
            assert scenario.range(setting, name) == base.range(setting, name)
        # A tough government is one of the upper part of the base game's range.
        low, mode, high = (
            base.range(setting, "audience_credit")[0],
            base.space_at(setting)["audience_credit"].mode,
            base.range(setting, "audience_credit")[1],
        )
        assert low <= mode <= high
        assert scenario.range(setting, "tough_audience_credit") == (mode, high)


def test_its_terms_name_sources_that_exist(scenario):
    for _, term in scenario.terms:
        assert term.why
        assert set(term.sources) <= set(scenario.evidence)


@pytest.mark.parametrize(
    ("setting", "action", "kind"),
    [
        ("2019-08 notice", "abstain", "separating"),
        ("2019-11 deadline", "press", "pooling on threat"),
        ("2020-08 default", "abstain", "pooling on silence"),
        ("2023-03 thaw", "abstain", "pooling on silence"),
    ],
)
def test_what_is_predicted_at_modal_values(scenario, setting, action, kind):
    (profile,) = bg.solve(scenario.game(setting), scenario.default_solver()).profiles()
    assert (profile["USA"], profile["kind"]) == (action, kind)


def test_before_the_dispute_nobody_threatens(scenario):
    # A prior of zero is a tie: whether the tough would threaten does not matter, as there are none.
    profiles = bg.solve(scenario.game("2018-08 routine"), scenario.default_solver()).profiles()
    assert {(profile["USA"], profile["threat"]) for profile in profiles} == {("abstain", 0.0)}


def test_pressing_makes_the_concession(scenario):
    held = {
        action: bg.run(scenario.task(DEADLINE, draws=20_000, seed=7, fix={"USA": action})).measures()
        for action in ("abstain", "press")
    }
    assert held["press"].loc["concession", "mean"] > held["abstain"].loc["concession", "mean"] + 0.1
    # It also silences: some governments that would have threatened do not any more.
    assert held["press"].loc["carried out", "mean"] < held["abstain"].loc["carried out", "mean"]


# ---------------------------------------------------------------- the sweep


def test_shares_add_up_and_measures_are_probabilities(sweep):
    assert sweep.shares()["share"].sum() == pytest.approx(1)
    measures = sweep.measures()
    assert ((measures["mean"] >= 0) & (measures["mean"] <= 1)).all()
    assert (measures["low"] <= measures["mean"]).all()
    ends = measures.loc[["silence", "conceded", "carried out", "dropped"], "mean"]
    assert ends.sum() == pytest.approx(1)
    assert measures.loc["resisted", "mean"] == pytest.approx(ends["carried out"] + ends["dropped"])
    assert (measures["used"] == 1).all()


def test_an_independent_solver_agrees(sweep):
    assert sweep.audit.by == "trying every plan"
    assert sweep.audit.agreed == sweep.audit.checked == 64


def test_a_wrong_measure_is_reported(scenario, monkeypatch):
    right = signalling_equilibria._described

    def wrong(*given):
        found = right(*given)
        return dataclasses.replace(found, concession=0.99 * found.concession)

    monkeypatch.setattr(signalling_equilibria, "_described", wrong)
    audit = bg.run(scenario.task(DEADLINE, draws=200, seed=3), workers=1).audit
    assert audit.agreed < audit.checked == 64
    assert any(word.startswith("concession ") for word in audit.disagreements[0].second)


def test_measures_and_shares_are_those_of_the_draws(scenario):
    sweep = bg.run(scenario.task(DEADLINE, draws=300, seed=3))
    drawn = [sweep.draw(number) for number in range(300)]
    threat = [float(draw.solution.played("threat_probability")[0]) for draw in drawn]
    assert sweep.measures().loc["threat", "mean"] == pytest.approx(np.mean(threat))
    assert sweep.measures().loc["threat", "sd"] == pytest.approx(np.std(threat, ddof=1))
    pressed = np.mean([draw.game.actions[int(draw.solution.action[0])] == "press" for draw in drawn])
    assert sweep.shares().loc["press", "share"].sum() == pytest.approx(pressed)


def test_quantiles_are_those_of_the_draws(scenario):
    task = scenario.task(DEADLINE, draws=2_000, seed=3, reducers=[bg.KeptDraws(every=1)])
    sweep = bg.run(task)
    kept = sweep.table(bg.KeptDraws(every=1))["value"].sel(measure="belief after threat").values
    for probability in (0.05, 0.25, 0.5, 0.75, 0.95):
        told = sweep.measures().loc["belief after threat", probability]
        assert told == pytest.approx(np.quantile(kept, probability), abs=2e-3)


def test_workers_and_stores_change_nothing(scenario, tmp_path):
    task = scenario.task(DEADLINE, draws=140_000, seed=5)
    one = bg.run(task, workers=1, store=tmp_path / "half.db", audit=0)
    two = bg.run(task, workers=2, audit=0)
    again = bg.run(task, workers=2, store=tmp_path / "half.db", audit=0)
    assert one.statistics == two.statistics == again.statistics


def test_keys_tell_tasks_apart(scenario):
    task = scenario.task(DEADLINE, draws=100)
    assert task.key == scenario.task(DEADLINE, draws=100).key
    others = [
        scenario.task(DEADLINE, draws=100, fix={"USA": "press"}),
        scenario.task(DEADLINE, draws=100, solver=bg.ThirdPartyEquilibria()),
        scenario.task("2019-08 notice", draws=100),
        scenario.task(DEADLINE, draws=100, values={"back_down_cost": 2}),
    ]
    assert len({task.key, *(other.key for other in others)}) == 5


def test_comparisons_are_on_common_draws(scenario):
    before = scenario.task(DEADLINE, draws=5_000)
    after = scenario.task(DEADLINE, draws=5_000, fix={"USA": "abstain"})
    effect = bg.compare(before, after)
    shares = bg.run(after).shares()["share"]
    for outcome, share in shares.items():
        assert effect.loc[outcome, "after"] == pytest.approx(share)
    assert effect["difference"].sum() == pytest.approx(0)


def test_several_equilibria_are_counted_and_not_averaged(scenario):
    task = scenario.task(DEADLINE, draws=2_000, solver=bg.ThirdPartyEquilibria(), fix={"USA": "abstain"})
    sweep = bg.run(task)
    used = sweep.measures().loc["threat", "used"]
    multiple = sweep.shares()["share"].to_dict().get(("(multiple)", ""), 0.0)
    assert multiple > 0
    assert used == pytest.approx(1 - multiple)
    assert sweep.audit.agreed == sweep.audit.checked


@pytest.mark.parametrize("design", ["sobol", "latin_hypercube"])
def test_other_designs_serve(scenario, design):
    sweep = bg.run(scenario.task(DEADLINE, draws=1024, design=design))
    assert sweep.shares()["share"].sum() == pytest.approx(1)


# ---------------------------------------------------------------- bounds


def test_draws_outside_the_games_bounds_are_invalid():
    ranges = dict.fromkeys(NAMES, (0.1, 0.9)) | {"prior": (-0.5, 1.5), "loss": (-1, 1)}
    model, space = plain_model(**ranges)
    sweep = bg.run(bg.Task(model, space, draws=20_000, solver=bg.PerfectBayesian(divine=True)))
    invalid = sweep.statuses()[Status.INVALID] / 20_000
    assert invalid == pytest.approx(0.75, abs=0.02)
    assert sweep.shares().loc[("(unsolved)",), "share"] == pytest.approx(invalid)
    assert sweep.audit.agreed == sweep.audit.checked > 0
    numbers = [number for number in range(40) if not _valid(sweep, number)]
    with pytest.raises(InvalidGameError, match="its status is INVALID"):
        sweep.draw(numbers[0])


def _valid(sweep, number):
    try:
        sweep.draw(number)
    except InvalidGameError:
        return False
    return True


def test_a_cell_without_any_valid_draw_is_no_error():
    ranges = dict.fromkeys(NAMES, (0.1, 0.9)) | {"prior": (1.5, 2.5)}
    model, space = plain_model(**ranges)
    sweep = bg.run(bg.Task(model, space, draws=100, solver=bg.PerfectBayesian()))
    assert sweep.statuses() == {Status.INVALID: 100}
    assert sweep.measures()["used"].eq(0).all()
    with pytest.raises(InvalidGameError, match="prior: from 0 to 1 was expected"):
        model.game(dict.fromkeys(NAMES, 0.5) | {"prior": 2})


@pytest.mark.parametrize(
    ("quantity", "words", "inside", "outside"),
    [
        (Quantity("x", "", 0, 1), "from 0 to 1", 1.0, 1.5),
        (Quantity("x", "", 0, above=True), "above 0", 0.1, 0.0),
        (Quantity("x", "", 0), "0 or more", 0.0, -0.1),
        (Quantity("x", "", high=2), "up to 2", -9.0, 2.5),
        (Quantity("x", ""), "any number", -9.0, np.inf),
    ],
)
def test_bounds_in_words_and_in_numbers(quantity, words, inside, outside):
    assert quantity.bounds() == words
    assert quantity.valid(np.array([inside, outside, np.nan])).tolist() == [True, False, False]


# ---------------------------------------------------------------- the slow twin


NUMBERS = st.fixed_dictionaries(
    {
        "prior": st.floats(0.01, 0.99),
        "prize": st.floats(0.1, 5),
        "audience_cost": st.floats(0.01, 3),
        "concession_cost": st.floats(-1, 3),
        "loss": st.floats(0.01, 4),
        "carrying_out": st.floats(-3, 2),
    }
)


@given(NUMBERS, st.booleans())
@example(
    dict.fromkeys(("prior", "prize", "audience_cost", "loss", "carrying_out"), 0.5)
    | {"concession_cost": 5e-324},
    False,
)
@settings(max_examples=300)
def test_trying_every_plan_finds_what_the_closed_form_finds(numbers, divine):
    solution = bg.PerfectBayesian(divine=divine).solve(bg.ThreatGame(**numbers))
    if solution.codes[0] == Status.DEGENERATE:
        return
    plain = {name: np.array([value]) for name, value in numbers.items()}
    found = {outcome for outcome, _ in threat_equilibria(plain, divine=divine)}
    near_a_tie = _ties(numbers)
    assert near_a_tie or found == {int(kind) for kind in solution.kinds}


def _ties(n):
    """Say whether two sides of a condition are so close that tolerances decide."""
    loss = n["loss"] if n["carrying_out"] >= -n["audience_cost"] else 0.0
    pairs = [
        (n["prior"] * loss, n["concession_cost"]), (n["concession_cost"], loss), (n["concession_cost"], 0),
        (n["carrying_out"], 0), (n["carrying_out"], -n["audience_cost"]),
    ]  # fmt: skip
    return any(abs(a - b) < 1e-6 for a, b in pairs)


# ---------------------------------------------------------------- signs, over random parameters


MIXED = st.builds(
    # While bluffs are mixed: 0 < k < d and p d < k, and the tough act.
    lambda numbers, share, part, firm: (
        numbers
        | {
            "concession_cost": share * numbers["loss"],
            "prior": part * share,
            "carrying_out": firm - numbers["audience_cost"],
        }
    ),
    NUMBERS,
    st.floats(0.05, 0.95),
    st.floats(0.05, 0.95),
    st.floats(0.01, 4),
)
PATH = {
    ("threat", "prior"): 1, ("threat", "concession_cost"): -1, ("threat", "loss"): 1,
    ("threat", "audience_cost"): 0, ("threat", "prize"): 0,
    ("concession", "audience_cost"): 1, ("concession", "prize"): -1, ("concession", "prior"): 0,
    ("carried out", "prior"): 1, ("carried out", "prize"): 1, ("carried out", "audience_cost"): -1,
}  # fmt: skip


@given(MIXED, st.sampled_from(sorted(PATH)), st.floats(1e-4, 2e-3))
@settings(max_examples=400)
def test_signs_while_bluffs_are_mixed(numbers, which, step):
    measure, name = which
    higher = numbers | {name: numbers[name] * (1 + step)}
    before, after = (_semi(each) for each in (numbers, higher))
    change = after[measure] - before[measure]
    if PATH[which] == 0:
        assert abs(change) < 1e-12
    else:
        assert change * PATH[which] > 0


def _semi(numbers):
    solution = bg.PerfectBayesian(divine=True).solve(bg.ThreatGame(**numbers))
    (profile,) = solution.profiles(digits=15)
    assert profile["kind"] == SignallingKind.SEMI_SEPARATING.label
    return profile


@given(NUMBERS.filter(lambda n: n["concession_cost"] >= n["loss"]))
def test_nobody_concedes_where_conceding_costs_as_much_as_the_threat(numbers):
    solution = bg.PerfectBayesian().solve(bg.ThreatGame(**numbers))
    if numbers["concession_cost"] > numbers["loss"]:
        assert (solution.concession == 0).all()


@given(NUMBERS.filter(lambda n: n["concession_cost"] < -1e-6))
def test_where_conceding_costs_nothing_all_concede(numbers):
    solution = bg.PerfectBayesian().solve(bg.ThreatGame(**numbers))
    assert (solution.concession == 1).all()


@given(NUMBERS)
def test_a_threat_that_was_dropped_rules_out_the_tough(numbers):
    if numbers["carrying_out"] < -numbers["audience_cost"]:
        return  # then nobody acts, and backing down tells nothing
    path = bg.credibility(bg.ThreatGame(**numbers), ["backed down"])
    assert path.belief[1, 0] == 0


# ---------------------------------------------------------------- misuse


def test_solvers_that_do_not_fit_are_named(scenario):
    with pytest.raises(UnsupportedGameError, match="solved by ThirdPartyEquilibria or PerfectBayesian"):
        scenario.task(DEADLINE, solver=bg.PureNash())
    with pytest.raises(UnsupportedGameError, match="that is solved by ThirdPartyEquilibria"):
        bg.solve(scenario.game(DEADLINE), bg.PureNash())


def test_reducers_of_payoff_tables_say_so(scenario):
    for reducer in (bg.PayoffMoments(), bg.PayoffQuantiles(), bg.SelectedShares(bg.UniformSelection())):
        with pytest.raises(UnsupportedGameError, match="MeasureSummary"):
            scenario.task(DEADLINE, reducers=[reducer])
    with pytest.raises(UnsupportedGameError, match="PayoffMoments"):
        bg.load_scenario("gsomia").task(DEADLINE, reducers=[bg.MeasureSummary()])


@pytest.mark.parametrize("function", [bg.thresholds, bg.minimal_sets, bg.decompose, bg.smallest_change])
def test_what_needs_a_payoff_table_says_which_kinds_it_serves(scenario, function):
    with pytest.raises(
        (UnsupportedGameError, TypeError), match="serves scenarios of kind 'normal_form'|argument"
    ):
        function(scenario, DEADLINE)


def test_methods_that_look_at_answers_alone_serve_every_kind(scenario):
    task = scenario.task(DEADLINE, draws=2_000)
    frame = bg.regional_sensitivity(task, outcome={"USA": "press"})
    assert len(frame)
    indices = bg.sobol_indices(task, outcome={"USA": "press"})
    assert len(indices)


def test_a_player_without_a_say_cannot_be_held(scenario):
    with pytest.raises(UnknownNameError, match="'ROK'"):
        scenario.game(DEADLINE, fix={"ROK": "threaten"})
    model, _ = plain_model(**dict.fromkeys(NAMES, (0.1, 0.9)))
    with pytest.raises(UnsupportedGameError, match="nobody can be held"):
        model.hold({"A": "threaten"})


@pytest.mark.parametrize(
    ("options", "parties", "error"),
    [
        ({"sender": "A", "receiver": "C"}, {"A": (), "B": ()}, UnknownNameError),
        ({"sender": "A", "receiver": "A"}, {"A": (), "B": ()}, InvalidArgumentError),
        ({"sender": "A", "receiver": "B", "third": "C"}, {"A": (), "B": (), "C": ()}, InvalidArgumentError),
    ],
)
def test_roles_must_be_taken(options, parties, error):
    with pytest.raises(error):
        Threat(ThreatOptions(**options), parties).check()


def test_levers_are_ranked_for_any_kind(scenario):
    table = bg.levers(scenario, DEADLINE, {"equilibrium": "pooling on threat"}, draws=4_096)
    assert {"USA: abstain", "USA: press"} <= set(table.index)
    held = bg.run(scenario.task(DEADLINE, draws=4_096, fix={"USA": "abstain"})).shares()
    assert table.loc["USA: abstain", "after"] == pytest.approx(
        held.loc[("abstain", "pooling on threat"), "share"]
    )
    without = bg.levers(bg.load_scenario("gsomia-crisis"), DEADLINE, ("conceded",), draws=200)
    assert set(without["kind"]) == {"parameter"}
