"""What results show of themselves in a notebook, and the tutorials as notebooks."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

import bargain as bg
from bargain.notebook import as_html

SCENARIO = bg.load_scenario("gsomia")
GAME = SCENARIO.game("2019-11 deadline")


def text_of(html):
    """Parse strictly, so that a tag left open or text left unescaped is found; return the words."""
    return " ".join(ElementTree.fromstring(html.replace("&nbsp;", " ")).itertext())  # noqa: S314 - our own text


def shown(thing):
    return re.sub(r"\s+", " ", text_of(thing._repr_html_()))


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        (GAME, ["Game of ROK, JPN, USA", "suspend", "press", "-6.55"]),
        (bg.solve(GAME, bg.AllNash()), ["1 equilibria of 1 draws by AllNash()", "suspend", "1 SOLVED"]),
        (SCENARIO.model, ["21 parameters", "35 terms"]),
        (SCENARIO, ["pressing_cost", "2019-11 deadline", "fit"]),
        (
            bg.run(SCENARIO.task("2019-11 deadline", draws=2000, seed=3)),
            ["gsomia 2019-11 deadline: 2,000 draws, seed 3", "share", "64 of 64 draws agree"],
        ),
    ],
    ids=["game", "solution", "model", "scenario", "sweep"],
)
def test_a_result_shows_its_table_and_what_was_assumed(thing, words):
    text = shown(thing)
    for word in words:
        assert word in text


def test_names_are_escaped():
    game = bg.NormalForm({"<script>": ("a&b", "c"), "two": ("d", "e")}, np.zeros((2, 2, 2)))
    html = game._repr_html_()
    assert "<script>" not in html
    assert "<script>" in text_of(html)

    class Tags(HTMLParser):
        def handle_starttag(self, tag, attrs):
            assert tag in {"div", "p", "strong", "small", "table", "thead", "tbody", "tr", "th", "td"}

    Tags().feed(html)


def test_long_tables_are_cut():
    html = as_html("long", pd.DataFrame({"x": range(10_000)}))
    assert html.count("<tr") < 100
