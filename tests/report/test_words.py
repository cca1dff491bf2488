"""Names with links, and addresses within the page."""

from hypothesis import given
from hypothesis import strategies as st

import bargain as bg
from bargain.report.words import address, breakable, link, parameter, prediction, sources


def test_names_are_linked_to_where_they_are_explained():
    scenario = bg.load_scenario("gsomia")
    assert 'href="#parameter-pressing_5f_cost"' in parameter(scenario, "pressing_cost")
    assert sources(scenario, ["E12", "X99"]) == '<a href="#evidence-E12">E12</a> X99'
    assert prediction("(none)") == "no pure equilibrium"


def test_only_addresses_of_the_web_become_links():
    assert link("https://a.org/b?c=1&d=<e>").startswith('<a href="https://a.org/b?c=1&amp;d=&lt;e&gt;"')
    assert link("javascript:alert(1)") == "javascript:alert(1)"
    assert link("<b>") == "&lt;b&gt;"


def test_breaks_come_behind_slashes_and_not_within_escapes():
    assert breakable("a/b_<c>") == "a/<wbr>b_<wbr>&lt;c&gt;"


@given(st.text(max_size=8), st.text(max_size=8))
def test_addresses_differ_where_names_do(first, second):
    assert (address("x", first) == address("x", second)) == (first == second)
    assert address("x", first).replace("-", "").replace("_", "").isalnum()
