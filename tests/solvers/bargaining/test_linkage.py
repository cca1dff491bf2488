import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bargain.errors import InvalidGameError
from bargain.games.bargaining import BargainingProblem
from bargain.solvers.bargaining.agreements import AgreementStatus
from bargain.solvers.bargaining.kalai_smorodinsky import KalaiSmorodinsky
from bargain.solvers.bargaining.linkage import link_issues
from bargain.solvers.bargaining.nash_bargaining import NashBargaining

# No issue alone, and no two of them, can be agreed on as a whole; all three give both one.
ISSUES = {
    "pact": {"ends": (0, 0), "stays": (-2, 2)},
    "controls": {"stay": (0, 0), "go": (5, -4)},
    "complaint": {"stays": (0, 0), "withdrawn": (-2, 3)},
}


def test_no_issue_alone_is_acceptable_and_the_package_is():
    linkage = link_issues(("A", "B"), ISSUES, NashBargaining(), lotteries=False)
    gains = linkage.gains[..., 0]
    for number in range(1, 8):
        assert gains[:, number].tolist() == ([1, 1] if number == 7 else [0, 0])
    assert linkage.adds[:, :, 0].tolist() == [[1, 1, 1], [1, 1, 1]]
    frame = linkage.to_frame()
    assert frame.index[-1] == "pact + controls + complaint"
    assert frame["product"].iloc[-1] == 1
    alone = BargainingProblem.of_issues(("A", "B"), {"controls": ISSUES["controls"]}, (0, 0))
    assert NashBargaining().solve(alone).status[0] == AgreementStatus.NO_GAIN


def test_lotteries_over_packages_do_better():
    """Frontier from (3, -1) by (1, 1) to (-2, 3): the best product lies between two packages or at one."""
    whole = link_issues(("A", "B"), ISSUES, NashBargaining()).gains[:, -1, 0]
    grid = np.linspace(0, 1, 100_001)[:, None]
    packages = np.array([[0, 0], [-2, 2], [5, -4], [3, -2], [-2, 3], [-4, 5], [3, -1], [1, 1]])
    best = max(
        (np.maximum(points, 0).prod(axis=1).max(), tuple(points[np.maximum(points, 0).prod(axis=1).argmax()]))
        for i in range(8)
        for points in [(1 - grid) * packages[i] + grid * packages[j] for j in range(i)] or [np.zeros((1, 2))]
        for points in [points]
    )
    assert abs(whole.prod() - best[0]) < 1e-8
    assert np.abs(whole - best[1]).max() < 1e-4


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_an_issue_more_never_lowers_the_product(seed, lotteries):
    rng = np.random.default_rng(seed)
    issues = {
        f"i{k}": {
            "now": rng.normal(size=2),
            **{f"o{j}": rng.normal(size=2) for j in range(rng.integers(1, 3))},
        }
        for k in range(3)
    }
    product = link_issues(("A", "B"), issues, NashBargaining(), lotteries=lotteries).gains.prod(axis=0)[:, 0]
    for number in range(8):
        for issue in range(3):
            assert product[number | 1 << issue] >= product[number] - 1e-9


def test_money_raises_the_product_and_moves_to_whom_agreement_gives_less():
    """A payment that is worth to one what it costs the other is an issue like any other."""
    issues = {"pact": {"ends": (0, 0), "stays": (0.5, 4)}, "payment": {"none": (0, 0), "ten": (10, -10)}}
    gains = link_issues(("A", "B"), issues, NashBargaining()).gains[..., 0]
    assert gains[:, 1].prod() == 2
    assert abs(gains[:, 3].prod() - 2.25**2) < 1e-9
    assert np.abs(gains[:, 3] - 2.25).max() < 1e-9


def test_draws_and_other_concepts():
    issues = {"x": {"no": (0, 0, 0), "yes": np.ones((3, 4))}, "y": {"no": (1, 1, 1), "yes": (2, 3, 4)}}
    linkage = link_issues("ABC", issues, KalaiSmorodinsky())
    assert linkage.payoffs.shape == (3, 4, 4)
    assert np.abs(linkage.payoffs[:, 0] - 1).max() == 0
    assert np.abs(linkage.payoffs[:, 3, 2] - [3, 4, 5]).max() < 1e-9
    with pytest.raises(InvalidGameError, match="between 1 and 12"):
        link_issues("AB", {}, NashBargaining())
