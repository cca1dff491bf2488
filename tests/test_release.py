"""What is released: the wheel and the source archive hold all that is needed, and work without the clone.

``pytest -m slow tests/test_release.py`` also installs the wheel into an empty environment, from the network.
"""

import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

import bargain

pytest.importorskip("hatchling")

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "bargain"


@pytest.fixture(scope="module")
def archives(tmp_path_factory):
    """Build both from a copy of the clone's tracked files, so that nothing untracked can hide a gap."""
    folder = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", folder],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    (source,) = folder.glob("*.tar.gz")
    return wheel, source


@pytest.fixture(scope="module")
def unpacked(archives, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(archives[0]) as wheel:
        wheel.extractall(folder)  # noqa: S202 - our own archive
    return folder


def run(unpacked, tmp_path, *words):
    """Run Python with the unpacked wheel before everything else, far from the clone."""
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "MPLBACKEND": "Agg"}
    done = subprocess.run(
        [sys.executable, "-P", *words],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_has_every_file_of_the_package(archives):
    with zipfile.ZipFile(archives[0]) as wheel:
        names = set(wheel.namelist())
    expected = {
        path.relative_to(SOURCE.parent).as_posix()
        for path in SOURCE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert expected <= names
    assert not [name for name in names if name.startswith(("tests", "docs", "examples"))]
    assert {"bargain/py.typed", "bargain/__init__.pyi", "bargain/scenarios/data/gsomia.toml"} <= names


def test_the_source_archive_can_be_tested(archives):
    with tarfile.open(archives[1]) as source:
        names = {name.partition("/")[2] for name in source.getnames()}
    assert {
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "tests/test_release.py",
        "examples/quickstart.py",
    } <= names
    assert not [name for name in names if name.startswith((".venv", "out/", "docs/_build"))]


def test_the_version_is_the_one_of_the_package(archives):
    wheel, source = archives
    version = bargain.__version__
    assert wheel.name == f"bargain-{version}-py3-none-any.whl"
    assert source.name == f"bargain-{version}.tar.gz"


def test_the_wheel_alone_runs(unpacked, tmp_path):
    where = run(unpacked, tmp_path, "-c", "import bargain; print(bargain.__file__)").strip()
    assert Path(where).is_relative_to(unpacked)
    assert "gsomia" in run(unpacked, tmp_path, "-m", "bargain", "scenarios")
    text = run(unpacked, tmp_path, "-m", "bargain", "solve", "gsomia", "--setting", "2019-11 deadline")
    assert re.search(r"suspend.*relax.*press", text, re.DOTALL)
    assert not list(tmp_path.iterdir())


def test_examples_run_on_the_wheel_alone(unpacked, tmp_path):
    assert "suspend" in run(unpacked, tmp_path, "-W", "error", str(ROOT / "examples" / "quickstart.py"))


@pytest.mark.slow
def test_the_wheel_installs_into_an_empty_environment(archives, tmp_path):
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", archives[0]], check=True)
    done = subprocess.run(
        [tmp_path / "env" / "bin" / "bargain", "report", "gsomia", "--draws", "20000"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "2019-11 deadline" in done.stdout
    assert (tmp_path / "out" / "gsomia" / "shares.csv").is_file()
    listed = subprocess.run([python, "-m", "pip", "check"], capture_output=True, text=True, check=False)
    assert listed.returncode == 0, listed.stdout
