"""THE table of pictures: names for the command line and reports, and what the common tests run on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

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
from bargain.plots.regional_strips import regional_strips
from bargain.plots.sobol_bars import sobol_bars
from bargain.plots.survival_fan import survival_fan
from bargain.plots.sweep_convergence import sweep_convergence
from bargain.plots.timeline import timeline
from bargain.plots.tornado import tornado
from bargain.plots.waterfall import waterfall

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["PLOTS", "Plot"]


class Plot(NamedTuple):
    """A picture.

    Attributes
    ----------
    draw : callable
        Takes the data, and ``ax=`` by keyword; returns the Axes.
    summary : str
        What it shows, in one line.
    """

    draw: Callable[..., Axes]
    summary: str


PLOTS: dict[str, Plot] = {
    "measure_ranges": Plot(measure_ranges, "measures at every dated setting: means and the range of draws"),
    "payoff_table": Plot(payoff_table, "payoffs of one game, with best replies and equilibria marked"),
    "outcome_shares": Plot(
        outcome_shares, "shares of outcomes at every dated setting, with what happened marked"
    ),
    "regime_map": Plot(regime_map, "the outcome predicted over two parameters, with the settings as points"),
    "timeline": Plot(timeline, "the chronology, with what the model says at each dated setting"),
    "tornado": Plot(tornado, "the range of each parameter, with the values at which the outcome changes"),
    "sobol_bars": Plot(sobol_bars, "first-order and total Sobol indices with their intervals"),
    "conditional_shares": Plot(conditional_shares, "shares of outcomes over one parameter, with bands"),
    "lever_ranking": Plot(lever_ranking, "what each lever changes in the share of an outcome, ranked"),
    "regional_strips": Plot(regional_strips, "where each parameter lies if an outcome happens, and if not"),
    "waterfall": Plot(waterfall, "the payoff terms behind each player's gain from what it does"),
    "sweep_convergence": Plot(sweep_convergence, "shares of outcomes as more and more draws are made"),
    "best_reply_diagram": Plot(best_reply_diagram, "what two players do best against each other"),
    "equilibrium_cube": Plot(
        equilibrium_cube, "all equilibria of three players in the cube of their probabilities"
    ),
    "logit_branch": Plot(logit_branch, "what players who err do, as they err less and less"),
    "conflict_graph": Plot(conflict_graph, "states of a conflict, who can move where, and what is stable"),
    "game_tree": Plot(game_tree, "a game tree with its equilibrium path"),
    "bargaining_set": Plot(
        bargaining_set, "what two players may agree on, and what bargaining solutions pick"
    ),
    "posterior_path": Plot(posterior_path, "the belief that a sender is tough, over years or messages"),
    "survival_fan": Plot(survival_fan, "survival by year, with quantiles over draws"),
    "deadline_surplus": Plot(
        deadline_surplus, "what each round up to a deadline is worth, and when they agree"
    ),
}
"""Every picture by name."""
