"""The annual renewal: how long Markov perfect equilibria of many draws over fifteen years take.

``python benchmarks/bench_renewal.py [--draws 100000] [--workers 2] [--setting "2019-08 notice"]``. Draws are of
`gsomia-renewal`. Times are by the clock and, behind it, of the processor: of drawing parameters and making the
games, of solving them, of the exact survival curves, and of the residuals, which are no part of solving.
"""

from __future__ import annotations

import argparse
import os
import time
from concurrent.futures import ThreadPoolExecutor

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

import bargain as bg
from bargain.solvers.renewal_perfect import RenewalPerfect
from bargain.solvers.solution import Status

BLOCK = 8192


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--setting", default="2019-08 notice")
    options = parser.parse_args()
    scenario = bg.load_scenario("gsomia-renewal")
    space, model = scenario.space_at(options.setting), scenario.game_model

    def block(number):
        width = min(BLOCK, options.draws - number * BLOCK)
        marks = [time.perf_counter()]
        unit = np.random.default_rng([7, number]).random((len(space), width))
        game = model.game(space.values(unit))
        marks.append(time.perf_counter())
        solution = RenewalPerfect().solve(game)
        marks.append(time.perf_counter())
        curve = solution.survival(15).curve.sum(axis=1)
        marks.append(time.perf_counter())
        return solution.codes, curve, np.diff(marks), solution if number == 0 else None

    clock, processor = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(options.workers) as pool:
        blocks = list(pool.map(block, range(-(-options.draws // BLOCK))))
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    parts = sum(part[2] for part in blocks)
    print(
        f"{options.setting}: {options.draws} draws over 15 years with {options.workers} workers: {clock:.1f} s by"
        f" the clock, {processor:.1f} s of the processor"
    )
    print("seconds of workers: games {:.1f}, equilibria {:.1f}, survival {:.1f}".format(*parts))
    codes = np.concatenate([part[0] for part in blocks])
    print(", ".join(f"{(codes == s).sum()} {s.name}" for s in Status if (codes == s).any()))
    print("survival after 1, 5, 15 years:", *(sum(p[1] for p in blocks)[[1, 5, 15]] / options.draws).round(4))
    start = time.perf_counter()
    gain = blocks[0][3].markov.gain.max()
    print(f"largest gain from acting otherwise once, in the first block: {gain:.1e}"
          f" ({time.perf_counter() - start:.1f} s)")  # fmt: skip


if __name__ == "__main__":
    main()
