"""One dated setting of the base game, swept: beside plain C, and beside what one would otherwise write.

Prints time per draw and ratios, measured side by side in one run: every figure is the best of several
repetitions taken in turn. What two workers gain is to be read beside what two processes of the C program gain, which is
what the machine gives. ``--memory`` adds 100 million draws with their peak memory.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import warnings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from c_reference import Program

import bargain as bg

SETTING = "2019-11 deadline"
LONG = "import sys, time, resource, bargain as bg\n" \
    "task = bg.load_scenario('gsomia').task('2019-11 deadline', draws=int(sys.argv[1]), seed=7)\n" \
    "start = time.perf_counter()\nbg.run(task, workers=2)\n" \
    "peak = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]\n" \
    "print(time.perf_counter() - start, *peak)"  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--draws", type=int, default=20_000_000)
    options.add_argument("--repeat", type=int, default=5)
    options.add_argument(
        "--memory", action="store_true", help="also 10 and 100 million draws, in their own processes"
    )
    chosen = options.parse_args()
    scenario = bg.load_scenario("gsomia")
    task = scenario.task(SETTING, draws=chosen.draws, seed=7)
    every = scenario.task(SETTING, draws=max(65_536, chosen.draws // 10), seed=7, solver=bg.AllNash())
    program = Program(task)
    best: dict[str, float] = {}

    def record(name: str, seconds: float, draws: int) -> None:
        best[name] = min(best.get(name, np.inf), seconds / draws)

    for _ in range(chosen.repeat):
        reference = program.run(chosen.draws, seed=7)
        record("C, one core", reference["seconds"], chosen.draws)
        started = time.perf_counter()
        running = [program.start(chosen.draws, seed) for seed in (1, 2)]
        for process in running:
            process.communicate()
        record("C, two processes", time.perf_counter() - started, 2 * chosen.draws)
        for workers in (1, 2):
            sweep, seconds = timed(lambda workers=workers: bg.run(task, workers=workers, audit=0))
            record(f"bargain, PureNash, {workers} worker{'s' * (workers > 1)}", seconds, chosen.draws)
        _, seconds = timed(lambda: bg.run(every, workers=1, audit=0))
        record("bargain, AllNash, 1 worker", seconds, every.draws)
    for name, (work, draws) in others(scenario, task).items():
        _, seconds = timed(work)
        record(name, seconds, draws)

    print(f"{SETTING}: {chosen.draws:,} draws, best of {chosen.repeat}\n")
    ours = best["bargain, PureNash, 1 worker"]
    print(f"{'':38}{'ns a draw':>14}{'against C':>12}{'against ours':>14}")
    for name, value in best.items():
        print(f"{name:38}{value * 1e9:14,.0f}{value / best['C, one core']:12.2f}{value / ours:14,.1f}")
    two = best["bargain, PureNash, 2 workers"]
    print(
        f"\ntwo workers against one: {ours / two:.2f}; two processes of C against one:"
        f" {best['C, one core'] / best['C, two processes']:.2f}; AllNash: {1 / best['bargain, AllNash, 1 worker']:,.0f} draws a second"
    )
    shares = sweep.shares()["share"].to_numpy()[: len(reference["counts"])]
    theirs = np.array(reference["counts"]) / chosen.draws
    error = np.sqrt(2 * np.maximum(shares * (1 - shares), 1 / chosen.draws) / chosen.draws)
    print(
        f"shares of the C program differ by at most {np.abs(shares - theirs).max():.6f}"
        f" ({(np.abs(shares - theirs) / error).max():.1f} standard errors)"
    )
    assert (np.abs(shares - theirs) < 5 * error).all()
    if chosen.memory:
        memory()


def timed(work):
    started = time.perf_counter()
    result = work()
    return result, time.perf_counter() - started


def others(scenario: bg.Scenario, task: bg.Task) -> dict:
    """What a user would otherwise write, on as many draws as patience allows."""
    names = task.space.names
    values = {parameter.name: parameter.distribution.ppf(np.random.default_rng(1).random(200_000))
              for parameter in task.space.parameters}  # fmt: skip
    payoffs = task.model.evaluate(np.array([values[name] for name in names]))
    held = task.model.hold({"USA": "press"}).evaluate(np.array([values[name] for name in names]))
    found = {}

    import nashpy

    def nashpy_loop():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for draw in range(200):
                list(nashpy.Game(held[0, :, :, 0, draw], held[1, :, :, 0, draw]).support_enumeration())

    found["nashpy loop (ROK x JPN, supports)"] = (nashpy_loop, 200)
    try:
        from quantecon.game_theory import NormalFormGame, pure_nash_brute
    except ImportError:
        print("quantecon is not installed: left out")
    else:

        def quantecon_loop():
            for draw in range(200):
                pure_nash_brute(NormalFormGame(np.moveaxis(payoffs[..., draw], 0, -1)))

        found["quantecon loop (pure_nash_brute)"] = (quantecon_loop, 200)
    try:
        from ema_workbench import Model, RealParameter, ScalarOutcome, SequentialEvaluator
    except ImportError:
        print("ema_workbench is not installed: left out")
    else:

        def one(**at):
            game = task.model.game(at)
            return {"outcome": int(np.argmax(bg.PureNash().stable(game.payoffs)))}

        def ema():
            model = Model("gsomia", function=one)
            model.uncertainties = [RealParameter(name, *scenario.range(SETTING, name)) for name in names]
            model.outcomes = [ScalarOutcome("outcome")]
            with SequentialEvaluator(model) as evaluator:
                evaluator.perform_experiments(scenarios=1000)

        found["EMA Workbench, perform_experiments"] = (ema, 1000)
    return found


def memory() -> None:
    print("\nin a process of its own, two workers:")
    rates = []
    for draws in (10_000_000, 100_000_000):
        done = subprocess.run(
            [sys.executable, "-c", LONG, str(draws)], check=True, capture_output=True, text=True
        )
        seconds, peak, fork = map(float, done.stdout.split())
        rates.append(seconds / draws)
        print(
            f"{draws:>13,} draws: {seconds:7.1f} s, {seconds / draws * 1e9:6.0f} ns a draw,"
            f" peak {peak:6.0f} MB, of the larger fork {fork:.0f} MB, what they share counted in both"
        )
    print(f"time per draw at 100 million against 10 million: {rates[1] / rates[0]:.2f}")


if __name__ == "__main__":
    main()
