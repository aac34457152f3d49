"""One Condition, decided by a policy that allows everything where it holds."""

from __future__ import annotations

from typing import Any, TypeAlias

from mfa_lab import Outcome, Policy, PolicySet, Request, evaluate

KeyValue: TypeAlias = str | list[str] | None

KEY = "example:Key"
ABSENT = None
ALICE = "arn:aws:iam::123456789012:user/alice"


def allow_if(condition: object) -> Policy:
    """Return a policy that allows everything where a condition holds.

    It is read as one of AWS Organizations: IAM refuses values that are no dates.
    """
    return Policy.parse(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "*",
                "Resource": "*",
                "Condition": condition,
            },
        },
        "scp",
    )


def holds_in(condition: object, context: dict[str, Any]) -> bool:
    """Tell whether a Condition holds in a context."""
    request = Request("s3:GetObject", "arn:aws:s3:::b/k", ALICE, context)
    return evaluate(PolicySet([allow_if(condition)]), request).outcome is Outcome.ALLOW


def holds(operator: str, wanted: object, given: KeyValue) -> bool:
    """Tell whether one operator holds for one key; None where the request lacks the key."""
    return holds_in({operator: {KEY: wanted}}, {} if given is ABSENT else {KEY: given})


def result(operator: str, wanted: object, given: KeyValue) -> str:
    """Return the code of the result that a trace shows for one condition test."""
    request = Request("s3:GetObject", "*", ALICE, {} if given is ABSENT else {KEY: given})
    trace = evaluate(PolicySet([allow_if({operator: {KEY: wanted}})]), request).trace
    (statement,) = trace["statements"]
    (condition,) = statement["conditions"]
    code = condition["finding"]
    assert isinstance(code, str)
    return code
