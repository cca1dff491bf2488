"""
A mediator's advice can be worth more than any equilibrium without one
======================================================================

In the game of chicken each side would rather dare than yield if the other yields, but both daring is the
worst for both. Alone they reach one of two lopsided equilibria or a mixed one in which they sometimes
collide. A mediator who draws an outcome and tells each side its own action only can do better for both
together, and nobody gains by not following: if told to yield, one does not know what the other was told.
"""

import bargain as bg

game = bg.NormalForm(
    {"first": ("yield", "dare"), "second": ("yield", "dare")},
    [[[6, 2], [7, 0]], [[6, 7], [2, 0]]],
)
alone = bg.solve(game, bg.AllNash())
advised = bg.solve(game, bg.CorrelatedEquilibrium("welfare"))

for profile, sums in zip(alone.profiles(digits=3), alone.payoffs.sum(axis=0), strict=True):
    print(f"alone: sum of payoffs {sums:.4f} in {profile}")
for outcome, share in zip(game.labels.outcomes, advised.outcomes[:, 0], strict=True):
    print(f"the mediator draws {' / '.join(outcome):14} with probability {share:.4f}")
print(f"advised: sum of payoffs {advised.payoffs.sum():.4f}, gain from not following {advised.regret[0]:.1e}")

ax = bg.plots.payoff_table(
    game, equilibria=advised, title="Chicken with a mediator", assumed="correlated equilibrium"
)
