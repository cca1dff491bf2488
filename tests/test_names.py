"""The public names: all there, each where the stub says, and none of them imported before it is used."""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

import bargain

STUB = Path(bargain.__file__).with_suffix(".pyi")
PLACES = {
    alias.name: f"bargain.{node.module}" if node.module else "bargain"
    for node in ast.parse(STUB.read_text(encoding="utf-8")).body
    if isinstance(node, ast.ImportFrom)
    for alias in node.names
}
HEAVY = ("numpy", "scipy", "pandas", "matplotlib", "nashpy", "xarray", "pydantic", "tqdm", "typer", "rich")
"""What takes longest to import; no package of ours may be loaded either."""
OPTIONAL = ("pygambit", "quantecon", "distributed", "SALib", "sklearn")


def loaded(code):
    """Run code in a fresh interpreter and list the modules that it leaves there."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint(*sorted(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


def test_the_names_are_those_of_the_stub():
    assert set(bargain.__all__) == set(PLACES)
    assert set(bargain.__all__) <= set(dir(bargain))
    lines = [line for line in STUB.read_text(encoding="utf-8").splitlines() if line.startswith("from ")]
    assert len(lines) == len(PLACES), "one line for each name, and no name twice"
    assert all(line.endswith(f" import {name} as {name}") for line, name in zip(lines, PLACES, strict=True))


def test_the_public_names_are_those_of_the_list():
    """Whoever adds a name adds a line; a line that goes breaks somebody's code, as CONTRIBUTING.md says."""
    listed = (Path(__file__).parent / "public_names.txt").read_text(encoding="utf-8").splitlines()
    assert sorted(bargain.__all__) == listed


@pytest.mark.parametrize("name", bargain.__all__)
def test_every_name_is_a_public_one_of_its_module(name):
    home = importlib.import_module(PLACES[name])
    assert getattr(bargain, name) is getattr(home, name)
    assert name in home.__all__
    assert (getattr(bargain, name).__doc__ or "").strip()


def test_no_name_hides_a_package():
    packages = {path.parent.name for path in STUB.parent.glob("*/__init__.py")}
    for name in packages & set(bargain.__all__):
        assert getattr(bargain, name) is importlib.import_module(f"bargain.{name}")


def test_a_picture_is_a_function_however_its_file_is_imported():
    found = loaded("import bargain.plots.tornado\nimport bargain as bg\nassert callable(bg.plots.tornado)")
    assert "bargain.plots.tornado" in found


def test_from_import_and_star():
    names = {}
    exec("from bargain import *", names)  # noqa: S102 - allowed at the top of a module only
    assert set(bargain.__all__) <= set(names)
    with pytest.raises(ImportError, match="PureNahs"):
        from bargain import PureNahs  # noqa: F401
    with pytest.raises(AttributeError, match="PureNahs"):
        bargain.PureNahs  # noqa: B018 - looking it up is what fails


@pytest.mark.parametrize("name", [*HEAVY, *OPTIONAL])
def test_nothing_heavy_is_imported_before_it_is_used(name, after_import):
    assert name not in after_import


@pytest.fixture(scope="module")
def after_import():
    found = loaded("import bargain")
    assert "bargain" in found
    assert not any(module.startswith("bargain.") for module in found)
    return found


def test_a_sweep_of_pure_equilibria_loads_what_it_needs():
    found = loaded(
        "import bargain as bg\n"
        "task = bg.load_scenario('gsomia').task('2019-11 deadline', draws=100)\n"
        "bg.run(task, audit=0).shares()"
    )
    assert "pandas" in found
    late = {"scipy.stats", "scipy.optimize", "matplotlib", "nashpy", "xarray", "typer", "rich", *OPTIONAL}
    assert not found & late


def test_the_command_line_prints_its_help_before_it_loads_the_library():
    found = loaded(
        "import sys\nsys.argv = ['bargain', '--help']\nfrom bargain.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass"
    )
    assert "typer" in found
    assert not found & {"numpy", "scipy", "pandas", "matplotlib", "nashpy", "xarray", "pydantic"}


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(AttributeError, match="no attribute 'rationalizable'; did you mean 'rationalisable'"):
        bargain.rationalizable  # noqa: B018
    with pytest.raises(AttributeError, match=r"no attribute 'zzzzqq'$"):
        bargain.zzzzqq  # noqa: B018
    assert not hasattr(bargain, "__wrapped__")
