"""The trace: which element of which statement matched, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mfa_lab import Decision, Policy, PolicySet, Request, evaluate
from tests.iam.policies_of_kinds import (
    ALICE,
    BOB,
    MALLORY,
    ROOT,
    Statement,
    allow,
    decide,
    deny,
    names,
    policy,
)

POLICIES = Path(__file__).resolve().parents[2] / "data" / "policies"


def decide_object(*statements: Statement, context: dict[str, Any] | None = None) -> Decision:
    """Decide s3:GetObject by an identity policy."""
    policies = PolicySet([policy("identity", *statements)])
    return decide(policies, action="s3:GetObject", resource="arn:aws:s3:::b/k", context=context)


def test_the_trace_of_the_dead_end() -> None:
    """Two statements allow the change of the own password, one Deny beats them both."""
    article = Policy.parse((POLICIES / "2021-05-13_article.json").read_text("utf-8"))
    managed = Policy.parse(
        (POLICIES / "aws_managed_IAMUserChangePassword_v5.json").read_text("utf-8")
    )
    context = {"aws:username": "alice", "aws:MultiFactorAuthPresent": "false"}
    request = Request("iam:ChangePassword", ALICE, ALICE, context)
    trace = evaluate(PolicySet([article, managed]), request).trace

    assert trace["outcome"] == "explicit_deny"
    matched = [one for one in trace["statements"] if one["matched"]]
    assert [(one["policy"], one["effect"]) for one in matched] == [
        ("identity/0", "Allow"),
        ("identity/0", "Deny"),
        ("identity/1", "Allow"),
    ]
    fence = matched[1]
    assert fence["sid"] == "DenyAllExceptListedIfNoMFA"
    assert fence["statement"] == 8
    assert fence["action"] == {"element": "NotAction", "matched": True, "fitting": []}
    assert fence["resource"]["fitting"] == ["*"]
    assert fence["conditions"] == [
        {
            "operator": "BoolIfExists",
            "key": "aws:MultiFactorAuthPresent",
            "wanted": ["false"],
            "given": "false",
            "finding": "value_fits",
            "holds": True,
        }
    ]
    own = matched[0]
    assert own["action"]["fitting"] == ["iam:ChangePassword"]
    assert own["resource"]["element"] == "Resource"
    assert own["resource"]["patterns"] == ["arn:aws:iam::*:user/${aws:username}"]


def test_the_trace_tells_each_element_that_does_not_match() -> None:
    statements = (
        allow("iam:*"),
        allow("s3:*", Resource="arn:aws:s3:::other"),
        allow(
            "s3:*",
            Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}, "Null": {"k": "true"}},
        ),
    )
    decision = decide_object(*statements, context={"K": ["a", "b"]})
    verdicts = [
        (
            one["matched"],
            one["action"]["matched"],
            one["resource"]["matched"],
            [(test["finding"], test["given"]) for test in one["conditions"]],
        )
        for one in decision.trace["statements"]
    ]
    assert verdicts == [
        (False, False, True, []),
        (False, True, False, []),
        (False, True, True, [("absent_fails", None), ("present_against", ["a", "b"])]),
    ]
    assert decision.trace["missing"] == ["identity"]


def test_the_trace_says_whom_a_statement_names() -> None:
    policies = PolicySet(resource=policy("resource", names([BOB, ROOT])))
    (traced,) = decide(policies).trace["statements"]
    assert traced["principal"] == {
        "element": "Principal",
        "matched": True,
        "fitting": [ROOT],
        "entries": [BOB, ROOT],
        "naming": "its_account",
    }
    (traced,) = decide(policies, MALLORY).trace["statements"]
    assert (traced["matched"], traced["principal"]["fitting"]) == (False, [])


def test_a_trace_is_plain_data() -> None:
    trace = decide_object(allow("s3:*"), deny("iam:*"), context={"k": ["v"]}).trace
    assert json.loads(json.dumps(trace)) == trace
