"""
How long the pact lasts, seen from each date
============================================

GSOMIA is extended every year unless somebody gives notice by 24 August, and a notice can be taken back
until 22 November. The scenario `gsomia-renewal` plays this for fifteen years, with governments that foresee
what a bluff costs them in credibility and what open pressing leaves behind.

Seen from August 2019, before the notice, the pact is in danger in that year and fairly safe once the year
is over; from November 2019 all hangs on whether the notice is taken back in time; from August 2020 and
March 2023 on, with the threat worn out, it ends before 2030 in next to no draw. With the United States
held to abstain, the pact survives the notice of 2019 in far fewer cases. The numbers of the base game were
fitted to what happened, and those of this reading are judgements: these curves follow from them, and are
no forecast.
"""

import matplotlib.pyplot as plt
import numpy as np

import bargain as bg
from bargain.plots.survival_fan import survival_fan

DRAWS, SEED, LAST = 2_000, 7, 2030
scenario = bg.load_scenario("gsomia-renewal")
rule = bg.NoticeRule(month=11, day=23, days=90)
print(f"notice by {rule.notice_deadline(2030)} would end the pact on {rule.expiry(2030)}")

# %%
# Survival to 2030 from each date, the United States free and held
# ----------------------------------------------------------------
curves = {}
for setting in scenario.settings:
    space, first = scenario.space_at(setting), scenario.setting(setting).date.year
    values = space.values(np.random.default_rng(SEED).random((len(space), DRAWS)))
    for held in ({}, {"USA": "abstain"}):
        game = scenario.game_model.hold(held).game(values)
        lasting = bg.RenewalPerfect().solve(game).survival(min(LAST - first, 15), first=first)
        curves[setting, bool(held)] = lasting
        fan = lasting.fan().iloc[-1]
        print(
            f"{setting:18} {'US held to abstain' if held else 'US free':18} survival to {fan.name}:"
            f" mean {fan['mean']:.3f}, quartiles {fan[0.25]:.3f} to {fan[0.75]:.3f}"
        )

# %%
# The fan from August 2018
# ------------------------
survival_fan(
    curves["2018-08 routine", False],
    title="Survival of the pact, seen from August 2018",
    assumed=f"gsomia-renewal, 2018-08 routine; seed {SEED}",
)
plt.show()
