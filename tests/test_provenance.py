import datetime as dt
import math
import platform

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bargain
from bargain.provenance import Provenance, content_key, versions

CONTENT = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def test_versions_name_what_numbers_depend_on():
    found = versions()
    assert found["python"] == platform.python_version()
    assert {"bargain", "numpy", "scipy", "nashpy"} <= set(found)


def test_the_installed_version_is_the_package_s():
    assert versions()["bargain"] == bargain.__version__


@given(CONTENT)
def test_a_key_is_128_bits_in_hexadecimal_and_depends_on_content_alone(content):
    key = content_key(content)
    assert len(key) == 32
    assert int(key, 16) >= 0
    assert key == content_key(content)


@given(st.dictionaries(st.text(max_size=3), st.integers(), min_size=2, max_size=5))
def test_the_order_of_a_table_does_not_matter(table):
    assert content_key(table) == content_key(dict(reversed(table.items())))


@given(st.lists(st.integers() | st.text(), unique=True, min_size=2, max_size=2))
def test_different_content_has_different_keys(pair):
    assert content_key(pair[0]) != content_key(pair[1])
    assert content_key(pair) != content_key(pair[::-1])


def test_a_key_that_must_not_change():
    """Stored sweeps are found again by their keys."""
    assert content_key({"seed": 7, "draws": 10, "range": [0.5, math.inf], "name": "합의"}) == KEY


KEY = "6edd4923315a1f78d40195c0d727539b"


def test_now_records_the_run():
    record = Provenance.now(task="abc", seed=7, design="sobol", seconds=1.5)
    assert (record.task, record.seed, record.design, record.seconds) == ("abc", 7, "sobol", 1.5)
    finished = dt.datetime.fromisoformat(record.finished)
    assert finished.utcoffset() == dt.timedelta(0)
    assert abs(dt.datetime.now(tz=dt.UTC) - finished) < dt.timedelta(minutes=5)
    assert record.versions == versions()
    assert record.machine


def test_a_record_is_frozen():
    record = Provenance.now(task="abc", seed=7, design="sobol", seconds=1.5)
    with pytest.raises(AttributeError):
        record.seed = 8
