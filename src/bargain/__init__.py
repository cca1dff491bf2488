"""Games between governments whose payoffs are uncertain: equilibria, sweeps, policy sensitivity.

>>> import bargain as bg
>>> scenario = bg.load_scenario("gsomia")
>>> solution = bg.solve(scenario.game("2019-11 deadline"), bg.PureNash())
>>> solution.profiles()
[{'ROK': {'suspend': 1.0}, 'JPN': {'relax': 1.0}, 'USA': {'press': 1.0}}]
"""

from bargain import errors
from bargain.games.bargaining import BargainingProblem
from bargain.games.coalition import CoalitionalGame
from bargain.games.conflict import ConflictGraph
from bargain.games.crisis import CrisisGame
from bargain.games.extensive import ExtensiveForm
from bargain.games.frontier import BargainingFrontier
from bargain.games.labels import Labels
from bargain.games.normal import NormalForm
from bargain.games.signalling import ThreatGame
from bargain.games.tree import Chance, Decision, Outcome
from bargain.io.gambit import read_efg, read_nfg, write_efg, write_nfg
from bargain.parameters import Parameter
from bargain.payoffs.model import PayoffModel
from bargain.payoffs.term import Payoff, Term, Value, When
from bargain.references.bibliography import Reference, bibliography
from bargain.references.cite import Citations, cite
from bargain.scenarios.reader import builtin_scenarios, load_scenario
from bargain.scenarios.scenario import Scenario, Setting
from bargain.sensitivity.changes import Change, smallest_change
from bargain.sensitivity.conditions import Condition, conditions
from bargain.sensitivity.decomposition import Decomposition, Objections, decompose, objections
from bargain.sensitivity.discovery import Discovery, discover
from bargain.sensitivity.given_data import pawn_indices
from bargain.sensitivity.levers import levers
from bargain.sensitivity.minimal_sets import minimal_sets
from bargain.sensitivity.regional import regional_sensitivity
from bargain.sensitivity.regions import regions
from bargain.sensitivity.sobol import function_indices, sobol_indices
from bargain.sensitivity.thresholds import thresholds
from bargain.solvers.agent_logit_qre import AgentLogitQRE
from bargain.solvers.all_nash import AllNash
from bargain.solvers.backward_induction import BackwardInduction
from bargain.solvers.bargaining.agreements import Agreements, AgreementStatus
from bargain.solvers.bargaining.alternating_offers import AlternatingOffers, Offers, OfferStatus
from bargain.solvers.bargaining.attrition import Attrition, AttritionPath
from bargain.solvers.bargaining.characteristic import coalitional_form
from bargain.solvers.bargaining.core import Core, core
from bargain.solvers.bargaining.egalitarian import Egalitarian
from bargain.solvers.bargaining.ideal_point import ideal_point
from bargain.solvers.bargaining.kalai_smorodinsky import KalaiSmorodinsky
from bargain.solvers.bargaining.linkage import Linkage, link_issues
from bargain.solvers.bargaining.nash_bargaining import NashBargaining
from bargain.solvers.bargaining.repeated import GrimTrigger, grim_trigger
from bargain.solvers.bargaining.rubinstein import rubinstein_offers
from bargain.solvers.bargaining.shapley import shapley_value
from bargain.solvers.bargaining.utilitarian import Utilitarian
from bargain.solvers.bargaining.variable_threats import VariableThreats, variable_threats
from bargain.solvers.behaviour_solution import BehaviourSolution
from bargain.solvers.bimatrix_nash import BimatrixNash
from bargain.solvers.conflict_stability import ConflictStability, StabilityTable
from bargain.solvers.correlated_equilibrium import CorrelatedEquilibrium
from bargain.solvers.credibility import Credibility, credibility
from bargain.solvers.crisis_equilibria import CrisisEquilibria, CrisisSolution
from bargain.solvers.dominance import Elimination, best_replies, eliminate, rationalisable
from bargain.solvers.explanation import explain
from bargain.solvers.extensive_logit_qre import ExtensiveLogitQRE
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
from bargain.solvers.sequence_form import SequenceForm, ZeroSumSequenceForm
from bargain.solvers.sequential_equilibrium import SequentialCheck, check_sequential
from bargain.solvers.signalling_equilibria import PerfectBayesian, SignallingKind, SignallingSolution
from bargain.solvers.solution import Solution, Solver, Status, solve
from bargain.solvers.subgame_perfect import SubgamePerfect
from bargain.solvers.take_it_or_leave_it import Ultimatum, ultimatum
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
    "AgreementStatus",
    "Agreements",
    "AllNash",
    "AlternatingOffers",
    "Attrition",
    "AttritionPath",
    "BackwardInduction",
    "BargainingFrontier",
    "BargainingProblem",
    "BehaviourSolution",
    "BestFor",
    "Beta",
    "BimatrixNash",
    "Chance",
    "Change",
    "Citations",
    "CoalitionalGame",
    "Condition",
    "ConditionalShares",
    "ConflictGraph",
    "ConflictStability",
    "Core",
    "CorrelatedEquilibrium",
    "Credibility",
    "CrisisEquilibria",
    "CrisisGame",
    "CrisisSolution",
    "Decision",
    "Decomposition",
    "Discovery",
    "Discrete",
    "Egalitarian",
    "Elimination",
    "Empirical",
    "ExtensiveForm",
    "ExtensiveLogitQRE",
    "Fixed",
    "GaussianCopula",
    "Grid",
    "GrimTrigger",
    "KalaiSmorodinsky",
    "KeptDraws",
    "Labels",
    "LatinHypercube",
    "Linkage",
    "LogNormal",
    "LogitQRE",
    "MonteCarlo",
    "NashBargaining",
    "Normal",
    "NormalForm",
    "Objections",
    "OfferStatus",
    "Offers",
    "Outcome",
    "OutcomeShares",
    "Parameter",
    "Payoff",
    "PayoffDominance",
    "PayoffModel",
    "PayoffMoments",
    "PayoffQuantiles",
    "PerfectBayesian",
    "PureNash",
    "Reference",
    "RiskDominance",
    "Scenario",
    "ScipyDistribution",
    "SelectedShares",
    "SequenceForm",
    "SequentialCheck",
    "Setting",
    "SignallingKind",
    "SignallingSolution",
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
    "ThreatGame",
    "Triangular",
    "TruncatedNormal",
    "Ultimatum",
    "Uniform",
    "UniformSelection",
    "Utilitarian",
    "Value",
    "VariableThreats",
    "When",
    "WorstFor",
    "ZeroSumSequenceForm",
    "best_replies",
    "bibliography",
    "builtin_scenarios",
    "check_sequential",
    "cite",
    "coalitional_form",
    "compare",
    "conditions",
    "core",
    "credibility",
    "decompose",
    "discover",
    "eliminate",
    "errors",
    "explain",
    "function_indices",
    "grim_trigger",
    "ideal_point",
    "levers",
    "link_issues",
    "load_scenario",
    "merge_stores",
    "minimal_sets",
    "objections",
    "pawn_indices",
    "rationalisable",
    "read_efg",
    "read_nfg",
    "regional_sensitivity",
    "regions",
    "rubinstein_offers",
    "run",
    "shapley_value",
    "smallest_change",
    "sobol_indices",
    "solve",
    "thresholds",
    "ultimatum",
    "variable_threats",
    "wilson_interval",
    "write_efg",
    "write_nfg",
]
