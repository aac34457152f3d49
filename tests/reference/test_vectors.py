"""The reference decides the documented cases as documented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.reference.evaluator import decide

VECTORS = Path(__file__).parents[1] / "vectors"
# Numbers stay as they are written.
DECISIONS: list[dict[str, Any]] = [
    json.loads(line, parse_int=str, parse_float=str)
    for line in (VECTORS / "decisions.jsonl").read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("vector", DECISIONS, ids=[one["id"] for one in DECISIONS])
def test_decides_as_documented(vector: dict[str, Any]) -> None:
    assert decide(vector["policies"], vector["request"])["outcome"] == vector["expected"]
