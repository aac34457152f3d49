"""Requests and their context."""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab import Outcome, Policy, PolicySet, Request, evaluate
from mfa_lab.iam import ContextError, RequestError
from mfa_lab.iam.context import normalized

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

BAD_CONTEXTS = [
    # context                                       code            key
    ({"k": True},                                   "not_text",     "k"),
    ({"k": 60},                                     "not_text",     "k"),
    ({"k": None},                                   "not_text",     "k"),
    ({"k": ["a", 1]},                               "not_text",     "k"),
    ({"k": {"a": "b"}},                             "not_text",     "k"),
    ({"k": {"a"}},                                  "not_text",     "k"),
    ({"k": b"true"},                                "not_text",     "k"),
    ({"a": "x", "": "y"},                           "not_a_name",   ""),
    ({1: "x"},                                      "not_a_name",   1),
    ({None: "x"},                                   "not_a_name",   None),
    ({"aws:UserName": "a", "aws:username": "a"},    "twice",        "aws:username"),
]

CONTEXTS = [
    # context                       normalized
    ({},                            {}),
    ({"aws:UserName": "Alice"},     {"aws:username": "Alice"}),
    ({"k": ""},                     {"k": ""}),
    ({"k": []},                     {"k": ()}),
    ({"K": ["A", "b"]},             {"k": ("A", "b")}),
    ({"k": ("a",)},                 {"k": ("a",)}),
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


@pytest.mark.parametrize(("context", "code", "key"), BAD_CONTEXTS)
def test_a_context_that_aws_could_not_make(context: Any, code: str, key: object) -> None:
    with pytest.raises(ContextError) as raised:
        request(context=context)
    assert (raised.value.code, raised.value.key) == (code, key)
    assert repr(key) in str(raised.value)


@pytest.mark.parametrize(("context", "expected"), CONTEXTS)
def test_a_context_in_one_form(context: Any, expected: Any) -> None:
    """Names in lower case, since their case does not count; values as they are."""
    assert normalized(context) == expected
    assert request(context=context).values == expected


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
