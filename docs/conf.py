"""Configuration of the documentation site; `make docs` builds it, without any network access."""

import sys
from pathlib import Path

from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util.docutils import SphinxTranslator

import bargain

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import generated_pages  # noqa: E402 - it stands beside this file, which is on the path only now

generated_pages.write(HERE / "generated")

project = "bargain"
author = "The bargain developers"
copyright = f"2025, {author}"
version = release = bargain.__version__

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx_gallery.gen_gallery",
]
exclude_patterns = ["_build", "generated/*.inc.rst"]
html_theme = "furo"
html_title = "bargain"
html_static_path = ["_static"]
html_copy_source = False

myst_enable_extensions = ["deflist", "dollarmath"]
myst_heading_anchors = 3

# Types stand in the docstrings, with shapes and units; signatures stay short enough to read.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
default_role = "py:obj"
nitpick_ignore_regex = [
    # Single backticks in docstrings name arguments, attributes and modules as often as documented objects;
    # those that can be linked are. Pages written by hand use roles such as {class}, which are checked.
    ("py:obj", r".*"),
    # Base classes of errors that belong to Python.
    ("py:class", r"(ValueError|LookupError|IndexError|ImportError|Exception)"),
]

sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "gallery",
    "filename_pattern": r"\.py$",
    "show_memory": False,
    "min_reported_time": 60,
    "download_all_examples": False,
    "show_signature": False,
    "write_computation_times": False,
    "plot_gallery": "True",
    "abort_on_example_error": True,
}


def visit_math(self: SphinxTranslator, node: object) -> None:
    """Write a formula as MathML, which browsers draw without a script from the network."""
    self.body.append(tex2mathml(node.astext()))
    raise _skip()


def visit_display(self: SphinxTranslator, node: object) -> None:
    """Write a displayed formula as MathML."""
    self.body.append(f'<div class="math">{tex2mathml(node.astext(), as_block=True)}</div>')
    raise _skip()


def _skip() -> Exception:
    from docutils.nodes import SkipNode  # noqa: PLC0415 - the only use

    return SkipNode()


html_math_renderer = "mathml"


def setup(app: object) -> None:
    """Register the renderer of formulas."""
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_display, None))


# Some references are cited only in docstrings of private parts, which the site does not show.
suppress_warnings = ["ref.citation"]
