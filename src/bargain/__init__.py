"""Games between governments whose payoffs are uncertain: equilibria, sweeps, policy sensitivity.

>>> import bargain as bg
>>> scenario = bg.load_scenario("gsomia")
>>> solution = bg.solve(scenario.game("2019-11 deadline"), bg.PureNash())
>>> solution.profiles()
[{'ROK': {'suspend': 1.0}, 'JPN': {'relax': 1.0}, 'USA': {'press': 1.0}}]
"""

from bargain import errors
from bargain.games.conflict import ConflictGraph
from bargain.games.labels import Labels
from bargain.games.normal import NormalForm
from bargain.io.gambit import read_efg, read_nfg, write_efg, write_nfg
from bargain.parameters import Parameter
from bargain.payoffs.model import PayoffModel
from bargain.payoffs.term import Payoff, Term, Value, When
from bargain.scenarios.reader import builtin_scenarios, load_scenario
from bargain.scenarios.scenario import Scenario, Setting
from bargain.sensitivity.decomposition import Decomposition, Objections, decompose, objections
from bargain.sensitivity.discovery import Discovery, discover
from bargain.sensitivity.given_data import pawn_indices
from bargain.sensitivity.levers import levers
from bargain.sensitivity.regional import regional_sensitivity
from bargain.sensitivity.regions import regions
from bargain.sensitivity.sobol import function_indices, sobol_indices
from bargain.solvers.agent_logit_qre import AgentLogitQRE
from bargain.solvers.all_nash import AllNash
from bargain.solvers.bimatrix_nash import BimatrixNash
from bargain.solvers.conflict_stability import ConflictStability, StabilityTable
from bargain.solvers.correlated_equilibrium import CorrelatedEquilibrium
from bargain.solvers.dominance import Elimination, best_replies, eliminate, rationalisable
from bargain.solvers.explanation import explain
from bargain.solvers.logit_qre import LogitQRE
from bargain.solvers.pure_nash import PureNash
from bargain.solvers.selection import (
    BestFor,
    PayoffDominance,
    RiskDominance,
    StatusQuo,
    UniformSelection,
    WorstFor,
)
from bargain.solvers.solution import Solution, Solver, Status, solve
from bargain.solvers.subgame_perfect import SubgamePerfect
from bargain.sweep.compare import compare
from bargain.sweep.interval import wilson_interval
from bargain.sweep.reducers import (
    ConditionalShares,
    KeptDraws,
    OutcomeShares,
    PayoffMoments,
    PayoffQuantiles,
    SelectedShares,
)
from bargain.sweep.run import Sweep, run
from bargain.sweep.store import merge_stores
from bargain.sweep.task import Task
from bargain.uncertainty.dependence import GaussianCopula
from bargain.uncertainty.designs import Grid, LatinHypercube, MonteCarlo, Sobol
from bargain.uncertainty.marginals import (
    PERT,
    Beta,
    Discrete,
    Empirical,
    Fixed,
    LogNormal,
    Normal,
    ScipyDistribution,
    Triangular,
    TruncatedNormal,
    Uniform,
)
from bargain.uncertainty.space import Space

__version__ = "0.1.0.dev0"

__all__ = [
    "PERT",
    "AgentLogitQRE",
    "AllNash",
    "BestFor",
    "Beta",
    "BimatrixNash",
    "ConditionalShares",
    "ConflictGraph",
    "ConflictStability",
    "CorrelatedEquilibrium",
    "Decomposition",
    "Discovery",
    "Discrete",
    "Elimination",
    "Empirical",
    "Fixed",
    "GaussianCopula",
    "Grid",
    "KeptDraws",
    "Labels",
    "LatinHypercube",
    "LogNormal",
    "LogitQRE",
    "MonteCarlo",
    "Normal",
    "NormalForm",
    "Objections",
    "OutcomeShares",
    "Parameter",
    "Payoff",
    "PayoffDominance",
    "PayoffModel",
    "PayoffMoments",
    "PayoffQuantiles",
    "PureNash",
    "RiskDominance",
    "Scenario",
    "ScipyDistribution",
    "SelectedShares",
    "Setting",
    "Sobol",
    "Solution",
    "Solver",
    "Space",
    "StabilityTable",
    "Status",
    "StatusQuo",
    "SubgamePerfect",
    "Sweep",
    "Task",
    "Term",
    "Triangular",
    "TruncatedNormal",
    "Uniform",
    "UniformSelection",
    "Value",
    "When",
    "WorstFor",
    "best_replies",
    "builtin_scenarios",
    "compare",
    "decompose",
    "discover",
    "eliminate",
    "errors",
    "explain",
    "function_indices",
    "levers",
    "load_scenario",
    "merge_stores",
    "objections",
    "pawn_indices",
    "rationalisable",
    "read_efg",
    "read_nfg",
    "regional_sensitivity",
    "regions",
    "run",
    "sobol_indices",
    "solve",
    "wilson_interval",
    "write_efg",
    "write_nfg",
]
