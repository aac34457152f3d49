"""Action and NotAction: what is refused, where, and in which words."""

from __future__ import annotations

import pytest

from tests.iam.parsing.marked_policy import REST, REST_OF_RCP, assert_in_kind, assert_in_statement

# fmt: off
IN_STATEMENT = [
    # code, what stands in the statement's braces, pointer from the statement, words
    ("both_forms", f'{REST}, §"NotAction": "iam:*"', "/NotAction",
        ["both Action and NotAction", "exactly one"]),
    ("neither_form", '"Effect": "Allow", "Resource": "*"', "",
        ["neither Action nor NotAction", "exactly one"]),
    ("empty_actions", '"Effect": "Allow", §"Action": [], "Resource": "*"', "/Action",
        ["Action is an empty list", "at least one action"]),
    ("empty_actions", '"Effect": "Deny", §"NotAction": [], "Resource": "*"', "/NotAction",
        ["NotAction is an empty list"]),
    ("action_without_service", '"Effect": "Allow", §"Action": "ChangePassword", "Resource": "*"', "/Action",
        ["“ChangePassword”", "service prefix, a colon and a name"]),
    ("action_without_service", '"Effect": "Allow", §"Action": "iam.CreateUser", "Resource": "*"', "/Action",
        ["“iam.CreateUser”", "“iam:CreateUser”"]),
    ("action_service_wildcard", '"Effect": "Allow", "Action": ["*", §"ia*:Get*"], "Resource": "*"', "/Action/1",
        ["“ia*:Get*”", "wildcard in the service prefix", "“iam:ChangePassword”"]),
    ("action_service_wildcard", '"Effect": "Allow", §"NotAction": "?am:*", "Resource": "*"', "/NotAction",
        ["“?am:*”"]),
    ("action_service_wildcard", '"Effect": "Allow", §"Action": "*:*", "Resource": "*"', "/Action",
        ["“*:*”", "“*” alone"]),
    ("malformed_action", '"Effect": "Allow", "Action": ["*", §"iam:"], "Resource": "*"', "/Action/1",
        ["“iam:”"]),
    ("malformed_action", '"Effect": "Allow", §"Action": "iam:Get User", "Resource": "*"', "/Action",
        ["“iam:Get User”"]),
    ("malformed_action", '"Effect": "Allow", §"Action": "", "Resource": "*"', "/Action",
        ["“”"]),
    ("malformed_action", '"Effect": "Allow", §"Action": "iam: GetUser", "Resource": "*"', "/Action",
        ["“iam: GetUser”"]),
    ("action_with_two_colons", '"Effect": "Allow", §"Action": "a:b:c", "Resource": "*"', "/Action",
        ["“a:b:c”", "more than one colon"]),
    ("not_text", '"Effect": "Allow", "Action": [§1, "*"], "Resource": "*"', "/Action/0",
        ["text in quotation marks", "number"]),
    ("not_text", '"Effect": "Allow", §"Action": {}, "Resource": "*"', "/Action",
        ["object"]),
    ("full_width_action", '"Effect": "Allow", §"Action": "iam\\uff1aGetUser", "Resource": "*"', "/Action",
        ["“iam：GetUser”", "“iam:GetUser”", "full-width"]),
    ("full_width_action", '"Effect": "Allow", "Action": [§"\\uff0a", "iam:*"], "Resource": "*"', "/Action/0",
        ["“＊”", "“*”"]),
]

IN_OTHER_KINDS = [
    # code, kind, what stands in the statement's braces, pointer from the statement, words
    ("action_not_for_trust_policy", "trust", '"Effect": "Allow", §"Action": "s3:GetObject", "Principal": {"AWS": "*"}',
        "/Action", ["“s3:GetObject”", "sts:AssumeRole"]),
    ("action_not_for_trust_policy", "trust", '"Effect": "Allow", "Action": ["sts:*", §"iam:AssumeRole"], "Principal": {"AWS": "*"}',
        "/Action/1", ["“iam:AssumeRole”", "Did you mean “sts:AssumeRole”?"]),
    ("not_action_in_rcp", "rcp", REST_OF_RCP.replace('"Action"', '§"NotAction"'), "/NotAction",
        ["NotAction"]),
]
# fmt: on


@pytest.mark.parametrize(("code", "marked", "pointer", "words"), IN_STATEMENT)
def test_a_mistake_in_a_statement(code: str, marked: str, pointer: str, words: list[str]) -> None:
    assert_in_statement(code, marked, pointer, words)


@pytest.mark.parametrize(("code", "kind", "marked", "pointer", "words"), IN_OTHER_KINDS)
def test_a_mistake_in_another_kind_of_policy(
    code: str, kind: str, marked: str, pointer: str, words: list[str]
) -> None:
    assert_in_kind(code, kind, marked, pointer, words)
