"""The elements of a policy and of a statement: what is refused, where, and in which words.

Source: IAM User Guide, "Grammar of the IAM JSON policy language"; data/facts.md, "Policy grammar".
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from mfa_lab import Policy, PolicyError
from tests.iam.parsing.marked_policy import (
    REST,
    REST_OF_RCP,
    REST_OF_TRUST,
    assert_in_document,
    assert_in_kind,
    assert_in_statement,
    place_of,
    refusal,
)

# fmt: off
IN_DOCUMENT = [
    # code, text, pointer, words of the sentence
    ("empty_statement", '{"Version": "2012-10-17", §"Statement": []}', "/Statement",
        ["empty list", "at least one"]),
    ("id_in_identity_policy", '{§"Id": "x", "Statement": @}', "/Id",
        ["Id", "resource-based"]),
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

IN_STATEMENT = [
    # code, what stands in the statement's braces, pointer from the statement, words
    ("unknown_element", f'{REST}, §"Conditions": {{}}', "/Conditions",
        ["“Conditions”", "Did you mean “Condition”?", "Effect", "NotResource"]),
    ("unknown_element", f'{REST}, §"effect": "Deny"', "/effect",
        ["“effect”", "Did you mean “Effect”?"]),
    ("unknown_element", f'{REST}, §"a/b~c": 1', "/a~1b~0c",
        ["“a/b~c”"]),
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
    ("element_of_policy", f'{REST}, §"Version": "2012-10-17"', "/Version",
        ["“Version”", "top of the policy"]),
    ("operator_outside_condition", f'{REST}, §"BoolIfExists": {{}}', "/BoolIfExists",
        ["“BoolIfExists”", "Condition"]),
]

IN_OTHER_KINDS = [
    # code, kind, what stands in the statement's braces, pointer from the statement, words
    ("malformed_sid", "trust", f'{REST_OF_TRUST}, "Principal": {{"AWS": "*"}}, §"Sid": "a b"', "/Sid",
        ["“a b”"]),
    ("unknown_element", "trust", f'{REST_OF_TRUST}, "Principal": {{"AWS": "*"}}, §"Principl": "*"', "/Principl",
        ["Did you mean “Principal”?", "NotAction, Condition."]),
    ("unknown_element", "resource", f'{REST}, "Principal": "*", §"NotPrincipals": "*"', "/NotPrincipals",
        ["Did you mean “NotPrincipal”?"]),
    ("allow_in_rcp", "rcp", REST_OF_RCP.replace('"Effect": "Deny"', '§"Effect": "Allow"'), "/Effect",
        ["“Allow”", "RCPFullAWSAccess"]),
    ("allow_in_rcp", "rcp", '§"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*", "Condition": {}',
        "/Effect", ["Condition"]),
]

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


@pytest.mark.parametrize(("code", "marked", "pointer", "words"), IN_DOCUMENT)
def test_a_mistake_in_the_document(code: str, marked: str, pointer: str, words: list[str]) -> None:
    assert_in_document(code, marked, pointer, words)


@pytest.mark.parametrize(("code", "marked", "pointer", "words"), IN_STATEMENT)
def test_a_mistake_in_a_statement(code: str, marked: str, pointer: str, words: list[str]) -> None:
    assert_in_statement(code, marked, pointer, words)


@pytest.mark.parametrize(("code", "kind", "marked", "pointer", "words"), IN_OTHER_KINDS)
def test_a_mistake_in_another_kind_of_policy(
    code: str, kind: str, marked: str, pointer: str, words: list[str]
) -> None:
    assert_in_kind(code, kind, marked, pointer, words)


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_the_grammar_allows(text: str) -> None:
    text = text.replace("@", REST)
    assert Policy.parse(text).document == json.loads(text)
    assert Policy.parse(json.loads(text)).document == json.loads(text)
    assert Policy.parse(text.encode()).document == json.loads(text)


@pytest.mark.parametrize(("kind", "body"), ACCEPTED_IN_KINDS)
def test_what_the_kinds_allow(kind: str, body: str) -> None:
    document = json.loads(f'{{"Version": "2012-10-17", "Statement": {{{body}}}}}')
    assert Policy.parse(document, kind).document == document


def test_the_version() -> None:
    """Without Version a policy is of the old language."""
    statement = json.loads(f"{{{REST}}}")
    assert Policy.parse({"Statement": statement}).version == "2008-10-17"
    for version in ("2008-10-17", "2012-10-17"):
        assert Policy.parse({"Version": version, "Statement": statement}).version == version


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


@pytest.mark.parametrize("kind", ["resource", "scp"])
def test_elsewhere_than_in_iam_a_sid_may_come_twice(kind: str) -> None:
    statement: dict[str, Any] = {"Sid": "A", "Effect": "Deny", "Action": "*", "Resource": "*"}
    if kind == "resource":
        statement["Principal"] = "*"
    assert len(Policy.parse({"Statement": [statement] * 2}, kind).statements) == 2


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


def test_an_id_is_not_for_identity_policies() -> None:
    """AWS: the id_block "must not be included in identity-based policies"."""
    statement = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    assert refusal({"Version": "2012-10-17", "Id": "x", "Statement": statement}).pointer == "/Id"


def test_an_empty_list_of_statements_is_no_policy() -> None:
    """AWS: "Arrays can take one or more values"."""
    assert refusal({"Version": "2012-10-17", "Statement": []}).pointer == "/Statement"
