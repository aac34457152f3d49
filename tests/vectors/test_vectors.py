"""Requests with the decision that AWS's documentation gives, or that follows from it.

Each line of decisions.jsonl is one case; `status` says whether the decision is stated by the
documentation ("doc") or derived from its rules ("derived").
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from mfa_lab import Outcome, Policy, PolicySet, Request, evaluate

VECTORS: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("decisions.jsonl").read_text("utf-8").splitlines()
]
BY_IDENTITY = [one for one in VECTORS if set(one["policies"]) == {"identity"}]


def ids(vectors: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in vectors]


def policies_of(vector: dict[str, Any]) -> PolicySet:
    given: dict[str, Any] = {
        kind: [Policy.parse(one, kind) for one in documents]
        if isinstance(documents, list)
        else Policy.parse(documents, kind)
        for kind, documents in vector["policies"].items()
    }
    return PolicySet(scps=given.pop("scp", ()), rcps=given.pop("rcp", ()), **given)


def test_every_line_is_here_once() -> None:
    assert len(VECTORS) == 349
    assert len(BY_IDENTITY) == 344
    assert len(set(ids(VECTORS))) == len(VECTORS)


def test_every_outcome_is_well_covered() -> None:
    counts = Counter(vector["expected"] for vector in BY_IDENTITY)
    assert set(counts) == {str(outcome) for outcome in Outcome}
    assert min(counts.values()) >= 50


@pytest.mark.parametrize("vector", VECTORS, ids=ids(VECTORS))
def test_decides_as_documented(vector: dict[str, Any]) -> None:
    decision = evaluate(policies_of(vector), Request(**vector["request"]))
    assert decision.outcome == vector["expected"]


@pytest.mark.parametrize("vector", BY_IDENTITY, ids=ids(BY_IDENTITY))
def test_decides_the_same_from_text(vector: dict[str, Any]) -> None:
    """A policy says the same as text, with the unquoted numbers of JSON, as it does as values."""
    policies = [Policy.parse(json.dumps(one)) for one in vector["policies"]["identity"]]
    decision = evaluate(PolicySet(policies), Request(**vector["request"]))
    assert decision.outcome == vector["expected"]
