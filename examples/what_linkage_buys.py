"""
No issue alone, and all of them together
========================================

March 2023, before the fund for forced labour was announced: pact, export controls, the complaint at the World
Trade Organization and the fund are four issues between Seoul and Tokyo. At the modal values of the scenario
`gsomia-package`, with Washington looking on and an easing of the controls going three fifths of the way,
there is nothing to agree on over any one of them alone. What Seoul would pay for by the fund, Tokyo pays for
by the controls: linked, both gain, and an issue more never takes away from the product of their gains.

The worth of the fund and of the complaint are judgements, and that agreements bind is an assumption.
"""

import bargain as bg

scenario = bg.load_scenario("gsomia-package")
game = scenario.game("2023-03 thaw", fix={"pressure": "abstain"}, values={"relaxation_depth": 0.6})

bargain = bg.PackageBargaining(players=("ROK", "JPN"))
alone = bargain.solve(game)
print("without agreement:", alone.alone.profiles())
print("agreed on:", alone.text())
gains = bargain.link(game).to_frame()
for name, row in gains.iterrows():
    print(f"{name:33} ROK {row['ROK']:7.3f}  JPN {row['JPN']:7.3f}  product {row['product']:7.3f}")

packages = game.problem(alone.standing, players=("ROK", "JPN"))
short = {
    " + ".join(option.split(": ")[1] for option in package.split(", ")): packages.payoffs[:, place]
    for place, package in enumerate(packages.packages)
}
ax = bg.plots.bargaining_set(
    bg.BargainingProblem(packages.players, short, packages.disagreement),
    title="Seoul and Tokyo, March 2023",
    unit="util, each on its own scale",
    assumed="gsomia-package at the modal values of 2023-03, the United States looking on",
)
