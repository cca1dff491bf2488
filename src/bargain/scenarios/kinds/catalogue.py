"""THE table of kinds of scenario beside the normal form: what a file may say after ``kind =``."""

from __future__ import annotations

from bargain.scenarios.kinds.crisis import Crisis
from bargain.scenarios.kinds.deadline import DeadlineKind
from bargain.scenarios.kinds.extensive import Extensive
from bargain.scenarios.kinds.kind import Kind
from bargain.scenarios.kinds.package import PackageKind
from bargain.scenarios.kinds.renewal import Renewal
from bargain.scenarios.kinds.threat import Threat

__all__ = ["KINDS"]

KINDS: dict[str, type[Kind]] = {
    "crisis": Crisis,
    "deadline": DeadlineKind,
    "extensive": Extensive,
    "package": PackageKind,
    "renewal": Renewal,
    "threat": Threat,
}
"""Every kind by name."""
