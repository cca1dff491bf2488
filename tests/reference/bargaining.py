"""Bargaining by definitions: small problems, one draw, plain loops and general-purpose optimisers."""

import itertools

import numpy as np
from scipy.optimize import linprog


def best_in_hull(points, objective, least):
    """Return the largest value of a linear objective over lotteries that give everyone at least ``least``."""
    answer = linprog(
        -np.array([objective @ point for point in points]),
        A_ub=-np.array(points).T,
        b_ub=-np.array(least),
        A_eq=np.ones((1, len(points))),
        b_eq=[1.0],
        method="highs",
    )
    return None if answer.status else -answer.fun


def ideal(points, least):
    """Return the most that each player can get, or None where nothing is acceptable."""
    found = [best_in_hull(points, axis, least) for axis in np.eye(len(least))]
    return None if found[0] is None else np.array(found)


def nash_improvement(points, disagreement, payoffs, weights):
    """Bound how much the logarithm of the weighted product can be raised above that of an agreement.

    The product is concave, so its slope at the agreement towards the best package bounds the rise.
    """
    gains = payoffs - disagreement
    prices = weights / gains
    return max(prices @ (np.array(point) - payoffs) for point in points)


def largest_common_share(points, disagreement, scale, least):
    """Return the largest t such that some lottery gives everyone ``disagreement + t scale`` and its floor."""
    points = np.array(points)
    count, players = points.shape
    answer = linprog(
        np.append(np.zeros(count), -1.0),
        A_ub=np.vstack(
            [np.hstack([-points.T, np.array(scale)[:, None]]), np.hstack([-points.T, np.zeros((players, 1))])]
        ),
        b_ub=np.concatenate([-np.array(disagreement), -np.array(least)]),
        A_eq=np.append(np.ones(count), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * count + [(None, None)],
        method="highs",
    )
    return None if answer.status else -answer.fun


def can_improve(points, payoffs):
    """Return by how much all players' payoffs together can rise while nobody's falls."""
    return best_in_hull(points, np.ones(len(payoffs)), payoffs - 1e-9) - payoffs.sum()


def shapley(worth, players):
    """Average what each player adds over all orders; ``worth[frozenset]``."""
    total = dict.fromkeys(players, 0.0)
    orders = list(itertools.permutations(players))
    for order in orders:
        before = frozenset()
        for player in order:
            total[player] += worth[before | {player}] - worth[before]
            before |= {player}
    return [total[player] / len(orders) for player in players]


def offers(pie, patience, rounds, first, disagreement, hazard, broken, outside, posturing, payments, chance):
    """Solve alternating offers by recursion over rounds; return values and the round of agreement."""

    def start(index):
        """Return both players' values at the start of a round and the round in which it ends."""
        if index == rounds - 1:
            wait, later = list(disagreement), 0
        else:
            value, later = start(index + 1)
            wait = [
                posturing[i] + patience[i] * ((1 - hazard) * value[i] + hazard * broken[i]) for i in (0, 1)
            ]
        size = pie + payments[index]
        result = {}
        for proposer in (0, 1):
            other = 1 - proposer
            walks = outside is not None and outside[other] > wait[other]
            if walks:
                accepts, instead = outside[other], outside[proposer]
            else:
                accepts, instead = wait[other], wait[proposer]
            ends = index + 1 if walks or size - accepts >= instead else later
            pair = [0.0, 0.0]
            pair[other] = accepts
            pair[proposer] = max(size - accepts, instead)
            result[proposer] = (pair, ends)
        if chance is None:
            return result[(first + index) % 2]
        value = [chance[i] * result[i][0][i] + (1 - chance[i]) * result[1 - i][0][i] for i in (0, 1)]
        return value, result[0][1]

    return start(0)


def deadline_offers(game, draw):
    """Solve a `DeadlineGame` with a firm date by recursion over rounds; return values, round, deal, depth."""
    deals = [game.payoffs[:, d, :, draw].tolist() for d in range(len(game.deals))]
    quits = None if game.outside_options is None else game.outside_options[:, draw]
    chance = None if game.recognition is None else game.recognition[:, draw]
    hazard = float(game.breakdown[draw])

    def best(proposer, payment, least):
        """Try both ends of each deal and the depth that leaves the other with the least that it accepts."""
        other, found = 1 - proposer, None
        for number, deal in enumerate(deals):
            start, end = deal[other]
            depths = [0.0, 1.0]
            if start != end:
                depths.append((least - payment[other] - start) / (end - start))
            for depth in depths:
                pair = [
                    low + depth * (high - low) + paid for (low, high), paid in zip(deal, payment, strict=True)
                ]
                if not 0 <= depth <= 1 or pair[other] < least - 1e-12:
                    continue
                if found is None or pair[proposer] > found[0][proposer] + 1e-13:
                    found = pair, number, depth
        return found

    def propose(proposer, index, wait, later):
        other = 1 - proposer
        walks = quits is not None and quits[other] > wait[other]
        least, instead = (quits[other], quits[proposer]) if walks else (wait[other], wait[proposer])
        found = best(proposer, game.side_payment[:, index, draw], least)
        if found is not None and found[0][proposer] >= instead - 1e-12:
            return found[0], (index + 1, found[1], found[2])
        pair = [0.0, 0.0]
        pair[proposer], pair[other] = instead, least
        return pair, (index + 1, -1, None) if walks else later

    def start(index):
        if index == game.rounds - 1:
            wait, later = list(game.disagreement[:, draw]), (0, -1, None)
        else:
            value, later = start(index + 1)
            broken = hazard * game.breakdown_payoffs[:, draw]
            wait = [
                game.posturing[i, draw] + game.patience[i, draw] * ((1 - hazard) * value[i] + broken[i])
                for i in (0, 1)
            ]
        if chance is None:
            return propose((game.first + index) % 2, index, wait, later)
        one, two = propose(0, index, wait, later), propose(1, index, wait, later)
        value = [
            chance[0] * one[0][0] + (1 - chance[0]) * two[0][0],
            chance[1] * two[0][1] + (1 - chance[1]) * one[0][1],
        ]
        return value, one[1]

    value, end = start(0)
    return value, *end
