"""
What cannot be taken back makes the end of the pact stable
==========================================================

The graph model of conflict asks which states nobody leaves, if governments move one at a time and may think
about what the others do next. November 2019 at the modal values, twice: first as if every step could be taken
back; then with a termination that cannot be undone, and with no pressure about a pact that has ended.

If all can be taken back one state is stable in the strictest sense, the one that came about. If termination
is final, the end of the pact is stable as well: where it has ended, no government can do better by itself.
"""

import bargain as bg

game = bg.load_scenario("gsomia").game("2019-11 deadline")
graphs = {
    "all can be taken back": bg.ConflictGraph.of_game(game),
    "termination is final": bg.ConflictGraph.of_game(
        game,
        irreversible={"ROK": {("terminate", "renew"), ("terminate", "suspend")}},
        infeasible=[{"ROK": "terminate", "USA": "press"}],
    ),
}
for name, graph in graphs.items():
    stable = bg.solve(graph, bg.ConflictStability()).profiles()
    print(f"{name}: nash {', '.join(stable['nash'])}")
    print(f"{name}: sequentially {', '.join(stable['seq'])}")

ax = bg.plots.conflict_graph(graphs["termination is final"], assumed="2019-11 deadline, modal values")
