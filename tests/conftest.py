"""Hypothesis profiles: the same examples every time, unless exploring is asked for.

``HYPOTHESIS_PROFILE=explore pytest tests`` looks for new counterexamples.
"""

import os

from hypothesis import settings

settings.register_profile("deterministic", derandomize=True, deadline=None, database=None, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "deterministic"))

os.environ.setdefault("MPLBACKEND", "Agg")  # before matplotlib is imported: no display is needed

import bargain  # noqa: E402, F401 - before doctests are collected: pytest would import their modules a second time
