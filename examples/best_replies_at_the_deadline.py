"""
Pressure changes what Seoul and Tokyo do best against each other
================================================================

November 2019, with the United States held to *press* on the left and to *abstain* on the right. Each line is
one government's best reply to the other; where they meet, neither has a reason to do anything else. In each
half they meet once, and in opposite corners. *Renew* is left out of the picture, not of the game: the
equilibria printed are those of the game with all three actions of South Korea.
"""

import matplotlib.pyplot as plt

import bargain as bg

scenario = bg.load_scenario("gsomia")
game = scenario.game("2019-11 deadline")

figure, axes = plt.subplots(1, 2, figsize=(9.2, 4.9), layout="constrained")
for ax, action in zip(axes, ("press", "abstain"), strict=True):
    equilibria = bg.solve(game.hold({"USA": action}), bg.AllNash())
    for profile in equilibria.profiles():
        print(f"USA {action:8} ROK {profile['ROK']}  JPN {profile['JPN']}")
    keep = {"ROK": ("suspend", "terminate"), "USA": (action,)}
    bg.plots.best_reply_diagram(game, keep=keep, title=f"USA held to {action}", assumed="Modal values", ax=ax)
plt.show()
