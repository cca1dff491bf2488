"""
Without US pressure, the pact ends unless Japan moves first
===========================================================

On 22 November 2019 South Korea suspended its notice to end the pact, hours before it took effect. Here the
United States is held to *abstain*, at the modal values under three orders of moves, and in every one of
200,000 draws. The two sweeps use the same random numbers, so the difference between them is due to the
policy alone.

When all act at once, or the United States commits first, the model has the pact end; if Japan moves first,
it offers talks unpressed, because the two others react to them. Over the draws, with simultaneous moves,
Japan's talks disappear in nearly all and the pact ends in most. The model was fitted to what happened on
that day: this is what it implies, not an independent forecast.
"""

import bargain as bg

SETTING = "2019-11 deadline"
ABSTAIN = {"USA": "abstain"}
scenario = bg.load_scenario("gsomia")

# %%
# At the modal values, whoever moves first
# ----------------------------------------
concepts = {"all at once": bg.PureNash()}
concepts |= {name: bg.SubgamePerfect(order) for name, order in scenario.orders.items()}
for name, solver in concepts.items():
    for held in (None, ABSTAIN):
        (profile,) = bg.solve(scenario.game(SETTING, fix=held), solver).profiles()
        actions = " / ".join(action for strategy in profile.values() for action in strategy)
        print(f"{name:14} {'US held' if held else 'US free':8} {actions}")

# %%
# Over everything that is uncertain
# ---------------------------------
free = scenario.task(SETTING, draws=200_000, seed=7)
held = scenario.task(SETTING, draws=200_000, seed=7, fix=ABSTAIN)
effect = bg.compare(free, held, players=["ROK", "JPN"])

print("\nshare of draws by what ROK and JPN do, with the 95 % interval of the difference")
for outcome, row in effect[effect[["before", "after"]].max(axis=1) > 0.01].iterrows():
    interval = f"({row['low']:+.4f} to {row['high']:+.4f})"
    name = " / ".join(outcome)
    print(f"{name:22} {row['before']:.4f} -> {row['after']:.4f}  {row['difference']:+.4f} {interval}")

bg.plots.outcome_shares(
    {"US free": bg.run(free).shares(), "US held to abstain": bg.run(held).shares()},
    title="November 2019 with and without the choice to press",
    assumed=f"{free.draws:,} draws, seed {free.seed}, only pure equilibrium, all at once",
)
