"""The command line: the verbs, and what a typo gives."""

import json
import re

import pandas as pd
import pytest
from typer.testing import CliRunner

from bargain.cli import main as command


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*arguments):
        result = CliRunner().invoke(command.app, [str(argument) for argument in arguments])
        return result.exit_code, result.output, result.exception

    return invoke


def ok(outcome):
    code, output, error = outcome
    assert code == 0, (output, error)
    return output


def test_scenarios_lists_the_builtin_ones(run):
    output = ok(run("scenarios"))
    assert "gsomia" in output
    assert "2019-11 deadline" in output


def test_scenarios_prints_the_schema(run):
    assert json.loads(ok(run("scenarios", "--schema")))["$schema"].startswith("https://json-schema.org")


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("summary", ["suspend", "2019-11 deadline", "35 payoff terms"]),
        ("parameters", ["pressing_cost", "k_U", "util 0-10"]),
        ("payoffs", ["a_K", "terminate", "-c_K"]),
        ("terms", ["K3a", "audience_credit [ROK: terminate]"]),
        ("evidence", ["E12", "N07"]),
        ("chronology", ["2019-11-22", "2016-11-23"]),
        ("latex", [r"\begin{tabular}", r"\rho"]),
    ],
)
def test_show(run, part, expected):
    output = ok(run("show", "gsomia", part))
    for text in expected:
        assert text in output


def test_show_at_a_setting(run):
    line = next(
        line
        for line in ok(run("show", "gsomia", "parameters", "--setting", "2019-11 deadline")).splitlines()
        if "pressing_cost" in line
    )
    assert re.search(r"0\.3\D+0\.8\D+2\.2", line)


def test_solve_prints_the_equilibrium_of_every_setting(run):
    output = ok(run("solve", "gsomia"))
    assert "suspend/relax/press" in output
    assert "terminate/maintain/abstain" in output
    assert output.count("SOLVED") == 5


def test_solve_with_a_policy_experiment(run):
    output = ok(run("solve", "gsomia", "--setting", "2019-11 deadline", "--fix", "USA=abstain"))
    assert "terminate/maintain/abstain" in output
    output = ok(run("solve", "gsomia", "--setting", "2019-11 deadline", "--set", "pressing_cost=2"))
    assert "terminate/maintain/abstain" in output


@pytest.mark.parametrize("order", ["USA first", "USA; ROK, JPN"])
def test_solve_in_stages(run, order):
    output = ok(
        run(
            "solve",
            "gsomia",
            "--setting",
            "2019-11 deadline",
            "--solver",
            "subgame_perfect",
            "--order",
            order,
        )
    )
    assert "suspend/relax/press" in output


def test_solve_says_when_there_is_no_equilibrium(run):
    output = ok(run("solve", "gsomia", "--setting", "2020-08 default", "--set", "agenda_cost=0.6"))
    assert "NONE" in output


def test_sweep_prints_shares_and_writes_them(run, tmp_path):
    path = tmp_path / "folder" / "shares.csv"
    output = ok(run("sweep", "gsomia", "--draws", "3000", "--seed", "1", "--csv", path))
    assert "suspend/relax/press" in output
    table = pd.read_csv(path)
    assert table.groupby("setting")["share"].sum().to_numpy() == pytest.approx([1.0] * 5)
    records = json.loads(path.with_suffix(".provenance.json").read_text(encoding="utf-8"))
    assert list(records) == table["setting"].unique().tolist()
    assert {(record["seed"], record["draws"]) for record in records.values()} == {(1, 3000)}
    assert len({record["key"] for record in records.values()}) == 5


def test_sweep_with_an_experiment_prints_what_it_changes(run):
    output = ok(
        run(
            "sweep",
            "gsomia",
            "--setting",
            "2019-11 deadline",
            "--draws",
            "3000",
            "--set",
            "pressing_cost=uniform(1.6, 4)",
        )
    )
    assert "What gsomia 2019-11 deadline" in output
    row = next(line for line in output.splitlines()[::-1] if "suspend/relax/press" in line)
    assert re.search(r"-0\.\d+", row), "pressing that costs more is done less"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["solve", "gsomya"], "did you mean 'gsomia'"),
        (["solve", "gsomia", "--setting", "2019-11"], "did you mean '2019-11 deadline'"),
        (["solve", "gsomia", "--solver", "purenash"], "did you mean 'pure_nash'"),
        (["solve", "gsomia", "--solver", "subgame_perfect"], "'USA first'"),
        (
            ["solve", "gsomia", "--solver", "subgame_perfect", "--order", "USA; ROK, JAP"],
            "did you mean 'JPN'",
        ),
        (["solve", "gsomia", "--solver", "subgame_perfect", "--order", "USA; ROK"], "when JPN moves"),
        (["solve", "gsomia", "--fix", "USA"], "player=action"),
        (["solve", "gsomia", "--fix", "USA=pres"], "did you mean 'press'"),
        (["solve", "gsomia", "--set", "pressing_cost=much"], "a number was expected, given 'much'"),
        (["solve", "gsomia", "--set", "pressing_cost=unifrom(1,2)"], "did you mean 'uniform'"),
        (
            ["solve", "gsomia", "--set", "pressing_cost=triangular(1,2)"],
            "triangular(low, mode, high) was expected",
        ),
        (["solve", "gsomia", "--set", "pressing_cost=__import__('os')"], "unknown distribution '__import__'"),
        (["sweep", "gsomia", "--draws", "0"], "draws: a positive"),
        (["sweep", "gsomia", "--design", "sobl"], "did you mean 'sobol'"),
        (["sweep", "gsomia", "--workers", "0"], "workers"),
        (["show", "nowhere.toml"], "cannot be read"),
    ],
)
def test_a_typo_gives_one_line_and_exit_code_2(monkeypatch, capsys, arguments, expected):
    monkeypatch.setattr("sys.argv", ["bargain", *arguments])
    with pytest.raises(SystemExit) as stop:
        command.main()
    assert stop.value.code == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("error: ")
    assert expected in captured.err
    assert "Traceback" not in captured.err


def test_python_m_bargain(capsys, monkeypatch):
    import runpy

    monkeypatch.setattr("sys.argv", ["bargain", "scenarios"])
    with pytest.raises(SystemExit) as stop:
        runpy.run_module("bargain", run_name="__main__")
    assert not stop.value.code
    assert "gsomia" in capsys.readouterr().out


@pytest.mark.parametrize("name", command.VERBS)
def test_help_says_of_a_verb_what_the_verb_says_of_itself(name):
    assert command.verb(name).help.splitlines()[0] == command.VERBS[name]


def test_help_lists_the_verbs(run):
    output = ok(run("--help"))
    assert all(name in output for name in command.VERBS)


def test_a_mistyped_verb_is_named_with_a_close_one(run):
    code, output, _ = run("swepe")
    assert code == 2
    assert "sweep" in output
