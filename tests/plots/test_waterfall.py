"""The waterfall: bars join, add up to the gain, and carry reason and evidence."""

import pytest

import bargain as bg
from bargain.plots.waterfall import waterfall

SETTING = "2019-11 deadline"


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


def bars(ax):
    """(start, end) of every bar from top to bottom."""
    patches = [bar for container in ax.containers for bar in getattr(container, "patches", ())]
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in patches]


def written(ax):
    return [text.get_text() for text in ax.texts]


@pytest.mark.parametrize("player", ["ROK", "JPN", "USA"])
def test_every_bar_starts_where_the_last_one_ended_and_the_sum_is_the_gain(scenario, player):
    why = bg.decompose(scenario, SETTING)
    gain = why.gains.query("best and player == @player").iloc[0]
    terms = why.terms.query("player == @player and alternative == @gain.alternative")
    *parts, total = bars(waterfall(why, player=player))
    assert len(parts) == len(terms)
    reached = 0.0
    for (start, end), size in zip(parts, terms["contribution"], strict=True):
        assert (start, end) == pytest.approx((reached, reached + size))
        reached += size
    assert reached == pytest.approx(gain["gain"])
    assert total == pytest.approx((0.0, gain["gain"]))


def test_all_players_stand_under_their_own_heading_with_reasons_and_evidence(scenario):
    ax = waterfall(bg.decompose(scenario, SETTING))
    labels = [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]
    heads = [
        "ROK: suspend rather than renew",
        "JPN: relax rather than maintain",
        "USA: press rather than abstain",
    ]
    assert [label for label in labels if label in heads] == heads
    assert "U4: Pressing costs diplomatic capital and causes friction with allies." in labels
    assert "E30 N11" in written(ax)
    assert all(label.get_text().count("\n") <= 1 for label in ax.get_yticklabels())


def test_answers_of_later_movers_are_told(scenario):
    order = bg.SubgamePerfect([["USA"], ["ROK", "JPN"]])
    labels = [
        label.get_text() for label in waterfall(bg.explain(scenario, SETTING, solver=order)).get_yticklabels()
    ]
    told = "USA: press rather than abstain (which ROK terminate, JPN maintain would answer)"
    assert told in [label.replace("\n", " ") for label in labels]
    assert "ROK: suspend rather than renew" in labels


def test_whiskers_are_the_quantiles_of_each_contribution(scenario):
    why = bg.decompose(scenario, SETTING, draws=300, seed=7)
    ax = waterfall(why, player="USA")
    ends = [line.get_segments()[0][:, 0].tolist() for line in ax.collections]
    terms = why.terms.query("player == 'USA'")
    expected, reached = [], 0.0
    for term in terms.to_dict("records"):
        expected.append([reached + term["low"], reached + term["high"]])
        reached += term["contribution"]
    gain = why.gains.query("player == 'USA'").iloc[0]
    expected.append([gain["low"], gain["high"]])
    assert ends == [pytest.approx(pair) for pair in expected]
    assert "5 to 95 % of 300 draws" in written(ax)[-1].replace("\n", " ")
    assert not waterfall(bg.decompose(scenario, SETTING)).collections


def test_objections_show_the_gain_from_leaving(scenario):
    against = bg.objections(scenario, SETTING, ("renew", "relax", "abstain"))
    ax = waterfall(against)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert "ROK: suspend rather than renew" in labels
    sums = [
        end
        for label, (_, end) in zip([l for l in labels if "rather" not in l], bars(ax), strict=True)
        if label == "gain"
    ]
    best = against.gains[against.gains["best"]]
    assert best["gain"].tolist() == pytest.approx(sums)
    assert ax.get_xlabel().startswith("gain from leaving renew/relax/abstain")


def test_one_of_several_equilibria(scenario):
    why = bg.decompose(scenario, "2023-03 thaw", values={"thaw_dividend": 0.0, "grievance_unresolved": 0.0})
    assert waterfall(why, equilibrium=len(why.profiles))
    with pytest.raises(bg.errors.InvalidArgumentError, match="equilibrium: one of 1 to"):
        waterfall(why, equilibrium=len(why.profiles) + 1)
    with pytest.raises(bg.errors.UnknownNameError, match="did you mean 'ROK'"):
        waterfall(why, player="ROC")


def test_no_equilibrium_is_said(scenario):
    why = bg.decompose(scenario, "2020-08 default", values={"agenda_cost": 0.7})
    assert not why.profiles
    ax = waterfall(why)
    assert written(ax)[0] == "no equilibrium"
    assert written(ax)[-1].startswith(why.status.sentence[:20])


def test_nobody_with_a_choice_is_said(scenario):
    held = {"ROK": "suspend", "JPN": "relax", "USA": "press"}
    for why in (
        bg.explain(scenario, SETTING, fix=held),
        bg.explain(scenario, SETTING, wanted=held, fix=held),
    ):
        assert written(waterfall(why))[0] == "nobody has a choice"


def test_terms_without_name_or_reason_are_told_by_their_formula():
    class Toy:
        name, settings = "toy", ("now",)
        model = bg.PayoffModel.of({"A": ("no", "yes")}, {"A": 2 * bg.When(A="yes") * bg.Value("gain")})

        def space_at(self, _):
            return bg.Space([bg.Parameter("gain", bg.Uniform(0, 2))])

    ax = waterfall(bg.decompose(Toy(), "now"))
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        "A: yes rather than no",
        "2 gain [A: yes]",
        "gain",
    ]


def test_labels_wrap_to_a_narrow_axes(scenario):
    from matplotlib import pyplot as plt

    _, ax = plt.subplots(figsize=(3.5, 7), layout="constrained")
    waterfall(bg.decompose(scenario, SETTING), ax=ax)
    longest = max(len(line) for label in ax.get_yticklabels() for line in label.get_text().split("\n"))
    assert longest <= 8 * 3.5
    assert ax.figure.get_tightbbox().x0 >= -0.02
    assert ax.figure.get_tightbbox().x1 <= 3.52
