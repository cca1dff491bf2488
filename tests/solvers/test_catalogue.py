import dataclasses
import re

import pytest

from bargain.errors import InvalidArgumentError, UnknownNameError
from bargain.provenance import content_key
from bargain.solvers.bimatrix_nash import BimatrixNash
from bargain.solvers.catalogue import SOLVERS, solver_content, solver_of
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.subgame_perfect import SubgamePerfect


@pytest.mark.parametrize(("name", "solver"), SOLVERS.items(), ids=SOLVERS)
def test_a_solver_stands_in_the_file_of_its_name(name, solver):
    assert solver.__module__ == f"bargain.solvers.{name}"
    assert solver.__name__.casefold() == name.replace("_", "")


@pytest.mark.parametrize("solver", SOLVERS.values(), ids=SOLVERS)
def test_every_solver_is_a_frozen_dataclass_that_explains_itself(solver):
    assert dataclasses.is_dataclass(solver)
    assert solver.__dataclass_params__.frozen
    assert re.match(r"\S.*\.\n", solver.__doc__)
    assert "Examples" in solver.__doc__
    for field in dataclasses.fields(solver):
        assert re.search(rf"^ *{field.name} :", solver.__doc__, re.MULTILINE), (
            f"{field.name} is not documented"
        )


def test_solvers_from_names_and_options():
    assert solver_of("pure_nash") == PureNash()
    assert solver_of("pure_nash", tolerance=0.5) == PureNash(tolerance=0.5)
    assert solver_of("bimatrix_nash", method="lemke_howson") == BimatrixNash("lemke_howson")
    assert solver_of("subgame_perfect", order=[["a"], ["b"]]) == SubgamePerfect([["a"], ["b"]])


def test_names_and_options_that_do_not_exist():
    with pytest.raises(UnknownNameError, match=r"unknown solver 'pure nash'; did you mean 'pure_nash'\?"):
        solver_of("pure nash")
    with pytest.raises(UnknownNameError, match="unknown option of pure_nash 'tol'; did you mean 'tolerance'"):
        solver_of("pure_nash", tol=1)
    with pytest.raises(InvalidArgumentError, match="subgame_perfect needs the option order"):
        solver_of("subgame_perfect")


def test_content_tells_solvers_and_options_apart():
    solvers = [PureNash(), PureNash(0.1), BimatrixNash(), BimatrixNash("lemke_howson"), SubgamePerfect([["a"], ["b"]]),
               SubgamePerfect([["b"], ["a"]]), SubgamePerfect([["a", "b"]])]  # fmt: skip
    assert len({content_key(solver_content(solver)) for solver in solvers}) == len(solvers)
    assert solver_content(PureNash()) == {"solver": "PureNash", "tolerance": 0.0}


@pytest.mark.parametrize("solver", [PureNash, object(), None])
def test_what_has_no_options_has_no_content(solver):
    with pytest.raises(InvalidArgumentError, match="frozen dataclass of its options, given"):
        solver_content(solver)
