"""Signals, bargains, games over time and coalitions with known answers, through the public interface alone.

Each says where it is from. What they have in common is that a reader would write them in these few lines.
"""

import itertools
from fractions import Fraction

import numpy as np
import pytest

import bargain as bg

PAIR = ("A", "B")


def near(values, expected, tolerance=1e-9):
    assert np.asarray(values, dtype=float) == pytest.approx(np.asarray(expected, dtype=float), abs=tolerance)


# Signals -----------------------------------------------------------------------------------------------------


def signalling(prior, messages, replies, payoffs):
    """A sender who knows its type, then a receiver: ``payoffs[type, message, reply] = (sender, receiver)``."""

    def sends(kind):
        return bg.Decision("sender", kind, {
            message: bg.Decision("receiver", message, {
                reply: bg.Outcome(payoffs(kind, message, reply)) for reply in replies
            })
            for message in messages
        })  # fmt: skip

    return bg.ExtensiveForm(
        ("sender", "receiver"), bg.Chance({kind: (chance, sends(kind)) for kind, chance in prior.items()})
    )


def breakfast(strong):
    """Cho and Kreps (1987): beer or quiche."""
    likes = {"strong": "beer", "weak": "quiche"}
    return signalling(
        {"strong": strong, "weak": 1 - strong},
        ("beer", "quiche"),
        ("duel", "defer"),
        lambda kind, meal, reply: (
            (meal == likes[kind]) + 2 * (reply == "defer"),
            (kind == "weak") if reply == "duel" else (kind == "strong"),
        ),
    )


@pytest.mark.parametrize(("meal", "other"), [("beer", "quiche"), ("quiche", "beer")])
def test_both_kinds_have_the_same_breakfast(meal, other):
    game = breakfast(0.9)
    pooling = {"strong": meal, "weak": meal, meal: "defer", other: "duel"}
    assert any(
        profile["strong"] == profile["weak"] == {meal: 1.0} and profile[other] == {"duel": 1.0}
        for profile in bg.solve(game, bg.StrategicNash()).profiles()
    )
    near(game.beliefs(pooling)[meal][:, 0], [0.9, 0.1])
    # The duel is right if the other breakfast is thought to be weak's with one half at least.
    for weak, sequential in ((1.0, True), (0.5, True), (0.49, False)):
        found = bg.check_sequential(game, pooling, {other: {"weak": weak, "strong": 1 - weak}})
        assert found.consistent
        assert found.sequential == sequential


def test_which_breakfasts_are_no_empty_threat():
    """Both kinds of pooling have supporting beliefs; a duel over the breakfast that both have has none."""
    game = breakfast(0.9)
    for profile in bg.solve(game, bg.StrategicNash()).profiles():
        beliefs = bg.supporting_beliefs(game, profile)
        assert bg.check_sequential(game, profile, beliefs).sequential
    duels = {"strong": "beer", "weak": "quiche", "beer": "duel", "quiche": "duel"}
    assert bg.supporting_beliefs(game, duels) is None


def test_a_breakfast_that_tells_something():
    """With fewer strong ones than not the weak imitate them with probability p / (1 - p)."""
    (profile,) = bg.solve(breakfast(0.4), bg.StrategicNash()).profiles()
    assert profile["strong"] == {"beer": 1.0}
    near(profile["weak"]["beer"], 2 / 3)
    near(profile["beer"]["duel"], 1 / 2)
    assert profile["quiche"] == {"duel": 1.0}


def test_gibbons_s_example_has_a_pooling_and_a_separating_equilibrium():
    """Gibbons (1992), figure 4.2.2."""
    table = {
        ("t1", "L"): ((1, 3), (4, 0)), ("t1", "R"): ((2, 1), (0, 0)),
        ("t2", "L"): ((2, 4), (0, 1)), ("t2", "R"): ((1, 0), (1, 2)),
    }  # fmt: skip
    game = signalling(
        {"t1": 0.5, "t2": 0.5},
        "LR",
        "ud",
        lambda kind, message, reply: table[kind, message]["ud".index(reply)],
    )
    pooling = {"t1": "L", "t2": "L", "L": "u", "R": "d"}
    for first, good in ((0.0, True), (0.66, True), (0.67, False)):
        assert bg.check_sequential(game, pooling, {"R": {"t1": first, "t2": 1 - first}}).sequential == good
    assert bg.check_sequential(game, {"t1": "R", "t2": "L", "L": "u", "R": "u"}).sequential
    assert not bg.check_sequential(game, {"t1": "L", "t2": "R", "L": "u", "R": "d"}).sequential


@pytest.mark.parametrize(("years", "separates"), [(0.9, False), (1.0, True), (2.0, True), (2.1, False)])
def test_years_of_education_that_separate(years, separates):
    """Spence (1973): productivity 1 and 2, a cost of years over productivity; wages hit what is expected."""
    ability, wages = {"low": 1, "high": 2}, {"one": 1, "half": 1.5, "two": 2}
    game = signalling(
        {"low": 0.5, "high": 0.5},
        ("none", "degree"),
        tuple(wages),
        lambda kind, message, wage: (
            wages[wage] - (message == "degree") * years / ability[kind],
            -((wages[wage] - ability[kind]) ** 2),
        ),
    )
    profile = {"low": "none", "high": "degree", "none": "one", "degree": "two"}
    assert bg.check_sequential(game, profile).sequential == separates
    # Nobody studies where a degree is taken for chance.
    pooled = {"low": "none", "high": "none", "none": "half", "degree": "half"}
    assert bg.check_sequential(game, pooled, {"degree": {"low": 0.5, "high": 0.5}}).sequential


@pytest.mark.parametrize(("aligned", "best"), [(True, 1.0), (False, 0.5)])
def test_talk_is_cheap(aligned, best):
    """Crawford and Sobel (1982), Farrell (1993), two by two: words inform if interests are aligned."""
    game = signalling(
        {"left": 0.5, "right": 0.5},
        ("says left", "says right"),
        ("goes left", "goes right"),
        lambda kind, _, reply: (float(reply.endswith(kind) == aligned), float(reply.endswith(kind))),
    )
    receiver = bg.solve(game, bg.StrategicNash()).payoffs[1]
    near((receiver.max(), receiver.min()), (best, 0.5))


def test_kuhn_s_poker():
    """Kuhn (1950): the value is -1/18; who opens bluffs up to a third of the time."""
    deals = {}
    for mine, yours in itertools.permutations("JQK", 2):
        win = 1 if "JQK".index(mine) > "JQK".index(yours) else -1
        call = {"fold": bg.Outcome([1, -1]), "call": bg.Outcome([2 * win, -2 * win])}
        back = {"fold": bg.Outcome([-1, 1]), "call": bg.Outcome([2 * win, -2 * win])}
        raised = bg.Decision("opener", f"{mine}, raised", back)
        deals[mine + yours] = (Fraction(1, 6), bg.Decision("opener", mine, {
            "bet": bg.Decision("other", f"{yours} after a bet", call),
            "check": bg.Decision("other", f"{yours} after a check", {
                "check": bg.Outcome([win, -win]), "bet": raised,
            }),
        }))  # fmt: skip
    solution = bg.solve(bg.ExtensiveForm(("opener", "other"), bg.Chance(deals)), bg.ZeroSumSequenceForm())
    near(solution.payoffs[:, 0], [-1 / 18, 1 / 18])
    (profile,) = solution.profiles()
    near(profile["Q after a bet"]["call"], 1 / 3)
    near(profile["J after a check"]["bet"], 1 / 3)
    assert profile["J"].get("bet", 0) <= 1 / 3 + 1e-9


@pytest.mark.parametrize("moves", [4, 6])
def test_the_centipede_is_stopped_at_once(moves):
    """Rosenthal (1981), McKelvey and Palfrey (1992): each pass doubles both piles."""
    node = bg.Outcome([0.4 * 2**moves, 0.1 * 2**moves][:: 1 if moves % 2 == 0 else -1])
    for move in reversed(range(moves)):
        piles = [0.4 * 2**move, 0.1 * 2**move][:: 1 if move % 2 == 0 else -1]
        node = bg.Decision(PAIR[move % 2], f"{move}", {"take": bg.Outcome(piles), "pass": node})
    (profile,) = bg.solve(bg.ExtensiveForm(PAIR, node), bg.BackwardInduction()).profiles()
    assert all(mix == {"take": 1.0} for mix in profile.values())


def test_threats_and_bluffs_over_their_numbers():
    """Binary types after Fearon (1997) and Schultz (1998): closed forms, over random numbers at once."""
    rng = np.random.default_rng(0)
    prize, cost, loss = rng.uniform(1, 5, 200), rng.uniform(0.5, 3, 200), rng.uniform(2, 4, 200)
    concession = rng.uniform(0.2, 0.9, 200) * loss
    prior = rng.uniform(0.05, 0.95, 200) * concession / loss
    frame = bg.solve(
        bg.ThreatGame(
            prior=prior, prize=prize, audience_cost=cost, concession_cost=concession, loss=loss,
            carrying_out=0.1,
        ),
        bg.PerfectBayesian(),
    ).to_frame()  # fmt: skip
    frame = frame[frame["kind"] == "semi-separating"].reset_index("equilibrium", drop=True)
    assert len(frame) == 200
    near(frame["weak threatens"], prior * (loss - concession) / ((1 - prior) * concession))
    near(frame["concession"], cost / (prize + cost))
    near(frame["tough after threat"], concession / loss)


def test_crises_with_three_equilibria():
    """Lewis and Schultz (2003); the numbers of Crisman-Cox and Gibilisco (2019)."""
    common = {
        "status_quo": 0, "prize": 1, "concession": 0, "fighting_challenger": -1.9, "backing_down": -1.2,
        "holding": 1,
    }  # fmt: skip
    frame = bg.solve(bg.CrisisGame(fighting_target=-2.9, **common), bg.CrisisEquilibria()).to_frame()
    near(frame["resistance"], [0.2511046, 0.5947228, 0.8133217], 1e-6)
    assert len(bg.solve(bg.CrisisGame(fighting_target=-2.7, **common), bg.CrisisEquilibria()).to_frame()) == 1


@pytest.mark.parametrize(("highest", "cost"), [(0.5, 0.1), (0.4, 0.3), (0.3, 0.35)])
def test_war_though_both_lose_by_it(highest, cost):
    """Fearon (1995): a demand that is refused with probability 1/2 - c / (2 b)."""
    answer = bg.ultimatum(strength=0.5, cost=cost, highest_cost=highest)
    near(answer.war, [max(0.0, 0.5 - cost / (2 * highest))])
    near(answer.demand, [0.5 + max(0.0, (highest - cost) / 2)])


# Offers ------------------------------------------------------------------------------------------------------

OFFERS = {
    # Rubinstein (1982)
    "patience of two kinds": ({"patience": (0.9, 0.8)}, 0.2 / 0.28),
    "the other one first": ({"patience": (0.9, 0.8), "first": 1}, 0.9 * 0.2 / 0.28),
    "impatience": ({"patience": (0.5, 0)}, 1),
    "small fixed costs": ({"patience": 1, "posturing": (-0.05, -0.1), "least_share": 0}, 1),
    "large fixed costs": ({"patience": 1, "posturing": (-0.2, -0.1), "least_share": 0}, 0.1),
    # Stahl (1972)
    "the last word": ({"patience": (0.9, 0.8), "rounds": 2}, 0.2),
    "three rounds": ({"patience": (0.9, 0.8), "rounds": 3}, 1 - 0.8 * (1 - 0.9)),
    # Binmore, Rubinstein and Wolinsky (1986)
    "breakdown": ({"patience": 1, "breakdown": 0.1}, 1 / 1.9),
    "breakdown, rare": ({"patience": 1, "breakdown": 1e-7, "breakdown_payoffs": (0.2, 0.1)}, 0.55),
    # Binmore, Shaked and Sutton (1989)
    "outside, idle": ({"patience": 0.9, "outside_options": (0, 0.4)}, 1 / 1.9),
    "outside, binding": ({"patience": 0.9, "outside_options": (0, 0.6)}, 0.4),
    "outside of the first": ({"patience": 0.9, "outside_options": (0.7, 0)}, 1 - 0.9 * (1 - 0.7)),
    # Muthoo (1999), inside options: flows while they talk
    "inside": ({"patience": 0.9, "posturing": (0.03, 0.01)}, 0.3 + 0.6 / 1.9),
    # Binmore (1987), Okada (1996): chance names who proposes
    "even chances": ({"patience": 0.9, "recognition": 0.5}, 0.5),
    "uneven chances": ({"patience": 0.9, "recognition": (0.7, 0.3)}, 0.7),
    "uneven all round": ({"patience": (0.9, 0.8), "recognition": (0.7, 0.3)}, 0.14 / 0.17),
    # Putnam (1988)
    "parliament": ({"patience": 0.9, "least_share": (0, 0.6)}, 0.4),
}


@pytest.mark.parametrize("case", OFFERS)
def test_offers(case):
    terms, share = OFFERS[case]
    found = bg.AlternatingOffers(**terms).solve()
    near(found.payoffs[:, 0], [share, 1 - share], 1e-6 if "rare" in case else 1e-9)
    assert found.round.tolist() == [1]


@pytest.mark.parametrize(("votes", "share"), [(2, 1 - 0.9 / 3), (3, 1 - 2 * 0.9 / 3)])
def test_proposals_in_a_legislature(votes, share):
    """Baron and Ferejohn (1989): three members; a majority of two, and unanimity."""
    found = bg.random_proposers([1 / 3] * 3, patience=0.9, votes=votes)
    near(found.share[:, 0], [share] * 3)
    near(found.payoffs[:, 0], [1 / 3] * 3)


def test_offers_over_a_curve_go_to_the_nash_solution():
    """Binmore, Rubinstein and Wolinsky (1986): both offers, as patience goes to one."""
    problem = bg.BargainingFrontier(PAIR, lambda x: (x, np.sqrt(1 - x)), (0, 1), (0, 0))
    first, second = bg.rubinstein_offers(problem, 0.9)[..., 0]
    near((0.9 * first[0], 0.9 * second[1]), (second[0], first[1]))
    near(
        bg.rubinstein_offers(problem, 1 - 1e-7)[0, :, 0],
        bg.NashBargaining().solve(problem).payoffs[:, 0],
        1e-6,
    )


# Axioms ------------------------------------------------------------------------------------------------------

NASH, KS, EQUAL, SUM = bg.NashBargaining(), bg.KalaiSmorodinsky(), bg.Egalitarian(), bg.Utilitarian()
LINE = bg.BargainingFrontier(PAIR, lambda x: (x, 2 - x / 2), (0, 4), (0, 0))
ROOTS = bg.BargainingFrontier(PAIR, lambda x: (x**0.5, (1 - x) ** 0.25), (0, 1), (0, 0))
KINK = bg.BargainingFrontier(PAIR, lambda x: (x, np.minimum(1 - x / 3, 3 - 3 * x)), (0, 1), (0, 0))
WAGES = bg.BargainingProblem.division(("union", "firm"), 100, disagreement={"union": 40, "firm": 0})
THREE = bg.BargainingProblem(("A", "B", "C"), {"a": (6, 0, 0), "b": (0, 3, 0), "c": (0, 0, 2)}, (0, 0, 0))
WHOLE = bg.BargainingProblem(
    PAIR, {"left": (1, 5), "middle": (3, 3), "right": (5, 2)}, (0, 0), lotteries=False
)
BEFORE = bg.BargainingProblem(PAIR, {"B": (0, 1), "both": (0.75, 0.75), "A": (1, 0)}, (0, 0))
AFTER = bg.BargainingProblem(PAIR, {"B": (0, 1), "both": (0.75, 0.75), "A": (1, 0), "more": (1, 0.7)}, (0, 0))
OPERA = bg.BargainingProblem.of_game(
    bg.NormalForm(
        {"he": ("opera", "boxing"), "she": ("opera", "boxing")}, [[[1, 0], [0, 2]], [[2, 0], [0, 1]]]
    ),
    {"he": 2 / 3, "she": 2 / 3},
)
SOLUTIONS = {
    "a line, Nash": (LINE, NASH, (2, 1)),
    "a line, Kalai-Smorodinsky": (LINE, KS, (2, 1)),
    "a line, equal gains": (LINE, EQUAL, (4 / 3, 4 / 3)),
    "a line, sum": (LINE, SUM, (4, 0)),
    "a line, proportional": (LINE, bg.Egalitarian({"A": 2, "B": 1}), (2, 1)),
    "a line, weights": (LINE, bg.NashBargaining({"A": 3, "B": 1}), (3, 0.5)),
    # Roth (1979), Kihlstrom, Roth and Schmeidler (1981): shares in proportion to the exponents
    "aversion to risk": (ROOTS, NASH, ((2 / 3) ** 0.5, (1 / 3) ** 0.25)),
    "a kink, Nash": (KINK, NASH, (0.75, 0.75)),
    "a kink, Kalai-Smorodinsky": (KINK, KS, (0.75, 0.75)),
    # McDonald and Solow (1981) with a fixed number of jobs: half way between the reservation wage and revenue
    "wages": (WAGES, NASH, (70, 30)),
    "three players, Nash": (THREE, NASH, (2, 1, 2 / 3)),
    "three players, Kalai-Smorodinsky": (THREE, KS, (2, 1, 2 / 3)),
    "three players, equal gains": (THREE, EQUAL, (1, 1, 1)),
    "three players, sum": (THREE, SUM, (6, 0, 0)),
    "three players, weights": (THREE, bg.NashBargaining((0.5, 0.3, 0.2)), (3, 0.9, 0.4)),
    "whole packages, Nash": (WHOLE, NASH, (5, 2)),
    "whole packages, Kalai-Smorodinsky": (WHOLE, KS, (3, 3)),
    "whole packages, equal gains": (WHOLE, EQUAL, (3, 3)),
    "whole packages, sum": (WHOLE, SUM, (5, 2)),
    # Kalai and Smorodinsky (1975): more on offer, and Nash's solution gives B less; theirs does not
    "before, Nash": (BEFORE, NASH, (0.75, 0.75)),
    "after, Nash": (AFTER, NASH, (1, 0.7)),
    "before, Kalai-Smorodinsky": (BEFORE, KS, (0.75, 0.75)),
    "after, Kalai-Smorodinsky": (AFTER, KS, (10 / 13, 10 / 13)),
    # Luce and Raiffa (1957): the battle of the sexes, settled by a coin
    "battle of the sexes": (OPERA, NASH, (1.5, 1.5)),
}


@pytest.mark.parametrize("case", SOLUTIONS)
def test_solutions(case):
    problem, concept, expected = SOLUTIONS[case]
    near(bg.solve(problem, concept).payoffs[:, 0], expected)


def test_wealth_makes_bold():
    """Divide a dollar of which one's worth is the logarithm of wealth: the poorer gets less."""
    wealth = np.array([0.5, 1.0, 4.0])
    problems = [
        bg.BargainingFrontier(
            PAIR, lambda x, w=w: (np.log(1 + x / w), np.log(1 + (1 - x) / 2)), (0, 1), (0, 0)
        )
        for w in wealth
    ]
    shares = [
        w * np.expm1(NASH.solve(problem).payoffs[0, 0]) for w, problem in zip(wealth, problems, strict=True)
    ]
    assert shares[0] < shares[1] < 0.5 < shares[2]
    for w, share in zip(wealth, shares, strict=True):  # the condition of the first order
        marginal = 1 / ((w + share) * np.log1p(share / w))
        near(marginal, 1 / ((3 - share) * np.log1p((1 - share) / 2)), 1e-6)


def test_threats_that_bind_with_money():
    """Ferguson's notes on two-person games: the saddle point of the differences is worth two."""
    game = bg.NormalForm({"I": ("a", "b"), "II": ("c", "d")}, [[[5, 0], [0, 3]], [[3, -4], [0, 6]]])
    found = bg.variable_threats(game)
    near((found.total[0], found.advantage[0]), (9, 2))
    near(found.payoffs[:, 0], [5.5, 3.5])
    near(found.disagreement[:, 0], [5, 3])


# Time --------------------------------------------------------------------------------------------------------


def renewal(tense):
    """A pact that is worth 2 a year in calm years; chances of staying calm 0.8, tense 0.7."""
    return bg.StochasticGame.of(
        "holder",
        {
            "calm": {"renew": (2, {"calm": 0.8, "tense": 0.2}), "terminate": (0, "over")},
            "tense": {"renew": (tense, {"calm": 0.3, "tense": 0.7}), "terminate": (0, "over")},
            "over": {},
        },
        discount=0.9,
    )


def test_a_pact_is_renewed_in_bad_years_for_the_good_ones():
    solution = bg.solve(renewal(-1.5), bg.MarkovPerfect())
    near(solution.values[0, :, 0], [94 / 11, 24 / 11, 0])
    thresholds = bg.policy_thresholds(renewal, -5, 0)
    near(thresholds["value"], [-27 / 14])
    assert thresholds[["below", "above"]].to_numpy().tolist() == [["terminate", "renew"]]


TOYS = {
    "in favour": {
        "as usual": (6, {"in favour": 0.5, "out of favour": 0.5}),
        "advertise": (4, {"in favour": 0.8, "out of favour": 0.2}),
    },
    "out of favour": {
        "as usual": (-3, {"in favour": 0.4, "out of favour": 0.6}),
        "research": (-5, {"in favour": 0.7, "out of favour": 0.3}),
    },
}


def test_howard_s_toymaker():
    """Howard (1960): 22.2 and 12.3 at a discount of 0.9; the table of four weeks without one."""
    endless = bg.solve(bg.StochasticGame.of("toymaker", TOYS, discount=0.9), bg.MarkovPerfect())
    near(endless.values[0, :, 0], [22.2, 12.3], 0.05)
    assert endless.strategy("toymaker", "in favour") == {"advertise": 1.0}
    assert endless.strategy("toymaker", "out of favour") == {"research": 1.0}
    for weeks, values in enumerate(((6, -3), (8.2, -1.7), (10.22, 0.23), (12.222, 2.223)), start=1):
        game = bg.StochasticGame.of("toymaker", TOYS, discount=1, horizon=weeks)
        near(bg.solve(game, bg.MarkovPerfect()).values[0, :, 0], values)


def test_howard_s_taxicab():
    """Howard (1960): three towns; cruise, wait at the stand, or wait for the radio."""
    ways = {
        "A": {"cruise": ([8, 4, 4], [10, 4, 8]), "stand": ([1, 12, 3], [8, 2, 4]), "radio": ([4, 2, 10], [4, 6, 4])},
        "B": {"cruise": ([8, 0, 8], [14, 0, 18]), "stand": ([1, 14, 1], [8, 16, 8])},
        "C": {"cruise": ([4, 4, 8], [10, 2, 8]), "stand": ([2, 12, 2], [6, 4, 2]), "radio": ([12, 1, 3], [4, 0, 8])},
    }  # fmt: skip
    moves = {
        town: {
            way: (np.dot(sixteenths, fares) / 16, dict(zip("ABC", np.array(sixteenths) / 16, strict=True)))
            for way, (sixteenths, fares) in own.items()
        }
        for town, own in ways.items()
    }
    solution = bg.solve(bg.StochasticGame.of("driver", moves, discount=0.9), bg.MarkovPerfect())
    near(solution.values[0, :, 0], [121.65, 135.31, 122.84], 0.005)
    assert all(solution.strategy("driver", town) == {"stand": 1.0} for town in "ABC")


@pytest.mark.parametrize("discount", [0.5, 0.9, 0.95])
def test_puterman_s_two_states(discount):
    """Puterman (1994), section 3.1: a sure ten, or five and another try, better from 10/11 on."""
    game = bg.StochasticGame.of(
        "maker",
        {
            "s1": {"try": (5, {"s1": 0.5, "s2": 0.5}), "take": (10, "s2")},
            "s2": {"pay": (-1, "s2")},
        },
        discount=discount,
    )
    solution = bg.solve(game, bg.MarkovPerfect())
    trying = (5 - 5.5 * discount) / ((1 - 0.5 * discount) * (1 - discount))
    taking = 10 - discount / (1 - discount)
    near(solution.values[0, :, 0], [max(trying, taking), -1 / (1 - discount)])
    assert (solution.strategy("maker", "s1") == {"try": 1.0}) == (discount > 10 / 11)


def test_two_states_of_the_toolbox():
    """The example of MDPtoolbox: transitions by action first, as it has them."""
    transitions = np.array([[[0.5, 0.5], [0.8, 0.2]], [[0, 1], [0.1, 0.9]]]).swapaxes(0, 1)
    game = bg.StochasticGame(
        {"agent": ("stay", "go")}, [[[5, 10], [-1, 2]]], transitions, states=("first", "second"), discount=0.9
    )
    near(bg.solve(game, bg.MarkovPerfect()).values[0, :, 0], [42.4418604651, 36.0465116279], 1e-9)


def grid(rows, columns, steps, reward, leave=None, blocked=()):
    """Cells of a grid as states: ``steps(direction)`` gives the chances of directions."""
    ways = {"north": (-1, 0), "south": (1, 0), "west": (0, -1), "east": (0, 1)}

    def arrives(cell, way):
        target = (cell[0] + ways[way][0], cell[1] + ways[way][1])
        inside = 0 <= target[0] < rows and 0 <= target[1] < columns and target not in blocked
        return target if inside else cell

    states = {}
    for cell in itertools.product(range(rows), range(columns)):
        if cell in blocked:
            continue
        name = f"{cell}"
        if leave and cell in leave:
            states[name] = {"leave": leave[cell]}
            continue
        outcomes = {}
        for way in ways:
            lead: dict[str, float] = {}
            for other, chance in steps(way).items():
                target = f"{arrives(cell, other)}"
                lead[target] = lead.get(target, 0.0) + chance
            outcomes[way] = (reward(cell, arrives(cell, way)), lead)
        states[name] = outcomes
    return states


def test_sutton_and_barto_s_grid():
    """Sutton and Barto (2018), example 3.8: two cells from which a leap is worth ten and five."""
    game = bg.StochasticGame.of(
        "agent",
        grid(
            5, 5, lambda way: {way: 1.0}, lambda cell, target: -1.0 if cell == target else 0.0,
            leave={(0, 1): (10, "(4, 1)"), (0, 3): (5, "(2, 3)")},
        ),
        discount=0.9,
    )  # fmt: skip
    expected = [
        [22.0, 24.4, 22.0, 19.4, 17.5], [19.8, 22.0, 19.8, 17.8, 16.0], [17.8, 19.8, 17.8, 16.0, 14.4],
        [16.0, 17.8, 16.0, 14.4, 13.0], [14.4, 16.0, 14.4, 13.0, 11.7],
    ]  # fmt: skip
    values = bg.solve(game, bg.MarkovPerfect()).values[0, :, 0].reshape(5, 5)
    near(values, expected, 0.051)


def test_russell_and_norvig_s_grid():
    """Russell and Norvig (2021), figure 17.3: slips to the sides, undiscounted, until it is left."""
    sides = {"north": ("west", "east"), "south": ("west", "east"), "west": ("north", "south"),
             "east": ("north", "south")}  # fmt: skip
    moves = grid(
        3, 4, lambda way: {way: 0.8, sides[way][0]: 0.1, sides[way][1]: 0.1}, lambda *_: -0.04,
        leave={(0, 3): (1, "out"), (1, 3): (-1, "out")}, blocked={(1, 1)},
    )  # fmt: skip
    game = bg.StochasticGame.of("agent", {**moves, "out": {}}, discount=1, horizon=200)
    values = dict(zip(game.states, bg.solve(game, bg.MarkovPerfect()).values[0, :, 0], strict=True))
    expected = {
        (0, 0): 0.812, (0, 1): 0.868, (0, 2): 0.918, (1, 0): 0.762, (1, 2): 0.660, (2, 0): 0.705,
        (2, 1): 0.655, (2, 2): 0.611, (2, 3): 0.388,
    }  # fmt: skip
    for cell, value in expected.items():
        near(values[f"{cell}"], value, 0.0006)


def test_a_die_that_may_be_thrown_three_times():
    """Optimal stopping: keep a five or six of the first throw, a four and more of the second."""
    faces = {f"{n}": 1 / 6 for n in range(1, 7)}
    game = bg.StochasticGame.of(
        "player",
        {
            "begin": {"throw": (0, faces)},
            **{f"{n}": {"keep": (n, "over"), "throw": (0, faces)} for n in range(1, 7)},
            "over": {},
        },
        discount=1,
        horizon=4,
    )
    solution = bg.solve(game, bg.MarkovPerfect())
    near(solution.values[0, 0, 0], 14 / 3)
    for period, kept in ((1, 5), (2, 4), (3, 1)):
        keeps = [solution.strategy("player", f"{n}", period=period) == {"keep": 1.0} for n in range(1, 7)]
        assert keeps == [n >= kept for n in range(1, 7)]


@pytest.mark.parametrize("win", [0.5, 0.4, 18 / 38])
def test_the_gambler_s_ruin(win):
    """Feller (1968): 3 of 10, one at a time."""
    game = bg.StochasticGame.of(
        "gambler",
        {
            "0": {},
            **{f"{n}": {"bet": (0, {f"{n + 1}": win, f"{n - 1}": 1 - win})} for n in range(1, 10)},
            "10": {},
        },
        discount=0.5,
    )
    at_last = bg.state_probabilities(bg.solve(game, bg.MarkovPerfect()), "3", 800)[-1, :, 0]
    odds = (1 - win) / win
    rich = 0.3 if win == 0.5 else (1 - odds**3) / (1 - odds**10)
    near((at_last[0], at_last[-1]), (1 - rich, rich))


def test_craps():
    """The shooter wins with probability 244/495."""
    ways = {n: 6 - abs(n - 7) for n in range(2, 13)}
    points = (4, 5, 6, 8, 9, 10)
    roll = {f"{p}": ways[p] / 36 for p in points} | {"won": 8 / 36, "lost": 4 / 36}
    later = {
        f"{p}": {"roll": (0, {"won": ways[p] / 36, "lost": 1 / 6, f"{p}": 1 - (ways[p] + 6) / 36})}
        for p in points
    }
    game = bg.StochasticGame.of(
        "shooter", {"begin": {"roll": (0, roll)}, **later, "won": {}, "lost": {}}, discount=0.5
    )
    solution = bg.solve(game, bg.MarkovPerfect())
    near(bg.first_passage(solution, ["won"]).probability[0], [244 / 495])
    near(bg.first_passage(solution, ["won", "lost"]).periods[0], [557 / 165])
    late = bg.state_probabilities(solution, {"begin": 1.0}, 400)[-1, :, 0]
    near(late[game.states.index("won")], 244 / 495)


def test_a_constant_hazard():
    """Years in force are geometric: 1 / h of them on average, and (1 - h) ** t survive."""
    hazard = np.array([0.05, 0.1, 0.25])
    game = bg.StochasticGame.of(
        "holder",
        {"in force": {"wait": (1, {"in force": 1 - hazard, "over": hazard})}, "over": {}},
        discount=0.9,
    )
    lasting = bg.survival(bg.solve(game, bg.MarkovPerfect()), "in force", "in force", 1000)
    near(lasting.expected, 1 / hazard)
    near(bg.first_passage(bg.solve(game, bg.MarkovPerfect()), "over").periods[0], 1 / hazard)
    near(lasting.curve[7], (1 - hazard) ** 7)
    near(lasting.hazard[:20], np.broadcast_to(hazard, (20, 3)))


@pytest.mark.parametrize("patience", [0.3, 0.9, 0.99])
def test_the_big_match(patience):
    """Gillette (1957), Blackwell and Ferguson (1968): worth one half, whatever the discount."""
    stay, zero, one = (1, -1), (0, 0), (1, -1)
    game = bg.StochasticGame.of(
        ("max", "min"),
        {
            "play": {
                ("wait", "left"): (zero, "play"), ("wait", "right"): (stay, "play"),
                ("stop", "left"): (one, "ever one"), ("stop", "right"): (zero, "ever none"),
            },
            "ever one": (1, -1),
            "ever none": {},
        },
        discount=patience,
    )  # fmt: skip
    solution = bg.solve(game, bg.MarkovPerfect())
    near((1 - patience) * solution.values[0, 0, 0], 0.5)
    near(solution.strategy("max", "play")["stop"], (1 - patience) / (2 - patience))
    near(list(solution.strategy("min", "play").values()), [0.5, 0.5])
    assert solution.status.tolist() == [bg.Status.SOLVED]


def test_a_game_of_shapley_s_with_an_irrational_value():
    """Shapley (1953): v = (1 + v / 2) / (2 + v / 2)."""
    game = bg.StochasticGame.of(
        ("row", "column"),
        {
            "on": {
                ("up", "left"): ((1, -1), "on"), ("up", "right"): ((0, 0), "off"),
                ("down", "left"): ((0, 0), "off"), ("down", "right"): ((1, -1), "off"),
            },
            "off": {},
        },
        discount=0.5,
    )  # fmt: skip
    near(bg.solve(game, bg.MarkovPerfect()).values[:, 0, 0], [(17**0.5 - 3) / 2, (3 - 17**0.5) / 2])


def prisoners(temptation, reward, punishment, sucker):
    table = np.array([[reward, sucker], [temptation, punishment]])
    return bg.NormalForm({"A": ("C", "D"), "B": ("C", "D")}, [table, table.T])


def market(quantities):
    names = tuple(quantities)
    amount = np.array(list(quantities.values()))
    price = 1 - amount[:, None] - amount
    return bg.NormalForm({"A": names, "B": names}, [price * amount[:, None], price * amount])


LOVERS = bg.NormalForm({"A": ("C", "D"), "B": ("C", "D")}, [[[4, 0], [5, 2]], [[3, 6], [0, 1]]])
COURNOT = market({"half": 1 / 4, "Cournot": 1 / 3, "cheat": 3 / 8})
TRIGGERS = {
    # Friedman (1971): (T - R) / (T - P)
    "dilemma": (prisoners(5, 3, 1, 0), ("C", "C"), ("D", "D"), (1 / 2, 1 / 2)),
    "dilemma, milder": (prisoners(5, 4, 1, 0), ("C", "C"), ("D", "D"), (1 / 4, 1 / 4)),
    "unlike players": (LOVERS, ("C", "C"), {"A": "D", "B": "D"}, (1 / 3, 3 / 5)),
    # Gibbons (1992), 2.3.C: 9/17
    "Cournot": (COURNOT, ("half", "half"), ("Cournot", "Cournot"), (9 / 17, 9 / 17)),
    "no agreement to break": (prisoners(5, 3, 1, 0), ("D", "D"), ("D", "D"), (0, 0)),
}


@pytest.mark.parametrize("case", TRIGGERS)
def test_triggers(case):
    game, agreement, punishment, patience = TRIGGERS[case]
    found = bg.grim_trigger(game, agreement, punishment)
    near(found.patience[:, 0], patience)
    near(found.threshold, [max(patience)])


def test_tit_for_tat():
    """Axelrod (1984): best against itself from the larger of (T - R) / (T - P) and (T - R) / (R - S) on."""
    pay = {"CC": (3, 3), "CD": (0, 5), "DC": (5, 0), "DD": (1, 1)}

    def answered(discount):
        """What was played last is the state, and B does what A did."""
        game = bg.StochasticGame.of(
            PAIR, {last: {(a, b): (pay[a + b], a + b) for a in "CD" for b in "CD"} for last in pay},
            discount=discount,
        )  # fmt: skip
        return game.hold({"B": {last: last[0] for last in pay}})

    for discount, cooperates in ((0.65, False), (0.68, True)):
        solution = bg.solve(answered(discount), bg.MarkovPerfect())
        assert (solution.strategy("A", "CC") == {"C": 1.0}) == cooperates


# Coalitions --------------------------------------------------------------------------------------------------


def voting(weights, quota):
    return bg.CoalitionalGame.of_function(
        tuple(weights), lambda who: float(sum(weights[member] for member in who) >= quota)
    )


def lexicographic(*worth):
    """Three players: coalitions 1, 2, 3, 12, 13, 23, 123."""
    members = [(1,), (2,), (3,), (1, 2), (1, 3), (2, 3), (1, 2, 3)]
    names = [tuple(f"{member}" for member in own) for own in members]
    return bg.CoalitionalGame(("1", "2", "3"), dict(zip(names, worth, strict=True)))


def estate(amount):
    claims = {"a": 100, "b": 200, "c": 300}
    return bg.CoalitionalGame.of_function(
        tuple(claims), lambda who: max(0, amount - sum(claims[other] for other in claims if other not in who))
    )


EUROPE = {"FR": 4, "DE": 4, "IT": 4, "BE": 2, "NL": 2, "LU": 1}
RUNWAYS = {"S": 8, "M": 11, "L": 13, "XL": 18}
RUNWAY = bg.CoalitionalGame.of_function(tuple(RUNWAYS), lambda who: -max(RUNWAYS[plane] for plane in who))
HORSES = bg.CoalitionalGame.of_function(
    ("seller", "low bid", "high bid"),
    lambda who: 0 if "seller" not in who else 100 if "high bid" in who else 90 if "low bid" in who else 0,
)
COALITIONS = {
    # Shapley and Shubik (1954); the Community of six: Luxembourg never counted
    "the six": (voting(EUROPE, 12), np.array([14, 14, 14, 9, 9, 0]) / 60, [1 / 4, 1 / 4, 1 / 4, 1 / 8, 1 / 8, 0]),
    "a big party": (voting({"big": 3, "b": 1, "c": 1, "d": 1}, 4), [3 / 4, 1 / 12, 1 / 12, 1 / 12], [1, 0, 0, 0]),
    "apex": (voting({"apex": 3, "b": 1, "c": 1, "d": 1, "e": 1}, 4), [3 / 5, *[1 / 10] * 4], [3 / 7, *[1 / 7] * 4]),
    # Aumann and Maschler (1985): the Talmud; the Shapley value is O'Neill's (1982) random arrival
    "an estate of 100": (estate(100), [100 / 3] * 3, [100 / 3] * 3),
    "an estate of 200": (estate(200), [100 / 3, 250 / 3, 250 / 3], [50, 75, 75]),
    "an estate of 300": (estate(300), [50, 100, 150], [50, 100, 150]),
    # Littlechild and Owen (1973), Littlechild (1974)
    "a runway": (RUNWAY, [-2, -3, -4, -9], [-3.25, -3.25, -3.25, -8.25]),
    # Lemaire (1991), deposits
    "deposits": (
        lexicographic(46125, 17437.5, 5812.5, 69187.5, 53812.5, 30750, 90000),
        [51750, 25875, 12375], [52687.5, 24468.75, 12843.75],
    ),
    # Ferguson's notes on coalitional games
    "Ferguson": (lexicographic(-1, 0, 1, 3, 4, 2, 5), [5 / 3, 7 / 6, 13 / 6], [8 / 3, 2 / 3, 5 / 3]),
    # Peleg and Sudhoelter (2007), example 5.5.12
    "two against all": (lexicographic(0, 0, 0, 10, 0, 0, 2), [7 / 3, 7 / 3, -8 / 3], [1, 1, 0]),
    # von Neumann and Morgenstern (1944): one seller, two buyers
    "a horse": (HORSES, [65, 15, 20], [95, 0, 5]),
}  # fmt: skip


@pytest.mark.parametrize("case", COALITIONS)
def test_coalitions(case):
    game, shapley, nucleolus = COALITIONS[case]
    near(bg.shapley_value(game)[:, 0], shapley, 1e-7)
    near(bg.core(game).payoffs[:, 0], nucleolus, 1e-6)


@pytest.mark.parametrize(
    ("game", "nonempty", "excess"),
    [
        (voting({"a": 1, "b": 1, "c": 1}, 2), False, 1 / 3),
        (voting({"a": 1, "b": 1, "c": 1}, 3), True, -1 / 3),
        (voting(EUROPE, 12), False, 1 / 4),
        (bg.CoalitionalGame.of_function("abc", lambda who: len(who) ** 2), True, -2),
        (RUNWAY, True, -3.25),
        (HORSES, True, 0),
    ],
)
def test_cores(game, nonempty, excess):
    found = bg.core(game)
    assert found.nonempty.tolist() == [nonempty]
    near(found.least_excess, [excess], 1e-7)


@pytest.mark.parametrize(
    ("weights", "quota", "index"),
    [
        (EUROPE, 12, np.array([5, 5, 5, 3, 3, 0]) / 21),  # Felsenthal and Machover (1998)
        ({"a": 51, "b": 49}, 51, [1, 0]),
        ({"a": 50, "b": 49, "c": 1}, 51, [3 / 5, 1 / 5, 1 / 5]),
        # Banzhaf (1965): Nassau County, where three of six supervisors had no say
        ({"H1": 9, "H2": 9, "NH": 7, "OB": 3, "GC": 1, "LB": 1}, 16, [1 / 3, 1 / 3, 1 / 3, 0, 0, 0]),
    ],
)
def test_power_in_votes(weights, quota, index):
    value = bg.banzhaf_value(voting(weights, quota))[:, 0]
    near(value / value.sum(), index)


def test_what_prisoners_can_secure():
    """Von Neumann and Morgenstern: alone the punishment, together twice the reward."""
    game = bg.coalitional_form(prisoners(5, 3, 1, 0))
    near(game.worth[:, 0], [0, 1, 1, 6])
    near(bg.shapley_value(game)[:, 0], [3, 3])
