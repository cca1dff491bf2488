"""A regime map of 1000 x 1000 points with its exact boundaries, in under 1 s.

``python benchmarks/bench_regions.py [points a side]`` prints the best of five runs, and what it takes to draw the map.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("MPLBACKEND", "Agg")

import sys
import time

from matplotlib import pyplot as plt

import bargain as bg

LIMIT = 1.0  # second
PLANES = [
    ("2019-11 deadline", "pressing_cost", "relaxation_depth"),
    ("2020-08 default", "audience_credit", "threat_credibility"),
    ("2023-03 thaw", "relaxation_depth", "grievance_unresolved"),
]


def main(side):
    scenario = bg.load_scenario("gsomia")
    bg.regions(scenario, PLANES[0][0], x=PLANES[0][1], y=PLANES[0][2], points=(2, 2))  # imports xarray
    for setting, x, y in PLANES:
        seconds, drawing = [], []
        for _ in range(5):
            start = time.perf_counter()
            plane = bg.regions(scenario, setting, x=x, y=y, points=(side, side))
            seconds.append(time.perf_counter() - start)
            start = time.perf_counter()
            plt.close(bg.plots.regime_map(plane).figure)
            drawing.append(time.perf_counter() - start)
        pieces = plane.sizes["piece"]
        print(
            f"{setting}, {x} x {y}: {side} x {side} points, {pieces} boundaries: {min(seconds):.3f} s,"
            f" drawn in {min(drawing):.3f} s"
        )
        assert side > 1000 or min(seconds) < LIMIT


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
