"""What pictures are drawn from: the shipped scenario, and foreign ones with two and with four players."""

from functools import cached_property

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot as plt

import bargain as bg
from bargain.sensitivity.regions import regions

mpl.use("Agg")

FOREIGN = """
schema_version = 1
name = "canal"
title = "The canal"
{players}
[parameters.toll]
symbol = 't'
meaning = "Toll"
unit = "EUR"
distribution = {{ kind = "uniform", low = 0, high = 2 }}

[parameters.traffic]
meaning = "Ships"
unit = ""
distribution = {{ kind = "triangular", low = 1, mode = 1.5, high = 4 }}
{terms}
[[settings]]
name = "opening"
date = 1951-03-01
title = "The canal opens"
role = "forecast"
{history}
[settings.distributions]

[[settings]]
name = "closing"
date = 1951-09-12
title = "The canal closes; nobody knows why (yet)"
role = "forecast"

[settings.distributions]
toll = {{ kind = "uniform", low = 1, high = 3 }}
"""

PLAYER = """
[[players]]
name = "{name}"
actions = [{{ name = "open" }}, {{ name = "shut" }}]
"""

TERM = """
[[terms]]
name = "{number}"
player = "{player}"
coefficient = {coefficient}
parameters = ["{parameter}"]
when = {when}
why = "For the picture."
"""


def foreign_scenario(folder, count):
    names = ["Narnia", "Oz", "Laputa", "Ruritania"][:count]
    terms = []
    for player, other in zip(names, names[1:] + names[:1], strict=True):
        both = f'{{ {player} = ["shut"], {other} = ["open"] }}'
        alone = f'{{ {player} = ["shut"] }}'
        terms += [(player, 1, "toll", both), (player, -0.5, "traffic", alone), (player, 0.5, "toll", alone)]
    keys = ("player", "coefficient", "parameter", "when")
    text = FOREIGN.format(
        players="".join(PLAYER.format(name=name) for name in names),
        terms="".join(
            TERM.format(number=f"T{number}", **dict(zip(keys, term, strict=True)))
            for number, term in enumerate(terms)
        ),
        history='[[settings.history]]\ncoding = "seen"\noutcome = {'
        + ", ".join(f' {name} = "open"' for name in names)
        + " }",
    )
    path = folder / f"canal{count}.toml"
    path.write_text(text, encoding="utf-8")
    return bg.load_scenario(path)


def two_of(game):
    """The game between its first two players, the others held to their first action and left out."""
    payoffs = game.payoffs.reshape(*game.payoffs.shape[:3], -1, game.draws)[:2, :, :, 0]
    return bg.NormalForm(dict(list(game.actions.items())[:2]), payoffs)


class Drawn:
    """A scenario with everything that its pictures need."""

    def __init__(self, scenario, x, y, *, event, lively=0):
        self.scenario = scenario
        self.setting = scenario.settings[0]
        self.x, self.event, self.lively = x, event, scenario.settings[lively]
        self.game = scenario.game(self.setting)
        self.shares = {
            name: bg.run(scenario.task(name, draws=2000, seed=7), workers=1).shares()
            for name in scenario.settings
        }
        self.history = {
            name: [coding.outcome for coding in scenario.setting(name).codings] for name in scenario.settings
        }
        self.regions = regions(scenario, self.setting, x=x, y=y, points=(31, 21))

    @cached_property
    def thresholds(self):
        return bg.thresholds(self.scenario, self.lively)

    @cached_property
    def indices(self):
        task = self.scenario.task(self.lively, seed=7)
        return bg.sobol_indices(task, outcome=self.event, points=2**10, bootstrap=100)

    @cached_property
    def conditional(self):
        by_x = bg.ConditionalShares(self.x, bins=8)
        return bg.run(self.scenario.task(self.lively, draws=2000, seed=7, reducers=[by_x]), workers=1).table(
            by_x
        )

    @cached_property
    def levers(self):
        return bg.levers(self.scenario, self.lively, self.event, draws=2000, seed=7)

    @cached_property
    def regional(self):
        return bg.regional_sensitivity(self.scenario.task(self.lively, draws=2000, seed=7), self.event)

    @cached_property
    def decomposition(self):
        return bg.decompose(self.scenario, self.lively, draws=200, seed=7)

    @cached_property
    def running(self):
        running = bg.RunningShares(per_decade=4)
        task = self.scenario.task(self.lively, draws=2000, seed=7, reducers=[running])
        return bg.run(task, workers=1).table(running)

    threat = bg.ThreatGame(
        prior=np.linspace(0.1, 0.3, 20),
        prize=3,
        audience_cost=2,
        concession_cost=1.2,
        loss=3,
        carrying_out=0.5,
    )

    def held(self, free):
        """Return the game with all players held to their first action but so many."""
        return self.game.hold({player: self.game.actions[player][0] for player in self.game.players[free:]})

    @property
    def tree(self):
        """A tree in which the players move in turn, the last without seeing what the one before did."""
        players, payoffs = self.game.players, self.game.payoffs[..., 0]

        def node(place):
            who = len(place)
            if who == len(players):
                return bg.Outcome(payoffs[(slice(None), *place)])
            known = place[:-1] if who == len(players) - 1 else place
            names = self.game.actions[players[who]]
            return bg.Decision(
                players[who],
                f"{players[who]} after {known}",
                {name: node((*place, number)) for number, name in enumerate(names)},
            )

        return bg.ExtensiveForm(players, node(()))

    def arguments(self, plot):
        """Return positional and keyword arguments of a plot of the catalogue."""
        if plot in (
            simple := {
                "tornado": "thresholds",
                "sobol_bars": "indices",
                "conditional_shares": "conditional",
                "lever_ranking": "levers",
                "regional_strips": "regional",
                "waterfall": "decomposition",
                "sweep_convergence": "running",
            }
        ):
            return (getattr(self, simple[plot]),), {}
        if plot in (
            of_games := {
                "best_reply_diagram": lambda: self.held(2),
                "equilibrium_cube": lambda: self.held(3),
                "logit_branch": lambda: bg.LogitQRE(5.0).branch(self.game),
                "conflict_graph": lambda: bg.ConflictGraph.of_game(self.game),
                "game_tree": lambda: self.tree,
                "bargaining_set": lambda: bg.BargainingProblem.of_game(two_of(self.game), (0.0, 0.0)),
                "posterior_path": lambda: bg.credibility(self.threat, ["conceded", "backed down", "silence"]),
                "survival_fan": lambda: np.linspace(0.99, 0.8, 50) ** np.arange(8)[:, None],
                "deadline_surplus": lambda: bg.AlternatingOffers(patience=(0.9, 0.95), rounds=6),
            }
        ):
            return (of_games[plot](),), {}
        if plot == "measure_ranges":
            threat = bg.load_scenario("gsomia-threat")
            tables = {
                name: bg.run(threat.task(name, draws=500, seed=7), workers=1).measures()
                for name in threat.settings
            }
            return (tables, threat.labels.measures), {"happened": {threat.settings[1]: ["resisted"]}}
        return {
            "payoff_table": ((self.game,), {}),
            "outcome_shares": ((self.shares,), {"history": self.history}),
            "regime_map": ((self.regions,), {}),
            "timeline": ((self.scenario, self.shares), {}),
        }[plot]


@pytest.fixture(scope="session")
def gsomia():
    x, y = "pressing_cost", "relaxation_depth"
    return Drawn(bg.load_scenario("gsomia"), x, y, event={"ROK": "terminate"}, lively=2)


@pytest.fixture(scope="session")
def two_players(tmp_path_factory):
    scenario = foreign_scenario(tmp_path_factory.mktemp("two"), 2)
    return Drawn(scenario, "toll", "traffic", event={"Narnia": "open"})


@pytest.fixture(scope="session")
def four_players(tmp_path_factory):
    scenario = foreign_scenario(tmp_path_factory.mktemp("four"), 4)
    return Drawn(scenario, "toll", "traffic", event={"Narnia": "open"})


@pytest.fixture(autouse=True)
def _close_figures():
    plt.close("all")  # those of doctests that ran before
    yield
    plt.close("all")
