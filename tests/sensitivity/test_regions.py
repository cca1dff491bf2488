"""Regions equal solving point by point, and say what they assumed."""

from functools import partial

import numpy as np
import pytest

import bargain as bg
from bargain.sensitivity.regions import MIXED, MULTIPLE, NONE, UNSOLVED, plane_model, regions
from bargain.solvers.solution import Solution, Status
from reference.pure_nash import pure_nash
from reference.random_models import RandomModel

X, Y = "pressing_cost", "relaxation_depth"


@pytest.fixture(scope="module")
def scenario():
    return bg.load_scenario("gsomia")


def slow_code(scenario, setting, values, solver, fix):
    """Solve the game at one point, in the plainest way."""
    solution = bg.solve(scenario.game(setting, values=values, fix=fix), solver)
    if not len(solution):
        return NONE
    labels = solution.labels
    sure = {
        scenario.labels.outcome(labels.outcomes[int(column.argmax())]) if column.max() > 1 - 1e-9 else MIXED
        for column in solution.outcomes.T
    }
    if len(sure) == 1 and (len(solution) == 1 or sure != {MIXED}):
        return sure.pop()
    return MULTIPLE


@pytest.mark.parametrize(
    ("setting", "x", "y", "solver", "fix"),
    [
        ("2019-11 deadline", X, Y, bg.PureNash(), {}),
        ("2019-08 notice", X, Y, bg.PureNash(), {}),
        ("2020-08 default", "audience_credit", "threat_credibility", bg.PureNash(), {}),
        ("2019-11 deadline", "us_displeasure", X, bg.PureNash(), {"USA": "press"}),
        ("2019-08 notice", X, Y, bg.SubgamePerfect([["USA"], ["ROK", "JPN"]]), {}),
        ("2020-08 default", "audience_credit", "threat_credibility", bg.BimatrixNash(), {"USA": "abstain"}),
    ],
)
def test_equals_solving_every_point_on_its_own(scenario, setting, x, y, solver, fix):
    # Odd sizes keep the grid off round numbers, where ties would make the answer a matter of rounding.
    plane = regions(scenario, setting, x=x, y=y, points=(14, 12), solver=solver, fix=fix)
    expected = [
        [slow_code(scenario, setting, {x: a, y: b}, solver, fix) for a in plane[x].values.tolist()]
        for b in plane[y].values.tolist()
    ]
    assert plane["outcome"].dims == (y, x)
    assert len(np.unique(expected)) > 1
    assert np.array_equal(plane["outcome"].values, expected)


def test_chunks_do_not_show(scenario, monkeypatch):
    whole = regions(scenario, "2019-08 notice", x=X, y=Y, points=(37, 29))
    monkeypatch.setattr("bargain.sensitivity.regions._CHUNK", 100)
    assert whole.equals(regions(scenario, "2019-08 notice", x=X, y=Y, points=(37, 29)))


def test_plane_model_pays_as_the_whole_model_does(scenario):
    space = scenario.space_at("2019-11 deadline")
    plane = plane_model(scenario.model, space, Y, "us_displeasure")
    rng = np.random.default_rng(5)
    values = space.mode().repeat(50, axis=1)
    values[[space.names.index(Y), space.names.index("us_displeasure")]] = points = rng.uniform(0, 9, (2, 50))
    np.testing.assert_allclose(plane.evaluate(points), scenario.model.evaluate(values), atol=1e-12)


def test_every_setting_lies_on_the_map_and_the_range_is_told(scenario):
    plane = regions(scenario, "2019-11 deadline", x=X, y=Y, points=(5, 5))
    low, high = scenario.range("2019-11 deadline", X)
    assert (plane[X].attrs["low"], plane[X].attrs["high"]) == (low, high)
    assert plane[X].attrs["symbol"] == "k_U"
    assert plane[X].attrs["units"] == "util 0-10"
    assert plane[X].min() <= low
    assert plane[X].max() >= high
    for name, axis in (("point_x", X), ("point_y", Y)):
        modes = [scenario.space_at(setting)[axis].mode for setting in scenario.settings]
        assert plane[name].values.tolist() == modes
        assert plane[axis].min() <= min(modes)
        assert plane[axis].max() >= max(modes)
    assert plane.attrs["setting"] == "2019-11 deadline"


def test_outcomes_behind_the_codes(scenario):
    plane = regions(scenario, "2019-11 deadline", x=X, y=Y, points=(3, 3), fix={"USA": "press"})
    assert [tuple(row) for row in plane["action"].values.tolist()] == list(scenario.labels.outcomes)
    found = {scenario.labels.outcomes[code] for code in np.unique(plane["outcome"].values)}
    assert {outcome[2] for outcome in found} == {"press"}
    assert plane.attrs["held"] == "USA to press"


class Fixed:
    """A solver that answers the same whatever the game."""

    def __init__(self, strategies, code=Status.SOLVED):
        self.strategies, self.code = strategies, code

    def solve(self, game):
        count = len(self.strategies)
        draw = np.repeat(np.arange(game.draws), count)
        columns = [
            np.tile(np.array([profile[player] for profile in self.strategies], dtype=float).T, game.draws)
            if count
            else np.zeros((size, 0))
            for player, size in enumerate(game.shape)
        ]
        return Solution.of(game, self, draw, columns, np.full(game.draws, self.code, dtype=np.int8))


PURE = ((1, 0, 0), (1, 0), (1, 0))
OTHER = ((0, 0, 1), (1, 0), (1, 0))
MIX = ((0.5, 0.5, 0), (1, 0), (1, 0))


@pytest.mark.parametrize(
    ("strategies", "status", "code"),
    [
        ([PURE], Status.SOLVED, 0),
        ([PURE, PURE], Status.SOLVED, 0),
        ([MIX], Status.SOLVED, MIXED),
        ([PURE, OTHER], Status.SOLVED, MULTIPLE),
        ([PURE, MIX], Status.SOLVED, MULTIPLE),
        ([MIX, MIX], Status.SOLVED, MULTIPLE),
        ([], Status.NONE, NONE),
        ([], Status.FAILED, UNSOLVED),
    ],
)
def test_codes_of_points_that_no_single_outcome_answers(scenario, strategies, status, code):
    plane = regions(scenario, "2019-11 deadline", x=X, y=Y, points=(2, 2), solver=Fixed(strategies, status))
    assert (plane["outcome"].values == code).all()


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"setting": "2019-11 dedline"}, bg.errors.UnknownNameError, "2019-11 deadline"),
        ({"x": "presing_cost"}, bg.errors.UnknownNameError, "did you mean 'pressing_cost'"),
        ({"y": X}, bg.errors.InvalidArgumentError, "twice"),
        ({"points": (1, 5)}, bg.errors.InvalidArgumentError, "at least 2"),
        ({"points": (5,)}, bg.errors.InvalidArgumentError, "two whole numbers"),
        ({"fix": {"USA": "pres"}}, bg.errors.UnknownNameError, "press"),
    ],
)
def test_bad_arguments_are_named(scenario, change, error, words):
    with pytest.raises(error, match=words):
        regions(scenario, **{"setting": "2019-11 deadline", "x": X, "y": Y, **change})


def test_a_constant_spans_no_axis():
    class Constant:
        name, settings = "constant", ("now",)
        model = bg.PayoffModel.of(
            {"A": ("no", "yes")}, {"A": bg.When(A="yes") * (bg.Value("gain") - bg.Value("cost"))}
        )

        def space_at(self, _):
            return bg.Space([bg.Parameter("gain", bg.Fixed(1)), bg.Parameter("cost", bg.Uniform(0, 2))])

    with pytest.raises(bg.errors.InvalidArgumentError, match="gain is always 1"):
        regions(Constant(), "now", x="gain", y="cost")


def crosses(plane, x, y, *, along):
    """Say whether some exact boundary runs through between two neighbouring points of the grid."""
    for piece in range(plane.sizes["piece"]):
        a, b, c, d = plane["boundary"].values[piece]
        across, up = plane["boundary_x"].values[piece], plane["boundary_y"].values[piece]
        held, (low, high) = (y[0], x) if along == "x" else (x[0], y)
        first, second = (b + d * held, a + c * held) if along == "x" else (c + d * held, a + b * held)
        run, ends = (across, up) if along == "x" else (up, across)
        if not first:
            continue
        at = -second / first
        slack = 1e-9 * (1 + abs(held))
        if low <= at <= high and ends.min() - slack <= held <= ends.max() + slack:
            assert run.min() - 1e-9 <= at <= run.max() + 1e-9
            return True
    return False


def check_boundaries(plane, x, y, code_at):
    """Boundaries are exact, tell what is on either side, and part any two points of the grid that differ."""
    codes, xs, ys = plane["outcome"].values, plane[x].values, plane[y].values
    size = np.array([np.ptp(xs), np.ptp(ys)])
    for piece in range(plane.sizes["piece"]):
        points = np.stack([plane["boundary_x"].values[piece], plane["boundary_y"].values[piece]])
        a, b, c, d = plane["boundary"].values[piece]
        assert np.abs(a + b * points[0] + c * points[1] + d * points[0] * points[1]).max() < 1e-9
        assert ((xs[0] - 1e-9, ys[0] - 1e-9) <= points.T).all()
        assert ((xs[-1] + 1e-9, ys[-1] + 1e-9) >= points.T).all()
        middle = points[:, points.shape[1] // 2]
        if np.ptp(points / size[:, None], axis=1).max() < 1e-4:
            continue  # too short to step aside from
        normal = np.array([b + d * middle[1], c + d * middle[0]]) * size
        step = 1e-7 * normal / np.linalg.norm(normal) * size
        told = [code_at(*(middle + way * step)) for way in (-1, 1)]
        assert told == plane["boundary_code"].values[piece].tolist()
        assert told[0] != told[1]
    for row, column in np.argwhere(codes[:, 1:] != codes[:, :-1]):
        assert crosses(plane, xs[column : column + 2], ys[[row, row]], along="x")
    for row, column in np.argwhere(codes[1:] != codes[:-1]):
        assert crosses(plane, xs[[column, column]], ys[row : row + 2], along="y")


@pytest.mark.parametrize(
    ("setting", "x", "y", "fix"),
    [
        ("2019-11 deadline", X, Y, {}),
        ("2020-08 default", "audience_credit", "threat_credibility", {}),
        ("2019-08 notice", "finality", "us_displeasure", {"USA": "press"}),
        ("2023-03 thaw", Y, "grievance_unresolved", {}),
    ],
)
def test_boundaries_of_the_base_game(scenario, setting, x, y, fix):
    plane = regions(scenario, setting, x=x, y=y, points=(53, 47), fix=fix)
    assert plane.sizes["piece"] > 0
    check_boundaries(
        plane,
        x,
        y,
        lambda at, up: slow_code(scenario, setting, {x: at, y: up}, bg.PureNash(), fix),
    )


def random_code(random, at, up):
    payoffs = random.model.evaluate(np.array([[at], [up]]))[..., 0]
    found = pure_nash(payoffs)
    if len(found) != 1:
        return MULTIPLE if found else NONE
    return int(np.ravel_multi_index(found[0], payoffs.shape[1:]))


def test_boundaries_of_random_models():
    rng = np.random.default_rng(12)
    pieces = 0
    for _ in range(25):
        random = RandomModel(rng, parameters=2)
        plane = regions(random, "now", x="x0", y="x1", points=(23, 21))
        check_boundaries(plane, "x0", "x1", partial(random_code, random))
        pieces += plane.sizes["piece"]
    assert pieces > 100


def test_a_product_of_two_lines_is_taken_apart():
    # A gains (x - 0.3) (y - 0.6) by going: the sign changes across a cross.
    class Cross:
        name, settings = "cross", ("now",)
        x, y = bg.Value("x"), bg.Value("y")
        model = bg.PayoffModel.of(
            {"A": ("stay", "go")}, {"A": bg.When(A="go") * (x - 0.3) * (y - 0.6)}, parameters=["x", "y"]
        )

        def space_at(self, _):
            return bg.Space([bg.Parameter("x", bg.Uniform(0, 1)), bg.Parameter("y", bg.Uniform(0, 1))])

    plane = regions(Cross(), "now", x="x", y="y", points=(10, 10))
    ends = {
        tuple(round(float(v), 12) for v in (*px[[0, -1]], *py[[0, -1]]))
        for px, py in zip(plane["boundary_x"].values, plane["boundary_y"].values, strict=True)
    }
    assert ends == {(0.3, 0.3, 0.0, 0.6), (0.3, 0.3, 0.6, 1.0), (0.0, 0.3, 0.6, 0.6), (0.3, 1.0, 0.6, 0.6)}
    assert set(plane["boundary_player"].values.tolist()) == {"A"}


def test_other_solvers_have_no_exact_boundaries(scenario):
    plane = regions(scenario, "2019-11 deadline", x=X, y=Y, points=(3, 3), solver=bg.AllNash())
    assert "boundary_x" not in plane


def test_a_third_parameter_can_be_held(scenario):
    setting, held = "2019-11 deadline", {"audience_credit": 2.5}
    plane = regions(scenario, setting, x=X, y=Y, points=(7, 5), values=held)
    assert plane.attrs["held"] == "audience_credit to 2.5"
    for row, y in enumerate(plane[Y].values):
        for column, x in enumerate(plane[X].values):
            code = slow_code(scenario, setting, {X: x, Y: y, **held}, bg.PureNash(), {})
            assert plane["outcome"].values[row, column] == code
    narrow = regions(scenario, setting, x=X, y=Y, points=(3, 3), values={X: bg.Uniform(-1, 9)})
    assert narrow[X].values[[0, -1]].tolist() == [-1, 9]


def test_x_and_y_are_asked_for(scenario):
    with pytest.raises(TypeError, match="'x' and 'y'"):
        regions(scenario, "2019-11 deadline")
