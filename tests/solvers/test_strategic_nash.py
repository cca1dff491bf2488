import numpy as np
import pytest

import bargain as bg
from bargain.solvers.strategic_nash import StrategicNash


def threat_tree(**numbers):
    return bg.ThreatGame(**numbers).to_extensive()


def test_what_the_strategic_form_has_the_tree_has():
    rng = np.random.default_rng(1)
    game = bg.ExtensiveForm(
        ("A", "B"),
        bg.Decision("A", "first", {
            "left": bg.Decision("B", "second", {a: bg.Outcome(rng.normal(size=(2, 5))) for a in "xy"}),
            "right": bg.Decision("B", "second", {a: bg.Outcome(rng.normal(size=(2, 5))) for a in "xy"}),
        }),
    )  # fmt: skip
    solution = bg.solve(game, StrategicNash())
    table = bg.solve(game.normal_form(), bg.AllNash())
    assert solution.draw.tolist() == table.draw.tolist()
    np.testing.assert_allclose(solution.payoffs, table.payoffs, atol=1e-9)
    assert solution.regret.max() < 1e-9


def test_every_perfect_equilibrium_of_a_threat_is_among_them():
    numbers = {
        "prior": 0.2, "prize": 3, "audience_cost": 2, "concession_cost": 1.2, "loss": 3, "carrying_out": 0.5,
    }  # fmt: skip
    solution = bg.solve(threat_tree(**numbers), StrategicNash())
    (perfect,) = bg.solve(bg.ThreatGame(**numbers), bg.PerfectBayesian()).profiles()
    weak = [profile["weak"].get("threaten", 0.0) for profile in solution.profiles()]
    assert any(abs(one - perfect["weak threatens"]) < 1e-9 for one in weak)


@pytest.mark.parametrize("solver", [StrategicNash(), bg.BackwardInduction()])
def test_trees_go_through_solve_and_tables_do_not(solver):
    with pytest.raises(bg.errors.UnsupportedGameError, match="solved by PureNash"):
        bg.solve(bg.NormalForm({"A": ("x", "y")}, np.zeros((1, 2))), solver)
