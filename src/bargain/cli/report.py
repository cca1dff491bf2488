"""``bargain report``: the answer to a scenario's question, on the terminal and in files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from rich.table import Table
from rich.text import Text

from bargain.cli.console import console
from bargain.cli.console import table as new_table
from bargain.report.answers import SIMULTANEOUS, Answers, answers, outcome_name
from bargain.report.kind_answers import KindAnswers, kind_answers
from bargain.report.report import write_report
from bargain.scenarios.reader import load_scenario

__all__ = ["report"]

_LIKELY = 5  # outcomes of a setting that the terminal shows


def report(
    scenario: Annotated[str, typer.Argument(help="A built-in name, or the path of a scenario .toml.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for page, pictures and tables; out/NAME by default.")
    ] = None,
    draws: Annotated[int, typer.Option(help="Number of draws for each setting.")] = 1_000_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same numbers.")] = 7,
    workers: Annotated[
        int | None, typer.Option(help="Blocks computed at once; by default one per processor.")
    ] = None,
) -> None:
    """Report what the model says at each dated setting, how sure that is, and what would change it.

    Everything goes on one page, report.html, that needs no network; its pictures and tables also into files.
    """
    loaded = load_scenario(scenario)
    screen = console()
    # Texts of a file are printed as they are: their brackets are no markup.
    screen.print(
        Text(loaded.title, style="bold"),
        f"{loaded.question}\n" if loaded.question else "",
        sep="\n",
        markup=False,
    )
    found: Answers
    if loaded.kind == "normal_form":
        found = answers(loaded, draws=draws, seed=seed, workers=workers)
        screen.print(_modal(found))
        screen.print(_shares(found) if found.history.empty else _history(found))
        if not found.interventions.empty:
            screen.print(_interventions(found))
    else:
        found = kind_answers(loaded, draws=draws, seed=seed, workers=workers)
        screen.print(_told(found))
        screen.print(_means(found))
    if loaded.caution:
        screen.print(Text(loaded.caution, style="italic"), "")
    folder = out or Path("out") / loaded.name
    files = write_report(loaded, found, folder, workers=workers)
    page, *others = files
    screen.print(
        f"{page}: everything on one page\n{folder}: {len(others)} more files, its pictures and tables",
        markup=False,
    )


def _told(found: KindAnswers) -> Table:
    """Set what happened beside what the game says of it, and of the modal values."""
    rows = new_table(
        "setting", "what happened", "in the game", "which is a", "equilibrium at the modal values",
        title=f"What happened, and how likely the game makes it (seed {found.seed})",
        caption="± half the 95 % interval, which says nothing of the judgement behind the ranges: sampling"
        f" error of {found.draws:,} draws.",
    )  # fmt: skip
    seen = set()
    for row in found.history.to_dict("records"):
        half = (row["high"] - row["low"]) / 2
        first = row["setting"] not in seen
        seen.add(row["setting"])
        modal = str(found.modal.loc[row["setting"], "equilibrium"]) if first else ""
        value = f"{row['value']:.3f} ± {half:.3f}"
        rows.add_row(row["setting"] if first else "", row["outcome"], value, row["told by"], modal)
    for name in found.modal.index:
        if name not in seen:
            rows.add_row(str(name), "not known yet", "", "", str(found.modal.loc[name, "equilibrium"]))
    return rows


def _means(found: KindAnswers) -> Table:
    rows = new_table("measure", *found.measures, title="Means of the measures over draws")
    for measure in next(iter(found.measures.values())).index:
        means = (table["mean"][measure] for table in found.measures.values())
        rows.add_row(str(measure), *("" if pd.isna(mean) else f"{mean:.3g}" for mean in means))
    return rows


def _modal(found: Answers) -> Table:
    """Set what happened beside what is predicted; a prediction that agrees is not spelled out again."""
    rows = new_table(title="Equilibrium at the modal values, by who moves first")
    names = {SIMULTANEOUS: "all at once"}
    past = any(found.modal["happened"])
    for column in (
        "setting",
        *(["what happened"] if past else []),
        *(names.get(name, name) for name in found.modal.columns[1:]),
    ):
        rows.add_column(column)
    for setting, row in found.modal.iterrows():
        happened = row["happened"].split("; ")
        cells = ("as happened" if said == happened[0] else said for said in row.iloc[1:])
        rows.add_row(str(setting), *(["\nor ".join(happened)] if past else []), *cells)
    return rows


def _shares(found: Answers) -> Table:
    """Show what is predicted where nothing has happened yet."""
    rows = new_table(
        "setting", "outcome", "share",
        title=f"How often each outcome is the only equilibrium predicted (seed {found.seed})",
        caption=f"± half the 95 % interval: sampling error of {found.draws:,} draws, all moving at once.",
    )  # fmt: skip
    for name, table in found.shares.items():
        likely = table.sort_values("share", ascending=False).head(_LIKELY)
        for outcome, row in likely[likely["share"] > 0].iterrows():
            rows.add_row(name, outcome_name(outcome), _share(row, ""))
    return rows


def _history(found: Answers) -> Table:
    orders = [name.removeprefix("share, ") for name in found.history.columns if name.startswith("share, ")]
    rows = new_table(
        "setting", "what happened", "all at once", *orders,
        title=f"How often it is the only equilibrium predicted, by who moves first (seed {found.seed})",
        caption="± half the 95 % interval, which says nothing of the judgement behind the ranges: sampling"
        f" error of {found.draws:,} draws all at once (pure equilibria),"
        f" {max(1, found.draws // 50):,} in stages.",
    )  # fmt: skip
    several = found.history["setting"].duplicated(keep=False)
    disputed = set(found.history.loc[several, "coding"])
    for _, row in found.history.iterrows():
        rows.add_row(
            row["setting"] if row["role"] == "fitted" else f"{row['setting']}\n({row['role']})",
            row["outcome"] if row["coding"] not in disputed else f"{row['outcome']}\n({row['coding']})",
            _share(row, ""),
            *(_share(row, f", {order}") for order in orders),
        )
    return rows


def _share(row: pd.Series[Any], concept: str) -> str:
    low, high = row[f"low{concept}"], row[f"high{concept}"]
    return f"{row[f'share{concept}']:.3f} ± {(high - low) / 2:.3f}"


def _interventions(found: Answers) -> Table:
    rows = new_table(
        "setting", "held", "others at the modes", "most often", "act as they did", "difference",
        title="What the others do if a player is held to an action",
        caption="± half the 95 % interval of the difference, from the same draws with and without.",
    )  # fmt: skip
    previous = None
    for _, row in found.interventions.iterrows():
        cells = [row["setting"] if row["setting"] != previous else "", row["held"], row["modal"]]
        cells.append(f"{row['most frequent']} {row['share']:.3f}")
        if "before" in row and not pd.isna(row["before"]):
            cells.append(f"{row['before']:.3f} to {row['after']:.3f}")
            cells.append(f"{row['difference']:+.3f} ± {(row['high'] - row['low']) / 2:.4f}")
        rows.add_row(*cells)
        previous = row["setting"]
    return rows
