"""Textbook games with known answers, through the public interface alone, each with its source.

Numbers of equilibria and probabilities are those of the source; Gambit's are in its ``contrib/games``, its
catalogue and its tests, quantecon's in its tests.
"""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

import bargain as bg

SOLVED, DEGENERATE = bg.Status.SOLVED, bg.Status.DEGENERATE


def table(*payoffs):
    """A game from one array per player, with actions numbered from 1."""
    sizes = np.shape(payoffs[0])
    actions = {f"player {i}": [str(k) for k in range(1, size + 1)] for i, size in enumerate(sizes, start=1)}
    return bg.NormalForm(actions, list(payoffs))


def symmetric(payoffs):
    return table(payoffs, np.transpose(payoffs))


def rule(sizes, payoffs):
    """A game from a function of everybody's action, counted from 0."""
    tables = np.zeros((len(sizes), *sizes))
    for profile in np.ndindex(*sizes):
        tables[(slice(None), *profile)] = payoffs(*profile)
    return table(*tables)


def gambit(sizes, numbers):
    """A game from the numbers of an .nfg file, in which the first player's action moves fastest."""
    values = np.array([float(Fraction(number)) for number in numbers.split()])
    values = values.reshape(*reversed(sizes), len(sizes))
    return table(*np.moveaxis(values, -1, 0).transpose(0, *range(len(sizes), 0, -1)))


def found(game):
    """Every equilibrium as one row: all players' probabilities."""
    solution = bg.solve(game, bg.AllNash())
    assert np.all(solution.regret <= 1e-9 * np.ptp(game.payoffs))
    return solution, np.concatenate(solution.strategies).T


def numbers(text):
    return [float(Fraction(number)) for number in text.split()]


# All equilibria -----------------------------------------------------------------------------------------------

RPS = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
LIZARD = np.array(
    [[0, -1, 1, 1, -1], [1, 0, -1, -1, 1], [-1, 1, 0, 1, -1], [-1, 1, -1, 0, 1], [1, -1, 1, -1, 0]]
)
CHAIN = np.array([[1, -1, -1, -1], [-1, -1, 1, 1], [-1, 1, -1, 1], [-1, 1, 1, -1]])

EXACT = {
    "prisoners' dilemma": (symmetric([[3, 0], [5, 1]]), SOLVED, ["0 1 0 1"]),
    "matching pennies": (table([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]), SOLVED, ["1/2 1/2 1/2 1/2"]),
    "battle of the sexes, Nau et al. (2004), section 3": (
        table([[3, 0], [0, 2]], [[2, 0], [0, 3]]),
        SOLVED,
        ["1 0 1 0", "0 1 0 1", "3/5 2/5 2/5 3/5"],
    ),
    "hawk and dove, prize 2 and injury 4": (
        symmetric([[-1, 2], [0, 1]]),
        SOLVED,
        ["1 0 0 1", "0 1 1 0", "1/2 1/2 1/2 1/2"],
    ),
    "rock, paper, scissors": (table(RPS, -RPS), SOLVED, ["1/3 1/3 1/3 1/3 1/3 1/3"]),
    "the same with a lizard and Spock": (table(LIZARD, -LIZARD), SOLVED, [" ".join(["1/5"] * 10)]),
    "O'Neill (1987), as in Gambit": (table(CHAIN, -CHAIN), SOLVED, ["2/5 1/5 1/5 1/5 2/5 1/5 1/5 1/5"]),
    "Shapley (1964)": (
        table(np.eye(3), np.roll(np.eye(3), 1, axis=1)),
        SOLVED,
        ["1/3 1/3 1/3 1/3 1/3 1/3"],
    ),
    "Shapley (1974), figure 2, as in Gambit": (
        gambit((3, 3), "2 3 0 0 3 0 2 0 3 3 0 0 0 2 0 2 1 1"),
        SOLVED,
        ["0 1 0 0 1 0", "0 0 1 0 0 1", "0 1/2 1/2 0 1/4 3/4"],
    ),
    "Shapley (1974), figure 3, out of reach of Lemke and Howson's paths": (
        gambit((3, 3), "0 0 2 3 3 0 3 2 2 2 0 0 0 3 0 0 1 1"),
        SOLVED,
        ["0 0 1 0 0 1", "1/3 2/3 0 1/3 2/3 0", "1/6 1/3 1/2 1/6 1/3 1/2"],
    ),
    "von Stengel (2007), as in quantecon": (
        table([[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]]),
        SOLVED,
        ["1 0 0 1 0", "4/5 1/5 0 2/3 1/3", "0 1/3 2/3 1/3 2/3"],
    ),
    "von Stengel (2007), degenerate, as in quantecon": (
        table([[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]]),
        DEGENERATE,
        ["1 0 0 1 0", "1 0 0 2/3 1/3", "0 1/3 2/3 1/3 2/3"],
    ),
    "3x3 coordination, Gambit's coord3": (
        table(np.diag([3, 2, 1]), np.diag([2, 2, 4])),
        SOLVED,
        [
            "1 0 0 1 0 0", "0 1 0 0 1 0", "0 0 1 0 0 1", "1/2 1/2 0 2/5 3/5 0", "2/3 0 1/3 1/4 0 3/4",
            "0 2/3 1/3 0 1/3 2/3", "2/5 2/5 1/5 2/11 3/11 6/11",
        ],
    ),
    "6x6 with long paths of Lemke and Howson, as in Gambit": (
        table(
            [[-180, 72, -333, 297, -153, 270], [-30, 17, -33, 42, -3, 20], [-81, 36, -126, 126, -36, 90],
             [90, -36, 126, -126, 36, -81], [20, -3, 42, -33, 17, -30], [270, -153, 297, -333, 72, -180]],
            [[72, 36, 17, -3, -36, -153], [-180, -81, -30, 20, 90, 270], [297, 126, 42, -33, -126, -333],
             [-333, -126, -33, 42, 126, 297], [270, 90, 20, -30, -81, -180], [-153, -36, -3, 17, 36, 72]],
        ),
        SOLVED,
        ["1/30 1/6 3/10 3/10 1/6 1/30 1/6 1/30 3/10 3/10 1/30 1/6"],
    ),
    "the local maximum cuts of a triangle, as in Gambit": (
        gambit((2, 2, 2), "0 0 0 1 2 -1 2 4 2 -1 2 1 -1 2 1 2 4 2 1 2 -1 0 0 0"),
        SOLVED,
        ["1 0 0 1 1 0", "0 1 1 0 0 1", "1/2 1/2 1/2 1/2 1/2 1/2"],
    ),
    "three who all want the same": (
        rule((2, 2, 2), lambda *a: [float(len(set(a)) == 1)] * 3),
        SOLVED,
        ["1 0 1 0 1 0", "0 1 0 1 0 1", "1/2 1/2 1/2 1/2 1/2 1/2"],
    ),
    "Goeree and Holt (2001), pennies with 320": (
        table([[320, 40], [40, 80]], [[40, 80], [80, 40]]),
        SOLVED,
        ["1/2 1/2 1/8 7/8"],
    ),
    "Goeree and Holt (2001), pennies with 44": (
        table([[44, 40], [40, 80]], [[40, 80], [80, 40]]),
        SOLVED,
        ["1/2 1/2 10/11 1/11"],
    ),
    "nothing at stake": (
        table(np.zeros((2, 2)), np.zeros((2, 2))),
        DEGENERATE,
        ["1 0 1 0", "1 0 0 1", "0 1 1 0", "0 1 0 1"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXACT)
def test_all_equilibria(name):
    game, status, answer = EXACT[name]
    solution, rows = found(game)
    expected = np.array([numbers(row) for row in answer])
    assert solution.status.tolist() == [status]
    np.testing.assert_allclose(
        np.unique(rows.round(9), axis=0), np.unique(expected.round(9), axis=0), atol=1e-9
    )


def minority(*choices):
    return [float(2 * choices.count(own) < len(choices)) for own in choices]


COUNTED = {
    "von Stengel (1999), 6x6 with 75": (
        gambit(
            (6, 6),
            "9504 72336 -111771 -461736 397584 1227336 171204 -1718376 1303104 1303104 737154 -453420 -660 48081"
            " 31680 -300036 -113850 774576 -45936 -1039236 -453420 737154 -227040 -227040 19976 29216 -130944"
            " -178761 451176 451176 208626 -586476 1227336 397584 774576 -113850 -20526 14124 168124 -84436"
            " -586476 208626 -263076 -263076 -1718376 171204 -1039236 -45936 1776 1776 -8514 -8976 29216 19976"
            " 14124 -20526 72336 9504 48081 -660 -8976 -8514 52764 52764 -178761 -130944 -84436 168124 -461736"
            " -111771 -300036 31680",
        ),
        75, 2, SOLVED,
    ),
    "Winkels (1979), degenerate, in Gambit's words with 12 extreme equilibria": (
        gambit((6, 2), "1 1 1 0 3 -2 3 4 5/2 -1 5/2 6 3 2 3 -1 1 2 1 -1 5/2 6 5/2 -1"), 12, 2, DEGENERATE,
    ),
    "coordination 5x5": (table(np.eye(5), np.eye(5)), 31, 5, SOLVED),
    "coordination 9x9": (table(np.eye(9), np.eye(9)), 511, 9, SOLVED),
    "Gambit's 3x3x3": (
        gambit(
            (3, 3, 3),
            "1.131 1.21 2.426 1.358 2.234 2.238 1.655 1.347 2.747 1.576 5.634 5.675 1.478 2.544 1.973 1.436 4.864"
            " 5.267 1.735 4.043 7.247 3.83 1.335 1.734 1.428 1.521 4.248 2.429 2.326 2.422 5.255 5.334 2.643 2.243"
            " 3.518 3.062 2.455 6.523 4.225 7.486 4.483 5.764 7.566 4.655 7.076 4.943 7.362 4.382 4.434 4.271 4.12"
            " 4.533 5.231 5.458 3.222 3.024 1.223 2.873 4.452 4.549 4.564 4.326 1.762 5.277 4.837 5.645 4.995"
            " 5.754 4.383 4.423 1.759 2.705 4.642 1.897 4.042 4.976 7.324 7.723 4.486 4.882 2.537",
        ),
        5, 2, SOLVED,
    ),
    "Gambit's 2x2x2x2": (
        gambit(
            (2, 2, 2, 2),
            "1.131 1.21 2.426 2.429 4.225 5.277 4.837 5.645 4.452 4.549 1.655 1.347 7.566 4.655 7.076 4.423 1.223"
            " 1.358 2.234 2.238 4.483 5.764 4.995 5.754 4.564 4.326 1.762 1.576 7.247 4.943 7.362 4.382 2.326 2.422"
            " 3.222 3.024 1.478 2.544 1.973 7.486 2.747 2.243 3.518 3.062 1.759 2.705 1.735 4.043 5.255 5.334 2.643"
            " 2.873 4.383 1.436 4.864 5.267 5.634 5.675 2.455 6.523 4.642 1.897 4.042 3.83",
        ),
        3, 2, SOLVED,
    ),
    "Gambit's 2x2x2x2x2": (
        gambit(
            (2, 2, 2, 2, 2),
            "7.247 7.362 4.642 4.042 4.225 2.537 1.427 4.542 7.577 2.236 1.223 2.234 5.255 2.643 4.564 2.675 1.132"
            " 5.369 4.669 1.131 1.759 1.735 4.452 1.655 2.747 2.778 2.342 2.164 2.243 1.473 4.12 7.324 4.483 4.995"
            " 4.383 2.747 3.518 1.223 2.234 5.255 4.837 1.478 1.973 7.566 7.076 2.355 2.798 2.832 3.974 3.575 1.762"
            " 5.634 2.455 1.335 4.434 2.426 2.326 3.222 4.452 1.655 3.518 1.131 2.426 2.326 3.222 1.74 3.803 3.464"
            " 1.323 1.214 4.864 1.428 4.248 5.231 4.486 2.643 4.564 1.762 5.634 2.455 4.943 4.382 1.897 3.83 5.277"
            " 2.417 1.624 4.572 7.969 5.174 1.358 2.238 5.334 2.873 4.326 2.238 1.985 5.395 4.274 1.21 2.705 4.043"
            " 4.549 1.347 2.243 1.646 1.64 5.349 5.056 4.58 4.976 7.723 5.764 5.754 1.436 2.243 3.062 1.358 2.238"
            " 5.334 5.645 2.544 7.486 4.655 4.423 5.347 1.403 1.38 2.793 2.269 1.576 5.675 6.523 1.734 4.271 2.429"
            " 2.422 3.024 4.549 1.347 3.062 1.21 2.429 2.422 3.024 4.192 2.685 2.678 4.792 4.462 5.267 1.521 4.533"
            " 5.458 4.882 2.873 4.326 1.576 5.675 6.523",
        ),
        5, 0, SOLVED,
    ),
    "a minority of three, in which the third does not care once two differ": (
        rule((2, 2, 2), minority), 7, 6, DEGENERATE,
    ),
    "Nau et al. (2004), section 4, irrational": (
        gambit((2, 2, 2), "3 0 2 0 1 0 0 2 0 1 0 0 1 0 0 0 3 0 0 1 0 2 0 3"), 1, 0, SOLVED,
    ),
    "Nau et al. (2004), section 5, with a continuum beside 3 pure and 2 mixed": (
        gambit((2, 2, 2), "0 0 2 3 0 0 0 3 0 0 0 0 1 1 0 0 0 0 0 0 0 0 0 3"), 5, 3, DEGENERATE,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", COUNTED)
def test_how_many(name):
    game, count, pure, status = COUNTED[name]
    solution, rows = found(game)
    assert len(rows) == count
    assert (np.abs(rows - rows.round()).max(axis=1) < 1e-9).sum() == pure
    assert len(bg.solve(game, bg.PureNash())) == pure
    assert solution.status.tolist() == [status]


@pytest.mark.parametrize("players", [2, 3, 4])
@pytest.mark.parametrize("cost", [0.2, 0.5])
def test_the_volunteer_s_dilemma(players, cost):
    """Diekmann (1985): nobody helps with probability cost to the power 1 / (players - 1)."""
    game = rule((2,) * players, lambda *a: [float(0 in a) - cost * (own == 0) for own in a])
    _, rows = found(game)
    alike = [row[1] for row in rows if np.ptp(row[1::2]) < 1e-9]
    assert alike == pytest.approx([cost ** (1 / (players - 1))])
    assert len(rows) == 2**players - 1  # of those who may help, all do it alike


def test_the_traveller_s_dilemma():
    """Basu (1994): claims from 2 to 100, of which only the lowest is an equilibrium, and only it is rational."""
    claim = np.arange(2, 101)
    game = symmetric(np.minimum(claim[:, None], claim) + 2 * np.sign(claim - claim[:, None]))
    solution, rows = found(game)
    assert len(rows) == 1
    assert rows[0, [0, 99]].tolist() == [1, 1]
    assert solution.status.tolist() == [SOLVED]
    assert bg.rationalisable(game).actions() == {"player 1": ("1",), "player 2": ("1",)}
    assert bg.eliminate(game).actions()["player 1"] == tuple(map(str, range(1, 100)))


def test_a_duopoly_on_a_grid():
    """Cournot, price 12 less all quantities, no cost: elimination leaves 4 each, and its neighbours on a grid."""
    quantity = np.arange(0, 6.1, 0.5)
    game = symmetric(quantity[:, None] * (12 - quantity[:, None] - quantity))
    left = bg.eliminate(game).actions()["player 1"]
    assert [quantity[int(name) - 1] for name in left] == [3.5, 4.0, 4.5]
    solution, _ = found(game)
    assert {"player 1": {"9": 1.0}, "player 2": {"9": 1.0}} in solution.profiles()
    assert solution.status.tolist() == [DEGENERATE]  # against 4.5, 3.5 and 4 are as good
    assert bg.solve(bg.eliminate(game).reduced(), bg.AllNash()).profiles() == solution.profiles()


def test_guessing_two_thirds_of_the_mean():
    """Moulin (1986): among whole numbers weak dominance, again and again, leaves the lowest guesses."""
    guesses = 21

    def payoffs(*a):
        distance = [abs(own - 2 / 3 * sum(a) / len(a)) for own in a]
        return [float(d == min(distance)) / distance.count(min(distance)) for d in distance]

    game = rule((guesses, guesses), payoffs)
    assert bg.eliminate(game, "weak").actions() == {"player 1": ("1",), "player 2": ("1",)}


def test_dominance_in_textbooks():
    """Osborne and Rubinstein (1994), section 4.2: a mixture may beat an action that no other action beats."""
    game = table([[3, 0], [0, 3], [1, 1]], [[0, 0], [0, 0], [0, 1]])
    assert bg.eliminate(game).actions()["player 1"] == ("1", "2", "3")
    assert bg.rationalisable(game).actions()["player 1"] == ("1", "2")
    (step,) = bg.rationalisable(game).steps()[:1]
    assert (step["action"], step["by"]) == ("3", {"1": 0.5, "2": 0.5})


def test_risk_and_payoff_dominance_disagree():
    """Harsanyi and Selten (1988), with the pair of payoffs 9 and 8, 7 of their introduction."""
    game = symmetric([[9, 0], [8, 7]])
    solution = bg.solve(game, bg.AllNash())
    for chosen, action in ((bg.PayoffDominance(), "1"), (bg.RiskDominance(), "2")):
        (place,) = np.flatnonzero(chosen.select(solution) == 1)
        assert solution.profiles()[place] == {"player 1": {action: 1.0}, "player 2": {action: 1.0}}


# Trees --------------------------------------------------------------------------------------------------------


def end(*payoffs):
    return bg.Outcome(payoffs)


def kuhn_poker():
    """Three cards, an ante of one, a bet of one."""
    deals = {}
    for alice, bob in itertools.permutations("JQK", 2):
        sign = 1 if "JQK".index(alice) > "JQK".index(bob) else -1
        bet = bg.Decision("Bob", f"{bob}, bet", {"call": end(2 * sign, -2 * sign), "fold": end(1, -1)})
        raised = bg.Decision(
            "Alice", f"{alice}, raised", {"call": end(2 * sign, -2 * sign), "fold": end(-1, 1)}
        )
        passed = bg.Decision("Bob", f"{bob}, passed", {"bet": raised, "pass": end(sign, -sign)})
        deals[alice + bob] = (1 / 6, bg.Decision("Alice", alice, {"bet": bet, "pass": passed}))
    return bg.ExtensiveForm(("Alice", "Bob"), bg.Chance(deals))


def test_kuhn_s_poker():
    """Kuhn (1950): worth -1/18 to who moves first; Bob's play is unique, Alice bluffs a third as often as she bets."""
    solution = bg.solve(kuhn_poker(), bg.ZeroSumSequenceForm())
    assert solution.payoffs[:, 0] == pytest.approx([-1 / 18, 1 / 18])
    (play,) = solution.profiles()
    assert play["Q, bet"]["call"] == pytest.approx(1 / 3)
    assert play["J, passed"]["bet"] == pytest.approx(1 / 3)
    assert (play["K, passed"], play["K, bet"], play["J, bet"]) == ({"bet": 1.0}, {"call": 1.0}, {"fold": 1.0})
    bluff, value = play["J"].get("bet", 0.0), play["K"].get("bet", 0.0)
    assert bluff == pytest.approx(value / 3)
    assert play["Q, raised"]["call"] == pytest.approx(bluff + 1 / 3)


def test_selten_s_horse_has_one_sequential_outcome():
    """Selten (1975), figure 1: left by the first player is an equilibrium that rests on an empty promise."""
    third = {"L": end(0, 0, 0), "R": end(3, 2, 2)}
    beside = {"L": end(0, 0, 1), "R": end(4, 4, 0)}
    tree = bg.Decision("1", "one", {
        "L": bg.Decision("3", "three", third),
        "R": bg.Decision("2", "two", {"L": bg.Decision("3", "three", beside), "R": end(1, 1, 1)}),
    })  # fmt: skip
    game = bg.ExtensiveForm(("1", "2", "3"), tree)
    for left in (0.5, 0.75, 1.0):
        steady = {"one": "R", "two": "R", "three": {"L": left, "R": 1 - left}}
        # Alike to the third player at these odds; of the second, who would gain below 3/4, the odds say nothing.
        assert bg.check_sequential(game, steady, {"three": [1 / 3, 2 / 3]}).sequential == (left >= 0.75)
    assert not bg.check_sequential(game, {"one": "L", "two": "R", "three": "R"}).sequential


def test_beer_or_quiche():
    """Cho and Kreps (1987): both types drink beer, or both eat quiche; what is off the path invites a duel."""

    def breakfast(kind, meal):
        liked = float((kind == "strong") == (meal == "beer"))
        duel, peace = end(liked, float(kind == "weak")), end(liked + 2, float(kind == "strong"))
        return bg.Decision("B", meal, {"duel": duel, "peace": peace})

    def of(kind):
        return bg.Decision("A", kind, {meal: breakfast(kind, meal) for meal in ("beer", "quiche")})

    game = bg.ExtensiveForm(("A", "B"), bg.Chance({"strong": (0.9, of("strong")), "weak": (0.1, of("weak"))}))
    plays = bg.solve(game, bg.StrategicNash()).profiles()
    pooling = {(*play["strong"], *play["weak"]) for play in plays}
    assert pooling == {("beer", "beer"), ("quiche", "quiche")}
    for play in plays:
        (meal,) = play["strong"]
        other = "quiche" if meal == "beer" else "beer"
        assert play[meal] == {"peace": 1.0}
        assert play[other]["duel"] in {0.5, 1.0}


def test_the_centipede():
    """Rosenthal (1981), payoffs of McKelvey and Palfrey (1992): backward induction stops at once, people err."""

    def node(move):
        gains = (0.4 * 2**move, 0.1 * 2**move)
        stop = end(*(gains if move % 2 == 0 else gains[::-1]))
        if move == 4:
            return stop
        return bg.Decision("AB"[move % 2], f"move {move}", {"take": stop, "pass": node(move + 1)})

    game = bg.ExtensiveForm(("A", "B"), node(0))
    (play,) = bg.solve(game, bg.BackwardInduction()).profiles()
    assert all(mix == {"take": 1.0} for mix in play.values())
    assert bg.solve(game, bg.BackwardInduction()).payoffs[:, 0] == pytest.approx([0.4, 0.1])
    # Agent quantal response, written out from the last move back.
    for precision in (0.5, 2.0):
        mine, others = 6.4, 1.6  # at the end, of A, who moves neither last nor after
        values = {"A": mine, "B": others}
        expected = {}
        for move in reversed(range(4)):
            who = "AB"[move % 2]
            take = {"AB"[move % 2]: 0.4 * 2**move, "AB"[1 - move % 2]: 0.1 * 2**move}
            weight = 1 / (1 + math.exp(precision * (values[who] - take[who])))
            expected[f"move {move}"] = weight
            values = {p: weight * take[p] + (1 - weight) * values[p] for p in "AB"}
        (play,) = bg.solve(game, bg.ExtensiveLogitQRE(precision)).profiles()
        assert {name: mix["take"] for name, mix in play.items()} == pytest.approx(expected, abs=1e-9)


# Quantal response ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("precision", "row", "column"),
    [
        (1.1025598273861672, "0.42465837 0.38314319 0.10103803 0.09116041", "0.60446221"),
        (10.291378936762086, "0.38712171 0.61287734 0.00000036 0.00000058", "0.69642787"),
        (100.8999886833281, "0.33804556 0.66195444 0 0", "0.67110681"),
    ],
)  # fmt: skip
def test_quantal_response_in_myerson_s_poker(precision, row, column):
    """Points of Gambit's branch in its stripped-down poker, accepted there to some 1e-7."""
    game = table([[0, 1], [0.5, 0], [-1.5, 0], [-1, -1]], [[0, -1], [-0.5, 0], [1.5, 0], [1, 1]])
    solution = bg.solve(game, bg.LogitQRE(precision))
    assert solution.status.tolist() == [SOLVED]
    assert solution.strategies[0][:, 0] == pytest.approx(numbers(row), abs=1e-6)
    assert solution.strategies[1][0, 0] == pytest.approx(float(column), abs=1e-6)


@pytest.mark.parametrize("prize", [9.0, 4.0, 1.0, 0.5])
def test_own_payoffs_matter_in_asymmetric_pennies(prize):
    """McKelvey, Palfrey and Weber (2000): the row player leans to the larger prize, against its indifference."""
    game = table([[prize, 0], [0, 1]], [[0, 1], [1, 0]])
    for precision in (0.3, 1.0, 3.0):
        solution = bg.solve(game, bg.LogitQRE(precision))
        up, left = (own[0, 0] for own in solution.strategies)
        assert up == pytest.approx(1 / (1 + math.exp(-precision * ((prize + 1) * left - 1))), abs=1e-9)
        assert left == pytest.approx(1 / (1 + math.exp(-precision * (1 - 2 * up))), abs=1e-9)
        assert (up - 0.5) * (prize - 1) >= 0


def test_quantal_response_of_travellers():
    """Capra et al. (1999): with a small reward claims stay near the top, with a large one near the bottom."""
    claim = np.arange(80.0, 201.0, 10)
    mean = {}
    for reward in (5, 80):
        payoffs = np.minimum(claim[:, None], claim) + reward * np.sign(claim - claim[:, None])
        solution = bg.solve(symmetric(payoffs), bg.LogitQRE(1 / 8))
        assert solution.status.tolist() == [SOLVED]
        mean[reward] = claim @ solution.strategies[0][:, 0]
    assert mean[5] > 170
    assert mean[80] < 90


# Correlated advice --------------------------------------------------------------------------------------------


def test_advice_in_aumann_s_game():
    """Aumann (1974): 6 and 6, 2 and 7, 7 and 2, nothing; a third for each of three outcomes gives 5 each."""
    game = table([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    third = [[1 / 3, 1 / 3], [1 / 3, 0]]
    assert bg.CorrelatedEquilibrium().regret(game, third)[0] == pytest.approx(0, abs=1e-12)
    best = bg.solve(game, bg.CorrelatedEquilibrium("minimum"))
    assert best.payoffs[:, 0] == pytest.approx([5.25, 5.25])
    alone = bg.solve(game, bg.CorrelatedEquilibrium("player 1"))
    assert alone.payoffs[0, 0] == pytest.approx(7)
    ranges = bg.CorrelatedEquilibrium().probability_range(game)
    assert ranges["high"].tolist() == pytest.approx([0.5, 1, 1, 0.2], abs=1e-7)


@pytest.mark.parametrize("coarse", [False, True])
@pytest.mark.parametrize("name", ["matching pennies", "rock, paper, scissors", "prisoners' dilemma"])
def test_advice_that_adds_nothing(name, coarse):
    """In these games the only correlated equilibrium is the only Nash equilibrium; not every coarse one is."""
    game, _, (answer,) = EXACT[name]
    row = numbers(answer)
    product = np.outer(row[: game.shape[0]], row[game.shape[0] :]).ravel()
    ranges = bg.CorrelatedEquilibrium(coarse=coarse).probability_range(game)
    assert (ranges["low"].to_numpy() <= product + 1e-7).all()
    assert (ranges["high"].to_numpy() >= product - 1e-7).all()
    width = (ranges["high"] - ranges["low"]).max()
    assert (width < 1e-6) == (not coarse or name != "rock, paper, scissors")


def test_advice_to_three():
    """Nau et al. (2004), section 6: Nash equilibria lie inside the correlated ones, at 3/4, 3/4 and 1."""
    game = gambit(
        (2, 2, 4),
        "2 0 0 0 2 1 0 1 1 1 0 2 1 0 2 0 1 1 0 2 1 2 0 0 1 0 1 0 2 0 0 1 2 2 0 1 2 0 1 0 1 2 0 2 0 1 0 1",
    )
    nash = bg.solve(game, bg.AllNash())
    assert nash.status.tolist() == [DEGENERATE]
    assert np.abs(nash.payoffs - [[0.75], [0.75], [1.0]]).max() < 1e-9
    best = bg.solve(game, bg.CorrelatedEquilibrium("welfare"))
    assert best.payoffs.sum() >= 2.5 - 1e-9


# Graph models -------------------------------------------------------------------------------------------------


def test_the_cuban_missile_crisis():
    """The example of gmcr-py: an air strike cannot be undone; the blockade with a withdrawal withstands moves."""
    game = bg.NormalForm(
        {"US": ("neither", "strike", "blockade", "both"), "USSR": ("neither", "withdraw", "escalate")},
        [
            [[131, 480, 0], [133, 420, 20], [134, 452, 12], [132, 388, 28]],
            [[252, 248, 4], [236, 237, 68], [242, 244, 32], [226, 228, 96]],
        ],
    )
    forward = {(a, b) for a in ("strike", "both") for b in ("neither", "blockade")}
    graph = bg.ConflictGraph.of_game(game, irreversible={"US": forward})
    assert bg.solve(graph, bg.ConflictStability()).profiles() == {
        "nash": ["strike/withdraw"],
        "gmr": [
            "neither/neither", "neither/withdraw", "strike/neither", "strike/withdraw", "blockade/neither",
            "blockade/withdraw", "both/withdraw",
        ],
        "smr": [
            "neither/neither", "neither/withdraw", "strike/neither", "strike/withdraw", "blockade/neither",
            "blockade/withdraw", "both/withdraw",
        ],
        "seq": ["neither/withdraw", "strike/withdraw", "blockade/withdraw"],
    }  # fmt: skip


def test_elmira_with_its_coalitions():
    """Fang, Hipel and Kilgour (1993), and coalitions after Kilgour et al. (2001)."""
    uniroyal = [("1", "3"), ("2", "4"), ("5", "7"), ("6", "8"), *((state, "9") for state in "12345678")]
    government = [pair for a, b in ("15", "26", "37", "48") for pair in ((a, b), (b, a))]
    graph = bg.ConflictGraph(
        list("123456789"),
        {
            "ministry": [("1", "2"), ("3", "4"), ("5", "6"), ("7", "8")],
            "Uniroyal": uniroyal,
            "town": government,
        },
        {"ministry": list("734851269"), "Uniroyal": list("148593726"), "town": list("735186429")},
    )
    stable = bg.solve(graph, bg.ConflictStability())
    assert stable.profiles()["nash"] == stable.profiles()["seq"] == ["5", "8", "9"]
    assert stable.profiles()["gmr"] == stable.profiles()["smr"] == ["1", "4", "5", "8", "9"]
    every = bg.solve(graph, bg.ConflictStability(["nash"], coalitions="all"))
    assert every.profiles() == {"nash": ["8", "9"]}
    pair = bg.solve(graph, bg.ConflictStability(["nash"], coalitions=[["ministry", "Uniroyal"]]))
    assert "5" not in pair.profiles()["nash"]
