import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.games.stochastic import StochasticGame
from bargain.solvers.markov_passage import first_passage
from bargain.solvers.markov_paths import state_probabilities, survival
from bargain.solvers.markov_perfect import MarkovPerfect


def chain(leads, **options):
    moves = {state: {"go": (0, lead)} if lead else {} for state, lead in leads.items()}
    return MarkovPerfect().solve(StochasticGame.of("nobody", moves, discount=0.9, **options))


@pytest.mark.parametrize("win", [0.5, 0.4, 0.6])
def test_the_gambler_s_ruin(win):
    """Feller (1968), chapter XIV: chances and the expected length of the game."""
    inner = {f"{n}": {f"{n + 1}": win, f"{n - 1}": 1 - win} for n in range(1, 10)}
    solution = chain({"0": {}, **inner, "10": {}})
    start = np.arange(11)
    odds = (1 - win) / win
    rich = start / 10 if win == 0.5 else (1 - odds**start) / (1 - odds**10)
    length = start * (10 - start) if win == 0.5 else (start - 10 * rich) / (1 - 2 * win)
    assert first_passage(solution, ["10"]).probability[:, 0] == pytest.approx(rich, abs=1e-12)
    over = first_passage(solution, ["0", "10"])
    assert over.probability[:, 0] == pytest.approx(1, abs=1e-12)
    assert over.periods[:, 0] == pytest.approx(length, abs=1e-9)
    # Who may be ruined first may never be rich.
    assert np.isinf(first_passage(solution, ["10"]).periods[:-1]).all()


def test_what_is_certain_what_is_possible_and_what_is_not():
    solution = chain({
        "a": {"a": 0.5, "b": 0.5}, "b": {"a": 0.5, "c": 0.5}, "c": {"b": 1.0}, "fork": {"b": 0.25, "trap": 0.75},
        "trap": {},
    })  # fmt: skip
    found = first_passage(solution, ["c"])
    assert found.probability[:, 0].tolist() == [1, 1, 1, 0.25, 0]
    assert found.periods[:, 0].tolist() == [6, 4, 0, np.inf, np.inf]
    assert found.to_frame().loc["fork"].tolist() == [0.25, np.inf]


def test_draws_may_differ_in_what_is_possible():
    hazard = np.array([0.0, 0.1, 1.0])
    solution = chain({"on": {"on": 1 - hazard, "off": hazard}, "off": {}})
    found = first_passage(solution, "off")
    assert found.probability[0].tolist() == [0, 1, 1]
    assert found.periods[0] == pytest.approx([np.inf, 10, 1])


def test_immediate_states_take_no_time():
    leads = {"year": {"notice": 0.2, "year": 0.8}, "notice": {"year": 0.5, "over": 0.5}, "over": {}}
    found = first_passage(chain(leads, immediate=["notice"]), ["over"])
    assert found.periods[:, 0] == pytest.approx([10, 5, 0])
    assert first_passage(chain(leads), ["over"]).periods[:, 0] == pytest.approx([12, 7, 0])


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_it_is_the_limit_of_play_period_by_period(seed):
    rng = np.random.default_rng(seed)
    names = [f"s{n}" for n in range(4)]
    rows = rng.dirichlet(np.ones(4), size=4)
    rows[-1] = [0, 0, 0, 1]
    leads = {name: dict(zip(names, row, strict=True)) for name, row in zip(names, rows, strict=True)}
    leads["s2"] = {"s2": 1.0} if rng.random() < 0.5 else leads["s2"]
    solution = chain(leads)
    found = first_passage(solution, ["s3"])
    if rows[:2, 3].min() > 0.05:
        late = state_probabilities(solution, "s0", 600)[-1, 3, 0]
        assert found.probability[0, 0] == pytest.approx(late, abs=1e-9)
        if found.probability[0, 0] == 1:
            lasting = survival(solution, ["s0", "s1", "s2"], "s0", 600)
            assert found.periods[0, 0] == pytest.approx(lasting.expected[0], rel=1e-6)


def test_misuse():
    game = StochasticGame.of("nobody", {"a": {}}, discount=0.9, horizon=3)
    with pytest.raises(InvalidArgumentError, match="without horizon"):
        first_passage(MarkovPerfect().solve(game), ["a"])
    with pytest.raises(UnknownNameError, match="b"):
        first_passage(chain({"a": {}}), ["b"])
