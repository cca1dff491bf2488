"""THE table of kinds of scenario beside the normal form: what a file may say after ``kind =``."""

from __future__ import annotations

from bargain.scenarios.kinds.kind import Kind
from bargain.scenarios.kinds.threat import Threat

__all__ = ["KINDS"]

KINDS: dict[str, type[Kind]] = {
    "threat": Threat,
}
"""Every kind by name."""
