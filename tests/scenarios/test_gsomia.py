"""The built-in GSOMIA scenario: its numbers, the closed-form replies they imply, and what it predicts."""

from __future__ import annotations

import datetime
from importlib import resources

import numpy as np
import pytest

import bargain as bg
from bargain.axes import Floats

SCENARIO = bg.load_scenario("gsomia")
SETTINGS = ("2018-08 routine", "2019-08 notice", "2019-11 deadline", "2020-08 default", "2023-03 thaw")
HISTORY = {
    "2018-08 routine": ("renew", "maintain", "abstain"),
    "2019-08 notice": ("terminate", "maintain", "abstain"),
    "2019-11 deadline": ("suspend", "relax", "press"),
    "2020-08 default": ("renew", "maintain", "abstain"),
    "2023-03 thaw": ("renew", "relax", "abstain"),
}

# Structural parameters (low, mode, high), then dated ones with the scenario's own ranges.
STRUCTURAL = {
    "export_control_cost_rok": (1, 2, 4),
    "export_control_cost_jpn": (0.3, 0.7, 1.5),
    "intelligence_value_rok": (1, 2.5, 4),
    "intelligence_value_jpn": (1, 2.5, 4),
    "us_channel_substitution": (0.3, 0.6, 0.85),
    "irreversibility_cost": (0.5, 1.5, 3),
    "chip_value": (1, 3, 5),
    "firmness_value": (2, 3.5, 5),
    "pact_value_usa": (4, 6, 8),
    "rival_gain_loss": (1, 2, 4),
}
DATED = {
    "threat_credibility": (0, 0.35, 0.9),
    "audience_credit": (0, 3, 8.5),
    "back_down_cost": (0, 1.5, 5),
    "agenda_cost": (0, 0.6, 2.5),
    "us_displeasure": (1, 5, 9),
    "us_displeasure_belief": (0.05, 0.5, 1),
    "finality": (0.2, 0.7, 1),
    "relaxation_depth": (0.05, 0.5, 1),
    "grievance_unresolved": (0.1, 0.8, 1),
    "thaw_dividend": (0.3, 1.5, 4.5),
    "pressing_cost": (0.3, 1.2, 4),
}
# Per setting, the dated parameters in the order of DATED.
OVERRIDES = {
    "2018-08 routine": [
        (0, 0, 0.01), (0, 0.3, 1), (0, 0, 0.2), (0.2, 0.4, 0.8), (2, 4, 6), (0.2, 0.4, 0.6),
        (0.25, 0.4, 0.6), (0.1, 0.2, 0.3), (0.3, 0.5, 0.8), (0.1, 0.3, 0.6), (1, 1.5, 2.5),
    ],
    "2019-08 notice": [
        (0.2, 0.6, 0.9), (2.5, 6, 8.5), (0.5, 2, 4), (0, 0.3, 1), (1, 3, 6), (0.05, 0.3, 0.6),
        (0.2, 0.4, 0.7), (0.2, 0.5, 0.9), (0.7, 1, 1), (0.3, 1, 2.5), (1, 2.5, 4),
    ],
    "2019-11 deadline": [
        (0.1, 0.35, 0.6), (2.5, 5, 8), (1, 3, 5), (0, 0.3, 1), (2.5, 6, 9), (0.1, 0.3, 0.6),
        (0.85, 1, 1), (0.05, 0.25, 0.5), (0.7, 1, 1), (0.3, 1, 2.5), (0.3, 0.8, 2.2),
    ],
    "2020-08 default": [
        (0.02, 0.12, 0.3), (0.5, 1.5, 3.5), (0.1, 0.6, 1.5), (0.6, 1.5, 2.5), (3, 6, 9), (0.6, 0.85, 1),
        (0.6, 0.9, 1), (0.2, 0.5, 0.8), (0.7, 1, 1), (0.3, 0.8, 2), (0.5, 1.2, 2.5),
    ],
    "2023-03 thaw": [
        (0, 0.1, 0.3), (0, 0.5, 2.5), (0, 0.3, 1.5), (0.1, 0.5, 1.2), (3, 6, 9), (0.6, 0.9, 1),
        (0.6, 0.9, 1), (0.6, 1, 1), (0.1, 0.3, 0.7), (0.8, 2.5, 4.5), (0.5, 1.2, 2.5),
    ],
}  # fmt: skip
ALSO = {
    "2018-08 routine": {"export_control_cost_rok": (0, 0, 0.01), "export_control_cost_jpn": (0, 0, 0.01)},
    "2023-03 thaw": {"intelligence_value_rok": (2, 3.5, 5.5)},
}
COEFFICIENTS = {
    "K1": -1, "K2": 1, "K3a": 1, "K3b": -1, "K4a": 0.2, "K4b": -0.2, "K5a": -1, "K5b": 1, "K6": -0.6,
    "K7a": -1, "K7b": 1, "K8": -1, "K9a": -1, "K9b": -1, "K9c": 1, "K10": -0.15, "K11a": 1, "K11b": -1,
    "K12": -1, "K13a": 1, "K13b": 0.3,
    "J1": -1, "J2": 1, "J3": -1, "J4a": 1, "J4b": 0.3, "J5a": -1, "J5b": 1, "J6": -0.25,
    "U1": -1, "U2": -1, "U3": -0.1, "U4": -1, "U5": 0.25, "U6": 0.2,
}  # fmt: skip


def numbers(distribution: object) -> tuple[float, float, float]:
    assert isinstance(distribution, bg.Triangular)
    return distribution.low, distribution.mode, distribution.high


# ---------------------------------------------------------------- what the file holds


def test_three_players_with_three_two_and_two_actions() -> None:
    assert SCENARIO.labels.players == ("ROK", "JPN", "USA")
    assert SCENARIO.labels.actions == (
        ("renew", "suspend", "terminate"),
        ("maintain", "relax"),
        ("abstain", "press"),
    )
    assert SCENARIO.status_quo == ("renew", "maintain", "abstain")
    assert SCENARIO.orders == {
        "USA first": (("USA",), ("ROK", "JPN")),
        "JPN, USA, ROK": (("JPN",), ("USA",), ("ROK",)),
    }


def test_ten_structural_and_eleven_dated_parameters() -> None:
    kinds = SCENARIO.kinds
    assert {name for name, kind in kinds.items() if kind == "structural"} == set(STRUCTURAL)
    assert {name for name, kind in kinds.items() if kind == "dated"} == set(DATED)
    found = {parameter.name: numbers(parameter.distribution) for parameter in SCENARIO.parameters}
    assert found == {**STRUCTURAL, **DATED}
    assert (len(STRUCTURAL), len(DATED)) == (10, 11)


def test_thirty_five_terms() -> None:
    assert {term.name: term.coefficient for _, term in SCENARIO.model.terms} == COEFFICIENTS
    assert len(COEFFICIENTS) == 35
    owners = {"K": "ROK", "J": "JPN", "U": "USA"}
    assert all(player == owners[term.name[0]] for player, term in SCENARIO.model.terms)


def test_five_settings_in_date_order() -> None:
    assert SCENARIO.settings == SETTINGS
    assert [setting.date for setting in SCENARIO.dated] == [
        datetime.date(2018, 8, 22),
        datetime.date(2019, 8, 22),
        datetime.date(2019, 11, 22),
        datetime.date(2020, 8, 24),
        datetime.date(2023, 3, 21),
    ]
    assert [setting.role for setting in SCENARIO.dated] == ["hold-out", *["fitted"] * 4]
    assert {setting.name: setting.history for setting in SCENARIO.dated} == HISTORY


@pytest.mark.parametrize("name", SETTINGS)
def test_numbers_of_a_setting(name: str) -> None:
    expected = {**dict(zip(DATED, OVERRIDES[name], strict=True)), **ALSO.get(name, {})}
    assert {n: numbers(d) for n, d in SCENARIO.setting(name).distributions.items()} == expected


def test_both_codings_of_august_2020() -> None:
    codings = {coding.name: coding for coding in SCENARIO.setting("2020-08 default").codings}
    assert codings["renewed by default"].outcome == ("renew", "maintain", "abstain")
    assert codings["suspension continued"].outcome == ("suspend", "maintain", "abstain")
    assert all(coding.note and coding.sources for coding in codings.values())


def test_every_parameter_and_term_cites_known_evidence() -> None:
    cited: set[str] = set()
    for sources in (
        *(parameter.sources for parameter in SCENARIO.parameters),
        *(term.sources for _, term in SCENARIO.model.terms),
    ):
        assert sources
        cited |= set(sources)
    assert cited <= set(SCENARIO.evidence)


def test_every_piece_of_evidence_has_a_source_and_is_used() -> None:
    assert all(item.links and item.statement and item.quality for item in SCENARIO.evidence.values())
    used = {source for parameter in SCENARIO.parameters for source in parameter.sources}
    used |= {source for _, term in SCENARIO.model.terms for source in term.sources}
    used |= {source for setting in SCENARIO.dated for c in setting.codings for source in c.sources}
    used |= {source for event in SCENARIO.chronology for source in event.sources}
    assert set(SCENARIO.evidence) == used


def test_chronology_marks_the_settings_and_what_is_from_memory() -> None:
    marked = {event.setting: event.date for event in SCENARIO.chronology if event.setting}
    assert marked == {setting.name: setting.date.isoformat() for setting in SCENARIO.dated}
    certain = {"reported by several sources", "one public source"}
    for event in SCENARIO.chronology:
        if event.sources or event.links:
            assert event.certainty in certain, event
        else:
            assert event.certainty == "from memory, unverified", event
    assert [e.date for e in SCENARIO.chronology if e.certainty.startswith("from memory")] == [
        "2017-08",
        "2021-08",
        "2022-05-10",
    ]


def test_every_text_is_written() -> None:
    text = (resources.files("bargain.scenarios") / "data" / "gsomia.toml").read_text(encoding="utf-8")
    assert "TODO" not in text
    sentences = [SCENARIO.question, SCENARIO.caution]
    sentences += [parameter.meaning for parameter in SCENARIO.parameters]
    sentences += [term.why for _, term in SCENARIO.model.terms]
    sentences += [item.statement for item in SCENARIO.evidence.values()]
    sentences += [event.event for event in SCENARIO.chronology]
    sentences += [s.note for s in SCENARIO.dated] + [c.note for s in SCENARIO.dated for c in s.codings]
    for sentence in sentences:
        assert sentence[0].isupper(), sentence
        assert sentence[-1] in ".?", sentence
        assert "  " not in sentence, sentence


# ---------------------------------------------------------------- best replies in closed form

NAMES = SCENARIO.space.names
WIDE = SCENARIO.wide_space()
ACTIONS = {"R": "renew", "S": "suspend", "T": "terminate", "M": "maintain", "X": "relax"}
ACTIONS |= {"A": "abstain", "P": "press"}


def draws(count: int = 20_000, seed: int = 11) -> dict[str, Floats]:
    """Parameters drawn uniformly over the union of their ranges at all dates."""
    unit = np.random.default_rng(seed).random((len(NAMES), count))
    return dict(zip(NAMES, WIDE.values(unit), strict=True))


def payoff(values: dict[str, Floats], player: str, profile: str) -> Floats:
    """Payoff of a player at a profile such as ``TMA``: terminate, maintain, abstain."""
    labels = SCENARIO.labels
    outcome = labels.outcome([ACTIONS[letter] for letter in profile])
    payoffs = SCENARIO.model.evaluate(values)
    row: Floats = payoffs.reshape(len(labels.players), labels.size, -1)[labels.player(player), outcome]
    return row


def gain(values: dict[str, Floats], player: str, to: str, instead_of: str) -> Floats:
    """What a player gains at one profile over another."""
    return payoff(values, player, to) - payoff(values, player, instead_of)


def symbols(values: dict[str, Floats]) -> dict[str, Floats]:
    return {parameter.symbol.replace("\\", ""): values[parameter.name] for parameter in SCENARIO.parameters}


def lost_by_terminating(s: dict[str, Floats]) -> Floats:
    return s["f"] * (s["g_K"] * (1 - s["o"]) + s["i_K"] + s["L"] * s["q"])


# player, profile, alternative, closed form whose sign says whether the profile is the better reply
REPLIES = {
    "terminate over suspend, given maintain and abstain": (
        "ROK", "TMA", "SMA",
        lambda s: 0.8 * s["a_K"] + 0.6 * s["b_K"] - s["p"] * s["pi"] - lost_by_terminating(s),
    ),
    "suspend over terminate, given relax and press": (
        "ROK", "SXP", "TXP",
        lambda s: 0.85 * s["p"] + lost_by_terminating(s) + 0.3 * s["tau"] * s["rho"]
        - 0.8 * s["a_K"] * (1 - s["rho"]),
    ),
    "renew over suspend, given maintain and abstain": (
        "ROK", "RMA", "SMA",
        lambda s: s["x_K"] - 0.4 * s["b_K"] - 0.2 * s["a_K"] - s["L"] * s["q"],
    ),
    "renew over suspend, given relax and abstain": (
        "ROK", "RXA", "SXA",
        lambda s: 0.7 * s["tau"] * s["rho"] + s["x_K"] - (1 - s["rho"]) * (s["b_K"] + 0.2 * s["a_K"])
        - s["L"] * s["q"],
    ),
    "relax over maintain, given renew": (
        "JPN", "RXA", "RMA",
        lambda s: s["tau"] + s["c_J"] - s["m_J"] * s["w"],
    ),
    "relax over maintain, given suspend and press": (
        "JPN", "SXP", "SMP",
        lambda s: s["rho"] * (s["c_J"] + 0.3 * s["tau"] - s["m_J"] * s["w"]) + 0.25 * s["p"],
    ),
    "press over abstain, given suspend": ("USA", "SXP", "SXA", lambda s: 0.25 * s["G_U"] - s["k_U"]),
    "press over abstain, given terminate": ("USA", "TMP", "TMA", lambda s: 0.25 * s["G_U"] - s["k_U"]),
    "abstain over press, given renew": ("USA", "RMA", "RMP", lambda s: s["k_U"]),
}  # fmt: skip


@pytest.mark.parametrize("reply", REPLIES)
def test_best_replies_follow_their_closed_forms(reply: str) -> None:
    player, profile, alternative, closed = REPLIES[reply]
    values = draws()
    difference, expected = gain(values, player, profile, alternative), closed(symbols(values))
    # A difference of rounding size has no sign to speak of.
    clear = np.abs(expected) > 1e-9
    assert clear.mean() > 0.999
    np.testing.assert_array_equal(difference[clear] > 0, expected[clear] > 0)
    if reply != "abstain over press, given renew":
        assert 0 < (expected > 0).mean() < 1  # both answers occur, so the comparison says something


# ---------------------------------------------------------------- comparative statics


def raised(values: dict[str, Floats], name: str) -> tuple[dict[str, Floats], Floats]:
    """Move one parameter a random part of the way to the top of its range; also return by how much."""
    top = WIDE[name].range()[1]
    step = (top - values[name]) * np.random.default_rng(3).uniform(0.1, 1, values[name].size)
    return {**values, name: values[name] + step}, step


def change(name: str, player: str, to: str, instead_of: str, values: dict[str, Floats]) -> Floats:
    """By how much raising a parameter raises the gain at one profile over another."""
    after, _ = raised(values, name)
    return gain(after, player, to, instead_of) - gain(values, player, to, instead_of)


OTHERS = ("MA", "MP", "XA", "XP")
ROUNDING = 1e-9


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("us_displeasure", -1),
        ("us_displeasure_belief", -1),
        ("finality", -1),
        ("intelligence_value_rok", -1),
        ("irreversibility_cost", -1),
        ("us_channel_substitution", +1),
        ("audience_credit", +1),
    ],
)
def test_what_makes_termination_more_or_less_attractive(name: str, sign: int) -> None:
    values = draws(2_000)
    for others in OTHERS:
        for alternative in "RS":
            moved = sign * change(name, "ROK", f"T{others}", f"{alternative}{others}", values)
            assert (moved >= -ROUNDING).all(), (others, alternative)
    assert (sign * change(name, "ROK", "TMA", "SMA", values) > 0).all()


@pytest.mark.parametrize("name", ["chip_value", "threat_credibility"])
@pytest.mark.parametrize("others", OTHERS)
def test_a_live_threat_speaks_for_suspension(name: str, others: str) -> None:
    values = draws(2_000)
    after, _ = raised(values, name)
    worth = after["chip_value"] * after["threat_credibility"]
    worth -= values["chip_value"] * values["threat_credibility"]
    assert (worth > 0).all()
    against_renewal = change(name, "ROK", f"S{others}", f"R{others}", values)
    np.testing.assert_allclose(against_renewal, worth, atol=1e-9)
    against_termination = change(name, "ROK", f"S{others}", f"T{others}", values)
    np.testing.assert_allclose(against_termination, values["finality"] * worth, atol=1e-9)


@pytest.mark.parametrize("others", OTHERS)
def test_agenda_cost_speaks_for_renewal_one_for_one(others: str) -> None:
    values = draws(2_000)
    _, step = raised(values, "agenda_cost")
    for active in "ST":
        moved = change("agenda_cost", "ROK", f"R{others}", f"{active}{others}", values)
        np.testing.assert_allclose(moved, step, atol=1e-9)
    np.testing.assert_allclose(change("agenda_cost", "ROK", f"T{others}", f"S{others}", values), 0, atol=1e-9)


@pytest.mark.parametrize("others", OTHERS)
def test_back_down_cost_and_the_cover_that_a_relaxation_gives(others: str) -> None:
    values = draws(2_000)
    _, step = raised(values, "back_down_cost")
    cover = 0.4 if others[0] == "M" else 1 - values["relaxation_depth"]
    moved = change("back_down_cost", "ROK", f"S{others}", f"R{others}", values)
    np.testing.assert_allclose(moved, cover * step, atol=1e-9)
    exposed = -0.6 if others[0] == "M" else 0.0
    moved = change("back_down_cost", "ROK", f"S{others}", f"T{others}", values)
    np.testing.assert_allclose(moved, exposed * step, atol=1e-9)


def test_depth_of_relaxation() -> None:
    values = draws()
    s = symbols(values)
    worth = s["c_J"] + s["tau"] - s["m_J"] * s["w"]
    moved = change("relaxation_depth", "JPN", "RXA", "RMA", values)
    clear = np.abs(worth) > 1e-6
    np.testing.assert_array_equal(moved[clear] > 0, worth[clear] > 0)
    for alternative in "RS":
        assert (change("relaxation_depth", "ROK", "TXA", f"{alternative}XA", values) < 0).all()


@pytest.mark.parametrize("rok", "RST")
@pytest.mark.parametrize("usa", "AP")
@pytest.mark.parametrize(
    ("name", "sign"),
    [("grievance_unresolved", -1), ("firmness_value", -1), ("export_control_cost_jpn", +1)],
)
def test_what_makes_japan_relax(name: str, sign: int, rok: str, usa: str) -> None:
    values = draws(2_000)
    assert (sign * change(name, "JPN", f"{rok}X{usa}", f"{rok}M{usa}", values) > 0).all()


@pytest.mark.parametrize("rok", "RST")
@pytest.mark.parametrize("usa", "AP")
def test_a_quarter_of_us_pressing_falls_on_japan_while_the_pact_is_at_risk(rok: str, usa: str) -> None:
    values = draws(2_000)
    _, step = raised(values, "us_displeasure")
    moved = change("us_displeasure", "JPN", f"{rok}X{usa}", f"{rok}M{usa}", values)
    share = 0.25 if usa == "P" and rok in "ST" else 0.0
    np.testing.assert_allclose(moved, share * step, atol=1e-9)


@pytest.mark.parametrize("jpn", "MX")
@pytest.mark.parametrize("rok", "RST")
def test_what_makes_the_united_states_press(rok: str, jpn: str) -> None:
    values = draws(2_000)
    press, abstain = f"{rok}{jpn}P", f"{rok}{jpn}A"
    assert (change("pressing_cost", "USA", press, abstain, values) < 0).all()
    value = change("pact_value_usa", "USA", press, abstain, values)
    assert (value > 0).all() if rok in "ST" else (np.abs(value) <= ROUNDING).all()
    np.testing.assert_allclose(change("rival_gain_loss", "USA", press, abstain, values), 0, atol=1e-9)


def test_rivals_gain_matters_only_when_the_united_states_moves_first() -> None:
    unit = np.random.default_rng(5).random((len(NAMES), 2_000))
    low = SCENARIO.space_at("2019-08 notice", values={"rival_gain_loss": 1.0}).values(unit)
    high = low.copy()
    high[NAMES.index("rival_gain_loss")] = 4.0
    games = [SCENARIO.model.game(values) for values in (low, high)]
    stable = [bg.PureNash().stable(game.payoffs) for game in games]
    np.testing.assert_array_equal(*stable)
    first = bg.SubgamePerfect(SCENARIO.orders["USA first"])
    found = [bg.solve(game, first) for game in games]
    pressing = [np.bincount(one.draw, one.strategies[2][1], 2_000) > 0 for one in found]
    assert pressing[1].sum() > pressing[0].sum()
    assert (pressing[1] >= pressing[0]).all()  # a larger loss never makes it stop pressing


def test_export_control_cost_to_korea_affects_no_pure_equilibrium() -> None:
    values = draws()
    before = bg.PureNash().stable(SCENARIO.model.evaluate(values))
    after, step = raised(values, "export_control_cost_rok")
    payoffs = SCENARIO.model.evaluate(after)
    assert (payoffs != SCENARIO.model.evaluate(values)).any()
    assert step.max() > 1
    # Rounding can break a tie only where two replies are equal to the last digit.
    differs = (bg.PureNash().stable(payoffs) != before).any(axis=(0, 1, 2))
    assert not differs.any()


def test_export_control_cost_to_korea_affects_no_order_of_moves() -> None:
    values = draws(1_000)
    after, _ = raised(values, "export_control_cost_rok")
    for order in SCENARIO.orders.values():
        solver = bg.SubgamePerfect(order)
        one, other = (bg.solve(SCENARIO.model.game(v), solver) for v in (values, after))
        np.testing.assert_array_equal(one.draw, other.draw)
        np.testing.assert_allclose(one.outcomes, other.outcomes, atol=1e-9)


def test_what_a_player_cannot_influence_affects_no_pure_equilibrium() -> None:
    payoffs = SCENARIO.model.evaluate(draws())
    rng = np.random.default_rng(8)
    shifted = payoffs.copy()
    for axis in range(3):
        size = list(payoffs.shape[1:])
        size[axis] = 1  # the same for all own actions, given those of the others
        shifted[axis] += rng.integers(-4, 5, size)
    before, after = (bg.PureNash(tolerance=1e-9).stable(p) for p in (payoffs, shifted))
    np.testing.assert_array_equal(before, after)


# ---------------------------------------------------------------- what the model predicts


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("concept", ["simultaneous", *SCENARIO.orders])
def test_modal_equilibrium_is_what_happened(name: str, concept: str) -> None:
    solver = bg.PureNash() if concept == "simultaneous" else bg.SubgamePerfect(SCENARIO.orders[concept])
    profiles = bg.solve(SCENARIO.game(name), solver).profiles()
    history = dict(zip(SCENARIO.labels.players, HISTORY[name], strict=True))
    assert profiles == [{player: {action: 1.0} for player, action in history.items()}]


@pytest.mark.parametrize(
    ("name", "share"), list(zip(SETTINGS, [1.000, 0.917, 0.783, 0.779, 0.908], strict=True))
)
def test_share_of_draws_with_history_as_the_only_pure_equilibrium(name: str, share: float) -> None:
    shares = bg.run(SCENARIO.task(name, draws=200_000, seed=7), workers=1).shares()
    assert shares.loc[HISTORY[name], "share"] == pytest.approx(share, abs=0.004)


def test_share_of_the_other_coding_of_august_2020() -> None:
    shares = bg.run(SCENARIO.task("2020-08 default", draws=200_000, seed=7), workers=1).shares()
    assert shares.loc[("suspend", "maintain", "abstain"), "share"] == pytest.approx(0.072, abs=0.004)


def test_without_us_pressing_the_pact_is_terminated_in_november_2019() -> None:
    held = SCENARIO.game("2019-11 deadline", fix={"USA": "abstain"})
    assert bg.solve(held, bg.PureNash()).profiles() == [
        {"ROK": {"terminate": 1.0}, "JPN": {"maintain": 1.0}, "USA": {"abstain": 1.0}}
    ]


def test_notice_of_august_2019_is_fragile_when_the_united_states_moves_first() -> None:
    solver = bg.SubgamePerfect(SCENARIO.orders["USA first"])
    shares = bg.run(SCENARIO.task("2019-08 notice", draws=20_000, seed=7, solver=solver), workers=1).shares()
    assert shares.loc[HISTORY["2019-08 notice"], "share"] == pytest.approx(0.49, abs=0.015)
