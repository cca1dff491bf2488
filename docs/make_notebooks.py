"""Write the tutorials as notebooks: their Python blocks become cells; what these print is left to the reader.

Run it after a tutorial has changed; a test says when that was forgotten, and executes the notebooks.
"""  # noqa: INP001 - a script beside the pages, no package

import re
from pathlib import Path
from typing import Any

import nbformat

TUTORIALS = ("first-answer", "your-own-game")
HERE = Path(__file__).parent
FENCE = re.compile(r"^```(\S+)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
ROLE = re.compile(r"\{\w+\}`~?([^`]+)`")
TOML = "my-dispute.toml"
"""The file that a tutorial's blocks of TOML make together, as its text says."""


def notebook(page: str) -> Any:
    """Return a page of Markdown as a notebook."""
    cells, end, written = [], 0, False
    for block in FENCE.finditer(page):
        cells += _prose(page[end : block.start()])
        kind, text = block[1], block[2].rstrip("\n")
        if kind == "python":
            cells.append(nbformat.v4.new_code_cell(text))
        elif kind == "toml":
            cells.append(nbformat.v4.new_code_cell(f"%%writefile {'-a ' if written else ''}{TOML}\n{text}\n"))
            written = True
        elif kind not in {"text", "{eval-rst}"}:
            cells += _prose(block[0])
        end = block.end()
    cells += _prose(page[end:])
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"  # the same for the same page
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=kernel)


def _prose(text: str) -> list[Any]:
    # Roles and links between pages mean nothing outside the site.
    text = re.sub(r"\[([^]]+)\]\((?!https?:)[^)]+\)", r"\1", ROLE.sub(r"`\1`", text)).strip()
    return [nbformat.v4.new_markdown_cell(text)] if text else []


def main() -> None:
    """Write every tutorial."""
    folder = HERE / "notebooks"
    folder.mkdir(exist_ok=True)
    for name in TUTORIALS:
        page = (HERE / "tutorial" / f"{name}.md").read_text(encoding="utf-8")
        nbformat.write(notebook(page), folder / f"{name}.ipynb")


if __name__ == "__main__":
    main()
