"""Dependence in a scenario file: what loads, what it does to sweeps, and what each mistake says."""

import re

import numpy as np
import pytest
from scipy import stats

import bargain as bg
from bargain.errors import ScenarioError
from bargain.uncertainty.dependence import GaussianCopula
from bargain.uncertainty.designs import BLOCK

FREE = """
schema_version = 1
name = "tariffs"
title = "A tariff dispute"

[[players]]
name = "North"
actions = [{ name = "open" }, { name = "protect" }]

[parameters.gain]
meaning = "Gain from trade"
unit = "billion"
distribution = { kind = "uniform", low = 1, high = 3 }

[parameters.lobby]
meaning = "Weight of the lobby"
unit = "billion"
distribution = { kind = "triangular", low = 0, mode = 1, high = 3 }

[parameters.shock]
meaning = "Imports above the trend"
unit = "billion"
distribution = { kind = "normal", mean = 1, sd = 1 }

[[terms]]
name = "T1"
player = "North"
coefficient = 1
parameters = ["gain"]
when = { North = ["open"] }
why = "trade pays"

[[terms]]
name = "T2"
player = "North"
coefficient = 1
parameters = ["lobby"]
when = { North = ["protect"] }
why = "the lobby pays"

[[terms]]
name = "T3"
player = "North"
coefficient = 1
parameters = ["shock"]
when = { North = ["protect"] }
why = "there is more to protect"

[[settings]]
name = "spring"
date = 2024-03-01
title = "Spring"
role = "fitted"

[[settings]]
name = "summer"
date = 2024-06-01
title = "Summer"
role = "fitted"
distributions = { shock = { kind = "fixed", value = 2 } }

[[evidence]]
id = "A"
statement = "A study."
kind = "study"
quality = "good"
"""
BOUND = (
    FREE
    + """
[[dependence]]
parameters = ["shock", "lobby"]
rank_correlation = 0.6
why = "imports make lobbyists"
sources = ["A"]

[[dependence]]
parameters = ["gain", "lobby"]
rank_correlation = -0.4
why = "who gains does not lobby"
"""
)


@pytest.fixture
def load(tmp_path):
    def from_text(text):
        path = tmp_path / "scenario.toml"
        path.write_text(text, encoding="utf-8")
        return bg.load_scenario(path)

    return from_text


def test_rank_correlations_are_read(load):
    scenario = load(BOUND)
    assert scenario.space.dependence == GaussianCopula({("lobby", "shock"): 0.6, ("gain", "lobby"): -0.4})
    assert load(FREE).space.dependence is None
    gain, lobby, shock = scenario.task("spring", draws=50_000).values(0)
    assert stats.spearmanr(shock, lobby).statistic == pytest.approx(0.6, abs=0.02)
    assert stats.spearmanr(gain, lobby).statistic == pytest.approx(-0.4, abs=0.02)
    assert stats.spearmanr(gain, shock).statistic == pytest.approx(0, abs=0.02)


def test_settings_and_experiments_keep_the_dependence(load):
    scenario = load(BOUND)
    spring = scenario.task("spring", draws=1000).values(0)
    for task in (
        scenario.task("summer", draws=1000),
        scenario.task("spring", draws=1000, values={"shock": 2}),
    ):
        assert task.space.dependence == scenario.space.dependence
        gain, lobby, shock = task.values(0)
        assert (shock == 2).all()
        assert (gain == spring[0]).all()
        assert (lobby == spring[1]).all()


def test_sweeps_depend_on_it_and_not_on_workers(load):
    tasks = [load(text).task("spring", draws=2 * BLOCK + 99, seed=4) for text in (FREE, BOUND)]
    assert tasks[0].key != tasks[1].key
    free, bound = (bg.run(task, workers=1).shares() for task in tasks)
    # Protection pays 1/3 more on average. What speaks for it goes together, so that less of it cancels out.
    assert 0.5 < bound.loc[("protect",), "share"] < free.loc[("protect",), "share"] - 0.01
    assert bg.run(tasks[1], workers=3).shares().equals(bound)


def test_game_at_modal_values_does_not_change(load):
    payoffs = [load(text).game("spring").payoffs for text in (FREE, BOUND)]
    assert np.array_equal(*payoffs)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"gain", "lobby"', '"gian", "lobby"', "dependence['gian', 'lobby'].parameters: unknown parameter 'gian'; did you mean 'gain'?"),
        ('sources = ["A"]', 'sources = ["B"]', "dependence['shock', 'lobby'].sources: unknown source 'B'"),
        ('"gain", "lobby"', '"shock", "lobby"', "dependence['shock', 'lobby']: this pair is given more than once"),
        ('"gain", "lobby"', '"lobby", "shock"', "dependence['lobby', 'shock']: this pair is given more than once"),
        ('"gain", "lobby"', '"gain", "gain"', "dependence: a pair of two different parameters was expected, given ('gain', 'gain')"),
        ('"gain", "lobby"', '"gain"', "dependence[1].parameters: "),
        ('"gain", "lobby"', '"gain", "lobby", "shock"', "dependence[1].parameters: "),
        ("= 0.6", "= 1.0", "dependence: 'lobby' and 'shock': a rank correlation above -1 and below 1 was expected, given 1.0"),
        ("= 0.6", '= "high"', "dependence[0].rank_correlation: "),
        ("= 0.6", "= nan", "dependence: 'lobby' and 'shock': a rank correlation above -1 and below 1 was expected, given nan"),
        ("rank_correlation = 0.6", "correlation = 0.6", "dependence[0].correlation: unknown key; did you mean 'rank_correlation'?"),
        ('why = "imports make lobbyists"', "", "dependence[0].why: this key is missing"),
        ("= 0.6", "= 0.95", "dependence: rank correlations contradict each other: beside the others, 'lobby' and 'shock' can have one from -0.901 to 0.901, given 0.95; pairs that are not given count as zero"),
    ],
)  # fmt: skip
def test_each_mistake_names_file_table_and_pair(load, tmp_path, old, new, expected):
    assert BOUND.count(old) == 1, "the mistake is planted"
    with pytest.raises(ScenarioError, match=re.escape(expected)) as caught:
        load(BOUND.replace(old, new))
    assert str(caught.value).startswith(f"{tmp_path / 'scenario.toml'}: ")
