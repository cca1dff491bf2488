"""Every script of examples/ runs, and prints the numbers that its claim rests on."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).parents[1] / "examples"
SCRIPTS = sorted(path.name for path in EXAMPLES.glob("*.py"))


def printed(script, tmp_path):
    environment = {**os.environ, "MPLBACKEND": "Agg", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-W", "error", EXAMPLES / script],
        capture_output=True, text=True, cwd=tmp_path, env=environment, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def numbers(line):
    return [float(text) for text in re.findall(r"[+-]?\d+\.\d+", line)]


def line_of(text, start):
    found = [line for line in text.splitlines() if line.startswith(start)]
    assert len(found) == 1, f"{len(found)} lines start with {start!r} in:\n{text}"
    return found[0]


def quickstart(text):
    assert (
        "at the modal values: {'ROK': {'suspend': 1.0}, 'JPN': {'relax': 1.0}, 'USA': {'press': 1.0}}" in text
    )
    assert "if the US abstains: {'ROK': {'terminate': 1.0}, 'JPN': {'maintain': 1.0}, 'USA'" in text
    share, low, high, possible, certain = numbers(line_of(text, "          relax    press"))
    assert share == pytest.approx(0.783, abs=0.004)
    assert low < share < high < low + 0.005
    assert possible >= share == certain


def without_us_pressure(text):
    for order in ("all at once", "USA first", "JPN, USA, ROK"):
        assert line_of(text, f"{order:14} US free").endswith("suspend / relax / press")
    for order in ("all at once", "USA first"):
        assert line_of(text, f"{order:14} US held").endswith("terminate / maintain / abstain")
    assert line_of(text, "JPN, USA, ROK  US held").endswith("suspend / relax / abstain")
    before, after, difference, low, high = numbers(line_of(text, "terminate / maintain"))
    assert (before, after) == pytest.approx((0.127, 0.616), abs=0.005)
    assert difference == pytest.approx(after - before, abs=1e-4)
    assert low < difference < high < low + 0.006
    before, after, *_ = numbers(line_of(text, "suspend / relax "))
    assert before > 0.77
    assert after < 0.001


def your_own_game(text):
    share, low, high = numbers(line_of(text, "at the same time"))
    assert share == low == 0
    assert high < 0.001
    # There is a deal if the payment is worth more than the power, and stability more than its cost to the lender.
    random = np.random.default_rng(5)
    n = 400_000
    worth = random.uniform(2, 5, n) > random.triangular(1, 2, 4, n)
    pays = 4 * random.beta(3, 3, n) > random.uniform(0.2, 1, n)
    share, low, high = numbers(line_of(text, "lender first"))
    assert share == pytest.approx(worth.mean() * pays.mean(), abs=0.008)
    assert low < share < high


def wide_prior(text):
    expected = {
        "renew / relax / abstain": 0.170, "terminate / maintain / abstain": 0.163,
        "suspend / maintain / abstain": 0.159, "(multiple)": 0.156, "suspend / relax / press": 0.134,
        "suspend / relax / abstain": 0.105, "(none)": 0.051,
    }  # fmt: skip
    for name, share in expected.items():
        found, low, high = numbers(line_of(text, name))
        assert found == pytest.approx(share, abs=0.003)
        assert low < found < high
    assert len(text.splitlines()) == len(expected)


def order_of_moves(text):
    expected = {
        "2018-08 routine": (1.0, 1.0, 1.0), "2019-08 notice": (0.917, 0.485, 0.647),
        "2019-11 deadline": (0.783, 0.946, 0.792), "2020-08 default": (0.779, 0.776, 0.776),
        "2023-03 thaw": (0.909, 0.792, 0.990),
    }  # fmt: skip
    for setting, shares in expected.items():
        assert numbers(line_of(text, setting)) == pytest.approx(shares, abs=0.012)


def chip_lost_its_value(text):
    four = ["threat_credibility", "audience_credit", "back_down_cost", "agenda_cost"]
    assert line_of(text, "minimal set:") == f"minimal set: {', '.join(four)}"
    for name in four:
        assert line_of(text, f"with {name}").endswith(": 0 pure equilibria")


def normalisation_2023(text):
    assert line_of(text, "minimal sets:") == "minimal sets: (('grievance_unresolved',),)"
    (_, settled, low, high), (_, unresolved, _, top) = (
        numbers(line_of(text, f"grievance {where}")) for where in ("0.125", "0.975")
    )
    assert 0.99 < low <= settled <= high
    assert unresolved < top < 0.4


def smallest_change_to_the_end(text):
    assert numbers(text.splitlines()[0]) == [0.326]
    before, after = numbers(line_of(text, "  pressing_cost"))
    # Washington presses as long as a quarter of the pact's value exceeds what pressing costs it.
    value = numbers(line_of(text, "  pact_value_usa"))[-1]
    assert after == pytest.approx(value / 4, abs=1e-3)
    assert before < after
    assert line_of(text, "solved there again") == "solved there again: True"


def bluff_and_pressure(text):
    assert "2019-11 deadline   USA: press    pooling on threat    threat 1.00" in text
    assert "2019-08 notice     USA: abstain  separating           threat 0.60" in text
    august, november = text.split("2019-08 notice:")[1].split("2019-11 deadline:")
    abstain, press, free = (numbers(line_of(november, f"US {held}")) for held in ("abstain", "press", "free"))
    assert abstain == pytest.approx((0.392, 0.353, 0.078, 0.178, 0.466), abs=0.006)
    assert press == pytest.approx((0.334, 0.578, 0.053, 0.036, 0.607), abs=0.006)
    assert free == pytest.approx((0.291, 0.627, 0.041, 0.042, 0.672), abs=0.006)
    # A threat works better, and the pact is lost a fifth as often; those who threaten no more are many too.
    assert abstain[4] < 0.5 < press[4]
    assert press[3] < abstain[3] / 4
    silence, conceded, dropped, carried_out, _ = numbers(line_of(august, "US free"))
    assert carried_out > silence > conceded > dropped


def survival_of_the_pact(text):
    free = {name: numbers(line_of(text, f"{name:18} US free"))[0] for name in (
        "2018-08 routine", "2019-08 notice", "2019-11 deadline", "2020-08 default", "2023-03 thaw")}  # fmt: skip
    held = {name: numbers(line_of(text, f"{name:18} US held"))[0] for name in free}
    assert list(free.values()) == pytest.approx((0.702, 0.811, 0.850, 1.0, 1.0), abs=0.03)
    assert held["2019-08 notice"] < free["2019-08 notice"] - 0.1
    assert held["2019-11 deadline"] < free["2019-11 deadline"] - 0.3


def best_replies_at_the_deadline(text):
    press, abstain = line_of(text, "USA press"), line_of(text, "USA abstain")
    assert press.endswith("ROK {'suspend': 1.0}  JPN {'relax': 1.0}")
    assert abstain.endswith("ROK {'terminate': 1.0}  JPN {'maintain': 1.0}")


def errors_and_precision(text):
    rows = text.splitlines()
    likely = {numbers(row)[0]: numbers(row)[1] for row in rows}
    assert likely[0.0] == pytest.approx(1 / 12, abs=1e-4)
    assert list(likely.values()) == sorted(likely.values())
    assert likely[1.0] < 0.5 < likely[2.0]
    assert np.exp(2) == pytest.approx(7, abs=0.5)
    assert likely[10.0] > 0.99
    assert all(row.endswith("likeliest suspend / relax / press") for row in rows[1:])


def no_way_back(text):
    for concept in ("nash", "sequentially"):
        assert line_of(text, f"all can be taken back: {concept}").endswith(f"{concept} suspend/relax/press")
        both = line_of(text, f"termination is final: {concept}")
        assert both.endswith("suspend/relax/press, terminate/maintain/abstain")


def nine_equilibria(text):
    rows = [line for line in text.splitlines() if line.startswith("{")]
    mixing = sorted(row.count(",") - 2 for row in rows)
    assert mixing == [0, 0, 0, 0, 2, 2, 2, 3, 3]
    assert "'first': {'a': 0.4, 'b': 0.6}, 'second': {'a': 0.5, 'b': 0.5}" in rows[-1]
    assert float(line_of(text, "largest regret").split()[-1]) < 1e-9


def more_to_agree_on(text):
    second = {name: numbers(line_of(text, name))[0] for name in
              ("before                Nash", "before                Kalai", "with the new package  Nash",
               "with the new package  Kalai")}  # fmt: skip
    assert list(second.values()) == pytest.approx([0.75, 0.75, 0.70, 1 / 1.3], abs=1e-4)


def a_threat_that_may_be_a_bluff(text):
    tough, weak = numbers(line_of(text, "threatens:"))
    belief, concession = numbers(line_of(text, "after a threat:"))
    assert tough == 1
    # The receiver is indifferent at the belief c / loss, and so is the weak sender at concession k / (k + prize).
    assert belief == pytest.approx(1.2 / 3)
    assert concession == pytest.approx(2 / (2 + 3))
    assert belief == pytest.approx(0.2 / (0.2 + 0.8 * weak), abs=1e-3)
    assert float(line_of(text, "largest gain").split()[-1]) < 1e-9


def advice_of_a_mediator(text):
    alone = [numbers(line)[0] for line in text.splitlines() if line.startswith("alone:")]
    assert alone == pytest.approx([9, 9, 28 / 3], abs=1e-4)
    advised, _ = numbers(line_of(text, "advised:"))
    assert advised == pytest.approx(10.5)
    assert numbers(line_of(text, "the mediator draws dare / dare")) == [0]


def trade_dispute(text):
    # P(shelter < standing) = 1/3 and P(market > shelter) = 7/9 for the ranges of the example.
    assert numbers(line_of(text, "at the same time  both open, alone"))[0] == 0
    assert numbers(line_of(text, "at the same time  both open, possible"))[0] == pytest.approx(
        1 / 9, abs=0.005
    )
    share, _, low, high = numbers(line_of(text, "Arcadia first     both open, alone").replace("95 %", "95.0"))
    assert share == pytest.approx(7 / 27, abs=0.007)
    assert low < share < high


def last_week(text):
    for setting, share in (
        ("2019-08 notice", 0.934),
        ("2019-11 deadline", 0.960),
        ("2020-08 default", 0.677),
    ):
        found, _, low, high = numbers(line_of(text, f"{setting:17} at the deadline").replace("95 %", "95.0"))
        assert found == pytest.approx(share, abs=0.015)
        assert low < found < high
    assert line_of(text, "at the modal values").endswith("in round 13 of 13")


def what_linkage_buys(text):
    gain = {line[:34].strip(): numbers(line[34:]) for line in text.splitlines() if "product" in line}
    assert len(gain) == 16
    for name, (rok, jpn, product) in gain.items():
        assert product == pytest.approx(rok * jpn, abs=2e-3 * (1 + rok + jpn))
        if " + " not in name or "controls" not in name:
            assert product == 0
    assert gain["controls + fund"][2] > 1
    whole = gain["pact + controls + complaint + fund"]
    assert min(whole[:2]) > 1
    assert whole[2] == max(product for *_, product in gain.values())


CLAIMS = {
    "what_linkage_buys.py": what_linkage_buys,
    "last_week.py": last_week,
    "bluff_and_pressure.py": bluff_and_pressure,
    "order_of_moves.py": order_of_moves,
    "chip_lost_its_value.py": chip_lost_its_value,
    "normalisation_2023.py": normalisation_2023,
    "smallest_change_to_the_end.py": smallest_change_to_the_end,
    "quickstart.py": quickstart,
    "without_us_pressure.py": without_us_pressure,
    "your_own_game.py": your_own_game,
    "wide_prior.py": wide_prior,
    "best_replies_at_the_deadline.py": best_replies_at_the_deadline,
    "errors_and_precision.py": errors_and_precision,
    "no_way_back.py": no_way_back,
    "nine_equilibria.py": nine_equilibria,
    "more_to_agree_on.py": more_to_agree_on,
    "a_threat_that_may_be_a_bluff.py": a_threat_that_may_be_a_bluff,
    "advice_of_a_mediator.py": advice_of_a_mediator,
    "survival_of_the_pact.py": survival_of_the_pact,
    "trade_dispute.py": trade_dispute,
}


def test_every_script_has_its_claim_checked():
    assert set(CLAIMS) == set(SCRIPTS)


@pytest.mark.parametrize("script", SCRIPTS)
def test_script_prints_what_it_claims(script, tmp_path):
    CLAIMS[script](printed(script, tmp_path))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("script", SCRIPTS)
def test_script_opens_with_a_title_for_the_gallery(script):
    opening = (EXAMPLES / script).read_text(encoding="utf-8").splitlines()
    assert opening[0] == '"""'
    assert set(opening[2]) == {"="}
    assert len(opening[2]) == len(opening[1])
