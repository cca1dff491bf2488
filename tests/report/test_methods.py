"""What a report uses is what it cites."""

from dataclasses import replace

import bargain as bg
from bargain.report.methods import methods


def test_orders_and_dependence_bring_their_own():
    scenario = bg.load_scenario("gsomia")
    assert bg.sobol_indices in methods(scenario)
    assert any(isinstance(used, bg.SubgamePerfect) for used in methods(scenario))
    copula = bg.GaussianCopula({("pressing_cost", "pact_value_usa"): -0.5})
    bare = replace(scenario, orders={}, space=bg.Space(scenario.parameters, copula))
    assert bg.sobol_indices not in methods(bare)
    assert not any(isinstance(used, bg.SubgamePerfect) for used in methods(bare))
    assert "CarioNelson1997" in {reference.key for reference in bg.cite(*methods(bare)).references}
