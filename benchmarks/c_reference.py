"""A plain C program that does the work of a sweep: the yardstick for `bench_sweep.py`.

It is generated from a task: SFC64 uniforms, triangular, uniform or fixed values, payoffs term by term, pure Nash
equilibria by comparison, counts. One draw at a time, as one would write it by hand.
"""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import bargain as bg

HEAD = """
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t a, b, c, counter = 1;
static inline uint64_t next(void) {
    uint64_t result = a + b + counter++;
    a = b ^ (b >> 11);
    b = c + (c << 3);
    c = ((c << 24) | (c >> 40)) + result;
    return result;
}
static inline double uniform(void) { return (next() >> 11) * 0x1.0p-53; }
/* Both branches at once: of four ways to write this, the fastest with -O3 -march=native. */
static inline double triangular(double low, double mode, double high) {
    double u = uniform(), rising = (high - low) * (mode - low), falling = (high - low) * (high - mode);
    return sqrt(fmin(u * rising, (mode - low) * (mode - low)))
           - sqrt(fmin(falling - u * falling, (high - mode) * (high - mode))) + low + high - mode;
}
"""


def source(task: bg.Task) -> str:
    """Write the program for a task."""
    model, shape = task.model, task.model.labels.shape
    lines = [
        HEAD,
        "int main(int argc, char **argv) {",
        "    long draws = atol(argv[1]), none = 0, multiple = 0;",
    ]
    lines += [f"    static long counts[{model.labels.size}];", "    a = b = c = strtoull(argv[2], 0, 10);"]
    lines += ["    for (int i = 0; i < 12; i++) next();", "    struct timespec from, to;"]
    lines += ["    clock_gettime(CLOCK_MONOTONIC, &from);", "    for (long draw = 0; draw < draws; draw++) {"]
    for index, parameter in enumerate(task.space.parameters):
        lines.append(f"        double x{index} = {_sample(parameter.distribution)};")
    for index, monomial in enumerate(model.monomials):
        product = " * ".join(f"x{i}" for i in monomial) or "1.0"
        lines.append(f"        double m{index} = {product};")
    for player, outcome in itertools.product(range(len(shape)), range(model.labels.size)):
        row = model.coefficients[player, outcome]
        terms = " + ".join(f"{value!r} * m{i}" for i, value in enumerate(row.tolist()) if value) or "0.0"
        lines.append(f"        double u{player}_{outcome} = {terms};")
    lines.append("        int found = 0, last = 0;")
    strides = [1] * len(shape)
    for axis in reversed(range(len(shape) - 1)):
        strides[axis] = strides[axis + 1] * shape[axis + 1]
    for outcome, actions in enumerate(itertools.product(*map(range, shape))):
        better = [
            f"u{player}_{outcome} >= u{player}_{outcome + (other - own) * strides[player]}"
            for player, own in enumerate(actions)
            for other in range(shape[player])
            if other != own
        ]
        lines.append(
            f"        {{ int e = {' & '.join(f'({text})' for text in better)}; found += e; if (e) last = {outcome}; }}"
        )
    lines += ["        if (found == 1) counts[last]++; else if (found) multiple++; else none++;", "    }"]
    lines += ["    clock_gettime(CLOCK_MONOTONIC, &to);"]
    lines += ['    printf("{\\"seconds\\": %.9f, \\"none\\": %ld, \\"multiple\\": %ld, \\"counts\\": [",']
    lines += ["           to.tv_sec - from.tv_sec + 1e-9 * (to.tv_nsec - from.tv_nsec), none, multiple);"]
    lines += [f'    for (int i = 0; i < {model.labels.size}; i++) printf("%s%ld", i ? ", " : "", counts[i]);']
    lines += ['    printf("]}\\n");', "    return 0;", "}"]
    return "\n".join(lines)


def _sample(distribution: object) -> str:
    match distribution:
        case bg.Triangular(low, mode, high):
            return f"triangular({low!r}, {mode!r}, {high!r})"
        case bg.Uniform(low, high):
            return f"{low!r} + {high - low!r} * uniform()"
        case bg.Fixed(value):
            return repr(value)
    raise NotImplementedError(f"the C reference does not sample {distribution}")


class Program:
    """The compiled program of a task."""

    def __init__(self, task: bg.Task) -> None:
        compiler = shutil.which("cc")
        if compiler is None:
            raise RuntimeError("there is no C compiler (cc) here")
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name)
        (path / "sweep.c").write_text(source(task))
        self._binary = path / "sweep"
        command = [compiler, "-O3", "-march=native", "-o", str(self._binary), str(path / "sweep.c"), "-lm"]
        subprocess.run(command, check=True)

    def run(self, draws: int, seed: int = 1) -> dict:
        """Return seconds and counts of a run."""
        done = subprocess.run(
            [self._binary, str(draws), str(seed)], check=True, capture_output=True, text=True
        )
        return json.loads(done.stdout)

    def start(self, draws: int, seed: int) -> subprocess.Popen:
        """Start a run beside others."""
        return subprocess.Popen([self._binary, str(draws), str(seed)], stdout=subprocess.PIPE, text=True)
