"""
The prediction for November 2019 does not need perfect foresight
================================================================

In quantal response every government errs: it plays better actions more often than worse ones, not the best
one always, and expects the others to err as well. How much so is one number, the precision. At zero everybody
acts at random; as it grows, play tends to a Nash equilibrium. At the modal values of November 2019 what
happened is the likeliest outcome at every precision printed here but zero, and has more than even odds at a
precision of two, at which a gain of one util makes an action seven times as likely as another.
"""

import numpy as np

import bargain as bg

game = bg.load_scenario("gsomia").game("2019-11 deadline")
happened = game.labels.outcome(("suspend", "relax", "press"))

for precision in (0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0):
    likely = bg.solve(game, bg.LogitQRE(precision)).outcomes[:, 0]
    best = " / ".join(game.labels.outcomes[int(np.argmax(likely))])
    print(f"precision {precision:4.1f}: what happened {likely[happened]:.4f}; likeliest {best}")

branch = bg.LogitQRE(precision=20.0).branch(game)
ax = bg.plots.logit_branch(
    branch, equilibria=bg.solve(game, bg.AllNash()), assumed="2019-11 deadline, modal values"
)
