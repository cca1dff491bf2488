"""Write a report: one page, pictures as PNG and SVG, tables as CSV."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from bargain.plots.style import figure_of, save
from bargain.report.answers import Answers
from bargain.report.inline_svg import inline_svg
from bargain.report.kind_answers import KindAnswers
from bargain.report.kind_sections.catalogue import KIND_SECTIONS
from bargain.report.page import page
from bargain.report.section import Section
from bargain.report.sections.catalogue import SECTIONS
from bargain.scenarios.scenario import Scenario
from bargain.sweep.forks import can_fork, in_forks

__all__ = ["write_report"]


def write_report(scenario: Scenario, found: Answers, out: Path, *, workers: int | None = None) -> list[Path]:
    """Write the page, pictures and tables of a report.

    Parameters
    ----------
    scenario : Scenario
    found : Answers
        From `bargain.report.answers.answers`, or `bargain.report.kind_answers.kind_answers`.
    out : path
        Folder; made if it does not exist.
    workers : int, optional
        How many pictures to draw at once, where this process can be copied; by default as many as processors.

    Returns
    -------
    list of path
        The files written, the page ``report.html`` first.
    """
    out.mkdir(parents=True, exist_ok=True)
    if isinstance(found, KindAnswers):
        kind_parts = (section(scenario, found) for section in KIND_SECTIONS)
        sections = [made for made in kind_parts if made is not None]
    else:
        sections = [made for section in SECTIONS if (made := section(scenario, found)) is not None]
    files, pictures = _pictures(sections, out, workers or os.cpu_count() or 1)
    files = [*_tables(sections, out), _record(found, out), *files]
    target = out / "report.html"
    target.write_text(page(scenario, sections, pictures), encoding="utf-8")
    return [target, *files]


def _tables(sections: Sequence[Section], out: Path) -> list[Path]:
    written = []
    for section in sections:
        for name, table in section.tables.items():
            written.append(out / f"{name}.csv")
            table.to_csv(written[-1], index=False)
    return written


def _record(found: Answers, out: Path) -> Path:
    record = {
        name: {str(key): value for key, value in table.attrs.items()} for name, table in found.shares.items()
    }
    target = out / "provenance.json"
    target.write_text(json.dumps(record, indent=2), encoding="utf-8")
    return target


def _pictures(sections: Sequence[Section], out: Path, workers: int) -> tuple[list[Path], dict[str, Markup]]:
    """Draw each picture, keep its files, and make it ready for the page."""
    from matplotlib import pyplot as plt  # noqa: PLC0415 - takes long to import

    pictures = [picture for section in sections for picture in section.pictures]

    def draw(number: int) -> tuple[Path, Path]:
        figure = figure_of(pictures[number].draw())
        files = save(figure, out / pictures[number].name)
        plt.close(figure)
        return files

    numbers = iter(range(len(pictures)))
    # Figures are drawn by one thread at a time, but by any number of processes.
    apart = workers > 1 and len(pictures) > 1 and can_fork()
    made = dict(in_forks(draw, numbers, workers) if apart else ((number, draw(number)) for number in numbers))
    inline = {
        picture.name: inline_svg(
            made[number][1].read_text(encoding="utf-8"), f"p{number}", picture.alternative
        )
        for number, picture in enumerate(pictures)
    }
    return [file for number in range(len(pictures)) for file in made[number]], inline
