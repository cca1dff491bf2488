"""The JSON Schema that editors use agrees with what the reader accepts."""

import json
import tomllib
from importlib import resources

import pytest

from bargain.scenarios.schema import json_schema
from bargain.uncertainty.marginals import MARGINALS


def test_it_is_json_and_knows_every_distribution():
    text = json.dumps(json_schema())
    for kind, marginal in MARGINALS.items():
        assert f'"const": "{kind}"' in text
        assert f"{marginal.__name__}Distribution" in text


def test_it_accepts_the_builtin_file_and_refuses_a_typo():
    jsonschema = pytest.importorskip("jsonschema")
    content = (resources.files("bargain.scenarios") / "data" / "gsomia.toml").read_text(encoding="utf-8")
    tables = json.loads(json.dumps(tomllib.loads(content), default=str))
    jsonschema.validate(tables, json_schema())
    tables["titel"] = "typo"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tables, json_schema())
