"""Reading a policy: what is refused, where, and in which words; and that nothing else happens.

Source: IAM User Guide, "Grammar of the IAM JSON policy language"; data/facts.md, "Policy grammar".
"""

from __future__ import annotations

import json
import re
import tracemalloc
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mfa_lab import Policy, PolicyError, PolicySet, Request, evaluate
from mfa_lab.text import catalogue

POLICIES = sorted((Path(__file__).resolve().parents[3] / "data" / "policies").glob("*.json"))
ARTICLE = next(file for file in POLICIES if file.stem == "2021-05-13_article").read_text("utf-8")
SECTION = "policy_error."

repeatable = settings(deadline=None, derandomize=True, max_examples=300)


def refusal(source: str | bytes | Mapping[str, Any]) -> PolicyError:
    with pytest.raises(PolicyError) as raised:
        Policy.parse(source)
    return raised.value


def place_of(marked: str) -> tuple[str, int, int]:
    """Give a text without its mark, and the line and column of the mark, both from 1."""
    before, _, after = marked.partition("§")
    return before + after, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


# One case for each mistake. § stands where the mistake is to be found. Of a policy's members, the
# place is the name's; of a list's items, the item's. The words are the rule and the names.

# fmt: off
IN_DOCUMENT = [
    # code, text, pointer, words of the sentence
    ("empty_statement", '{"Version": "2012-10-17", §"Statement": []}', "/Statement",
        ["empty list", "at least one"]),
    ("id_in_identity_policy", '{§"Id": "x", "Statement": @}', "/Id",
        ["Id", "resource-based"]),
    ("number_too_long", '§{"Statement": ' + "1" * 5_000 + "}", "",
        ["digits"]),
    ("too_deep", '§' + '[' * 100_000, "",
        ["nested too deeply"]),
    ("repeated", '{"Version": "2012-10-17",\n  §"Version": "2012-10-17", "Statement": @}', "/Version",
        ["“Version”", "twice", "once"]),
    ("not_an_object", '§[]', "",
        ["JSON object", "Version and Statement", "list"]),
    ("not_an_object", '§"Allow"', "",
        ["JSON object", "text"]),
    ("unknown_element", '{§"Versoin": "2012-10-17", "Statement": [@]}', "/Versoin",
        ["“Versoin”", "Did you mean “Version”?", "Version, ", "Statement"]),
    ("unknown_element", '{"Version": "2012-10-17",\n§"statements": 1, "Statement": [@]}', "/statements",
        ["“statements”", "Did you mean “Statement”?"]),
    ("unknown_version", '{"Statement": [@],\n\n   §"Version": "2021-06-11"}', "/Version",
        ["“2012-10-17”", "“2008-10-17”", "“2021-06-11”", "not the date of your edit"]),
    ("unknown_version", '{"Statement": [@], §"Version": ""}', "/Version",
        ["“2012-10-17”"]),
    ("version_not_text", '{"Statement": [@], §"Version": 20121017}', "/Version",
        ["“2012-10-17”", "number"]),
    ("element_of_statement", '{"Statement": [@], §"Effect": "Deny"}', "/Effect",
        ["“Effect”", "in a statement"]),
    ("no_statement", '§{"Version": "2012-10-17"}', "",
        ["no Statement", "one statement or a list"]),
    ("statement_not_an_object", '{"Version": "2012-10-17", §"Statement": "Allow"}', "/Statement",
        ["JSON object", "Effect", "text"]),
    ("statement_not_an_object", '{"Version": "2012-10-17", "Statement": [@,\n  §[]]}', "/Statement/1",
        ["JSON object", "list"]),
]

REST = '"Effect": "Allow", "Action": "*", "Resource": "*"'
COND = f'{REST}, "Condition": '

IN_STATEMENT = [
    # code, what stands in the statement's braces, pointer from the statement, words
    ("service_wildcard", '"Effect": "Deny", "Action": "*", §"Resource": "arn:aws:*:::x"', "/Resource",
        ["“arn:aws:*:::x”", "service"]),
    ("unknown_element", f'{REST}, §"Conditions": {{}}', "/Conditions",
        ["“Conditions”", "Did you mean “Condition”?", "Effect", "NotResource"]),
    ("unknown_element", f'{REST}, §"effect": "Deny"', "/effect",
        ["“effect”", "Did you mean “Effect”?"]),
    ("unknown_element", f'{REST}, §"a/b~c": 1', "/a~1b~0c",
        ["“a/b~c”"]),
    ("principal_in_identity_policy", f'{REST},\n§"Principal": "*"', "/Principal",
        ["Principal", "identity-based policy", "attached to"]),
    ("principal_in_identity_policy", f'§"NotPrincipal": "*", {REST}', "/NotPrincipal",
        ["NotPrincipal"]),
    ("malformed_sid", f'§"Sid": "Allow MFA!", {REST}', "/Sid",
        ["“Allow MFA!”", "letters and digits only"]),
    ("malformed_sid", f'§"Sid": "é", {REST}', "/Sid",
        ["“é”"]),
    ("not_text", f'§"Sid": 1, {REST}', "/Sid",
        ["text in quotation marks", "number"]),
    ("no_effect", '"Action": "*", "Resource": "*"', "",
        ["no Effect", "“Allow” or “Deny”"]),
    ("unknown_effect", '§"Effect": "allow", "Action": "*", "Resource": "*"', "/Effect",
        ["“Allow” or “Deny”", "“allow”", "Did you mean “Allow”?"]),
    ("unknown_effect", '§"Effect": "DENY", "Action": "*", "Resource": "*"', "/Effect",
        ["“DENY”", "Did you mean “Deny”?"]),
    ("unknown_effect", '§"Effect": "Reject", "Action": "*", "Resource": "*"', "/Effect",
        ["“Allow” or “Deny”", "“Reject”"]),
    ("effect_not_text", '§"Effect": null, "Action": "*", "Resource": "*"', "/Effect",
        ["“Allow” or “Deny”", "null"]),
    ("effect_not_text", '§"Effect": ["Allow"], "Action": "*", "Resource": "*"', "/Effect",
        ["“Allow” or “Deny”", "list"]),
    ("both_forms", f'{REST}, §"NotAction": "iam:*"', "/NotAction",
        ["both Action and NotAction", "exactly one"]),
    ("both_forms", f'§"NotResource": "*", {REST}', "/NotResource",
        ["both Resource and NotResource", "exactly one"]),
    ("neither_form", '"Effect": "Allow", "Resource": "*"', "",
        ["neither Action nor NotAction", "exactly one"]),
    ("neither_form", '"Effect": "Allow", "NotAction": "*"', "",
        ["neither Resource nor NotResource", "exactly one"]),
    ("empty_actions", '"Effect": "Allow", §"Action": [], "Resource": "*"', "/Action",
        ["Action is an empty list", "at least one action"]),
    ("empty_actions", '"Effect": "Deny", §"NotAction": [], "Resource": "*"', "/NotAction",
        ["NotAction is an empty list"]),
    ("empty_resources", '"Effect": "Allow", "Action": "*", §"Resource": []', "/Resource",
        ["Resource is an empty list", "at least one resource"]),
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
    ("element_of_policy", f'{REST}, §"Version": "2012-10-17"', "/Version",
        ["“Version”", "top of the policy"]),
    ("operator_outside_condition", f'{REST}, §"BoolIfExists": {{}}', "/BoolIfExists",
        ["“BoolIfExists”", "Condition"]),
    ("operator_and_key_swapped", COND + '{§"aws:MultiFactorAuthPresent": {"Bool": "true"}}',
        "/Condition/aws:MultiFactorAuthPresent", ["“aws:MultiFactorAuthPresent”", "operator first"]),
    ("empty_values", COND + '{"Bool": {§"aws:X": []}}', "/Condition/Bool/aws:X",
        ["“aws:X”", "at least one"]),
    ("malformed_resource", '"Effect": "Allow", "Action": "*", §"Resource": "user/alice"', "/Resource",
        ["“user/alice”", "ARN", "“*”"]),
    ("malformed_resource", '"Effect": "Deny", "Action": "*", "NotResource": [§""]', "/NotResource/0",
        ["“”"]),
    ("not_text", '"Effect": "Allow", "Action": [§1, "*"], "Resource": "*"', "/Action/0",
        ["text in quotation marks", "number"]),
    ("not_text", '"Effect": "Allow", §"Action": {}, "Resource": "*"', "/Action",
        ["object"]),
    ("not_text", '"Effect": "Allow", "Action": "*", §"Resource": null', "/Resource",
        ["null"]),
    ("not_text", '"Effect": "Allow", "Action": "*", "Resource": ["*", §false]', "/Resource/1",
        ["boolean"]),
    ("condition_not_an_object", f'{REST}, §"Condition": []', "/Condition",
        ["Condition", "JSON object of operators", "list"]),
    ("unknown_operator", COND + '{§"BoolIfExist": {"k": "true"}}', "/Condition/BoolIfExist",
        ["“BoolIfExist”", "Did you mean “BoolIfExists”?", "IfExists may follow", "ForAllValues:"]),
    ("unknown_operator", COND + '{§"stringequals": {"k": "x"}}', "/Condition/stringequals",
        ["Did you mean “StringEquals”?"]),
    ("null_if_exists", COND + '{§"NullIfExists": {"k": "true"}}', "/Condition/NullIfExists",
        ["Null has no IfExists", "“Null”"]),
    ("null_if_exists", COND + '{§"ForAnyValue:NullIfExists": {"k": "true"}}', "/Condition/ForAnyValue:NullIfExists",
        ["“ForAnyValue:Null”"]),
    ("operator_missing", COND + '{§"aws:MultiFactorAuthPresent": "false"}', "/Condition/aws:MultiFactorAuthPresent",
        ["operator is missing", '{"Bool": {"aws:MultiFactorAuthPresent": "false"}}']),
    ("operator_missing", COND + '{§"aws:username": ["a", "b"]}', "/Condition/aws:username",
        ['{"StringEquals": {"aws:username": "…"}}']),
    ("malformed_date", COND + '{"DateGreaterThan": {§"aws:CurrentTime": "sdfdsf"}}', "/Condition/DateGreaterThan/aws:CurrentTime",
        ["“sdfdsf”", "2021-06-11T09:00:00Z", "DateGreaterThan"]),
    ("malformed_date", COND + '{"ForAnyValue:DateLessThanIfExists": {"aws:CurrentTime": ["2021", §"234-13"]}}',
        "/Condition/ForAnyValue:DateLessThanIfExists/aws:CurrentTime/1", ["“234-13”"]),
    ("full_width_action", '"Effect": "Allow", §"Action": "iam\\uff1aGetUser", "Resource": "*"', "/Action",
        ["“iam：GetUser”", "“iam:GetUser”", "full-width"]),
    ("full_width_action", '"Effect": "Allow", "Action": [§"\\uff0a", "iam:*"], "Resource": "*"', "/Action/0",
        ["“＊”", "“*”"]),
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
    ("unknown_operator", COND + '{§"StringEqualsIfExistsIfExists": {}}',
        "/Condition/StringEqualsIfExistsIfExists", ["Did you mean “StringEqualsIfExists”?"]),
    ("unknown_operator", COND + '{§"ForAllValue:StringLike": {}}', "/Condition/ForAllValue:StringLike",
        ["Did you mean “ForAllValues:StringLike”?"]),
    ("unknown_operator", COND + '{§"": {}}', "/Condition/",
        ["“”"]),
    ("operator_not_an_object", COND + '{§"Bool": "true"}', "/Condition/Bool",
        ["JSON object of context keys and values", "text"]),
    ("condition_value_not_text", COND + '{"Bool": {§"aws:X": null}}', "/Condition/Bool/aws:X",
        ["text, a number or true or false", "null"]),
    ("condition_value_not_text", COND + '{"StringLike": {"k": ["a", §{}]}}', "/Condition/StringLike/k/1",
        ["object"]),
    ("condition_value_not_text", COND + '{"StringLike": {"k": [§["a"]]}}', "/Condition/StringLike/k/0",
        ["list"]),
    ("repeated", f'{REST},\n §"Effect": "Deny"', "/Effect",
        ["“Effect”", "twice"]),
    ("repeated", COND + '{"Bool": {"k": "true"}, §"Bool": {"l": "true"}}', "/Condition/Bool",
        ["“Bool”"]),
]
# fmt: on


@pytest.mark.parametrize(("code", "marked", "pointer", "words"), IN_DOCUMENT)
def test_a_mistake_in_the_document(code: str, marked: str, pointer: str, words: list[str]) -> None:
    text, line, column = place_of(marked.replace("@", f"{{{REST}}}"))
    error = refusal(text)
    (mistake,) = error.mistakes
    assert (mistake.code, error.pointer, error.line, error.column) == (code, pointer, line, column)
    assert (mistake.pointer, mistake.line, mistake.column) == (pointer, line, column)
    for word in words:
        assert word in mistake.sentence()


@pytest.mark.parametrize(("code", "marked", "pointer", "words"), IN_STATEMENT)
def test_a_mistake_in_a_statement(code: str, marked: str, pointer: str, words: list[str]) -> None:
    body = marked if "§" in marked else f"§{{{marked}}}"
    braces = body if body.startswith("§{") else f"{{{body}}}"
    whole = f'{{"Version": "2012-10-17",\n "Statement": [\n  {{{REST}}},\n  {braces}]}}'
    text, line, column = place_of(whole)
    error = refusal(text)
    (mistake,) = error.mistakes
    where = f"/Statement/1{pointer}"
    assert (mistake.code, error.pointer, error.line, error.column) == (code, where, line, column)
    for word in words:
        assert word in mistake.sentence()


# fmt: off
FOREIGN = [
    # text in a statement, pointer from the statement, characters, code point
    (f'{REST}, "Condition": {{"StringLike": {{"k": ["a", "x§要求"]}}}}', "/Condition/StringLike/k/1",
        "要求", "U+8981"),
    (f'{REST}, "Condition": {{"StringLike": {{"k§é…": "v"}}}}'.replace("§é", "é§"),
        "/Condition/StringLike/ké…", "…", "U+2026"),
    (f'{REST}, "Condition": {{"StringLike": {{"k": "§😀"}}}}', "/Condition/StringLike/k", "😀", "U+1F600"),
    (f'{REST}, "Condition": {{"StringLike": {{"k": "ÿ§Ā"}}}}', "/Condition/StringLike/k", "Ā", "U+0100"),
]
# fmt: on


@pytest.mark.parametrize(("marked", "pointer", "characters", "code_point"), FOREIGN)
def test_characters_that_no_policy_may_hold(
    marked: str, pointer: str, characters: str, code_point: str
) -> None:
    text, line, column = place_of(f'{{"Statement": [\n{{{REST}}}, {{{marked}}}]}}')
    error = refusal(text)
    (mistake,) = error.mistakes
    assert (mistake.code, mistake.pointer) == ("foreign_characters", f"/Statement/1{pointer}")
    assert (mistake.line, mistake.column) == (line, column)
    for language in ("en", "ja"):
        assert characters in mistake.sentence(language)
        assert code_point in mistake.sentence(language)


# fmt: off
TOLD_ONCE = [
    # what stands in the statement's braces, pointer from the statement, code, suggestion
    ('"Effect": "Allow", "Action": "iam：GetUser", "Resource": "*"', "/Action", "full_width_action", "iam:GetUser"),
    ('"Effect": "Allow", "Action": "iam:Get\u200bUser", "Resource": "*"', "/Action", "full_width_action", "iam:GetUser"),
    ('"Effect": "Allow", "Action": "＊", "Resource": "*"', "/Action", "full_width_action", "*"),
    ('"Effect": "Allow", "Action": "*", "Resource": "＊"', "/Resource", "malformed_resource", "*"),
    ('"Effect": "Ａllow", "Action": "*", "Resource": "*"', "/Effect", "unknown_effect", "Allow"),
    ('"Ｅffect": "Allow", "Action": "*", "Resource": "*"', "/Ｅffect", "unknown_element", "Effect"),
    (COND + '{"Ｂool": {"aws:SecureTransport": "true"}}', "/Condition/Ｂool", "unknown_operator", "Bool"),
    (COND + '{"StringLike": {"aws:username": "ａlice"}}', "/Condition/StringLike/aws:username", "foreign_characters", "a"),
    (COND + '{"StringLike": {"aws:username": "要"}}', "/Condition/StringLike/aws:username", "foreign_characters", ""),
    ('"Effect": "Allow", "Action": "*", "Resource": "*", "Sid": "管理者"', "/Sid", "malformed_sid", None),
]
# fmt: on


@pytest.mark.parametrize(("body", "pointer", "code", "suggestion"), TOLD_ONCE)
def test_a_character_of_another_keyboard_is_told_once(
    body: str, pointer: str, code: str, suggestion: str | None
) -> None:
    (mistake,) = refusal(f'{{"Version": "2012-10-17", "Statement": {{{body}}}}}').mistakes
    assert (mistake.code, mistake.pointer) == (code, f"/Statement{pointer}")
    assert mistake.values.get("suggestion") == suggestion
    if suggestion:
        assert f"Did you mean “{suggestion}”?" in mistake.sentence("en")
        assert f"「{suggestion}」の誤りではありませんか。" in mistake.sentence("ja")


def test_what_stands_in_a_repeated_element_is_not_repeated_itself() -> None:
    text, line, column = place_of(
        f'{{"Statement": [{{"Sid": "A", {REST}}}],\n §"Statement": [{{"Sid": "B", {REST}}}]}}'
    )
    (mistake,) = refusal(text).mistakes
    assert (mistake.code, mistake.pointer) == ("repeated", "/Statement")
    assert (mistake.line, mistake.column) == (line, column)


def test_the_same_names_in_two_objects_of_a_list_are_no_repetition() -> None:
    text = f'{{"Statement": [{{{REST}}}, {{{REST}, "Effect": "Deny"}}, {{{REST}}}]}}'
    (mistake,) = refusal(text).mistakes
    assert mistake.pointer == "/Statement/1/Effect"


def test_a_repetition_hides_no_other_mistake() -> None:
    text = f'{{"Vorsion": 1, "Statement": [{{{REST}, "Effect": "deny"}}, {{"Action": "x"}}]}}'
    mistakes = refusal(text).mistakes
    assert [(one.code, one.pointer) for one in mistakes] == [
        ("unknown_element", "/Vorsion"),
        ("repeated", "/Statement/0/Effect"),
        ("no_effect", "/Statement/1"),
        ("neither_form", "/Statement/1"),
        ("action_without_service", "/Statement/1/Action"),
    ]


def test_a_path_is_given_in_place_of_a_text() -> None:
    given: Any = Path("policy.json")
    (mistake,) = refusal(given).mistakes
    assert mistake.code == "path_given"
    for language in ("en", "ja"):
        assert "read_text" in mistake.sentence(language)


def test_the_escape_of_a_character_is_let_through() -> None:
    Policy.parse(f'{{"Statement": {{{COND}{{"StringLike": {{"k": "\\u8981"}}}}}}}}')


def test_the_characters_of_latin_letters_are_allowed() -> None:
    text = f'{{"Statement": {{{COND}{{"StringLike": {{"k": "\x7f\xa0\xff"}}}}}}}}'
    assert Policy.parse(text).to_json(None) == text


def test_a_text_full_of_foreign_characters_names_twenty_places() -> None:
    values = ", ".join('"要x"' for _ in range(1_000))
    error = refusal(f'{{"Statement": {{{COND}{{"StringLike": {{"k": [{values}]}}}}}}}}')
    assert len(error.mistakes) == 20
    assert error.mistakes[19].pointer == "/Statement/Condition/StringLike/k/19"


def test_a_sid_that_an_earlier_statement_has() -> None:
    text, line, column = place_of(
        f'{{"Version": "2012-10-17", "Statement": [{{"Sid": "A", {REST}}}, {{"Sid": "a", {REST}}},\n'
        f'  {{§"Sid": "A", {REST}}}, {{{REST}}}, {{{REST}}}]}}'
    )
    error = refusal(text)
    (mistake,) = error.mistakes
    assert (mistake.code, error.pointer) == ("sid_twice", "/Statement/2/Sid")
    assert (error.line, error.column) == (line, column)
    assert "“A”" in mistake.sentence()
    assert "unique" in mistake.sentence()


REST_OF_RCP = '"Effect": "Deny", "Action": "s3:*", "Resource": "*", "Principal": "*"'
REST_OF_TRUST = '"Effect": "Allow", "Action": "sts:AssumeRole"'

# fmt: off
IN_OTHER_KINDS = [
    # code, kind, what stands in the statement's braces, pointer from the statement, words
    ("neither_form", "resource", REST, "",
        ["neither Principal nor NotPrincipal"]),
    ("both_forms", "resource", f'{REST}, "Principal": "*", §"NotPrincipal": "*"', "/NotPrincipal",
        ["both Principal and NotPrincipal"]),
    ("not_principal_allows", "resource", f'{REST}, §"NotPrincipal": "*"', "/NotPrincipal",
        ["NotPrincipal", "“Allow”"]),
    ("not_principal_here", "trust", f'§"NotPrincipal": {{"AWS": "*"}}, {REST_OF_TRUST}'.replace("Allow", "Deny"),
        "/NotPrincipal", ["“trust”", "aws:PrincipalArn"]),
    ("not_principal_here", "rcp", REST_OF_RCP.replace('"Pr', '§"NotPr'), "/NotPrincipal",
        ["“rcp”"]),
    ("principal_not_an_object", "resource", f'{REST}, §"Principal": "alice"', "/Principal",
        ["“*”", "text"]),
    ("principal_not_an_object", "resource", f'{REST}, §"Principal": ["*"]', "/Principal",
        ["list"]),
    ("unknown_principal_type", "resource", f'{REST}, "Principal": {{§"Aws": "123456789012"}}', "/Principal/Aws",
        ["“Aws”", "Did you mean “AWS”?", "Service, "]),
    ("empty_principal", "trust", f'{REST_OF_TRUST}, §"Principal": {{}}', "/Principal",
        ["Principal names nobody"]),
    ("empty_principal", "resource", f'{REST}, "Principal": {{§"Service": ""}}', "/Principal/Service",
        ["Service names nobody"]),
    ("group_as_principal", "trust", f'{REST_OF_TRUST}, "Principal": {{§"AWS": "arn:aws:iam::123456789012:group/g"}}',
        "/Principal/AWS", ["“arn:aws:iam::123456789012:group/g”", "group"]),
    ("malformed_principal", "trust", f'{REST_OF_TRUST}, "Principal": {{§"AWS": "arn:aws:iam::123456789012:users/a"}}',
        "/Principal/AWS", ["users/a”"]),
    ("action_not_for_trust_policy", "trust", '"Effect": "Allow", §"Action": "s3:GetObject", "Principal": {"AWS": "*"}',
        "/Action", ["“s3:GetObject”", "sts:AssumeRole"]),
    ("action_not_for_trust_policy", "trust", '"Effect": "Allow", "Action": ["sts:*", §"iam:AssumeRole"], "Principal": {"AWS": "*"}',
        "/Action/1", ["“iam:AssumeRole”", "Did you mean “sts:AssumeRole”?"]),
    ("empty_principals", "resource", f'{REST}, "Principal": {{§"AWS": []}}', "/Principal/AWS",
        ["AWS is an empty list"]),
    ("not_text", "resource", f'{REST}, "Principal": {{§"AWS": 123456789012}}', "/Principal/AWS",
        ["quotation marks", "number"]),
    ("wildcard_in_principal", "resource", f'{REST}, "Principal": {{"AWS": ["*", §"arn:aws:iam::1:user/*"]}}',
        "/Principal/AWS/1", ["“arn:aws:iam::1:user/*”", "aws:PrincipalArn"]),
    ("wildcard_in_principal", "trust", f'{REST_OF_TRUST}, "Principal": {{§"Service": "*"}}', "/Principal/Service",
        ["“*”"]),
    ("malformed_principal", "resource", f'{REST}, "Principal": {{§"AWS": "alice"}}', "/Principal/AWS",
        ["“alice”", "12 digits"]),
    ("malformed_principal", "resource", f'{REST}, "Principal": {{§"AWS": "arn:aws:s3:::b"}}', "/Principal/AWS",
        ["“arn:aws:s3:::b”"]),
    ("everyone_in_trust_policy", "trust", f'{REST_OF_TRUST}, §"Principal": "*"', "/Principal",
        ["“*” alone", '{"AWS": "*"}']),
    ("resource_in_trust_policy", "trust", f'{REST_OF_TRUST}, "Principal": {{"AWS": "*"}}, §"Resource": "*"',
        "/Resource", ["Resource"]),
    ("resource_in_trust_policy", "trust", f'{REST_OF_TRUST}, "Principal": {{"AWS": "*"}}, §"NotResource": "*"',
        "/NotResource", ["NotResource"]),
    ("malformed_sid", "trust", f'{REST_OF_TRUST}, "Principal": {{"AWS": "*"}}, §"Sid": "a b"', "/Sid",
        ["“a b”"]),
    ("unknown_element", "trust", f'{REST_OF_TRUST}, "Principal": {{"AWS": "*"}}, §"Principl": "*"', "/Principl",
        ["Did you mean “Principal”?", "NotAction, Condition."]),
    ("unknown_element", "resource", f'{REST}, "Principal": "*", §"NotPrincipals": "*"', "/NotPrincipals",
        ["Did you mean “NotPrincipal”?"]),
    ("principal_in_scp", "scp", f'{REST}, §"Principal": "*"', "/Principal",
        ["Principal", "aws:PrincipalArn"]),
    ("principal_in_scp", "scp", f'{REST}, §"NotPrincipal": "*"', "/NotPrincipal",
        ["NotPrincipal"]),
    ("principal_in_identity_policy", "boundary", f'{REST}, §"Principal": "*"', "/Principal",
        ["Principal"]),
    ("principal_in_identity_policy", "session", f'{REST}, §"Principal": "*"', "/Principal",
        ["Principal"]),
    ("neither_form", "scp", '"Effect": "Deny", "Action": "*"', "",
        ["neither Resource nor NotResource"]),
    ("principal_in_rcp", "rcp", REST_OF_RCP.replace('"Principal": "*"', '§"Principal": {"AWS": "123456789012"}'),
        "/Principal", ["“*”", "aws:PrincipalArn"]),
    ("not_action_in_rcp", "rcp", REST_OF_RCP.replace('"Action"', '§"NotAction"'), "/NotAction",
        ["NotAction"]),
    ("allow_in_rcp", "rcp", REST_OF_RCP.replace('"Effect": "Deny"', '§"Effect": "Allow"'), "/Effect",
        ["“Allow”", "RCPFullAWSAccess"]),
    ("allow_in_rcp", "rcp", '§"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*", "Condition": {}',
        "/Effect", ["Condition"]),
]
# fmt: on


@pytest.mark.parametrize(("code", "kind", "marked", "pointer", "words"), IN_OTHER_KINDS)
def test_mistakes_of_other_kinds_of_policy(
    code: str, kind: str, marked: str, pointer: str, words: list[str]
) -> None:
    statement = f'"Statement": {{{marked}}}' if pointer else f'§"Statement": {{{marked}}}'
    text, line, column = place_of(f'{{"Version": "2012-10-17",\n {statement}}}')
    with pytest.raises(PolicyError) as raised:
        Policy.parse(text, kind)
    (mistake,) = raised.value.mistakes
    assert (mistake.code, mistake.pointer) == (code, f"/Statement{pointer}")
    assert (mistake.line, mistake.column) == (line, column)
    for word in words:
        assert word in mistake.sentence()
        for name in re.findall("“(.*?)”", word):
            assert name in mistake.sentence("ja")


# fmt: off
ACCEPTED_IN_KINDS = [
    ("resource", f'{REST}, "Principal": "*"'),
    ("resource", '"Effect": "Deny", "Action": "*", "NotPrincipal": {"AWS": "123456789012"}'),
    ("resource", f'{REST}, "Principal": {{"CanonicalUser": "79a5", "Service": ["sns.amazonaws.com"]}}'),
    ("resource", f'{REST}, "Principal": {{"AWS": "arn:aws:iam::cloudfront:user/CloudFront E1"}}'),
    ("resource", f'{REST}, "Principal": {{"AWS": "AIDAEXAMPLEALICE00001"}}, "Sid": "with space"'),
    ("trust",    f'{REST_OF_TRUST}, "Principal": {{"AWS": ["*", "arn:aws:iam::123456789012:root"]}}'),
    ("trust",    f'{REST_OF_TRUST}, "Principal": {{"Federated": "accounts.google.com"}}, "Condition": {{}}'),
    ("trust",    '"Effect": "Allow", "Action": ["sts:*", "STS:assumerole", "*"], "Principal": {"AWS": "123456789012"}'),
    ("resource", f'{REST}, "Principal": "*"'.replace('"Resource": "*"', '"Resource": "arn:was:s3:us-east-1::b"')),
    ("scp",      REST + ', "Condition": {"DateLessThan": {"aws:CurrentTime": "soon"}}'),
    ("scp",      '"Effect": "Allow", "NotAction": "iam:*User", "NotResource": "arn:aws:s3:::b", "Sid": "a b"'),
    ("rcp",      REST_OF_RCP),
    ("rcp",      REST_OF_RCP.replace('"Resource"', '"NotResource"')),
    ("rcp",      '"Effect": "Allow", "Action": ["*"], "Resource": "*", "Principal": "*"'),
    ("boundary", REST),
    ("session",  REST),
]
# fmt: on


# fmt: off
ARNS_TAKEN = [
    "arn:aws:s3:*", "arn:aws:fdsasf", "arn:*", "arn:*:s3:::b", "arn:aws*:s3:::b", "arn:aws-iso-f:s3:::b",
    "arn:aws:iam", "arn:aws:iam::*", "arn:aws:iam::123456789012:*", "arn:aws:iam:::user/a", "arn:aws:iam::*:us*/a",
    "arn:aws:iam::*:?ser/a", "arn:aws:iam::123456789012:root", "arn:aws:iam::aws:policy/P", "arn:aws:iam::*:${aws:PrincipalTag/x}/a",
    "arn:aws:iam:*:123456789012:user/a", "arn:aws:iam::${aws:PrincipalAccount}:user/a", "arn:aws:iam::1:delegation-request/d",
    "arn:aws:s3:us-west-2:123456789012:accesspoint/p", "arn:aws:s3:us-west-2:123456789012:storage-lens/x", "arn:aws:s3:*:*:b",
    "arn:aws:sqs:us-east-1:123456789012:q", "arn:aws:invalid-service:::x", "arn:aws:apigateway:*::/apis/*",
]
DATES_TAKEN = [
    "2017-07-01T00:00:00Z", "01T", "2016-12-13T21:20:37.593194+00:00", "2016-12-13t2:00:00.593194+23", "-292275054",
    "2021-06-11T09:00:00+0900", "2021-06-11T09:00:00-05:00", "1623000000", "1623000000.5", "2021", "2021-6-1", "2021-02-30",
    "9223372036854775807", "${aws:PrincipalTag/until}",
]
DATES_REFUSED = [
    "", "now", "*", "2016-12-13t2:00:00.593194+1", "2016-12-13t2:00:00.1999999999+10:59", "9223372036854775808", "2021/06/11",
    "2021-13-01", "2021-06-32", "2021-06-11T25:00:00Z", "2021-06-11T09:60:00Z",
]
# fmt: on


@pytest.mark.parametrize("resource", ARNS_TAKEN)
def test_an_arn_that_is_not_known_to_be_refused_is_taken(resource: str) -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": resource}
    assert Policy.parse({"Version": "2012-10-17", "Statement": statement}).statements


@pytest.mark.parametrize(
    ("value", "taken"), [*((v, True) for v in DATES_TAKEN), *((v, False) for v in DATES_REFUSED)]
)
def test_which_dates_are_taken(value: str, taken: bool) -> None:
    condition = {"DateLessThan": {"aws:CurrentTime": value}}
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}
    document = {"Version": "2012-10-17", "Statement": statement}
    if taken:
        assert Policy.parse(document).statements
    else:
        assert refusal(document).mistakes[0].code == "malformed_date"


def test_a_question_is_asked_only_where_something_is_near() -> None:
    for statement in (
        {"Effect": "Reject", "Action": "*", "Resource": "*"},
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Zzz": 1},
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"x": {}}},
    ):
        (mistake,) = refusal({"Version": "2012-10-17", "Statement": statement}).mistakes
        assert "Did you mean" not in mistake.sentence("en")
        assert "ありませんか" not in mistake.sentence("ja")
    assert "Id" not in str(refusal({"ID": 1, "Statement": {}})).partition("Allowed here:")[2]


def test_types_are_named_in_the_language() -> None:
    (mistake,) = refusal("[]").mistakes
    assert "リスト" in mistake.sentence("ja")
    assert "list" in mistake.sentence("en")


def test_what_only_python_can_hold_is_a_mistake() -> None:
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    for condition, code in (
        ({"Bool": {5: "x"}}, "name_not_text"),
        ({5: {"aws:x": "x"}}, "name_not_text"),
        ({"NumericEquals": {"aws:x": float("nan")}}, "not_finite"),
        ({"NumericEquals": {"aws:x": [float("-inf")]}}, "not_finite"),
    ):
        document: Any = {"Version": "2012-10-17", "Statement": statement | {"Condition": condition}}
        (mistake,) = refusal(document).mistakes
        assert mistake.code == code
        assert mistake.sentence("ja") != mistake.sentence("en")
    for odd in ({None: 1, "Statement": statement}, {"Statement": statement | {("a",): 1}}):
        assert refusal(odd).mistakes[0].code == "name_not_text"  # type: ignore[arg-type]


def test_the_text_of_an_error_names_five_mistakes_and_counts_the_rest() -> None:
    actions = ["a", "b", "c", "d", "e", "f", "g"]
    statement = {"Effect": "Allow", "Action": actions[:5], "Resource": "*"}
    lines = str(refusal({"Statement": statement})).split("\n")
    assert len(lines) == 5
    statement["Action"] = actions
    lines = str(refusal({"Statement": statement})).split("\n")
    assert lines[4].startswith("At /Statement/Action/4: “e”")
    assert lines[5:] == ["There are 2 more mistakes."]


@pytest.mark.parametrize(("kind", "body"), ACCEPTED_IN_KINDS)
def test_what_the_kinds_allow(kind: str, body: str) -> None:
    document = json.loads(f'{{"Version": "2012-10-17", "Statement": {{{body}}}}}')
    assert Policy.parse(document, kind).document == document


@pytest.mark.parametrize(
    ("kind", "takes"), [("resource", True), ("trust", True), ("scp", True), ("boundary", False)]
)
def test_which_kinds_take_an_id(kind: str, takes: bool) -> None:
    principal = {"Principal": {"AWS": "*"}} if kind in ("resource", "trust") else {}
    resource = {} if kind == "trust" else {"Resource": "*"}
    statement = {"Effect": "Deny", "Action": "sts:*", **principal, **resource}
    document = {"Id": "x", "Statement": statement}
    if takes:
        assert Policy.parse(document, kind).document["Id"] == "x"
    else:
        with pytest.raises(PolicyError) as raised:
            Policy.parse(document, kind)
        assert raised.value.mistakes[0].code == "id_in_identity_policy"


@pytest.mark.parametrize("kind", ["resource", "scp"])
def test_elsewhere_than_in_iam_a_sid_may_come_twice(kind: str) -> None:
    statement: dict[str, Any] = {"Sid": "A", "Effect": "Deny", "Action": "*", "Resource": "*"}
    if kind == "resource":
        statement["Principal"] = "*"
    assert len(Policy.parse({"Statement": [statement] * 2}, kind).statements) == 2


# Sizes.

# fmt: off
QUOTAS = [
    # kind      most       white space in texts counts
    ("session", 2_048,     True),
    ("trust",   4_096,     False),
    ("scp",     10_240,    True),
    ("rcp",     5_120,     True),
]
# fmt: on


def of_size(kind: str, characters: int, filling: str = "x") -> str:
    """Give the text of a policy that has so many characters between its brackets' white space."""
    statement: dict[str, Any] = {"Effect": "Deny", "Action": "sts:*"}
    if kind in ("trust", "rcp"):
        statement["Principal"] = {"AWS": "*"}
    if kind != "trust":
        statement["Resource"] = "*"
    statement["Condition"] = {"StringLike": {"aws:userid": ""}}
    bare = json.dumps({"Statement": statement}, separators=(",", ":"))
    statement["Condition"]["StringLike"]["aws:userid"] = filling * (characters - len(bare))
    return json.dumps({"Statement": statement}, indent=8)


@pytest.mark.parametrize(("kind", "most", "counts_white_space"), QUOTAS)
def test_the_largest_policy_and_one_too_large(
    kind: str, most: int, counts_white_space: bool
) -> None:
    assert Policy.parse(of_size(kind, most), kind).kind == kind
    for source in (of_size(kind, most + 1), json.loads(of_size(kind, most + 1))):
        with pytest.raises(PolicyError) as raised:
            Policy.parse(source, kind)
        (mistake,) = raised.value.mistakes
        assert (mistake.code, mistake.pointer) == ("too_large", "")
        for language in ("en", "ja"):
            assert str(most) in mistake.sentence(language)
            assert str(most + 1) in mistake.sentence(language)
    spaces = of_size(kind, most + 1, " ")
    if counts_white_space:
        with pytest.raises(PolicyError):
            Policy.parse(spaces, kind)
    else:
        Policy.parse(spaces, kind)


def test_an_identity_policy_has_a_size_but_no_limit_of_its_own() -> None:
    """AWS's own managed policies are larger than a customer's may be."""
    policy = Policy.parse(of_size("identity", 20_000))
    assert policy.size == 20_000
    assert Policy.parse(of_size("identity", 20_000, " ")).size < 200


def test_every_mistake_has_its_case() -> None:
    elsewhere = {
        "sid_twice",
        "not_utf8",
        "foreign_characters",
        "too_large",
        "name_not_text",
        "not_finite",
        "path_given",
    }  # cases of their own
    elsewhere |= {code for code, *_ in IN_OTHER_KINDS}
    cases = {code for code, *_ in IN_DOCUMENT + IN_STATEMENT} | elsewhere
    in_catalogue = {key.removeprefix(SECTION) for key in catalogue("en") if key.startswith(SECTION)}
    not_grammar = {code for code in in_catalogue if code.startswith(("json_", "not_json"))}
    assert cases == in_catalogue - not_grammar


@pytest.mark.parametrize(("code", "marked", "pointer", "words"), IN_STATEMENT)
def test_every_sentence_is_also_japanese(
    code: str, marked: str, pointer: str, words: list[str]
) -> None:
    body = marked.replace("§", "")
    (mistake,) = refusal(f'{{"Version": "2012-10-17", "Statement": {{{body}}}}}').mistakes
    japanese = mistake.sentence("ja")
    assert any("\u3040" <= character <= "\u30ff" for character in japanese)
    for word in words:
        for name in re.findall("“(.*?)”", word):
            assert name in japanese


def test_the_message_says_where_then_what() -> None:
    document = {"Version": "2012-10-17", "Statement": {"Action": "*", "Resource": "*"}}
    assert str(refusal(json.dumps(document, indent=1))).startswith(
        "Line 3, column 2 (/Statement): The"
    )
    assert str(refusal(document)).startswith("At /Statement: The statement has no Effect.")
    assert str(refusal({})).startswith("The policy has no Statement.")
    (mistake,) = refusal(json.dumps(document, indent=1)).mistakes
    assert mistake.located_sentence("ja").startswith("3 行目 2 文字目 (/Statement): ")


def test_a_constant_that_json_does_not_have_is_found_where_it_stands() -> None:
    error = refusal('{"Version":\n\n  NaN}')
    assert error.mistakes[0].code == "json_bare_word"
    assert "NaN" in str(error)
    assert error.line == 3


def test_the_elements_that_a_sentence_offers_are_allowed() -> None:
    """A name that is refused for itself is neither suggested nor listed as allowed."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*", "Principals": "*"}
    sentence = str(refusal({"Version": "2012-10-17", "Statement": statement}))
    assert "Principal," not in sentence.partition("Allowed here:")[2]


def test_an_id_is_not_for_identity_policies() -> None:
    """AWS: the id_block "must not be included in identity-based policies"."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    assert refusal({"Version": "2012-10-17", "Id": "x", "Statement": statement}).pointer == "/Id"


def test_an_empty_list_of_statements_is_no_policy() -> None:
    """AWS: "Arrays can take one or more values"."""
    assert refusal({"Version": "2012-10-17", "Statement": []}).pointer == "/Statement"


# Several mistakes.

MANY_MISTAKES = """{
  "Statement": [
    {"Resource": "alice", "Action": ["iam", "iam:*", "x y"], "Effect": "allow", "Sid": "a b"},
    {"Effect": "Deny", "Action": "*", "Resource": "*", "Condition": {"Boolean": {"k": null}}},
    7
  ],
  "Version": "2021-06-11"
}"""

IN_ORDER = [
    ("malformed_resource", "/Statement/0/Resource"),
    ("action_without_service", "/Statement/0/Action/0"),
    ("action_without_service", "/Statement/0/Action/2"),
    ("unknown_effect", "/Statement/0/Effect"),
    ("malformed_sid", "/Statement/0/Sid"),
    ("unknown_operator", "/Statement/1/Condition/Boolean"),
    ("condition_value_not_text", "/Statement/1/Condition/Boolean/k"),
    ("statement_not_an_object", "/Statement/2"),
    ("unknown_version", "/Version"),
]


@pytest.mark.parametrize(
    "source", [MANY_MISTAKES, json.loads(MANY_MISTAKES)], ids=["text", "values"]
)
def test_all_mistakes_come_at_once_in_document_order(source: str | dict[str, Any]) -> None:
    error = refusal(source)
    assert [(one.code, one.pointer) for one in error.mistakes] == IN_ORDER
    assert error.pointer == "/Statement/0/Resource"


def test_the_places_of_many_mistakes() -> None:
    error = refusal(MANY_MISTAKES)
    assert [one.line for one in error.mistakes] == [3, 3, 3, 3, 3, 4, 4, 5, 7]
    assert (error.line, error.column) == (3, 6)


def test_all_repetitions_come_at_once() -> None:
    error = refusal('{"Version": 1, "Version": 2, "a": [{"b": 1, "b": 2}], "Version": 3}')
    repeated = [one for one in error.mistakes if one.code == "repeated"]
    pointers = [(one.code, one.pointer, one.column) for one in repeated]
    assert pointers == [
        ("repeated", "/Version", 16),
        ("repeated", "/a/0/b", 45),
        ("repeated", "/Version", 55),
    ]


# What AWS takes.


@pytest.mark.parametrize("file", POLICIES, ids=lambda file: file.stem)
def test_the_policies_of_the_article_and_its_history(file: Path) -> None:
    text = file.read_text("utf-8")
    policy = Policy.parse(text)
    assert policy.version == "2012-10-17"
    assert policy.document == json.loads(text)
    assert len(policy.statements) == len(json.loads(text)["Statement"])
    assert json.loads(policy.to_json()) == json.loads(text)


# fmt: off
ACCEPTED = [
    '{"Statement": {@}}',
    '{"Version": "2008-10-17", "Statement": {@}}',
    '{"Version": "2012-10-17", "Statement": [{"Sid": "Abc123", @}]}',
    '{"Version": "2012-10-17", "Statement": [{"Sid": "A", @}, {"Sid": "a", @}]}',
    '{"Version": "2012-10-17", "Statement": [{@}, {@}]}',
    '{"Statement": {"Effect": "Deny", "NotAction": ["iam:*"], "NotResource": ["arn:aws:s3:::b"]}}',
    '{"Statement": {"Effect": "Deny", "Action": "iam:NoSuchAction", "Resource": "*"}}',
    '{"Statement": {"Effect": "Deny", "Action": "execute-api:In*", "Resource": "*"}}',
    '{"Statement": {@, "Condition": {"NumericLessThan": {"k": [1, 2.5, "3"]}}}}',
    '{"Statement": {@, "Condition": {"Null": {"k": true}, "Bool": {"k": "true"}}}}',
    '{"Statement": {@, "Condition": {"ForAnyValue:StringNotLikeIfExists": {"k": "v"}}}}',
]
# fmt: on


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_the_grammar_allows(text: str) -> None:
    text = text.replace("@", REST)
    assert Policy.parse(text).document == json.loads(text)
    assert Policy.parse(json.loads(text)).document == json.loads(text)
    assert Policy.parse(text.encode()).document == json.loads(text)


def test_the_version() -> None:
    """Without Version a policy is of the old language."""
    statement = json.loads(f"{{{REST}}}")
    assert Policy.parse({"Statement": statement}).version == "2008-10-17"
    for version in ("2008-10-17", "2012-10-17"):
        assert Policy.parse({"Version": version, "Statement": statement}).version == version


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert Policy.parse("\ufeff" + ARTICLE) == Policy.parse(ARTICLE)
    assert Policy.parse(b"\xef\xbb\xbf" + ARTICLE.encode()) == Policy.parse(ARTICLE)
    error = refusal('\ufeff{"Statement": 1}')
    assert (error.line, error.column) == (1, 2)


def test_line_ends_of_windows() -> None:
    assert Policy.parse(ARTICLE.replace("\n", "\r\n")) == Policy.parse(ARTICLE)
    error = refusal('{\r\n "Version": "2012-10-17",\r\n "Statement": 1}')
    assert (error.line, error.column) == (3, 2)


def test_names_that_json_escapes() -> None:
    """A pointer has the name itself; the place is that of the name as it is spelled."""
    text, line, column = place_of(f'{{"Statement": {{{REST}, §"\\u0053\\"/": 1}}}}')
    error = refusal(text)
    assert (error.pointer, error.line, error.column) == ('/Statement/S"~1', line, column)


# fmt: off
WRITTEN = ["1", "1.50", "1e3", "1E+3", "-0", "1e400", "0.1000000000000000055511151231257827", "true",
    '"1"', '"\\ue0001\\ue000"', '"\xffx\xa0"', '"\\u0000\\ud800"', '"a\\"b\\\\"']
# fmt: on


@pytest.mark.parametrize("value", WRITTEN)
def test_a_policy_written_out_says_the_same(value: str) -> None:
    """Unquoted numbers are compared as they are spelled, so they must be written as they came."""
    policy = Policy.parse(f'{{"Statement": {{{COND}{{"StringEquals": {{"k": {value}}}}}}}}}')
    for again in (Policy.parse(policy.to_json()), Policy.parse(policy.to_json(indent=None))):
        assert meaning(again) == meaning(policy)


# fmt: off
UNLIKE = [
    # one value, another
    ("1.5",     "1.50"),
    ("1",       "true"),
    ("1",       "1.0"),
    ('"1"',     '"01"'),
]
# fmt: on


@pytest.mark.parametrize(("one", "another"), UNLIKE)
def test_policies_that_decide_differently_are_not_equal(one: str, another: str) -> None:
    first, second = (
        Policy.parse(f'{{"Statement": {{{COND}{{"StringEquals": {{"k": {value}}}}}}}}}')
        for value in (one, another)
    )
    assert first != second


def meaning(policy: Policy) -> list[Any]:
    """Give all that a policy's statements say, as plain values."""
    return [
        (
            statement.sid,
            str(statement.effect),
            (statement.actions.name, statement.actions.patterns),
            statement.resources and (statement.resources.name, statement.resources.spelled),
            [
                (test.operator.spelled, test.spelled_key, [one.text for one in test.wanted])
                for test in statement.conditions
            ],
        )
        for statement in policy.statements
    ]


# Nothing but a PolicyError.


def nested(depth: int) -> list[Any]:
    """Give lists in lists, deeper than Python may go down."""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


DEEP = nested(5_000)


def in_condition(value: str) -> str:
    return f'{{"Statement": {{{COND}{{"NumericEquals": {{"k": {value}}}}}}}}}'


# fmt: off
ODD_TEXTS = {
    "nothing":              "",
    "white space":          " \n\t",
    "NUL":                  "\x00",
    "NUL in a text":        '{"Version": "\x00"}',
    "NUL escaped":          '{"Version": "\\u0000", "Statement": {"Action": "\\u0000:\\u0000"}}',
    "lone surrogate":       '{"\ud800": "\udfff"}',
    "surrogate escaped":    '{"\\ud800": "\\udfff", "Statement": {"Effect": "\\ud800"}}',
    "two marks":            "\ufeff\ufeff{}",
    "NaN":                  '{"Version": NaN}',
    "NaN and more":         '{"Version": NaNx}',
    "NaN and NUL":          "[NaN\x00]",
    "Infinity and more":    '{"Version": -Infinity1}',
    "Infinity":             in_condition("-Infinity"),
    "long integer":         in_condition("1" * 10_000),
    "long decimal":         in_condition("1" * 10_000 + ".5"),
    "long fraction":        in_condition("0." + "1" * 10_000),
    "long quoted":          in_condition('"' + "1" * 10_000 + '"'),
    "large exponent":       in_condition("1e999999999"),
    "quoted exponent":      in_condition('"1e999999999"'),
    "arrays":               "[" * 100_000,
    "arrays, closed":       "[" * 100_000 + "]" * 100_000,
    "objects":              '{"a":' * 100_000,
    "arrays in Version":    '{"Version":' + "[" * 100_000,
    "some arrays":          '{"Version":' + "[" * 300 + "]" * 300 + "}",
    "some in Effect":       '{"Statement": {"Effect":' + "[" * 300 + "]" * 300 + "}}",
    "some objects":         '{"Version":' + '{"a":' * 300 + "1" + "}" * 301,
    "long name":            '{"%s": 1}' % ("Statement" * 2_000),
    "long Effect":          '{"Statement": {"Effect": "%s"}}' % ("Allow" * 2_000),
    "long operator":        '{"Statement": {"Condition": {"%s": {}}}}' % ("IfExists" * 2_000),
    "escapes":              '{"\\u005c\\"}{": "\\\\\\"", "Statement": ["\\\\", {}]}',
    "empty names":          '{"": {"": [{"": ""}]}, "Statement": {"": ""}}',
    "braces in text":       '{"a}],:{[": "}],:{[", "Statement": "}"}',
    "other spaces":         '{\u00a0"Version": 1}',
    "comment":              '{"Version": 1} // no',
    "trailing comma":       '{"Version": 1,}',
    "single quotes":        "{'Version': 1}",
}

ODD_BYTES = {
    "no UTF-8":             b'{"Version": "\xff\xfe"}',
    "UTF-16":               ARTICLE.encode("utf-16"),
    "UTF-16 without mark":  ARTICLE.encode("utf-16-le"),
    "cut":                  ARTICLE.encode()[:-20],
    "NUL":                  b"\x00" * 10,
}

ODD_VALUES = {
    "none":                 None,
    "number":               7,
    "list":                 [{"Version": 1}],
    "names no text":        {1: 2, None: 3, "Statement": {4: 5}},
    "not hashable":         {"Version": [], "Statement": {"Effect": {}, "Action": [[]]}},
    "sets":                 {"Version": {1}, "Statement": {"Effect": {1}, "Action": {1}}},
    "bytes":                {"Version": b"2012-10-17", "Statement": {"Action": b"*"}},
    "not a number":         {"Statement": {"Condition": {"Bool": {"k": float("nan")}}}},
    "long integer":         {"Statement": {"Condition": {"Bool": {"k": 10**5_000}}}},
    "long Version":         {"Version": 10**5_000, "Statement": []},
    "long Effect":          {"Statement": {"Effect": 10**5_000}},
    "deep Version":         {"Version": DEEP},
    "deep Effect":          {"Statement": {"Effect": DEEP}},
    "deep Action":          {"Statement": {"Action": DEEP}},
    "deep Condition":       {"Statement": {"Condition": {"Bool": {"k": DEEP}}}},
}
# fmt: on


def assert_reads_or_refuses(source: Any) -> None:
    """A policy, or a PolicyError that can be told in every language: nothing else."""
    try:
        policy = Policy.parse(source)
    except PolicyError as error:
        assert error.mistakes
        for mistake in error.mistakes:
            assert mistake.sentence("en")
            assert mistake.located_sentence("ja")
            assert (mistake.line is None) is (not isinstance(source, (str, bytes)))
        return
    context = {"k": "5", "aws:username": "alice"}
    decision = evaluate(PolicySet([policy]), Request("iam:GetUser", "*", "arn:x", context))
    assert decision.trace["outcome"] == decision.outcome


@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_odd_texts(text: str) -> None:
    assert_reads_or_refuses(text)


@pytest.mark.parametrize("source", ODD_BYTES.values(), ids=ODD_BYTES)
def test_odd_bytes(source: bytes) -> None:
    assert_reads_or_refuses(source)


@pytest.mark.parametrize("source", ODD_VALUES.values(), ids=ODD_VALUES)
def test_odd_values(source: Any) -> None:
    assert_reads_or_refuses(source)


def test_deep_values_take_memory_by_their_size() -> None:
    """Not by the square of it: a pointer to every list would be thousands of long texts."""
    deep = nested(10_000)
    tracemalloc.start()
    try:
        refusal({"Version": deep})
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 10_000_000


NAMES = [
    "Version", "Id", "Statement", "Sid", "Effect", "Principal", "Action", "NotAction",
    "Resource", "NotResource", "Condition", "Bool", "Null", "StringLike", "k", "", "a/b",
]  # fmt: skip
TEXTS = ["2012-10-17", "2008-10-17", "Allow", "Deny", "*", "iam:*", "arn:aws:s3:::*", "true", ""]

scalars = st.one_of(
    st.sampled_from(TEXTS),
    st.text(max_size=4),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), inner, max_size=4),
    ),
    max_leaves=12,
)
statements = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny"]), "Resource": st.just("*")},
    optional={name: values for name in ("Action", "NotAction", "Sid", "Condition")},
)
documents = values | st.fixed_dictionaries(
    {"Version": st.just("2012-10-17"), "Statement": st.lists(statements | values, max_size=3)}
)


@repeatable
@given(documents)
def test_any_values(document: Any) -> None:
    assert_reads_or_refuses(document)


@repeatable
@given(documents, st.sampled_from([None, 1]))
def test_any_json(document: Any, indent: int | None) -> None:
    assert_reads_or_refuses(json.dumps(document, indent=indent))


@repeatable
@given(st.text(max_size=30) | st.text('{}[]:,"\\ aeE0.-\n', max_size=30))
def test_any_text(text: str) -> None:
    assert_reads_or_refuses(text)


@repeatable
@given(st.binary(max_size=30))
def test_any_bytes(source: bytes) -> None:
    assert_reads_or_refuses(source)


changes = st.lists(
    st.tuples(
        st.integers(0, len(ARTICLE)),
        st.integers(0, 12),
        st.text('{}[]:,"\\ *?$aA1\n', max_size=4) | st.sampled_from(['"Effect": "Deny",', "null"]),
    ),
    min_size=1,
    max_size=3,
)


@repeatable
@given(changes)
def test_the_article_with_random_changes_of_its_text(cuts: list[tuple[int, int, str]]) -> None:
    text = ARTICLE
    for place, length, instead in cuts:
        text = text[:place] + instead + text[place + length :]
    assert_reads_or_refuses(text)


@st.composite
def changed_articles(draw: st.DrawFn) -> Any:
    """The article's policy with some of its values replaced by others."""
    document = json.loads(ARTICLE)
    for _ in range(draw(st.integers(1, 3))):
        value = document
        while True:
            steps = list(value) if isinstance(value, dict) else list(range(len(value)))
            if not steps:
                break
            step = draw(st.sampled_from(steps))
            inner = value[step]
            if isinstance(inner, (dict, list)) and draw(st.integers(0, 4)):
                value = inner
                continue
            value[step] = draw(values)
            break
    return document


def value_at(document: Any, pointer: str) -> Any:
    """Follow a JSON pointer (RFC 6901)."""
    value = document
    for step in pointer.split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        value = value[int(name) if isinstance(value, list) else name]
    return value


@repeatable
@given(changed_articles(), st.sampled_from([None, 2]))
def test_every_mistake_is_where_it_is_said_to_be(document: Any, indent: int | None) -> None:
    """The pointer leads to a value; line and column to its name, or to an item itself."""
    text = json.dumps(document, indent=indent)
    lines = text.split("\n")
    document = json.loads(text)
    try:
        Policy.parse(text)
    except PolicyError as error:
        if error.mistakes[0].code == "json_bare_word":  # NaN
            return
        places = [(mistake.line or 0, mistake.column or 0) for mistake in error.mistakes]
        assert places == sorted(places)
        for mistake, (line, column) in zip(error.mistakes, places, strict=True):
            here = "\n".join([lines[line - 1][column - 1 :], *lines[line:]])
            found, _ = json.JSONDecoder().raw_decode(here)
            parent, _, step = mistake.pointer.rpartition("/")
            is_member = mistake.pointer and isinstance(value_at(document, parent), dict)
            name = step.replace("~1", "/").replace("~0", "~")
            assert found == (name if is_member else value_at(document, mistake.pointer))


@repeatable
@given(changed_articles())
def test_text_and_values_are_read_alike(document: Any) -> None:
    """The same mistakes, or the same policy."""
    document = json.loads(json.dumps(document, allow_nan=True).replace("NaN", "0"))
    document = json.loads(json.dumps(document).replace("-Infinity", "0").replace("Infinity", "0"))

    def read(source: Any) -> Any:
        try:
            return meaning(Policy.parse(source))
        except PolicyError as error:
            return sorted((one.code, one.pointer) for one in error.mistakes)

    assert read(json.dumps(document)) == read(document)


def test_bytes_that_are_no_utf_8_are_found_where_they_stand() -> None:
    error = refusal(b'{"Version":\n "\xff"}')
    assert (error.mistakes[0].code, error.line, error.column) == ("not_utf8", 2, 3)


@pytest.mark.parametrize(
    ("document", "pointers"),
    [
        ('{"Statement": [{"Efect": "Allow", "Acton": "*", "Resorce": "*"}]}', ["Efect", "Acton", "Resorce"]),
        ('{"Statement": {"Effect": "Allow", "NotActions": "a:b", "Resource": "*"}}', ["NotActions"]),
        ('{"Statment": []}', ["Statment"]),
    ],
)  # fmt: skip
def test_a_misspelled_element_is_not_said_to_be_missing_too(
    document: str, pointers: list[str]
) -> None:
    with pytest.raises(PolicyError) as caught:
        Policy.parse(document)
    assert [one.code for one in caught.value.mistakes] == ["unknown_element"] * len(pointers)
    assert [one.pointer.rpartition("/")[2] for one in caught.value.mistakes] == pointers


def test_an_element_of_no_similar_name_hides_nothing() -> None:
    with pytest.raises(PolicyError) as caught:
        Policy.parse('{"Statement": {"Foo": 1, "Action": "a:b", "Resource": "*"}}')
    assert [one.code for one in caught.value.mistakes] == ["no_effect", "unknown_element"]


def test_a_misspelled_element_of_one_statement_hides_nothing_of_another() -> None:
    rest = '"Action": "a:b", "Resource": "*"'
    with pytest.raises(PolicyError) as caught:
        Policy.parse(f'{{"Statement": [{{"Efect": "Allow", {rest}}}, {{{rest}}}]}}')
    assert [one.code for one in caught.value.mistakes] == ["unknown_element", "no_effect"]
