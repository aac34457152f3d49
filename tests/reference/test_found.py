"""Cases on which the two evaluators once differed.

A line of found.jsonl is one of decisions.jsonl, and may also say what decided or is missing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.reference.comparison import by_evaluator, policy_set
from tests.reference.evaluator import decide
from tests.reference.spelling import as_drawn

FOUND = Path(__file__).parents[1] / "vectors" / "found.jsonl"
TEXTS = FOUND.read_text("utf-8").splitlines()
LINES: list[dict[str, Any]] = [as_drawn(text) for text in TEXTS]


def ids(lines: list[dict[str, Any]]) -> list[str]:
    return [line["id"] for line in lines]


def is_as_expected(answer: dict[str, Any], line: dict[str, Any]) -> bool:
    told = [name for name in ("decided_by", "missing") if name in line]
    return answer["outcome"] == line["expected"] and all(
        answer[name] == line[name] for name in told
    )


def by_fast(line: dict[str, Any]) -> dict[str, Any]:
    return by_evaluator(policy_set(line["policies"]), line["request"])


@pytest.mark.parametrize("text", TEXTS, ids=ids(LINES))
def test_the_reference_decides_as_expected(text: str) -> None:
    line = json.loads(text, parse_int=str, parse_float=str)
    for match in line.get("decided_by", ()):
        match["statement"] = int(match["statement"])
    assert is_as_expected(decide(line["policies"], line["request"]), line)


@pytest.mark.parametrize("line", LINES, ids=ids(LINES))
def test_the_evaluator_decides_as_expected(line: dict[str, Any]) -> None:
    assert is_as_expected(by_fast(line), line)
