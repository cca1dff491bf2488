"""
A guarantor helps only if it commits first
==========================================

Two states share a river. Upstream may *release* water or *hold* it for its own power stations; downstream
may *pay* for the water or *withhold* payment. Alone, downstream never pays, so upstream never releases, and
both lose.

A lender may *guarantee* the deal at some cost: payment then reaches upstream only if it releases, and
downstream is fined for withholding. No scenario file is needed: terms, ranges and labels are Python.

If all three act at the same time, the lender leaves the cost to somebody else and there is never a deal. If
it commits first and the others see it, there is a deal in most draws.
"""

import bargain as bg
from bargain import Value, When

# %%
# Who may do what, and what it is worth
# -------------------------------------
actions = {
    "upstream": ("release", "hold"),
    "downstream": ("pay", "withhold"),
    "lender": ("stay out", "guarantee"),
}
refund = Value("payment") * When(upstream="hold", downstream="pay", lender="guarantee")
payoffs = {
    "upstream": Value("power") * When(upstream="hold") + Value("payment") * When(downstream="pay") - refund,
    "downstream": Value("harvest") * When(upstream="release")
    - Value("payment") * When(downstream="pay")
    + refund
    - Value("fine") * When(downstream="withhold", lender="guarantee"),
    "lender": Value("stability") * When(upstream="release") - Value("cost") * When(lender="guarantee"),
}
model = bg.PayoffModel.of(actions, payoffs)
print(model.symbolic().to_string())

# %%
# What is not known
# -----------------
ranges = {
    "power": bg.Triangular(1, 2, 4),
    "payment": bg.Uniform(2, 5),
    "harvest": bg.Triangular(4, 6, 9),
    "fine": bg.Uniform(5, 8),  # above any payment, or withholding would pay
    "stability": bg.PERT(0, 2, 4),
    "cost": bg.Uniform(0.2, 1),
}
space = bg.Space([bg.Parameter(name, ranges[name], unit="million a year") for name in model.parameters])

# %%
# Who moves when
# --------------
DEAL = ("release", "pay", "guarantee")
solvers = {
    "at the same time": bg.PureNash(),
    "lender first": bg.SubgamePerfect([["lender"], ["upstream", "downstream"]]),
}
print()
tables = {}
for name, solver in solvers.items():
    shares = bg.run(bg.Task(model, space, draws=50_000, seed=3, solver=solver)).shares()
    tables[name] = shares
    deal = shares.loc[DEAL]
    print(f"{name:17} deal in {deal['share']:.4f} of draws (95 %: {deal['low']:.4f} to {deal['high']:.4f})")

bg.plots.outcome_shares(
    tables, title="A guarantor who commits, and one who does not", assumed="50,000 draws, seed 3"
)
