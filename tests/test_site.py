"""The built site, as `make docs` leaves it: no broken link, gallery pictures visible, and the search finds."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

SITE = Path(__file__).parents[1] / "docs" / "_build" / "html"

pytestmark = pytest.mark.skipif(
    not (SITE / "index.html").is_file(), reason="there is no built site: make docs"
)


class Page(HTMLParser):
    """Links and pictures of a page, and what in it can be linked to."""

    def __init__(self, path):
        super().__init__()
        self.targets, self.anchors = [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.anchors.update(filter(None, (found.get("id"), found.get("name"))))
        for key in ("href", "src"):
            if found.get(key) and tag != "link":
                self.targets.append(found[key])


@pytest.fixture(scope="module")
def pages():
    # Source files shown as pages link as the files do.
    return {path.resolve(): Page(path) for path in SITE.rglob("*.html") if "_static" not in path.parts}


def test_no_internal_link_is_broken(pages):
    broken = []
    for path, page in pages.items():
        for target in page.targets:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            place = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            there = place.is_file() and (
                not parts.fragment or place not in pages or unquote(parts.fragment) in pages[place].anchors
            )
            if not there:
                broken.append(f"{path.relative_to(SITE.resolve())}: {target}")
    assert len(pages) > 40
    assert not broken, broken[:20]


def test_nothing_is_loaded_from_elsewhere(pages):
    loaded = [
        t for page in pages.values() for t in page.targets if urlsplit(t).path.endswith((".js", ".css"))
    ]
    assert loaded
    assert not [target for target in loaded if urlsplit(target).netloc]


@pytest.mark.parametrize("circumstances", [{}, {"width": 390, "height": 844}], ids=["desk", "telephone"])
def test_pages_open_without_a_network_or_a_complaint(visit, circumstances):
    for name in ("index.html", "tutorial/first-answer.html", "reference/api.html", "explanation/gsomia.html"):
        seen = visit(SITE / name, **circumstances)
        assert seen.problems == []
        assert all(url.startswith("file:") for url in seen.requests)
        assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_gallery_shows_its_pictures(visit):
    page = visit(SITE / "gallery" / "index.html").page
    page.evaluate("document.querySelectorAll('img').forEach(image => { image.loading = 'eager'; })")
    page.wait_for_function("[...document.images].every(image => image.complete)")
    widths = page.evaluate(
        "[...document.querySelectorAll('.sphx-glr-thumbcontainer img')].map(i => i.naturalWidth)"
    )
    examples = list((Path(__file__).parents[1] / "examples").glob("*.py"))
    assert len(widths) == len(examples) >= 15
    assert min(widths) > 0


def test_the_search_finds_a_public_name(visit):
    page = visit(SITE / "index.html").page
    page.goto((SITE / "search.html").resolve().as_uri() + "?q=minimal_sets")
    page.wait_for_selector("#search-results li a")
    found = page.locator("#search-results li a").all_text_contents()
    assert any("minimal_sets" in title for title in found)


def test_the_search_says_when_there_is_nothing(visit):
    page = visit(SITE / "index.html").page
    page.goto((SITE / "search.html").resolve().as_uri() + "?q=zzxxyyqq")
    page.wait_for_function("document.getElementById('search-results').innerText.includes('did not match')")
    assert page.locator("#search-results li").count() == 0
