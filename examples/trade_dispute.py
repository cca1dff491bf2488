"""
In a trade dispute somebody has to open first
=============================================

Two invented states, Arcadia and Bohemia, may *open* their market or *protect* it. A market that the other
opens is worth something, shelter for one's own industry as well, and to protect against a partner that has
opened costs standing. Nobody knows these numbers exactly.

If both decide at the same time, open markets are never the only answer: against a partner that protects, to
protect is best. If Arcadia decides first, both open wherever Bohemia would answer in kind and Arcadia's
export market is worth more to it than shelter.
"""

import bargain as bg
from bargain import Value, When

# %%
# Payoffs and what is not known about them
# ----------------------------------------
states = ("Arcadia", "Bohemia")
payoffs = {}
for own, other in (states, states[::-1]):
    payoffs[own] = (
        Value(f"market_{own}") * When(**{other: "open"})
        + Value(f"shelter_{own}") * When(**{own: "protect"})
        - Value(f"standing_{own}") * When(**{own: "protect", other: "open"})
    )
model = bg.PayoffModel.of(dict.fromkeys(states, ("open", "protect")), payoffs)
ranges = {"market": bg.Uniform(1, 4), "shelter": bg.Uniform(0, 3), "standing": bg.Uniform(0, 2)}
space = bg.Space(
    [bg.Parameter(name, ranges[name.split("_")[0]], unit="billion a year") for name in model.parameters]
)

# %%
# Who decides when
# ----------------
orders = {"at the same time": bg.PureNash(), "Arcadia first": bg.SubgamePerfect([["Arcadia"], ["Bohemia"]])}
shares = {}
for name, solver in orders.items():
    task = bg.Task(model, space, draws=50_000, seed=11, solver=solver)
    shares[name] = bg.run(task).shares()
    alone = shares[name].loc[("open", "open")]
    print(
        f"{name:17} both open, alone {alone['share']:.4f} (95 %: {alone['low']:.4f} to {alone['high']:.4f})"
    )
    print(f"{name:17} both open, possible {alone['possible']:.4f}")

ax = bg.plots.outcome_shares(shares, title="Open markets by who decides first", assumed="pure equilibria")
ax.set_ylabel("who decides first")
