"""Stability by the definitions of Fang, Hipel & Kilgour 1993, with sets of states; slow and meant to be read.

One draw at a time: ``moves[i]`` is a set of pairs (from, to), ``values[i]`` a list of one number per state.
"""

from __future__ import annotations


def destinations(moves, values, group, start, *, improving):
    """Every state that the group reaches from `start` by steps of its members, nobody stepping twice running."""
    found, seen, open_ends = set(), set(), [(start, None)]
    while open_ends:
        here, mover = open_ends.pop()
        for member in group:
            if member == mover:
                continue
            for origin, there in moves[member]:
                if origin != here or (improving and values[member][there] <= values[member][here]):
                    continue
                found.add(there)
                if (there, member) not in seen:
                    seen.add((there, member))
                    open_ends.append((there, member))
    return found


def stable(moves, values, coalition, state, concept):
    """Say whether the state is stable for the coalition."""
    others = [player for player in range(len(moves)) if player not in coalition]

    def gains(there):
        return all(values[member][there] > values[member][state] for member in coalition)

    for there in destinations(moves, values, coalition, state, improving=False):
        if not gains(there):
            continue
        if concept == "nash":
            return False
        sanctioned = False
        for end in destinations(moves, values, others, there, improving=concept == "seq"):
            if gains(end):
                continue
            if concept == "smr" and any(
                gains(escape) for escape in destinations(moves, values, coalition, end, improving=False)
            ):
                continue
            sanctioned = True
        if not sanctioned:
            return False
    return True
