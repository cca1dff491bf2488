"""
More to agree on can leave a country with less
==============================================

Two countries bargain over a trade package. Then a new package comes onto the table: whatever the first
country is to get, the second can now have at least as much as before. By Nash's solution, the largest product
of gains, the second country ends up with *less* than without it. By that of Kalai and Smorodinsky, gains in
proportion to the best that each could hope for, it never does: that is the axiom by which the two differ.
"""

import matplotlib.pyplot as plt

import bargain as bg

players = ("first", "second")
before = {"status quo plus": (0, 1), "balanced": (0.75, 0.75), "one-sided": (1, 0)}
tables = {"before": before, "with the new package": {**before, "new package": (1, 0.7)}}

figure, axes = plt.subplots(1, 2, figsize=(9.2, 4.6), layout="constrained", sharey=True)
for ax, (name, packages) in zip(axes, tables.items(), strict=True):
    problem = bg.BargainingProblem(players, packages, disagreement=(0, 0))
    solutions = {
        "Nash": bg.NashBargaining().solve(problem),
        "Kalai-Smorodinsky": bg.KalaiSmorodinsky().solve(problem),
    }
    for concept, agreed in solutions.items():
        print(f"{name:21} {concept:18} second country gets {agreed.payoffs[1, 0]:.4f}")
    bg.plots.bargaining_set(problem, solutions=solutions, title=name.capitalize(), unit="gain", ax=ax)
plt.show()
