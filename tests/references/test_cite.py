"""Citations follow the docstrings of the methods that a result was made by."""

import inspect
from dataclasses import replace

import numpy as np
import pytest

import bargain as bg
from bargain.errors import InvalidArgumentError


def keys(*used):
    return {reference.key for reference in bg.cite(*used).references}


def test_a_solution_cites_its_solver():
    game = bg.NormalForm({"A": ("l", "r"), "B": ("l", "r")}, np.arange(8).reshape(2, 2, 2))
    assert keys(bg.solve(game, bg.PureNash())) == keys(bg.PureNash()) == {"Nash1951"}
    assert keys(bg.solve(game, bg.LogitQRE(precision=1.0))) == {"McKelveyPalfrey1995", "Turocy2005"}


def test_a_sweep_cites_solver_intervals_and_who_audited_it():
    model = bg.PayoffModel.of(
        {"A": ("l", "r"), "B": ("l", "r")}, {"A": bg.Value("x") * bg.When(A="l"), "B": bg.When(B="r")}
    )
    task = bg.Task(model, bg.Space([bg.Parameter("x", bg.Uniform(-1, 1))]), draws=100)
    assert keys(task) == {"Nash1951", "Wilson1927"}
    audited = bg.run(replace(task, solver=bg.AllNash()))
    assert "nashpy" in audited.audit.by
    assert keys(audited) == {"Nash1951", "Wilson1927", "Nashpy"}


def test_dependent_parameters_bring_the_copula():
    parameters = [bg.Parameter(name, bg.Uniform(0, 1)) for name in "xy"]
    space = bg.Space(parameters, bg.GaussianCopula({("x", "y"): 0.5}))
    assert keys(space) == {"Kruskal1958", "CarioNelson1997"}


def test_every_public_method_can_be_cited_and_every_key_it_cites_exists():
    for name in bg.__all__:
        thing = getattr(bg, name)
        if inspect.isclass(thing) or inspect.isroutine(thing):
            assert keys(thing) <= set(bg.bibliography())


def test_a_scenario_cites_its_evidence_and_the_text_holds_all_of_it():
    scenario = bg.load_scenario("gsomia")
    cited = bg.cite(scenario, bg.sobol_indices)
    assert [item.id for item in cited.evidence] == list(scenario.evidence)
    text = " ".join(str(cited).split())
    assert bg.__version__ in text
    assert "[SaltelliEtAl2010: sobol_indices]" in text
    for item in scenario.evidence.values():
        assert all(link in text for link in item.links)


def test_what_does_not_know_its_method_is_refused():
    with pytest.raises(InvalidArgumentError, match="given DataFrame"):
        bg.cite(bg.load_scenario("gsomia").parameter_table())
