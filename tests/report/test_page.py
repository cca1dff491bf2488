"""The page stands alone, its links lead somewhere, and it says only what the scenario has to offer."""

from collections import Counter
from html.parser import HTMLParser

import pytest

import bargain as bg

VOID = {"meta", "link", "br", "wbr"}
SHAPES = {"path", "use", "rect", "circle", "image", "stop", "mspace"}
LOADING = {"src", "srcset", "poster", "data", "action", "formaction", "background", "xlink:href"}


class Outline(HTMLParser):
    """What a page is made of: identifiers, links, headings, and whether every element is closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.links, self.uses, self.tags = [], [], [], [], Counter()
        self.pictures, self.headings, self.loads, self.heading = [], [], [], False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags[tag] += 1
        if tag not in VOID:
            self.open.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        if tag == "use":
            self.uses.append(given["href"])
        if tag == "svg":
            self.pictures.append(given)
        self.loads += [(tag, name) for name in given if name in LOADING]
        self.heading = tag in {"h1", "h2", "h3"}

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data):
        if self.heading and data.strip():
            self.headings.append(data.strip())
            self.heading = False


@pytest.fixture(scope="module", params=["report", "bare"])
def any_report(request):
    return request.getfixturevalue(request.param)


def test_every_element_is_closed_and_every_identifier_stands_once(any_report):
    outline = Outline(any_report.html)
    assert outline.open == []
    assert [name for name, times in Counter(outline.ids).items() if times > 1] == []


def test_links_within_the_page_lead_somewhere(any_report):
    outline = Outline(any_report.html)
    inner = {link.removeprefix("#") for link in [*outline.links, *outline.uses] if link.startswith("#")}
    assert inner <= set(outline.ids)
    assert all(link.startswith(("#", "https://", "http://")) for link in outline.links)


def test_the_page_loads_nothing(any_report):
    html = any_report.html
    outline = Outline(html)
    assert outline.loads == []
    assert not {"script", "iframe", "img", "object", "embed", "audio", "video", "form"} & set(outline.tags)
    assert "default-src 'none'" in html
    assert "@import" not in html
    assert "url(" not in html.replace("url(#", "")
    assert len(html.encode()) < 5_000_000


def test_every_picture_is_told_in_words(any_report):
    outline = Outline(any_report.html)
    assert len(outline.pictures) == sum(file.suffix == ".svg" for file in any_report.files)
    told = [picture["aria-label"] for picture in outline.pictures]
    assert all(len(text) > 40 for text in told)
    assert len(set(told)) == len(told)
    assert {picture["role"] for picture in outline.pictures} == {"img"}


def test_the_sections_of_a_whole_scenario(report):
    headings = Outline(report.html).headings
    for title in (
        "The question and the short answer",
        "The model",
        "Parameters and their ranges",
        "What happened, and what the model says",
        "How often each outcome is predicted",
        "Why they act so",
        "What would have to change: exact thresholds",
        "Which uncertainty matters",
        "What an intervention would change",
        "What this can and cannot say",
        "Chronology",
        "Evidence",
        "Audit and provenance",
        "References of the methods",
    ):
        assert title in headings


def test_what_a_scenario_has_not_is_left_out(bare):
    headings = Outline(bare.html).headings
    assert "The model" in headings
    assert "What would have to change: exact thresholds" in headings
    for title in ("What happened, and what the model says", "Chronology", "Evidence"):
        assert title not in headings
    assert "What happened" not in bare.html
    assert {"history.csv", "interventions.csv", "timeline.png"}.isdisjoint(file.name for file in bare.files)


def test_texts_of_the_scenario_are_escaped(bare):
    assert "<title>Two shops &amp; &lt;their&gt; prices</title>" in bare.html
    assert "&lt;b&gt;Both&lt;/b&gt; ask a high price." in bare.html


def test_every_term_parameter_and_statement_is_on_the_page(report):
    html = report.html.replace("<wbr>", "")
    for _, term in report.scenario.model.terms:
        assert f'<th scope="row">{term.name}</th>' in html
    ids = set(Outline(report.html).ids)
    assert len([name for name in ids if name.startswith("evidence-")]) == len(report.scenario.evidence)
    assert len([name for name in ids if name.startswith("parameter-")]) == len(report.scenario.space)
    for item in report.scenario.evidence.values():
        for link in item.links:
            assert link.replace("&", "&amp;").replace("'", "&#39;") in report.html


def test_numbers_are_those_of_the_library(report):
    html = report.html.replace("<wbr>", "")
    row = bg.thresholds(report.scenario, "2020-08 default", parameters=["agenda_cost"]).iloc[0]
    assert f"<td>{row['value']:.3g}</td>" in html
    shares = bg.run(report.scenario.task("2020-08 default", draws=4000, seed=7)).shares()
    for reached in (("renew", "maintain", "abstain"), ("suspend", "maintain", "abstain")):  # either coding
        share, low, high = shares.loc[reached, ["share", "low", "high"]]
        assert f"{share:.3f} ({low:.3f} to {high:.3f})" in html
    assert "USA abstain rather than press" in html
    assert "Seed 7; design monte_carlo; bargain" in html


def test_methods_are_cited(report, bare):
    for page in (report.html, bare.html):
        assert "Non-cooperative games" in page
        assert "PureNash" in page
    assert (
        "Reexamination of the perfectness concept" in report.html
    )  # of orders of moves, which the other lacks
    assert "Reexamination of the perfectness concept" not in bare.html


def test_the_page_is_the_same_again_but_for_times(bare, written, tmp_path):
    again = written(bare.scenario, tmp_path)
    first, second = ("\n".join(strip_times(page.html)) for page in (bare, again))
    assert first == second


def strip_times(html):
    """Yield the lines of a page without the section that holds times."""
    head, _, tail = html.partition('<section id="provenance"')
    yield head
    yield tail.partition("</section>")[2]
