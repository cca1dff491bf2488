"""``bargain sensitivity`` prints thresholds, conditions, the smallest change and what tells settings apart."""

import pytest
from typer.testing import CliRunner

from bargain.cli import main as command


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")

    def invoke(*arguments):
        result = CliRunner().invoke(command.app, ["sensitivity", "gsomia", *arguments])
        assert result.exit_code == 0, (result.output, result.exception)
        return result.output

    return invoke


def test_everything_at_one_setting(run):
    output = run("--setting", "2019-11 deadline")
    row = next(line for line in output.splitlines() if "pressing_cost" in line)
    for part in ("0.8", "1.5", "terminate/maintain/abstain", "USA", "+0.37"):
        assert part in row
    assert "0.25 G_U >= k_U" in output
    assert "Smallest change that ends" in output
    row = next(line for line in output.splitlines() if "2020-08 default" in line)
    assert "threat_credibility, audience_credit, back_down_cost, agenda_cost" in row


def test_all_settings_by_default(run):
    output = run("--parameter", "export_control_cost_rok")
    assert output.count("No parameter does so within its range.") == 5


def test_a_wanted_outcome_and_what_is_impossible(run):
    levers = ("--parameter", "pressing_cost", "--parameter", "us_displeasure")
    output = run("--setting", "2019-08 notice", "--wanted", "suspend/relax/press", *levers)
    assert "Smallest change that brings about" in output
    assert "+0.40" in output
    output = run("--setting", "2019-11 deadline", "--wanted", "renew/maintain/abstain")
    assert "never within the ranges: ROK renew rather than suspend" in output


def test_experiments_and_moves_in_stages(run):
    output = run("--setting", "2019-11 deadline", "--fix", "USA=press", "--set", "relaxation_depth=0.4")
    assert "pressing_cost" not in output
    assert "us_displeasure" in output
    output = run("--setting", "2020-08 default", "--solver", "subgame_perfect", "--order", "USA first")
    assert "suspend/maintain/abstain" in output
    assert "Smallest change" not in output


def test_a_typo_is_named(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["bargain", "sensitivity", "gsomia", "--parameter", "presing_cost"])
    with pytest.raises(SystemExit) as stop:
        command.main()
    assert stop.value.code == 2
    assert "did you mean 'pressing_cost'" in capsys.readouterr().err
