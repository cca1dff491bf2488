import numpy as np
import pytest

from bargain.errors import InvalidArgumentError, InvalidGameError, UnknownDrawError, UnknownNameError
from bargain.games.extensive import ExtensiveForm
from bargain.games.tree import Chance, Decision, Outcome
from bargain.solvers.all_nash import AllNash
from bargain.solvers.solution import solve
from reference.game_trees import (
    expected,
    one_card_poker,
    random_profile,
    random_tree,
    reached,
    selten_horse,
)

PLAYERS = ("P1", "P2", "P3")


@pytest.fixture(params=range(12))
def some(request):
    """A random tree with imperfect information, and a random profile."""
    rng = np.random.default_rng(request.param)
    players = PLAYERS[: 2 + request.param % 2]
    while True:
        game = ExtensiveForm(players, random_tree(rng, players, 4))
        if 10 < np.prod([float(len(one.actions)) for one in game.information_sets]) < 5000:
            return game, random_profile(rng, game)


def horse(*probabilities):
    return {f"h{k + 1}": {"R": p, "L": 1 - p} for k, p in enumerate(probabilities)}


def test_payoffs_and_reach_are_those_of_the_nodes_followed_one_by_one(some):
    game, profile = some
    np.testing.assert_allclose(game.expected_payoffs(profile)[:, 0], expected(game.root, profile), atol=1e-12)
    totals = dict.fromkeys((one.name for one in game.information_sets), 0.0)
    for name, probability in reached(game.root, profile):
        totals[name] += probability
    for name, found in game.reach(profile).items():
        assert found[0] == pytest.approx(totals[name], abs=1e-12)
    assert game.outcome_probabilities(profile).sum() == pytest.approx(1)


@pytest.mark.parametrize("reduced", [True, False])
def test_the_strategic_form_pays_and_regrets_the_same(some, reduced):
    game, profile = some
    form = game.strategic_forms[reduced]
    table = game.normal_form(reduced=reduced)
    # A plan's probability is the product of those of the actions that it names.
    strategies = {}
    for player, plans in enumerate(form.plans):
        sets = [game.information_sets[index] for index in game.tree.owned(player)]
        weights = [
            np.prod([profile[one.name][a] for one, a in zip(sets, plan, strict=True) if a >= 0])
            for plan in plans
        ]
        strategies[game.players[player]] = np.array(weights)
    np.testing.assert_allclose(table.expected_payoffs(strategies), game.expected_payoffs(profile), atol=1e-12)
    np.testing.assert_allclose(table.regret(strategies), game.regret(profile), atol=1e-12)
    back = game.behaviour_of(list(strategies.values()), reduced=reduced)
    np.testing.assert_allclose(game.expected_payoffs(back), game.expected_payoffs(profile), atol=1e-12)


def test_beliefs_are_reach_given_the_set():
    game = ExtensiveForm(PLAYERS, selten_horse())
    assert game.information_sets[2].histories == ("R/L", "L")
    belief = game.beliefs(horse(0.5, 0.75, 0.1))["h3"][:, 0]
    np.testing.assert_allclose(belief, [0.125 / 0.625, 0.5 / 0.625])
    assert np.isnan(game.beliefs(horse(1, 1, 0))["h3"]).all()
    # Own moves lead to all nodes of a set alike: where only they do not lead there, Bayes' rule still speaks.
    silent = game.beliefs(horse(1, 0, 0))["h3"][:, 0]
    np.testing.assert_allclose(silent, [1, 0])


def test_extreme_equilibria_of_seltens_horse():
    game = ExtensiveForm(PLAYERS, selten_horse())
    assert not game.perfect_information
    solution = solve(game.normal_form(), AllNash())
    right = {
        tuple(round(profile[player].get("R", 0.0), 9) for player in PLAYERS)
        for profile in solution.profiles()
    }
    assert right == {(1, 1, 0), (0, 1, 1), (0, round(1 / 3, 9), 1), (1, 1, 0.25)}
    for probabilities in right:
        assert game.regret(horse(*probabilities))[0] == pytest.approx(0, abs=1e-8)
    assert game.regret(horse(1, 1, 0.5))[0] == pytest.approx(1)  # then P2 would turn left


def test_one_card_poker():
    game = ExtensiveForm(("P1", "P2"), one_card_poker())
    assert game.normal_form().actions["P1"] == ("bet/bet", "bet/fold", "fold/bet", "fold/fold")
    solution = solve(game.normal_form(), AllNash())
    assert len(solution) == 1
    behaviour = game.behaviour_of(solution.strategies)
    assert behaviour["King"][0, 0] == pytest.approx(1, abs=1e-9)
    assert behaviour["Queen"][0, 0] == pytest.approx(1 / 3, abs=1e-9)
    assert behaviour["raised"][0, 0] == pytest.approx(2 / 3, abs=1e-9)
    assert solution.payoffs[:, 0] == pytest.approx([1 / 3, -1 / 3], abs=1e-9)
    assert game.beliefs(behaviour)["raised"][:, 0] == pytest.approx([0.75, 0.25])


def test_unreached_sets_are_left_out_of_reduced_plans():
    after = Decision("one", "later", {"x": Outcome([1, 0]), "y": Outcome([2, 0])})
    root = Decision("one", "first", {"stop": Outcome([0, 0]), "go": after})
    game = ExtensiveForm(("one", "idle"), root)
    assert game.normal_form().actions == {"one": ("stop/*", "go/x", "go/y"), "idle": ("nothing",)}
    assert game.normal_form(reduced=False).shape == (4, 1)


def test_draws_are_solved_as_if_alone():
    rng = np.random.default_rng(5)
    chance, prize = rng.random(7), rng.normal(size=7)
    root = Chance(
        {
            "wet": (chance, Decision("P1", "wet", {"go": Outcome([prize, 1]), "stay": Outcome([0, -prize])})),
            "dry": (1 - chance, Outcome([prize, 0.5])),
        }
    )
    game = ExtensiveForm(("P1", "P2"), root)
    profile = {"wet": {"go": rng.random(7)}}
    profile["wet"]["stay"] = 1 - profile["wet"]["go"]
    batch = game.expected_payoffs(profile)
    for draw in range(7):
        one = game[draw]
        assert one.draws == 1
        alone = one.expected_payoffs({"wet": {name: p[draw] for name, p in profile["wet"].items()}})
        np.testing.assert_array_equal(alone[:, 0], batch[:, draw])
    np.testing.assert_array_equal(game[np.array([3, 3, 0])].payoffs[..., 2], game[0].payoffs[..., 0])
    with pytest.raises(UnknownDrawError):
        game[7]


def test_other_payoffs_for_the_same_tree():
    game = ExtensiveForm(("P1", "P2"), one_card_poker())
    payoffs = np.random.default_rng(0).normal(size=(2, 6, 3))
    other = game.with_payoffs(payoffs)
    assert other.draws == 3
    np.testing.assert_array_equal(other[1].to_frame().to_numpy(), payoffs[..., 1].T)
    with pytest.raises(InvalidGameError, match=r"\(2, 6\)"):
        game.with_payoffs(np.zeros((2, 5)))


def leaf(*payoffs):
    return Outcome(list(payoffs) or [0, 0])


def choice(player="P1", name="h", **actions):
    return Decision(player, name, actions or {"a": leaf(), "b": leaf()})


@pytest.mark.parametrize(
    ("root", "told"),
    [
        (choice(a=choice("P1", "k", x=leaf(), y=leaf()), b=choice("P1", "k", x=leaf(), y=leaf())), "forgets"),
        (choice(a=choice("P1", "h", a=leaf(), b=leaf()), b=leaf()), "forgets"),
        (choice(a=choice("P2", "k", x=leaf()), b=choice("P2", "k", y=leaf())), "'k' the actions are x"),
        (choice(a=choice("P2", "k", x=leaf()), b=choice("P1", "k", x=leaf())), "belongs to 'P2'"),
        (Chance({"a": (0.5, choice()), "b": (0.4, leaf())}), "add to 0.9"),
        (Chance({"a": (1.5, choice()), "b": (-0.5, leaf())}), "'b': >= 0"),
        (Chance({"a": choice()}), r"\(probability, node\)"),
        (choice(a=leaf(1), b=leaf()), "a: one payoff for each of P1, P2"),
        (choice(a=leaf(1, np.nan), b=leaf()), "finite"),
        (choice(a=leaf(1, [1, 2]), b=leaf(1, [1, 2, 3])), "draws"),
        (choice(a=Outcome({"P1": 1}), b=leaf()), "none for"),
        (choice(a=Outcome({"P1": 1, "P3": 1}), b=leaf()), "unknown player 'P3'"),
        (choice("P4"), "unknown player 'P4'"),
        (choice(a=3, b=leaf()), "a: a Decision, Chance or Outcome"),
        (leaf(), "at least one decision"),
    ],
)
def test_what_is_no_game_is_told(root, told):
    with pytest.raises(InvalidGameError, match=told):
        ExtensiveForm(("P1", "P2"), root)


@pytest.mark.parametrize(
    ("profile", "error", "told"),
    [
        ({}, InvalidArgumentError, "none at 'h'"),
        ({"h": "c"}, UnknownNameError, "action at 'h' 'c'"),
        ({"g": "a", "h": "a"}, UnknownNameError, "information set 'g'"),
        ({"h": {"a": 0.5}}, InvalidArgumentError, "add to 1"),
        ({"h": [0.5, 0.25, 0.25]}, InvalidArgumentError, "shape"),
    ],
)
def test_what_is_no_profile_is_told(profile, error, told):
    with pytest.raises(error, match=told):
        ExtensiveForm(("P1", "P2"), choice()).expected_payoffs(profile)


def gambit_tree(pygambit, game):
    """The first draw as a game of Gambit."""
    made = pygambit.Game.new_tree(players=list(game.players), title="")
    sets = {}

    def build(node, number):
        kind, place = game.tree.kind[number], game.tree.place[number]
        if kind == -2:
            payoffs = [pygambit.Rational(str(value)) for value in game.payoffs[:, place, 0]]
            made.set_outcome(node, made.add_outcome(payoffs=payoffs, label=f"o{place}"))
            return
        count = len(game.tree.children[number])
        if kind == -1:
            made.append_move(node, made.players.chance, [f"e{k}" for k in range(count)])
            shares = [pygambit.Rational(str(p)) for p in game.chance[place : place + count, 0]]
            made.set_chance_probs(node.infoset, shares)
        elif kind in sets:
            made.append_infoset(node, sets[kind])
        else:
            one = game.information_sets[kind]
            made.append_move(node, one.player, list(one.actions))
            sets[kind] = node.infoset
        for child, following in zip(list(node.children), game.tree.children[number], strict=True):
            build(child, following)

    build(made.root, 0)
    return made


@pytest.mark.parametrize("seed", range(4))
def test_gambit_makes_the_same_reduced_form(seed):
    pygambit = pytest.importorskip("pygambit")
    rng = np.random.default_rng(100 + seed)
    game = ExtensiveForm(PLAYERS[:2], random_tree(rng, PLAYERS[:2], 3))
    theirs = [np.asarray(array, dtype=float) for array in gambit_tree(pygambit, game).to_arrays(dtype=float)]
    ours = game.normal_form().payoffs[..., 0]
    # Plans may come in another order: tables are compared sorted.
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.shape == other.shape
        np.testing.assert_allclose(np.sort(mine.ravel()), np.sort(other.ravel()), atol=1e-9)
