"""The page: all sections in one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bargain.provenance import versions
from bargain.report.section import Section
from bargain.scenarios.scenario import Scenario

__all__ = ["page"]


def page(scenario: Scenario, sections: Sequence[Section], pictures: Mapping[str, Markup]) -> str:
    """Return the report as one HTML file, without scripts and without anything to be loaded.

    Parameters
    ----------
    scenario : Scenario
    sections : sequence of Section
    pictures : mapping of str to markupsafe.Markup
        The pictures of all sections by name, as SVG.

    Returns
    -------
    str
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - only the page needs it

    environment = Environment(
        loader=PackageLoader("bargain.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    css, _, _ = environment.loader.get_source(environment, "page.css") if environment.loader else ("", "", "")
    return environment.get_template("page.html").render(
        name=scenario.name,
        title=scenario.title,
        version=versions()["bargain"],
        css=Markup(css),  # noqa: S704 - the package's own file
        sections=sections,
        pictures=pictures,
    )
