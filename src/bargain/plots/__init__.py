"""Pictures: one figure, one file; each takes data and returns the matplotlib Axes that it drew in.

The functions are imported here by name, before anybody can import their files: a file and its function share
one name, and ``bg.plots.tornado`` has to be the function.
"""

from bargain.plots.bargaining_set import bargaining_set
from bargain.plots.best_reply_diagram import best_reply_diagram
from bargain.plots.conditional_shares import conditional_shares
from bargain.plots.conflict_graph import conflict_graph
from bargain.plots.deadline_surplus import deadline_surplus
from bargain.plots.equilibrium_cube import equilibrium_cube
from bargain.plots.game_tree import game_tree
from bargain.plots.lever_ranking import lever_ranking
from bargain.plots.logit_branch import logit_branch
from bargain.plots.measure_ranges import measure_ranges
from bargain.plots.outcome_shares import outcome_shares
from bargain.plots.payoff_table import payoff_table
from bargain.plots.posterior_path import posterior_path
from bargain.plots.regime_map import regime_map
from bargain.plots.regime_maps import regime_maps
from bargain.plots.regional_strips import regional_strips
from bargain.plots.sobol_bars import sobol_bars
from bargain.plots.style import DOUBLE_COLUMN, ONE_AND_A_HALF_COLUMNS, SINGLE_COLUMN, save
from bargain.plots.survival_fan import survival_fan
from bargain.plots.sweep_convergence import sweep_convergence
from bargain.plots.timeline import timeline
from bargain.plots.tornado import tornado
from bargain.plots.waterfall import waterfall

__all__ = [
    "DOUBLE_COLUMN",
    "ONE_AND_A_HALF_COLUMNS",
    "SINGLE_COLUMN",
    "bargaining_set",
    "best_reply_diagram",
    "conditional_shares",
    "conflict_graph",
    "deadline_surplus",
    "equilibrium_cube",
    "game_tree",
    "lever_ranking",
    "logit_branch",
    "measure_ranges",
    "outcome_shares",
    "payoff_table",
    "posterior_path",
    "regime_map",
    "regime_maps",
    "regional_strips",
    "save",
    "sobol_bars",
    "survival_fan",
    "sweep_convergence",
    "timeline",
    "tornado",
    "waterfall",
]
