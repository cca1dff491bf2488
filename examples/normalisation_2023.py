"""
Normalisation turned on the forced-labour question
==================================================

From August 2020 to March 2023 nine modal values changed. In the model the settlement of the unresolved
grievance, which South Korea's fund of March 2023 stands for, is enough by itself, and no set without it
suffices. Over everything else that is uncertain the share of normalisation falls from nearly one to a third
as the grievance grows: a strong lever, though not the only doubt.
"""

import bargain as bg

scenario = bg.load_scenario("gsomia")
print("minimal sets:", bg.minimal_sets(scenario, "2020-08 default", "2023-03 thaw"))

by_grievance = bg.ConditionalShares("grievance_unresolved", bins=20)
task = scenario.task(
    "2023-03 thaw",
    draws=200_000,
    seed=7,
    values={"grievance_unresolved": bg.Uniform(0, 1)},
    reducers=[by_grievance],
)
table = bg.run(task).table(by_grievance)
relaxed = table.xs(("renew", "relax", "abstain"), level=("ROK", "JPN", "USA"))
for where in (relaxed.index[2], relaxed.index[-1]):
    row = relaxed.loc[where]
    print(f"grievance {where:.3f}: {row['share']:.3f} (95 %: {row['low']:.3f} to {row['high']:.3f})")

bg.plots.conditional_shares(
    table,
    title="March 2023, had the grievance been larger",
    assumed="Pure equilibria",
)
