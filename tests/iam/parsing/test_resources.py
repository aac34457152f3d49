"""Resource and NotResource: what is refused, where, and in which words; which ARNs are accepted."""

from __future__ import annotations

import pytest

from mfa_lab import Policy
from tests.iam.parsing.marked_policy import REST, REST_OF_TRUST, assert_in_kind, assert_in_statement

# fmt: off
IN_STATEMENT = [
    # code, what stands in the statement's braces, pointer from the statement, words
    ("service_wildcard", '"Effect": "Deny", "Action": "*", §"Resource": "arn:aws:*:::x"', "/Resource",
        ["“arn:aws:*:::x”", "service"]),
    ("both_forms", f'§"NotResource": "*", {REST}', "/NotResource",
        ["both Resource and NotResource", "exactly one"]),
    ("neither_form", '"Effect": "Allow", "NotAction": "*"', "",
        ["neither Resource nor NotResource", "exactly one"]),
    ("empty_resources", '"Effect": "Allow", "Action": "*", §"Resource": []', "/Resource",
        ["Resource is an empty list", "at least one resource"]),
    ("malformed_resource", '"Effect": "Allow", "Action": "*", §"Resource": "user/alice"', "/Resource",
        ["“user/alice”", "ARN", "“*”"]),
    ("malformed_resource", '"Effect": "Deny", "Action": "*", "NotResource": [§""]', "/NotResource/0",
        ["“”"]),
    ("not_text", '"Effect": "Allow", "Action": "*", §"Resource": null', "/Resource",
        ["null"]),
    ("not_text", '"Effect": "Allow", "Action": "*", "Resource": ["*", §false]', "/Resource/1",
        ["boolean"]),
    ("malformed_resource", '"Effect": "Allow", "Action": "*", §"Resource": "\\uff0a"', "/Resource",
        ["“＊”", "Did you mean “*”?"]),
    ("unknown_partition", '"Effect": "Allow", "Action": "*", §"Resource": "arn:was:iam::123456789012:user/alice"', "/Resource",
        ["“arn:was:iam::123456789012:user/alice”", "“was”", "Did you mean “aws”?", "aws-us-gov"]),
    ("unknown_partition", '"Effect": "Allow", "Action": "*", "NotResource": ["*", §"arn:AWS-CN:s3:::b"]', "/NotResource/1",
        ["“AWS-CN”", "Did you mean “aws-cn”?"]),
    ("unknown_partition", '"Effect": "Allow", "Action": "*", §"Resource": "arn::iam::123456789012:user/alice"', "/Resource",
        ["“”", "Did you mean “aws”?"]),
    ("unknown_partition", '"Effect": "Allow", "Action": "*", §"Resource": "arn:"', "/Resource",
        ["“arn:”"]),
    ("arn_without_service", '"Effect": "Allow", "Action": "*", §"Resource": "arn:aws"', "/Resource",
        ["“arn:aws”", "no service"]),
    ("arn_without_service", '"Effect": "Allow", "Action": "*", §"Resource": "arn:aws::::x"', "/Resource",
        ["“arn:aws::::x”"]),
    ("arn_with_too_few_colons", '"Effect": "Allow", "Action": "*", §"Resource": "arn:aws:s3::b"', "/Resource",
        ["“arn:aws:s3::b”", "colon too few"]),
    ("arn_with_too_few_colons", '"Effect": "Allow", "Action": "*", §"Resource": "arn:aws:iam:123456789012:user/alice"', "/Resource",
        ["Did you mean “arn:aws:iam::123456789012:user/alice”?"]),
    ("arn_with_region", '"Effect": "Allow", "Action": "*", §"Resource": "arn:aws:iam:us-east-1:123456789012:user/a"', "/Resource",
        ["“us-east-1”", "“arn:aws:iam::…”"]),
    ("arn_with_region", '"Effect": "Allow", "Action": "*", §"Resource": "arn:aws:s3:us-east-1::b"', "/Resource",
        ["“arn:aws:s3:us-east-1::b”", "“us-east-1”", "“arn:aws:s3::…”"]),
    ("unknown_resource_of_iam", '"Effect": "Allow", "Action": "*", §"Resource": "arn:aws:iam::123456789012:users/a"', "/Resource",
        ["“arn:aws:iam::123456789012:users/a”", "Did you mean “user/”?"]),
    ("unknown_resource_of_iam", '"Effect": "Allow", "Action": "*", §"Resource": "arn:aws:iam::*:User/a"', "/Resource",
        ["Did you mean “user/”?"]),
    ("unknown_resource_of_iam", '"Effect": "Allow", "Action": "*", §"Resource": "arn:aws:iam::*:alice"', "/Resource",
        ["“*”", "role/"]),
]

IN_OTHER_KINDS = [
    # code, kind, what stands in the statement's braces, pointer from the statement, words
    ("resource_in_trust_policy", "trust", f'{REST_OF_TRUST}, "Principal": {{"AWS": "*"}}, §"Resource": "*"',
        "/Resource", ["Resource"]),
    ("resource_in_trust_policy", "trust", f'{REST_OF_TRUST}, "Principal": {{"AWS": "*"}}, §"NotResource": "*"',
        "/NotResource", ["NotResource"]),
    ("neither_form", "scp", '"Effect": "Deny", "Action": "*"', "",
        ["neither Resource nor NotResource"]),
]

ACCEPTED_ARNS = [
    "arn:aws:s3:*", "arn:aws:fdsasf", "arn:*", "arn:*:s3:::b", "arn:aws*:s3:::b", "arn:aws-iso-f:s3:::b",
    "arn:aws:iam", "arn:aws:iam::*", "arn:aws:iam::123456789012:*", "arn:aws:iam:::user/a", "arn:aws:iam::*:us*/a",
    "arn:aws:iam::*:?ser/a", "arn:aws:iam::123456789012:root", "arn:aws:iam::aws:policy/P", "arn:aws:iam::*:${aws:PrincipalTag/x}/a",
    "arn:aws:iam:*:123456789012:user/a", "arn:aws:iam::${aws:PrincipalAccount}:user/a", "arn:aws:iam::1:delegation-request/d",
    "arn:aws:s3:us-west-2:123456789012:accesspoint/p", "arn:aws:s3:us-west-2:123456789012:storage-lens/x", "arn:aws:s3:*:*:b",
    "arn:aws:sqs:us-east-1:123456789012:q", "arn:aws:invalid-service:::x", "arn:aws:apigateway:*::/apis/*",
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


@pytest.mark.parametrize("resource", ACCEPTED_ARNS)
def test_an_arn_that_is_not_known_to_be_refused_is_accepted(resource: str) -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": resource}
    assert Policy.parse({"Version": "2012-10-17", "Statement": statement}).statements
