"""The store: nothing that was finished is lost, whatever happens to the run."""

import json
import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import bargain as bg
from bargain.errors import StoreError
from bargain.sweep.store import Store
from bargain.uncertainty.designs import BLOCK

SCRIPT = textwrap.dedent(
    """
    import sys
    import bargain as bg

    scenario = bg.load_scenario("gsomia")
    task = scenario.task("2020-08 default", draws=int(sys.argv[2]), seed=5, reducers=[bg.PayoffMoments()])
    print("ready", flush=True)
    bg.run(task, workers=2, store=sys.argv[1])
    print("done", flush=True)
    """
)
BLOCKS = 24


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


def task_of(scenario, draws=BLOCKS * BLOCK, **changes):
    usual = {"seed": 5, "reducers": [bg.PayoffMoments()]}
    return scenario.task("2020-08 default", draws=draws, **{**usual, **changes})


@pytest.fixture(scope="module")
def uninterrupted(scenario):
    return bg.run(task_of(scenario), workers=1)


def start(path, draws=BLOCKS * BLOCK):
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(path), str(draws)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    return process


def blocks_in(path):
    connection = sqlite3.connect(path)
    try:
        return connection.execute("SELECT count(*) FROM blocks").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def test_killed_at_random_moments_and_resumed(scenario, uninterrupted, tmp_path):
    """Fifty kills, a few of them in each of several runs; what was finished stays, the end is bit-identical."""
    rng, kills, runs = random.Random(1), 0, 0
    while kills < 50:
        path, runs = tmp_path / f"sweep{runs}.sqlite", runs + 1
        finished = 0
        # One process is started and killed by the signal it is least prepared for; resuming happens in this one.
        process = start(path)
        time.sleep(rng.uniform(0.0, 0.25))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        kills += 1
        # The rest of the kills fall on forks of this process, which start at once.
        while kills < 50 and finished < BLOCKS and kills % 10:
            kill_a_fork(scenario, path, rng.uniform(0.0, 0.2))
            kills += 1
            now = blocks_in(path)
            assert now >= finished, "a kill loses nothing"
            finished = now
        resumed = bg.run(task_of(scenario), workers=2, store=path)
        assert resumed.statistics == uninterrupted.statistics
        assert blocks_in(path) == BLOCKS
    assert kills == 50


def kill_a_fork(scenario, path, after):
    child = os.fork()
    if child == 0:
        try:
            bg.run(task_of(scenario), workers=1, store=path)
        finally:
            os._exit(0)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_interrupted_from_the_keyboard(scenario, uninterrupted, tmp_path, monkeypatch):
    path, added = tmp_path / "sweep.sqlite", []
    usual = Store.add

    def add(self, block, *made):
        usual(self, block, *made)
        added.append(block)
        if len(added) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(Store, "add", add)
    with pytest.raises(KeyboardInterrupt):
        bg.run(task_of(scenario), workers=2, store=path)
    assert blocks_in(path) == 3
    monkeypatch.setattr(Store, "add", usual)
    assert bg.run(task_of(scenario), store=path).statistics == uninterrupted.statistics


def test_a_disk_that_fills(scenario, uninterrupted, tmp_path):
    """The file may not grow beyond a limit: SQLite sees a full disk."""
    path = tmp_path / "sweep.sqlite"
    with Store(path, task_of(scenario)) as store:
        pages = store._connection.execute("PRAGMA page_count").fetchone()[0]
    usual = sqlite3.connect

    def small(*arguments, **options):
        connection = usual(*arguments, **options)
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")
        return connection

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sqlite3.connect", small)
        with pytest.raises(StoreError, match="full.*finished before are kept"):
            bg.run(task_of(scenario), workers=2, store=path)
    assert 0 < blocks_in(path) < BLOCKS
    assert bg.run(task_of(scenario), store=path).statistics == uninterrupted.statistics


def test_a_limit_on_file_size_from_the_system(scenario, uninterrupted, tmp_path):
    """A real write that fails in the operating system, in a process of its own."""
    path = tmp_path / "sweep.sqlite"
    process = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(path), str(BLOCKS * BLOCK)],
        preexec_fn=lambda: (
            resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)),
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "done" not in process.stdout
    assert "StoreError" in process.stderr
    assert blocks_in(path) < BLOCKS
    assert bg.run(task_of(scenario), store=path).statistics == uninterrupted.statistics


def test_two_processes_write_at_once(scenario, uninterrupted, tmp_path):
    path = tmp_path / "sweep.sqlite"
    both = [start(path) for _ in range(2)]
    for process in both:
        assert process.stdout.read() == "done\n"
        process.stdout.close()
        assert process.wait() == 0
    assert blocks_in(path) == BLOCKS
    resumed = bg.run(task_of(scenario), store=path)
    assert resumed.statistics == uninterrupted.statistics


def test_more_draws_compute_only_what_is_missing(scenario, tmp_path, monkeypatch):
    path = tmp_path / "sweep.sqlite"
    bg.run(task_of(scenario, draws=3 * BLOCK + 100), store=path)
    computed = []
    usual = Store.add
    monkeypatch.setattr(
        Store, "add", lambda self, block, *made: (computed.append(block), usual(self, block, *made))
    )
    more = bg.run(task_of(scenario, draws=5 * BLOCK + 7), store=path)
    assert sorted(computed) == [3, 4, 5], "the short last block is due again"
    assert more.statistics == bg.run(task_of(scenario, draws=5 * BLOCK + 7)).statistics
    computed.clear()
    fewer = bg.run(task_of(scenario, draws=2 * BLOCK), store=path)
    assert computed == []
    assert fewer.statistics == bg.run(task_of(scenario, draws=2 * BLOCK)).statistics


def test_a_finished_run_computes_nothing(scenario, tmp_path, monkeypatch):
    path = tmp_path / "sweep.sqlite"
    first = bg.run(task_of(scenario, draws=2 * BLOCK), store=path)
    monkeypatch.setattr("bargain.sweep.run.compute_block", None)
    second = bg.run(task_of(scenario, draws=2 * BLOCK), store=path)
    assert second.statistics == first.statistics
    assert str(second.audit) == str(first.audit)


def test_every_block_says_where_it_came_from(scenario, tmp_path):
    path, copy = tmp_path / "sweep.sqlite", tmp_path / "copy.sqlite"
    sweep = bg.run(task_of(scenario, draws=3 * BLOCK), store=path, workers=2)
    bg.merge_stores(copy, path)
    for file in (path, copy):
        connection = sqlite3.connect(file)
        rows = connection.execute("SELECT versions, machine, finished, seconds FROM blocks").fetchall()
        connection.close()
        assert len(rows) == 3
        for versions, machine, finished, seconds in rows:
            assert json.loads(versions) == sweep.provenance.versions
            assert machine == sweep.provenance.machine
            assert finished <= sweep.provenance.finished
            assert 0 < seconds < sweep.provenance.seconds


def test_stores_of_the_same_task_merge(scenario, tmp_path):
    task = task_of(scenario, draws=4 * BLOCK)
    whole = bg.run(task, store=tmp_path / "whole.sqlite")
    for name, kept in (("even", (0, 2)), ("odd", (1, 2, 3))):
        with (
            Store(tmp_path / "whole.sqlite", task) as source,
            Store(tmp_path / f"{name}.sqlite", task) as part,
        ):
            for block, statistics in source.finished().items():
                if block in kept:
                    part.add(block, statistics, whole.provenance)
    merged = tmp_path / "merged.sqlite"
    assert bg.merge_stores(merged, tmp_path / "even.sqlite", tmp_path / "odd.sqlite") == 4
    assert bg.run(task, store=merged).statistics == whole.statistics


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"seed": 6}, "task.seed is 5 there and 6 here"),
        ({"values": {"pressing_cost": 2.0}}, r"task.space\[pressing_cost\]"),
        ({"solver": bg.PureNash(tolerance=1e-3)}, "task.solver"),
        ({"design": "sobol"}, 'task.design.kind is "monte_carlo" there and "sobol" here'),
        ({"reducers": []}, "task.reducers"),
    ],
)
def test_another_task_is_refused_with_the_difference(scenario, tmp_path, changes, expected):
    path = tmp_path / "sweep.sqlite"
    bg.run(task_of(scenario, draws=10), store=path)
    with pytest.raises(StoreError, match=expected):
        bg.run(task_of(scenario, draws=10, **changes), store=path)


def test_another_version_is_refused(scenario, tmp_path):
    path = tmp_path / "sweep.sqlite"
    bg.run(task_of(scenario, draws=10), store=path)
    connection = sqlite3.connect(path)
    connection.execute("""UPDATE about SET value = '"0.0.1"' WHERE name = 'bargain'""")
    connection.commit()
    connection.close()
    with pytest.raises(StoreError, match='bargain is "0.0.1" there'):
        bg.run(task_of(scenario, draws=10), store=path)


def test_merging_another_task_is_refused(scenario, tmp_path):
    bg.run(task_of(scenario, draws=10), store=tmp_path / "a.sqlite")
    bg.run(task_of(scenario, draws=10, seed=6), store=tmp_path / "b.sqlite")
    with pytest.raises(StoreError, match="does not fit.*task.seed is 6 there and 5 here"):
        bg.merge_stores(tmp_path / "a.sqlite", tmp_path / "b.sqlite")
    with pytest.raises(StoreError, match="given no file"):
        bg.merge_stores(tmp_path / "a.sqlite", tmp_path / "c.sqlite")


def test_what_is_no_store(scenario, tmp_path):
    (tmp_path / "text").write_text("not a database " * 100)
    for path in (tmp_path / "text", tmp_path):
        with pytest.raises(StoreError):
            bg.run(task_of(scenario, draws=10), store=path)


def test_threads_share_a_store(scenario, uninterrupted, tmp_path):
    """An executor of the user's own, with a store."""
    with ThreadPoolExecutor(3) as pool:
        sweep = bg.run(task_of(scenario), executor=pool, store=tmp_path / "sweep.sqlite")
    assert sweep.statistics == uninterrupted.statistics
