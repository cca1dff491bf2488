"""The annual renewal: how long `bg.run` takes for many draws of fifteen years, and where the time goes.

``python benchmarks/bench_renewal.py [--draws 100000] [--workers N] [--setting "2019-08 notice"]``. The time is by
the clock, of the whole sweep of `gsomia-renewal` as users start it: drawing, games, equilibria, survival, shares and
measures, and the audit. Then one block of 8,192 draws in this process, in seconds: making the games, solving them, the
exact survival curves; and the largest gain from acting otherwise once, which is no part of solving.
"""

from __future__ import annotations

import argparse
import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import bargain as bg

BLOCK = 8192


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=100_000)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--setting", default="2019-08 notice")
    options = parser.parse_args()
    task = bg.load_scenario("gsomia-renewal").task(options.setting, draws=options.draws, seed=7)
    sweep, seconds = timed(lambda: bg.run(task, workers=options.workers, progress=False))
    print(
        f"{options.setting}: {sweep.draws:,} draws in {seconds:.1f} s, {1e6 * seconds / sweep.draws:.0f} us a draw"
    )
    print(", ".join(f"{count:,} {status.name}" for status, count in sweep.statuses().items()))
    print(sweep.measures()["mean"].round(4).to_dict())
    print(sweep.audit)

    block = task.with_draws(min(BLOCK, options.draws))
    game, making = timed(lambda: block.model.game(block.values(0)))
    solution, solving = timed(lambda: block.solver.solve(game))
    _, surviving = timed(lambda: solution.survival(15))
    gain, checking = timed(lambda: solution.markov.gain)
    print(
        f"{block.draws:,} draws: games {making:.2f} s, equilibria {solving:.2f} s, survival {surviving:.2f} s"
    )
    print(f"largest gain from acting otherwise once: {gain.max():.1e} ({checking:.1f} s)")


def timed(work):
    start = time.perf_counter()
    return work(), time.perf_counter() - start


if __name__ == "__main__":
    main()
