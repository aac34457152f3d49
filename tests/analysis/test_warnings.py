"""What AWS accepts in a policy and nobody means: each warning, its place, and when it is silent."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from mfa_lab import Policy
from mfa_lab.analysis.warnings import PolicyWarning, warnings_of
from mfa_lab.text import LANGUAGES, catalogue

POLICIES = sorted((Path(__file__).resolve().parents[2] / "data" / "policies").glob("*.json"))
USER = "arn:aws:iam::123456789012:user/alice"

DENY = '"Effect": "Deny", "Action": "*", "Resource": "*"'
COND = f'{DENY}, "Condition": '
ALLOWING = '"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": '


def place_of(marked: str) -> tuple[str, int, int]:
    before, _, after = marked.partition("§")
    return before + after, before.count("\n") + 1, len(before) - before.rfind("\n")


def of(body: str, version: str = '"Version": "2012-10-17", ', kind: str = "identity") -> Any:
    text = f'{{{version}"Statement": [{{{body}}}]}}'
    return warnings_of(Policy.parse(text, kind), text)


# One case a warning. § stands where it is to be found.

# fmt: off
WARNED = [
    # code, what stands in the statement's braces, pointer from the statement, words of the sentence
    ("unknown_action", '"Effect": "Allow", "Action": ["iam:*", §"iam:ChangePasword"], "Resource": "*"', "/Action/1",
        ["“iam:ChangePasword”", "“iam:ChangePassword”"]),
    ("unknown_action", '"Effect": "Deny", §"NotAction": "iam:UpdateAccessKeys", "Resource": "*"', "/NotAction",
        ["“iam:UpdateAccessKeys”", "“iam:UpdateAccessKey”"]),
    ("unknown_action_without_nearest", '"Effect": "Allow", §"Action": "qqq:Xyzzyx", "Resource": "*"', "/Action",
        ["“qqq:Xyzzyx”"]),
    ("pattern_of_no_action", '"Effect": "Allow", §"Action": "iam:*Pasword", "Resource": "*"', "/Action",
        ["“iam:*Pasword”"]),
    ("resource_never_applies", f'"Effect": "Allow", "Action": "iam:ChangePassword", "Resource": ["{USER}", §"arn:aws:s3:::b"]',
        "/Resource/1", ["“arn:aws:s3:::b”", "“iam:ChangePassword”", "user/"]),
    ("resource_never_applies", '"Effect": "Allow", "Action": "iam:EnableMFADevice", §"Resource": "arn:aws:iam::*:mfa/${aws:username}"',
        "/Resource", ["“arn:aws:iam::*:mfa/${aws:username}”", "user/"]),
    ("resource_never_applies", '"Effect": "Allow", "Action": "iam:ChangePassword", §"Resource": "arn:*:iam::????????????:role/x"',
        "/Resource", ["role/x"]),
    ("resource_never_applies", '"Effect": "Allow", "Action": "s3:GetObject", §"Resource": "arn:aws:s3:*:*:b"',
        "/Resource", ["“arn:aws:s3:*:*:b”"]),
    ("resource_never_applies", f'"Effect": "Allow", "Action": "iam:GetAccountPasswordPolicy", §"Resource": "{USER}"',
        "/Resource", ["“iam:GetAccountPasswordPolicy”", "“*”"]),
    ("resource_never_applies", '"Effect": "Allow", "Action": "iam:ListUsers", §"Resource": "arn:aws:iam::*:user/${aws:username}"',
        "/Resource", ["“iam:ListUsers”", "“*”"]),
    ("resource_never_applies", '"Effect": "Allow", "Action": "iam:ListVirtualMFADevices", §"Resource": "arn:aws:iam::*:user/${aws:username}"',
        "/Resource", ["“iam:ListVirtualMFADevices”"]),
    ("action_without_resource", f'"Effect": "Allow", "Action": ["iam:GetUser", §"iam:GetAccountSummary"], "Resource": "{USER}"',
        "/Action/1", ["“iam:GetAccountSummary”", "“*”"]),
    ("resource_never_applies", '"Effect": "Allow", "Action": "ec2:DescribeInstances", §"Resource": "arn:aws:ec2:*:*:instance/*"',
        "/Resource", ["“ec2:DescribeInstances”", "“*”"]),
    ("resource_never_applies", '"Effect": "Allow", "Action": "s3:ListBucket", §"Resource": "arn:aws:s3:::b/*"',
        "/Resource", ["“arn:aws:s3:::b/*”", "“s3:ListBucket”", "${BucketName}”"]),
    ("resource_never_applies", '"Effect": "Allow", "Action": "s3:GetObject", §"Resource": "arn:aws:s3:::b"',
        "/Resource", ["“arn:aws:s3:::b”"]),
    ("action_without_resource", '"Effect": "Allow", "Action": ["s3:GetObject", §"s3:ListBucket"], "Resource": "arn:aws:s3:::b/*"',
        "/Action/1", ["“s3:ListBucket”", "${BucketName}”"]),
    ("action_without_resource", '"Effect": "Deny", "Action": [§"s3:ListAllMyBuckets", "s3:GetObject"], "Resource": "arn:aws:s3:::b/*"',
        "/Action/0", ["“s3:ListAllMyBuckets”", "“*”"]),
    ("key_without_prefix_fails", COND + '{"StringEquals": {§"username": "alice"}}', "/Condition/StringEquals/username",
        ["“username”", "never holds"]),
    ("key_without_prefix_holds", COND + '{"BoolIfExists": {§"MultiFactorAuthPresent": "false"}}',
        "/Condition/BoolIfExists/MultiFactorAuthPresent", ["“MultiFactorAuthPresent”", "always holds"]),
    ("unknown_key_fails", COND + '{"Bool": {§"aws:MultifactorAuthPresents": "true"}}',
        "/Condition/Bool/aws:MultifactorAuthPresents", ["“aws:MultifactorAuthPresents”", "“aws:MultiFactorAuthPresent”"]),
    ("unknown_key_holds", COND + '{"StringNotEquals": {§"aws:PrincipalArns": "x"}}',
        "/Condition/StringNotEquals/aws:PrincipalArns", ["“aws:PrincipalArn”", "always holds"]),
    ("unknown_key_without_nearest_fails", COND + '{"Bool": {§"aws:Mfa": "true"}}', "/Condition/Bool/aws:Mfa",
        ["“aws:Mfa”", "never holds"]),
    ("unknown_key_without_nearest_holds", COND + '{"Null": {§"iam:Nonsense": "true"}}', "/Condition/Null/iam:Nonsense",
        ["“iam:Nonsense”", "always holds"]),
    ("key_of_other_actions_fails",
        '"Effect": "Allow", "Action": "iam:CreateUser", "Resource": "*", "Condition": {"StringEquals": {§"iam:PassedToService": "x"}}',
        "/Condition/StringEquals/iam:PassedToService", ["“iam:PassedToService”", "“iam:CreateUser”", "never holds"]),
    ("key_of_other_actions_holds",
        '"Effect": "Deny", "Action": "s3:PutObject", "Resource": "*", "Condition": {"StringNotLike": {§"s3:prefix": "x"}}',
        "/Condition/StringNotLike/s3:prefix", ["“s3:prefix”", "“s3:PutObject”", "always holds"]),
    ("mfa_key_absent", COND + '{"Bool": {§"aws:MultiFactorAuthPresent": "false"}}',
        "/Condition/Bool/aws:MultiFactorAuthPresent", ["“aws:MultiFactorAuthPresent”", "“BoolIfExists”"]),
    ("mfa_key_absent", COND + '{"StringNotEquals": {"aws:username": "x"}, "StringEquals": {§"AWS:multifactorauthpresent": ["false"]}}',
        "/Condition/StringEquals/AWS:multifactorauthpresent", ["“StringEqualsIfExists”"]),
    ("mfa_age_absent", COND + '{"NumericGreaterThan": {§"aws:MultiFactorAuthAge": "3600"}}',
        "/Condition/NumericGreaterThan/aws:MultiFactorAuthAge", ["“aws:MultiFactorAuthAge”", "NumericGreaterThan", "IfExists"]),
    ("variable_before_last_part", '"Effect": "Deny", "Action": "*", §"Resource": "arn:aws:iam::${aws:PrincipalAccount}:user/x"',
        "/Resource", ["“${aws:PrincipalAccount}”", "fifth colon"]),
    ("malformed_variable", '"Effect": "Deny", "Action": "*", §"Resource": "arn:aws:iam::*:user/${aws:username"', "/Resource",
        ["${aws:username", "${key}"]),
    ("malformed_variable", COND + '{"StringLike": {"aws:userid": ["*", §"${}"]}}', "/Condition/StringLike/aws:userid/1",
        ["“${}”"]),
    ("unknown_variable", '"Effect": "Deny", "Action": "*", §"Resource": "arn:aws:iam::*:user/${aws:usrname}"', "/Resource",
        ["“${aws:usrname}”", "“${aws:username}”"]),
    ("unknown_variable", '"Effect": "Deny", "Action": "*", §"Resource": "arn:aws:iam::*:user/${UserName}"', "/Resource",
        ["“${UserName}”", "“${aws:username}”"]),
    ("unknown_variable", COND + '{"StringLike": {"aws:userid": ["*", §"${aws:userids, \'x\'}"]}}', "/Condition/StringLike/aws:userid/1",
        ["“${aws:userids, 'x'}”", "“${aws:userid}”"]),
    ("unknown_variable_without_nearest", '"Effect": "Deny", "Action": "*", §"Resource": "arn:aws:iam::*:user/${aws:foo}"', "/Resource",
        ["“${aws:foo}”", "reference"]),
    ("unmarked_variable", '"Effect": "Deny", "Action": "*", §"Resource": "arn:aws:iam::*:user/$aws:username"', "/Resource",
        ["“$aws:username”", "“${aws:username}”"]),
    ("unmarked_variable", '"Effect": "Deny", "Action": "*", §"Resource": "arn:aws:iam::*:user/{aws:username}"', "/Resource",
        ["“{aws:username}”", "“${aws:username}”"]),
    ("unmarked_variable", COND + '{"StringLike": {§"aws:userid": "%{aws:userid}"}}', "/Condition/StringLike/aws:userid",
        ["“%{aws:userid}”", "“${aws:userid}”"]),
    ("no_account_number", '"Effect": "Deny", "Action": "*", §"Resource": "arn:aws:iam::12345678901:user/alice"', "/Resource",
        ["“12345678901”", "12"]),
    ("no_account_number", '"Effect": "Deny", "Action": "*", §"NotResource": "arn:aws:sqs:us-east-1:1234567890123:q"', "/NotResource",
        ["“1234567890123”"]),
    ("no_account_number", '"Effect": "Deny", "Action": "*", §"Resource": "arn:aws:iam::1234-5678-9012:user/alice"', "/Resource",
        ["“1234-5678-9012”"]),
    ("mfa_key_absent_allowed", ALLOWING + '{"BoolIfExists": {§"aws:MultiFactorAuthPresent": "true"}}',
        "/Condition/BoolIfExists/aws:MultiFactorAuthPresent", ["“aws:MultiFactorAuthPresent”", "BoolIfExists", "“Bool”"]),
    ("mfa_key_absent_allowed", ALLOWING + '{"StringNotEquals": {§"aws:MultiFactorAuthPresent": "false"}}',
        "/Condition/StringNotEquals/aws:MultiFactorAuthPresent", ["StringNotEquals", "“Bool”"]),
    ("mfa_age_absent_allowed", ALLOWING + '{"NumericLessThanIfExists": {§"aws:MultiFactorAuthAge": "3600"}}',
        "/Condition/NumericLessThanIfExists/aws:MultiFactorAuthAge", ["“aws:MultiFactorAuthAge”", "“NumericLessThan”"]),
    ("unreadable_boolean", COND + '{"Bool": {§"aws:SecureTransport": "yes"}}', "/Condition/Bool/aws:SecureTransport",
        ["“yes”", "neither true nor false", "Bool"]),
    ("unreadable_boolean", COND + '{"Null": {"aws:username": ["true", §"yes"]}}', "/Condition/Null/aws:username/1",
        ["“yes”", "Null"]),
    ("unreadable_number", COND + '{"NumericLessThanIfExists": {§"aws:MultiFactorAuthAge": "1h"}}',
        "/Condition/NumericLessThanIfExists/aws:MultiFactorAuthAge", ["“1h”", "number"]),
    ("unreadable_date", COND + '{"DateLessThan": {§"aws:CurrentTime": "2021-02-30"}}', "/Condition/DateLessThan/aws:CurrentTime",
        ["“2021-02-30”", "date"]),
    ("unreadable_ip", COND + '{"NotIpAddress": {"aws:SourceIp": ["192.0.2.0/24", §"192.0.2.0/33"]}}',
        "/Condition/NotIpAddress/aws:SourceIp/1", ["“192.0.2.0/33”", "NotIpAddress"]),
    ("unreadable_arn", COND + '{"ArnLike": {§"aws:PrincipalArn": "alice"}}', "/Condition/ArnLike/aws:PrincipalArn",
        ["“alice”", "ARN"]),
    ("unreadable_binary", COND + '{"BinaryEquals": {§"aws:username": "?"}}', "/Condition/BinaryEquals/aws:username",
        ["“?”", "base64"]),
    ("never_together", COND + '{"StringEquals": {"aws:username": "a"}, "StringNotEquals": {§"aws:UserName": ["a", "b"]}}',
        "/Condition/StringNotEquals/aws:UserName", ["StringEquals and StringNotEquals", "“aws:UserName”", "never applies"]),
]
# fmt: on


@pytest.mark.parametrize(("code", "marked", "pointer", "words"), WARNED)
def test_a_warning(code: str, marked: str, pointer: str, words: list[str]) -> None:
    text, line, column = place_of(
        f'{{"Version": "2012-10-17", "Statement": [\n{{{DENY}}},\n{{{marked}}}]}}'
    )
    (warning,) = warnings_of(Policy.parse(text), text)
    assert (warning.code, warning.pointer) == (code, f"/Statement/1{pointer}")
    assert (warning.line, warning.column) == (line, column)
    for word in words:
        assert word in warning.sentence()
        for name in re.findall("“(.*?)”", word):
            assert name in warning.sentence("ja")
    (unplaced,) = warnings_of(Policy.parse(json.loads(text)))
    assert (unplaced.code, unplaced.pointer, unplaced.line) == (code, warning.pointer, None)


VARIABLE = '"Effect": "Deny", "Action": "*", "Resource": "arn:aws:iam::*:user/${aws:username}"'


@pytest.mark.parametrize(
    ("version", "code"),
    [('"Version": "2008-10-17", ', "variable_in_old_version"), ("", "variable_without_version")],
)
def test_a_variable_in_the_old_language(version: str, code: str) -> None:
    (warning,) = of(VARIABLE, version)
    assert (warning.code, warning.pointer) == (code, "/Statement/0/Resource")
    for language in LANGUAGES:
        assert "${aws:username}" in warning.sentence(language)
    (in_condition,) = of(COND + '{"StringLike": {"aws:userid": ["*", "${aws:username}"]}}', version)
    assert in_condition.pointer == "/Statement/0/Condition/StringLike/aws:userid/1"
    assert of(VARIABLE) == ()


@pytest.mark.parametrize("kind", ["scp", "rcp"])
@pytest.mark.parametrize(
    ("version", "pointer"), [("", ""), ('"Version": "2008-10-17", ', "/Version")]
)
def test_control_policies_need_the_new_language(kind: str, version: str, pointer: str) -> None:
    principal = ', "Principal": "*"' if kind == "rcp" else ""
    body = f'"Effect": "Deny", "Action": "s3:*", "Resource": "*"{principal}'
    (warning,) = of(body, version, kind)
    assert (warning.code, warning.pointer) == ("version_of_control_policy", pointer)
    assert of(body, kind=kind) == ()


def test_only_the_policy_of_aws_names_every_action_in_an_rcp() -> None:
    body = '"Effect": "Deny", "Action": ["s3:*", "*"], "Resource": "*", "Principal": "*"'
    (warning,) = of(body, kind="rcp")
    assert (warning.code, warning.pointer) == ("every_action_in_rcp", "/Statement/0/Action/1")
    full = '"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"'
    assert of(full, kind="rcp") == ()


def test_a_policy_larger_than_a_managed_one() -> None:
    filling = ", ".join(f'"arn:aws:s3:::{number:0>60}/*"' for number in range(90))
    body = f'"Effect": "Allow", "Action": "s3:GetObject", "Resource": [{filling}]'
    (warning,) = of(body)
    assert (warning.code, warning.pointer) == ("larger_than_managed", "")
    for language in LANGUAGES:
        sentence = warning.sentence(language)
        assert all(number in sentence for number in ("6144", "2048", "5120", "10240"))


def test_every_warning_has_its_case() -> None:
    elsewhere = {
        "variable_in_old_version", "variable_without_version", "version_of_control_policy",
        "every_action_in_rcp", "larger_than_managed", "device_of_another_name",
    }  # fmt: skip
    keys = {key.partition(".")[2] for key in catalogue("en") if key.startswith("policy_warning.")}
    assert {code for code, *_ in WARNED} | elsewhere == keys


# Where nothing is certain, nothing is said.

# fmt: off
SILENT = [
    '"Effect": "Allow", "Action": "*", "Resource": "*"',
    '"Effect": "Allow", "Action": ["iam:ChangePassword", "iam:ListUsers"], "Resource": "*"',
    '"Effect": "Allow", "Action": "iam:ListVirtualMFADevices", "Resource": "arn:aws:iam::*:mfa/*"',
    '"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "arn:aws:iam::*:user/*"',
    '"Effect": "Allow", "Action": "iam:ListUsers", "Resource": ["arn:aws:iam::*:user/", "arn:aws:iam::*:user/team/*"]',
    '"Effect": "Allow", "Action": "iam:ListRoles", "Resource": "arn:aws:iam::123456789012:*"',
    '"Effect": "Allow", "Action": "iam:ChangePassword", "Resource": "arn:aws:iam"',
    '"Effect": "Allow", "Action": "iam:ChangePassword", "Resource": "arn:aws:iam*"',
    '"Effect": "Allow", "Action": "iam:ChangePassword", "Resource": "arn:aws:iam::*"',
    '"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${aws:PrincipalTag/team}/{id}/$x/${s3:prefix}"',
    '"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}/${saml:namequalifier}/${AWS:UserName}"',
    COND + '{"Bool": {"aws:MultiFactorAuthPresent": "false"}, "Null": {"aws:MultiFactorAuthPresent": "false"}}',
    ALLOWING + '{"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}, "Null": {"aws:MultiFactorAuthAge": "false"}}',
    ALLOWING + '{"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}',
    ALLOWING + '{"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThanIfExists": {"aws:MultiFactorAuthAge": "3600"}}',
    ALLOWING + '{"Null": {"aws:MultiFactorAuthPresent": "true"}}',
    '"Effect": "Allow", "Action": "iam:ChangePassword", "Resource": "arn:*:iam::*:us*/al?ce"',
    '"Effect": "Allow", "Action": "iam:ChangePassword", "Resource": "arn:aws:iam::*:${aws:PrincipalTag/type}/x"',
    '"Effect": "Allow", "NotAction": "iam:ChangePassword", "Resource": "arn:aws:s3:::b"',
    '"Effect": "Allow", "Action": "iam:ChangePassword", "NotResource": "arn:aws:s3:::b"',
    '"Effect": "Allow", "Action": "s3:*", "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]',
    '"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": ["arn:aws:s3:::b", "arn:aws:s3:::b/*"]',
    '"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*", "Condition": {"StringEquals": {"kms:EncryptionContext:a": "b", "kms:ViaService": "s3.us-east-1.amazonaws.com"}}',
    '"Effect": "Allow", "Action": "iam:PassRole", "Resource": "*", "Condition": {"StringEquals": {"iam:passedtoservice": "x"}}',
    '"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*", "Condition": {"StringEquals": {"sts:ExternalId": "x"}}',
    '"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*", "Condition": {"StringEquals": {"s3:ExistingObjectTag/a": "x", "ec2:SourceInstanceArn": "y", "saml:sub": "z"}}',
    '"Effect": "Allow", "Action": "dms:DeleteReplicationTask", "Resource": "*", "Condition": {"StringEquals": {"dms:task-tag/a": "x"}}',
    COND + '{"StringEquals": {"aws:PrincipalTag/x": "1", "AWS:RequestTag/y": "2", "accounts.google.com:aud": "3"}}',
    COND + '{"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}',
    COND + '{"Bool": {"aws:MultiFactorAuthPresent": "true"}}',
    COND + '{"Null": {"aws:MultiFactorAuthPresent": "true"}}',
    COND + '{"NumericGreaterThanIfExists": {"aws:MultiFactorAuthAge": "3600"}}',
    '"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}, "NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}}',
    COND + '{"StringLike": {"aws:userid": "${*}${aws:username, \'x\'}"}}',
]
# fmt: on


@pytest.mark.parametrize("body", SILENT)
def test_nothing_is_said_of(body: str) -> None:
    assert of(body) == ()


def test_of_an_unknown_action_nobody_knows_the_resource() -> None:
    body = '"Effect": "Allow", "Action": ["iam:Nonsense", "s3:*"], "Resource": "arn:aws:sns:::x"'
    assert [warning.code for warning in of(body)] == ["unknown_action_without_nearest"]


def test_another_deny_may_cover_calls_without_the_mfa_keys() -> None:
    age = {"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}}
    absent = {"Null": {"aws:MultiFactorAuthPresent": "true"}}
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    both = [{**statement, "Condition": age}, {**statement, "Condition": absent}]
    assert warnings_of(Policy.parse({"Version": "2012-10-17", "Statement": both})) == ()
    allowing = [both[0], {**both[1], "Effect": "Allow"}]
    (warning,) = warnings_of(Policy.parse({"Version": "2012-10-17", "Statement": allowing}))
    assert warning.code == "mfa_age_absent"


ABSENT_DENIED = {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}
FALSE_DENIED = {"Bool": {"aws:MultiFactorAuthPresent": "false"}}
AT_HOME = {"StringEquals": {"aws:SourceIp": "192.0.2.1"}}


def deny(condition: dict[str, Any], **more: Any) -> dict[str, Any]:
    statement = {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition} | more
    if "NotAction" in more:
        del statement["Action"]
    return statement


# fmt: off
TOGETHER: list[Any] = [
    # Deny of "false" alone,                       beside it,                                          warned
    (deny(FALSE_DENIED, NotAction="iam:GetUser"),  [deny(ABSENT_DENIED, Action="iam:DeleteUser")],          True),
    (deny(FALSE_DENIED, NotAction="iam:GetUser"),  [deny(ABSENT_DENIED, NotAction="iam:GetUser")],          False),
    (deny(FALSE_DENIED, NotAction="iam:*"),        [deny(ABSENT_DENIED, NotAction=["s3:*", "iam:*"]),
                                                    deny(ABSENT_DENIED, Action="s3:*")],                    False),
    (deny(FALSE_DENIED, NotAction="iam:*"),        [deny(ABSENT_DENIED, NotAction=["s3:*", "iam:*"])],      True),
    (deny(FALSE_DENIED, Action="s3:*"),            [deny(ABSENT_DENIED, Action="S3:*")],                    False),
    (deny(FALSE_DENIED),                           [deny(ABSENT_DENIED, Resource="arn:aws:s3:::b")],        True),
    (deny(FALSE_DENIED, Resource="arn:aws:s3:::b"), [deny(ABSENT_DENIED, Resource="arn:aws:s3:::b")],       False),
    (deny(FALSE_DENIED, Resource="arn:aws:s3:::b"), [deny(ABSENT_DENIED, Resource="arn:aws:s3:::c")],       True),
    (deny(FALSE_DENIED),                           [deny(ABSENT_DENIED | AT_HOME)],                         True),
    (deny(FALSE_DENIED | AT_HOME),                 [deny(ABSENT_DENIED | AT_HOME)],                         False),
    (deny({"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}}),
                                                   [deny(ABSENT_DENIED, NotAction="iam:GetUser")],          False),
    (deny({"NumericGreaterThan": {"aws:MultiFactorAuthAge": "3600"}}),
                                                   [deny(ABSENT_DENIED, Action="iam:GetUser")],             True),
    (deny({"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}, Effect="Allow"), [deny(ABSENT_DENIED)], False),
]
# fmt: on


@pytest.mark.parametrize(("one", "beside", "warned"), TOGETHER)
def test_what_another_deny_covers_is_asked_of_the_same_calls(
    one: dict[str, Any], beside: list[dict[str, Any]], warned: bool
) -> None:
    warnings = warnings_of(Policy.parse({"Version": "2012-10-17", "Statement": [one, *beside]}))
    assert [warning.code.startswith("mfa_") for warning in warnings] == [True] * warned
    assert all(warning.pointer.startswith("/Statement/0/") for warning in warnings)


# By today's reference; in 2017 and 2018 AWS wrote more than is needed.
FIRING = {
    "knowledge_center_bool_flawed": ["mfa_key_absent"],
    "2017-12-01_tutorial": ["resource_never_applies"],
    "2018-11-30_tutorial_fixed": ["resource_never_applies"] * 2,
    "sibling_mfa_self_manage_2018-11-30_fixed": ["resource_never_applies"] * 2,
}


@pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.stem)
def test_the_policies_of_the_lessons(file: Path) -> None:
    text = file.read_text("utf-8")
    warnings = warnings_of(Policy.parse(text), text)
    assert [warning.code for warning in warnings] == FIRING.get(file.stem, [])


def test_many_warnings_come_in_document_order() -> None:
    text = """{"Statement": [
      {"Resource": "arn:aws:iam::*:user/${aws:username}", "Action": "s3:GetObject", "Effect": "Deny",
       "Condition": {"Bool": {"aws:x": "y"}}},
      {"Effect": "Allow", "Action": ["a:b", "c:d"], "Resource": "*"}]}"""
    warnings = warnings_of(Policy.parse(text), text)
    assert [warning.code for warning in warnings] == [
        "resource_never_applies",
        "variable_without_version",
        "unknown_key_without_nearest_fails",
        "unreadable_boolean",
        "unknown_action_without_nearest",
        "unknown_action_without_nearest",
    ]
    assert [warning.line for warning in warnings] == [2, 2, 3, 3, 4, 4]
    assert all(isinstance(warning, PolicyWarning) for warning in warnings)
