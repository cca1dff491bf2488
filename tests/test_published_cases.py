"""Published games with known answers, through the public interface; sources in the bibliography."""

import itertools

import numpy as np
import pytest

import bargain as bg
from bargain.games.extensive import ExtensiveForm
from bargain.games.tree import Chance, Decision, Outcome

ACTIONS = ("first", "second")


def two_by_two(row, column):
    return bg.NormalForm({"row": ACTIONS, "column": ACTIONS}, [row, column])


def symmetric(table):
    return two_by_two(table, np.transpose(table).tolist())


def first_actions(solution):
    """Probability of the first action, one row per equilibrium."""
    return sorted(np.round([strategy[0] for strategy in solution.strategies], 9).T.tolist())


def test_nine_equilibria_of_mckelvey_and_mclennan():
    payoffs = {
        "000": [9, 8, 12], "100": [0, 0, 0], "010": [0, 0, 0], "110": [9, 8, 2],
        "001": [0, 0, 0], "101": [3, 4, 6], "011": [3, 4, 6], "111": [0, 0, 0],
    }  # fmt: skip
    table = np.zeros((3, 2, 2, 2))
    for key, values in payoffs.items():
        table[(slice(None), *map(int, key))] = values
    solution = bg.solve(bg.NormalForm({"1": ACTIONS, "2": ACTIONS, "3": ACTIONS}, table), bg.AllNash())
    expected = [
        [0.5, 0.4, 0.25], [0.4, 0.5, 1 / 3], [0.5, 0.5, 1], [1 / 3, 1, 0.25], [1, 1, 1],
        [1, 0, 0], [0, 0.25, 1 / 3], [0, 1, 0], [0, 0, 1],
    ]  # fmt: skip
    assert first_actions(solution) == sorted(np.round(expected, 9).tolist())
    assert solution.status.tolist() == [bg.Status.SOLVED]
    assert len(bg.solve(solution.game, bg.PureNash())) == 4


def test_stag_hunt_risk_and_payoff_dominance():
    game = symmetric([[9, 0], [8, 7]])
    solution = bg.solve(game, bg.AllNash())
    assert first_actions(solution) == [[0, 0], [0.875, 0.875], [1, 1]]
    chosen = {
        type(rule).__name__: [
            p["row"] for p, w in zip(solution.profiles(), rule.select(solution), strict=True) if w == 1
        ]
        for rule in (bg.PayoffDominance(), bg.RiskDominance())
    }
    assert chosen == {"PayoffDominance": [{"first": 1.0}], "RiskDominance": [{"second": 1.0}]}


def test_chicken_mixed_and_correlated():
    game = symmetric([[6, 2], [7, 0]])
    mixed = bg.solve(game, bg.AllNash())
    place = next(i for i, profile in enumerate(mixed.profiles()) if len(profile["row"]) == 2)
    assert mixed.strategies[0][0, place] == pytest.approx(2 / 3)
    assert mixed.payoffs[:, place] == pytest.approx(14 / 3)
    best = bg.solve(game, bg.CorrelatedEquilibrium(objective="welfare"))
    assert best.payoffs.sum() == pytest.approx(10.5)
    assert best.outcomes[:, 0] == pytest.approx([0.5, 0.25, 0.25, 0], abs=1e-7)


def test_selten_s_horse_extreme_equilibria():
    third = {"L": Outcome([0, 0, 0]), "R": Outcome([3, 2, 2])}
    beside = {"L": Outcome([0, 0, 1]), "R": Outcome([4, 4, 0])}
    tree = Decision(
        "P1", "p1",
        {
            "L": Decision("P3", "p3", third),
            "R": Decision("P2", "p2", {"L": Decision("P3", "p3", beside), "R": Outcome([1, 1, 1])}),
        },
    )  # fmt: skip
    game = ExtensiveForm(["P1", "P2", "P3"], tree).normal_form()
    solution = bg.solve(game, bg.AllNash())
    assert solution.status.tolist() == [bg.Status.DEGENERATE]
    right = {tuple(np.round([s[1, e] for s in solution.strategies], 9)) for e in range(len(solution))}
    assert {(1, 1, 0), (0, 1, 1), (0, round(1 / 3, 9), 1), (1, 1, 0.25)} <= right
    assert np.abs(solution.regret).max() < 1e-9


def test_one_card_poker():
    def bet(card, called):
        showdown = Decision("2", "two", {"call": Outcome(called), "fold": Outcome([1, -1])})
        return Decision("1", card, {"bet": showdown, "fold": Outcome([-1, 1])})

    tree = Chance({"king": (0.5, bet("King", [2, -2])), "queen": (0.5, bet("Queen", [-2, 2]))})
    game = ExtensiveForm(["1", "2"], tree)
    solution = bg.solve(game.normal_form(), bg.AllNash())
    assert len(solution) == 1
    behaviour = game.behaviour_of([strategy[:, 0] for strategy in solution.strategies])
    assert behaviour["King"][0] == pytest.approx(1)
    assert behaviour["Queen"][0] == pytest.approx(1 / 3)
    assert behaviour["two"][0] == pytest.approx(2 / 3)
    assert solution.payoffs[:, 0] == pytest.approx([1 / 3, -1 / 3])


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        (1, (0.5867840364385154, 0.4518070316997103)),
        (2, (0.6175219458400859, 0.3719816648492249)),
        (3, (0.6168968501329284, 0.31401636202001226)),
    ],
)
def test_quantal_response_in_ochs_s_pennies(precision, expected):
    game = two_by_two([[1.1141, 0], [0, 0.2785]], [[0, 1.1141], [1.1141, 0]])
    solution = bg.solve(game, bg.LogitQRE(precision))
    assert [s[0, 0] for s in solution.strategies] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("table", "by_precision", "tolerance"),
    [
        (
            [[3, 0], [5, 1]],
            {0.0: 0.5, 0.5: 0.338648202366, 1: 0.226750644834, 2: 0.09978848397, 5: 0.006480833859},
            1e-9,
        ),
        (
            [[9, 0], [8, 7]],
            {0.25: 0.208744230755, 0.5: 0.033356614964, 1: 0.00091775865, 2: 8.31539e-07},
            1e-8,
        ),
    ],
    ids=["prisoners' dilemma", "stag hunt"],
)
def test_quantal_response_in_symmetric_games(table, by_precision, tolerance):
    for precision, expected in by_precision.items():
        solution = bg.solve(symmetric(table), bg.LogitQRE(precision))
        assert solution.strategies[0][0, 0] == pytest.approx(expected, abs=tolerance)


MODES = {
    "2018-08 routine": [
        (0.5, (0.52814223, 0.389787257, 0.082070513), 0.515181757, 0.597751888),
        (1.0, (0.617961694, 0.362115991, 0.019922315), 0.549358472, 0.716454582),
        (2.0, (0.69954525, 0.298742609, 0.001712142), 0.631733972, 0.89077051),
    ],
    "2019-08 notice": [
        (0.5, (0.067334454, 0.310630865, 0.622034681), 0.629937521, 0.634251782),
        (1.0, (0.004580451, 0.112756334, 0.882663216), 0.765131344, 0.732407289),
        (2.0, (3.202e-06, 0.002849294, 0.997147504), 0.932159192, 0.880798087),
    ],
    "2019-11 deadline": [
        (0.5, (0.168009529, 0.670840489, 0.161149981), 0.489263837, 0.44423475),
        (1.0, (0.059513359, 0.90824886, 0.032237782), 0.426217313, 0.351892702),
        (2.0, (0.004463302, 0.995377069, 0.000159629), 0.242141001, 0.199949487),
    ],
    "2020-08 default": [
        (0.5, (0.628201105, 0.358173748, 0.013625147), 0.60722023, 0.579604692),
        (1.0, (0.72756944, 0.271985564, 0.000444997), 0.720891152, 0.688122021),
        (2.0, (0.821637621, 0.1783617, 6.79e-07), 0.883717111, 0.865868555),
    ],
    "2023-03 thaw": [
        (0.5, (0.702700115, 0.293169193, 0.004130692), 0.28822309, 0.59315539),
        (1.0, (0.875549989, 0.124431048, 1.8963e-05), 0.121114809, 0.733670349),
        (2.0, (0.982038799, 0.017961201, 0.0), 0.014177168, 0.912625043),
    ],
}


@pytest.mark.parametrize("setting", MODES)
def test_the_base_game_at_its_modes(setting):
    scenario = bg.load_scenario("gsomia")
    game = scenario.game(setting)
    for precision, rok, maintain, abstain in MODES[setting]:
        solution = bg.solve(game, bg.LogitQRE(precision))
        assert solution.strategies[0][:, 0] == pytest.approx(rok, abs=1e-6)
        assert solution.strategies[1][0, 0] == pytest.approx(maintain, abs=1e-6)
        assert solution.strategies[2][0, 0] == pytest.approx(abstain, abs=1e-6)
    every = bg.solve(game, bg.AllNash())
    assert [tuple(next(iter(mix)) for mix in p.values()) for p in every.profiles()] == [
        scenario.setting(setting).history
    ]


GRAPHS = {
    "prisoners' dilemma": (
        {"DM1": [3, 1, 4, 2], "DM2": [3, 4, 1, 2]},
        {"DM1": {"nash": [3, 4], "gmr": [1, 3, 4], "smr": [1, 3, 4], "seq": [1, 3, 4]},
         "DM2": {"nash": [2, 4], "gmr": [1, 2, 4], "smr": [1, 2, 4], "seq": [1, 2, 4]}},
        {"nash": [4], "gmr": [1, 4], "smr": [1, 4], "seq": [1, 4]},
    ),
    "chicken": (
        {"DM1": [3, 2, 4, 1], "DM2": [3, 4, 2, 1]},
        {"DM1": {"nash": [2, 3], "gmr": [1, 2, 3], "smr": [1, 2, 3], "seq": [2, 3]},
         "DM2": {"nash": [2, 3], "gmr": [1, 2, 3], "smr": [1, 2, 3], "seq": [2, 3]}},
        {"nash": [2, 3], "gmr": [1, 2, 3], "smr": [1, 2, 3], "seq": [2, 3]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GRAPHS)
def test_graph_model(name):
    values, stable, equilibria = GRAPHS[name]
    # States 1 CC, 2 CD, 3 DC, 4 DD; DM1 moves between rows, DM2 between columns.
    game = bg.NormalForm(
        {"DM1": ("C", "D"), "DM2": ("C", "D")}, [np.reshape(values[dm], (2, 2)) for dm in ("DM1", "DM2")]
    )
    table = bg.solve(game, bg.ConflictStability(concepts=("nash", "gmr", "smr", "seq")))
    for concept, dm in itertools.product(("nash", "gmr", "smr", "seq"), ("DM1", "DM2")):
        row = table.stable[table.concepts.index(concept), ["DM1", "DM2"].index(dm), :, 0]
        assert (np.flatnonzero(row) + 1).tolist() == stable[dm][concept]
    for place, concept in enumerate(table.concepts):
        assert (np.flatnonzero(table.equilibria[place, :, 0]) + 1).tolist() == equilibria[concept]


def test_triangular_moments_and_quantiles():
    space = bg.Space([bg.Parameter("x", bg.Triangular(1, 3, 8))])
    values = space.values((np.arange(2_000_000)[None] + 0.5) / 2_000_000)
    assert values.mean() == pytest.approx(4.0, abs=1e-6)
    assert values.var() == pytest.approx(2.1666666667, abs=1e-5)
    assert (values < 3).mean() == pytest.approx(0.2857142857, abs=1e-6)
    assert space["x"].distribution.ppf(np.array([0.5]))[0] == pytest.approx(3.81669986733, abs=1e-9)


# Bargains ----------------------------------------------------------------------------------------------------

PAIR = ("first", "second")


def test_offers_in_turn_without_a_deadline():
    offers = bg.AlternatingOffers(patience=[[0.9, 0.95, 0.5], [0.9, 0.9, 0.8]]).solve()
    assert offers.payoffs[0] == pytest.approx([0.526315789474, 0.689655172414, 0.333333333333], abs=1e-10)


def test_offers_in_turn_with_a_deadline():
    shares = {1: 1, 2: 0.1, 3: 0.91, 4: 0.181, 5: 0.8371, 10: 0.342800821, 50: 0.523603276207}
    for rounds, share in shares.items():
        offers = bg.AlternatingOffers(patience=(0.9, 0.9), rounds=rounds).solve()
        assert offers.payoffs[0, 0] == pytest.approx(share, abs=1e-12)


def test_breakdown_instead_of_impatience():
    offers = bg.AlternatingOffers(patience=(1, 1), breakdown=0.1, breakdown_payoffs=(0.2, 0.1)).solve()
    assert offers.payoffs[0, 0] == pytest.approx(0.568421, abs=5e-7)


@pytest.mark.parametrize("option", [0.2, 0.47, 0.48, 0.6])
def test_an_outside_option_is_inert_below_what_offers_give(option):
    patience = 0.9
    offers = bg.AlternatingOffers(patience=(patience, patience), outside_options=(0, option)).solve()
    without = patience / (1 + patience)
    assert offers.payoffs[1, 0] == pytest.approx(max(option, without), abs=1e-12)


def test_bill_and_jack():
    goods = {
        "book": (-2, 4), "whip": (-2, 2), "ball": (-2, 1), "bat": (-2, 2), "box": (-4, 1),
        "pen": (10, -1), "toy": (4, -1), "knife": (6, -2), "hat": (2, -2),
    }  # fmt: skip
    issues = {good: {"kept": (0, 0), "traded": worth} for good, worth in goods.items()}
    for lotteries in (True, False):
        problem = bg.BargainingProblem.of_issues(("Bill", "Jack"), issues, (0, 0), lotteries=lotteries)
        agreed = bg.NashBargaining().solve(problem)
        assert agreed.payoffs[:, 0] == pytest.approx([12, 5], abs=1e-9)
        (package,) = agreed.packages()
        traded = {part.split(": ")[0] for part in next(iter(package)).split(", ") if part.endswith("traded")}
        assert traded == {"ball", "bat", "book", "knife", "pen", "toy", "whip"}


def test_four_solutions_on_a_parabola():
    problem = bg.BargainingFrontier(PAIR, lambda x: (x, 1 - x**2), (0, 1), disagreement=(0, 0))
    for concept, expected in (
        (bg.NashBargaining(), (3**-0.5, 2 / 3)),
        (bg.KalaiSmorodinsky(), (0.61803398875, 0.61803398875)),
        (bg.Egalitarian(), (0.61803398875, 0.61803398875)),
        (bg.Utilitarian(), (0.5, 0.75)),
    ):
        assert concept.solve(problem).payoffs[:, 0] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("power", "share"), [(1, 0.5), (0.5, 2 / 3), (0.25, 0.8)])
def test_the_risk_averse_get_less(power, share):
    problem = bg.BargainingFrontier(PAIR, lambda x: (x, (1 - x) ** power), (0, 1), disagreement=(0, 0))
    assert bg.NashBargaining().solve(problem).payoffs[0, 0] == pytest.approx(share, abs=1e-9)
    if power == 0.5:
        found = bg.KalaiSmorodinsky().solve(problem).payoffs[0, 0]
        assert found == pytest.approx(0.6180339887, abs=1e-9)


def test_weights_and_disagreement_of_two():
    pie = bg.BargainingProblem.division(PAIR, 1, disagreement=(0, 0))
    assert bg.NashBargaining((0.7, 0.3)).solve(pie).payoffs[0, 0] == pytest.approx(0.7, abs=1e-12)
    pie = bg.BargainingProblem.division(PAIR, 1, disagreement=(0.2, 0.1))
    assert bg.NashBargaining().solve(pie).payoffs[:, 0] == pytest.approx([0.55, 0.45], abs=1e-12)


def test_packages_that_are_not_chosen_move_kalai_and_smorodinsky_alone():
    """From the triangle to the quadrilateral whose ideal point favours the first player."""
    triangle = {"all": (1, 0), "nothing": (0, 1)}
    before = bg.BargainingProblem(PAIR, triangle, (0, 0))
    after = bg.BargainingProblem(PAIR, {**triangle, "even": (0.5, 0.5)}, (0, 0), floors=(0, 0.5))
    nash = [bg.NashBargaining().solve(problem).payoffs[:, 0] for problem in (before, after)]
    assert nash[0] == pytest.approx(nash[1], abs=1e-12)
    smaller = [bg.KalaiSmorodinsky().solve(problem).payoffs[:, 0] for problem in (before, after)]
    assert smaller[0] == pytest.approx([0.5, 0.5], abs=1e-12)
    assert smaller[1] == pytest.approx([1 / 3, 2 / 3], abs=1e-12)


@pytest.mark.parametrize("concept", [bg.NashBargaining(), bg.KalaiSmorodinsky()])
def test_three_divide_a_pie(concept):
    pie = bg.BargainingProblem.division(("A", "B", "C"), 1, disagreement=(0.1, 0.2, 0.05))
    expected = [0.316666666667, 0.416666666667, 0.266666666667]
    assert concept.solve(pie).payoffs[:, 0] == pytest.approx(expected, abs=1e-10)
    if isinstance(concept, bg.NashBargaining):
        weighted = bg.NashBargaining({"A": 0.5, "B": 0.3, "C": 0.2}).solve(pie)
        assert weighted.payoffs[:, 0] == pytest.approx([0.425, 0.395, 0.18], abs=1e-10)


def test_linked_issues():
    """No issue alone is acceptable to both; all three together are."""
    issues = {
        "pact": {"ends": (0, 0), "stays": (-0.5, 0.5)},
        "controls": {"stay": (0, 0), "go": (2, -3)},
        "complaint": {"stands": (0, 0), "withdrawn": (-0.5, 3.5)},
    }
    linked = bg.link_issues(("ROK", "JPN"), issues, bg.NashBargaining(), lotteries=False)
    assert not linked.gains[:, [1, 2, 4], 0].any()
    assert linked.gains[:, 7, 0] == pytest.approx([1, 1], abs=1e-12)
    problem = bg.BargainingProblem.of_issues(("ROK", "JPN"), issues, (0, 0))
    # Controls alone go with one probability, with the complaint with another: 3 u1 + 2 u2 = 5.5.
    assert bg.NashBargaining().solve(problem).payoffs[:, 0] == pytest.approx([11 / 12, 11 / 8], abs=1e-12)
    # Nobody could have more than (11/7, 11/4), so that the parts of the ideal gains are alike at 7/13.
    assert bg.ideal_point(problem)[:, 0] == pytest.approx([11 / 7, 11 / 4], abs=1e-12)
    found = bg.KalaiSmorodinsky().solve(problem).payoffs[:, 0]
    assert found == pytest.approx([11 / 13, 77 / 52], abs=1e-12)


def test_variable_threats():
    game = bg.NormalForm({"row": ACTIONS, "column": ACTIONS}, [[[2, -1], [0, 1]], [[1, 3], [4, 0]]])
    found = bg.variable_threats(game)
    assert (found.total[0], found.advantage[0]) == pytest.approx((4, -1.5), abs=1e-9)
    assert found.payoffs[:, 0] == pytest.approx([1.25, 2.75], abs=1e-8)
    assert found.threats[0][:, 0] == pytest.approx([0.5, 0.5], abs=1e-8)


def test_agreements_wait_for_a_deadline_where_firmness_pays():
    """The deadline effect: the same talks end at once or in the last round, never between."""
    credit = np.linspace(0, 0.05, 100)
    talks = bg.AlternatingOffers(patience=(0.99, 0.99), rounds=30, posturing=np.stack([credit, credit]))
    rounds = talks.solve().round
    assert rounds.tolist() == np.where(2 * credit < 0.01, 1, 30).tolist()


@pytest.mark.parametrize(("least", "share"), [(0, 0.5), (0.3, 0.5), (0.6, 0.6), (0.8, 0.8)])
def test_ratification(least, share):
    pie = bg.BargainingProblem.division(PAIR, 1, disagreement=(0, 0), floors=(least, 0))
    assert bg.NashBargaining().solve(pie).payoffs[0, 0] == pytest.approx(share, abs=1e-12)
    none = bg.BargainingProblem.division(PAIR, 1, disagreement=(0, 0), floors=(least, 1.01 - least))
    assert bg.NashBargaining().solve(none).status.tolist() == [bg.AgreementStatus.NO_DEAL]


def test_war_by_private_information():
    answer = bg.ultimatum(strength=[0.5, 0.3], cost=[0.1, 0.2], highest_cost=[0.5, 0.4])
    assert answer.excess == pytest.approx([0.2, 0.1], abs=1e-12)
    assert answer.war == pytest.approx([0.4, 0.25], abs=1e-12)


def test_attrition_with_audience_costs():
    prize, cost = np.array([2.0, 1.5]), np.array([0.7, 0.4])
    path = bg.Attrition(prize, cost, resolved=(0.2, 0.3)).solve()
    times = np.linspace(0, path.horizon[0], 7)
    survival = path.survival(times)[..., 0]
    for who, other in ((0, 1), (1, 0)):
        expected = path.holds[who, 0] * prize[other] / (prize[other] + cost[other] * times)
        assert survival[who] == pytest.approx(expected, abs=1e-12)
    assert survival[:, -1] == pytest.approx([0.2, 0.3], abs=1e-12)


def test_a_glove_market_and_a_council():
    gloves = bg.CoalitionalGame.of_function(
        ("left", "also left", "right"),
        lambda who: min(1, len(who & {"left", "also left"}), len(who & {"right"})),
    )
    assert bg.shapley_value(gloves)[:, 0] == pytest.approx([1 / 6, 1 / 6, 2 / 3], abs=1e-12)
    found = bg.core(gloves)
    assert found.nonempty.tolist() == [True]
    assert found.payoffs[:, 0] == pytest.approx([0, 0, 1], abs=1e-9)
    # Five permanent members with a veto, ten others; a resolution takes nine votes.
    seats = {f"permanent {i}": True for i in range(5)} | {f"elected {i}": False for i in range(10)}
    permanent = {seat for seat, veto in seats.items() if veto}
    council = bg.CoalitionalGame.of_function(
        tuple(seats), lambda who: float(permanent <= who and len(who) >= 9)
    )
    power = bg.shapley_value(council)[:, 0]
    assert power[0] == pytest.approx(0.196270, abs=5e-7)
    assert power[-1] == pytest.approx(4 / 2145, abs=1e-12)
    majority = bg.CoalitionalGame.of_function(("A", "B", "C"), lambda who: float(len(who) >= 2))
    assert bg.core(majority).nonempty.tolist() == [False]
    assert bg.core(majority).least_excess == pytest.approx([1 / 3], abs=1e-9)


def test_patience_that_keeps_an_agreement():
    dilemma = bg.NormalForm({"row": ("C", "D"), "column": ("C", "D")}, [[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    assert bg.grim_trigger(dilemma, ("C", "C"), ("D", "D")).threshold == pytest.approx([0.5], abs=1e-12)


def test_cut_forest():
    """The forest management problem of the MDP toolboxes (three ages, fire 0.1, discount 0.9)."""
    burnt_or_older = [[0.1, 0.9, 0], [0.1, 0, 0.9], [0.1, 0, 0.9]]
    game = bg.StochasticGame(
        {"owner": ["wait", "cut"]},
        payoffs=[[[0, 0], [0, 1], [4, 2]]],
        transitions=[[row, [1, 0, 0]] for row in burnt_or_older],
        states=["young", "middle", "old"],
        discount=0.9,
    )
    assert bg.MarkovPerfect().solve(game).values[0, :, 0] == pytest.approx([26.244, 29.484, 33.484], abs=1e-9)


def test_an_estate_and_a_runway():
    """The contested estate of the Talmud by random arrival, and the cost of a runway."""
    claims = {"100": 100, "200": 200, "300": 300}
    estate = bg.CoalitionalGame.of_function(
        tuple(claims), lambda who: max(0, 200 - sum(claims[name] for name in claims if name not in who))
    )
    assert bg.shapley_value(estate)[:, 0] == pytest.approx([100 / 3, 250 / 3, 250 / 3], abs=1e-9)
    lengths = {"small": 8, "middle": 11, "large": 13}
    runway = bg.CoalitionalGame.of_function(
        tuple(lengths), lambda who: -max((lengths[name] for name in who), default=0)
    )
    assert bg.shapley_value(runway)[:, 0] == pytest.approx([-8 / 3, -25 / 6, -37 / 6], abs=1e-12)


def test_pennies_of_three():
    """Jordan (1993): the first matches the second, the second the third, the third avoids the first."""
    table = np.zeros((3, 2, 2, 2))
    for i, j, k in itertools.product((0, 1), repeat=3):
        table[:, i, j, k] = i == j, j == k, k != i
    solution = bg.solve(bg.NormalForm({"1": ACTIONS, "2": ACTIONS, "3": ACTIONS}, table), bg.AllNash())
    assert first_actions(solution) == [[0.5, 0.5, 0.5]]
    assert solution.status.tolist() == [bg.Status.SOLVED]


def test_players_who_err_in_a_crisis():
    """Signorino (1999): logit errors of every agent, against the probabilities written out."""
    answer = Decision("A", "again", {"fight": Outcome([-0.5, -0.5]), "back down": Outcome([-1, 1])})
    reply = Decision("B", "reply", {"concede": Outcome([1, -1]), "resist": answer})
    tree = Decision("A", "start", {"keep": Outcome([0, 0]), "challenge": reply})
    solution = bg.ExtensiveLogitQRE(1.0).solve(ExtensiveForm(["A", "B"], tree))
    fight = 1 / (1 + np.exp(-0.5))
    resist = 1 / (1 + np.exp(-(1 + 1 - 1.5 * fight)))
    challenge = 1 / (1 + np.exp(-(resist * (0.5 * fight - 1) + 1 - resist)))
    found = {
        name: mix[action]
        for (name, mix), action in zip(
            solution.profiles(digits=12)[0].items(), ("challenge", "resist", "fight"), strict=True
        )
    }
    assert list(found.values()) == pytest.approx([challenge, resist, fight], abs=1e-9)


def test_sobol_g_function():
    """First-order indices of the product of (|4x - 2| + a) / (1 + a), in closed form."""
    order = np.array([0, 1, 4.5, 9])
    space = bg.Space([bg.Parameter(f"x{i}", bg.Uniform(0, 1)) for i in range(order.size)])
    found = bg.function_indices(
        lambda x: np.prod((np.abs(4 * x - 2) + order[:, None]) / (1 + order[:, None]), axis=0),
        space,
        points=2**12,
        seed=1,
    )
    parts = 1 / (3 * (1 + order) ** 2)
    whole = np.prod(1 + parts) - 1
    assert found["first"].to_numpy() == pytest.approx(parts / whole, abs=0.02)
    assert found["total"].to_numpy() == pytest.approx(parts * (1 + whole) / (1 + parts) / whole, abs=0.02)
