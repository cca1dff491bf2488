"""Equilibria of one small game, mixed ones included: supports tried one by one, and nashpy."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import numpy as np

from bargain.axes import Floats

__all__ = ["small_equilibria"]

Action = TypeVar("Action")
_Corners = tuple[float, float, float, float]
_Profile = tuple[Floats, Floats, Floats]

_LEAST = 1e-9  # probability with which an action counts as played
_NEAR = 1e-9  # of the largest payoff: what a deviation may gain by rounding


def small_equilibria(
    actions: Sequence[Sequence[Action]], worth: Mapping[tuple[Action, ...], Sequence[float]]
) -> list[dict[tuple[Action, ...], float]] | None:
    """Return the equilibria of a game in which at most three players are left with a choice.

    Actions that are always worse than another are taken away, again and again. What is left is solved by
    trying every support, if it is a game of two with two actions each, or one of three of whom the first may
    have three; by nashpy, if it is a larger game of two.

    Parameters
    ----------
    actions : sequence of sequence
        Of each player.
    worth : mapping of outcome to sequence of float
        What each player has.

    Returns
    -------
    list of dict of outcome to float, or None
        Chances of the outcomes; None where more is left than that. By supports only equilibria are found
        that remain if payoffs change a little.
    """
    left = [list(own) for own in actions]
    while any(_drop(left, worth, player) for player in range(len(left))):
        pass
    movers = sorted(
        (player for player, own in enumerate(left) if len(own) > 1), key=lambda player: -len(left[player])
    )
    sizes = [len(left[player]) for player in movers]
    if not movers:
        return [{tuple(own[0] for own in left): 1.0}]
    solve: Callable[[list[Floats]], list[tuple[Floats, ...]]]
    if sizes == [2, 2]:
        solve = _of_two
    elif len(movers) == 2:
        solve = _nashpy
    elif len(movers) == 3 and sizes[0] <= 3 and sizes[1] == 2:
        solve = _of_three
    else:
        return None

    def outcome(taken: Sequence[Action]) -> tuple[Action, ...]:
        found = [own[0] for own in left]
        for player, action in zip(movers, taken, strict=True):
            found[player] = action
        return tuple(found)

    outcomes = [outcome(taken) for taken in itertools.product(*(left[player] for player in movers))]
    tables = [np.array([worth[place][player] for place in outcomes]).reshape(sizes) for player in movers]
    found = []
    for profile in solve(tables):
        joint = np.ones(1)
        for strategy in profile:
            joint = np.multiply.outer(joint, strategy).ravel()
        chances = zip(outcomes, joint.tolist(), strict=True)
        found.append({place: chance for place, chance in chances if chance > _LEAST**2})
    return found


def _drop(left: list[list[Action]], worth: Mapping[tuple[Action, ...], Sequence[float]], player: int) -> bool:
    """Take away an action of a player that is always worse than another, if there is one."""
    others = [own if i != player else own[:1] for i, own in enumerate(left)]
    cases = list(itertools.product(*others))
    rows = [
        [worth[(*case[:player], action, *case[player + 1 :])][player] for case in cases]
        for action in left[player]
    ]
    for place, row in enumerate(rows):
        if any(all(b > a for a, b in zip(row, better, strict=True)) for better in rows):
            del left[player][place]
            return True
    return False


def _nashpy(tables: list[Floats]) -> list[tuple[Floats, ...]]:
    """Return the equilibria of a game of two by vertex enumeration."""
    import nashpy  # noqa: PLC0415 - takes long to import

    # Between 1 and 2: zeros make nashpy's polytopes unbounded.
    raised = [1 + (table - table.min()) / (float(np.ptp(table)) or 1.0) for table in tables]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [(np.asarray(p), np.asarray(q)) for p, q in nashpy.Game(*raised).vertex_enumeration()]


def _of_two(tables: list[Floats]) -> list[tuple[Floats, ...]]:
    """Return the equilibria of a game of two with two actions each."""
    three = [*(table[:, :, None] for table in tables), np.zeros((2, 2, 1))]
    return [(one, two) for one, two, _ in _stable(three, itertools.chain(_pure(three), _one_pure(three)))]


def _of_three(tables: list[Floats]) -> list[tuple[Floats, ...]]:
    """Return the equilibria of a game of three, the first of whom may have three actions."""
    return list(_stable(tables, itertools.chain(_pure(tables), _one_pure(tables), _all_mixed(tables))))


def _stable(tables: list[Floats], profiles: Iterable[_Profile]) -> Iterator[_Profile]:
    """Keep the profiles from which nobody gains by deviating."""
    size = max(float(np.abs(table).max()) for table in tables)
    for profile in profiles:
        replies = zip(_replies(tables, profile), profile, strict=True)
        if all(float(values.max() - values @ strategy) <= _NEAR * size for values, strategy in replies):
            yield profile


def _replies(tables: list[Floats], profile: _Profile) -> tuple[Floats, Floats, Floats]:
    """Return what each action of each player is worth against the others."""
    one, two, three = profile
    return (
        np.einsum("abc,b,c->a", tables[0], two, three),
        np.einsum("abc,a,c->b", tables[1], one, three),
        np.einsum("abc,a,b->c", tables[2], one, two),
    )


def _pure(tables: list[Floats]) -> Iterator[_Profile]:
    for place in itertools.product(*map(range, tables[0].shape)):
        yield _profile(tables, [(i, i, 1.0) for i in place])


def _one_pure(tables: list[Floats]) -> Iterator[_Profile]:
    """Let two players mix two actions each, and leave each other indifferent."""
    sizes = tables[0].shape
    for calm in range(3):
        one, two = (player for player in range(3) if player != calm)
        for action in range(sizes[calm]):
            own, theirs = (np.take(tables[player], action, axis=calm) for player in (one, two))
            pairs = itertools.product(*(itertools.combinations(range(sizes[i]), 2) for i in (one, two)))
            for (a, b), (c, d) in pairs:
                mix = _zero(theirs[a, c] - theirs[a, d], theirs[b, c] - theirs[b, d])
                other = _zero(own[a, c] - own[b, c], own[a, d] - own[b, d])
                if mix is not None and other is not None:
                    parts = {one: (a, b, mix), two: (c, d, other), calm: (action, action, 1.0)}
                    yield _profile(tables, [parts[player] for player in range(3)])


def _all_mixed(tables: list[Floats]) -> Iterator[_Profile]:
    """Let all three mix; the chances of the second and third player's first actions are ``q`` and ``r``."""
    rows = range(tables[0].shape[0])
    for a, b in itertools.combinations(rows, 2):
        # The first player is indifferent where f(q, r) = 0: r is a quotient of two lines in q. So is then
        # the chance p with which the first player leaves the second one indifferent; and for the third one
        # it remains an equation of second degree in q.
        up, down = _quotient(_bilinear(tables[0][a] - tables[0][b]))
        two = _bilinear(tables[1][[a, b], 0] - tables[1][[a, b], 1])
        three = _bilinear(tables[2][[a, b], :, 0] - tables[2][[a, b], :, 1])
        top = -(two[0] * down + two[2] * up)
        bottom = two[1] * down + two[3] * up
        equation = (three[0] + three[2] * _Q) * bottom + (three[1] + three[3] * _Q) * top
        for q in _inside(equation):
            if bottom(q) and down(q):
                p, r = top(q) / bottom(q), up(q) / down(q)
                if 0 < p < 1 and 0 < r < 1:
                    yield _profile(tables, [(a, b, p), (0, 1, q), (0, 1, r)])
    if len(rows) == 3:
        yield from _three_actions(tables)


def _three_actions(tables: list[Floats]) -> Iterator[_Profile]:
    """Let the first player mix three actions: two equations for the others' chances, and two for its own."""
    up, down = _quotient(_bilinear(tables[0][0] - tables[0][1]))
    second = _bilinear(tables[0][0] - tables[0][2])
    equation = (second[0] + second[1] * _Q) * down + (second[2] + second[3] * _Q) * up
    for q in _inside(equation):
        if not down(q):
            continue
        r = up(q) / down(q)
        if not 0 < r < 1:
            continue
        two = (tables[1][:, 0] - tables[1][:, 1]) @ [r, 1 - r]
        three = (tables[2][:, :, 0] - tables[2][:, :, 1]) @ [q, 1 - q]
        conditions = np.array([two, three, np.ones(3)])
        if np.linalg.matrix_rank(conditions) == 3:
            p = np.linalg.solve(conditions, [0.0, 0.0, 1.0])
            if p.min() > _LEAST:
                yield p, np.array([q, 1 - q]), np.array([r, 1 - r])


_Q = np.poly1d([1.0, 0.0])


def _bilinear(corners: Floats) -> _Corners:
    """Return f(x, y) = c0 + c1 x + c2 y + c3 x y from its values where x, then y, are 1 and 0."""
    (both, first), (second, neither) = corners.tolist()
    return neither, first - neither, second - neither, both - first - second + neither


def _quotient(f: _Corners) -> tuple[np.poly1d, np.poly1d]:
    """Return y with f(x, y) = 0 as a quotient of two lines in x."""
    return np.poly1d([-f[1], -f[0]]), np.poly1d([f[3], f[2]])


def _inside(equation: np.poly1d) -> list[float]:
    """Return the real roots between 0 and 1."""
    return [float(root.real) for root in equation.roots if root.imag == 0 and 0 < root.real < 1]


def _zero(at_one: float, at_zero: float) -> float | None:
    """Return where a line is zero, between 0 and 1."""
    return at_zero / (at_zero - at_one) if at_one * at_zero < 0 else None


def _profile(tables: list[Floats], parts: Sequence[tuple[int, int, float]]) -> _Profile:
    """Return strategies that play the first action with a chance, and else the second."""
    made = []
    for size, (first, second, chance) in zip(tables[0].shape, parts, strict=True):
        strategy = np.zeros(size)
        strategy[second] = 1 - chance
        strategy[first] += chance
        made.append(strategy)
    return made[0], made[1], made[2]
