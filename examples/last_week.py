"""
Why agree today what can be agreed in the last week
===================================================

In the scenario `gsomia-deadline` Seoul and Tokyo make offers in turn, one a week, until the pact would end.
While they disagree each has some credit at home for being firm, and talks collapse with a small probability.
In November 2019, at the modal values, in every week but the last the government whose turn it is would rather
wait, or has nothing to offer that the other would accept. Over all that is uncertain an agreement, where
there is one, comes almost always in the last week.

Who has the last word is an assumption of this reading: it decides how far the controls are relaxed, and it
could as well be the other government.
"""

import bargain as bg

scenario = bg.load_scenario("gsomia-deadline")

for setting in ("2019-08 notice", "2019-11 deadline", "2020-08 default"):
    shares = bg.run(scenario.task(setting, draws=20_000, seed=7)).shares()
    for name, row in shares[shares["share"] > 0.01].iterrows():
        interval = f"(95 %: {row['low']:.4f} to {row['high']:.4f})"
        print(f"{setting:17} {name[0]:16} {row['share']:.4f} {interval}")

path = bg.solve(scenario.game("2019-11 deadline"), bg.DeadlineOffers())
print(f"at the modal values they agree in round {path.round[0]} of {path.game.rounds}")
ax = bg.plots.deadline_surplus(path, assumed="2019-11 deadline, modal values")
