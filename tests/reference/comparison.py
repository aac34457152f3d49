"""A case decided by both evaluators."""

from __future__ import annotations

import json
from typing import Any

from mfa_lab import Policy, PolicySet, Request, evaluate
from tests.reference.drawing import written
from tests.reference.evaluator import decide


def policy_set(policies: dict[str, Any]) -> PolicySet:
    """The policies of a line as the evaluator takes them, read from their JSON text."""
    return PolicySet(identity=[Policy.parse(written(one)) for one in policies["identity"]])


def as_read(policies: dict[str, Any]) -> dict[str, Any]:
    """The policies of a line as the reference takes them, numbers as they are written."""
    read: dict[str, Any] = json.loads(written(policies), parse_int=str, parse_float=str)
    return read


def by_evaluator(policies: PolicySet, request: dict[str, Any]) -> dict[str, Any]:
    """What the evaluator answers, in the reference's form."""
    decision = evaluate(policies, Request(**request))
    matched = [one.to_data() for one in decision.decided_by]
    return {
        "outcome": str(decision.outcome),
        "decided_by": [{name: one[name] for name in ("policy", "statement")} for one in matched],
        "missing": list(decision.missing),
    }


def differs(case: dict[str, Any]) -> bool:
    """Whether the two answer a line differently; nonsense is answered alike."""
    try:
        fast = by_evaluator(policy_set(case["policies"]), case["request"])
        slow = decide(as_read(case["policies"]), case["request"])
    except Exception:
        return False
    return fast != slow
