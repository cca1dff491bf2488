"""The threat game: how long all perfect Bayesian equilibria of a million draws take.

``python benchmarks/bench_threat.py [--draws 1000000] [--runs 3]``. Draws are over all kinds of equilibria, 14
% of them with two. Times are by the clock, of making the games (which checks them) and of solving them; then of
a whole sweep of the built-in scenario `gsomia-threat`, in which a third party chooses between two such games:
drawing, quantities, solving, shares, measures and audit.
"""

from __future__ import annotations

import argparse
import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from bargain.games.signalling import ThreatGame
from bargain.scenarios.reader import load_scenario
from bargain.solvers.signalling_equilibria import PerfectBayesian
from bargain.sweep.run import run as run_task


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    rng = np.random.default_rng(1)
    values = {
        "prior": rng.uniform(size=options.draws),
        "prize": rng.uniform(0.1, 5, options.draws),
        "audience_cost": rng.uniform(0, 3, options.draws),
        "concession_cost": rng.uniform(-1, 3, options.draws),
        "loss": rng.uniform(0, 4, options.draws),
        "carrying_out": rng.uniform(-3, 2, options.draws),
    }
    for run in range(options.runs):
        start = time.perf_counter()
        game = ThreatGame(**values)
        made = time.perf_counter()
        solution = PerfectBayesian().solve(game)
        solved = time.perf_counter()
        print(
            f"run {run + 1}: made {made - start:.3f} s, solved {solved - made:.3f} s,"
            f" {1e9 * (solved - start) / options.draws:.0f} ns per draw"
        )
    print(solution)
    print(f"largest regret {solution.regret.max():.1e}")
    one, two = ((solution.count == number).mean() for number in (1, 2))
    print(f"draws with one equilibrium {one:.4f}, with two {two:.4f}")
    divine = solution.select(solution.divine).count
    print(f"draws with exactly one that survives D1 {(divine == 1).mean():.4f}")
    task = load_scenario("gsomia-threat").task("2019-11 deadline", draws=options.draws, seed=7)
    for run_number in range(options.runs):
        start = time.perf_counter()
        sweep = run_task(task, workers=1, progress=False)
        seconds = time.perf_counter() - start
        print(
            f"sweep {run_number + 1}, one worker: {seconds:.2f} s, {1e9 * seconds / sweep.draws:.0f} ns per draw"
        )
    print(sweep.audit)


if __name__ == "__main__":
    main()
