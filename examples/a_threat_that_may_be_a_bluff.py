"""
A threat that may be a bluff
============================

A government whose resolve is known only to itself threatens or stays silent; the other concedes or resists.
A tough government would carry its threat out, a weak one would back down before its public, at a cost. The
prior that it is tough is one in five.

In the only equilibrium the tough one always threatens and the weak one bluffs just often enough that the
receiver is indifferent: after a threat it believes in a tough sender with probability two in five, twice the
prior. So a threat says something, but not enough to be sure, and it is resisted more often than not.
"""

import bargain as bg

game = bg.ThreatGame(prior=0.2, prize=3, audience_cost=2, concession_cost=1.2, loss=3, carrying_out=0.5)
solution = bg.PerfectBayesian().solve(game)
((tough, weak),) = solution.threat.T.tolist()
concession, posterior = float(solution.concession[0]), float(solution.posterior[0, 0])
print(solution.kind[0].sentence)
print(f"threatens: tough {tough:.3f}, weak {weak:.3f}")
print(f"after a threat: belief {posterior:.3f}, concession {concession:.3f}")

# %%
# The same as a tree, on which the equilibrium is checked
# -------------------------------------------------------
tree = game.to_extensive()
profile = {
    "tough": {"threaten": tough, "stay silent": 1 - tough},
    "weak": {"threaten": weak, "stay silent": 1 - weak},
    "threatened": {"concede": concession, "resist": 1 - concession},
    "tough, resisted": "carry out",
}
print(f"largest gain from another plan {tree.regret(profile)[0]:.1e}")
ax = bg.plots.game_tree(tree, solution=profile, title="The threat", assumed="Parameters of this example")
