"""
Four things had to change together before the threat was dropped in 2020
========================================================================

In November 2019 South Korea kept the notice suspended; in August 2020 it let the date pass. Which of the
parameters that the evidence says had changed make the difference? In the model no single one does, nor any
two or three: credibility of the threat, the audience's credit for firmness, the cost of backing down and the
cost of putting the pact on a crowded agenda had to change together. Each is needed: put any of them back to
its value of November 2019 and the equilibrium of August 2020 is gone.
"""

import bargain as bg

BEFORE, AFTER = "2019-11 deadline", "2020-08 default"
scenario = bg.load_scenario("gsomia")

for found in bg.minimal_sets(scenario, BEFORE, AFTER):
    print("minimal set:", ", ".join(found))
then = dict(zip(scenario.space.names, scenario.space_at(BEFORE).mode()[:, 0], strict=True))
for name in found:
    game = scenario.game(AFTER, values={name: float(then[name])})
    print(f"with {name} as in November 2019: {len(bg.solve(game, bg.PureNash()))} pure equilibria")

# %%
# The terms behind it
# -------------------
# What South Korea gained in August 2020 from letting the pact roll over rather than acting on it again.
why = bg.explain(scenario, AFTER)
bg.plots.waterfall(why, player="ROK", title="Why renewal by default, August 2020")
