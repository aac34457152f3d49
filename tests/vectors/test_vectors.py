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
from mfa_lab.iam import UnsupportedPolicyKindError

VECTORS: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("decisions.jsonl").read_text("utf-8").splitlines()
]
BY_IDENTITY = [one for one in VECTORS if set(one["policies"]) == {"identity"}]
BY_OTHERS_TOO = [one for one in VECTORS if set(one["policies"]) != {"identity"}]


def ids(vectors: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in vectors]


def identity_of(vector: dict[str, Any]) -> list[Policy]:
    return [Policy.parse(document) for document in vector["policies"]["identity"]]


def test_every_line_is_here_once() -> None:
    assert len(VECTORS) == 349
    assert len(BY_IDENTITY) == 344
    assert len(set(ids(VECTORS))) == len(VECTORS)


def test_every_outcome_is_well_covered() -> None:
    counts = Counter(vector["expected"] for vector in BY_IDENTITY)
    assert set(counts) == {str(outcome) for outcome in Outcome}
    assert min(counts.values()) >= 50


@pytest.mark.parametrize("vector", BY_IDENTITY, ids=ids(BY_IDENTITY))
def test_decides_as_documented(vector: dict[str, Any]) -> None:
    decision = evaluate(PolicySet(identity_of(vector)), Request(**vector["request"]))
    assert decision.outcome == vector["expected"]


@pytest.mark.parametrize("vector", BY_IDENTITY, ids=ids(BY_IDENTITY))
def test_decides_the_same_from_text(vector: dict[str, Any]) -> None:
    """A policy says the same as text, with the unquoted numbers of JSON, as it does as values."""
    policies = [Policy.parse(json.dumps(one)) for one in vector["policies"]["identity"]]
    decision = evaluate(PolicySet(policies), Request(**vector["request"]))
    assert decision.outcome == vector["expected"]


@pytest.mark.parametrize("vector", BY_OTHERS_TOO, ids=ids(BY_OTHERS_TOO))
def test_gives_no_answer_that_leaves_a_policy_out(vector: dict[str, Any]) -> None:
    """An answer by the identity-based policies alone could be wrong, so there is none."""
    others = dict(vector["policies"])
    identity = [Policy.parse(document) for document in others.pop("identity")]
    (kind,) = others
    name = "scps" if kind == "scp" else kind
    with pytest.raises(UnsupportedPolicyKindError) as raised:
        PolicySet(identity, **{name: others[kind]})
    assert raised.value.kind == kind
    assert kind in str(raised.value)
