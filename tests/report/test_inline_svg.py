"""Pictures side by side in one page: no identifier clashes, nothing is lost."""

import re
import xml.etree.ElementTree as ET

from matplotlib import pyplot as plt

from bargain.plots.style import save
from bargain.report.inline_svg import inline_svg

SVG = "{http://www.w3.org/2000/svg}"


def picture(path):
    figure, ax = plt.subplots(figsize=(3, 2))
    ax.plot([0, 1], [0, 1], "o--", label="a & b")
    ax.bar([0, 1], [1, 0.5], hatch="//")
    ax.legend()
    _, svg = save(figure, path)
    plt.close(figure)
    return svg.read_text(encoding="utf-8")


def test_identifiers_have_the_prefix_and_references_follow(tmp_path):
    whole = picture(tmp_path / "a")
    both = [inline_svg(whole, prefix, "A line & <bars>") for prefix in ("p1", "p2")]
    ids = [re.findall(r' id="([^"]+)"', text) for text in both]
    assert all(name.startswith("p1-") for name in ids[0])
    assert not set(ids[0]) & set(ids[1])
    for text, known in zip(both, ids, strict=True):
        used = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', text)
        assert used
        assert {a or b for a, b in used} <= set(known)


def test_all_that_is_drawn_is_kept_and_it_has_words(tmp_path):
    whole = picture(tmp_path / "a")
    small = str(inline_svg(whole, "p1", "A line & <bars>"))
    root = ET.fromstring(small.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314
    before = ET.fromstring(whole)  # noqa: S314
    for shape in ("path", "use", "g", "clipPath", "pattern"):
        assert len(list(root.iter(f"{SVG}{shape}"))) == len(list(before.iter(f"{SVG}{shape}")))
    assert root.get("aria-label") == "A line & <bars>"
    assert root.get("viewBox") == before.get("viewBox")
    assert not small.startswith("<?xml")
    assert "metadata" not in small
    assert "<style" not in small  # which would hold for the whole page
