"""
The question in ten lines
=========================

What does the model say at the deadline of November 2019, how often does it say so once everything that is
uncertain varies, and what becomes of it if Washington abstains?
"""

import bargain as bg

scenario = bg.load_scenario("gsomia")
game = scenario.game("2019-11 deadline")
print("at the modal values:", bg.solve(game, bg.PureNash()).profiles()[0])

task = scenario.task("2019-11 deadline", draws=200_000, seed=7)
print(bg.run(task).shares().query("share > 0.05").round(4).to_string())

held = scenario.game("2019-11 deadline", fix={"USA": "abstain"})
print("if the US abstains:", bg.solve(held, bg.PureNash()).profiles()[0])

bg.plots.payoff_table(game, title="November 2019 at the modal values")
