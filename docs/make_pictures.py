"""Draw the pictures of README and site anew: `python docs/make_pictures.py`, from anywhere.

They are those of `make demo`, with its draws and seed. A test compares them with what the code draws now.
"""  # noqa: INP001 - a script beside the pages, no package

from collections.abc import Iterator
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes

import bargain as bg

STATIC = Path(__file__).parent / "_static"


def pictures() -> Iterator[tuple[str, Axes]]:
    """Yield every picture with its name."""
    scenario = bg.load_scenario("gsomia")
    tasks = {name: scenario.task(name, draws=1_000_000, seed=7) for name in scenario.settings}
    history = {name: [coding.outcome for coding in scenario.setting(name).codings] for name in tasks}
    shares = {name: bg.run(task).shares() for name, task in tasks.items()}
    yield (
        "outcome-shares",
        bg.plots.outcome_shares(shares, history=history, assumed="only pure Nash equilibrium"),
    )
    plane = bg.regions(scenario, "2019-11 deadline", x="pressing_cost", y="audience_credit")
    yield "regimes-2019-11-deadline-pressing-cost-audience-credit", bg.plots.regime_map(plane)


def main(folder: Path = STATIC) -> None:
    """Write the pictures as PNG."""
    mpl.use("Agg")
    for name, ax in pictures():
        figure = ax.get_figure(root=True)
        if figure is not None:
            _, svg = bg.plots.save(figure, folder / name)
            svg.unlink()


if __name__ == "__main__":
    main()
