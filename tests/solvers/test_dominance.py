"""Dominated actions, their elimination, rationalisable actions, best replies."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.normal import NormalForm
from bargain.solvers.dominance import best_replies, eliminate, rationalisable
from bargain.solvers.pure_nash import PureNash

SHAPES = [
    (2, 2),
    (3, 2),
    (3, 3),
    (4, 3),
    (5, 4),
    (2, 2, 2),
    (3, 2, 2),
    (2, 4, 3),
    (1, 3),
    (4, 1),
    (2, 2, 2, 2),
]


def named(payoffs):
    payoffs = np.asarray(payoffs, dtype=float)
    sizes = payoffs.shape[1 : 1 + payoffs.shape[0]]
    return NormalForm(
        {f"p{i}": [f"{'abcdef'[i]}{k}" for k in range(n)] for i, n in enumerate(sizes)}, payoffs
    )


def random_game(shape, draws, seed, *, ties):
    rng = np.random.default_rng(seed)
    size = (len(shape), *shape, draws)
    return named(rng.integers(0, 4, size) if ties else rng.normal(size=size))


def rounds_by_definition(payoffs, dominance):
    """Eliminate in one game, float[P, A...], profile by profile; one list of rounds per player."""
    players = len(payoffs)
    rounds = [[0] * size for size in payoffs.shape[1:]]
    number, going = 0, True
    while going:
        number += 1
        left = [[a for a, gone in enumerate(actions) if not gone] for actions in rounds]
        going = [
            (player, action)
            for player in range(players)
            for action in left[player]
            if dominated(payoffs, left, player, action, dominance)
        ]
        for player, action in going:
            rounds[player][action] = number
    return rounds


def dominated(payoffs, left, player, action, dominance):
    table = []
    for profile in itertools.product(*left[:player], [None], *left[player + 1 :]):
        worth = [payoffs[(player, *profile[:player], own, *profile[player + 1 :])] for own in left[player]]
        table.append(np.array(worth) - payoffs[(player, *profile[:player], action, *profile[player + 1 :])])
    gains = np.array(table).T  # of every remaining action over this one, by opposing profile
    if dominance == "strict":
        return any(all(row > 0) for row in gains)
    if dominance == "weak":
        return any(all(row >= 0) and any(row > 0) for row in gains)
    # Pearce's lemma: dominated exactly if no belief about the opponents makes it a best reply.
    profiles = gains.shape[1]
    belief = linprog(
        np.zeros(profiles),
        A_ub=gains,
        b_ub=np.zeros(len(gains)),
        A_eq=np.ones((1, profiles)),
        b_eq=[1],
        bounds=(0, 1),
    )
    return belief.status == 2


@pytest.mark.parametrize("ties", [False, True], ids=["distinct", "ties"])
@pytest.mark.parametrize("dominance", ["strict", "weak", "mixed"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_definitions(shape, dominance, ties):
    draws = 12
    game = random_game(shape, draws, seed=sum(shape), ties=ties)
    # Adding a slope makes dominance frequent, so that several rounds occur.
    slope = np.zeros(game.payoffs.shape)
    for player, size in enumerate(shape):
        steps = np.arange(size).reshape((-1,) + (1,) * (len(shape) - player))
        slope[player] = steps * (1 if ties else 0.7)
    for payoffs in (game.payoffs, game.payoffs + slope):
        elimination = eliminate(named(payoffs), dominance)
        for draw in range(draws):
            expected = rounds_by_definition(payoffs[..., draw], dominance)
            assert [rounds[:, draw].tolist() for rounds in elimination.rounds] == expected


@pytest.mark.parametrize("dominance", ["strict", "weak", "mixed"])
def test_what_is_said_to_dominate_does(dominance):
    seen = 0
    for seed, shape in enumerate([(3, 3), (4, 3), (5, 3), (3, 2, 2)] * 8):
        game = random_game(shape, 6, seed, ties=dominance == "weak")
        elimination = eliminate(game, dominance)
        for draw in range(game.draws):
            left = {player: set(actions) for player, actions in game.actions.items()}
            steps = elimination.steps(draw)
            for number, together in itertools.groupby(steps, key=lambda step: step["round"]):
                group = list(together)
                for step in group:
                    seen += 1
                    player = game.players.index(step["player"])
                    assert set(step["by"]) <= left[step["player"]] - {step["action"]}
                    assert sum(step["by"].values()) == pytest.approx(1)
                    own = game.payoffs[player, ..., draw]
                    names = game.labels.actions[player]
                    gain = -np.take(own, names.index(step["action"]), axis=player)
                    for action, weight in step["by"].items():
                        gain = gain + weight * np.take(own, names.index(action), axis=player)
                    others = [names for name, names in game.actions.items() if name != step["player"]]
                    alive = [left[name] for name in game.players if name != step["player"]]
                    index = [
                        [k for k, name in enumerate(names) if name in some]
                        for names, some in zip(others, alive, strict=True)
                    ]
                    gain = gain[np.ix_(*index)]
                    assert (gain >= 0).all() and (gain > 0).any() if dominance == "weak" else (gain > 0).all()
                for step in group:
                    left[step["player"]].discard(step["action"])
                assert number <= max(rounds[:, draw].max() for rounds in elimination.rounds)
            assert {player: set(names) for player, names in elimination.actions(draw).items()} == left
    assert seen > 20


def test_a_mixture_of_three_is_found_where_none_of_two_does():
    # Each of three bets pays 6 in its own state of the world; "safe" pays 1.9 always: less than 6/3, more than 0.
    bets = np.vstack([6 * np.eye(3), np.full((1, 3), 1.9)])
    game = named(np.stack([bets, np.zeros((4, 3))]))
    assert eliminate(game).actions()["p0"] == ("a0", "a1", "a2", "a3")
    found = rationalisable(game)
    assert found.actions()["p0"] == ("a0", "a1", "a2")
    (step,) = found.steps()
    assert step["action"] == "a3"
    assert step["by"] == pytest.approx(dict.fromkeys(("a0", "a1", "a2"), 1 / 3))
    tight = named(np.stack([np.vstack([6 * np.eye(3), np.full((1, 3), 2.0)]), np.zeros((4, 3))]))
    assert rationalisable(tight).actions()["p0"] == ("a0", "a1", "a2", "a3")


@pytest.mark.parametrize("scale", [1e-8, 1.0, 1e8])
@pytest.mark.parametrize("shift", [0.0, 3.0])
def test_units_do_not_matter(scale, shift):
    game = random_game((4, 3), 40, seed=3, ties=False)
    moved = named(scale * game.payoffs + shift * scale)
    for dominance in ("strict", "weak", "mixed"):
        for one, other in zip(
            eliminate(game, dominance).rounds, eliminate(moved, dominance).rounds, strict=True
        ):
            assert np.array_equal(one, other)


@given(seed=st.integers(0, 2**32 - 1), shape=st.sampled_from(SHAPES), ties=st.booleans())
def test_laws(seed, shape, ties):
    game = random_game(shape, 5, seed, ties=ties)
    strict, weak, mixed = (eliminate(game, dominance) for dominance in ("strict", "weak", "mixed"))
    for narrow, wide in ((mixed, strict), (weak, strict)):
        for few, many in zip(narrow.survives, wide.survives, strict=True):
            assert few.any(axis=0).all()
            assert not (few & ~many).any()
    stable = PureNash().stable(game.payoffs)
    for elimination in (strict, mixed):
        inside = np.ones_like(stable)
        for axis, survives in enumerate(elimination.survives):
            inside &= np.expand_dims(survives, [other for other in range(len(shape)) if other != axis])
        assert not (stable & ~inside).any()
    for elimination in (strict, weak, mixed):
        for draw in np.flatnonzero(elimination.solvable):
            left = elimination.reduced(int(draw))
            assert left.shape == (1,) * len(shape)
            outcome = tuple(int(np.flatnonzero(survives[:, draw])[0]) for survives in elimination.survives)
            assert stable[(*outcome, draw)]


def test_weak_elimination_takes_all_dominated_actions_at_once():
    # Osborne & Rubinstein 1994, section 4.3: first the top action, then left goes; first the bottom one, then right.
    game = named([[[1, 0], [1, 2], [0, 2]], [[1, 0], [1, 1], [0, 1]]])
    elimination = eliminate(game, "weak")
    assert elimination.actions() == {"p0": ("a1",), "p1": ("b0", "b1")}
    assert [step["action"] for step in elimination.steps()] == ["a0", "a2"]
    assert eliminate(game, "strict").steps() == eliminate(game, "mixed").steps() == []
    assert not elimination.solvable.any()


def test_the_table_of_rounds():
    dilemma = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]
    chicken = [[[3, 2], [4, 1]], [[3, 4], [2, 1]]]
    elimination = eliminate(named(np.stack([dilemma, chicken], axis=-1)))
    assert [rounds.tolist() for rounds in elimination.rounds] == [[[1, 0], [0, 0]]] * 2
    assert elimination.solvable.tolist() == [True, False]
    assert elimination.actions(0) == {"p0": ("a1",), "p1": ("b1",)}
    assert elimination.actions(-1) == {"p0": ("a0", "a1"), "p1": ("b0", "b1")}
    assert elimination.reduced(0).payoffs.tolist() == [[[[1]]], [[[1]]]]
    assert elimination.reduced(1).to_frame().equals(named(chicken).to_frame())
    assert elimination.steps(0) == [
        {"round": 1, "player": "p0", "action": "a0", "by": {"a1": 1.0}},
        {"round": 1, "player": "p1", "action": "b0", "by": {"b1": 1.0}},
    ]
    assert elimination.steps(1) == []
    assert repr(elimination) == "Elimination(strict; 2 of 2 x 2 of 2 actions survive in some of 2 draws)"
    with pytest.raises(ValueError, match="read-only"):
        elimination.rounds[0][0, 0] = 4
    for method in (elimination.actions, elimination.steps, elimination.reduced):
        with pytest.raises(InvalidArgumentError, match="one of 2 draws"):
            method(2)


def test_best_replies():
    for shape in SHAPES:
        game = random_game(shape, 7, seed=1, ties=True)
        all_best = np.ones((*shape, 7), dtype=bool)
        for axis, player in enumerate(game.players):
            reply = best_replies(game, player)
            assert reply.shape == (*shape, 7)
            assert reply.any(axis=axis).all()
            worst = np.where(reply, game.payoffs[axis], np.inf).min(axis=axis)
            assert (worst == game.payoffs[axis].max(axis=axis)).all()
            others = np.where(reply, -np.inf, game.payoffs[axis]).max(axis=axis)
            assert (others < worst).all()
            all_best &= reply
        assert np.array_equal(all_best, PureNash().stable(game.payoffs))


def test_unknown_names_are_refused():
    game = random_game((2, 2), 1, 0, ties=False)
    with pytest.raises(UnknownNameError, match="did you mean 'strict'"):
        eliminate(game, "strct")
    with pytest.raises(UnknownNameError, match="unknown player"):
        best_replies(game, "p7")
