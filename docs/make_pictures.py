"""Draw the pictures of README and site anew: `python docs/make_pictures.py`, from anywhere.

They are those that `make demo` draws, with its draws and seed; the rest of its output is thrown away.
"""  # noqa: INP001 - a script beside the pages, no package

import shutil
import tempfile
from pathlib import Path

import matplotlib as mpl

from bargain.report.answers import answers
from bargain.report.report import write_report
from bargain.scenarios.reader import load_scenario

PICTURES = ("outcome-shares.png", "regimes-2019-11-deadline-pressing-cost-audience-credit.png")
STATIC = Path(__file__).parent / "_static"


def main() -> None:
    """Write the pictures into docs/_static."""
    mpl.use("Agg")
    scenario = load_scenario("gsomia")
    with tempfile.TemporaryDirectory() as folder:
        write_report(scenario, answers(scenario), Path(folder))
        for name in PICTURES:
            shutil.copyfile(Path(folder) / name, STATIC / name)


if __name__ == "__main__":
    main()
