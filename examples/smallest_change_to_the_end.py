"""
The smallest change that would have ended the pact
==================================================

What was nearest to tipping November 2019 over? Of all joint changes of the parameters, measured in widths of
their ranges, the nearest at which ending the pact becomes an equilibrium is small and American: pressing a
little costlier and the pact worth a little less to Washington. Nothing in Seoul or Tokyo has to move.
"""

import bargain as bg

SETTING = "2019-11 deadline"
scenario = bg.load_scenario("gsomia")
change = bg.smallest_change(scenario, SETTING, wanted=("terminate", "maintain", "abstain"))
print(change)
print("solved there again:", change.verified)

# %%
# The plane of the two parameters, with the line that the nearest point lies on.
x, y = change.moves
plane = bg.regions(scenario, SETTING, x=x, y=y)
bg.plots.regime_map(
    plane,
    points={SETTING: (change.now[x], change.now[y]), "nearest": (change.values[x], change.values[y])},
    title="How far November 2019 was from the end of the pact",
)
