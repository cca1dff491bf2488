"""
August 2019 hinges on who moves first, the other dates do not
=============================================================

The dates are played three times: all at once, the United States committing first, and Japan first, then the
United States, then South Korea. At the modal values the three agree at every date, and with history. Over
everything uncertain they agree well except in August 2019: had Washington committed before Seoul decided,
explicit pressure would have kept the pact in many draws.
"""

from matplotlib import pyplot as plt

import bargain as bg

scenario = bg.load_scenario("gsomia")
solvers = {"all at once": bg.PureNash()}
solvers |= {name: bg.SubgamePerfect(order) for name, order in scenario.orders.items()}

rows = {}
for setting in scenario.settings:
    history = scenario.setting(setting).history
    for name, solver in solvers.items():
        shares = bg.run(scenario.task(setting, draws=20_000, seed=7, solver=solver)).shares()
        rows[setting, name] = shares.loc[history, ["share", "low", "high"]]
    line = "  ".join(f"{name} {rows[setting, name]['share']:.3f}" for name in solvers)
    print(f"{setting:16}  {line}")

# %%
# Each share with its 95 % interval, which is narrower than most marks.
figure, ax = plt.subplots(figsize=(bg.plots.DOUBLE_COLUMN, 3.4), layout="constrained")
for shift, (name, marker) in enumerate(zip(solvers, "os^", strict=True)):
    places = [place + 0.2 * (1 - shift) for place in range(len(scenario.settings))]
    found = [rows[setting, name] for setting in scenario.settings]
    ax.errorbar(
        [row["share"] for row in found],
        places,
        xerr=[[row["share"] - row["low"] for row in found], [row["high"] - row["share"] for row in found]],
        fmt=marker,
        color=("#1a1a1a", "#737373", "#b0b0b0")[shift],
        label=name,
    )
ax.set(
    yticks=range(len(scenario.settings)),
    yticklabels=scenario.settings,
    xlim=(0, 1.02),
    xlabel="share of 20,000 draws in which what happened is the only prediction (seed 7)",
    title="By who moves first",
)
ax.invert_yaxis()
ax.legend(frameon=False, loc="lower left")
