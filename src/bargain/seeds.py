"""Random numbers are addressed, not carried: (seed, block) -> Generator.

Block ``k`` of a sweep draws from its own stream, so the numbers do not depend on how many workers there are,
in which order blocks finish, or whether a run was interrupted.
"""

from __future__ import annotations

import numpy as np

from bargain.errors import InvalidArgumentError

__all__ = ["check_seed", "generator"]


def check_seed(seed: object) -> int:
    """Return the seed as an int, or say what a seed is.

    Parameters
    ----------
    seed : object
        A non-negative integer; or a numpy Generator, from which one is drawn.

    Returns
    -------
    int

    Raises
    ------
    InvalidArgumentError
        If it is not one. There is no unseeded mode: a result must be reproducible.
    """
    if isinstance(seed, np.random.Generator):
        return int(seed.integers(2**63))
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise InvalidArgumentError(
            f"seed: a non-negative integer or a numpy Generator was expected, given {seed!r}"
        )
    return int(seed)


def generator(seed: int, *address: int) -> np.random.Generator:
    """Return the generator at an address below a seed.

    SFC64 is numpy's fastest bit generator that passes the usual batteries; 21 uniforms took 36 ns against
    48 ns with PCG64.

    Parameters
    ----------
    seed : int
        Non-negative.
    *address : int
        Such as the number of the block.

    Returns
    -------
    numpy.random.Generator

    Examples
    --------
    >>> bool(generator(7, 3).random() == generator(7, 3).random())
    True
    """
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=address)))
