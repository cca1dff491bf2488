import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import qmc

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.parameters import Parameter
from bargain.seeds import generator
from bargain.uncertainty.designs import (
    BLOCK,
    CELL,
    DESIGNS,
    Design,
    Grid,
    LatinHypercube,
    MonteCarlo,
    Sobol,
    design_of,
)
from bargain.uncertainty.designs import points as points_of
from bargain.uncertainty.marginals import (
    PERT,
    Beta,
    Discrete,
    Empirical,
    Fixed,
    LogNormal,
    Normal,
    Triangular,
    Uniform,
)
from bargain.uncertainty.space import Space

RANDOM = [MonteCarlo(), Sobol(), LatinHypercube()]
NAMES = tuple(DESIGNS)


def space_of(*marginals):
    return Space([Parameter(f"p{i}", marginal) for i, marginal in enumerate(marginals)])


CUBE = space_of(Uniform(0, 1), Uniform(0, 1), Uniform(0, 1))


def block_of(design, number, rows, *, draws=None, seed=7, space=CUBE):
    return points_of(design, space, seed, number, number * BLOCK + rows if draws is None else draws)


@pytest.mark.parametrize("design", [*RANDOM, Grid({"p0": 3})], ids=repr)
def test_every_design_keeps_to_the_protocol(design):
    assert isinstance(design, Design)
    points = block_of(design, 0, design.size(CUBE, 3))
    assert ((points >= 0) & (points <= 1)).all()
    assert design.content()["kind"] == design.kind


@pytest.mark.parametrize("design", RANDOM, ids=NAMES)
def test_the_same_address_has_the_same_points(design):
    first = block_of(design, 1, 1000, draws=BLOCK + 1000)
    block_of(design, 0, 10, draws=10, seed=8)
    assert (block_of(design, 1, 1000, draws=BLOCK + 1000) == first).all()
    assert not (block_of(design, 1, 1000, draws=BLOCK + 1000, seed=8) == first).any()


@pytest.mark.parametrize("design", [MonteCarlo(), Sobol()], ids=["monte_carlo", "sobol"])
@pytest.mark.parametrize("number", [0, 1])
@given(rows=st.integers(1, 2000))
@settings(max_examples=10)
def test_a_shorter_block_is_a_beginning_of_the_longer(design, number, rows):
    assert (block_of(design, number, rows) == block_of(design, number, 2000)[:, :rows]).all()


@pytest.mark.parametrize(
    "design", [MonteCarlo(), Sobol(), Grid({"p0": 200, "p2": 400})], ids=lambda d: d.kind
)
@pytest.mark.parametrize("rows", [CELL - 1, CELL, CELL + 1, 2 * CELL + 5])
def test_where_a_block_ends_changes_no_point_before(design, rows):
    points = block_of(design, 0, rows)
    assert points.shape == (3, rows)
    assert (points == block_of(design, 0, 3 * CELL)[:, :rows]).all()


@pytest.mark.parametrize("design", [*RANDOM, Grid({"p0": 10})], ids=lambda d: d.kind)
def test_what_stands_behind_the_last_draw_of_a_cell_are_points_all_the_same(design):
    """A sweep transforms whole cells: leftovers must not be NaN or outside the unit cube."""
    out = np.full((3, CELL), np.nan)
    widths = []
    for width in design.cells(CUBE, 7, 0, CELL + 10, out):
        widths.append(width)
        assert ((out >= 0) & (out <= 1)).all()
    assert widths == [CELL, 10]


def test_a_short_monte_carlo_block_is_a_beginning_of_the_full_one():
    assert (block_of(MonteCarlo(), 2, 5) == block_of(MonteCarlo(), 2, BLOCK)[:, :5]).all()


def test_monte_carlo_blocks_are_streams_of_their_own():
    first, second = block_of(MonteCarlo(), 0, 1000), block_of(MonteCarlo(), 1, 1000)
    assert not (first == second).any()
    assert (first[0] == generator(7, 0).random(1000)).all()


def test_sobol_blocks_are_slices_of_one_sequence():
    whole = qmc.Sobol(3, scramble=True, bits=32, rng=generator(7)).random(2 * BLOCK).T
    assert (block_of(Sobol(), 0, BLOCK) == whole[:, :BLOCK]).all()
    assert (block_of(Sobol(), 1, BLOCK) == whole[:, BLOCK:]).all()


def test_sobol_points_are_balanced():
    """Every elementary interval of a scrambled (0, m, s)-net in each coordinate holds one point."""
    points = block_of(Sobol(), 0, 1024)
    for row in points:
        assert np.sort(np.floor(row * 1024)).tolist() == list(range(1024))
    assert np.abs(points.mean(axis=1) - 0.5).max() < 1e-3


@pytest.mark.parametrize("draws", [1, 10, 1000, BLOCK + 7])
def test_a_latin_hypercube_has_one_point_in_every_slice(draws):
    blocks = [
        block_of(LatinHypercube(), number, min(BLOCK, draws - start), draws=draws)
        for number, start in enumerate(range(0, draws, BLOCK))
    ]
    for row in np.concatenate(blocks, axis=1):
        assert (np.sort(np.floor(row * draws)) == np.arange(draws)).all()


def test_a_latin_hypercube_pairs_parameters_at_random():
    points = block_of(LatinHypercube(), 0, 2000)
    assert np.abs(np.corrcoef(points) - np.eye(3)).max() < 0.1


@pytest.mark.parametrize("design", RANDOM, ids=NAMES)
def test_random_designs_make_as_many_draws_as_are_asked_for(design):
    assert design.size(CUBE, 1000) == 1000


def test_sizes_that_cannot_be():
    with pytest.raises(
        InvalidArgumentError, match=rf"at most 2\*\*32 draws were expected, given {2**32 + 1}"
    ):
        Sobol().size(CUBE, 2**32 + 1)
    with pytest.raises(InvalidArgumentError, match=r"drawn whole: .* use 'sobol' or 'monte_carlo'"):
        LatinHypercube().size(CUBE, 2**28)


@pytest.mark.parametrize("design", RANDOM, ids=NAMES)
def test_a_space_without_parameters_has_draws_all_the_same(design):
    assert block_of(design, 0, 10, space=space_of()).shape == (0, 10)


@given(st.lists(st.integers(1, 5), min_size=3, max_size=3), st.permutations(["p0", "p1", "p2"]))
def test_a_grid_is_every_combination_of_midpoints_of_equal_mass(counts, names):
    grid = Grid(dict(zip(names, counts, strict=True)))
    size = grid.size(CUBE, 12345)
    points = block_of(grid, 0, size)
    midpoints = [[(level + 0.5) / count for level in range(count)] for count in counts]
    expected = [dict(zip(names, combination, strict=True)) for combination in itertools.product(*midpoints)]
    assert size == len(expected)
    assert points.T.tolist() == [[point[name] for name in CUBE.names] for point in expected]


def test_grid_shares_are_shares_of_the_distribution():
    space = space_of(Discrete((0, 1), (0.25, 0.75)))
    points = block_of(Grid({"p0": 100}), 0, 100, space=space)
    assert space.values(points).mean() == 0.75


def test_grid_blocks_are_slices_of_the_grid():
    grid = Grid({"p0": 300, "p2": 300})
    size = grid.size(CUBE, 0)
    assert size == 90_000
    points = np.concatenate([block_of(grid, 0, BLOCK), block_of(grid, 1, size - BLOCK)], axis=1)
    assert len({(a, b) for a, _, b in points.T.tolist()}) == size
    assert points[:, BLOCK].tolist() == [(BLOCK // 300 + 0.5) / 300, 0.5, (BLOCK % 300 + 0.5) / 300]


@pytest.mark.parametrize(
    "marginal",
    [Fixed(2), Uniform(0, 3), Triangular(0, 1, 5), Triangular(0, 0, 5), Triangular(0, 5, 5), PERT(0, 1, 5),
     Normal(1, 2), LogNormal(0, 1), Beta(2, 5), Beta(5, 0.5), Discrete((3, 1, 2), (0.2, 0.3, 0.5)),
     Discrete((3, 1, 2), (0.5, 0.3, 0.2)), Empirical((1, 5, 2, 4))],
    ids=repr,
)  # fmt: skip
def test_parameters_outside_the_grid_stay_at_their_modal_value(marginal):
    space = space_of(Uniform(0, 1), marginal)
    values = space.values(block_of(Grid({"p0": 4}), 0, 4, space=space))
    assert values[1] == pytest.approx(np.full(4, marginal.mode), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("count", [0, -1, 2.0, True, "3", None])
def test_levels_that_cannot_be(count):
    with pytest.raises(
        InvalidArgumentError, match="grid: p0: a positive number of levels was expected, given"
    ):
        Grid({"p0": count})


def test_grids_of_nothing():
    with pytest.raises(
        InvalidArgumentError, match="levels of at least one parameter were expected, given none"
    ):
        Grid({})
    with pytest.raises(UnknownNameError, match=r"grid: unknown parameter 'p9'; did you mean 'p"):
        Grid({"p9": 2}).size(CUBE, 10)


def test_a_grid_does_not_follow_its_argument():
    levels = {"p0": 2}
    grid = Grid(levels)
    levels["p0"] = 3
    assert grid.size(CUBE, 0) == 2
    assert grid.content() == {"kind": "grid", "levels": [("p0", 2)]}


@pytest.mark.parametrize("name", DESIGNS)
def test_designs_by_name(name):
    assert design_of(name) == DESIGNS[name]()
    assert design_of(design_of(name)) == DESIGNS[name]()


def test_designs_that_do_not_exist():
    with pytest.raises(
        UnknownNameError, match=r"unknown design 'montecarlo'; did you mean 'monte_carlo'\?.*Grid"
    ):
        design_of("montecarlo")
    for given_design in (None, 3, MonteCarlo):
        with pytest.raises(InvalidArgumentError, match="design: a name or a design was expected, given"):
            design_of(given_design)
