"""Two-player games beside other people's solvers: the same equilibria, and how long they take.

``python benchmarks/bench_bimatrix.py [--games 10000] [--tied 500] [--timed 1000000]``; needs quantecon and
pygambit. ``finds``: equilibria of the peer that pass the test of regret; ``missed``: those of them that are
not found here; ``fewer in``: games in which the peer lacks an equilibrium that is found here. Times are of
the processor, the first of three runs and the best.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import time
import warnings

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

import nashpy
import numpy as np
import pygambit
from quantecon.game_theory import NormalFormGame, Player, support_enumeration

from bargain.games.normal import NormalForm
from bargain.games.profiles import regrets
from bargain.solvers.all_nash import AllNash
from bargain.solvers.nash.bimatrix import bimatrix_equilibria
from bargain.solvers.solution import Status, solve

warnings.simplefilter("ignore")
SIZES = list(itertools.product((2, 3, 4), repeat=2))
SAME = 1e-7


def by_nashpy(method):
    """Everything that an enumeration of nashpy yields before it ends or raises."""

    def find(row, column):
        found = []
        with contextlib.suppress(Exception):  # what a peer raises on a game with ties is not under test
            found.extend(np.concatenate(pair) for pair in getattr(nashpy.Game(row, column), method)())
        return [profile for profile in found if profile.size == sum(row.shape)]

    return find


def by_quantecon(row, column):
    game = NormalFormGame((Player(row.copy()), Player(column.T.copy())))
    return [np.concatenate(pair) for pair in support_enumeration(game)]


def by_gambit(row, column):
    game = pygambit.Game.from_arrays(row.astype(int), column.astype(int))
    profiles = pygambit.nash.enummixed_solve(game, rational=True).equilibria
    order = [strategy for player in game.players for strategy in player.strategies]
    return [np.array([float(profile[strategy]) for strategy in order]) for profile in profiles]


def compared(payoffs, found, peer):
    """Count equilibria of the peer that were not found, and games in which some were found that it lacks."""
    listed = np.concatenate(found.strategies)
    ends = np.searchsorted(found.draw, np.arange(payoffs.shape[-1] + 1))
    missed = more = theirs_in_all = 0
    for draw in range(payoffs.shape[-1]):
        ours = listed[:, ends[draw] : ends[draw + 1]].T
        row, column = payoffs[..., draw]
        theirs = [profile for profile in peer(row, column) if is_equilibrium(payoffs[..., draw], profile)]
        theirs_in_all += len(theirs)
        missed += sum(np.abs(ours - profile).max(axis=1).min() > SAME for profile in theirs)
        more += any(not theirs or np.abs(np.array(theirs) - own).max(axis=1).min() > SAME for own in ours)
    return theirs_in_all, missed, more


def is_equilibrium(table, profile):
    rows = table.shape[1]
    strategies = [profile[:rows, None], profile[rows:, None]]
    return np.isfinite(profile).all() and regrets(table[..., None], strategies).max() < 1e-9


PEERS = {
    "quantecon support": by_quantecon,
    "nashpy support": by_nashpy("support_enumeration"),
    "nashpy vertex": by_nashpy("vertex_enumeration"),
}


def agreement(games, tied):
    print(
        f"{'size':6}{'payoffs':9}{'games':>7}{'found':>8}{'flagged':>9}  {'peer':28}"
        f"{'finds':>7}{'missed':>8}{'fewer in':>9}"
    )
    for size in SIZES:
        rng = np.random.default_rng([7, *size])
        normal = rng.normal(size=(2, *size, games))
        small = rng.integers(0, 4, size=(2, *size, tied)).astype(float)
        report(size, "normal", normal, PEERS)
        report(size, "0 to 3", small, {"gambit enummixed, rational": by_gambit})


def report(size, kind, payoffs, peers):
    found = bimatrix_equilibria(payoffs)
    flagged = int((found.codes != Status.SOLVED).sum())
    counts = np.bincount(found.draw, minlength=payoffs.shape[-1])
    assert (counts[found.codes == Status.SOLVED] % 2 == 1).all()
    for name, peer in peers.items():
        theirs, missed, more = compared(payoffs, found, peer)
        label = f"{size[0]}x{size[1]}"
        print(
            f"{label:6}{kind:9}{payoffs.shape[-1]:>7}{found.draw.size:>8}{flagged:>9}  {name:28}"
            f"{theirs:>7}{missed:>8}{more:>9}",
            flush=True,
        )


def parity(draws):
    print(
        f"\n{'size':6}{'payoffs':9}{'games':>9}{'found':>9}{'solved':>9}{'even':>6}"
        f"{'largest regret / range':>24}"
    )
    for size, kind in itertools.product(((2, 2), (3, 2), (3, 3), (4, 4)), ("normal", "0 to 9")):
        rng = np.random.default_rng([8, *size])
        count = draws if max(size) < 4 else draws // 10
        payoffs = (
            rng.normal(size=(2, *size, count))
            if kind == "normal"
            else rng.integers(0, 10, (2, *size, count)) * 1.0
        )
        found = bimatrix_equilibria(payoffs)
        spread = payoffs.max(axis=(1, 2)) - payoffs.min(axis=(1, 2))
        regret = (
            regrets(payoffs.take(found.draw, axis=-1), found.strategies)
            / np.maximum(spread, 1e-300)[:, found.draw]
        )
        solved = found.codes == Status.SOLVED
        even = int((np.bincount(found.draw, minlength=count)[solved] % 2 == 0).sum())
        label = f"{size[0]}x{size[1]}"
        print(
            f"{label:6}{kind:9}{count:>9}{found.draw.size:>9}{solved.sum():>9}{even:>6}{regret.max():>24.1e}"
        )


def speed(draws):
    print(
        f"\n{'size':6}{'payoffs':9}{'AllNash, us':>13}{'best':>8}{'nashpy support, us':>20}"
        f"{'times':>8}{'best':>8}"
    )
    for size, kind in itertools.product(((2, 2), (3, 2), (3, 3), (4, 4)), ("normal", "0 to 9")):
        rng = np.random.default_rng([9, *size])
        count = max(1000, draws // (1 if max(size) < 4 else 5) // (1 if kind == "normal" else 10))
        payoffs = (
            rng.normal(size=(2, *size, count))
            if kind == "normal"
            else rng.integers(0, 10, (2, *size, count)) * 1.0
        )
        labels = {
            name: [f"{name} {k}" for k in range(actions)]
            for name, actions in zip(("row", "column"), size, strict=True)
        }
        game = NormalForm(labels, payoffs)
        theirs = min(300, count) if max(size) < 4 else 60
        enumerate_supports = by_nashpy("support_enumeration")
        enumerate_supports(*payoffs[..., 0])
        solve(game[:10], AllNash())
        clock = time.process_time()  # of this process: others may use the machine
        for draw in range(theirs):
            enumerate_supports(*payoffs[..., draw])
        slow = (time.process_time() - clock) / theirs
        fast = []
        for _ in range(3):
            clock = time.process_time()
            solution = solve(game, AllNash())
            fast.append((time.process_time() - clock) / count)
            del solution
        label = f"{size[0]}x{size[1]}"
        print(
            f"{label:6}{kind:9}{1e6 * fast[0]:>13.3f}{1e6 * min(fast):>8.3f}{1e6 * slow:>20.0f}"
            f"{slow / fast[0]:>8.0f}{slow / min(fast):>8.0f}",
            flush=True,
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--games", type=int, default=10_000, help="random games of each size, beside each peer"
    )
    parser.add_argument(
        "--tied", type=int, default=500, help="small-integer games of each size, beside Gambit"
    )
    parser.add_argument(
        "--timed", type=int, default=1_000_000, help="games solved to measure speed and parity"
    )
    given = parser.parse_args()
    speed(given.timed)
    parity(given.timed)
    print()
    agreement(given.games, given.tied)


if __name__ == "__main__":
    main()
