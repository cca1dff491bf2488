"""The command line on scenarios that are no payoff tables."""

import pandas as pd
import pytest
from typer.testing import CliRunner

from bargain.cli import main as command
from bargain.errors import UnsupportedGameError


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*arguments):
        return CliRunner().invoke(command.app, [str(argument) for argument in arguments])

    return invoke


def ok(result):
    assert result.exit_code == 0, (result.output, result.exception)
    return result.output


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("summary", ["a threat is made", "pooling on silence", "2019-11 deadline", "conceded"]),
        ("payoffs", ["loss [press]", "0.25 p", "0 or more"]),
        ("terms", ["us_displeasure [USA: press]", "concession_cost"]),
        ("parameters", ["tough_audience_credit", "pressing_cost"]),
        ("latex", [r"\begin{tabular}", r"\rho"]),
    ],
)
def test_show(run, part, expected):
    output = ok(run("show", "gsomia-threat", part))
    for text in expected:
        assert text in output


def test_solve_uses_the_solver_of_the_kind(run):
    output = ok(run("solve", "gsomia-threat", "--setting", "2019-11 deadline"))
    assert "ThirdPartyEquilibria(divine=True)" in output
    assert "press/pooling on threat" in output
    held = ok(run("solve", "gsomia-threat", "--setting", "2019-11 deadline", "--fix", "USA=abstain"))
    assert "abstain/semi-separating" in held


def test_sweep_shows_shares_measures_and_effects(run, tmp_path):
    arguments = ["sweep", "gsomia-threat", "--setting", "2019-11 deadline", "--draws", 500, "--workers", 1]
    output = ok(run(*arguments, "--fix", "USA=abstain", "--csv", tmp_path / "shares.csv"))
    assert "belief after threat" in output
    assert "changes" in output
    assert len(pd.read_csv(tmp_path / "shares.csv")) >= 4


def test_a_solver_of_another_game_is_refused_by_name(run):
    result = run("sweep", "gsomia-threat", "--draws", 10, "--solver", "pure_nash")
    assert isinstance(result.exception, UnsupportedGameError)
    assert "ThirdPartyEquilibria or PerfectBayesian" in str(result.exception)


def test_sensitivity_says_which_kinds_it_serves(run):
    result = run("sensitivity", "gsomia-threat")
    assert isinstance(result.exception, UnsupportedGameError)
    assert "kind 'normal_form'" in str(result.exception)
