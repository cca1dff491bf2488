import numpy as np
import pandas as pd
import pytest

import bargain as bg
from bargain.errors import BargainError, InvalidArgumentError, UnknownDrawError, UnsupportedGameError
from bargain.games.normal import NormalForm
from bargain.solvers.bimatrix_nash import BimatrixNash
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.solution import Solution, Solver, Status, games_of, solve

PENNIES = [[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]
DILEMMA = [[[3, 0], [5, 1]], [[3, 5], [0, 1]]]
BATTLE = [[[3, 0], [0, 2]], [[2, 0], [0, 3]]]


@pytest.fixture
def game():
    """Three draws with one, no and two pure equilibria."""
    return NormalForm(
        {"row": ("up", "down"), "column": ("left", "right")}, np.stack([DILEMMA, PENNIES, BATTLE], -1)
    )


@pytest.fixture
def solution(game):
    return solve(game, PureNash())


def test_equilibria_are_a_flat_table_with_a_draw_column(solution):
    assert solution.draw.tolist() == [0, 2, 2]
    assert solution.count.tolist() == [1, 0, 2]
    assert solution.status.tolist() == [Status.SOLVED, Status.NONE, Status.SOLVED]
    assert solution.strategies[0].tolist() == [[0, 1, 0], [1, 0, 1]]
    assert solution.payoffs.tolist() == [[1, 3, 2], [1, 2, 3]]
    assert solution.outcomes.tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 0], [1, 0, 1]]
    assert len(solution) == 3
    assert solution.labels.players == ("row", "column")


def test_profiles_are_for_reading(solution):
    first, second, third = solution.profiles()
    assert first == {"row": {"down": 1.0}, "column": {"right": 1.0}}
    assert solution.profiles(0) == solution.profiles(-3) == [first]
    assert solution.profiles(1) == []
    assert solution.profiles(2) == [second, third]


def test_profiles_are_rounded_and_leave_out_what_is_never_played(game):
    strategies = [np.array([[1 / 3], [2 / 3]]), np.array([[1e-14], [1 - 1e-14]])]
    rounded = Solution.of(game, PureNash(), [1], strategies, np.zeros(3, dtype=np.int8))
    assert rounded.profiles(digits=3) == [{"row": {"up": 0.333, "down": 0.667}, "column": {"right": 1.0}}]
    assert rounded.profiles()[0]["column"] == {"right": 1.0}


def test_equilibria_are_sorted_by_draw_and_keep_their_order_within(game):
    strategies = [np.array([[0.2, 0.3, 0.4, 0.5], [0.8, 0.7, 0.6, 0.5]]), np.full((2, 4), 0.5)]
    solution = Solution.of(game, PureNash(), np.array([2, 0, 2, 0]), strategies, np.zeros(3, dtype=np.int8))
    assert solution.draw.tolist() == [0, 0, 2, 2]
    assert solution.strategies[0][0].tolist() == [0.3, 0.5, 0.2, 0.4]
    for index, draw in enumerate(solution.draw):
        mix = {"row": solution.strategies[0][:, index], "column": [0.5, 0.5]}
        assert solution.regret[index] == pytest.approx(game[int(draw)].regret(mix)[0])
        assert solution.payoffs[:, index] == pytest.approx(game[int(draw)].expected_payoffs(mix)[:, 0])


@pytest.mark.parametrize(("draw", "count"), [(0, 1), (1, 0), (2, 2), (-1, 2)])
def test_one_draw_is_a_solution_of_its_own(solution, draw, count):
    alone = solution.of_draw(draw)
    fresh = solve(solution.game[draw], PureNash())
    assert alone.count.tolist() == [count]
    assert alone.draw.tolist() == [0] * count
    assert alone.status.tolist() == fresh.status.tolist()
    for name in ("payoffs", "regret", "outcomes"):
        assert (getattr(alone, name) == getattr(fresh, name)).all()
    assert alone.profiles() == fresh.profiles() == solution.profiles(draw)


def test_draws_that_do_not_exist(solution):
    for draw in (3, -4):
        with pytest.raises(UnknownDrawError, match=f"draw: one of 3 draws was expected, given {draw}"):
            solution.profiles(draw)
        with pytest.raises(UnknownDrawError, match="draw: one of 3 draws was expected"):
            solution.of_draw(draw)


def test_to_frame_has_one_row_per_equilibrium(solution):
    frame = solution.to_frame()
    assert frame.index.tolist() == [(0, 0), (2, 0), (2, 1)]
    assert frame.index.names == ["draw", "equilibrium"]
    assert frame["row", "down"].tolist() == [1, 0, 1]
    assert frame["payoff", "column"].tolist() == [1, 2, 3]
    assert frame["", "regret"].tolist() == [0, 0, 0]


def test_to_frame_of_nothing(game):
    frame = solve(game[1], PureNash()).to_frame()
    assert frame.shape == (0, 7)


def test_repr_counts_statuses(solution):
    assert repr(solution) == (
        "Solution(3 equilibria of 3 draws by PureNash(tolerance=0.0); 2 SOLVED, 1 NONE)"
    )


@pytest.mark.parametrize("status", Status)
def test_every_status_says_what_it_means(status):
    assert status.sentence.endswith(".")
    assert Status(int(status)) is status
    assert status == int(status)


def test_statuses_are_ordered_from_best_to_worst():
    assert [status.name for status in sorted(Status)] == [
        "SOLVED", "NONE", "DEGENERATE", "INCOMPLETE", "FAILED", "INVALID"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("solver", "shown"),
    [(PureNash, "PureNash"), ("pure_nash", "'pure_nash'"), (None, "None")],
)
def test_solve_asks_for_a_solver(game, solver, shown):
    with pytest.raises(InvalidArgumentError, match=r"a solver such as PureNash\(\) was expected") as caught:
        solve(game, solver)
    assert shown in str(caught.value)
    assert isinstance(caught.value, BargainError)


def test_solve_asks_for_a_game(game):
    with pytest.raises(InvalidArgumentError, match="a NormalForm was expected, given ndarray"):
        solve(game.payoffs, PureNash())


def test_whatever_has_a_solve_method_is_a_solver(game):
    class Mine:
        def solve(self, game):
            return PureNash().solve(game)

    assert isinstance(Mine(), Solver)
    assert solve(game, Mine()).count.tolist() == [1, 0, 2]


def test_regret_is_computed_from_the_game_and_not_from_the_solver(game):
    """A wrong answer shows itself."""
    wrong = Solution.of(game, BimatrixNash(), [0], [np.array([[1.0], [0]])] * 2, np.zeros(3, dtype=np.int8))
    assert wrong.regret.tolist() == [2.0]


def test_tables_survive_netcdf_and_parquet(tmp_path):
    xr = pytest.importorskip("xarray")
    pytest.importorskip("pyarrow")
    game = bg.NormalForm(
        {"row": ("up", "down"), "column": ("left", "right")},
        np.random.default_rng(5).normal(size=(2, 2, 2, 7)),
    )
    solution = bg.solve(game, bg.AllNash())
    data = solution.to_xarray()
    data.to_netcdf(tmp_path / "solution.nc")
    with xr.open_dataset(tmp_path / "solution.nc") as back:
        back.load()
    assert back.strategy_row.to_numpy().tolist() == solution.strategies[0].tolist()
    assert back.payoff.sel(player="column").to_numpy().tolist() == solution.payoffs[1].tolist()
    assert back.status.to_numpy().tolist() == [status.name for status in solution.status]
    frame = solution.to_frame()
    frame.to_parquet(tmp_path / "solution.parquet")
    assert pd.read_parquet(tmp_path / "solution.parquet").equals(frame)


def every_form():
    """One game of each form, with a solver that fits and the result that it returns."""
    threat = bg.ThreatGame(prior=0.2, prize=3, audience_cost=2, concession_cost=1.2, loss=3, carrying_out=0.5)
    crisis = bg.CrisisGame(
        status_quo=0, prize=1, concession=0, fighting_challenger=-1.9, fighting_target=-2.9,
        backing_down=-1.2, holding=1,
    )  # fmt: skip
    third = bg.ThirdPartyThreat("C", {"watch": threat}, {"watch": [0, 0, -1, 0]})
    tree = bg.ExtensiveForm(("A",), bg.Decision("A", "x", {"l": bg.Outcome([0]), "r": bg.Outcome([1])}))
    table = bg.NormalForm({"A": ("l", "r"), "B": ("l", "r")}, np.zeros((2, 2, 2)))
    problem = bg.BargainingProblem(("A", "B"), {"mine": [1, 0], "yours": [0, 1]}, [0, 0])
    return {
        "threat": (threat, bg.PerfectBayesian(), bg.SignallingSolution),
        "crisis": (crisis, bg.CrisisEquilibria(), bg.CrisisSolution),
        "third": (third, bg.ThirdPartyEquilibria(), bg.ThirdPartySolution),
        "tree": (tree, bg.BackwardInduction(), bg.BehaviourSolution),
        "tree by plans": (tree, bg.StrategicNash(), bg.BehaviourSolution),
        "table": (table, bg.PureNash(), bg.Solution),
        "graph": (bg.ConflictGraph.of_game(table), bg.ConflictStability(), bg.StabilityTable),
        "bargain": (problem, bg.NashBargaining(), bg.Agreements),
    }


@pytest.mark.parametrize("form", list(every_form()))
def test_games_of_every_form_are_solved_by_solvers_that_fit(form):
    game, solver, result = every_form()[form]
    assert isinstance(bg.solve(game, solver), result)


@pytest.mark.parametrize("form", list(every_form()))
def test_solvers_that_do_not_fit_are_refused_and_those_that_do_are_named(form):
    game, solver, _ = every_form()[form]
    for _, other, _ in every_form().values():
        if isinstance(game, games_of(other)):
            continue
        with pytest.raises(UnsupportedGameError, match=type(solver).__name__) as refused:
            bg.solve(game, other)
        assert type(other).__name__ in str(refused.value)


def test_what_solves_itself_says_so():
    class Itself:
        def solve(self):
            """Return nothing."""

    with pytest.raises(UnsupportedGameError, match="a Itself is game and solver in one"):
        bg.solve(Itself(), bg.PureNash())


def test_games_that_functions_treat_are_sent_to_them():
    majority = bg.CoalitionalGame.of_function(("A", "B", "C"), lambda who: len(who) >= 2)
    with pytest.raises(
        UnsupportedGameError, match=r"CoalitionalGame; call shapley_value\(game\) or core\(game\)"
    ):
        bg.solve(majority, bg.AllNash())


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda tree, table: bg.eliminate(tree), r"eliminate: NormalForm .* its method normal_form\(\)"),
        (lambda tree, table: bg.rationalisable(tree), "given ExtensiveForm"),
        (lambda tree, table: bg.best_replies(tree, "A"), "best_replies: NormalForm was expected"),
        (lambda tree, table: bg.grim_trigger(tree, (), ()), "grim_trigger: NormalForm was expected"),
        (lambda tree, table: bg.variable_threats(tree), "variable_threats: NormalForm was expected"),
        (lambda tree, table: bg.coalitional_form(tree), "coalitional_form: NormalForm was expected"),
        (lambda tree, table: bg.check_sequential(table, {}), "check_sequential: ExtensiveForm was expected"),
        (lambda tree, table: bg.shapley_value(table), "shapley_value: CoalitionalGame was expected"),
        (lambda tree, table: bg.core(table), "core: CoalitionalGame was expected, given NormalForm"),
    ],
)
def test_functions_name_the_form_they_expect(call, words):
    tree = bg.ExtensiveForm(("A",), bg.Decision("A", "start", {"x": bg.Outcome([1]), "y": bg.Outcome([0])}))
    with pytest.raises(UnsupportedGameError, match=words):
        call(tree, NormalForm({"A": ("x", "y")}, [[1, 0]]))
