"""Memory that is freed and asked for again, block after block."""

from __future__ import annotations

import numpy as np

__all__ = ["keep_freed_memory"]

_FREED = 2_000_000  # numbers, 16 MB


def keep_freed_memory() -> None:
    """Let the C library reuse what each block frees, instead of returning it to the system and asking again.

    glibc does so once it has seen a larger piece freed than those at hand. Fresh pages, zeroed on first
    touch, otherwise take about half of the time of a block.

    Examples
    --------
    >>> keep_freed_memory()
    """
    np.empty(_FREED)
