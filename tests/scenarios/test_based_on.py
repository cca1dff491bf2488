from pathlib import Path

import pytest

import bargain as bg
from bargain.errors import ScenarioError, UnknownNameError

HEAD = """
schema_version = 1
kind = "threat"
name = "mine"
title = "Mine"
players = [{ name = "A" }, { name = "B" }]
options = { sender = "A", receiver = "B" }
"""


def term(quantity, coefficient=1.0, parameters=()):
    names = ", ".join(f'"{name}"' for name in parameters)
    return (
        f'[[terms]]\nname = "{quantity}"\nquantity = "{quantity}"\ncoefficient = {coefficient}\n'
        f'parameters = [{names}]\nwhy = "because"\n'
    )


TERMS = "".join(
    [
        term("prior", 1, ["threat_credibility"]),
        term("prize", 2),
        term("audience_cost", 1, ["back_down_cost"]),
        term("concession_cost", 1),
        term("loss", 2),
        term("carrying_out", 1),
    ]
)
SETTING = """
[[settings]]
name = "2019-11 deadline"
date = 2019-11-22
title = "deadline"
role = "fitted"
"""


def load(tmp_path, text, name="mine.toml"):
    path = Path(tmp_path) / name
    path.write_text(text, encoding="utf-8")
    return bg.load_scenario(path)


def test_parameters_ranges_and_evidence_are_taken_over(tmp_path):
    base = bg.load_scenario("gsomia")
    mine = load(
        tmp_path, HEAD.replace('name = "mine"', 'name = "mine"\nbased_on = "gsomia"') + TERMS + SETTING
    )
    assert mine.space.names == ("threat_credibility", "back_down_cost")
    for name in mine.space.names:
        assert mine.range("2019-11 deadline", name) == base.range("2019-11 deadline", name)
        assert mine.space[name] == base.space[name]
    assert mine.evidence == base.evidence
    assert [event.event for event in mine.chronology] == [event.event for event in base.chronology]
    assert {event.setting for event in mine.chronology} <= {"", "2019-11 deadline"}
    assert mine.settings == ("2019-11 deadline",)


def test_what_the_file_says_itself_goes_before(tmp_path):
    own = """
[parameters.back_down_cost]
meaning = "mine"
unit = "util"
distribution = { kind = "fixed", value = 0.25 }
"""
    own_setting = SETTING + '[settings.distributions]\nthreat_credibility = { kind = "fixed", value = 0.5 }\n'
    text = HEAD.replace('name = "mine"', 'name = "mine"\nbased_on = "gsomia"') + own + TERMS + own_setting
    mine = load(tmp_path, text)
    assert mine.space["back_down_cost"].meaning == "mine"
    assert mine.range("2019-11 deadline", "threat_credibility") == (0.5, 0.5)
    # The base's range of the setting still goes before the file's own general one.
    assert mine.range("2019-11 deadline", "back_down_cost") == (1, 5)


def test_a_file_may_be_based_on_its_neighbour(tmp_path):
    text = HEAD.replace('name = "mine"', 'name = "mine"\nbased_on = "gsomia"') + TERMS + SETTING
    parameters = """
[parameters.threat_credibility]
meaning = "belief"
unit = "probability"
distribution = { kind = "uniform", low = 0, high = 1 }
[parameters.back_down_cost]
meaning = "cost"
unit = "util"
distribution = { kind = "uniform", low = 0, high = 1 }
"""
    load(tmp_path, HEAD + parameters + TERMS + SETTING, "other.toml")
    mine = load(tmp_path, text.replace('based_on = "gsomia"', 'based_on = "other.toml"'))
    assert mine.space["threat_credibility"].meaning == "belief"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("../other.toml", "of a file in the same folder"),
        ("/etc/passwd", "of a file in the same folder"),
        ("missing.toml", "missing.toml: cannot be read"),
        ("gsomia-threat", "is based on 'gsomia'"),
    ],
)
def test_other_places_and_chains_are_refused(tmp_path, given, message):
    text = HEAD.replace('name = "mine"', f'name = "mine"\nbased_on = "{given}"') + TERMS + SETTING
    with pytest.raises(ScenarioError, match=message):
        load(tmp_path, text)


def test_an_unknown_scenario_is_named(tmp_path):
    text = HEAD.replace('name = "mine"', 'name = "mine"\nbased_on = "gsomja"') + TERMS + SETTING
    with pytest.raises((UnknownNameError, ScenarioError), match="did you mean 'gsomia'"):
        load(tmp_path, text)


@pytest.mark.parametrize(
    "damage",
    ["parameters = 3", "settings = 3", "settings = [3]", "evidence = 3", "dependence = [3]", "terms = [3]"],
)
def test_wrong_shapes_are_left_to_the_schema(tmp_path, damage):
    with pytest.raises(ScenarioError, match=damage.split()[0]):
        load(tmp_path, HEAD.replace('name = "mine"', f'name = "mine"\nbased_on = "gsomia"\n{damage}'))


def test_an_unknown_kind_is_named(tmp_path):
    with pytest.raises((UnknownNameError, ScenarioError), match="did you mean 'threat'"):
        load(tmp_path, HEAD.replace('"threat"', '"treat"') + TERMS + SETTING)
