"""Requests."""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab import Outcome, Policy, PolicySet, Request, evaluate
from mfa_lab.iam import RequestError

ALICE = "arn:aws:iam::123456789012:user/alice"


def request(**changes: Any) -> Request:
    return Request(**({"action": "iam:GetUser", "resource": ALICE, "principal": ALICE} | changes))


# fmt: off
NO_SINGLE_ACTION = [
    "", "GetUser", "iam:", ":GetUser", "iam:*", "iam:Get?ser", "*", "iam:GetUser ", "iam:Get User",
    "iam:GetUser\n", "iam:a:b", "i am:GetUser", "iam:GetUsér", None, 1, ["iam:GetUser"],
]

SINGLE_ACTIONS = [
    "iam:GetUser", "IAM:getuser", "execute-api:Invoke", "s3-object-lambda:GetObject",
    "apigateway:GET", "a4b:x_y", "kafka-cluster:Alter-1.x",
]
# fmt: on


@pytest.mark.parametrize("action", NO_SINGLE_ACTION)
def test_a_request_is_for_one_action(action: Any) -> None:
    with pytest.raises(RequestError) as raised:
        request(action=action)
    assert (raised.value.field, raised.value.code) == ("action", "not_one_action")
    assert repr(action) in str(raised.value)
    assert "one action without wildcards" in str(raised.value)


@pytest.mark.parametrize("action", SINGLE_ACTIONS)
def test_actions_as_aws_spells_them(action: str) -> None:
    assert request(action=action).action == action


@pytest.mark.parametrize("field", ["resource", "principal"])
@pytest.mark.parametrize("given", ["", None, 1, ["*"]])
def test_resource_and_principal_are_text(field: str, given: Any) -> None:
    with pytest.raises(RequestError) as raised:
        request(**{field: given})
    assert (raised.value.field, raised.value.code) == (field, f"no_{field}")
    assert f"The {field} of a request must be an ARN" in str(raised.value)
    assert repr(given) in str(raised.value)


def test_a_request_does_not_change_with_the_context_it_came_from() -> None:
    mfa = Policy.parse(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Action": "*",
                "Resource": "*",
                "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
            },
        }
    )
    context = {"aws:MultiFactorAuthPresent": "true"}
    asked = request(context=context)
    context["aws:MultiFactorAuthPresent"] = "false"
    assert evaluate(PolicySet([mfa]), asked).outcome is Outcome.ALLOW
