"""
Three players with two actions can have nine equilibria
=======================================================

The game of McKelvey and McLennan has four pure equilibria, three in which two players mix, and two in which
all three do: nine, the most that a game of this size can have if they are isolated. A solver that stops at
the first one it finds would report a ninth of the answer.
"""

import numpy as np

import bargain as bg

payoffs = np.zeros((3, 2, 2, 2))
payoffs[:, 0, 0, 0] = 9, 8, 12
payoffs[:, 1, 1, 0] = 9, 8, 2
payoffs[:, 1, 0, 1] = payoffs[:, 0, 1, 1] = 3, 4, 6
game = bg.NormalForm({"first": ("a", "b"), "second": ("a", "b"), "third": ("a", "b")}, payoffs)

solution = bg.solve(game, bg.AllNash())
print(solution)
for profile in solution.profiles(digits=4):
    print(profile)
print(f"largest regret {solution.regret.max():.1e}")

ax = bg.plots.equilibrium_cube(
    game, equilibria=solution, title="The nine equilibria of McKelvey and McLennan"
)
