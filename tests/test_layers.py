"""Imports go down only, and packages on one floor are strangers: the layout of the design."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "bargain"
MODULES = sorted(SOURCE.rglob("*.py"))
FLOORS = (
    ("errors",),  # which may be raised anywhere
    ("axes", "seeds", "provenance", "notebook", "latex"),
    ("parameters",),
    ("games",),
    ("payoffs", "uncertainty", "solvers"),
    ("sweep",),
    ("sensitivity", "calibration", "scenarios"),
    ("io", "plots", "references"),
    ("report",),
    ("cli",),
    ("__init__", "__main__"),  # the names that users see: everybody's importer, nobody's import
)
FLOOR = {package: floor for floor, packages in enumerate(FLOORS) for package in packages}


def imports(source, module):
    """Yield every module of bargain that a source imports, wherever and however the import is written."""
    package = module if module[-1] == "__init__" else (*module[:-1], "__init__")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = () if not node.level else ("bargain", *package[: len(package) - node.level])
            base += tuple(node.module.split(".")) if node.module else ()
            yield from ((*base, alias.name) for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in {
            "__import__",
            "import_module",
        }:
            name = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else "bargain"
            yield ("bargain",) if name.startswith(".") else tuple(name.split("."))


def violations(source, module):
    """List the imports that do not go down, for a module such as ``("solvers", "pure_nash")``."""
    own = module[0]
    targets = {name[1] if len(name) > 1 and name[1] in FLOOR else "__init__"
               for name in imports(source, module) if name[0] == "bargain"}  # fmt: skip
    return sorted(target for target in targets - {own} if FLOOR[target] >= FLOOR[own])


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_imports_go_down(path):
    module = path.relative_to(SOURCE).with_suffix("").parts
    assert module[0] in FLOOR, (
        f"{module[0]} stands on no floor: add it to FLOORS and to the layout in the design"
    )
    assert not violations(path.read_text(encoding="utf-8"), module)


@pytest.mark.parametrize(
    "source",
    [
        "import bargain.sweep.run",
        "import numpy, bargain.sweep.run as run",
        "import bargain",
        "from bargain import sweep",
        "from bargain import solve",
        "from bargain.sweep import run",
        "from bargain.sweep.run import run as go",
        "from ..sweep import run",
        "from .. import sweep",
        "from ..sweep.run import run",
        "def f():\n    from bargain.sweep import run",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from bargain.sweep.run import Sweep",
        "try:\n    import bargain.sweep\nexcept ImportError:\n    pass",
        "import importlib\nimportlib.import_module('bargain.sweep')",
        "__import__('bargain.sweep')",
        "from bargain.payoffs.model import PayoffModel",  # the same floor
    ],
)
@pytest.mark.parametrize("module", [("solvers", "pure_nash"), ("solvers", "__init__")], ids="/".join)
def test_every_way_to_write_a_forbidden_import_is_caught(source, module):
    assert violations(source, module)


def test_relative_imports_are_counted_from_where_the_module_stands():
    assert violations("from ...sweep import run", ("solvers", "nash", "three_players")) == ["sweep"]
    assert violations("from .sweep import run", ("axes",)) == ["sweep"]
    assert not violations("from ..solution import Solution", ("solvers", "nash", "three_players"))


@pytest.mark.parametrize(
    "source",
    [
        "import numpy",
        "from bargain.axes import Floats",
        "from bargain import errors",
        "from .solution import Solution",
        "from ..games.normal import NormalForm",
        "import bargain.solvers.solution",
    ],
)
def test_imports_that_go_down_are_not(source):
    assert not violations(source, ("solvers", "pure_nash"))
