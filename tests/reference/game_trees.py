"""Trees read node by node as they are written, one draw, in plain Python."""

import numpy as np

from bargain.games.tree import Chance, Decision, Outcome


def expected(node, profile):
    """Expected payoffs, by following every branch."""
    if isinstance(node, Outcome):
        return np.array([float(np.ravel(value)[0]) for value in node.payoffs])
    if isinstance(node, Chance):
        return sum(float(p) * expected(child, profile) for p, child in node.branches.values())
    weights = profile[node.information_set]
    return sum(w * expected(child, profile) for w, child in zip(weights, node.actions.values(), strict=True))


def reached(node, profile, probability=1.0):
    """Yield the information set and the probability of every decision."""
    if isinstance(node, Chance):
        for chance, child in node.branches.values():
            yield from reached(child, profile, probability * float(chance))
    elif isinstance(node, Decision):
        yield node.information_set, probability
        for weight, child in zip(profile[node.information_set], node.actions.values(), strict=True):
            yield from reached(child, profile, probability * weight)


def random_tree(rng, players, depth, *, perfect=False, whole=False):
    """A tree with perfect recall: nodes that look alike follow the same own moves, perhaps after others'."""
    counter = iter(range(10_000))

    def grow(level, own):
        if level == depth or (level > 1 and rng.random() < 0.2):
            values = rng.integers(-3, 4, len(players)) if whole else rng.normal(size=len(players)).round(3)
            return Outcome([float(value) for value in values])
        if rng.random() < 0.15:
            return Chance({"often": (0.75, grow(level + 1, own)), "seldom": (0.25, grow(level + 1, own))})
        player = players[rng.integers(len(players))]
        size, signal = int(rng.integers(2, 4)), int(rng.integers(2))
        name = f"{player}:{own.get(player, '')}:{size}:{signal}"
        if perfect:
            name = f"{player} {next(counter)}"
        return Decision(
            player,
            name,
            {f"a{k}": grow(level + 1, {**own, player: f"{name}>{k}"}) for k in range(size)},
        )

    while True:
        root = grow(0, {})
        if isinstance(root, Decision):
            return root


def random_profile(rng, game, *, mixed=True):
    """Probabilities at every information set; pure with a chance of one half each, if mixed."""
    profile = {}
    for one in game.information_sets:
        weights = rng.dirichlet(np.ones(len(one.actions)))
        if not mixed or rng.random() < 0.5:
            weights = np.eye(len(one.actions))[rng.integers(len(one.actions))]
        profile[one.name] = weights
    return profile


def selten_horse(draws=1):
    """Selten (1975), figure 1."""

    def third(left, right):
        return Decision("P3", "h3", {"L": Outcome(left), "R": Outcome(right)})

    second = {"R": Outcome([1, 1, np.ones(draws)]), "L": third([0, 0, 1], [4, 4, 0])}
    return Decision("P1", "h1", {"R": Decision("P2", "h2", second), "L": third([0, 0, 0], [3, 2, 2])})


def one_card_poker():
    """Myerson (1991), figure 2.1."""

    def bet(win):
        return Decision("P2", "raised", {"call": Outcome([win, -win]), "fold": Outcome([1, -1])})

    def holding(card, win):
        return Decision("P1", card, {"bet": bet(win), "fold": Outcome([-1, 1])})

    return Chance({"King": (0.5, holding("King", 2)), "Queen": (0.5, holding("Queen", -2))})
