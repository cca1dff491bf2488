"""Sobol indices of "the pact ends" in the base game: 21 parameters at 2^16 base points, in under 20 s.

``python benchmarks/bench_sobol.py [log2 points]`` prints the time, the evaluations, and the indices.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
import time

import bargain as bg
from bargain.sensitivity.sobol import sobol_indices

LIMIT = 20.0  # seconds


def main(power):
    task = bg.load_scenario("gsomia").task("2019-11 deadline", seed=7)
    start = time.perf_counter()
    indices = sobol_indices(task, outcome={"ROK": "terminate"}, points=2**power)
    seconds = time.perf_counter() - start
    evaluations = indices.attrs["evaluations"]
    print(indices.sort_values("total", ascending=False).round(3).to_string())
    print(f"left out at most {indices.attrs['left_out']:.4f}; unanswered {indices.attrs['unanswered']}")
    each = seconds / evaluations * 1e9
    print(f"2^{power} base points, {evaluations} games with intervals: {seconds:.2f} s, {each:.0f} ns each")
    assert power > 16 or seconds < LIMIT


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 16)
