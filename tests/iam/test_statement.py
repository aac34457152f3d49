"""Action, NotAction, Resource and NotResource.

Sources: IAM User Guide, "IAM JSON policy elements" Action, NotAction, Resource and NotResource.
"""

from __future__ import annotations

from typing import Any

import pytest

from mfa_lab import Outcome, Policy, PolicySet, Request, evaluate
from mfa_lab.iam.statement import ActionElement, Effect, ResourceElement

ALICE = "arn:aws:iam::123456789012:user/alice"


def outcome(statement: dict[str, Any], action: str, resource: str) -> Outcome:
    """Decide by one statement, an Allow of everything where it does not say otherwise."""
    filled = {"Effect": "Allow"} | statement
    if "NotAction" not in filled:
        filled = {"Action": "*"} | filled
    if "NotResource" not in filled:
        filled = {"Resource": "*"} | filled
    policy = Policy.parse({"Version": "2012-10-17", "Statement": filled})
    return evaluate(PolicySet([policy]), Request(action, resource, ALICE, {})).outcome


# fmt: off
ACTIONS = [
    # entries                                   action                      in the list
    ("iam:ChangePassword",                      "iam:ChangePassword",       True),
    ("iam:ChangePassword",                      "iam:GetUser",              False),
    ("iam:ChangePassword",                      "IAM:changepassword",       True),   # any case
    ("IAM:CHANGEPASSWORD",                      "iam:ChangePassword",       True),
    ("iam:*",                                   "iam:ChangePassword",       True),
    ("IAM:*",                                   "iam:ChangePassword",       True),
    ("iam:*",                                   "sts:AssumeRole",           False),
    ("iam:*",                                   "iamx:ChangePassword",      False),
    ("*",                                       "sts:AssumeRole",           True),
    ("iam:*MFA*",                               "iam:EnableMFADevice",      True),
    ("iam:*mfa*",                               "iam:EnableMFADevice",      True),
    ("iam:*MFA*",                               "iam:GetUser",              False),
    ("iam:Get*",                                "iam:GetUser",              True),
    ("iam:Get*",                                "iam:ListUsers",            False),
    ("iam:GetUse?",                             "iam:GetUser",              True),
    ("iam:GetUser?",                            "iam:GetUser",              False),
    ("iam:GetUser",                             "iam:GetUserPolicy",        False),  # not a prefix
    ("iam:etUser",                              "iam:GetUser",              False),
    (["iam:GetUser", "s3:*"],                   "s3:GetObject",             True),
    (["iam:GetUser", "s3:*"],                   "iam:ListUsers",            False),
    ("iam:NoSuchAction",                        "iam:NoSuchAction",         True),   # AWS takes it
]

OBJECT = "arn:aws:s3:::bucket/1/test/object.jpg"
USER = "arn:aws:iam::123456789012:user/alice"
TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/Thread"
LOGS = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/x:log-stream:y"

RESOURCES = [
    # entries                                           resource    in the list
    ("*",                                               OBJECT,     True),
    ("*",                                               "*",        True),
    ("**",                                              OBJECT,     True),
    (OBJECT,                                            OBJECT,     True),
    (OBJECT,                                            USER,       False),
    (OBJECT,                                            "*",        False),  # "*" needs "*"
    ("arn:aws:s3:::*",                                  "*",        False),
    ("arn:aws:s3:::bucket/*",                           OBJECT,     True),
    ("arn:aws:s3:::bucket/*/test/*",                    OBJECT,     True),   # * reaches over /
    ("arn:aws:s3:::*jpg",                               OBJECT,     True),
    ("arn:aws:s3:::bucket",                             OBJECT,     False),
    ("arn:aws:s3:::bucket/?/test/object.jpg",           OBJECT,     True),
    ("arn:aws:s3:::bucket/??/test/object.jpg",          OBJECT,     False),
    ("arn:aws:s3:::Bucket/*",                           OBJECT,     False),  # case counts
    ("arn:aws:S3:::bucket/*",                           OBJECT,     False),
    ("arn:aws:iam::*:user/alice",                       USER,       True),
    ("arn:aws:iam::*:user/Alice",                       USER,       False),
    ("arn:aws:iam::123456789012:user/*",                USER,       True),
    ("arn:aws:iam::123456789012:*",                     USER,       True),
    ("arn:aws:iam::1234567890??:user/alice",            USER,       True),
    ("arn:aws:iam::999999999999:user/alice",            USER,       False),
    ("arn:aws:iam:::user/alice",                        USER,       False),
    ("arn:*:iam::*:user/alice",                         USER,       True),
    ("arn:aws-cn:iam::*:user/alice",                    USER,       False),
    ("arn:aws:iam::*:mfa/alice",                        USER,       False),
    ("arn:aws:iam::*:user/alice",                       f"{USER}2", False),
    ("arn:aws:iam::*:user/alice",
        "arn:aws:iam::123456789012:user/dev/alice",                 False),  # a path is a part
    ("arn:aws:dynamodb:*:*:table/Thread",               TABLE,      True),
    ("arn:aws:dynamodb:us-*-1:*:table/*",               TABLE,      True),
    ("arn:aws:dynamodb:eu-*:*:table/Thread",            TABLE,      False),
    ("arn:aws:logs:*:*:log-group:/aws/*",               LOGS,       True),   # the last part has
    ("arn:aws:logs:*:*:*:log-stream:y",                 LOGS,       True),   # colons of its own
    ("arn:aws:logs:*:*:log-group:/aws/?:log-stream:y",  LOGS,       True),
    ("arn:aws:s3",                                      OBJECT,     True),   # short: what it
    ("arn:aws:s3:*",                                    OBJECT,     True),   # leaves out is free
    ("arn:aws:s3",                                      USER,       False),
    ("arn:*",                                           USER,       True),
    ("arn:aws:dynamodb:eu-west-1",                      TABLE,      False),
    (["arn:aws:s3:::other", OBJECT],                    OBJECT,     True),
    (["arn:aws:s3:::other", "arn:aws:s3:::another"],    OBJECT,     False),
]
# fmt: on


@pytest.mark.parametrize(("entries", "action", "listed"), ACTIONS)
def test_action(entries: object, action: str, listed: bool) -> None:
    is_allowed = outcome({"Action": entries}, action, "*") is Outcome.ALLOW
    assert is_allowed is listed


@pytest.mark.parametrize(("entries", "action", "listed"), ACTIONS)
def test_not_action(entries: object, action: str, listed: bool) -> None:
    """Everything that is not in the list."""
    is_allowed = outcome({"NotAction": entries}, action, "*") is Outcome.ALLOW
    assert is_allowed is not listed


@pytest.mark.parametrize(("entries", "resource", "listed"), RESOURCES)
def test_resource(entries: object, resource: str, listed: bool) -> None:
    is_allowed = outcome({"Resource": entries}, "s3:GetObject", resource) is Outcome.ALLOW
    assert is_allowed is listed


@pytest.mark.parametrize(("entries", "resource", "listed"), RESOURCES)
def test_not_resource(entries: object, resource: str, listed: bool) -> None:
    """Everything that is not in the list."""
    is_allowed = outcome({"NotResource": entries}, "s3:GetObject", resource) is Outcome.ALLOW
    assert is_allowed is not listed


def test_no_wildcard_in_the_service_part_grants_anything() -> None:
    """AWS: "You can't use a wildcard in the service segment". Refused, or matching nothing."""
    try:
        decided = outcome({"Resource": "arn:aws:*:::bucket/*"}, "s3:GetObject", OBJECT)
    except ValueError:
        return
    assert decided is Outcome.IMPLICIT_DENY


# fmt: off
FENCES = [
    # effect    action              outcome
    ("Deny",    "s3:GetObject",     Outcome.EXPLICIT_DENY),
    ("Deny",    "iam:GetUser",      Outcome.IMPLICIT_DENY),  # a Deny with NotAction allows nothing
    ("Allow",   "s3:GetObject",     Outcome.ALLOW),
    ("Allow",   "iam:GetUser",      Outcome.IMPLICIT_DENY),
]
# fmt: on


@pytest.mark.parametrize(("effect", "action", "expected"), FENCES)
def test_not_action_with_either_effect(effect: str, action: str, expected: Outcome) -> None:
    assert outcome({"Effect": effect, "NotAction": "iam:*"}, action, "*") is expected


def test_action_and_resource_must_both_match() -> None:
    statement = {"Action": "s3:Get*", "Resource": "arn:aws:s3:::bucket/*"}
    assert outcome(statement, "s3:GetObject", OBJECT) is Outcome.ALLOW
    assert outcome(statement, "s3:PutObject", OBJECT) is Outcome.IMPLICIT_DENY
    assert outcome(statement, "s3:GetObject", USER) is Outcome.IMPLICIT_DENY


def test_the_listed_entries_are_told_as_spelled() -> None:
    element = ActionElement(("IAM:Get*", "s3:*", "iam:getuser"))
    assert element.matching_entries("iam:GetUser") == ("IAM:Get*", "iam:getuser")
    assert element.matches("S3:GetObject")
    assert element.name == "Action"
    assert ActionElement(("*",), negated=True).name == "NotAction"
    assert ResourceElement(()).name == "Resource"
    assert ResourceElement((), negated=True).name == "NotResource"


def test_statements_are_numbered_and_named() -> None:
    """From 0, whether they stand in a list or alone; without Sid they have no name."""
    common = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    listed = Policy.parse({"Statement": [{"Sid": "First", **common}, common]}).statements
    assert [(one.index, one.sid) for one in listed] == [(0, "First"), (1, None)]
    (alone,) = Policy.parse({"Statement": common}).statements
    assert (alone.index, alone.sid, alone.effect) == (0, None, Effect.DENY)
    assert alone.resources
    assert (alone.actions.name, alone.resources.name) == ("Action", "Resource")
