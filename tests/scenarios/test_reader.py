"""Scenario files: what loads, and what each mistake says."""

import re
import tomllib
from importlib import resources

import pytest

import bargain as bg
from bargain.errors import ScenarioError, UnknownNameError

SMALL = """
schema_version = 1
name = "tariffs"
title = "A tariff dispute"

[[players]]
name = "North"
actions = [{ name = "open" }, { name = "protect" }]

[[players]]
name = "South"
actions = [{ name = "open" }, { name = "protect" }]

[parameters.gain]
meaning = "Gain from trade"
unit = "billion"
distribution = { kind = "triangular", low = 1, mode = 2, high = 4 }
sources = ["A"]

[parameters.lobby]
meaning = "Weight of the lobby"
unit = "billion"
distribution = { kind = "uniform", low = 0, high = 3 }

[[terms]]
name = "T1"
player = "North"
coefficient = 1
parameters = ["gain"]
when = { North = ["open"], South = ["open"] }
why = "trade pays"

[[terms]]
name = "T2"
player = "North"
coefficient = 1
parameters = ["lobby"]
when = { North = ["protect"] }
why = "the lobby pays"
sources = ["A"]

[[settings]]
name = "spring"
date = 2024-03-01
title = "Spring"
role = "fitted"
history = [{ coding = "as reported", outcome = { North = "open", South = "open" } }]

[[evidence]]
id = "A"
statement = "A study."
kind = "study"
quality = "good"
"""


@pytest.fixture
def write(tmp_path):
    def write_text(text):
        path = tmp_path / "scenario.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write_text


def message(path, kind=ScenarioError):
    with pytest.raises(kind) as caught:
        bg.load_scenario(path)
    text = str(caught.value)
    assert str(path) in text, "the message names the file"
    return text


def test_a_small_file_loads(write):
    scenario = bg.load_scenario(write(SMALL))
    assert scenario.labels.players == ("North", "South")
    assert scenario.settings == ("spring",)
    assert scenario.game("spring").payoffs[0, :, :, 0].tolist() == [[2.0, 0.0], [1.5, 1.5]]
    assert scenario.setting("spring").history == ("open", "open")


def test_a_setting_overrides_the_scenario(write):
    text = SMALL.replace(
        "history = [{ coding",
        'distributions = { gain = { kind = "fixed", value = 7 } }\nhistory = [{ coding',
    )
    scenario = bg.load_scenario(write(text))
    assert scenario.range("spring", "gain") == (7.0, 7.0)
    assert scenario.space["gain"].range() == (1.0, 4.0)
    assert scenario.space_at("spring").names == ("gain", "lobby")


def test_unbounded_ranges_are_cut_to_the_central_share(write):
    text = SMALL.replace('kind = "uniform", low = 0, high = 3', 'kind = "normal", mean = 1, sd = 2')
    low, high = bg.load_scenario(write(text)).range("spring", "lobby")
    assert low == pytest.approx(1 - 2 * 3.290527, abs=1e-5)
    assert high == pytest.approx(1 + 2 * 3.290527, abs=1e-5)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('player = "North"\ncoefficient = 1\nparameters = ["gain"]', 'player = "Nort"\ncoefficient = 1', ["terms['T1'].player", "'Nort'", "did you mean 'North'"]),
        ('South = ["open"] }', 'South = ["opn"] }', ["terms['T1'].when", "action of 'South' 'opn'", "did you mean 'open'"]),
        ('parameters = ["gain"]', 'parameters = ["gian"]', ["terms['T1'].parameters", "'gian'", "did you mean 'gain'"]),
        ('parameters = ["gain"]', 'parameters = ["gain", "gain"]', ["term T1", "'gain' is named twice"]),
        ('sources = ["A"]\n\n[parameters.lobby]', 'sources = ["B"]\n\n[parameters.lobby]', ["parameters.gain.sources", "unknown source 'B'", "'A'"]),
        ("low = 1, mode = 2, high = 4", "low = 3, mode = 2, high = 4", ["parameters.gain.distribution", "low <= mode", "3 and 2"]),
        ("low = 1, mode = 2, high = 4", "low = 1, mode = 2, high = nan", ["parameters.gain.distribution", "high", "number", "nan"]),
        ("low = 1, mode = 2, high = 4", 'low = "one", mode = 2, high = 4', ["parameters.gain.distribution.low", "number", "'one'"]),
        ("low = 1, mode = 2, high = 4", "low = 1, mode = 2, hihg = 4", ["parameters.gain.distribution", "hihg", "did you mean 'high'"]),
        ('kind = "triangular"', 'kind = "triangle"', ["parameters.gain.distribution", "triangle", "triangular"]),
        ('meaning = "Gain from trade"', 'meening = "Gain from trade"', ["parameters.gain.meening", "did you mean 'meaning'"]),
        ('why = "trade pays"', "", ["terms['T1'].why", "missing"]),
        ("schema_version = 1", "schema_version = 2", ["schema_version", "version 1 was expected, given 2"]),
        ("schema_version = 1", "", ["schema_version", "missing"]),
        ("schema_version = 1", 'schema_version = "1"', ["schema_version", "given '1'"]),
        ("2024-03-01", '"yesterday"', ["settings['spring'].date", "'yesterday'"]),
        ('role = "fitted"', 'role = "fited"', ["settings['spring'].role", "'fitted'", "given 'fited'"]),
        ('outcome = { North = "open", South = "open" }', 'outcome = { North = "open" }', ["settings['spring'].history['as reported'].outcome", "South"]),
        ('name = "T2"', 'name = "T1"', ["terms", "'T1' appears more than once"]),
        ('name = "South"', 'name = "North"', ["players", "more than once"]),
        ('coefficient = 1\nparameters = ["gain"]', 'coefficient = inf\nparameters = ["gain"]', ["T1", "coefficient", "finite"]),
    ],
)  # fmt: skip
def test_each_mistake_names_its_place(write, old, new, expected):
    assert old in SMALL, "the mistake is planted"
    path = write(SMALL.replace(old, new, 1))
    text = message(path)
    for part in expected:
        assert part in text


def test_what_a_kind_misses_is_told_with_the_file(write):
    text = (resources.files("bargain.scenarios") / "data" / "gsomia-threat.toml").read_text(encoding="utf-8")
    tables = re.split(r"(?m)^(?=\[)", text)
    path = write("".join(table for table in tables if 'quantity = "prior"' not in table))
    assert message(path).startswith(f"{path}: terms: a term of the quantity 'prior' was expected")


def test_several_mistakes_are_told_at_once(write):
    text = message(write(SMALL.replace("schema_version = 1", "").replace('why = "trade pays"', "")))
    assert "schema_version" in text
    assert "terms['T1'].why" in text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"not toml at all", "not TOML"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a = " + b"[" * 100_000, "not TOML"),
    ],
)
def test_what_is_no_scenario_file(tmp_path, content, expected):
    path = tmp_path / "scenario.toml"
    path.write_bytes(content)
    assert expected in message(path)


def test_a_directory_is_refused(tmp_path):
    assert "directory" in message(tmp_path)


def test_a_missing_file_is_named(tmp_path):
    assert "cannot be read" in message(tmp_path / "nowhere.toml")


def test_an_unknown_builtin_suggests_the_nearest():
    with pytest.raises(UnknownNameError, match=re.escape("did you mean 'gsomia'")):
        bg.load_scenario("gsomiya")


def test_a_game_too_large_is_refused_before_it_is_built(write):
    actions = ", ".join(f'{{ name = "a{i}" }}' for i in range(2000))
    text = SMALL.replace('actions = [{ name = "open" }, { name = "protect" }]', f"actions = [{actions}]")
    assert "a smaller game was expected" in message(write(text))


def test_every_builtin_file_is_valid_toml_and_loads():
    for name in bg.builtin_scenarios():
        content = (resources.files("bargain.scenarios") / "data" / f"{name}.toml").read_text(encoding="utf-8")
        assert tomllib.loads(content)["schema_version"] == 1
        assert bg.load_scenario(name).name == name
