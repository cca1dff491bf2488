"""Regional strips: boxes are the quantiles of both groups, in units of the range."""

import pandas as pd
import pytest

import bargain as bg
from bargain.plots.regional_strips import regional_strips

SETTING = "2019-11 deadline"


@pytest.fixture(scope="module")
def table():
    task = bg.load_scenario("gsomia").task(SETTING, draws=3000, seed=7)
    return bg.regional_sensitivity(task, {"ROK": "terminate"})


def boxes(ax):
    patches = [bar for container in ax.containers for bar in getattr(container, "patches", ())]
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in patches]


def test_boxes_are_the_quartiles_within_the_range(table):
    low, high = bg.load_scenario("gsomia").range(SETTING, "pressing_cost")
    row = table.loc["pressing_cost"]
    assert (row["low"], row["high"]) == (low, high)
    first, second = boxes(regional_strips(table, most=1))
    for box, group in ((first, "with"), (second, "without")):
        expected = [(row[f"{group}_{q}"] - low) / (high - low) for q in ("25", "75")]
        assert box == pytest.approx(expected)
    assert first[0] > second[1]  # pressing is dear where the pact ends


def test_the_strongest_come_first_with_their_distances(table):
    ax = regional_strips(table, most=4)
    assert [label.get_text() for label in ax.get_yticklabels()] == [
        n.replace("_", " ") for n in table.index[:4]
    ]
    assert [text.get_text() for text in ax.texts[:4]] == [f"{d:.2f}" for d in table["distance"].head(4)]
    assert f"not drawn: {len(table) - 4} parameters" in ax.texts[-1].get_text().replace("\n", " ")


def test_distances_that_chance_explains_are_in_brackets(table):
    texts = [text.get_text() for text in regional_strips(table, most=99).texts[: len(table)]]
    assert [text.startswith("(") for text in texts] == (table["p_value"] >= 0.05).tolist()
    assert any(text.startswith("(") for text in texts)


def test_bad_arguments_are_named(table):
    with pytest.raises(bg.errors.InvalidArgumentError, match="most"):
        regional_strips(table, most=0)
    with pytest.raises(bg.errors.InvalidArgumentError, match=r"regional_sensitivity\(\)"):
        regional_strips(pd.DataFrame({"distance": [1.0]}))
