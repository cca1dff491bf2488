"""Print the oldest versions that pyproject.toml allows, as constraints for pip."""

import re
import tomllib
from pathlib import Path

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]

for requirement in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]:
    named = re.match(r"([\w.-]+)(?:\[\w+\])?>=([\d.]+)", requirement)
    if named:
        print(f"{named[1]}=={named[2]}")  # noqa: T201
print("pyparsing<3.3")  # noqa: T201 - later ones warn of what matplotlib of that time does
