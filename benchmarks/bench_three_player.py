"""The study of three-player games: counts, indices, regrets, structured payoffs, peers, speed.

    python benchmarks/bench_three_player.py --games 1000000 --single 100000 --every 1000

Prints one table per question. Nothing is asserted: what must hold is tested in tests/solvers/nash.
"""

import argparse
import itertools
import platform
import sys
import time
from pathlib import Path

import numpy as np

from bargain.games.normal import NormalForm
from bargain.games.profiles import regrets
from bargain.solvers.all_nash import AllNash
from bargain.solvers.nash.three_player import three_player_equilibria
from bargain.solvers.solution import Status, solve

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.reference.newton_supports import newton_supports, same

SHAPES = [(2, 2, 2), (3, 2, 2)]
KINDS = ["any", "ignores first", "ignores second", "ignores both", "additive", "factorised"]


def structured(rng, shape, draws, kinds):
    """Draw payoffs in which each player's gains have a given form in the two others' actions."""
    payoffs = np.empty((3, *shape, draws))
    for player, kind in enumerate(kinds):
        one, other = (p for p in range(3) if p != player)

        def table(*axes, player=player):
            return rng.normal(size=(*(shape[p] if p in (player, *axes) else 1 for p in range(3)), draws))

        match kind:
            case "any":
                own = table(one, other)
            case "ignores first":
                own = table(other)
            case "ignores second":
                own = table(one)
            case "ignores both":
                own = table()
            case "additive":
                own = table(one) + table(other)
            case "factorised":
                own = table(one) * table(other)
        level = rng.normal(size=(*(1 if p == player else shape[p] for p in range(3)), draws))
        payoffs[player] = own + level
    return payoffs


def blocks(total, size=250_000):
    return [min(size, total - start) for start in range(0, total, size)]


def summary(payoffs):
    """Solve, and return what adds up over blocks."""
    start = time.process_time()
    found = three_player_equilibria(payoffs)
    seconds = time.process_time() - start
    count = np.bincount(found.draw, minlength=found.codes.size)
    width = np.ptp(payoffs.reshape(3, -1, payoffs.shape[-1]), axis=1)
    width[width == 0] = 1
    regret = 0.0
    for part in range(0, found.draw.size, 2**18):
        some = slice(part, part + 2**18)
        gains = regrets(payoffs[..., found.draw[some]], [s[:, some] for s in found.strategies])
        regret = max(regret, float((gains / width[:, found.draw[some]]).max(initial=0)))
    status = np.bincount(found.codes, minlength=len(Status))
    unflagged = ((count % 2 == 0) & (found.codes == Status.SOLVED)).sum()
    return status, np.bincount(count, minlength=30)[:30], unflagged, regret, seconds


def study(name, draws, generate):
    parts = [summary(generate(size)) for size in blocks(draws)]
    status = sum(part[0] for part in parts)
    spread = sum(part[1] for part in parts)
    shown = {Status(code).name: int(number) for code, number in enumerate(status) if number}
    numbers = {count: int(games) for count, games in enumerate(spread) if games}
    print(
        f"{name:24} {draws:9,d} games {sum(p[4] for p in parts) / draws * 1e6:7.2f} us/game; even, unflagged"
        f" {sum(int(p[2]) for p in parts)}; largest regret/range {max(p[3] for p in parts):.1e}; {shown};"
        f" numbers of equilibria {numbers}",
        flush=True,
    )


SINGLE = [  # one player's gains at a time, and three games in which everybody's have the same form
    *(tuple(kind if p == player else "any" for p in range(3)) for player in range(3) for kind in KINDS[1:3]),
    *(tuple("factorised" if p == player else "any" for p in range(3)) for player in range(3)),
    *((kind,) * 3 for kind in ("factorised", "additive", "ignores second")),
]
EVERY = list(itertools.product(KINDS, repeat=3))


def structured_study(draws, patterns):
    for shape in SHAPES:
        status = np.zeros(len(Status), dtype=int)
        unflagged, regret, unsolved, slowest = 0, 0.0, (0, ""), (0.0, "")
        for kinds in patterns:
            rng = np.random.default_rng(11)
            for size in blocks(draws):
                part, _, even, gain, seconds = summary(structured(rng, shape, size, kinds))
                status += part
                unflagged += int(even)
                regret = max(regret, gain)
                unsolved = max(unsolved, (int(size - part[Status.SOLVED]), " | ".join(kinds)))
                slowest = max(slowest, (seconds / size * 1e6, " | ".join(kinds)))
        shown = {Status(code).name: int(number) for code, number in enumerate(status) if number}
        print(
            f"structured {shape}: {len(patterns)} patterns of {draws:,d} games; even, unflagged {unflagged};"
            f" largest regret/range {regret:.1e}; {shown}; most unsolved {unsolved}; slowest {slowest[0]:.1f}"
            f" us/game ({slowest[1]})",
            flush=True,
        )


def twin(games):
    """Compare with Newton's method from many points on every support."""
    for shape in SHAPES:
        rng = np.random.default_rng(12)
        missed = extra = unsolved = 0
        for _ in range(games):
            payoffs = structured(rng, shape, 1, EVERY[rng.integers(len(EVERY))])
            found = three_player_equilibria(payoffs)
            if found.codes[0] != Status.SOLVED:
                unsolved += 1
                continue
            own = [[s[:, e] for s in found.strategies] for e in range(found.draw.size)]
            theirs = newton_supports(payoffs[..., 0], rng, starts=10)
            missed += sum(not any(same(a, b) for b in own) for a in theirs)
            extra += sum(not any(same(a, b) for b in theirs) for a in own)
        print(
            f"twin {shape}: {games} structured games; only the twin found {missed}, only the fast method"
            f" {extra}; not compared, as not solved, {unsolved}",
            flush=True,
        )


def enumpoly(games, rounds=10):
    """Compare `solve(game, AllNash())` with pygambit, in set and speed, in alternate rounds of one run."""
    import pygambit

    for shape in SHAPES:
        payoffs = np.random.default_rng(13).normal(size=(3, *shape, games))
        labels = {f"{p}": [f"{p}{a}" for a in range(size)] for p, size in enumerate(shape)}
        draws = np.random.default_rng(14).normal(size=(16, 3, *shape, 16_384))  # blocks, as in a sweep
        many = [NormalForm(labels, block) for block in draws]
        found = three_player_equilibria(payoffs)
        missed = listed = incomplete = wrong = 0
        here, there = [], []
        for some in np.array_split(np.arange(games), rounds):
            start = time.process_time()
            for block in many:
                solve(block, AllNash())
            here.append((time.process_time() - start) / (16 * 16_384))
            solved = [pygambit.Game.from_arrays(*payoffs[..., draw]) for draw in some]
            start = time.process_time()
            answers = [pygambit.nash.enumpoly_solve(game).equilibria for game in solved]
            there.append((time.process_time() - start) / some.size)
            for draw, game, equilibria in zip(some, solved, answers, strict=True):
                own = np.concatenate([s[:, found.draw == draw] for s in found.strategies]).T
                incomplete += len(equilibria) < len(own)
                listed += len(equilibria)
                for equilibrium in equilibria:
                    point = [float(equilibrium[strategy]) for p in game.players for strategy in p.strategies]
                    if not (np.abs(own - point).max(axis=1) < 1e-5).any():
                        parts = np.split(np.array(point)[:, None], np.cumsum(shape)[:-1])
                        off = regrets(payoffs[..., [draw]], parts).max() > 1e-6
                        wrong += int(off)
                        missed += int(not off)
        ours, theirs = np.array(here) * 1e6, np.array(there) * 1e6
        print(
            f"enumpoly {shape}: {games} games, it lists {listed}, of these not found here {missed} and"
            f" {wrong} no equilibria (regret above 1e-6); its set is smaller in"
            f" {incomplete} games; median {np.median(theirs):.0f} us/game against"
            f" {np.median(ours):.3f}: {np.median(theirs) / np.median(ours):,.0f} times; best rounds"
            f" {theirs.min():.0f} against {ours.min():.3f}: {theirs.min() / ours.min():,.0f} times",
            flush=True,
        )


def normal(rng, shape):
    return lambda draws: rng.normal(size=(3, *shape, draws))


def integers(rng, shape):
    return lambda draws: rng.integers(0, 10, size=(3, *shape, draws)).astype(float)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--games", type=int, default=100_000, help="random games per size and kind")
    options.add_argument("--single", type=int, default=10_000, help="games per main structured pattern")
    options.add_argument("--every", type=int, default=500, help="games per combination of patterns")
    options.add_argument("--twin", type=int, default=50, help="games compared with the slow twin")
    options.add_argument("--enumpoly", type=int, default=500, help="games compared with pygambit")
    given = options.parse_args()
    print(f"numpy {np.__version__}, python {platform.python_version()}, {platform.machine()}")
    if given.enumpoly:
        enumpoly(given.enumpoly)
    if given.games:
        for shape in SHAPES:
            rng = np.random.default_rng(10)
            study(f"normal {shape}", given.games, normal(rng, shape))
            study(f"integers 0..9 {shape}", given.games, integers(rng, shape))
    if given.single:
        structured_study(given.single, SINGLE)
    if given.every:
        structured_study(given.every, EVERY)
    if given.twin:
        twin(given.twin)


if __name__ == "__main__":
    main()
