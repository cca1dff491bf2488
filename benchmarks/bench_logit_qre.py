"""Logit equilibria per second beside pygambit's, on the same games in one run.

``python benchmarks/bench_logit_qre.py [games]`` prints, per size of game, the time per game of

- pygambit's ``logit_solve``, which follows the branch until no player gains 1e-8 of the payoff range;
- `LogitQRE` on the same games, again and again, each followed to the precision at which ``logit_solve`` stops;
- `LogitQRE` with all games followed to the 50 % and to the 90 % quantile of these precisions;
- both at the same precision, 2, where pygambit's function is ``logit_solve_lambda``;

and the largest difference of a probability between the two at precision 2. Payoffs are standard normal.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
import time

import numpy as np
import pygambit

from bargain.games.normal import NormalForm
from bargain.solvers.logit_qre import LogitQRE
from bargain.solvers.solution import solve

PEER = 100  # games that pygambit is given


def games_of(shape, draws):
    payoffs = np.random.default_rng(1).normal(size=(len(shape), *shape, draws))
    return NormalForm({f"p{i}": [f"a{k}" for k in range(size)] for i, size in enumerate(shape)}, payoffs)


def seconds(function):
    """The shortest of three runs."""
    times = []
    for _ in range(3):
        start = time.perf_counter()
        result = function()
        times.append(time.perf_counter() - start)
    return min(times), result


def probabilities(profile):
    return [float(p) for _, mixed in profile.mixed_strategies() for _, p in mixed]


def compare(shape, draws):
    games = games_of(shape, draws)
    peers = [pygambit.Game.from_arrays(*games.payoffs[..., draw]) for draw in range(PEER)]
    limit, _ = seconds(lambda: [pygambit.nash.logit_solve(game) for game in peers])
    at_two, profiles = seconds(lambda: [pygambit.qre.logit_solve_lambda(game, 2.0)[0] for game in peers])
    ends = [pygambit.qre.logit_solve_branch(game)[-1].lam for game in peers]

    rows = [("logit_solve", limit / PEER, None)]
    # A precision of one on payoffs times the precision is that precision: each game to its own end.
    ended = np.tile(games.payoffs[..., :PEER] * ends, draws // PEER)
    time_of, solution = seconds(lambda: solve(NormalForm(games.labels, ended), LogitQRE(1.0)))
    assert len(solution) == ended.shape[-1]
    rows.append(("LogitQRE, each to its end", time_of / ended.shape[-1], limit / PEER))
    for name, precision in (("median", np.median(ends)), ("90 %", np.quantile(ends, 0.9))):
        time_of, _ = seconds(lambda: solve(games, LogitQRE(float(precision))))  # noqa: B023 - called at once
        rows.append((f"LogitQRE({precision:.0f}), its {name}", time_of / draws, limit / PEER))
    rows.append(("logit_solve_lambda(2)", at_two / PEER, None))
    time_of, solution = seconds(lambda: solve(games, LogitQRE(2.0)))
    rows.append(("LogitQRE(2)", time_of / draws, at_two / PEER))
    rows.append(("LogitQRE(2), beside logit_solve", time_of / draws, limit / PEER))

    ours = np.concatenate(solution.strategies)[:, :PEER]
    theirs = np.array([probabilities(found.profile) for found in profiles]).T
    print(
        f"{'x'.join(map(str, shape))}: largest difference at precision 2: {np.abs(ours - theirs).max():.1e}"
    )
    for name, each, peer in rows:
        print(f"  {name:32} {each * 1e6:10.1f} us" + (f" {peer / each:8.0f} times" if peer else ""))


if __name__ == "__main__":
    for size in ((2, 2), (2, 2, 2), (3, 2, 2), (3, 3)):
        compare(size, int(sys.argv[1]) if len(sys.argv) > 1 else 40_000)
