"""The provenance: what is needed to compute everything again, and who checked it."""

from __future__ import annotations

from markupsafe import Markup

from bargain.report.answers import Answers
from bargain.report.section import Block, Paragraph, Section, Table
from bargain.report.words import breakable
from bargain.scenarios.scenario import Scenario

__all__ = ["provenance"]


def provenance(scenario: Scenario, found: Answers) -> Section:
    """List the sweeps with their keys, audits and times, and the versions.

    Parameters
    ----------
    scenario : Scenario
    found : Answers

    Returns
    -------
    Section
    """
    runs = found.runs.to_dict("records")
    last = runs[-1]
    command = f"bargain report {scenario.source} --draws {found.draws} --seed {found.seed}"
    rows = [
        [
            run["task"],
            breakable(run["solver"]),
            f"{run['draws']:,}",
            run["audit"],
            Markup("<code>{}</code>").format(run["key"][:12]),
            f"{run['seconds']:.2f}",
            run["finished"],
        ]
        for run in runs
    ]
    head = ["Sweep", "Solver", "Draws", "Audit", "Task key", "Seconds", "Finished"]
    note = (
        "The same task key stands for the same model, ranges, solver, design and seed, and gives the same"
        " numbers for any number of workers. The audit solves a sample of the draws again by other means."
    )
    blocks: list[Block] = [
        Paragraph(Markup("To compute this page again: <code>{}</code>").format(command)),
        Paragraph(
            f"Seed {found.seed}; design {last['design']}; {last['versions']}; {last['machine']}; finished"
            f" {last['finished']}."
        ),
        Table("Sweeps behind the shares", head, rows, note),
    ]
    return Section("provenance", "Audit and provenance", blocks, {"runs": found.runs})
