"""
The structure alone predicts little
===================================

Every parameter of the built-in scenario is drawn uniformly from the union of its ranges in all dated
settings: the wide prior. If the payoffs' structure forced an outcome, it would show here. It does not: no
outcome reaches a fifth of the draws, so it is the dated numbers, and the evidence behind them, that carry
the answers at each date.
"""

import bargain as bg

scenario = bg.load_scenario("gsomia")
task = bg.Task(scenario.model, scenario.wide_space(), draws=200_000, seed=7, name="wide prior")
shares = bg.run(task).shares()

for outcome, row in shares[shares["share"] > 0.03].sort_values("share", ascending=False).iterrows():
    name = " / ".join(filter(None, outcome))
    print(f"{name:32} {row['share']:.4f}  (95 %: {row['low']:.4f} to {row['high']:.4f})")

bg.plots.outcome_shares(
    {"wide prior": shares},
    title="Every parameter anywhere in its ranges",
    assumed=f"{task.draws:,} draws, seed {task.seed}, pure equilibria, all parameters uniform",
)
