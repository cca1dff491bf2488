"""Executors: the same numbers wherever the blocks are computed."""

import os
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError
from bargain.uncertainty.designs import BLOCK


@pytest.fixture(scope="module")
def task():
    scenario = bg.load_scenario("gsomia")
    return scenario.task("2020-08 default", draws=6 * BLOCK + 9, seed=2, reducers=[bg.PayoffMoments()])


@pytest.fixture(scope="module")
def alone(task):
    return bg.run(task, workers=1)


def test_threads(task, alone):
    with ThreadPoolExecutor(2) as pool:
        assert bg.run(task, executor=pool).statistics == alone.statistics


def test_processes(task, alone):
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert bg.run(task, executor=pool).statistics == alone.statistics


def test_what_is_no_executor(task):
    with pytest.raises(InvalidArgumentError, match="executor"):
        bg.run(task, executor="threads")


def test_an_executor_that_dies_loses_only_its_blocks(task, alone, tmp_path):
    """A worker that is killed breaks the pool; what had finished is in the store."""
    path = tmp_path / "sweep.sqlite"
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        pool.submit(os.getpid).result()
        killer = pool.submit(os._exit, 1)
        with pytest.raises(Exception, match="abruptly"):
            bg.run(task, executor=pool, store=path)
        assert killer.exception() is not None
    assert bg.run(task, store=path).statistics == alone.statistics


@pytest.fixture(scope="module")
def cluster():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as found:
        yield found


@pytest.mark.filterwarnings("ignore")
def test_a_dask_cluster(task, alone, cluster):
    from distributed import Client

    with Client(cluster) as client:
        assert bg.run(task, executor=client).statistics == alone.statistics


@pytest.mark.filterwarnings("ignore")
def test_a_dask_worker_killed_in_mid_run(cluster):
    from distributed import Client

    scenario = bg.load_scenario("gsomia")
    long = scenario.task("2020-08 default", draws=60 * BLOCK, seed=2, solver=bg.PureNash(tolerance=1e-12))
    expected = bg.run(long, workers=2)
    with Client(cluster) as client:
        victim = next(iter(client.run(os.getpid).values()))
        with ThreadPoolExecutor(1) as beside:
            running = beside.submit(bg.run, long, executor=client, workers=2)
            time.sleep(0.3)
            os.kill(victim, 9)
            assert running.result(timeout=120).statistics == expected.statistics
