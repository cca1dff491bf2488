"""Scenario files damaged at random: each loads and can be played, or gives a ScenarioError with its place.

``pytest -m slow tests/scenarios/test_fuzz.py`` tries 10,000 of each kind; the suite some hundreds.
"""

import random
import re
import resource
import string
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import pytest

import bargain as bg
from bargain.errors import BargainError, ScenarioError

FILES = {
    entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
    for entry in (resources.files("bargain.scenarios") / "data").iterdir()
    if entry.name.endswith(".toml")
}
TOKEN = re.compile(r'"[^"\n]*"|[A-Za-z_][\w.-]*|[-+]?\d[\d.eE+-]*|[][{}=,]')
NASTY = [
    "", "0", "-1", "1e308", "-1e308", "nan", "inf", "-inf", "1e-320", "9" * 400, "1_000", "true", "[]", "{}", "[[]]",
    '""', '"\\u0000"', '"' + "x" * 5000 + '"', '"../../etc/passwd"', '"__class__"', "2019-11-22", "2019-13-45",
    "07:30:00", "'", '"""', "[" * 300, "= = =", "\x00", "\ufeff", "\u202e", "#", "\r", "\n\n[", "[settings]", "[[players]]",
]  # fmt: skip


def without_a_line(text, rng):
    lines = text.splitlines(keepends=True)
    del lines[rng.randrange(len(lines))]
    return "".join(lines)


def with_a_line_moved(text, rng):
    lines = text.splitlines(keepends=True)
    line = lines[rng.randrange(len(lines))]
    lines.insert(rng.randrange(len(lines)), line)
    return "".join(lines)


def with_a_token_replaced(text, rng):
    tokens = list(TOKEN.finditer(text))
    token = rng.choice(tokens)
    other = rng.choice(NASTY) if rng.random() < 0.5 else rng.choice(tokens)[0]
    return text[: token.start()] + other + text[token.end() :]


def with_a_character_changed(text, rng):
    place = rng.randrange(len(text))
    return text[:place] + rng.choice(string.printable + "é\u0000") + text[place + rng.randrange(2) :]


def cut_short(text, rng):
    return text[: rng.randrange(len(text))]


def with_a_table_repeated(text, rng):
    tables = re.split(r"(?m)^(?=\[)", text)
    tables.insert(rng.randrange(len(tables)), rng.choice(tables))
    return "".join(tables)


def without_a_table(text, rng):
    tables = re.split(r"(?m)^(?=\[)", text)
    del tables[rng.randrange(len(tables))]
    return "".join(tables)


MUTATIONS = [
    without_a_line, with_a_line_moved, with_a_token_replaced, with_a_token_replaced, with_a_token_replaced,
    with_a_character_changed, cut_short, with_a_table_repeated, without_a_table,
]  # fmt: skip


@contextmanager
def memory_limited(more):
    """Give this process at most so many bytes more of address space: whoever wants more fails, and is found."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + more, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def damage_and_load(name, trials, tmp_path):
    loaded = refused = 0
    path = tmp_path / "damaged.toml"
    with memory_limited(2**30):
        for trial in range(trials):
            rng = random.Random(f"{name} {trial}")
            text = FILES[name]
            for _ in range(rng.choice([1, 1, 1, 2, 5])):
                text = rng.choice(MUTATIONS)(text, rng) if text else text
            path.write_text(text, encoding="utf-8", newline="")
            try:
                scenario = bg.load_scenario(path)
            except ScenarioError as error:
                said = str(error)
            except Exception as error:
                raise AssertionError(
                    f"trial {trial}: {type(error).__name__} instead of ScenarioError"
                ) from error
            else:
                loaded += 1
                play(scenario, trial)
                continue
            assert said.startswith(str(path)), f"trial {trial}: no place in {said}"
            refused += 1
    return loaded, refused


def play(scenario, trial):
    """What loads can be used: its first setting is a game, or says deliberately why it is none."""
    try:
        scenario.game(scenario.settings[0])
    except BargainError:
        pass
    except Exception as error:
        raise AssertionError(f"trial {trial}: loads, then {type(error).__name__} in game()") from error


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_damaged_file_loads_or_says_where_it_is_wrong(name, tmp_path):
    loaded, refused = damage_and_load(name, 150, tmp_path)
    assert loaded > 10
    assert refused > 40


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FILES))
def test_ten_thousand_damaged_files(name, tmp_path):
    loaded, refused = damage_and_load(name, 10_000, tmp_path)
    assert loaded + refused == 10_000


@pytest.mark.parametrize(("players", "actions"), [(40, 2), (3, 500), (2000, 1), (7, 9)], ids=str)
def test_a_game_that_is_too_large_is_refused_before_its_arrays_are_made(players, actions, tmp_path):
    path = tmp_path / "large.toml"
    names = ", ".join(f'{{ name = "a{k}" }}' for k in range(actions))
    text = 'schema_version = 1\nname = "large"\ntitle = "Large"\n'
    text += "".join(f'[[players]]\nname = "P{i}"\nactions = [{names}]\n' for i in range(players))
    text += '[[terms]]\nname = "T"\nplayer = "P0"\ncoefficient = 1\nwhy = "so"\n'
    text += '[[settings]]\nname = "now"\ndate = 2024-01-01\ntitle = "Now"\nrole = "forecast"\n'
    path.write_text(text, encoding="utf-8")
    with memory_limited(2**30), pytest.raises(ScenarioError, match=r"exceeds|at most"):
        bg.load_scenario(path)
