"""Subgame-perfect equilibria of one game played in stages, by recursion, where every stage has a pure one."""

import itertools


def backward_induction(payoffs, order):
    """List (outcome, payoffs) of every pure subgame-perfect equilibrium, once per plan that supports it.

    ``payoffs[player, a, b, ...]`` of one game; ``order`` is a list of groups of player numbers.
    """
    shape = payoffs.shape[1:]

    def solve(stage, actions):
        if stage == len(order):
            outcome = tuple(actions[player] for player in range(len(shape)))
            return [(outcome, [float(payoffs[(player, *outcome)]) for player in range(len(shape))])]
        group = order[stage]
        choices = list(itertools.product(*(range(shape[player]) for player in group)))
        following = [
            solve(stage + 1, {**actions, **dict(zip(group, choice, strict=True))}) for choice in choices
        ]
        equilibria = []
        for plan in itertools.product(*following):  # one continuation after every choice
            after = dict(zip(choices, plan, strict=True))
            equilibria.extend(after[choice] for choice in choices if _stable(choice, group, after, shape))
        return equilibria

    return solve(0, {})


def _stable(choice, group, after, shape):
    for place, player in enumerate(group):
        for action in range(shape[player]):
            deviation = (*choice[:place], action, *choice[place + 1 :])
            if after[deviation][1][player] > after[choice][1][player]:
                return False
    return True
