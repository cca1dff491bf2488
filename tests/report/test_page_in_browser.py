"""The page in headless Chromium: nothing loaded, nothing wrong, everything visible and readable."""

import pytest

TELEPHONE = {"width": 390, "height": 844}

PICTURES = """() => [...document.querySelectorAll("figure")].map(figure => {
    const box = figure.getBoundingClientRect(), svg = figure.querySelector("svg").getBoundingClientRect();
    const style = getComputedStyle(figure);
    return {left: box.left, right: box.right, width: svg.width, height: svg.height,
            shown: style.display !== "none" && style.visibility === "visible"};
})"""
CONTRAST = """() => {
    const luminance = colour => {
        const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    };
    const paper = luminance(getComputedStyle(document.body).backgroundColor);
    return ["p", "h2", "nav a", ".note", "td"].map(which => {
        const ink = luminance(getComputedStyle(document.querySelector(which)).color);
        return (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
    });
}"""
WIDE = "document.documentElement.scrollWidth <= innerWidth"


@pytest.fixture(params=["report", "bare"])
def page(request):
    return request.getfixturevalue(request.param).page


@pytest.mark.parametrize(
    "circumstances",
    [{}, TELEPHONE, {"color_scheme": "dark"}, {"media": "print", "width": 794}],
    ids=["desk", "telephone", "dark", "print"],
)
def test_nothing_is_loaded_nothing_goes_wrong_and_every_picture_shows(visit, page, circumstances):
    seen = visit(page, **circumstances)
    assert seen.requests == [page.resolve().as_uri()]
    assert seen.problems == []
    assert seen.page.evaluate(WIDE)
    width = seen.page.evaluate("innerWidth")
    pictures = seen.page.evaluate(PICTURES)
    assert pictures
    for picture in pictures:
        assert picture["shown"]
        assert picture["width"] > 100
        assert picture["height"] > 50
        assert 0 <= picture["left"] < picture["right"] <= width


def test_letters_of_pictures_can_be_read_on_a_telephone(visit, report):
    pictures = visit(report.page, **TELEPHONE).page.evaluate(PICTURES)
    assert max(picture["width"] for picture in pictures) >= 600  # which scrolls within its own box


def test_letters_stand_out_from_the_paper(visit, report):
    light = visit(report.page, color_scheme="light").page
    dark = visit(report.page, color_scheme="dark").page
    assert light.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert dark.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    for page in (light, dark):
        assert min(page.evaluate(CONTRAST)) >= 4.5  # as the guidelines on accessibility ask for


def test_the_table_of_contents_leads_to_every_section(visit, report):
    page = visit(report.page, reduced_motion="reduce").page
    links = page.locator("nav a")
    assert links.count() == page.locator("main > section").count() == 14
    links.last.click()
    assert page.evaluate("location.hash") == "#references"
    assert page.evaluate("document.getElementById('references').getBoundingClientRect().top < innerHeight")


def test_a_reference_to_evidence_can_be_followed(visit, report):
    page = visit(report.page).page
    page.locator("#model a[href='#evidence-E12']").first.click()
    assert page.evaluate("document.querySelector(':target').textContent") == "E12"


def test_the_page_prints(visit, report, tmp_path):
    page = visit(report.page, media="print").page
    page.pdf(path=tmp_path / "report.pdf", format="A4")
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
