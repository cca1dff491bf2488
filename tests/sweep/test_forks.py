"""Forks: what comes back, what goes wrong, and that none is left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import warnings
from contextlib import closing
from pathlib import Path

import pytest

from bargain.sweep.forks import can_fork, in_forks

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks are used on Linux only")


def script(tmp_path, text):
    path = tmp_path / "script.py"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return [sys.executable, str(path)]


def output(tmp_path, text):
    done = subprocess.run(script(tmp_path, text), capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def children(process):
    return {int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text().split()}


def alive(process):
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return False


def gone(processes, within=10.0):
    limit = time.monotonic() + within
    while any(alive(process) for process in processes) and time.monotonic() < limit:
        time.sleep(0.01)
    return not any(alive(process) for process in processes)


@pytest.mark.parametrize(("blocks", "workers"), [(0, 2), (1, 2), (7, 1), (23, 3)])
def test_every_block_comes_back_once_from_another_process(blocks, workers):
    offset = object()  # cannot be pickled, and need not be
    found = dict(in_forks(lambda block: (block**2, os.getpid(), id(offset)), iter(range(blocks)), workers))
    assert {block: made[0] for block, made in found.items()} == {block: block**2 for block in range(blocks)}
    processes = {made[1] for made in found.values()}
    assert os.getpid() not in processes
    assert len(processes) <= workers
    assert gone(processes)


def test_no_more_is_asked_for_than_can_be_used_soon():
    asked = []

    def blocks():
        for block in range(1000):
            asked.append(block)
            yield block

    with closing(in_forks(lambda block: block, blocks(), 2)) as answers:
        next(answers)
    assert len(asked) <= 6


def test_an_error_comes_as_it_would_without_forks():
    class LocalError(Exception):
        """Not to be pickled: it has no place in a module."""

    def function(block):
        if block == 3:
            raise LocalError(f"block {block} in {os.getpid()}")
        return block

    with pytest.raises(LocalError, match=f"block 3 in {os.getpid()}"):
        list(in_forks(function, iter(range(9)), 2))


def test_what_cannot_be_sent_is_computed_by_the_caller():
    found = dict(in_forks(lambda block: lambda: block, iter(range(4)), 2))
    assert [found[block]() for block in range(4)] == [0, 1, 2, 3]


@pytest.mark.parametrize("victims", [{2}, {0, 1}])
def test_a_fork_that_dies_loses_nothing(victims):
    here = os.getpid()

    def function(block):
        if block in victims and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return block

    assert sorted(in_forks(function, iter(range(12)), 2)) == [(block, block) for block in range(12)]


def test_warnings_are_given_once_by_the_caller():
    def function(block):
        warnings.warn("seen in a fork", RuntimeWarning, stacklevel=1)
        return block

    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("default")
        assert len(list(in_forks(function, iter(range(6)), 2))) == 6
    assert [str(warning.message) for warning in seen] == ["seen in a fork"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(RuntimeWarning, match="seen in a fork"):
            list(in_forks(function, iter(range(6)), 2))


@pytest.mark.parametrize("stream", [None, object()])
def test_any_standard_output_will_do(stream, monkeypatch):
    monkeypatch.setattr(sys, "stdout", stream)
    found = dict(in_forks(lambda _: os.getpid(), iter(range(4)), 2))
    assert os.getpid() not in found.values()


def test_no_copy_is_made_beside_other_threads():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert not can_fork()
    finally:
        stop.set()
        thread.join()


SOLVER = """
    import os
    import bargain as bg
    from bargain.uncertainty.designs import BLOCK

    print("begins", end=" ")  # without a line end it is still in the buffer when copies are made

    class Mine(bg.PureNash):
        secret = staticmethod(lambda: 1)

        def solve(self, game):
            here.add(os.getpid())
            return super().solve(game)

    here = set()
    scenario = bg.load_scenario("gsomia")
"""


def test_a_script_without_guard_with_a_solver_of_its_own(tmp_path):
    printed = output(
        tmp_path,
        SOLVER
        + """
    task = scenario.task("2019-11 deadline", draws=4 * BLOCK + 5, seed=3, solver=Mine(tolerance=1e-12))
    two = bg.run(task, workers=2, audit=0)
    assert not here, "no block was solved in this process"
    one = bg.run(task, workers=1, audit=0)
    assert here == {os.getpid()}
    assert one.statistics == two.statistics
    print("ends")
    """,
    )
    assert printed == "begins ends\n"


@pytest.mark.parametrize("design", ["monte_carlo", "sobol", "latin_hypercube"])
def test_forks_threads_and_one_worker_give_the_same_bits(tmp_path, design):
    printed = output(
        tmp_path,
        f"""
        import threading
        import bargain as bg
        from bargain.sweep.forks import can_fork
        from bargain.uncertainty.designs import BLOCK

        scenario = bg.load_scenario("gsomia")
        reducers = [bg.PayoffMoments(), bg.KeptDraws(every=50)]
        task = scenario.task("2020-08 default", draws=3 * BLOCK + 77, seed=1, design="{design}", reducers=reducers)
        other = scenario.task("2019-11 deadline", draws=3 * BLOCK + 77, seed=1, design="{design}")
        def numbers(workers):
            return bg.run(task, workers=workers).statistics, bg.compare(other, task, workers=workers).to_json()
        one = numbers(1)
        assert can_fork()
        assert numbers(2) == numbers(3) == one
        stop = threading.Event()
        threading.Thread(target=stop.wait).start()
        assert not can_fork()
        assert numbers(2) == one
        stop.set()
        print("same")
        """,
    )
    assert printed == "same\n"


LONG = """
    import sys, time
    import bargain as bg
    from bargain.uncertainty.designs import BLOCK

    class Slow(bg.PureNash):
        def solve(self, game):
            time.sleep(SECONDS)
            return super().solve(game)

    scenario = bg.load_scenario("gsomia")
    task = scenario.task("2019-11 deadline", draws=200 * BLOCK, solver=Slow(tolerance=1e-12))
    print("ready", flush=True)
    bg.run(task, workers=2)
"""


@pytest.mark.parametrize(
    ("sign", "seconds"), [(signal.SIGINT, 0.01), (signal.SIGKILL, 0.01), (signal.SIGKILL, 600)]
)
def test_none_is_left_behind(tmp_path, sign, seconds):
    """Ctrl-C goes to the whole group; nobody is told of a kill, and a block may take long."""
    process = subprocess.Popen(
        script(tmp_path, LONG.replace("SECONDS", str(seconds))),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout.readline() == "ready\n"
    limit = time.monotonic() + 20
    while len(forks := children(process.pid)) < 2 and time.monotonic() < limit:
        time.sleep(0.01)
    assert len(forks) == 2
    time.sleep(0.1)
    if sign is signal.SIGINT:
        os.killpg(process.pid, sign)
    else:
        os.kill(process.pid, sign)
    _, errors = process.communicate(timeout=20)
    assert gone(forks)
    if sign is signal.SIGINT:
        assert errors.count("Traceback") == 1
        assert errors.rstrip().endswith("KeyboardInterrupt")
