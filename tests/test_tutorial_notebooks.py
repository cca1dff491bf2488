"""The tutorials as notebooks: written from the pages as they are now, and run from top to bottom."""

import importlib.util
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")

DOCS = Path(__file__).parents[1] / "docs"
NOTEBOOKS = sorted(path.stem for path in (DOCS / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def maker():
    spec = importlib.util.spec_from_file_location("make_notebooks", DOCS / "make_notebooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_tutorial_has_a_notebook(maker):
    assert set(NOTEBOOKS) == set(maker.TUTORIALS)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_is_what_its_page_says_now(name, maker):
    page = (DOCS / "tutorial" / f"{name}.md").read_text(encoding="utf-8")
    written = nbformat.read(DOCS / "notebooks" / f"{name}.ipynb", as_version=4)
    assert written.cells == maker.notebook(page).cells, "run docs/make_notebooks.py"


@pytest.mark.parametrize("name", NOTEBOOKS)
@pytest.mark.filterwarnings("ignore")  # of the kernel's own sockets and loops
def test_a_notebook_runs(name, tmp_path):
    notebook = nbformat.read(DOCS / "notebooks" / f"{name}.ipynb", as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert outputs
    assert not [output for output in outputs if output.output_type == "error"]
    assert "warning" not in str([output for output in outputs if output.get("name") == "stderr"]).lower()
