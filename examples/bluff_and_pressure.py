"""
Pressing made the threat work, and made it rarer to be carried out
==================================================================

Seoul's threat to end the pact may have been a bluff. In the scenario `gsomia-threat` only Seoul knows
whether it would go through with it, Tokyo concedes or resists, and Washington may press before anybody
moves.

In November 2019, with Washington held to *abstain*, a threat is conceded to in fewer than half of the
cases; pressing raises that, and cuts the cases in which the pact is lost to a fifth. It works in two ways:
where refusing has become dearer than offering talks, everybody threatens and Tokyo concedes; where ending
the pact has become too dear even for a resolute government, nobody threatens any more. In August 2019, with
90 days to run, a threat is mostly one that would be carried out, and Tokyo resists it. The numbers are
those of the base game, which were fitted to what happened.
"""

import bargain as bg

scenario = bg.load_scenario("gsomia-threat")

# %%
# At the modal values
# -------------------
for setting in scenario.settings:
    profile = bg.solve(scenario.game(setting), scenario.default_solver()).profiles(digits=2)[0]
    print(f"{setting:18} USA: {profile['USA']:8} {profile['kind']:20} threat {profile['threat']:.2f}")

# %%
# With and without pressing, over everything that is uncertain
# ------------------------------------------------------------
for setting in ("2019-08 notice", "2019-11 deadline"):
    print(f"\n{setting}: probability of each end, averaged over 200,000 draws")
    tables = {}
    for held in ({"USA": "abstain"}, {"USA": "press"}, {}):
        sweep = bg.run(scenario.task(setting, draws=200_000, seed=7, fix=held))
        tables[f"US {held.get('USA', 'free')}"] = sweep.measures()
        means = sweep.measures()["mean"]
        ends = "  ".join(
            f"{end} {means[end]:.3f}" for end in ("silence", "conceded", "dropped", "carried out")
        )
        print(
            f"{'US ' + held.get('USA', 'free'):12} {ends}  if threatened, conceded {means['concession']:.3f}"
        )

# %%
# The ends of November 2019, mean and range over the draws
# --------------------------------------------------------
ENDS = ("silence", "conceded", "dropped", "carried out")
measures = [measure for measure in scenario.labels.measures if measure.name in ENDS]
bg.plots.measure_ranges(tables, measures, title="November 2019 with and without pressing")
