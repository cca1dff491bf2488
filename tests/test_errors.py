import inspect

import pytest

from bargain import errors
from bargain.errors import BargainError, MissingExtraError, UnknownNameError, suggestion

CLASSES = [getattr(errors, name) for name in errors.__all__]


def test_all_lists_every_exception():
    defined = {
        name for name, item in vars(errors).items() if inspect.isclass(item) and issubclass(item, Exception)
    }
    assert defined == set(errors.__all__)


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.__name__)
def test_every_exception_is_a_bargain_error_with_its_own_sentence(kind):
    assert issubclass(kind, BargainError)
    assert kind.__doc__.strip().endswith(".")


@pytest.mark.parametrize(
    ("name", "builtin"),
    [("InvalidArgumentError", ValueError), ("UnknownNameError", LookupError),
     ("UnknownDrawError", IndexError), ("MissingExtraError", ImportError)],
)  # fmt: skip
def test_exceptions_are_caught_by_the_builtin_that_one_expects(name, builtin):
    assert issubclass(getattr(errors, name), builtin)


def test_unknown_name_says_what_where_and_the_nearest():
    error = UnknownNameError.of("player", "JAP", ["ROK", "JPN", "USA"], where="scenario.toml, [players]")
    assert str(error) == (
        "scenario.toml, [players]: unknown player 'JAP'; did you mean 'JPN'? Known: 'ROK', 'JPN', 'USA'"
    )


def test_unknown_name_without_neighbours_or_known_names():
    assert str(UnknownNameError.of("key", "zzz", ["cost"])) == "unknown key 'zzz'; Known: 'cost'"
    assert str(UnknownNameError.of("key", "zzz", [])) == "unknown key 'zzz'; Known: none at all"


def test_a_long_list_of_known_names_is_cut():
    message = str(UnknownNameError.of("parameter", "p41", [f"parameter_{i}" for i in range(50)]))
    assert "'parameter_39' and 10 more" in message
    assert "'parameter_40'" not in message


@pytest.mark.parametrize(
    ("given", "known", "expected"),
    [
        ("presing_cost", ["pressing_cost", "chip_value"], " did you mean 'pressing_cost'?"),
        ("PRESS", ["abstain", "press"], " did you mean 'press'?"),
        ("usa", ["ROK", "USA"], " did you mean 'USA'?"),
        ("qqq", ["ROK", "USA"], ""),
        ("x", [], ""),
        (3, ["13", "4"], " did you mean '13'?"),
    ],
)
def test_suggestion(given, known, expected):
    assert suggestion(given, known) == expected


def test_missing_extra_names_the_command():
    message = str(MissingExtraError.of("pygambit", "gambit", "reading .nfg files"))
    assert "pip install 'bargain[gambit]'" in message
    assert "pygambit" in message
    assert "reading .nfg files" in message
