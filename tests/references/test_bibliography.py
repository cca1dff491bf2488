"""The bibliography is read whole, and every entry is one that can be printed."""

import re
from importlib import resources

import bargain as bg


def test_every_entry_of_the_file_is_read_whole():
    text = (resources.files("bargain.references") / "bibliography.rst").read_text(encoding="utf-8")
    found = bg.bibliography()
    assert list(found) == re.findall(r"^\.\. \[(\w+)\]", text, re.MULTILINE)
    entries = text[text.index(".. [") :]
    assert sum(len(entry.text.split()) + 2 for entry in found.values()) == len(entries.split())


def test_entries_are_in_alphabetical_order():
    keys = [key.lower() for key in bg.bibliography()]
    assert keys == sorted(keys)


def test_printed_entries_have_no_marks_and_keep_their_link():
    entry = bg.bibliography()["SaltelliEtAl2010"]
    assert entry.link == "https://doi.org/10.1016/j.cpc.2009.09.018"
    assert "*" in entry.text
    assert all("*" not in str(reference) for reference in bg.bibliography().values())
    assert bg.bibliography()["Nash1951"].link == ""
